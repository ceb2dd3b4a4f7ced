// op.h: what an operation is; the only header that a file of ops/ includes.
//
// An operation is one constant table. Its strings are in three small notations, which the compiler reads when the
// operation is used; a word that nothing declares is an internal error that names the table and the word (and a test
// reads all tables).
//
//   type        of .mt: "[B, C, H, W]" (real), "u8[B, C]", "class(K)[B, ...]". In the type of an input a name is bound
//               to the size found there, and must be equal wherever it stands again; `...` is any number of axes,
//               the same ones everywhere in the table ("[...]" takes values with and without B). Elsewhere an axis
//               may be any expression.
//   expression  of .mt's constants: "(H + 2*padding.h - k) // stride.h + 1", "bias && C > 1". Knows the arguments
//               (a pair as .h and .w, a list as its length, off as 0, a choice compared with its bare word), the sizes,
//               and `train`.
//   template    a line of C, in which $name stands for
//                 $x $y $weight $argmax       a tensor of the table: v->conv1, p->conv1.weight, v->conv1__argmax;
//                                             NULL if its `when` is false
//                 $d_x $d_weight              the derivative of the loss by it: d->conv1, g->conv1.weight; NULL if
//                                             nobody needs it (only rules for a group may mention such)
//                 $C $OH                      a size: 28
//                 $eps $padding               an argument: 1e-05; of a pair both: 2, 2; a choice: its word; a list is
//                                             an array of reals or NULL
//                 $P $N $valid                P, what `...` multiplies to (without B); all columns, P * B; the valid
//                                             ones, P * n
//                 $n                          how many examples of this micro-batch are valid, n <= B
//                 $path $seed $step $first    the key of a random stream (LANGUAGE.md 10.20)
//                 $d_loss                     in a loss: its factor in the objective, divided where the mean of an
//                                             example is over several elements
//               Tensors hide arguments of the same name (bias). B, the batch in whole groups of 16 lanes, is just B.
//
// The placeholders are the dependency list. What a backward rule mentions is kept alive for it; a forward function
// whose templates mention $seed takes a seed; a kernel is pasted because a template calls it. Nothing is said twice.
//
// All tables and strings are constants; nobody frees or writes them. A list ends at its first empty element, which it
// always has (a list of 12 holds 11; the test that reads all tables says so by name).
//
// Kernels stand below the table behind `#ifdef MT_KERNELS`, cut at the marks `//@ kernel NAME needs OTHER ...` and
// `//@ end`, and are pasted byte for byte. runtime/kernels.h says what they may use (real, B, vec, ...).

#ifndef MT_OP_H
#define MT_OP_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    OP_STAGE,    // x -> name(...): layers and operations
    OP_FUNCTION, // pointwise: x -> relu, and relu(h) inside formulas
    OP_OPERATOR, // + - * / ** and unary -: only in formulas; `name` is the sign ("neg" for unary -)
    OP_SOURCE,   // w = param(...)
    OP_LOSS,     // in loss { }: name(x, target, ...)
    OP_METRIC,   // in metrics { }: the same, never differentiated
    OP_INTERNAL  // put in by the compiler alone (another order, broadcasting)
} OpKind;

// What the user writes in parentheses.
typedef enum {
    ARG_INT = 1,
    ARG_SIZE,   // whole, at least 1
    ARG_PAIR,   // n or [height, width]
    ARG_REAL,
    ARG_BOOL,
    ARG_CHOICE, // one word of `choices`
    ARG_LIST,   // [0.2, 1, 3]
    ARG_SIZES,  // any number of whole numbers by position (reshape, param); B is 0
    ARG_INTS    // n or [n, m, ...], whole: for `infer`, which reads it with call_int and call_size
} ArgKind;

typedef struct {
    const char *name; // PyTorch's
    ArgKind kind;
    const char *fallback; // PyTorch's default, in .mt: "true", "kernel_size"; "off": may be missing. NULL: required
    const char *doc;      // a noun without full stop: "size of the last axis of y"
    const char *choices;  // "none tanh"; of an ARG_PAIR: words that it takes besides ("valid same")
    const char *brief;    // in `mtc table`, unless it has its default: "p$", where $ is the value; $h and $w the parts of a
                          // pair. What begins with @ joins what is before it. NULL: "$" by position, else "name=$"
} Arg;

// A tensor. Axes stand in PyTorch's order, in which parameters are stored and files written. Kernels see a value that
// has a batch axis as [features][columns]: the named axes of its type, then those of `...`, then B.
typedef struct {
    const char *name;
    const char *type;
    const char *init; // of parameters and buffers, as in .mt: "uniform(-1 / sqrt(I), 1 / sqrt(I))", "ones"
    const char *when; // exists only then. Of several inputs of one name: the first that exists
    const char *doc;
    bool many; // of the only input or output: any number of them. A statement that mentions it stands for each, with
               // $size and $before: how long this one is along the axis, and all of them before it (call_part)
} Tensor;

// A named size. With numbers in it the expression is the origin of the size in every message about a value that has
// it: "OH = (10 + 2*0 - 2) // 2 + 1 = 5". Below 1 it is an error by itself.
typedef struct {
    const char *name;
    const char *value;
    const char *when;  // of several of one name: the first whose condition holds
    bool may_be_zero;  // a number that is not the size of an axis: padding
} Size;

// What must hold, before the sizes above are computed. The compiler adds the condition in numbers and the
// origins of the sizes in it.
typedef struct {
    const char *condition;
    const char *message; // what is wrong: "padding is more than half of kernel_size"
    const char *at;      // the argument or input to point at
} Check;

// How something is computed: by statements, by a value for each element, by both (statements first), or without code.
typedef struct {
    const char *of;      // in backward: whose derivatives it gives, "x" or "x weight bias"
    const char *when;    // of several rules for one thing: the first whose condition holds
    const char *call[3]; // templates of statements
    const char *value;   // template of element i of the result; tensors stand for their element i. The compiler writes
                         // the loop, shares it with neighbours, and adds parentheses; put blanks around operators
    const char *alias;   // the result is this tensor with another shape: no code, no memory
    const char *formula; // comment in the emitted C, and the line of `mtc grad`: "dx = W^T dy". Names and symbols of
                         // tensors are those of the table, but for words before a bracket (mean(dy)); two blanks behind a
                         // comma part the formulas of several derivatives
} Rule;

typedef struct {
    const char *inputs; // as in the head of a model: "x: [B, 3, 8, 8], target: class(5)[B]"
    const char *row;    // "pool: max_pool2d(2)"; of an operator: "h: x + z"
    const char *output; // the type that comes out (NULL for a loss), or
    const char *error;  // how the message begins
} Example;

// The order of the columns, B and what `...` stands for, that the kernels expect; where two orders meet
// the compiler transposes. ANY is for kernels that treat all columns alike. STORED takes the input in the order that it
// has: `infer` then asks for that order and says which one y has.
typedef enum { ORDER_ANY, ORDER_BATCH_LAST, ORDER_TIME_LAST, ORDER_STORED } Order;

typedef struct Call Call; // what `infer` gets, see below

typedef struct {
    const char *name; // PyTorch's, in snake_case. Two tables may share it; the elements of the inputs decide
    OpKind kind;
    const char *doc;      // one sentence
    const char *since;    // NULL: edition 1.0, whose names are grammar/names.txt. "1.1": came then, and gives way to a
                          // row, fn or block of that name
    const char *brief;    // its name in `mtc table`, where papers have a shorter one: "maxpool"
    const char *selector; // class in `params`: "norm", "embedding"

    Arg args[12];
    int positional; // so many of them may be given without their name

    // Values. Inputs of an integer type have no derivative. A temporary lives from the first rule that mentions it to
    // the last: argmax and mask from forward to backward, a workspace within one rule.
    Tensor inputs[5], outputs[4], temporaries[4];
    // Owned by the row: what is trained, and what only forward rules change (running statistics). In PyTorch's names.
    Tensor parameters[6], buffers[4];

    Check checks[8];
    Size sizes[20];
    bool (*infer)(Call *); // instead of the types of outputs, where no type can say it (flatten, concat)

    Order order;
    const char *flops; // of an example's forward, an expression; NULL: one for each element of y

    // Forward sets outputs and temporaries. If a `when` mentions `train`, the model has two forward functions.
    Rule forward[5];

    // Backward *sets* the derivative of an input (where several rows use a value, the compiler adds theirs up), and
    // *adds* to the derivative of a parameter. Each real input and parameter is in the `of` of one rule. A rule is
    // emitted if somebody needs one of its derivatives; the others of its group are then NULL.
    // In the columns past the n-th example $d_y is 0, and $d_x must be.
    Rule backward[8];

    // A loss without an output (reduction mean or sum): forward's value is then a double, the sum over the valid
    // examples, and `denominator` what PyTorch's mean divides the sum by; the program divides once a step, by the sum
    // of it. "free": nothing, because the data do not decide it. "$n": examples. "$valid": elements of the examples; the compiler then folds P into $d_loss, so that the
    // division is by n as well. "1": a sum, never divided. Anything else is computed from the data (sum of weights).
    // Losses have a common denominator if these come out as the same text. The same for a metric.
    Rule denominator[4];

    const char *fold; // nothing but x + a + b: the operator that joins the value from the left and all in the parentheses

    // What passes may use. A monotone value never falls as $x grows, and has derivative 0 where it stays equal: relu
    // may be computed after an operation that picks the largest, on fewer elements, instead of before it.
    bool monotone, picks_largest;

    // The same in PyTorch, for `export` and for the parity test: a value or module of torch, nn, F. Here $x is a
    // variable, $eps a Python literal, $args all arguments as they were written.
    Rule pytorch[3];

    Example examples[16]; // drive the tests of shape, message, gradient and parity, the golden, the reference page
} Op;

// For `infer`: errors poison the outputs.
typedef struct {
    long value; // B is 0
    const void *origin; // kept along; NULL for a new size
} Axis;

int call_rank(const Call *, const char *tensor);
Axis call_axis(const Call *, const char *tensor, int axis);
long call_int(const Call *, const char *argument); // of an ARG_SIZES, ARG_INTS: how many
long call_size(const Call *, const char *argument, int k); // the k-th of an ARG_SIZES, ARG_INTS
// A new size, with where it came from: "16*5*5".
Axis call_new_axis(Call *, long value, const char *how, ...) __attribute__((format(printf, 3, 4)));
bool call_output(Call *, const char *tensor, int rank, const Axis *axes); // copied; true. Of `many`: the next one
int call_inputs(const Call *); // how many, where an input is `many`; "x" is then the first
Axis call_input_axis(const Call *, int input, int axis);
int call_input_rank(const Call *, int input);
bool call_last_outermost(const Call *); // all inputs are stored with their last axis outermost
void call_part(Call *, long size, long before); // of each input or output that is `many`, in order
void call_size_of(Call *, const char *name, long value); // a number for the templates: "inner"
bool call_error(Call *, const char *at, const char *format, ...) __attribute__((format(printf, 3, 4))); // false
// The axis that dim is, counted from the end below 0. -1 after a message: there is none, or it is B.
int call_dim(Call *, const char *argument, long dim, const char *tensor);
bool call_batched(const Call *, const char *tensor);
// How an output of an ORDER_STORED table is stored; below 3 axes it has no meaning.
void call_set_last_outermost(Call *, const char *tensor, bool last);
// The axes of a value but B as they lie in memory, the outermost first, into `axes`; how many.
int call_stored_axes(const Call *, const char *tensor, int *axes);
// As call_size_of, but $name counts B as well if the tensor has it: "49 * B", "B", "49".
void call_define_columns(Call *, const char *name, long value, const char *tensor);
// $outer, $D and $inner: a value as [outer][D][inner] in memory, where D is its axis `axis`; inner counts B.
void call_define_axis(Call *, const char *tensor, int axis);
// infer where y has the axes of x, and something happens along one of them; false if that is -1 (from call_dim).
bool call_along(Call *, int axis);
// infer of a sum of x over `dim`, an ARG_INTS, with `keepdim`: y, and $outer, $D, $middle, $E, $inner: x in memory as
// [outer][D][middle][E][inner], summed over D and E (both 1 where there is nothing); $terms: D * E.
bool call_reduce(Call *);

// What three steps make of a parameter w, by PyTorch in double.
typedef struct {
    const char *options; // as in .mt: "lr=0.1, betas=[0.5, 0.9]"
    double w, d_w[3], after[3];
} Trace;

// An optimizer, in the same words. Its arguments are flags of the trainer, unless a `when` or a BOOL depends on them.
typedef struct {
    const char *name;
    const char *doc;
    const char *since; // as of an operation
    Arg args[8];
    Check checks[8];
    Tensor state[4]; // one number beside each of a parameter's, zeros at first; type: the parameter's
    Rule once[12];   // `of`: a number that is the same for all elements of a parameter, computed in double. $lr: the rate
                     // of this step and parameter; $weight_decay: of this parameter; $t: the step, from 1
    Rule update[10]; // for each element, in this order; `of`: w, a state, or a new local. Knows $w, $d_w, the states,
                     // `once` (real) and earlier locals
    const char *formula;
    Trace traces[6];
} Optimizer;

// A schedule: the factor or rate at time t (steps or epochs, whole, from 0).
typedef struct {
    const char *name;
    const char *doc;
    const char *since;  // as of an operation
    Arg args[8];        // durations are ARG_INT with `choices` "duration", lists of them that grow ARG_LIST
    Check checks[6];
    const char *value;  // template of a C expression of doubles: the rate. $lr: the base rate; $t; arguments are
                        // options; a list of durations is a const struct Durations * (runtime/flags.c)
    const char *length; // the argument after which it holds its value, and where the next stage of a chain begins, or
                        // NULL: it has no end
    const char *formula;
    struct {
        const char *options; // "step_size=2 epochs, gamma=0.5"
        double rate[8];      // by PyTorch, lr=1, at t = 0 ... 7
    } traces[4];
} Schedule;

#endif
