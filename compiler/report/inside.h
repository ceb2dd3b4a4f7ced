// inside.h: what the reports share: the rows of a model as a tree, stages in few words, sizes, tables of text.
#ifndef MT_REPORT_INSIDE_H
#define MT_REPORT_INSIDE_H

#include "../statement.h"
#include "report.h"

// A row of the model, with what it and nothing inside of it holds.
typedef struct {
    const Row *row;
    int parent;     // the row in whose block or repeat it stands; -1: none
    bool repeats;   // a `repeat` stands in it
    int rounds;     // of that
    long parameters;
    double flops;   // of an example's forward pass
    const Type *output; // NULL: nothing comes out of it
    const Row *owner;   // whose parameters it uses besides its own, or NULL
} ReportRow;

typedef VEC(ReportRow) ReportRows;

// In the order of the program; a row stands before those inside of it.
ReportRows report_rows(const Program *program);
// Whether row k is `outer` or stands inside of it.
bool report_is_inside(const ReportRows *rows, int k, int outer);

// The stages of a row as a paper would name them: "conv2d 6@5x5 p2, relu, maxpool 2".
const char *report_brief(const Program *program, const Row *row);
const char *report_own_brief(const Program *program, const Row *row); // without the blocks that it uses
// The text of a row without its name and its condition: "conv2d(6, 5, padding=2) -> relu".
const char *report_body(Arena *arena, const Row *row);

const char *report_times(Arena *arena, const Type *type);    // "B x 6 x 14 x 14"
const char *report_brackets(Arena *arena, const Type *type); // "[B, 6, 14, 14]", without f32 in front
const char *report_count(Arena *arena, double count);        // "61,706"
const char *report_bytes(Arena *arena, double bytes);        // "4.0 MB", as `./train info` has it
const char *report_file(const Program *program);             // the last part of its path

// What formulas are written with.
typedef struct {
    Program *program;
    const Row *row;             // names of its block are without the path of that
    const Statement *statement; // of many inputs the one that it stands for; or NULL
    bool symbols;               // parameters stay W and b
} ReportNames;
const char *report_name(const ReportNames *names, const Value *value);
const char *report_formula(const ReportNames *names, const Node *node, const char *formula);
const char *report_template(const ReportNames *names, const Node *node, const char *text);

// Numbers of floats: what `./train info` says of a run without threads, in float.
typedef struct {
    double parameters, gradient, buffers, optimizer, values; // bytes
} Memory;
Memory report_memory(const Program *program);

// Cells in columns as wide as they need to be. A cell that is NULL ends its line; one may reach over an empty one
// behind it.
enum { REPORT_COLUMNS = 8 };
typedef struct {
    const char *cell[REPORT_COLUMNS];
} ReportLine;
typedef struct {
    Arena *arena;
    VEC(ReportLine) lines;
    const char *align; // a letter for each column, l or r
    const int *gap;    // blanks behind each column
} ReportTable;
void report_print(const ReportTable *table, Text *out);

#endif
