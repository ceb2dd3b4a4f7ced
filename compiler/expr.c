// Nodes of scalar expressions: made once each, in the order of evaluation that they were written in.
//
// Input: nodes. Output: a node. Invariant: a node is found again by its key (kind, content, numbers of its
// children), so that there are no two alike in a pool. Caches of the walks (made, by) are the only thing that
// changes in a node.
#include "expr.h"
#include <math.h>
#include <string.h>

ExprPool *expr_pool(Arena *arena)
{
    ExprPool *pool = arena_new(arena, ExprPool, 1);
    pool->arena = arena;
    pool->nodes = map_new(arena);
    return pool;
}

// Functions of C that are not finite for some finite argument.
static bool call_blows(const char *function)
{
    static const char *const functions[] = {"exponential", "logarithm", "power", "power_derivative",
        "power_derivative_exponent", "quotient", "square_root"};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strcmp(function, functions[i]) == 0)
            return true;
    return false;
}

static Bounds bounds_of(const Expr *e)
{
    const Expr *const *child = e->child;
    Bounds b = e->children ? child[0]->bounds : bounds_all();
    switch (e->kind) {
    case EXPR_NUMBER:
        return (Bounds){e->number, e->number};
    case EXPR_SUM:
        for (int i = 1; i < e->children; i++)
            b = bounds_sum(b, child[i]->bounds);
        return b;
    case EXPR_PRODUCT:
        b = (Bounds){1, 1};
        for (int i = 0; i < e->children; i++) {
            bool square = i + 1 < e->children && child[i] == child[i + 1];
            b = bounds_product(b, square ? bounds_square(child[i]->bounds) : child[i]->bounds);
            i += square;
        }
        return b;
    case EXPR_QUOTIENT:
        return bounds_quotient(b, child[1]->bounds);
    case EXPR_NEGATE:
        return bounds_negative(b);
    case EXPR_WHERE:
    case EXPR_EITHER:
        return bounds_either(child[1]->bounds, child[2]->bounds);
    case EXPR_APPLY: {
        Bounds inputs[4];
        for (int i = 0; i < e->children && i < 4; i++)
            inputs[i] = child[i]->bounds;
        return bounds_function(e->text, inputs, e->children, e->value->bounds);
    }
    default:
        return expr_is_condition(e) ? (Bounds){0, 1} : bounds_all();
    }
}

static void know(Expr *e)
{
    e->variables = e->kind == EXPR_VARIABLE ? 1ul << e->place : e->value ? e->value->variables : 0;
    e->blows = e->kind == EXPR_CALL ? call_blows(e->text) : e->value && e->value->blows;
    e->size = 1;
    e->chooses = e->kind == EXPR_WHERE;
    for (int i = 0; i < e->children; i++) {
        e->size += e->child[i]->size;
        e->chooses |= e->child[i]->chooses;
        e->variables |= e->child[i]->variables;
        e->blows |= e->child[i]->blows;
    }
    e->bounds = bounds_of(e);
    if (e->kind == EXPR_QUOTIENT)
        e->blows |= !bounds_without_zero(e->child[1]->bounds);
}

static const Expr *unique(ExprPool *pool, const Expr *like, const Expr *const *child, int children)
{
    Text key = text_new(pool->arena);
    text_add(&key, "%d %s %a", (int)like->kind, like->text ? like->text : "", like->number);
    for (int i = 0; i < children; i++)
        text_add(&key, " %d", child[i]->id);
    const Expr *known = map_get(&pool->nodes, key.data);
    if (known)
        return known;
    Expr *e = arena_new(pool->arena, Expr, 1);
    *e = *like;
    const Expr **copy = children ? arena_new(pool->arena, const Expr *, children) : NULL;
    for (int i = 0; i < children; i++)
        copy[i] = child[i];
    e->child = copy;
    e->children = children;
    e->children -= e->value != NULL; // the last one of EXPR_APPLY was for the key only
    e->id = pool->count++;
    know(e);
    map_set(&pool->nodes, key.data, e);
    return e;
}

const Expr *expr_number(ExprPool *pool, double x)
{
    return unique(pool, &(Expr){.kind = EXPR_NUMBER, .number = x == 0 ? 0 : x}, NULL, 0);
}

const Expr *expr_variable(ExprPool *pool, const char *name, int place)
{
    return unique(pool, &(Expr){.kind = EXPR_VARIABLE, .text = name, .place = place}, NULL, 0);
}

// a + b + c is one node of three, since that is how C evaluates it; a + (b + c) is not.
static const Expr *chain(ExprPool *pool, ExprKind kind, const Expr *a, const Expr *b)
{
    int count = a->kind == kind ? a->children : 1;
    const Expr **all = arena_new(pool->arena, const Expr *, count + 1);
    for (int i = 0; i < count; i++)
        all[i] = a->kind == kind ? a->child[i] : a;
    all[count] = b;
    return unique(pool, &(Expr){.kind = kind}, all, count + 1);
}

const Expr *expr_sum(ExprPool *pool, const Expr *a, const Expr *b) { return chain(pool, EXPR_SUM, a, b); }

const Expr *expr_difference(ExprPool *pool, const Expr *a, const Expr *b)
{
    return chain(pool, EXPR_SUM, a, unique(pool, &(Expr){.kind = EXPR_NEGATE}, &b, 1));
}

const Expr *expr_product(ExprPool *pool, const Expr *a, const Expr *b) { return chain(pool, EXPR_PRODUCT, a, b); }

const Expr *expr_quotient(ExprPool *pool, const Expr *a, const Expr *b)
{
    return unique(pool, &(Expr){.kind = EXPR_QUOTIENT}, (const Expr *[]){a, b}, 2);
}

const Expr *expr_negation(ExprPool *pool, const Expr *a)
{
    if (a->kind == EXPR_NUMBER)
        return expr_number(pool, -a->number);
    return unique(pool, &(Expr){.kind = EXPR_NEGATE}, &a, 1);
}

const Expr *expr_call(ExprPool *pool, const char *function, const Expr *const *arguments, int count)
{
    return unique(pool, &(Expr){.kind = EXPR_CALL, .text = function}, arguments, count);
}

const Expr *expr_compare(ExprPool *pool, const char *sign, const Expr *a, const Expr *b)
{
    return unique(pool, &(Expr){.kind = EXPR_COMPARE, .text = sign}, (const Expr *[]){a, b}, 2);
}

// The condition that a value is by itself: whether it is not 0.
static const Expr *condition_of(ExprPool *pool, const Expr *e)
{
    return expr_is_condition(e) ? e : expr_compare(pool, "!=", e, expr_number(pool, 0));
}

const Expr *expr_logic(ExprPool *pool, ExprKind kind, const Expr *a, const Expr *b)
{
    a = condition_of(pool, a);
    if (!b)
        return unique(pool, &(Expr){.kind = kind}, &a, 1);
    return unique(pool, &(Expr){.kind = kind}, (const Expr *[]){a, condition_of(pool, b)}, 2);
}

const Expr *expr_choice(ExprPool *pool, ExprKind kind, const Expr *condition, const Expr *a, const Expr *b)
{
    return unique(pool, &(Expr){.kind = kind}, (const Expr *[]){condition_of(pool, condition), a, b}, 3);
}

// Two applications are one if they have one name, one value and the same inputs.
Expr *expr_apply(ExprPool *pool, const char *name, const Expr *value, const Expr *const *inputs, int count)
{
    const Expr **all = arena_new(pool->arena, const Expr *, count + 1);
    for (int i = 0; i < count; i++)
        all[i] = inputs[i];
    all[count] = value; // for the key
    const Expr **partial = arena_new(pool->arena, const Expr *, count);
    const Expr like = {.kind = EXPR_APPLY, .text = name, .value = value, .partial = partial};
    return (Expr *)unique(pool, &like, all, count + 1);
}

// ---------------------------------------------------------------------------------------------------- questions

bool expr_is(const Expr *e, double x) { return e->kind == EXPR_NUMBER && e->number == x; }

bool expr_is_condition(const Expr *e)
{
    return e->kind == EXPR_COMPARE || e->kind == EXPR_AND || e->kind == EXPR_OR || e->kind == EXPR_NOT;
}

bool expr_mentions(const Expr *e, const Expr *variable) { return (e->variables >> variable->place & 1) != 0; }
