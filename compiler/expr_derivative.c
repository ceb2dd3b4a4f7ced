// The derivative of an expression by a variable, and expressions with operations replaced by what they compute.
//
// The rules of arithmetic are here; those of operations come with their nodes (EXPR_APPLY), from the tables of
// ops/, and are combined by the chain rule. A choice is differentiated branch by branch, its condition not at all,
// so what the branch not taken would give is never computed. A comparison has no slope.
#include "expr.h"
#include <string.h>

static bool stands_before(const Expr *e, int i)
{
    for (int k = 0; k < i; k++)
        if (e->child[k] == e->child[i])
            return true;
    return false;
}

// Equal factors together: (u u u)' = 3 u u u'.
static const Expr *of_product(ExprPool *pool, const Expr *e, const Expr *x)
{
    const Expr *sum = expr_number(pool, 0);
    for (int i = 0; i < e->children; i++) {
        if (stands_before(e, i))
            continue;
        const Expr *term = expr_derivative(pool, e->child[i], x);
        int times = 0;
        for (int k = 0; k < e->children && !expr_is(term, 0); k++) {
            times += e->child[k] == e->child[i];
            if (k != i)
                term = expr_multiply(pool, term, e->child[k]);
        }
        sum = expr_add(pool, sum, expr_multiply(pool, expr_number(pool, times), term));
    }
    return sum;
}

// (a / b)' = a' / b - a b' / (b b)
static const Expr *of_quotient(ExprPool *pool, const Expr *e, const Expr *x)
{
    const Expr *a = e->child[0], *b = e->child[1];
    const Expr *first = expr_divide(pool, expr_derivative(pool, a, x), b), *d_b = expr_derivative(pool, b, x);
    const Expr *second = expr_divide(pool, expr_multiply(pool, a, d_b), expr_product(pool, b, b));
    return expr_subtract(pool, first, second);
}

static const Expr *of_apply(ExprPool *pool, const Expr *e, const Expr *x)
{
    const Expr *sum = expr_number(pool, 0);
    for (int i = 0; i < e->children; i++)
        sum = expr_add(pool, sum, expr_multiply(pool, e->partial[i], expr_derivative(pool, e->child[i], x)));
    return sum;
}

static const Expr *derive(ExprPool *pool, const Expr *e, const Expr *x)
{
    const Expr *sum;
    switch (e->kind) {
    case EXPR_SUM:
        sum = expr_derivative(pool, e->child[0], x);
        for (int i = 1; i < e->children; i++)
            sum = expr_add(pool, sum, expr_derivative(pool, e->child[i], x));
        return sum;
    case EXPR_NEGATE:
        return expr_negate(pool, expr_derivative(pool, e->child[0], x));
    case EXPR_PRODUCT:
        return of_product(pool, e, x);
    case EXPR_QUOTIENT:
        return of_quotient(pool, e, x);
    case EXPR_WHERE:
    case EXPR_EITHER:
        return expr_select(pool, e->kind, e->child[0], expr_derivative(pool, e->child[1], x),
            expr_derivative(pool, e->child[2], x));
    case EXPR_APPLY:
        return of_apply(pool, e, x);
    default: // numbers, conditions; a call by itself has no rule, and stands in tables only, which have theirs
        return expr_number(pool, e == x);
    }
}

const Expr *expr_derivative(ExprPool *pool, const Expr *e, const Expr *variable)
{
    if (!expr_mentions(e, variable))
        return expr_number(pool, 0);
    if (e->by != variable) {
        const Expr *derivative = derive(pool, e, variable);
        ((Expr *)e)->derivative = derivative;
        ((Expr *)e)->by = variable;
    }
    return e->derivative;
}

bool expr_passes(const Expr *e, const Expr *variable)
{
    if (e == variable || expr_is_condition(e) || !expr_mentions(e, variable))
        return e == variable;
    for (int i = e->kind == EXPR_WHERE || e->kind == EXPR_EITHER; i < e->children; i++)
        if (!(e->kind == EXPR_APPLY && (e->stops >> i & 1)) && expr_passes(e->child[i], variable))
            return true;
    return false;
}

// The same node with other children.
static const Expr *with_children(ExprPool *pool, const Expr *e, const Expr *const *child)
{
    const Expr *r = child[0];
    switch (e->kind) {
    case EXPR_SUM:
        for (int i = 1; i < e->children; i++)
            r = child[i]->kind == EXPR_NEGATE ? expr_difference(pool, r, child[i]->child[0])
                                              : expr_sum(pool, r, child[i]);
        return r;
    case EXPR_PRODUCT:
        for (int i = 1; i < e->children; i++)
            r = expr_product(pool, r, child[i]);
        return r;
    case EXPR_QUOTIENT:
        return expr_quotient(pool, child[0], child[1]);
    case EXPR_NEGATE:
        return expr_negation(pool, child[0]);
    case EXPR_CALL:
        return expr_call(pool, e->text, child, e->children);
    case EXPR_COMPARE:
        return expr_compare(pool, e->text, child[0], child[1]);
    case EXPR_WHERE:
    case EXPR_EITHER:
        return expr_select(pool, e->kind, child[0], child[1], child[2]);
    default:
        return expr_logic(pool, e->kind, child[0], e->children > 1 ? child[1] : NULL);
    }
}

const Expr *expr_expand(ExprPool *pool, const Expr *e)
{
    const Expr *result = e->expanded;
    if (result)
        return result;
    if (e->kind == EXPR_APPLY) {
        result = expr_expand(pool, e->value);
    } else if (e->children > 0) {
        const Expr **child = arena_new(pool->arena, const Expr *, e->children);
        for (int i = 0; i < e->children; i++)
            child[i] = expr_expand(pool, e->child[i]);
        result = with_children(pool, e, child);
    } else {
        result = e;
    }
    ((Expr *)e)->expanded = result;
    return result;
}
