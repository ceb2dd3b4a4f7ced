// elu: a relu that bends smoothly towards -alpha (Clevert et al., 2016).
#include "op.h"

const Op op_elu = {
    .name = "elu",
    .kind = OP_FUNCTION,
    .doc = "Exponential linear unit, elementwise.",
    .args = {{"alpha", ARG_REAL, "1.0", "minus the value far below 0"}},
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "either($x > 0, $x, $alpha * exponential_minus_one($x))",
        .formula = "y = x where x > 0, else alpha (exp(x) - 1)"}},
    .backward = {{"x",
        .value = "either($x > 0, $d_y, $alpha * $d_y * exponential($x))",
        .formula = "dx = dy where x > 0, else alpha exp(x) dy"}},
    .pytorch = {{.value = "nn.ELU($args)"}},
    .examples = {
        {"x: [B, 5]", "h: elu", "[B, 5]"},
        {"x: [B, 3, 2]", "h: elu(alpha=0.3)", "[B, 3, 2]"},
        {"x: [B, 7]", "h: elu(alpha=2)", "[B, 7]"},
        {"x: [B, 5]", "h: elu(beta=2)", .error = "elu has no option `beta`"},
    },
};
