// The rows of a model as a tree, with what belongs to each: parameters, operations, what comes out. Input: a graph from
// `lower` on. Invariant: a parameter counts once, in the row that owns it.
#include "inside.h"
#include <ctype.h>
#include <string.h>

static bool stands_inside(Span inner, Span outer)
{
    return inner.file == outer.file && inner.from >= outer.from && inner.to <= outer.to &&
        (inner.from > outer.from || inner.to < outer.to);
}

// In a block: the row that uses it; else the row whose text is around this one: a `repeat` over one row.
static int parent_of(const ReportRows *rows, const Row *row)
{
    for (int k = rows->count - 1; k >= 0; k--) {
        const Row *other = rows->items[k].row;
        if (row->instance && row->instance->row == other)
            return k;
        if (other->instance == row->instance && other->holds && stands_inside(row->span, other->span))
            return k;
    }
    return -1;
}

bool report_is_inside(const ReportRows *rows, int k, int outer)
{
    while (k >= 0 && k != outer)
        k = rows->items[k].parent;
    return k == outer;
}

static double flops_of(const Node *node)
{
    if (node->outputs.count == 0 || node->op->kind == OP_INTERNAL)
        return 0;
    return node->op->flops ? call_number(node, node->op->flops) : (double)type_count(&node->outputs.items[0]->type);
}

static void add_node(ReportRow *row, const Node *node)
{
    row->flops += flops_of(node);
    for (int i = 0; i < node->parameters.count; i++) {
        const Value *parameter = node->parameters.items[i];
        if (parameter->maker == node)
            row->parameters += type_count(&parameter->type);
        else if (parameter->maker)
            row->owner = parameter->maker->row;
    }
    if (node->op->kind == OP_SOURCE && node->parameters.count == 0 && node->outputs.count > 0 &&
        node->outputs.items[0]->kind == VALUE_PARAMETER)
        row->parameters += type_count(&node->outputs.items[0]->type);
}

// "s1: repeat as i": the text that `lower` gives the row of a repeat.
static bool is_repeat(Arena *arena, const Row *row)
{
    const char *body = report_body(arena, row);
    return row->holds && starts_with(body, "repeat") && (!body[6] || body[6] == ' ');
}

static void count_rounds(const Graph *graph, ReportRows *rows)
{
    for (int k = 0; k < rows->count; k++) {
        ReportRow *item = &rows->items[k];
        for (int i = 0; item->repeats && i < graph->instances.count; i++)
            item->rounds += graph->instances.items[i]->row == item->row && !graph->instances.items[i]->block;
        for (int i = 0; item->repeats && i < rows->count; i++)
            item->rounds += rows->items[i].parent == k && rows->items[i].row->instance == item->row->instance;
    }
}

// Rows are mostly asked for in their order.
static int place_of(const ReportRows *rows, const Row *row, int near)
{
    for (int i = 0; i < rows->count; i++) {
        int k = (near + i) % rows->count;
        if (rows->items[k].row == row)
            return k;
    }
    return -1;
}

// What comes out of a row: the value of its name, else of the last node in it.
static void find_outputs(const Graph *graph, ReportRows *rows)
{
    Map named = map_new(graph->arena);
    for (int i = 0; i < graph->values.count; i++)
        if (graph->values.items[i]->path)
            map_set(&named, graph->values.items[i]->path, graph->values.items[i]);
    for (int k = 0; k < rows->count; k++) {
        const Value *value = rows->items[k].row->named ? map_get(&named, rows->items[k].row->path) : NULL;
        if (value)
            rows->items[k].output = &value->type;
    }
}

static void add_nodes(const Graph *graph, ReportRows *rows)
{
    for (int i = 0, at = 0; i < graph->nodes.count; i++) {
        const Node *node = graph->nodes.items[i];
        int place = place_of(rows, node->row, at);
        if (place < 0)
            continue; // of the loss
        at = place;
        add_node(&rows->items[at], node);
        for (int k = at; k >= 0 && node->outputs.count > 0; k = rows->items[k].parent)
            rows->items[k].output = &node->outputs.items[0]->type;
    }
}

ReportRows report_rows(const Program *program)
{
    const Graph *graph = program->graph;
    ReportRows rows = {0};
    for (int i = 0; i < graph->rows.count; i++) {
        const Row *row = graph->rows.items[i];
        if (row->section != SECTION_MODEL)
            continue;
        ReportRow item = {.row = row, .parent = parent_of(&rows, row), .repeats = is_repeat(program->arena, row)};
        vec_push(program->arena, &rows, item);
    }
    add_nodes(graph, &rows);
    count_rounds(graph, &rows);
    find_outputs(graph, &rows);
    return rows;
}
