// adaptive_avg_pool2d: the means of bins, as many as are asked for, whatever the size of the image.
//
// Input: x [C][H][W][B]. Output: y [C][OH][OW][B].
// Invariant: bin i of O over an axis of size n begins at floor(i n / O) and ends before ceil((i + 1) n / O); bins overlap
// where O does not divide n.
#include "op.h"

const Op op_adaptive_avg_pool2d = {
    .name = "adaptive_avg_pool2d",
    .kind = OP_STAGE,
    .doc = "The means of as many bins of an image as are asked for.",
    .args = {{"output_size", ARG_PAIR, .doc = "height and width of y"}},
    .positional = 1,
    .inputs = {{"x", "[B, C, H, W]", .doc = "images"}},
    .outputs = {{"y", "[B, C, OH, OW]"}},
    .checks = {
        {"min(output_size.h, output_size.w) >= 1", "output_size must be at least 1", "output_size"},
        {"max((H + 1) * output_size.h, (W + 1) * output_size.w) < 2147483648", "the bins are too many", "output_size"},
    },
    .sizes = {{"OH", "output_size.h"}, {"OW", "output_size.w"}},
    .order = ORDER_BATCH_LAST,
    .flops = "C * H * W",
    .forward = {{.call = {"adaptive_avg_pool2d($C, $H, $W, $OH, $OW, $x, $y);"}, .formula = "y = mean of the bin"}},
    .backward = {{"x",
        .call = {"adaptive_avg_pool2d_backward($C, $H, $W, $OH, $OW, $d_y, $d_x);"},
        .formula = "dx = sum of dy / size of the bin, over the bins of x"}},
    .pytorch = {{.value = "nn.AdaptiveAvgPool2d($output_size)"}},
    .examples = {
        {"x: [B, 3, 5, 7]", "pool: adaptive_avg_pool2d(1)", "[B, 3, 1, 1]"},
        {"x: [B, 2, 6, 4]", "pool: adaptive_avg_pool2d(2)", "[B, 2, 2, 2]"},
        {"x: [B, 2, 7, 5]", "pool: adaptive_avg_pool2d([3, 2])", "[B, 2, 3, 2]"},
        {"x: [B, 1, 3, 4]", "pool: adaptive_avg_pool2d(output_size=[5, 4])", "[B, 1, 5, 4]"},
        {"x: [B, 1, 2, 3]", "pool: adaptive_avg_pool2d([7, 1])", "[B, 1, 7, 1]"},
        {"x: [B, 12]", "pool: adaptive_avg_pool2d(1)", .error = "adaptive_avg_pool2d needs x: [B, C, H, W]"},
        {"x: [B, 1, 4, 4]", "pool: adaptive_avg_pool2d(0)", .error = "output_size must be at least 1"},
        {"x: [B, 1, 4, 4]", "pool: adaptive_avg_pool2d([1, 1000000000])", .error = "the bins are too many"},
        {"x: [B, 1, 4, 4]", "pool: adaptive_avg_pool2d([1, 2, 3])", .error = "`output_size` of adaptive_avg_pool2d"},
        {"x: [B, 1, 4, 4]", "pool: adaptive_avg_pool2d", .error = "adaptive_avg_pool2d needs `output_size`"},
    },
};

#ifdef MT_KERNELS
//@ kernel adaptive_avg_pool2d
/* y = mean of each of OH x OW bins of x [C][H][W][B], summed row by row. Bin i of OH has the rows
 * from floor(i H / OH) to ceil((i + 1) H / OH). */
static void adaptive_avg_pool2d(int C, int H, int W, int OH, int OW, const real *x, real *y)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * H * W * B > 3e5)
#endif
    for (int row = 0; row < C * OH * OW; row++) {
        int oh = row / OW % OH, ow = row % OW;
        int top = oh * H / OH, bottom = ((oh + 1) * H + OH - 1) / OH;
        int left = ow * W / OW, right = ((ow + 1) * W + OW - 1) / OW;
        const real *xc = x + (ptrdiff_t)(row / OW / OH) * H * W * B;
        real divisor = (real)((bottom - top) * (right - left));
        for (int b = 0; b < B; b += 16) {
            real s[16] = {0};
            for (int h = top; h < bottom; h++)
                for (int w = left; w < right; w++)
                    for (int l = 0; l < 16; l++)
                        s[l] += xc[((ptrdiff_t)h * W + w) * B + b + l];
            for (int l = 0; l < 16; l++)
                y[(ptrdiff_t)row * B + b + l] = s[l] / divisor;
        }
    }
}

//@ kernel adaptive_avg_pool2d_backward
/* dx = sum of dy / size of the bin, over the bins that x is in, one after the other */
static void adaptive_avg_pool2d_backward(
    int C, int H, int W, int OH, int OW, const real *d_y, real *d_x)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * H * W * B > 3e5)
#endif
    for (int row = 0; row < C * H; row++) {
        int h = row % H, first = h * OH / H, last = ((h + 1) * OH - 1) / H;
        for (int w = 0; w < W; w++) {
            real *to = d_x + ((ptrdiff_t)row * W + w) * B;
            for (int oh = first; oh <= last; oh++)
                for (int ow = w * OW / W; ow <= ((w + 1) * OW - 1) / W; ow++) {
                    int height = ((oh + 1) * H + OH - 1) / OH - oh * H / OH;
                    int width = ((ow + 1) * W + OW - 1) / OW - ow * W / OW;
                    const real *dy = d_y + (((ptrdiff_t)(row / H) * OH + oh) * OW + ow) * B;
                    real divisor = (real)(height * width);
                    int more = oh > first || ow > w * OW / W;
                    for (int b = 0; b < B; b++)
                        to[b] = (more ? to[b] : 0) + dy[b] / divisor;
                }
        }
    }
}
//@ end
#endif
