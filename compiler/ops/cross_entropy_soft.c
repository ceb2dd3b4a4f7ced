// cross_entropy for targets that are probabilities: real, and of the shape of x. PyTorch's mean is then over the
// columns, whatever the weights are, and the target has a gradient too.
#include "op.h"

#define GIVEN "$C, $N, $n, $x, $target, $weight, $label_smoothing"

const Op op_cross_entropy_soft = {
    .name = "cross_entropy",
    .kind = OP_LOSS,
    .doc = "Minus the log of the probabilities of softmax(x), weighted by the target's.",
    .args = {
        {"dim", ARG_INT, "1", "axis of the classes, 1 or -1"},
        {"weight", ARG_LIST, "off", "weight of each class"},
        {"ignore_index", ARG_INT, "-100", "not for probabilities"},
        {"label_smoothing", ARG_REAL, "0.0", "part of the target that is spread over all classes"},
        {"reduction", ARG_CHOICE, "mean", "what becomes of the columns", "mean sum none"},
    },
    .inputs = {
        {"x", "[B, C, ...]", .when = "dim == 1", .doc = "logits"},
        {"x", "[B, ..., C]", .doc = "logits"},
        {"target", "[B, C, ...]", .when = "dim == 1", .doc = "probabilities"},
        {"target", "[B, ..., C]", .doc = "probabilities"},
    },
    .outputs = {{"y", "[B, ...]", .when = "reduction == none"}},
    .checks = {
        {"dim == 1 || dim == -1", "classes are on axis 1 or on the last", "dim"},
        {"!weight || weight == C", "there must be one weight for each class", "weight"},
        {"ignore_index == -100", "a target of probabilities has no class to ignore", "ignore_index"},
        {"0 <= label_smoothing && label_smoothing <= 1", "label_smoothing is from 0 to 1", "label_smoothing"},
    },
    .order = ORDER_BATCH_LAST,
    .flops = "4 * C * P",
    .forward = {
        {.when = "reduction == none",
            .call = {"soft_cross_entropy_each($C, $N, $x, $target, $weight, $label_smoothing, $y);"},
            .formula = "y = -q log softmax(x),  q = w ((1 - s) target + s / C)"},
        {.value = "soft_cross_entropy(" GIVEN ")",
            .formula = "loss = sum of -q log softmax(x),  q = w ((1 - s) target + s / C)"},
    },
    .denominator = {
        {.when = "reduction != mean", .value = "1"},
        {.value = "$valid"},
    },
    .backward = {
        {"x target",
            .when = "reduction == none",
            .call = {"soft_cross_entropy_each_backward($C, $N, $x, $target, $weight, $label_smoothing, "
                     "$d_y, $d_x, $d_target);"},
            .formula = "dx = (softmax(x) sum of q - q) dy,  dtarget = -w (1 - s) log softmax(x) dy"},
        {"x target",
            .call = {"soft_cross_entropy_backward(" GIVEN ", $d_loss, $d_x, $d_target);"},
            .formula = "dx = softmax(x) sum of q - q,  dtarget = -w (1 - s) log softmax(x)"},
    },
    .pytorch = {{.value = "F.cross_entropy($x.movedim($dim, 1), $target.movedim($dim, 1), "
                          "weight=$weight and torch.tensor($weight, dtype=$x.dtype), "
                          "label_smoothing=$label_smoothing, reduction=$reduction)"}},
    .examples = {
        {"x: [B, 4], target: [B, 4]", "cross_entropy(x, target)"},
        {"x: [B, 3, 5], target: [B, 3, 5]", "cross_entropy(x, target, weight=[1, 0.5, 2])"},
        {"x: [B, 2, 4], target: [B, 2, 4]", "cross_entropy(x, target, dim=-1, label_smoothing=0.1)"},
        {"x: [B, 5], target: [B, 5]", "cross_entropy(x, target, reduction=\"sum\")"},
        {"x: [B, 3, 2], target: [B, 3, 2]",
            "cross_entropy(x, target, weight=[3, 1, 2], label_smoothing=0.2, reduction=\"none\")", "[B, 2]"},
        {"x: [B, 3], target: [B, 3]", "cross_entropy(x, target, weight=[1, 2, 3, 4])",
            .error = "there must be one weight for each class"},
        {"x: [B, 3], target: [B, 3]", "cross_entropy(x, target, ignore_index=1)",
            .error = "a target of probabilities has no class to ignore"},
    },
};

#ifdef MT_KERNELS
//@ kernel soft_cross_entropy_columns needs sum_exp logarithm either_double
/* Of 16 columns: -sum over c of q[c] log softmax(x)[c], q = w[c] ((1 - s) target[c] + s / C),
 * s = label_smoothing, w = 1 if weight is NULL */
static void soft_cross_entropy_columns(int C, int N, const real *x, const real *target,
    const real *weight, double label_smoothing, double *loss)
{
    real largest[16];
    double total[16];
    sum_exp(C, N, x, largest, total);
    for (int l = 0; l < 16; l++) {
        total[l] = logarithm((real)total[l]);
        loss[l] = 0;
    }
    for (int c = 0; c < C; c++) {
        double w = weight ? (double)weight[c] : 1;
        for (int l = 0; l < 16; l++) {
            ptrdiff_t at = (ptrdiff_t)c * N + l;
            double q = w * ((1 - label_smoothing) * target[at] + label_smoothing / C);
            double surprise = (largest[l] - x[at]) + total[l];
            loss[l] += either_double(q != 0, q * surprise, 0); /* no part in q: may be infinite */
        }
    }
}

//@ kernel soft_cross_entropy needs soft_cross_entropy_columns
/* The sum over the columns of the first n examples; x, target [C][N] */
static double soft_cross_entropy(int C, int N, int n, const real *x, const real *target,
    const real *weight, double label_smoothing)
{
    double sum = 0, loss[16];
    for (int k = 0; k < N; k += 16) {
        soft_cross_entropy_columns(C, N, x + k, target + k, weight, label_smoothing, loss);
        for (int l = 0; l < 16 && k % B + l < n; l++)
            sum += loss[l];
    }
    return sum;
}

//@ kernel soft_cross_entropy_each needs soft_cross_entropy_columns
/* y: the loss of each column */
static void soft_cross_entropy_each(int C, int N, const real *x, const real *target,
    const real *weight, double label_smoothing, real *y)
{
    double loss[16];
    for (int k = 0; k < N; k += 16) {
        soft_cross_entropy_columns(C, N, x + k, target + k, weight, label_smoothing, loss);
        for (int l = 0; l < 16; l++)
            y[k + l] = (real)loss[l];
    }
}

//@ kernel soft_cross_entropy_columns_backward needs sum_exp exponential logarithm either
/* Of 16 columns: dx = d (softmax(x) sum of q - q), dtarget = -d w (1 - s) log softmax(x); 0 where d
 * is. Either may be NULL. */
static void soft_cross_entropy_columns_backward(int C, int N, const real *x, const real *target,
    const real *weight, double label_smoothing, const real *d, real *d_x, real *d_target)
{
    real largest[16], log_total[16], mass[16] = {0};
    real kept = (real)(1 - label_smoothing), spread = (real)(label_smoothing / C);
    double total[16];
    sum_exp(C, N, x, largest, total);
    for (int c = 0; c < C; c++)
        for (int l = 0; l < 16; l++)
            mass[l] += (weight ? weight[c] : 1) * (kept * target[(ptrdiff_t)c * N + l] + spread);
    for (int l = 0; l < 16; l++) {
        log_total[l] = logarithm((real)total[l]);
        mass[l] /= (real)total[l];
    }
    for (int c = 0; c < C; c++) {
        real w = weight ? weight[c] : 1;
        for (int l = 0; l < 16; l++) {
            ptrdiff_t at = (ptrdiff_t)c * N + l;
            real below = x[at] - largest[l], q = w * (kept * target[at] + spread);
            if (d_x)
                d_x[at] = either(d[l] != 0, d[l] * (exponential(below) * mass[l] - q), 0);
            if (d_target)
                d_target[at] = either(d[l] != 0, d[l] * w * kept * (log_total[l] - below), 0);
        }
    }
}

//@ kernel soft_cross_entropy_backward needs soft_cross_entropy_columns_backward
/* dx, dtarget of the sum over the columns of the first n examples, times d_loss */
static void soft_cross_entropy_backward(int C, int N, int n, const real *x, const real *target,
    const real *weight, double label_smoothing, double d_loss, real *d_x, real *d_target)
{
    for (int k = 0; k < N; k += 16) {
        real d[16];
        for (int l = 0; l < 16; l++)
            d[l] = k % B + l < n ? (real)d_loss : 0;
        soft_cross_entropy_columns_backward(C, N, x + k, target + k, weight, label_smoothing, d,
            d_x ? d_x + k : NULL, d_target ? d_target + k : NULL);
    }
}

//@ kernel soft_cross_entropy_each_backward needs soft_cross_entropy_columns_backward
/* dx, dtarget by the loss of each column */
static void soft_cross_entropy_each_backward(int C, int N, const real *x, const real *target,
    const real *weight, double label_smoothing, const real *d_y, real *d_x, real *d_target)
{
    for (int k = 0; k < N; k += 16)
        soft_cross_entropy_columns_backward(C, N, x + k, target + k, weight, label_smoothing,
            d_y + k, d_x ? d_x + k : NULL, d_target ? d_target + k : NULL);
}
//@ end
#endif
