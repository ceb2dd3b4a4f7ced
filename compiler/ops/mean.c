// mean: a whole value as one number, in a loss. Over examples it is a sum until the step divides.
#include "op.h"

const Op op_mean = {
    .name = "mean",
    .kind = OP_LOSS,
    .doc = "The mean of all elements, over all examples.",
    .inputs = {{"x", "[B, ...]"}},
    .order = ORDER_BATCH_LAST,
    .forward = {{.value = "sum_of_examples($P, $n, $x)", .formula = "loss = sum of x"}},
    .denominator = {{.value = "$valid"}},
    .backward = {{"x",
        .call = {"fill_examples($P, $n, $d_loss, $d_x);"},
        .formula = "dx = 1, and 0 past the n examples"}},
    .pytorch = {{.value = "torch.mean($x)"}},
    .examples = {
        {"x: [B, 5]", "mean(x)"},
        {"x: [B, 3, 2]", "mean(x)"},
        {"x: [B]", "mean(x)"},
        {"x: [B, 5]", "mean(x, 2)", .error = "mean takes 1 value, got 2"},
    },
};

#ifdef MT_KERNELS
//@ kernel sum_of_examples needs either
/* The sum over n examples of P elements each; each lane first, in double */
static double sum_of_examples(int P, int n, const real *x)
{
    double lanes[16] = {0}, sum = 0;
    for (int i = 0; i < P; i++)
        for (int b = 0; b < n; b += 16)
            for (int l = 0; l < 16; l++)
                lanes[l] += either(b + l < n, x[(ptrdiff_t)i * B + b + l], 0);
    for (int l = 0; l < 16; l++)
        sum += lanes[l];
    return sum;
}

//@ kernel fill_examples
/* dx = d_loss for n examples, and 0 past them */
static void fill_examples(int P, int n, double d_loss, real *d_x)
{
    for (int i = 0; i < P; i++, d_x += B)
        for (int b = 0; b < B; b++)
            d_x[b] = b < n ? (real)d_loss : 0;
}
//@ end
#endif
