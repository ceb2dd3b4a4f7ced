// mul: the product of the value from the left and those in the parentheses, elementwise.
#include "op.h"

const Op op_mul = {
    .name = "mul",
    .kind = OP_STAGE,
    .doc = "The elementwise product of the value from the left and all in the parentheses; shapes broadcast as in formulas.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .fold = "*",
    .pytorch = {{.value = "math.prod(($x, $rest))"}},
    .examples = {
        {"x: [B, 5], z: [B, 5]", "h: mul(z)", "[B, 5]"},
        {"x: [B, 3, 2], z: [B, 3, 2], w: [3, 1]", "h: mul(z, w)", "[B, 3, 2]"},
        {"x: [B, 5]", "h: mul(x)", "[B, 5]"},
    },
};
