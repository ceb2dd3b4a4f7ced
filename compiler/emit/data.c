// data.c: the section `data` of the output: what a split has of its files. How they are opened and checked is open.c,
// the loader that hands out batches loader.c.
//
// Input: program->data and the values of program->graph->columns. Output, beside what compiler/README.md promises:
//
//     struct Dataset { const char *split; int examples; int *rows; struct Array image; ... };    one split
//     struct Data { struct Dataset train, test; [struct Statistics statistics;] };     the splits of the program
//     OPEN_TRAIN OPEN_VALID OPEN_TEST OPEN_TARGETS       what open_data opens; OPEN_TARGETS: the columns that are not
//                                                        inputs of the model as well (predict leaves them out)
//     void open_data(const struct Options *options, struct Data *data, int open)       `data` may not move afterwards
//     void open_loader(struct Memory *memory, struct Dataloader *loader, const struct Dataset *dataset,
//         int batch, int shuffle, int drop_last)         before open_memory; `loader` may not move either
//     int loader_batches(const struct Dataloader *loader)                              of an epoch
//
// and only with `standardize` (data_has_statistics): fit_data(data), after open_data with OPEN_TRAIN, or else the
// numbers of a checkpoint, by the table statistics[] = {{"data.x.mean", offsetof(struct Data, ...), 4}, ...}, which
// are reals inside of struct Data.
//
// Invariant: what depends on the rows of `data { }` is here, what does not is a piece of runtime/.
#include "data.h"
#include "../names.h"
#include <string.h>

// Members of struct Dataset that are not columns: a user's column of such a name gets a trailing `_`, as keywords do.
static const char own_members[] = "split examples rows statistics";

const char *dataset_member(Arena *arena, const Column *column)
{
    const char *name = name_part(arena, column->reads ? column->reads : column->name);
    size_t stem = strlen(name);
    while (stem > 0 && name[stem - 1] == '_')
        stem--;
    return word_in(name, stem, own_members) ? arena_format(arena, "%s_", name) : name;
}

const char *statistics_member(Arena *arena, const Column *column, const Transform *transform)
{
    int k = 1;
    for (const Transform *t = column->transforms.items; t != transform; t++)
        k += t->kind == TRANSFORM_STANDARDIZE;
    const char *name = name_part(arena, column->name);
    return k == 1 ? name : arena_format(arena, "%s__%d", name, k);
}

const char *dimensions(Arena *arena, const Type *type)
{
    Text text = text_new(arena);
    for (int i = 1; i < type->rank; i++)
        text_add(&text, "%s%ld", i > 1 ? " * " : "", type->axis[i].value);
    return text.data;
}

const char *dataset_shape(Arena *arena, const Column *column)
{
    Text text = text_new(arena);
    if (!column->file_exact) {
        text_add(&text, "%ld numbers", type_count(&column->file));
        return text.data;
    }
    text_string(&text, "[");
    for (int i = 1; i < column->file.rank; i++)
        text_add(&text, "%s%ld", i > 1 ? ", " : "", column->file.axis[i].value);
    text_string(&text, "]");
    return text.data;
}

bool dataset_first_reader(const Program *program, int k)
{
    const Graph *graph = program->graph;
    const char *member = dataset_member(program->arena, graph->columns.items[k]->column);
    for (int i = 0; i < k; i++)
        if (strcmp(dataset_member(program->arena, graph->columns.items[i]->column), member) == 0)
            return false;
    return true;
}

// ------------------------------------------------------------------------------------------------- inline

bool dataset_whole(const Program *program, const char *member)
{
    for (int i = 0; i < program->graph->columns.count; i++) {
        const Value *value = program->graph->columns.items[i];
        if ((value->type.element == ELEMENT_INT || data_classes(value->column) > 0) &&
            strcmp(dataset_member(program->arena, value->column), member) == 0)
            return true;
    }
    return false;
}

// A number, or { ... } of a list, on one line.
static void inline_value(Program *program, Text *text, const Constant *value, bool whole)
{
    if (value->kind != CONSTANT_LIST) {
        text_string(text, whole ? shortest(program->arena, value->number) : emit_real(program->arena, value->number));
        return;
    }
    text_string(text, "{");
    for (int k = 0; k < value->count; k++) {
        text_string(text, k ? ", " : "");
        inline_value(program, text, &value->items[k], whole);
    }
    text_string(text, "}");
}

// The entries of a list too long for a line: as many on each as fit. clang-format would align them in columns.
static void inline_lines(Program *program, Writer *w, const Constant *list, bool whole)
{
    Text line = text_new(program->arena);
    writer_verbatim(w, "    /* clang-format off */\n    {\n");
    for (int k = 0; k < list->count; k++) {
        Text entry = text_new(program->arena);
        inline_value(program, &entry, &list->items[k], whole);
        if (line.length && line.length + entry.length + 2 > 90) {
            writer_verbatim(w, arena_format(program->arena, "        %s\n", line.data));
            line = text_new(program->arena);
        }
        text_add(&line, "%s%s,", line.length ? " " : "", entry.data);
    }
    writer_verbatim(w, arena_format(program->arena, "        %s\n    },\n    /* clang-format on */\n", line.data));
}

// static const struct { real x[4][2]; } inline_train = { {{0, 0}, ...}, };
static void emit_inline(Writer *w, Program *program, const Split *split)
{
    const Graph *graph = program->graph;
    writer_comment(w, "The examples of %s, which the program itself has.", split->name);
    writer_open(w, "static const struct");
    for (int k = 0; k < graph->columns.count; k++) {
        const Value *value = graph->columns.items[k];
        if (!dataset_first_reader(program, k))
            continue;
        Text sizes = text_new(program->arena);
        text_add(&sizes, "[%d]", data_inline_values(split, value->column->reads)->count);
        for (int i = 1; i < value->column->file.rank; i++)
            text_add(&sizes, "[%ld]", value->column->file.axis[i].value);
        const char *member = dataset_member(program->arena, value->column);
        writer_line(w, "%s %s%s;", dataset_whole(program, member) ? "int" : "real", member, sizes.data);
    }
    writer_close(w, " inline_%s = {", split->name);
    for (int k = 0; k < graph->columns.count; k++) {
        const Value *value = graph->columns.items[k];
        if (!dataset_first_reader(program, k))
            continue;
        const Constant *list = data_inline_values(split, value->column->reads);
        bool whole = dataset_whole(program, dataset_member(program->arena, value->column));
        Text text = text_new(program->arena);
        inline_value(program, &text, list, whole);
        if (text.length <= 95)
            writer_verbatim(w, arena_format(program->arena, "    %s,\n", text.data));
        else
            inline_lines(program, w, list, whole);
    }
    writer_line(w, "};");
    writer_blank(w);
}

// ------------------------------------------------------------------------------------------------- types

static void emit_statistics_type(Writer *w, Program *program)
{
    writer_comment(w, "Mean and deviation of the train split, by column and component (or channel).");
    writer_open(w, "struct Statistics");
    for (int k = 0; k < program->graph->columns.count; k++) {
        const Column *column = program->graph->columns.items[k]->column;
        for (int i = 0; i < column->transforms.count; i++) {
            const Transform *transform = &column->transforms.items[i];
            long channels = data_channels(&transform->before);
            if (transform->kind != TRANSFORM_STANDARDIZE)
                continue;
            writer_open(w, "struct");
            writer_line(w, "real mean[%ld], deviation[%ld];", channels, channels);
            writer_close(w, " %s;", statistics_member(program->arena, column, transform));
        }
    }
    writer_close(w, ";");
    writer_blank(w);
}

static void emit_types(Writer *w, Program *program)
{
    bool statistics = data_has_statistics(program->data);
    if (statistics)
        emit_statistics_type(w, program);
    writer_comment(w, "A split of the data: a column of every source that is used, with an entry for each example.");
    writer_open(w, "struct Dataset");
    writer_line(w, "const char *split; /* \"train\" */");
    for (int k = 0; k < program->graph->columns.count; k++) {
        const Column *column = program->graph->columns.items[k]->column;
        if (dataset_first_reader(program, k))
            writer_line(w, "struct Array %s; /* %s */", dataset_member(program->arena, column),
                dataset_shape(program->arena, column));
    }
    writer_line(w, "int examples;");
    writer_line(w, "int *rows; /* which entries of the columns they are, in order; NULL: all */");
    if (statistics)
        writer_line(w, "const struct Statistics *statistics;");
    writer_close(w, ";");
    writer_blank(w);
    writer_open(w, "struct Data");
    Text names = text_new(program->arena);
    for (int i = 0; i < program->data->splits.count; i++)
        text_add(&names, "%s%s", i ? ", " : "", program->data->splits.items[i].name);
    writer_line(w, "struct Dataset %s;", names.data);
    if (statistics)
        writer_line(w, "struct Statistics statistics;");
    writer_close(w, ";");
    writer_blank(w);
}

// The table by which a trainer saves and loads what fit_data finds.
static void emit_statistics_table(Writer *w, Program *program)
{
    writer_comment(w, "What fit_data finds, for checkpoints: reals inside of struct Data.");
    writer_open(w, "static const struct Statistic");
    writer_line(w, "const char *name;");
    writer_line(w, "size_t offset, count;");
    writer_close(w, " statistics[] = {");
    writer_indent(w);
    for (int k = 0; k < program->graph->columns.count; k++) {
        const Column *column = program->graph->columns.items[k]->column;
        for (int i = 0; i < column->transforms.count; i++) {
            const Transform *transform = &column->transforms.items[i];
            if (transform->kind != TRANSFORM_STANDARDIZE)
                continue;
            const char *member = statistics_member(program->arena, column, transform);
            static const char *const parts[] = {"mean", "deviation"};
            for (int j = 0; j < 2; j++)
                writer_line(w, "{\"data.%s.%s\", offsetof(struct Data, statistics.%s.%s), %ld},", member, parts[j],
                    member, parts[j], data_channels(&transform->before));
        }
    }
    writer_dedent(w);
    writer_line(w, "};");
    writer_blank(w);
}

void emit_data(Writer *w, Program *program)
{
    writer_section(w, "data");
    writer_blank(w);
    emit_types(w, program);
    for (int i = 0; i < program->data->splits.count; i++)
        if (program->data->splits.items[i].kind == SOURCE_INLINE)
            emit_inline(w, program, &program->data->splits.items[i]);
    emit_open(w, program);
    if (data_has_statistics(program->data)) {
        emit_statistics_table(w, program);
        emit_fit(w, program);
    }
    emit_loader(w, program);
}
