// Statements of a row as lines of C: calls, loops, the derivation beside backward's, and what else a section of the model says
// about a row.
#include "functions.h"
#include <string.h>

// What a backward statement computes, as its table says; operators of formulas show it themselves.
static const char *formula_of(const Statement *s)
{
    bool shown = s->backward && s->rule && s->rule->formula && s->node->op->kind != OP_OPERATOR;
    return shown ? s->rule->formula : NULL;
}

static const char *formula_comment(Program *program, const Statement *s)
{
    return formula_of(s) ? arena_format(program->arena, " /* %s */", formula_of(s)) : "";
}

static void write_loop(Writer *w, Program *program, const Statement *s, int count)
{
    int lines = 0;
    Value *target = NULL;
    for (int i = 0; i < count; i++)
        if (!s[i].inlined) {
            lines++;
            target = s[i].target;
        }
    const char *size = call_count(program->arena, &target->type);
    if (lines > 1)
        writer_open(w, "for (int i = 0; i < %s; i++)", size);
    else {
        writer_line(w, "for (int i = 0; i < %s; i++)", size);
        writer_indent(w);
    }
    for (int i = 0; i < count; i++)
        if (!s[i].inlined)
            writer_line(w, "%s[i] %s %s;%s", value_c(program->arena, s[i].target, s[i].backward),
                s[i].adds ? "+=" : "=", s[i].text, lines > 1 ? formula_comment(program, &s[i]) : "");
    if (lines > 1)
        writer_close(w, "%s", "");
    else
        writer_dedent(w);
}

// The first input of the model whose derivative backward can make: where it is wanted, all are.
static Value *asked_input(const Graph *graph)
{
    for (int i = 0; i < graph->columns.count; i++)
        if (graph->columns.items[i]->need == NEED_INPUT && graph->columns.items[i]->d_stored)
            return graph->columns.items[i];
    return NULL;
}

static bool formula_before(const Statement *first, const Statement *s)
{
    for (const Statement *t = first; t < s; t++)
        if (formula_of(t) && strcmp(formula_of(t), formula_of(s)) == 0)
            return true;
    return false;
}

// The formulas of a loop of one line above it, each once; of several lines each has its own.
static void write_loop_formulas(Writer *w, Program *program, const Statement *s, int count)
{
    Text text = text_new(program->arena);
    int lines = 0;
    for (int i = 0; i < count; i++)
        lines += !s[i].inlined;
    for (int i = 0; i < count && lines == 1; i++)
        if (formula_of(&s[i]) && !formula_before(s, &s[i]))
            text_add(&text, "%s%s", text.length ? ",  " : "", formula_of(&s[i]));
    if (text.length)
        writer_comment(w, "%s", text.data);
}

// The statements from k on that belong together (one call, one loop); how many.
static int write_statement(Writer *w, Program *program, const Statements *list, int k)
{
    const Statement *s = &list->items[k];
    int count = 1;
    if (s->call) {
        bool again = k > 0 && list->items[k - 1].rule == s->rule && list->items[k - 1].node == s->node;
        const char *call = statement_expand(s, s->call, false, NULL, NULL), *formula = again ? NULL : formula_of(s);
        if (formula)
            writer_line(w, "%s /* %s */", call, formula);
        else
            writer_line(w, "%s", call);
    } else {
        while (k + count < list->count && list->items[k + count].loop == s->loop && !list->items[k + count].call)
            count++;
        write_loop_formulas(w, program, s, count);
        write_loop(w, program, s, count);
    }
    return count;
}

void emit_row(Writer *w, Program *program, const Statements *list, int from, int to)
{
    for (int k = from; k < to;) {
        bool guarded = list->items[k].guarded;
        if (!guarded) {
            k += write_statement(w, program, list, k);
            continue;
        }
        int end = k;
        while (end < to && list->items[end].guarded)
            end++;
        writer_open(w, "if (%s)", value_c(program->arena, asked_input(program->graph), true));
        writer_comment(w, "only gradcheck asks for the derivative by an input");
        while (k < end)
            k += write_statement(w, program, list, k);
        writer_close(w, "%s", "");
    }
}

int emit_row_end(const Statements *list, int from)
{
    int to = from;
    while (to < list->count && list->items[to].node->row == list->items[from].node->row)
        to++;
    return to;
}

static bool makes_nothing(const Graph *graph, const Row *row)
{
    for (int i = 0; i < graph->nodes.count; i++)
        if (graph->nodes.items[i]->row == row) {
            const Rule *rule = call_forward(graph->nodes.items[i], true);
            if (rule && !rule->alias)
                return false;
        }
    return true;
}

bool emit_has_nodes(const Graph *graph, const Row *row)
{
    for (int i = 0; i < graph->nodes.count; i++)
        if (graph->nodes.items[i]->row == row)
            return true;
    return false;
}

bool emit_has_statements(const Statements *list, const Row *row)
{
    for (int k = 0; k < list->count; k++)
        if (list->items[k].node->row == row)
            return true;
    return false;
}

static Value *row_value(const Graph *graph, const Row *row)
{
    Value *value = NULL;
    for (int i = 0; i < graph->nodes.count; i++)
        if (graph->nodes.items[i]->row == row && graph->nodes.items[i]->outputs.count)
            value = graph->nodes.items[i]->outputs.items[0];
    return value;
}

void emit_row_comment(Writer *w, Program *program, const Row *row)
{
    writer_blank(w);
    const Value *value = row_value(program->graph, row);
    if (makes_nothing(program->graph, row) && value && value->alias) {
        const Value *from = value->alias;
        writer_comment(w, "%s%s%s: %s is read as %s", row->comment, *row->comment ? "\n" : "", row->text,
            strchr(type_text(program->arena, &from->type), '['), strchr(type_text(program->arena, &value->type), '['));
    } else
        writer_comment(w, "%s%s%s", row->comment, *row->comment ? "\n" : "", row->text);
}

void emit_unused(Writer *w, const Statements *list, const char *parameters)
{
    Takes used = takes_of(list, 0, list->count);
    const struct {
        char name;
        bool used;
    } all[] = {{'p', used.p}, {'v', used.v}, {'d', used.d}, {'g', used.g}, {'n', used.n}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strchr(parameters, all[i].name) && !all[i].used)
            writer_line(w, "(void)%c;", all[i].name);
}
