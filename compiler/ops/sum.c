// sum: a whole value as one number, in a loss. It is never divided. (The kernels stand in mean.c.)
#include "op.h"

const Op op_sum = {
    .name = "sum",
    .kind = OP_LOSS,
    .doc = "The sum of all elements, over all examples.",
    .inputs = {{"x", "[B, ...]"}},
    .order = ORDER_BATCH_LAST,
    .forward = {{.value = "sum_of_examples($P, $n, $x)", .formula = "loss = sum of x"}},
    .denominator = {{.value = "1"}},
    .backward = {{"x",
        .call = {"fill_examples($P, $n, $d_loss, $d_x);"},
        .formula = "dx = 1, and 0 past the n examples"}},
    .pytorch = {{.value = "torch.sum($x)"}},
    .examples = {
        {"x: [B, 5]", "sum(x)"},
        {"x: [B, 3, 2]", "sum(x)"},
        {"x: [B]", "sum(x)"},
        {"x: [B, 5]", "sum(x, 2)", .error = "sum takes 1 value, got 2"},
    },
};
