// randn_like: noise in the shape of a value, for models that sample: z = mu + exp(0.5 * logvar) * randn_like(mu) (Kingma
// and Welling, 2014, section 2.4).
//
// It draws in evaluation as well, as in PyTorch; what it draws there depends on the split and the example in it.
#include "op.h"

const Op op_randn_like = {
    .name = "randn_like",
    .kind = OP_FUNCTION,
    .doc = "Normal random numbers of mean 0 and deviation 1, in the shape of x; also in evaluation.",
    .inputs = {{"x", "[B, ...]"}},
    .outputs = {{"y", "[B, ...]"}},
    .order = ORDER_BATCH_LAST,
    .forward = {{.call = {"normal_noise($P, $seed, $path, $step, $first, $y);"}, .formula = "y ~ N(0, 1)"}},
    .backward = {{"x", .value = "0", .formula = "dx = 0"}},
    .pytorch = {{.value = "torch.randn_like($x)"}},
    .examples = {
        {"x: [B, 5]", "h: x * randn_like(x)", "[B, 5]"},
        {"x: [B, 3, 2]", "h: randn_like(x)", "[B, 3, 2]"},
        {"x: [B, 1]", "h: randn_like(x)", "[B, 1]"},
    },
};

#ifdef MT_KERNELS
//@ kernel normal_noise needs philox stream_of logarithm cosine sine square_root
/* noise[i][b], i < P, of mean 0 and deviation 1: two uniform words make two of them (Box and
 * Muller, 1958). Example b of this micro-batch is example first + b of the step or split. */
static void normal_noise(int P, uint64_t seed, const char *path, int step, int first, real *noise)
{
    uint32_t stream = stream_of(path);
    for (int i = 0; i < P; i += 4) {
        ptrdiff_t last = P - 1 - i, row[4];
        for (int k = 0; k < 4; k++)
            row[k] = (i + (k < last ? k : last)) * B;
        for (int b = 0; b < B; b++) {
            struct Random r =
                philox(seed, stream, (uint32_t)step, (uint32_t)(first + b), (uint32_t)i / 4);
            for (int k = 2; k >= 0; k -= 2) {
                real u = (real)((r.word[k] + 0.5) / 4294967296.0);
                real angle = (real)(6.283185307179586 * ((r.word[k + 1] + 0.5) / 4294967296.0));
                real radius = square_root(-2 * logarithm(u));
                noise[row[k + 1] + b] = radius * sine(angle);
                noise[row[k] + b] = radius * cosine(angle);
            }
        }
    }
}
//@ end
#endif
