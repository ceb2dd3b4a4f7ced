// scalar_text.h: formulas of the loss section as C and as text: the function of a row, and those of its derivatives.
#ifndef MT_SCALAR_TEXT_H
#define MT_SCALAR_TEXT_H

#include "base/text.h"
#include "graph.h"

// "ratio__of", and the derivative by a scalar, "ratio__by_mean".
const char *scalar_function(Graph *graph, const LossRow *row);
const char *scalar_derivative_function(Graph *graph, const LossRow *row, const Scalar *scalar);
// The scalars that an expression mentions, parted by commas, each as "double a" or what `prefix` makes of it: "v->a".
const char *scalar_arguments(Graph *graph, const Expr *e, const char *prefix);
// "ratio", of the objective "loss".
const char *scalar_row_name(const LossRow *row);
// "d ratio / d a"
const char *scalar_quotient(Graph *graph, const LossRow *row, const Scalar *scalar);
// A line of backward, a template; its formula, or NULL.
const char *scalar_line_c(Graph *graph, const ScalarLine *line);
const char *scalar_line_formula(Graph *graph, const ScalarLine *line);
// What it sets or adds, in the notation of formulas: "0.5 d ratio / scale".
const char *scalar_line_text(Graph *graph, const ScalarLine *line);

#endif
