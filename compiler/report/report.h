// report.h: what `mtc` prints about programs. Each command is one function in a file of its own, from compiled programs
// to text that is the same on every machine; none prints or exits.
#ifndef MT_REPORT_H
#define MT_REPORT_H

#include "../program.h"

typedef struct {
    bool expand; // a line for each row inside of blocks, too
    bool flops;  // a column of floating point operations for an example's forward pass
    bool memory; // what a run takes, by kind
} TableOptions;

// `written`: compiled up to `lower`, where the rows are as they were written; `program`: with a plan of memory.
void report_table(const Program *written, const Program *program, const TableOptions *options, Text *out);

// Graphviz dot of the model as it is written, and of the flow of gradients, for which `program` has its statements.
void report_graph(const Program *written, Text *out);
void report_graph_backward(const Program *program, Text *out);

// The derivation of a row by its path, or (row NULL) of all. false: there is no such row; *help says what is near.
bool report_grad(Program *program, const char *row, Text *out, const char **help);

// What leads from the first program to the second, in words and as C. Whether their C differs, comments aside.
bool report_diff(Program *const programs[2], const Program *const written[2], Text *out);

// mtc params: every parameter with its shape, how it starts, what is set for it, and which rule has set it. The program
// has no errors and went through all passes but emit.
void report_params(const Program *program, Text *out);

#endif
