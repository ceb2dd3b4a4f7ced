// norms.c: the kernels of batch norm alone, against plain loops in long double.
//
// Input:  nothing; compiled with MT_BATCH (13, 16, 64, 1100 ...) and as float or double. The batch has all examples, or fewer.
// Output: at the end a hash of every bit that the kernels computed: it must not depend on the compiler, its options or the
//         threads (with -ffp-contract=off). Exit code 1 if a result is wrong.
// Numbers lie around 0, and around 1000 with a deviation of 0.01: there a variance by sums of squares would have no digit left.
// Lanes past the n-th repeat the last example, as in a trainer; they must not count, and dx must be 0 there.
#define MT_KERNELS
#include "../../runtime/vec.c"

#include "../../compiler/ops/batch_norm2d.c"
#include <float.h>

#ifdef MT_DOUBLE
#define EPSILON DBL_EPSILON
#else
#define EPSILON FLT_EPSILON
#endif

static uint64_t hash = 14695981039346656037u;
static int failures, checked;
static double worst; // error, as a share of its bound

static double uniform(void)
{
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return (double)(state >> 8) / 16777216;
}

static real *numbers(size_t count, double center, double width)
{
    real *x = malloc(count * sizeof *x);
    if (!x)
        exit(2);
    for (size_t k = 0; k < count; k++)
        x[k] = (real)(center + width * (2 * uniform() - 1));
    return x;
}

static void mix(const real *x, size_t count)
{
    const unsigned char *bytes = (const unsigned char *)x;
    for (size_t k = 0; k < count * sizeof *x; k++)
        hash = (hash ^ bytes[k]) * 1099511628211u;
}

static void check(const char *what, int c, double found, long double expected, double bound)
{
    double error = (double)(found - expected);
    error = error < 0 ? -error : error;
    checked++;
    if (!(error <= bound) && failures++ < 20)
        printf("%s of channel %d: %.9g, not %.9Lg (bound %.1e)\n", what, c, found, expected, bound);
    else if (error / bound > worst)
        worst = error / bound;
}

typedef struct {
    int C, P, n;
    const real *x, *weight, *bias, *dy;
    real *mean, *inv_std, *running_mean, *running_var, *y, *d_weight, *d_bias, *d_x;
} Norm;

static size_t place(const Norm *t, int c, int p, int b) { return ((size_t)c * (size_t)t->P + (size_t)p) * B + (size_t)b; }

static void check_forward(const Norm *t, int c, double eps)
{
    long double sum = 0, squares = 0, count = (long double)t->P * t->n;
    for (int p = 0; p < t->P; p++)
        for (int b = 0; b < t->n; b++)
            sum += t->x[place(t, c, p, b)];
    long double mean = sum / count;
    for (int p = 0; p < t->P; p++)
        for (int b = 0; b < t->n; b++) {
            long double d = t->x[place(t, c, p, b)] - mean;
            squares += d * d;
        }
    long double var = squares / count, inverse = 1 / sqrtl(var + eps);
    double size = fabs((double)mean) + sqrt((double)var);
    check("mean", c, (double)t->mean[c], mean, 2 * EPSILON * size);
    check("inv_std", c, (double)t->inv_std[c], inverse, 8 * EPSILON * (double)inverse);
    check("running_mean", c, (double)t->running_mean[c], 0.5L * 0.75L + 0.25L * mean, 2 * EPSILON * (size + 1));
    check("running_var", c, (double)t->running_var[c], 2 * 0.75L + 0.25L * squares / (count - 1),
        4 * EPSILON * (2 + (double)var));
    for (int p = 0; p < t->P; p++)
        for (int b = 0; b < t->n; b++) {
            long double h = (t->x[place(t, c, p, b)] - mean) * inverse, w = t->weight ? t->weight[c] : 1;
            check("y", c, (double)t->y[place(t, c, p, b)], w * h + (t->bias ? t->bias[c] : 0),
                EPSILON * (double)fabsl(w) * (16 * (double)fabsl(h) + 2 * size * (double)inverse) + 2 * EPSILON);
        }
}

// From the mean and deviation that forward has kept.
static void check_backward(const Norm *t, int c)
{
    long double dy = 0, dyh = 0, size = 0, count = (long double)t->P * t->n, m = t->mean[c], r = t->inv_std[c];
    for (int p = 0; p < t->P; p++)
        for (int b = 0; b < t->n; b++) {
            long double d = t->dy[place(t, c, p, b)], h = (t->x[place(t, c, p, b)] - m) * r;
            dy += d;
            dyh += d * h;
            size += fabsl(d) * (1 + fabsl(h));
        }
    double bound = EPSILON * (double)(8 + 0.05L * count) * (double)size / (double)count;
    check("d_bias", c, (double)t->d_bias[c], 3 + dy, bound * (double)count + 4 * EPSILON);
    check("d_weight", c, (double)t->d_weight[c], 3 + dyh, bound * (double)count + 4 * EPSILON);
    for (int p = 0; p < t->P; p++)
        for (int b = 0; b < B; b++) {
            long double d = t->dy[place(t, c, p, b)], h = (t->x[place(t, c, p, b)] - m) * r;
            long double w = t->weight ? t->weight[c] : 1;
            check("d_x", c, (double)t->d_x[place(t, c, p, b)],
                b < t->n ? w * r * (d - dy / count - h * dyh / count) : 0,
                b < t->n ? (double)(fabsl(w) * r * (1 + fabsl(h))) * (bound + 8 * EPSILON) : 0);
        }
}

static void run(int C, int P, int n, double center, double width, int affine)
{
    size_t all = (size_t)C * (size_t)P * B, channels = (size_t)C;
    real *x = numbers(all, center, width), *dy = numbers(all, 0, 1), *before = numbers(all, 0, 0);
    Norm t = {C, P, n, x, affine ? numbers(channels, 0, 1) : NULL, affine ? numbers(channels, 0, 1) : NULL, dy,
        numbers(channels, 0, 0), numbers(channels, 0, 0), numbers(channels, 0.5, 0), numbers(channels, 2, 0),
        numbers(all, 0, 0), numbers(channels, 3, 0), numbers(channels, 3, 0), numbers(all, 9, 0)};
    for (size_t k = 0; k < all; k++)
        if (k % B >= (size_t)n) {
            x[k] = x[k / B * B + (size_t)n - 1];
            dy[k] = 0;
        }
    batch_norm(C, P, n, 1e-5, 0.25, x, t.weight, t.bias, t.running_mean, t.running_var, t.mean, t.inv_std, t.y);
    batch_norm_backward(C, P, n, x, t.mean, t.inv_std, t.weight, dy, t.d_weight, t.d_bias, t.d_x);
    for (int c = 0; c < C; c++) {
        check_forward(&t, c, 1e-5);
        check_backward(&t, c);
    }
    batch_norm_running(C, P, 1e-5, t.running_mean, t.running_var, x, t.weight, t.bias, before);
    for (int c = 0; c < C; c++) {
        double r = 1 / sqrt((double)t.running_var[c] + 1e-5), w = t.weight ? (double)t.weight[c] : 1;
        double h = ((double)x[place(&t, c, 0, 0)] - (double)t.running_mean[c]) * r;
        check("evaluated", c, (double)before[place(&t, c, 0, 0)], w * h + (t.bias ? (double)t.bias[c] : 0),
            8 * EPSILON * (fabs(h) + 1));
    }
    const real *made[] = {t.mean, t.inv_std, t.running_mean, t.running_var, t.y, t.d_weight, t.d_bias, t.d_x, before};
    for (int k = 0; k < 9; k++) {
        mix(made[k], k < 4 || k == 5 || k == 6 ? channels : all);
        free((void *)made[k]);
    }
    free((void *)t.weight), free((void *)t.bias), free(x), free(dy);
}

int main(void)
{
    static const int places[] = {1, 2, 9, 64, 130};
    for (int i = 0; i < 5; i++)
        for (int n = BATCH; n > 1 || (n == 1 && places[i] > 1); n = n == BATCH && n > 1 ? BATCH / 2 + 1 : n > 1 ? 1 : 0) {
            run(3, places[i], n, 0, 1, 1);
            run(2, places[i], n, -0.3, 2, 0);
            run(2, places[i], n, 1000, 0.017, 1);
            if (n == BATCH / 2 + 1 && n == BATCH)
                break;
        }
    run(70, 30, BATCH, 1, 3, 1); // enough for threads
    printf("%d numbers, %d wrong, the worst at %.2f of its bound\n%016llx\n", checked, failures, worst,
        (unsigned long long)hash);
    return failures > 0;
}
