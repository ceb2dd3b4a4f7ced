// conv2d: the cross-correlation of images with learned kernels, as PyTorch's Conv2d.
//
// Input: x [C][H][W][B]. Output: y [O][OH][OW][B]. Of `padding`, PT rows of zeros are on top and PL columns on the left;
// how many are below and on the right follows from OH and OW.
// Invariant: in y and dx an element is a sum in plain order (bias, then channels, then taps row by row); a weight's
// gradient is a sum in 16 lanes for each band of output rows, bands in plain order. BAND is the shapes' alone. So no width
// of a vector and no thread changes a bit.
//
// The kernels copy the rows of an image that they are at into a buffer, with padding around them, so that no tap asks
// where the edge is, and rows whose distance is a power of two do not meet in the cache. A row's axes (w, b) are one axis
// there, and a tap is a shift along it. With a stride, columns of one w % stride stand together.
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
        {"kernel_size", ARG_PAIR, .doc = "size of a kernel"},
        {"stride", ARG_PAIR, "1", "step from window to window"},
        {"padding", ARG_PAIR, "0", "zeros on each side; \"same\" keeps the size, \"valid\" is 0", "valid same"},
        {"dilation", ARG_PAIR, "1", "step within a window"},
        {"groups", ARG_SIZE, "1", "number of parts of the channels, each with kernels of its own"},
        {"bias", ARG_BOOL, "true", "whether a bias is learned"},
    },
    .positional = 2,
    .inputs = {{"x", "[B, C, H, W]", .doc = "images"}},
    .outputs = {{"y", "[B, O, OH, OW]"}},
    .temporaries = {
        {"x_rows", "[B, X_ROWS*C*X_WIDTH]", .doc = "rows of x with their padding, for forward"},
        {"x_rows_again", "[B, X_ROWS*C*X_WIDTH]", .doc = "the same for the weight's gradient"},
        {"dy_rows", "[B, DY_ROWS*O*DY_WIDTH]", .doc = "rows of dy with zeros around them"},
    },
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
        {"OH", "(H + 2*padding.h - " REACH_H " - 1) // stride.h + 1"},
        {"OW", "W", "padding == same"},
        {"OW", "(W + 2*padding.w - " REACH_W " - 1) // stride.w + 1"},
        // The buffers: how many rows, and how many columns a row, an odd number of them.
        {"X_ROWS", "(31 // OW)*stride.h + " REACH_H " + 1"},
        {"X_WIDTH", "stride.w*(OW + " REACH_W " // stride.w) // 2*2 + 1"},
        {"DY_ROWS", "(31 // W + " REACH_H ") // stride.h + 1"},
        {"DY_WIDTH", "(max(" REACH_W " - PL + stride.w - 1, 0) // stride.w + max(OW, (W - 1 + PL) // stride.w + 1)) // 2*2 + 1"},
    },
    .order = ORDER_BATCH_LAST,
    .flops = "2 * " FAN_IN " * O * OH * OW",
    .forward = {
        {.when = PLAIN, .call = {"conv2d" SHORT "$x, $weight, $bias, $x_rows, $y);"}, .formula = "y = W * x + b"},
        {.call = {"conv2d" LONG "$x, $weight, $bias, $x_rows, $y);"}, .formula = "y = W * x + b"},
    },
    .backward = {
        {"weight",
            .when = PLAIN,
            .call = {"conv2d_backward_weight" SHORT "$x, $d_y, $x_rows_again, $d_weight);"},
            .formula = "dW += dy * x"},
        {"weight",
            .call = {"conv2d_backward_weight" LONG "$x, $d_y, $x_rows_again, $d_weight);"},
            .formula = "dW += dy * x"},
        {"bias", .call = {"conv2d_backward_bias($O, $OH, $OW, $d_y, $d_bias);"}, .formula = "db += sum dy"},
        {"x",
            .when = PLAIN,
            .call = {"conv2d_backward_input" SHORT "$weight, $d_y, $dy_rows, $d_x);"},
            .formula = "dx = dy * W reversed"},
        {"x",
            .call = {"conv2d_backward_input" LONG "$weight, $d_y, $dy_rows, $d_x);"},
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
        {"x: [B, 3, 4, 4]", "conv: conv2d(2, 7)", .error = "OH = (4 + 2*0 - 1*(7 - 1) - 1) // 1 + 1 = -2"},
        {"x: [B, 3, 4, 4]", "conv: conv2d(2, 3, groups=2)", .error = "groups does not divide the channels of x"},
        {"x: [B, 4, 4, 4]", "conv: conv2d(3, 3, groups=2)", .error = "groups does not divide out_channels"},
        {"x: [B, 3, 4, 4]", "conv: conv2d(2, 3, stride=2, padding=\"same\")", .error = "padding=\"same\" needs stride 1"},
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

/* Where a tap finds its weight and its row of x. */
struct Tap {
    ptrdiff_t weight, x;
};

/* y[r][n] = start + sum over c < C and the taps t of w[r w_row + c w_channel + tap[t].weight] times
 * x[c x_channel + tap[t].x + n], one term after the other. It starts from y itself if `more`, else
 * from bias[r], or from 0 without bias. convolve_6x4: for 6 rows r and 4 vectors of columns n. */
#define MT_FIRST(r, c) \
    vec s##r##_##c = more ? load(y + r * y_row + c * LANES) : all(bias ? bias[r] : 0);
#define MT_PIXEL(r, c) vec x##c = load(xt + c * LANES);
#define MT_WEIGHTED(r, c) s##r##_##c += wt[r * w_row] * x##c;
#define MT_RESULT(r, c) store(y + r * y_row + c * LANES, s##r##_##c);
#define MT_CONVOLVE(R, V) \
    static inline void convolve_##R##x##V(int C, int taps, const struct Tap *tap, const real *w, \
        ptrdiff_t w_row, ptrdiff_t w_channel, const real *x, ptrdiff_t x_channel, \
        const real *bias, int more, real *y, ptrdiff_t y_row) \
    { \
        MT_ROWS_##R(MT_COLUMNS_##V, MT_FIRST); \
        for (int c = 0; c < C; c++, w += w_channel, x += x_channel) \
            for (int t = 0; t < taps; t++) { \
                const real *wt = w + tap[t].weight, *xt = x + tap[t].x; \
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

/* The same for any number of rows and N columns, a multiple of LANES. */
#define MT_CONVOLVE_ALL(R, V) \
    for (; r + R <= rows; r += R) \
        convolve_##R##x##V(C, taps, tap, w + r * w_row, w_row, w_channel, x + n, x_channel, \
            bias ? bias + r : NULL, more, y + r * y_row + n, y_row);
static void convolve(int rows, int N, int C, int taps, const struct Tap *tap, const real *w,
    ptrdiff_t w_row, ptrdiff_t w_channel, const real *x, ptrdiff_t x_channel, const real *bias,
    int more, real *y, ptrdiff_t y_row)
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
}

//@ kernel x_rows needs convolution
/* Rows of x as the taps want them, with padding: row p of the padded image stands in
 * rows[p % count][C][width][B]. Columns of one p % stride stand together, `apart` of them. Then
 * (w, b) is one axis, along which a tap is a shift; an odd width keeps channels from meeting in the
 * cache. */
struct XRows {
    int count, apart, width;
};
static struct XRows x_rows(const struct Convolution *s)
{
    struct XRows r;
    r.count = 31 / s->OW * s->stride.h + s->dilation.h * (s->kernel.h - 1) + 1;
    r.apart = s->OW + s->dilation.w * (s->kernel.w - 1) / s->stride.w;
    r.width = s->stride.w * r.apart / 2 * 2 + 1;
    return r;
}

/* Where tap (i, j) of output row h begins in channel 0. */
static ptrdiff_t x_rows_at(const struct Convolution *s, struct XRows r, int h, int i, int j)
{
    int p = h * s->stride.h + i * s->dilation.h, q = j * s->dilation.w;
    return ((ptrdiff_t)(p % r.count) * s->C * r.width + q % s->stride.w * r.apart +
               q / s->stride.w) *
        B;
}

/* Copies what the output rows [top, bottom) need beyond the first `done` rows; returns how many are
 * done then. */
static int x_rows_copy(const struct Convolution *s, struct XRows r, int done, int top, int bottom,
    const real *x, real *rows)
{
    int first = top * s->stride.h < done ? done : top * s->stride.h;
    int end = (bottom - 1) * s->stride.h + s->dilation.h * (s->kernel.h - 1) + 1;
    for (int k = 0; k < (end - first) * s->C; k++) {
        int p = first + k / s->C, c = k % s->C, h = p - s->padding.h;
        real *to = rows + (ptrdiff_t)(p % r.count * s->C + c) * r.width * B;
        const real *from = x + ((ptrdiff_t)c * s->H + h) * s->W * B;
        for (int q = 0; q < s->stride.w; q++)
            for (int a = 0; a < r.apart; a++, to += B) {
                int w = q + a * s->stride.w - s->padding.w;
                if (h >= 0 && h < s->H && w >= 0 && w < s->W)
                    memcpy(to, from + (ptrdiff_t)w * B, B * sizeof *to);
                else
                    memset(to, 0, B * sizeof *to);
            }
    }
    return end;
}

//@ kernel conv2d_general needs x_rows
/* One row h of channels [o, o + count) of y, which are in one group. */
static void conv2d_row(const struct Convolution *s, struct XRows r, int h, int o, int count,
    const real *rows, const real *weight, const real *bias, real *y)
{
    struct Tap tap[64];
    int area = s->kernel.h * s->kernel.w, channels = s->C / s->groups, all_taps = 0, taps = 0;
    ptrdiff_t plane = (ptrdiff_t)s->OH * s->OW * B, channel = (ptrdiff_t)r.width * B;
    ptrdiff_t from = o / (s->O / s->groups) * channels * channel;
    for (int t = 0; t < area; t++) {
        int i = t / s->kernel.w, p = h * s->stride.h + i * s->dilation.h - s->padding.h;
        if (p >= 0 && p < s->H) {
            tap[taps].weight = t;
            tap[taps++].x = x_rows_at(s, r, h, i, t % s->kernel.w);
        }
        if (taps == 64 || t == area - 1) {
            convolve(count, s->OW * B, channels, taps, tap, weight + (ptrdiff_t)o * channels * area,
                (ptrdiff_t)channels * area, area, rows + from, channel, bias ? bias + o : NULL,
                all_taps, y + o * plane + (ptrdiff_t)h * s->OW * B, plane);
            all_taps += taps;
            taps = 0;
        }
    }
}

/* y[o][h][w] = b[o] + sum over the channels c of o's group and the taps (i, j) of
 * W[o][c][i][j] x[c][h stride + i dilation - padding][likewise w]: x [C][H][W][B], weight
 * [O][C / groups][KH][KW], bias [O] or NULL, y [O][OH][OW][B]; rows: room for struct XRows. */
static void conv2d_general(int C, int H, int W, int O, int OH, int OW, struct Pair kernel,
    struct Pair stride, struct Pair padding, struct Pair dilation, int groups, const real *x,
    const real *weight, const real *bias, real *rows, real *y)
{
    const struct Convolution s = {C, H, W, O, OH, OW, kernel, stride, padding, dilation, groups};
    struct XRows r = x_rows(&s);
    int part = O / groups, blocks = (part + 23) / 24, band = 31 / OW + 1;
    for (int top = 0, done = 0; top < OH; top += band) {
        int bottom = top + band < OH ? top + band : OH;
        done = x_rows_copy(&s, r, done, top, bottom, x, rows);
#ifdef _OPENMP
#pragma omp parallel for if ((double)C / groups * O * kernel.h * kernel.w * OW * band * B > 1e6)
#endif
        for (int k = 0; k < (bottom - top) * groups * blocks; k++) {
            int first = k % blocks * 24, count = part - first < 24 ? part - first : 24;
            int o = k / blocks % groups * part + first;
            conv2d_row(&s, r, top + k / blocks / groups, o, count, rows, weight, bias, y);
        }
    }
}

//@ kernel conv2d needs conv2d_general
/* With K x K kernels, stride 1, and the same padding on all sides. */
static void conv2d(int C, int H, int W, int O, int K, int padding, const real *x,
    const real *weight, const real *bias, real *rows, real *y)
{
    conv2d_general(C, H, W, O, H + 2 * padding - K + 1, W + 2 * padding - K + 1, pair(K, K),
        pair(1, 1), pair(padding, padding), pair(1, 1), 1, x, weight, bias, rows, y);
}

//@ kernel conv2d_backward_weight_general needs x_rows fold
/* Sums of dy[r][h][n] x[t][n] over the output rows h in [top, bottom) and their columns n, in 16
 * lanes, for the outputs r = o .. o + R - 1 and the taps t = first .. first + V - 1 of a kernel;
 * added to d_weight. */
#define MT_TAP(r, c) \
    const real *x##c = rows + \
        x_rows_at(s, r_, h, (first + c) / s->kernel.w % s->kernel.h, (first + c) % s->kernel.w) + \
        (channel + (first + c) / area) * r_.width * B;
#define MT_ZERO(r, c) vec s##r##_##c = all(0);
#define MT_TAP_LANES(r, c) vec xl##c = load(x##c + n);
#define MT_DY_LANES(r) vec dl##r = load(dy + r * plane + n);
#define MT_DY_TERM(r, c) s##r##_##c += dl##r * xl##c;
#define MT_LANES(r, c) store(lanes[r][c] + l, s##r##_##c);
#define MT_FOLD(r, c) d_weight[r * taps + c] += fold(lanes[r][c]);
#define MT_WEIGHT(R, V) \
    static void conv2d_weight_##R##x##V(const struct Convolution *s, struct XRows r_, int top, \
        int bottom, int channel, int first, const real *rows, const real *d_y, real *d_weight) \
    { \
        real lanes[R][V][16]; \
        int area = s->kernel.h * s->kernel.w; \
        ptrdiff_t plane = (ptrdiff_t)s->OH * s->OW * B, taps = s->C / s->groups * area; \
        for (int l = 0; l < 16; l += LANES) { \
            MT_ROWS_##R(MT_COLUMNS_##V, MT_ZERO); \
            for (int h = top; h < bottom; h++) { \
                const real *dy = d_y + (ptrdiff_t)h * s->OW * B; \
                MT_COLUMNS_##V(MT_TAP, 0); \
                for (int n = l; n < s->OW * B; n += 16) { \
                    MT_COLUMNS_##V(MT_TAP_LANES, 0); \
                    MT_ROWS_##R(MT_ONE, MT_DY_LANES); \
                    MT_ROWS_##R(MT_COLUMNS_##V, MT_DY_TERM); \
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

/* The same for any `count` outputs from o on, of one group, and the taps [t, end). */
#define MT_WEIGHT_ALL(R, V) \
    for (; r + R <= count; r += R) \
        conv2d_weight_##R##x##V(s, r_, top, bottom, channel, t, rows, d_y + (o + r) * plane, \
            d_weight + (o + r) * taps + t);
static void conv2d_weight(const struct Convolution *s, struct XRows r_, int top, int bottom, int o,
    int count, int t, int end, const real *rows, const real *d_y, real *d_weight)
{
    int channels = s->C / s->groups, channel = o / (s->O / s->groups) * channels, r;
    ptrdiff_t plane = (ptrdiff_t)s->OH * s->OW * B;
    ptrdiff_t taps = (ptrdiff_t)channels * s->kernel.h * s->kernel.w;
    for (; MT_WIDE == 4 && t + 4 <= end; t += 4) {
        r = 0;
        MT_WEIGHT_ALL(6, 4);
        MT_WEIGHT_ALL(2, 4);
        MT_WEIGHT_ALL(1, 4);
    }
    for (; t + 2 <= end; t += 2) {
        r = 0;
        MT_WEIGHT_ALL(6, 2);
        MT_WEIGHT_ALL(2, 2);
        MT_WEIGHT_ALL(1, 2);
    }
    for (; t < end; t++) {
        r = 0;
        MT_WEIGHT_ALL(6, 1);
        MT_WEIGHT_ALL(2, 1);
        MT_WEIGHT_ALL(1, 1);
    }
}

/* dW[o][c][i][j] += sum over h, w and the examples of dy[o][h][w] and the pixel of x that the tap
 * (i, j) has there; rows: room for struct XRows. */
static void conv2d_backward_weight_general(int C, int H, int W, int O, int OH, int OW,
    struct Pair kernel, struct Pair stride, struct Pair padding, struct Pair dilation, int groups,
    const real *x, const real *d_y, real *rows, real *d_weight)
{
    const struct Convolution s = {C, H, W, O, OH, OW, kernel, stride, padding, dilation, groups};
    struct XRows r = x_rows(&s);
    int part = O / groups, blocks = (part + 5) / 6, band = 31 / OW + 1;
    int taps = C / groups * kernel.h * kernel.w, tiles = (taps + 3) / 4;
    for (int top = 0, done = 0; top < OH; top += band) {
        int bottom = top + band < OH ? top + band : OH;
        done = x_rows_copy(&s, r, done, top, bottom, x, rows);
#ifdef _OPENMP
#pragma omp parallel for if ((double)taps * O * OW * band * B > 1e6)
#endif
        for (int k = 0; k < groups * blocks * tiles; k++) {
            int t = k % tiles * 4, first = k / tiles % blocks * 6;
            conv2d_weight(&s, r, top, bottom, k / tiles / blocks * part + first,
                part - first < 6 ? part - first : 6, t, t + 4 < taps ? t + 4 : taps, rows, d_y,
                d_weight);
        }
    }
}

//@ kernel conv2d_backward_weight needs conv2d_backward_weight_general
static void conv2d_backward_weight(int C, int H, int W, int O, int K, int padding, const real *x,
    const real *d_y, real *rows, real *d_weight)
{
    conv2d_backward_weight_general(C, H, W, O, H + 2 * padding - K + 1, W + 2 * padding - K + 1,
        pair(K, K), pair(1, 1), pair(padding, padding), pair(1, 1), 1, x, d_y, rows, d_weight);
}

//@ kernel conv2d_backward_bias needs sum
/* db[o] += sum over h, w and the examples of dy[o][h][w] */
static void conv2d_backward_bias(int O, int OH, int OW, const real *d_y, real *d_bias)
{
    ptrdiff_t plane = (ptrdiff_t)OH * OW * B;
    for (int o = 0; o < O; o++)
        d_bias[o] += sum(plane, d_y + o * plane);
}

//@ kernel conv2d_backward_input_general needs convolution
/* Rows of dy as the taps want them: row p in rows[p % count][O][width][B], with `left` columns of
 * zeros in front, and as many behind as they reach. */
struct DyRows {
    int count, left, width;
};
static struct DyRows dy_rows(const struct Convolution *s)
{
    struct DyRows r;
    int reach = s->dilation.w * (s->kernel.w - 1) - s->padding.w + s->stride.w - 1;
    int last = (s->W - 1 + s->padding.w) / s->stride.w;
    r.count = (31 / s->W + s->dilation.h * (s->kernel.h - 1)) / s->stride.h + 1;
    r.left = reach > 0 ? reach / s->stride.w : 0;
    r.width = (r.left + (last + 1 > s->OW ? last + 1 : s->OW)) / 2 * 2 + 1;
    return r;
}

/* Copies the rows of dy that the rows of dx before `bottom` need, beyond the first `done`; returns
 * how many are done then. */
static int dy_rows_copy(const struct Convolution *s, struct DyRows r, int done, int top, int bottom,
    const real *d_y, real *rows)
{
    int reach = top + s->padding.h - s->dilation.h * (s->kernel.h - 1);
    int first = reach > 0 ? (reach + s->stride.h - 1) / s->stride.h : 0;
    int end = (bottom - 1 + s->padding.h) / s->stride.h + 1;
    first = first < done ? done : first;
    end = end < s->OH ? end : s->OH;
    for (int k = 0; k < (end - first) * s->O; k++) {
        int p = first + k / s->O, o = k % s->O;
        real *to = rows + (ptrdiff_t)(p % r.count * s->O + o) * r.width * B;
        memset(to, 0, (size_t)r.left * B * sizeof *to);
        memcpy(to + r.left * B, d_y + ((ptrdiff_t)o * s->OH + p) * s->OW * B,
            (size_t)s->OW * B * sizeof *to);
        memset(to + (r.left + s->OW) * B, 0, (size_t)(r.width - r.left - s->OW) * B * sizeof *to);
    }
    return end > done ? end : done;
}

/* Of row h of channels [c, c + count) of dx, which are in one group, the columns w, w + stride, ...:
 * all of them see the same taps. */
static void conv2d_backward_input_row(const struct Convolution *s, struct DyRows r, int h, int w,
    int c, int count, const real *rows, const real *weight, real *d_x)
{
    struct Tap tap[64];
    int area = s->kernel.h * s->kernel.w, part = s->O / s->groups, channels = s->C / s->groups;
    int all_taps = 0, taps = 0, columns = s->stride.w == 1 ? s->W * B : B;
    ptrdiff_t channel = (ptrdiff_t)r.width * B, plane = (ptrdiff_t)s->H * s->W * B;
    const real *from = rows + c / channels * part * channel;
    weight += ((ptrdiff_t)c / channels * part * channels + c % channels) * area;
    for (int t = 0; t < area; t++) {
        int p = h + s->padding.h - t / s->kernel.w * s->dilation.h;
        int q = w + s->padding.w - t % s->kernel.w * s->dilation.w + r.left * s->stride.w;
        if (p >= 0 && p % s->stride.h == 0 && p / s->stride.h < s->OH && q % s->stride.w == 0) {
            tap[taps].weight = t;
            tap[taps++].x =
                ((ptrdiff_t)(p / s->stride.h % r.count) * s->O * r.width + q / s->stride.w) * B;
        }
        if (taps == 64 || t == area - 1) {
            real *to = d_x + c * plane + ((ptrdiff_t)h * s->W + w) * B;
            for (int k = 0; k * columns < (s->W - w + s->stride.w - 1) / s->stride.w * B; k++)
                convolve(count, columns, part, taps, tap, weight, area, (ptrdiff_t)channels * area,
                    from + k * B, channel, NULL, all_taps, to + (ptrdiff_t)k * s->stride.w * B,
                    plane);
            all_taps += taps;
            taps = 0;
        }
    }
}

/* dx[c][h][w] = sum over the outputs o of c's group and the taps (i, j) of W[o][c][i][j] times the
 * pixels of dy[o] whose tap (i, j) is at (h, w); rows: room for struct DyRows. */
static void conv2d_backward_input_general(int C, int H, int W, int O, int OH, int OW,
    struct Pair kernel, struct Pair stride, struct Pair padding, struct Pair dilation, int groups,
    const real *weight, const real *d_y, real *rows, real *d_x)
{
    const struct Convolution s = {C, H, W, O, OH, OW, kernel, stride, padding, dilation, groups};
    struct DyRows r = dy_rows(&s);
    int part = C / groups, blocks = (part + 23) / 24, band = 31 / W + 1;
    int apart = stride.w < W ? stride.w : W;
    for (int top = 0, done = 0; top < H; top += band) {
        int bottom = top + band < H ? top + band : H;
        done = dy_rows_copy(&s, r, done, top, bottom, d_y, rows);
#ifdef _OPENMP
#pragma omp parallel for if ((double)C / groups * O * kernel.h * kernel.w * OW * band * B > 1e6)
#endif
        for (int k = 0; k < (bottom - top) * groups * blocks * apart; k++) {
            int first = k / apart % blocks * 24, count = part - first < 24 ? part - first : 24;
            int c = k / apart / blocks % groups * part + first;
            conv2d_backward_input_row(
                &s, r, top + k / apart / blocks / groups, k % apart, c, count, rows, weight, d_x);
        }
    }
}

//@ kernel conv2d_backward_input needs conv2d_backward_input_general
static void conv2d_backward_input(int C, int H, int W, int O, int K, int padding,
    const real *weight, const real *d_y, real *rows, real *d_x)
{
    conv2d_backward_input_general(C, H, W, O, H + 2 * padding - K + 1, W + 2 * padding - K + 1,
        pair(K, K), pair(1, 1), pair(padding, padding), pair(1, 1), 1, weight, d_y, rows, d_x);
}
//@ end
#endif
