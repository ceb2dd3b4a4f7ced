// dropout: zeros elements at random while training, and enlarges the others so that the mean stays (inverted dropout:
// Srivastava et al., 2014, section 10).
//
// The mask is a value: backward then needs neither seed nor step, and reads as the derivative.
#include "op.h"

const Op op_dropout = {
    .name = "dropout",
    .kind = OP_STAGE,
    .doc = "Zeros each element with probability p in training; does nothing in evaluation.",
    .args = {{"p", ARG_REAL, "0.5", "the probability to drop"}},
    .positional = 1,
    .inputs = {{"x", "[B, ...]"}},
    .outputs = {{"y", "[B, ...]"}},
    .temporaries = {{"mask", "[B, ...]", .doc = "0, or 1 / (1 - p)"}},
    .checks = {{"0 <= p && p <= 1", "p is a probability", "p"}},
    .order = ORDER_BATCH_LAST,
    .forward = {
        {.when = "train",
            .call = {"dropout_mask($P, $p, $seed, $path, $step, $first, $mask);"},
            .value = "$x * $mask",
            .formula = "y = mask x"},
        {.value = "$x"},
    },
    .backward = {
        {"x", .when = "train", .value = "$d_y * $mask", .formula = "dx = mask dy"},
        {"x", .value = "$d_y"},
    },
    .pytorch = {{.value = "nn.Dropout($args)"}},
    .examples = {
        {"x: [B, 6]", "fc2: dropout(0.25)", "[B, 6]"},
        {"x: [B, 3, 2]", "h: dropout", "[B, 3, 2]"},
        {"x: [B, 7]", "h: dropout(0)", "[B, 7]"},
        {"x: [B, 1]", "h: dropout(p=1)", "[B, 1]"},
        {"x: [B, 6]", "h: dropout(p=1.5)", .error = "p is a probability"},
        {"x: [B, 6]", "h: dropout(-0.1)", .error = "p is a probability"},
    },
};

#ifdef MT_KERNELS
//@ kernel dropout_mask needs philox stream_of
/* factor[i][b], i < P: 0 with probability p, else 1 / (1 - p). Example b of this micro-batch is
 * example first + b of the step: how a step is cut into micro-batches does not change its masks. */
static void dropout_mask(
    int P, double p, uint64_t seed, const char *path, int step, int first, real *factor)
{
    uint32_t stream = stream_of(path);
    uint32_t kept = (uint32_t)((1 - p) * 4294967295.0);
    real scale = (real)(p < 1 ? 1 / (1 - p) : 0);
    if (step < 0) {
        kept = UINT32_MAX;
        scale = 1;
    }
    for (int i = 0; i < P; i += 4) {
        ptrdiff_t last = P - 1 - i, row[4];
        for (int k = 0; k < 4; k++)
            row[k] = (i + (k < last ? k : last)) * B;
        for (int b = 0; b < B; b++) {
            struct Random r =
                philox(seed, stream, (uint32_t)step, (uint32_t)(first + b), (uint32_t)i / 4);
            for (int k = 3; k >= 0; k--)
                factor[row[k] + b] = r.word[k] <= kept ? scale : 0;
        }
    }
}
//@ end
#endif
