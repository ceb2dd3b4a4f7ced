// sigmoid: a number between 0 and 1. Backward takes the derivative from the result.
#include "op.h"

const Op op_sigmoid = {
    .name = "sigmoid",
    .kind = OP_FUNCTION,
    .doc = "Logistic function, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "sigmoid($x)", .formula = "y = 1 / (1 + exp(-x))"}},
    .backward = {{"x", .value = "$d_y * $y * (1 - $y)", .formula = "dx = y (1 - y) dy"}},
    .pytorch = {{.value = "nn.Sigmoid()"}},
    .examples = {
        {"x: [B, 5]", "h: sigmoid", "[B, 5]"},
        {"x: [B, 3, 2]", "h: sigmoid(x)", "[B, 3, 2]"},
    },
};
