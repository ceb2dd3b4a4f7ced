// silu: also called swish (Elfwing et al., 2017).
#include "op.h"

const Op op_silu = {
    .name = "silu",
    .kind = OP_FUNCTION,
    .doc = "x times sigmoid(x), elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "$x * sigmoid($x)", .formula = "y = x s,  s = sigmoid(x)"}},
    .backward = {{"x", .value = "$d_y * silu_derivative($x)", .formula = "dx = s (1 + x (1 - s)) dy"}},
    .pytorch = {{.value = "nn.SiLU()"}},
    .examples = {
        {"x: [B, 5]", "h: silu", "[B, 5]"},
        {"x: [B, 3, 2]", "h: silu(x)", "[B, 3, 2]"},
    },
};

#ifdef MT_KERNELS
//@ kernel silu_derivative needs exponential absolute either
/* s (1 + x (1 - s)), s and 1 - s both from exp(-|x|), so that neither loses digits */
static inline real silu_derivative(real x)
{
    real e = exponential(-absolute(x));
    real s = either(x < 0, e, 1) / (1 + e), rest = either(x < 0, 1, e) / (1 + e);
    return s * (1 + x * rest);
}
//@ end
#endif
