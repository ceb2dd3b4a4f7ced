// mtc graph: the model for Graphviz' dot: a box for each row, with its stages in few words and what comes out; uses of
// blocks and repeats as frames around their rows; values as arrows. With --backward the flow of gradients: the arrows
// the other way round, each with the gradient that it carries, in the boxes the parameters that get theirs there, and
// grey what gets none. Input: the graph as it was written; for --backward a program after all passes. Invariant: names
// of nodes are paths, so that a small change of the model is a small change of the text.
#include "inside.h"
#include <string.h>

typedef struct {
    const Program *program;
    ReportRows rows;
    Text *out;
    Map edges; // those that are there
    bool backward;
} Drawing;

// ---------------------------------------------------------------------------------------------------------- text

static const char *quoted(Arena *arena, const char *text)
{
    Text out = text_new(arena);
    text_string(&out, "\"");
    for (; *text; text++)
        text_add(&out, "%s%c", *text == '"' || *text == '\\' ? "\\" : "", *text);
    text_string(&out, "\"");
    return out.data;
}

// Text of a label, which dot reads as HTML.
static const char *plain(Arena *arena, const char *text)
{
    Text out = text_new(arena);
    for (; *text; text++)
        if (*text == '<' || *text == '>' || *text == '&' || *text == '"')
            text_string(&out, *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : *text == '&' ? "&amp;" : "&quot;");
        else
            text_put(&out, text, 1);
    return out.data;
}

static void add_label_line(Text *label, const char *line)
{
    if (*line)
        text_add(label, "%s%s", label->length ? "<br/>" : "", plain(label->arena, line));
}

static Text new_label(Arena *arena, const char *name)
{
    Text label = text_new(arena);
    if (name)
        text_add(&label, "<b>%s</b>", plain(arena, name));
    return label;
}

// ---------------------------------------------------------------------------------------------------------- names

static int place_of(const Drawing *d, const Row *row)
{
    for (int k = 0; k < d->rows.count; k++)
        if (d->rows.items[k].row == row)
            return k;
    return -1;
}

// Rows without a name are numbered behind the named one: "conv2 + 1".
static const char *box_name(const Drawing *d, int k)
{
    const Row *row = d->rows.items[k].row;
    int behind = 0;
    for (int i = k; i >= 0 && !row->named; i--) {
        const Row *other = d->rows.items[i].row;
        behind += !other->named && strcmp(other->path, row->path) == 0 && other->instance == row->instance;
    }
    return row->named ? row->path : arena_format(d->program->arena, "%s + %d", row->path, behind);
}

static const char *loss_name(const Row *row) { return row->named ? row->path : "loss"; }

static const char *name_of(const Drawing *d, const Row *row)
{
    int k = row->section == SECTION_MODEL ? place_of(d, row) : -1;
    return k >= 0 ? box_name(d, k) : row->section == SECTION_LOSS ? loss_name(row) : NULL;
}

// The value that a node made, or a column, behind other names of it. flatten has made its own, though it is no memory.
static const Value *made(const Value *value)
{
    while (value->alias) {
        const Node *maker = value->maker;
        for (int k = 0; maker && k < maker->outputs.count; k++)
            if (maker->outputs.items[k] == value)
                return value;
        value = value->alias;
    }
    return value;
}

// The box that a value comes from, or NULL.
static const char *maker_name(const Drawing *d, const Value *value)
{
    value = made(value);
    return value->maker ? name_of(d, value->maker->row) : value->kind == VALUE_COLUMN ? value->path : NULL;
}

// ---------------------------------------------------------------------------------------------------------- boxes

// The last node of the row itself: what its box makes. NULL: it has no box.
static const Node *last_node(const Drawing *d, int k)
{
    const Graph *graph = d->program->graph;
    for (int i = graph->nodes.count - 1; i >= 0; i--)
        if (graph->nodes.items[i]->row == d->rows.items[k].row)
            return graph->nodes.items[i];
    return NULL;
}

static void add_gradients(const Drawing *d, int k, Text *label)
{
    const Graph *graph = d->program->graph;
    Arena *arena = d->program->arena;
    for (int i = 0; i < graph->parameters.count; i++) {
        const Value *parameter = graph->parameters.items[i];
        if (!parameter->maker || parameter->maker->row != d->rows.items[k].row)
            continue;
        const char *shape = report_brackets(arena, &parameter->type), *last = strrchr(parameter->path, '.');
        const char *name = last ? last + 1 : parameter->path;
        if (parameter->need != NEED_NOTHING && parameter->d_parts > 0)
            add_label_line(label, arena_format(arena, "d %s %s", name, shape));
        else
            text_add(label, "<br/><font color=\"#888888\">%s %s: no gradient</font>", name, shape);
    }
    for (int i = 0; i < graph->nodes.count; i++) // parameters of another row
        for (int p = 0; p < graph->nodes.items[i]->parameters.count; p++) {
            const Value *parameter = graph->nodes.items[i]->parameters.items[p];
            if (graph->nodes.items[i]->row == d->rows.items[k].row && parameter->maker &&
                parameter->maker->row != d->rows.items[k].row && parameter->need != NEED_NOTHING)
                add_label_line(label, arena_format(arena, "its part of d %s", parameter->path));
        }
}

static bool has_backward(const Drawing *d, const Row *row)
{
    const Graph *graph = d->program->graph;
    for (int i = 0; i < graph->nodes.count; i++)
        for (int k = 0; k < graph->nodes.items[i]->outputs.count; k++)
            if (graph->nodes.items[i]->row == row &&
                value_root(graph->nodes.items[i]->outputs.items[k])->need == NEED_ALWAYS)
                return true;
    return false;
}

static void draw_box(Drawing *d, int k, int depth)
{
    Arena *arena = d->program->arena;
    const ReportRow *item = &d->rows.items[k];
    const Node *last = last_node(d, k);
    Text label = new_label(arena, item->row->named ? item->row->path : NULL);
    if (!last)
        return;
    add_label_line(&label, report_own_brief(d->program, item->row));
    if (d->backward) {
        add_gradients(d, k, &label);
    } else {
        if (last->outputs.count > 0)
            add_label_line(&label, report_times(arena, &last->outputs.items[0]->type));
        if (item->parameters > 0)
            add_label_line(&label, arena_format(arena, "%s parameters", report_count(arena, (double)item->parameters)));
        else if (item->owner)
            add_label_line(&label, arena_format(arena, "parameters of %s", item->owner->path));
    }
    const char *grey = d->backward && !has_backward(d, item->row) ? ", fillcolor=\"#eeeeee\", color=\"#aaaaaa\"" : "";
    text_add(d->out, "%*s%s [label=<%s>%s];\n", depth * 2, "", quoted(arena, box_name(d, k)), label.data, grey);
}

// The rows from k on that are in `parent`, those of a block or repeat in a frame. Returns the row behind them.
static int draw_rows(Drawing *d, int k, int parent, int depth)
{
    Arena *arena = d->program->arena;
    while (k < d->rows.count && (parent < 0 || report_is_inside(&d->rows, k, parent))) {
        const ReportRow *item = &d->rows.items[k];
        if (k + 1 >= d->rows.count || d->rows.items[k + 1].parent != k) {
            draw_box(d, k++, depth);
            continue;
        }
        const char *brief = item->repeats ? arena_format(arena, "%d rounds", item->rounds)
                                          : report_brief(d->program, item->row);
        Text label = new_label(arena, item->row->named ? item->row->path : NULL);
        text_add(&label, "%s%s", label.length ? " &nbsp;" : "", plain(arena, brief));
        text_add(d->out, "%*ssubgraph %s {\n", depth * 2, "",
            quoted(arena, arena_format(arena, "cluster %s", box_name(d, k))));
        text_add(d->out, "%*slabel=<%s>;\n", depth * 2 + 2, "", label.data);
        int next = draw_rows(d, k + 1, k, depth + 1);
        draw_box(d, k, depth + 1); // its own stages
        text_add(d->out, "%*s}\n", depth * 2, "");
        k = next;
    }
    return k;
}

static void draw_columns(Drawing *d)
{
    const Graph *graph = d->program->graph;
    Arena *arena = d->program->arena;
    for (int i = 0; i < graph->columns.count; i++) {
        const Value *column = graph->columns.items[i];
        Text label = new_label(arena, column->path);
        add_label_line(
            &label, column->is_input ? report_times(arena, &column->type) : report_brackets(arena, &column->type));
        text_add(d->out, "  %s [label=<%s>, shape=ellipse, style=solid];\n", quoted(arena, column->path), label.data);
    }
}

static void draw_losses(Drawing *d)
{
    const Graph *graph = d->program->graph;
    Arena *arena = d->program->arena;
    for (int i = 0; i < graph->losses.count; i++) {
        const Row *row = graph->losses.items[i].row;
        Text label = new_label(arena, loss_name(row));
        add_label_line(&label, report_body(arena, row));
        text_add(d->out, "  %s [label=<%s>, fillcolor=\"#f4d9c6\", color=\"#8a5a3c\"];\n",
            quoted(arena, loss_name(row)), label.data);
    }
}

// ---------------------------------------------------------------------------------------------------------- arrows

static void draw_edge(Drawing *d, const char *from, const char *to, const char *attributes)
{
    Arena *arena = d->program->arena;
    const char *edge = arena_format(arena, "  %s -> %s%s;\n", quoted(arena, from), quoted(arena, to), attributes);
    if (strcmp(from, to) == 0 || map_get(&d->edges, edge))
        return;
    map_set(&d->edges, edge, (void *)edge);
    text_string(d->out, edge);
}

// Why nothing passes to an input, or NULL.
static const char *stopped(const Value *input)
{
    const Value *root = value_root((Value *)input);
    return root->type.element != ELEMENT_REAL ? "whole numbers"
        : root->need == NEED_NOTHING          ? "nothing to train before it"
        : root->d_parts == 0                  ? "stopped here"
                                              : NULL;
}

static void draw_arrow(Drawing *d, const Node *node, const Value *input)
{
    Arena *arena = d->program->arena;
    const char *consumer = name_of(d, node->row), *maker = maker_name(d, input);
    if (!consumer || !maker || node->row->section == SECTION_METRICS)
        return;
    if (!d->backward) {
        draw_edge(d, maker, consumer, "");
        return;
    }
    const char *why = stopped(input);
    const char *label = arena_format(arena, " d %s %s", made(input)->path, report_brackets(arena, &made(input)->type));
    if (why) // the arrow stays that of forward
        draw_edge(d, consumer, maker,
            arena_format(arena, " [style=dotted, color=\"#aaaaaa\", fontcolor=\"#888888\", label=%s]",
                quoted(arena, arena_format(arena, " %s", why))));
    else if (value_root((Value *)input)->need == NEED_INPUT)
        draw_edge(d, consumer, maker,
            arena_format(arena, " [style=dashed, color=\"#aaaaaa\", fontcolor=\"#888888\", label=%s]",
                quoted(arena, arena_format(arena, "%s, for gradcheck", label))));
    else
        draw_edge(d, consumer, maker, arena_format(arena, " [label=%s]", quoted(arena, label)));
}

static void draw_term(Drawing *d, const Row *row, const char *from, double factor)
{
    const char *to = loss_name(row);
    const char *label = factor == 1 ? "" : arena_format(d->program->arena, " [label=\" times %s\"]",
        shortest(d->program->arena, factor));
    draw_edge(d, d->backward ? to : from, d->backward ? from : to, label);
}

// Named scalars of the loss section in the objective and in each other.
static void draw_terms(Drawing *d)
{
    const Graph *graph = d->program->graph;
    for (int i = 0; i < graph->losses.count; i++) {
        const LossRow *loss = &graph->losses.items[i];
        for (int t = 0; t < loss->terms.count; t++) {
            const Term *term = &loss->terms.items[t];
            if (term->report > 0)
                draw_term(d, loss->row, loss_name(graph->losses.items[term->report - 1].row), term->factor);
            else if (term->node)
                draw_term(d, loss->row, loss_name(term->node->row), term->factor);
            for (int k = 0; term->formula && k < graph->scalars.count; k++)
                if (!graph->scalars.items[k].node && expr_mentions(term->formula, graph->scalars.items[k].variable))
                    draw_term(d, loss->row, loss_name(graph->losses.items[graph->scalars.items[k].report - 1].row), 1);
        }
    }
}

static void draw(Drawing *d)
{
    const Graph *graph = d->program->graph;
    text_add(d->out, "digraph %s {\n", quoted(d->program->arena, d->program->name));
    text_add(d->out, "  rankdir=%s;\n", d->backward ? "BT;\n  labelloc=b" : "TB");
    text_string(d->out, "  fontname=\"Helvetica\";\n  fontsize=11;\n  fontcolor=\"#444444\";\n  color=\"#bbbbbb\";\n"
                        "  style=rounded;\n  labeljust=l;\n  nodesep=0.35;\n");
    text_string(d->out,
        "  node [shape=box, style=\"filled,rounded\", fillcolor=\"#dbe7f3\", color=\"#4c6a88\",\n"
        "    fontname=\"Helvetica\", fontsize=11, margin=\"0.12,0.06\"];\n"
        "  edge [color=\"#4c6a88\", fontname=\"Helvetica\", fontsize=9, fontcolor=\"#4c6a88\", arrowsize=0.7];\n");
    draw_columns(d);
    draw_rows(d, 0, -1, 1);
    draw_losses(d);
    for (int i = 0; i < graph->nodes.count; i++)
        for (int j = 0; j < graph->nodes.items[i]->inputs.count; j++)
            draw_arrow(d, graph->nodes.items[i], graph->nodes.items[i]->inputs.items[j]);
    draw_terms(d);
    text_string(d->out, "}\n");
}

void report_graph(const Program *written, Text *out)
{
    Drawing d = {written, report_rows(written), out, map_new(written->arena), false};
    draw(&d);
}

void report_graph_backward(const Program *program, Text *out)
{
    Drawing d = {program, report_rows(program), out, map_new(program->arena), true};
    draw(&d);
}
