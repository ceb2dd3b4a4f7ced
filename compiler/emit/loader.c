// loader.c: the loader of the output: batches of a split; and the pass over the train split that `standardize` needs.
//
// Input: program->data, program->graph->columns. Output: struct Dataloader, loader_*, fit_data (emit/data.c says what
// they are called with). Invariant: a column's numbers are read and transformed under the text of its row, here and in
// fit_data by the same code (read.c). Random transforms are for batches behind loader_shuffle, which training alone
// calls.
#include "data.h"
#include "../names.h"
#include <string.h>

// ------------------------------------------------------------------------------------------------- standardize

static void emit_fit_column(Writer *w, Program *program, const Column *column, int index)
{
    Arena *arena = program->arena;
    const Transform *transform = &column->transforms.items[index];
    Type one = transform->before;
    for (int i = 1; i + 1 < one.rank; i++)
        one.axis[i] = one.axis[i + 1];
    one.rank -= one.rank > 1;
    const char *inner = dimensions(arena, &one), *member = statistics_member(arena, column, transform);
    writer_blank(w);
    writer_comment(w, "%s", column->text);
    writer_line(w, "fit = fit_open(%ld, %s);", data_channels(&transform->before), *inner ? inner : "1");
    writer_open(w, "while (fit_next(&fit, s->examples, s->rows))");
    Reading reading = {column, index, false, arena_format(arena, "s->%s", dataset_member(arena, column)), "fit.example",
        "fit.x", "s->statistics"};
    emit_reading(w, program, &reading, false);
    writer_line(w, "fit_add(&fit);");
    writer_close(w, "%s", "");
    writer_line(w, "fit_close(&fit, %s, data->statistics.%s.mean, data->statistics.%s.deviation);",
        emit_string(arena, column->name), member, member);
}

// Whether fit_data reads a column through windows.
static bool fit_has_windows(const Program *program)
{
    for (int k = 0; k < program->graph->columns.count; k++) {
        const Column *column = program->graph->columns.items[k]->column;
        for (int i = 0; i < column->transforms.count; i++)
            if (column->transforms.items[i].kind == TRANSFORM_STANDARDIZE && reading_has_windows(column, i, false))
                return true;
    }
    return false;
}

void emit_fit(Writer *w, Program *program)
{
    writer_comment(w,
        "What `standardize` needs to know of the train split, held-out examples aside: for each component of a vector "
        "or channel of an image mean and deviation (of n, not n - 1), where it stands among the transforms.");
    writer_function(w, "static void fit_data(struct Data *data)");
    writer_line(w, "const struct Dataset *s = &data->train;");
    writer_line(w, "struct Fit fit;");
    if (fit_has_windows(program))
        writer_line(w, "struct Window window[B];");
    for (int k = 0; k < program->graph->columns.count; k++) {
        const Column *column = program->graph->columns.items[k]->column;
        for (int i = 0; i < column->transforms.count; i++)
            if (column->transforms.items[i].kind == TRANSFORM_STANDARDIZE)
                emit_fit_column(w, program, column, i);
    }
    writer_close(w, "%s", "");
    writer_blank(w);
}

// ------------------------------------------------------------------------------------------------- loader

static void emit_order(Writer *w, bool random)
{
    writer_comment(w, "From the first example on, in the order of the files.");
    writer_function(w, "static void loader_rewind(struct Dataloader *loader)");
    writer_line(w, "const struct Dataset *s = loader->dataset;");
    writer_line(w, "for (int i = 0; i < s->examples; i++)");
    writer_indent(w);
    writer_line(w, "loader->order[i] = s->rows ? s->rows[i] : i;");
    writer_dedent(w);
    writer_line(w, "loader->next = 0;");
    if (random)
        writer_line(w, "loader->random = 0;");
    writer_close(w, "%s", "");
    writer_blank(w);
    writer_comment(w, "From the first example on; with `shuffle` in an order that depends on the seed and the epoch "
                      "alone%s.", random ? ", as what random transforms draw for an example" : "");
    writer_function(w, "static void loader_shuffle(struct Dataloader *loader, uint64_t seed, int epoch)");
    writer_line(w, "loader_rewind(loader);");
    if (random) {
        writer_line(w, "loader->random = 1;");
        writer_line(w, "loader->seed = seed;");
        writer_line(w, "loader->epoch = epoch;");
    }
    writer_line(w, "if (loader->shuffle)");
    writer_indent(w);
    writer_line(w, "shuffle(loader->dataset->examples, loader->order, seed, epoch);");
    writer_dedent(w);
    writer_close(w, "%s", "");
    writer_blank(w);
    writer_comment(w, "The batches of an epoch; the last one may be short, or (drop_last) left out.");
    writer_function(w, "static int loader_batches(const struct Dataloader *loader)");
    writer_line(w, "int n = loader->dataset->examples;");
    writer_line(w, "return n / loader->batch + (n %% loader->batch > 0 && !loader->drop_last);");
    writer_close(w, "%s", "");
    writer_blank(w);
    writer_function(w, "static int loader_at_end(const struct Dataloader *loader)");
    writer_line(w, "int left = loader->dataset->examples - loader->next;");
    writer_line(w, "return left < (loader->drop_last ? loader->batch : 1);");
    writer_close(w, "%s", "");
    writer_blank(w);
}

// A resumed run begins within an epoch.
static void emit_skip(Writer *w)
{
    writer_comment(w, "Passes over the first batches of an epoch.");
    writer_function(w, "static void loader_skip(struct Dataloader *loader, int batches)");
    writer_line(w, "loader->next += batches * loader->batch;");
    writer_close(w, "%s", "");
    writer_blank(w);
}

static void emit_loader_type(Writer *w, bool random)
{
    writer_comment(w, "Hands out a dataset in batches; `order[next]` is the example to come.");
    writer_open(w, "struct Dataloader");
    writer_line(w, "const struct Dataset *dataset;");
    writer_line(w, "int *order; /* [examples] */");
    writer_line(w, "int next, batch, shuffle, drop_last;");
    if (random) {
        writer_line(w, "int random; /* whether the random transforms are done: in training */");
        writer_line(w, "uint64_t seed; /* of what they draw */");
        writer_line(w, "int epoch;");
    }
    writer_close(w, ";");
    writer_blank(w);
    writer_function(w, "static void open_loader(struct Memory *memory, struct Dataloader *loader, "
                       "const struct Dataset *dataset, int batch, int shuffle, int drop_last)");
    writer_line(w, "if (drop_last && dataset->examples < batch)");
    writer_indent(w);
    writer_line(w, "data_error(\"%%s has %%d examples, less than one batch of %%d: drop_last leaves none\", "
                   "dataset->split, dataset->examples, batch);");
    writer_dedent(w);
    writer_line(w, "loader->dataset = dataset;");
    writer_line(w, "loader->batch = batch;");
    writer_line(w, "loader->shuffle = shuffle;");
    writer_line(w, "loader->drop_last = drop_last;");
    writer_line(w, "TAKE(memory, loader->order, (size_t)dataset->examples);");
    writer_close(w, "%s", "");
    writer_blank(w);
}

// A column of the batch, under the text of its row.
static void emit_column(Writer *w, Program *program, const Value *value)
{
    const Column *column = value->column;
    const char *array = arena_format(program->arena, "s->%s", dataset_member(program->arena, column));
    const char *x = arena_format(program->arena, "v->%s", value->member);
    Reading reading = {column, column->transforms.count, true, array, "example", x, "s->statistics"};
    writer_blank(w);
    if (column->derived)
        writer_comment(w, "%s", column->text);
    else
        writer_comment(w, "%s: as the source has it", column->name);
    emit_reading(w, program, &reading, value->type.element == ELEMENT_INT);
}

void emit_loader(Writer *w, Program *program)
{
    bool random = data_has_random(program->data), windows = false;
    for (int k = 0; k < program->graph->columns.count; k++) {
        const Column *column = program->graph->columns.items[k]->column;
        windows = windows || reading_has_windows(column, column->transforms.count, true);
    }
    emit_loader_type(w, random);
    emit_order(w, random);
    if (program->training->checkpoint)
        emit_skip(w);
    writer_comment(w, "The next batch into v: how many examples it has, 0 after the last. Lanes past them repeat the "
                      "last one.");
    writer_function(w, "static int loader_next(struct Dataloader *loader, struct Values *v)");
    writer_line(w, "const struct Dataset *s = loader->dataset;");
    writer_line(w, "int left = s->examples - loader->next, n = left < loader->batch ? left : loader->batch;");
    writer_line(w, "int example[B];");
    if (windows)
        writer_line(w, "struct Window window[B];");
    writer_line(w, "if (loader_at_end(loader))");
    writer_indent(w);
    writer_line(w, "return 0;");
    writer_dedent(w);
    writer_line(w, "for (int b = 0; b < B; b++)");
    writer_indent(w);
    writer_line(w, "example[b] = loader->order[loader->next + (b < n ? b : n - 1)];");
    writer_dedent(w);
    writer_line(w, "loader->next += n;");
    for (int k = 0; k < program->graph->columns.count; k++)
        emit_column(w, program, program->graph->columns.items[k]);
    writer_blank(w);
    writer_line(w, "return n;");
    writer_close(w, "%s", "");
}
