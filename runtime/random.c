// random.c: numbers that depend on what they are for, not on what was drawn before (LANGUAGE.md 10.20).
//
// Each number is a function of seed, path, step, example and element; nothing is remembered, so that an inserted row,
// a resumed run and another order of evaluation leave all other numbers as they are.
#include "kernels.h"
#include "math.c"

//@ piece philox
/* Four random words: Philox4x32-10 (Salmon et al., 2011). Its key is the seed; its counter says
 * what they are for, so that no number depends on what was drawn before. */
struct Random {
    uint32_t word[4];
};
static inline struct Random philox(
    uint64_t seed, uint32_t stream, uint32_t step, uint32_t example, uint32_t block)
{
    uint32_t a = block, b = example, c = step, d = stream;
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t m0 = (uint64_t)0xD2511F53 * a, m1 = (uint64_t)0xCD9E8D57 * c;
        a = (uint32_t)(m1 >> 32) ^ b ^ k0;
        b = (uint32_t)m1;
        c = (uint32_t)(m0 >> 32) ^ d ^ k1;
        d = (uint32_t)m0;
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
    struct Random r = {{a, b, c, d}};
    return r;
}

//@ piece stream_of
/* A path as one word (FNV-1a): rows inserted elsewhere leave its numbers as they are. What is not a
 * parameter has a double underscore, which no user's path has. */
static uint32_t stream_of(const char *path)
{
    uint32_t hash = 2166136261u;
    for (; *path; path++)
        hash = (hash ^ (unsigned char)*path) * 16777619u;
    return hash;
}

//@ piece uniform needs philox stream_of
/* In (0, 1): the number of an element of a parameter. */
static double uniform(uint64_t seed, const char *path, size_t element)
{
    struct Random r = philox(seed, stream_of(path), 0, 0, (uint32_t)(element / 4));
    return (r.word[element % 4] + 0.5) / 4294967296.0;
}

//@ piece normal needs philox stream_of logarithm_double cosine_double sine_double
/* Of mean 0 and deviation 1 (Box and Muller, 1958: two uniform words make two of them): the number
 * of an element of a parameter. */
static double normal(uint64_t seed, const char *path, size_t element)
{
    struct Random r = philox(seed, stream_of(path), 0, 0, (uint32_t)(element / 4));
    const uint32_t *word = r.word + element % 4 / 2 * 2;
    double radius = sqrt(-2 * logarithm_double((word[0] + 0.5) / 4294967296.0));
    double angle = 6.283185307179586 * ((word[1] + 0.5) / 4294967296.0);
    return radius * (element % 2 == 0 ? cosine_double(angle) : sine_double(angle));
}

//@ piece split_step
/* What stands for the step in the key of random numbers that evaluation draws: below 0 (and not -1,
 * see dropout), another for each split. */
static int split_step(const char *split)
{
    return strcmp(split, "train") == 0 ? -2 : strcmp(split, "valid") == 0 ? -3 : -4;
}

//@ piece shuffle needs philox stream_of
/* Fisher and Yates: each order is as likely as any other. */
static void shuffle(int count, int *order, uint64_t seed, int epoch)
{
    uint32_t stream = stream_of("__shuffle");
    for (int i = count - 1; i > 0; i--) {
        struct Random r = philox(seed, stream, (uint32_t)epoch, 0, (uint32_t)i / 4);
        int j = (int)((r.word[i % 4] * ((uint64_t)i + 1)) >> 32), t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
}
//@ end
