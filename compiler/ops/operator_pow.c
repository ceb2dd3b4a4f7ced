// operator_pow: `x ** z` in formulas; usually z is a number, which the compiler writes in its place.
//
// Where no gradient comes none goes on, even if the derivative is infinite: a `where` may have left y out.
#include "op.h"

const Op op_operator_pow = {
    .name = "**",
    .kind = OP_OPERATOR,
    .doc = "x to the power of z, elementwise.",
    .inputs = {{"x", "[...]"}, {"z", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "power($x, $z)", .formula = "y = x^z"}},
    .backward = {
        {"x", .value = "power_derivative($d_y, $x, $z)", .formula = "dx = z x^(z - 1) dy,  0 where z = 0"},
        {"z",
            .value = "power_derivative_exponent($d_y, $x, $z)",
            .formula = "dz = x^z log(x) dy,  0 where x = 0 <= z"},
    },
    .pytorch = {{.value = "$x ** $z"}},
    .examples = {
        {"x: [B, 5]", "h: x ** 2", "[B, 5]"},
        {"x: [B, 3, 2]", "h: x ** 3", "[B, 3, 2]"},
        {"x: [B, 7]", "h: 2 ** x", "[B, 7]"},
        {"x: [B, 7]", "h: x ** 0", "[B, 7]"},
    },
};

#ifdef MT_KERNELS
//@ kernel power_derivative needs power either
static inline real power_derivative(real d, real x, real z)
{
    return either((d != 0) & (z != 0), d * z * power(x, z - 1), 0);
}

//@ kernel power_derivative_exponent needs power logarithm either
static inline real power_derivative_exponent(real d, real x, real z)
{
    return either((d != 0) & ((x != 0) | (z < 0)), d * power(x, z) * logarithm(x), 0);
}
//@ end
#endif
