/* trainer_diverged.c: what training does when the loss is no finite number any more.
 *
 * Input: the micro-batch in which it happened, by its place in the epoch. Output: a message
 * that names the step and the first row whose value is not finite. Invariant: no parameter is
 * changed. */
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

/* The loss of micro-batch i of an epoch is no finite number: fetches it again into memory in which
 * every value is kept, says where that began, and returns the exit code. `examples`: of the step,
 * before this micro-batch. */
static int diverged(struct Log *log, const struct Parameters *p, struct Dataloader *loader,
    uint64_t seed, int epoch, int i, int steps, int examples)
{
    struct Memory memory = {NULL, 0, 0, 1};
    static struct Values v, d;
    const struct ValueEntry *value;
    int n = 0, example;
    plan(&memory, &v, &d);
    open_memory(&memory);
    loader_shuffle(loader, seed, epoch);
    for (int k = 0; k <= i; k++)
        n = loader_next(loader, &v);
    forward_as(1, p, &v, seed, steps, examples);
    struct Loss now = loss(&v, n);
    value = first_not_finite(&v, n, &example);
    progress_clear(log);
    fflush(stdout);
    fprintf(stderr, "%s: error: the loss became %s in step %d", MT_PROGRAM,
        now.loss.sum != now.loss.sum ? "NaN" : "infinite", steps + 1);
    if (parameter_not_finite(p))
        fprintf(stderr, ": %s is not finite since the step before", parameter_not_finite(p));
    if (value) {
        const char *inside = strstr(value->path, "__");
        int row = inside ? (int)(inside - value->path) : (int)strlen(value->path);
        fprintf(stderr,
            "\n  the first row whose value is not finite is `%.*s` (%s), in example %d of "
            "micro-batch %d of epoch %d",
            row, value->path, value->path, example + 1, i + 1, epoch + 1);
    } else
        fputs("\n  every value of the model is finite, so it happened in the loss itself", stderr);
    fputs("\n  a smaller lr may help\n", stderr);
    return 3;
}
//@ end
#endif
