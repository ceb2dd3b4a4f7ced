// speed.c: how fast the kernels of layers are: each as a share of the peak of multiply-adds of the same process,
// measured beside it, so that neighbours and clocks matter little. A tool, not a test: nothing asserts a time.
//
//     cc -O3 -march=native -DMT_BATCH=64 tests/kernels/speed.c -lm -o speed && taskset -c 0 ./speed
//
// Output: a line for each layer: percent of the peak (medians of several rounds; processor time) and microseconds of
// forward, gradient by x, by the weight. More than 100 % is possible where taps fall outside of the image.
#define _POSIX_C_SOURCE 200809L
#define MT_KERNELS
#include "../../runtime/vec.c"

#include "../../compiler/ops/linear.c"

#include "../../compiler/ops/conv2d.c"
#undef PLAIN
#undef SHORT
#undef LONG
#include "../../compiler/ops/max_pool2d.c"
#include <time.h>

enum { ROUNDS = 9 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// Multiply-adds a second, in twelve chains.
static double peak(void)
{
    enum { TIMES = 400000 };
    vec a = all((real)1.0000001), b = all((real)1e-9);
#define CHAIN(r) vec x##r = all(r);
#define LINK(r) x##r = x##r * a + b;
#define END(r) b += x##r;
    MT_ROWS_12(MT_ONE, CHAIN);
    double t = now();
    for (long k = 0; k < TIMES; k++) {
        MT_ROWS_12(MT_ONE, LINK);
#if defined __GNUC__
        __asm__ volatile("" : : : "memory");
#endif
    }
    t = now() - t;
    MT_ROWS_12(MT_ONE, END);
    real result[LANES];
    store(result, b);
    static volatile real sink; // what nobody reads would not be computed
    sink = result[0];
    (void)sink;
    return 12.0 * TIMES * LANES / t;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *x)
{
    qsort(x, ROUNDS, sizeof *x, ascending);
    return x[ROUNDS / 2];
}

// At a multiple of 64 bytes, as values of a program are; never given back.
static real *room(size_t count)
{
    char *bytes = malloc(count * sizeof(real) + 64);
    if (!bytes)
        exit(1);
    real *x = (real *)(void *)(bytes + 64 - (uintptr_t)bytes % 64);
    for (size_t k = 0; k < count; k++)
        x[k] = (real)(k % 17) / 17 - (real)0.5;
    return x;
}

// A layer: its kernels over its own arrays, and how many multiply-adds each of the three does.
typedef struct {
    int I, O, N;
    struct Convolution s; // linear: C is 0
    real *x, *y, *d_x, *w, *d_w, *bias;
} Layer;

static void run(const Layer *l, int what)
{
    const struct Convolution *s = &l->s;
    if (s->C == 0 && what == 0)
        linear(l->I, l->O, l->N, l->x, l->w, l->bias, l->y);
    else if (s->C == 0 && what == 1)
        linear_backward_input(l->I, l->O, l->N, l->w, l->y, l->d_x);
    else if (s->C == 0)
        linear_backward_weight(l->I, l->O, l->N, l->x, l->y, l->d_w);
    else if (what == 0)
        conv2d_general(s->C, s->H, s->W, s->O, s->OH, s->OW, s->kernel, s->stride, s->padding, s->dilation, s->groups,
            l->x, l->w, l->bias, l->y);
    else if (what == 1)
        conv2d_backward_input_general(s->C, s->H, s->W, s->O, s->OH, s->OW, s->kernel, s->stride, s->padding,
            s->dilation, s->groups, l->w, l->y, l->d_x);
    else
        conv2d_backward_weight_general(s->C, s->H, s->W, s->O, s->OH, s->OW, s->kernel, s->stride, s->padding,
            s->dilation, s->groups, l->x, l->y, l->d_w);
}

static void measure(const char *name, const Layer *l, double work)
{
    double share[3][ROUNDS], seconds[3][ROUNDS];
    int times = 1 + (int)(3e7 / work);
    for (int what = 0; what < 3; what++)
        run(l, what);
    for (int k = 0; k < ROUNDS; k++)
        for (int what = 0; what < 3; what++) {
            double before = peak(), t = now();
            for (int i = 0; i < times; i++)
                run(l, what);
            t = (now() - t) / times;
            seconds[what][k] = t;
            double after = peak();
            share[what][k] = 100 * work / t / (before > after ? before : after);
        }
    printf("%-34s", name);
    for (int what = 0; what < 3; what++)
        printf("  %s %3.0f %% %8.2f us", what == 0 ? "y" : what == 1 ? "dx" : "dW", median(share[what]),
            1e6 * median(seconds[what]));
    printf("\n");
    fflush(stdout);
}

static void measure_linear(int I, int O, int P)
{
    size_t N = (size_t)P * B;
    Layer l = {.I = I, .O = O, .N = (int)N};
    char name[64];
    l.x = room(I * N), l.y = room(O * N), l.d_x = room(I * N), l.w = room((size_t)I * O), l.d_w = room((size_t)I * O);
    l.bias = room((size_t)O);
    snprintf(name, sizeof name, "linear %d->%d, %d columns", I, O, (int)N);
    measure(name, &l, (double)I * O * (double)N);
}

static void measure_convolution(int C, int O, int H, int K, int stride, int padding)
{
    int OH = (H + 2 * padding - K) / stride + 1;
    Layer l = {.s = {C, H, H, O, OH, OH, {K, K}, {stride, stride}, {padding, padding}, {1, 1}, 1}};
    size_t weights = (size_t)C * O * K * K;
    char name[64];
    l.x = room((size_t)C * H * H * B), l.y = room((size_t)O * OH * OH * B), l.d_x = room((size_t)C * H * H * B);
    l.w = room(weights), l.d_w = room(weights), l.bias = room((size_t)O);
    snprintf(name, sizeof name, "conv2d %d->%d, %dx%d, %dx%d%s, %d", C, O, H, H, K, K, stride > 1 ? "/2" : "", B);
    measure(name, &l, (double)weights * OH * OH * B);
}

static void measure_pooling(int C, int H)
{
    size_t in = (size_t)C * H * H * B, out = in / 4;
    real *x = room(in), *y = room(out), *argmax = room(out), *d_x = room(in);
    double forward[ROUNDS], backward[ROUNDS];
    for (int k = 0; k < ROUNDS; k++) {
        double t = now();
        for (int i = 0; i < 100; i++)
            max_pool2d(C, H, H, 2, x, y, argmax);
        forward[k] = (now() - t) / 100;
        t = now();
        for (int i = 0; i < 100; i++)
            max_pool2d_backward(C, H, H, 2, argmax, y, d_x);
        backward[k] = (now() - t) / 100;
    }
    printf("max_pool2d %d, %dx%d, %d: y %.2f us, dx %.2f us\n", C, H, H, B, 1e6 * median(forward),
        1e6 * median(backward));
}

int main(int argc, char **argv)
{
    int part = argc > 1 ? argv[1][0] : 'a'; // l, c, p: linear, convolutions, pooling alone
    if (part != 'c' && part != 'p') {
        measure_linear(784, 512, 1);
        measure_linear(512, 256, 1);
        measure_linear(256, 10, 1);
        measure_linear(400, 120, 1);
        measure_linear(120, 84, 1);
        measure_linear(84, 10, 1);
        measure_linear(4, 16, 1);
        measure_linear(16, 16, 1);
        measure_linear(128, 384, 256 / B);
    }
    if (part != 'l' && part != 'p') {
        measure_convolution(1, 6, 28, 5, 1, 2);
        measure_convolution(6, 16, 14, 5, 1, 0);
        measure_convolution(16, 16, 32, 3, 1, 1);
        measure_convolution(64, 64, 8, 3, 1, 1);
        measure_convolution(16, 32, 32, 3, 2, 1);
        measure_convolution(32, 64, 16, 1, 1, 0);
    }
    if (part != 'l' && part != 'c') {
        measure_pooling(6, 28);
        measure_pooling(16, 10);
    }
    return 0;
}
