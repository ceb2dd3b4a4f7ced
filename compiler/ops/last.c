// last: the last place of an axis, which goes away: of a sequence [B, T, C] what stands at its end.
//
// Input: x as [outer][D][inner] in memory, D the axis. Output: y [outer][inner].
#include "op.h"

static bool infer(Call *call)
{
    int rank = call_rank(call, "x"), dim = call_dim(call, "dim", call_int(call, "dim"), "x"), axes = 0;
    if (dim < 0)
        return false;
    Axis y[8];
    for (int k = 0; k < rank; k++)
        if (k != dim)
            y[axes++] = call_axis(call, "x", k);
    call_define_axis(call, "x", dim);
    call_size_of(call, "LAST", call_axis(call, "x", dim).value - 1);
    call_output(call, "y", axes, y);
    call_set_last_outermost(call, "y", call_last_outermost(call) && dim < rank - 1);
    return true;
}

const Op op_last = {
    .name = "last",
    .kind = OP_STAGE,
    .doc = "The last place of an axis, which goes away.",
    .args = {{"dim", ARG_INT, .doc = "which axis; negative ones count from the end"}},
    .positional = 1,
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y"}},
    .infer = infer,
    .order = ORDER_STORED,
    .flops = "0",
    .forward = {
        {.when = "D == 1", .alias = "x"},
        {.call = {"slice($outer, $D, $inner, $LAST, 1, $x, $y);"}, .formula = "y = x at the end of the axis"},
    },
    .backward = {
        {"x", .when = "D == 1", .alias = "y"},
        {"x", .call = {"slice_backward($outer, $D, $inner, $LAST, 1, $d_y, $d_x);"}, .formula = "dx = dy there, else 0"},
    },
    .pytorch = {{.value = "$x.select($dim, -1)"}},
    .examples = {
        {"x: [B, 5, 3]", "h: last(1)", "[B, 3]"},
        {"x: [B, 5, 3]", "h: last(-1)", "[B, 5]"},
        {"x: [B, 2, 4, 3]", "h: last(2)", "[B, 2, 3]"},
        {"x: [B, 4, 1]", "h: last(dim=2)", "[B, 4]"},
        {"x: [B, 5]", "h: last(1)", "[B]"},
        {"x: [B, 5, 3]", "h: last(0)", .error = "axis 0 is B, the batch, and examples do not mix"},
        {"x: [B, 5, 3]", "h: last(-4)", .error = "x has no axis -4"},
        {"x: [B, 5, 3]", "h: last", .error = "last needs `dim`"},
    },
};
