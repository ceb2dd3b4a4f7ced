// learning_rate.h: the function learning_rate of the output, for emit/optimizer.c, and formulas, for emit/model.c.
#ifndef MT_LEARNING_RATE_H
#define MT_LEARNING_RATE_H

#include "emit.h"

// A double as C: 10 and not 1e+01, else the shortest that reads back equal.
const char *number_text(Arena *arena, double x);
// A formula that was checked (training_schedule.c), in C over doubles. `name`: the C of a name that varies, NULL of a
// constant.
typedef const char *FormulaName(const void *data, const char *name);
const char *formula_text(Arena *arena, const Scope *constants, const Ast *expression, FormulaName *name,
    const void *data);
void emit_learning_rate(Writer *w, Program *program);

#endif
