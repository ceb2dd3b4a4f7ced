// mtc grad: how the derivative of a row comes about: what the row computes, the derivative that it is given, the chain
// rule with the model's names, what is kept from forward for it, and the C, from the emitter itself. Input: a program
// after all passes. Invariant: lines of the chain rule and of the C come from the same statements.
#include "../emit/functions.h"
#include "../fn.h"
#include "../suggest.h"
#include "inside.h"
#include <string.h>

enum { LABEL = 14, CODE = 6 };

typedef struct {
    Program *program;
    const Row *row;
    Text *out;
    const ReportRows *rows;
    ReportTable table; // the lines of a part
} Grad;

static ReportNames names_of(const Grad *g, const Statement *s)
{
    return (ReportNames){g->program, g->row, s, false};
}

static void add_line(Grad *g, const char *a, const char *b, const char *c, const char *d)
{
    ReportLine line = {{a, b, c, d, NULL}};
    vec_push(g->program->arena, &g->table.lines, line);
}

// The lines so far, the first behind a label, the others below it.
static void end_part(Grad *g, const char *label)
{
    Text text = text_new(g->program->arena);
    report_print(&g->table, &text);
    for (const char *s = text.data; *s; s += strcspn(s, "\n") + 1) {
        text_add(g->out, "  %-*s%.*s\n", LABEL - 2, label, (int)strcspn(s, "\n"), s);
        label = "";
    }
    g->table.lines.count = 0;
}

// ------------------------------------------------------------------------------------------------------- forward

// "W = fc2.weight [84, 120], b = fc2.bias [84]"
static const char *parameters_text(const Grad *g, const Node *node)
{
    Arena *arena = g->program->arena;
    const ReportNames names = names_of(g, NULL);
    Text out = text_new(arena);
    for (int i = 0; i < node->parameters.count; i++) {
        const Value *parameter = node->parameters.items[i];
        const char *doc = parameter->tensor ? parameter->tensor->doc : NULL;
        const char *symbol = doc && !strchr(doc, ' ') ? doc : parameter->tensor ? parameter->tensor->name : "";
        text_add(&out, "%s%s = %s %s", out.length ? ", " : "", symbol, report_name(&names, parameter),
            report_brackets(arena, &parameter->type));
    }
    return out.data;
}

// The right side of a formula; the whole if it has none.
static const char *right_side(const char *formula)
{
    const char *sign = strstr(formula, " = ");
    return sign ? sign + 3 : formula;
}

static const char *value_formula(const Grad *g, const Node *node)
{
    ReportNames names = names_of(g, NULL);
    const Rule *rule = call_forward(node, true);
    names.symbols = true;
    if (rule && rule->alias)
        return arena_format(g->program->arena, "%s, read as another shape", report_name(&names, node->inputs.items[0]));
    if (rule && rule->formula)
        return report_formula(&names, node, right_side(rule->formula));
    if (rule && rule->value)
        return report_template(&names, node, rule->value);
    return node->stage ? node->stage : node->op->name;
}

static void add_values(Grad *g, const Node *node)
{
    Arena *arena = g->program->arena;
    const ReportNames names = names_of(g, NULL);
    for (int k = 0; k < node->outputs.count; k++) {
        const Value *value = node->outputs.items[k];
        const ReportNames own = {g->program, g->row, NULL, false};
        bool renamed = value->alias != NULL; // flatten: its own name, not that of what it reads
        Value shown = *value;
        if (renamed)
            shown.alias = NULL;
        if (value->kind != VALUE_PARAMETER)
            add_line(g, report_name(&own, &shown), report_brackets(arena, &value->type),
                arena_format(arena, "= %s", value_formula(g, node)), parameters_text(g, node));
        else
            add_line(g, report_name(&own, &shown), report_brackets(arena, &value->type), "a parameter", "");
    }
    if (node->outputs.count == 0)
        add_line(g, node->op->name, "", arena_format(arena, "= %s", value_formula(g, node)), "");
    for (int k = 0; k < node->temporaries.count; k++) {
        const Value *value = node->temporaries.items[k];
        if (value->stored)
            add_line(g, report_name(&names, value), report_brackets(arena, &value->type), "",
                value->tensor->doc ? report_formula(&names, node, value->tensor->doc) : "");
    }
}

// ------------------------------------------------------------------------------------------------------- backward

// Which derivatives a statement writes.
typedef struct {
    const Value *wanted; // or NULL: anything
    const Row *made_in;  // or NULL
    bool found;
} Writes;

// A row without a name is called by its text.
static const char *label_of(const Row *row)
{
    return row->section == SECTION_LOSS ? "the loss" : row->named ? row->path : row->text;
}

// The name by which a node knows a value: in a block what goes in has a name of its own.
static const Value *seen_as(const Node *node, const Value *place, bool derivative)
{
    for (int i = 0; i < node->inputs.count; i++)
        if (value_place(node->inputs.items[i], derivative) == place)
            return node->inputs.items[i];
    return place;
}

static const Row *row_of(const Value *value) { return value->maker ? value->maker->row : NULL; }

static void find_write(void *data, Value *root, bool derivative, bool writes)
{
    Writes *w = data;
    if (derivative && writes && (!w->made_in || (root->kind != VALUE_PARAMETER && row_of(root) == w->made_in)))
        w->found = true;
}

// What a statement says: its formula, or its own text, with the model's names.
static const char *statement_text(const Grad *g, const Statement *s)
{
    Arena *arena = g->program->arena;
    const ReportNames names = names_of(g, s);
    if (!s->rule)
        return arena_format(arena, "d %s += d %s", report_name(&names, s->target), report_name(&names, s->part));
    const char *sign = s->adds ? "+=" : "=";
    if (s->rule->formula && s->node->op->kind != OP_OPERATOR)
        return report_formula(&names, s->node, s->rule->formula);
    if (s->element)
        return arena_format(
            arena, "d %s %s %s", report_name(&names, s->target), sign, report_template(&names, s->node, s->element));
    return report_template(&names, s->node, s->call);
}

// The statement before it is the same rule (a rule of several calls says its formula once).
static bool is_again(const Statements *list, int k)
{
    return k > 0 && list->items[k].rule && list->items[k - 1].rule == list->items[k].rule &&
        list->items[k - 1].node == list->items[k].node && list->items[k - 1].which == list->items[k].which &&
        list->items[k].call;
}

// In a block a value of this row has another name: "s1.1.x is b__relu".
static const char *input_note(const Grad *g, const Node *node)
{
    const ReportNames names = names_of(g, NULL);
    for (int i = 0; i < node->inputs.count; i++) {
        const Value *input = node->inputs.items[i], *root = value_root(node->inputs.items[i]);
        if (value_is_pointer(input) && row_of(root) == g->row)
            return arena_format(
                g->program->arena, "  where %s is %s", report_name(&names, input), report_name(&names, root));
    }
    return "";
}

static void add_given(Grad *g)
{
    const Graph *graph = g->program->graph;
    Arena *arena = g->program->arena;
    const ReportNames names = names_of(g, NULL);
    for (int k = 0; k < graph->backward.count; k++) {
        const Statement *s = &graph->backward.items[k];
        Writes writes = {NULL, g->row, false};
        if (s->node->row == g->row || !s->rule || is_again(&graph->backward, k))
            continue;
        statement_visit(s, find_write, &writes);
        for (int i = 0; i < 4 && s->parts[i].of; i++) // a part of it
            writes.found |= row_of(s->parts[i].part) == g->row;
        if (writes.found)
            add_line(g, arena_format(arena, "from %s:", label_of(s->node->row)), statement_text(g, s),
                input_note(g, s->node), NULL);
    }
    for (int i = 0; i < graph->nodes.count; i++) // what passes through unchanged
        for (int k = 0; k < graph->nodes.items[i]->inputs.count && graph->nodes.items[i]->row != g->row; k++) {
            const Node *node = graph->nodes.items[i];
            const Value *input = value_root(node->inputs.items[k]);
            if (input->d_alias && row_of(input) == g->row && node->outputs.count > 0 &&
                input->d_alias == value_root(node->outputs.items[0]))
                add_line(g, arena_format(arena, "from %s:", label_of(node->row)),
                    arena_format(arena, "d %s = d %s", report_name(&names, input), report_name(&names, input->d_alias)),
                    "", NULL);
        }
    end_part(g, "given");
}

// Where the derivative by an input of the row goes.
static const char *goes_to(const Grad *g, const Statement *s)
{
    Arena *arena = g->program->arena;
    bool scaled = s->rule && s->node->outputs.count == 0 && s->node->d_loss != 1;
    const char *factor = scaled ? arena_format(arena, "times %s", shortest(arena, s->node->d_loss)) : "";
    if (s->guarded)
        return "only gradcheck asks for it";
    for (int i = 0; s->rule && i < s->node->inputs.count; i++) {
        const char *name = call_input_name(s->node, i);
        const Value *input = value_root(s->node->inputs.items[i]);
        bool sums = s->element && value_root(s->target) != input;
        if (!word_in(name, strlen(name), s->rule->of) || sums || row_of(input) == g->row ||
            (s->node->op->inputs[0].many && i != s->which))
            continue;
        if (input->kind == VALUE_PARAMETER)
            continue;
        if (row_of(input))
            return arena_format(arena, "passed on to %s%s%s", label_of(row_of(input)), *factor ? ", " : "", factor);
    }
    return factor;
}

static bool is_parameter(const Grad *g, const Node *node, const char *derivative)
{
    const ReportNames names = names_of(g, NULL);
    for (int i = 0; i < node->parameters.count; i++)
        if (starts_with(derivative, "d ") &&
            strcmp(derivative + strlen("d "), report_name(&names, node->parameters.items[i])) == 0)
            return true;
    return false;
}

static void add_part(Grad *g, const Statement *s, const char *text)
{
    const char *plus = strstr(text, " += "), *sign = strstr(text, " = ");
    bool adds = plus && (!sign || plus < sign);
    const char *at = adds ? plus : sign;
    if (!at) {
        add_line(g, text, "", "", goes_to(g, s));
        return;
    }
    const char *left = arena_copy(g->program->arena, text, (size_t)(at - text));
    const char *note = is_parameter(g, s->node, left) ? "" : goes_to(g, s);
    add_line(g, left, adds || s->adds ? "+=" : " =", at + (adds ? 4 : 3), note);
}

// A rule for several derivatives has a line for each: "dw += sum h dy,  db += sum dy".
static void add_rule_line(Grad *g, const Statement *s, const char *text)
{
    const char *next;
    while ((next = strstr(text, ",  d "))) {
        add_part(g, s, arena_copy(g->program->arena, text, (size_t)(next - text)));
        text = next + strlen(",  ");
    }
    add_part(g, s, text);
}

static void add_chain(Grad *g)
{
    const Graph *graph = g->program->graph;
    Arena *arena = g->program->arena;
    const ReportNames names = names_of(g, NULL);
    for (int i = graph->nodes.count - 1; i >= 0; i--) {
        const Node *node = graph->nodes.items[i];
        if (node->row != g->row)
            continue;
        for (int k = 0; k < node->inputs.count && node->outputs.count > 0; k++) {
            const Value *input = value_root(node->inputs.items[k]), *output = value_root(node->outputs.items[0]);
            if (input->d_alias == output)
                add_line(g, arena_format(arena, "d %s", report_name(&names, input)), " =",
                    arena_format(arena, "d %s", report_name(&names, output)), "the same numbers");
        }
        for (int k = 0; k < graph->backward.count; k++)
            if (graph->backward.items[k].node == node && !is_again(&graph->backward, k))
                add_rule_line(g, &graph->backward.items[k], statement_text(g, &graph->backward.items[k]));
    }
    end_part(g, "chain rule");
}

// The user's own functions that the row calls, each once, with their derivatives as they were found.
static void add_fns(Grad *g)
{
    const Graph *graph = g->program->graph;
    Arena *arena = g->program->arena;
    Map told = map_new(arena);
    for (int i = 0; i < graph->nodes.count; i++) {
        const Node *node = graph->nodes.items[i];
        const Fn *fn = node->row == g->row ? fn_of(g->program, node->op) : NULL;
        if (!fn || map_set(&told, fn->op.name, (void *)fn))
            continue;
        add_line(g, source_quote(g->program->source, arena, fn->ast->span), NULL, NULL, NULL);
        for (int k = 0; k < fn->inputs; k++) {
            const char *text = fn_derivative_text(g->program, fn->op.name, fn->name[k]);
            if (text)
                add_line(g, text, NULL, NULL, NULL);
        }
    }
    end_part(g, "fn");
}

// ---------------------------------------------------------------------------------------------------------- keeps

typedef struct {
    const Value *value, *shown;
    Text why;
} Kept;

typedef struct {
    Grad *g;
    const Statement *statement;
    VEC(Kept) kept;
} Keeping;

typedef struct {
    const ReportNames *names;
    Text *out;
} Targets;

static void add_target(void *data, Value *root, bool derivative, bool writes)
{
    Targets *t = data;
    const Value *value = seen_as(t->names->statement->node, root, true);
    const char *name = derivative && writes ? arena_format(t->out->arena, "d %s", report_name(t->names, value)) : NULL;
    if (name && !strstr(t->out->data, name))
        text_add(t->out, "%s%s", t->out->length ? ", " : "", name);
}

static void add_kept(void *data, Value *root, bool derivative, bool writes)
{
    Keeping *k = data;
    Arena *arena = k->g->program->arena;
    if (derivative || writes || root->kind == VALUE_PARAMETER || root->kind == VALUE_LITERAL ||
        root->kind == VALUE_BUFFER)
        return;
    const ReportNames names = names_of(k->g, k->statement);
    Text why = text_new(arena);
    Targets targets = {&names, &why};
    statement_visit(k->statement, add_target, &targets);
    for (int i = 0; i < k->kept.count; i++)
        if (k->kept.items[i].value == root) {
            if (!strstr(k->kept.items[i].why.data, why.data))
                text_add(&k->kept.items[i].why, ", %s", why.data);
            return;
        }
    Kept kept = {root, seen_as(k->statement->node, root, false), why};
    vec_push(arena, &k->kept, kept);
}

static void add_keeps(Grad *g)
{
    const Graph *graph = g->program->graph;
    const ReportNames names = names_of(g, NULL);
    Keeping keeping = {.g = g};
    for (int k = 0; k < graph->backward.count; k++)
        if (graph->backward.items[k].node->row == g->row) {
            keeping.statement = &graph->backward.items[k];
            statement_visit(keeping.statement, add_kept, &keeping);
        }
    for (int i = 0; i < keeping.kept.count; i++) {
        const Value *value = keeping.kept.items[i].shown;
        add_line(g, report_name(&names, value), report_brackets(g->program->arena, &value->type),
            arena_format(g->program->arena, "for %s", keeping.kept.items[i].why.data), NULL);
    }
    end_part(g, "keeps");
}

// -------------------------------------------------------------------------------------------------------------- C

static void add_code(Grad *g)
{
    Writer w = writer_new(g->program->arena);
    int lines = 0;
    w.depth = 1;
    w.in_function = true;
    emit_backward_row(&w, g->program, g->row);
    for (const char *s = w.text.data; *s; s++)
        lines += *s == '\n';
    if (lines == 0)
        return;
    text_add(g->out, "  %-*s%s(), %d line%s:\n", LABEL - 2, "C", backward_name(g->program->arena, g->row), lines,
        lines > 1 ? "s" : "");
    for (const char *s = w.text.data; *s; s += strcspn(s, "\n") + 1) {
        const char *line = strncmp(s, "    ", 4) == 0 ? s + 4 : s;
        text_add(g->out, "%*s%.*s\n", CODE, "", (int)strcspn(line, "\n"), line);
    }
}

// ------------------------------------------------------------------------------------------------------- the rows

static void add_inside(const Grad *g)
{
    Text list = text_new(g->program->arena);
    for (int i = 0; i < g->rows->count && list.length < 90; i++) {
        int parent = g->rows->items[i].parent;
        if (parent >= 0 && g->rows->items[parent].row == g->row)
            text_add(&list, "%s%s", list.length ? ", " : "", label_of(g->rows->items[i].row));
    }
    if (list.length > 0)
        text_add(g->out, "  %-*s%s%s\n", LABEL - 2, "rows inside", list.data, list.length < 90 ? "" : ", ...");
}

// Why there is no backward.
static const char *silence(const Grad *g, bool forward)
{
    const Graph *graph = g->program->graph;
    bool need = false, renames = true;
    for (int i = 0; i < graph->nodes.count; i++) {
        const Rule *rule = graph->nodes.items[i]->row == g->row ? call_forward(graph->nodes.items[i], true) : NULL;
        renames &= !rule || rule->alias;
    }
    for (int i = 0; i < graph->nodes.count; i++)
        for (int k = 0; k < graph->nodes.items[i]->outputs.count; k++)
            need |= graph->nodes.items[i]->row == g->row &&
                value_root(graph->nodes.items[i]->outputs.items[k])->need == NEED_ALWAYS;
    return !forward ? "nothing is computed here"
        : renames   ? "nothing to compute: the same numbers, read as another shape"
        : need ? "nothing to compute: the derivative passes through as it is, or the loss does not depend on this row"
               : "nothing at or before this row is trained: nobody needs its derivative";
}

static void report_row(Program *program, const ReportRows *rows, const Row *row, Text *out)
{
    static const int gaps[] = {1, 1, 3, 0};
    Arena *arena = program->arena;
    const Graph *graph = program->graph;
    Grad g = {program, row, out, rows, {.arena = arena, .align = "llll", .gap = gaps}};
    const SourceFile *file = source_file(program->source, row->span.from);
    const char *slash = strrchr(file->path, '/');
    bool within = strchr(row->path, '.') && row->named && !starts_with(row->text, row->path);
    const char *head = within ? arena_format(arena, "%s   %s", row->path, row->text) : row->text;
    text_add(out, "%s%*s%s:%d\n", head, strlen(head) < 60 ? (int)(62 - strlen(head)) : 2, "",
        slash ? slash + 1 : file->path, source_line(program->source, row->span.from));
    if (row->instance)
        text_add(out, "  %-*s%s\n", LABEL - 2, "in", row->instance->what);
    bool forward = false, backward = false;
    for (int i = 0; i < graph->nodes.count; i++)
        if (graph->nodes.items[i]->row == row) {
            add_values(&g, graph->nodes.items[i]);
            forward = true;
        }
    end_part(&g, "values");
    if (row->holds)
        add_inside(&g);
    for (int k = 0; k < graph->backward.count; k++)
        backward |= graph->backward.items[k].node->row == row;
    if (!backward && (forward || !row->holds))
        text_add(out, "  %-*s%s\n", LABEL - 2, "backward", silence(&g, forward));
    if (forward)
        add_given(&g);
    add_chain(&g);
    add_fns(&g);
    add_keeps(&g);
    add_code(&g);
}

bool report_grad(Program *program, const char *path, Text *out, const char **help)
{
    const Graph *graph = program->graph;
    Arena *arena = program->arena;
    const char **names = arena_new(arena, const char *, graph->rows.count + 1);
    int count = 0, found = 0;
    const ReportRows rows = report_rows(program);
    for (int i = 0; i < graph->rows.count; i++) {
        const Row *row = graph->rows.items[i];
        if (row->section == SECTION_METRICS)
            continue;
        if (row->named)
            names[count++] = row->path;
        if (path && strcmp(row->path, path) != 0)
            continue;
        if (found++ > 0)
            text_string(out, "\n");
        report_row(program, &rows, row, out);
    }
    if (found > 0)
        return true;
    const char *near = path ? suggest(path, names, count) : NULL;
    *help = near ? arena_format(arena, "did you mean `%s`?", near)
                 : arena_format(arena, "`mtc grad %s` shows all rows", program->source->path);
    return false;
}
