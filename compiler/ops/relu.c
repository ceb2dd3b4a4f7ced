// relu: the smallest kind of operation, a value and its derivative.
#include "op.h"

const Op op_relu = {
    .name = "relu",
    .kind = OP_FUNCTION,
    .doc = "Rectified linear unit, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "max($x, 0)", .formula = "y = max(x, 0)"}},
    .backward = {{"x", .value = "$y > 0 ? $d_y : 0", .formula = "dx = dy where y > 0, else 0"}},
    .monotone = true,
    .pytorch = {{.value = "nn.ReLU()"}},
    .examples = {
        {"x: [B, 5]", "h: relu", "[B, 5]"},
        {"x: [B, 3, 2]", "h: relu(x)", "[B, 3, 2]"},
        {"x: [B, 5]", "h: relu(slope=0.1)", .error = "relu has no option `slope`"},
    },
};
