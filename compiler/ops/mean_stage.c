// mean, as a stage: over one axis or several, for each example alone. (The mean of everything is a loss: mean.c.) It is the
// sum divided by the number of its terms, by the kernels of sum_stage.c.
#include "op.h"

#define DIMS "$outer, $D, $middle, $E, $inner, "

const Op op_mean_stage = {
    .name = "mean",
    .kind = OP_STAGE,
    .doc = "The mean over one axis or several.",
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
        {.when = "E == 1", .call = {"sum_axis($outer, $D, $inner, $terms, $x, $y);"}, .formula = "y = mean of x"},
        {.call = {"sum_axes(" DIMS "$terms, $x, $y);"}, .formula = "y = mean of x"},
    },
    .backward = {
        {"x", .when = "E == 1", .call = {"sum_axis_backward($outer, $D, $inner, $terms, $d_y, $d_x);"},
            .formula = "dx = dy / terms, all along the axis"},
        {"x", .call = {"sum_axes_backward(" DIMS "$terms, $d_y, $d_x);"}, .formula = "dx = dy / terms, all along the axes"},
    },
    .pytorch = {{.value = "$x.mean($dim, keepdim=$keepdim)"}},
    .examples = {
        {"x: [B, 7]", "h: mean(1)", "[B]"},
        {"x: [B, 5, 3]", "h: mean(-1)", "[B, 5]"},
        {"x: [B, 5, 3]", "h: mean(1, keepdim=true)", "[B, 1, 3]"},
        {"x: [B, 2, 5, 3]", "h: mean([2, 3])", "[B, 2]"},
        {"x: [B, 2, 5, 3]", "h: mean(dim=[1, -1])", "[B, 5]"},
        {"x: [B, 2, 3, 2, 5]", "h: mean([3, 1], keepdim=true)", "[B, 1, 3, 1, 5]"},
        {"x: [B, 5, 3]", "h: mean([1, 2])", "[B]"},
        {"x: [B, 7]", "h: mean(0)", .error = "axis 0 is B, the batch, and examples do not mix"},
        {"x: [B, 7]", "h: mean(2)", .error = "x has no axis 2"},
        {"x: [B, 7, 3]", "h: mean([1, -2])", .error = "axis -2 is there twice"},
        {"x: [B, 7]", "h: mean([])", .error = "no axis is given"},
        {"x: [B, 7]", "h: mean", .error = "mean needs `dim`"},
        {"x: [B, 7]", "h: mean(1.5)", .error = "`dim` of mean"},
        {"x: [B, 2, 2, 2, 2, 2]", "h: mean([1, 3, 5])", .error = "these axes lie in three places"},
    },
};
