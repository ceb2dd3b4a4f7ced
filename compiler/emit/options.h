// options.h: the settings of the program that its command line may change, for emit/optimizer.c and emit/main.c.
#ifndef MT_EMIT_OPTIONS_H
#define MT_EMIT_OPTIONS_H

#include "emit.h"

// Those of data, optimizer, schedule and train, in this order.
Flags options_flags(Program *program);
void emit_options(Writer *w, Program *program); // struct Options; before everything that reads one
void emit_flags(Writer *w, Program *program);   // flags[], and what is none

#endif
