// abs: its derivative at the corner is 0, as in PyTorch.
#include "op.h"

const Op op_abs = {
    .name = "abs",
    .kind = OP_FUNCTION,
    .doc = "Absolute value, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "absolute($x)", .formula = "y = |x|"}},
    .backward = {{"x",
        .value = "either($x > 0, $d_y, either($x < 0, -$d_y, 0))",
        .formula = "dx = dy sign(x),  0 at 0"}},
    .pytorch = {{.value = "torch.abs($x)"}},
    .examples = {
        {"x: [B, 5]", "h: abs", "[B, 5]"},
        {"x: [B, 3, 2]", "h: abs(x)", "[B, 3, 2]"},
    },
};
