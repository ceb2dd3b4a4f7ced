// mish: a smooth activation that is negative a little way (Misra, 2019).
#include "op.h"

const Op op_mish = {
    .name = "mish",
    .kind = OP_FUNCTION,
    .doc = "x times tanh(softplus(x)), elementwise.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "mish($x)", .formula = "y = x t,  t = tanh(log(1 + exp(x)))"}},
    .backward = {{"x", .value = "$d_y * mish_derivative($x)", .formula = "dx = (t + x (1 - t^2) sigmoid(x)) dy"}},
    .pytorch = {{.value = "nn.Mish()"}},
    .examples = {
        {"x: [B, 5]", "h: mish", "[B, 5]"},
        {"x: [B, 3, 2]", "h: mish(x)", "[B, 3, 2]"},
    },
};

#ifdef MT_KERNELS
//@ kernel mish needs exponential absolute either
/* With e = exp(x), tanh(log(1 + e)) = (e^2 + 2 e) / (e^2 + 2 e + 2); for x > 0 both are divided by
 * e^2, so that nothing overflows. */
static inline real mish(real x)
{
    real e = exponential(-absolute(x));
    real part = either(x < 0, e * (e + 2), 1 + 2 * e), rest = either(x < 0, 2, 2 * e * e);
    return x * (part / (part + rest));
}

//@ kernel mish_derivative needs exponential absolute either
/* t + x (1 - t) (1 + t) sigmoid(x), 1 - t = rest / (part + rest) */
static inline real mish_derivative(real x)
{
    real e = exponential(-absolute(x));
    real part = either(x < 0, e * (e + 2), 1 + 2 * e), rest = either(x < 0, 2, 2 * e * e);
    real t = part / (part + rest), sigmoid = either(x < 0, e, 1) / (1 + e);
    return t + x * (rest / (part + rest)) * (1 + t) * sigmoid;
}
//@ end
#endif
