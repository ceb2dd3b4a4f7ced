// axes.c: the kernels of operations along axes alone, against plain loops in long double: softmax, log_softmax, layer_norm,
// sums, adaptive_avg_pool2d, bilinear upsampling.
//
// Input:  nothing; compiled with MT_BATCH, as float or double.
// Output: what is wrong, and a hash of every bit that the kernels computed: it must
//         not depend on the compiler, its options or the threads (with -ffp-contract=off). Exit code 1 if a result is wrong.
// Each array is allocated at its exact size and holds NaN beforehand, so that a sanitizer sees every step beyond it.
#define MT_KERNELS
#include "../../runtime/vec.c"

#include "../../runtime/math.c"
#include "../../compiler/ops/softmax.c"

#include "../../compiler/ops/log_softmax.c"

#include "../../compiler/ops/layer_norm.c"

#include "../../compiler/ops/adaptive_avg_pool2d.c"

#include "../../compiler/ops/sum_stage.c"
#include <float.h>

// What the tables call of the compiler; here nobody reads the tables.
int call_rank(const Call *call, const char *tensor) { return call && tensor ? 1 : 0; }
long call_int(const Call *call, const char *argument) { return call && argument ? 1 : 0; }
int call_dim(Call *call, const char *argument, long dim, const char *tensor)
{
    return call && argument && tensor ? (int)dim : 0;
}
bool call_along(Call *call, int axis) { return call && axis; }
bool call_reduce(Call *call) { return call != NULL; }

#ifdef MT_DOUBLE
#define EPSILON DBL_EPSILON
#else
#define EPSILON FLT_EPSILON
#endif

static uint64_t hash = 14695981039346656037u;
static int failures;

static uint32_t draw(void)
{
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

static real *array(ptrdiff_t count, int random)
{
    real *x = malloc((size_t)count * sizeof *x);
    if (!x)
        exit(2);
    for (ptrdiff_t k = 0; k < count; k++)
        x[k] = random ? (real)((double)draw() / 4194304 - 2) : (real)NAN;
    return x;
}

// Whether x[k] is `exact` within `bound` times epsilon times (1 + its size); and the bits into the hash.
static void expect(const char *what, ptrdiff_t k, real x, long double exact, double bound)
{
    unsigned char bytes[sizeof(real)];
    long double error = (long double)x - exact, size = exact < 0 ? -exact : exact;
    error = error < 0 ? -error : error;
    if (!(error <= bound * (long double)EPSILON * (1 + size)) && failures++ < 10)
        printf("  %s[%ld] is %.9g, not %.9Lg\n", what, (long)k, (double)x, exact);
    memcpy(bytes, &x, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        hash = (hash ^ bytes[i]) * 1099511628211u;
}

// ------------------------------------------------------------------------------------------------------- softmax

static void check_softmax(int outer, int D, int inner, double shift)
{
    ptrdiff_t count = (ptrdiff_t)outer * D * inner;
    real *x = array(count, 1), *y = array(count, 0), *l = array(count, 0), *dy = array(count, 1);
    real *dx = array(count, 0), *dl = array(count, 0);
    for (ptrdiff_t k = 0; k < count; k++)
        x[k] = (real)(4 * x[k] + (real)shift);
    softmax(outer, D, inner, x, y);
    softmax_backward(outer, D, inner, y, dy, dx);
    log_softmax(outer, D, inner, x, l);
    log_softmax_backward(outer, D, inner, l, dy, dl);
    for (int o = 0; o < outer; o++)
        for (int i = 0; i < inner; i++) {
            ptrdiff_t at = (ptrdiff_t)o * D * inner + i;
            long double largest = -INFINITY, sum = 0, weighted = 0, all = 0;
            for (int d = 0; d < D; d++)
                largest = x[at + d * inner] > largest ? x[at + d * inner] : largest;
            for (int d = 0; d < D; d++)
                sum += expl(x[at + d * inner] - largest);
            for (int d = 0; d < D; d++) {
                weighted += expl(x[at + d * inner] - largest) / sum * dy[at + d * inner];
                all += dy[at + d * inner];
            }
            for (int d = 0; d < D; d++) {
                ptrdiff_t k = at + d * inner;
                long double p = expl(x[k] - largest) / sum;
                expect("softmax", k, y[k], p, 16);
                expect("softmax_backward", k, dx[k], p * (dy[k] - weighted), 32);
                expect("log_softmax", k, l[k], x[k] - largest - logl(sum), 16);
                long double less = -p * all; // tcc turns the difference `dy[k] - p * all` around
                expect("log_softmax_backward", k, dl[k], dy[k] + less, 16 + 2 * D);
            }
        }
    free(x), free(y), free(l), free(dy), free(dx), free(dl);
}

// All but one -infinity, and one column of nothing but -infinity, which is NaN, as in PyTorch.
static void check_masked(void)
{
    enum { D = 40 };
    real *x = array(D * 16, 1), *y = array(D * 16, 0);
    for (int d = 0; d < D; d++)
        for (int l = 0; l < 16; l++)
            if (d != 3 || l == 7)
                x[d * 16 + l] = (real)-INFINITY;
    softmax(1, D, 16, x, y);
    for (int d = 0; d < D; d++)
        for (int l = 0; l < 16; l++)
            if (l == 7)
                failures += y[d * 16 + l] == y[d * 16 + l];
            else
                expect("masked", d * 16 + l, y[d * 16 + l], d == 3, 0);
    free(x), free(y);
}

// ---------------------------------------------------------------------------------------------------- layer_norm

static void check_layer_norm(int outer, int C, int inner, int affine, double shift)
{
    enum { EPS_IN_MILLI = 10 };
    double eps = EPS_IN_MILLI / 1000.0;
    ptrdiff_t count = (ptrdiff_t)outer * C * inner, columns = (ptrdiff_t)outer * inner;
    real *x = array(count, 1), *y = array(count, 0), *dy = array(count, 1), *dx = array(count, 0);
    real *w = array(C, 1), *b = array(C, 1), *dw = array(C, 1), *db = array(C, 1);
    real *mean = array(columns, 0), *rstd = array(columns, 0), *before = array(2 * C, 0);
    long double *sum_w = calloc((size_t)C, sizeof *sum_w), *sum_b = calloc((size_t)C, sizeof *sum_b);
    if (!sum_w || !sum_b)
        exit(2);
    memcpy(before, dw, (size_t)C * sizeof *dw);
    memcpy(before + C, db, (size_t)C * sizeof *db);
    for (ptrdiff_t k = 0; k < count; k++)
        x[k] += (real)shift;
    layer_norm(outer, C, inner, eps, x, affine ? w : NULL, affine ? b : NULL, y, mean, rstd);
    layer_norm_backward_input(outer, C, inner, x, mean, rstd, affine ? w : NULL, dy, dx);
    layer_norm_backward_parameters(outer, C, inner, x, mean, rstd, dy, dw, affine ? db : NULL);
    for (int o = 0; o < outer; o++)
        for (int i = 0; i < inner; i++) {
            ptrdiff_t at = (ptrdiff_t)o * C * inner + i;
            long double m = 0, v = 0, s = 0, t = 0;
            for (int c = 0; c < C; c++)
                m += (long double)x[at + (ptrdiff_t)c * inner] / C;
            for (int c = 0; c < C; c++)
                v += (x[at + (ptrdiff_t)c * inner] - m) * (x[at + (ptrdiff_t)c * inner] - m) / C;
            long double r = 1 / sqrtl(v + eps);
            for (int c = 0; c < C; c++) {
                ptrdiff_t k = at + (ptrdiff_t)c * inner;
                long double g = (affine ? w[c] : 1) * (long double)dy[k];
                s += g / C;
                t += g * (x[k] - m) * r / C;
            }
            for (int c = 0; c < C; c++) {
                ptrdiff_t k = at + (ptrdiff_t)c * inner;
                long double z = (x[k] - m) * r, g = (affine ? w[c] : 1) * (long double)dy[k];
                double bound = 40 * (1 + (double)r * (1 + fabs(shift)));
                expect("layer_norm", k, y[k], (affine ? w[c] : 1) * z + (affine ? b[c] : 0), bound);
                expect("layer_norm_backward_input", k, dx[k], r * (g - s - z * t), bound * (1 + (double)r));
                sum_w[c] += z * dy[k];
                sum_b[c] += dy[k];
            }
        }
    double bound = 10 * (double)columns * (1 + fabs(shift));
    for (int c = 0; c < C; c++) {
        expect("d weight", c, dw[c], before[c] + sum_w[c], bound);
        expect("d bias", c, db[c], before[C + c] + (affine ? sum_b[c] : 0), bound);
    }
    free(x), free(y), free(dy), free(dx), free(w), free(b), free(dw), free(db);
    free(mean), free(rstd), free(before), free(sum_w), free(sum_b);
}

// ------------------------------------------------------------------------------------------------------------ sums

static void check_sums(int outer, int D, int middle, int E, int inner)
{
    ptrdiff_t all = (ptrdiff_t)outer * D * middle * E * inner, rest = (ptrdiff_t)outer * middle * inner;
    real *x = array(all, 1), *y = array(rest, 0), *dy = array(rest, 1), *dx = array(all, 0);
    sum_axes(outer, D, middle, E, inner, 3, x, y);
    sum_axes_backward(outer, D, middle, E, inner, 3, dy, dx);
    for (ptrdiff_t k = 0; k < rest; k++) {
        ptrdiff_t i = k % inner, m = k / inner % middle, o = k / inner / middle;
        long double sum = 0;
        for (int d = 0; d < D; d++)
            for (int e = 0; e < E; e++) {
                ptrdiff_t at = (((o * D + d) * middle + m) * E + e) * inner + i;
                sum += x[at];
                expect("sum_axes_backward", at, dx[at], (long double)dy[k] / 3, 1);
            }
        expect("sum_axes", k, y[k], sum / 3, 2 * D * E);
    }
    free(x), free(y), free(dy), free(dx);
}

// ----------------------------------------------------------------------------------------------------------- images

static void check_pool(int C, int H, int W, int OH, int OW)
{
    ptrdiff_t in = (ptrdiff_t)C * H * W * B, out = (ptrdiff_t)C * OH * OW * B;
    real *x = array(in, 1), *y = array(out, 0), *dy = array(out, 1), *dx = array(in, 0);
    long double *exact = calloc((size_t)in, sizeof *exact);
    if (!exact)
        exit(2);
    adaptive_avg_pool2d(C, H, W, OH, OW, x, y);
    adaptive_avg_pool2d_backward(C, H, W, OH, OW, dy, dx);
    for (ptrdiff_t k = 0; k < out; k++) {
        ptrdiff_t b = k % B, ow = k / B % OW, oh = k / B / OW % OH, c = k / B / OW / OH;
        long double sum = 0, terms = 0;
        for (int pass = 0; pass < 2; pass++)
            for (ptrdiff_t h = 0; h < H; h++)
                for (ptrdiff_t w = 0; w < W; w++) {
                    double top = floor((double)oh * H / OH), bottom = ceil((double)(oh + 1) * H / OH);
                    double left = floor((double)ow * W / OW), right = ceil((double)(ow + 1) * W / OW);
                    ptrdiff_t at = ((c * H + h) * W + w) * B + b;
                    if ((double)h < top || (double)h >= bottom || (double)w < left || (double)w >= right)
                        continue;
                    if (pass)
                        exact[at] += dy[k] / terms;
                    else {
                        sum += x[at];
                        terms++;
                    }
                }
        expect("adaptive_avg_pool2d", k, y[k], sum / terms, 2 * H * W);
    }
    for (ptrdiff_t k = 0; k < in; k++)
        expect("adaptive_avg_pool2d_backward", k, dx[k], exact[k], 4 * OH * OW);
    free(x), free(y), free(dy), free(dx), free(exact);
}

int main(void)
{
    for (int round = 0; round < 6; round++) {
        int some[8]; // in an order that compilers do not choose, as they do among arguments
        for (int k = 0; k < 8; k++)
            some[k] = (int)draw();
        check_softmax(1 + round % 3, 1 + some[0] % 80, (1 + some[1] % 3) * B, 0);
        check_softmax(1 + round % 2, 1 + round, 1 + 5 * round, round % 2 ? 300 : -3000);
        check_layer_norm(1 + round % 3, 1 + some[2] % 40, (1 + some[3] % 3) * B, round % 2, 0);
        check_sums(1 + round % 2, 1 + round, 1 + round % 3, 3 - round % 3, 1 + 33 * round);
        check_pool(2, 1 + some[4] % 7, 1 + some[5] % 7, 1 + some[6] % 8, 1 + some[7] % 8);
    }
    check_masked();
    check_layer_norm(1, 9, 512 + B, 1, 0); // two tiles
    check_layer_norm(1, 1, B, 1, 0);
    check_layer_norm(1, 100, B, 0, 1000); // a mean that a sum of squares would not survive
    printf("%016llx\n", (unsigned long long)hash);
    return failures > 0;
}
