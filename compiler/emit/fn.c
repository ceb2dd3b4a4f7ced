// The fns that the model uses, before its forward: of each, under its own text, the value and the derivatives side by
// side, as functions of single numbers. What the lines of the model do not call is left out.
#include "../fn.h"
#include "../statement.h"
#include "scalars.h"
#include <ctype.h>
#include <string.h>

static bool calls(const char *text, const char *function)
{
    size_t n = strlen(function);
    for (const char *s = text; (s = strstr(s, function)); s += n)
        if (s[n] == '(' && (s == text || !(isalnum((unsigned char)s[-1]) || s[-1] == '_')))
            return true;
    return false;
}

// What the model's loops compute, and then the bodies of fns that these call.
static Text lines_of_model(const Program *program)
{
    const Graph *graph = program->graph;
    Text text = text_new(graph->arena);
    const Statements *lists[] = {&graph->forward_train, &graph->forward_eval, &graph->loss, &graph->backward,
        &graph->measured};
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        for (int i = 0; i < lists[k]->count; i++)
            if (lists[k]->items[i].text)
                text_add(&text, "%s\n", lists[k]->items[i].text);
    emit_scalar_text(program, &text);
    return text;
}

// One function: the lines of what is shared, then the result.
typedef struct {
    const char *head;
    ExprText text;
    const char *formula; // of a derivative
} Function;

static const char *parameters(Arena *arena, const Fn *fn, int input, const char *before)
{
    Text text = text_new(arena);
    for (int k = 0; k < fn->inputs + fn->options; k++)
        if (input < 0 || fn_derivative_takes(fn, input, k))
            text_add(&text, "%s%s%s", text.length ? ", " : "", before, fn->c_name[k]);
    return text.data;
}

static Function function_of(Arena *arena, const Fn *fn, int input)
{
    const char *taken = parameters(arena, fn, -1, "");
    Text blanks = text_new(arena);
    for (const char *s = taken; *s; s++)
        if (*s != ',')
            text_put(&blanks, s, 1);
    const Expr *e = expr_expand(fn->pool, input < 0 ? fn->value : fn->derivative[input]);
    Function f = {.text = expr_write(fn->pool, e, blanks.data)};
    const char *name = input < 0 ? arena_format(arena, "%s__value", fn->op.name) : fn_derivative_name(arena, fn, input);
    const char *list = parameters(arena, fn, input, "real ");
    f.head = arena_format(arena, "static inline real %s(%s)", name, *list ? list : "void");
    if (input >= 0)
        f.formula = arena_format(arena, "d %s / d %s = %s", fn->op.name, fn->name[input], f.text.formula);
    return f;
}

static void write_block(Writer *w, const ExprBlock *block, const char *target, const char *type);

// One statement stands without braces, as everywhere. `open`: the branch before has some.
static void write_branch(Writer *w, const char *head, const ExprBlock *block, const char *target, const char *type,
    bool open)
{
    bool braces = block->lines.count > 0;
    if (open)
        writer_close(w, " %s%s", head, braces ? " {" : "");
    else
        writer_line(w, "%s%s", head, braces ? " {" : "");
    writer_indent(w);
    write_block(w, block, target, type);
    if (!braces)
        writer_dedent(w);
}

// Sets the target, or returns (target NULL); then what follows needs no else.
static void write_choice(Writer *w, const ExprLine *line, const char *target, const char *type)
{
    bool first = line->yes->lines.count > 0, second = line->no->lines.count > 0 && target;
    write_branch(w, arena_format(w->text.arena, "if (%s)", line->condition), line->yes, target, type, false);
    if (target)
        write_branch(w, "else", line->no, target, type, first);
    if (target ? second : first)
        writer_close(w, "%s", "");
    if (!target)
        write_block(w, line->no, target, type);
}

static void write_block(Writer *w, const ExprBlock *block, const char *target, const char *type)
{
    for (int i = 0; i < block->lines.count; i++) {
        const ExprLine *line = &block->lines.items[i];
        if (line->value)
            writer_line(w, "%s %s = %s;", type, line->name, line->value);
        else {
            if (line->name)
                writer_line(w, "%s %s;", type, line->name);
            write_choice(w, line, line->name ? line->name : target, type);
        }
    }
    if (block->result && target)
        writer_line(w, "%s = %s;", target, block->result);
    else if (block->result)
        writer_line(w, "return %s;", block->result);
}

void emit_expression(Writer *w, const ExprBlock *block, const char *type) { write_block(w, block, NULL, type); }

// What is called in a block, for `calls`.
void emit_expression_text(Text *text, const ExprBlock *block)
{
    for (int i = 0; i < block->lines.count; i++) {
        const ExprLine *line = &block->lines.items[i];
        text_add(text, "%s\n", line->value ? line->value : line->condition);
        if (!line->value) {
            emit_expression_text(text, line->yes);
            emit_expression_text(text, line->no);
        }
    }
    text_add(text, "%s\n", block->result ? block->result : "");
}

static void write_function(Writer *w, const Fn *fn, const Function *f, int input)
{
    if (f->formula)
        writer_comment(w, "%s", f->formula);
    writer_function(w, "%s", f->head);
    const Expr *e = expr_expand(fn->pool, input < 0 ? fn->value : fn->derivative[input]);
    for (int k = 0; k < fn->inputs + fn->options; k++)
        if ((input < 0 || fn_derivative_takes(fn, input, k)) && !expr_mentions(e, fn->variable[k]))
            writer_line(w, "(void)%s;", fn->c_name[k]);
    write_block(w, f->text.c, NULL, "real");
    writer_close(w, "%s", "");
}

// Calls of other fns are followed from the last fn to the first, since a fn calls only those above it.
void emit_functions(Writer *w, Program *program)
{
    Arena *arena = program->arena;
    Text model = lines_of_model(program);
    Text *parts = arena_new(arena, Text, program->functions.count + 1);
    for (int i = program->functions.count - 1; i >= 0; i--) {
        const Fn *fn = fn_of(program, program->functions.entries[i].value);
        Writer own = writer_new(arena);
        bool any = false;
        for (int input = -1; input < fn->inputs; input++) {
            const char *name = input < 0 ? arena_format(arena, "%s__value", fn->op.name)
                                         : fn_derivative_name(arena, fn, input);
            if (!calls(model.data, name))
                continue;
            Function f = function_of(arena, fn, input);
            if (!any) {
                const char *comment = ast_comment_above(arena, &program->parsed, program->source, fn->ast);
                writer_comment(&own, "%s%s%s", comment, *comment ? "\n" : "",
                    source_quote(program->source, arena, fn->ast->span));
            }
            any = true;
            write_function(&own, fn, &f, input);
            emit_expression_text(&model, f.text.c);
        }
        parts[i] = own.text;
    }
    for (int i = 0; i < program->functions.count; i++)
        if (parts[i].length > 0) {
            writer_verbatim(w, parts[i].data);
            writer_blank(w);
        }
}
