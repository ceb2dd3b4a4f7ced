// Templates of tables (op.h) as expressions: "either($x > 0, $d_y, $alpha * $d_y * exponential($x))".
//
// Input: the text of a `value`, which is C with placeholders. Output: a node. What C has and tables do not use is
// refused. So the rules of the tables are the only ones there are: a fn is differentiated by what `gradcheck` and
// PyTorch have checked of them.
#include "expr.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 60 };

typedef struct {
    ExprPool *pool;
    const char *at;
    ExprWord *find;
    void *data;
    int depth;
    bool bad;
} Reader;

static const Expr *choice(Reader *r);

static bool accept(Reader *r, const char *sign)
{
    while (*r->at == ' ')
        r->at++;
    size_t n = strlen(sign);
    if (strncmp(r->at, sign, n) != 0 || (n == 1 && strchr("<>=!", *sign) && r->at[1] == '=')) // < is not <=
        return false;
    r->at += n;
    return true;
}

static const Expr *wrong(Reader *r)
{
    r->bad = true;
    return expr_number(r->pool, 0);
}

static void expect(Reader *r, const char *sign)
{
    if (!accept(r, sign))
        r->bad = true;
}

static const Expr *call(Reader *r, const char *name)
{
    const Expr *arguments[8];
    int count = 0;
    do
        arguments[count++] = choice(r);
    while (count < 8 && !r->bad && accept(r, ","));
    expect(r, ")");
    if (strcmp(name, "either") == 0 && count == 3)
        return expr_choice(r->pool, EXPR_EITHER, arguments[0], arguments[1], arguments[2]);
    return expr_call(r->pool, name, arguments, count);
}

static const Expr *primary(Reader *r)
{
    char *end;
    while (*r->at == ' ')
        r->at++;
    const char *from = r->at;
    if (accept(r, "(real)"))
        return primary(r);
    if (accept(r, "(")) {
        const Expr *e = choice(r);
        expect(r, ")");
        return e;
    }
    bool placeholder = *from == '$';
    size_t n = 0;
    from += placeholder;
    while (isalnum((unsigned char)from[n]) || from[n] == '_')
        n++;
    if (placeholder) {
        const Expr *e = r->find(r->data, from, n);
        r->at = from + n;
        return e ? e : wrong(r);
    }
    if (isdigit((unsigned char)*from)) {
        double x = strtod(from, &end);
        r->at = end;
        return expr_number(r->pool, x);
    }
    if (n == 0 || from[n] != '(')
        return wrong(r);
    r->at = from + n + 1;
    return call(r, arena_copy(r->pool->arena, from, n));
}

static const Expr *unary(Reader *r)
{
    if (++r->depth > DEEPEST)
        return wrong(r);
    const Expr *e = accept(r, "-") ? expr_negation(r->pool, unary(r))
        : accept(r, "!")           ? expr_logic(r->pool, EXPR_NOT, unary(r), NULL)
                                   : primary(r);
    r->depth--;
    return e;
}

static const Expr *product(Reader *r)
{
    const Expr *e = unary(r);
    while (!r->bad)
        if (accept(r, "*"))
            e = expr_product(r->pool, e, unary(r));
        else if (accept(r, "/"))
            e = expr_quotient(r->pool, e, unary(r));
        else
            break;
    return e;
}

static const Expr *sum(Reader *r)
{
    const Expr *e = product(r);
    while (!r->bad)
        if (accept(r, "+"))
            e = expr_sum(r->pool, e, product(r));
        else if (accept(r, "-"))
            e = expr_difference(r->pool, e, product(r));
        else
            break;
    return e;
}

static const Expr *comparison(Reader *r)
{
    static const char *const signs[] = {"<=", ">=", "==", "!=", "<", ">"};
    const Expr *e = sum(r);
    for (int k = 0; k < 6; k++)
        if (accept(r, signs[k]))
            return expr_compare(r->pool, signs[k], e, sum(r));
    return e;
}

// && and || in a table, & and | where both sides are to be evaluated: here the same.
static const Expr *logic(Reader *r)
{
    const Expr *e = comparison(r);
    while (!r->bad)
        if (accept(r, "&&") || accept(r, "& "))
            e = expr_logic(r->pool, EXPR_AND, e, comparison(r));
        else if (accept(r, "||") || accept(r, "| "))
            e = expr_logic(r->pool, EXPR_OR, e, comparison(r));
        else
            break;
    return e;
}

static const Expr *choice(Reader *r)
{
    const Expr *condition = logic(r);
    if (r->bad || !accept(r, "?"))
        return condition;
    const Expr *a = choice(r);
    expect(r, ":");
    return expr_choice(r->pool, EXPR_WHERE, condition, a, choice(r));
}

const Expr *expr_template(ExprPool *pool, const char *text, ExprWord *find, void *data, const char **rest)
{
    Reader r = {pool, text, find, data, 0, false};
    const Expr *e = choice(&r);
    while (*r.at == ' ')
        r.at++;
    *rest = r.at;
    return r.bad || *r.at ? NULL : e;
}
