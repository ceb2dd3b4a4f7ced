// operator_neg: `-x` in formulas.
#include "op.h"

const Op op_operator_neg = {
    .name = "neg",
    .kind = OP_OPERATOR,
    .doc = "The other sign, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "-$x", .formula = "y = -x"}},
    .backward = {{"x", .value = "-$d_y", .formula = "dx = -dy"}},
    .pytorch = {{.value = "-$x"}},
    .examples = {
        {"x: [B, 5]", "h: -x", "[B, 5]"},
        {"x: [B, 3, 2]", "h: -x", "[B, 3, 2]"},
    },
};
