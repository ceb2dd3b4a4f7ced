// Reorder: a monotone operation before one that picks the largest (relu -> max_pool2d) changes places with it inside a row,
// and then runs on fewer elements. Values and derivatives stay the same: the largest of relu(x) is relu of the largest x,
// and where relu makes several equal to 0 no derivative passes anyway. Input, output: the nodes.
#include "statement.h"

static void swap(Graph *graph, int k)
{
    Node *monotone = graph->nodes.items[k], *picks = graph->nodes.items[k + 1];
    Value *first = monotone->outputs.items[0], *last = picks->outputs.items[0];
    // Now x -> monotone -> first -> picks -> last; then x -> picks -> first -> monotone -> last.
    Type type = last->type;
    picks->inputs.items[0] = monotone->inputs.items[0];
    monotone->inputs.items[0] = first;
    picks->outputs.items[0] = first;
    monotone->outputs.items[0] = last;
    const Tensor *tensor = first->tensor;
    first->tensor = last->tensor;
    last->tensor = tensor;
    first->maker = picks;
    last->maker = monotone;
    first->type = type;
    graph->nodes.items[k] = picks;
    graph->nodes.items[k + 1] = monotone;
}

void reorder(Program *program)
{
    Graph *graph = program->graph;
    for (int k = 0; k + 1 < graph->nodes.count; k++) {
        const Node *a = graph->nodes.items[k], *b = graph->nodes.items[k + 1];
        if (a->op->monotone && b->op->picks_largest && a->row == b->row && b->inputs.items[0] == a->outputs.items[0] &&
            a->outputs.items[0]->uses == 1)
            swap(graph, k);
    }
    graph_name(graph);
}
