// graph.h: a model between the tree and the C: values, the operations that make them, and (after autodiff) the
// statements of forward, loss and backward, in the order in which they are emitted. It prints as text and reads back
// (graph_text.c), so that each pass is tested alone.
#ifndef MT_GRAPH_H
#define MT_GRAPH_H

#include "ast.h"
#include "base/map.h"
#include "base/vec.h"
#include "constant.h"
#include "ops/op.h"
#include "type.h"

typedef struct Value Value;
typedef struct Node Node;
typedef struct Row Row;
typedef struct Instance Instance;
typedef struct Column Column; // data.h

// Where a value lives, and so what it is called in C.
typedef enum {
    VALUE_COLUMN,    // v->x: filled by the loader
    VALUE_RESULT,    // v->conv1
    VALUE_TEMPORARY, // v->conv1__argmax
    VALUE_PARAMETER, // p->conv1.weight, and g->conv1.weight
    VALUE_BUFFER,    // s->bn1.running_mean
    VALUE_LITERAL    // a number in a formula
} ValueKind;

// How much somebody wants the derivative of the loss by a value.
typedef enum {
    NEED_NOTHING,
    NEED_INPUT, // only the inputs of the model are above it: gradcheck alone asks, and d->x is NULL otherwise
    NEED_ALWAYS // parameters are above it, or it is one
} Need;

// How a parameter or buffer starts (init.c).
typedef struct {
    enum { INIT_NOTHING, INIT_CONSTANT, INIT_UNIFORM, INIT_NORMAL, INIT_TRUNC_NORMAL, INIT_ORTHOGONAL, INIT_LOAD } kind;
    double a, b; // the value; from a to b; mean a and standard deviation b; gain a of an orthogonal matrix
    double low, high; // INIT_TRUNC_NORMAL: none below, none above
    const char *text; // as in .mt: "uniform(-1 / sqrt(I), 1 / sqrt(I))"
    const char *file; // INIT_LOAD
    bool is_default;  // of the layer's table: neither `init=` nor a rule says otherwise
} Init;

typedef struct ParamRule ParamRule; // params.h

// What rules of `params` say of a parameter, and which rule has said each of it (NULL: none, the default).
typedef struct {
    bool frozen;
    double lr_scale, weight_decay; // weight_decay below 0: the optimizer's
    const ParamRule *rule[4];      // by ParamSetting
} ParamGroup;

// Aliases with a pointer of their own, so that what reads them does not change with what they are: what goes into a block
// (v->s1._0.x), and what a repeat hands on (v->s1.out), behind each round and behind the last one.
typedef enum { WIRED_NOT, WIRED_IN, WIRED_ROUND, WIRED_OUT } Wired;

struct Value {
    ValueKind kind;
    const char *path;   // "conv1", "conv1__conv2d", "conv1.weight"; unique, dots part the levels
    const char *member; // the same as a C member path: "s1._0.a.weight"; from names.c
    Type type;
    Node *maker;        // NULL for columns
    const Tensor *tensor; // its row in the table of the maker
    Value *alias;       // shares the storage of this one, or NULL
    Wired wired;        // an alias that is a pointer of its own in C
    const char *name;   // the path it has got from a row with several names (a, b = ...), or NULL
    Value **parts;      // several values in one (a list, the result of chunk): nothing else of it counts
    int part_count;
    Column *column;     // VALUE_COLUMN
    Span span;          // where it is declared: of a column that is an input, the input
    bool reported;      // a loss said that it does not fit: metrics say so no more
    int root_uses;      // set by autodiff: of all its names together
    struct Access {     // for fuse: in the list at hand; `loop` of the last reader; reads elsewhere
        int reads, writes, loop, elsewhere;
    } access[2];        // of the value, of its derivative
    int moment[2];      // for plan: 1 + its place among the moments
    int uses;           // how many nodes, losses and metrics read it
    double number;      // VALUE_LITERAL
    bool is_input;      // an input of the model. Of a real one the derivative is computed only when asked for (gradcheck)
    bool ends_row;      // the value of a row: it keeps its storage, whatever is fused
    Need need;          // set by autodiff
    const Value *walk;  // for autodiff: the last input whose derivative would pass here
    int d_parts;        // how many rows contribute to its derivative
    Value *d_alias;     // its derivative is that of this one, or NULL: it goes into a sum, say, and nowhere else
    bool stored;        // has storage in struct Values; cleared by fuse where it is only an expression
    bool d_stored;      // its derivative has storage (v->conv1 and d->conv1 are two things)
    Init init;          // of a parameter or buffer
    ParamGroup group;   // of a parameter; set by params
};

// A row of the program, or another place that makes code: its text becomes the comment.
struct Row {
    const char *path;   // "conv1", "s1.0.conv"; of an unnamed row that of the named row above
    const char *owner;  // the path of its parameters: another one where a block is shared
    const char *text;   // quoted from the source: "conv1: conv2d(6, 5, padding=2) -> relu"
    const char *comment; // the user's comment above it, or ""
    Span span;
    bool named;
    bool holds;         // a block or repeat stands in it: `path` is then a struct, not a value
    Instance *instance; // of which block; NULL: of the model
    const Scope *constants; // what its expressions see
    enum { SECTION_MODEL, SECTION_LOSS, SECTION_METRICS } section;
};

// One use of a block, or one round of a `repeat` with several rows: a function of its own in C.
struct Instance {
    const char *path;  // "s1.0"
    Row *row;          // in which it stands
    Instance *outer;   // the block around it; NULL: the model
    const char *block; // its name, "basic"; NULL: a repeat
    const char *what;  // "s1.0: basic(16), with ch = 16, stride = 1"
};

// A word of the table with its value in this call: an argument, a size.
typedef struct {
    const char *name;
    Constant value;
    const char *c;        // how a template shows it: "1e-05", "2, 2"
    const Origin *origin; // of a size
} Word;

// Where one of many inputs or outputs lies in the whole, along its axis.
typedef struct {
    long size, before;
} Slice;

// One application of an operation.
struct Node {
    const Op *op;
    Row *row;
    Span span;         // of the stage
    const char *stage; // its text: "conv2d(16, 5)"
    const Ast *call;   // the same as a tree; the first `skip` positional arguments are inputs
    int skip;
    int arguments;     // of `words`, so many are arguments; sizes follow
    VEC(Word) words;
    VEC(Value *) inputs;     // one for each input of the table, of several of one name the one that applies
    VEC(Value *) outputs;
    VEC(Value *) temporaries;
    VEC(Value *) parameters;
    VEC(Value *) buffers;
    const char *stream; // "fc2__dropout": the path of its random numbers
    const char *c_stream; // the same as a name of C
    VEC(Slice) slices;  // of each input or output, where they are `many`
    int rest_rank;      // what `...` stands for: axes of the inputs, B included where it begins with B
    Extent rest[MAX_RANK];
    double d_loss;      // of a loss: its factor in the objective
    bool d_scaled;      // the objective is divided by something else than this loss:
    const Node *d_scale; // by the denominator of that one; NULL: by the examples
    struct Program *program;
};

// A place in which a backward rule puts its part of a derivative that others contribute to as well.
typedef struct {
    const char *of; // the tensor of the table
    Value *part;
} Part;

// One line of C, or one element of a loop.
typedef struct {
    Node *node;
    const Rule *rule;    // NULL: adds a part to a derivative
    const char *call;    // template of a call, or NULL
    const char *element; // template of one element of `target`, or NULL
    Value *target;       // of an element: what it makes, or (backward) whose derivative
    int which;           // of many inputs or outputs: the one that it stands for
    Part parts[4];       // of a call
    Value *part;         // rule NULL: what is added to d target
    bool backward;
    bool adds;           // += instead of =
    bool guarded;        // only if the derivative by the input is asked for
    // set by fuse
    bool inlined;        // became part of the expression of another
    const char *text;    // of an element: the right side in C, spliced together
    int loop;            // neighbours with the same number share one loop
} Statement;

typedef VEC(Statement) Statements;

// A scalar of the loss section: factor * loss + ... + constant.
typedef struct {
    double factor;
    Node *node;
    int report;         // > 0: not a node, but the report of this index
} Term;

typedef struct {
    Row *row;
    const char *name;   // NULL: the objective
    VEC(Term) terms;
    double constant;
    const Node *divisor; // the loss whose denominator is that of the row; NULL: the examples
    bool mixed;          // its terms have several denominators
} LossRow;

// A row of metrics: a metric of a table, or an expression over the others and `loss`.
typedef struct {
    Row *row;
    const char *name;
    Node *node;
    const Ast *expression;
} MetricRow;

// A step of the memory plan: a value (or its derivative) begins or ends, in program order; behind all of these the
// pointers that are wired.
typedef struct {
    Value *value;
    bool derivative, gives;
    Value *wired; // not NULL: the value is this one
} Life;

typedef VEC(Life) Lives;

// A mean over the examples that the trainer reports: the objective ("loss", always the first), a named row of the loss
// section, a metric. In C a `struct Mean` (sum, denominator) in struct Loss and, for all, in struct Metrics.
typedef struct {
    const char *name;   // "loss", "rec", "acc"
    const char *member; // its C member
    bool in_loss;       // part of struct Loss too
    bool is_sum;        // a sum over examples, not a mean: nothing divides it
} Report;

typedef struct Graph {
    Arena *arena;
    VEC(Row *) rows;         // of the model with those of its blocks, then of the loss
    VEC(Instance *) instances;
    VEC(Node *) nodes;       // model, then loss
    VEC(LossRow) losses;     // the objective is the last
    VEC(MetricRow) metrics;
    Map names;               // paths in use
    Map streams;             // of random numbers
    VEC(Value *) values;     // all, in the order in which they are made
    VEC(Value *) parameters; // in the order of the rows
    VEC(Value *) buffers;
    VEC(Value *) columns;    // what the loader fills: inputs of the model, then targets
    Value *output;           // the model's value, for predict
    VEC(Report) reports;
    bool forward_differs;    // forward_train and forward_eval instead of one forward
    bool train_random, eval_random; // that function takes seed, step, first as well
    // After autodiff. A loss without output has no statement in forward: emit/model.c writes it from `losses`.
    Statements forward_train, forward_eval, loss, measured, backward; // measured: in metrics_add
    // After plan.
    Lives lives;
} Graph;

#endif
