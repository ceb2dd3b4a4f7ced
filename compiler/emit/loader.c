// loader.c: the loader of the output: batches of a split, with the transforms of each column as one visible loop; and
// the pass over the train split that `standardize` needs.
//
// Input: program->data, program->graph->columns. Output: struct Dataloader, loader_*, fit_data (emit/data.c says what
// they are called with). Invariant: a column's numbers are read and transformed under the text of its row, here and in
// fit_data by the same code.
#include "data.h"
#include "../names.h"
#include <string.h>

// The text of a number that a user wrote: a quotient of whole numbers stays one, (real)(1.0 / 255).
static const char *written(Program *program, const Transform *transform, double value)
{
    const Ast *ast = transform->call->kind == AST_CALL ? transform->call->child[1] : NULL;
    if (ast && ast->kind == AST_ARGUMENT)
        ast = ast->child[0];
    if (ast && ast->kind == AST_BINARY && strcmp(ast->text, "/") == 0 && ast->child[0]->kind == AST_NUMBER &&
        ast->child[1]->kind == AST_NUMBER && ast->child[1]->number >= 1 && ast->child[1]->number < 1e9 &&
        ast->child[0]->number / ast->child[1]->number == value) {
        const char *over = shortest(program->arena, ast->child[0]->number);
        return arena_format(program->arena, "(real)(%s%s / %s)", over, strpbrk(over, ".en") ? "" : ".0",
            shortest(program->arena, ast->child[1]->number));
    }
    return emit_real(program->arena, value);
}

static bool has_code(const Transform *transform)
{
    return transform->kind == TRANSFORM_SCALE || transform->kind == TRANSFORM_NORMALIZE ||
        transform->kind == TRANSFORM_STANDARDIZE;
}

static bool has_lists(const Transform *transform)
{
    return transform->kind == TRANSFORM_NORMALIZE &&
        (transform->arguments[0].kind == CONSTANT_LIST || transform->arguments[1].kind == CONSTANT_LIST);
}

// Whether a transform has numbers for each channel, of several.
static bool by_channel(const Transform *transform)
{
    return has_lists(transform) ||
        (transform->kind == TRANSFORM_STANDARDIZE && data_channels(&transform->before) > 1);
}

// x[i] = ...: `x` is "v->x", `c` the channel, `numbers` where statistics are: "s->statistics".
static void emit_statement(Writer *w, Program *program, const Column *column, const Transform *transform,
    const char *x, const char *numbers)
{
    const Constant *arguments = transform->arguments;
    if (transform->kind == TRANSFORM_SCALE) {
        writer_line(w, "%s[i] *= %s;", x, written(program, transform, arguments[0].number));
    } else if (transform->kind == TRANSFORM_STANDARDIZE) {
        const char *member = statistics_member(program->arena, column, transform);
        const char *c = by_channel(transform) ? "c" : "0";
        writer_line(w, "%s[i] = (%s[i] - %s->%s.mean[%s]) / %s->%s.deviation[%s];", x, x, numbers, member, c, numbers,
            member, c);
    } else {
        const char *part[2];
        for (int k = 0; k < 2; k++)
            part[k] = arguments[k].kind == CONSTANT_LIST ? (k ? "deviation[c]" : "mean[c]")
                                                         : emit_real(program->arena, arguments[k].number);
        bool negative = arguments[0].kind == CONSTANT_NUMBER && arguments[0].number < 0;
        writer_line(w, negative ? "%s[i] = (%s[i] + %s) / %s;" : "%s[i] = (%s[i] - %s) / %s;", x, x,
            negative ? emit_real(program->arena, -arguments[0].number) : part[0], part[1]);
    }
}

// static const real mean[3] = {...}, above the loop of a normalize with lists.
static void emit_lists(Writer *w, Program *program, const Transform *transform)
{
    static const char *const names[] = {"mean", "deviation"};
    for (int k = 0; k < 2; k++) {
        const Constant *list = &transform->arguments[k];
        Text text = text_new(program->arena);
        for (int i = 0; list->kind == CONSTANT_LIST && i < list->count; i++)
            text_add(&text, "%s%s", i ? ", " : "", emit_real(program->arena, list->items[i].number));
        if (list->kind == CONSTANT_LIST)
            writer_line(w, "static const real %s[] = {%s};", names[k], text.data);
    }
}

// One loop: the transforms first ... last, of which the codeless only change how the elements are counted.
static void emit_loop(Writer *w, Program *program, const Column *column, int first, int last, const char *x,
    const char *numbers)
{
    const Transform *transforms = column->transforms.items, *channelled = NULL;
    int statements = 0;
    for (int i = first; i <= last; i++) {
        statements += has_code(&transforms[i]);
        if (by_channel(&transforms[i]))
            channelled = &transforms[i];
    }
    const Type *type = channelled ? &channelled->before : &transforms[first].before;
    const char *all = dimensions(program->arena, type);
    Type one = *type; // of a channel: without the first axis
    for (int i = 1; i + 1 < one.rank; i++)
        one.axis[i] = one.axis[i + 1];
    one.rank -= one.rank > 1;
    const char *inner = dimensions(program->arena, &one);
    const char *count = *inner ? arena_format(program->arena, "(%s * B)", inner) : "B";
    const char *head = *all ? arena_format(program->arena, "for (int i = 0; i < %s * B; i++)", all)
                            : "for (int i = 0; i < B; i++)";
    if (channelled && has_lists(channelled)) {
        writer_line(w, "{");
        writer_indent(w);
        emit_lists(w, program, channelled);
    }
    if (channelled) {
        writer_line(w, "for (int c = 0; c < %ld; c++)", data_channels(type));
        writer_indent(w);
        head = arena_format(program->arena, "for (int i = c * %s; i < (c + 1) * %s; i++)", count, count);
    }
    if (statements > 1)
        writer_open(w, "%s", head);
    else
        writer_line(w, "%s", head);
    if (statements == 1)
        writer_indent(w);
    for (int i = first; i <= last; i++)
        if (has_code(&transforms[i]))
            emit_statement(w, program, column, &transforms[i], x, numbers);
    if (statements > 1)
        writer_close(w, "%s", "");
    else
        writer_dedent(w);
    if (channelled)
        writer_dedent(w);
    if (channelled && has_lists(channelled)) {
        writer_dedent(w);
        writer_line(w, "}");
    }
}

// Whether two transforms may stand in one loop: not two ways to count channels.
static bool one_loop(const Transform *a, const Transform *b)
{
    if (!by_channel(a) || !by_channel(b))
        return true;
    return !has_lists(a) && !has_lists(b) && type_same_shape(&a->before, &b->before);
}

// The loops of the first `count` transforms of a column, over `x`.
static void emit_transforms(Writer *w, Program *program, const Column *column, int count, const char *x,
    const char *numbers)
{
    const Transform *transforms = column->transforms.items;
    for (int first = 0; first < count; first++) {
        if (!has_code(&transforms[first]))
            continue;
        const Transform *channelled = &transforms[first];
        int last = first;
        for (int i = first + 1; i < count; i++) {
            if (!has_code(&transforms[i]))
                continue;
            if (!one_loop(channelled, &transforms[i]))
                break;
            channelled = by_channel(&transforms[i]) ? &transforms[i] : channelled;
            last = i;
        }
        emit_loop(w, program, column, first, last, x, numbers);
        first = last;
    }
}

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
    writer_line(w, "read_reals(&s->%s, fit.example, fit.x);", dataset_member(arena, column));
    emit_transforms(w, program, column, index, "fit.x", "s->statistics");
    writer_line(w, "fit_add(&fit);");
    writer_close(w, "%s", "");
    writer_line(w, "fit_close(&fit, %s, data->statistics.%s.mean, data->statistics.%s.deviation);",
        emit_string(arena, column->name), member, member);
}

void emit_fit(Writer *w, Program *program)
{
    writer_comment(w,
        "What `standardize` needs to know of the train split, held-out examples aside: for each component of a vector "
        "or channel of an image mean and deviation (of n, not n - 1), where it stands among the transforms.");
    writer_function(w, "static void fit_data(struct Data *data)");
    writer_line(w, "const struct Dataset *s = &data->train;");
    writer_line(w, "struct Fit fit;");
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

static void emit_order(Writer *w)
{
    writer_comment(w, "From the first example on, in the order of the files.");
    writer_function(w, "static void loader_rewind(struct Dataloader *loader)");
    writer_line(w, "const struct Dataset *s = loader->dataset;");
    writer_line(w, "for (int i = 0; i < s->examples; i++)");
    writer_indent(w);
    writer_line(w, "loader->order[i] = s->rows ? s->rows[i] : i;");
    writer_dedent(w);
    writer_line(w, "loader->next = 0;");
    writer_close(w, "%s", "");
    writer_blank(w);
    writer_comment(w, "From the first example on; with `shuffle` in an order that depends on the seed and the epoch "
                      "alone.");
    writer_function(w, "static void loader_shuffle(struct Dataloader *loader, uint64_t seed, int epoch)");
    writer_line(w, "loader_rewind(loader);");
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

static void emit_loader_type(Writer *w)
{
    writer_comment(w, "Hands out a dataset in batches; `order[next]` is the example to come.");
    writer_open(w, "struct Dataloader");
    writer_line(w, "const struct Dataset *dataset;");
    writer_line(w, "int *order; /* [examples] */");
    writer_line(w, "int next, batch, shuffle, drop_last;");
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

void emit_loader(Writer *w, Program *program)
{
    emit_loader_type(w);
    emit_order(w);
    writer_comment(w, "The next batch into v: how many examples it has, 0 after the last. Lanes past them repeat the "
                      "last one.");
    writer_function(w, "static int loader_next(struct Dataloader *loader, struct Values *v)");
    writer_line(w, "const struct Dataset *s = loader->dataset;");
    writer_line(w, "int left = s->examples - loader->next, n = left < loader->batch ? left : loader->batch;");
    writer_line(w, "int example[B];");
    writer_line(w, "if (loader_at_end(loader))");
    writer_indent(w);
    writer_line(w, "return 0;");
    writer_dedent(w);
    writer_line(w, "for (int b = 0; b < B; b++)");
    writer_indent(w);
    writer_line(w, "example[b] = loader->order[loader->next + (b < n ? b : n - 1)];");
    writer_dedent(w);
    writer_line(w, "loader->next += n;");
    for (int k = 0; k < program->graph->columns.count; k++) {
        const Value *value = program->graph->columns.items[k];
        const Column *column = value->column;
        const char *x = arena_format(program->arena, "v->%s", value->member);
        writer_blank(w);
        if (column->derived)
            writer_comment(w, "%s", column->text);
        else
            writer_comment(w, "%s: as the source has it", column->name);
        writer_line(w, "read_%s(&s->%s, example, %s);", value->type.element == ELEMENT_INT ? "ints" : "reals",
            dataset_member(program->arena, column), x);
        if (value->type.element == ELEMENT_REAL)
            emit_transforms(w, program, column, column->transforms.count, x, "s->statistics");
    }
    writer_blank(w);
    writer_line(w, "return n;");
    writer_close(w, "%s", "");
}
