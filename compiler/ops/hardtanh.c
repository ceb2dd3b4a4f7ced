// hardtanh: x between two bounds. Unlike clamp it has derivative 0 at the bounds, as in PyTorch.
#include "op.h"

const Op op_hardtanh = {
    .name = "hardtanh",
    .kind = OP_FUNCTION,
    .doc = "x, but not below min_val and not above max_val; elementwise.",
    .args = {
        {"min_val", ARG_REAL, "-1", "the lowest value"},
        {"max_val", ARG_REAL, "1", "the highest value"},
    },
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .checks = {{"min_val < max_val", "min_val is not below max_val", "min_val"}},
    .order = ORDER_ANY,
    .forward = {{.value = "min(max($x, $min_val), $max_val)", .formula = "y = min(max(x, min_val), max_val)"}},
    .backward = {{"x",
        .value = "$y > $min_val && $y < $max_val ? $d_y : 0",
        .formula = "dx = dy between the bounds, else 0"}},
    .monotone = true,
    .pytorch = {{.value = "nn.Hardtanh($args)"}},
    .examples = {
        {"x: [B, 5]", "h: hardtanh", "[B, 5]"},
        {"x: [B, 3, 2]", "h: hardtanh(min_val=-0.25, max_val=0.5)", "[B, 3, 2]"},
        {"x: [B, 7]", "h: hardtanh(max_val=0)", "[B, 7]"},
        {"x: [B, 5]", "h: hardtanh(min_val=2)", .error = "min_val is not below max_val"},
    },
};
