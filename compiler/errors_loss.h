// errors_loss.h: the messages on the loss section.
#ifndef MT_ERRORS_LOSS_H
#define MT_ERRORS_LOSS_H

#include "graph.h"
#include "program.h"

// E0640: an objective that cannot be accumulated: two of its terms; a formula, which may stand in another row.
void error_denominators(Program *program, Span objective, const Node *first, const Node *other);
void error_function_accumulated(Program *program, Span objective, Span function);
// E0641: an objective that is no scalar. `value`: NULL: it is a constant.
void error_objective(Program *program, Span span, const Value *value);

#endif
