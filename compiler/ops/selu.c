// selu: keeps mean 0 and variance 1 (Klambauer et al., 2017).
#include "op.h"

const Op op_selu = {
    .name = "selu",
    .kind = OP_FUNCTION,
    .doc = "Scaled exponential linear unit, elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "selu($x)",
        .formula = "y = s x where x > 0, else s a (exp(x) - 1),  s = 1.0507, a = 1.6733"}},
    .backward = {{"x",
        .value = "$d_y * selu_derivative($x)",
        .formula = "dx = s dy where x > 0, else s a exp(x) dy"}},
    .pytorch = {{.value = "nn.SELU()"}},
    .examples = {
        {"x: [B, 5]", "h: selu", "[B, 5]"},
        {"x: [B, 3, 2]", "h: selu(x)", "[B, 3, 2]"},
    },
};

#ifdef MT_KERNELS
//@ kernel selu needs exponential_minus_one either
static inline real selu(real x)
{
    real below = (real)1.6732632423543772 * exponential_minus_one(x);
    return (real)1.0507009873554805 * either(x > 0, x, below);
}

//@ kernel selu_derivative needs exponential either
static inline real selu_derivative(real x)
{
    real below = (real)1.6732632423543772 * exponential(x);
    return (real)1.0507009873554805 * either(x > 0, 1, below);
}
//@ end
#endif
