// call.h: one application of an operation's table: arguments, shapes, sizes, and the expansion of its templates.
#ifndef MT_CALL_H
#define MT_CALL_H

#include "graph.h"
#include "program.h"

// Whether nothing else may have the name of a table: those of edition 1.0. Later ones give way.
bool op_reserves(const Program *program, const char *name);
// The table of a name: a fn of the program, else the first of ops/; NULL if there is none.
const Op *op_find(const Program *program, const char *name);
// The same where `x -> name` stands, or `name(x)`: of tables with one name (mean: a stage, and a reduction of the loss)
// the first that can stand there, else the first.
const Op *op_for_stage(const Program *program, const char *name);
const Op *op_for_formula(const Program *program, const char *name);
bool op_next(const Op **op); // the next table of the same name
// Of the tables with the name of op the first whose inputs have the elements of these, and an axis B where these do; op itself
// if there is none.
const Op *op_choose(const Op *op, Value *const *inputs);
int op_inputs(const Op *op); // how many different inputs it has

// Applies op to inputs (op_inputs of them; may hold poisoned values) with the arguments of a stage. Outputs, temporaries,
// parameters get types, paths and members later (lower.c names them). NULL after a message. `stage` is the NAME or CALL;
// the first `skip` positional arguments are inputs and were read by the caller.
Node *call_bind(Program *program, const Op *op, const Ast *stage, int skip, Value **inputs, Row *row);

// The same where the only input of the table is `many`.
Node *call_bind_many(Program *program, const Op *op, const Ast *stage, int skip, Value **inputs, int count, Row *row);
// The same operation with the same arguments, on other inputs, in another row. NULL after a message.
Node *call_again(const Node *node, const Ast *stage, Value **inputs, Row *row);

// For call_bind, and for calls inside of fns: the options alone, as words of a node that has a table, program and span.
bool call_arguments(Node *node, const Ast *stage, int skip);

// Whether a condition of the table holds here. NULL holds.
bool call_holds(const Node *node, const char *when, bool train);
// The first rule whose condition holds; NULL if none does.
const Rule *call_forward(const Node *node, bool train);
const Rule *call_denominator(const Node *node);
// Whether a forward rule draws random numbers (mentions $path).
bool call_draws(const Node *node);
// What a loss is divided by: "$n" (examples; d_loss takes their elements), "1" (a sum), or text that the data decide.
const char *loss_denominator(const Node *node);
double call_number(const Node *node, const char *expression);
// How a parameter or buffer of the node starts, by the table. false if the table is at fault.
bool call_init(const Node *node, Value *value);

// The tensor of the node that a placeholder names, or NULL. `tensor` without "d_".
Value *call_tensor(const Node *node, const char *name, size_t length);
const char *call_input_name(const Node *node, int input);
bool call_declares(const Op *op, const char *name, size_t length); // any tensor of the table, existing here or not

// Calls `visit` for each placeholder of a template: name without $, whether it had d_ in front of a tensor's name.
typedef void PlaceholderVisit(void *data, const char *name, size_t length, bool derivative);
void template_visit(const Node *node, const char *text, PlaceholderVisit *visit, void *data);

// The C of a placeholder that is not a tensor: size, argument, $P, $N, $valid, $n, $path, $seed, ...
const char *call_word(const Node *node, const char *name, size_t length, bool element);

const char *call_count(Arena *arena, const Type *type); // "6 * 28 * 28 * B"; "1" for a scalar

// What `infer` of a table gets (call_shape.c, call_stored.c).
struct Call {
    Node *node;
    const Ast *stage;
    int skip;
    bool failed;
};

// How an input has to be stored for this table: 1: feature last, 0: in order, -1: either.
int call_input_order(const Node *node, int input);

// call_shape.c, for call.c: the shapes of everything, once the arguments are known. false after a message.
bool call_shape(Node *node, const Ast *stage, int skip);
// For call_shape.c: a size of this call; an expression with the numbers of this call in it.
void call_add_size(Node *node, const char *name, long value, const Origin *origin);
const char *call_in_numbers(const Node *node, const char *expression);

#endif
