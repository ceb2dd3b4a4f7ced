// formula.h: formulas that the trainer evaluates in double: of a schedule over step, steps, epoch, epochs, of a metric over
// the totals of other reports. emit/learning_rate.c writes them.
#ifndef MT_FORMULA_H
#define MT_FORMULA_H

#include "constant.h"

// `varies`: the names that are no constants. `fault` tells of a fault at its place; without a message `at` is a name
// that nobody knows, or calls one.
typedef bool FormulaNames(const void *data, const char *name);
typedef void FormulaFault(void *data, const Ast *at, const char *message);

// Whether a formula can be written down without asking: it holds only numbers, names that vary or are constants, and
// functions of training.h with as many arguments as they take; what of it is constant has a value. Else there was a message.
bool formula_check(const Scope *constants, const Ast *expression, FormulaNames *names, FormulaFault *tell, void *data);

#endif
