// gelu: x times the probability that a standard normal number is below x (Hendrycks and Gimpel, 2016).
#include "op.h"

const Op op_gelu = {
    .name = "gelu",
    .kind = OP_FUNCTION,
    .doc = "Gaussian error linear unit, elementwise.",
    .args = {
        {"approximate", ARG_CHOICE, "none", "the exact form, or GPT-2's and BERT's", "none tanh"},
    },
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .forward = {
        {.when = "approximate == none",
            .value = "gelu($x)",
            .formula = "y = x P(x),  P(x) = (1 + erf(x / sqrt 2)) / 2"},
        {.value = "gelu_tanh($x)",
            .formula = "y = x (1 + tanh u) / 2,  u = sqrt(2 / pi) (x + 0.044715 x^3)"},
    },
    .backward = {
        {"x",
            .when = "approximate == none",
            .value = "$d_y * gelu_derivative($x)",
            .formula = "dx = (P(x) + x exp(-x^2 / 2) / sqrt(2 pi)) dy"},
        {"x",
            .value = "$d_y * gelu_tanh_derivative($x)",
            .formula = "dx = ((1 + tanh u) + x (1 - tanh(u)^2) u') / 2 dy"},
    },
    .pytorch = {{.value = "nn.GELU($args)"}},
    .examples = {
        {"x: [B, 5]", "h: gelu", "[B, 5]"},
        {"x: [B, 3, 2]", "h: gelu(approximate=\"tanh\")", "[B, 3, 2]"},
        {"x: [B, 7]", "h: gelu(x, approximate=\"none\")", "[B, 7]"},
        {"x: [B, 5]", "h: gelu(approximate=\"erf\")", .error = "`erf` is not a value of approximate"},
        {"x: [B, 5]", "h: gelu(approx=\"tanh\")", .error = "gelu has no option `approx`"},
    },
};

#ifdef MT_KERNELS
//@ kernel gelu needs error_function_complement
static inline real gelu(real x)
{
    return (real)0.5 * x * error_function_complement((real)-0.7071067811865476 * x);
}

//@ kernel gelu_derivative needs error_function_complement exponential
static inline real gelu_derivative(real x)
{
    real below = (real)0.5 * error_function_complement((real)-0.7071067811865476 * x);
    return below + (real)0.3989422804014327 * x * exponential((real)-0.5 * x * x);
}

//@ kernel gelu_tanh needs sigmoid
/* (1 + tanh u) / 2 = sigmoid(2 u) */
static inline real gelu_tanh(real x)
{
    real twice_u = (real)1.5957691216057308 * (x + (real)0.044715 * x * x * x);
    return x * sigmoid(twice_u);
}

//@ kernel gelu_tanh_derivative needs sigmoid
/* s + x s (1 - s) (2 u)', s = sigmoid(2 u) */
static inline real gelu_tanh_derivative(real x)
{
    real twice_u = (real)1.5957691216057308 * (x + (real)0.044715 * x * x * x);
    real slope = (real)1.5957691216057308 * (1 + (real)0.134145 * x * x);
    return sigmoid(twice_u) * (1 + x * sigmoid(-twice_u) * slope);
}
//@ end
#endif
