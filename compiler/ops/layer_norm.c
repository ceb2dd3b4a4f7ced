// layer_norm: every column of x gets mean 0 and variance 1 over the last axis, then a weight and a bias of each feature
// (Ba, Kiros and Hinton, 2016).
//
// Input: x as [outer][C][inner] in memory, C the last axis: [1][C][P * B] if it lies outermost, else [P][C][B]; one kernel
// takes both. Output: y in the order of x.
// Invariants: the variance is that of the column, divided by C, with eps inside the root; mean and variance are found in one
// pass, from blocks of 8 features (Chan, Golub and LeVeque, 1983), which loses nothing where the mean is large.
#include "op.h"

static bool infer_layer_norm(Call *call) { return call_along(call, call_rank(call, "x") - 1); }

#define SIZES "$outer, $C, $inner, "

const Op op_layer_norm = {
    .name = "layer_norm",
    .kind = OP_STAGE,
    .doc = "The last axis gets mean 0 and variance 1, then a weight and a bias of each feature.",
    .selector = "norm",
    .args = {
        {"eps", ARG_REAL, "1e-5", "what is added to the variance"},
        {"elementwise_affine", ARG_BOOL, "true", "whether weight and bias are learned"},
        {"bias", ARG_BOOL, "true", "whether there is a bias beside the weight"},
    },
    .inputs = {{"x", "[B, ..., C]", .doc = "what is normalized"}},
    .outputs = {{"y"}},
    .temporaries = {
        {"mean", "[B, ...]", .doc = "of each column"},
        {"rstd", "[B, ...]", .doc = "1 / sqrt(variance + eps)"},
    },
    .parameters = {
        {"weight", "[C]", "ones", .when = "elementwise_affine", .doc = "w"},
        {"bias", "[C]", "zeros", .when = "elementwise_affine && bias", .doc = "b"},
    },
    .checks = {{"eps >= 0", "eps must be at least 0", "eps"}},
    .infer = infer_layer_norm,
    .order = ORDER_STORED,
    .flops = "8 * C * P",
    .forward = {{.call = {"layer_norm(" SIZES "$eps, $x, $weight, $bias, $y, $mean, $rstd);"},
        .formula = "y = w z + b,  z = (x - mean) rstd"}},
    .backward = {
        {"weight bias",
            .call = {"layer_norm_backward_parameters(" SIZES "$x, $mean, $rstd, $d_y, $d_weight, $d_bias);"},
            .formula = "dw += sum z dy,  db += sum dy"},
        {"x",
            .call = {"layer_norm_backward_input(" SIZES "$x, $mean, $rstd, $weight, $d_y, $d_x);"},
            .formula = "dx = rstd (w dy - mean(w dy) - z mean(w dy z))"},
    },
    .pytorch = {{.value = "nn.LayerNorm($C, $args)"}},
    .examples = {
        {"x: [B, 7]", "ln: layer_norm", "[B, 7]"},
        {"x: [B, 5, 12]", "ln: layer_norm(eps=0.1)", "[B, 5, 12]"},
        {"x: [B, 2, 3, 17]", "ln: layer_norm(bias=false)", "[B, 2, 3, 17]"},
        {"x: [B, 9]", "ln: layer_norm(elementwise_affine=false)", "[B, 9]"},
        {"x: [B, 3, 8]", "ln: layer_norm(elementwise_affine=false, eps=1e-3)", "[B, 3, 8]"},
        {"x: [B, 3]", "ln: layer_norm", "[B, 3]"},
        {"x: [B, 200]", "ln: layer_norm", "[B, 200]"},
        {"x: [B, 7]", "ln: layer_norm(eps=-1)", .error = "eps must be at least 0"},
        {"x: [B, 7]", "ln: layer_norm(7)", .error = "layer_norm takes 0 positional arguments, got 1"},
        {"x: [B, 7]", "ln: layer_norm(affine=false)", .error = "layer_norm has no option `affine`"},
        {"x: [B]", "ln: layer_norm", .error = "layer_norm needs x: [B, ..., C]"},
    },
};

#ifdef MT_KERNELS
//@ kernel layer_norm_moments needs vec
/* So many columns at a time: the lines of memory of a feature lie beside each other, and features
 * often at distances that a cache keeps few of. */
enum { LAYER_NORM_TILE = 512 };

/* Mean and sum of squared distances from it, of each of `width` columns of x [C][stride]. What 8
 * features have of both is joined to what k features had: with d, the difference of the means,
 * mean += d 8 / (k + 8) and squares += d^2 8 k / (k + 8). */
static void layer_norm_moments(
    int C, ptrdiff_t stride, int width, const real *x, real *mean, real *squares)
{
    int k = 0;
    for (int i = 0; i < width; i++)
        mean[i] = squares[i] = 0;
    for (; k + 8 <= C; k += 8, x += 8 * stride) {
        vec share = all((real)(8.0 / (k + 8))), weight = all((real)(8.0 * k / (k + 8)));
        for (int i = 0; i < width; i += LANES) {
            const real *xi = x + i;
            vec a = load(xi), b = load(xi + stride), c = load(xi + 2 * stride);
            vec d = load(xi + 3 * stride), e = load(xi + 4 * stride), f = load(xi + 5 * stride);
            vec g = load(xi + 6 * stride), h = load(xi + 7 * stride);
            vec center = (((a + b) + (c + d)) + ((e + f) + (g + h))) * all((real)0.125);
            vec m = load(mean + i), apart = center - m;
            a -= center, b -= center, c -= center, d -= center;
            e -= center, f -= center, g -= center, h -= center;
            vec s = ((a * a + b * b) + (c * c + d * d)) + ((e * e + f * f) + (g * g + h * h));
            store(mean + i, m + apart * share);
            store(squares + i, load(squares + i) + (s + apart * apart * weight));
        }
    }
    for (; k < C; k++, x += stride)
        for (int i = 0; i < width; i += LANES) {
            vec a = load(x + i), m = load(mean + i), apart = a - m;
            m += apart * all((real)(1.0 / (k + 1)));
            store(mean + i, m);
            store(squares + i, load(squares + i) + apart * (a - m));
        }
}

//@ kernel layer_norm needs layer_norm_moments square_root
/* y = w (x - mean) rstd + b, rstd = 1 / sqrt(variance + eps): x, y [outer][C][inner], weight and
 * bias [C] or NULL, mean and rstd [outer][inner] */
static void layer_norm(int outer, int C, int inner, double eps, const real *x, const real *weight,
    const real *bias, real *y, real *mean, real *rstd)
{
    int tiles = (inner + LAYER_NORM_TILE - 1) / LAYER_NORM_TILE;
#ifdef _OPENMP
#pragma omp parallel for if ((double)outer * C * inner > 1e5)
#endif
    for (int tile = 0; tile < outer * tiles; tile++) {
        int o = tile / tiles, first = tile % tiles * LAYER_NORM_TILE;
        int width = inner - first < LAYER_NORM_TILE ? inner - first : LAYER_NORM_TILE;
        ptrdiff_t at = (ptrdiff_t)o * C * inner + first;
        real *m = mean + (ptrdiff_t)o * inner + first, *r = rstd + (ptrdiff_t)o * inner + first;
        layer_norm_moments(C, inner, width, x + at, m, r);
        for (int i = 0; i < width; i++)
            r[i] = 1 / square_root(r[i] / (real)C + (real)eps);
        for (int c = 0; c < C; c++, at += inner) {
            vec w = all(weight ? weight[c] : 1), b = all(bias ? bias[c] : 0);
            for (int i = 0; i < width; i += LANES)
                store(y + at + i, w * ((load(x + at + i) - load(m + i)) * load(r + i)) + b);
        }
    }
}

//@ kernel layer_norm_sums needs layer_norm_moments
/* Of `width` columns: s = sum of w dy, t = sum of w dy (x - mean), over C; four features at a
 * time */
static void layer_norm_sums(int C, ptrdiff_t stride, int width, const real *x, const real *mean,
    const real *weight, const real *d_y, real *s, real *t)
{
    int c = 0;
    for (int i = 0; i < width; i++)
        s[i] = t[i] = 0;
    for (; c + 4 <= C; c += 4, x += 4 * stride, d_y += 4 * stride) {
        vec w0 = all(weight ? weight[c] : 1), w1 = all(weight ? weight[c + 1] : 1);
        vec w2 = all(weight ? weight[c + 2] : 1), w3 = all(weight ? weight[c + 3] : 1);
        for (int i = 0; i < width; i += LANES) {
            const real *xi = x + i, *dy = d_y + i;
            vec m = load(mean + i), g0 = w0 * load(dy), g1 = w1 * load(dy + stride);
            vec g2 = w2 * load(dy + 2 * stride), g3 = w3 * load(dy + 3 * stride);
            vec h0 = g0 * (load(xi) - m), h1 = g1 * (load(xi + stride) - m);
            vec h2 = g2 * (load(xi + 2 * stride) - m), h3 = g3 * (load(xi + 3 * stride) - m);
            store(s + i, load(s + i) + ((g0 + g1) + (g2 + g3)));
            store(t + i, load(t + i) + ((h0 + h1) + (h2 + h3)));
        }
    }
    for (; c < C; c++, x += stride, d_y += stride)
        for (int i = 0; i < width; i += LANES) {
            vec g = all(weight ? weight[c] : 1) * load(d_y + i);
            store(s + i, load(s + i) + g);
            store(t + i, load(t + i) + g * (load(x + i) - load(mean + i)));
        }
}

//@ kernel layer_norm_backward_input needs layer_norm_sums
/* dx = rstd (w dy - mean(w dy) - z mean(w dy z)), z = (x - mean) rstd, means over C */
static void layer_norm_backward_input(int outer, int C, int inner, const real *x, const real *mean,
    const real *rstd, const real *weight, const real *d_y, real *d_x)
{
    int tiles = (inner + LAYER_NORM_TILE - 1) / LAYER_NORM_TILE;
#ifdef _OPENMP
#pragma omp parallel for if ((double)outer * C * inner > 1e5)
#endif
    for (int tile = 0; tile < outer * tiles; tile++) {
        real s[LAYER_NORM_TILE], t[LAYER_NORM_TILE];
        int o = tile / tiles, first = tile % tiles * LAYER_NORM_TILE;
        int width = inner - first < LAYER_NORM_TILE ? inner - first : LAYER_NORM_TILE;
        ptrdiff_t at = (ptrdiff_t)o * C * inner + first;
        const real *m = mean + (ptrdiff_t)o * inner + first;
        const real *r = rstd + (ptrdiff_t)o * inner + first;
        layer_norm_sums(C, inner, width, x + at, m, weight, d_y + at, s, t);
        for (int i = 0; i < width; i++) {
            s[i] /= (real)C;
            t[i] = r[i] * (r[i] * t[i]) / (real)C;
        }
        for (int c = 0; c < C; c++, at += inner) {
            vec w = all(weight ? weight[c] : 1);
            for (int i = 0; i < width; i += LANES) {
                vec g = w * load(d_y + at + i), apart = load(x + at + i) - load(m + i);
                store(d_x + at + i, load(r + i) * ((g - load(s + i)) - apart * load(t + i)));
            }
        }
    }
}

//@ kernel layer_norm_backward_parameters needs vec fold
/* dw += sum z dy, z = (x - mean) rstd, db += sum dy, over all columns, in 16 lanes; d_weight or
 * d_bias may be NULL */
static void layer_norm_backward_parameters(int outer, int C, int inner, const real *x,
    const real *mean, const real *rstd, const real *d_y, real *d_weight, real *d_bias)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)outer * C * inner > 1e5)
#endif
    for (int c = 0; c < C; c++) {
        real w[16], b[16];
        for (int l = 0; l < 16; l += LANES) {
            vec s = all(0), t = all(0);
            for (int o = 0; o < outer; o++) {
                ptrdiff_t at = ((ptrdiff_t)o * C + c) * inner;
                for (int i = l; i < inner; i += 16) {
                    ptrdiff_t n = (ptrdiff_t)o * inner + i;
                    vec dy = load(d_y + at + i);
                    s += dy * ((load(x + at + i) - load(mean + n)) * load(rstd + n));
                    t += dy;
                }
            }
            store(w + l, s);
            store(b + l, t);
        }
        if (d_weight)
            d_weight[c] += fold(w);
        if (d_bias)
            d_bias[c] += fold(b);
    }
}
//@ end
#endif
