/* mlp: the whole trainer, made by mtc from model.mt (edition 1).
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
#define MT_BATCH 64
#endif

/* A value of shape [B, d1, d2] is stored as v[d1][d2][B]: feature by feature, the batch innermost.
 * B is the batch, rounded up to whole groups of 16 lanes. Lanes without an example of their own
 * repeat the last one, and count nowhere: not in the loss, not in a gradient, not in a metric. */
enum { BATCH = MT_BATCH, B = (BATCH + 15) / 16 * 16 };

/* ------------------------------------------------------------------------------------------------
 * model mlp(x: [B, 28, 28])
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

static double accuracy(int C, int N, int n, const real *x, const int *target, int ignore_index);
static double cross_entropy(int C, int N, int n, const real *x, const int *target);
static void cross_entropy_backward(
    int C, int N, int n, const real *x, const int *target, double d_loss, real *d_x);
static void linear(
    int I, int O, int N, const real *x, const real *weight, const real *bias, real *y);
static void linear_backward_input(
    int I, int O, int N, const real *weight, const real *d_y, real *d_x);
static void linear_backward_weight(
    int I, int O, int N, const real *x, const real *d_y, real *d_weight);
static void linear_backward_bias(int O, int N, const real *d_y, real *d_bias);
static inline real max(real a, real b);
static void mean_add(struct Mean *to, struct Mean more);

/* p: the parameters, by PyTorch's paths; g: the gradient of the loss by the parameter of the same
 * name. */
struct Parameters {
    struct {
        real weight[512 * 784];
        real bias[512];
    } fc1;
    struct {
        real weight[256 * 512];
        real bias[256];
    } fc2;
    struct {
        real weight[10 * 256];
        real bias[10];
    } logits;
};

/* v: the values of a forward pass, by the rows that make them (row__stage inside a row); d: the
 * gradient of the loss by the value of the same name. */
struct Values {
    real *x; /* [B, 28, 28] */
    real *fc1__linear; /* [B, 512] */
    real *fc1; /* [B, 512] */
    real *fc2__linear; /* [B, 256] */
    real *fc2; /* [B, 256] */
    real *logits; /* [B, 10] */
    int *y; /* class(10)[B] */
};

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* flatten: [B, 28, 28] is read as [B, 784] */

    /* fc1: linear(512) -> relu */
    linear(784, 512, B, v->x, p->fc1.weight, p->fc1.bias, v->fc1__linear);
    for (int i = 0; i < 512 * B; i++)
        v->fc1[i] = max(v->fc1__linear[i], 0);

    /* fc2: linear(256) -> relu */
    linear(512, 256, B, v->fc1, p->fc2.weight, p->fc2.bias, v->fc2__linear);
    for (int i = 0; i < 256 * B; i++)
        v->fc2[i] = max(v->fc2__linear[i], 0);

    /* logits: linear(10) */
    linear(256, 10, B, v->fc2, p->logits.weight, p->logits.bias, v->logits);
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

    /* cross_entropy(logits, y)        loss = sum of -log softmax(x)[target] */
    l.loss.sum = cross_entropy(10, B, n, v->logits, v->y);
    l.loss.denominator = n;
    return l;
}

/* loss > logits > fc2 > fc1
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* cross_entropy(logits, y) */
    /* dx = softmax(x) - onehot(target), and 0 past the n examples */
    cross_entropy_backward(10, B, n, v->logits, v->y, 1, d->logits);

    /* logits: linear(10) */
    linear_backward_weight(256, 10, B, v->fc2, d->logits, g->logits.weight); /* dW += dy x^T */
    linear_backward_bias(10, B, d->logits, g->logits.bias); /* db += sum dy */
    linear_backward_input(256, 10, B, p->logits.weight, d->logits, d->fc2); /* dx = W^T dy */

    /* fc2: linear(256) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 256 * B; i++)
        d->fc2__linear[i] = v->fc2[i] > 0 ? d->fc2[i] : 0;
    linear_backward_weight(512, 256, B, v->fc1, d->fc2__linear, g->fc2.weight); /* dW += dy x^T */
    linear_backward_bias(256, B, d->fc2__linear, g->fc2.bias); /* db += sum dy */
    linear_backward_input(512, 256, B, p->fc2.weight, d->fc2__linear, d->fc1); /* dx = W^T dy */

    /* fc1: linear(512) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 512 * B; i++)
        d->fc1__linear[i] = v->fc1[i] > 0 ? d->fc1[i] : 0;
    linear_backward_weight(784, 512, B, v->x, d->fc1__linear, g->fc1.weight); /* dW += dy x^T */
    linear_backward_bias(512, B, d->fc1__linear, g->fc1.bias); /* db += sum dy */
    if (d->x) {
        /* only gradcheck asks for the derivative by an input */
        linear_backward_input(784, 512, B, p->fc1.weight, d->fc1__linear, d->x); /* dx = W^T dy */
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

    /* acc = accuracy(logits, y) */
    m->acc.sum += accuracy(10, B, n, v->logits, v->y, -100);
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

static double uniform(uint64_t seed, const char *path, size_t element);

#define MT_PROGRAM "mlp"

/* What the command line may change, --optimizer.lr=0.1 or --lr=0.1. The values of model.mt are in
 * the table flags[]. */
struct Options {
    struct {
        struct {
            const char *image;
            const char *label;
        } train;
        struct {
            const char *image;
            const char *label;
        } test;
        int batch;
        int shuffle;
        int drop_last;
    } data;
    struct {
        double lr;
        double momentum;
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
 * optimizer sgd(lr=0.05, momentum=0.9)
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
    {PARAMETER(fc1.weight), {512, 784}, UNIFORM, 0, 0.03571428571428571, 1, -1, 0},
    {PARAMETER(fc1.bias), {512}, UNIFORM, 0, 0.03571428571428571, 1, -1, 0},
    {PARAMETER(fc2.weight), {256, 512}, UNIFORM, 0, 0.044194173824159216, 1, -1, 0},
    {PARAMETER(fc2.bias), {256}, UNIFORM, 0, 0.044194173824159216, 1, -1, 0},
    {PARAMETER(logits.weight), {10, 256}, UNIFORM, 0, 0.0625, 1, -1, 0},
    {PARAMETER(logits.bias), {10}, UNIFORM, 0, 0.0625, 1, -1, 0},
};
enum { BUFFERS = 0, PARAMETERS = sizeof parameters / sizeof *parameters };

/* What sgd remembers from step to step. */
struct Optimizer {
    int t; /* steps taken */
    struct Parameters momentum_buffer; /* moving sum of the gradients */
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

/* Only here do parameters change:   g = dw + weight_decay w,  m = momentum m + g,  w -= lr m */
static void step(struct Parameters *p, const struct Parameters *g, struct Optimizer *optimizer,
    const struct Options *options, double lr)
{
    optimizer->t++;
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++) {
        if (k->frozen)
            continue;
        real *w = (real *)p + k->offset;
        const real *d_w = (const real *)g + k->offset;
        real *momentum_buffer = (real *)&optimizer->momentum_buffer + k->offset;
        double weight_decay = k->weight_decay;
        if (weight_decay < 0)
            weight_decay = options->optimizer.weight_decay;
        real rate = (real)(lr * k->lr_scale);
        real decay = (real)weight_decay;
        real momentum = (real)options->optimizer.momentum;
        for (size_t i = 0; i < k->count; i++) {
            real gradient = d_w[i] + decay * w[i];
            momentum_buffer[i] = momentum * momentum_buffer[i] + gradient;
            w[i] = w[i] - rate * momentum_buffer[i];
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
static void read_ints(const struct Array *a, const int *example, int *x);
static void check_whole(const struct Array *a, int classes, int ignored, const char *declared);
static void same_examples(const struct Array *a, const struct Array *b);
static struct Array open_idx(const char *path, const char *name, const char *shape);
static void take(struct Memory *memory, void *pointer, size_t count, size_t size);
static void give(struct Memory *memory, void *pointer);
static void shuffle(int count, int *order, uint64_t seed, int epoch);

/* A split of the data: a column of every source that is used, with an entry for each example. */
struct Dataset {
    const char *split; /* "train" */
    struct Array image; /* [28, 28] */
    struct Array label; /* [] */
    int examples;
    int *rows; /* which entries of the columns they are, in order; NULL: all */
};

struct Data {
    struct Dataset train, test;
};

/* train = idx(image="train-images-idx3-ubyte", label="train-labels-idx1-ubyte") */
static void open_train(const struct Options *options, struct Dataset *s, int targets)
{
    s->split = "train";
    s->image = open_idx(options->data.train.image, "image", "[28, 28]");
    if (targets) {
        s->label = open_idx(options->data.train.label, "label", "[]");
        same_examples(&s->image, &s->label);
        check_whole(&s->label, 10, 0, "model.mt: y: label -> class(10)");
    }
    s->examples = s->image.examples;
}

/* test = idx(image="t10k-images-idx3-ubyte", label="t10k-labels-idx1-ubyte") */
static void open_test(const struct Options *options, struct Dataset *s, int targets)
{
    s->split = "test";
    s->image = open_idx(options->data.test.image, "image", "[28, 28]");
    if (targets) {
        s->label = open_idx(options->data.test.label, "label", "[]");
        same_examples(&s->image, &s->label);
        check_whole(&s->label, 10, 0, "model.mt: y: label -> class(10)");
    }
    s->examples = s->image.examples;
}

/* What open_data opens: splits, and (to predict takes none) the columns of targets. */
enum { OPEN_TRAIN = 1, OPEN_VALID = 2, OPEN_TEST = 4, OPEN_TARGETS = 8 };

/* Faults of the files end the program here, before the first step. */
static void open_data(const struct Options *options, struct Data *data, int open)
{
    int targets = open & OPEN_TARGETS;
    if (open & OPEN_TRAIN)
        open_train(options, &data->train, targets);
    if (open & OPEN_TEST)
        open_test(options, &data->test, targets);
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

    /* x: image -> scale(1 / 255) */
    read_reals(&s->image, example, v->x);
    for (int i = 0; i < 28 * 28 * B; i++)
        v->x[i] *= (real)(1.0 / 255);

    /* y: label -> class(10) */
    read_ints(&s->label, example, v->y);

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
#define EVALUATED "test"

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
    TAKE(memory, v->x, 28 * 28 * B);
    TAKE(memory, v->y, B);
    TAKE(memory, v->fc1__linear, 512 * B);
    TAKE(memory, v->fc1, 512 * B);
    GIVE(memory, v->fc1__linear);
    TAKE(memory, v->fc2__linear, 256 * B);
    TAKE(memory, v->fc2, 256 * B);
    GIVE(memory, v->fc2__linear);
    TAKE(memory, v->logits, 10 * B);

    TAKE(memory, d->logits, 10 * B);
    GIVE(memory, v->logits);
    TAKE(memory, d->fc2, 256 * B);
    GIVE(memory, d->logits);
    TAKE(memory, d->fc2__linear, 256 * B);
    GIVE(memory, v->fc2);
    GIVE(memory, d->fc2);
    TAKE(memory, d->fc1, 512 * B);
    GIVE(memory, d->fc2__linear);
    TAKE(memory, d->fc1__linear, 512 * B);
    GIVE(memory, v->fc1);
    GIVE(memory, d->fc1);
    if (memory->keep_all) /* gradcheck asks for it; training never does */
        TAKE(memory, d->x, 28 * 28 * B);
    GIVE(memory, d->fc1__linear);
    GIVE(memory, v->x);
    GIVE(memory, v->y);
}

/* Every value that can be looked at, in the order in which they are made. */
static const struct ValueEntry values[] = {
    /* path, place, kind, axes behind B, their sizes, classes, last axis outermost, input of the
     * model */
    {"x", offsetof(struct Values, x), 'r', 2, {28, 28}, 0, 0, 1},
    {"x__flatten", offsetof(struct Values, x), 'r', 1, {784}, 0, 0, 0},
    {"fc1__linear", offsetof(struct Values, fc1__linear), 'r', 1, {512}, 0, 0, 0},
    {"fc1", offsetof(struct Values, fc1), 'r', 1, {512}, 0, 0, 0},
    {"fc2__linear", offsetof(struct Values, fc2__linear), 'r', 1, {256}, 0, 0, 0},
    {"fc2", offsetof(struct Values, fc2), 'r', 1, {256}, 0, 0, 0},
    {"logits", offsetof(struct Values, logits), 'r', 1, {10}, 0, 0, 0},
    {"y", offsetof(struct Values, y), 'i', 0, {0}, 10, 0, 0},
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
    {OPTION(data.train.image), FLAG_PATH, "train-images-idx3-ubyte", -MT_ANY, MT_ANY,
        "file of `image`"},
    {OPTION(data.train.label), FLAG_PATH, "train-labels-idx1-ubyte", -MT_ANY, MT_ANY,
        "file of `label`"},
    {OPTION(data.test.image), FLAG_PATH, "t10k-images-idx3-ubyte", -MT_ANY, MT_ANY,
        "file of `image`"},
    {OPTION(data.test.label), FLAG_PATH, "t10k-labels-idx1-ubyte", -MT_ANY, MT_ANY,
        "file of `label`"},
    {OPTION(data.batch), FLAG_INT, MT_TEXT(MT_BATCH), 1, BATCH, "examples of a micro-batch"},
    {OPTION(data.shuffle), FLAG_BOOL, "true", -MT_ANY, MT_ANY, "train in another order each epoch"},
    {OPTION(data.drop_last), FLAG_BOOL, "false", -MT_ANY, MT_ANY, "leave out a short last batch"},
    {OPTION(optimizer.lr), FLAG_REAL, "0.05", 0, MT_ANY, "learning rate"},
    {OPTION(optimizer.momentum), FLAG_REAL, "0.9", 0, MT_ANY,
        "part of the last step that is taken again"},
    {OPTION(optimizer.weight_decay), FLAG_REAL, "0", 0, MT_ANY, "times w, added to the gradient"},
    {OPTION(train.run), FLAG_DURATION, "10 epochs", -MT_ANY, MT_ANY, "length of the run"},
    {OPTION(train.accumulate), FLAG_INT, "1", 1, MT_ANY,
        "micro-batches in a step of the optimizer"},
    {OPTION(train.seed), FLAG_LONG, "1", -MT_ANY, MT_ANY, "of initial weights, order and dropout"},
    {OPTION(train.log_every), FLAG_DURATION, "200 steps", -MT_ANY, MT_ANY,
        "how often the running loss is printed"},
    {OPTION(train.eval_every), FLAG_DURATION, "1 epoch", -MT_ANY, MT_ANY,
        "how often the model is evaluated"},
};
enum { FLAGS = sizeof flags / sizeof *flags };
/* No flags: they decide which code there is. */
static const char *const compiled[] = {"optimizer.dampening", "optimizer.nesterov",
    "optimizer.maximize", "train.clip_grad_norm", "train.clip_grad_value", NULL};

#define EDITION "1"
#define SPLITS "train, test"
#define OUTPUT "logits" /* the row that predict prints */
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
    if (strcmp(name, "test") == 0) {
        dataset = &t->data.test;
        open |= OPEN_TEST;
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

    open_data(options, &t->data, OPEN_TRAIN | OPEN_TEST | OPEN_TARGETS);
    open_loader(&t->memory, &loader, &t->data.train, options->data.batch, options->data.shuffle,
        options->data.drop_last);
    open_loader(&t->memory, &evalloader, &t->data.test, options->data.batch, 0, 0);
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

