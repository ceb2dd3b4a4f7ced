/* trainer.h: what the pieces of flags.c, log.c, progress.c, safetensors.c and trainer*.c find above themselves in an
 * output. There these lines come from compiler/emit/, for the model of the program; here they describe a small one,
 * y = W x + b with a squared loss and a running mean of y, so that the pieces compile, and are tested, by themselves. */
#ifndef MT_TRAINER_H
#define MT_TRAINER_H
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

#define MT_PROGRAM "sample"
#include "kernels.h"
#include "memory.c"
#include "random.c"

/* The types that those files declare; the rest of them is left out here. */
#define MT_DECLARE
#include "best.c"
#include "checkpoint.c"
#include "flags.c"
#include "log.c"
#include "safetensors.c"
#include "trainer.c"
#include "whole_file.c"
#undef MT_DECLARE

struct Parameters {
    struct {
        real weight[2 * 3];
        real bias[2];
    } fc;
};
struct Values {
    real *x, *t, *fc;
};
struct Buffers {
    struct {
        real running_mean[2];
    } fc;
};
struct Loss {
    struct Mean loss;
};
struct Metrics {
    struct Mean loss;
};
enum { LOSS_REPORTS = 1, REPORTS = 1 };
static const struct Report reports[] = {{"loss", 0}};

#define PLACE_OF(path) offsetof(struct Parameters, path) / sizeof(real)
#define COUNT_OF(path) sizeof((struct Parameters *)0)->path / sizeof(real)
#define PARAMETER(path) #path, PLACE_OF(path), COUNT_OF(path)
static const struct Parameter {
    const char *path;
    size_t offset, count;
    int shape[8];
    enum Init { CONSTANT, UNIFORM, NORMAL } init;
    double center, spread, lr_scale, weight_decay;
    int frozen;
} parameters[] = {
    {PARAMETER(fc.weight), {2, 3}, UNIFORM, 0, 0.5, 1, -1, 0},
    {PARAMETER(fc.bias), {2}, CONSTANT, 0, 0, 1, -1, 0},
    {"fc.running_mean", 0, 2, {2}, CONSTANT, 0, 0, 0, 0, 1},
};
enum { BUFFERS = 1, PARAMETERS = sizeof parameters / sizeof *parameters - BUFFERS };
struct Optimizer {
    int t;
    struct Parameters momentum_buffer;
};
static const struct OptimizerState optimizer_states[] = {
    {"momentum_buffer", offsetof(struct Optimizer, momentum_buffer)},
    {NULL, 0},
};
#define OPTIMIZER "sgd(nesterov=false)"
struct Options {
    struct {
        int batch, shuffle, drop_last;
    } data;
    struct {
        double lr, betas[2];
    } optimizer;
    struct {
        struct Duration run;
        int accumulate;
        int64_t seed;
        const char *checkpoint;
        struct Duration checkpoint_every;
        int early_stop;
        const char *resume;
    } train;
};
#define BEST "min(loss)"
enum { BEST_REPORT = 0, BEST_LARGEST = 0 };
struct Progress {
    int steps;
    struct Loss running;
    struct Best best;
    int examples, steps_per_epoch;
    double examples_of_a_step, seconds;
    const char *statistics;
};
#define COUNTER(member) offsetof(struct Progress, member)
static const struct Counter counters[] = {
    {"step", COUNTER(steps), 0},
    {"running.loss.sum", COUNTER(running.loss.sum), 1},
    {"running.loss.denominator", COUNTER(running.loss.denominator), 1},
    {"min(loss)", COUNTER(best.value), 1},
    {"min(loss), step", COUNTER(best.step), 0},
    {"min(loss), evaluations since", COUNTER(best.waited), 0},
    {NULL, 0, 0},
};
#define OPTION(path) #path, offsetof(struct Options, path)
static const struct Flag flags[] = {
    {OPTION(data.batch), FLAG_INT, "64", 1, 64, "examples in a micro-batch"},
    {OPTION(data.shuffle), FLAG_BOOL, "true", 0, 1, "a new order in every epoch"},
    {OPTION(data.drop_last), FLAG_BOOL, "false", 0, 1, "leave out a short last batch"},
    {OPTION(optimizer.lr), FLAG_REAL, "0.01", 0, MT_ANY, "learning rate"},
    {OPTION(optimizer.betas), FLAG_PAIR, "[0.9, 0.999]", 0, 1, "decay of the moments"},
    {OPTION(train.run), FLAG_DURATION, "2 epochs", 0, MT_ANY, "length of the run"},
    {OPTION(train.accumulate), FLAG_INT, "1", 1, MT_ANY, "micro-batches of a step"},
    {OPTION(train.seed), FLAG_LONG, "0", -MT_ANY, MT_ANY, "of all random numbers"},
    {OPTION(train.checkpoint), FLAG_PATH, "a.ckpt", -MT_ANY, MT_ANY, "where the run is kept"},
    {OPTION(train.checkpoint_every), FLAG_DURATION, "1 epoch", 0, MT_ANY, "how often it is kept"},
    {OPTION(train.early_stop), FLAG_INT, "5", 1, MT_ANY, "evaluations without a new best"},
    {OPTION(train.resume), FLAG_PATH, "", -MT_ANY, MT_ANY, "continue the run of this checkpoint"},
};
enum { FLAGS = sizeof flags / sizeof *flags };
#define EVALUATED "test"
#define SPLITS "train, test"
#define OUTPUT "fc"
#define EDITION "1"
enum { OPEN_TRAIN = 1, OPEN_VALID = 2, OPEN_TEST = 4, OPEN_TARGETS = 8 };
struct Dataset {
    const char *split;
    int examples;
};
struct Data {
    struct Dataset train, test;
    real mean[3];
};
static const struct Statistic {
    const char *name;
    size_t offset, count;
} statistics[] = {{"data.x.mean", offsetof(struct Data, mean), 3}};
struct Dataloader {
    const struct Dataset *dataset;
    int batch, next, shuffle, drop_last;
};
struct Trainer {
    struct Options options;
    struct Arguments arguments;
    struct Data data;
    struct Memory memory;
    struct Parameters *p, *g;
    struct Buffers *s;
    struct Optimizer *optimizer;
    struct Values v, d;
    struct Progress progress;
    struct TensorFile resumed;
};
#define VALUE(path) #path, offsetof(struct Values, path)
static const struct ValueEntry values[] = {
    {VALUE(x), 'r', 1, {3}, 0, 0, 1},
    {VALUE(t), 'r', 1, {2}, 0, 0, 0},
    {VALUE(fc), 'r', 1, {2}, 0, 0, 0},
};
static const char *const target_columns[] = {"t", NULL};
enum { VALUES = sizeof values / sizeof *values };

/* In an output these are static, and stand above or below. */
void init_parameters(struct Parameters *p, uint64_t seed);
void zero_grad(struct Parameters *g);
void divide(struct Parameters *g, double denominator);
void forward_in_training(const struct Parameters *p, struct Buffers *s, struct Values *v, int n,
    uint64_t seed, int step, int first);
void forward_in_evaluation(const struct Parameters *p, struct Buffers *s, struct Values *v, int n,
    uint64_t seed, int step, int first);
struct Loss loss(const struct Values *v, int n);
void loss_add(struct Loss *to, const struct Loss *more);
void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n);
void evaluate_split(struct Trainer *t, struct Dataloader *loader, double *result);
void plan(struct Memory *memory, struct Values *v, struct Values *d);
void open_loader(struct Memory *memory, struct Dataloader *loader, const struct Dataset *dataset,
    int batch, int shuffle, int drop_last);
int loader_batches(const struct Dataloader *loader);
void loader_rewind(struct Dataloader *loader);
void loader_shuffle(struct Dataloader *loader, uint64_t seed, int epoch);
int loader_next(struct Dataloader *loader, struct Values *v);
const struct Dataset *open_split(
    struct Trainer *t, const char *name, int targets, const struct TensorFile *file);

#endif
