// data_sources.c: `train = idx(image="...", label="...")`: where examples come from.
//
// Input: the name and the source of a setting of `data { }`. Output: a Split. Invariant: a split in the list has a kind
// and paths or values that fit it; `holdout` names a split that is no holdout itself (checked by data.c at the end).
#include "data_inside.h"
#include "errors_data.h"
#include "names.h"
#include <ctype.h>
#include <string.h>

static const char *const sources[] = {"inline", "csv", "idx", "npy", "records", "holdout"};
static const char *const later[] = {"bytes", "tokens"};

bool data_has_source(const Data *data, const char *name)
{
    for (int i = 0; i < data->splits.count; i++)
        for (int k = 0; k < data->splits.items[i].path_count; k++) {
            const char *column = data->splits.items[i].paths[k].column;
            if (column && strcmp(column, name) == 0)
                return true;
        }
    return false;
}

// name=value arguments: one column each. Paths for idx and npy, lists for inline.
static bool read_named(DataState *state, Split *split, const Ast *call)
{
    int count = call->kind == AST_CALL ? call->children - 1 : 0;
    bool inlined = split->kind == SOURCE_INLINE;
    const char *shown = inlined ? "name=[...], ..." : "name=\"path\", ...";
    const char *of = sources[split->kind];
    split->paths = arena_new(state->arena, SourcePath, count + 1);
    Constant *values = arena_new(state->arena, Constant, count + 1);
    split->inlined = inlined ? values : NULL;
    if (count == 0) {
        error_data_required(state->diags, call->span, of, "name=...",
            arena_format(state->arena, "%s(%s): one for each column", of, shown));
        return false;
    }
    bool good = true;
    for (int i = 0; i < count; i++) {
        const Ast *argument = call->child[1 + i];
        if (argument->kind != AST_ARGUMENT) {
            error_data_positional(state->diags, argument->span, of, 0, count,
                arena_format(state->arena, "%s(%s): every column has a name", of, shown));
            return false;
        }
        for (int k = 0; k < split->path_count; k++)
            if (strcmp(split->paths[k].column, argument->text) == 0) {
                error_data_twice(state->diags, argument->name_span, "column", argument->text, split->paths[k].span);
                return false;
            }
        Constant *value = &values[split->path_count];
        SourcePath *path = &split->paths[split->path_count++];
        path->column = argument->text;
        path->span = argument->span;
        if (!constant_evaluate(state->constants, argument->child[0], value)) {
            good = false;
        } else if (value->kind != (inlined ? CONSTANT_LIST : CONSTANT_STRING)) {
            error_data_kind(state->diags, argument->child[0]->span,
                arena_format(state->arena, "column `%s` of %s", argument->text, of),
                inlined ? "a list with a number or list for each example" : "the path of a file, in quotes");
            good = false;
        } else if (!inlined) {
            path->path = value->text;
        }
    }
    return good;
}

static bool read_csv(DataState *state, Split *split, const Ast *call)
{
    static const Option table[] = {{"path", OPTION_STRING, NULL, 0}, {"header", OPTION_BOOL, "false", 0},
        {"sep", OPTION_STRING, ",", 0}};
    Constant values[3];
    if (!data_options(state, call, table, 3, 1, "csv(path; header=false, sep=\",\")", values))
        return false;
    split->paths = arena_new(state->arena, SourcePath, 1);
    split->paths[0].path = values[0].text;
    split->paths[0].span = values[0].span;
    split->path_count = 1;
    split->header = values[1].number != 0;
    split->separator = values[2].text[0];
    // A letter would part words, and numbers too: 1e-3, nan.
    if (strlen(values[2].text) != 1 || isalnum((unsigned char)split->separator) ||
        strchr("\"\n\r.+-", split->separator)) {
        error_data_kind(state->diags, call->span, "`sep` of csv",
            "one byte that is no letter and no part of a number or quote, such as \",\" \";\" \"\\t\"");
        return false;
    }
    return true;
}

static bool read_holdout(DataState *state, Split *split, const Ast *call)
{
    static const Option table[] = {{"fraction", OPTION_NUMBER, NULL, 0}, {"seed", OPTION_WHOLE, "0", 0}};
    const char *shown = "holdout(split, fraction; seed=0)";
    const Ast *of = call->kind == AST_CALL && call->children > 1 ? call->child[1] : NULL;
    Constant values[2];
    if (!of || of->kind != AST_NAME) {
        error_data_required(state->diags, call->span, "holdout", "split", shown);
        return false;
    }
    // The rest of the arguments are ordinary options.
    Ast rest = *call;
    rest.child = arena_new(state->arena, Ast *, call->children);
    rest.children = call->children - 1;
    rest.child[0] = call->child[0];
    for (int i = 1; i < rest.children; i++)
        rest.child[i] = call->child[1 + i];
    if (!data_options(state, &rest, table, 2, 1, shown, values))
        return false;
    split->of = of->text;
    split->of_span = of->span;
    split->fraction = values[0].number;
    split->seed = (long)values[1].number;
    if (!(split->fraction > 0 && split->fraction < 1)) {
        error_data_holdout(state->diags, call->span, "the fraction of a holdout lies between 0 and 1", NULL);
        return false;
    }
    return true;
}

void data_suspect(DataState *state, const Ast *source)
{
    int before = state->suspects.count;
    const char *called = source->kind == AST_CALL && source->child[0]->kind == AST_NAME ? source->child[0]->text : "";
    state->broken = true;
    if (strcmp(called, "bytes") == 0 || strcmp(called, "tokens") == 0) {
        vec_push(state->arena, &state->suspects, "tokens");
        vec_push(state->arena, &state->suspects, "next");
    }
    for (int i = 1; source->kind == AST_CALL && i < source->children; i++)
        if (source->child[i]->kind == AST_ARGUMENT)
            vec_push(state->arena, &state->suspects, source->child[i]->text);
    state->blind = state->blind || state->suspects.count == before;
}

bool data_suspected(const DataState *state, const char *name)
{
    for (int i = 0; i < state->suspects.count; i++)
        if (strcmp(state->suspects.items[i], name) == 0)
            return true;
    return state->blind;
}

// Which source is called; false after a message.
static bool source_kind(DataState *state, const Ast *call, SourceKind *kind)
{
    const char *called = data_called(state, call);
    int count = sizeof sources / sizeof *sources;
    if (!called)
        return false;
    for (int k = 0; k < (int)(sizeof later / sizeof *later); k++)
        if (strcmp(called, later[k]) == 0) {
            error_data_not_yet(state->diags, call->span, arena_format(state->arena, "the source `%s`", called));
            return false;
        }
    for (int k = 0; k < count; k++)
        if (strcmp(called, sources[k]) == 0) {
            *kind = (SourceKind)k;
            return true;
        }
    error_data_source(state->diags, call->kind == AST_CALL ? call->child[0]->span : call->span, called, sources,
        count);
    return false;
}

static bool read_split(DataState *state, Split *split, const Ast *row)
{
    const Ast *call = row->child[0];
    if (ast_stages(row) != 1 || row->has_when) {
        error_data_item(state->diags, row->span, "a split is one source",
            "transforms belong to columns:  x: image -> ...", NULL);
        return false;
    }
    if (!source_kind(state, call, &split->kind))
        return false;
    bool good = split->kind == SOURCE_CSV  ? read_csv(state, split, call)
        : split->kind == SOURCE_HOLDOUT ? read_holdout(state, split, call)
        : split->kind == SOURCE_RECORDS ? data_read_records(state, split, call)
                                        : read_named(state, split, call);
    for (int k = 0; k < split->path_count && good; k++)
        if (split->paths[k].column && !name_allowed(split->paths[k].column))
            good = false; // the parser has said so
    return good;
}

void data_add_split(DataState *state, const Ast *name, const Ast *item)
{
    const Ast *row = item->child[1];
    Split split = {.name = name->text, .span = row->span};
    split.text = source_quote(state->source, state->arena, item->span);
    if (read_split(state, &split, row))
        vec_push(state->arena, &state->data->splits, split);
    else
        data_suspect(state, row->child[0]);
}

const Constant *data_inline_values(const Split *split, const char *column)
{
    for (int k = 0; k < split->path_count; k++)
        if (split->kind == SOURCE_INLINE && strcmp(split->paths[k].column, column) == 0)
            return &split->inlined[k];
    return NULL;
}

// Whether a value has the axes axis[at ...] of the type, which has at most MAX_RANK.
static bool same_shape(DataState *state, const Constant *value, const Type *type, int at)
{
    const char *message = NULL;
    if (at == type->rank && value->kind != CONSTANT_NUMBER)
        message = value->kind == CONSTANT_LIST ? "this list is deeper than the first one" : "this is not a number";
    else if (at < type->rank && value->kind != CONSTANT_LIST)
        message = "this is not a list, as the first entry is";
    else if (at < type->rank && value->count != type->axis[at].value)
        message = arena_format(state->arena, "this list has %d entries, the first one %ld", value->count,
            type->axis[at].value);
    if (message) {
        error_data_inline(state->diags, value->span, message, NULL);
        return false;
    }
    for (int k = 0; at < type->rank && k < value->count; k++)
        if (!same_shape(state, &value->items[k], type, at + 1))
            return false;
    return true;
}

bool data_inline_shape(DataState *state, const Split *split, const char *column, Type *type)
{
    const Constant *values = data_inline_values(split, column), *first = values;
    type->rank = 1; // B
    if (values->count == 0) {
        error_data_inline(state->diags, values->span, "this list has no examples", NULL);
        return false;
    }
    for (first = &values->items[0]; first->kind == CONSTANT_LIST && type->rank < MAX_RANK; first = &first->items[0]) {
        if (first->count == 0) {
            error_data_inline(state->diags, first->span, "this list is empty", NULL);
            return false;
        }
        Origin *origin = arena_new(state->arena, Origin, 1);
        *origin = (Origin){.how = arena_format(state->arena, "the length of a list of `%s`", column),
            .stage = "inline(...)", .value = first->count, .span = first->span};
        type->axis[type->rank++] = (Extent){first->count, origin};
    }
    for (int k = 0; k < values->count; k++)
        if (!same_shape(state, &values->items[k], type, 1))
            return false;
    return true;
}
