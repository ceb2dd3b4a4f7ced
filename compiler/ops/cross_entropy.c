// cross_entropy: how surprised softmax(x) is by a target class. (For targets that are probabilities: the table in
// cross_entropy_soft.c, which has the same name.)
//
// The plain case has kernels of its own, because it is what most programs call. Softmax is formed twice, in forward and
// in backward: cheaper than to keep it. The default ignore_index, -100, is no class of any target, so it ignores
// nothing and every target counts.
#include "op.h"

#define PLAIN "!weight && label_smoothing == 0 && ignore_index == -100"
#define OPTIONS "$weight, $ignore_index, $label_smoothing"
#define GIVEN "$C, $N, $n, $x, $target"

const Op op_cross_entropy = {
    .name = "cross_entropy",
    .kind = OP_LOSS,
    .doc = "Minus the log of the probability that softmax(x) gives to the target class.",
    .args = {
        {"dim", ARG_INT, "1", "axis of the classes, 1 or -1"},
        {"weight", ARG_LIST, "off", "weight of each class"},
        {"ignore_index", ARG_INT, "-100", "targets that do not count"},
        {"label_smoothing", ARG_REAL, "0.0", "part of the target that is spread over all classes"},
        {"reduction", ARG_CHOICE, "mean", "what becomes of the examples", "mean sum none"},
    },
    .inputs = {
        {"x", "[B, C, ...]", .when = "dim == 1", .doc = "logits"},
        {"x", "[B, ..., C]", .doc = "logits"},
        {"target", "class(K)[B, ...]"},
    },
    .outputs = {{"y", "[B, ...]", .when = "reduction == none"}},
    .checks = {
        {"dim == 1 || dim == -1", "classes are on axis 1 or on the last", "dim"},
        {"K <= C", "target has more classes than x", "target"},
        {"!weight || weight == C", "there must be one weight for each class", "weight"},
        {"0 <= label_smoothing && label_smoothing <= 1", "label_smoothing is from 0 to 1", "label_smoothing"},
    },
    .order = ORDER_BATCH_LAST,
    .flops = "4 * C * P",
    .forward = {
        {.when = "reduction == none",
            .call = {"cross_entropy_each($C, $N, $x, $target, " OPTIONS ", $y);"},
            .formula = "y = -q log softmax(x),  q = w ((1 - s) onehot(target) + s / C)"},
        {.when = PLAIN, .value = "cross_entropy(" GIVEN ")", .formula = "loss = sum of -log softmax(x)[target]"},
        {.value = "weighted_cross_entropy(" GIVEN ", " OPTIONS ")",
            .formula = "loss = sum of -q log softmax(x),  q = w ((1 - s) onehot(target) + s / C)"},
    },
    .denominator = {
        {.when = "reduction != mean", .value = "1"},
        {.when = "!weight && ignore_index == -100", .value = "$valid"},
        {.value = "cross_entropy_weight($N, $n, $target, $weight, $ignore_index)"},
    },
    .backward = {
        {"x",
            .when = "reduction == none",
            .call = {"cross_entropy_each_backward($C, $N, $x, $target, " OPTIONS ", $d_y, $d_x);"},
            .formula = "dx = (softmax(x) sum of q - q) dy"},
        {"x",
            .when = PLAIN,
            .call = {"cross_entropy_backward(" GIVEN ", $d_loss, $d_x);"},
            .formula = "dx = softmax(x) - onehot(target), and 0 past the n examples"},
        {"x",
            .call = {"weighted_cross_entropy_backward(" GIVEN ", " OPTIONS ", $d_loss, $d_x);"},
            .formula = "dx = softmax(x) sum of q - q, and 0 past the n examples"},
    },
    .pytorch = {{.value = "F.cross_entropy($x.movedim($dim, 1), $target, "
                          "weight=$weight and torch.tensor($weight, dtype=$x.dtype), ignore_index=$ignore_index, "
                          "label_smoothing=$label_smoothing, reduction=$reduction)"}},
    .examples = {
        {"x: [B, 4], target: class(4)[B]", "cross_entropy(x, target)"},
        {"x: [B, 3, 5], target: class(3)[B, 5]", "cross_entropy(x, target, weight=[1, 0.5, 2])"},
        {"x: [B, 2, 4], target: class(4)[B, 2]",
            "cross_entropy(x, target, dim=-1, ignore_index=1, label_smoothing=0.1)"},
        {"x: [B, 3], target: class(3)[B]", "cross_entropy(x, target, weight=[3, 1, 2], label_smoothing=0.2)"},
        {"x: [B, 5], target: class(4)[B]", "cross_entropy(x, target, reduction=\"sum\")"},
        {"x: [B, 3], target: class(3)[B]",
            "cross_entropy(x, target, weight=[3, 0, 2], ignore_index=2, reduction=\"sum\")"},
        {"x: [B, 4, 3], target: class(4)[B, 3]", "cross_entropy(x, target, reduction=\"none\")", "[B, 3]"},
        {"x: [B, 3], target: class(3)[B]",
            "cross_entropy(x, target, weight=[3, 1, 2], ignore_index=0, label_smoothing=1, reduction=\"none\")", "[B]"},
        {"x: [B, 7], target: class(3)[B]", "cross_entropy(x, target, dim=-1)"},
        {"x: [B, 3], target: class(3)[B]", "cross_entropy(x, target, weight=[1, 2])",
            .error = "there must be one weight for each class"},
        {"x: [B, 3], target: class(5)[B]", "cross_entropy(x, target)", .error = "target has more classes than x"},
        {"x: [B, 3], target: class(3)[B]", "cross_entropy(x, target, label_smoothing=1.5)",
            .error = "label_smoothing is from 0 to 1"},
        {"x: [B, 2, 2], target: class(2)[B, 2]", "cross_entropy(x, target, dim=2)",
            .error = "classes are on axis 1 or on the last"},
    },
};

#ifdef MT_KERNELS
//@ kernel sum_exp needs exponential
/* Of 16 columns of x [C][N]: the largest element, and the sum of exp(x - largest), so that nothing
 * overflows. log softmax(x) = x - largest - log(sum) */
static void sum_exp(int C, int N, const real *x, real *largest, double *total)
{
    for (int l = 0; l < 16; l++) {
        largest[l] = x[l];
        total[l] = 0;
    }
    for (ptrdiff_t at = N; at < (ptrdiff_t)C * N; at += N)
        for (int l = 0; l < 16; l++)
            largest[l] = x[at + l] > largest[l] ? x[at + l] : largest[l];
    for (ptrdiff_t at = 0; at < (ptrdiff_t)C * N; at += N)
        for (int l = 0; l < 16; l++)
            total[l] += exponential(x[at + l] - largest[l]);
}

//@ kernel cross_entropy needs sum_exp logarithm
/* The sum over the columns of the first n examples of -log softmax(x)[target]; x [C][N] */
static double cross_entropy(int C, int N, int n, const real *x, const int *target)
{
    double loss = 0;
    for (int k = 0; k < N; k += 16) {
        real largest[16];
        double total[16];
        sum_exp(C, N, x + k, largest, total);
        for (int l = 0; l < 16 && k % B + l < n; l++) {
            real logit = x[(ptrdiff_t)target[k + l] * N + k + l];
            loss += (largest[l] - logit) + logarithm((real)total[l]);
        }
    }
    return loss;
}

//@ kernel cross_entropy_backward needs sum_exp exponential either
/* dx = d_loss (softmax(x) - onehot(target)), and 0 past the n examples */
static void cross_entropy_backward(
    int C, int N, int n, const real *x, const int *target, double d_loss, real *d_x)
{
    for (int k = 0; k < N; k += 16) {
        real largest[16], d[16], share[16];
        double total[16];
        sum_exp(C, N, x + k, largest, total);
        for (int l = 0; l < 16; l++) {
            d[l] = k % B + l < n ? (real)d_loss : 0;
            share[l] = (real)(1 / total[l]);
        }
        for (int c = 0; c < C; c++)
            for (int l = 0; l < 16; l++) {
                ptrdiff_t at = (ptrdiff_t)c * N + k + l;
                real softmax = exponential(x[at] - largest[l]) * share[l];
                d_x[at] = either(d[l] != 0, d[l] * (softmax - (c == target[k + l])), 0);
            }
    }
}

//@ kernel cross_entropy_columns needs sum_exp logarithm either_double
/* Of 16 columns: -sum over c of q[c] log softmax(x)[c] with
 * q = w[c] ((1 - s) onehot(target)[c] + s / C), s = label_smoothing, w = 1 if weight is NULL; 0
 * where the target is ignore_index */
static void cross_entropy_columns(int C, int N, const real *x, const int *target,
    const real *weight, int ignore_index, double label_smoothing, double *loss)
{
    real largest[16];
    double total[16];
    sum_exp(C, N, x, largest, total);
    for (int l = 0; l < 16; l++) {
        total[l] = logarithm((real)total[l]);
        loss[l] = 0;
    }
    for (int c = 0; c < C; c++) {
        double w = weight ? (double)weight[c] : 1, spread = w * label_smoothing / C;
        for (int l = 0; l < 16; l++) {
            double q = spread + either_double(c == target[l], w * (1 - label_smoothing), 0);
            double surprise = (largest[l] - x[(ptrdiff_t)c * N + l]) + total[l];
            loss[l] += either_double(q != 0, q * surprise, 0); /* no part in q: may be infinite */
        }
    }
    for (int l = 0; l < 16; l++)
        loss[l] = target[l] == ignore_index ? 0 : loss[l];
}

//@ kernel weighted_cross_entropy needs cross_entropy_columns
/* The sum over the columns of the first n examples; x [C][N] */
static double weighted_cross_entropy(int C, int N, int n, const real *x, const int *target,
    const real *weight, int ignore_index, double label_smoothing)
{
    double sum = 0, loss[16];
    for (int k = 0; k < N; k += 16) {
        cross_entropy_columns(C, N, x + k, target + k, weight, ignore_index, label_smoothing, loss);
        for (int l = 0; l < 16 && k % B + l < n; l++)
            sum += loss[l];
    }
    return sum;
}

//@ kernel cross_entropy_each needs cross_entropy_columns
/* y: the loss of each column */
static void cross_entropy_each(int C, int N, const real *x, const int *target, const real *weight,
    int ignore_index, double label_smoothing, real *y)
{
    double loss[16];
    for (int k = 0; k < N; k += 16) {
        cross_entropy_columns(C, N, x + k, target + k, weight, ignore_index, label_smoothing, loss);
        for (int l = 0; l < 16; l++)
            y[k + l] = (real)loss[l];
    }
}

//@ kernel cross_entropy_weight
/* The sum of the weights of the targets of n examples: PyTorch's mean divides by it. */
static double cross_entropy_weight(
    int N, int n, const int *target, const real *weight, int ignore_index)
{
    double sum = 0;
    for (int k = 0; k < N; k++)
        if (k % B < n && target[k] != ignore_index)
            sum += weight ? weight[target[k]] : 1;
    return sum;
}

//@ kernel cross_entropy_columns_backward needs sum_exp exponential either
/* Of 16 columns: dx = d (softmax(x) sum of q - q), and 0 where the target is ignore_index */
static void cross_entropy_columns_backward(int C, int N, const real *x, const int *target,
    const real *weight, int ignore_index, double label_smoothing, const real *d, real *d_x)
{
    real largest[16], hit[16], spread[16], share[16];
    double total[16], weights = 0;
    for (int c = 0; c < C; c++)
        weights += weight ? weight[c] : 1;
    sum_exp(C, N, x, largest, total);
    for (int l = 0; l < 16; l++) {
        int counts = target[l] != ignore_index;
        double w = counts && weight ? weight[target[l]] : 1;
        hit[l] = counts ? (real)((1 - label_smoothing) * w) * d[l] : 0;
        spread[l] = counts ? (real)(label_smoothing / C) * d[l] : 0;
        share[l] = (hit[l] + spread[l] * (real)weights) / (real)total[l];
    }
    for (int c = 0; c < C; c++) {
        real w = weight ? weight[c] : 1;
        for (int l = 0; l < 16; l++) {
            ptrdiff_t at = (ptrdiff_t)c * N + l;
            real q = spread[l] * w + either(c == target[l], hit[l], 0);
            real part = exponential(x[at] - largest[l]) * share[l];
            d_x[at] = either(share[l] != 0, part - q, 0);
        }
    }
}

//@ kernel weighted_cross_entropy_backward needs cross_entropy_columns_backward
/* dx of the sum over the columns of the first n examples, times d_loss */
static void weighted_cross_entropy_backward(int C, int N, int n, const real *x, const int *target,
    const real *weight, int ignore_index, double label_smoothing, double d_loss, real *d_x)
{
    for (int k = 0; k < N; k += 16) {
        real d[16];
        for (int l = 0; l < 16; l++)
            d[l] = k % B + l < n ? (real)d_loss : 0;
        cross_entropy_columns_backward(
            C, N, x + k, target + k, weight, ignore_index, label_smoothing, d, d_x + k);
    }
}

//@ kernel cross_entropy_each_backward needs cross_entropy_columns_backward
/* dx by the loss of each column */
static void cross_entropy_each_backward(int C, int N, const real *x, const int *target,
    const real *weight, int ignore_index, double label_smoothing, const real *d_y, real *d_x)
{
    for (int k = 0; k < N; k += 16)
        cross_entropy_columns_backward(
            C, N, x + k, target + k, weight, ignore_index, label_smoothing, d_y + k, d_x + k);
}
//@ end
#endif
