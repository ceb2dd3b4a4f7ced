// data.c: the section `data { }`, read; columns by name; flags.
//
// Input: the tree of the section. Output: Data. Invariant: settings are read before columns, so that the order of items
// does not matter; `batch` is at least 1 whatever was written.
#include "data.h"
#include "data_inside.h"
#include "errors_data.h"
#include "names.h"
#include <string.h>

static const char *const settings[] = {"train", "valid", "test", "batch", "shuffle", "drop_last"};
enum { SETTINGS = sizeof settings / sizeof *settings, SPLITS = 3, BATCH_MOST = 1 << 20 };

// `batch = 64`, `shuffle = true`
static void read_setting(DataState *state, int which, const Ast *item)
{
    const Ast *row = item->child[1];
    Data *data = state->data;
    Constant value;
    if (ast_stages(row) != 1 || row->has_when) {
        error_data_item(state->diags, row->span, "a setting is one value", NULL, NULL);
    } else if (!constant_evaluate(state->constants, row->child[0], &value)) {
        return;
    } else if (which == 3) {
        if (value.kind != CONSTANT_NUMBER || !(value.number >= 1 && value.number <= BATCH_MOST) ||
            value.number != (double)(long)value.number)
            error_data_kind(state->diags, row->span, "`batch`", "a whole number from 1 to 1048576");
        else
            data->batch = (long)value.number;
    } else if (value.kind != CONSTANT_BOOL) {
        error_data_kind(state->diags, row->span, which == 4 ? "`shuffle`" : "`drop_last`", "true or false");
    } else if (which == 4) {
        data->shuffle = value.number != 0;
    } else {
        data->drop_last = value.number != 0;
    }
}

// name = row; `seen` holds where each setting was given.
static void read_let(DataState *state, const Ast *item, const Ast **seen)
{
    const Ast *left = item->child[0], *name = left->children == 1 ? left->child[0] : NULL;
    if (!name || name->kind != AST_NAME) {
        error_data_item(state->diags, left->span, "a setting has one name", NULL, NULL);
        return;
    }
    for (int k = 0; k < SETTINGS; k++) {
        if (strcmp(name->text, settings[k]) != 0)
            continue;
        if (seen[k]) {
            error_data_twice(state->diags, name->span, "setting", name->text, seen[k]->span);
            return;
        }
        seen[k] = name;
        if (k < SPLITS)
            data_add_split(state, name, item);
        else
            read_setting(state, k, item);
        if (k == 3)
            state->data->batch_span = item->span;
        return;
    }
    error_data_setting(state->diags, name->span, name->text, settings, SETTINGS);
    state->misspelt = true;
    if (item->child[1]->child[0]->kind == AST_CALL) // a split under another name
        data_suspect(state, item->child[1]->child[0]);
}

// What a holdout is taken from is there, and is no holdout.
static void check_holdouts(DataState *state)
{
    for (int i = 0; i < state->data->splits.count; i++) {
        const Split *split = &state->data->splits.items[i], *of;
        if (split->kind != SOURCE_HOLDOUT || state->broken)
            continue;
        of = data_split(state->data, split->of);
        if (!of)
            error_data_no_split(state->diags, split, state->data);
        else if (of->kind == SOURCE_HOLDOUT)
            error_data_holdout(state->diags, split->span, "a holdout is taken from a split with a source of its own",
                arena_format(state->arena, "`%s` is a holdout itself", split->of));
        state->broken = state->broken || !of || of->kind == SOURCE_HOLDOUT;
    }
}

// The columns of an inline source have as many examples each.
static void check_inline(DataState *state)
{
    for (int i = 0; i < state->data->splits.count; i++) {
        const Split *split = &state->data->splits.items[i];
        for (int k = 1; split->kind == SOURCE_INLINE && k < split->path_count; k++)
            if (split->inlined[k].count != split->inlined[0].count) {
                error_data_inline(state->diags, split->inlined[k].span,
                    arena_format(state->arena, "`%s` has %d examples, `%s` has %d", split->paths[k].column,
                        split->inlined[k].count, split->paths[0].column, split->inlined[0].count),
                    NULL);
                state->broken = true;
                break;
            }
    }
}

static void read_items(DataState *state, const Ast *body)
{
    const Ast *seen[SETTINGS] = {NULL};
    for (int i = 0; i < body->children; i++)
        if (body->child[i]->kind == AST_LET)
            read_let(state, body->child[i], seen);
    for (int i = 0; i < body->children; i++) {
        const Ast *item = body->child[i];
        if (item->kind == AST_NAMED)
            data_add_column(state, item);
        else if (item->kind == AST_ERROR)
            state->broken = state->blind = true;
        else if (item->kind != AST_LET && item->kind != AST_CONST)
            error_data_item(state->diags, item->span, "`data` holds settings and columns",
                "neither  name = value  nor  name: column -> transforms", NULL);
    }
    if (!state->broken && !seen[0])
        error_data_missing(state->diags, state->data->span, "train", "train = csv(\"train.csv\", header=true)");
    if (!state->broken && !state->misspelt && !seen[3])
        error_data_missing(state->diags, state->data->span, "batch", "batch = 64");
    if (!seen[4])
        warning_data_shuffle(state->diags, state->data->span);
}

Data *data_elaborate(Arena *arena, Diags *diags, const Source *source, const Ast *section, const Scope *constants)
{
    Data *data = arena_new(arena, Data, 1);
    DataState *state = arena_new(arena, DataState, 1);
    *state = (DataState){.arena = arena, .diags = diags, .source = source, .constants = constants, .data = data};
    data->state = state;
    data->batch = 1;
    if (!section) {
        state->broken = true;
        return data;
    }
    const Ast *body = section->child[0];
    data->span = (Span){section->span.file, section->span.from, body->span.from + 1};
    data->batch_span = data->span;
    state->constants = constants_inside(arena, diags, body, constants);
    read_items(state, body);
    check_holdouts(state);
    check_inline(state);
    for (int i = 0; i < data->columns.count && !state->broken; i++)
        data_type_column(state, data->columns.items[i]);
    return data;
}

// A source column without a row of its own.
static Column *direct_column(DataState *state, const char *name)
{
    Column *column = arena_new(state->arena, Column, 1);
    column->name = column->reads = name;
    for (int i = state->data->splits.count - 1; i >= 0; i--) {
        const Split *split = &state->data->splits.items[i];
        for (int k = 0; k < split->path_count; k++)
            if (split->paths[k].column && strcmp(split->paths[k].column, name) == 0) {
                column->span = split->paths[k].span;
                column->name = column->reads = split->paths[k].column;
                column->text = split->kind == SOURCE_INLINE
                    ? name
                    : source_quote(state->source, state->arena, split->paths[k].span);
            }
    }
    vec_push(state->arena, &state->data->columns, column);
    if (!state->broken)
        data_type_column(state, column);
    return column;
}

Column *data_column(Data *data, const char *name)
{
    DataState *state = data->state;
    Column *column = data_find(data, name, true);
    if (!column)
        column = data_find(data, name, false);
    if (!column && data_has_source(data, name))
        column = direct_column(state, name);
    if (!column && !state->blind && data_suspected(state, name)) {
        column = arena_new(state->arena, Column, 1);
        column->name = column->text = name;
        column->type.poisoned = true;
        vec_push(state->arena, &data->columns, column);
    }
    if (column)
        column->used = true;
    return column;
}

static void add_name(DataState *state, const char *name)
{
    for (int i = 0; i < state->names.count; i++)
        if (strcmp(state->names.items[i], name) == 0)
            return;
    vec_push(state->arena, &state->names, name);
}

int data_name_count(const Data *data)
{
    DataState *state = data->state;
    state->names.count = 0;
    for (int i = 0; i < data->columns.count; i++)
        add_name(state, data->columns.items[i]->name);
    for (int i = 0; i < data->splits.count; i++)
        for (int k = 0; k < data->splits.items[i].path_count; k++)
            if (data->splits.items[i].paths[k].column)
                add_name(state, data->splits.items[i].paths[k].column);
    return state->names.count;
}

const char *data_name(const Data *data, int k) { return ((DataState *)data->state)->names.items[k]; }

const Split *data_split(const Data *data, const char *name)
{
    for (int i = 0; i < data->splits.count; i++)
        if (strcmp(data->splits.items[i].name, name) == 0)
            return &data->splits.items[i];
    return NULL;
}

const Split *data_origin(const Data *data, const Split *split)
{
    return split->kind == SOURCE_HOLDOUT ? data_split(data, split->of) : split;
}

bool data_path_each(const Split *split)
{
    return split->kind == SOURCE_IDX || split->kind == SOURCE_NPY ? split->path_count > 1 : false;
}

bool data_has_random(const Data *data)
{
    for (int i = 0; i < data->columns.count; i++)
        for (int k = 0; data->columns.items[i]->used && k < data->columns.items[i]->transforms.count; k++)
            if (data_random(&data->columns.items[i]->transforms.items[k]))
                return true;
    return false;
}

bool data_has_statistics(const Data *data)
{
    for (int i = 0; i < data->columns.count; i++)
        for (int k = 0; data->columns.items[i]->used && k < data->columns.items[i]->transforms.count; k++)
            if (data->columns.items[i]->transforms.items[k].kind == TRANSFORM_STANDARDIZE)
                return true;
    return false;
}

static void add_flag(Arena *arena, Flags *flags, Flag flag)
{
    flag.member = name_member(arena, flag.key);
    vec_push(arena, flags, flag);
}

// The paths of a split, fraction and seed of a holdout.
static void split_flags(const Split *split, Arena *arena, Flags *flags)
{
    int paths = split->kind == SOURCE_INLINE ? 0 : split->kind == SOURCE_RECORDS ? 1 : split->path_count;
    for (int k = 0; k < paths; k++) {
        const SourcePath *path = &split->paths[k];
        Flag flag = {.kind = FLAG_PATH, .doc = "file", .least = 1};
        flag.key = arena_format(arena, data_path_each(split) ? "data.%s.%s" : "data.%s", split->name, path->column);
        if (split->kind == SOURCE_RECORDS)
            flag.doc = "files, as a pattern";
        else if (path->column)
            flag.doc = arena_format(arena, "file of `%s`", path->column);
        flag.value = (Constant){.kind = CONSTANT_STRING, .text = path->path, .span = path->span};
        add_flag(arena, flags, flag);
    }
    if (split->kind != SOURCE_HOLDOUT)
        return;
    add_flag(arena, flags,
        (Flag){.key = arena_format(arena, "data.%s.fraction", split->name), .kind = FLAG_REAL, .least = 0, .most = 1,
            .above_least = true, .doc = arena_format(arena, "part of `%s`", split->of),
            .value = {.kind = CONSTANT_NUMBER, .number = split->fraction, .span = split->span}});
    add_flag(arena, flags,
        (Flag){.key = arena_format(arena, "data.%s.seed", split->name), .kind = FLAG_LONG, .least = 1,
            .doc = arena_format(arena, "which part of `%s`", split->of),
            .value = {.kind = CONSTANT_NUMBER, .number = (double)split->seed, .span = split->span}});
}

void data_flags(const Data *data, Arena *arena, Flags *flags)
{
    for (int i = 0; i < data->splits.count; i++)
        split_flags(&data->splits.items[i], arena, flags);
    add_flag(arena, flags,
        (Flag){.key = "data.batch", .kind = FLAG_INT, .least = 1, .most = (double)data->batch,
            .doc = "examples of a micro-batch", .value = {.kind = CONSTANT_NUMBER, .number = (double)data->batch}});
    add_flag(arena, flags,
        (Flag){.key = "data.shuffle", .kind = FLAG_BOOL, .doc = "train in another order each epoch",
            .value = {.kind = CONSTANT_BOOL, .number = data->shuffle}});
    add_flag(arena, flags,
        (Flag){.key = "data.drop_last", .kind = FLAG_BOOL, .doc = "leave out a short last batch",
            .value = {.kind = CONSTANT_BOOL, .number = data->drop_last}});
}
