// binary_cross_entropy_with_logits: how surprised sigmoid(x) is by a target between 0 and 1, formed from the logits so
// that there is no logarithm of 0. Its mean is over all elements, as PyTorch's.
//
// Lists of weights lie along the last axis, as PyTorch broadcasts them; a list of one number is for all elements.
#include "op.h"

#define PLAIN "!weight && !pos_weight"
#define WIDE "weight && !(weight == 1)"
#define POS_WIDE "pos_weight && !(pos_weight == 1)"
#define LAST "(" WIDE " || " POS_WIDE ")"
#define GIVEN "$x, $target, $W, $weight, $Q, $pos_weight"

const Op op_binary_cross_entropy_with_logits = {
    .name = "binary_cross_entropy_with_logits",
    .kind = OP_LOSS,
    .doc = "Minus the log of the probability that sigmoid(x) gives to a target of 0 or 1, or between.",
    .args = {
        {"weight", ARG_LIST, "off", "weight of each element, along the last axis"},
        {"reduction", ARG_CHOICE, "mean", "what becomes of the elements", "mean sum none"},
        {"pos_weight", ARG_LIST, "off", "weight of targets of 1, along the last axis"},
    },
    .inputs = {
        {"x", "[B, ..., C]", .when = LAST, .doc = "logits"},
        {"x", "[B, ...]", .doc = "logits"},
        {"target", "[B, ..., C]", .when = LAST},
        {"target", "[B, ...]"},
    },
    .outputs = {
        {"y", "[B, ..., C]", .when = LAST " && reduction == none"},
        {"y", "[B, ...]", .when = "!" LAST " && reduction == none"},
    },
    .sizes = {
        {"K", "C", .when = LAST},
        {"K", "1"},
        {"D", "K", .when = "reduction == mean"}, // the mean of a column is over so many elements
        {"D", "1"},
        {"W", "1", .when = WIDE}, // steps along the lists
        {"W", "0", .may_be_zero = true},
        {"Q", "1", .when = POS_WIDE},
        {"Q", "0", .may_be_zero = true},
    },
    .checks = {
        {"!weight || weight == 1 || weight == C",
            "there must be one weight for each element of the last axis", "weight"},
        {"!pos_weight || pos_weight == 1 || pos_weight == C",
            "there must be one pos_weight for each element of the last axis", "pos_weight"},
    },
    .order = ORDER_BATCH_LAST,
    .flops = "4 * P",
    .forward = {
        {.when = PLAIN " && reduction == none",
            .value = "logistic_loss($x, $target)",
            .formula = "y = -t log s - (1 - t) log(1 - s),  s = sigmoid(x), t = target"},
        {.when = "reduction == none",
            .call = {"weighted_logistic_loss_each($K, $N, " GIVEN ", $y);"},
            .formula = "y = w (-p t log s - (1 - t) log(1 - s)),  s = sigmoid(x), t = target"},
        {.when = PLAIN,
            .value = "binary_cross_entropy_with_logits($P, $n, $x, $target)",
            .formula = "loss = sum of -t log s - (1 - t) log(1 - s),  s = sigmoid(x), t = target"},
        {.value = "weighted_binary_cross_entropy_with_logits($K, $N, $n, " GIVEN ") / $D",
            .formula = "loss = sum of w (-p t log s - (1 - t) log(1 - s)),  s = sigmoid(x), t = target"},
    },
    .denominator = {
        {.when = "reduction != mean", .value = "1"},
        {.value = "$valid"},
    },
    .backward = {
        {"x",
            .when = PLAIN " && reduction == none",
            .value = "$d_y * logistic_loss_derivative($x, $target)",
            .formula = "dx = (s - t) dy"},
        {"target", .when = PLAIN " && reduction == none", .value = "-$d_y * $x", .formula = "dtarget = -x dy"},
        {"x target",
            .when = "reduction == none",
            .call = {"weighted_logistic_loss_each_backward($K, $N, " GIVEN ", $d_y, $d_x, $d_target);"},
            .formula = "dx = w ((1 - t) s - p t (1 - s)) dy,  dtarget = w (log(1 - s) - p log s) dy"},
        {"x",
            .when = PLAIN,
            .call = {"binary_cross_entropy_with_logits_backward($P, $n, $x, $target, $d_loss, $d_x);"},
            .formula = "dx = s - t, and 0 past the n examples"},
        {"target",
            .when = PLAIN,
            .call = {"binary_cross_entropy_with_logits_backward_target($P, $n, $x, $d_loss, $d_target);"},
            .formula = "dtarget = -x, and 0 past the n examples"},
        {"x target",
            .call = {"weighted_binary_cross_entropy_with_logits_backward($K, $N, $n, " GIVEN
                     ", $d_loss * (1.0 / $D), $d_x, $d_target);"},
            .formula = "dx = w ((1 - t) s - p t (1 - s)),  dtarget = w (log(1 - s) - p log s)"},
    },
    .pytorch = {{.value = "F.binary_cross_entropy_with_logits($x, $target, "
                          "weight=$weight and torch.tensor($weight, dtype=$x.dtype), reduction=$reduction, "
                          "pos_weight=$pos_weight and torch.tensor($pos_weight, dtype=$x.dtype))"}},
    .examples = {
        {"x: [B, 5], target: [B, 5]", "binary_cross_entropy_with_logits(x, target)"},
        {"x: [B], target: [B]", "binary_cross_entropy_with_logits(x, target)"},
        {"x: [B, 3, 2], target: [B, 3, 2]", "binary_cross_entropy_with_logits(x, target, reduction=\"sum\")"},
        {"x: [B, 3], target: [B, 3]", "binary_cross_entropy_with_logits(x, target, weight=[1, 0.5, 2])"},
        {"x: [B, 2, 3], target: [B, 2, 3]",
            "binary_cross_entropy_with_logits(x, target, pos_weight=[3, 1, 0.25], weight=[2])"},
        {"x: [B], target: [B]", "binary_cross_entropy_with_logits(x, target, pos_weight=[3])"},
        {"x: [B, 3], target: [B, 3]",
            "binary_cross_entropy_with_logits(x, target, weight=[1, 2, 3], pos_weight=[2, 1, 3], reduction=\"sum\")"},
        {"x: [B, 5], target: [B, 5]", "binary_cross_entropy_with_logits(x, target, reduction=\"none\")", "[B, 5]"},
        {"x: [B, 2, 3], target: [B, 2, 3]",
            "binary_cross_entropy_with_logits(x, target, pos_weight=[3, 1, 2], reduction=\"none\")", "[B, 2, 3]"},
        {"x: [B, 3], target: [B, 3]", "binary_cross_entropy_with_logits(x, target, pos_weight=[1, 2, 3, 4])",
            .error = "there must be one pos_weight for each element of the last axis"},
    },
};

#ifdef MT_KERNELS
//@ kernel logistic_loss needs exponential logarithm_of_one_plus absolute max
/* -t log s - (1 - t) log(1 - s), s = sigmoid(x) */
static inline real logistic_loss(real x, real t)
{
    return (max(x, 0) - x * t) + logarithm_of_one_plus(exponential(-absolute(x)));
}

//@ kernel logistic_loss_derivative needs exponential absolute either
/* s - t = (1 - t) s - t (1 - s), which does not cancel; s and 1 - s from exp(-|x|) */
static inline real logistic_loss_derivative(real x, real t)
{
    real e = exponential(-absolute(x));
    return ((1 - t) * either(x < 0, e, 1) - t * either(x < 0, 1, e)) / (1 + e);
}

//@ kernel binary_cross_entropy_with_logits needs logistic_loss either
/* The sum over n examples of P elements each; each lane first, in double */
static double binary_cross_entropy_with_logits(int P, int n, const real *x, const real *target)
{
    double lanes[16] = {0}, sum = 0;
    for (int i = 0; i < P; i++)
        for (int b = 0; b < n; b += 16)
            for (int l = 0; l < 16; l++) {
                ptrdiff_t at = (ptrdiff_t)i * B + b + l;
                real loss = logistic_loss(x[at], target[at]);
                lanes[l] += either(b + l < n, loss, 0);
            }
    for (int l = 0; l < 16; l++)
        sum += lanes[l];
    return sum;
}

//@ kernel binary_cross_entropy_with_logits_backward needs logistic_loss_derivative either
/* dx = d_loss (s - target), and 0 past the n examples */
static void binary_cross_entropy_with_logits_backward(
    int P, int n, const real *x, const real *target, double d_loss, real *d_x)
{
    real d = (real)d_loss;
    for (int i = 0; i < P; i++, x += B, target += B, d_x += B)
        for (int b = 0; b < B; b++) {
            real d_b = d * logistic_loss_derivative(x[b], target[b]);
            d_x[b] = either(b < n, d_b, 0);
        }
}

//@ kernel binary_cross_entropy_with_logits_backward_target needs either
/* dtarget = -d_loss x, and 0 past the n examples */
static void binary_cross_entropy_with_logits_backward_target(
    int P, int n, const real *x, double d_loss, real *d_target)
{
    for (int i = 0; i < P; i++, x += B, d_target += B)
        for (int b = 0; b < B; b++)
            d_target[b] = either(b < n, (real)-d_loss * x[b], 0);
}

//@ kernel weighted_logistic_loss needs exponential logarithm_of_one_plus absolute max
/* w (-p t log s - (1 - t) log(1 - s)), where -log s = log(1 + exp(-x)) and
 * -log(1 - s) = log(1 + exp(x)) */
static inline real weighted_logistic_loss(real x, real t, real w, real p)
{
    real rest = logarithm_of_one_plus(exponential(-absolute(x)));
    return w * (p * t * (max(-x, 0) + rest) + (1 - t) * (max(x, 0) + rest));
}

//@ kernel weighted_binary_cross_entropy_with_logits needs weighted_logistic_loss
/* The sum over the columns of n examples; x, target [K][N]. Weights are NULL, or one for each row
 * (W = 1), or one for all (W = 0); Q likewise for those of targets of 1. */
static double weighted_binary_cross_entropy_with_logits(int K, int N, int n, const real *x,
    const real *target, int W, const real *weight, int Q, const real *pos_weight)
{
    double sum = 0;
    for (int c = 0; c < K; c++, x += N, target += N) {
        real w = weight ? weight[c * W] : 1, p = pos_weight ? pos_weight[c * Q] : 1;
        for (int k = 0; k < N; k++)
            sum += k % B < n ? weighted_logistic_loss(x[k], target[k], w, p) : 0;
    }
    return sum;
}

//@ kernel weighted_logistic_loss_each needs weighted_logistic_loss
/* y: the loss of each element */
static void weighted_logistic_loss_each(int K, int N, const real *x, const real *target, int W,
    const real *weight, int Q, const real *pos_weight, real *y)
{
    for (int c = 0; c < K; c++, x += N, target += N, y += N) {
        real w = weight ? weight[c * W] : 1, p = pos_weight ? pos_weight[c * Q] : 1;
        for (int k = 0; k < N; k++)
            y[k] = weighted_logistic_loss(x[k], target[k], w, p);
    }
}

//@ kernel weighted_logistic_loss_backward needs exponential logarithm_of_one_plus absolute max either
/* One element: dx = d w ((1 - t) s - p t (1 - s)), dtarget = d w (log(1 - s) - p log s) */
static inline void weighted_logistic_loss_backward(
    real x, real t, real w, real p, real d, real *d_x, real *d_target)
{
    real e = exponential(-absolute(x)), rest = logarithm_of_one_plus(e);
    real above = (1 - t) * either(x < 0, e, 1), below = p * t * either(x < 0, 1, e);
    if (d_x)
        *d_x = d * w * (above - below) / (1 + e);
    if (d_target)
        *d_target = d * w * (p * (max(-x, 0) + rest) - (max(x, 0) + rest));
}

//@ kernel weighted_binary_cross_entropy_with_logits_backward needs weighted_logistic_loss_backward
/* dx, dtarget of the sum over n examples, times d_loss; either may be NULL */
static void weighted_binary_cross_entropy_with_logits_backward(int K, int N, int n, const real *x,
    const real *target, int W, const real *weight, int Q, const real *pos_weight, double d_loss,
    real *d_x, real *d_target)
{
    for (int c = 0; c < K; c++) {
        real w = weight ? weight[c * W] : 1, p = pos_weight ? pos_weight[c * Q] : 1;
        for (int k = 0; k < N; k++) {
            ptrdiff_t at = (ptrdiff_t)c * N + k;
            weighted_logistic_loss_backward(x[at], target[at], w, p, k % B < n ? (real)d_loss : 0,
                d_x ? d_x + at : NULL, d_target ? d_target + at : NULL);
        }
    }
}

//@ kernel weighted_logistic_loss_each_backward needs weighted_logistic_loss_backward
/* dx, dtarget by the loss of each element; either may be NULL */
static void weighted_logistic_loss_each_backward(int K, int N, const real *x, const real *target,
    int W, const real *weight, int Q, const real *pos_weight, const real *d_y, real *d_x,
    real *d_target)
{
    for (int c = 0; c < K; c++) {
        real w = weight ? weight[c * W] : 1, p = pos_weight ? pos_weight[c * Q] : 1;
        for (int k = 0; k < N; k++) {
            ptrdiff_t at = (ptrdiff_t)c * N + k;
            weighted_logistic_loss_backward(x[at], target[at], w, p, d_y[at], d_x ? d_x + at : NULL,
                d_target ? d_target + at : NULL);
        }
    }
}
//@ end
#endif
