// mtc diff: what leads from one program to another: first in words (rows, parameters, whether old checkpoints load,
// formulas, settings, sizes), then the gradient code that changed, function by function. Input: two programs after all
// passes. Invariant: nothing is printed of two programs whose C is the same.
#include "diff.h"
#include <string.h>

enum { LABEL = 12, MOST_LISTED = 12, LIST_WIDTH = 80 };

ReportTable diff_table(const Diff *d)
{
    static const int gaps[] = {3, 3, 3, 0};
    return (ReportTable){.arena = d->arena, .align = "llll", .gap = gaps};
}

void diff_add(const Diff *d, ReportTable *table, const char *a, const char *b, const char *c, const char *e)
{
    ReportLine line = {{a, b, c, c ? e : NULL, NULL}};
    vec_push(d->arena, &table->lines, line);
}

void diff_part(const Diff *d, const char *label, const ReportTable *table)
{
    Text text = text_new(d->arena);
    report_print(table, &text);
    for (const char *s = text.data; *s; s += strcspn(s, "\n") + 1) {
        text_add(d->out, "%-*s%.*s\n", LABEL, label, (int)strcspn(s, "\n"), s);
        label = "";
    }
}

const char *diff_arrow(const Diff *d, const char *from, const char *to)
{
    bool arrows = strstr(from, "->") || strstr(to, "->"); // of the language
    return arena_format(d->arena, arrows ? "was %s, is %s" : "%s -> %s", from, to);
}

void diff_list(const Diff *d, ReportTable *table, const char *label, const char *const *words, int count)
{
    for (int i = 0; i < count;) {
        Text line = text_new(d->arena);
        for (; i < count && i < MOST_LISTED && (line.length == 0 || line.length + strlen(words[i]) < LIST_WIDTH); i++)
            text_add(&line, "%s%s%s", line.length ? " " : "", words[i], i + 1 < count ? "," : "");
        if (i == MOST_LISTED && i < count) {
            text_add(&line, " and %d more", count - i);
            i = count;
        }
        diff_add(d, table, label, line.data, NULL, NULL);
        label = "";
    }
}

// ------------------------------------------------------------------------------------------------------ parameters

static const Value *parameter_of(const Graph *graph, const char *path)
{
    for (int i = 0; i < graph->parameters.count; i++)
        if (strcmp(graph->parameters.items[i]->path, path) == 0)
            return graph->parameters.items[i];
    for (int i = 0; i < graph->buffers.count; i++)
        if (strcmp(graph->buffers.items[i]->path, path) == 0)
            return graph->buffers.items[i];
    return NULL;
}

static double count_of(const Graph *graph)
{
    double count = 0;
    for (int i = 0; i < graph->parameters.count; i++)
        count += (double)type_count(&graph->parameters.items[i]->type);
    return count;
}

typedef VEC(const char *) Words;

// What of the checkpoints of one program the other lacks.
typedef struct {
    Words missing, shapes, left_over;
} Keys;

static void compare_keys(const Diff *d, Value *const *values, int count, Keys *keys)
{
    for (int i = 0; i < count; i++) {
        const Value *new = values[i], *old = parameter_of(d->a->graph, new->path);
        if (!old)
            vec_push(d->arena, &keys->missing, new->path);
        else if (!type_same_shape(&old->type, &new->type))
            vec_push(d->arena, &keys->shapes, arena_format(d->arena, "%s %s", new->path,
                diff_arrow(d, report_brackets(d->arena, &old->type), report_brackets(d->arena, &new->type))));
    }
}

static void find_left_over(const Diff *d, Value *const *values, int count, Keys *keys)
{
    for (int i = 0; i < count; i++)
        if (!parameter_of(d->b->graph, values[i]->path))
            vec_push(d->arena, &keys->left_over, values[i]->path);
}

static void add_parameters(const Diff *d)
{
    Arena *arena = d->arena;
    const Graph *a = d->a->graph, *b = d->b->graph;
    Keys keys = {{0}, {0}, {0}};
    compare_keys(d, b->parameters.items, b->parameters.count, &keys);
    compare_keys(d, b->buffers.items, b->buffers.count, &keys);
    find_left_over(d, a->parameters.items, a->parameters.count, &keys);
    find_left_over(d, a->buffers.items, a->buffers.count, &keys);

    ReportTable table = diff_table(d);
    bool same_count = count_of(a) == count_of(b);
    const char *count = same_count ? report_count(arena, count_of(a))
                                   : diff_arrow(d, report_count(arena, count_of(a)), report_count(arena, count_of(b)));
    if (keys.missing.count + keys.shapes.count + keys.left_over.count == 0) {
        diff_add(d, &table, count, "as they were; checkpoints of the old program load", NULL, NULL);
        diff_part(d, "parameters", &table);
        return;
    }
    diff_add(d, &table, count, "", NULL, NULL);
    diff_list(d, &table, "other shape", keys.shapes.items, keys.shapes.count);
    diff_list(d, &table, "new", keys.missing.items, keys.missing.count);
    diff_list(d, &table, "gone", keys.left_over.items, keys.left_over.count);
    diff_part(d, "parameters", &table);
    bool load = keys.missing.count + keys.shapes.count == 0;
    text_add(d->out, "%-*s%s\n", LABEL, "checkpoints",
        load ? "of the old program load: nothing is missing in them, and what is gone is ignored"
            : keys.shapes.count == 0 ? "of the old program do not load: what is new is missing in them"
            : keys.missing.count == 0
            ? "of the old program do not load: parameters have another shape"
            : "of the old program do not load: parameters have another shape, and new ones are missing");
}

bool report_diff(Program *const programs[2], const Program *const written[2], Text *out)
{
    Program *a = programs[0], *b = programs[1];
    Diff diff = {.arena = a->arena, .a = a, .b = b, .a_written = written[0], .b_written = written[1],
        .a_rows = report_rows(a), .b_rows = report_rows(b), .out = out};
    if (diff_same_code(&diff))
        return false;
    diff_match(&diff);
    if (strcmp(a->name, b->name) != 0)
        text_add(out, "%-*s%s\n", LABEL, "model", diff_arrow(&diff, a->name, b->name));
    diff_rows(&diff);
    add_parameters(&diff);
    diff_settings(&diff);
    diff_code(&diff);
    return true;
}
