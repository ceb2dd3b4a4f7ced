// slice: a stretch of an axis, as x[:, from:to]. Below 0 places count from the end. Unlike Python's, a place outside of the
// axis is an error: sizes are known here, so that it is a mistake.
//
// Input: x as [outer][D][inner] in memory, D the axis. Output: y [outer][COUNT][inner], in the order that x has.
#include "op.h"

static bool infer(Call *call)
{
    int rank = call_rank(call, "x"), dim = call_dim(call, "dim", call_int(call, "dim"), "x");
    if (dim < 0)
        return false;
    long size = call_axis(call, "x", dim).value, from = call_int(call, "from"), to = call_int(call, "to");
    from += from < 0 ? size : 0;
    to += to < 0 ? size : 0;
    if (from < 0 || from >= size)
        return call_error(call, "from", "axis %ld has no place %ld", call_int(call, "dim"), call_int(call, "from"));
    if (to <= from || to > size)
        return call_error(call, "to", to > size || to < 0 ? "axis %ld ends before place %ld"
                                                          : "nothing of axis %ld is left before place %ld",
            call_int(call, "dim"), call_int(call, "to"));

    Axis y[8];
    for (int k = 0; k < rank; k++)
        y[k] = call_axis(call, "x", k);
    y[dim] = call_new_axis(call, to - from, "%ld - %ld", to, from);
    call_define_axis(call, "x", dim);
    call_size_of(call, "FROM", from);
    call_size_of(call, "COUNT", to - from);
    call_output(call, "y", rank, y);
    call_set_last_outermost(call, "y", call_last_outermost(call));
    return true;
}

const Op op_slice = {
    .name = "slice",
    .kind = OP_STAGE,
    .doc = "A stretch of an axis.",
    .args = {
        {"dim", ARG_INT, .doc = "which axis; negative ones count from the end"},
        {"from", ARG_INT, .doc = "first place; negative ones count from the end"},
        {"to", ARG_INT, .doc = "the place behind the last; negative ones count from the end"},
    },
    .positional = 3,
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y"}},
    .infer = infer,
    .order = ORDER_STORED,
    .flops = "0",
    .forward = {{.call = {"slice($outer, $D, $inner, $FROM, $COUNT, $x, $y);"}, .formula = "y = x[from ... to]"}},
    .backward = {{"x",
        .call = {"slice_backward($outer, $D, $inner, $FROM, $COUNT, $d_y, $d_x);"},
        .formula = "dx = dy there, else 0"}},
    .pytorch = {{.value = "$x.movedim($dim, 0)[$from:$to].movedim(0, $dim)"}},
    .examples = {
        {"x: [B, 7]", "h: slice(1, 2, 5)", "[B, 3]"},
        {"x: [B, 5, 3]", "h: slice(1, 0, 4)", "[B, 4, 3]"},
        {"x: [B, 5, 3]", "h: slice(dim=-1, from=-2, to=3)", "[B, 5, 2]"},
        {"x: [B, 2, 5, 3]", "h: slice(2, 1, -1)", "[B, 2, 3, 3]"},
        {"x: [B, 2, 5, 3]", "h: slice(3, 0, 3)", "[B, 2, 5, 3]"},
        {"x: [B, 7]", "h: slice(0, 0, 2)", .error = "axis 0 is B, the batch, and examples do not mix"},
        {"x: [B, 7]", "h: slice(2, 0, 2)", .error = "x has no axis 2"},
        {"x: [B, 7]", "h: slice(1, 7, 8)", .error = "axis 1 has no place 7"},
        {"x: [B, 7]", "h: slice(1, 2, 8)", .error = "axis 1 ends before place 8"},
        {"x: [B, 7]", "h: slice(1, 2, 2)", .error = "nothing of axis 1 is left before place 2"},
        {"x: [B, 7]", "h: slice(1, 2)", .error = "slice needs `to`"},
    },
};

#ifdef MT_KERNELS
//@ kernel slice
/* y = x[from ... from + count): x [outer][D][inner], y [outer][count][inner] */
static void slice(int outer, int D, int inner, int from, int count, const real *x, real *y)
{
    ptrdiff_t whole = (ptrdiff_t)D * inner, part = (ptrdiff_t)count * inner;
#ifdef _OPENMP
#pragma omp parallel for if ((double)outer * count * inner > 1e6)
#endif
    for (int o = 0; o < outer; o++)
        memcpy(y + o * part, x + o * whole + (ptrdiff_t)from * inner, (size_t)part * sizeof(real));
}

//@ kernel slice_backward
/* dx = dy there, and 0 in the rest of the axis */
static void slice_backward(
    int outer, int D, int inner, int from, int count, const real *d_y, real *d_x)
{
    ptrdiff_t before = (ptrdiff_t)from * inner, part = (ptrdiff_t)count * inner;
    ptrdiff_t whole = (ptrdiff_t)D * inner;
#ifdef _OPENMP
#pragma omp parallel for if ((double)outer * D * inner > 1e6)
#endif
    for (int o = 0; o < outer; o++) {
        real *to = d_x + o * whole;
        for (ptrdiff_t i = 0; i < before; i++)
            to[i] = 0;
        memcpy(to + before, d_y + o * part, (size_t)part * sizeof(real));
        for (ptrdiff_t i = before + part; i < whole; i++)
            to[i] = 0;
    }
}
//@ end
#endif
