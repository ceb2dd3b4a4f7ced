// data_types.c: the types of columns.
//
// Idea: what csv, inline or a reshape says flows forward through the transforms of a column; what the model or
// the loss requires flows backward to the file, because the compiler reads no files (LANGUAGE 10.2).
// Input: columns, and what their uses require. Output: the type of each column, and before and after each transform.
// Invariant: after data_finish without an error every used column has a rank, and its `file` too.
#include "data_inside.h"
#include "errors_data.h"
#include <string.h>

long data_channels(const Type *example) { return example->rank > 1 ? example->axis[1].value : 1; }

static Origin *origin_of(DataState *state, const Transform *transform, long value, const char *how)
{
    Origin *origin = arena_new(state->arena, Origin, 1);
    *origin = (Origin){.how = how, .stage = source_quote(state->source, state->arena, transform->span), .value = value,
        .span = transform->span};
    return origin;
}

// Where unsqueeze puts its axis, counted with B; 0 if that is outside.
static int unsqueezed_axis(const Transform *transform, int rank_after)
{
    int dim = (int)transform->arguments[0].number, n = rank_after - 1;
    if (dim < -n || dim >= n)
        return 0;
    return 1 + (dim < 0 ? n + dim : dim);
}

void data_shape_error(DataState *state, Column *column, const Transform *transform, const Type *type,
    const char *message)
{
    if (!column->type.poisoned)
        error_data_shape(state->diags, transform->span, message, column, type_text(state->arena, type));
    column->type.poisoned = true;
}

// after = transform(before), where before is known, or after does not depend on it.
static void type_forward(DataState *state, Column *column, Transform *transform)
{
    const Type *before = &transform->before;
    Type *after = &transform->after;
    *after = *before;
    if (transform->kind == TRANSFORM_RESHAPE) {
        after->rank = 1 + transform->count;
        for (int i = 0; i < transform->count; i++) {
            long size = (long)transform->arguments[i].number;
            after->axis[1 + i] = (Extent){size, origin_of(state, transform, size, "written there")};
        }
        if (before->rank > 0 && type_count(before) != type_count(after))
            data_shape_error(state, column, transform, before,
                arena_format(state->arena, "reshape makes %ld numbers of %ld", type_count(after),
                    type_count(before)));
    } else if (transform->kind == TRANSFORM_UNSQUEEZE && before->rank > 0) {
        int at = before->rank < MAX_RANK ? unsqueezed_axis(transform, before->rank + 1) : 0;
        if (at == 0) {
            data_shape_error(state, column, transform, before, "unsqueeze has no such place for an axis");
            return;
        }
        after->rank++;
        for (int i = after->rank - 1; i > at; i--)
            after->axis[i] = after->axis[i - 1];
        after->axis[at] = (Extent){1, origin_of(state, transform, 1, "a new axis")};
    } else if (transform->kind == TRANSFORM_ONE_HOT && before->rank > 0) {
        if (before->rank == MAX_RANK) {
            data_shape_error(state, column, transform, before, "one_hot has no room for another axis");
            return;
        }
        long n = (long)transform->arguments[0].number;
        after->axis[after->rank++] = (Extent){n, origin_of(state, transform, n, "one for each class")};
    } else if (data_moves(transform) && before->rank > 0) {
        data_move_forward(state, column, transform);
    }
}

// before, where after is known.
static void type_backward(DataState *state, Column *column, Transform *transform)
{
    const Type *after = &transform->after;
    Type *before = &transform->before;
    *before = *after;
    if (transform->kind == TRANSFORM_RESHAPE) {
        before->rank = 2;
        before->axis[1] = (Extent){type_count(after), origin_of(state, transform, type_count(after), "all of it")};
    } else if (transform->kind == TRANSFORM_UNSQUEEZE) {
        int at = unsqueezed_axis(transform, after->rank);
        if (at == 0 || after->axis[at].value != 1) {
            data_shape_error(state, column, transform, after,
                at ? arena_format(state->arena, "unsqueeze makes an axis of size 1, but %ld is needed there",
                         after->axis[at].value)
                   : "unsqueeze has no such place for an axis");
            return;
        }
        before->rank--;
        for (int i = at; i < before->rank; i++)
            before->axis[i] = after->axis[i + 1];
    } else if (transform->kind == TRANSFORM_ONE_HOT) {
        long n = (long)transform->arguments[0].number;
        if (after->rank < 2 || after->axis[after->rank - 1].value != n) {
            data_shape_error(state, column, transform, after,
                arena_format(state->arena, "one_hot makes vectors of %ld numbers", n));
            return;
        }
        before->rank--;
    } else if (data_moves(transform)) {
        data_move_backward(state, column, transform);
    }
}

void data_type_column(DataState *state, Column *column)
{
    if (column->type.poisoned)
        return;
    for (int i = 0; i < state->data->splits.count && column->reads && column->file.rank == 0; i++) {
        const Split *split = &state->data->splits.items[i];
        if (data_inline_values(split, column->reads) &&
            !data_inline_shape(state, split, column->reads, &column->file)) {
            column->type.poisoned = true;
            return;
        }
        if (data_field(split, column->reads))
            column->file = data_field(split, column->reads)->shape;
    }
    Type type = column->file;
    for (int i = 0; i < column->transforms.count && !column->type.poisoned; i++) {
        column->transforms.items[i].before = type;
        type_forward(state, column, &column->transforms.items[i]);
        type = column->transforms.items[i].after;
    }
    column->type.rank = type.rank;
    memcpy(column->type.axis, type.axis, sizeof type.axis);
}

// Whether all numbers that `inline` gives a column are whole.
static bool all_whole(const Constant *value)
{
    if (value->kind != CONSTANT_LIST)
        return value->number == (double)(long)value->number;
    for (int k = 0; k < value->count; k++)
        if (!all_whole(&value->items[k]))
            return false;
    return true;
}

// Whether the column can be whole numbers, as they are.
static bool can_be_whole(const Data *data, const Column *column)
{
    if (column->used_real)
        return false;
    if (column->type.classes > 0)
        return true;
    for (int i = 0; i < data->splits.count; i++) {
        const Constant *values = column->reads ? data_inline_values(&data->splits.items[i], column->reads) : NULL;
        const Field *field = column->reads ? data_field(&data->splits.items[i], column->reads) : NULL;
        if ((values && !all_whole(values)) || (field && field->type[0] == 'f'))
            return false;
    }
    return column->reads != NULL;
}

bool data_require(Data *data, Column *column, const Type *type, Span use)
{
    (void)use;
    if (column->type.poisoned || type->poisoned)
        return true;
    if (type->classes > 0 && type->element != ELEMENT_REAL && column->type.classes != type->classes)
        return false;
    if (type->element == ELEMENT_U8 || (type->element == ELEMENT_INT && !can_be_whole(data, column)))
        return false;
    if (type->element == ELEMENT_REAL && column->used_int)
        return false;
    if (column->type.rank > 0 && type->rank > 0 && !type_same_shape(&column->type, type))
        return false;
    if (column->type.rank == 0 && type->rank > 0) {
        if (!type_batched(type))
            return false;
        column->type.rank = type->rank;
        memcpy(column->type.axis, type->axis, sizeof type->axis);
    }
    column->type.element = type->element;
    column->used_int = column->used_int || type->element == ELEMENT_INT;
    column->used_real = column->used_real || type->element == ELEMENT_REAL;
    return true;
}

void data_ignore(Column *column, long ignored)
{
    column->has_ignored = true;
    column->ignored = ignored;
}

// Types of all transforms and of the file, from the column's back to the source.
static void finish_types(DataState *state, Column *column)
{
    Type type = column->type;
    column->file_exact = true;
    for (int i = column->transforms.count - 1; i >= 0 && !column->type.poisoned; i--) {
        Transform *transform = &column->transforms.items[i];
        transform->after = type;
        if (transform->before.rank == 0) {
            type_backward(state, column, transform);
            column->file_exact &= transform->kind != TRANSFORM_RESHAPE;
        }
        type = transform->before;
        const Constant *lists = transform->arguments;
        for (int k = 0; transform->kind == TRANSFORM_NORMALIZE && k < 2 && !column->type.poisoned; k++)
            if (lists[k].kind == CONSTANT_LIST && lists[k].count != data_channels(&type))
                data_shape_error(state, column, transform, &type,
                    arena_format(state->arena, "`%s` has %d numbers for %ld channels", k ? "std" : "mean",
                        lists[k].count, data_channels(&type)));
        bool by_channel = transform->kind == TRANSFORM_STANDARDIZE ||
            (transform->kind == TRANSFORM_NORMALIZE &&
                (lists[0].kind == CONSTANT_LIST || lists[1].kind == CONSTANT_LIST));
        column->file_exact = column->file_exact || by_channel || data_moves(transform);
    }
    if (column->file.rank == 0)
        column->file = type;
    if (!column->type.poisoned)
        data_check_images(state, column);
}

// Every class that `inline` gives is one.
static void check_classes(DataState *state, Column *column, const Constant *value)
{
    for (int k = 0; value->kind == CONSTANT_LIST && k < value->count && !column->type.poisoned; k++)
        check_classes(state, column, &value->items[k]);
    if (value->kind == CONSTANT_LIST || (column->has_ignored && value->number == (double)column->ignored))
        return;
    if (value->number >= 0 && value->number < (double)data_classes(column) && all_whole(value))
        return;
    error_data_class(state->diags, column, value->span, value->number, data_classes(column));
    column->type.poisoned = true;
}

// Every split has what the column reads.
static bool in_all_splits(DataState *state, const Column *column)
{
    for (int i = 0; i < state->data->splits.count; i++) {
        const Split *split = &state->data->splits.items[i];
        bool has = !column->reads && split->kind == SOURCE_CSV;
        for (int k = 0; column->reads && k < split->path_count; k++)
            has = has || (split->paths[k].column && strcmp(split->paths[k].column, column->reads) == 0);
        if (split->kind == SOURCE_HOLDOUT)
            continue;
        if (!has) {
            error_data_split_column(state->arena, state->diags, split, column);
            return false;
        }
        for (int k = 0; k < column->selectors.count; k++)
            if (column->selectors.items[k].name && !split->header) {
                error_data_kind(state->diags, column->selectors.items[k].span, "a column of a csv without header",
                    "a number, counted from 0 (or write header=true in the source)");
                return false;
            }
    }
    return true;
}

// The numbers of inline splits: of one shape, and classes where they should be.
static void finish_inline(DataState *state, Column *column)
{
    for (int i = 0; i < state->data->splits.count && column->reads && !column->type.poisoned; i++) {
        const Split *split = &state->data->splits.items[i];
        const Constant *values = data_inline_values(split, column->reads);
        Type type = {0};
        if (!values)
            continue;
        if (!data_inline_shape(state, split, column->reads, &type)) {
            column->type.poisoned = true;
        } else if (!type_same_shape(&type, &column->file)) {
            error_data_inline(state->diags, values->span,
                arena_format(state->arena, "`%s` is %s here, but %s in another split", column->reads,
                    type_text(state->arena, &type), type_text(state->arena, &column->file)),
                NULL);
            column->type.poisoned = true;
        } else if (data_classes(column) > 0) {
            check_classes(state, column, values);
        }
    }
}

// Two columns that read the same of a file must see the same shape there.
static void finish_shared(DataState *state, Column *column)
{
    for (int i = 0; i < state->data->columns.count; i++) {
        const Column *other = state->data->columns.items[i];
        if (other == column)
            return;
        if (!other->used || other->type.poisoned || !column->reads || !other->reads ||
            strcmp(other->reads, column->reads) != 0 || type_same_shape(&other->file, &column->file))
            continue;
        error_data_shape(state->diags, column->span,
            arena_format(state->arena, "`%s` and `%s` read `%s` with two shapes", other->name, column->name,
                column->reads),
            column, type_text(state->arena, &column->file));
        column->type.poisoned = true;
    }
}

void data_finish(Data *data, Diags *diags)
{
    DataState *state = data->state;
    (void)diags; // the ones of data_elaborate
    for (int i = 0; i < data->columns.count; i++) {
        Column *column = data->columns.items[i];
        if (column->type.poisoned || state->broken)
            continue;
        if (!column->used) {
            if (diags_errors(state->diags) == 0)
                warning_data_unused(state->diags, column);
            continue;
        }
        if (!in_all_splits(state, column)) {
            column->type.poisoned = true;
        } else if (column->type.rank == 0) {
            // A column whose use has been refused has no shape either.
            if (diags_errors(state->diags) == 0)
                error_data_shape_unknown(state->diags, column);
            column->type.poisoned = true;
        } else {
            finish_types(state, column);
            finish_inline(state, column);
            data_check_records(state, column);
        }
        if (!column->type.poisoned)
            finish_shared(state, column);
    }
}
