// transpose: two axes change places.
//
// Input: x as [outer][A][middle][C][inner] in memory, A and C the two axes in the order in which they lie there. Output: y
// [outer][C][middle][A][inner], in the order that x has. Of three axes [B, T, C] nothing moves: [T][C][B] in order is
// what [C][T][B] is with the last axis outermost, so that y is x under another description.
#include "op.h"

static bool infer(Call *call)
{
    int rank = call_rank(call, "x"), a = call_dim(call, "dim0", call_int(call, "dim0"), "x"), b = -1;
    if (a >= 0)
        b = call_dim(call, "dim1", call_int(call, "dim1"), "x");
    if (b < 0)
        return false;
    Axis y[8];
    for (int k = 0; k < rank; k++)
        y[k] = call_axis(call, "x", k == a ? b : k == b ? a : k);

    // What lies between them; where one lies is what the other takes.
    int axes[8], count = call_stored_axes(call, "x", axes), seen = 0;
    long outer = 1, middle = 1, inner = 1, two[2] = {1, 1};
    for (int k = 0; k < count; k++) {
        long size = call_axis(call, "x", axes[k]).value;
        if (axes[k] == a || axes[k] == b)
            two[seen++] = size;
        else
            *(seen == 0 ? &outer : seen == 1 ? &middle : &inner) *= size;
    }
    bool three = rank == 3 && call_batched(call, "x") && a != b;
    call_size_of(call, "outer", outer);
    call_size_of(call, "A", two[0]);
    call_size_of(call, "middle", middle);
    call_size_of(call, "C", two[1]);
    call_define_columns(call, "inner", inner, "x");
    call_size_of(call, "stays", three || a == b);
    call_output(call, "y", rank, y);
    call_set_last_outermost(call, "y", call_last_outermost(call) != three);
    return true;
}

const Op op_transpose = {
    .name = "transpose",
    .kind = OP_STAGE,
    .doc = "Two axes change places.",
    .args = {
        {"dim0", ARG_INT, .doc = "the one axis; negative ones count from the end"},
        {"dim1", ARG_INT, .doc = "the other"},
    },
    .positional = 2,
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y"}},
    .infer = infer,
    .order = ORDER_STORED,
    .flops = "0",
    .forward = {
        {.when = "stays == 1", .alias = "x"},
        {.call = {"swap_axes($outer, $A, $middle, $C, $inner, $x, $y);"}, .formula = "y = x, two axes swapped"},
    },
    .backward = {
        {"x", .when = "stays == 1", .alias = "y"},
        {"x", .call = {"swap_axes($outer, $C, $middle, $A, $inner, $d_y, $d_x);"}, .formula = "dx = dy, swapped back"},
    },
    .pytorch = {{.value = "$x.transpose($dim0, $dim1)"}},
    .examples = {
        {"x: [B, 5, 3]", "h: transpose(1, 2)", "[B, 3, 5]"},
        {"x: [B, 2, 5, 3]", "h: transpose(1, 3)", "[B, 3, 5, 2]"},
        {"x: [B, 2, 5, 3]", "h: transpose(-1, -2)", "[B, 2, 3, 5]"},
        {"x: [B, 2, 5, 3]", "h: transpose(2, 1)", "[B, 5, 2, 3]"},
        {"x: [B, 2, 3, 4, 5]", "h: transpose(1, 3)", "[B, 4, 3, 2, 5]"},
        {"x: [B, 5, 3]", "h: transpose(1, 1)", "[B, 5, 3]"},
        {"x: [B, 5, 3]", "h: transpose(0, 1)", .error = "axis 0 is B, the batch, and examples do not mix"},
        {"x: [B, 5, 3]", "h: transpose(1, 3)", .error = "x has no axis 3"},
        {"x: [B, 5, 3]", "h: transpose(1)", .error = "transpose needs `dim1`"},
    },
};

#ifdef MT_KERNELS
//@ kernel swap_axes
/* y[o][c][m][a] = x[o][a][m][c], rows of `inner` numbers */
static void swap_axes(int outer, int A, int middle, int C, int inner, const real *x, real *y)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)outer * A * middle * C * inner > 1e6)
#endif
    for (int row = 0; row < outer * C; row++) {
        const real *from = x + ((ptrdiff_t)(row / C) * A * middle * C + row % C) * inner;
        real *to = y + (ptrdiff_t)row * middle * A * inner;
        for (int m = 0; m < middle; m++)
            for (int a = 0; a < A; a++, to += inner)
                memcpy(
                    to, from + ((ptrdiff_t)a * middle + m) * C * inner, (size_t)inner * sizeof *to);
    }
}
//@ end
#endif
