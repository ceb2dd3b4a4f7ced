// exp: where no gradient comes none goes on, even if y is infinite: a `where` may have left y out.
#include "op.h"

const Op op_exp = {
    .name = "exp",
    .kind = OP_FUNCTION,
    .doc = "Exponential function, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "exponential($x)", .formula = "y = exp(x)"}},
    .backward = {{"x", .value = "either($d_y != 0, $d_y * $y, 0)", .formula = "dx = y dy"}},
    .pytorch = {{.value = "torch.exp($x)"}},
    .examples = {
        {"x: [B, 5]", "h: exp", "[B, 5]"},
        {"x: [B, 3, 2]", "h: exp(x)", "[B, 3, 2]"},
    },
};
