// Fuse: element statements of one row that follow each other share a loop; what is computed in a loop and read once, there,
// is spliced into its reader and has no storage. Calls between them move in front where they depend on nothing of the
// loop. Never across the end of a row. Input, output: the four lists of statements; sets `loop`, `text`, `inlined`, and
// which values are stored.
#include "statement.h"
#include <string.h>

typedef struct {
    Graph *graph;
    Statements *list;
    const Statements *also[4]; // lists that read what this one makes
    bool terms;                // losses and metrics read it, too
    Statements result;
    int loop;
} Fuse;

// ------------------------------------------------------------------------------------------------- dependencies

typedef struct {
    const Value *value;
    bool derivative;
    int reads, writes;
} Count;

static void count_access(void *data, Value *root, bool derivative, bool writes)
{
    Count *count = data;
    if (root == count->value && derivative == count->derivative)
        *(writes ? &count->writes : &count->reads) += 1;
}

static Count accesses(const Statement *s, const Value *value, bool derivative)
{
    Count count = {value, derivative, 0, 0};
    statement_visit(s, count_access, &count);
    return count;
}

// Whether a call must stay behind an element statement.
static bool depends(const Statement *call, const Statement *element)
{
    Value *target = value_place(element->target, element->backward);
    Count count = accesses(call, target, element->backward);
    if (count.reads + count.writes > 0)
        return true;
    for (int i = 0; i < call->node->outputs.count; i++)
        if (accesses(element, value_root(call->node->outputs.items[i]), false).reads && !call->backward)
            return true;
    for (int i = 0; call->backward && i < call->node->inputs.count; i++) { // it sets d of an input that the loop uses
        Count other = accesses(element, value_place(call->node->inputs.items[i], true), true);
        if (other.reads + other.writes > 0)
            return true;
    }
    return false;
}

// ---------------------------------------------------------------------------------------------------- the loops

static bool same_loop(const Statement *a, const Statement *b)
{
    return type_same_shape(&a->target->type, &b->target->type) && a->guarded == b->guarded;
}

static void flush(Fuse *f, Statements *pending)
{
    Arena *arena = f->graph->arena;
    for (int i = 0; i < pending->count; i++) {
        Statement s = pending->items[i];
        if (i == 0 || !same_loop(&pending->items[i - 1], &s))
            f->loop++;
        s.loop = f->loop;
        vec_push(arena, &f->result, s);
    }
    pending->count = 0;
}

static void form_loops(Fuse *f)
{
    Statements pending = {0};
    for (int i = 0; i < f->list->count; i++) {
        const Statement *s = &f->list->items[i];
        if (i > 0 && s->node->row != f->list->items[i - 1].node->row)
            flush(f, &pending);
        if (!s->call) {
            vec_push(f->graph->arena, &pending, *s);
            continue;
        }
        bool stays = false;
        for (int k = 0; k < pending.count; k++)
            stays |= depends(s, &pending.items[k]) || pending.items[k].guarded != s->guarded;
        if (stays)
            flush(f, &pending);
        vec_push(f->graph->arena, &f->result, *s);
    }
    flush(f, &pending);
    *f->list = f->result;
}

// ------------------------------------------------------------------------------------------------------ inlining

typedef struct {
    const Statement *s;
    bool elsewhere;
} Counting;

static void count(void *data, Value *root, bool derivative, bool writes)
{
    const Counting *c = data;
    struct Access *access = &root->access[derivative];
    if (c->elsewhere)
        access->elsewhere += !writes;
    else if (writes)
        access->writes++;
    else {
        access->reads++;
        access->loop = c->s->loop;
    }
}

// Who reads and writes each value: in this list, and elsewhere (in other lists, by losses and metrics).
static void count_accesses(const Fuse *f)
{
    const Graph *graph = f->graph;
    Counting here = {NULL, false}, elsewhere = {NULL, true};
    for (int i = 0; i < graph->values.count; i++)
        memset(graph->values.items[i]->access, 0, sizeof graph->values.items[i]->access);
    for (int i = 0; i < f->list->count; i++) {
        here.s = &f->list->items[i];
        statement_visit(here.s, count, &here);
    }
    for (int k = 0; k < 4 && f->also[k]; k++)
        for (int i = 0; i < f->also[k]->count && f->also[k] != f->list; i++)
            statement_visit(&f->also[k]->items[i], count, &elsewhere);
    for (int i = 0; f->terms && i < graph->nodes.count; i++)
        if (graph->nodes.items[i]->outputs.count == 0)
            loss_visit(graph->nodes.items[i], count, &elsewhere);
}

// Read once, in its own loop, and nowhere else.
static bool can_inline(const Statement *s)
{
    const Value *value = value_place(s->target, s->backward);
    const struct Access *access = &value->access[s->backward];
    if (value->kind == VALUE_PARAMETER || (!s->backward && value->ends_row) ||
        (s->backward && value->kind == VALUE_COLUMN))
        return false;
    return access->writes == 1 && access->reads == 1 && access->loop == s->loop && access->elsewhere == 0;
}

typedef struct {
    const Fuse *f;
    int reader; // its number in the list; what it reads of its loop stands before it
} Inlining;

static const char *inlined_text(void *data, Value *root, bool derivative)
{
    const Inlining *in = data;
    const Statement *items = in->f->list->items;
    for (int i = in->reader - 1; i >= 0 && items[i].loop == items[in->reader].loop; i--)
        if (items[i].inlined && value_place(items[i].target, items[i].backward) == root && items[i].backward == derivative)
            return items[i].text;
    return NULL;
}

static void write_elements(Fuse *f, bool fused)
{
    count_accesses(f);
    for (int i = 0; i < f->list->count; i++) {
        Statement *s = &f->list->items[i];
        Inlining in = {f, i};
        if (s->call)
            continue;
        s->text = s->rule ? statement_expand(s, s->element, true, inlined_text, &in)
                          : arena_format(f->graph->arena, "%s[i]", value_c(f->graph->arena, s->part, true));
        s->inlined = fused && can_inline(s);
    }
}

static void mark(void *data, Value *root, bool derivative, bool writes)
{
    (void)data;
    if (writes && derivative)
        root->d_stored = true;
    else if (writes)
        root->stored = true;
}

static void find_stored(const Statements *list)
{
    for (int i = 0; i < list->count; i++)
        if (!list->items[i].inlined)
            statement_visit(&list->items[i], mark, NULL);
}

static void fuse_list(Graph *graph, Statements *list, const Statements *a, const Statements *b, bool terms, bool fused)
{
    Fuse f = {.graph = graph, .list = list, .also = {&graph->measured, a, b, NULL}, .terms = terms};
    if (fused)
        form_loops(&f);
    for (int i = 0; !fused && i < list->count; i++)
        list->items[i].loop = i + 1;
    write_elements(&f, fused);
    find_stored(list);
}

static void fuse_all(Graph *graph, bool fused)
{
    for (int i = 0; i < graph->columns.count; i++)
        graph->columns.items[i]->stored = true;
    fuse_list(graph, &graph->forward_train, &graph->loss, &graph->backward, true, fused);
    fuse_list(graph, &graph->forward_eval, &graph->loss, NULL, true, fused);
    fuse_list(graph, &graph->loss, &graph->backward, NULL, true, fused);
    fuse_list(graph, &graph->measured, NULL, NULL, true, fused);
    fuse_list(graph, &graph->backward, NULL, NULL, false, fused);
}

void fuse(Program *program) { fuse_all(program->graph, true); }

void fuse_nothing(Program *program) { fuse_all(program->graph, false); }
