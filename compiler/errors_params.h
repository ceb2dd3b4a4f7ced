// errors_params.h: the messages on `params` and on inits. One constructor per fault; the words are here alone.
#ifndef MT_ERRORS_PARAMS_H
#define MT_ERRORS_PARAMS_H

#include "graph.h"
#include "params.h"
#include "program.h"

// E0101, E0201, E0203, E0204, E0205, E0206, E0207: an init and its arguments. `args` ends in an empty one.
void error_init_unknown(Program *program, Span span, const char *name, const char *const *names, int count);
void error_init_option(Program *program, const char *name, const Arg *args, const Ast *argument);
void error_init_positional(Program *program, const char *name, const Arg *args, int positional, Span span, int given);
void error_init_kind(Program *program, const char *name, const Arg *arg, Span span);
void error_init_choice(Program *program, const char *name, const Arg *arg, Span span, const char *given);
void error_init_twice(Program *program, const char *name, const Arg *arg, Span span);
void error_init_missing(Program *program, const char *name, const Arg *args, const Arg *arg, Span span);
// E0615: something else about an init. `what`: "std is below 0".
void error_init(Program *program, Span span, const char *what, const char *label);
// E0204: a bare parameter that neither `init=` nor a rule starts.
void error_init_nothing(Program *program, const Value *parameter);

// E0613: what is no rule, no selector, no setting.
void error_params_item(Program *program, Span span, const char *message, const char *label);
// E0613: a row is selected by a pattern in quotes: "fc1.*".
void error_params_row(Program *program, const Ast *selector, const char *name, const char *pattern);
// E0610: nothing is selected. `better` NULL: no idea; else `count` parameters, the first and the last of them.
void error_params_nothing(Program *program, Span span, const char *better, int count, const Value *first,
    const Value *last);
// E0610: the selector means what a row uses again of another one.
void error_params_tied(Program *program, Span span, const Value *owner);
// E0202, E0207, E0205: settings of a rule.
void error_params_setting(Program *program, const Ast *name, const char *const *names, int count);
void error_params_twice(Program *program, Span span, const char *name, Span before);
void error_params_kind(Program *program, Span span, const char *name, const char *wanted);
// E0614: nothing is left to train.
void error_params_all_frozen(Program *program, Span span);
// W0611: other rules override all that this one sets.
void warning_params_overridden(Program *program, const ParamRule *rule, const ParamRule *by);

#endif
