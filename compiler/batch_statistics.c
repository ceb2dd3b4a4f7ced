// Rows that look across the batch. Their examples are not independent of each other, so a step over several micro-batches is
// not one over their union, and a batch of one example may have no variance.
//
// Input: nodes. Output: a warning (W0631), and for emit/main.c which row to check batches for. Invariant: found by the
// table: a norm whose forward rule in this mode asks for $n, how many examples of the batch count.
#include "batch_statistics.h"
#include "call.h"
#include "errors_model.h"
#include <string.h>

static bool sees_batch(const Node *node, bool evaluation)
{
    const Rule *rule = call_forward(node, !evaluation);
    if (!node->op->selector || strcmp(node->op->selector, "norm") != 0 || !rule)
        return false;
    for (int i = 0; i < 3 && rule->call[i]; i++)
        if (strstr(rule->call[i], "$n,"))
            return true;
    return false;
}

static bool is_alone(const Node *node)
{
    const Type *type = &node->inputs.items[0]->type;
    long places = 1;
    for (int i = 2; i < type->rank; i++)
        places *= type->axis[i].value;
    return places == 1;
}

const Node *batch_statistics(const Graph *graph, bool evaluation, bool alone)
{
    for (int i = 0; i < graph->nodes.count; i++) {
        const Node *node = graph->nodes.items[i];
        if (sees_batch(node, evaluation) && (!alone || is_alone(node)))
            return node;
    }
    return NULL;
}

void warn_batch_statistics(Program *program)
{
    const Training *training = program->training;
    const Node *node = batch_statistics(program->graph, false, false);
    if (node && program->data && training && training->accumulate > 1)
        warning_batch_statistics(program, node);
}
