// errors_training.h: the messages on `optimizer`, `schedule` and `train`. One constructor per fault; the words are here
// alone.
#ifndef MT_ERRORS_TRAINING_H
#define MT_ERRORS_TRAINING_H

#include "ops/op.h"
#include "training.h"

// E0201, E0203, E0204, E0205, E0206, E0207: options of optimizers and schedules.
void error_training_option(Diags *diags, Arena *arena, const char *of, const Arg *args, const Ast *argument);
void error_training_positional(Diags *diags, Arena *arena, const char *of, const Arg *args, Span span);
void error_training_required(Diags *diags, Arena *arena, const char *of, const Arg *args, const Arg *arg, Span call);
void error_training_kind(Diags *diags, Span span, const char *what, const char *wanted);
void error_training_twice(Diags *diags, Span span, const char *what, const char *name, Span before);
// E0202: an unknown setting of `train`. `item`: all of name = value.
void error_training_setting(Diags *diags, Arena *arena, const Ast *item, const Ast *name, const char *const *names,
    int count);
// E0601: `run` is missing. E0603: an item that is no setting.
void error_training_no_run(Diags *diags, Span section);
void error_training_item(Diags *diags, Span span, const char *message, const char *label);
// E0611, E0612: no such optimizer or schedule.
void error_training_optimizer(Diags *diags, Span span, const char *word, const char *const *names, int count);
void error_training_schedule(Diags *diags, Span span, const char *word, const char *const *names, int count);
// E0621: a duration without a unit; `may_run`: it could be the word `run`.
void error_training_unit(Diags *diags, Span span, const char *what, const char *number, bool of_schedule, bool may_run);
// E0624: a list of durations that does not grow. E0625: durations of a chain of schedules in two units; `name` NULL: a
// formula.
void error_training_growth(Diags *diags, Span span, const char *name, Span before);
void error_training_units(Diags *diags, const Constant *value, const char *name, const Constant *first,
    const char *first_name);
// E0626: a stage without an end (NULL: a formula), or with that of the run, in front of another one.
void error_training_endless(Diags *diags, Span span, const char *schedule, Span next);
void error_training_whole_run(Diags *diags, Span span, const char *option, Span next);
// E0622: a check of a table.
void error_training_check(Diags *diags, Span at, const char *of, const char *message, const char *condition);
// E0623: something in an expression of a schedule that it does not know.
void error_training_expression(Diags *diags, Span span, const char *message, const char *word, const char *const *names,
    int count);
// E0602: `name` (of `item`) without `checkpoint`.
void error_training_no_checkpoint(Diags *diags, Arena *arena, const Source *source, const Ast *item, const char *name);
// E0604: what is neither max(...) nor min(...). `name`: a loss or metric that it says, or NULL.
void error_training_best(Diags *diags, Arena *arena, Span span, const char *name, bool is_loss);
// E0605, or W0605 (`test`): a decision that follows the evaluation on train, or on test. `batch`: a setting of `data`, in
// front of which a split can be written.
void error_training_followed(Diags *diags, Arena *arena, const Source *source, Span span, const char *name, bool test,
    Span batch);
// E0901
void error_training_not_yet(Diags *diags, Span span, const char *what);

#endif
