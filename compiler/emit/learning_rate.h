// learning_rate.h: the function learning_rate of the output, for emit/optimizer.c.
#ifndef MT_LEARNING_RATE_H
#define MT_LEARNING_RATE_H

#include "emit.h"

void emit_learning_rate(Writer *w, Program *program);

#endif
