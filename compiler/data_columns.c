// data_columns.c: `x: image -> scale(1 / 255) -> unsqueeze(0)`: what the model sees of a source.
//
// Input: a named item of `data { }`. Output: a Column with its transforms; of its type only what the row itself says.
// Invariant: names of sources and of columns above are resolved; shapes are data_types.c's.
#include "data_inside.h"
#include "errors_data.h"
#include "suggest.h"
#include <string.h>

Column *data_find(const Data *data, const char *name, bool derived_only)
{
    for (int i = 0; i < data->columns.count; i++)
        if (strcmp(data->columns.items[i]->name, name) == 0 &&
            (data->columns.items[i]->derived || !derived_only))
            return data->columns.items[i];
    return NULL;
}

// What an example of a csv column is: a number, or a vector of so many.
static void selected_type(DataState *state, Column *column, const Ast *call, bool single)
{
    long count = 0;
    for (int i = 0; i < column->selectors.count; i++)
        count += column->selectors.items[i].last - column->selectors.items[i].first + 1;
    Origin *origin = arena_new(state->arena, Origin, 1);
    *origin = (Origin){.how = single ? "one column" : arena_format(state->arena, "%ld columns", count),
        .stage = source_quote(state->source, state->arena, call->span), .value = count, .span = call->span};
    column->file.rank = single ? 1 : 2;
    column->file.axis[1] = (Extent){single ? 0 : count, single ? NULL : origin};
}

// columns("a", "b"), columns(0, 1), columns(first=1, last=784), column("y"), column(4)
static bool read_selectors(DataState *state, Column *column, const Ast *call)
{
    const char *of = call->child[0]->text;
    bool single = strcmp(of, "column") == 0;
    const char *shown = single ? "column(\"name\") or column(4), counted from 0"
                               : "columns(\"a\", \"b\"), columns(0, 1) or columns(first=1, last=784)";
    if (call->children > 1 && call->child[1]->kind == AST_ARGUMENT && !single) {
        static const Option table[] = {{"first", OPTION_WHOLE, NULL, 0}, {"last", OPTION_WHOLE, NULL, 0}};
        Constant values[2];
        if (!data_options(state, call, table, 2, 0, shown, values))
            return false;
        Selector selector = {NULL, (long)values[0].number, (long)values[1].number, call->span};
        if (selector.last < selector.first || selector.last - selector.first >= 1000000) {
            error_data_kind(state->diags, call->span, "`last` of columns", "at least `first`, and not a million more");
            return false;
        }
        vec_push(state->arena, &column->selectors, selector);
        selected_type(state, column, call, single);
        return true;
    }
    if (call->children < 2 || (single && call->children != 2)) {
        error_data_required(state->diags, call->span, of, single ? "one column" : "columns", shown);
        return false;
    }
    for (int i = 1; i < call->children; i++) {
        Constant value;
        if (call->child[i]->kind == AST_ARGUMENT) {
            error_data_option(state->diags, call->child[i], of, NULL, 0, shown);
            return false;
        }
        if (!constant_evaluate(state->constants, call->child[i], &value))
            return false;
        long index = 0;
        if (value.kind == CONSTANT_NUMBER && value.number >= 0 && value.number <= 1000000)
            index = (long)value.number;
        if (value.kind != CONSTANT_STRING && (value.kind != CONSTANT_NUMBER || (double)index != value.number)) {
            error_data_kind(state->diags, call->child[i]->span, "a csv column",
                "a name of the header in quotes, or a number from 0 on");
            return false;
        }
        Selector selector = {value.kind == CONSTANT_STRING ? value.text : NULL, index, index, call->child[i]->span};
        vec_push(state->arena, &column->selectors, selector);
    }
    selected_type(state, column, call, single);
    return true;
}

// The names that a row may begin with.
static void unknown_column(DataState *state, const Ast *name)
{
    int count = data_name_count(state->data);
    const char **names = arena_new(state->arena, const char *, count + 1);
    for (int k = 0; k < count; k++)
        names[k] = data_name(state->data, k);
    if (!data_suspected(state, name->text))
        error_data_column(state->diags, name->span, name->text, names, count);
}

// The first stage: a source column, a column above, or columns of a csv.
static bool read_base(DataState *state, Column *column, const Ast *stage)
{
    const char *called = data_called(state, stage);
    if (!called)
        return false;
    if (stage->kind == AST_CALL && (strcmp(called, "column") == 0 || strcmp(called, "columns") == 0)) {
        return read_selectors(state, column, stage);
    }
    const Column *above = data_find(state->data, called, true);
    if (stage->kind == AST_NAME && above) {
        if (above->type.poisoned)
            return false;
        column->reads = above->reads;
        for (int i = 0; i < above->selectors.count; i++)
            vec_push(state->arena, &column->selectors, above->selectors.items[i]);
        for (int i = 0; i < above->transforms.count; i++)
            vec_push(state->arena, &column->transforms, above->transforms.items[i]);
        column->type = above->type;
        column->used_real = above->used_real;
        column->file = above->file;
        return true;
    }
    static const char *const selectors[] = {"columns", "column"};
    if (stage->kind == AST_CALL && suggest(called, selectors, 2)) {
        error_data_column(state->diags, stage->child[0]->span, called, selectors, 2);
        return false;
    }
    if (stage->kind == AST_CALL) {
        error_data_item(state->diags, stage->span, "a column begins with the name of a column of a source",
            "or, of a csv, with column(...) or columns(...)", NULL);
        return false;
    }
    if (!data_has_source(state->data, called)) {
        unknown_column(state, stage);
        return false;
    }
    column->reads = called;
    return true;
}

void data_add_column(DataState *state, const Ast *item)
{
    const Ast *name = item->child[0], *row = item->child[1];
    if (name->kind != AST_NAME || row->kind != AST_ROW || row->has_when) {
        error_data_item(state->diags, item->span, "in `data` a column is  name: column -> transforms", NULL, NULL);
        state->broken = state->blind = true;
        return;
    }
    Column *column = arena_new(state->arena, Column, 1), *before = data_find(state->data, name->text, true);
    column->name = name->text;
    column->text = source_quote(state->source, state->arena, item->span);
    column->span = name->span;
    column->derived = true;
    if (before) {
        error_data_twice(state->diags, name->span, "column", name->text, before->span);
        return;
    }
    // A faulty column stays in the list, poisoned, so that its uses are silent.
    bool good = read_base(state, column, row->child[0]);
    for (int i = 1; i < ast_stages(row) && good; i++)
        good = data_add_transform(state, column, row->child[i]);
    column->type.poisoned = !good;
    vec_push(state->arena, &state->data->columns, column);
}
