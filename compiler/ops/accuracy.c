// accuracy: how often the largest logit is that of the target.
#include "op.h"

const Op op_accuracy = {
    .name = "accuracy",
    .kind = OP_METRIC,
    .doc = "Share of the targets whose class has the largest logit; the first wins among equals.",
    .args = {
        {"dim", ARG_INT, "1", "axis of the classes, 1 or -1"},
        {"ignore_index", ARG_INT, "-100", "targets that do not count"},
    },
    .inputs = {
        {"x", "[B, C, ...]", .when = "dim == 1", .doc = "logits"},
        {"x", "[B, ..., C]", .doc = "logits"},
        {"target", "class(K)[B, ...]"},
    },
    .checks = {
        {"dim == 1 || dim == -1", "classes are on axis 1 or on the last", "dim"},
        {"K <= C", "target has more classes than x", "target"},
    },
    .order = ORDER_BATCH_LAST,
    .forward = {
        {.value = "accuracy($C, $N, $n, $x, $target, $ignore_index)",
            .formula = "how many x have their largest element at target"},
    },
    .denominator = {
        {.when = "ignore_index == -100", .value = "$valid"}, // which is no class: nothing is ignored
        {.value = "targets_that_count($N, $n, $target, $ignore_index)"},
    },
    .pytorch = {{.value = "($x.argmax($dim) == $target)[$target != $ignore_index].to($x.dtype).mean()"}},
    .examples = {
        {"x: [B, 4], target: class(4)[B]", "accuracy(x, target)"},
        {"x: [B, 5], target: class(3)[B]", "accuracy(x, target, ignore_index=1)"},
        {"x: [B, 3, 5], target: class(3)[B, 5]", "accuracy(x, target)"},
        {"x: [B, 2, 4], target: class(4)[B, 2]", "accuracy(x, target, dim=-1, ignore_index=0)"},
        {"x: [B, 3], target: class(5)[B]", "accuracy(x, target)", .error = "target has more classes than x"},
        {"x: [B, 2, 2], target: class(2)[B, 2]", "accuracy(x, target, dim=2)",
            .error = "classes are on axis 1 or on the last"},
    },
};

#ifdef MT_KERNELS
//@ kernel accuracy
/* How many columns of the first n examples have their largest element, the first among equals or
 * the first NaN, at the target; x [C][N] */
static double accuracy(int C, int N, int n, const real *x, const int *target, int ignore_index)
{
    int correct = 0;
    for (int k = 0; k < N; k++) {
        if (k % B >= n || target[k] == ignore_index)
            continue;
        int best = 0;
        real largest = x[k];
        for (int c = 1; c < C; c++) {
            real next = x[(ptrdiff_t)c * N + k];
            if (next > largest || (next != next && largest == largest)) {
                largest = next;
                best = c;
            }
        }
        correct += best == target[k];
    }
    return correct;
}

//@ kernel targets_that_count
/* How many targets of the first n examples are not ignore_index */
static double targets_that_count(int N, int n, const int *target, int ignore_index)
{
    int count = 0;
    for (int k = 0; k < N; k++)
        count += k % B < n && target[k] != ignore_index;
    return count;
}
//@ end
#endif
