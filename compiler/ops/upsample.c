// upsample: an image, some whole times as large.
//
// Input: x [C][H][W][B]. Output: y [C][H * scale][W * scale][B].
// Invariant: "nearest" repeats every element; "bilinear" is a mean of the two by two elements around each place, with the
// corners of the images on top of each other (PyTorch's align_corners=False): place o lies at (o + 1/2) / scale - 1/2 of
// x, not below 0.
#include "op.h"

#define SIZES "$C, $H, $W, pair($scale), "

const Op op_upsample = {
    .name = "upsample",
    .kind = OP_STAGE,
    .doc = "An image, some whole times as large.",
    .args = {
        {"scale", ARG_PAIR, .doc = "how many times"},
        {"mode", ARG_CHOICE, "nearest", "what lies between the elements of x", "nearest bilinear"},
    },
    .positional = 1,
    .inputs = {{"x", "[B, C, H, W]", .doc = "images"}},
    .outputs = {{"y", "[B, C, OH, OW]"}},
    .checks = {{"min(scale.h, scale.w) >= 1", "scale must be at least 1", "scale"}},
    .sizes = {{"OH", "H * scale.h"}, {"OW", "W * scale.w"}},
    .order = ORDER_BATCH_LAST,
    .flops = "where(mode == bilinear, 7 * C * OH * OW, 0)",
    .forward = {
        {.when = "mode == nearest", .call = {"upsample_nearest(" SIZES "$x, $y);"}, .formula = "y = x repeated"},
        {.call = {"upsample_bilinear(" SIZES "$x, $y);"}, .formula = "y = mean of the 2 x 2 of x around"},
    },
    .backward = {
        {"x", .when = "mode == nearest", .call = {"upsample_nearest_backward(" SIZES "$d_y, $d_x);"},
            .formula = "dx = sum of dy where x is"},
        {"x", .call = {"upsample_bilinear_backward(" SIZES "$d_y, $d_x);"}, .formula = "dx = sum of dy by the part of x"},
    },
    .pytorch = {{.value = "nn.Upsample(scale_factor=$scale, mode=$mode)"}},
    .examples = {
        {"x: [B, 2, 3, 2]", "up: upsample(2)", "[B, 2, 6, 4]"},
        {"x: [B, 1, 2, 3]", "up: upsample([3, 1])", "[B, 1, 6, 3]"},
        {"x: [B, 2, 3, 4]", "up: upsample(2, mode=\"bilinear\")", "[B, 2, 6, 8]"},
        {"x: [B, 1, 4, 1]", "up: upsample([3, 2], mode=\"bilinear\")", "[B, 1, 12, 2]"},
        {"x: [B, 1, 3, 5]", "up: upsample([1, 4], mode=\"bilinear\")", "[B, 1, 3, 20]"},
        {"x: [B, 2, 3, 2]", "up: upsample(0)", .error = "scale must be at least 1"},
        {"x: [B, 2, 3, 2]", "up: upsample(2, mode=\"cubic\")", .error = "mode"},
        {"x: [B, 2, 3, 2]", "up: upsample(1.5)", .error = "`scale` of upsample"},
        {"x: [B, 6]", "up: upsample(2)", .error = "upsample needs x: [B, C, H, W]"},
    },
};

#ifdef MT_KERNELS
//@ kernel upsample_nearest needs pair
/* y[c][h][w] = x[c][h / scale.h][w / scale.w]: x [C][H][W][B] */
static void upsample_nearest(int C, int H, int W, struct Pair scale, const real *x, real *y)
{
    int OH = H * scale.h, OW = W * scale.w;
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * OH * OW * B > 1e6)
#endif
    for (int row = 0; row < C * OH; row++) {
        const real *from = x + ((ptrdiff_t)(row / OH) * H + row % OH / scale.h) * W * B;
        for (int w = 0; w < OW; w++)
            memcpy(y + ((ptrdiff_t)row * OW + w) * B, from + (ptrdiff_t)(w / scale.w) * B,
                B * sizeof *y);
    }
}

//@ kernel upsample_nearest_backward needs pair
/* dx = sum of dy where x went, row by row */
static void upsample_nearest_backward(
    int C, int H, int W, struct Pair scale, const real *d_y, real *d_x)
{
    ptrdiff_t OW = (ptrdiff_t)W * scale.w;
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * H * OW * scale.h * B > 1e6)
#endif
    for (int row = 0; row < C * H; row++)
        for (int w = 0; w < W; w++) {
            real *to = d_x + ((ptrdiff_t)row * W + w) * B;
            for (int i = 0; i < scale.h; i++)
                for (int j = 0; j < scale.w; j++) {
                    const real *dy =
                        d_y + (((ptrdiff_t)row * scale.h + i) * OW + w * scale.w + j) * B;
                    for (int b = 0; b < B; b++)
                        to[b] = i + j == 0 ? dy[b] : to[b] + dy[b];
                }
        }
}

//@ kernel upsample_bilinear_between
/* Between which places of an axis of n the o-th of n * scale lies, and how near to the second */
struct Between {
    int first, second;
    real part;
};
static inline struct Between upsample_bilinear_between(int o, int n, int scale)
{
    double at = (o + 0.5) / scale - 0.5;
    struct Between between = {0, 0, 0};
    at = at > 0 ? at : 0;
    between.first = (int)at;
    between.second = between.first + (between.first < n - 1);
    between.part = (real)(at - between.first);
    return between;
}

//@ kernel upsample_bilinear needs pair upsample_bilinear_between
/* y = mean of the 2 x 2 elements of x [C][H][W][B] around each place, by how near they are */
static void upsample_bilinear(int C, int H, int W, struct Pair scale, const real *x, real *y)
{
    int OH = H * scale.h, OW = W * scale.w;
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * OH * OW * B > 3e5)
#endif
    for (int row = 0; row < C * OH; row++) {
        struct Between h = upsample_bilinear_between(row % OH, H, scale.h);
        const real *above = x + ((ptrdiff_t)(row / OH) * H + h.first) * W * B;
        const real *below = x + ((ptrdiff_t)(row / OH) * H + h.second) * W * B;
        for (int ow = 0; ow < OW; ow++) {
            struct Between w = upsample_bilinear_between(ow, W, scale.w);
            ptrdiff_t left = (ptrdiff_t)w.first * B, right = (ptrdiff_t)w.second * B;
            real *to = y + ((ptrdiff_t)row * OW + ow) * B;
            for (int b = 0; b < B; b++) {
                real top = (1 - w.part) * above[left + b] + w.part * above[right + b];
                real bottom = (1 - w.part) * below[left + b] + w.part * below[right + b];
                to[b] = (1 - h.part) * top + h.part * bottom;
            }
        }
    }
}

//@ kernel upsample_bilinear_backward needs pair upsample_bilinear_between
/* dx = sum of dy by the part that x has in it, place after place of y */
static void upsample_bilinear_backward(
    int C, int H, int W, struct Pair scale, const real *d_y, real *d_x)
{
    int OH = H * scale.h, OW = W * scale.w;
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * OH * OW * B > 3e5)
#endif
    for (int c = 0; c < C; c++) {
        real *dx = d_x + (ptrdiff_t)c * H * W * B;
        memset(dx, 0, (size_t)H * (size_t)W * B * sizeof *dx);
        for (int n = 0; n < OH * OW; n++) {
            struct Between h = upsample_bilinear_between(n / OW, H, scale.h);
            struct Between w = upsample_bilinear_between(n % OW, W, scale.w);
            const real *dy = d_y + ((ptrdiff_t)c * OH * OW + n) * B;
            for (int k = 0; k < 4; k++) {
                real part = (k / 2 ? h.part : 1 - h.part) * (k % 2 ? w.part : 1 - w.part);
                int row = k / 2 ? h.second : h.first, column = k % 2 ? w.second : w.first;
                real *to = dx + ((ptrdiff_t)row * W + column) * B;
                for (int b = 0; b < B; b++)
                    to[b] += part * dy[b];
            }
        }
    }
}
//@ end
#endif
