/* splits.c: what is known of a whole split before training: which examples are held out, and the
 * statistics that `standardize` takes.
 *
 * Input: the number of examples, batches of a column. Output: rows of two splits; mean, deviation.
 * Invariant: a held-out part depends on its own seed alone. */
#ifndef MT_SPLITS_C
#define MT_SPLITS_C
#include "data.c"
#include "random.c"

//@ piece hold_out needs data_memory philox stream_of
/* Moves a random part of a split (round(fraction * total), at least one example) to another one;
 * `total` is what the split had at first. Depends on the seed alone; both parts keep the order of
 * the file. */
static void hold_out(int total, const char *from_name, int *from_count, int **from_rows,
    const char *name, int *count, int **rows, double fraction, uint64_t seed)
{
    int part = (int)(fraction * total + 0.5), left = *from_count;
    uint32_t stream = stream_of("__holdout");
    unsigned char *chosen = data_memory(NULL, (size_t)left, 1);
    int *order = data_memory(NULL, (size_t)left, sizeof *order), *kept = *from_rows, n = 0, m = 0;
    part = part < 1 ? 1 : part;
    if (part >= left)
        data_error(
            "%s takes %d of the %d examples of %s, which leaves none", name, part, left, from_name);
    if (!kept) {
        kept = data_memory(NULL, (size_t)left, sizeof *kept);
        for (int i = 0; i < left; i++)
            kept[i] = i;
    }
    for (int i = 0; i < left; i++)
        order[i] = i;
    memset(chosen, 0, (size_t)left);
    /* The first `part` places of a shuffle. */
    for (int i = 0; i < part; i++) {
        struct Random r = philox(seed, stream, 0, 0, (uint32_t)i / 4);
        int j = i + (int)((r.word[i % 4] * (uint64_t)(left - i)) >> 32), t = order[i];
        order[i] = order[j];
        order[j] = t;
        chosen[order[i]] = 1;
    }
    *rows = data_memory(NULL, (size_t)part, sizeof **rows);
    for (int i = 0; i < left; i++)
        if (chosen[i])
            (*rows)[n++] = kept[i];
        else
            kept[m++] = kept[i];
    *from_rows = kept;
    *from_count = m;
    *count = n;
    free(order);
    free(chosen);
}
//@ end

//@ declare fit
/* Mean and deviation of a column over a split, in two passes: sums, then squares of what is left.
 */
struct Fit {
    int channels, pass, next, n; /* n: valid lanes of this batch */
    size_t inner; /* elements of a channel */
    int example[B];
    real *x; /* [channels][inner][B] */
    double *mean, *square; /* [channels] */
    size_t seen;
};
//@ end

//@ piece fit needs data_memory array
static struct Fit fit_open(int channels, size_t inner)
{
    struct Fit fit = {0};
    fit.channels = channels;
    fit.inner = inner;
    fit.x = data_memory(NULL, (size_t)channels * inner * B, sizeof *fit.x);
    fit.mean = data_memory(NULL, (size_t)channels, sizeof *fit.mean);
    fit.square = data_memory(NULL, (size_t)channels, sizeof *fit.square);
    for (int c = 0; c < channels; c++)
        fit.mean[c] = fit.square[c] = 0;
    return fit;
}

/* The next examples to read into fit->x; 0 after the second pass. */
static int fit_next(struct Fit *fit, int examples, const int *rows)
{
    if (fit->next == examples) {
        if (fit->pass++ == 1)
            return 0;
        for (int c = 0; c < fit->channels; c++)
            fit->mean[c] /= (double)fit->seen;
        fit->next = 0;
        fit->seen = 0;
    }
    fit->n = examples - fit->next < B ? examples - fit->next : B;
    for (int b = 0; b < B; b++) {
        int k = fit->next + (b < fit->n ? b : fit->n - 1);
        fit->example[b] = rows ? rows[k] : k;
    }
    fit->next += fit->n;
    return fit->n;
}

static void fit_add(struct Fit *fit)
{
    const real *x = fit->x;
    for (int c = 0; c < fit->channels; c++)
        for (size_t i = 0; i < fit->inner; i++, x += B)
            for (int b = 0; b < fit->n; b++)
                if (fit->pass == 0) {
                    fit->mean[c] += (double)x[b];
                } else {
                    double d = (double)x[b] - fit->mean[c];
                    fit->square[c] += d * d;
                }
    fit->seen += (size_t)fit->n * fit->inner;
}

/* The deviation divides by n, as scikit-learn's; where it is 0, dividing by 1 leaves zeros. */
static void fit_close(struct Fit *fit, const char *column, real *mean, real *deviation)
{
    for (int c = 0; c < fit->channels; c++) {
        mean[c] = (real)fit->mean[c];
        deviation[c] = (real)sqrt(fit->square[c] / (double)fit->seen);
        if (!(deviation[c] > 0)) {
            fprintf(stderr,
                MT_PROGRAM ": %s: component %d is the same number in all examples of train; "
                           "standardize divides it by 1\n",
                column, c);
            deviation[c] = 1;
        }
    }
    free(fit->x);
    free(fit->mean);
    free(fit->square);
}
//@ end
#endif
