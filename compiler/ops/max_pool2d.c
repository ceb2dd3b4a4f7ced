// max_pool2d: the largest of each window, and which of its elements that was, as PyTorch's MaxPool2d.
//
// Input: x [C][H][W][B]. Output: y [C][OH][OW][B]; argmax, the element's number within its window, row by row, is kept
// as a real, so that it lies in the same vectors as y.
// Invariant: of equal values the first wins, and a NaN over all, the last one if there are several.
#include "op.h"

#define SPAN_H "(H + 2*padding.h - dilation.h*(kernel_size.h - 1) - 1"
#define SPAN_W "(W + 2*padding.w - dilation.w*(kernel_size.w - 1) - 1"
// The usual kind has kernels of its own, with few arguments: square windows side by side.
#define PLAIN \
    "kernel_size.h == kernel_size.w && stride.h == kernel_size.h && stride.w == kernel_size.w && " \
    "padding.h + padding.w == 0 && dilation.h*dilation.w == 1 && !ceil_mode"
#define SHORT "($C, $H, $W, $K, "
#define LONG \
    "_general($C, $H, $W, $OH, $OW, pair($kernel_size), pair($stride), pair($padding), pair($dilation), "

const Op op_max_pool2d = {
    .name = "max_pool2d",
    .kind = OP_STAGE,
    .doc = "The largest value of each window of an image.",
    .brief = "maxpool",
    .args = {
        {"kernel_size", ARG_PAIR, .doc = "size of the window"},
        {"stride", ARG_PAIR, "kernel_size", "step from window to window", .brief = "s$"},
        {"padding", ARG_PAIR, "0", "-infinity on each side", .brief = "p$"},
        {"dilation", ARG_PAIR, "1", "step within the window", .brief = "d$"},
        {"ceil_mode", ARG_BOOL, "false", "whether a window may reach over the far edge"},
    },
    .positional = 1,
    .inputs = {{"x", "[B, C, H, W]", .doc = "images"}},
    .outputs = {{"y", "[B, C, OH, OW]"}},
    .temporaries = {{"argmax", "[B, C, OH, OW]", .doc = "which element of the window, row by row"}},
    .checks = {
        {"min(kernel_size.h, kernel_size.w) >= 1", "kernel_size must be at least 1", "kernel_size"},
        {"min(stride.h, stride.w) >= 1", "stride must be at least 1", "stride"},
        {"min(dilation.h, dilation.w) >= 1", "dilation must be at least 1", "dilation"},
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
        {.when = PLAIN, .call = {"max_pool2d" SHORT "$x, $y, $argmax);"}, .formula = "y = largest of the window"},
        {.call = {"max_pool2d" LONG "$x, $y, $argmax);"}, .formula = "y = largest of the window"},
    },
    .backward = {
        {"x",
            .when = PLAIN,
            .call = {"max_pool2d_backward" SHORT "$argmax, $d_y, $d_x);"},
            .formula = "dx = dy where x was the largest, else 0"},
        {"x",
            .call = {"max_pool2d_backward" LONG "$argmax, $d_y, $d_x);"},
            .formula = "dx = sum of dy over the windows in which x was the largest"},
    },
    .picks_largest = true,
    .pytorch = {{.value = "nn.MaxPool2d($args)"}},
    .examples = {
        {"x: [B, 2, 6, 4]", "pool: max_pool2d(2)", "[B, 2, 3, 2]"},
        {"x: [B, 3, 7, 5]", "pool: max_pool2d(2)", "[B, 3, 3, 2]"},
        {"x: [B, 1, 7, 8]", "pool: max_pool2d([3, 2], stride=2, padding=1)", "[B, 1, 4, 5]"},
        {"x: [B, 2, 7, 6]", "pool: max_pool2d(2, stride=3, dilation=2, ceil_mode=true)", "[B, 2, 3, 2]"},
        {"x: [B, 1, 5, 5]", "pool: max_pool2d(2, stride=3, padding=1, ceil_mode=true)", "[B, 1, 2, 2]"},
        {"x: [B, 2, 6, 7]", "pool: max_pool2d(3, stride=1, padding=1)", "[B, 2, 6, 7]"},
        {"x: [B, 1, 17, 19]", "pool: max_pool2d([17, 19])", "[B, 1, 1, 1]"},
        {"x: [B, 400]", "pool: max_pool2d(2)", .error = "max_pool2d needs x: [B, C, H, W]"},
        {"x: [B, 3, 4, 4]", "pool: max_pool2d(5)", .error = "OH = (4 + 2*0 - 1*(5 - 1) - 1) // 5 + 1 = 0"},
        {"x: [B, 3, 8, 8]", "pool: max_pool2d(2, padding=2)", .error = "padding is more than half of"},
        {"x: [B, 3, 8, 8]", "pool: max_pool2d(0)", .error = "kernel_size must be at least 1"},
        {"x: [B, 3, 8, 8]", "pool: max_pool2d(2, 2)", .error = "max_pool2d takes 1 positional argument, got 2"},
    },
};

#ifdef MT_KERNELS
//@ kernel max_pool2d_general needs pair vec choose
/* y = largest element of each window of x [C][H][W][B]: the first among equals, or the last NaN, as
 * in PyTorch. argmax: which of the window's elements it is, row by row; -1, and y -infinity, if the
 * window (it may be dilated) has none inside of the image. */
static void max_pool2d_general(int C, int H, int W, int OH, int OW, struct Pair kernel,
    struct Pair stride, struct Pair padding, struct Pair dilation, const real *x, real *y,
    real *argmax)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * OH * OW * B * kernel.h * kernel.w > 3e5)
#endif
    for (int row = 0; row < C * OH * OW; row++) {
        int top = row / OW % OH * stride.h - padding.h, left = row % OW * stride.w - padding.w;
        const real *xc = x + (ptrdiff_t)(row / OW / OH) * H * W * B;
        for (int b = 0; b < B; b += LANES) {
            vec largest = all((real)-INFINITY), where = all(-1);
            for (int i = 0, h = top; i < kernel.h; i++, h += dilation.h)
                for (int j = 0, w = left; j < kernel.w; j++, w += dilation.w) {
                    if (h < 0 || h >= H || w < 0 || w >= W)
                        continue;
                    vec xk = load(xc + ((ptrdiff_t)h * W + w) * B + b);
                    vec_mask larger = (xk > largest) | (xk != xk) | (where < all(0));
                    largest = choose(larger, xk, largest);
                    where = choose(larger, all((real)(i * kernel.w + j)), where);
                }
            store(y + (ptrdiff_t)row * B + b, largest);
            store(argmax + (ptrdiff_t)row * B + b, where);
        }
    }
}

//@ kernel max_pool2d needs vec choose
/* The same for K x K windows side by side; what is left over at the far edges is in none. */
static void max_pool2d(int C, int H, int W, int K, const real *x, real *y, real *argmax)
{
    int OH = H / K, OW = W / K;
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * H * W * B > 3e5)
#endif
    for (int row = 0; row < C * OH; row++)
        for (int n = 0; n < OW * B; n += LANES) {
            const real *xn = x + (((ptrdiff_t)(row / OH) * H + row % OH * K) * W + n / B * K) * B;
            vec largest = load(xn + n % B), where = all(0);
            for (int k = 1; k < K * K; k++) {
                vec xk = load(xn + (k / K * W + k % K) * B + n % B);
                vec_mask larger = (xk > largest) | (xk != xk);
                largest = choose(larger, xk, largest);
                where = choose(larger, all((real)k), where);
            }
            store(y + (ptrdiff_t)row * OW * B + n, largest);
            store(argmax + (ptrdiff_t)row * OW * B + n, where);
        }
}

//@ kernel max_pool2d_backward_general needs pair vec choose
/* dx = sum of dy over the windows in which x was the largest, window after window */
static void max_pool2d_backward_general(int C, int H, int W, int OH, int OW, struct Pair kernel,
    struct Pair stride, struct Pair padding, struct Pair dilation, const real *argmax,
    const real *d_y, real *d_x)
{
    memset(d_x, 0, (size_t)C * (size_t)H * (size_t)W * B * sizeof *d_x);
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * OH * OW * B * kernel.h * kernel.w > 3e5)
#endif
    for (int c = 0; c < C; c++)
        for (int k = 0; k < OH * OW * kernel.h * kernel.w; k++) {
            int tap = k % (kernel.h * kernel.w), n = k / (kernel.h * kernel.w);
            int h = n / OW * stride.h - padding.h + tap / kernel.w * dilation.h;
            int w = n % OW * stride.w - padding.w + tap % kernel.w * dilation.w;
            ptrdiff_t from = ((ptrdiff_t)c * OH * OW + n) * B;
            real *to = d_x + (((ptrdiff_t)c * H + h) * W + w) * B;
            if (h < 0 || h >= H || w < 0 || w >= W)
                continue;
            for (int b = 0; b < B; b += LANES)
                store(to + b,
                    load(to + b) +
                        choose(load(argmax + from + b) == all((real)tap), load(d_y + from + b),
                            all(0)));
        }
}

//@ kernel max_pool2d_backward needs vec choose
/* dx = dy where x was the largest of its window, else 0 */
static void max_pool2d_backward(
    int C, int H, int W, int K, const real *argmax, const real *d_y, real *d_x)
{
    int OH = H / K, OW = W / K;
    if (H % K != 0 || W % K != 0)
        memset(d_x, 0, (size_t)C * (size_t)H * (size_t)W * B * sizeof *d_x);
#ifdef _OPENMP
#pragma omp parallel for if ((double)C * H * W * B > 3e5)
#endif
    for (int row = 0; row < C * OH; row++)
        for (int n = 0; n < OW * B; n += LANES) {
            real *to =
                d_x + (((ptrdiff_t)(row / OH) * H + row % OH * K) * W + n / B * K) * B + n % B;
            vec where = load(argmax + (ptrdiff_t)row * OW * B + n);
            vec dy = load(d_y + (ptrdiff_t)row * OW * B + n);
            for (int k = 0; k < K * K; k++)
                store(to + (k / K * W + k % K) * B, choose(where == all((real)k), dy, all(0)));
        }
}
//@ end
#endif
