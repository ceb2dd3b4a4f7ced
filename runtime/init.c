/* init.c: how parameters start, where a single draw of a uniform or normal number does not say it.
 *
 * Input: a seed and a path, or numbers that were drawn. Output: the numbers of a parameter.
 * Invariant: they depend on seed, path and place alone; sums have one order, so that they have the
 * same bits from every compiler. */
#include "kernels.h"
#include "memory.c"
#include "random.c"
#include <math.h>

//@ piece fill_trunc_normal needs philox stream_of logarithm_double cosine_double
/* A normal number between a and b: one is drawn until it lies there; where the two are near each
 * other, a uniform one between them is kept as often as the density has it. */
static double trunc_normal(uint64_t seed, uint32_t stream, size_t element, double a, double b)
{
    double peak = a > 0 ? a : b < 0 ? b : 0;
    for (uint32_t attempt = 0;; attempt++) {
        struct Random r = philox(seed, stream, attempt, 0, (uint32_t)element);
        double u = (r.word[0] + 0.5) / 4294967296.0, v = (r.word[1] + 0.5) / 4294967296.0;
        double x = a + (b - a) * u;
        if (b - a < 2.5) {
            if (logarithm_double(v) <= (peak * peak - x * x) / 2)
                return x;
            continue;
        }
        x = sqrt(-2 * logarithm_double(u)) * cosine_double(6.283185307179586 * v);
        if (x >= a && x <= b)
            return x;
    }
}

/* A parameter from a normal distribution of which nothing below `low` and above `high` is left. */
static void fill_trunc_normal(uint64_t seed, const char *path, real *w, size_t count, double std,
    double mean, double low, double high)
{
    double a = (low - mean) / std, b = (high - mean) / std;
    for (size_t i = 0; i < count; i++) {
        double x = mean + std * trunc_normal(seed, stream_of(path), i, a, b);
        w[i] = (real)(x < low ? low : x > high ? high : x);
    }
}
//@ end

//@ piece make_orthogonal needs memory
/* In eight partial sums of every eighth number: one order for every compiler. */
static double dot_product(const double *x, const double *y, size_t count)
{
    double sum[8] = {0};
    size_t whole = count / 8 * 8;
    for (size_t i = 0; i < whole; i += 8)
        for (size_t k = 0; k < 8; k++)
            sum[k] += x[i + k] * y[i + k];
    for (size_t i = whole; i < count; i++)
        sum[i - whole] += x[i] * y[i];
    return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

/* Makes an orthogonal matrix of a random one, times gain (Saxe et al., 2013): of its rows or
 * columns, of which there are fewer, each loses what lies along those before it, twice, so that
 * rounding does not add up (Gram and Schmidt). */
static void make_orthogonal(real *w, size_t rows, size_t columns, double gain)
{
    size_t count = rows < columns ? rows : columns, length = rows < columns ? columns : rows;
    size_t along = rows < columns ? 1 : columns, across = rows < columns ? columns : 1;
    double *q = malloc(count * length * sizeof *q);
    if (!q)
        out_of_memory(count * length * sizeof *q);
    for (size_t k = 0; k < count; k++) {
        double *x = q + k * length, norm;
        for (size_t i = 0; i < length; i++)
            x[i] = (double)w[k * across + i * along];
        for (size_t j = 0; j < 2 * k; j++) {
            const double *y = q + j % k * length;
            double part = dot_product(x, y, length);
            for (size_t i = 0; i < length; i++)
                x[i] -= part * y[i];
        }
        norm = sqrt(dot_product(x, x, length));
        for (size_t i = 0; i < length; i++) {
            x[i] /= norm;
            w[k * across + i * along] = (real)(gain * x[i]);
        }
    }
    free(q);
}
//@ end
