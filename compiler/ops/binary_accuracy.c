// binary_accuracy: how often x and the target lie on the same side. x is a logit, so its threshold is 0 by default.
#include "op.h"

const Op op_binary_accuracy = {
    .name = "binary_accuracy",
    .kind = OP_METRIC,
    .doc = "Share of the elements in which x > threshold says what the target, 0 or 1, is.",
    .args = {{"threshold", ARG_REAL, "0", "of x, above which it says 1"}},
    .inputs = {{"x", "[B, ...]", .doc = "logits"}, {"target", "[B, ...]"}},
    .order = ORDER_BATCH_LAST,
    .forward = {{.value = "binary_accuracy($P, $n, $x, $target, $threshold)",
        .formula = "how many x are above the threshold where target > 1/2, or not above it where it is not"}},
    .denominator = {{.value = "$valid"}},
    .pytorch = {{.value = "(($x > $threshold) == ($target > 0.5)).to($x.dtype).mean()"}},
    .examples = {
        {"x: [B], target: [B]", "binary_accuracy(x, target)"},
        {"x: [B, 5], target: [B, 5]", "binary_accuracy(x, target, threshold=0.5)"},
        {"x: [B, 3, 2], target: [B, 3, 2]", "binary_accuracy(x, target, threshold=-0.1)"},
        {"x: [B], target: [B]", "binary_accuracy(x, target, treshold=1)",
            .error = "binary_accuracy has no option `treshold`"},
    },
};

#ifdef MT_KERNELS
//@ kernel binary_accuracy
/* How many of the P elements of n examples are right */
static double binary_accuracy(int P, int n, const real *x, const real *target, double threshold)
{
    size_t correct = 0;
    for (int i = 0; i < P; i++, x += B, target += B)
        for (int b = 0; b < n; b++)
            correct += (x[b] > (real)threshold) == (target[b] > (real)0.5);
    return (double)correct;
}
//@ end
#endif
