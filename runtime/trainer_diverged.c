/* trainer_diverged.c: what training does when the loss or a parameter is no finite number any more.
 *
 * Input: the micro-batch in which it happened, by its place in the epoch, or the last evaluation.
 * Output: a message that names the step and the first row, or else parameter, that is not finite.
 * Invariant: no parameter is changed. */
#include "trainer.h"

#ifndef MT_TRAINER_DIVERGED_C
#define MT_TRAINER_DIVERGED_C
#include "log.c"

//@ piece diverged needs value_numbers values memory log progress
/* The first value of a forward pass with a number that is not finite within the n examples. */
static const struct ValueEntry *first_not_finite(const struct Values *v, int n, int *example)
{
    for (const struct ValueEntry *value = values; value < values + VALUES; value++) {
        const real *numbers = value_pointer(value, v);
        for (size_t i = 0; numbers && value->kind == 'r' && i < value_count(value); i++)
            for (*example = 0; *example < n; ++*example)
                if (numbers[i * B + (size_t)*example] - numbers[i * B + (size_t)*example] != 0)
                    return value;
    }
    return NULL;
}

static const char *parameter_not_finite(const struct Parameters *p)
{
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++)
        for (size_t i = 0; i < k->count; i++) {
            real w = ((const real *)p)[k->offset + i];
            if (w - w != 0)
                return k->path;
        }
    return NULL;
}

/* Memory in which every value is kept. */
static void keep_values(struct Values *v)
{
    struct Memory memory = {NULL, 0, 0, 1};
    static struct Values d;
    plan(&memory, v, &d);
    open_memory(&memory);
}

/* The first lines of the message, without an end: what the loss became, and where. */
static void print_diverged(struct Log *log, const struct Parameters *p, double sum,
    const char *when, int step, const char *how)
{
    const char *path = parameter_not_finite(p);
    progress_clear(log);
    fflush(stdout);
    fprintf(stderr, "%s: error: the loss became %s %s step %d%s", MT_PROGRAM,
        sum != sum ? "NaN" : "infinite", when, step, how);
    if (path)
        fprintf(stderr, ": %s is not finite since %s", path,
            strcmp(when, "in") == 0 ? "the step before" : "then");
}

static void print_row(const struct ValueEntry *value, int example)
{
    const char *inside = strstr(value->path, "__");
    int row = inside ? (int)(inside - value->path) : (int)strlen(value->path);
    fprintf(stderr, "\n  the first row whose value is not finite is `%.*s` (%s), in example %d of ",
        row, value->path, value->path, example + 1);
}

static int end_diverged(void)
{
    fputs("\n  a smaller lr may help\n", stderr);
    return 3;
}

/* The loss of micro-batch i of an epoch is no finite number: fetches it again, says where that
 * began, and returns the exit code. `examples`: of the step, before this micro-batch. */
static int diverged(struct Log *log, const struct Parameters *p, struct Buffers *s,
    struct Dataloader *loader, uint64_t seed, int epoch, int i, int steps, int examples)
{
    static struct Values v;
    const struct ValueEntry *value;
    int n = 0, example;
    keep_values(&v);
    loader_shuffle(loader, seed, epoch);
    for (int k = 0; k <= i; k++)
        n = loader_next(loader, &v);
    forward_in_training(p, s, &v, n, seed, steps, examples);
    struct Loss now = loss(&v, n);
    value = first_not_finite(&v, n, &example);
    print_diverged(log, p, now.loss.sum, "in", steps + 1, "");
    if (value) {
        print_row(value, example);
        fprintf(stderr, "micro-batch %d of epoch %d", i + 1, epoch + 1);
    } else
        fputs("\n  every value of the model is finite, so it happened in the loss itself", stderr);
    return end_diverged();
}
//@ end

//@ piece diverged_at_end needs diverged split_step
/* The loss of the last evaluation is no finite number: looks for the batch where that began. */
static int diverged_at_end(struct Log *log, const struct Parameters *p, struct Buffers *s,
    struct Dataloader *loader, uint64_t seed, int steps, double result)
{
    static struct Values v;
    const struct ValueEntry *value = NULL;
    double denominator = 0;
    int example = 0, before = 0;
    keep_values(&v);
    loader_rewind(loader);
    for (int n; (n = loader_next(loader, &v)) > 0; before += n) {
        forward_in_evaluation(p, s, &v, n, seed, split_step(loader->dataset->split), before);
        struct Loss now = loss(&v, n);
        denominator += now.loss.denominator;
        value = first_not_finite(&v, n, &example);
        if (value)
            break;
    }
    print_diverged(log, p, result, "after", steps, ", in the evaluation on " EVALUATED);
    if (value) {
        print_row(value, before + example);
        fputs(EVALUATED, stderr);
    } else if (!reports[0].is_sum && denominator == 0) {
        fputs("\n  no target of " EVALUATED " counted: all are ignored or weigh nothing\n", stderr);
        return 3;
    } else
        fputs("\n  every value of the model is finite, so it happened in the loss itself", stderr);
    return end_diverged();
}
//@ end

//@ piece not_finite needs diverged
/* After the last step: 0 and a message if a parameter, or a number of the buffers, is not finite. */
static int parameters_are_finite(
    struct Log *log, const struct Parameters *p, const struct Buffers *s)
{
    const char *path = parameter_not_finite(p);
    for (int k = PARAMETERS; k < PARAMETERS + BUFFERS && !path; k++)
        for (size_t i = 0; i < parameters[k].count && !path; i++) {
            real w = ((const real *)s)[parameters[k].offset + i];
            if (w - w != 0)
                path = parameters[k].path;
        }
    if (!path)
        return 1;
    progress_clear(log);
    fflush(stdout);
    fprintf(stderr,
        "%s: error: %s is not finite after step %d: nothing is saved\n  a smaller lr may help\n",
        MT_PROGRAM, path, log->done);
    return 0;
}
//@ end

//@ piece no_target
/* A step (from 0) whose loss is a mean over nothing; returns the exit code. */
static int no_target(int steps)
{
    fflush(stdout);
    fprintf(stderr,
        "%s: error: the loss became NaN in step %d: no target of the step counted\n"
        "  all are ignored or weigh nothing, and the loss is a mean over those that count\n",
        MT_PROGRAM, steps + 1);
    return 3;
}
//@ end
#endif
