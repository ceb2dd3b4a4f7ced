// Simplify: what is computed twice inside a row is computed once, and what nobody needs is not computed. Input, output: the
// nodes. Sharing stays inside a row, so that an edit stays at its place. A row that nothing uses keeps its parameters (they
// are part of checkpoints), but has no code.
#include "statement.h"
#include <string.h>

// ---------------------------------------------------------------------------------- common subexpressions

static bool same_value(const Value *a, const Value *b)
{
    return a == b || (a->kind == VALUE_LITERAL && b->kind == VALUE_LITERAL && a->number == b->number);
}

static bool same_argument(const Constant *a, const Constant *b)
{
    if (a->kind != b->kind || a->number != b->number || a->count != b->count)
        return false;
    if ((a->text == NULL) != (b->text == NULL) || (a->text && strcmp(a->text, b->text) != 0))
        return false;
    for (int i = 0; i < a->count; i++)
        if (!same_argument(&a->items[i], &b->items[i]))
            return false;
    return true;
}

static bool same_node(const Node *a, const Node *b)
{
    bool pure = a->op->kind == OP_FUNCTION || a->op->kind == OP_OPERATOR || a->op->kind == OP_INTERNAL;
    if (!pure || a->op != b->op || a->row != b->row || call_draws(a) || a->words.count != b->words.count)
        return false;
    for (int i = 0; i < a->inputs.count; i++)
        if (!same_value(a->inputs.items[i], b->inputs.items[i]))
            return false;
    for (int i = 0; i < a->words.count; i++)
        if (!same_argument(&a->words.items[i].value, &b->words.items[i].value))
            return false;
    return true;
}

static void remove_node(Graph *graph, int k)
{
    Node *node = graph->nodes.items[k];
    for (int i = 0; i < node->inputs.count; i++)
        node->inputs.items[i]->uses--;
    for (int i = k; i + 1 < graph->nodes.count; i++)
        graph->nodes.items[i] = graph->nodes.items[i + 1];
    graph->nodes.count--;
}

// All readers of the second node's value read the first one's.
static void replace(Graph *graph, Value *old, Value *by)
{
    for (int i = 0; i < graph->nodes.count; i++) {
        Node *node = graph->nodes.items[i];
        for (int k = 0; k < node->inputs.count; k++)
            if (node->inputs.items[k] == old) {
                node->inputs.items[k] = by;
                by->uses++;
                old->uses--;
            }
        for (int k = 0; k < node->outputs.count; k++)
            if (node->outputs.items[k]->alias == old)
                node->outputs.items[k]->alias = by;
    }
}

static void share(Graph *graph)
{
    for (int i = 0; i < graph->nodes.count; i++)
        for (int j = i + 1; j < graph->nodes.count && graph->nodes.items[j]->row == graph->nodes.items[i]->row;) {
            const Node *first = graph->nodes.items[i], *second = graph->nodes.items[j];
            if (!same_node(first, second) || second->outputs.items[0]->ends_row) {
                j++;
                continue;
            }
            replace(graph, second->outputs.items[0], first->outputs.items[0]);
            remove_node(graph, j);
        }
}

// -------------------------------------------------------------------------------------------- what nobody needs

static bool is_needed(const Graph *graph, const Node *node)
{
    if (node->outputs.count == 0 || node->op->kind == OP_SOURCE) // a loss, a metric; a parameter has no code anyway
        return true;
    for (int k = 0; k < node->outputs.count; k++)
        if (node->outputs.items[k]->uses > 0 || node->outputs.items[k] == graph->output)
            return true;
    return false;
}

static void drop(Graph *graph)
{
    for (int i = graph->nodes.count - 1; i >= 0; i--)
        if (!is_needed(graph, graph->nodes.items[i]))
            remove_node(graph, i);
}

void simplify(Program *program)
{
    share(program->graph);
    drop(program->graph);
    graph_name(program->graph);
}
