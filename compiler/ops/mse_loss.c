// mse_loss: the square of the difference. Its mean is over all elements, as PyTorch's.
#include "op.h"

const Op op_mse_loss = {
    .name = "mse_loss",
    .kind = OP_LOSS,
    .doc = "Square of the difference; the mean is over all elements.",
    .args = {{"reduction", ARG_CHOICE, "mean", "what becomes of the elements", "mean sum none"}},
    .inputs = {{"x", "[B, ...]"}, {"target", "[B, ...]"}},
    .outputs = {{"y", "[B, ...]", .when = "reduction == none"}},
    .order = ORDER_BATCH_LAST,
    .flops = "3 * P",
    .forward = {
        {.when = "reduction == none", .value = "($x - $target) * ($x - $target)", .formula = "y = (x - target)^2"},
        {.value = "mse_loss($P, $n, $x, $target)", .formula = "loss = sum of (x - target)^2"},
    },
    .denominator = {
        {.when = "reduction != mean", .value = "1"},
        {.value = "$valid"},
    },
    .backward = {
        {"x",
            .when = "reduction == none",
            .value = "2 * $d_y * ($x - $target)",
            .formula = "dx = 2 (x - target) dy"},
        {"target",
            .when = "reduction == none",
            .value = "2 * $d_y * ($target - $x)",
            .formula = "dtarget = 2 (target - x) dy"},
        {"x",
            .call = {"mse_loss_backward($P, $n, $x, $target, $d_loss, $d_x);"},
            .formula = "dx = 2 (x - target), and 0 past the n examples"},
        {"target",
            .call = {"mse_loss_backward($P, $n, $target, $x, $d_loss, $d_target);"},
            .formula = "dtarget = 2 (target - x), and 0 past the n examples"},
    },
    .pytorch = {{.value = "F.mse_loss($x, $target, $args)"}},
    .examples = {
        {"x: [B, 5], target: [B, 5]", "mse_loss(x, target)"},
        {"x: [B, 3, 2], target: [B, 3, 2]", "mse_loss(x, target)"},
        {"x: [B], target: [B]", "mse_loss(x, target)"},
        {"x: [B, 7], target: [B, 7]", "mse_loss(x, target, reduction=\"sum\")"},
        {"x: [B, 3], target: [B, 3]", "mse_loss(x, target, reduction=\"none\")", "[B, 3]"},
        {"x: [B, 3], target: [B, 3]", "mse_loss(x, target, reduction=\"avg\")",
            .error = "`avg` is not a value of reduction"},
    },
};

#ifdef MT_KERNELS
//@ kernel mse_loss needs either_double
/* The sum over n examples of (x - target)^2, P elements each; each lane first, in double */
static double mse_loss(int P, int n, const real *x, const real *target)
{
    double lanes[16] = {0}, sum = 0;
    for (int i = 0; i < P; i++)
        for (int b = 0; b < n; b += 16)
            for (int l = 0; l < 16; l++) {
                ptrdiff_t at = (ptrdiff_t)i * B + b + l;
                double difference = (double)x[at] - target[at];
                lanes[l] += either_double(b + l < n, difference * difference, 0);
            }
    for (int l = 0; l < 16; l++)
        sum += lanes[l];
    return sum;
}

//@ kernel mse_loss_backward needs either
/* dx = 2 d_loss (x - target), and 0 past the n examples */
static void mse_loss_backward(
    int P, int n, const real *x, const real *target, double d_loss, real *d_x)
{
    real twice = (real)(2 * d_loss);
    for (int i = 0; i < P; i++, x += B, target += B, d_x += B)
        for (int b = 0; b < B; b++)
            d_x[b] = either(b < n, twice * (x[b] - target[b]), 0);
}
//@ end
#endif
