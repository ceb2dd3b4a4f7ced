// Forward and backward as functions. A use of a block is a function of its own, whose name is its path (s1.0 is
// forward__s1__0), so that the head of a hunk in a diff names the place; the function of the model calls them where they
// stand. Input: the lists of statements, in which what belongs to a block stands together. Output: C, inner blocks first.
#include "functions.h"
#include <string.h>

// ------------------------------------------------------------------------------------------------------- signatures

static void take_value(void *data, Value *root, bool derivative, bool writes)
{
    Takes *takes = data;
    (void)writes;
    if (root->kind == VALUE_PARAMETER)
        *(derivative ? &takes->g : &takes->p) = true;
    else if (root->kind == VALUE_BUFFER)
        takes->s = true;
    else
        *(derivative ? &takes->d : &takes->v) = true;
}

static void take_word(void *data, const char *name, size_t length, bool derivative)
{
    Takes *takes = data;
    (void)derivative;
    takes->n |= (length == 1 && *name == 'n') || (length == 5 && memcmp(name, "valid", 5) == 0);
    takes->random |= length == 4 && memcmp(name, "seed", 4) == 0;
}

Takes takes_of(const Statements *list, int from, int to)
{
    Takes takes = {0};
    for (int i = from; i < to; i++) {
        const Statement *s = &list->items[i];
        statement_visit(s, take_value, &takes);
        takes.d |= s->guarded;
        bool d_loss = s->call && strstr(s->call, "$d_loss");
        takes.n |= d_loss && (s->node->d_scaled || s->node->d_divided);
        takes.d |= d_loss && s->node->d_of;
        if (s->call && strncmp(s->call, "d->", 3) == 0) { // the line of a scalar
            takes.d = true;
            takes.v |= strstr(s->call, "v->") != NULL;
        }
        if (s->rule)
            template_visit(s->node, s->call ? s->call : s->element, take_word, &takes);
    }
    return takes;
}

Takes forward_takes(const Graph *graph, bool train)
{
    const Statements *list = train ? &graph->forward_train : &graph->forward_eval;
    Takes takes = takes_of(list, 0, list->count);
    takes.p = takes.v = true;
    return takes;
}

// The parameters of a function, declared or given; `words` are those of the key of random numbers.
static const char *parameters_text(Arena *arena, Takes takes, bool declared, bool backward, bool train, const char *const *words)
{
    const struct {
        bool taken;
        const char *declared, *given;
    } all[] = {
        {takes.p, "const struct Parameters *p", "p"},
        {takes.s, train && !backward ? "struct Buffers *s" : "const struct Buffers *s", "s"},
        {takes.v, backward ? "const struct Values *v" : "struct Values *v", "v"},
        {takes.d, "struct Values *d", "d"},
        {takes.g, "struct Parameters *g", "g"},
        {takes.n, "int n", "n"},
        {takes.random, "uint64_t seed", words[0]},
        {takes.random, "int step", words[1]},
        {takes.random, "int first", words[2]},
    };
    Text text = text_new(arena);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].taken)
            text_add(&text, "%s%s", text.length ? ", " : "", declared ? all[i].declared : all[i].given);
    return text.length ? text.data : declared ? "void" : "";
}

static const char *const own_words[] = {"seed", "step", "first"};

// forward__s1__0 of s1.0; a double underscore of the path becomes a triple one.
static const char *function_name(Arena *arena, const char *prefix, const char *path)
{
    Text text = text_new(arena);
    text_add(&text, "%s__", prefix);
    for (const char *s = path; *s; s++)
        if (*s == '.')
            text_string(&text, "__");
        else if (s[0] == '_' && s[1] == '_') {
            text_string(&text, "___");
            s++;
        } else
            text_add(&text, "%c", *s);
    return text.data;
}

const char *forward_call(const Program *program, bool train, const char *seed, const char *step, const char *first)
{
    const Graph *graph = program->graph;
    const char *const words[] = {seed, step, first};
    return arena_format(program->arena, "%s(%s)", !graph->forward_differs ? "forward" : train ? "forward_train" : "forward_eval",
        parameters_text(program->arena, forward_takes(graph, train), false, false, train, words));
}

// ---------------------------------------------------------------------------------------------------------- blocks

// The block directly inside `outer` that a statement belongs to; NULL if it is of `outer` itself.
static Instance *inner_of(const Statement *s, const Instance *outer)
{
    Instance *instance = s->node->row->instance;
    if (instance == outer)
        return NULL;
    while (instance && instance->outer != outer)
        instance = instance->outer;
    return instance;
}

// Where the statements of an inner block, from k on, end.
static int inner_end(const Statements *list, int k, int to, const Instance *outer)
{
    const Instance *inner = inner_of(&list->items[k], outer);
    while (k < to && inner_of(&list->items[k], outer) == inner)
        k++;
    return k;
}

static bool is_inside(const Instance *instance, const Instance *outer)
{
    while (instance && instance != outer)
        instance = instance->outer;
    return instance == outer;
}

// Whether training and evaluation differ in a block.
static bool differs(const Graph *graph, const Instance *instance)
{
    for (int i = 0; i < graph->nodes.count; i++) {
        const Node *node = graph->nodes.items[i];
        if (node->row->section == SECTION_MODEL && is_inside(node->row->instance, instance) &&
            call_forward(node, true) != call_forward(node, false))
            return true;
    }
    return false;
}

typedef struct {
    Writer *w;
    Program *program;
    const Statements *list;
    bool backward, train;
} Writing;

static const char *prefix_of(const Writing *f, const Instance *instance)
{
    return f->backward                             ? "backward"
        : !differs(f->program->graph, instance) ? "forward"
        : f->train                              ? "forward_train"
                                                : "forward_eval";
}

// The numbers from k on that belong to the inner block; how many.
static int write_call(const Writing *f, int k, int to, const Instance *outer)
{
    Arena *arena = f->program->arena;
    const Instance *inner = inner_of(&f->list->items[k], outer);
    int end = inner_end(f->list, k, to, outer);
    Takes takes = takes_of(f->list, k, end);
    writer_line(f->w, "%s(%s);", function_name(arena, prefix_of(f, inner), inner->path),
        parameters_text(arena, takes, false, f->backward, f->train, own_words));
    return end;
}

// Whether a statement stands in a row, or in a block that does.
static bool stands_in(const Statement *s, const Row *row)
{
    for (const Row *r = s->node->row; r; r = r->instance ? r->instance->row : NULL)
        if (r == row)
            return true;
    return false;
}

static void write_statements(const Writing *f, const Row *row, int from, int to)
{
    for (int k = from; k < to;) {
        int end = k;
        if (f->list->items[k].node->row != row) {
            k = write_call(f, k, to, row->instance);
            continue;
        }
        while (end < to && f->list->items[end].node->row == row)
            end++;
        emit_row(f->w, f->program, f->list, k, end);
        k = end;
    }
}

// The rows of a block in forward, in order; of the model those of the loss too that only know parameters.
static void write_forward_rows(const Writing *f, const Instance *instance, int from, int to)
{
    const Graph *graph = f->program->graph;
    int k = from;
    for (int r = 0; r < graph->rows.count; r++) {
        const Row *row = graph->rows.items[r];
        int end = k;
        if (row->instance != instance)
            continue;
        while (end < to && stands_in(&f->list->items[end], row))
            end++;
        if (end == k && (row->section != SECTION_MODEL || !emit_has_nodes(graph, row)))
            continue;
        emit_row_comment(f->w, f->program, row);
        write_statements(f, row, k, end);
        k = end;
    }
}

static void write_backward_rows(const Writing *f, const Instance *instance, int from, int to)
{
    for (int k = from; k < to;) {
        const Row *row = f->list->items[k].node->row;
        while (row->instance != instance)
            row = row->instance->row;
        int end = k;
        while (end < to && stands_in(&f->list->items[end], row))
            end++;
        writer_blank(f->w);
        writer_comment(f->w, "%s", row->text);
        write_statements(f, row, k, end);
        k = end;
    }
}

static void write_rows(const Writing *f, const Instance *instance, int from, int to)
{
    if (f->backward)
        write_backward_rows(f, instance, from, to);
    else
        write_forward_rows(f, instance, from, to);
}

// The functions of the blocks inside `outer`, whose statements are [from, to), inner ones first. In evaluation those that are
// the same as in training are there already.
static void write_blocks(const Writing *f, const Instance *outer, int from, int to)
{
    Arena *arena = f->program->arena;
    for (int k = from; k < to;) {
        const Instance *inner = inner_of(&f->list->items[k], outer);
        int end = inner ? inner_end(f->list, k, to, outer) : k + 1;
        if (inner && (f->backward || f->train || differs(f->program->graph, inner))) {
            write_blocks(f, inner, k, end);
            writer_comment(f->w, "%s%s", inner->what, f->backward ? ", backwards" : "");
            writer_function(f->w, "static void %s(%s)", function_name(arena, prefix_of(f, inner), inner->path),
                parameters_text(arena, takes_of(f->list, k, end), true, f->backward, f->train, own_words));
            write_rows(f, inner, k, end);
            writer_close(f->w, "%s", "");
            writer_blank(f->w);
        }
        k = end;
    }
}

// ------------------------------------------------------------------------------------------------------- the model

// The operations that differ, each once.
static const char *differences(Program *program)
{
    const Graph *graph = program->graph;
    Text text = text_new(program->arena);
    for (int i = 0; i < graph->nodes.count; i++) {
        const Node *node = graph->nodes.items[i];
        bool again = node->row->section != SECTION_MODEL || call_forward(node, true) == call_forward(node, false);
        for (int k = 0; k < i && !again; k++)
            again = graph->nodes.items[k]->op == node->op;
        if (!again)
            text_add(&text, "%s%s", text.length ? ", " : "", node->op->name);
    }
    return text.data;
}

static void write_model(const Writing *f, const char *name, Takes takes)
{
    writer_function(f->w, "static void %s(%s)", name,
        parameters_text(f->program->arena, takes, true, f->backward, f->train, own_words));
    write_rows(f, NULL, 0, f->list->count);
    emit_unused(f->w, f->list, f->backward ? "pvdgn" : "pv");
    writer_close(f->w, "%s", "");
    writer_blank(f->w);
}

void emit_forward(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    Takes train = forward_takes(graph, true), eval = forward_takes(graph, false);
    Writing f = {w, program, &graph->forward_train, false, true};
    const char *first = "how many examples came in micro-batches before this one.";
    write_blocks(&f, NULL, 0, f.list->count);
    if (!graph->forward_differs) {
        writer_comment(w, "The same in training and in evaluation: no row of this model differs.%s%s",
            train.random ? " Its random numbers depend on the seed, the step (in evaluation the split, as a number below 0) "
                           "and `first`: " : "", train.random ? first : "");
        write_model(&f, "forward", train);
        return;
    }
    const char *where = differences(program);
    writer_comment(w, "Training mode. Differs from forward_eval in %s.%s%s", where,
        train.random ? " Its random numbers depend on the seed, the step and `first`: " : "", train.random ? first : "");
    write_model(&f, "forward_train", train);
    f.list = &graph->forward_eval;
    f.train = false;
    write_blocks(&f, NULL, 0, f.list->count);
    writer_comment(w, "Evaluation mode. Differs from forward_train in %s.%s", where,
        eval.random ? " Its random numbers depend on the split instead of the step." : "");
    write_model(&f, "forward_eval", eval);
}

// "loss > logits > s3 > s2 > s1 > stem": the rows of the model, whatever stands in them.
static const char *path_back(Program *program)
{
    const Graph *graph = program->graph;
    Text text = text_new(program->arena);
    text_string(&text, "loss");
    const char *last = "";
    for (int k = 0; k < graph->backward.count; k++) {
        const Row *row = graph->backward.items[k].node->row;
        if (row->section != SECTION_MODEL || graph->backward.items[k].guarded)
            continue;
        size_t n = strcspn(row->path, ".");
        if (strlen(last) != n || strncmp(row->path, last, n) != 0)
            text_add(&text, " > %s", last = arena_copy(program->arena, row->path, n));
    }
    return text.data;
}

void emit_backward(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    Writing f = {w, program, &graph->backward, true, true};
    Takes takes = takes_of(f.list, 0, f.list->count);
    takes.p = takes.v = takes.d = takes.g = takes.n = true;
    write_blocks(&f, NULL, 0, f.list->count);
    writer_comment(w, "%s\n\nThe chain rule, row by row from the last to the first: adds the gradient of the sum over the n "
                      "examples to g.",
        path_back(program));
    write_model(&f, "backward", takes);
}

const char *backward_name(Arena *arena, const Row *row)
{
    return row->instance ? function_name(arena, "backward", row->instance->path) : "backward";
}

void emit_backward_row(Writer *w, Program *program, const Row *row)
{
    const Statements *list = &program->graph->backward;
    Writing f = {w, program, list, true, true};
    for (int k = 0, end; k < list->count; k = end) {
        for (end = k; end < list->count && stands_in(&list->items[end], row);)
            end++;
        write_statements(&f, row, k, end);
        end += end == k;
    }
}
