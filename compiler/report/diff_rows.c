// Which rows of two programs are the same, and what became of them: new, gone, renamed, with other options, or as they
// were on another input. Rows are paired from the outside in: by their name in their block, and where both names are
// alone, by the same text at the same place.
#include "diff.h"
#include <string.h>

// ---------------------------------------------------------------------------------------------------------- pairs

// Of a row without a name: how many of them are behind the same named row, before it and with it.
static int ordinal(const ReportRows *rows, int k)
{
    int count = 0;
    for (int i = 0; i <= k && !rows->items[k].row->named; i++)
        count += !rows->items[i].row->named && rows->items[i].parent == rows->items[k].parent &&
            strcmp(rows->items[i].row->path, rows->items[k].row->path) == 0;
    return count;
}

// The path behind that of the row around it.
static const char *local_path(const ReportRows *rows, int k)
{
    const char *path = rows->items[k].row->path;
    const char *outer = rows->items[k].parent >= 0 ? rows->items[rows->items[k].parent].row->path : NULL;
    size_t n = outer ? strlen(outer) : 0;
    return outer && strncmp(path, outer, n) == 0 && path[n] == '.' ? path + n + 1 : path;
}

static bool same_output(const ReportRow *a, const ReportRow *b)
{
    if (!a->output || !b->output)
        return a->output == b->output;
    return type_same_shape(a->output, b->output);
}

static int parent_pair(const Diff *d, int k)
{
    int parent = d->b_rows.items[k].parent;
    return parent < 0 ? -1 : d->a_of[parent];
}

static bool same_parent(const Diff *d, int i, int k)
{
    int parent = d->b_rows.items[k].parent;
    return (parent < 0 && d->a_rows.items[i].parent < 0) || (parent >= 0 && d->a_of[parent] >= 0 &&
        d->a_rows.items[i].parent == d->a_of[parent]);
}

static void pair_up(Diff *d, int i, int k)
{
    d->a_of[k] = i;
    d->b_of[i] = k;
}

static void pair_by_name(Diff *d, int k)
{
    const Row *row = d->b_rows.items[k].row;
    for (int i = 0; i < d->a_rows.count && d->a_of[k] < 0; i++) {
        const Row *other = d->a_rows.items[i].row;
        if (d->b_of[i] < 0 && same_parent(d, i, k) && other->named == row->named &&
            strcmp(local_path(&d->a_rows, i), local_path(&d->b_rows, k)) == 0 &&
            ordinal(&d->a_rows, i) == ordinal(&d->b_rows, k))
            pair_up(d, i, k);
    }
}

// Whether a row of b has the local name of row i of a.
static bool is_kept(const Diff *d, int i)
{
    for (int k = 0; k < d->b_rows.count; k++)
        if (same_parent(d, i, k) && d->b_rows.items[k].row->named == d->a_rows.items[i].row->named &&
            strcmp(local_path(&d->a_rows, i), local_path(&d->b_rows, k)) == 0 &&
            ordinal(&d->a_rows, i) == ordinal(&d->b_rows, k))
            return true;
    return false;
}

// The row before it in the same block; -1: none.
static int before(const ReportRows *rows, int k)
{
    for (int i = k - 1; i >= 0; i--)
        if (rows->items[i].parent == rows->items[k].parent)
            return i;
    return -1;
}

static void pair_by_place(Diff *d, int k)
{
    int last = before(&d->b_rows, k);
    for (int i = 0; i < d->a_rows.count && d->a_of[k] < 0; i++) {
        int other = before(&d->a_rows, i);
        bool place = (last < 0 && other < 0) || (last >= 0 && other >= 0 && d->a_of[last] == other);
        if (d->b_of[i] < 0 && same_parent(d, i, k) && place && !is_kept(d, i) &&
            strcmp(report_body(d->arena, d->a_rows.items[i].row), report_body(d->arena, d->b_rows.items[k].row)) == 0 &&
            same_output(&d->a_rows.items[i], &d->b_rows.items[k]))
            pair_up(d, i, k);
    }
}

// Rows without a name: by their text, behind those that are paired already.
static void pair_by_text(Diff *d, int k)
{
    int last = before(&d->b_rows, k), from = last >= 0 ? d->a_of[last] : -1;
    for (int i = from + 1; i < d->a_rows.count && d->a_of[k] < 0 && !d->b_rows.items[k].row->named; i++)
        if (d->b_of[i] < 0 && same_parent(d, i, k) && !d->a_rows.items[i].row->named &&
            strcmp(d->a_rows.items[i].row->text, d->b_rows.items[k].row->text) == 0)
            pair_up(d, i, k);
}

void diff_match(Diff *d)
{
    d->a_of = arena_new(d->arena, int, d->b_rows.count + 1);
    d->b_of = arena_new(d->arena, int, d->a_rows.count + 1);
    for (int k = 0; k < d->b_rows.count; k++)
        d->a_of[k] = -1;
    for (int i = 0; i < d->a_rows.count; i++)
        d->b_of[i] = -1;
    for (int k = 0; k < d->b_rows.count; k++) { // what is around a row is paired before it
        bool orphan = d->b_rows.items[k].parent >= 0 && parent_pair(d, k) < 0;
        if (!orphan)
            pair_by_name(d, k);
        if (!orphan && d->a_of[k] < 0)
            pair_by_place(d, k);
    }
    for (int k = 0; k < d->b_rows.count; k++)
        if (d->a_of[k] < 0 && (d->b_rows.items[k].parent < 0 || parent_pair(d, k) >= 0))
            pair_by_text(d, k);
}

// --------------------------------------------------------------------------------------------------------- changes

static const Node *next_node(const Graph *graph, const Row *row, int *at)
{
    for (; *at < graph->nodes.count; ++*at)
        if (graph->nodes.items[*at]->row == row && graph->nodes.items[*at]->op->kind != OP_INTERNAL)
            return graph->nodes.items[(*at)++];
    return NULL;
}

static const char *value_text(const Diff *d, const Constant *value)
{
    bool pair = value->kind == CONSTANT_LIST && value->count == 2 && value->items[0].number == value->items[1].number;
    return constant_text(d->arena, pair ? &value->items[0] : value);
}

// Whether another stage of the row has an option of this name, which is then told with its stage.
static bool is_shared(const Graph *graph, const Node *node, const char *option)
{
    for (int i = 0; i < graph->nodes.count; i++)
        for (int k = 0; k < graph->nodes.items[i]->arguments; k++)
            if (graph->nodes.items[i]->row == node->row && graph->nodes.items[i] != node &&
                strcmp(graph->nodes.items[i]->words.items[k].name, option) == 0)
                return true;
    return false;
}

static void add_argument_changes(const Diff *d, const Node *a, const Node *b, Text *out)
{
    for (int i = 0; i < b->arguments; i++)
        for (int k = 0; k < a->arguments && !strchr(b->words.items[i].name, '.');
             k++) { // of a pair .h and .w are told with it
            const Word *was = &a->words.items[k], *is = &b->words.items[i];
            const char *from = value_text(d, &was->value), *to = value_text(d, &is->value);
            bool several = is_shared(d->b->graph, b, is->name);
            if (strcmp(was->name, is->name) == 0 && strcmp(from, to) != 0)
                text_add(out, "%s%s%s%s %s", out->length ? ", " : "", several ? b->op->name : "", several ? " " : "",
                    is->name, diff_arrow(d, from, to));
        }
}

// What was changed in a row itself: "padding 0 -> 2", or "relu -> gelu". "": nothing.
static const char *own_changes(const Diff *d, int i, int k)
{
    const Row *a = d->a_rows.items[i].row, *b = d->b_rows.items[k].row;
    Text out = text_new(d->arena);
    int at_a = 0, at_b = 0;
    bool same = true;
    for (bool more = true; more;) {
        const Node *x = next_node(d->a->graph, a, &at_a), *y = next_node(d->b->graph, b, &at_b);
        same &= (!x && !y) || (x && y && strcmp(x->op->name, y->op->name) == 0);
        more = x && y && same;
    }
    at_a = at_b = 0;
    for (const Node *y; same && (y = next_node(d->b->graph, b, &at_b));)
        add_argument_changes(d, next_node(d->a->graph, a, &at_a), y, &out);
    const char *from = report_body(d->arena, a), *to = report_body(d->arena, b);
    if (out.length == 0 && strcmp(from, to) != 0)
        return diff_arrow(d, from, to);
    if (!same)
        return strcmp(from, to) == 0 ? "other stages" : diff_arrow(d, from, to);
    return out.data;
}

static const Value *parameter_of(const Graph *graph, const Row *row, const char *last)
{
    for (int i = 0; i < graph->parameters.count; i++) {
        const Value *parameter = graph->parameters.items[i];
        const char *dot = strrchr(parameter->path, '.');
        if (parameter->maker && parameter->maker->row == row && strcmp(dot ? dot : "", last) == 0)
            return parameter;
    }
    return NULL;
}

// Parameters and results that have another shape.
static const char *shapes_text(const Diff *d, int i, int k)
{
    const ReportRow *a = &d->a_rows.items[i], *b = &d->b_rows.items[k];
    const Graph *graph = d->b->graph;
    Text out = text_new(d->arena);
    for (int p = 0; p < graph->parameters.count; p++) {
        const Value *new = graph->parameters.items[p], *old = NULL;
        const char *dot = strrchr(new->path, '.');
        if (new->maker && new->maker->row == b->row)
            old = parameter_of(d->a->graph, a->row, dot ? dot : "");
        if (old && !type_same_shape(&old->type, &new->type))
            text_add(&out, "%s%s %s", out.length ? ", " : "", dot ? dot + 1 : new->path,
                diff_arrow(d, report_brackets(d->arena, &old->type), report_brackets(d->arena, &new->type)));
    }
    if (!same_output(a, b) && a->output && b->output)
        text_add(&out, "%soutput %s", out.length ? ", " : "",
            diff_arrow(d, report_brackets(d->arena, a->output), report_brackets(d->arena, b->output)));
    return out.data;
}

static double sum_inside(const ReportRows *rows, int k)
{
    double sum = 0;
    for (int i = k; i < rows->count; i++)
        if (report_is_inside(rows, i, k))
            sum += (double)rows->items[i].parameters;
    return sum;
}

static const char *row_name(const Row *row) { return row->named ? row->path : ""; }

// A row that one of the programs does not have; those inside of it are not told.
static void add_lone(
    const Diff *d, ReportTable *table, const Program *program, const ReportRows *rows, int k, const char *what)
{
    int last = before(rows, k);
    const Row *row = rows->items[k].row;
    double count = sum_inside(rows, k);
    const char *place = last < 0 ? "first" : arena_format(d->arena, "after %s",
        *row_name(rows->items[last].row) ? rows->items[last].row->path : rows->items[last].row->text);
    Text text = text_new(d->arena);
    text_string(&text, rows->items[k].repeats ? row->text : report_brief(program, row));
    if (count > 0)
        text_add(&text, ", %s parameters", report_count(d->arena, count));
    diff_add(d, table, row_name(row), arena_format(d->arena, "%s, %s", what, place), text.data, "");
}

void diff_rows(const Diff *d)
{
    ReportTable table = diff_table(d);
    for (int k = 0; k < d->b_rows.count; k++) {
        int i = d->a_of[k], parent = d->b_rows.items[k].parent;
        const Row *row = d->b_rows.items[k].row;
        if (i < 0 && (parent < 0 || d->a_of[parent] >= 0)) {
            add_lone(d, &table, d->b, &d->b_rows, k, "new");
            continue;
        }
        if (i < 0)
            continue;
        const Row *old = d->a_rows.items[i].row;
        const char *changes = own_changes(d, i, k), *shapes = shapes_text(d, i, k);
        bool renamed = row->named && strcmp(local_path(&d->a_rows, i), local_path(&d->b_rows, k)) != 0;
        if (renamed)
            diff_add(d, &table, row->path, arena_format(d->arena, "was called %s", old->path), changes, shapes);
        else if (*changes || *shapes)
            diff_add(d, &table, *row_name(row) ? row->path : row->text,
                *changes ? changes : "as it was, on another input", shapes, NULL);
        if (d->a_rows.items[i].rounds != d->b_rows.items[k].rounds)
            diff_add(d, &table, row_name(row), arena_format(d->arena, "%d -> %d rounds", d->a_rows.items[i].rounds,
                d->b_rows.items[k].rounds), "", NULL);
    }
    for (int i = 0; i < d->a_rows.count; i++) {
        int parent = d->a_rows.items[i].parent;
        if (d->b_of[i] < 0 && (parent < 0 || d->b_of[parent] >= 0))
            add_lone(d, &table, d->a, &d->a_rows, i, "gone");
    }
    diff_part(d, "rows", &table);
}
