// errors_model.h: the messages on rows, stages, options and shapes. One constructor per fault; the words are here alone.
#ifndef MT_ERRORS_MODEL_H
#define MT_ERRORS_MODEL_H

#include "graph.h"
#include "program.h"

// E0101: a name that nothing declares, with the names legal in that place.
void error_unknown_name(Program *program, Span span, const char *name, const char *what, const char *const *names,
    int count);
// E0102: a name that is taken.
void error_name_taken(Program *program, Span span, const char *name, const char *by, Span other);
// E0103: a layer with parameters in a row without a name.
void error_unnamed_parameters(Program *program, const Node *node);
// E0104: two layers with parameters in one row.
void error_two_owners(Program *program, const Node *first, const Node *second);
// E0105: a word where it may not stand ("a value off the trunk must begin with a value").
// `alone`: of `name = 3`, where nothing follows.
void error_row_number(Program *program, Span span, Span row, bool alone);
void error_row(Program *program, Span span, const char *message, const char *label);

// E0201 to E0207: arguments of a stage.
void error_no_option(Program *program, const Op *op, const Ast *argument);
void error_positional(Program *program, const Op *op, const Ast *stage, int skip, int given, const Value *input);
void error_missing_option(Program *program, const Op *op, Span stage, const Arg *arg);
void error_option_kind(Program *program, const Op *op, const Arg *arg, Span span, const char *wanted);
void error_option_choice(Program *program, const Op *op, const Arg *arg, Span span, const char *given);
void error_option_twice(Program *program, const Op *op, const Arg *arg, Span span);
void error_option_size(Program *program, const Op *op, const Arg *arg, Span span, double given);

// E0208: how many inputs a function or loss takes.
void error_input_count(Program *program, const Op *op, Span span, int wanted, int given);

// E0301: two values of a formula.
void error_broadcast(Program *program, const char *verb, Span span, Span left, const Value *a, Span right,
    const Value *b);
// E0310, E0311: a loss or metric and its inputs. `spans`: where each input is written.
void error_loss_shapes(Program *program, const Op *op, const Node *node, const Span *spans);
// E0320: a stage and its input.
void error_stage_shape(Program *program, const Node *node, const Value *input, const Tensor *wanted);
// E0321: a check of the table; E0322: a size below 1.
void error_check(Program *program, const Node *node, Span at, const char *message, const char *condition,
    const char *numbers, const char *const *facts, int fact_count);
void error_size_below_one(Program *program, const Node *node, const char *name, const char *arithmetic, double value,
    const char *const *facts, int fact_count);
// E0323: a whole number past 64 bits, or memory that no machine has.
void error_too_large(Program *program, Span span, const char *what);
// E0330: what `infer` of an operation says.
// A value of `count` numbers as a batch is stored.
void error_too_many_numbers(Program *program, Span span, const Type *type, double count, long batch);
void error_infer(Program *program, const Node *node, Span at, const char *message);

// E0120, E0121: a section that is missing, or there twice.
void error_section_missing(Program *program, const char *name, const char *example);
void error_section_twice(Program *program, Span span, const char *name, Span first);

// E0901: in the language, not in this compiler yet.
void error_not_yet(Program *program, Span span, const char *what);
// E9999
void error_internal(Program *program, Span span, const char *pass, const char *what);

// E0201: an option of `param` that looks like `init`; false, and no message, if none does.
bool error_init_misspelt(Program *program, const Ast *call);
// W0201: nothing uses a value; W0202: a parameter that the loss does not reach.
// `names`: all that the row makes.
void warning_unused_value(Program *program, const Row *row, const char *const *names, int count);
void warning_unreached_parameter(Program *program, const Value *parameter);
// W0631: a node takes statistics of each of several micro-batches by itself.
void warning_batch_statistics(Program *program, const Node *node);
// `logits` is where the loss reads what the node `softmax` has made.
void warning_softmax_twice(Program *program, Span logits, const Node *softmax);

// Where the sizes of a value come from, one fact an axis, aligned.
void facts_of_sizes(Program *program, Diag *diag, const Type *type);

#endif
