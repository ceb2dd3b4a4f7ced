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
    if (root->moment[derivative] > 0) {
        p->spans.items[root->moment[derivative] - 1].last = p->now;
        return;
    }
    Moments s = {.value = root, .derivative = derivative, .first = p->now, .last = p->now};
    vec_push(p->graph->arena, &p->spans, s);
    root->moment[derivative] = p->spans.count;
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
    Life life = {value, derivative, gives, NULL};
    vec_push(graph->arena, &graph->lives, life);
}

// Pointers of their own to what has a life, in the order in which they are made, so that one may be another one's.
static void add_wired(Graph *graph, bool derivative)
{
    for (int i = 0; i < graph->values.count; i++) {
        Value *value = graph->values.items[i];
        if (!value->wired || value->uses == 0 || value_place(value, derivative)->moment[derivative] == 0 ||
            (derivative && value_root(value)->need == NEED_NOTHING))
            continue;
        Life life = {value, derivative, false, value->alias};
        vec_push(graph->arena, &graph->lives, life);
    }
}

static void mark_written(void *data, Value *root, bool derivative, bool writes)
{
    (void)data;
    if (writes && !derivative)
        root->access[0].writes++;
}

// A value that only evaluation stores has no place in the order of a training step: it keeps its own throughout.
static void find_written(const Graph *graph)
{
    const Statements *lists[] = {&graph->forward_train, &graph->loss, &graph->measured, &graph->backward};
    for (int i = 0; i < graph->values.count; i++)
        graph->values.items[i]->access[0].writes = 0;
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < lists[k]->count; i++)
            if (!lists[k]->items[i].inlined)
                statement_visit(&lists[k]->items[i], mark_written, NULL);
}

// What begins at a moment before what ends there; both in the order in which they were first met.
static void write_lives(const Plan *p)
{
    typedef VEC(const Moments *) Bucket;
    Arena *arena = p->graph->arena;
    Bucket *ends = arena_new(arena, Bucket, p->now + 1), *begins = arena_new(arena, Bucket, p->now + 1);
    for (int i = 0; i < p->spans.count; i++) {
        const Moments *s = &p->spans.items[i];
        vec_push(arena, &begins[s->first], s);
        vec_push(arena, &ends[s->last], s);
    }
    for (int now = 0; now <= p->now; now++) {
        for (int i = 0; i < begins[now].count; i++) {
            const Moments *s = begins[now].items[i];
            add_life(p->graph, s->value, s->derivative, false);
        }
        for (int i = 0; i < ends[now].count; i++)
            add_life(p->graph, ends[now].items[i]->value, ends[now].items[i]->derivative, true);
    }
}

void plan(Program *program)
{
    Graph *graph = program->graph;
    Plan p = {.graph = graph};
    find_written(graph);
    for (int i = 0; i < graph->columns.count; i++)
        touch(&p, graph->columns.items[i], false, false);
    for (int i = 0; i < graph->values.count; i++)
        if (graph->values.items[i]->stored && !graph->values.items[i]->alias &&
            graph->values.items[i]->kind != VALUE_COLUMN && graph->values.items[i]->access[0].writes == 0)
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
    write_lives(&p);
    add_wired(graph, false);
    add_wired(graph, true);
}
