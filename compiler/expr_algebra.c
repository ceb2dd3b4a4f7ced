// Expressions that simplify as they are made; for derivatives, whose order of evaluation nobody has written.
//
// A product is taken apart into a number, factors, and factors below the line; a factor on both sides vanishes;
// factors are put into one order: variables as they are declared, then the rest in the order of making. A sum is
// taken apart into terms; terms that differ in their number only become one. So `2 * x - x` is x, and `-a + b` is
// `b - a`. Selections of numbers (where(c, 1, 0), as the derivatives of corners are) take their factor inside,
// where a 0 then is one whatever the factor, or are multiplied by the runtime's chain(), which is 0 where they are:
// 0 * inf never happens.
#include "expr.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL = 12 }; // nodes of a factor that may stand in several branches

typedef VEC(const Expr *) Factors;

typedef struct {
    double number;
    Factors above, below;
} Term;

double expr_tidy(double x)
{
    char text[40];
    snprintf(text, sizeof text, "%.14e", x);
    return isfinite(x) ? strtod(text, NULL) : x;
}

// -------------------------------------------------------------------------------------------------------- products

static void take_factor(ExprPool *pool, Term *term, const Expr *e, bool inverse)
{
    if (e->kind == EXPR_NUMBER && !(inverse && e->number == 0)) {
        term->number = inverse ? term->number / e->number : term->number * e->number;
    } else if (e->kind == EXPR_NEGATE) {
        term->number = -term->number;
        take_factor(pool, term, e->child[0], inverse);
    } else if (e->kind == EXPR_PRODUCT) {
        for (int i = 0; i < e->children; i++)
            take_factor(pool, term, e->child[i], inverse);
    } else if (e->kind == EXPR_QUOTIENT) {
        take_factor(pool, term, e->child[0], inverse);
        take_factor(pool, term, e->child[1], !inverse);
    } else if (inverse) {
        vec_push(pool->arena, &term->below, e);
    } else {
        vec_push(pool->arena, &term->above, e);
    }
}

static void cancel(Term *term)
{
    for (int i = 0; i < term->above.count; i++)
        for (int k = 0; k < term->below.count; k++)
            if (term->above.items[i] == term->below.items[k]) {
                memmove(term->above.items + i, term->above.items + i + 1,
                    (size_t)(--term->above.count - i) * sizeof *term->above.items);
                memmove(term->below.items + k, term->below.items + k + 1,
                    (size_t)(--term->below.count - k) * sizeof *term->below.items);
                i--;
                break;
            }
}

static bool stands_before(const Expr *a, const Expr *b)
{
    bool variable = a->kind == EXPR_VARIABLE, other = b->kind == EXPR_VARIABLE;
    if (variable && other)
        return a->place < b->place;
    return variable != other ? variable : a->id < b->id;
}

static void sort(Factors *factors)
{
    for (int i = 1; i < factors->count; i++)
        for (int k = i; k > 0 && stands_before(factors->items[k], factors->items[k - 1]); k--) {
            const Expr *swap = factors->items[k];
            factors->items[k] = factors->items[k - 1];
            factors->items[k - 1] = swap;
        }
}

static const Expr *product_of(ExprPool *pool, const Factors *factors)
{
    const Expr *e = NULL;
    for (int i = 0; i < factors->count; i++)
        e = e ? expr_product(pool, e, factors->items[i]) : factors->items[i];
    return e;
}

// Without its number: the node by which terms of a sum are compared. NULL: nothing but the number.
static const Expr *rest_of(ExprPool *pool, Term *term)
{
    cancel(term);
    sort(&term->above);
    sort(&term->below);
    const Expr *above = product_of(pool, &term->above), *below = product_of(pool, &term->below);
    return below ? expr_quotient(pool, above ? above : expr_number(pool, 1), below) : above;
}

// number * rest.
static const Expr *scaled(ExprPool *pool, double number, const Expr *rest)
{
    number = expr_tidy(number);
    if (!rest || number == 0)
        return expr_number(pool, number);
    if (number == 1)
        return rest;
    if (number == -1)
        return expr_negation(pool, rest);
    const Expr *factor = expr_number(pool, number);
    if (rest->kind == EXPR_QUOTIENT) {
        const Expr *above = rest->child[0];
        return expr_quotient(pool, expr_is(above, 1) ? factor : scaled(pool, number, above), rest->child[1]);
    }
    if (rest->kind != EXPR_PRODUCT)
        return expr_product(pool, factor, rest);
    for (int i = 0; i < rest->children; i++)
        factor = expr_product(pool, factor, rest->child[i]);
    return factor;
}

static Term term_of(ExprPool *pool, const Expr *e)
{
    Term term = {.number = 1};
    take_factor(pool, &term, e, false);
    return term;
}

// Where a choice ends: only numbers?
static int leaves(const Expr *e, bool *numbers, bool *zero)
{
    if (e->kind == EXPR_WHERE || e->kind == EXPR_EITHER)
        return leaves(e->child[1], numbers, zero) + leaves(e->child[2], numbers, zero);
    *numbers &= e->kind == EXPR_NUMBER;
    *zero |= expr_is(e, 0);
    return !expr_is(e, 0);
}

// Whether a choice takes the other factor inside: it then stands there more often.
static bool takes_inside(const Expr *choice, const Expr *other)
{
    bool numbers = true, zero = false;
    if (choice->kind != EXPR_WHERE && choice->kind != EXPR_EITHER)
        return false;
    int others = leaves(choice, &numbers, &zero);
    bool small = other->kind == EXPR_NUMBER || other->kind == EXPR_VARIABLE ||
        (other->kind == EXPR_NEGATE && other->child[0]->kind == EXPR_VARIABLE);
    return (zero && (others <= 1 || (other->blows && other->size <= SMALL))) || (numbers && small);
}

// Whether a product with it could be 0 * inf.
static bool needs_chain(const Expr *choice, const Expr *other)
{
    bool numbers = true, zero = false;
    if (choice->kind != EXPR_WHERE && choice->kind != EXPR_EITHER)
        return false;
    leaves(choice, &numbers, &zero);
    return zero && other->blows;
}

static const Expr *chain(ExprPool *pool, const Expr *choice, const Expr *other)
{
    return expr_call(pool, "chain", (const Expr *[]){choice, other}, 2);
}

static const Expr *inside(ExprPool *pool, const Expr *choice, const Expr *other)
{
    if (choice->kind != EXPR_WHERE && choice->kind != EXPR_EITHER)
        return expr_is(choice, 0) ? choice : expr_multiply(pool, choice, other);
    return expr_select(pool, choice->kind, choice->child[0], inside(pool, choice->child[1], other),
        inside(pool, choice->child[2], other));
}

static const Expr *multiply(ExprPool *pool, const Expr *a, const Expr *b, bool inverse)
{
    Term term = term_of(pool, a);
    take_factor(pool, &term, b, inverse);
    if (term.number == 0)
        return expr_number(pool, 0);
    const Expr *rest = rest_of(pool, &term);
    return scaled(pool, term.number, rest);
}

const Expr *expr_multiply(ExprPool *pool, const Expr *a, const Expr *b)
{
    if (expr_is(a, 0) || expr_is(b, 0))
        return expr_number(pool, 0);
    if (takes_inside(a, b))
        return inside(pool, a, b);
    if (takes_inside(b, a))
        return inside(pool, b, a);
    if (needs_chain(a, b) || needs_chain(b, a))
        return needs_chain(a, b) ? chain(pool, a, b) : chain(pool, b, a);
    return multiply(pool, a, b, false);
}

const Expr *expr_divide(ExprPool *pool, const Expr *a, const Expr *b)
{
    if (expr_is(a, 0))
        return a;
    const Expr *inverted = expr_quotient(pool, expr_number(pool, 1), b);
    if (takes_inside(a, inverted))
        return inside(pool, a, inverted);
    return needs_chain(a, inverted) ? chain(pool, a, inverted) : multiply(pool, a, b, true);
}

const Expr *expr_negate(ExprPool *pool, const Expr *a)
{
    if (a->kind == EXPR_SUM && a->children == 2 && a->child[1]->kind == EXPR_NEGATE)
        return expr_subtract(pool, a->child[1]->child[0], a->child[0]); // -(a - b)
    return expr_multiply(pool, expr_number(pool, -1), a);
}

// ------------------------------------------------------------------------------------------------------------ sums

typedef struct {
    double number;
    const Expr *rest; // NULL: a number by itself
} Part;

typedef VEC(Part) Parts;

static void take_part(ExprPool *pool, Parts *parts, const Expr *e, double factor)
{
    if (e->kind == EXPR_SUM) {
        for (int i = 0; i < e->children; i++)
            take_part(pool, parts, e->child[i], factor);
        return;
    }
    if (e->kind == EXPR_NEGATE && e->child[0]->kind == EXPR_SUM) {
        take_part(pool, parts, e->child[0], -factor);
        return;
    }
    Term term = term_of(pool, e);
    Part part = {factor * term.number, rest_of(pool, &term)};
    for (int i = 0; i < parts->count; i++)
        if (parts->items[i].rest == part.rest) {
            parts->items[i].number += part.number;
            return;
        }
    vec_push(pool->arena, parts, part);
}

static const Expr *sum_of(ExprPool *pool, Parts *parts)
{
    const Expr *e = NULL;
    int first = 0;
    for (int i = 0; i < parts->count; i++)
        parts->items[i].number = expr_tidy(parts->items[i].number);
    while (first < parts->count && parts->items[first].number <= 0)
        first++;
    if (parts->count == 0)
        return expr_number(pool, 0);
    if (first == parts->count)
        first = 0; // all are negative
    for (int k = -1; k < parts->count; k++) {
        const Part *part = &parts->items[k < 0 ? first : k];
        if (part->number == 0 || k == first)
            continue;
        double size = e ? fabs(part->number) : part->number;
        const Expr *term = scaled(pool, size, part->rest);
        e = !e ? term : part->number < 0 ? expr_difference(pool, e, term) : expr_sum(pool, e, term);
    }
    return e ? e : expr_number(pool, 0);
}

static const Expr *add(ExprPool *pool, const Expr *a, const Expr *b, double sign)
{
    Parts parts = {0};
    take_part(pool, &parts, a, 1);
    take_part(pool, &parts, b, sign);
    return sum_of(pool, &parts);
}

const Expr *expr_add(ExprPool *pool, const Expr *a, const Expr *b) { return add(pool, a, b, 1); }

const Expr *expr_subtract(ExprPool *pool, const Expr *a, const Expr *b) { return add(pool, a, b, -1); }

// ------------------------------------------------------------------------------------------------- powers, choices

const Expr *expr_power(ExprPool *pool, const Expr *base, double exponent)
{
    if (exponent == 1)
        return base;
    if (exponent == 2)
        return expr_product(pool, base, base);
    if (exponent == 3)
        return expr_product(pool, expr_product(pool, base, base), base);
    if (exponent == 0)
        return expr_number(pool, 1);
    if (exponent == -1)
        return expr_quotient(pool, expr_number(pool, 1), base);
    if (exponent == 0.5)
        return expr_call(pool, "square_root", &base, 1);
    if (exponent == -0.5)
        return expr_quotient(pool, expr_number(pool, 1), expr_power(pool, base, 0.5));
    return expr_call(pool, "power", (const Expr *[]){base, expr_number(pool, exponent)}, 2);
}

// A condition that holds or not whatever the variables: 1, 0, else -1.
static int decided(const Expr *c)
{
    if (c->kind == EXPR_NOT)
        return decided(c->child[0]) < 0 ? -1 : !decided(c->child[0]);
    if (c->kind == EXPR_AND || c->kind == EXPR_OR) {
        int a = decided(c->child[0]), b = decided(c->child[1]), strong = c->kind == EXPR_OR;
        return a == strong || b == strong ? strong : a < 0 || b < 0 ? -1 : !strong;
    }
    if (c->kind != EXPR_COMPARE || c->child[0]->kind != EXPR_NUMBER || c->child[1]->kind != EXPR_NUMBER)
        return -1;
    double x = c->child[0]->number, y = c->child[1]->number;
    switch (c->text[0]) {
    case '<':
        return c->text[1] ? x <= y : x < y;
    case '>':
        return c->text[1] ? x >= y : x > y;
    default:
        return (x == y) == (c->text[0] == '=');
    }
}

const Expr *expr_select(ExprPool *pool, ExprKind kind, const Expr *condition, const Expr *a, const Expr *b)
{
    const Expr *e = expr_choice(pool, kind, condition, a, b);
    int holds = decided(e->child[0]);
    if (holds >= 0)
        return holds ? a : b;
    return a == b ? a : e;
}

void expr_keep(const Expr *e) { ((Expr *)e)->simple = e; }

// Made again from the bottom, by the functions above.
const Expr *expr_simplify(ExprPool *pool, const Expr *e)
{
    const Expr *child[16], *r = e;
    if (e->simple || e->kind == EXPR_APPLY || e->children == 0 || e->children > 16)
        return e->simple ? e->simple : e;
    for (int i = 0; i < e->children; i++)
        child[i] = expr_simplify(pool, e->child[i]);
    switch (e->kind) {
    case EXPR_SUM:
    case EXPR_PRODUCT:
        r = child[0];
        for (int i = 1; i < e->children; i++)
            r = e->kind == EXPR_SUM ? expr_add(pool, r, child[i]) : expr_multiply(pool, r, child[i]);
        break;
    case EXPR_QUOTIENT:
        r = expr_divide(pool, child[0], child[1]);
        break;
    case EXPR_NEGATE:
        r = expr_negate(pool, child[0]);
        break;
    case EXPR_WHERE:
    case EXPR_EITHER:
        r = expr_select(pool, e->kind, child[0], child[1], child[2]);
        break;
    case EXPR_CALL: // no gradient goes on where none comes; here one always does
        r = strcmp(e->text, "quotient") == 0 ? expr_divide(pool, child[0], child[1])
                                             : expr_call(pool, e->text, child, e->children);
        break;
    case EXPR_COMPARE:
        r = expr_compare(pool, e->text, child[0], child[1]);
        break;
    default:
        r = expr_logic(pool, e->kind, child[0], e->children > 1 ? child[1] : NULL);
    }
    ((Expr *)e)->simple = r;
    return r;
}
