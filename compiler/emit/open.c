// open.c: how the splits of a program are opened and checked: open_train, open_test, open_data.
//
// Input: program->data, program->graph->columns. Output: one function for each split with a source of its own, and
// open_data, which emit/data.c promises. Invariant: headers, sizes and classes of all files are checked there, before
// the first step.
#include "data.h"
#include "../names.h"
#include <string.h>

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
    long classes = data_classes(column);
    if (classes == 0 && value->type.element != ELEMENT_INT)
        return;
    const char *before = arena_format(program->arena, "check_whole(&s->%s, %ld, %ld, ",
        dataset_member(program->arena, column), classes, column->has_ignored ? column->ignored : 0);
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
            writer_line(w, "csv_class(csv, %ld, %ld);", data_classes(column),
                column->has_ignored ? column->ignored : 0);
        } else if (transform->kind == TRANSFORM_CLASSES) {
            Text names = text_new(program->arena);
            for (int k = 0; k < transform->count; k++)
                text_add(&names, ", %s", emit_string(program->arena, transform->arguments[k].text));
            writer_line(w, "csv_classes(csv, %d%s);", transform->count, names.data);
        }
    }
}

// s->image = open_idx(...): the array of a column, whose name in struct Dataset is `member`.
static void emit_open_array(Writer *w, Program *program, const Split *split, const Column *column, const char *member)
{
    Arena *arena = program->arena;
    const char *name = emit_string(arena, column->reads);
    const char *size = column->file.rank > 1 ? dimensions(arena, &column->file) : "1";
    const char *path =
        arena_format(arena, data_path_each(split) ? "data.%s.%s" : "data.%s", split->name, column->reads);
    const Field *field = data_field(split, column->reads);
    if (split->kind == SOURCE_INLINE) {
        writer_line(w, "s->%s = inline_%s(inline_%s.%s, %s, %d, %s);", member,
            dataset_whole(program, member) ? "ints" : "reals", split->name, member, name,
            data_inline_values(split, column->reads)->count, size);
    } else if (field) {
        writer_line(w, "s->%s = record_column(&records, %s, \"%s\", %s, %ld);", member, name, field->type, size,
            field->offset);
    } else {
        writer_line(w, "s->%s = open_%s(options->%s, %s, %s);", member, split->kind == SOURCE_IDX ? "idx" : "npy",
            name_member(arena, path), name, emit_string(arena, dataset_shape(arena, column)));
    }
}

// "label=u8, image=u8[3, 32, 32]"
static const char *fields_text(Arena *arena, const Split *split)
{
    Text text = text_new(arena);
    for (int k = 0; k < split->path_count; k++) {
        const Field *field = &split->fields[k];
        text_add(&text, "%s%s=%s", k ? ", " : "", split->paths[k].column, field->type);
        for (int i = 1; i < field->shape.rank; i++)
            text_add(&text, "%s%ld", i > 1 ? ", " : "[", field->shape.axis[i].value);
        text_string(&text, field->shape.rank > 1 ? "]" : "");
    }
    return text.data;
}

// The columns of a split that belong to inputs of the model, or the others.
static void emit_columns(Writer *w, Program *program, const Split *split, bool inputs, const char *first)
{
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
        if (dataset_first_reader(program, k)) {
            emit_open_array(w, program, split, column, member);
            if ((split->kind == SOURCE_IDX || split->kind == SOURCE_NPY) && strcmp(member, first) != 0)
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
        members += !input && dataset_first_reader(program, k);
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
    if (split->kind == SOURCE_RECORDS)
        writer_line(w, "struct Records records = open_records(options->data.%s, %ld, %s);", split->name, split->record,
            emit_string(program->arena, fields_text(program->arena, split)));
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

void emit_open(Writer *w, Program *program)
{
    for (int i = 0; i < program->data->splits.count; i++)
        if (program->data->splits.items[i].kind != SOURCE_HOLDOUT)
            emit_open_split(w, program, &program->data->splits.items[i]);
    emit_open_data(w, program);
}
