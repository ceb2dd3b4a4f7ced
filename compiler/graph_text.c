// The graph as text, for --dump and for tests of passes; and the verifier, which runs between passes in debug builds.
#include "errors_model.h"
#include "statement.h"
#include <string.h>

static void dump_value(const Program *program, Text *out, const Value *value)
{
    text_add(out, "%s %s", value->path ? value->path : "?", type_text(program->arena, &value->type));
    if (value->type.feature_last && value->type.rank > 2)
        text_string(out, " last");
}

// A list that was not given: it has no text that would read back.
static bool left_off(const Constant *value) { return value->kind == CONSTANT_LIST && value->count == 0; }

static void dump_node(const Program *program, Text *out, const Node *node)
{
    text_string(out, "  ");
    for (int i = 0; i < node->outputs.count; i++) {
        text_string(out, i ? ", " : "");
        dump_value(program, out, node->outputs.items[i]);
    }
    text_add(out, "%s%s(", node->outputs.count ? " = " : "", node->op->name);
    for (int i = 0; i < node->inputs.count; i++)
        text_add(out, "%s%s", i ? ", " : "", node->inputs.items[i]->path);
    bool first = true;
    for (const Arg *arg = node->op->args; arg->name; arg++)
        for (int i = 0; i < node->words.count; i++)
            if (strcmp(node->words.items[i].name, arg->name) == 0 && !left_off(&node->words.items[i].value)) {
                const Constant *value = &node->words.items[i].value;
                const char *quote = value->kind == CONSTANT_WORD ? "\"" : "";
                text_add(out, "%s%s=%s%s%s", first ? "; " : ", ", arg->name, quote,
                    constant_text(program->arena, value), quote);
                first = false;
            }
    text_string(out, ")");
    for (int i = 0; i < node->parameters.count; i++) {
        text_string(out, i ? ", " : " owns ");
        dump_value(program, out, node->parameters.items[i]);
    }
    for (int i = 0; i < node->temporaries.count; i++) {
        text_string(out, i ? ", " : " keeps ");
        dump_value(program, out, node->temporaries.items[i]);
    }
    if (node->op->kind == OP_LOSS && node->outputs.count == 0)
        text_add(out, " factor %s", shortest(program->arena, node->d_loss));
    if (node->d_scaled && !node->d_scale)
        text_string(out, " by -1"); // the examples
    for (int i = 0; node->d_scaled && i < program->graph->nodes.count; i++)
        if (program->graph->nodes.items[i] == node->d_scale)
            text_add(out, " by %d", i); // the denominator of that node
    if (call_draws(node))
        text_add(out, " draws %s", node->stream);
    text_string(out, "\n");
}

// Another name of a value, made by no table.
static bool is_name(const Value *value)
{
    for (int k = 0; value->alias && value->maker && k < value->maker->outputs.count; k++)
        if (value->maker->outputs.items[k] == value)
            return false;
    return value->alias != NULL;
}

typedef struct {
    const Program *program;
    Text *out;
    Map known; // names, rows and blocks that were printed
} Dump;

static void dump_same(Dump *d, const Value *value)
{
    static const char *const wired[] = {"", " wired", " handed on", " out"};
    if (value->part_count > 0 || !is_name(value) || map_get(&d->known, value->path))
        return;
    dump_same(d, value->alias);
    map_set(&d->known, value->path, (void *)value);
    text_add(d->out, "same %s %s%s\n", value->path, value->alias->path, wired[value->wired]);
}

static void dump_row(Dump *d, const Row *row)
{
    static const char *const sections[] = {"model", "loss", "metrics"};
    const Instance *block = row->instance;
    if (block && !map_get(&d->known, block->what)) {
        map_set(&d->known, block->what, (void *)block);
        if (block->row->instance && !map_get(&d->known, block->row->instance->what))
            dump_row(d, block->row);
        text_add(d->out, "block %s %s of %s%s%s | %s\n", block->path, block->block ? block->block : "-",
            block->row->path, block->outer ? " in " : "", block->outer ? block->outer->path : "", block->what);
    }
    text_add(d->out, "row %s %s%s%s%s%s | %s\n", sections[row->section], row->path, row->named ? "" : " unnamed",
        row->holds ? " holds" : "", block ? " in " : "", block ? block->path : "", row->text);
}

static void dump_list(const Program *program, Text *out, const char *name, const Statements *list)
{
    if (list->count == 0)
        return;
    text_add(out, "%s\n", name);
    for (int i = 0; i < list->count; i++) {
        const Statement *s = &list->items[i];
        text_add(out, "  %s%s: ", s->node->row->path, s->guarded ? " (asked)" : "");
        if (s->call)
            text_string(out, statement_expand(s, s->call, false, NULL, NULL));
        else
            text_add(out, "%s %s %s", value_c(program->arena, s->target, s->backward), s->adds ? "+=" : "=",
                s->text      ? s->text
                    : s->rule ? statement_expand(s, s->element, true, NULL, NULL)
                              : value_c(program->arena, s->part, true));
        if (s->loop)
            text_add(out, "  [loop %d%s]", s->loop, s->inlined ? ", inlined" : "");
        text_string(out, "\n");
    }
}

void graph_dump(const Program *program, Text *out)
{
    const Graph *graph = program->graph;
    for (int i = 0; i < graph->columns.count; i++) {
        text_string(out, graph->columns.items[i]->is_input ? "input " : "column ");
        dump_value(program, out, graph->columns.items[i]);
        text_string(out, "\n");
    }
    const Row *row = NULL;
    Dump d = {program, out, map_new(program->arena)};
    for (int i = 0; i < graph->nodes.count; i++) {
        const Node *node = graph->nodes.items[i];
        for (int k = 0; k < node->inputs.count; k++)
            dump_same(&d, node->inputs.items[k]);
        if (node->row != row)
            dump_row(&d, row = node->row);
        dump_node(program, out, node);
    }
    if (graph->output)
        dump_same(&d, graph->output);
    if (graph->output)
        text_add(out, "output %s\n", graph->output->path);
    dump_list(program, out, "forward_train", &graph->forward_train);
    dump_list(program, out, "forward_eval", &graph->forward_eval);
    dump_list(program, out, "loss", &graph->loss);
    dump_list(program, out, "measured", &graph->measured);
    dump_list(program, out, "backward", &graph->backward);
    for (int i = 0; i < graph->lives.count; i++)
        text_add(out, "%s%s %s\n", i ? "" : "plan\n",
            graph->lives.items[i].gives ? "  give" : graph->lives.items[i].wired ? "  same" : "  take",
            value_c(program->arena, graph->lives.items[i].value, graph->lives.items[i].derivative));
}

// ----------------------------------------------------------------------------------------------------- verifier

typedef struct {
    Program *program;
    const char *pass;
    Map written; // "v->x"
    bool good;
} Verify;

static void fault(Verify *v, Span span, const char *what, const char *which)
{
    error_internal(v->program, span, v->pass, arena_format(v->program->arena, "%s: %s", what, which));
    v->good = false;
}

static void visit(void *data, Value *root, bool derivative, bool writes)
{
    Verify *v = data;
    const char *c = value_c(v->program->arena, root, derivative);
    bool own = root->kind == VALUE_PARAMETER || root->kind == VALUE_BUFFER || root->kind == VALUE_LITERAL;
    if (writes)
        map_set(&v->written, c, (void *)c);
    else if (!own && v->good && !map_get(&v->written, c) && !(root->kind == VALUE_COLUMN && !derivative))
        fault(v, (Span){0, 0, 0}, "read before it is written", c);
}

// Every value is written before it is read, in forward, then loss, then backward; every input was made above.
void graph_verify(Program *program, const char *pass)
{
    const Graph *graph = program->graph;
    Verify v = {program, pass, map_new(program->arena), true};
    for (int i = 0; i < graph->nodes.count; i++) {
        const Node *node = graph->nodes.items[i];
        for (int k = 0; k < node->inputs.count; k++) {
            const Value *root = value_root(node->inputs.items[k]);
            bool made = root->kind != VALUE_RESULT;
            for (int j = 0; j < i && !made; j++)
                for (int o = 0; o < graph->nodes.items[j]->outputs.count; o++)
                    made |= graph->nodes.items[j]->outputs.items[o] == root;
            if (!made)
                fault(&v, node->span, "an input is not made above", root->path ? root->path : node->op->name);
        }
    }
    // Writing before reading within one statement is not told apart: visit the reads of a loop after its writes.
    const Statements *lists[] = {&graph->forward_train, &graph->loss, &graph->measured, &graph->backward};
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < lists[k]->count; i++)
            statement_visit(&lists[k]->items[i], visit, &v);
}
