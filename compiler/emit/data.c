// data.c: the section `data` of the output: what a split has of its files, how they are opened and checked, and the
// loader that hands out batches.
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

// "[28, 28]": what the readers compare a header with.
static const char *shape_text(Arena *arena, const Column *column)
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

// Whether the k-th of the columns is the first that reads its member of struct Dataset.
static bool first_reader(const Program *program, int k)
{
    const Graph *graph = program->graph;
    const char *member = dataset_member(program->arena, graph->columns.items[k]->column);
    for (int i = 0; i < k; i++)
        if (strcmp(dataset_member(program->arena, graph->columns.items[i]->column), member) == 0)
            return false;
    return true;
}

// Whether an input of the model reads what this column reads: predict opens it too.
static bool for_inputs(const Program *program, const Column *column)
{
    const char *member = dataset_member(program->arena, column);
    for (int i = 0; i < program->graph->columns.count; i++) {
        const Value *value = program->graph->columns.items[i];
        if (value->is_input && strcmp(dataset_member(program->arena, value->column), member) == 0)
            return true;
    }
    return false;
}

// ------------------------------------------------------------------------------------------------- inline

// Whether one of the columns that read a member of struct Dataset wants whole numbers; the others can read them too.
static bool read_whole(const Program *program, const char *member)
{
    for (int i = 0; i < program->graph->columns.count; i++) {
        const Value *value = program->graph->columns.items[i];
        if (value->type.element == ELEMENT_INT &&
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
        if (!first_reader(program, k))
            continue;
        Text sizes = text_new(program->arena);
        text_add(&sizes, "[%d]", data_inline_values(split, value->column->reads)->count);
        for (int i = 1; i < value->column->file.rank; i++)
            text_add(&sizes, "[%ld]", value->column->file.axis[i].value);
        const char *member = dataset_member(program->arena, value->column);
        writer_line(w, "%s %s%s;", read_whole(program, member) ? "int" : "real", member, sizes.data);
    }
    writer_close(w, " inline_%s = {", split->name);
    for (int k = 0; k < graph->columns.count; k++) {
        const Value *value = graph->columns.items[k];
        if (!first_reader(program, k))
            continue;
        const Constant *list = data_inline_values(split, value->column->reads);
        bool whole = read_whole(program, dataset_member(program->arena, value->column));
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
        if (first_reader(program, k))
            writer_line(w, "struct Array %s; /* %s */", dataset_member(program->arena, column),
                shape_text(program->arena, column));
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

// ------------------------------------------------------------------------------------------------- opening

// "lenet5.mt": the last part of the path.
static const char *file_name(const Program *program)
{
    const char *slash = strrchr(program->source->path, '/');
    return slash ? slash + 1 : program->source->path;
}

// Numbers that must be whole: classes, and integer inputs.
static void emit_check(Writer *w, Program *program, const Value *value)
{
    const Column *column = value->column;
    if (column->type.classes == 0 && value->type.element != ELEMENT_INT)
        return;
    const char *before = arena_format(program->arena, "check_whole(&s->%s, %ld, %ld, ",
        dataset_member(program->arena, column), column->type.classes, column->has_ignored ? column->ignored : 0);
    const char *declared = arena_format(program->arena, "%s: %s", file_name(program), column->text);
    // clang-format would break a string that does not fit on a line of its own.
    for (size_t length = strlen(declared); strlen(emit_string(program->arena, declared)) > 80 && length > 4;)
        declared = arena_format(program->arena, "%.*s...", (int)(length -= 4), declared);
    writer_line(w, "%s%s);", before, emit_string(program->arena, declared));
}

static void emit_csv_column(Writer *w, Program *program, const Column *column)
{
    const char *member = dataset_member(program->arena, column);
    const char *name = emit_string(program->arena, column->name);
    writer_comment(w, "%s", column->text);
    for (int i = 0; i < column->selectors.count;) {
        const Selector *selector = &column->selectors.items[i++];
        if (!selector->name) {
            // Neighbours that follow each other are one range.
            long last = selector->last;
            for (; i < column->selectors.count && !column->selectors.items[i].name &&
                 column->selectors.items[i].first == last + 1;
                 i++)
                last = column->selectors.items[i].last;
            writer_line(w, "csv_range(csv, &s->%s, %s, %ld, %ld);", member, name, selector->first, last);
            continue;
        }
        Text names = text_new(program->arena);
        int count = 1;
        text_add(&names, ", %s", emit_string(program->arena, selector->name));
        for (; i < column->selectors.count && column->selectors.items[i].name; i++, count++)
            text_add(&names, ", %s", emit_string(program->arena, column->selectors.items[i].name));
        writer_line(w, "csv_names(csv, &s->%s, %s, %d%s);", member, name, count, names.data);
    }
    for (int i = 0; i < column->transforms.count; i++) {
        const Transform *transform = &column->transforms.items[i];
        if (transform->kind == TRANSFORM_CLASS) {
            writer_line(w, "csv_class(csv, %ld, %ld);", column->type.classes,
                column->has_ignored ? column->ignored : 0);
        } else if (transform->kind == TRANSFORM_CLASSES) {
            Text names = text_new(program->arena);
            for (int k = 0; k < transform->count; k++)
                text_add(&names, ", %s", emit_string(program->arena, transform->arguments[k].text));
            writer_line(w, "csv_classes(csv, %d%s);", transform->count, names.data);
        }
    }
}

// The columns of a split that belong to inputs of the model, or the others.
static void emit_columns(Writer *w, Program *program, const Split *split, bool inputs, const char *first)
{
    static const char *const readers[] = {"inline", "csv", "open_idx", "open_npy"};
    for (int k = 0; k < program->graph->columns.count; k++) {
        const Value *value = program->graph->columns.items[k];
        const Column *column = value->column;
        const char *member = dataset_member(program->arena, column);
        if (for_inputs(program, column) != inputs)
            continue;
        if (split->kind == SOURCE_CSV) {
            emit_csv_column(w, program, column);
            continue;
        }
        if (first_reader(program, k)) {
            const char *name = emit_string(program->arena, column->reads);
            const char *shape = emit_string(program->arena, shape_text(program->arena, column));
            const char *size = dimensions(program->arena, &column->file);
            const char *path = arena_format(program->arena, split->path_count == 1 ? "data.%s" : "data.%s.%s",
                split->name, column->reads);
            if (split->kind == SOURCE_INLINE)
                writer_line(w, "s->%s = inline_%s(inline_%s.%s, %s, %d, %s);", member,
                    read_whole(program, member) ? "ints" : "reals", split->name, member, name,
                    data_inline_values(split, column->reads)->count, column->file.rank > 1 ? size : "1");
            else
                writer_line(w, "s->%s = %s(options->%s, %s, %s);", member, readers[split->kind],
                    name_member(program->arena, path), name, shape);
            if (split->kind != SOURCE_INLINE && strcmp(member, first) != 0)
                writer_line(w, "same_examples(&s->%s, &s->%s);", first, member);
        }
        if (split->kind != SOURCE_INLINE)
            emit_check(w, program, value);
    }
}

// open_train(options, s, targets)
static void emit_open_split(Writer *w, Program *program, const Split *split)
{
    const char *first = NULL;
    int targets = 0, members = 0;
    for (int k = program->graph->columns.count - 1; k >= 0; k--) {
        const Value *value = program->graph->columns.items[k];
        bool input = for_inputs(program, value->column);
        targets += !input;
        members += !input && first_reader(program, k);
        if (input || !first)
            first = dataset_member(program->arena, value->column);
    }
    writer_comment(w, "%s", split->text);
    writer_function(w, "static void open_%s(const struct Options *options, struct Dataset *s, int targets)",
        split->name);
    if (split->kind == SOURCE_CSV)
        writer_line(w, "struct Csv *csv = csv_open(options->data.%s, %s, %d);", split->name,
            emit_string(program->arena, arena_format(program->arena, "%c", split->separator)), split->header);
    if (split->kind == SOURCE_INLINE)
        writer_line(w, "(void)options;");
    writer_line(w, "s->split = %s;", emit_string(program->arena, split->name));
    emit_columns(w, program, split, true, first);
    if (targets && split->kind == SOURCE_INLINE && members == 1) {
        writer_line(w, "if (targets)");
        writer_indent(w);
        emit_columns(w, program, split, false, first);
        writer_dedent(w);
    } else if (targets) {
        writer_open(w, "if (targets)");
        emit_columns(w, program, split, false, first);
        writer_close(w, "%s", "");
    } else {
        writer_line(w, "(void)targets;");
    }
    if (split->kind == SOURCE_CSV)
        writer_line(w, "s->examples = csv_read(csv);");
    else
        writer_line(w, "s->examples = s->%s.examples;", first);
    writer_close(w, "%s", "");
    writer_blank(w);
}

// OPEN_TRAIN | OPEN_VALID: a split, and what is held out from it.
static const char *open_flags(const Program *program, const Split *split, int *count)
{
    static const char *const names[] = {"train", "OPEN_TRAIN", "valid", "OPEN_VALID", "test", "OPEN_TEST"};
    Text text = text_new(program->arena);
    *count = 0;
    for (int i = 0; i < program->data->splits.count; i++)
        for (int k = 0; k < 6; k += 2) {
            const Split *other = &program->data->splits.items[i];
            if (data_origin(program->data, other) == split && strcmp(names[k], other->name) == 0)
                text_add(&text, "%s%s", (*count)++ ? " | " : "", names[k + 1]);
        }
    return *count > 1 ? arena_format(program->arena, "(%s)", text.data) : text.data;
}

static void emit_holdouts(Writer *w, Program *program, const Split *split)
{
    for (int i = 0; i < program->data->splits.count; i++) {
        const Split *held = &program->data->splits.items[i];
        if (held->kind != SOURCE_HOLDOUT || strcmp(held->of, split->name) != 0)
            continue;
        writer_blank(w);
        writer_comment(w, "%s", held->text);
        writer_line(w, "*%s = *%s;", held->name, split->name);
        writer_line(w, "%s->split = %s;", held->name, emit_string(program->arena, held->name));
        writer_line(w,
            "hold_out(total, %s->split, &%s->examples, &%s->rows, %s->split, &%s->examples, &%s->rows, "
            "options->data.%s.fraction, (uint64_t)options->data.%s.seed);",
            split->name, split->name, split->name, held->name, held->name, held->name, held->name, held->name);
    }
}

static void emit_open_data(Writer *w, Program *program)
{
    int count;
    writer_comment(w, "What open_data opens: splits, and (to predict takes none) the columns of targets.");
    writer_line(w, "enum { OPEN_TRAIN = 1, OPEN_VALID = 2, OPEN_TEST = 4, OPEN_TARGETS = 8 };");
    writer_blank(w);
    writer_comment(w, "Faults of the files end the program here, before the first step.");
    writer_function(w, "static void open_data(const struct Options *options, struct Data *data, int open)");
    writer_line(w, "int targets = open & OPEN_TARGETS;");
    for (int i = 0; i < program->data->splits.count; i++) {
        const Split *split = &program->data->splits.items[i];
        if (data_has_statistics(program->data))
            writer_line(w, "data->%s.statistics = &data->statistics;", split->name);
    }
    for (int i = 0; i < program->data->splits.count; i++) {
        const Split *split = &program->data->splits.items[i];
        if (split->kind == SOURCE_HOLDOUT)
            continue;
        const char *flags = open_flags(program, split, &count);
        if (count == 1) {
            writer_line(w, "if (open & %s)", flags);
            writer_indent(w);
            writer_line(w, "open_%s(options, &data->%s, targets);", split->name, split->name);
            writer_dedent(w);
            continue;
        }
        writer_open(w, "if (open & %s)", flags);
        Text names = text_new(program->arena);
        text_add(&names, "struct Dataset *%s = &data->%s", split->name, split->name);
        for (int k = 0; k < program->data->splits.count; k++)
            if (program->data->splits.items[k].of && strcmp(program->data->splits.items[k].of, split->name) == 0)
                text_add(&names, ", *%s = &data->%s", program->data->splits.items[k].name,
                    program->data->splits.items[k].name);
        writer_line(w, "%s;", names.data);
        writer_line(w, "open_%s(options, %s, targets);", split->name, split->name);
        writer_line(w, "int total = %s->examples;", split->name);
        emit_holdouts(w, program, split);
        writer_close(w, "%s", "");
    }
    writer_close(w, "%s", "");
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
    for (int i = 0; i < program->data->splits.count; i++)
        if (program->data->splits.items[i].kind != SOURCE_HOLDOUT)
            emit_open_split(w, program, &program->data->splits.items[i]);
    emit_open_data(w, program);
    if (data_has_statistics(program->data)) {
        emit_statistics_table(w, program);
        emit_fit(w, program);
    }
    emit_loader(w, program);
}
