// flatten: several axes become one. No code and no memory, since features lie in the same order before and after.
#include "op.h"

static bool infer(Call *call)
{
    int rank = call_rank(call, "x"), axes = 0;
    long from = call_int(call, "start_dim"), to = call_int(call, "end_dim");
    from += from < 0 ? rank : 0;
    to += to < 0 ? rank : 0;
    if (from < 1 || from >= rank)
        return call_error(call, "start_dim", "x has no axis %ld to begin with, or it is B", from);
    if (to < from || to >= rank)
        return call_error(call, "end_dim", "there is no axis %ld, or it is before start_dim", to);

    Axis y[8];
    for (int axis = 0; axis < rank; axis++) {
        Axis next = call_axis(call, "x", axis);
        if (axis <= from || axis > to)
            y[axes++] = next;
        else
            y[axes - 1] = call_new_axis(call, y[axes - 1].value * next.value, "%ld*%ld", y[axes - 1].value, next.value);
    }
    return call_output(call, "y", axes, y);
}

const Op op_flatten = {
    .name = "flatten",
    .kind = OP_STAGE,
    .doc = "Makes one axis of the axes from start_dim to end_dim, both included.",
    .args = {
        {"start_dim", ARG_INT, "1", "first of them"},
        {"end_dim", ARG_INT, "-1", "last of them"},
    },
    .positional = 2,
    .inputs = {{"x", "[B, ...]"}},
    .outputs = {{"y"}},
    .infer = infer,
    .order = ORDER_ANY,
    .flops = "0",
    .forward = {{.alias = "x"}},
    .backward = {{"x", .alias = "y"}},
    .pytorch = {{.value = "nn.Flatten($args)"}},
    .examples = {
        {"x: [B, 16, 5, 5]", "flatten", "[B, 400]"},
        {"x: [B, 2, 3, 4]", "flatten(2)", "[B, 2, 12]"},
        {"x: [B, 2, 3, 4]", "flatten(1, 2)", "[B, 6, 4]"},
        {"x: [B, 7]", "flatten", "[B, 7]"},
        {"x: [B, 2, 3, 4]", "flatten(0)", .error = "x has no axis 0 to begin with, or it is B"},
        {"x: [B]", "flatten", .error = "x has no axis 1 to begin with, or it is B"},
        {"x: [B, 2, 3]", "flatten(2, 1)", .error = "there is no axis 1, or it is before start_dim"},
    },
};
