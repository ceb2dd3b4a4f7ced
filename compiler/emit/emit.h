// emit.h: the sections of the output, one file each. Each writes its part of the first half of the C; what it calls of
// kernels and runtime is found in the text afterwards and pasted behind it.
#ifndef MT_EMIT_H
#define MT_EMIT_H

#include "../program.h"
#include "writer.h"

// The whole file. Fills program->output.
void emit_program(Program *program);

void emit_model(Writer *w, Program *program);     // structs, forward, loss, backward, metrics
void emit_functions(Writer *w, Program *program); // for emit_model: the fns that the model uses
void emit_loss(Writer *w, Program *program);      // likewise
void emit_metrics(Writer *w, Program *program);   // likewise
void emit_optimizer(Writer *w, Program *program); // `settings`: struct Options; then the table of parameters, zero_grad,
                                                  // divide, step, learning_rate
void emit_data(Writer *w, Program *program);      // data set, loader
void emit_train(Writer *w, Program *program);     // evaluate, train
void emit_memory(Writer *w, Program *program);    // plan
void emit_main(Writer *w, Program *program);      // flags, commands

// A real as C: (real)0.1, or 3 where it is whole and small.
const char *emit_real(Arena *arena, double x);
// A string literal with its quotes, escaped.
const char *emit_string(Arena *arena, const char *text);

#endif
