// pad: numbers around the last axis or the last two, as PyTorch's F.pad with a constant; below 0 it cuts off.
//
// Input: x [outer][H][W][inner] in memory. Output: y [outer][H + top + bottom][W + left + right][inner].
#include "op.h"

static bool infer(Call *call)
{
    static const char *const sides[] = {"left", "right", "top", "bottom"};
    static const char *const cuts[] = {"cut_left", "cut_right", "cut_top", "cut_bottom"};
    int rank = call_rank(call, "x");
    bool batched = call_batched(call, "x");
    long count = call_int(call, "pad"), pad[4] = {0}, outer = 1;
    if (count != 2 && count != 4)
        return call_error(call, "pad", "pad takes [left, right] of the last axis, or [left, right, top, bottom]");
    if (rank - batched < count / 2)
        return call_error(call, "pad", "x has fewer axes");
    for (int k = 0; k < (int)count; k++)
        pad[k] = call_size(call, "pad", k);
    for (int k = 0; k < 4; k++) {
        call_size_of(call, sides[k], pad[k]);
        call_size_of(call, cuts[k], -pad[k]);
    }

    Axis y[8];
    for (int k = 0; k < rank; k++) {
        int side = 2 * (rank - 1 - k);
        Axis x = y[k] = call_axis(call, "x", k);
        long size = side < (int)count ? x.value + pad[side] + pad[side + 1] : x.value;
        if (side >= (int)count) {
            outer *= x.value ? x.value : 1;
            continue;
        }
        if (size < 1 || pad[side] < -x.value || pad[side + 1] < -x.value)
            return call_error(call, "pad", "nothing is left of axis %d", k);
        y[k] = call_new_axis(call, size, "%ld + %ld + %ld", x.value, pad[side], pad[side + 1]);
    }
    call_size_of(call, "outer", outer);
    call_size_of(call, "H", count == 4 ? call_axis(call, "x", rank - 2).value : 1);
    call_size_of(call, "W", call_axis(call, "x", rank - 1).value);
    call_size_of(call, "OH", count == 4 ? y[rank - 2].value : 1);
    call_size_of(call, "OW", y[rank - 1].value);
    call_define_columns(call, "inner", 1, "x");
    return call_output(call, "y", rank, y);
}

#define GIVEN "$outer, $H, $W, $inner, $left, $right, $top, $bottom, "
// Backward cuts off what forward has added.
#define BACK "$outer, $OH, $OW, $inner, $cut_left, $cut_right, $cut_top, $cut_bottom, "

const Op op_pad = {
    .name = "pad",
    .kind = OP_STAGE,
    .doc = "A constant around the last axis, or around the last two.",
    .args = {
        {"pad", ARG_INTS, .doc = "how much: [left, right] or [left, right, top, bottom]; below 0 it cuts off"},
        {"value", ARG_REAL, "0", "what is put there"},
    },
    .positional = 1,
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y"}},
    .infer = infer,
    .order = ORDER_BATCH_LAST,
    .flops = "0",
    .forward = {{.call = {"pad(" GIVEN "$value, $x, $y);"}, .formula = "y = x, and value around it"}},
    .backward = {{"x", .call = {"pad(" BACK "0, $d_y, $d_x);"}, .formula = "dx = dy inside"}},
    .pytorch = {{.value = "F.pad($x, $pad, value=$value)"}},
    .examples = {
        {"x: [B, 2, 3, 5]", "h: pad([1, 2, 3, 0])", "[B, 2, 6, 8]"},
        {"x: [B, 5, 3]", "h: pad([0, 2], value=-1.5)", "[B, 5, 5]"},
        {"x: [B, 4]", "h: pad([3, 1], value=2)", "[B, 8]"},
        {"x: [B, 5, 3]", "h: pad([0, 0, 2, 0])", "[B, 7, 3]"},
        {"x: [B, 2, 6, 5]", "h: pad([-1, 2, 1, -3], value=1)", "[B, 2, 4, 6]"},
        {"x: [B, 2, 5]", "h: pad([-1, -1])", "[B, 2, 3]"},
        {"x: [B, 5]", "h: pad([1, 1, 1, 1])", .error = "x has fewer axes"},
        {"x: [B, 2, 5]", "h: pad([1, 1, 1])", .error = "pad takes [left, right] of the last axis"},
        {"x: [B, 2, 5]", "h: pad([-3, -2])", .error = "nothing is left of axis 2"},
        {"x: [B, 2, 5]", "h: pad(1)", .error = "pad takes [left, right] of the last axis"},
    },
};

#ifdef MT_KERNELS
//@ kernel pad
/* y = x with `value` around it, or without what is cut off (numbers below 0):
 * x [outer][H][W][inner], y [outer][H + top + bottom][W + left + right][inner] */
static void pad(int outer, int H, int W, int inner, int left, int right, int top, int bottom,
    double value, const real *x, real *y)
{
    int OH = H + top + bottom, OW = W + left + right;
#ifdef _OPENMP
#pragma omp parallel for if ((double)outer * OH * OW * inner > 1e6)
#endif
    for (int row = 0; row < outer * OH; row++) {
        int h = row % OH - top;
        const real *from = x + ((ptrdiff_t)(row / OH) * H + h) * W * inner;
        real *to = y + (ptrdiff_t)row * OW * inner;
        for (int w = -left; w < W + right; w++, to += inner) {
            int inside = h >= 0 && h < H && w >= 0 && w < W;
            for (int i = 0; i < inner; i++)
                to[i] = inside ? from[(ptrdiff_t)w * inner + i] : (real)value;
        }
    }
}
//@ end
#endif
