/* trainer_gradcheck.c: the command gradcheck: is every gradient the derivative that it claims to
 * be?
 *
 * Idea: the derivative of the loss by a number w is the limit of (loss(w + h) - loss(w - h)) / 2h.
 * It is measured with four points, whose error falls with h^4, for several h: where a kink (relu,
 * max) lies between the points, a smaller h avoids it; where h is so small that rounding shows, a
 * larger one is better. The best counts: a wrong gradient agrees with none of them.
 * Input: random parameters, inputs and targets, dropout with a fixed key, a few examples. Output:
 * for each parameter and each real input the worst error, relative to the largest derivative of
 * the tensor, and where it is.
 * Invariant: every number that was moved is put back, bit for bit. */
#include "trainer.h"

#ifndef MT_TRAINER_GRADCHECK_C
#define MT_TRAINER_GRADCHECK_C
#include "trainer_eval.c"

//@ piece command_gradcheck needs value_numbers values flags memory philox stream_of uniform take_parameters start_parameters
/* A tensor to check: a parameter, or an input of the model. */
struct Checked {
    const char *path;
    real *w;
    const real *d_w;
    const int *shape;
    size_t count; /* numbers in w: of a parameter all, of an input those of the n examples */
    const struct ValueEntry *value; /* NULL: a parameter */
    int n;
};

/* The loss, as a sum over the n examples, of which backward gives the derivative. */
static double checked_loss(struct Trainer *t, int n)
{
    forward_in_training(t->p, t->s, &t->v, n, (uint64_t)t->options.train.seed, 0, 0);
    return loss(&t->v, n).loss.sum;
}

/* Where element i lies: inputs are stored as [features][B], and of their lanes only n count. */
static size_t checked_place(const struct Checked *c, size_t i)
{
    size_t n = (size_t)c->n;
    return c->value ? value_feature(c->value, i % (c->count / n)) * B + i / (c->count / n) : i;
}

/* Four points: (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h, without the rounding of w + h. */
static double difference(struct Trainer *t, real *w, double h, int n)
{
    static const int at[] = {1, -1, 2, -2}, factor[] = {8, -8, -1, 1};
    const real before = *w;
    double total = 0, width = 0;
    for (int k = 0; k < 4; k++) {
        *w = (real)(before + at[k] * h);
        width += factor[k] * ((double)*w - (double)before);
        total += factor[k] * checked_loss(t, n);
    }
    *w = before;
    return total / width;
}

/* The smallest error of one element, over all h, absolute. */
static double element_error(
    struct Trainer *t, const struct Checked *c, size_t i, double scale, double tolerance)
{
    static const double doubles[] = {1e-3, 1e-4, 1e-5, 1e-6, 1e-7},
                        floats[] = {1e-2, 2e-3, 5e-4, 2e-4, 1e-4};
    size_t place = checked_place(c, i);
    double best = INFINITY;
    for (int k = 0; k < 5 && !(best <= 0.1 * tolerance * scale); k++) {
        double h = sizeof(real) == 8 ? doubles[k] : floats[k];
        double error = difference(t, &c->w[place], h, c->n) - c->d_w[place];
        error = error < 0 ? -error : error;
        best = error < best ? error : best;
    }
    return best;
}

static size_t largest_element(const struct Checked *c)
{
    size_t largest = 0;
    double most = -1;
    for (size_t i = 0; i < c->count; i++) {
        double d = (double)c->d_w[checked_place(c, i)];
        if ((d < 0 ? -d : d) > most) {
            most = d < 0 ? -d : d;
            largest = i;
        }
    }
    return largest;
}

/* "[2, 0, 1]": element i of a parameter, or of an input, whose first axis is the example. */
static void print_place(const struct Checked *c, size_t i)
{
    size_t sizes[9], place[9];
    int rank = 0;
    if (c->value)
        sizes[rank++] = (size_t)c->n;
    for (int k = 0; k < (c->value ? c->value->axes : 8) && c->shape[k] > 0; k++)
        sizes[rank++] = (size_t)c->shape[k];
    for (int k = rank - 1; k >= 0; k--) {
        place[k] = i % sizes[k];
        i /= sizes[k];
    }
    putchar('[');
    for (int k = 0; k < rank; k++)
        printf("%s%lu", k ? ", " : "", (unsigned long)place[k]);
    putchar(']');
}

/* Checks the element with the largest derivative and some at random, or all; prints a line; 0 if
 * one is past the tolerance. `least`: derivatives below it are rounding. */
static int check_tensor(
    struct Trainer *t, const struct Checked *c, double least, double tolerance, size_t elements)
{
    size_t worst_at = largest_element(c), checked = elements < c->count ? elements : c->count;
    double scale = (double)c->d_w[checked_place(c, worst_at)], worst = -1;
    scale = scale < 0 ? -scale : scale;
    scale = scale > least ? scale : least;
    scale = scale > 0 ? scale : 1;
    size_t first = worst_at;
    for (size_t k = 0; k < checked; k++) {
        struct Random r =
            philox((uint64_t)t->options.train.seed, stream_of(c->path), 0, 0, (uint32_t)k);
        size_t i = checked == c->count ? k
            : k == 0                   ? first
                                       : (size_t)((r.word[0] * (uint64_t)c->count) >> 32);
        double error = element_error(t, c, i, scale, tolerance) / scale;
        if (!(error <= worst)) {
            worst = error;
            worst_at = i;
        }
    }
    printf("%-24s %6lu of %-8lu worst error %.1e at ", c->path, (unsigned long)checked,
        (unsigned long)c->count, worst);
    print_place(c, worst_at);
    puts(worst <= tolerance ? "" : "   FAILED");
    return worst <= tolerance;
}

/* Random columns: inputs normal (a sum of uniform numbers is near enough), real targets in (0, 1),
 * whole numbers below the number of classes; lanes past the n examples repeat the last one. */
static void random_column(const struct ValueEntry *value, void *numbers, uint64_t seed, int n)
{
    for (size_t i = 0; i < value_count(value); i++)
        for (size_t b = 0; b < B; b++) {
            size_t at = (b < (size_t)n ? b : (size_t)n - 1) * value_count(value) + i,
                   to = i * B + b;
            double u = uniform(seed, value->path, at), x = u;
            if (value->kind == 'r' && value->is_input)
                x = 1.7320508 *
                    (u + uniform(seed, value->path, at + 1000003) +
                        uniform(seed, value->path, at + 2000003) +
                        uniform(seed, value->path, at + 3000017) - 2);
            if (value->kind == 'r')
                ((real *)numbers)[to] = (real)x;
            else if (value->kind == 'i')
                ((int *)numbers)[to] = (int)(u * (double)(value->classes ? value->classes : 2));
            else
                ((unsigned char *)numbers)[to] =
                    (unsigned char)(u * (double)(value->classes ? value->classes : 2));
        }
}

static int is_column(const struct ValueEntry *value)
{
    for (const char *const *target = target_columns; *target; target++)
        if (strcmp(*target, value->path) == 0)
            return 1;
    return value->is_input;
}

/* Memory in which every value is kept, the derivatives by the inputs too; parameters; columns. */
static int open_check(struct Trainer *t, int n)
{
    uint64_t seed = (uint64_t)t->options.train.seed;
    t->memory.keep_all = 1;
    take_parameters(t);
    TAKE(&t->memory, t->g, 1);
    plan(&t->memory, &t->v, &t->d);
    open_memory(&t->memory);
    if (!start_parameters(t))
        return 0;
    for (const struct ValueEntry *value = values; value < values + VALUES; value++)
        if (is_column(value))
            random_column(value, value_pointer(value, &t->v), seed, n);
    return 1;
}

/* Where the loss is no number at such points (log of a negative one), positive ones are taken. */
static void make_positive(struct Trainer *t)
{
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++)
        for (size_t i = 0; i < k->count; i++) {
            real *w = (real *)t->p + k->offset + i;
            *w = (*w < 0 ? -*w : *w) + (real)0.1;
        }
    for (const struct ValueEntry *k = values; k < values + VALUES; k++)
        for (size_t i = 0; k->is_input && k->kind == 'r' && i < value_count(k) * B; i++) {
            real *x = (real *)value_pointer(k, &t->v) + i;
            *x = (*x < 0 ? -*x : *x) + (real)0.1;
        }
}

static double largest_derivative(const struct Parameters *g)
{
    double most = 0;
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++)
        for (size_t i = 0; i < k->count; i++) {
            double d = (double)((const real *)g)[k->offset + i];
            d = d < 0 ? -d : d;
            most = d > most ? d : most;
        }
    return most;
}

/* "8" or "all"; 0: neither. */
static size_t read_elements(const char *text)
{
    int64_t number;
    if (!text)
        return 8;
    if (strcmp(text, "all") == 0)
        return (size_t)-1;
    return read_whole(text, 1, INT_MAX, &number) ? (size_t)number : 0;
}

/* ./train gradcheck [--elements=n|all] [--init=FILE] */
static int command_gradcheck(struct Trainer *t)
{
    const double tolerance = sizeof(real) == 8 ? 1e-7 : 2e-2;
    int n = BATCH < 3 ? BATCH : 3, failed = 0, checked = 0;
    size_t elements = read_elements(t->arguments.elements);
    double least, value;
    if (elements == 0)
        return wrong_use(
            "--elements=%s: not a whole number from 1, nor all", t->arguments.elements);
    if (!open_check(t, n))
        return 1;
    value = checked_loss(t, n);
    if (!isfinite(value)) {
        make_positive(t);
        value = checked_loss(t, n);
        puts("the loss is not finite at random points: positive ones are taken");
    }
    zero_grad(t->g);
    backward(t->p, &t->v, &t->d, t->g, n);
    least = 1e-4 * largest_derivative(t->g);
    printf("loss %.6g of %d random examples; errors relative to the largest derivative of each "
           "tensor, tolerance %.0e%s\n",
        value, n, tolerance, sizeof(real) == 8 ? "" : " (float; build with -DMT_DOUBLE for 1e-07)");
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++) {
        const struct Checked c = {k->path, (real *)t->p + k->offset, (const real *)t->g + k->offset,
            k->shape, k->count, NULL, n};
        failed += !k->frozen && !check_tensor(t, &c, least, tolerance, elements);
        checked += !k->frozen;
    }
    for (const struct ValueEntry *k = values; k < values + VALUES; k++)
        if (k->is_input && k->kind == 'r' && value_pointer(k, &t->d)) {
            const struct Checked c = {k->path, value_pointer(k, &t->v), value_pointer(k, &t->d),
                k->shape, value_count(k) * (size_t)n, k, n};
            failed += !check_tensor(t, &c, least, tolerance, elements);
            checked++;
        }
    if (failed)
        printf("%d of %d tensors FAILED\n", failed, checked);
    else
        printf("all %d tensors agree\n", checked);
    return close_output() || failed;
}
//@ end
#endif
