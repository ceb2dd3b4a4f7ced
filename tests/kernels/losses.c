// losses.c: the kernels of losses and metrics alone, against their definitions in long double.
//
// Input:  nothing; compiled with MT_BATCH (1, 13, 16, 32, 64 ...) and as float or double.
// Output: one line a loss, and at the end a hash of every bit that the kernels computed: it must not depend on the
//         compiler or its options (with -ffp-contract=off). Exit code 1 if a result is wrong.
// A gradient is compared with a difference of the definition over a small step, in long double; past the n-th example it
// must be exactly 0. Outputs hold NaN beforehand; each array has its exact size, so that a sanitizer sees a step beyond.
#define MT_KERNELS
#include "../../runtime/math.c"

#include "../../compiler/ops/cross_entropy.c"
#undef PLAIN
#undef OPTIONS
#undef GIVEN
#include "../../compiler/ops/cross_entropy_soft.c"
#undef GIVEN
#include "../../compiler/ops/binary_cross_entropy_with_logits.c"
#undef PLAIN
#undef WIDE
#undef POS_WIDE
#undef LAST
#undef GIVEN
#include "../../compiler/ops/accuracy.c"
#include "../../compiler/ops/binary_accuracy.c"
#include "../../compiler/ops/mean.c"
#include "../../compiler/ops/mse_loss.c"
#include <float.h>

// Of a loss: relative to its size or 1. Of a gradient: what the difference over STEP cannot tell is below 1e-9.
#ifdef MT_DOUBLE
static const double tolerance = 1e-13, gradient_tolerance = 1e-8;
#else
static const double tolerance = 1e-6, gradient_tolerance = 2e-6;
#endif
static const long double STEP = 1e-5L;

// One setting: what a definition needs to give the loss of a column. x and target [C][N]; X and T are the same numbers.
typedef struct Case {
    int C, P, N, n;
    real *x, *target, *d_x, *d_target, *each, *d_each;
    long double *X, *T;
    int *classes;
    const real *weight, *pos_weight;
    int ignore_index;
    double smoothing, d_loss;
    long double (*column)(const struct Case *, int k);
} Case;

static uint64_t hash = 14695981039346656037u;
static int failures, checked;
static double worst;

static double draw(void) // in [0, 1)
{
    static uint32_t state = 1;
    state = state * 1664525 + 1013904223;
    return (state >> 8) / 16777216.0;
}

static void add_bits(const void *x, size_t bytes)
{
    for (size_t k = 0; k < bytes; k++)
        hash = (hash ^ ((const unsigned char *)x)[k]) * 1099511628211u;
}

static void compare(const char *what, long double got, long double right, double allowed)
{
    double size = fmax(1, (double)fabsl(right)), error = (double)fabsl(got - right) / size;
    checked++;
    worst = fmax(worst, error / allowed);
    if (error <= allowed)
        return;
    if (failures++ < 10)
        printf("  %s is %.12Lg, not %.12Lg\n", what, got, right);
}

static void report(const char *name)
{
    printf("%-40s %7d numbers, worst error %.3f of what is allowed\n", name, checked, worst);
    checked = 0;
    worst = 0;
}

static real *room(int count)
{
    real *x = malloc((size_t)count * sizeof *x);
    if (!x)
        exit(2);
    for (int k = 0; k < count; k++)
        x[k] = NAN;
    return x;
}

// Logits of all sizes and with ties, targets in [0, 1] of which many are 0 or 1; columns past the n-th example repeat it.
static Case new_case(int C, int P)
{
    Case s = {.C = C, .P = P, .N = P * B, .n = BATCH > 3 ? BATCH - 2 : BATCH, .ignore_index = -100, .d_loss = 0.75};
    int count = C * s.N;
    s.x = room(count);
    s.target = room(count);
    s.d_x = room(count);
    s.d_target = room(count);
    s.each = room(count);
    s.d_each = room(count);
    s.classes = malloc((size_t)s.N * sizeof *s.classes);
    s.X = malloc((size_t)count * sizeof *s.X);
    s.T = malloc((size_t)count * sizeof *s.T);
    if (!s.classes || !s.X || !s.T)
        exit(2);
    for (int k = 0; k < count; k++) {
        double u = draw(), t = draw();
        int repeated = k % B >= s.n ? k % B - s.n + 1 : 0;
        double x = (2 * draw() - 1) * (u < 0.1 ? 60 : u < 0.5 ? 8 : 1);
        s.x[k] = repeated ? s.x[k - repeated] : k >= s.N && u > 0.8 ? s.x[k - s.N] : (real)x;
        s.target[k] = repeated ? s.target[k - repeated] : (real)(t < 0.3 ? 0 : t < 0.6 ? 1 : t);
        s.X[k] = s.x[k];
        s.T[k] = s.target[k];
        s.d_each[k] = k % B < s.n ? (real)(2 * draw() - 1) : 0;
    }
    for (int k = 0; k < s.N; k++)
        s.classes[k] = k % B >= s.n ? s.classes[k - (k % B - s.n + 1)] : (int)(draw() * C);
    return s;
}

static void free_case(Case *s)
{
    free(s->x);
    free(s->target);
    free(s->d_x);
    free(s->d_target);
    free(s->each);
    free(s->d_each);
    free(s->classes);
    free(s->X);
    free(s->T);
}

// ------------------------------------------------------------------------------------------------- definitions

static long double weight_of(const real *weight, int c) { return weight ? weight[c] : 1; }

static long double log_softmax(const Case *s, int c, int k)
{
    long double largest = s->X[k], total = 0;
    for (int j = 1; j < s->C; j++)
        largest = fmaxl(largest, s->X[j * s->N + k]);
    for (int j = 0; j < s->C; j++)
        total += expl(s->X[j * s->N + k] - largest);
    return s->X[c * s->N + k] - largest - logl(total);
}

static long double class_loss(const Case *s, int k)
{
    long double sum = 0;
    if (s->classes[k] == s->ignore_index)
        return 0;
    for (int c = 0; c < s->C; c++) {
        long double q = s->smoothing / s->C + (c == s->classes[k] ? 1 - s->smoothing : 0);
        sum -= weight_of(s->weight, c) * q * log_softmax(s, c, k);
    }
    return sum;
}

static long double soft_loss(const Case *s, int k)
{
    long double sum = 0;
    for (int c = 0; c < s->C; c++) {
        long double q = (1 - (long double)s->smoothing) * s->T[c * s->N + k] + s->smoothing / s->C;
        sum -= weight_of(s->weight, c) * q * log_softmax(s, c, k);
    }
    return sum;
}

static long double binary_loss(const Case *s, int k)
{
    long double sum = 0;
    for (int c = 0; c < s->C; c++) {
        long double x = s->X[c * s->N + k], t = s->T[c * s->N + k];
        long double above = x > 0 ? x + log1pl(expl(-x)) : log1pl(expl(x)), below = above - x;
        sum += weight_of(s->weight, c) * (weight_of(s->pos_weight, c) * t * below + (1 - t) * above);
    }
    return sum;
}

static long double square_loss(const Case *s, int k)
{
    long double sum = 0;
    for (int c = 0; c < s->C; c++) {
        long double difference = s->X[c * s->N + k] - s->T[c * s->N + k];
        sum += difference * difference;
    }
    return sum;
}

static long double plain_sum(const Case *s, int k)
{
    long double sum = 0;
    for (int c = 0; c < s->C; c++)
        sum += s->X[c * s->N + k];
    return sum;
}

// ------------------------------------------------------------------------------------------------------ checks

static void check_sum(const Case *s, const char *what, double got)
{
    long double sum = 0;
    for (int k = 0; k < s->N; k++)
        sum += k % B < s->n ? s->column(s, k) : 0;
    compare(what, got, sum, tolerance);
    add_bits(&got, sizeof got);
}

// d: the derivative by `by` (X or T) of the sum, times d_loss, or (each) weighted by d_each.
static void check_gradient(const Case *s, const char *what, long double *by, const real *d, int each)
{
    for (int c = 0; c < s->C; c++)
        for (int k = 0; k < s->N; k++) {
            long double *at = &by[c * s->N + k], was = *at, above, below;
            *at = was + STEP;
            above = s->column(s, k);
            *at = was - STEP;
            below = s->column(s, k);
            *at = was;
            if (k % B >= s->n)
                compare(what, d[c * s->N + k], 0, 0);
            else
                compare(what, d[c * s->N + k], (above - below) / (2 * STEP) * (each ? s->d_each[k] : s->d_loss),
                    gradient_tolerance);
        }
    add_bits(d, (size_t)s->C * (size_t)s->N * sizeof *d);
}

// y [N]: the loss of each column.
static void check_each(const Case *s, const char *what)
{
    for (int k = 0; k < s->N; k++)
        compare(what, s->each[k], s->column(s, k), tolerance);
    add_bits(s->each, (size_t)s->N * sizeof *s->each);
}

static const real weights[] = {(real)0.5, 2, 0, 1, (real)3.5, 1, (real)0.25};

static void check_cross_entropy(int C, int P)
{
    Case s = new_case(C, P);
    s.column = class_loss;
    check_sum(&s, "cross_entropy", cross_entropy(C, s.N, s.n, s.x, s.classes));
    cross_entropy_backward(C, s.N, s.n, s.x, s.classes, s.d_loss, s.d_x);
    check_gradient(&s, "cross_entropy_backward", s.X, s.d_x, 0);
    for (int setting = 0; setting < 8; setting++) {
        s.weight = setting & 1 ? weights : NULL;
        s.ignore_index = setting & 2 ? 1 : -100;
        s.smoothing = setting & 4 ? 0.125 : 0;
        check_sum(&s, "weighted_cross_entropy",
            weighted_cross_entropy(C, s.N, s.n, s.x, s.classes, s.weight, s.ignore_index, s.smoothing));
        weighted_cross_entropy_backward(
            C, s.N, s.n, s.x, s.classes, s.weight, s.ignore_index, s.smoothing, s.d_loss, s.d_x);
        check_gradient(&s, "weighted_cross_entropy_backward", s.X, s.d_x, 0);
        cross_entropy_each(C, s.N, s.x, s.classes, s.weight, s.ignore_index, s.smoothing, s.each);
        check_each(&s, "cross_entropy_each");
        cross_entropy_each_backward(
            C, s.N, s.x, s.classes, s.weight, s.ignore_index, s.smoothing, s.d_each, s.d_x);
        check_gradient(&s, "cross_entropy_each_backward", s.X, s.d_x, 1);
        long double weight = 0, count = 0, right = 0;
        for (int k = 0; k < s.N; k++)
            if (k % B < s.n && s.classes[k] != s.ignore_index) {
                int best = 0;
                for (int c = 1; c < C; c++)
                    best = s.x[c * s.N + k] > s.x[best * s.N + k] ? c : best;
                weight += weight_of(s.weight, s.classes[k]);
                count++;
                right += best == s.classes[k];
            }
        compare("cross_entropy_weight", cross_entropy_weight(s.N, s.n, s.classes, s.weight, s.ignore_index), weight, 0);
        compare("targets_that_count", targets_that_count(s.N, s.n, s.classes, s.ignore_index), count, 0);
        compare("accuracy", accuracy(C, s.N, s.n, s.x, s.classes, s.ignore_index), right, 0);
    }
    free_case(&s);
}

static void check_soft_cross_entropy(int C, int P)
{
    Case s = new_case(C, P);
    s.column = soft_loss;
    for (int setting = 0; setting < 4; setting++) {
        s.weight = setting & 1 ? weights : NULL;
        s.smoothing = setting & 2 ? 0.125 : 0;
        check_sum(&s, "soft_cross_entropy",
            soft_cross_entropy(C, s.N, s.n, s.x, s.target, s.weight, s.smoothing));
        soft_cross_entropy_backward(
            C, s.N, s.n, s.x, s.target, s.weight, s.smoothing, s.d_loss, s.d_x, s.d_target);
        check_gradient(&s, "soft_cross_entropy_backward, dx", s.X, s.d_x, 0);
        check_gradient(&s, "soft_cross_entropy_backward, dtarget", s.T, s.d_target, 0);
        soft_cross_entropy_backward(C, s.N, s.n, s.x, s.target, s.weight, s.smoothing, s.d_loss, NULL, NULL);
        soft_cross_entropy_each(C, s.N, s.x, s.target, s.weight, s.smoothing, s.each);
        check_each(&s, "soft_cross_entropy_each");
        soft_cross_entropy_each_backward(
            C, s.N, s.x, s.target, s.weight, s.smoothing, s.d_each, s.d_x, s.d_target);
        check_gradient(&s, "soft_cross_entropy_each_backward, dx", s.X, s.d_x, 1);
        check_gradient(&s, "soft_cross_entropy_each_backward, dtarget", s.T, s.d_target, 1);
    }
    free_case(&s);
}

static void check_binary_cross_entropy(int C, int P)
{
    Case s = new_case(C, P);
    s.column = binary_loss;
    check_sum(&s, "binary_cross_entropy_with_logits",
        binary_cross_entropy_with_logits(C * P, s.n, s.x, s.target));
    binary_cross_entropy_with_logits_backward(C * P, s.n, s.x, s.target, s.d_loss, s.d_x);
    check_gradient(&s, "binary_cross_entropy_with_logits_backward", s.X, s.d_x, 0);
    binary_cross_entropy_with_logits_backward_target(C * P, s.n, s.x, s.d_loss, s.d_target);
    check_gradient(&s, "binary_cross_entropy_with_logits_backward_target", s.T, s.d_target, 0);
    for (int setting = 0; setting < 4; setting++) {
        s.weight = setting & 1 ? weights : NULL;
        s.pos_weight = setting & 2 ? weights : NULL;
        check_sum(&s, "weighted_binary_cross_entropy_with_logits",
            weighted_binary_cross_entropy_with_logits(
                C, s.N, s.n, s.x, s.target, 1, s.weight, 1, s.pos_weight));
        weighted_binary_cross_entropy_with_logits_backward(
            C, s.N, s.n, s.x, s.target, 1, s.weight, 1, s.pos_weight, s.d_loss, s.d_x, s.d_target);
        check_gradient(&s, "weighted_binary_cross_entropy_with_logits_backward, dx", s.X, s.d_x, 0);
        check_gradient(&s, "weighted_binary_cross_entropy_with_logits_backward, dtarget", s.T, s.d_target, 0);
        // One weight for all is the same as a list of equal ones.
        const real twice[] = {2, 2, 2, 2, 2, 2, 2};
        compare("one weight for all",
            weighted_binary_cross_entropy_with_logits(C, s.N, s.n, s.x, s.target, 0, twice, 1, s.pos_weight),
            weighted_binary_cross_entropy_with_logits(C, s.N, s.n, s.x, s.target, 1, twice, 1, s.pos_weight), 0);
        if (C > 1)
            continue;
        weighted_logistic_loss_each(C, s.N, s.x, s.target, 1, s.weight, 1, s.pos_weight, s.each);
        check_each(&s, "weighted_logistic_loss_each");
        weighted_logistic_loss_each_backward(
            C, s.N, s.x, s.target, 1, s.weight, 1, s.pos_weight, s.d_each, s.d_x, s.d_target);
        check_gradient(&s, "weighted_logistic_loss_each_backward, dx", s.X, s.d_x, 1);
        check_gradient(&s, "weighted_logistic_loss_each_backward, dtarget", s.T, s.d_target, 1);
    }
    free_case(&s);
}

static void check_sums(int C, int P)
{
    Case s = new_case(C, P);
    long double right = 0;
    s.column = square_loss;
    check_sum(&s, "mse_loss", mse_loss(C * P, s.n, s.x, s.target));
    mse_loss_backward(C * P, s.n, s.x, s.target, s.d_loss, s.d_x);
    check_gradient(&s, "mse_loss_backward", s.X, s.d_x, 0);
    mse_loss_backward(C * P, s.n, s.target, s.x, s.d_loss, s.d_target);
    check_gradient(&s, "mse_loss_backward, dtarget", s.T, s.d_target, 0);
    s.column = plain_sum;
    check_sum(&s, "sum_of_examples", sum_of_examples(C * P, s.n, s.x));
    fill_examples(C * P, s.n, s.d_loss, s.d_x);
    check_gradient(&s, "fill_examples", s.X, s.d_x, 0);
    for (int k = 0; k < C * s.N; k++)
        right += k % B < s.n && (s.x[k] > (real)0.5) == (s.target[k] > (real)0.5);
    compare("binary_accuracy", binary_accuracy(C * P, s.n, s.x, s.target, 0.5), right, 0);
    free_case(&s);
}

// Logits at which a naive softmax or logarithm overflows, or that are infinite where the target has no part.
static void check_extremes(void)
{
    Case s = new_case(3, 1);
    for (int k = 0; k < s.N; k++) {
        s.x[k] = 1000;
        s.x[s.N + k] = -1000;
        s.x[2 * s.N + k] = -INFINITY;
        s.classes[k] = k % B >= s.n ? s.classes[s.n - 1] : k % 2;
    }
    compare("cross_entropy of 1000", cross_entropy(3, s.N, s.n, s.x, s.classes), s.n / 2 * 2000, 0);
    cross_entropy_backward(3, s.N, s.n, s.x, s.classes, 1, s.d_x);
    for (int k = 0; k < 3 * s.N; k++)
        compare("cross_entropy_backward of 1000", s.d_x[k],
            k % B < s.n && k % B % 2 ? (k < s.N) - (k >= s.N && k < 2 * s.N) : 0, 0);
    for (int k = 0; k < s.N; k++)
        s.target[k] = k % B >= s.n ? s.target[k - (k % B - s.n + 1)] : k % 2;
    compare("binary_cross_entropy_with_logits of 1000", binary_cross_entropy_with_logits(1, s.n, s.x, s.target),
        (s.n + 1) / 2 * 1000, 0);
    free_case(&s);
}

int main(void)
{
    static const int sizes[][2] = {{1, 1}, {2, 1}, {3, 5}, {7, 1}, {5, 2}};
    static const struct {
        const char *name;
        void (*check)(int C, int P);
    } losses[] = {{"cross_entropy, accuracy", check_cross_entropy},
        {"cross_entropy of probabilities", check_soft_cross_entropy},
        {"binary_cross_entropy_with_logits", check_binary_cross_entropy},
        {"mse_loss, mean, sum, binary_accuracy", check_sums}};
    for (size_t l = 0; l < sizeof losses / sizeof *losses; l++) {
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
            losses[l].check(sizes[k][0], sizes[k][1]);
        report(losses[l].name);
    }
    check_extremes();
    report("extremes");
    printf("hash %016llx\n", (unsigned long long)hash);
    return failures > 0;
}
