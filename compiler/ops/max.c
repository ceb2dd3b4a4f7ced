// max: the larger of two. Where they are equal each gets half of the gradient, as in PyTorch.
#include "op.h"

const Op op_max = {
    .name = "max",
    .kind = OP_FUNCTION,
    .doc = "The larger of two values, elementwise.",
    .inputs = {{"x", "[...]"}, {"z", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "max($x, $z)", .formula = "y = max(x, z)"}},
    .backward = {
        {"x",
            .value = "either($x > $z, $d_y, either($x == $z, $d_y / 2, 0))",
            .formula = "dx = dy where x > z, dy / 2 where equal"},
        {"z",
            .value = "either($z > $x, $d_y, either($z == $x, $d_y / 2, 0))",
            .formula = "dz = dy where z > x, dy / 2 where equal"},
    },
    .pytorch = {{.value = "torch.maximum($x, $z)"}},
    .examples = {
        {"x: [B, 5], z: [B, 5]", "h: max(x, z)", "[B, 5]"},
        {"x: [B, 3, 2], z: [B, 3, 2]", "h: max(x, z)", "[B, 3, 2]"},
    },
};
