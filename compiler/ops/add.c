// add: the sum of the value from the left and those in the parentheses, as a residual connection has it (He et al., 2016,
// equation 1).
#include "op.h"

const Op op_add = {
    .name = "add",
    .kind = OP_STAGE,
    .doc = "The sum of the value from the left and all in the parentheses; shapes broadcast as in formulas.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .fold = "+",
    .pytorch = {{.value = "sum(($x, $rest))"}},
    .examples = {
        {"x: [B, 5], z: [B, 5]", "h: add(z)", "[B, 5]"},
        {"x: [B, 3, 2], z: [B, 3, 2], w: [3, 1]", "h: add(z, w)", "[B, 3, 2]"},
        {"x: [B, 5]", "h: add(x)", "[B, 5]"},
    },
};
