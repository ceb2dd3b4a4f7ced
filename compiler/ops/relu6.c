// relu6: a relu for low precision (Howard et al., 2017). Its derivative is 0 at both corners.
#include "op.h"

const Op op_relu6 = {
    .name = "relu6",
    .kind = OP_FUNCTION,
    .doc = "Rectified linear unit that stops at 6, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "min(max($x, 0), 6)", .formula = "y = min(max(x, 0), 6)"}},
    .backward = {{"x", .value = "$y > 0 && $y < 6 ? $d_y : 0", .formula = "dx = dy where 0 < y < 6, else 0"}},
    .monotone = true,
    .pytorch = {{.value = "nn.ReLU6()"}},
    .examples = {
        {"x: [B, 5]", "h: relu6", "[B, 5]"},
        {"x: [B, 3, 2]", "h: relu6(x)", "[B, 3, 2]"},
    },
};
