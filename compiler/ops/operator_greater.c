// operator_greater: `x > z` in formulas, as the condition of `where(x > z, ...)`. The result
// is 1 or 0 and passes no gradient on.
#include "op.h"

const Op op_operator_greater = {
    .name = ">",
    .kind = OP_OPERATOR,
    .doc = "1 where x is above z, else 0; elementwise.",
    .inputs = {{"x", "[...]"}, {"z", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "(real)($x > $z)", .formula = "y = x > z"}},
    .backward = {
        {"x", .value = "0", .formula = "dx = 0"},
        {"z", .value = "0", .formula = "dz = 0"},
    },
    .pytorch = {{.value = "($x > $z) + 0 * $x"}}, // so that it has a gradient, of 0
    .examples = {
        {"x: [B, 5], z: [B, 5]", "h: x > z", "[B, 5]"},
        {"x: [B, 3, 2], z: [B, 3, 2]", "h: x > z", "[B, 3, 2]"},
        {"x: [B, 7]", "h: x > 1", "[B, 7]"},
    },
};
