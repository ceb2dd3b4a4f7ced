// errors_block.h: messages on blocks, repeat, when, share and tied parameters: a constructor for each fault.
#ifndef MT_ERRORS_BLOCK_H
#define MT_ERRORS_BLOCK_H

#include "errors_model.h"

// E0201, E0203, E0204, E0207, E0208: the arguments of a use of a block.
void error_block_option(Program *program, const Ast *block, const Ast *argument);
void error_block_positional(Program *program, const Ast *block, const Ast *stage, int given);
void error_block_missing_option(Program *program, const Ast *block, Span stage, const char *name);
void error_given_twice(Program *program, const char *to, const char *name, Span span);
void error_block_inputs(Program *program, const Ast *block, Span stage, int wanted, int given);
// E0302: a value and the type that the signature gives the input. `what`: "axis 1 is 3, and `C` is 4"; NULL: the whole.
void error_block_input(Program *program, Span stage, const Ast *input, const Value *value, const char *what);
// E0106: blocks that use each other in a circle; the names from the outermost on.
void error_block_circle(Program *program, Span stage, const char *const *names, int count);
// E0107: share(row) or row.weight of something that owns no parameters; E0108: of another shape.
void error_shares_nothing(Program *program, Span span, const char *name, const char *why, Span other);
// A repeat, whose rounds own parameters: `first` is the path of the first one.
void error_shares_repeat(Program *program, Span span, const char *name, const char *first, Span made);
// t.weight, which is the parameter of another row. The name of a row in place of one of its parameters.
void error_parameter_tied(Program *program, Span span, const char *path, const char *owner);
void error_parameter_of_row(Program *program, Span span, const char *row, const char *const *names, int count);
void error_shared_shape(Program *program, Span span, const char *path, const Type *has, const Type *wanted);
// E0103: a block or repeat without a name, with parameters inside.
void error_unnamed_block(Program *program, Span stage, Span row, const char *what, const char *first);
// E0104: the second owner of a row.
void error_second_owner(Program *program, const Row *row, Span first, const char *a, Span second, const char *b);
// E0110: the number of a repeat, the condition of a `when`.
void error_repeat(Program *program, Span span, const char *message, const char *given);
// E0301: the values that `add` or `mul` joins. `left` is the trunk if its span is that of the stage.
void error_join(Program *program, const char *verb, Span stage, const Value *left, const Value *right, Span right_span);
// E0109: several values where one is needed, or another number of names.
void error_several_values(Program *program, Span span, const char *what, int values);

#endif
