// tanh: the derivative is taken from the result, so that backward needs no second tanh.
#include "op.h"

const Op op_tanh = {
    .name = "tanh",
    .kind = OP_FUNCTION,
    .doc = "Hyperbolic tangent, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "hyperbolic_tangent($x)", .formula = "y = tanh(x)"}},
    .backward = {{"x", .value = "$d_y * (1 - $y) * (1 + $y)", .formula = "dx = (1 - y^2) dy"}},
    .pytorch = {{.value = "nn.Tanh()"}},
    .examples = {
        {"x: [B, 5]", "h: tanh", "[B, 5]"},
        {"x: [B, 3, 2]", "h: tanh(x)", "[B, 3, 2]"},
    },
};
