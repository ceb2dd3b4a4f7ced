// scalars.h: the formulas of the loss section, for emit/loss.c and emit/model.c.
#ifndef MT_SCALARS_H
#define MT_SCALARS_H

#include "../expr.h"
#include "emit.h"

// The functions of rows with a formula, and their derivatives.
void emit_scalar_functions(Writer *w, Program *program);
// All that their bodies call.
void emit_scalar_text(const Program *program, Text *text);
// A scalar of struct Loss as a number: "mean_of(l->a)", "l->a.sum". `l`: "l->"
const char *emit_scalar(const Program *program, const char *l, const Scalar *scalar);
// The formula of a row: "ratio__of(mean_of(l->a), mean_of(l->b))"
const char *emit_scalar_call(const Program *program, const char *l, const LossRow *row);
// Rows that no sum makes, from the sums of others; and struct Loss of several batches.
void emit_loss_rows(Writer *w, Program *program);
// Whether there are rows that no sum makes.
bool emit_has_totals(const Program *program);

// fn.c: the body of a function of `type`; what it calls.
void emit_expression(Writer *w, const ExprBlock *block, const char *type);
void emit_expression_text(Text *text, const ExprBlock *block);

#endif
