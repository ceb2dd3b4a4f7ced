// From the tree of a fn to its expression.
//
// What mentions neither input nor option is arithmetic of the compiler, and becomes a number. A call takes the rule
// of the table (of ops/, or of a fn above) that holds for its options: the template of its value, and for each
// input that of its derivative with 1 for $d_y. An option of the table that depends on an option of this fn is
// known only where this fn is used; conditions of the table that ask for one particular value (`beta == 1`) then do
// not hold, and its checks become checks of this fn.
#include "call.h"
#include "errors_files.h"
#include "errors_fn.h"
#include "errors_model.h"
#include "errors_syntax.h"
#include "fn.h"
#include "ops/registry.h"
#include <string.h>

// Stands for an option that is not known yet while a table reads its arguments: no table compares with it.
static const double unknown_number = 0.73046875;

// ------------------------------------------------------------------------------------------------- applied tables

// A table in an expression: what its words stand for.
typedef struct {
    FnNames *names;
    Node *node;
    const Expr *inputs[FN_INPUTS];
    const Expr *options[FN_OPTIONS + 1]; // of those that are not numbers; else NULL
    const Ast *given[FN_OPTIONS + 1];
    const Expr *result; // once it is made: what $y is in the rules of backward
} Applied;

static const Expr *word_of(void *data, const char *name, size_t length)
{
    const Applied *a = data;
    const Op *op = a->node->op;
    ExprPool *pool = a->names->fn->pool;
    for (int k = 0; op->inputs[k].name; k++)
        if (strlen(op->inputs[k].name) == length && memcmp(op->inputs[k].name, name, length) == 0)
            return a->inputs[k];
    for (int k = 0; op->args[k].name; k++)
        if (strlen(op->args[k].name) == length && memcmp(op->args[k].name, name, length) == 0)
            return a->options[k] ? a->options[k] : expr_number(pool, call_number(a->node, op->args[k].name));
    if (length == 1 && *name == 'y')
        return a->result;
    return length == 3 && memcmp(name, "d_y", 3) == 0 ? expr_number(pool, 1) : NULL;
}

static const Expr *read(const Applied *a, const char *text)
{
    const char *rest;
    const Expr *e = expr_template(a->names->fn->pool, text, word_of, (void *)a, &rest);
    if (!e)
        error_internal(a->names->program, a->node->span, a->node->op->name, text);
    return e;
}

static const Rule *rule_for(const Node *node, const char *input)
{
    for (const Rule *rule = node->op->backward; rule->of; rule++)
        if (strcmp(rule->of, input) == 0 && call_holds(node, rule->when, false))
            return rule;
    return NULL;
}

// Whether a condition of the table depends on an option that is not known.
static bool is_open(const Applied *a, const char *condition)
{
    const Ast *ast = parse_expression(a->names->program->arena, condition);
    const char *names[FN_OPTIONS + 1];
    FnNames open = {.names = names};
    for (int k = 0; a->node->op->args[k].name; k++)
        if (a->options[k])
            names[open.count++] = a->node->op->args[k].name;
    return ast && fn_mentions(&open, ast);
}

// A check that can be made only where this fn is used.
static bool add_check(const Applied *a, const Check *check)
{
    Program *program = a->names->program;
    Fn *fn = a->names->fn;
    const char *words[FN_OPTIONS + 2] = {NULL};
    const Ast *arguments[FN_OPTIONS + 1];
    int count = 0;
    for (int k = 0; a->node->op->args[k].name; k++) {
        Ast *number = arena_new(program->arena, Ast, 1);
        *number = (Ast){.kind = AST_NUMBER};
        words[count] = a->node->op->args[k].name;
        if (!a->options[k])
            number->text = arena_format(program->arena, "(%s)",
                shortest(program->arena, call_number(a->node, words[count])));
        arguments[count++] = a->options[k] ? a->given[k] : number;
    }
    Text text = text_new(program->arena);
    const Ast *condition = parse_expression(program->arena, check->condition);
    ast_print(&text, fn_replaced(program, condition, a->names, words, arguments));
    for (int k = 0; k < fn->checks; k++)
        if (strcmp(fn->op.checks[k].condition, text.data) == 0)
            return true;
    if (fn->checks == (int)(sizeof fn->op.checks / sizeof *fn->op.checks) - 1) {
        error_fn_signature(program, a->node->span, "the options of this fn have too many conditions", NULL);
        return false;
    }
    fn->op.checks[fn->checks++] = (Check){text.data, check->message, NULL};
    return true;
}

static bool check(const Applied *a)
{
    const Node *node = a->node;
    for (const Check *c = node->op->checks; c->condition; c++) {
        if (is_open(a, c->condition)) {
            if (!add_check(a, c))
                return false;
        } else if (!call_holds(node, c->condition, false)) {
            error_check(a->names->program, node, node->span, c->message, c->condition,
                call_in_numbers(node, c->condition), NULL, 0);
            return false;
        }
    }
    return true;
}

static const Expr *apply_table(Applied *a)
{
    const Node *node = a->node;
    ExprPool *pool = a->names->fn->pool;
    const Expr *value = check(a) ? read(a, call_forward(node, false)->value) : NULL;
    if (!value)
        return NULL;
    int count = op_inputs(node->op);
    Expr *e = expr_apply(pool, node->op->name, value, a->inputs, count);
    a->result = e;
    for (int k = 0; k < count; k++)
        expr_keep(a->inputs[k]);
    for (int k = 0; k < count; k++) {
        const Rule *rule = rule_for(node, node->op->inputs[k].name);
        const Expr *partial = rule && rule->value ? read(a, rule->value) : NULL;
        if (!partial)
            return NULL;
        e->partial[k] = expr_simplify(pool, partial);
        e->stops |= strcmp(rule->value, "0") == 0 ? 1u << k : 0;
    }
    return e;
}

// A call of another fn: its functions are called as they are.
static const Expr *apply_fn(const Applied *a, const Fn *fn)
{
    Arena *arena = a->names->program->arena;
    ExprPool *pool = a->names->fn->pool;
    const Expr *all[FN_NAMES], *some[FN_NAMES];
    for (int k = 0; k < fn->inputs; k++)
        all[k] = a->inputs[k];
    for (int k = 0; k < fn->options; k++)
        all[fn->inputs + k] =
            a->options[k] ? a->options[k] : expr_number(pool, call_number(a->node, fn->op.args[k].name));
    if (!check(a))
        return NULL;
    const Expr *value = expr_call(pool, arena_format(arena, "%s__value", fn->op.name), all, fn->inputs + fn->options);
    Expr *e = expr_apply(pool, fn->op.name, value, a->inputs, fn->inputs);
    for (int i = 0; i < fn->inputs; i++) {
        int count = 0;
        for (int k = 0; k < fn->inputs + fn->options; k++)
            if (fn_derivative_takes(fn, i, k))
                some[count++] = all[k];
        e->stops |= expr_passes(fn->value, fn->variable[i]) ? 0 : 1u << i;
        e->partial[i] = fn->derivative[i]->kind == EXPR_NUMBER
            ? expr_number(pool, fn->derivative[i]->number)
            : expr_call(pool, fn_derivative_name(arena, fn, i), some, count);
    }
    return e;
}

// ------------------------------------------------------------------------------------------------------- arguments

// The default of an option of another fn, if it depends on options of that fn that are not known.
static const Ast *open_default(const Applied *a, const Fn *fn, int k)
{
    const char *words[FN_OPTIONS + 1];
    const Ast *arguments[FN_OPTIONS + 1];
    FnNames open = {.names = words};
    if (!fn || !fn->fallback[k])
        return NULL;
    for (int i = 0; i < k; i++)
        if (a->given[i]) {
            words[open.count] = fn->op.args[i].name;
            arguments[open.count++] = a->given[i];
        }
    words[open.count] = NULL;
    bool unknown = false;
    for (int i = 0; i < k; i++) {
        const char *one[] = {fn->op.args[i].name};
        unknown |= a->options[i] && fn_mentions(&(FnNames){.names = one, .count = 1}, fn->fallback[k]);
    }
    if (!unknown)
        return NULL;
    const Ast *text = parse_expression(a->names->program->arena, fn->op.args[k].fallback); // constants are numbers in it
    return fn_replaced(a->names->program, text, a->names, words, arguments);
}

static Ast *argument(Arena *arena, const Ast *at, const char *name)
{
    Ast *number = arena_new(arena, Ast, 1), *result = arena_new(arena, Ast, 1);
    *number = (Ast){.kind = AST_NUMBER, .span = at->span, .text = "", .number = unknown_number};
    *result = (Ast){.kind = AST_ARGUMENT, .span = at->span, .name_span = at->name_span, .text = name, .children = 1};
    result->child = arena_new(arena, Ast *, 1);
    result->child[0] = number;
    return result;
}

static int option_of(const Op *op, const Ast *given, int *position)
{
    if (given->kind != AST_ARGUMENT)
        return (*position)++;
    for (int k = 0; op->args[k].name; k++)
        if (strcmp(op->args[k].name, given->text) == 0)
            return k;
    return -1;
}

// The options of a call. What mentions an option of this fn becomes an expression, the rest are words of the node.
static bool read_options(Applied *a, const Ast *call, int inputs)
{
    Program *program = a->names->program;
    Arena *arena = program->arena;
    const Op *op = a->node->op;
    const Fn *fn = fn_of(program, op);
    Ast *rest = arena_new(arena, Ast, 1);
    int position = 0;
    *rest = *call;
    rest->child = arena_new(arena, Ast *, call->children + FN_OPTIONS + 1);
    rest->children = 0;
    for (int i = 0; i < call->children; i++) {
        Ast *given = call->child[i];
        const Ast *is = given->kind == AST_ARGUMENT ? given->child[0] : given;
        int k = i > inputs ? option_of(op, given, &position) : -1;
        if (k >= 0 && k < FN_OPTIONS + 1 && fn_mentions_input(a->names, is)) {
            error_fn_holds(program, is->span, "an option is a constant",
                "an input of the fn differs from element to element");
            return false;
        }
        if (k >= 0 && k <= FN_OPTIONS && op->args[k].name && !a->given[k]) {
            a->given[k] = is;
            if (op->args[k].kind == ARG_REAL && fn_mentions(a->names, is)) {
                a->options[k] = fn_build(a->names, is);
                if (!a->options[k])
                    return false;
                given = argument(arena, given, op->args[k].name);
            }
        }
        rest->child[rest->children++] = given;
    }
    for (int k = 0; op->args[k].name; k++) {
        const Ast *is = a->given[k] ? NULL : open_default(a, fn, k);
        if (is) {
            a->given[k] = is;
            a->options[k] = fn_build(a->names, is);
            if (!a->options[k])
                return false;
            rest->child[rest->children++] = argument(arena, call, op->args[k].name);
        }
    }
    return call_arguments(a->node, rest, inputs);
}

// ----------------------------------------------------------------------------------------------------------- calls

static const Expr *unknown_function(const FnNames *names, const Ast *name)
{
    Program *program = names->program;
    const Ast *declaration = fn_declared(program, name->text);
    const char *all[256];
    int count = 0;
    if (declaration) {
        bool itself = declaration == names->fn->ast, below = declaration->span.from > names->fn->ast->span.from;
        if (itself || below)
            error_fn_order(program, name, declaration, itself);
        return NULL; // or it stands above, and is faulty
    }
    for (const Op *const *op = ops; *op && count < 200; op++)
        if ((*op)->kind == OP_FUNCTION)
            all[count++] = (*op)->name;
    for (int k = 0; k < program->functions.count && count < 256; k++)
        all[count++] = program->functions.entries[k].key;
    error_unknown_name(program, name->span, name->text, "function", all, count);
    return NULL;
}

static const Expr *build_where(FnNames *names, const Ast *call)
{
    const Expr *part[3];
    for (int i = 0; i < 3; i++)
        if (!(part[i] = fn_build(names, call->child[1 + i])))
            return NULL;
    const Expr *e = expr_select(names->fn->pool, EXPR_WHERE, part[0], part[1], part[2]);
    unsigned long all = part[1]->variables | part[2]->variables; // of a branch that is never taken the derivative is 0
    return (all & ~e->variables) == 0 ? e : expr_choice(names->fn->pool, EXPR_WHERE, part[0], part[1], part[2]);
}

// Whether the arguments are as many as the inputs; more are options that lack their names.
static bool count_inputs(const FnNames *names, const Op *op, const Ast *call)
{
    int inputs = op_inputs(op), given = 0;
    for (int i = 1; i < call->children; i++)
        given += call->child[i]->kind != AST_ARGUMENT;
    if (given < inputs || (given > inputs && !op->args[0].name)) {
        error_input_count(names->program, op, call->span, inputs, given);
        return false;
    }
    for (int i = 1; i <= inputs; i++)
        if (call->child[i]->kind == AST_ARGUMENT) {
            error_fn_holds(names->program, call->child[i]->span, "inputs come before options", NULL);
            return false;
        }
    return true;
}

// For the words of a table: a node that is in no graph.
static Node *new_node(const FnNames *names, const Op *op, Span span)
{
    Program *program = names->program;
    Node *node = arena_new(program->arena, Node, 1);
    Row *row = arena_new(program->arena, Row, 1);
    row->constants = names->fn->constants;
    *node = (Node){.op = op, .row = row, .span = span, .program = program};
    node->stage = source_quote(program->source, program->arena, span);
    return node;
}

static const Expr *build_call(FnNames *names, const Ast *call)
{
    Program *program = names->program;
    const Ast *name = call->child[0];
    const Op *op = name->kind == AST_NAME ? op_for_formula(program, name->text) : NULL;
    if (name->kind == AST_NAME && !op)
        return unknown_function(names, name);
    if (!op || op->kind != OP_FUNCTION || !op->forward[0].value) {
        error_fn_holds(program, call->span, "a fn is made of arithmetic and pointwise functions",
            op && op->kind == OP_FUNCTION ? "random numbers are drawn in the model" : "this is none");
        return NULL;
    }
    if (!count_inputs(names, op, call))
        return NULL;
    if (strcmp(op->name, "where") == 0)
        return build_where(names, call);
    Node *node = new_node(names, op, call->span);
    Applied a = {.names = names, .node = node};
    int inputs = op_inputs(op);
    for (int i = 0; i < inputs; i++)
        if (!(a.inputs[i] = fn_build(names, call->child[1 + i])))
            return NULL;
    if (!read_options(&a, call, inputs))
        return NULL;
    const Fn *fn = fn_of(program, op);
    if (fn && !files_see(program, name->span, fn->ast)) {
        error_file_hidden(program->diags, program->source, name->span, fn->ast);
        return NULL;
    }
    return fn ? apply_fn(&a, fn) : apply_table(&a);
}

// ------------------------------------------------------------------------------------------------------- operators

// x ** z; x * x for 2, x * x * x for 3, as PyTorch computes them, sqrt(x) for 0.5.
static const Expr *build_power(FnNames *names, const Ast *ast, const Expr *x, const Expr *z)
{
    ExprPool *pool = names->fn->pool;
    const Op *op = op_for_formula(names->program, expr_is(z, 0.5) ? "sqrt" : "**");
    Node *node = new_node(names, op, ast->span);
    Applied a = {.names = names, .node = node, .inputs = {x, z}};
    if (z->kind != EXPR_NUMBER || expr_is(z, 0.5))
        return apply_table(&a);
    if (expr_is(z, 1))
        return x;
    // Of a number the derivative is simpler than the table's, which is for any z.
    bool product = expr_is(z, 2) || expr_is(z, 3);
    const Expr *value = product ? expr_power(pool, x, z->number) : read(&a, call_forward(node, false)->value);
    Expr *e = value ? expr_apply(pool, "**", value, a.inputs, 2) : NULL;
    if (!e)
        return NULL;
    e->partial[1] = expr_number(pool, 0);
    e->partial[0] = expr_is(z, 0)
        ? e->partial[1]
        : expr_multiply(pool, z, expr_power(pool, x, expr_tidy(z->number - 1)));
    return e;
}

static const Expr *build_binary(FnNames *names, const Ast *ast)
{
    ExprPool *pool = names->fn->pool;
    const char *sign = ast->text;
    const Expr *a = fn_build(names, ast->child[0]), *b = fn_build(names, ast->child[1]);
    if (!a || !b)
        return NULL;
    if (strcmp(sign, "//") == 0 || strcmp(sign, "%") == 0) {
        error_fn_holds(names->program, ast->span, arena_format(pool->arena, "`%s` is for constants only", sign),
            "a fn has no steps");
        return NULL;
    }
    if (strcmp(sign, "/") == 0 && expr_is(b, 0)) {
        error_zero(names->program->diags, ast->child[1]->span, sign);
        return NULL;
    }
    if (strcmp(sign, "**") == 0)
        return build_power(names, ast, a, b);
    switch (sign[0]) {
    case '+':
        return expr_sum(pool, a, b);
    case '-':
        return expr_difference(pool, a, b);
    case '*':
        return expr_product(pool, a, b);
    case '/':
        return expr_quotient(pool, a, b);
    case '&':
    case '|':
        return expr_logic(pool, sign[0] == '&' ? EXPR_AND : EXPR_OR, a, b);
    default:
        return expr_compare(pool, sign, a, b);
    }
}

// Arithmetic of the compiler: its functions are fewer than those of a fn.
static bool is_constant(const FnNames *names, const Ast *ast)
{
    static const char functions[] = "sqrt exp log sin cos tanh abs min max floor ceil where";
    if (ast->kind == AST_CALL &&
        (ast->child[0]->kind != AST_NAME || !word_in(ast->child[0]->text, strlen(ast->child[0]->text), functions)))
        return false;
    if (fn_find(names, ast) >= 0)
        return false;
    for (int i = ast->kind == AST_CALL; i < ast->children; i++)
        if (!is_constant(names, ast->child[i]))
            return false;
    return true;
}

const Expr *fn_build(FnNames *names, const Ast *ast)
{
    Program *program = names->program;
    ExprPool *pool = names->fn->pool;
    const Expr *e;
    int k = fn_find(names, ast);
    if (k >= 0)
        return names->is[k];
    if (ast->kind == AST_PAREN)
        return fn_build(names, ast->child[0]);
    if (is_constant(names, ast)) {
        Constant value;
        if (!constant_evaluate(names->fn->constants, ast, &value))
            return NULL;
        if (value.kind == CONSTANT_NUMBER || value.kind == CONSTANT_BOOL)
            return expr_number(pool, value.number);
        error_fn_holds(program, ast->span, "a fn is made of numbers", "this is none");
        return NULL;
    }
    switch (ast->kind) {
    case AST_CALL:
        return build_call(names, ast);
    case AST_BINARY:
        return build_binary(names, ast);
    case AST_UNARY:
        e = fn_build(names, ast->child[0]);
        return !e ? NULL : ast->text[0] == '-' ? expr_negation(pool, e) : expr_logic(pool, EXPR_NOT, e, NULL);
    default:
        error_fn_holds(program, ast->span, "a fn is made of arithmetic and pointwise functions", "this is neither");
        return NULL;
    }
}
