// lower.h: from the tree to the graph, shared by lower.c (model), lower_stage.c, lower_node.c, lower_formula.c, lower_loss.c.
#ifndef MT_LOWER_H
#define MT_LOWER_H

#include "call.h"

// What an expression is while it is lowered.
typedef struct {
    enum { OPERAND_CONSTANT, OPERAND_VALUE, OPERAND_SCALAR } kind;
    double number;     // a constant
    Value *value;      // a tensor
    LossRow scalar;    // in the loss section: factor * loss + ... + constant
    Span span;
} Operand;

typedef struct {
    Program *program;
    Graph *graph;
    Map scope;         // name -> Value *: rows, inputs, columns in use
    Map scalars;       // name -> LossRow *: named scalars of the loss section
    Row *row;
    const char *group; // path of the named row that this row belongs to: its inner names begin with it
    int first_node;    // of the row, in graph->nodes
    Node *owner;       // the stage of this row that owns parameters
    bool incomplete;   // an item did not parse: a name that nothing declares may have stood there
} Lower;

// The pass. Fills program->graph.
void lower(Program *program);

void lower_loss(Lower *l, const Ast *body);
void lower_metrics(Lower *l, const Ast *body);

// false after a message.
bool lower_expression(Lower *l, const Ast *ast, Operand *out);
// Whether an expression stands for a value: not for a stage that waits for one from the left.
bool lower_is_value(const Lower *l, const Ast *ast);

// Reports a stage or function that nothing declares; a value that nothing declares.
void lower_unknown(Lower *l, const Ast *stage);
void lower_unknown_value(Lower *l, const Ast *name);

// Whether a name is a constant, built in or of the program.
bool lower_is_constant_name(const Lower *l, const Ast *name);

// A new row of the graph.
Row *lower_row(Lower *l, const char *path, const Ast *ast, bool named);
// Adds a node to the graph, after its inputs have been brought into the order that it needs. Its first output, or NULL.
Value *lower_add(Lower *l, Node *node);
// Names what the nodes of the row have made; the last value gets the name of the row, if that has one.
void lower_finish_row(Lower *l, Value *last);
// A row from a value or the trunk through its stages. NULL after a message.
Value *lower_pipe(Lower *l, const Ast *row, Value *trunk, bool must_begin_with_value);

// E0323 for a value of more numbers than an int can count.
void lower_check_count(Lower *l, Value *value, Span span);
void lower_set_path(Lower *l, Value *value, const char *path);
// uniform(-1 / sqrt(I), 1 / sqrt(I)), normal(std=0.02), zeros, ones, constant(v) over the sizes of a node. false: another.
bool lower_read_init(const Node *node, const char *text, Init *init);
// The same as the user writes it, over the constants of the program. false after a message.
bool lower_user_init(Lower *l, const Ast *init, Init *out);
Value *lower_poisoned(Lower *l, const char *path);
Value *lower_column(Lower *l, Column *column, const char *name, Span span);
// Whether the data have a column of this name; unlike lower_find it does not mark it as used.
bool lower_is_column(const Lower *l, const char *name);
// A row, input or column by name, or NULL.
Value *lower_find(Lower *l, const char *name);
// Makes a value of a column usable as a real of this type. false after a message.
bool lower_require(Lower *l, Value *value, const Type *type, Span use);
// An operation that the compiler itself puts in, with whole numbers as arguments.
Value *lower_made(Lower *l, const char *name, Span span, Value *input, int count, const double *numbers);
Value *lower_literal(Lower *l, double number);

#endif
