// conv2d: the cross-correlation of images with learned kernels, as PyTorch's Conv2d.
//
// Input: x [C][H][W][B]. Output: y [O][OH][OW][B]. Of `padding`, PT rows of zeros are on top and PL columns on the
// left; how many are below and on the right follows from OH and OW.
// Invariant: in y and dx an element is a sum in plain order (bias, then channels, then taps row by row). The gradient
// of a weight is a sum over the columns (h, w, b) of dy: in 16 lanes for each 4096 of them where a group has fewer than
// 12 outputs, else in plain order for each 1024 of them; these sums are added in plain order. So no width of a vector
// and no thread changes a bit.
//
// In a row of an image (w, b) is one axis, along which a tap is a shift by pixels of B: all pixels of a row that see
// every column of the kernel are one run of vectors, whatever B is. Pixels at the edge, and all of them if there is a
// stride, are runs of their own, which know only the taps inside of the image: nothing is padded, copied, or multiplied
// by zero. (Measured: rows copied into a small buffer, with their padding, were slower everywhere but for 1x1 kernels
// on AVX2. Lanes reach 70 to 85 % of the peak on AVX-512 and 36 % on AVX2; vectors along 16 outputs 75 to 85 %, but
// then 6 outputs cost as much as 16.)
#include "op.h"

#define FAN_IN "C // groups * kernel_size.h * kernel_size.w"
#define BOUND "uniform(-1 / sqrt(" FAN_IN "), 1 / sqrt(" FAN_IN "))"
#define REACH_H "dilation.h*(kernel_size.h - 1)"
#define REACH_W "dilation.w*(kernel_size.w - 1)"
// What most layers are has kernels of its own, with few arguments: square, no stride, dilation or groups, even padding.
#define PLAIN \
    "kernel_size.h == kernel_size.w && stride.h*stride.w*dilation.h*dilation.w*groups == 1 && PT == PL && " \
    "OH == H + 2*PT - kernel_size.h + 1 && OW == W + 2*PT - kernel_size.w + 1"
#define SHORT "($C, $H, $W, $O, $K, $PT, "
#define LONG \
    "_general($C, $H, $W, $O, $OH, $OW, pair($kernel_size), pair($stride), pair($PT, $PL), pair($dilation), $groups, "

const Op op_conv2d = {
    .name = "conv2d",
    .kind = OP_STAGE,
    .doc = "Cross-correlation of an image with learned kernels, plus a bias.",
    .args = {
        {"out_channels", ARG_SIZE, .doc = "number of kernels, and channels of y"},
        {"kernel_size", ARG_PAIR, .doc = "size of a kernel", .brief = "@$hx$w"},
        {"stride", ARG_PAIR, "1", "step from window to window", .brief = "s$"},
        {"padding", ARG_PAIR, "0", "zeros on each side; \"same\" keeps the size, \"valid\" is 0", "valid same", "p$"},
        {"dilation", ARG_PAIR, "1", "step within a window", .brief = "d$"},
        {"groups", ARG_SIZE, "1", "number of parts of the channels, each with kernels of its own", .brief = "g$"},
        {"bias", ARG_BOOL, "true", "whether a bias is learned", .brief = "no bias"},
    },
    .positional = 2,
    .inputs = {{"x", "[B, C, H, W]", .doc = "images"}},
    .outputs = {{"y", "[B, O, OH, OW]"}},
    .parameters = {
        {"weight", "[O, C // groups, kernel_size.h, kernel_size.w]", BOUND, .doc = "W"},
        {"bias", "[O]", BOUND, .when = "bias", .doc = "b"},
    },
    .checks = {
        {"min(kernel_size.h, kernel_size.w) >= 1", "kernel_size must be at least 1", "kernel_size"},
        {"min(stride.h, stride.w) >= 1", "stride must be at least 1", "stride"},
        {"min(padding.h, padding.w) >= 0", "padding must be at least 0", "padding"},
        {"min(dilation.h, dilation.w) >= 1", "dilation must be at least 1", "dilation"},
        {"padding != same || stride.h*stride.w == 1", "padding=\"same\" needs stride 1", "padding"},
        {"C % groups == 0", "groups does not divide the channels of x", "groups"},
        {"out_channels % groups == 0", "groups does not divide out_channels", "groups"},
    },
    .sizes = {
        {"O", "out_channels"},
        {"K", "kernel_size.h"},
        {"PT", REACH_H " // 2", "padding == same", .may_be_zero = true},
        {"PT", "padding.h", .may_be_zero = true},
        {"PL", REACH_W " // 2", "padding == same", .may_be_zero = true},
        {"PL", "padding.w", .may_be_zero = true},
        {"OH", "H", "padding == same"},
        {"OH", "(H + 2*padding.h - kernel_size.h) // stride.h + 1", "dilation.h == 1"},
        {"OH", "(H + 2*padding.h - " REACH_H " - 1) // stride.h + 1"},
        {"OW", "W", "padding == same"},
        {"OW", "(W + 2*padding.w - kernel_size.w) // stride.w + 1", "dilation.w == 1"},
        {"OW", "(W + 2*padding.w - " REACH_W " - 1) // stride.w + 1"},
    },
    .order = ORDER_BATCH_LAST,
    .flops = "2 * " FAN_IN " * O * OH * OW",
    .forward = {
        {.when = PLAIN, .call = {"conv2d" SHORT "$x, $weight, $bias, $y);"}, .formula = "y = W * x + b"},
        {.call = {"conv2d" LONG "$x, $weight, $bias, $y);"}, .formula = "y = W * x + b"},
    },
    .backward = {
        {"weight",
            .when = PLAIN,
            .call = {"conv2d_backward_weight" SHORT "$x, $d_y, $d_weight);"},
            .formula = "dW += dy * x"},
        {"weight",
            .call = {"conv2d_backward_weight" LONG "$x, $d_y, $d_weight);"},
            .formula = "dW += dy * x"},
        {"bias", .call = {"conv2d_backward_bias($O, $OH, $OW, $d_y, $d_bias);"}, .formula = "db += sum dy"},
        {"x",
            .when = PLAIN,
            .call = {"conv2d_backward_input" SHORT "$weight, $d_y, $d_x);"},
            .formula = "dx = dy * W reversed"},
        {"x",
            .call = {"conv2d_backward_input" LONG "$weight, $d_y, $d_x);"},
            .formula = "dx = dy * W reversed"},
    },
    .pytorch = {{.value = "nn.Conv2d($C, $args)"}},
    .examples = {
        {"x: [B, 3, 7, 6]", "conv: conv2d(5, 3, padding=1)", "[B, 5, 7, 6]"},
        {"x: [B, 1, 9, 11]", "conv: conv2d(7, 5, bias=false)", "[B, 7, 5, 7]"},
        {"x: [B, 2, 7, 8]", "conv: conv2d(3, [3, 2], stride=[2, 3], padding=[1, 0])", "[B, 3, 4, 3]"},
        {"x: [B, 4, 5, 6]", "conv: conv2d(6, [2, 4], padding=\"same\", dilation=[3, 1])", "[B, 6, 5, 6]"},
        {"x: [B, 4, 9, 8]", "conv: conv2d(6, 3, stride=2, padding=2, dilation=2, groups=2)", "[B, 6, 5, 4]"},
        {"x: [B, 3, 5, 5]", "conv: conv2d(3, 3, padding=1, groups=3)", "[B, 3, 5, 5]"},
        {"x: [B, 5, 4, 3]", "conv: conv2d(13, 1, padding=\"valid\")", "[B, 13, 4, 3]"},
        {"x: [B, 2, 6, 6]", "conv: conv2d(2, 1, stride=3, padding=2)", "[B, 2, 4, 4]"},
        {"x: [B, 3, 4, 4]", "conv: conv2d(2, 7)", .error = "OH = (4 + 2*0 - 7) // 1 + 1 = -2"},
        {"x: [B, 3, 4, 4]", "conv: conv2d(2, 3, groups=2)", .error = "groups does not divide the channels of x"},
        {"x: [B, 4, 4, 4]", "conv: conv2d(3, 3, groups=2)", .error = "groups does not divide out_channels"},
        {"x: [B, 3, 4, 4]", "conv: conv2d(2, 3, stride=2, padding=\"same\")",
            .error = "padding=\"same\" needs stride 1"},
        {"x: [B, 3, 4, 4]", "conv: conv2d(2, 3, paddding=2)", .error = "conv2d has no option `paddding`"},
        {"x: [B, 400]", "conv: conv2d(2, 3)", .error = "conv2d needs x: [B, C, H, W]"},
    },
};

#ifdef MT_KERNELS
//@ kernel convolution needs pair tile
/* The shape of a convolution; padding: on top and on the left, the rest follows. */
struct Convolution {
    int C, H, W, O, OH, OW;
    struct Pair kernel, stride, padding, dilation;
    int groups;
};

/* Some taps of a kernel: where each finds its weight and its pixel; and how many went before. */
enum { MT_TAPS = 64 };
struct Taps {
    int count, before;
    ptrdiff_t weight[MT_TAPS], pixel[MT_TAPS];
};
static inline void add_tap(struct Taps *taps, ptrdiff_t weight, ptrdiff_t pixel)
{
    taps->weight[taps->count] = weight;
    taps->pixel[taps->count++] = pixel;
}

/* y[r][n] = start + sum over c < C and the taps t of w[r w_row + c w_channel + weight[t]] times
 * x[c x_channel + pixel[t] + n], one term after the other. It starts from y itself if taps went
 * before, else from bias[r], or from 0 without bias.
 * convolve_6x4 does it for 6 rows r and 4 vectors of columns n. */
#define MT_FIRST(r, c) \
    vec s##r##_##c = taps->before ? load(y + r * y_row + c * LANES) : all(bias ? bias[r] : 0);
#define MT_PIXEL(r, c) vec x##c = load(xt + c * LANES);
#define MT_WEIGHTED(r, c) s##r##_##c += wt[r * w_row] * x##c;
#define MT_RESULT(r, c) store(y + r * y_row + c * LANES, s##r##_##c);
#define MT_CONVOLVE(R, V) \
    static inline void convolve_##R##x##V(int C, const struct Taps *taps, const real *w, \
        ptrdiff_t w_row, ptrdiff_t w_channel, const real *x, ptrdiff_t x_channel, \
        const real *bias, real *y, ptrdiff_t y_row) \
    { \
        MT_ROWS_##R(MT_COLUMNS_##V, MT_FIRST); \
        for (int c = 0; c < C; c++, w += w_channel, x += x_channel) \
            for (int t = 0; t < taps->count; t++) { \
                const real *wt = w + taps->weight[t], *xt = x + taps->pixel[t]; \
                MT_COLUMNS_##V(MT_PIXEL, 0); \
                MT_ROWS_##R(MT_COLUMNS_##V, MT_WEIGHTED); \
            } \
        MT_ROWS_##R(MT_COLUMNS_##V, MT_RESULT); \
    }
MT_CONVOLVE(6, 4)
MT_CONVOLVE(2, 4)
MT_CONVOLVE(1, 4)
MT_CONVOLVE(6, 2)
MT_CONVOLVE(2, 2)
MT_CONVOLVE(1, 2)
MT_CONVOLVE(12, 1)
MT_CONVOLVE(6, 1)
MT_CONVOLVE(2, 1)
MT_CONVOLVE(1, 1)

/* The same for any number of rows and N columns, a multiple of LANES; the taps are used up. */
#define MT_CONVOLVE_ALL(R, V) \
    for (; r + R <= rows; r += R) \
        convolve_##R##x##V(C, taps, w + r * w_row, w_row, w_channel, x + n, x_channel, \
            bias ? bias + r : NULL, y + r * y_row + n, y_row);
static void convolve(int rows, int N, int C, struct Taps *taps, const real *w, ptrdiff_t w_row,
    ptrdiff_t w_channel, const real *x, ptrdiff_t x_channel, const real *bias, real *y,
    ptrdiff_t y_row)
{
    int n = 0, r;
    for (; MT_WIDE == 4 && n + 4 * LANES <= N; n += 4 * LANES) {
        r = 0;
        MT_CONVOLVE_ALL(6, 4);
        MT_CONVOLVE_ALL(2, 4);
        MT_CONVOLVE_ALL(1, 4);
    }
    for (; n + 2 * LANES <= N; n += 2 * LANES) {
        r = 0;
        MT_CONVOLVE_ALL(6, 2);
        MT_CONVOLVE_ALL(2, 2);
        MT_CONVOLVE_ALL(1, 2);
    }
    for (; n < N; n += LANES) {
        r = 0;
        MT_CONVOLVE_ALL(12, 1);
        MT_CONVOLVE_ALL(6, 1);
        MT_CONVOLVE_ALL(2, 1);
        MT_CONVOLVE_ALL(1, 1);
    }
    taps->before += taps->count;
    taps->count = 0;
}

//@ kernel conv2d_general needs convolution
/* How many pixels of a row of y, from w on, see all columns of the kernel; 1 if w does not. */
static int conv2d_run(const struct Convolution *s, int w)
{
    int first = s->padding.w, end = s->W + s->padding.w - s->dilation.w * (s->kernel.w - 1);
    return s->stride.w == 1 && w >= first && w < end ? end - w : 1;
}

/* One row h of the channels [o, o + count) of y, which are in one group. */
static void conv2d_row(const struct Convolution *s, int h, int o, int count, const real *x,
    const real *weight, const real *bias, real *y)
{
    int area = s->kernel.h * s->kernel.w, channels = s->C / s->groups;
    ptrdiff_t plane = (ptrdiff_t)s->OH * s->OW * B, x_plane = (ptrdiff_t)s->H * s->W * B;
    x += o / (s->O / s->groups) * channels * x_plane;
    weight += (ptrdiff_t)o * channels * area;
    y += o * plane + (ptrdiff_t)h * s->OW * B;
    for (int w = 0, run; w < s->OW; w += run) {
        struct Taps taps = {0};
        run = conv2d_run(s, w);
        for (int t = 0; t < area; t++) {
            int p = h * s->stride.h - s->padding.h + t / s->kernel.w * s->dilation.h;
            int q = w * s->stride.w - s->padding.w + t % s->kernel.w * s->dilation.w;
            if (p >= 0 && p < s->H && q >= 0 && q < s->W)
                add_tap(&taps, t, ((ptrdiff_t)p * s->W + q) * B);
            if (taps.count == MT_TAPS || t == area - 1)
                convolve(count, run * B, channels, &taps, weight, (ptrdiff_t)channels * area, area,
                    x, x_plane, bias ? bias + o : NULL, y + (ptrdiff_t)w * B, plane);
        }
    }
}

/* y[o][h][w] = b[o] + sum over the channels c of o's group and the taps (i, j) of
 * W[o][c][i][j] x[c][h stride + i dilation - padding][likewise w]: x [C][H][W][B], weight
 * [O][C / groups][KH][KW], bias [O] or NULL, y [O][OH][OW][B] */
static void conv2d_general(int C, int H, int W, int O, int OH, int OW, struct Pair kernel,
    struct Pair stride, struct Pair padding, struct Pair dilation, int groups, const real *x,
    const real *weight, const real *bias, real *y)
{
    const struct Convolution s = {C, H, W, O, OH, OW, kernel, stride, padding, dilation, groups};
    int part = O / groups, blocks = (part + 23) / 24;
#ifdef _OPENMP
#pragma omp parallel for if ((double)C / groups * O * kernel.h * kernel.w * OH * OW * B > 1e6)
#endif
    for (int k = 0; k < OH * groups * blocks; k++) {
        int first = k % blocks * 24, count = part - first < 24 ? part - first : 24;
        int o = k / blocks % groups * part + first;
        conv2d_row(&s, k / blocks / groups, o, count, x, weight, bias, y);
    }
}

//@ kernel conv2d needs conv2d_general
/* The same for K x K kernels, stride 1, and as much padding on all sides. */
static void conv2d(int C, int H, int W, int O, int K, int padding, const real *x,
    const real *weight, const real *bias, real *y)
{
    conv2d_general(C, H, W, O, H + 2 * padding - K + 1, W + 2 * padding - K + 1, pair(K, K),
        pair(1, 1), pair(padding, padding), pair(1, 1), 1, x, weight, bias, y);
}

//@ kernel conv2d_backward_input_general needs convolution
/* How many pixels of a row of dx, from w on, see all columns of the kernel; 1 if w does not. */
static int conv2d_backward_run(const struct Convolution *s, int w)
{
    int first = s->dilation.w * (s->kernel.w - 1) - s->padding.w;
    int end = s->OW - s->padding.w < s->W ? s->OW - s->padding.w : s->W;
    return s->stride.w == 1 && w >= first && w < end ? end - w : 1;
}

/* One row h of the channels [c, c + count) of dx, which are in one group. */
static void conv2d_backward_input_row(const struct Convolution *s, int h, int c, int count,
    const real *weight, const real *d_y, real *d_x)
{
    int area = s->kernel.h * s->kernel.w, channels = s->C / s->groups, part = s->O / s->groups;
    ptrdiff_t plane = (ptrdiff_t)s->H * s->W * B, y_plane = (ptrdiff_t)s->OH * s->OW * B;
    d_y += c / channels * part * y_plane;
    weight += ((ptrdiff_t)c / channels * part * channels + c % channels) * area;
    d_x += c * plane + (ptrdiff_t)h * s->W * B;
    for (int w = 0, run; w < s->W; w += run) {
        struct Taps taps = {0};
        run = conv2d_backward_run(s, w);
        for (int t = 0; t < area; t++) {
            int p = h + s->padding.h - t / s->kernel.w * s->dilation.h;
            int q = w + s->padding.w - t % s->kernel.w * s->dilation.w;
            if (p >= 0 && p % s->stride.h == 0 && p / s->stride.h < s->OH && q >= 0 &&
                q % s->stride.w == 0 && q / s->stride.w < s->OW)
                add_tap(&taps, t, ((ptrdiff_t)p / s->stride.h * s->OW + q / s->stride.w) * B);
            if (taps.count == MT_TAPS || t == area - 1)
                convolve(count, run * B, part, &taps, weight, area, (ptrdiff_t)channels * area, d_y,
                    y_plane, NULL, d_x + (ptrdiff_t)w * B, plane);
        }
    }
}

/* dx[c][h][w] = sum over the outputs o of c's group and the taps (i, j) of W[o][c][i][j] times the
 * pixel of dy[o] whose tap (i, j) is at (h, w) */
static void conv2d_backward_input_general(int C, int H, int W, int O, int OH, int OW,
    struct Pair kernel, struct Pair stride, struct Pair padding, struct Pair dilation, int groups,
    const real *weight, const real *d_y, real *d_x)
{
    const struct Convolution s = {C, H, W, O, OH, OW, kernel, stride, padding, dilation, groups};
    int part = C / groups, blocks = (part + 23) / 24;
#ifdef _OPENMP
#pragma omp parallel for if ((double)C / groups * O * kernel.h * kernel.w * OH * OW * B > 1e6)
#endif
    for (int k = 0; k < H * groups * blocks; k++) {
        int first = k % blocks * 24, count = part - first < 24 ? part - first : 24;
        int c = k / blocks % groups * part + first;
        conv2d_backward_input_row(&s, k / blocks / groups, c, count, weight, d_y, d_x);
    }
}

//@ kernel conv2d_backward_input needs conv2d_backward_input_general
/* The same for K x K kernels, stride 1, and as much padding on all sides. */
static void conv2d_backward_input(
    int C, int H, int W, int O, int K, int padding, const real *weight, const real *d_y, real *d_x)
{
    conv2d_backward_input_general(C, H, W, O, H + 2 * padding - K + 1, W + 2 * padding - K + 1,
        pair(K, K), pair(1, 1), pair(padding, padding), pair(1, 1), 1, weight, d_y, d_x);
}

//@ kernel conv2d_seen needs conv2d_general
/* Where a tap looks from pixel (0, 0) of y: row h, column w, and so many reals from x on. */
struct Look {
    int h, w;
    ptrdiff_t at;
};
static struct Look conv2d_look(const struct Convolution *s, int t)
{
    struct Look k;
    int area = s->kernel.h * s->kernel.w;
    k.h = t % area / s->kernel.w * s->dilation.h - s->padding.h;
    k.w = t % s->kernel.w * s->dilation.w - s->padding.w;
    k.at = (((ptrdiff_t)(t / area) * s->H + k.h) * s->W + k.w) * B;
    return k;
}

/* The pixel that it sees from pixel (h, w) of y; zeros outside of the image. */
static const real *conv2d_seen(
    const struct Convolution *s, struct Look k, int h, int w, const real *x)
{
    static const real zeros[B];
    int p = h * s->stride.h, q = w * s->stride.w;
    if (p + k.h < 0 || p + k.h >= s->H || q + k.w < 0 || q + k.w >= s->W)
        return zeros;
    return x + (k.at + ((ptrdiff_t)p * s->W + q) * B);
}

/* How many columns n = (h, w, b) of y from n on are one run for all taps. */
static int conv2d_same(const struct Convolution *s, int n, int end)
{
    int top = n / B / s->OW * s->stride.h - s->padding.h;
    int rows = top >= 0 && top + s->dilation.h * (s->kernel.h - 1) < s->H;
    int run = (rows ? conv2d_run(s, n / B % s->OW) : 1) * B - n % B;
    return run < end - n ? run : end - n;
}

//@ kernel conv2d_weight_lanes needs conv2d_seen fold
/* d_weight[r][t] += sum of dy[r][n] times what tap t sees, over the columns n = (h, w, b) in
 * [begin, end), in 16 lanes; for R outputs r and the V taps t from `first` on. */
#define MT_LOOK(r, c) const struct Look look##c = conv2d_look(s, first + c);
#define MT_SEEN(r, c) const real *x##c = conv2d_seen(s, look##c, h, w, x) + n % B;
#define MT_ZERO(r, c) vec s##r##_##c = all(0);
#define MT_X_LANES(r, c) vec xl##c = load(x##c + k);
#define MT_DY_LANES(r) vec dl##r = load(dy + r * plane + k);
#define MT_PRODUCT_LANES(r, c) s##r##_##c += dl##r * xl##c;
#define MT_LANES(r, c) store(lanes[r][c] + l, s##r##_##c);
#define MT_FOLD(r, c) d_weight[r * taps + first + c] += fold(lanes[r][c]);
#define MT_WEIGHT(R, V) \
    static void conv2d_weight_##R##x##V(const struct Convolution *s, int begin, int end, \
        int first, const real *x, const real *d_y, real *d_weight) \
    { \
        real lanes[R][V][16]; \
        ptrdiff_t taps = (ptrdiff_t)s->C / s->groups * s->kernel.h * s->kernel.w; \
        ptrdiff_t plane = (ptrdiff_t)s->OH * s->OW * B; \
        MT_COLUMNS_##V(MT_LOOK, 0); \
        for (int l = 0; l < 16; l += LANES) { \
            MT_ROWS_##R(MT_COLUMNS_##V, MT_ZERO); \
            for (int n = begin, run; n < end; n += run) { \
                int h = n / B / s->OW, w = n / B % s->OW; \
                const real *dy = d_y + n; \
                MT_COLUMNS_##V(MT_SEEN, 0); \
                run = conv2d_same(s, n, end); \
                for (int k = l; k < run; k += 16) { \
                    MT_COLUMNS_##V(MT_X_LANES, 0); \
                    MT_ROWS_##R(MT_ONE, MT_DY_LANES); \
                    MT_ROWS_##R(MT_COLUMNS_##V, MT_PRODUCT_LANES); \
                } \
            } \
            MT_ROWS_##R(MT_COLUMNS_##V, MT_LANES); \
        } \
        MT_ROWS_##R(MT_COLUMNS_##V, MT_FOLD); \
    }
MT_WEIGHT(6, 4)
MT_WEIGHT(2, 4)
MT_WEIGHT(1, 4)
MT_WEIGHT(6, 2)
MT_WEIGHT(2, 2)
MT_WEIGHT(1, 2)
MT_WEIGHT(6, 1)
MT_WEIGHT(2, 1)
MT_WEIGHT(1, 1)

/* The same for `count` outputs and the taps [t, last). */
#define MT_WEIGHT_ALL(R, V) \
    for (; r + R <= count; r += R) \
        conv2d_weight_##R##x##V(s, begin, end, t, x, d_y + r * plane, d_weight + r * taps);
static void conv2d_weight_taps(const struct Convolution *s, int begin, int end, int count, int t,
    int last, const real *x, const real *d_y, real *d_weight)
{
    ptrdiff_t plane = (ptrdiff_t)s->OH * s->OW * B;
    ptrdiff_t taps = (ptrdiff_t)s->C / s->groups * s->kernel.h * s->kernel.w;
    int r;
    for (; MT_WIDE == 4 && t + 4 <= last; t += 4) {
        r = 0;
        MT_WEIGHT_ALL(6, 4);
        MT_WEIGHT_ALL(2, 4);
        MT_WEIGHT_ALL(1, 4);
    }
    for (; t + 2 <= last; t += 2) {
        r = 0;
        MT_WEIGHT_ALL(6, 2);
        MT_WEIGHT_ALL(2, 2);
        MT_WEIGHT_ALL(1, 2);
    }
    for (; t < last; t++) {
        r = 0;
        MT_WEIGHT_ALL(6, 1);
        MT_WEIGHT_ALL(2, 1);
        MT_WEIGHT_ALL(1, 1);
    }
}

/* For few outputs: the columns lie in 16 lanes, 4096 of them are summed at a time. x, d_y and
 * d_weight are those of a group, which has `outputs` outputs. */
static void conv2d_weight_lanes(
    const struct Convolution *s, int outputs, const real *x, const real *d_y, real *d_weight)
{
    int columns = s->OH * s->OW * B, blocks = (outputs + 5) / 6;
    int taps = s->C / s->groups * s->kernel.h * s->kernel.w, parts = (taps + 31) / 32;
#ifdef _OPENMP
#pragma omp parallel for if ((double)taps * outputs * columns > 1e6)
#endif
    for (int k = 0; k < blocks * parts; k++) {
        int o = k / parts * 6, t = k % parts * 32;
        for (int n = 0; n < columns; n += 4096)
            conv2d_weight_taps(s, n, n + 4096 < columns ? n + 4096 : columns,
                outputs - o < 6 ? outputs - o : 6, t, t + 32 < taps ? t + 32 : taps, x,
                d_y + (ptrdiff_t)o * columns, d_weight + (ptrdiff_t)o * taps);
    }
}

//@ kernel conv2d_weight_outer needs conv2d_seen turn
/* d_weight[o][t] += sum of dy[o][n] times what tap t sees, over the columns n in [begin, end), one
 * after the other; for `count` outputs, which lie in V vectors of dy turned [n][16], and 6 taps t
 * from `first` on, without those from `last` on. */
#define MT_LOOK_ROW(r) \
    const struct Look look##r = conv2d_look(s, first + r < last ? first + r : last - 1);
#define MT_SEEN_ROW(r) const real *x##r = conv2d_seen(s, look##r, h, w, x) + n % B;
#define MT_NOTHING(r, c) vec s##r##_##c = all(0);
#define MT_OUTPUTS(r, c) vec y##c = load(y + k * 16 + c * LANES);
#define MT_OUTER(r, c) s##r##_##c += x##r[k] * y##c;
#define MT_SUMS(r, c) store(sums[r] + c * LANES, s##r##_##c);
#define MT_WEIGHT_OUTER(V) \
    static void conv2d_weight_outer_##V(const struct Convolution *s, int begin, int end, \
        int first, int last, int count, const real *x, const real *turned, real *d_weight) \
    { \
        real sums[6][V * LANES]; \
        ptrdiff_t taps = (ptrdiff_t)s->C / s->groups * s->kernel.h * s->kernel.w; \
        MT_ROWS_6(MT_ONE, MT_LOOK_ROW); \
        MT_ROWS_6(MT_COLUMNS_##V, MT_NOTHING); \
        for (int n = begin, run; n < end; n += run) { \
            int h = n / B / s->OW, w = n / B % s->OW; \
            const real *y = turned + (ptrdiff_t)(n - begin) * 16; \
            MT_ROWS_6(MT_ONE, MT_SEEN_ROW); \
            run = conv2d_same(s, n, end); \
            for (int k = 0; k < run; k++) { \
                MT_COLUMNS_##V(MT_OUTPUTS, 0); \
                MT_ROWS_6(MT_COLUMNS_##V, MT_OUTER); \
            } \
        } \
        MT_ROWS_6(MT_COLUMNS_##V, MT_SUMS); \
        for (int o = 0; o < count && o < V * LANES; o++) \
            for (int t = first; t < first + 6 && t < last; t++) \
                d_weight[o * taps + t] += sums[t - first][o]; \
    }
MT_WEIGHT_OUTER(1)
MT_WEIGHT_OUTER(2)

/* For many outputs: they lie in vectors, 16 of them at a time, for which 1024 columns of dy are
 * turned. Else like conv2d_weight_lanes. */
static void conv2d_weight_outer(
    const struct Convolution *s, int outputs, const real *x, const real *d_y, real *d_weight)
{
    real turned[1024 * 16];
    int columns = s->OH * s->OW * B, taps = s->C / s->groups * s->kernel.h * s->kernel.w;
    for (int k = 0, last = (columns + 1023) / 1024; k < (outputs + 15) / 16 * last; k++) {
        int o = k / last * 16, begin = k % last * 1024;
        int end = begin + 1024 < columns ? begin + 1024 : columns;
        turn(outputs - o, end - begin, d_y + (ptrdiff_t)o * columns + begin, columns, turned, 16);
#ifdef _OPENMP
#pragma omp parallel for if (taps > 64)
#endif
        for (int t = 0; t < taps; t += 6)
            for (int r = 0; r < 16 && o + r < outputs; r += LANES == 16 ? 16 : 2 * LANES)
                (LANES == 16 ? conv2d_weight_outer_1 : conv2d_weight_outer_2)(s, begin, end, t,
                    taps, outputs - o - r, x, turned + r, d_weight + (ptrdiff_t)(o + r) * taps);
    }
}

//@ kernel conv2d_backward_weight_general needs conv2d_weight_lanes conv2d_weight_outer
/* dW[o][c][i][j] += sum over h, w and the examples of dy[o][h][w] times the pixel of x[c] that the
 * tap (i, j) sees from there */
static void conv2d_backward_weight_general(int C, int H, int W, int O, int OH, int OW,
    struct Pair kernel, struct Pair stride, struct Pair padding, struct Pair dilation, int groups,
    const real *x, const real *d_y, real *d_weight)
{
    const struct Convolution s = {C, H, W, O, OH, OW, kernel, stride, padding, dilation, groups};
    ptrdiff_t x_part = (ptrdiff_t)C / groups * H * W * B;
    ptrdiff_t y_part = (ptrdiff_t)O / groups * OH * OW * B;
    ptrdiff_t w_part = (ptrdiff_t)O / groups * (C / groups) * kernel.h * kernel.w;
    for (int g = 0; g < groups; g++)
        (O / groups < 12 ? conv2d_weight_lanes : conv2d_weight_outer)(
            &s, O / groups, x + g * x_part, d_y + g * y_part, d_weight + g * w_part);
}

//@ kernel conv2d_backward_weight needs conv2d_backward_weight_general
/* The same for K x K kernels, stride 1, and as much padding on all sides. */
static void conv2d_backward_weight(
    int C, int H, int W, int O, int K, int padding, const real *x, const real *d_y, real *d_weight)
{
    conv2d_backward_weight_general(C, H, W, O, H + 2 * padding - K + 1, W + 2 * padding - K + 1,
        pair(K, K), pair(1, 1), pair(padding, padding), pair(1, 1), 1, x, d_y, d_weight);
}

//@ kernel conv2d_backward_bias needs sum
/* db[o] += sum over h, w and the examples of dy[o][h][w] */
static void conv2d_backward_bias(int O, int OH, int OW, const real *d_y, real *d_bias)
{
    ptrdiff_t plane = (ptrdiff_t)OH * OW * B;
    for (int o = 0; o < O; o++)
        d_bias[o] += sum(plane, d_y + o * plane);
}
//@ end
#endif
