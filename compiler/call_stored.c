// How values lie in memory, for `infer` of tables whose kernels take a value in the order that it has: samples innermost, and
// of the other axes the first outermost, or (last_outermost) the last one. A kernel that works along one axis then sees
// [outer][D][inner] in either order, and nothing is transposed.
#include "call.h"
#include <string.h>

static Value *named(const Call *call, const char *tensor) { return call_tensor(call->node, tensor, strlen(tensor)); }

int call_dim(Call *call, const char *argument, long dim, const char *tensor)
{
    int rank = call_rank(call, tensor);
    long axis = dim + (dim < 0 ? rank : 0);
    if (axis < 0 || axis >= rank) {
        call_error(call, argument, "%s has no axis %ld", tensor, dim);
        return -1;
    }
    if (axis == 0 && call_batched(call, tensor)) {
        call_error(call, argument, "axis %ld is B, the batch, and examples do not mix", dim);
        return -1;
    }
    return (int)axis;
}

bool call_batched(const Call *call, const char *tensor) { return type_batched(&named(call, tensor)->type); }

void call_set_last_outermost(Call *call, const char *tensor, bool last)
{
    Type *type = &named(call, tensor)->type;
    type->feature_last = last && type->rank > 2;
}

int call_stored_axes(const Call *call, const char *tensor, int *axes)
{
    int rank = call_rank(call, tensor), last = rank > 2 && named(call, tensor)->type.feature_last, count = 0;
    if (last)
        axes[count++] = rank - 1;
    for (int axis = call_batched(call, tensor); axis < rank - last; axis++)
        axes[count++] = axis;
    return count;
}

void call_define_columns(Call *call, const char *name, long value, const char *tensor)
{
    Arena *arena = call->node->program->arena;
    call_add_size(call->node, name, value, NULL);
    if (call_batched(call, tensor))
        call->node->words.items[call->node->words.count - 1].c =
            value == 1 ? "B" : arena_format(arena, "%ld * B", value);
}

void call_define_axis(Call *call, const char *tensor, int axis)
{
    int axes[MAX_RANK], count = call_stored_axes(call, tensor, axes), at = 0;
    long outer = 1, inner = 1;
    while (at < count && axes[at] != axis)
        outer *= call_axis(call, tensor, axes[at++]).value;
    while (++at < count)
        inner *= call_axis(call, tensor, axes[at]).value;
    call_size_of(call, "outer", outer);
    call_size_of(call, "D", call_axis(call, tensor, axis).value);
    call_define_columns(call, "inner", inner, tensor);
}

bool call_along(Call *call, int axis)
{
    int rank = call_rank(call, "x");
    Axis y[MAX_RANK];
    if (axis < 0)
        return false;
    for (int k = 0; k < rank; k++)
        y[k] = call_axis(call, "x", k);
    call_define_axis(call, "x", axis);
    call_output(call, "y", rank, y);
    call_set_last_outermost(call, "y", call_last_outermost(call));
    return true;
}

// ---------------------------------------------------------------------------------- sums over axes (sum, mean)

// Marks the axes of `dim` in `summed`; false after a message.
static bool read_summed(Call *call, bool *summed)
{
    for (long k = 0; k < call_int(call, "dim"); k++) {
        int axis = call_dim(call, "dim", call_size(call, "dim", (int)k), "x");
        if (axis < 0)
            return false;
        if (summed[axis])
            return call_error(call, "dim", "axis %ld is there twice", call_size(call, "dim", (int)k));
        summed[axis] = true;
    }
    return call_int(call, "dim") > 0 || call_error(call, "dim", "no axis is given");
}

// The axes as they lie in memory: kept ones, summed ones, and so on in turn.
static bool define_groups(Call *call, const bool *summed)
{
    int axes[MAX_RANK], count = call_stored_axes(call, "x", axes), group = 0;
    long size[MAX_RANK] = {1, 1, 1, 1, 1, 1, 1, 1};
    for (int k = 0; k < count; k++) {
        group += summed[axes[k]] != group % 2;
        size[group] *= call_axis(call, "x", axes[k]).value;
    }
    if (group > 4)
        return call_error(call, "dim", "these axes lie in three places: sum them one after the other");
    bool one = group < 3;
    call_size_of(call, "outer", size[0]);
    call_size_of(call, "D", size[1]);
    call_size_of(call, "middle", one ? 1 : size[2]);
    call_size_of(call, "E", one ? 1 : size[3]);
    call_define_columns(call, "inner", one ? size[2] : size[4], "x");
    call_size_of(call, "terms", size[1] * size[3]);
    return true;
}

bool call_reduce(Call *call)
{
    int rank = call_rank(call, "x"), axes = 0;
    bool keepdim = call_int(call, "keepdim") != 0, summed[MAX_RANK] = {0};
    if (!read_summed(call, summed) || !define_groups(call, summed))
        return false;
    Axis y[MAX_RANK];
    for (int k = 0; k < rank; k++)
        if (!summed[k])
            y[axes++] = call_axis(call, "x", k);
        else if (keepdim)
            y[axes++] = call_new_axis(call, 1, "1");
    call_output(call, "y", axes, y);
    call_set_last_outermost(call, "y", call_last_outermost(call) && !summed[rank - 1]);
    return true;
}
