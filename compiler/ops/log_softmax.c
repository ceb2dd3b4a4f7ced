// log_softmax: the logarithms of softmax, computed as such: they stay exact where a probability is too small for a number.
//
// Input: x as [outer][D][inner] in memory, D the axis. Output: y of the same order.
// Invariants: as softmax's.
#include "op.h"

static bool infer_log_softmax(Call *call) { return call_along(call, call_dim(call, "dim", call_int(call, "dim"), "x")); }

const Op op_log_softmax = {
    .name = "log_softmax",
    .kind = OP_STAGE,
    .doc = "Along an axis, x minus the logarithm of the sum of exp(x).",
    .args = {{"dim", ARG_INT, .doc = "which axis; negative ones count from the end"}},
    .positional = 1,
    .inputs = {{"x", "[...]", .doc = "logits"}},
    .outputs = {{"y"}},
    .infer = infer_log_softmax,
    .order = ORDER_STORED,
    .flops = "4 * P",
    .forward = {{.call = {"log_softmax($outer, $D, $inner, $x, $y);"}, .formula = "y = x - log(sum of exp(x))"}},
    .backward = {{"x",
        .call = {"log_softmax_backward($outer, $D, $inner, $y, $d_y, $d_x);"},
        .formula = "dx = dy - exp(y) sum of dy"}},
    .pytorch = {{.value = "nn.LogSoftmax($dim)"}},
    .examples = {
        {"x: [B, 5]", "h: log_softmax(1)", "[B, 5]"},
        {"x: [B, 3, 4, 2]", "h: log_softmax(1)", "[B, 3, 4, 2]"},
        {"x: [B, 3, 7]", "h: log_softmax(dim=-1)", "[B, 3, 7]"},
        {"x: [B, 2, 5, 3]", "h: log_softmax(2)", "[B, 2, 5, 3]"},
        {"x: [B, 71]", "h: log_softmax(-1)", "[B, 71]"},
        {"x: [B, 1]", "h: log_softmax(1)", "[B, 1]"},
        {"x: [B, 5]", "h: log_softmax(0)", .error = "axis 0 is B, the batch, and examples do not mix"},
        {"x: [B, 5]", "h: log_softmax(2)", .error = "x has no axis 2"},
        {"x: [B, 5]", "h: log_softmax", .error = "log_softmax needs `dim`"},
    },
};

#ifdef MT_KERNELS
//@ kernel log_softmax needs exponential logarithm
/* Of `width` columns, at most 16, of x [D][stride] */
static inline void log_softmax_columns(int D, ptrdiff_t stride, int width, const real *x, real *y)
{
    real largest[16], total[16] = {0};
    for (int l = 0; l < width; l++)
        largest[l] = x[l];
    for (int d = 1; d < D; d++)
        for (int l = 0; l < width; l++)
            largest[l] = x[d * stride + l] > largest[l] ? x[d * stride + l] : largest[l];
    for (int block = 0; block < D; block += 32) {
        real part[16] = {0};
        for (int d = block; d < D && d < block + 32; d++)
            for (int l = 0; l < width; l++)
                part[l] += exponential(x[d * stride + l] - largest[l]);
        for (int l = 0; l < width; l++)
            total[l] += part[l];
    }
    for (int l = 0; l < width; l++)
        total[l] = logarithm(total[l]);
    for (int d = 0; d < D; d++)
        for (int l = 0; l < width; l++)
            y[d * stride + l] = (x[d * stride + l] - largest[l]) - total[l];
}

/* y = x - log(sum of exp(x) along D): x, y [outer][D][inner] */
static void log_softmax(int outer, int D, int inner, const real *x, real *y)
{
    int groups = (inner + 15) / 16;
#ifdef _OPENMP
#pragma omp parallel for if ((double)outer * D * inner > 1e5)
#endif
    for (int k = 0; k < outer * groups; k++) {
        int i = k % groups * 16;
        ptrdiff_t at = (ptrdiff_t)(k / groups) * D * inner + i;
        if (inner - i >= 16)
            log_softmax_columns(D, inner, 16, x + at, y + at);
        else
            log_softmax_columns(D, inner, inner - i, x + at, y + at);
    }
}

//@ kernel log_softmax_backward needs exponential
static inline void log_softmax_backward_columns(
    int D, ptrdiff_t stride, int width, const real *y, const real *d_y, real *d_x)
{
    real total[16] = {0};
    for (int block = 0; block < D; block += 32) {
        real part[16] = {0};
        for (int d = block; d < D && d < block + 32; d++)
            for (int l = 0; l < width; l++)
                part[l] += d_y[d * stride + l];
        for (int l = 0; l < width; l++)
            total[l] += part[l];
    }
    for (int d = 0; d < D; d++)
        for (int l = 0; l < width; l++)
            d_x[d * stride + l] = d_y[d * stride + l] - exponential(y[d * stride + l]) * total[l];
}

/* dx = dy - exp(y) sum of dy along D: y, d_y, d_x [outer][D][inner] */
static void log_softmax_backward(
    int outer, int D, int inner, const real *y, const real *d_y, real *d_x)
{
    int groups = (inner + 15) / 16;
#ifdef _OPENMP
#pragma omp parallel for if ((double)outer * D * inner > 1e5)
#endif
    for (int k = 0; k < outer * groups; k++) {
        int i = k % groups * 16;
        ptrdiff_t at = (ptrdiff_t)(k / groups) * D * inner + i;
        if (inner - i >= 16)
            log_softmax_backward_columns(D, inner, 16, y + at, d_y + at, d_x + at);
        else
            log_softmax_backward_columns(D, inner, inner - i, y + at, d_y + at, d_x + at);
    }
}
//@ end
#endif
