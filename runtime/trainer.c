/* trainer.c: what the training loop of an output counts with, and how commands look at the values
 * of a model.
 *
 * Input: sums over examples, durations, the table values[]. Output: numbers. Invariant: nothing in
 * here changes a parameter or prints. */
#include "trainer.h"

#ifdef MT_DECLARE

//@ declare mean
/* A mean over examples, as its two sums: so a short batch weighs what it should. */
struct Mean {
    double sum, denominator;
};
/* A number that is reported: the loss, a named row of it, a metric. */
struct Report {
    const char *name;
    int is_sum; /* nothing divides it */
};
//@ end

//@ declare values
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
//@ end
#elif !defined MT_TRAINER_C
#define MT_TRAINER_C

//@ piece clock
/* Seconds since some moment. */
static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
//@ end

//@ piece mean
static void mean_add(struct Mean *to, struct Mean more)
{
    to->sum += more.sum;
    to->denominator += more.denominator;
}
//@ end

//@ piece mean_of
/* The mean over the examples that were added up. */
static double mean_of(struct Mean m) { return m.sum / m.denominator; }
//@ end

//@ piece printed
/* A number as it is printed: a NaN without the sign that some machines give it. */
static double printed(double x) { return x != x ? fabs(x) : x; }
//@ end

//@ piece report_value needs mean printed
/* The number to print for a report of the loss. */
static double report_value(int report, const struct Mean *m)
{
    return printed(reports[report].is_sum ? m->sum : m->sum / m->denominator);
}
//@ end

//@ piece remainder_double
/* x % y of a schedule's formula: of the sign of y, as in Python. */
static double remainder_double(double x, double y) { return x - y * floor(x / y); }
//@ end

//@ piece duration needs flags
/* A duration in steps of the optimizer. */
static int in_steps(struct Duration duration, int steps_per_epoch)
{
    double steps = duration.epochs ? duration.count * steps_per_epoch : duration.count;
    return steps < INT_MAX ? (int)steps : INT_MAX;
}

/* Steps of the optimizer in an epoch: a short last group is one as well. */
static int steps_in_epoch(const struct Dataloader *loader, int accumulate)
{
    return (loader_batches(loader) - 1) / accumulate + 1;
}

/* Whether something that happens so often happens after this step. */
static int is_due(struct Duration every, int steps, int steps_per_epoch)
{
    return steps % in_steps(every, steps_per_epoch) == 0;
}
//@ end

//@ piece in_unit needs duration
/* A duration in epochs, of which a part counts as well, or in steps of the optimizer. */
static double in_unit(struct Duration duration, int epochs, int steps_per_epoch)
{
    double steps = in_steps(duration, steps_per_epoch);
    if (duration.epochs == epochs)
        return duration.count;
    return epochs ? steps / steps_per_epoch : steps;
}
//@ end

//@ piece milestones_passed needs flags
/* How many of some durations have passed at a time in their unit. */
static int milestones_passed(const struct Durations *milestones, double t)
{
    int passed = 0;
    while (passed < milestones->count && milestones->at[passed] <= t)
        passed++;
    return passed;
}
//@ end

//@ piece value_numbers needs values
/* How many numbers a value has for each example. */
static size_t value_count(const struct ValueEntry *value)
{
    size_t count = 1;
    for (int k = 0; k < value->axes; k++)
        count *= (size_t)value->shape[k];
    return count;
}

/* Where number i of an example, in PyTorch's order, is stored among its features. */
static size_t value_feature(const struct ValueEntry *value, size_t i)
{
    size_t last = value->axes > 0 ? (size_t)value->shape[value->axes - 1] : 1;
    return value->last_outermost ? i % last * (value_count(value) / last) + i / last : i;
}

/* The pointer of a value, in v or d. */
static void *value_pointer(const struct ValueEntry *value, const struct Values *v)
{
    void *pointer;
    memcpy(&pointer, (const char *)v + value->place, sizeof pointer);
    return pointer;
}

static double value_number(const struct ValueEntry *value, const void *numbers, size_t i)
{
    if (value->kind == 'r')
        return (double)((const real *)numbers)[i];
    return value->kind == 'i' ? ((const int *)numbers)[i] : ((const unsigned char *)numbers)[i];
}
//@ end
#endif
