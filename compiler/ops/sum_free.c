// sum_free: `sum` of what the data do not decide: 0.001 * sum(w ** 2). (The kernels stand in mean_free.c.)
#include "op.h"

const Op op_sum_free = {
    .name = "sum",
    .kind = OP_LOSS,
    .doc = "The sum of all elements of a value without an axis B.",
    .inputs = {{"x", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "sum_of_elements($P, $x)", .formula = "loss = sum of x"}},
    .denominator = {{.value = "free"}},
    .backward = {{"x", .call = {"fill_elements($P, $d_loss, $d_x);"}, .formula = "dx = 1"}},
    .pytorch = {{.value = "torch.sum($x)"}},
    .examples = {
        {"x: [B, 1], z: [5]", "sum(z)"},
        {"x: [B, 1], z: [3, 2]", "sum(z)"},
        {"x: [B, 1], z: [17]", "sum(z)"},
    },
};
