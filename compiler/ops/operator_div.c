// operator_div: `x / z` in formulas. The operands have one shape here; where one of them is stretched (LANGUAGE 4.6)
// or is a number, the compiler does that.
#include "op.h"

const Op op_operator_div = {
    .name = "/",
    .kind = OP_OPERATOR,
    .doc = "Quotient, elementwise.",
    .inputs = {{"x", "[...]"}, {"z", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "$x / $z", .formula = "y = x / z"}},
    .backward = {
        {"x", .value = "quotient($d_y, $z)", .formula = "dx = dy / z"},
        {"z", .value = "-quotient($d_y * $y, $z)", .formula = "dz = -y / z dy"},
    },
    .pytorch = {{.value = "$x / $z"}},
    .examples = {
        {"x: [B, 5], z: [B, 5]", "h: x / z", "[B, 5]"},
        {"x: [B, 3, 2], z: [B, 3, 2]", "h: x / z", "[B, 3, 2]"},
    },
};
