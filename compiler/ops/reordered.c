// reordered: the same value in another order of storage. Layers of the last axis keep that axis outermost; everything else
// keeps the axes in order. The compiler puts one in where the two meet.
#include "op.h"

static bool infer(Call *call)
{
    Axis y[8];
    int rank = call_rank(call, "x");
    for (int k = 0; k < rank; k++)
        y[k] = call_axis(call, "x", k);
    return call_output(call, "y", rank, y);
}

const Op op_reordered = {
    .name = "reordered",
    .kind = OP_INTERNAL,
    .doc = "Moves the last axis outermost in memory, or back.",
    .args = {{"to_last", ARG_INT, .doc = "1: the last axis becomes the outermost"}},
    .positional = 1,
    .inputs = {{"x", "[B, ..., C]"}},
    .outputs = {{"y"}},
    .infer = infer,
    .flops = "0",
    .forward = {
        {.when = "to_last == 1", .call = {"transpose_axes($P, $C, $x, $y);"}, .formula = "y = x, last axis outermost"},
        {.call = {"transpose_axes($C, $P, $x, $y);"}, .formula = "y = x, axes in order"},
    },
    .backward = {
        {"x", .when = "to_last == 1", .call = {"transpose_axes($C, $P, $d_y, $d_x);"}, .formula = "dx = dy, in order"},
        {"x", .call = {"transpose_axes($P, $C, $d_y, $d_x);"}, .formula = "dx = dy, last axis outermost"},
    },
};

#ifdef MT_KERNELS
#include "../../runtime/kernels.h"

//@ kernel transpose_axes
/* y[c][r] = x[r][c], of rows of B examples */
static void transpose_axes(int R, int C, const real *x, real *y)
{
    for (int c = 0; c < C; c++)
        for (int r = 0; r < R; r++, y += B)
            for (int b = 0; b < B; b++)
                y[b] = x[((ptrdiff_t)r * C + c) * B + b];
}
//@ end
#endif
