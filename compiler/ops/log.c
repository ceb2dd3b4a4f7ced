// log: where no gradient comes none goes on, even if x is 0: a `where` may have left y out.
#include "op.h"

const Op op_log = {
    .name = "log",
    .kind = OP_FUNCTION,
    .doc = "Natural logarithm, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "logarithm($x)", .formula = "y = log(x)"}},
    .backward = {{"x", .value = "quotient($d_y, $x)", .formula = "dx = dy / x"}},
    .pytorch = {{.value = "torch.log($x)"}},
    .examples = {
        {"x: [B, 5]", "h: log", "[B, 5]"},
        {"x: [B, 3, 2]", "h: log(x)", "[B, 3, 2]"},
    },
};
