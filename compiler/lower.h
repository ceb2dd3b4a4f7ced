// lower.h: from the tree to the graph, shared by the files lower*.c.
#ifndef MT_LOWER_H
#define MT_LOWER_H

#include "call.h"

typedef struct Env Env;

enum { MOST_ROWS = 100000 }; // that repeats and blocks make in all

// What an expression is while it is lowered.
typedef struct {
    enum { OPERAND_CONSTANT, OPERAND_VALUE, OPERAND_SCALAR } kind;
    double number;     // a constant
    Value *value;      // a tensor
    LossRow scalar;    // in the loss section: factor * loss + ... + constant
    Span span;
} Operand;

// What a row has made that owns parameters, for share(row) and row.weight.
typedef struct {
    const char *owner;  // the path of its parameters
    Node *node;         // the stage that owns them, or
    const Ast *block, *call; // the block, and the stage that used it
    Env *around;        // where that stage stood
} Made;

// The names that a row sees: those of its block, or of the round of a `repeat` and, behind `outer`, the rows around it.
struct Env {
    Env *outer;
    Instance *instance; // NULL: the model
    const char *path;   // of its rows: "s1.0"; "" in the model
    const char *owner;  // of their parameters: the same, or that of the block whose parameters are used again
    bool shares;        // the latter: share(row)
    Map values;         // name -> Value *
    Map made;           // name -> Made *
    Map numbers;        // name -> Constant *: options, sizes, constants
    Scope constants;    // numbers, those around, those of the file
};

// A stage of the row that owns parameters.
typedef struct {
    Span span;
    const char *first; // of its parameters: "weight", "conv.weight"
} Owner;

// A row, and whether something uses its value, or one of its values, in any of the uses of its block.
typedef struct {
    const Row *row;
    VEC(const char *) names;
    bool used;
} Use;

typedef struct {
    Program *program;
    Graph *graph;
    Env *env;
    Env *model;        // that of the model: what loss and metrics see
    Map scalars;       // name -> LossRow *: named scalars of the loss section
    Map owned;         // path -> Value *: parameters and buffers
    Map inside;        // paths of blocks in rows without a name
    Row *row;
    const char *group; // path of the named row that this row belongs to: its inner names begin with it
    int first_node;    // of the row, in graph->nodes
    Owner owner;       // of this row; first == NULL: nothing yet
    Node *first_owner; // the same where it is an operation
    Made *made;        // by this row, or NULL
    VEC(Use) uses;
    Map rows;          // path -> Row *: those with a name
    bool too_many_rows; // and that was said
    bool incomplete;   // an item did not parse: a name that nothing declares may have stood there
} Lower;

// What belongs to the row that is being lowered, while the rows of a block are.
typedef struct {
    Row *row;
    Env *env;
    const char *group;
    int first_node;
    Owner owner;
    Node *first_owner;
    Made *made;
    bool incomplete;
} Saved;

Saved lower_save(const Lower *l);
void lower_restore(Lower *l, Saved saved);

// How much there was before rows were only looked at, for their names and options.
typedef struct {
    int rows, nodes, values, parameters, buffers, instances, uses;
} Kept;

Kept lower_keep(const Lower *l);
void lower_forget(Lower *l, Kept kept);

// The pass. Fills program->graph.
void lower(Program *program);

void lower_loss(Lower *l, const Ast *body);
enum { SCALARS_MOST = 64 }; // that stand by themselves: the variables of an expression cannot be told apart beyond
// a + b, a / b ... of two operands of which one is a scalar. false after a message.
bool lower_combine(Lower *l, const Ast *ast, const Operand *a, const Operand *b, Operand *out);
// Any other function of scalars and constants, which are the children of `ast` from `from` on. false after a message.
bool lower_scalar_formula(Lower *l, const Ast *ast, int from, const Operand *operands, int count, Operand *out);
void scalar_scale(Arena *arena, LossRow *row, double factor);
// The place of a loss or row in graph->scalars: -1 if it is not there; put there if it is not.
int scalar_find(const Graph *graph, const Node *node, int report);
int scalar_by_itself(Graph *graph, const Node *node, int report);
bool scalar_is_free(const Graph *graph, const Scalar *scalar); // the data do not decide it
const Expr *scalar_expression(Graph *graph, const LossRow *row);
// What a row is, from its terms.
void scalar_know_row(Graph *graph, LossRow *row);
// The derivative of the objective by each loss.
void lower_chain(Lower *l);
void lower_metrics(Lower *l, const Ast *body);

// false after a message.
bool lower_expression(Lower *l, const Ast *ast, Operand *out);
// Values in parentheses or a list, each of which may be a number. All are read; false after a message.
bool lower_values(Lower *l, Ast *const *expressions, int count, Value **values);
// Several values in one: what a list makes, or a stage with several outputs.
Value *lower_several(Lower *l, Value **parts, int count);
// Whether something reads a value, or one of several.
bool lower_is_used(const Value *value);
// Two operands joined by the table of an operator; `skip`: arguments of `ast` that are operands.
bool lower_join(Lower *l, const Op *op, const Ast *ast, int skip, const Operand *a, const Operand *b, Operand *out);
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
// The items of a model, block or repeat in l->env; `trunk` goes in, the trunk and the value of the last item come out.
void lower_items(Lower *l, const Ast *body, Value **trunk, Value **last);
// x -> block(...), and name: repeat n as i { }. NULL after a message.
Value *lower_block(Lower *l, const Ast *block, const Ast *stage, Value *left);
Value *lower_repeat(Lower *l, const Ast *item, const Ast *repeat, const Ast *name, Value *trunk);
// A row that is no repeat: `pipe` is its AST_ROW; path NULL: it has no name. Poisoned after a message.
Value *lower_plain_row(Lower *l, const Ast *item, const Ast *pipe, const char *path, Value *trunk);
// x -> share(row). NULL after a message.
Value *lower_share(Lower *l, const Ast *stage, Value *left);
// A stage behind `when false` is looked at for its names and options.
void lower_skipped_block(Lower *l, const Ast *block, const Ast *stage);
// Warns of rows whose values nothing uses, in whatever use of their block.
void lower_warn_unused(Lower *l);
// Blocks that nothing uses are looked at all the same.
void lower_unused_blocks(Lower *l);
// The condition of `when`. false after a message.
bool lower_condition(Lower *l, const Ast *condition, bool *holds);
// The rows of a block in a new Env. `call`: whose options count, in `around`; NULL: nobody uses it. `inputs`: what goes in.
// `owner`: the path of its parameters where they are shared, or NULL. NULL after a message.
Value *lower_rows_of_block(Lower *l, const Ast *block, const Ast *stage, const Ast *call, const Env *around,
    const char *owner, Value **inputs);
int block_inputs(const Ast *block); // how many inputs its signature has
// The name, below `path`, of the first parameter made since there were `before` of them; NULL: none was.
const char *lower_first_owned(const Lower *l, Kept before, const char *path);

Env *env_new(Lower *l, Env *outer, Instance *instance, const char *path, const char *owner);
// That of `loss` or `metrics`: what l->env has, and the constants of the section.
Env *env_of_section(Lower *l, const Ast *body);
Value *env_value(const Env *env, const char *name); // or NULL
Made *env_made(const Env *env, const char *name);
// Notes which rows of an Env are used, once it is complete. `last`, `trunk`: what comes out of it, or NULL.
void env_note_uses(Lower *l, const Env *env, const Value *last, const Value *trunk);
// "s2.0: basic(32, stride=2), with ch = 32, stride = 2, C = 16": `text` is that of the stage.
const char *env_told(Lower *l, const Env *env, const char *path, const char *text);
void env_set_number(Lower *l, Env *env, const char *name, Constant value);
// A number with a fault: what uses it says nothing.
void env_set_faulty(Env *env, const char *name);
const char *path_join(Arena *arena, const char *path, const char *name); // "s1.0" "conv" -> "s1.0.conv"
Instance *lower_instance(Lower *l, const char *path, const char *block);
// The parameter that `row.weight`, `row.conv.weight` or a bare `w` means. NULL after a message.
Value *lower_parameter(Lower *l, const Ast *ast);
// Another name of a value, under a path: `h: x`, what goes into a block.
// Whether a row, a constant or the number of a round may have this name; false after a message.
bool lower_legal_name(Lower *l, const Ast *name);
// What a name means in every program ("an operation"), or NULL.
const char *lower_word_of_language(const Program *program, const char *name);
// The names of blocks, of the constants of the file, and of the inputs of the model.
void lower_check_declarations(Lower *l);
Value *lower_another_name(Lower *l, Value *value, const char *path);

// E0323 for a value of more numbers than an int can count.
void lower_check_count(Lower *l, Value *value, Span span);
void lower_set_path(Lower *l, Value *value, const char *path);
// A new parameter or buffer, which has its path.
void lower_own(Lower *l, Value *value);
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
