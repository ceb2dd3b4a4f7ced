// mean_free: `mean` of what the data do not decide, such as a penalty on a parameter: it is counted once, however
// many examples a step has (LANGUAGE.md 10.19).
#include "op.h"

const Op op_mean_free = {
    .name = "mean",
    .kind = OP_LOSS,
    .doc = "The mean of all elements of a value without an axis B.",
    .inputs = {{"x", "[...]"}},
    .order = ORDER_ANY,
    .forward = {{.value = "sum_of_elements($P, $x) / $P", .formula = "loss = mean of x"}},
    .denominator = {{.value = "free"}},
    .backward = {{"x", .call = {"fill_elements($P, $d_loss * (1.0 / $P), $d_x);"}, .formula = "dx = 1 / P"}},
    .pytorch = {{.value = "torch.mean($x)"}},
    .examples = {
        {"x: [B, 1], z: [5]", "mean(z)"},
        {"x: [B, 1], z: [3, 2]", "mean(z)"},
        {"x: [B, 1], z: [17]", "mean(z)"},
    },
};

#ifdef MT_KERNELS
//@ kernel sum_of_elements
/* The sum of P elements, in double */
static double sum_of_elements(int P, const real *x)
{
    double lanes[16] = {0}, sum = 0;
    for (int i = 0; i < P; i++)
        lanes[i % 16] += x[i];
    for (int l = 0; l < 16; l++)
        sum += lanes[l];
    return sum;
}

//@ kernel fill_elements
/* dx = d_loss */
static void fill_elements(int P, double d_loss, real *d_x)
{
    for (int i = 0; i < P; i++)
        d_x[i] = (real)d_loss;
}
//@ end
#endif
