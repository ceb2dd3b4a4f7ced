// Fns: from a declaration to a table.
//
//     fn swish(x; beta=1.0) = x * sigmoid(beta * x)
//
// becomes the operation {"swish", OP_FUNCTION, inputs x, args beta, forward "swish__value($x, $beta)", backward of x
// "$d_y * swish__d_x($x, $beta)"}. Input: the declarations, in the order of a file, each of which sees those above and those of the files used.
// Output: program->functions. Invariant: rules mention only what the functions need, so backward keeps no more.
#include "fn.h"
#include "call.h"
#include "emit/piece.h"
#include "errors_fn.h"
#include "errors_model.h"
#include "names.h"
#include <string.h>

enum { LONGEST = 200 }; // nodes of a tree: a longer formula is nothing that anybody reads, nor its derivative

const Fn *fn_of(const Program *program, const Op *op)
{
    const Op *own = map_get(&program->functions, op->name);
    return own == op ? (const Fn *)(const void *)op : NULL;
}

const Ast *fn_declared(const Program *program, const char *name)
{
    return ast_declaration(program->parsed.file, AST_FN, name);
}

// ---------------------------------------------------------------------------------------------------------- names

// Names that a parameter may not have in C: of functions that are pasted, and of variables in the file.
const char *fn_c_name(Arena *arena, const char *name)
{
    static const char variables[] = "lists values parameters optarg optind opterr optopt timezone daylight signgam";
    const char *part = name_part(arena, name);
    if (part == name && (piece_find(name, strlen(name)) || word_in(name, strlen(name), variables)))
        return arena_format(arena, "%s_", name);
    return part;
}

static bool name_is_free(Program *program, const Scope *constants, const Ast *declaration)
{
    const char *name = declaration->text;
    const Ast *file = program->parsed.file;
    Constant constant;
    bool poisoned;
    const Ast as_name = {.kind = AST_NAME, .text = name, .span = declaration->name_span};
    const Ast *fn = ast_declaration(file, AST_FN, name), *block = ast_declaration(file, AST_BLOCK, name);
    if (fn != declaration || block) {
        const Ast *other = fn != declaration ? fn : block;
        error_name_taken(program, declaration->name_span, name, other == fn ? "a fn" : "a block", other->name_span);
        return false;
    }
    if (op_reserves(program, name))
        error_name_taken(program, declaration->name_span, name, "an operation", (Span){0, 0, 0});
    else if (constant_built_in(name, &constant) || strcmp(name, "B") == 0)
        error_name_taken(program, declaration->name_span, name, "a word of the language", (Span){0, 0, 0});
    else if (constant_find(constants, &as_name, &constant, &poisoned))
        error_name_taken(program, declaration->name_span, name, "a constant", constant.span);
    else
        return true;
    return false;
}

// Whether d_x stands beside x: in a rule it would be the derivative by x.
static bool is_derivative_of(const char *name, const char *other)
{
    return starts_with(name, "d_") && strcmp(name + 2, other) == 0;
}

// An input or option: its name, once.
static bool add_name(Program *program, Fn *fn, const Ast *item)
{
    int k = fn->inputs + fn->options;
    const char *name = item->text;
    for (int i = 0; i < k; i++) {
        const char *other = fn->name[i];
        if (strcmp(name, other) == 0) {
            error_name_taken(program, item->name_span, name, i < fn->inputs ? "an input" : "an option",
                (Span){0, 0, 0});
            return false;
        }
        if (is_derivative_of(name, other) || is_derivative_of(other, name)) {
            error_fn_signature(program, item->name_span,
                arena_format(program->arena, "`%s` and `%s` cannot stand side by side", other, name),
                "d_ is for derivatives in the C");
            return false;
        }
    }
    fn->name[k] = name;
    fn->c_name[k] = fn_c_name(program->arena, name);
    return true;
}

static bool read_signature(Program *program, Fn *fn)
{
    const Ast *signature = fn->ast->child[0];
    bool good = true;
    for (int i = 0; i < signature->children; i++) {
        const Ast *item = signature->child[i];
        bool input = item->kind == AST_INPUT;
        if (input && item->children > 0) {
            error_fn_signature(program, item->child[0]->span, "an input of a fn has no type",
                "a fn takes single numbers, whatever the shape of the value");
            return false;
        }
        if ((input ? fn->inputs : fn->options) == (input ? FN_INPUTS : FN_OPTIONS)) {
            error_fn_signature(program, item->span,
                arena_format(program->arena, "a fn has at most %d %s", input ? FN_INPUTS : FN_OPTIONS,
                    input ? "inputs" : "options"), NULL);
            return false;
        }
        good &= add_name(program, fn, item);
        if (input)
            fn->inputs++;
        else
            fn->fallback[fn->options++] = item->children > 0 ? item->child[0] : NULL;
    }
    if (fn->inputs > 0)
        return good;
    error_fn_signature(program, fn->ast->name_span, "a fn needs an input", "of constants alone it would be a `const`");
    return false;
}

// -------------------------------------------------------------------------------------------------------- defaults

// A default that needs no other option is a number at once; one that does is text for the table.
static bool read_default(Program *program, Fn *fn, int k)
{
    const Ast *ast = fn->fallback[k];
    const FnNames all = {program, fn, fn->name, fn->variable, fn->inputs + fn->options, fn->inputs};
    const FnNames earlier = {program, fn, fn->name + fn->inputs, fn->variable + fn->inputs, k, 0};
    Arg *arg = &fn->op.args[k];
    *arg = (Arg){.name = fn->name[fn->inputs + k], .kind = ARG_REAL};
    if (!ast)
        return true;
    Constant value;
    if (fn_mentions(&all, ast) && !fn_mentions(&earlier, ast)) {
        error_fn_holds(program, ast->span, "a default uses constants and the options before it", NULL);
        return false;
    }
    if (!fn_check_names(&earlier, ast))
        return false;
    if (!fn_mentions(&earlier, ast)) {
        if (!constant_evaluate(fn->constants, ast, &value))
            return false;
        if (value.kind != CONSTANT_NUMBER) {
            error_option_kind(program, &fn->op, arg, ast->span, "a number");
            return false;
        }
    }
    bool plain = ast->kind == AST_NUMBER;
    arg->fallback = plain ? ast->text
        : fn_mentions(&earlier, ast) ? fn_text(program, &earlier, ast) : constant_text(program->arena, &value);
    return true;
}

// ---------------------------------------------------------------------------------------------------------- tables

bool fn_derivative_takes(const Fn *fn, int input, int k)
{
    return expr_mentions(fn->derivative[input], fn->variable[k]);
}

const char *fn_derivative_name(Arena *arena, const Fn *fn, int input)
{
    return arena_format(arena, "%s__d_%s", fn->op.name, fn->name[input]);
}

// What the k-th name is called in rules: its own, but for words that mean something there ($n, $seed).
static const char *word_of(Arena *arena, const Fn *fn, int k)
{
    if (!word_in(fn->name[k], strlen(fn->name[k]), "n N P valid seed step first path d_loss"))
        return fn->name[k];
    return arena_format(arena, k < fn->inputs ? "%s__" : "option__%s", fn->name[k]);
}

// "$x, $beta"; of the derivative by an input only what it mentions.
static const char *placeholders(Arena *arena, const Fn *fn, int input)
{
    Text text = text_new(arena);
    for (int k = 0; k < fn->inputs + fn->options; k++)
        if (input < 0 || fn_derivative_takes(fn, input, k))
            text_add(&text, "%s$%s", text.length ? ", " : "", word_of(arena, fn, k));
    return text.data;
}

// Where no gradient comes none goes on, even if the derivative is infinite: a `where` may have left the value out.
static const char *backward_rule(Arena *arena, const Fn *fn, int input, const char *d_y)
{
    const Expr *derivative = fn->derivative[input];
    if (expr_is(derivative, 0)) // "0" alone: there is none, as of a condition, and a parameter behind it is not stepped
        return expr_passes(fn->value, fn->variable[input]) ? "(real)0" : "0";
    if (expr_is(derivative, 1))
        return d_y;
    const char *name = fn_derivative_name(arena, fn, input);
    const char *call = arena_format(arena, "%s(%s)", name, placeholders(arena, fn, input));
    return arena_format(arena, derivative->blows ? "chain(%s, %s)" : "%s * %s", d_y, call);
}

static void fill_table(Arena *arena, Fn *fn)
{
    const char *y = "y";
    for (int k = 0; k < fn->inputs + fn->options; k++)
        if (strcmp(fn->name[k], "y") == 0 || strcmp(fn->name[k], "d_y") == 0)
            y = "y__";
    const char *d_y = arena_format(arena, "$d_%s", y);
    for (int k = 0; k < fn->inputs; k++)
        fn->op.inputs[k] = (Tensor){.name = word_of(arena, fn, k), .type = "[...]"};
    fn->op.outputs[0] = (Tensor){.name = y, .type = "[...]"};
    fn->op.forward[0].value = arena_format(arena, "%s__value(%s)", fn->op.name, placeholders(arena, fn, -1));
    for (int k = 0; k < fn->inputs; k++)
        fn->op.backward[k] = (Rule){.of = fn->op.inputs[k].name, .value = backward_rule(arena, fn, k, d_y)};
}

static int nodes_of(const Ast *ast)
{
    int count = 1;
    for (int i = 0; i < ast->children; i++)
        count += nodes_of(ast->child[i]);
    return count;
}

static bool read_body(Program *program, Fn *fn)
{
    const Ast *body = fn->ast->child[1];
    int count = fn->inputs + fn->options;
    fn->pool = expr_pool(program->arena);
    for (int k = 0; k < count; k++)
        fn->variable[k] = expr_variable(fn->pool, fn->c_name[k], k < fn->inputs ? fn->options + k : k - fn->inputs);
    FnNames names = {program, fn, fn->name, fn->variable, count, fn->inputs};
    bool good = true;
    for (int k = 0; k < fn->options; k++)
        good &= read_default(program, fn, k);
    if (nodes_of(body) > LONGEST) {
        error_fn_holds(program, fn->ast->name_span, "this fn is too long", "make several fns of it");
        return false;
    }
    if (!fn_check_names(&names, body) || !good || !(fn->value = fn_build(&names, body)))
        return false;
    for (int k = 0; k < fn->inputs; k++)
        fn->derivative[k] = expr_derivative(fn->pool, fn->value, fn->variable[k]);
    return true;
}

static void declare(Program *program, const Ast *ast)
{
    Fn *fn = arena_new(program->arena, Fn, 1);
    fn->ast = ast;
    fn->constants = files_scope(program, ast->span);
    fn->op.name = ast->text;
    fn->op.kind = OP_FUNCTION;
    fn->op.doc = "A fn of the program.";
    fn->op.order = ORDER_ANY;
    if (!name_is_free(program, fn->constants, ast) || !read_signature(program, fn) || !read_body(program, fn))
        return;
    fill_table(program->arena, fn);
    map_set(&program->functions, ast->text, &fn->op);
}

// The files that a file uses stand before it.
static void declare_file(Program *program, int k, bool *done)
{
    const File *file = &program->files.items[k];
    if (done[k])
        return;
    done[k] = true;
    for (int i = 0; i < file->uses.count; i++)
        declare_file(program, file->uses.items[i].file, done);
    for (int i = 0; i < file->ast->children; i++)
        if (file->ast->child[i]->kind == AST_FN)
            declare(program, file->ast->child[i]);
}

void fns_declare(Program *program)
{
    declare_file(program, 0, arena_new(program->arena, bool, program->files.count));
}

const char *fn_derivative_text(const Program *program, const char *name, const char *input)
{
    const Op *op = map_get(&program->functions, name);
    const Fn *fn = op ? fn_of(program, op) : NULL;
    for (int k = 0; fn && k < fn->inputs; k++)
        if (strcmp(fn->name[k], input) == 0) {
            ExprText text = expr_write(fn->pool, expr_expand(fn->pool, fn->derivative[k]), "");
            return arena_format(program->arena, "d %s / d %s = %s", name, input, text.formula);
        }
    return NULL;
}
