// sin: of an angle in radians.
#include "op.h"

const Op op_sin = {
    .name = "sin",
    .kind = OP_FUNCTION,
    .doc = "Sine, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "sine($x)", .formula = "y = sin(x)"}},
    .backward = {{"x", .value = "$d_y * cosine($x)", .formula = "dx = cos(x) dy"}},
    .pytorch = {{.value = "torch.sin($x)"}},
    .examples = {
        {"x: [B, 5]", "h: sin", "[B, 5]"},
        {"x: [B, 3, 2]", "h: sin(x)", "[B, 3, 2]"},
    },
};
