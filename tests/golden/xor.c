/* xor: the whole trainer, made by mtc from model.mt (edition 1).
 *
 *     cc -O3 -march=native FILE.c -lm -o train && ./train --help
 *
 * First the model, the optimizer and the training loop, then the operations that they call, then
 * the runtime. -fopenmp: threads; -DMT_DOUBLE: double instead of float; -ffp-contract=off: the same
 * bits on every machine. */

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef MT_DOUBLE
typedef double real;
#else
typedef float real;
#endif

#ifndef MT_BATCH
#define MT_BATCH 4
#endif

/* A value of shape [B, d1, d2] is stored as v[d1][d2][B]: feature by feature, the batch innermost.
 * B is the batch, rounded up to whole groups of 16 lanes. Lanes without an example of their own
 * repeat the last one, and count nowhere: not in the loss, not in a gradient, not in a metric. */
enum { BATCH = MT_BATCH, B = (BATCH + 15) / 16 * 16 };

/* ------------------------------------------------------------------------------------------------
 * model xor(x: [B, 2])
 * --------------------------------------------------------------------------------------------- */

/* A mean over examples, as its two sums: so a short batch weighs what it should. */
struct Mean {
    double sum, denominator;
};
/* A number that is reported: the loss, a named row of it, a metric. */
struct Report {
    const char *name;
    int is_sum; /* nothing divides it */
};

static double binary_accuracy(int P, int n, const real *x, const real *target, double threshold);
static double binary_cross_entropy_with_logits(int P, int n, const real *x, const real *target);
static void binary_cross_entropy_with_logits_backward(
    int P, int n, const real *x, const real *target, double d_loss, real *d_x);
static void linear(
    int I, int O, int N, const real *x, const real *weight, const real *bias, real *y);
static void linear_backward_input(
    int I, int O, int N, const real *weight, const real *d_y, real *d_x);
static void linear_backward_weight(
    int I, int O, int N, const real *x, const real *d_y, real *d_weight);
static void linear_backward_bias(int O, int N, const real *d_y, real *d_bias);
static inline real hyperbolic_tangent(real x);
static void mean_add(struct Mean *to, struct Mean more);

/* p: the parameters, by PyTorch's paths; g: the gradient of the loss by the parameter of the same
 * name. */
struct Parameters {
    struct {
        real weight[8 * 2];
        real bias[8];
    } hidden;
    struct {
        real weight[1 * 8];
        real bias[1];
    } logit;
};

/* v: the values of a forward pass, by the rows that make them (row__stage inside a row); d: the
 * gradient of the loss by the value of the same name. */
struct Values {
    real *x; /* [B, 2] */
    real *hidden__linear; /* [B, 8] */
    real *hidden; /* [B, 8] */
    real *logit; /* [B, 1] */
    real *y; /* [B, 1] */
};

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* hidden: linear(8) -> tanh */
    linear(2, 8, B, v->x, p->hidden.weight, p->hidden.bias, v->hidden__linear);
    for (int i = 0; i < 8 * B; i++)
        v->hidden[i] = hyperbolic_tangent(v->hidden__linear[i]);

    /* logit: linear(1) */
    linear(8, 1, B, v->hidden, p->logit.weight, p->logit.bias, v->logit);
}

/* The criterion over some examples, and the values of named rows. */
struct Loss {
    struct Mean loss;
};

/* The examples of both. */
static void loss_add(struct Loss *to, const struct Loss *more) { mean_add(&to->loss, more->loss); }

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* binary_cross_entropy_with_logits(logit, y)        loss = sum of -t log s - (1 - t) log(1 -
     * s),  s = sigmoid(x), t = target */
    l.loss.sum = binary_cross_entropy_with_logits(1, n, v->logit, v->y);
    l.loss.denominator = n;
    return l;
}

/* loss > logit > hidden
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* binary_cross_entropy_with_logits(logit, y) */
    /* dx = s - t, and 0 past the n examples */
    binary_cross_entropy_with_logits_backward(1, n, v->logit, v->y, 1, d->logit);

    /* logit: linear(1) */
    linear_backward_weight(8, 1, B, v->hidden, d->logit, g->logit.weight); /* dW += dy x^T */
    linear_backward_bias(1, B, d->logit, g->logit.bias); /* db += sum dy */
    linear_backward_input(8, 1, B, p->logit.weight, d->logit, d->hidden); /* dx = W^T dy */

    /* hidden: linear(8) -> tanh */
    /* dx = (1 - y^2) dy */
    for (int i = 0; i < 8 * B; i++)
        d->hidden__linear[i] = d->hidden[i] * (1 - v->hidden[i]) * (1 + v->hidden[i]);
    linear_backward_weight(2, 8, B, v->x, d->hidden__linear, g->hidden.weight); /* dW += dy x^T */
    linear_backward_bias(8, B, d->hidden__linear, g->hidden.bias); /* db += sum dy */
    if (d->x) {
        /* only gradcheck asks for the derivative by an input */
        linear_backward_input(2, 8, B, p->hidden.weight, d->hidden__linear, d->x); /* dx = W^T dy */
    }
}

/* What an evaluation adds up. */
struct Metrics {
    struct Loss l;
    struct Mean acc;
};

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);

    /* acc = binary_accuracy(logit, y) */
    m->acc.sum += binary_accuracy(1, n, v->logit, v->y, 0);
    m->acc.denominator += n;
}

/* One number for each: means over all examples, and what is computed from them. */
static void metrics_result(const struct Metrics *m, double *result)
{
    result[0] = m->l.loss.sum / m->l.loss.denominator;
    result[1] = m->acc.sum / m->acc.denominator;
}

/* ------------------------------------------------------------------------------------------------
 * settings
 * --------------------------------------------------------------------------------------------- */

/* A setting that the command line may change: `place` is its offset in struct Options. */
enum FlagKind {
    FLAG_INT,
    FLAG_LONG,
    FLAG_REAL,
    FLAG_PAIR,
    FLAG_BOOL,
    FLAG_PATH,
    FLAG_DURATION,
    FLAG_DURATIONS
};
struct Duration {
    double count;
    int epochs; /* in epochs, else in steps of the optimizer */
};
struct Durations {
    double at[32]; /* each longer than the one before */
    int count, epochs;
};
struct Flag {
    const char *key;
    size_t place;
    enum FlagKind kind;
    const char *value; /* of the file */
    double least, most; /* both included */
    const char *doc;
};
/* No bound. Not INFINITY, which some compilers do not take for a constant. */
#define MT_ANY 1.7976931348623157e308
/* A macro's value as a string. */
#define MT_TEXT(macro) MT_TEXT_OF(macro)
#define MT_TEXT_OF(text) #text
/* What a command is told besides. */
struct Arguments {
    const char *command;
    const char *init, *init_missing, *save, *log, *split, *value, *out, *elements, *dropout;
    int json, step;
};

static inline real square_root(real x);
static inline double whole_power(double x, int n);
static double uniform(uint64_t seed, const char *path, size_t element);

#define MT_PROGRAM "xor"

/* What the command line may change, --optimizer.lr=0.1 or --lr=0.1. The values of model.mt are in
 * the table flags[]. */
struct Options {
    struct {
        int batch;
        int shuffle;
        int drop_last;
    } data;
    struct {
        double lr;
        double betas[2];
        double eps;
        double weight_decay;
    } optimizer;
    struct {
        struct Duration run;
        int accumulate;
        int64_t seed;
        struct Duration log_every;
        struct Duration eval_every;
    } train;
};

/* ------------------------------------------------------------------------------------------------
 * optimizer adam(lr=0.05)
 * --------------------------------------------------------------------------------------------- */

/* What the optimizer is given: every parameter, where it is in struct Parameters, how it starts,
 * and the options of its group. A weight_decay below 0 is the optimizer's. */
#define REALS_BEFORE(path) (offsetof(struct Parameters, path) / sizeof(real))
#define REALS_IN(path) (sizeof((struct Parameters *)0)->path / sizeof(real))
#define PLACE(path) REALS_BEFORE(path), REALS_IN(path)
#define PARAMETER(path) #path, PLACE(path)
static const struct Parameter {
    const char *path;
    size_t offset, count; /* in struct Parameters, in reals */
    int shape[8]; /* ends in 0 */
    enum Init { CONSTANT, UNIFORM, NORMAL } init;
    double center, spread; /* half the width, or the standard deviation */
    double lr_scale, weight_decay; /* both 0 where the loss does not reach it */
    int frozen;
} parameters[] = {
    /* path, shape, start, lr_scale, weight_decay, frozen */
    {PARAMETER(hidden.weight), {8, 2}, UNIFORM, 0, 0.7071067811865475, 1, -1, 0},
    {PARAMETER(hidden.bias), {8}, UNIFORM, 0, 0.7071067811865475, 1, -1, 0},
    {PARAMETER(logit.weight), {1, 8}, UNIFORM, 0, 0.35355339059327373, 1, -1, 0},
    {PARAMETER(logit.bias), {1}, UNIFORM, 0, 0.35355339059327373, 1, -1, 0},
};
enum { BUFFERS = 0, PARAMETERS = sizeof parameters / sizeof *parameters };

/* What adam remembers from step to step. */
struct Optimizer {
    int t; /* steps taken */
    struct Parameters exp_avg; /* moving mean of the gradient */
    struct Parameters exp_avg_sq; /* moving mean of its square */
};

/* Every number is drawn by itself, from the seed, the path and its place, so that a row more or
 * less leaves the others as they are. */
static void init_parameters(struct Parameters *p, uint64_t seed)
{
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++) {
        real *w = (real *)p + k->offset;
        for (size_t i = 0; i < k->count; i++)
            w[i] = (real)(k->center + k->spread * (2 * uniform(seed, k->path, i) - 1));
    }
}

/* backward only ever adds to g: without this, a step would follow old gradients as well. */
static void zero_grad(struct Parameters *g)
{
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++)
        memset((real *)g + k->offset, 0, k->count * sizeof(real));
}

/* Makes a mean of the sum: the denominator is that of all examples of a step. */
static void divide(struct Parameters *g, double denominator)
{
    real share = (real)(1 / denominator);
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++) {
        real *d_w = (real *)g + k->offset;
        for (size_t i = 0; i < k->count; i++)
            d_w[i] *= share;
    }
}

/* No schedule: the same at every step. */
static double learning_rate(const struct Options *options, int step, int steps_per_epoch)
{
    (void)step;
    (void)steps_per_epoch;
    return options->optimizer.lr;
}

/* Only here do parameters change:   g = dw + weight_decay w,  m = b1 m + (1 - b1) g,  v = b2 v + (1
 * - b2) g^2,  w -= lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps) */
static void step(struct Parameters *p, const struct Parameters *g, struct Optimizer *optimizer,
    const struct Options *options, double lr)
{
    int t = ++optimizer->t;
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++) {
        if (k->frozen)
            continue;
        real *w = (real *)p + k->offset;
        const real *d_w = (const real *)g + k->offset;
        real *exp_avg = (real *)&optimizer->exp_avg + k->offset;
        real *exp_avg_sq = (real *)&optimizer->exp_avg_sq + k->offset;
        double weight_decay = k->weight_decay;
        if (weight_decay < 0)
            weight_decay = options->optimizer.weight_decay;
        double own_lr = lr * k->lr_scale;
        real keep1 = (real)options->optimizer.betas[0];
        real take1 = (real)(1 - options->optimizer.betas[0]);
        real keep2 = (real)options->optimizer.betas[1];
        real take2 = (real)(1 - options->optimizer.betas[1]);
        real decay = (real)weight_decay;
        double root2 = sqrt(1 - whole_power(options->optimizer.betas[1], t));
        real rate = (real)(own_lr / (1 - whole_power(options->optimizer.betas[0], t)) * root2);
        real epsilon = (real)(options->optimizer.eps * root2);
        for (size_t i = 0; i < k->count; i++) {
            real gradient = d_w[i] + decay * w[i];
            exp_avg[i] = keep1 * exp_avg[i] + take1 * gradient;
            exp_avg_sq[i] = keep2 * exp_avg_sq[i] + take2 * gradient * gradient;
            w[i] = w[i] - rate * exp_avg[i] / (square_root(exp_avg_sq[i]) + epsilon);
        }
    }
}

/* ------------------------------------------------------------------------------------------------
 * data
 * --------------------------------------------------------------------------------------------- */

/* A column of a split: one entry of `count` numbers for every example, as the files have them. */
struct Array {
    const unsigned char *data; /* of example 0; NULL: not opened, as targets when predicting */
    size_t stride; /* bytes from an entry to the next one of the file */
    int type, examples;
    size_t count;
    const char *name, *path; /* for messages: "image", "train-images-idx3-ubyte" */
    const struct ArrayFile *file; /* of several files; NULL: all entries stand behind data */
    int files;
    size_t offset; /* of the column in what a file has for an example */
};

/* All memory of the run: one piece, as large as the lives in it need. */
struct Memory {
    struct Life *life;
    size_t lives, bytes;
    int keep_all; /* give does nothing: after a step every value can still be looked at */
};
#define TAKE(memory, pointer, count) take(memory, &(pointer), count, sizeof *(pointer))
#define GIVE(memory, pointer) give(memory, &(pointer))

static void data_error(const char *format, ...);
static void read_reals(const struct Array *a, const int *example, real *x);
static struct Array inline_reals(const void *data, const char *name, int examples, size_t count);
static void take(struct Memory *memory, void *pointer, size_t count, size_t size);
static void give(struct Memory *memory, void *pointer);
static void shuffle(int count, int *order, uint64_t seed, int epoch);

/* A split of the data: a column of every source that is used, with an entry for each example. */
struct Dataset {
    const char *split; /* "train" */
    struct Array x; /* [2] */
    struct Array y; /* [1] */
    int examples;
    int *rows; /* which entries of the columns they are, in order; NULL: all */
};

struct Data {
    struct Dataset train;
};

/* The examples of train, which the program itself has. */
static const struct {
    real x[4][2];
    real y[4][1];
} inline_train = {
    {{0, 0}, {0, 1}, {1, 0}, {1, 1}},
    {{0}, {1}, {1}, {0}},
};

/* train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]]) */
static void open_train(const struct Options *options, struct Dataset *s, int targets)
{
    (void)options;
    s->split = "train";
    s->x = inline_reals(inline_train.x, "x", 4, 2);
    if (targets)
        s->y = inline_reals(inline_train.y, "y", 4, 1);
    s->examples = s->x.examples;
}

/* What open_data opens: splits, and (to predict takes none) the columns of targets. */
enum { OPEN_TRAIN = 1, OPEN_VALID = 2, OPEN_TEST = 4, OPEN_TARGETS = 8 };

/* Faults of the files end the program here, before the first step. */
static void open_data(const struct Options *options, struct Data *data, int open)
{
    int targets = open & OPEN_TARGETS;
    if (open & OPEN_TRAIN)
        open_train(options, &data->train, targets);
}

/* Hands out a dataset in batches; `order[next]` is the example to come. */
struct Dataloader {
    const struct Dataset *dataset;
    int *order; /* [examples] */
    int next, batch, shuffle, drop_last;
};

static void open_loader(struct Memory *memory, struct Dataloader *loader,
    const struct Dataset *dataset, int batch, int shuffle, int drop_last)
{
    if (drop_last && dataset->examples < batch)
        data_error("%s has %d examples, less than one batch of %d: drop_last leaves none",
            dataset->split, dataset->examples, batch);
    loader->dataset = dataset;
    loader->batch = batch;
    loader->shuffle = shuffle;
    loader->drop_last = drop_last;
    TAKE(memory, loader->order, (size_t)dataset->examples);
}

/* From the first example on, in the order of the files. */
static void loader_rewind(struct Dataloader *loader)
{
    const struct Dataset *s = loader->dataset;
    for (int i = 0; i < s->examples; i++)
        loader->order[i] = s->rows ? s->rows[i] : i;
    loader->next = 0;
}

/* From the first example on; with `shuffle` in an order that depends on the seed and the epoch
 * alone. */
static void loader_shuffle(struct Dataloader *loader, uint64_t seed, int epoch)
{
    loader_rewind(loader);
    if (loader->shuffle)
        shuffle(loader->dataset->examples, loader->order, seed, epoch);
}

/* The batches of an epoch; the last one may be short, or (drop_last) left out. */
static int loader_batches(const struct Dataloader *loader)
{
    int n = loader->dataset->examples;
    return n / loader->batch + (n % loader->batch > 0 && !loader->drop_last);
}

static int loader_at_end(const struct Dataloader *loader)
{
    int left = loader->dataset->examples - loader->next;
    return left < (loader->drop_last ? loader->batch : 1);
}

/* The next batch into v: how many examples it has, 0 after the last. Lanes past them repeat the
 * last one. */
static int loader_next(struct Dataloader *loader, struct Values *v)
{
    const struct Dataset *s = loader->dataset;
    int left = s->examples - loader->next, n = left < loader->batch ? left : loader->batch;
    int example[B];
    if (loader_at_end(loader))
        return 0;
    for (int b = 0; b < B; b++)
        example[b] = loader->order[loader->next + (b < n ? b : n - 1)];
    loader->next += n;

    /* x: as the source has it */
    read_reals(&s->x, example, v->x);

    /* y: as the source has it */
    read_reals(&s->y, example, v->y);

    return n;
}

/* ------------------------------------------------------------------------------------------------
 * train
 * --------------------------------------------------------------------------------------------- */

struct Log {
    FILE *json; /* --log=FILE, or NULL */
    const char *path;
    int terminal; /* standard output is one: a line of progress is drawn over and over */
    int drawn; /* it stands there now */
    int failed; /* a line could not be written */
    int steps_per_epoch, steps; /* of the run */
    int done; /* steps so far */
    double began, line_at, step_at, drawn_at; /* in seconds */
    double examples; /* since line_at */
};

/* A value of the model: where struct Values points to it, and what it is. It is stored feature by
 * feature, the examples innermost: [features][B]. */
struct ValueEntry {
    const char *path;
    size_t place; /* of the pointer, in struct Values */
    char kind; /* 'r': real, 'i': int, 'b': unsigned char */
    int axes, shape[7]; /* of an example, in PyTorch's order */
    long classes; /* whole numbers below it; 0: any */
    int last_outermost; /* how it is stored: the last axis first */
    int is_input; /* of the model */
};

struct Buffers;
static void log_run(struct Log *log, const struct Options *options, int steps, int steps_per_epoch);
static void log_step(struct Log *log, int epoch, int steps, double lr, const struct Loss *running);
static void log_eval(
    struct Log *log, int epoch, int steps, const char *split, const double *result);
static void show_progress(
    struct Log *log, int epoch, int steps, int examples, const struct Loss *running);
static int in_steps(struct Duration duration, int steps_per_epoch);
static int steps_in_epoch(const struct Dataloader *loader, int accumulate);
static int is_due(struct Duration every, int steps, int steps_per_epoch);
static int diverged(struct Log *log, const struct Parameters *p, struct Buffers *s,
    struct Dataloader *loader, uint64_t seed, int epoch, int i, int steps, int examples);
static int diverged_at_end(struct Log *log, const struct Parameters *p, struct Buffers *s,
    struct Dataloader *loader, uint64_t seed, int steps, double result);
static int stop_requested(const struct Log *log);
static int stopped(struct Log *log, int steps);

/* What is reported: the loss and its named rows while training, all of it by an evaluation. */
static const struct Report reports[] = {{"loss", 0}, {"acc", 0}};
enum { LOSS_REPORTS = 1, REPORTS = 2 };
#define EVALUATED "train"

/* Loss and metrics over a whole split: sums, divided at the end. */
static void evaluate(
    const struct Parameters *p, struct Values *v, struct Dataloader *loader, double *result)
{
    struct Metrics metrics;
    memset(&metrics, 0, sizeof metrics);
    loader_rewind(loader);
    for (int n; (n = loader_next(loader, v)) > 0;) {
        forward(p, v);
        metrics_add(&metrics, v, n);
    }
    metrics_result(&metrics, result);
}

/* Returns the exit code: 0, or that of a run that was stopped or diverged. */
static int train(const struct Options *options, struct Parameters *p, struct Parameters *g,
    struct Optimizer *optimizer, struct Values *v, struct Values *d, struct Dataloader *trainloader,
    struct Dataloader *evalloader, struct Log *log)
{
    uint64_t seed = (uint64_t)options->train.seed;
    int steps_per_epoch = steps_in_epoch(trainloader, options->train.accumulate);
    int run = in_steps(options->train.run, steps_per_epoch), steps = 0;
    const struct Loss nothing = {{0, 0}};
    struct Loss running = nothing; /* of the examples since the last line of the log */
    double result[REPORTS];

    log_run(log, options, run, steps_per_epoch);
    zero_grad(g);
    for (int epoch = 0; steps < run; epoch++) {
        /* over the dataset multiple times */
        int examples = 0; /* of the micro-batches since the last step */
        double denominator = 0; /* of the mean over them */
        loader_shuffle(trainloader, seed, epoch);
        for (int i = 0, n; steps < run && (n = loader_next(trainloader, v)) > 0; i++) {
            /* forward + backward */
            forward(p, v);
            struct Loss batch = loss(v, n);
            if (!isfinite(batch.loss.sum))
                return diverged(log, p, NULL, trainloader, seed, epoch, i, steps, examples);
            backward(p, v, d, g, n);
            loss_add(&running, &batch);
            denominator += batch.loss.denominator;
            examples += n;

            /* optimize. i + 1, because i % accumulate == 0 holds after the very first micro-batch;
             * the end, because a short last group would leak into the next epoch. */
            if ((i + 1) % options->train.accumulate == 0 || loader_at_end(trainloader)) {
                double lr = learning_rate(options, steps, steps_per_epoch);
                divide(g, denominator); /* once a step: the loss is a mean over all its examples */
                step(p, g, optimizer, options, lr);
                zero_grad(g);
                steps++;
                show_progress(log, epoch, steps, examples, &running);
                examples = 0;
                denominator = 0;

                /* print statistics */
                if (is_due(options->train.log_every, steps, steps_per_epoch) || steps == run) {
                    log_step(log, epoch, steps, lr, &running);
                    running = nothing;
                }
                if (is_due(options->train.eval_every, steps, steps_per_epoch) || steps == run) {
                    evaluate(p, v, evalloader, result);
                    log_eval(log, epoch, steps, EVALUATED, result);
                    if (steps == run && !isfinite(result[0]))
                        return diverged_at_end(log, p, NULL, evalloader, seed, steps, result[0]);
                }
                if (stop_requested(log))
                    return stopped(log, steps);
            }
        }
    }
    return 0;
}

/* ------------------------------------------------------------------------------------------------
 * memory
 * --------------------------------------------------------------------------------------------- */

/* The life of every value through one step, in the order of forward, loss and backward. Values that
 * never meet share their storage. */
static void plan(struct Memory *memory, struct Values *v, struct Values *d)
{
    TAKE(memory, v->x, 2 * B);
    TAKE(memory, v->y, 1 * B);
    TAKE(memory, v->hidden__linear, 8 * B);
    TAKE(memory, v->hidden, 8 * B);
    GIVE(memory, v->hidden__linear);
    TAKE(memory, v->logit, 1 * B);

    TAKE(memory, d->logit, 1 * B);
    GIVE(memory, v->logit);
    TAKE(memory, d->hidden, 8 * B);
    GIVE(memory, d->logit);
    TAKE(memory, d->hidden__linear, 8 * B);
    GIVE(memory, v->hidden);
    GIVE(memory, d->hidden);
    if (memory->keep_all) /* gradcheck asks for it; training never does */
        TAKE(memory, d->x, 2 * B);
    GIVE(memory, d->hidden__linear);
    GIVE(memory, v->x);
    GIVE(memory, v->y);
}

/* Every value that can be looked at, in the order in which they are made. */
static const struct ValueEntry values[] = {
    /* path, place, kind, axes behind B, their sizes, classes, last axis outermost, input of the
     * model */
    {"x", offsetof(struct Values, x), 'r', 1, {2}, 0, 0, 1},
    {"hidden__linear", offsetof(struct Values, hidden__linear), 'r', 1, {8}, 0, 0, 0},
    {"hidden", offsetof(struct Values, hidden), 'r', 1, {8}, 0, 0, 0},
    {"logit", offsetof(struct Values, logit), 'r', 1, {1}, 0, 0, 0},
    {"y", offsetof(struct Values, y), 'r', 1, {1}, 0, 0, 0},
};
enum { VALUES = sizeof values / sizeof *values };

/* ------------------------------------------------------------------------------------------------
 * main
 * --------------------------------------------------------------------------------------------- */

struct TensorEntry {
    char *name;
    char dtype[8];
    int rank;
    uint64_t shape[8], begin, end; /* begin, end: in bytes, behind the header */
};
struct TensorFile {
    const char *path;
    const unsigned char *numbers; /* what stands behind the header */
    uint64_t bytes; /* of them */
    struct TensorEntry *entries;
    int count;
    char **metadata; /* key, value, key, value ... */
    int pairs;
    unsigned char *all;
    const char *fault; /* what is wrong with it */
};

struct Trainer;
static int read_command_line(
    int argc, char **argv, struct Options *options, struct Arguments *given);
static void open_memory(struct Memory *memory);
static int command_eval(struct Trainer *t);
static int command_gradcheck(struct Trainer *t);
static int command_grads(struct Trainer *t);
static int command_info(struct Trainer *t);
static int command_predict(struct Trainer *t);
static int start_training(struct Trainer *t, struct Log *log);
static int end_training(struct Trainer *t, struct Log *log, int status, char *more);

#define OPTION(path) #path, offsetof(struct Options, path)
static const struct Flag flags[] = {
    /* key, kind, value in model.mt, least, most, what it is */
    {OPTION(data.batch), FLAG_INT, MT_TEXT(MT_BATCH), 1, BATCH, "examples of a micro-batch"},
    {OPTION(data.shuffle), FLAG_BOOL, "false", -MT_ANY, MT_ANY,
        "train in another order each epoch"},
    {OPTION(data.drop_last), FLAG_BOOL, "false", -MT_ANY, MT_ANY, "leave out a short last batch"},
    {OPTION(optimizer.lr), FLAG_REAL, "0.05", 0, MT_ANY, "learning rate"},
    {OPTION(optimizer.betas), FLAG_PAIR, "[0.9, 0.999]", 0, 0.9999999999999999,
        "decay of the two moments"},
    {OPTION(optimizer.eps), FLAG_REAL, "1e-08", 0, MT_ANY, "added to the root"},
    {OPTION(optimizer.weight_decay), FLAG_REAL, "0", 0, MT_ANY, "times w, added to the gradient"},
    {OPTION(train.run), FLAG_DURATION, "500 epochs", -MT_ANY, MT_ANY, "length of the run"},
    {OPTION(train.accumulate), FLAG_INT, "1", 1, MT_ANY,
        "micro-batches in a step of the optimizer"},
    {OPTION(train.seed), FLAG_LONG, "7", -MT_ANY, MT_ANY, "of initial weights, order and dropout"},
    {OPTION(train.log_every), FLAG_DURATION, "100 steps", -MT_ANY, MT_ANY,
        "how often the running loss is printed"},
    {OPTION(train.eval_every), FLAG_DURATION, "1 epoch", -MT_ANY, MT_ANY,
        "how often the model is evaluated"},
};
enum { FLAGS = sizeof flags / sizeof *flags };
/* No flags: they decide which code there is. */
static const char *const compiled[] = {"optimizer.amsgrad", "optimizer.maximize",
    "train.clip_grad_norm", "train.clip_grad_value", NULL};

#define EDITION "1"
#define SPLITS "train"
#define OUTPUT "logit" /* the row that predict prints */
static const char *const target_columns[] = {"y", NULL};

/* All that a command works with. */
struct Trainer {
    struct Options options;
    struct Arguments arguments;
    struct Data data;
    struct Memory memory;
    struct Parameters *p, *g;
    struct Buffers *s;
    struct Optimizer *optimizer;
    struct Values v, d;
};

/* The forward pass as in training, and as in evaluation, for commands. */
static void forward_in_training(const struct Parameters *p, struct Buffers *s, struct Values *v,
    int n, uint64_t seed, int step, int first)
{
    forward(p, v);
    (void)s;
    (void)n;
    (void)seed;
    (void)step;
    (void)first;
}

static void forward_in_evaluation(const struct Parameters *p, struct Buffers *s, struct Values *v,
    int n, uint64_t seed, int step, int first)
{
    forward(p, v);
    (void)s;
    (void)n;
    (void)seed;
    (void)step;
    (void)first;
}

static void evaluate_split(struct Trainer *t, struct Dataloader *loader, double *result)
{
    evaluate(t->p, &t->v, loader, result);
}

/* The split of this name, opened; NULL if there is none. */
static const struct Dataset *open_split(
    struct Trainer *t, const char *name, int columns, const struct TensorFile *file)
{
    const struct Dataset *dataset = NULL;
    int open = columns;
    if (strcmp(name, "train") == 0) {
        dataset = &t->data.train;
        open |= OPEN_TRAIN;
    }
    if (!dataset)
        return NULL;
    (void)file;
    open_data(&t->options, &t->data, open);
    return dataset;
}

/* ./train [train] */
static int command_train(struct Trainer *t)
{
    const struct Options *options = &t->options;
    struct Dataloader loader = {0}, evalloader = {0};
    struct Log log = {0};
    int status;

    open_data(options, &t->data, OPEN_TRAIN | OPEN_TARGETS);
    open_loader(&t->memory, &loader, &t->data.train, options->data.batch, options->data.shuffle,
        options->data.drop_last);
    open_loader(&t->memory, &evalloader, &t->data.train, options->data.batch, 0, 0);
    TAKE(&t->memory, t->p, 1);
    TAKE(&t->memory, t->g, 1);
    TAKE(&t->memory, t->optimizer, 1);
    plan(&t->memory, &t->v, &t->d);
    open_memory(&t->memory);

    if (!start_training(t, &log))
        return 1;
    status = train(options, t->p, t->g, t->optimizer, &t->v, &t->d, &loader, &evalloader, &log);
    return end_training(t, &log, status, NULL);
}

#ifdef MT_NO_MAIN
int mt_main(int argc, char **argv);
int mt_main(int argc, char **argv)
#else
int main(int argc, char **argv)
#endif
{
    static struct Trainer t;
    memset(&t, 0, sizeof t);
    int status = read_command_line(argc, argv, &t.options, &t.arguments);
    if (status >= 0) /* --help, or wrong use */
        return status;
    if (strcmp(t.arguments.command, "eval") == 0)
        return command_eval(&t);
    if (strcmp(t.arguments.command, "predict") == 0)
        return command_predict(&t);
    if (strcmp(t.arguments.command, "gradcheck") == 0)
        return command_gradcheck(&t);
    if (strcmp(t.arguments.command, "grads") == 0)
        return command_grads(&t);
    if (strcmp(t.arguments.command, "info") == 0)
        return command_info(&t);
    return command_train(&t);
}

