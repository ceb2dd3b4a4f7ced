// avg_pool2d: the mean of each window, as PyTorch's AvgPool2d.
//
// Input: x [C][H][W][B]. Output: y [C][OH][OW][B].
// Invariant: a window's sum is divided by how many elements it has, padding included or not, but never what ceil_mode
// lets reach over the padding; or by divisor_override.
#include "op.h"

#define SPAN_H "(H + 2*padding.h - kernel_size.h"
#define SPAN_W "(W + 2*padding.w - kernel_size.w"
// The usual kind has kernels of its own, with few arguments: square windows side by side.
#define PLAIN \
    "kernel_size.h == kernel_size.w && stride.h == kernel_size.h && stride.w == kernel_size.w && " \
    "padding.h + padding.w == 0 && !ceil_mode && divisor_override == 0"
#define SHORT "($C, $H, $W, $K, "
#define LONG \
    "_general($C, $H, $W, $OH, $OW, pair($kernel_size), pair($stride), pair($padding), $count_include_pad, " \
    "$divisor_override, "

const Op op_avg_pool2d = {
    .name = "avg_pool2d",
    .kind = OP_STAGE,
    .doc = "The mean of each window of an image.",
    .brief = "avgpool",
    .args = {
        {"kernel_size", ARG_PAIR, .doc = "size of the window"},
        {"stride", ARG_PAIR, "kernel_size", "step from window to window", .brief = "s$"},
        {"padding", ARG_PAIR, "0", "zeros on each side", .brief = "p$"},
        {"ceil_mode", ARG_BOOL, "false", "whether a window may reach over the far edge"},
        {"count_include_pad", ARG_BOOL, "true", "whether the zeros of the padding count in the mean"},
        {"divisor_override", ARG_SIZE, "off", "number that the sum is divided by instead"},
    },
    .positional = 1,
    .inputs = {{"x", "[B, C, H, W]", .doc = "images"}},
    .outputs = {{"y", "[B, C, OH, OW]"}},
    .checks = {
        {"min(kernel_size.h, kernel_size.w) >= 1", "kernel_size must be at least 1", "kernel_size"},
        {"min(stride.h, stride.w) >= 1", "stride must be at least 1", "stride"},
        {"min(padding.h, padding.w) >= 0", "padding must be at least 0", "padding"},
        {"2*padding.h <= kernel_size.h && 2*padding.w <= kernel_size.w", "padding is more than half of kernel_size",
            "padding"},
    },
    .sizes = {
        {"K", "kernel_size.h"},
        {"OH", SPAN_H ") // stride.h + 1", "!ceil_mode"},
        // With ceil_mode a window must still begin inside the image or the padding in front of it.
        {"OH", "min(" SPAN_H " + stride.h - 1) // stride.h, (H + padding.h - 1) // stride.h) + 1"},
        {"OW", SPAN_W ") // stride.w + 1", "!ceil_mode"},
        {"OW", "min(" SPAN_W " + stride.w - 1) // stride.w, (W + padding.w - 1) // stride.w) + 1"},
    },
    .order = ORDER_BATCH_LAST,
    .flops = "kernel_size.h * kernel_size.w * C * OH * OW",
    .forward = {
        {.when = PLAIN, .call = {"avg_pool2d" SHORT "$x, $y);"}, .formula = "y = mean of the window"},
        {.call = {"avg_pool2d" LONG "$x, $y);"}, .formula = "y = mean of the window"},
    },
    .backward = {
        {"x",
            .when = PLAIN,
            .call = {"avg_pool2d_backward" SHORT "$d_y, $d_x);"},
            .formula = "dx = dy / size of the window"},
        {"x",
            .call = {"avg_pool2d_backward" LONG "$d_y, $d_x);"},
            .formula = "dx = sum of dy / size of the window, over the windows of x"},
    },
    .pytorch = {{.value = "nn.AvgPool2d($args)"}},
    .examples = {
        {"x: [B, 2, 6, 4]", "pool: avg_pool2d(2)", "[B, 2, 3, 2]"},
        {"x: [B, 3, 7, 5]", "pool: avg_pool2d(3)", "[B, 3, 2, 1]"},
        {"x: [B, 1, 7, 8]", "pool: avg_pool2d([3, 2], stride=2, padding=1)", "[B, 1, 4, 5]"},
        {"x: [B, 2, 6, 7]", "pool: avg_pool2d(3, stride=1, padding=1, count_include_pad=false)", "[B, 2, 6, 7]"},
        {"x: [B, 2, 6, 5]", "pool: avg_pool2d(3, stride=2, padding=1, ceil_mode=true)", "[B, 2, 4, 3]"},
        {"x: [B, 2, 6, 5]",
            "pool: avg_pool2d([3, 2], stride=[2, 3], padding=1, ceil_mode=true, count_include_pad=false)",
            "[B, 2, 4, 2]"},
        {"x: [B, 1, 5, 5]", "pool: avg_pool2d(2, stride=2, divisor_override=3)", "[B, 1, 2, 2]"},
        {"x: [B, 400]", "pool: avg_pool2d(2)", .error = "avg_pool2d needs x: [B, C, H, W]"},
        {"x: [B, 3, 4, 4]", "pool: avg_pool2d(5)", .error = "OH = (4 + 2*0 - 5) // 5 + 1 = 0"},
        {"x: [B, 3, 8, 8]", "pool: avg_pool2d(2, padding=2)", .error = "padding is more than half of"},
        {"x: [B, 3, 8, 8]", "pool: avg_pool2d(2, divisor_override=0)",
            .error = "divisor_override must be at least 1"},
        {"x: [B, 3, 8, 8]", "pool: avg_pool2d(2, dilation=2)", .error = "avg_pool2d has no option `dilation`"},
    },
};

#ifdef MT_KERNELS
//@ kernel avg_pool2d_window needs pair
/* Where a window lies in the image, and what its sum is divided by. */
struct Window {
    int top, bottom, left, right, divisor;
};
static struct Window avg_pool2d_window(int oh, int ow, int H, int W, struct Pair kernel,
    struct Pair stride, struct Pair padding, int count_include_pad, int divisor_override)
{
    int top = oh * stride.h - padding.h, left = ow * stride.w - padding.w;
    int bottom = top + kernel.h, right = left + kernel.w;
    /* What ceil_mode lets reach over the padding does not count. */
    int padded = ((bottom < H + padding.h ? bottom : H + padding.h) - top) *
        ((right < W + padding.w ? right : W + padding.w) - left);
    struct Window window = {
        top > 0 ? top : 0, bottom < H ? bottom : H, left > 0 ? left : 0, right < W ? right : W, 1};
    int inside = (window.bottom - window.top) * (window.right - window.left);
    window.divisor = divisor_override ? divisor_override : count_include_pad ? padded : inside;
    return window;
}

//@ kernel avg_pool2d_general needs avg_pool2d_window vec
/* y = sum of each window of x [C][H][W][B], row by row, divided by its size or by divisor_override,
 * if that is not 0 */
static void avg_pool2d_general(int C, int H, int W, int OH, int OW, struct Pair kernel,
    struct Pair stride, struct Pair padding, int count_include_pad, int divisor_override,
    const real *x, real *y)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * OH * OW * B * kernel.h * kernel.w > 3e5)
#endif
    for (int row = 0; row < C * OH * OW; row++) {
        struct Window k = avg_pool2d_window(row / OW % OH, row % OW, H, W, kernel, stride, padding,
            count_include_pad, divisor_override);
        const real *xc = x + (ptrdiff_t)(row / OW / OH) * H * W * B;
        for (int b = 0; b < B; b += LANES) {
            vec s = all(0);
            for (int h = k.top; h < k.bottom; h++)
                for (int w = k.left; w < k.right; w++)
                    s += load(xc + ((ptrdiff_t)h * W + w) * B + b);
            store(y + (ptrdiff_t)row * B + b, s / all((real)k.divisor));
        }
    }
}

//@ kernel avg_pool2d needs avg_pool2d_general
/* The same for K x K windows side by side; what is left over at the far edges is in none. */
static void avg_pool2d(int C, int H, int W, int K, const real *x, real *y)
{
    avg_pool2d_general(C, H, W, H / K, W / K, pair(K, K), pair(K, K), pair(0, 0), 0, 0, x, y);
}

//@ kernel avg_pool2d_backward_general needs avg_pool2d_window vec
/* dx = sum of dy / divisor over the windows that x is in, window after window */
static void avg_pool2d_backward_general(int C, int H, int W, int OH, int OW, struct Pair kernel,
    struct Pair stride, struct Pair padding, int count_include_pad, int divisor_override,
    const real *d_y, real *d_x)
{
    memset(d_x, 0, (size_t)C * (size_t)H * (size_t)W * B * sizeof *d_x);
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * OH * OW * B * kernel.h * kernel.w > 3e5)
#endif
    for (int c = 0; c < C; c++)
        for (int n = 0; n < OH * OW; n++) {
            struct Window k = avg_pool2d_window(
                n / OW, n % OW, H, W, kernel, stride, padding, count_include_pad, divisor_override);
            for (int b = 0; b < B; b += LANES) {
                vec dy = load(d_y + ((ptrdiff_t)c * OH * OW + n) * B + b) / all((real)k.divisor);
                for (int h = k.top; h < k.bottom; h++)
                    for (int w = k.left; w < k.right; w++) {
                        real *to = d_x + (((ptrdiff_t)c * H + h) * W + w) * B + b;
                        store(to, load(to) + dy);
                    }
            }
        }
}

//@ kernel avg_pool2d_backward needs avg_pool2d_backward_general
/* The same for K x K windows side by side. */
static void avg_pool2d_backward(int C, int H, int W, int K, const real *d_y, real *d_x)
{
    avg_pool2d_backward_general(
        C, H, W, H / K, W / K, pair(K, K), pair(K, K), pair(0, 0), 0, 0, d_y, d_x);
}
//@ end
#endif
