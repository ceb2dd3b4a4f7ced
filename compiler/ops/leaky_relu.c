// leaky_relu: a relu that lets a little through below 0 (Maas et al., 2013).
#include "op.h"

const Op op_leaky_relu = {
    .name = "leaky_relu",
    .kind = OP_FUNCTION,
    .doc = "x where it is positive, else negative_slope times x; elementwise.",
    .args = {{"negative_slope", ARG_REAL, "0.01", "the slope below 0"}},
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "either($x > 0, $x, $negative_slope * $x)", .formula = "y = x where x > 0, else slope x"}},
    .backward = {{"x",
        .value = "either($x > 0, $d_y, $negative_slope * $d_y)",
        .formula = "dx = dy where x > 0, else slope dy"}},
    .pytorch = {{.value = "nn.LeakyReLU($args)"}},
    .examples = {
        {"x: [B, 5]", "h: leaky_relu", "[B, 5]"},
        {"x: [B, 3, 2]", "h: leaky_relu(negative_slope=0.2)", "[B, 3, 2]"},
        {"x: [B, 7]", "h: leaky_relu(negative_slope=-0.5)", "[B, 7]"},
        {"x: [B, 5]", "h: leaky_relu(slope=0.1)", .error = "leaky_relu has no option `slope`"},
    },
};
