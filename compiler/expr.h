// expr.h: scalar expressions, as fns (and what else is differentiated by formula) are made of: built as the user
// wrote them, differentiated, simplified, and written as C and as a formula.
//
// Nodes are unique: two expressions that look alike are one node of their pool, so equality is that of pointers,
// and what is computed twice is seen by counting. Nodes and their order depend on nothing but the order in which
// they are made.
//
// Two ways to make a node. expr_sum, expr_product ... keep the order of evaluation that the user wrote, so that a
// value has the same bits as its formula. expr_add, expr_multiply ... simplify, and are for derivatives: 0 and 1
// vanish, signs and numbers come to the front, like terms are added up, factors are brought into one order.
#ifndef MT_EXPR_H
#define MT_EXPR_H

#include "base/map.h"
#include "base/text.h"
#include "base/vec.h"
#include "bounds.h"
#include <stdbool.h>

typedef enum {
    EXPR_NUMBER,
    EXPR_VARIABLE, // text; place: its number, below 64; factors stand in this order
    EXPR_SUM,      // of all children, from the left
    EXPR_PRODUCT,
    EXPR_QUOTIENT,
    EXPR_NEGATE,
    EXPR_CALL,    // text: a function of C
    EXPR_COMPARE, // text: < <= == != >= >; a condition, 1 or 0 as a number
    EXPR_AND,
    EXPR_OR,
    EXPR_NOT,
    EXPR_WHERE, // condition, value, value: only one of the two is evaluated (C's ?:)
    EXPR_EITHER, // the same, but both are evaluated, as the tables have it where that is faster
    EXPR_APPLY   // text: an operation or fn as it is called in .mt; children: its inputs. `value` is what it computes
} ExprKind;

typedef struct Expr Expr;
struct Expr {
    ExprKind kind;
    const char *text;
    double number;
    int place;
    const Expr *const *child;
    int children;
    int id;                      // in order of making
    Bounds bounds;               // where its value lies, for any finite variables
    bool blows;                  // a finite argument can make it infinite or NaN, other than by plain overflow
    bool chooses;                // an EXPR_WHERE is in it
    double size;                 // nodes, each as often as it would be written
    unsigned long variables;     // those that it mentions: 1 << place
    const Expr *value;           // EXPR_APPLY: over the arguments
    const Expr **partial;        // EXPR_APPLY: the derivative by each input
    unsigned stops;              // EXPR_APPLY: inputs (1 << i) by which it has none: conditions
    // What walks have found out about this node, so that none goes twice where several ways lead.
    const Expr *derivative, *by, *simple, *expanded;
    int uses, walk;
    const char *name;
};

typedef struct {
    Arena *arena;
    Map nodes; // by a text of kind, content and children
    int count, walks;
    bool doubles; // its numbers are written as double, not as real
} ExprPool;

ExprPool *expr_pool(Arena *arena);

const Expr *expr_number(ExprPool *pool, double x);
const Expr *expr_variable(ExprPool *pool, const char *name, int place);
const Expr *expr_sum(ExprPool *pool, const Expr *a, const Expr *b);
const Expr *expr_difference(ExprPool *pool, const Expr *a, const Expr *b);
const Expr *expr_product(ExprPool *pool, const Expr *a, const Expr *b);
const Expr *expr_quotient(ExprPool *pool, const Expr *a, const Expr *b);
const Expr *expr_negation(ExprPool *pool, const Expr *a);
const Expr *expr_call(ExprPool *pool, const char *function, const Expr *const *arguments, int count);
const Expr *expr_compare(ExprPool *pool, const char *sign, const Expr *a, const Expr *b);
const Expr *expr_logic(ExprPool *pool, ExprKind kind, const Expr *a, const Expr *b); // b: NULL of EXPR_NOT
const Expr *expr_choice(ExprPool *pool, ExprKind kind, const Expr *condition, const Expr *a, const Expr *b);
// Its partial[] are NULL in a new node and are the caller's to set: they may mention the node itself.
Expr *expr_apply(ExprPool *pool, const char *name, const Expr *value, const Expr *const *inputs, int count);

bool expr_is(const Expr *e, double x);    // this number
bool expr_is_condition(const Expr *e);    // a comparison, and what && || ! make of some
bool expr_mentions(const Expr *e, const Expr *variable);

// expr_algebra.c
const Expr *expr_add(ExprPool *pool, const Expr *a, const Expr *b);
const Expr *expr_subtract(ExprPool *pool, const Expr *a, const Expr *b);
const Expr *expr_multiply(ExprPool *pool, const Expr *a, const Expr *b);
const Expr *expr_divide(ExprPool *pool, const Expr *a, const Expr *b);
const Expr *expr_negate(ExprPool *pool, const Expr *a);
const Expr *expr_power(ExprPool *pool, const Expr *base, double exponent); // base ** exponent as C computes it
const Expr *expr_select(ExprPool *pool, ExprKind kind, const Expr *condition, const Expr *a, const Expr *b);
const Expr *expr_simplify(ExprPool *pool, const Expr *e);
double expr_tidy(double x); // of 15 digits: 3 * 0.044715 is 0.134145, not 0.13414500000000002
void expr_keep(const Expr *e); // it stays as it was written

// expr_derivative.c
const Expr *expr_derivative(ExprPool *pool, const Expr *e, const Expr *variable);
// Whether it depends on the variable otherwise than by conditions: then there is a derivative, though it may be 0.
bool expr_passes(const Expr *e, const Expr *variable);
// With each EXPR_APPLY replaced by what it computes, and without branches that are never taken: what is written as C.
const Expr *expr_expand(ExprPool *pool, const Expr *e);

// expr_template.c: a template of a table (op.h), with its placeholders replaced. `find` gets the name without $;
// NULL: no such word. Returns NULL if the template is none that can be read: *rest is then where.
typedef const Expr *ExprWord(void *data, const char *name, size_t length);
const Expr *expr_template(ExprPool *pool, const char *text, ExprWord *find, void *data, const char **rest);

// expr_text.c: an expression as lines. What is used more than once gets a name; a choice within a choice becomes an
// `if`.
typedef struct ExprBlock ExprBlock;

typedef struct {
    const char *name;      // NULL, of a choice: it gives the result of the block
    const char *value;     // real NAME = VALUE; NULL: a choice
    const char *condition; // if (CONDITION) yes else no, each of which sets NAME
    const ExprBlock *yes, *no;
    const char *formula;   // the value in the notation of the tables
} ExprLine;

struct ExprBlock {
    VEC(ExprLine) lines;
    const char *result; // NULL: the last line gives it
};

typedef struct {
    const ExprBlock *c;
    const char *formula; // on one line, with what its names stand for: "s (1 - s),  s = sigmoid(x)"
} ExprText;

// `expanded` has no EXPR_APPLY; `taken`: names that may not be given, parted by blanks.
ExprText expr_write(ExprPool *pool, const Expr *expanded, const char *taken);

#endif
