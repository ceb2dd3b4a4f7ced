// cos: of an angle in radians.
#include "op.h"

const Op op_cos = {
    .name = "cos",
    .kind = OP_FUNCTION,
    .doc = "Cosine, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "cosine($x)", .formula = "y = cos(x)"}},
    .backward = {{"x", .value = "-$d_y * sine($x)", .formula = "dx = -sin(x) dy"}},
    .pytorch = {{.value = "torch.cos($x)"}},
    .examples = {
        {"x: [B, 5]", "h: cos", "[B, 5]"},
        {"x: [B, 3, 2]", "h: cos(x)", "[B, 3, 2]"},
    },
};
