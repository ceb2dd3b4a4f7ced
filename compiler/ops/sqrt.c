// sqrt: its derivative at 0 is infinite, but where no gradient comes none goes on: a `where` may have left y out.
#include "op.h"

const Op op_sqrt = {
    .name = "sqrt",
    .kind = OP_FUNCTION,
    .doc = "Square root, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "square_root($x)", .formula = "y = sqrt(x)"}},
    .backward = {{"x", .value = "quotient($d_y, 2 * $y)", .formula = "dx = dy / (2 y)"}},
    .pytorch = {{.value = "torch.sqrt($x)"}},
    .examples = {
        {"x: [B, 5]", "h: sqrt", "[B, 5]"},
        {"x: [B, 3, 2]", "h: sqrt(x)", "[B, 3, 2]"},
    },
};
