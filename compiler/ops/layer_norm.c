// layer_norm: every column of x gets mean 0 and variance 1 over the last axis, then a weight and a bias of each feature
// (Ba, Kiros and Hinton, 2016).
//
// Input: x as [outer][C][inner] in memory, C the last axis: [1][C][P * B] if it lies outermost, else [P][C][B]; one kernel
// takes both. Output: y in the order of x.
// Invariants: the variance is that of the column, divided by C, with eps inside the root; mean and variance are found in one
// pass, from blocks of 8 features (Chan, Golub and LeVeque, 1983), which loses nothing where the mean is large.
#include "op.h"

static bool infer(Call *call)
{
    int rank = call_rank(call, "x");
    Axis y[8];
    for (int k = 0; k < rank; k++)
        y[k] = call_axis(call, "x", k);
    call_define_axis(call, "x", rank - 1);
    call_output(call, "y", rank, y);
    call_set_last_outermost(call, "y", call_last_outermost(call, "x"));
    return true;
}

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
    .infer = infer,
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
/* Mean and sum of squared distances from it, of each of LANES columns of x [C][stride]. What 8
 * features have of both is joined to what k features had: with d, the difference of the means,
 * mean += d 8 / (k + 8) and squares += d^2 8 k / (k + 8). */
static inline void layer_norm_moments(
    int C, ptrdiff_t stride, const real *x, vec *mean, vec *squares)
{
    vec m = all(0), s = all(0);
    int k = 0;
    for (; k + 8 <= C; k += 8, x += 8 * stride) {
        vec a = load(x), b = load(x + stride), c = load(x + 2 * stride), d = load(x + 3 * stride);
        vec e = load(x + 4 * stride), f = load(x + 5 * stride), g = load(x + 6 * stride);
        vec h = load(x + 7 * stride);
        vec center = (((a + b) + (c + d)) + ((e + f) + (g + h))) * all((real)0.125);
        a -= center, b -= center, c -= center, d -= center;
        e -= center, f -= center, g -= center, h -= center;
        vec apart = center - m;
        m += apart * all((real)(8.0 / (k + 8)));
        s += ((a * a + b * b) + (c * c + d * d)) + ((e * e + f * f) + (g * g + h * h));
        s += apart * apart * all((real)(8.0 * k / (k + 8)));
    }
    for (; k < C; k++, x += stride) {
        vec apart = load(x) - m;
        m += apart * all((real)(1.0 / (k + 1)));
        s += apart * (load(x) - m);
    }
    *mean = m;
    *squares = s;
}

//@ kernel layer_norm needs layer_norm_moments square_root
/* y = w (x - mean) rstd + b, rstd = 1 / sqrt(variance + eps): x, y [outer][C][inner], weight and
 * bias [C] or NULL, mean and rstd [outer][inner] */
static void layer_norm(int outer, int C, int inner, double eps, const real *x, const real *weight,
    const real *bias, real *y, real *mean, real *rstd)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)outer * C * inner > 1e5)
#endif
    for (int n = 0; n < outer * inner; n += LANES) {
        ptrdiff_t at = (ptrdiff_t)(n / inner) * C * inner + n % inner;
        vec m, s;
        layer_norm_moments(C, inner, x + at, &m, &s);
        store(mean + n, m);
        store(rstd + n, s / all((real)C) + all((real)eps));
        for (int l = 0; l < LANES; l++)
            rstd[n + l] = 1 / square_root(rstd[n + l]);
        s = load(rstd + n);
        for (int c = 0; c < C; c++) {
            vec z = (load(x + at + (ptrdiff_t)c * inner) - m) * s;
            vec w = all(weight ? weight[c] : 1), b = all(bias ? bias[c] : 0);
            store(y + at + (ptrdiff_t)c * inner, w * z + b);
        }
    }
}

//@ kernel layer_norm_backward_input needs vec
/* dx = rstd (w dy - mean(w dy) - z mean(w dy z)), z = (x - mean) rstd, means over C */
static void layer_norm_backward_input(int outer, int C, int inner, const real *x, const real *mean,
    const real *rstd, const real *weight, const real *d_y, real *d_x)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)outer * C * inner > 1e5)
#endif
    for (int n = 0; n < outer * inner; n += LANES) {
        ptrdiff_t at = (ptrdiff_t)(n / inner) * C * inner + n % inner;
        vec m = load(mean + n), r = load(rstd + n), s = all(0), t = all(0);
        for (int c = 0; c < C; c++) {
            vec g = load(d_y + at + (ptrdiff_t)c * inner) * all(weight ? weight[c] : 1);
            s += g;
            t += g * ((load(x + at + (ptrdiff_t)c * inner) - m) * r);
        }
        s /= all((real)C);
        t /= all((real)C);
        for (int c = 0; c < C; c++) {
            vec g = load(d_y + at + (ptrdiff_t)c * inner) * all(weight ? weight[c] : 1);
            vec z = (load(x + at + (ptrdiff_t)c * inner) - m) * r;
            store(d_x + at + (ptrdiff_t)c * inner, r * (g - s - z * t));
        }
    }
}

//@ kernel layer_norm_backward_parameters needs vec fold
/* dw += sum z dy, z = (x - mean) rstd, db += sum dy, over all columns, in 16 lanes; d_weight or d_bias may be NULL */
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
