// batch_norm2d: every channel of images brought to mean 0 and variance 1 over the batch and all places, as PyTorch's
// BatchNorm2d (Ioffe & Szegedy 2015). Evaluation takes the running statistics instead, if there are any. PyTorch's third
// buffer, num_batches_tracked, counts for momentum=None alone and is left out; files that have it load all the same.
//
// Input: x [C][P][B]. Output: y; mean and inv_std = 1 / sqrt(variance + eps) of each channel are kept for backward.
// Invariant: only the n valid lanes count. Statistics are found in one pass: blocks of whole rows, of each the sum of
// x - s and of its square, s being the mean of its first 16 numbers, and the blocks put together in double (Chan, Golub
// & LeVeque 1983). A block has about 1024 numbers, so (s - mean)^2 is at most 64 variances: what cancels is a few bits,
// wherever the mean lies. A sum has 64 lanes whatever a vector is, so the bits are the same everywhere.
#include "op.h"

#define TRAINING "train || !track_running_stats"

const Op op_batch_norm2d = {
    .name = "batch_norm2d",
    .kind = OP_STAGE,
    .doc = "Mean 0 and variance 1 for every channel of images over the batch, then a scale and a shift for each.",
    .selector = "norm",
    .args = {
        {"eps", ARG_REAL, "1e-5", "added to the variance"},
        {"momentum", ARG_REAL, "0.1", "weight of a new batch in the running statistics"},
        {"affine", ARG_BOOL, "true", "whether scale and shift are learned"},
        {"track_running_stats", ARG_BOOL, "true", "whether evaluation uses running statistics"},
    },
    .inputs = {{"x", "[B, C, H, W]", .doc = "images"}},
    .outputs = {{"y", "[B, C, H, W]"}},
    .temporaries = {
        {"mean", "[C]", .doc = "of the batch"},
        {"inv_std", "[C]", .doc = "1 / sqrt(variance of the batch + eps)"},
    },
    .parameters = {
        {"weight", "[C]", "ones", .when = "affine", .doc = "w"},
        {"bias", "[C]", "zeros", .when = "affine", .doc = "b"},
    },
    .buffers = {
        {"running_mean", "[C]", "zeros", .when = "track_running_stats"},
        {"running_var", "[C]", "ones", .when = "track_running_stats", .doc = "unbiased"},
    },
    .checks = {
        {"eps > 0", "eps must be above 0", "eps"},
        {"momentum >= 0 && momentum <= 1", "momentum must lie from 0 to 1", "momentum"},
    },
    .sizes = {{"HW", "H * W"}},
    .order = ORDER_BATCH_LAST,
    .flops = "4 * C * HW",
    .forward = {
        {.when = TRAINING,
            .call = {"batch_norm($C, $HW, $n, $eps, $momentum, $x, $weight, $bias, $running_mean, $running_var, $mean, "
                     "$inv_std, $y);"},
            .formula = "y = w h + b,  h = (x - mean) inv_std"},
        {.call = {"batch_norm_running($C, $HW, $eps, $running_mean, $running_var, $x, $weight, $bias, $y);"},
            .formula = "y = w (x - running_mean) / sqrt(running_var + eps) + b"},
    },
    .backward = {
        {"x weight bias",
            .call = {"batch_norm_backward($C, $HW, $n, $x, $mean, $inv_std, $weight, $d_y, $d_weight, $d_bias, $d_x);"},
            .formula = "dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy))"},
    },
    .pytorch = {{.value = "nn.BatchNorm2d($C, $args)"}},
    .examples = {
        {"x: [B, 3, 4, 5]", "bn: batch_norm2d", "[B, 3, 4, 5]"},
        {"x: [B, 2, 3, 3]", "bn: batch_norm2d(eps=0.01, momentum=0.3)", "[B, 2, 3, 3]"},
        {"x: [B, 4, 2, 1]", "bn: batch_norm2d(affine=false)", "[B, 4, 2, 1]"},
        {"x: [B, 3, 5, 2]", "bn: batch_norm2d(track_running_stats=false)", "[B, 3, 5, 2]"},
        {"x: [B, 5, 1, 1]", "bn: batch_norm2d(affine=false, track_running_stats=false)", "[B, 5, 1, 1]"},
        {"x: [B, 2, 17, 9]", "bn: batch_norm2d", "[B, 2, 17, 9]"},
        {"x: [B, 5]", "bn: batch_norm2d", .error = "batch_norm2d needs x: [B, C, H, W]"},
        {"x: [B, 3, 4, 5]", "bn: batch_norm2d(3)", .error = "batch_norm2d takes 0 positional arguments, got 1"},
        {"x: [B, 3, 4, 5]", "bn: batch_norm2d(eps=0)", .error = "eps must be above 0"},
        {"x: [B, 3, 4, 5]", "bn: batch_norm2d(momentum=1.5)", .error = "momentum must lie from 0 to 1"},
    },
};

#ifdef MT_KERNELS
//@ kernel lanes_64 needs vec fold
/* The sum of 64 lanes, as a tree. */
static inline real fold_64(const real *lanes)
{
    real s[16];
    for (int l = 0; l < 16; l++)
        s[l] = (lanes[l] + lanes[l + 32]) + (lanes[l + 16] + lanes[l + 48]);
    return fold(s);
}

/* Adds the sums over `count` columns (a multiple of 16) of a and of a (x - middle), column k in
 * lane k % 64; a is x - middle itself if it is NULL. */
static void sums_64(int count, const real *a, const real *x, real middle, double sums[2])
{
    real plain[64], product[64];
    int whole = count / 64 * 64;
    vec m = all(middle);
    for (int l = 0; l < 64; l += 4 * LANES) {
        vec s0 = all(0), s1 = all(0), s2 = all(0), s3 = all(0);
        vec p0 = all(0), p1 = all(0), p2 = all(0), p3 = all(0);
        for (int k = l; k < whole; k += 64) {
            vec x0 = load(x + k) - m, x1 = load(x + k + LANES) - m;
            vec x2 = load(x + k + 2 * LANES) - m, x3 = load(x + k + 3 * LANES) - m;
            vec a0 = a ? load(a + k) : x0, a1 = a ? load(a + k + LANES) : x1;
            vec a2 = a ? load(a + k + 2 * LANES) : x2, a3 = a ? load(a + k + 3 * LANES) : x3;
            s0 += a0;
            s1 += a1;
            s2 += a2;
            s3 += a3;
            p0 += a0 * x0;
            p1 += a1 * x1;
            p2 += a2 * x2;
            p3 += a3 * x3;
        }
        store(plain + l, s0);
        store(plain + l + LANES, s1);
        store(plain + l + 2 * LANES, s2);
        store(plain + l + 3 * LANES, s3);
        store(product + l, p0);
        store(product + l + LANES, p1);
        store(product + l + 2 * LANES, p2);
        store(product + l + 3 * LANES, p3);
    }
    for (int k = whole, l = 0; k < count; k += LANES, l += LANES) {
        vec xk = load(x + k) - m, ak = a ? load(a + k) : xk;
        store(plain + l, load(plain + l) + ak);
        store(product + l, load(product + l) + ak * xk);
    }
    sums[0] += (double)fold_64(plain);
    sums[1] += (double)fold_64(product);
}

//@ kernel batch_norm_scale needs vec
/* y = scale (x - mean) + shift */
static void batch_norm_scale(int count, const real *x, real mean, real scale, real shift, real *y)
{
    for (int k = 0; k < count; k += LANES)
        store(y + k, (load(x + k) - all(mean)) * all(scale) + all(shift));
}

//@ kernel batch_norm needs lanes_64 batch_norm_scale
/* Rows of one block: whole ones, about 1024 numbers. */
enum { MT_NORM_ROWS = B < 1024 ? 1024 / B : 1 };

/* Mean and variance (biased) of a channel x [P][B] over its n valid lanes. Each block has its own
 * middle, and means are counted from the first one's, so that numbers far from 0 lose nothing;
 * lanes past the n-th are made equal to the middle. */
static void batch_norm_moments(int P, int n, const real *x, double *mean, double *variance)
{
    double first = (double)fold(x) / 16, from_first = 0, count = 0, squares = 0;
    for (int p = 0; p < P; p += MT_NORM_ROWS, x += MT_NORM_ROWS * B) {
        int rows = P - p < MT_NORM_ROWS ? P - p : MT_NORM_ROWS;
        real middle = fold(x) / 16, copy[MT_NORM_ROWS * B];
        double sums[2] = {0, 0}, size = (double)rows * n;
        for (int k = 0; n < B && k < rows * B; k++)
            copy[k] = k % B < n ? x[k] : middle;
        sums_64(rows * B, NULL, n < B ? copy : x, middle, sums);
        double away = (double)middle - first + sums[0] / size - from_first;
        squares += sums[1] - sums[0] * sums[0] / size + away * away * count * size / (count + size);
        count += size;
        from_first += away * size / count;
    }
    *mean = first + from_first;
    *variance = squares / count;
}

/* y = w (x - mean) inv_std + b for each of C channels x [P][B], with the statistics of this batch,
 * which are kept, and brought into the running ones, whose variance is the unbiased one. */
static void batch_norm(int C, int P, int n, double eps, double momentum, const real *x,
    const real *weight, const real *bias, real *running_mean, real *running_var, real *mean,
    real *inv_std, real *y)
{
    double size = (double)P * n;
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * P * B > 1e5)
#endif
    for (int c = 0; c < C; c++) {
        ptrdiff_t first = (ptrdiff_t)c * P * B;
        double middle, variance;
        batch_norm_moments(P, n, x + first, &middle, &variance);
        mean[c] = (real)middle;
        inv_std[c] = (real)(1 / sqrt(variance + eps));
        if (running_mean) {
            double unbiased = variance * size / (size - 1);
            running_mean[c] = (real)((1 - momentum) * (double)running_mean[c] + momentum * middle);
            running_var[c] = (real)((1 - momentum) * (double)running_var[c] + momentum * unbiased);
        }
        batch_norm_scale(P * B, x + first, mean[c], weight ? inv_std[c] * weight[c] : inv_std[c],
            bias ? bias[c] : 0, y + first);
    }
}

//@ kernel batch_norm_running needs batch_norm_scale
/* The same with the statistics that training has gathered. */
static void batch_norm_running(int C, int P, double eps, const real *running_mean,
    const real *running_var, const real *x, const real *weight, const real *bias, real *y)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * P * B > 1e5)
#endif
    for (int c = 0; c < C; c++) {
        real inv_std = (real)(1 / sqrt((double)running_var[c] + eps));
        batch_norm_scale(P * B, x + (ptrdiff_t)c * P * B, running_mean[c],
            weight ? inv_std * weight[c] : inv_std, bias ? bias[c] : 0, y + (ptrdiff_t)c * P * B);
    }
}

//@ kernel batch_norm_backward needs lanes_64
/* The derivatives, of which those that nobody needs are NULL. With h = (x - mean) inv_std:
 * dW += sum dy h, db += sum dy, and, since mean and variance depend on every x,
 * dx = w inv_std (dy - mean of dy - h (mean of dy h)), but 0 past the n examples. */
static void batch_norm_backward(int C, int P, int n, const real *x, const real *mean,
    const real *inv_std, const real *weight, const real *d_y, real *d_weight, real *d_bias,
    real *d_x)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * P * B > 1e5)
#endif
    for (int c = 0; c < C; c++) {
        const real *xc = x + (ptrdiff_t)c * P * B, *dyc = d_y + (ptrdiff_t)c * P * B;
        real *dxc = d_x ? d_x + (ptrdiff_t)c * P * B : NULL;
        double sums[2] = {0, 0}, size = (double)P * n, inverse = (double)inv_std[c];
        for (int k = 0; k < P * B; k += 1024)
            sums_64(P * B - k < 1024 ? P * B - k : 1024, dyc + k, xc + k, mean[c], sums);
        if (d_weight)
            d_weight[c] += (real)(sums[1] * inverse);
        if (d_bias)
            d_bias[c] += (real)sums[0];
        vec m = all(mean[c]), scale = all(weight ? inv_std[c] * weight[c] : inv_std[c]);
        vec from_mean = all((real)(sums[0] / size));
        vec from_variance = all((real)(sums[1] * inverse * inverse / size));
        for (int k = 0; dxc && k < P * B; k += LANES)
            store(
                dxc + k, scale * (load(dyc + k) - from_mean - (load(xc + k) - m) * from_variance));
        for (int p = 0; dxc && p < P && n < B; p++)
            memset(dxc + (ptrdiff_t)p * B + n, 0, (size_t)(B - n) * sizeof *dxc);
    }
}
//@ end
#endif
