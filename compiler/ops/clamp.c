// clamp: x between two bounds, of which one may be missing (infinite). The gradient passes at the
// bounds, as in PyTorch.
#include "op.h"

const Op op_clamp = {
    .name = "clamp",
    .kind = OP_FUNCTION,
    .doc = "x, but not below min and not above max; elementwise.",
    .args = {
        {"min", ARG_REAL, "-inf", "the lowest value"},
        {"max", ARG_REAL, "inf", "the highest value"},
    },
    .positional = 2,
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .checks = {{"min > -inf || max < inf", "one of min and max is needed", "min"}},
    .order = ORDER_ANY,
    .forward = {
        {.when = "max == inf", .value = "max($x, $min)", .formula = "y = max(x, min)"},
        {.when = "min == -inf", .value = "min($x, $max)", .formula = "y = min(x, max)"},
        {.value = "min(max($x, $min), $max)", .formula = "y = min(max(x, min), max)"},
    },
    .backward = {
        {"x", .when = "max == inf", .value = "$x >= $min ? $d_y : 0", .formula = "dx = dy where x >= min, else 0"},
        {"x", .when = "min == -inf", .value = "$x <= $max ? $d_y : 0", .formula = "dx = dy where x <= max, else 0"},
        {"x",
            .value = "$x >= $min && $x <= $max ? $d_y : 0",
            .formula = "dx = dy where min <= x <= max, else 0"},
    },
    .pytorch = {{.value = "torch.clamp($x, $args)"}},
    .examples = {
        {"x: [B, 5]", "h: clamp(x, -0.5, 0.25)", "[B, 5]"},
        {"x: [B, 3, 2]", "h: clamp(min=0)", "[B, 3, 2]"},
        {"x: [B, 7]", "h: clamp(max=0.125)", "[B, 7]"},
        {"x: [B, 7]", "h: clamp(min=0.5, max=-0.5)", "[B, 7]"},
        {"x: [B, 5]", "h: clamp", .error = "one of min and max is needed"},
    },
};
