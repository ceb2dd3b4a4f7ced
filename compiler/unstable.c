// Numerically poor forms, found in the tree: log(1 + exp(x)) and its like.
//
// Input: the declarations, before names are looked up. Output: warnings, each with the form to use. A form is poor
// only for some values, so the bounds of what it is applied to are computed (bounds.h), with what `where` has
// excluded: nobody is warned of log(1 + exp(-abs(x))), sqrt(x * x + 1) or where(x > 0, sqrt(x), 0).
#include "unstable.h"
#include "bounds.h"
#include "errors_fn.h"
#include <math.h>
#include <string.h>

enum { GUARDS = 8 };

// What a condition says about an expression in one branch of a `where`.
typedef struct {
    const Ast *of;
    Bounds bounds;
} Guard;

typedef struct {
    Program *program;
    const Scope *constants; // of its file
    const Ast *signature; // of the fn or block: its names are not those of constants
    Guard guards[GUARDS];
    int guard_count;
} Search;

static const Ast *bare(const Ast *ast)
{
    while (ast->kind == AST_PAREN)
        ast = ast->child[0];
    return ast;
}

// The one argument of a call of this function, or NULL.
static const Ast *argument_of(const Ast *ast, const char *function)
{
    ast = bare(ast);
    bool call = ast->kind == AST_CALL && ast->children == 2 && ast->child[0]->kind == AST_NAME &&
        strcmp(ast->child[0]->text, function) == 0 && ast->child[1]->kind != AST_ARGUMENT;
    return call ? bare(ast->child[1]) : NULL;
}

static bool is_binary(const Ast *ast, const char *sign)
{
    return ast->kind == AST_BINARY && strcmp(ast->text, sign) == 0;
}

// ---------------------------------------------------------------------------------------------------------- bounds

static bool number_of(const Search *s, const Ast *ast, double *x);

static Bounds bounds_of(const Search *s, const Ast *ast);

// A name of the signature. An option with a positive default (eps=1e-8) is taken to stay positive.
static bool is_parameter(const Search *s, const Ast *name, Bounds *bounds)
{
    *bounds = bounds_all();
    for (int i = 0; s->signature && i < s->signature->children; i++) {
        const Ast *item = s->signature->child[i];
        double x;
        if (strcmp(item->text, name->text) != 0)
            continue;
        if (item->kind == AST_OPTION && item->children > 0 && number_of(s, item->child[0], &x) && x > 0)
            bounds->low = 1e-300;
        return true;
    }
    return false;
}

static bool is_size(const Ast *type, const char *name)
{
    bool found = type->kind == AST_NAME && strcmp(type->text, name) == 0;
    for (int i = 0; i < type->children && !found; i++)
        found = is_size(type->child[i], name);
    return found;
}

// Nothing but numbers, constants, options, and sizes of a block: without a derivative.
static bool is_fixed(const Search *s, const Ast *ast)
{
    Constant ignored;
    bool poisoned, fixed = true;
    if (ast->kind == AST_NAME) {
        for (int i = 0; s->signature && i < s->signature->children; i++) {
            const Ast *item = s->signature->child[i];
            if (strcmp(item->text, ast->text) == 0)
                return item->kind == AST_OPTION;
            if (item->kind == AST_INPUT && item->children > 0 && is_size(item->child[0], ast->text))
                return true;
        }
        const Scope *constants = s->constants;
        return constant_built_in(ast->text, &ignored) || constant_find(constants, ast, &ignored, &poisoned);
    }
    for (int i = ast->kind == AST_CALL && ast->child[0]->kind == AST_NAME; i < ast->children && fixed; i++)
        fixed = is_fixed(s, ast->child[i]);
    return fixed;
}

static bool mentions_parameter(const Search *s, const Ast *ast)
{
    Bounds ignored;
    if (ast->kind == AST_NAME)
        return is_parameter(s, ast, &ignored);
    for (int i = 0; i < ast->children; i++)
        if (mentions_parameter(s, ast->child[i]))
            return true;
    return false;
}

static bool number_of(const Search *s, const Ast *ast, double *x)
{
    Scope quiet = *s->constants;
    Constant value;
    quiet.diags = NULL;
    if (mentions_parameter(s, ast) || !constant_evaluate(&quiet, ast, &value) || value.kind != CONSTANT_NUMBER)
        return false;
    *x = value.number;
    return true;
}

static Bounds of_power(const Search *s, const Ast *ast)
{
    double n;
    Bounds base = bounds_of(s, ast->child[0]);
    if (number_of(s, ast->child[1], &n) && n == 2)
        return bounds_square(base);
    bool even = number_of(s, ast->child[1], &n) && fmod(n, 2) == 0;
    return even || base.low >= 0 ? (Bounds){0, INFINITY} : bounds_all();
}

static Bounds of_binary(const Search *s, const Ast *ast)
{
    if (is_binary(ast, "**"))
        return of_power(s, ast);
    Bounds a = bounds_of(s, ast->child[0]), b = bounds_of(s, ast->child[1]);
    if (is_binary(ast, "*"))
        return ast_equal(bare(ast->child[0]), bare(ast->child[1])) ? bounds_square(a) : bounds_product(a, b);
    return is_binary(ast, "+")    ? bounds_sum(a, b)
        : is_binary(ast, "-")     ? bounds_sum(a, bounds_negative(b))
        : is_binary(ast, "/")     ? bounds_quotient(a, b)
        : strchr("<>=!&|", ast->text[0]) ? (Bounds){0, 1}
                                         : bounds_all();
}

static Bounds bounds_of(const Search *s, const Ast *ast)
{
    double x;
    Bounds inputs[3] = {bounds_all(), bounds_all(), bounds_all()}, parameter;
    ast = bare(ast);
    for (int i = s->guard_count - 1; i >= 0; i--)
        if (ast_equal(s->guards[i].of, ast))
            return s->guards[i].bounds;
    if (ast->kind == AST_NAME && is_parameter(s, ast, &parameter))
        return parameter;
    if (number_of(s, ast, &x))
        return (Bounds){x, x};
    if (ast->kind == AST_BINARY)
        return of_binary(s, ast);
    if (ast->kind == AST_UNARY && ast->text[0] == '-')
        return bounds_negative(bounds_of(s, ast->child[0]));
    if (ast->kind != AST_CALL || ast->child[0]->kind != AST_NAME)
        return bounds_all();
    int count = ast->children - 1;
    for (int i = 0; i < count && i < 3; i++)
        inputs[i] = bounds_of(s, ast->child[1 + i]);
    if (count == 3 && strcmp(ast->child[0]->text, "where") == 0)
        return bounds_either(inputs[1], inputs[2]);
    return bounds_function(ast->child[0]->text, inputs, count, bounds_all());
}

// ------------------------------------------------------------------------------------------------------ the forms

static const char *quoted(const Search *s, const Ast *ast)
{
    return source_quote(s->program->source, s->program->arena, ast->span);
}

// In brackets where an operator stands beside it.
static const char *operand(const Search *s, const Ast *ast)
{
    bool simple = ast->kind == AST_NAME || ast->kind == AST_NUMBER || ast->kind == AST_CALL;
    return arena_format(s->program->arena, simple ? "%s" : "(%s)", quoted(s, ast));
}

static bool is_one(const Search *s, const Ast *ast)
{
    double x;
    return number_of(s, ast, &x) && x == 1;
}

static void check_log(const Search *s, const Ast *call, const Ast *of)
{
    Arena *arena = s->program->arena;
    const Ast *x = argument_of(of, "sigmoid");
    if (x && bounds_of(s, x).low < -103)
        warning_unstable(s->program, call->span, "log(sigmoid(x)) is -inf for x < -103",
            arena_format(arena, "log_sigmoid(%s)", quoted(s, x)));
    if (!is_binary(of, "+"))
        return;
    for (int k = 0; k < 2; k++) {
        x = argument_of(of->child[k], "exp");
        if (x && is_one(s, of->child[1 - k]) && bounds_of(s, x).high > 88)
            warning_unstable(s->program, call->span, "log(1 + exp(x)) overflows for x > 88",
                arena_format(arena, "softplus(%s)", quoted(s, x)));
    }
}

// sqrt(x + 1e-8): somebody has thought of it.
static bool is_lifted(const Search *s, const Ast *of)
{
    return is_binary(of, "+") && (bounds_of(s, of->child[0]).low > 0 || bounds_of(s, of->child[1]).low > 0);
}

static void check_root(const Search *s, const Ast *at, const Ast *of, const char *form)
{
    if (is_fixed(s, of) || bounds_of(s, of).low > 0 || is_lifted(s, of))
        return;
    warning_unstable(s->program, at->span,
        arena_format(s->program->arena, "the derivative of %s is infinite at 0", form),
        arena_format(s->program->arena, "sqrt(%s + 1e-8)", quoted(s, of)));
}

// tanh(x) ** 2, tanh(x) * tanh(x)
static const Ast *squared_tanh(const Search *s, const Ast *ast)
{
    double n;
    ast = bare(ast);
    if (is_binary(ast, "**") && number_of(s, ast->child[1], &n) && n == 2)
        return argument_of(ast->child[0], "tanh");
    if (is_binary(ast, "*") && ast_equal(bare(ast->child[0]), bare(ast->child[1])))
        return argument_of(ast->child[0], "tanh");
    return NULL;
}

static void check_difference(const Search *s, const Ast *ast)
{
    Arena *arena = s->program->arena;
    const Ast *x = argument_of(ast->child[0], "exp");
    if (x && is_one(s, ast->child[1]) && !bounds_without_zero(bounds_of(s, x)))
        warning_unstable(s->program, ast->span, "exp(x) - 1 loses its digits near x = 0",
            arena_format(arena, "tanh(%s / 2) * (exp(%s) + 1)", operand(s, x), quoted(s, x)));
    x = squared_tanh(s, ast->child[1]);
    if (!x || !is_one(s, ast->child[0]))
        return;
    Bounds b = bounds_of(s, x);
    if (b.low < -3 || b.high > 3)
        warning_unstable(s->program, ast->span, "1 - tanh(x) ** 2 loses its digits for large x",
            arena_format(arena, "4 * sigmoid(2 * %s) * sigmoid(-2 * %s)", operand(s, x), operand(s, x)));
}

static void check_power(const Search *s, const Ast *ast)
{
    double n;
    const Ast *x = bare(ast->child[0]);
    if (!number_of(s, ast->child[1], &n) || n != 0.5 || is_fixed(s, x))
        return;
    if (bounds_of(s, x).low > 0 || is_lifted(s, x))
        warning_unstable(s->program, ast->span, "x ** 0.5 is slower than the root, and less exact",
            arena_format(s->program->arena, "sqrt(%s)", quoted(s, x)));
    else
        check_root(s, ast, x, "`** 0.5`");
}

// sigmoid -> log, as stages of a row.
static void check_row(const Search *s, const Ast *row)
{
    static const char *const forms[][3] = {{"sigmoid", "log(sigmoid(x)) is -inf for x < -103", "log_sigmoid"},
        {"softmax", "log(softmax(x)) is -inf where a probability underflows", "log_softmax"}};
    for (int i = 0; i + 1 < ast_stages(row); i++) {
        const Ast *first = row->child[i], *second = row->child[i + 1];
        const Ast *name = first->kind == AST_CALL ? first->child[0] : first;
        if (second->kind != AST_NAME || strcmp(second->text, "log") != 0 || name->kind != AST_NAME)
            continue;
        for (int k = 0; k < 2; k++)
            if (strcmp(name->text, forms[k][0]) == 0) {
                const char *rest = first->kind == AST_CALL ? quoted(s, first) + strlen(name->text) : "";
                warning_unstable(s->program, span_join(first->span, second->span), forms[k][1],
                    arena_format(s->program->arena, "%s%s", forms[k][2], rest));
            }
    }
}

// ------------------------------------------------------------------------------------------------------- the walk

static void walk(Search *s, const Ast *ast);

// What `left < right` says in the branch where it holds, or where it does not. In a row of guards for both sides.
static void guard(Search *s, const Ast *condition, bool holds)
{
    condition = bare(condition);
    bool order = condition->kind == AST_BINARY && strchr("<>", condition->text[0]);
    for (int k = 0; order && k < 2; k++) {
        const Ast *of = bare(condition->child[k]);
        Bounds other = bounds_of(s, condition->child[1 - k]), own = bounds_of(s, of);
        bool above = (condition->text[0] == '>') == (k == 0); // `of` is above where it holds
        bool strictly = (condition->text[1] != '=') == holds;
        if (above == holds)
            own.low = fmax(own.low, strictly ? nextafter(other.low, INFINITY) : other.low);
        else
            own.high = fmin(own.high, other.high);
        if (of->kind != AST_NUMBER && s->guard_count < GUARDS)
            s->guards[s->guard_count++] = (Guard){of, own};
    }
}

static void walk_where(Search *s, const Ast *call)
{
    walk(s, call->child[1]);
    for (int k = 0; k < 2; k++) {
        int count = s->guard_count;
        guard(s, call->child[1], k == 0);
        walk(s, call->child[2 + k]);
        s->guard_count = count;
    }
}

static void walk(Search *s, const Ast *ast)
{
    bool named = ast->kind == AST_CALL && ast->child[0]->kind == AST_NAME;
    if (named && ast->children == 4 && strcmp(ast->child[0]->text, "where") == 0) {
        walk_where(s, ast);
        return;
    }
    if (argument_of(ast, "log") && ast->kind == AST_CALL)
        check_log(s, ast, argument_of(ast, "log"));
    else if (argument_of(ast, "sqrt") && ast->kind == AST_CALL)
        check_root(s, ast, argument_of(ast, "sqrt"), "`sqrt`");
    else if (is_binary(ast, "-"))
        check_difference(s, ast);
    else if (is_binary(ast, "**"))
        check_power(s, ast);
    else if (ast->kind == AST_ROW)
        check_row(s, ast);
    int children = ast->kind == AST_ROW ? ast_stages(ast) : ast->children; // a condition is a constant
    for (int i = named; i < children; i++)
        if (ast->child[i]->kind != AST_ARGUMENT && ast->child[i]->kind != AST_CONST) // and so are these
            walk(s, ast->child[i]);
}

void warn_unstable(Program *program)
{
    const Ast *file = program->parsed.file;
    for (int i = 0; i < file->children; i++) {
        const Ast *decl = file->child[i];
        bool loss = decl->kind == AST_SECTION && strcmp(decl->text, "loss") == 0;
        bool signed_ = decl->kind == AST_FN || decl->kind == AST_MODEL || decl->kind == AST_BLOCK;
        Search s = {.program = program, .constants = files_scope(program, decl->span), .signature = signed_ ? decl->child[0] : NULL};
        if (signed_ || loss)
            walk(&s, decl->child[signed_]);
    }
}
