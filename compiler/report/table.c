// mtc table: the model as a paper's table: a line for each row with its stages in few words, what comes out of it, its
// parameters and, asked for, its floating point operations and the memory of a run. Blocks and repeats are one line,
// or a line for each row inside. Input: the graph as it was written. Invariant: the columns add up to their totals.
#include "inside.h"
#include <ctype.h>
#include <string.h>

enum { WIDEST_ROUND = 56 };

typedef struct {
    const Program *program;
    const ReportRows *rows;
    const TableOptions *options;
    ReportTable table;
} Writing;

// Sums over a row and all inside of it.
static ReportRow sum_of(const ReportRows *rows, int k)
{
    ReportRow sum = {0};
    for (int i = k; i < rows->count; i++)
        if (report_is_inside(rows, i, k)) {
            sum.parameters += rows->items[i].parameters;
            sum.flops += rows->items[i].flops;
        }
    return sum;
}

// The rows of the round of a repeat that begins at row k, in few words; *next is the row behind it.
static const char *round_text(const Writing *w, int repeat, int k, int *next)
{
    const ReportRows *rows = w->rows;
    const Instance *round = rows->items[k].row->instance;
    Text out = text_new(w->program->arena);
    int direct = 0;
    for (; k < rows->count && report_is_inside(rows, k, repeat) && rows->items[k].row->instance; k++) {
        const Row *row = rows->items[k].row;
        if (row->instance != round && rows->items[k].parent == repeat)
            break;
        if (rows->items[k].parent == repeat)
            text_add(&out, "%s%s", direct++ ? "; " : "", report_brief(w->program, row));
    }
    *next = k;
    if (out.length > WIDEST_ROUND)
        return arena_format(w->program->arena, "%d rows", direct);
    return direct > 1 ? arena_format(w->program->arena, "(%s)", out.data) : out.data;
}

// "3 x basic(16)", where every round is the same in few words; else "3 x 2 rows".
static const char *repeat_text(const Writing *w, int repeat)
{
    const ReportRows *rows = w->rows;
    const ReportRow *item = &rows->items[repeat];
    const char *first = NULL, *last = report_brief(w->program, item->row);
    bool same = true;
    for (int k = repeat + 1; k < rows->count && report_is_inside(rows, k, repeat);) {
        const char *text;
        if (rows->items[k].parent == repeat && rows->items[k].row->instance == item->row->instance) {
            text = report_brief(w->program, rows->items[k++].row); // a round of one row
        } else if (rows->items[k].parent == repeat)
            text = round_text(w, repeat, k, &k);
        else {
            k++;
            continue;
        }
        same = same && (!first || strcmp(first, text) == 0);
        first = first ? first : text;
        last = text;
    }
    if (!first)
        return "nothing: no rounds";
    bool several = strstr(first, ", ") && *first != '(';
    return arena_format(w->program->arena, "%d x %s%s%s%s%s", item->rounds, several ? "(" : "", first,
        several ? ")" : "", same ? "" : " ... ", same ? "" : last);
}

static void add_line(
    Writing *w, const char *name, const char *what, const char *output, const char *count, const char *flops)
{
    ReportLine line = {{name, what, output, count, w->options->flops ? flops : NULL, NULL}};
    vec_push(w->program->arena, &w->table.lines, line);
}

// "a, b" of `a, b = h -> chunk(2)`.
static const char *name_text(Arena *arena, const Row *row)
{
    const char *sign = strstr(row->text, " = "), *comma = strchr(row->text, ',');
    const char *dot = strrchr(row->path, '.');
    bool several = row->named && sign && comma && comma < sign && isalpha((unsigned char)*row->text) && !strpbrk(
        arena_copy(arena, row->text, (size_t)(sign - row->text)), "([:>");
    if (!several)
        return row->named ? row->path : "";
    return arena_format(
        arena, "%.*s%.*s", dot ? (int)(dot + 1 - row->path) : 0, row->path, (int)(sign - row->text), row->text);
}

static void add_row(Writing *w, int k)
{
    Arena *arena = w->program->arena;
    const ReportRow *item = &w->rows->items[k];
    bool opened = w->options->expand && item->row->holds;
    ReportRow sum = opened ? *item : sum_of(w->rows, k);
    const char *what = item->repeats ? repeat_text(w, k) : report_brief(w->program, item->row);
    const char *count = sum.parameters > 0 ? report_count(arena, (double)sum.parameters)
        : item->owner                      ? arena_format(arena, "of %s", item->owner->path)
                                           : "";
    add_line(w, name_text(arena, item->row), what, item->output ? report_times(arena, item->output) : "",
        count, sum.flops > 0 ? report_count(arena, sum.flops) : "");
}

static void add_memory(const Program *program, Text *out)
{
    Memory memory = report_memory(program);
    Arena *arena = program->arena;
    text_add(out, "\nmemory at batch %ld, in float\n  parameters %s, gradient %s,", program->data->batch,
        report_bytes(arena, memory.parameters), report_bytes(arena, memory.gradient));
    if (memory.buffers > 0)
        text_add(out, " buffers %s,", report_bytes(arena, memory.buffers));
    text_add(out, " optimizer %s, values and derivatives %s\n", report_bytes(arena, memory.optimizer),
        report_bytes(arena, memory.values));
}

void report_table(const Program *written, const Program *program, const TableOptions *options, Text *out)
{
    static const int gaps[] = {3, 2, 3, 3, 0};
    Arena *arena = written->arena;
    ReportRows rows = report_rows(written);
    Writing w = {written, &rows, options, {.arena = arena, .align = "lllrr", .gap = gaps}};
    double parameters = 0, flops = 0;
    add_line(&w, report_file(written), "", "output", "params", "FLOPs");
    for (int i = 0; i < written->graph->columns.count; i++) {
        const Value *column = written->graph->columns.items[i];
        if (column->is_input)
            add_line(&w, column->path, "", report_times(arena, &column->type), "", "");
    }
    for (int k = 0; k < rows.count; k++) {
        parameters += (double)rows.items[k].parameters;
        flops += rows.items[k].flops;
        bool empty = rows.items[k].repeats && !rows.items[k].row->named && options->expand; // its rows follow
        if ((rows.items[k].parent < 0 || options->expand) && !empty)
            add_row(&w, k);
    }
    add_line(&w, "", "", "total", report_count(arena, parameters), report_count(arena, flops));

    report_print(&w.table, out);
    if (options->memory)
        add_memory(program, out);
}
