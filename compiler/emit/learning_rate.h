// learning_rate.h: the function learning_rate of the output, for emit/optimizer.c.
#ifndef MT_LEARNING_RATE_H
#define MT_LEARNING_RATE_H

#include "emit.h"

// A double as C: 10 and not 1e+01, else the shortest that reads back equal.
const char *number_text(Arena *arena, double x);
void emit_learning_rate(Writer *w, Program *program);

#endif
