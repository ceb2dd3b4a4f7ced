/* step.c: times a training step of a trainer that mtc wrote, and the machine's peak, in one process.
 *
 *     cc -O3 -march=native -DMT_NO_MAIN -DTRAINER='"mlp.c"' step.c -lm -o step && ./step CLASSES STEPS
 *
 * A net that owns buffers (batch_norm) needs -DBUFFERS_OF_NET as well.
 *
 * Input:  the trainer's C (included: nothing of it is changed); on the command line the number of classes and how many
 *         steps to time. The batch is filled with random numbers once: data are in memory, as in torch_step.py.
 * Output: one line: seconds of a step (forward, loss, backward, divide, step, zero_grad), and multiply-adds a second that
 *         the processor reached beside it, before and after. bench.py runs this in turns with PyTorch.
 */
#include TRAINER
#undef main

static double clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Multiply-adds a second, in twelve chains of one vector each: the best of a few short rounds. */
#ifdef __AVX512F__
enum { WIDTH = 64 / sizeof(real) };
#elif defined __AVX__
enum { WIDTH = 32 / sizeof(real) };
#else
enum { WIDTH = 16 / sizeof(real) };
#endif
#ifdef BUFFERS_OF_NET
static struct Buffers buffers;
#define FORWARD(p, v) forward_train(p, &buffers, v, BATCH)
#define INIT_BUFFERS() init_buffers(&buffers)
#else
#define FORWARD(p, v) forward(p, v)
#define INIT_BUFFERS() (void)0
#endif
typedef real Wide __attribute__((vector_size(WIDTH * sizeof(real))));

static double peak(void)
{
    enum { CHAINS = 12, TURNS = 100000, ROUNDS = 5 };
    static volatile real start = (real)0.5;
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
        Wide factor = {0}, a = {0}, b, c, d, e, f, g, h, i, j, k, l;
        factor += start;
        a += start;
        b = a + start, c = b + start, d = c + start, e = d + start, f = e + start; /* all different: nothing is shared */
        g = f + start, h = g + start, i = h + start, j = i + start, k = j + start, l = k + start;
        double began = clock_now();
        for (int turn = 0; turn < TURNS; turn++) {
#define CHAIN(x) x = x * factor + factor
            CHAIN(a), CHAIN(b), CHAIN(c), CHAIN(d), CHAIN(e), CHAIN(f);
            CHAIN(g), CHAIN(h), CHAIN(i), CHAIN(j), CHAIN(k), CHAIN(l);
        }
        double taken = clock_now() - began;
        a += b + c + d + e + f + g + h + i + j + k + l;
        start = a[0] > 0 ? (real)0.5 : start; /* so that nothing can be left out */
        double rate = (double)CHAINS * WIDTH * TURNS / taken;
        best = rate > best ? rate : best;
    }
    return best;
}

int main(int argc, char **argv)
{
    int classes = argc > 1 ? atoi(argv[1]) : 10, steps = argc > 2 ? atoi(argv[2]) : 100;
    static struct Values v, d;
    static struct Options options;
    struct Memory memory = {0};
    struct Parameters *p = calloc(1, sizeof *p), *g = calloc(1, sizeof *g);
    struct Optimizer *optimizer = calloc(1, sizeof *optimizer);
    uint32_t state = 1;
    if (!p || !g || !optimizer)
        return EXIT_FAILURE;
    options.optimizer.lr = 0.01;
    options.optimizer.momentum = 0.9;
    plan(&memory, &v, &d);
    open_memory(&memory);
    init_parameters(p, 1);
    INIT_BUFFERS();
    for (const struct ValueEntry *entry = values; entry < values + VALUES; entry++) {
        void *place;
        size_t count = B;
        memcpy(&place, (char *)&v + entry->place, sizeof place);
        for (int axis = 0; axis < entry->axes; axis++)
            count *= (size_t)entry->shape[axis];
        if (place == v.x)
            for (size_t i = 0; i < count; i++)
                v.x[i] = (real)((state = state * 1664525u + 1013904223u) >> 8) / (1 << 24);
    }
    for (int i = 0; i < B; i++)
        v.y[i] = (int)((state = state * 1664525u + 1013904223u) >> 8) % classes;
    double before = peak(), began = 0, sum = 0;
    for (int k = -steps / 10; k < steps; k++) { /* the first tenth warms up */
        if (k == 0)
            began = clock_now();
        FORWARD(p, &v);
        struct Loss l = loss(&v, BATCH);
        backward(p, &v, &d, g, BATCH);
        divide(g, l.loss.denominator);
        step(p, g, optimizer, &options, options.optimizer.lr);
        zero_grad(g);
        sum += l.loss.sum;
    }
    double taken = (clock_now() - began) / steps, after = peak();
    printf("%.9g %.6g %.6g\n", taken, before > after ? before : after, sum);
    return sum == sum ? EXIT_SUCCESS : EXIT_FAILURE;
}
