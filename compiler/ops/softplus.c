// softplus: a smooth relu. Above the threshold it is x, as in PyTorch, derivative included.
#include "op.h"

const Op op_softplus = {
    .name = "softplus",
    .kind = OP_FUNCTION,
    .doc = "log(1 + exp(beta x)) / beta, and x where beta x is above the threshold; elementwise.",
    .args = {
        {"beta", ARG_REAL, "1", "how sharp the bend is"},
        {"threshold", ARG_REAL, "20", "of beta x, above which y is x"},
    },
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .checks = {{"beta != 0", "beta divides, and is 0", "beta"}},
    .order = ORDER_ANY,
    .forward = {
        {.when = "beta == 1",
            .value = "either($x > $threshold, $x, softplus($x))",
            .formula = "y = log(1 + exp(x)),  x above the threshold"},
        {.value = "either($beta * $x > $threshold, $x, softplus($beta * $x) / $beta)",
            .formula = "y = log(1 + exp(beta x)) / beta,  x above the threshold"},
    },
    .backward = {
        {"x",
            .when = "beta == 1",
            .value = "either($x > $threshold, $d_y, $d_y * sigmoid($x))",
            .formula = "dx = sigmoid(x) dy,  dy above the threshold"},
        {"x",
            .value = "either($beta * $x > $threshold, $d_y, $d_y * sigmoid($beta * $x))",
            .formula = "dx = sigmoid(beta x) dy,  dy above the threshold"},
    },
    .pytorch = {{.value = "nn.Softplus($args)"}},
    .examples = {
        {"x: [B, 5]", "h: softplus", "[B, 5]"},
        {"x: [B, 3, 2]", "h: softplus(beta=2.5, threshold=1)", "[B, 3, 2]"},
        {"x: [B, 7]", "h: softplus(threshold=0.5)", "[B, 7]"},
        {"x: [B, 7]", "h: softplus(beta=-1)", "[B, 7]"},
        {"x: [B, 5]", "h: softplus(beta=0)", .error = "beta divides, and is 0"},
    },
};
