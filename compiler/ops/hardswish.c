// hardswish: silu without an exponential (Howard et al., 2019).
#include "op.h"

const Op op_hardswish = {
    .name = "hardswish",
    .kind = OP_FUNCTION,
    .doc = "Piecewise silu, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "$x * min(max($x + 3, 0), 6) / 6", .formula = "y = x min(max(x + 3, 0), 6) / 6"}},
    .backward = {{"x",
        .value = "either($x <= -3, 0, either($x < 3, $d_y * ($x / 3 + (real)0.5), $d_y))",
        .formula = "dx = (x / 3 + 1/2) dy where -3 < x < 3, dy above, 0 below"}},
    .pytorch = {{.value = "nn.Hardswish()"}},
    .examples = {
        {"x: [B, 5]", "h: hardswish", "[B, 5]"},
        {"x: [B, 3, 2]", "h: hardswish(x)", "[B, 3, 2]"},
    },
};
