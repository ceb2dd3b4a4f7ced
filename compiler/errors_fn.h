// errors_fn.h: the messages on fns. One constructor per fault; the words are here alone.
#ifndef MT_ERRORS_FN_H
#define MT_ERRORS_FN_H

#include "ast.h"
#include "ops/op.h"
#include "program.h"

// E0701: a call of itself, or of a fn that stands below.
void error_fn_order(Program *program, const Ast *called, const Ast *declaration, bool itself);
// E0702: what has no place in a fn. `label` may be NULL.
void error_fn_holds(Program *program, Span span, const char *message, const char *label);
// E0702: `relu`, which would have to be relu(x); `input`: the first one of the fn.
void error_fn_uncalled(Program *program, Span span, const Op *op, const char *input);
// E0703: a signature. `label` may be NULL.
void error_fn_signature(Program *program, Span span, const char *message, const char *label);
// E0704: the default of an option has no value here.
void error_fn_default(Program *program, Span span, const Op *op, const Arg *arg);

// W0711: a form that overflows or loses digits, and the one that does not.
void warning_unstable(Program *program, Span span, const char *what, const char *instead);

#endif
