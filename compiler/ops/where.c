// where: one of two values for each element, by a condition. Only the branch that was taken gets a gradient.
#include "op.h"

const Op op_where = {
    .name = "where",
    .kind = OP_FUNCTION,
    .doc = "x where the condition is not 0, else z; elementwise.",
    .inputs = {{"condition", "[...]", .doc = "x < z and the like, or any value"}, {"x", "[...]"}, {"z", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "$condition ? $x : $z", .formula = "y = x where the condition holds, else z"}},
    .backward = {
        {"condition", .value = "0", .formula = "dcondition = 0"},
        {"x", .value = "$condition ? $d_y : 0", .formula = "dx = dy where the condition holds, else 0"},
        {"z", .value = "$condition ? 0 : $d_y", .formula = "dz = 0 where the condition holds, else dy"},
    },
    .pytorch = {{.value = "torch.where($condition != 0, $x, $z)"}},
    .examples = {
        {"c: [B, 5], x: [B, 5], z: [B, 5]", "h: where(c, x, z)", "[B, 5]"},
        {"c: [B, 3, 2], x: [B, 3, 2], z: [B, 3, 2]", "h: where(c, x, z)", "[B, 3, 2]"},
        {"c: [B, 7], x: [B, 7], z: [B, 7]", "h: where(c, z, x)", "[B, 7]"},
    },
};
