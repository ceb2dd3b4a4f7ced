// unsqueeze: a new axis of size 1. No code and no memory.
#include "op.h"

static bool infer(Call *call)
{
    int rank = call_rank(call, "x"), axes = 0;
    long dim = call_int(call, "dim");
    dim += dim < 0 ? rank + 1 : 0;
    bool batched = rank > 0 && call_axis(call, "x", 0).value == 0;
    if (dim > rank || dim < (batched ? 1 : 0))
        return call_error(call, "dim", "y cannot have its new axis at %ld%s", call_int(call, "dim"),
            dim == 0 ? ", before B" : "");
    if (rank == 8)
        return call_error(call, "x", "x has 8 axes already");

    Axis y[8];
    for (int axis = 0; axis <= rank; axis++) {
        if (axis == dim)
            y[axes++] = call_new_axis(call, 1, "1");
        if (axis < rank)
            y[axes++] = call_axis(call, "x", axis);
    }
    return call_output(call, "y", axes, y);
}

const Op op_unsqueeze = {
    .name = "unsqueeze",
    .kind = OP_STAGE,
    .doc = "Adds an axis of size 1.",
    .args = {{"dim", ARG_INT, .doc = "its place in y; negative ones count from the end"}},
    .positional = 1,
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y"}},
    .infer = infer,
    .order = ORDER_ANY,
    .flops = "0",
    .forward = {{.alias = "x"}},
    .backward = {{"x", .alias = "y"}},
    .pytorch = {{.value = "$x.unsqueeze($dim)"}},
    .examples = {
        {"x: [B, 5]", "unsqueeze(1)", "[B, 1, 5]"},
        {"x: [B, 5]", "unsqueeze(2)", "[B, 5, 1]"},
        {"x: [B, 3, 2]", "unsqueeze(-1)", "[B, 3, 2, 1]"},
        {"x: [B, 3, 2]", "unsqueeze(-2)", "[B, 3, 1, 2]"},
        {"x: [B]", "unsqueeze(1)", "[B, 1]"},
        {"x: [B, 5]", "unsqueeze(0)", .error = "y cannot have its new axis at 0, before B"},
        {"x: [B, 5]", "unsqueeze(3)", .error = "y cannot have its new axis at 3"},
        {"x: [B, 5]", "unsqueeze(-4)", .error = "y cannot have its new axis at -4"},
    },
};
