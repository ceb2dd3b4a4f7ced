// What besides the rows differs between two programs: inputs, losses, metrics, fns, data, optimizer, schedule, train,
// the memory of a run and the operations of an example. Input: programs after all passes. Output: a part for each
// section that changed.
#include "../emit/options.h"
#include "diff.h"
#include <string.h>

static bool same_text(const char *a, const char *b) { return strcmp(a ? a : "", b ? b : "") == 0; }

// One line if two texts differ; nothing is "none".
static void add_text(const Diff *d, ReportTable *table, const char *what, const char *from, const char *to)
{
    if (same_text(from, to))
        return;
    const char *change = !from || !*from ? arena_format(d->arena, "new: %s", to)
        : !to || !*to                    ? arena_format(d->arena, "gone: %s", from)
                                         : diff_arrow(d, from, to);
    diff_add(d, table, *what ? what : change, *what ? change : NULL, NULL, NULL);
}

// --------------------------------------------------------------------------------------------- the model and losses

static const char *loss_text(const Diff *d, const LossRow *loss)
{
    const char *body = report_body(d->arena, loss->row);
    return loss->name ? arena_format(d->arena, "%s = %s", loss->name, body) : body;
}

static const LossRow *loss_of(const Graph *graph, const char *name)
{
    for (int i = 0; i < graph->losses.count; i++)
        if (same_text(graph->losses.items[i].name, name))
            return &graph->losses.items[i];
    return NULL;
}

static void add_losses(const Diff *d)
{
    ReportTable table = diff_table(d);
    const Graph *a = d->a->graph, *b = d->b->graph;
    for (int i = 0; i < b->losses.count; i++) {
        const LossRow *old = loss_of(a, b->losses.items[i].name), *new = &b->losses.items[i];
        add_text(d, &table, new->name ? new->name : "objective", old ? loss_text(d, old) : "", loss_text(d, new));
    }
    for (int i = 0; i < a->losses.count; i++)
        if (!loss_of(b, a->losses.items[i].name))
            add_text(d, &table, a->losses.items[i].name, loss_text(d, &a->losses.items[i]), "");
    diff_part(d, "loss", &table);
}

static const MetricRow *metric_of(const Graph *graph, const char *name)
{
    for (int i = 0; i < graph->metrics.count; i++)
        if (same_text(graph->metrics.items[i].name, name))
            return &graph->metrics.items[i];
    return NULL;
}

static void add_metrics(const Diff *d)
{
    ReportTable table = diff_table(d);
    const Graph *a = d->a->graph, *b = d->b->graph;
    for (int i = 0; i < b->metrics.count; i++) {
        const MetricRow *old = metric_of(a, b->metrics.items[i].name), *new = &b->metrics.items[i];
        add_text(d, &table, new->name, old ? old->row->text : "", new->row->text);
    }
    for (int i = 0; i < a->metrics.count; i++)
        if (!metric_of(b, a->metrics.items[i].name))
            add_text(d, &table, a->metrics.items[i].name, a->metrics.items[i].row->text, "");
    diff_part(d, "metrics", &table);
}

static const Value *column_of(const Graph *graph, const char *path)
{
    for (int i = 0; i < graph->columns.count; i++)
        if (same_text(graph->columns.items[i]->path, path))
            return graph->columns.items[i];
    return NULL;
}

static void add_inputs(const Diff *d)
{
    ReportTable table = diff_table(d);
    const Graph *a = d->a->graph, *b = d->b->graph;
    for (int i = 0; i < b->columns.count; i++) {
        const Value *new = b->columns.items[i], *old = column_of(a, new->path);
        add_text(d, &table, new->path, old ? report_brackets(d->arena, &old->type) : "",
            report_brackets(d->arena, &new->type));
    }
    for (int i = 0; i < a->columns.count; i++)
        if (!column_of(b, a->columns.items[i]->path))
            add_text(d, &table, a->columns.items[i]->path, report_brackets(d->arena, &a->columns.items[i]->type), "");
    diff_part(d, "inputs", &table);
}

static const Ast *fn_declaration(const Program *program, const char *name)
{
    const Ast *file = program->parsed.file;
    for (int i = 0; i < file->children; i++)
        if (file->child[i]->kind == AST_FN && same_text(file->child[i]->text, name))
            return file->child[i];
    return NULL;
}

static void add_fns(const Diff *d)
{
    ReportTable table = diff_table(d);
    const Ast *a = d->a->parsed.file, *b = d->b->parsed.file;
    for (int i = 0; i < b->children; i++)
        if (b->child[i]->kind == AST_FN) {
            const Ast *old = fn_declaration(d->a, b->child[i]->text);
            add_text(d, &table, b->child[i]->text, old ? source_quote(d->a->source, d->arena, old->span) : "",
                source_quote(d->b->source, d->arena, b->child[i]->span));
        }
    for (int i = 0; i < a->children; i++)
        if (a->child[i]->kind == AST_FN && !fn_declaration(d->b, a->child[i]->text))
            add_text(d, &table, a->child[i]->text, source_quote(d->a->source, d->arena, a->child[i]->span), "");
    diff_part(d, "formulas", &table);
}

// -------------------------------------------------------------------------------------------------- rules of params

static const Value *parameter_of(const Graph *graph, const char *path)
{
    for (int i = 0; i < graph->parameters.count; i++)
        if (same_text(graph->parameters.items[i]->path, path))
            return graph->parameters.items[i];
    return NULL;
}

static void add_change(const Diff *d, Text *out, const char *what, const char *from, const char *to)
{
    if (!same_text(from, to))
        text_add(out, "%s%s %s", out->length ? ", " : "", what, diff_arrow(d, from, to));
}

static const char *decay_text(const Diff *d, const ParamGroup *group)
{
    return group->weight_decay < 0 ? "the optimizer's" : shortest(d->arena, group->weight_decay);
}

// What is set otherwise for a parameter; "": nothing, or there is no such parameter.
static const char *group_changes(const Diff *d, const Value *old, const Value *new)
{
    Text out = text_new(d->arena);
    if (!old)
        return "";
    const ParamGroup *a = &old->group, *b = &new->group;
    add_change(d, &out, "init", old->init.text, new->init.text);
    add_change(d, &out, "frozen", a->frozen ? "true" : "false", b->frozen ? "true" : "false");
    add_change(d, &out, "lr_scale", shortest(d->arena, a->lr_scale), shortest(d->arena, b->lr_scale));
    add_change(d, &out, "weight_decay", decay_text(d, a), decay_text(d, b));
    return out.data;
}

// A line for each change, with the parameters that it concerns.
static void add_groups(const Diff *d)
{
    const Graph *graph = d->b->graph;
    ReportTable table = diff_table(d);
    Map told = map_new(d->arena);
    const char **changes = arena_new(d->arena, const char *, graph->parameters.count + 1);
    const char **paths = arena_new(d->arena, const char *, graph->parameters.count + 1);
    for (int i = 0; i < graph->parameters.count; i++)
        changes[i] = group_changes(
            d, parameter_of(d->a->graph, graph->parameters.items[i]->path), graph->parameters.items[i]);
    for (int i = 0; i < graph->parameters.count; i++) {
        int count = 0;
        if (!*changes[i] || map_set(&told, changes[i], graph->parameters.items[i]))
            continue;
        for (int k = i; k < graph->parameters.count; k++)
            if (strcmp(changes[k], changes[i]) == 0)
                paths[count++] = graph->parameters.items[k]->path;
        diff_list(d, &table, changes[i], paths, count);
    }
    diff_part(d, "params", &table);
}

// -------------------------------------------------------------------------------------------------------- settings

static const Flag *flag_of(const Flags *flags, const char *key)
{
    for (int i = 0; i < flags->count; i++)
        if (strcmp(flags->items[i].key, key) == 0)
            return &flags->items[i];
    return NULL;
}

// --resume=FILE is no setting of the program.
static bool is_of_a_run(const Flag *flag) { return strcmp(flag->key, "train.resume") == 0; }

// Those whose key begins with the name of a section, without that.
static void add_flags(const Diff *d, ReportTable *table, const char *section)
{
    const Flags a = options_flags(d->a), b = options_flags(d->b);
    size_t n = strlen(section);
    for (int i = 0; i < b.count; i++) {
        const Flag *old = flag_of(&a, b.items[i].key);
        if (strncmp(b.items[i].key, section, n) == 0 && !is_of_a_run(&b.items[i]))
            add_text(d, table, b.items[i].key + n, old ? constant_text(d->arena, &old->value) : "",
                constant_text(d->arena, &b.items[i].value));
    }
    for (int i = 0; i < a.count; i++)
        if (strncmp(a.items[i].key, section, n) == 0 && !is_of_a_run(&a.items[i]) && !flag_of(&b, a.items[i].key))
            add_text(d, table, a.items[i].key + n, constant_text(d->arena, &a.items[i].value), "");
}

static const Split *split_of(const Data *data, const char *name)
{
    for (int i = 0; i < data->splits.count; i++)
        if (same_text(data->splits.items[i].name, name))
            return &data->splits.items[i];
    return NULL;
}

static const Column *derived_of(const Data *data, const char *name)
{
    for (int i = 0; i < data->columns.count; i++)
        if (data->columns.items[i]->derived && same_text(data->columns.items[i]->name, name))
            return data->columns.items[i];
    return NULL;
}

static void add_data(const Diff *d)
{
    ReportTable table = diff_table(d);
    const Data *a = d->a->data, *b = d->b->data;
    for (int i = 0; i < b->splits.count; i++) {
        const Split *old = split_of(a, b->splits.items[i].name), *new = &b->splits.items[i];
        add_text(d, &table, new->name, old ? old->text : "", new->text);
    }
    for (int i = 0; i < a->splits.count; i++)
        if (!split_of(b, a->splits.items[i].name))
            add_text(d, &table, a->splits.items[i].name, a->splits.items[i].text, "");
    for (int i = 0; i < b->columns.count; i++) {
        const Column *new = b->columns.items[i], *old = derived_of(a, new->name);
        if (new->derived)
            add_text(d, &table, new->name, old ? old->text : "", new->text);
    }
    for (int i = 0; i < a->columns.count; i++)
        if (a->columns.items[i]->derived && !derived_of(b, a->columns.items[i]->name))
            add_text(d, &table, a->columns.items[i]->name, a->columns.items[i]->text, "");
    if (a->batch != b->batch)
        diff_add(d, &table, "batch", arena_format(d->arena, "%ld -> %ld", a->batch, b->batch), NULL, NULL);
    if (a->shuffle != b->shuffle)
        add_text(d, &table, "shuffle", a->shuffle ? "true" : "false", b->shuffle ? "true" : "false");
    if (a->drop_last != b->drop_last)
        add_text(d, &table, "drop_last", a->drop_last ? "true" : "false", b->drop_last ? "true" : "false");
    diff_part(d, "data", &table);
}

static void add_optimizer(const Diff *d)
{
    ReportTable table = diff_table(d);
    const Training *a = d->a->training, *b = d->b->training;
    if (a->optimizer != b->optimizer)
        add_text(d, &table, "", a->optimizer_text, b->optimizer_text);
    for (int i = 0; i < b->optimizer_settings.count && a->optimizer == b->optimizer; i++)
        add_text(d, &table, b->optimizer_settings.items[i].arg->name,
            constant_text(d->arena, &a->optimizer_settings.items[i].value),
            constant_text(d->arena, &b->optimizer_settings.items[i].value));
    diff_part(d, "optimizer", &table);
}

static const char *best_text(const Program *program)
{
    return program->training->best ? kept_by(program->training, program) : "";
}

static void add_training(const Diff *d)
{
    ReportTable table = diff_table(d);
    add_text(d, &table, "", d->a->training->schedule_text, d->b->training->schedule_text);
    diff_part(d, "schedule", &table);
    table = diff_table(d);
    add_flags(d, &table, "train.");
    add_text(d, &table, "best", best_text(d->a), best_text(d->b));
    diff_part(d, "train", &table);
}

// ---------------------------------------------------------------------------------------------------------- sizes

static double flops_of(const Program *written)
{
    const ReportRows rows = report_rows(written);
    double sum = 0;
    for (int i = 0; i < rows.count; i++)
        sum += rows.items[i].flops;
    return sum;
}

static double bytes_of(const Program *program)
{
    Memory memory = report_memory(program);
    return memory.parameters + memory.gradient + memory.buffers + memory.optimizer + memory.values;
}

static void add_sizes(const Diff *d)
{
    ReportTable table = diff_table(d);
    const char *a = report_bytes(d->arena, bytes_of(d->a)), *b = report_bytes(d->arena, bytes_of(d->b));
    long from = d->a->data->batch, to = d->b->data->batch;
    if (!same_text(a, b))
        diff_add(d, &table, diff_arrow(d, a, b), from == to ? arena_format(d->arena, "at batch %ld", to)
                : arena_format(d->arena, "at batches %ld and %ld", from, to), NULL, NULL);
    diff_part(d, "memory", &table);
    table = diff_table(d);
    double old = flops_of(d->a_written), new = flops_of(d->b_written);
    if (old != new)
        diff_add(d, &table, diff_arrow(d, report_count(d->arena, old), report_count(d->arena, new)),
            "of an example's forward pass", NULL, NULL);
    diff_part(d, "FLOPs", &table);
}

void diff_settings(const Diff *d)
{
    add_groups(d);
    add_fns(d);
    add_inputs(d);
    add_losses(d);
    add_metrics(d);
    add_data(d);
    add_optimizer(d);
    add_training(d);
    add_sizes(d);
}
