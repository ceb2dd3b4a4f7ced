// layers.c: the kernels of linear, conv2d, max_pool2d and avg_pool2d alone, against plain loops in long double.
//
// Input:  nothing; compiled with MT_BATCH (13, 16, 32, 64 ...) and as float or double. Columns past the BATCH-th
//         example get dy = 0.
// Output: one line a kernel, and at the end a hash of every bit that the kernels computed: it must not depend on the
//         compiler, its options or the threads (with -ffp-contract=off). Exit code 1 if a result is wrong.
// The bound of an error is what n additions in any order can lose: n eps times the sum of the sizes of the terms.
// Outputs hold NaN beforehand, gradients of parameters 3; each array is allocated at its exact size, so that a
// sanitizer sees every step beyond it.
#define MT_KERNELS
#include "../../runtime/vec.c"

#include "../../compiler/ops/linear.c"

#include "../../compiler/ops/conv2d.c"
#undef PLAIN
#undef SHORT
#undef LONG
#include "../../compiler/ops/avg_pool2d.c"
#undef PLAIN
#undef SHORT
#undef LONG
#undef SPAN_H
#undef SPAN_W
#include "../../compiler/ops/max_pool2d.c"
#include <float.h>

#ifdef MT_DOUBLE
#define EPSILON DBL_EPSILON
#else
#define EPSILON FLT_EPSILON
#endif

static uint64_t hash = 14695981039346656037u;
static int failures, checked;
static double worst; // error, as a share of its bound

static uint32_t draw(void)
{
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

static int between(int low, int high) { return low + (int)(draw() % (uint32_t)(high - low + 1)); }

// A pair in an order that compilers do not choose, as they do among arguments.
static struct Pair some_pair(struct Pair low, struct Pair high)
{
    struct Pair p;
    p.h = between(low.h, high.h);
    p.w = between(low.w, high.w);
    return p;
}

static struct Pair up_to(int low, int high) { return some_pair(pair(low, low), pair(high, high)); }

typedef struct {
    real *at;
    size_t count;
} Array;

static Array new_array(size_t count)
{
    Array a = {malloc(count * sizeof(real)), count};
    if (!a.at)
        exit(2);
    for (size_t k = 0; k < count; k++)
        a.at[k] = (real)NAN;
    return a;
}

// Below 2^24, with more bits than a product of doubles keeps.
static double random_number(void)
{
    double high = draw();
    return high + draw() / 16777216.0;
}

// In (-1, 1); of a value, lanes past the last example repeat it.
static Array random_array(size_t count)
{
    Array a = new_array(count);
    for (size_t k = 0; k < count; k++)
        a.at[k] = (real)(random_number() / 8388608 - 1);
    return a;
}

static Array random_value(int features)
{
    Array a = random_array((size_t)features * B);
    for (size_t k = 0; k < a.count; k++)
        if (k % B >= BATCH)
            a.at[k] = a.at[k / B * B + BATCH - 1];
    return a;
}

static Array random_derivative(int features)
{
    Array a = random_array((size_t)features * B);
    for (size_t k = 0; k < a.count; k++)
        if (k % B >= BATCH)
            a.at[k] = 0;
    return a;
}

static Array filled(size_t count, real value)
{
    Array a = new_array(count);
    for (size_t k = 0; k < count; k++)
        a.at[k] = value;
    return a;
}

// A sum as it should be: its value, the sum of the sizes of its terms, and how many there are.
typedef struct {
    long double sum, size;
    long terms;
} Exact;

static void term(Exact *e, long double x)
{
    e->sum += x;
    e->size += x < 0 ? -x : x;
    e->terms++;
}

static void expect(const char *what, size_t k, real x, Exact e)
{
    long double error = (long double)x - e.sum;
    error = error < 0 ? -error : error;
    long double bound = (e.terms + 1) * (long double)EPSILON * e.size;
    checked++;
    if (!(error <= bound)) {
        if (failures++ < 10)
            printf("  %s[%lu] is %.9g, not %.9Lg\n", what, (unsigned long)k, (double)x, e.sum);
    } else if (bound > 0 && (double)(error / bound) > worst)
        worst = (double)(error / bound);
}

// Into the hash; and nothing past the last example may be anything but 0.
static void take_bits(Array a)
{
    for (size_t k = 0; k < a.count; k++) {
        unsigned char bytes[sizeof(real)];
        memcpy(bytes, &a.at[k], sizeof bytes);
        for (size_t i = 0; i < sizeof bytes; i++)
            hash = (hash ^ bytes[i]) * 1099511628211u;
    }
}

static void expect_derivative(const char *what, Array d_x)
{
    for (size_t k = 0; k < d_x.count; k++)
        if (k % B >= BATCH && d_x.at[k] != 0 && failures++ < 10)
            printf("  %s[%lu] is %g past the examples\n", what, (unsigned long)k, (double)d_x.at[k]);
    take_bits(d_x);
}

static void expect_equal(const char *what, size_t k, real x, real y)
{
    checked++;
    if (memcmp(&x, &y, sizeof x) != 0 && !(isnan(x) && isnan(y)) && failures++ < 10)
        printf("  %s[%lu] is %g, not %g\n", what, (unsigned long)k, (double)x, (double)y);
}

static void report(const char *name)
{
    printf("%s: %d numbers, worst error %.2f of the bound%s\n", name, checked, worst, failures ? "  WRONG" : "");
    checked = 0;
    worst = 0;
}

// ------------------------------------------------------------------------------------------------------- sums in lanes

static void check_sums(void)
{
    for (int count = 16; count <= 400; count += 48) {
        Array x = random_array((size_t)count), y = random_array((size_t)count), both = new_array(2);
        Exact s = {0}, d = {0};
        for (int k = 0; k < count; k++) {
            term(&s, x.at[k]);
            term(&d, (long double)x.at[k] * y.at[k]);
        }
        both.at[0] = sum(count, x.at);
        both.at[1] = dot(count, x.at, y.at);
        expect("sum", (size_t)count, both.at[0], s);
        expect("dot", (size_t)count, both.at[1], d);
        take_bits(both);
        free(x.at), free(y.at), free(both.at);
    }
    report("sum, dot");
}

// ------------------------------------------------------------------------------------------------------------ linear

static void check_linear(int I, int O, int P)
{
    int N = P * B;
    Array x = random_value(I * P), d_y = random_derivative(O * P), weight = random_array((size_t)I * O);
    Array bias = random_array((size_t)O), y = new_array((size_t)O * N), d_x = new_array((size_t)I * N);
    Array d_weight = filled((size_t)I * O, 3), d_bias = filled((size_t)O, 3);
    int with_bias = between(0, 3) > 0;
    linear(I, O, N, x.at, weight.at, with_bias ? bias.at : NULL, y.at);
    linear_backward_weight(I, O, N, x.at, d_y.at, d_weight.at);
    linear_backward_bias(O, N, d_y.at, d_bias.at);
    linear_backward_input(I, O, N, weight.at, d_y.at, d_x.at);
    for (int o = 0; o < O; o++)
        for (int n = 0; n < N; n++) {
            Exact e = {0};
            term(&e, with_bias ? bias.at[o] : 0);
            for (int i = 0; i < I; i++)
                term(&e, (long double)weight.at[o * I + i] * x.at[i * N + n]);
            expect("y", (size_t)o * N + n, y.at[o * N + n], e);
        }
    for (int i = 0; i < I; i++)
        for (int n = 0; n < N; n++) {
            Exact e = {0};
            for (int o = 0; o < O; o++)
                term(&e, (long double)weight.at[o * I + i] * d_y.at[o * N + n]);
            expect("dx", (size_t)i * N + n, d_x.at[i * N + n], e);
        }
    for (int o = 0; o < O; o++) {
        Exact b = {3, 3, 1};
        for (int n = 0; n < N; n++)
            term(&b, d_y.at[o * N + n]);
        expect("db", (size_t)o, d_bias.at[o], b);
        for (int i = 0; i < I; i++) {
            Exact e = {3, 3, 1};
            for (int n = 0; n < N; n++)
                term(&e, (long double)d_y.at[o * N + n] * x.at[i * N + n]);
            expect("dW", (size_t)o * I + i, d_weight.at[o * I + i], e);
        }
    }
    take_bits(y), take_bits(d_weight), take_bits(d_bias), expect_derivative("dx", d_x);
    free(x.at), free(d_y.at), free(weight.at), free(bias.at), free(y.at), free(d_x.at), free(d_weight.at);
    free(d_bias.at);
}

// ------------------------------------------------------------------------------------------------------------ conv2d

typedef struct {
    Array x, d_y, weight, bias, y, d_x, d_weight, d_bias;
} Tensors;

static void check_convolution_sums(const struct Convolution *s, const Tensors *t)
{
    int channels = s->C / s->groups, part = s->O / s->groups, area = s->kernel.h * s->kernel.w;
    size_t weights = (size_t)s->O * channels * area, pixels = (size_t)s->C * s->H * s->W * B;
    Exact *w = calloc(weights, sizeof *w), *d = calloc(pixels, sizeof *d);
    for (size_t k = 0; k < weights; k++)
        term(&w[k], 3);
    for (int o = 0; o < s->O; o++) {
        Exact db = {3, 3, 1};
        for (int n = 0; n < s->OH * s->OW * B; n++) {
            Exact e = {0};
            int b = n % B, ow = n / B % s->OW, oh = n / B / s->OW;
            size_t out = (size_t)o * s->OH * s->OW * B + n;
            term(&e, t->bias.at ? t->bias.at[o] : 0);
            for (int k = 0; k < channels * area; k++) {
                int c = o / part * channels + k / area, i = k % area / s->kernel.w, j = k % s->kernel.w;
                int h = oh * s->stride.h - s->padding.h + i * s->dilation.h;
                int v = ow * s->stride.w - s->padding.w + j * s->dilation.w;
                size_t in = (((size_t)c * s->H + h) * s->W + v) * B + b, at = (size_t)o * channels * area + k;
                if (h < 0 || h >= s->H || v < 0 || v >= s->W)
                    continue;
                term(&e, (long double)t->weight.at[at] * t->x.at[in]);
                term(&w[at], (long double)t->d_y.at[out] * t->x.at[in]);
                term(&d[in], (long double)t->d_y.at[out] * t->weight.at[at]);
            }
            term(&db, t->d_y.at[out]);
            expect("y", out, t->y.at[out], e);
        }
        expect("db", (size_t)o, t->d_bias.at[o], db);
    }
    for (size_t k = 0; k < weights; k++)
        expect("dW", k, t->d_weight.at[k], w[k]);
    for (size_t k = 0; k < pixels; k++)
        expect("dx", k, t->d_x.at[k], d[k]);
    free(w);
    free(d);
}

// `plain`: by the kernels with few arguments.
static void check_convolution(struct Convolution s, int plain)
{
    int reach_h = s.dilation.h * (s.kernel.h - 1), reach_w = s.dilation.w * (s.kernel.w - 1), K = s.kernel.h;
    if (s.OH == 0) { // padding on both sides alike
        s.OH = (s.H + 2 * s.padding.h - reach_h - 1) / s.stride.h + 1;
        s.OW = (s.W + 2 * s.padding.w - reach_w - 1) / s.stride.w + 1;
    }
    size_t weights = (size_t)s.O * (s.C / s.groups) * s.kernel.h * s.kernel.w;
    size_t pixels = (size_t)s.H * s.W * B, results = (size_t)s.OH * s.OW * B;
    Tensors t;
    t.x = random_value(s.C * s.H * s.W);
    t.d_y = random_derivative(s.O * s.OH * s.OW);
    t.weight = random_array(weights);
    t.bias = random_array((size_t)s.O);
    t.y = new_array(s.O * results);
    t.d_x = new_array(s.C * pixels);
    t.d_weight = filled(weights, 3);
    t.d_bias = filled((size_t)s.O, 3);
    if (between(0, 3) == 0)
        free(t.bias.at), t.bias.at = NULL;
    if (plain) {
        conv2d(s.C, s.H, s.W, s.O, K, s.padding.h, t.x.at, t.weight.at, t.bias.at, t.y.at);
        conv2d_backward_weight(s.C, s.H, s.W, s.O, K, s.padding.h, t.x.at, t.d_y.at, t.d_weight.at);
        conv2d_backward_input(s.C, s.H, s.W, s.O, K, s.padding.h, t.weight.at, t.d_y.at, t.d_x.at);
    } else {
        conv2d_general(s.C, s.H, s.W, s.O, s.OH, s.OW, s.kernel, s.stride, s.padding, s.dilation, s.groups, t.x.at,
            t.weight.at, t.bias.at, t.y.at);
        conv2d_backward_weight_general(s.C, s.H, s.W, s.O, s.OH, s.OW, s.kernel, s.stride, s.padding, s.dilation,
            s.groups, t.x.at, t.d_y.at, t.d_weight.at);
        conv2d_backward_input_general(s.C, s.H, s.W, s.O, s.OH, s.OW, s.kernel, s.stride, s.padding, s.dilation,
            s.groups, t.weight.at, t.d_y.at, t.d_x.at);
    }
    conv2d_backward_bias(s.O, s.OH, s.OW, t.d_y.at, t.d_bias.at);
    check_convolution_sums(&s, &t);
    take_bits(t.y), take_bits(t.d_weight), take_bits(t.d_bias), expect_derivative("dx", t.d_x);
    free(t.x.at), free(t.d_y.at), free(t.weight.at), free(t.bias.at), free(t.y.at), free(t.d_x.at);
    free(t.d_weight.at), free(t.d_bias.at);
}

static void check_convolutions(void)
{
    static const struct Convolution some[] = {
        {1, 28, 28, 6, 0, 0, {5, 5}, {1, 1}, {2, 2}, {1, 1}, 1},
        {6, 14, 14, 16, 0, 0, {5, 5}, {1, 1}, {0, 0}, {1, 1}, 1},
        {3, 7, 6, 5, 7, 6, {2, 4}, {1, 1}, {0, 1}, {1, 1}, 1}, // "same", even sizes: more on the far side
        {2, 3, 40, 3, 0, 0, {3, 3}, {1, 1}, {1, 1}, {1, 1}, 1},
        {2, 13, 12, 3, 0, 0, {11, 9}, {1, 1}, {5, 4}, {1, 1}, 1}, // more taps than a table holds
        {2, 3, 4, 2, 0, 0, {1, 1}, {3, 3}, {4, 4}, {1, 1}, 1}, // windows that lie in the padding alone
        {25, 4, 4, 26, 0, 0, {3, 3}, {1, 1}, {1, 1}, {1, 1}, 1},
    };
    for (size_t k = 0; k < sizeof some / sizeof *some; k++)
        check_convolution(some[k], k < 2);
    for (int k = 0; k < 60; k++) {
        struct Convolution s = {0};
        s.groups = between(0, 2) ? 1 : between(1, 3);
        s.C = s.groups * between(1, 4);
        s.H = between(1, 9);
        s.W = between(1, 11);
        s.O = s.groups * between(1, 18);
        s.kernel = up_to(1, 4);
        s.stride = up_to(1, 3);
        s.padding = up_to(0, 3);
        s.dilation = up_to(1, 3);
        if (s.H + 2 * s.padding.h > s.dilation.h * (s.kernel.h - 1) &&
            s.W + 2 * s.padding.w > s.dilation.w * (s.kernel.w - 1))
            check_convolution(s, 0);
    }
    report("conv2d");
}

// ----------------------------------------------------------------------------------------------------------- pooling

typedef struct {
    int C, H, W, OH, OW;
    struct Pair kernel, stride, padding, dilation;
    int include_pad, divisor, plain;
} Pool;

static int is_inside(const Pool *s, int n, int tap, int *in)
{
    int h = n / s->OW * s->stride.h - s->padding.h + tap / s->kernel.w * s->dilation.h;
    int w = n % s->OW * s->stride.w - s->padding.w + tap % s->kernel.w * s->dilation.w;
    *in = h * s->W + w;
    return h >= 0 && h < s->H && w >= 0 && w < s->W;
}

static void check_max_pool(Pool s)
{
    int area = s.kernel.h * s.kernel.w, outputs = s.C * s.OH * s.OW;
    Array x = random_value(s.C * s.H * s.W), d_y = random_derivative(outputs), y = new_array((size_t)outputs * B);
    Array argmax = new_array((size_t)outputs * B), d_x = new_array(x.count), right = filled(x.count, 0);
    for (size_t k = 0; k < x.count; k++) { // ties, infinities and NaNs
        x.at[k] = (real)(int)(x.at[k] * 3);
        x.at[k] = draw() % 50 == 0 ? (real)NAN : draw() % 20 == 0 ? (real)-INFINITY : x.at[k];
    }
    if (s.plain) {
        max_pool2d(s.C, s.H, s.W, s.kernel.h, x.at, y.at, argmax.at);
        max_pool2d_backward(s.C, s.H, s.W, s.kernel.h, argmax.at, d_y.at, d_x.at);
    } else {
        max_pool2d_general(s.C, s.H, s.W, s.OH, s.OW, s.kernel, s.stride, s.padding, s.dilation, x.at, y.at,
            argmax.at);
        max_pool2d_backward_general(s.C, s.H, s.W, s.OH, s.OW, s.kernel, s.stride, s.padding, s.dilation, argmax.at,
            d_y.at, d_x.at);
    }
    for (int k = 0; k < outputs * B; k++) {
        int b = k % B, n = k / B % (s.OH * s.OW), c = k / B / (s.OH * s.OW), best = -1, best_tap = -1, in;
        const real *xc = x.at + (size_t)c * s.H * s.W * B + b;
        for (int tap = 0; tap < area; tap++)
            if (is_inside(&s, n, tap, &in) &&
                (best < 0 || xc[(size_t)in * B] > xc[(size_t)best * B] || isnan(xc[(size_t)in * B])))
                best = in, best_tap = tap;
        expect_equal("y", (size_t)k, y.at[k], best < 0 ? (real)-INFINITY : xc[(size_t)best * B]);
        expect_equal("argmax", (size_t)k, argmax.at[k], (real)best_tap);
        if (best >= 0)
            right.at[((size_t)c * s.H * s.W + best) * B + b] += d_y.at[k];
    }
    for (size_t k = 0; k < d_x.count; k++)
        expect_equal("dx", k, d_x.at[k] + 0, right.at[k] + 0);
    take_bits(d_x);
    free(x.at), free(d_y.at), free(y.at), free(argmax.at), free(d_x.at), free(right.at);
}

static void check_avg_pool(Pool s)
{
    int area = s.kernel.h * s.kernel.w, outputs = s.C * s.OH * s.OW;
    Array x = random_value(s.C * s.H * s.W), d_y = random_derivative(outputs), y = new_array((size_t)outputs * B);
    Array d_x = new_array(x.count);
    Exact *d = calloc(x.count, sizeof *d);
    if (s.plain) {
        avg_pool2d(s.C, s.H, s.W, s.kernel.h, x.at, y.at);
        avg_pool2d_backward(s.C, s.H, s.W, s.kernel.h, d_y.at, d_x.at);
    } else {
        avg_pool2d_general(s.C, s.H, s.W, s.OH, s.OW, s.kernel, s.stride, s.padding, s.include_pad, s.divisor, x.at,
            y.at);
        avg_pool2d_backward_general(s.C, s.H, s.W, s.OH, s.OW, s.kernel, s.stride, s.padding, s.include_pad,
            s.divisor, d_y.at, d_x.at);
    }
    for (int k = 0; k < outputs * B; k++) {
        int b = k % B, n = k / B % (s.OH * s.OW), c = k / B / (s.OH * s.OW), inside = 0, padded = 0, in;
        Exact e = {0};
        for (int tap = 0; tap < area; tap++) {
            int h = n / s.OW * s.stride.h - s.padding.h + tap / s.kernel.w;
            int w = n % s.OW * s.stride.w - s.padding.w + tap % s.kernel.w;
            padded += h < s.H + s.padding.h && w < s.W + s.padding.w;
            inside += is_inside(&s, n, tap, &in);
        }
        long double divisor = s.divisor ? s.divisor : s.include_pad || s.plain ? padded : inside;
        for (int tap = 0; tap < area; tap++)
            if (is_inside(&s, n, tap, &in)) {
                size_t at = ((size_t)c * s.H * s.W + in) * B + b;
                term(&e, x.at[at] / divisor);
                term(&d[at], d_y.at[k] / divisor);
            }
        expect("y", (size_t)k, y.at[k], e);
    }
    for (size_t k = 0; k < d_x.count; k++)
        expect("dx", k, d_x.at[k], d[k]);
    take_bits(y), expect_derivative("dx", d_x);
    free(x.at), free(d_y.at), free(y.at), free(d_x.at), free(d);
}

// How many windows there are along an axis, as PyTorch counts them.
static int windows(int size, int reach, int stride, int padding, int ceil_mode)
{
    int n = (size + 2 * padding - reach - 1 + (ceil_mode ? stride - 1 : 0)) / stride + 1;
    return ceil_mode && (n - 1) * stride >= size + padding ? n - 1 : n;
}

static void check_pools(int average)
{
    for (int k = 0; k < 80; k++) {
        Pool s = {.plain = k % 4 == 0};
        int ceil_mode = between(0, 1);
        s.C = between(1, 3);
        s.H = between(1, 9);
        s.W = between(1, 10);
        s.kernel = s.plain ? pair(1 + k % 3, 1 + k % 3) : up_to(1, 4);
        s.stride = s.plain ? s.kernel : up_to(1, 4);
        s.padding = s.plain ? pair(0, 0) : some_pair(pair(0, 0), pair(s.kernel.h / 2, s.kernel.w / 2));
        s.dilation = s.plain || average ? pair(1, 1) : up_to(1, 2);
        s.include_pad = between(0, 1);
        s.divisor = s.plain || between(0, 3) ? 0 : between(1, 7);
        int reach_h = s.dilation.h * (s.kernel.h - 1), reach_w = s.dilation.w * (s.kernel.w - 1);
        if (s.H + 2 * s.padding.h <= reach_h || s.W + 2 * s.padding.w <= reach_w)
            continue;
        s.OH = windows(s.H, reach_h, s.stride.h, s.padding.h, ceil_mode && !s.plain);
        s.OW = windows(s.W, reach_w, s.stride.w, s.padding.w, ceil_mode && !s.plain);
        if (average)
            check_avg_pool(s);
        else
            check_max_pool(s);
    }
    Pool large = {16, 40, 41, 13, 13, {3, 3}, {3, 3}, {0, 0}, {1, 1}, 0, 0, 0}; // with threads
    for (large.plain = 0; large.plain < 2; large.plain++)
        if (average)
            check_avg_pool(large);
        else
            check_max_pool(large);
    report(average ? "avg_pool2d" : "max_pool2d");
}

int main(void)
{
    static const int sizes[][3] = {{7, 3, 1}, {1, 1, 1}, {4, 16, 1}, {16, 16, 1}, {16, 3, 3}, {17, 5, 2}, {300, 13, 1},
        {13, 300, 2}, {64, 25, 1}, {65, 26, 1}, {130, 49, 1}, {600, 30, 1}, {31, 12, 19},
        {300, 130, 1}}; // the last with threads
    check_sums();
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        check_linear(sizes[k][0], sizes[k][1], sizes[k][2]);
    report("linear");
    check_convolutions();
    check_pools(0);
    check_pools(1);
    printf("hash %016llx\n", (unsigned long long)hash);
    return failures > 0;
}
