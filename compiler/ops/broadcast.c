// broadcast: one axis of a value is repeated, so that the operands of a formula have one shape (LANGUAGE 4.6). The
// compiler puts one in for each axis that stretches.
#include "op.h"

static bool infer(Call *call)
{
    Axis y[9];
    int rank = call_rank(call, "x"), axis = (int)call_int(call, "axis"), front = call_int(call, "times") == 0;
    for (int k = 0; k < rank; k++)
        y[k + front] = call_axis(call, "x", k);
    if (front)
        y[0] = (Axis){0, 0};
    else
        y[axis] = call_new_axis(call, call_int(call, "times"), "broadcast");
    return call_output(call, "y", rank + front, y);
}

const Op op_broadcast = {
    .name = "broadcast",
    .kind = OP_INTERNAL,
    .doc = "Repeats a value along an axis of size 1, or along a new batch axis.",
    .args = {
        {"axis", ARG_INT, .doc = "which"},
        {"times", ARG_INT, .doc = "how often; 0: a new axis B in front"},
        {"outer", ARG_INT, .doc = "elements before the axis, as they are stored"},
        {"inner", ARG_INT, .doc = "elements behind it, without B"},
        {"batched", ARG_INT, .doc = "1 if x has an axis B"},
    },
    .positional = 5,
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y"}},
    .infer = infer,
    .flops = "0",
    .forward = {
        {.when = "times == 0", .call = {"repeat($outer, B, 1, $x, $y);"}, .formula = "y = x for each example"},
        {.when = "batched == 1", .call = {"repeat($outer, $times, $inner * B, $x, $y);"}, .formula = "y = x repeated"},
        {.call = {"repeat($outer, $times, $inner, $x, $y);"}, .formula = "y = x repeated"},
    },
    .backward = {
        {"x", .when = "times == 0", .call = {"repeat_backward_batch($outer, $d_y, $d_x);"}, .formula = "dx = sum dy"},
        {"x", .when = "batched == 1", .call = {"repeat_backward($outer, $times, $inner * B, $d_y, $d_x);"},
            .formula = "dx = sum dy"},
        {"x", .call = {"repeat_backward($outer, $times, $inner, $d_y, $d_x);"}, .formula = "dx = sum dy"},
    },
};

#ifdef MT_KERNELS
#include "../../runtime/kernels.h"

//@ kernel repeat
/* y[o][t] = x[o] for t below `times`, rows of `inner` elements */
static void repeat(int outer, int times, int inner, const real *x, real *y)
{
    for (int o = 0; o < outer; o++, x += inner)
        for (int t = 0; t < times; t++, y += inner)
            for (int i = 0; i < inner; i++)
                y[i] = x[i];
}

//@ kernel repeat_backward
/* dx[o] = sum over t of dy[o][t] */
static void repeat_backward(int outer, int times, int inner, const real *d_y, real *d_x)
{
    for (int o = 0; o < outer; o++, d_x += inner)
        for (int t = 0; t < times; t++, d_y += inner)
            for (int i = 0; i < inner; i++)
                d_x[i] = t == 0 ? d_y[i] : d_x[i] + d_y[i];
}

//@ kernel repeat_backward_batch needs sum
/* dx[o] = sum over the examples of dy[o] */
static void repeat_backward_batch(int outer, const real *d_y, real *d_x)
{
    for (int o = 0; o < outer; o++)
        d_x[o] = sum(B, d_y + (ptrdiff_t)o * B);
}
//@ end
#endif
