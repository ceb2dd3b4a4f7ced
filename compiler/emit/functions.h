// functions.h: forward and backward as functions: one for each use of a block, and that of the model which calls them.
#ifndef MT_FUNCTIONS_H
#define MT_FUNCTIONS_H

#include "rows.h"

// What the statements of a function need of what it may be given.
typedef struct {
    bool p, s, v, d, g, n, random;
} Takes;

Takes takes_of(const Statements *list, int from, int to);
// Whether the forward pass of the model takes buffers and n, and random numbers: `train` or in evaluation.
Takes forward_takes(const Graph *graph, bool train);
// A call of it: "forward_train(p, s, v, n, seed, steps, examples)", with these words for the key of random numbers.
const char *forward_call(const Program *program, bool train, const char *seed, const char *step, const char *first);

// The function that has the backward lines of a row, and these lines alone.
const char *backward_name(Arena *arena, const Row *row);
void emit_backward_row(Writer *w, Program *program, const Row *row);

void emit_forward(Writer *w, Program *program);
void emit_backward(Writer *w, Program *program);

#endif
