// Expressions as lines: C for the compiler's compiler, a formula for its readers.
//
// What is computed more than once gets a name, where it is more than an operator or two. A block of lines holds
// what is computed whichever way the conditions inside of it go, so no branch is evaluated that is not taken: a
// choice (C's ?:) that has another one in it is an `if` with a block for each branch, which has names of its own.
// Input: an expression without EXPR_APPLY. Output: lines, of which each uses those above, in C and in the notation
// of the tables. Names are letters that remind of what they stand for, each once in the expression.
#include "expr.h"
#include "emit/emit.h"
#include <math.h>
#include <string.h>

// Sizes from which sums and products are named if they are used again, and from which a choice is an `if`; and how
// much of a formula is shown, in which branches name nothing.
enum { PIECE = 6, LONG = 30, ROOM = 120 };

// How strongly something binds.
enum { ANY, CHOICE, OR, AND, EQUALITY, ORDER, SUM, PRODUCT, SIGN, ATOM };

typedef struct {
    ExprPool *pool;
    bool formula; // instead of C
    int room;     // for so many more nodes in the formula
    Map taken;
} Writing;

// What the functions of C are called in formulas, and the letter for a result.
static const struct {
    const char *function, *name, *letter;
} words[] = {{"exponential", "exp", "e"}, {"logarithm", "log", "l"}, {"hyperbolic_tangent", "tanh", "t"},
    {"square_root", "sqrt", "r"}, {"sine", "sin", "s"}, {"cosine", "cos", "c"}, {"absolute", "abs", "a"},
    {"power", "pow", "p"}};
enum { WORDS = sizeof words / sizeof *words };

// ---------------------------------------------------------------------------------------------------- what is shared

static void visit(Writing *w, const Expr *e)
{
    Expr *node = (Expr *)e;
    if (e->walk != w->pool->walks) {
        node->walk = w->pool->walks;
        node->uses = 0;
        node->name = NULL;
    }
    if (node->uses++ > 0)
        return;
    for (int i = 0; i < e->children; i++)
        visit(w, e->child[i]);
}

// Marks what is computed whichever way the conditions go.
static void mark(const Writing *w, const Expr *e, char *always)
{
    if (always[e->id])
        return;
    always[e->id] = 1;
    if (e->kind == EXPR_WHERE) {
        int count = e->id + 1;
        char *a = arena_new(w->pool->arena, char, count), *b = arena_new(w->pool->arena, char, count);
        mark(w, e->child[0], always);
        mark(w, e->child[1], a);
        mark(w, e->child[2], b);
        for (int i = 0; i < count; i++)
            always[i] |= a[i] & b[i];
        return;
    }
    for (int i = 0; i < e->children; i++)
        mark(w, e->child[i], always);
}

// A choice that has another one in it, or much else, is no expression that anybody reads.
static bool is_tangled(const Expr *e)
{
    bool nested = e->kind == EXPR_WHERE && (e->child[0]->chooses || e->child[1]->chooses || e->child[2]->chooses);
    return nested || (e->kind == EXPR_WHERE && e->size > LONG);
}

static bool is_shared(const Expr *e)
{
    bool call = e->kind == EXPR_CALL || e->kind == EXPR_WHERE || e->kind == EXPR_EITHER ||
        (e->kind == EXPR_QUOTIENT && e->child[1]->kind != EXPR_NUMBER);
    return e->uses > 1 && e->children > 0 && !expr_is_condition(e) && (call || e->size >= PIECE);
}

static const char *letter_of(Writing *w, const Expr *e)
{
    switch (e->kind) {
    case EXPR_CALL:
        for (int k = 0; k < WORDS; k++)
            if (strcmp(e->text, words[k].function) == 0)
                return words[k].letter;
        return strstr(e->text, "__d_") || strstr(e->text, "_derivative") ? "slope"
                                                                         : arena_copy(w->pool->arena, e->text, 1);
    case EXPR_WHERE:
    case EXPR_EITHER:
        return "w";
    case EXPR_QUOTIENT:
        return "q";
    default:
        return "u";
    }
}

static const char *new_name(Writing *w, const Expr *e)
{
    const char *letter = letter_of(w, e), *name = letter;
    for (int k = 2; map_get(&w->taken, name); k++)
        name = arena_format(w->pool->arena, "%s%d", letter, k);
    map_set(&w->taken, name, (void *)name);
    return name;
}

// --------------------------------------------------------------------------------------------------------- writing

static const char *write(Writing *w, const Expr *e, int within, bool condition);

static const char *brackets(Writing *w, const char *text, int own, int within)
{
    return own < within ? arena_format(w->pool->arena, "(%s)", text) : text;
}

// e without its sign in front, or NULL if there is none.
static const Expr *negative(ExprPool *pool, const Expr *e)
{
    if (e->name)
        return NULL;
    if (e->kind == EXPR_NEGATE)
        return e->child[0];
    if (e->kind == EXPR_NUMBER)
        return e->number < 0 ? expr_number(pool, -e->number) : NULL;
    if (e->kind != EXPR_PRODUCT && e->kind != EXPR_QUOTIENT)
        return NULL;
    const Expr *first = negative(pool, e->child[0]);
    if (!first || e->child[0]->kind == EXPR_NEGATE)
        return NULL;
    const Expr *result = expr_is(first, 1) && e->kind == EXPR_PRODUCT ? NULL : first;
    if (e->kind == EXPR_QUOTIENT)
        return expr_quotient(pool, first, e->child[1]);
    for (int i = 1; i < e->children; i++)
        result = result ? expr_product(pool, result, e->child[i]) : e->child[i];
    return result;
}

static const char *write_sum(Writing *w, const Expr *e, int within)
{
    Text text = text_new(w->pool->arena);
    for (int i = 0; i < e->children; i++) {
        const Expr *child = e->child[i], *minus = i > 0 ? negative(w->pool, child) : NULL;
        text_string(&text, i == 0 ? "" : minus ? " - " : " + ");
        text_string(&text, write(w, minus ? minus : child, i > 0 ? PRODUCT : SUM, false));
    }
    return brackets(w, text.data, SUM, within);
}

// In formulas equal factors are powers: x^2.
static const char *write_product(Writing *w, const Expr *e, int within)
{
    Text text = text_new(w->pool->arena);
    bool power = w->formula;
    for (int i = 0; i < e->children; i++) {
        int times = 1;
        while (w->formula && i + times < e->children && e->child[i + times] == e->child[i])
            times++;
        text_string(&text, i == 0 ? "" : w->formula ? " " : " * ");
        text_string(&text, write(w, e->child[i], times > 1 ? ATOM : i > 0 ? SIGN : PRODUCT, false));
        if (times > 1)
            text_add(&text, "^%d", times);
        i += times - 1;
        power &= times == e->children;
    }
    return brackets(w, text.data, power ? SIGN : PRODUCT, within);
}

// Whether C reads it as an int.
static bool is_int(const Expr *e)
{
    return e->kind == EXPR_NUMBER && e->number == floor(e->number) && fabs(e->number) < 1e6;
}

static const char *write_choice(Writing *w, const Expr *e, int within)
{
    Arena *arena = w->pool->arena;
    const char *condition = write(w, e->child[0], OR, true);
    bool either = e->kind == EXPR_EITHER && !w->formula;
    const char *a = write(w, e->child[1], either ? ANY : OR, false);
    const char *b = write(w, e->child[2], either ? ANY : CHOICE, false);
    if (either)
        return arena_format(arena, "either(%s, %s, %s)", write(w, e->child[0], ANY, true), a, b);
    if (w->formula)
        return brackets(w, arena_format(arena, "%s where %s, else %s", a, condition, b), CHOICE, within);
    // `c ? 1 : 2` would be an int, and `/ 3` behind it a division of ints.
    bool cast = is_int(e->child[1]) && (is_int(e->child[2]) || e->child[2]->kind == EXPR_WHERE);
    const char *text = arena_format(arena, "%s ? %s%s : %s", condition, cast ? "(real)" : "", a, b);
    return brackets(w, text, CHOICE, within);
}

static const char *arguments(Writing *w, const Expr *e, int from)
{
    Text text = text_new(w->pool->arena);
    for (int i = from; i < e->children; i++)
        text_add(&text, "%s%s", i > from ? ", " : "", write(w, e->child[i], ANY, false));
    return text.data;
}

// Functions of the runtime that formulas write with signs: how strongly the whole binds, and the pattern, in which X0 is
// the first argument, T0 the same as a term of a product, F0 as a factor, A0 as the base of a power.
static const struct {
    const char *function;
    int own;
    const char *pattern;
} signs[] = {{"absolute", ATOM, "|X0|"}, {"power", SIGN, "A0^A1"}, {"power_derivative", PRODUCT, "A2 A1^(A2 - 1)"},
    {"power_derivative_exponent", PRODUCT, "A1^A2 log(X1)"}, {"exponential_minus_one", SUM, "exp(X0) - 1"},
    {"chain", PRODUCT, "F0 F1"}, {"quotient", PRODUCT, "T0 / F1"}};
enum { SIGNS = sizeof signs / sizeof *signs };

static const char *write_signs(Writing *w, const Expr *e, int within, int k)
{
    Text text = text_new(w->pool->arena);
    for (const char *s = signs[k].pattern; *s; s++) {
        int level = *s == 'A' ? ATOM : *s == 'F' ? SIGN : *s == 'T' ? PRODUCT : ANY;
        if (*s == 'X' || level != ANY)
            text_string(&text, write(w, e->child[*++s - '0'], level, false));
        else
            text_put(&text, s, 1);
    }
    return brackets(w, text.data, signs[k].own, within);
}

// huber__d_r(r, delta) is (d huber / d r)(r, delta), silu_derivative(x) is silu'(x).
static const char *write_call(Writing *w, const Expr *e, int within)
{
    Arena *arena = w->pool->arena;
    const char *f = e->text, *inside = strstr(f, "__"), *slope = strstr(f, "_derivative");
    const char *list = w->formula ? NULL : arguments(w, e, 0);
    if (list)
        return arena_format(arena, "%s(%s)", f, list);
    for (int k = 0; k < SIGNS; k++)
        if (strcmp(f, signs[k].function) == 0)
            return write_signs(w, e, within, k);
    list = arguments(w, e, 0);
    if (inside && strcmp(inside, "__value") == 0)
        return arena_format(arena, "%.*s(%s)", (int)(inside - f), f, list);
    if (inside)
        return arena_format(arena, "(d %.*s / d %s)(%s)", (int)(inside - f), f, inside + 4, list);
    if (slope && !slope[strlen("_derivative")])
        return arena_format(arena, "%.*s'(%s)", (int)(slope - f), f, list);
    for (int k = 0; k < WORDS; k++)
        if (strcmp(f, words[k].function) == 0)
            f = words[k].name;
    return arena_format(arena, "%s(%s)", f, list);
}

static const char *write_condition(Writing *w, const Expr *e, int within, bool condition)
{
    Arena *arena = w->pool->arena;
    if (!condition && !w->formula)
        return arena_format(arena, "(real)(%s)", write(w, e, ANY, true));
    if (e->kind == EXPR_NOT)
        return arena_format(arena, "!%s", write(w, e->child[0], ATOM, true));
    if (e->kind == EXPR_COMPARE) {
        int own = e->text[0] == '=' || e->text[0] == '!' ? EQUALITY : ORDER;
        return brackets(w, arena_format(arena, "%s %s %s", write(w, e->child[0], SUM, false), e->text,
                               write(w, e->child[1], SUM, false)), condition ? own : ANY, condition ? within : ATOM);
    }
    bool both = e->kind == EXPR_AND;
    return brackets(w, arena_format(arena, "%s %s %s", write(w, e->child[0], EQUALITY, true), both ? "&&" : "||",
                           write(w, e->child[1], EQUALITY, true)), both ? AND : OR, within);
}

static const char *write_number(Writing *w, const Expr *e)
{
    if (is_int(e)) // shortest would have 2e+01
        return arena_format(w->pool->arena, "%.0f", e->number);
    return w->formula || w->pool->doubles ? shortest(w->pool->arena, e->number) : emit_real(w->pool->arena, e->number);
}

// `condition`: only whether it holds is asked.
static const char *write(Writing *w, const Expr *e, int within, bool condition)
{
    Arena *arena = w->pool->arena;
    const char *text;
    if (e->name && e->walk == w->pool->walks)
        return e->name;
    if (w->formula && w->room-- <= 0)
        return "...";
    switch (e->kind) {
    case EXPR_NUMBER:
        text = write_number(w, e);
        return brackets(w, text, text[0] == '-' ? SIGN : ATOM, within);
    case EXPR_VARIABLE:
        return e->text;
    case EXPR_SUM:
        return write_sum(w, e, within);
    case EXPR_PRODUCT:
        return write_product(w, e, within);
    case EXPR_QUOTIENT:
        text = arena_format(arena, "%s / %s", write(w, e->child[0], PRODUCT, false),
            write(w, e->child[1], w->formula ? PRODUCT + 1 : SIGN, false));
        return brackets(w, text, PRODUCT, within);
    case EXPR_NEGATE: {
        bool product = e->child[0]->kind == EXPR_PRODUCT || e->child[0]->kind == EXPR_QUOTIENT;
        text = write(w, e->child[0], product ? PRODUCT : ATOM, false);
        text = arena_format(arena, text[0] == '-' ? "-(%s)" : "-%s", text);
        return brackets(w, text, product ? PRODUCT : SIGN, within);
    }
    case EXPR_CALL:
    case EXPR_APPLY:
        return write_call(w, e, within);
    case EXPR_WHERE:
    case EXPR_EITHER:
        return write_choice(w, e, within);
    default:
        return write_condition(w, e, within, condition);
    }
}

// ---------------------------------------------------------------------------------------------------------- blocks

// The nodes that a block has named, so that the next one does not use them.
typedef VEC(Expr *) Named;

static const ExprBlock *write_block(Writing *w, const Expr *e, Text *formula);

static const char *as_formula(Writing *w, const Expr *e)
{
    w->formula = true;
    w->room = ROOM;
    const char *text = write(w, e, ANY, false);
    w->formula = false;
    return text;
}

static ExprLine choice_line(Writing *w, const Expr *e)
{
    ExprLine line = {.condition = write(w, e->child[0], ANY, true), .formula = as_formula(w, e)};
    line.yes = write_block(w, e->child[1], NULL);
    line.no = write_block(w, e->child[2], NULL);
    return line;
}

// Names what is shared and what is tangled, the innermost first; but not the result.
static void write_lines(Writing *w, const Expr *e, const Expr *result, const char *always, char *seen, ExprBlock *block,
    Named *named)
{
    if (seen[e->id] || e->name)
        return;
    seen[e->id] = 1;
    for (int i = 0; i < e->children; i++)
        if (e->kind != EXPR_WHERE || i == 0 || always[e->child[i]->id] || !is_tangled(e))
            write_lines(w, e->child[i], result, always, seen, block, named);
    if (e == result || !always[e->id] || !(is_shared(e) || is_tangled(e)))
        return;
    ExprLine line = {.name = NULL};
    if (is_tangled(e))
        line = choice_line(w, e);
    else {
        line.value = write(w, e, ANY, false);
        line.formula = as_formula(w, e);
    }
    line.name = new_name(w, e);
    ((Expr *)e)->name = line.name;
    vec_push(w->pool->arena, named, (Expr *)e);
    vec_push(w->pool->arena, &block->lines, line);
}

// `formula`: NULL, or gets the whole in the notation of the tables, with the names of this block.
static const ExprBlock *write_block(Writing *w, const Expr *e, Text *formula)
{
    Arena *arena = w->pool->arena;
    ExprBlock *block = arena_new(arena, ExprBlock, 1);
    char *always = arena_new(arena, char, e->id + 1), *seen = arena_new(arena, char, e->id + 1);
    Named named = {0};
    mark(w, e, always);
    write_lines(w, e, e, always, seen, block, &named);
    if (formula)
        text_string(formula, as_formula(w, e));
    for (int i = block->lines.count - 1; i >= 0 && formula; i--)
        text_add(formula, ",  %s = %s", block->lines.items[i].name, block->lines.items[i].formula);
    if (is_tangled(e) && !e->name) {
        ExprLine line = choice_line(w, e);
        vec_push(arena, &block->lines, line);
    } else {
        block->result = write(w, e, ANY, false);
    }
    for (int i = 0; i < named.count; i++)
        named.items[i]->name = NULL;
    return block;
}

ExprText expr_write(ExprPool *pool, const Expr *e, const char *taken)
{
    Writing w = {.pool = pool, .taken = map_new(pool->arena)};
    Text formula = text_new(pool->arena);
    for (const char *s = taken; *s; s += strcspn(s, " "), s += *s == ' ')
        map_set(&w.taken, arena_copy(pool->arena, s, strcspn(s, " ")), "");
    pool->walks++;
    visit(&w, e);
    const ExprBlock *block = write_block(&w, e, &formula);
    return (ExprText){block, formula.data};
}
