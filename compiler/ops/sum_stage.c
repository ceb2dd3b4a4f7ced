// sum, as a stage: over one axis or several, for each example alone. (The sum of everything is a loss: sum.c.)
//
// Input: x as [outer][D][middle][E][inner] in memory; D and E are what the axes of `dim` multiply to, where they lie beside
// each other (E = 1 if all do). Output: y [outer][middle][inner]: any axes of a value of up to six.
// Invariant: an element is a sum in plain order, d outermost.
#include "op.h"

#define DIMS "$outer, $D, $middle, $E, $inner, "

const Op op_sum_stage = {
    .name = "sum",
    .kind = OP_STAGE,
    .doc = "The sum over one axis or several.",
    .args = {
        {"dim", ARG_INTS, .doc = "the axis, or a list of axes; negative ones count from the end"},
        {"keepdim", ARG_BOOL, "false", "whether the axes stay, with size 1"},
    },
    .positional = 1,
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y"}},
    .infer = call_reduce,
    .order = ORDER_STORED,
    .flops = "P",
    .forward = {
        {.when = "E == 1", .call = {"sum_axis($outer, $D, $inner, 1, $x, $y);"}, .formula = "y = sum of x"},
        {.call = {"sum_axes(" DIMS "1, $x, $y);"}, .formula = "y = sum of x"},
    },
    .backward = {
        {"x", .when = "E == 1", .call = {"sum_axis_backward($outer, $D, $inner, 1, $d_y, $d_x);"},
            .formula = "dx = dy, all along the axis"},
        {"x", .call = {"sum_axes_backward(" DIMS "1, $d_y, $d_x);"}, .formula = "dx = dy, all along the axes"},
    },
    .pytorch = {{.value = "$x.sum($dim, keepdim=$keepdim)"}},
    .examples = {
        {"x: [B, 7]", "h: sum(1)", "[B]"},
        {"x: [B, 5, 3]", "h: sum(-1)", "[B, 5]"},
        {"x: [B, 5, 3]", "h: sum(1, keepdim=true)", "[B, 1, 3]"},
        {"x: [B, 2, 5, 3]", "h: sum([2, 3])", "[B, 2]"},
        {"x: [B, 2, 5, 3]", "h: sum(dim=[1, -1])", "[B, 5]"},
        {"x: [B, 2, 3, 2, 5]", "h: sum([3, 1], keepdim=true)", "[B, 1, 3, 1, 5]"},
        {"x: [B, 5, 3]", "h: sum([1, 2])", "[B]"},
        {"x: [B, 7]", "h: sum(0)", .error = "axis 0 is B, the batch, and examples do not mix"},
        {"x: [B, 7]", "h: sum(2)", .error = "x has no axis 2"},
        {"x: [B, 7, 3]", "h: sum([1, -2])", .error = "axis -2 is there twice"},
        {"x: [B, 7]", "h: sum([])", .error = "no axis is given"},
        {"x: [B, 7]", "h: sum", .error = "sum needs `dim`"},
        {"x: [B, 7]", "h: sum(1.5)", .error = "`dim` of sum"},
        {"x: [B, 2, 2, 2, 2, 2]", "h: sum([1, 3, 5])", .error = "these axes lie in three places"},
    },
};

#ifdef MT_KERNELS
//@ kernel sum_axes
/* y = sum of x over d and e, divided by `divisor` (1, or for the mean how many terms there are):
 * x [outer][D][middle][E][inner], y [outer][middle][inner]. 512 numbers at a time: whole lines of
 * memory, whatever the stride. */
static void sum_axes(
    int outer, int D, int middle, int E, int inner, real divisor, const real *x, real *y)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)outer * D * middle * E * inner > 1e6)
#endif
    for (int row = 0; row < outer * middle; row++)
        for (int i = 0; i < inner; i += 512) {
            int width = inner - i < 512 ? inner - i : 512;
            real s[512] = {0};
            for (int d = 0; d < D; d++) {
                ptrdiff_t place = ((ptrdiff_t)(row / middle) * D + d) * middle + row % middle;
                const real *from = x + place * E * inner + i;
                for (int e = 0; e < E; e++, from += inner)
                    for (int l = 0; l < width; l++)
                        s[l] += from[l];
            }
            for (int l = 0; l < width; l++)
                y[(ptrdiff_t)row * inner + i + l] = s[l] / divisor;
        }
}

//@ kernel sum_axis needs sum_axes
/* The same over one axis: x [outer][D][inner], y [outer][inner] */
static void sum_axis(int outer, int D, int inner, real divisor, const real *x, real *y)
{
    sum_axes(outer, D, 1, 1, inner, divisor, x, y);
}

//@ kernel sum_axes_backward
/* dx = dy / divisor for all d and e */
static void sum_axes_backward(
    int outer, int D, int middle, int E, int inner, real divisor, const real *d_y, real *d_x)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)outer * D * middle * E * inner > 1e6)
#endif
    for (int row = 0; row < outer * D * middle; row++) {
        int o = row / middle / D, m = row % middle;
        const real *from = d_y + ((ptrdiff_t)o * middle + m) * inner;
        real *to = d_x + (ptrdiff_t)row * E * inner;
        for (int e = 0; e < E; e++, to += inner)
            for (int i = 0; i < inner; i++)
                to[i] = from[i] / divisor;
    }
}

//@ kernel sum_axis_backward needs sum_axes_backward
/* The same for one axis. */
static void sum_axis_backward(int outer, int D, int inner, real divisor, const real *d_y, real *d_x)
{
    sum_axes_backward(outer, D, 1, 1, inner, divisor, d_y, d_x);
}
//@ end
#endif
