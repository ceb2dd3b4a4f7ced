// dropout2d: as dropout, but a channel of an image is dropped whole (Tompson et al., 2015).
//
// Input: x [C][H * W][B]. Output: y, of the same shape; mask [C][B].
#include "op.h"

const Op op_dropout2d = {
    .name = "dropout2d",
    .kind = OP_STAGE,
    .doc = "Zeros each channel of an image with probability p in training; does nothing in evaluation.",
    .args = {{"p", ARG_REAL, "0.5", "the probability to drop"}},
    .positional = 1,
    .inputs = {{"x", "[B, C, H, W]", .doc = "images"}},
    .outputs = {{"y", "[B, C, H, W]"}},
    .temporaries = {{"mask", "[B, C]", .doc = "0, or 1 / (1 - p)"}},
    .checks = {{"0 <= p && p <= 1", "p is a probability", "p"}},
    .sizes = {{"HW", "H * W"}},
    .order = ORDER_BATCH_LAST,
    .forward = {
        {.when = "train",
            .call = {"dropout_mask($C, $p, $seed, $path, $step, $first, $mask);",
                "multiply_channels($C, $HW, $mask, $x, $y);"},
            .formula = "y = mask x"},
        {.value = "$x"},
    },
    .backward = {
        {"x", .when = "train", .call = {"multiply_channels($C, $HW, $mask, $d_y, $d_x);"}, .formula = "dx = mask dy"},
        {"x", .value = "$d_y"},
    },
    .pytorch = {{.value = "nn.Dropout2d($args)"}},
    .examples = {
        {"x: [B, 3, 2, 5]", "h: dropout2d(0.25)", "[B, 3, 2, 5]"},
        {"x: [B, 5, 1, 1]", "h: dropout2d", "[B, 5, 1, 1]"},
        {"x: [B, 2, 3, 3]", "h: dropout2d(p=0)", "[B, 2, 3, 3]"},
        {"x: [B, 1, 2, 2]", "h: dropout2d(1)", "[B, 1, 2, 2]"},
        {"x: [B, 3, 2, 2]", "h: dropout2d(1.5)", .error = "p is a probability"},
        {"x: [B, 6]", "h: dropout2d(0.5)", .error = "dropout2d needs x: [B, C, H, W]"},
    },
};

#ifdef MT_KERNELS
//@ kernel multiply_channels
/* y[c][i][b] = factor[c][b] x[c][i][b] for i < P */
static void multiply_channels(int C, int P, const real *factor, const real *x, real *y)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * P * B > 1e6)
#endif
    for (int row = 0; row < C * P; row++)
        for (int b = 0; b < B; b++)
            y[(ptrdiff_t)row * B + b] =
                factor[(ptrdiff_t)(row / P) * B + b] * x[(ptrdiff_t)row * B + b];
}
//@ end
#endif
