// squeeze: an axis of size 1 goes away. No code and no memory. Unlike PyTorch's, an axis of another size is an error:
// shapes are known here, so that squeezing nothing is a mistake.
#include "op.h"

static bool infer(Call *call)
{
    int rank = call_rank(call, "x"), axes = 0;
    long dim = call_int(call, "dim");
    dim += dim < 0 ? rank : 0;
    if (dim < 0 || dim >= rank)
        return call_error(call, "dim", "x has no axis %ld", call_int(call, "dim"));
    if (call_axis(call, "x", (int)dim).value == 0)
        return call_error(call, "dim", "axis 0 is B, the batch, and stays");
    if (call_axis(call, "x", (int)dim).value != 1)
        return call_error(call, "dim", "axis %ld has not size 1", call_int(call, "dim"));

    Axis y[8];
    for (int axis = 0; axis < rank; axis++)
        if (axis != dim)
            y[axes++] = call_axis(call, "x", axis);
    return call_output(call, "y", axes, y);
}

const Op op_squeeze = {
    .name = "squeeze",
    .kind = OP_STAGE,
    .doc = "Removes an axis of size 1.",
    .args = {{"dim", ARG_INT, .doc = "its place in x; negative ones count from the end"}},
    .positional = 1,
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y"}},
    .infer = infer,
    .order = ORDER_ANY,
    .flops = "0",
    .forward = {{.alias = "x"}},
    .backward = {{"x", .alias = "y"}},
    .pytorch = {{.value = "$x.squeeze($dim)"}},
    .examples = {
        {"x: [B, 1]", "squeeze(-1)", "[B]"},
        {"x: [B, 1, 5]", "squeeze(1)", "[B, 5]"},
        {"x: [B, 3, 1]", "squeeze(2)", "[B, 3]"},
        {"x: [B, 3, 2]", "squeeze(1)", .error = "axis 1 has not size 1"},
        {"x: [B, 1]", "squeeze(0)", .error = "axis 0 is B, the batch, and stays"},
        {"x: [B, 1]", "squeeze(2)", .error = "x has no axis 2"},
    },
};
