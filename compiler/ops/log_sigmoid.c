// log_sigmoid: without forming the sigmoid, whose logarithm would be of 0.
#include "op.h"

const Op op_log_sigmoid = {
    .name = "log_sigmoid",
    .kind = OP_FUNCTION,
    .doc = "Logarithm of sigmoid, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "-softplus(-$x)", .formula = "y = log(sigmoid(x)) = -log(1 + exp(-x))"}},
    .backward = {{"x", .value = "$d_y * sigmoid(-$x)", .formula = "dx = sigmoid(-x) dy"}},
    .pytorch = {{.value = "nn.LogSigmoid()"}},
    .examples = {
        {"x: [B, 5]", "h: log_sigmoid", "[B, 5]"},
        {"x: [B, 3, 2]", "h: log_sigmoid(x)", "[B, 3, 2]"},
    },
};
