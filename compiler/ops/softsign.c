// softsign: divided twice in backward, since a square would overflow.
#include "op.h"

const Op op_softsign = {
    .name = "softsign",
    .kind = OP_FUNCTION,
    .doc = "x over 1 + |x|, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "$x / (1 + absolute($x))", .formula = "y = x / (1 + |x|)"}},
    .backward = {{"x", .value = "$d_y / (1 + absolute($x)) / (1 + absolute($x))", .formula = "dx = dy / (1 + |x|)^2"}},
    .pytorch = {{.value = "nn.Softsign()"}},
    .examples = {
        {"x: [B, 5]", "h: softsign", "[B, 5]"},
        {"x: [B, 3, 2]", "h: softsign(x)", "[B, 3, 2]"},
    },
};
