// Plan: when each value and derivative begins and ends, in program order: forward in training, loss, backward. Columns live
// throughout. The program itself places them (runtime/memory.c), so that no offset stands in the C and an inserted row adds
// its own lines. Input: fused statements. Output: graph->lives.
#include "statement.h"

typedef struct {
    Value *value;
    bool derivative;
    int first, last; // numbers of statements
} Moments;

typedef VEC(Moments) Spans;

typedef struct {
    Graph *graph;
    Spans spans;
    int now;
} Plan;

static void touch(void *data, Value *root, bool derivative, bool writes)
{
    Plan *p = data;
    (void)writes;
    if (root->kind == VALUE_PARAMETER || root->kind == VALUE_BUFFER || root->kind == VALUE_LITERAL ||
        !(derivative ? root->d_stored : root->stored))
        return;
    for (int i = 0; i < p->spans.count; i++) {
        Moments *s = &p->spans.items[i];
        if (s->value == root && s->derivative == derivative) {
            s->last = p->now;
            return;
        }
    }
    Moments s = {root, derivative, p->now, p->now};
    vec_push(p->graph->arena, &p->spans, s);
}

// A whole loop is one moment: what it reads is alive until its end.
static void touch_list(Plan *p, const Statements *list)
{
    for (int i = 0; i < list->count; i++) {
        const Statement *s = &list->items[i];
        if (i == 0 || s->loop == 0 || s->loop != list->items[i - 1].loop)
            p->now++;
        statement_visit(s, touch, p);
    }
}

static void touch_terms(Plan *p)
{
    p->now++;
    for (int i = 0; i < p->graph->nodes.count; i++)
        if (p->graph->nodes.items[i]->outputs.count == 0)
            loss_visit(p->graph->nodes.items[i], touch, p);
    if (p->graph->output)
        touch(p, value_root(p->graph->output), false, false);
}

static void add_life(Graph *graph, Value *value, bool derivative, bool gives)
{
    Life life = {value, derivative, gives};
    vec_push(graph->arena, &graph->lives, life);
}

typedef struct {
    const Value *value;
    bool found;
} Search;

static void search(void *data, Value *root, bool derivative, bool writes)
{
    Search *s = data;
    s->found |= root == s->value && !derivative && writes;
}

// Such a value has no place in the order of a training step: it keeps its own throughout.
static bool only_evaluation_stores(const Graph *graph, const Value *value)
{
    const Statements *lists[] = {&graph->forward_train, &graph->loss, &graph->measured, &graph->backward};
    Search s = {value, !value->stored || value->alias || value->kind == VALUE_COLUMN};
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < lists[k]->count; i++)
            if (!lists[k]->items[i].inlined)
                statement_visit(&lists[k]->items[i], search, &s);
    return !s.found;
}

void plan(Program *program)
{
    Graph *graph = program->graph;
    Plan p = {.graph = graph};
    for (int i = 0; i < graph->columns.count; i++)
        touch(&p, graph->columns.items[i], false, false);
    for (int i = 0; i < graph->values.count; i++)
        if (only_evaluation_stores(graph, graph->values.items[i]))
            touch(&p, graph->values.items[i], false, true);
    int always = p.spans.count;
    touch_list(&p, &graph->forward_train);
    touch_list(&p, &graph->loss);
    touch_list(&p, &graph->measured);
    touch_terms(&p);
    touch_list(&p, &graph->backward);
    p.now++;
    for (int i = 0; i < always; i++)
        p.spans.items[i].last = p.now;
    for (int now = 0; now <= p.now; now++) {
        for (int i = 0; i < p.spans.count; i++)
            if (p.spans.items[i].first == now)
                add_life(graph, p.spans.items[i].value, p.spans.items[i].derivative, false);
        for (int i = 0; i < p.spans.count; i++)
            if (p.spans.items[i].last == now)
                add_life(graph, p.spans.items[i].value, p.spans.items[i].derivative, true);
    }
}
