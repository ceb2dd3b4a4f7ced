/* clip.c: gradients that are kept from growing past a bound, as torch.nn.utils.clip_grad_norm_ and
 * clip_grad_value_.
 *
 * Input: the gradient of a step, accumulated and divided; the table of parameters. Output: the same
 * gradient within the bound. Invariant: frozen parameters neither count nor change; the sum of a
 * norm has one order, so that it has the same bits from every compiler and for every number of
 * threads. */
#include "trainer.h"

#ifndef MT_CLIP_C
#define MT_CLIP_C

//@ piece clip_grad_norm
/* The sum of squares, in eight partial sums of every eighth number. */
static double sum_of_squares(const real *x, size_t count)
{
    double sum[8] = {0};
    size_t whole = count / 8 * 8;
    for (size_t i = 0; i < whole; i += 8)
        for (size_t k = 0; k < 8; k++)
            sum[k] += (double)x[i + k] * (double)x[i + k];
    for (size_t i = whole; i < count; i++)
        sum[i - whole] += (double)x[i] * (double)x[i];
    return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

/* Scales the gradient so that its length, over all parameters together, is at most max_norm. */
static void clip_grad_norm(struct Parameters *g, double max_norm)
{
    double sum = 0;
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++)
        if (!k->frozen)
            sum += sum_of_squares((const real *)g + k->offset, k->count);
    double factor = max_norm / (sqrt(sum) + 1e-6);
    if (factor >= 1)
        return;
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++) {
        real *d_w = (real *)g + k->offset;
        for (size_t i = 0; i < k->count && !k->frozen; i++)
            d_w[i] *= (real)factor;
    }
}
//@ end

//@ piece clip_grad_value
/* Brings every number of the gradient into [-value, value]. */
static void clip_grad_value(struct Parameters *g, double value)
{
    real most = (real)value;
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++) {
        real *d_w = (real *)g + k->offset;
        for (size_t i = 0; i < k->count && !k->frozen; i++)
            d_w[i] = d_w[i] > most ? most : d_w[i] < -most ? -most : d_w[i];
    }
}
//@ end
#endif
