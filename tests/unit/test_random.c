// runtime/random.c and the masks of dropout: published vectors, distributions, and that a number depends on nothing but
// its key.
#define MT_BATCH 16
#define MT_KERNELS
#include "../../runtime/random.c"
#include "../../compiler/ops/dropout.c"
#include "../../compiler/ops/randn_like.c"
#include <criterion/criterion.h>

static void expect_words(struct Random r, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    cr_expect(r.word[0] == a && r.word[1] == b && r.word[2] == c && r.word[3] == d, "%08x %08x %08x %08x", r.word[0],
        r.word[1], r.word[2], r.word[3]);
}

// The vectors of Random123 for philox4x32-10: counter {block, example, step, stream}, key = seed.
Test(random, philox)
{
    const uint32_t f = 0xffffffff;
    expect_words(philox(0, 0, 0, 0, 0), 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    expect_words(philox(UINT64_C(0xffffffffffffffff), f, f, f, f), 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    expect_words(philox(UINT64_C(0x299f31d0a4093822), 0x03707344, 0x13198a2e, 0x85a308d3, 0x243f6a88), 0xd16cfe09,
        0x94fdcceb, 0x5001e420, 0x24126ea1);
}

// FNV-1a, 32 bits: the vectors of its authors.
Test(random, stream_of)
{
    cr_expect(stream_of("") == 0x811c9dc5 && stream_of("a") == 0xe40c292c && stream_of("foobar") == 0xbf9cf968);
}

Test(random, uniform)
{
    enum { COUNT = 100000 };
    double sum = 0, squares = 0;
    for (size_t i = 0; i < COUNT; i++) {
        double u = uniform(7, "fc1.weight", i);
        cr_assert(u > 0 && u < 1);
        sum += u;
        squares += u * u;
    }
    // Five standard deviations of the mean of COUNT numbers.
    cr_expect(fabs(sum / COUNT - 0.5) < 5 * 0.2887 / sqrt(COUNT), "mean %g", sum / COUNT);
    cr_expect(fabs(squares / COUNT - 1.0 / 3) < 5 * 0.298 / sqrt(COUNT), "mean square %g", squares / COUNT);
    cr_expect(uniform(7, "a", 5) == uniform(7, "a", 5) && uniform(7, "a", 5) != uniform(8, "a", 5));
    cr_expect(uniform(7, "a", 5) != uniform(7, "b", 5) && uniform(7, "a", 5) != uniform(7, "a", 6));
}

Test(random, normal)
{
    enum { COUNT = 100000 };
    double moments[5] = {0}, neighbours[4] = {0}, last[4] = {0};
    int beyond = 0;
    for (size_t i = 0; i < COUNT; i++) {
        double x = normal(3, "wte.weight", i), power = 1;
        for (int k = 0; k < 5; k++, power *= x)
            moments[k] += power / COUNT;
        for (int k = 3; k > 0; k--) {
            neighbours[k] += x * last[k] / COUNT; // last[k]: k elements before
            last[k] = k > 1 ? last[k - 1] : x;
        }
        beyond += fabs(x) > 1.959964;
    }
    const double deviation[] = {0, 1, 1.4142, 3.873, 9.798}; // of x^k
    const double right[] = {1, 0, 1, 0, 3};
    for (int k = 1; k < 5; k++)
        cr_expect(fabs(moments[k] - right[k]) < 5 * deviation[k] / sqrt(COUNT), "moment %d is %g", k, moments[k]);
    for (int k = 1; k < 4; k++)
        cr_expect(fabs(neighbours[k]) < 5 / sqrt(COUNT), "numbers %d apart are correlated: %g", k, neighbours[k]);
    cr_expect(fabs(beyond / (double)COUNT - 0.05) < 5 * 0.218 / sqrt(COUNT), "%d beyond 1.96", beyond);
}

Test(random, shuffle)
{
    enum { COUNT = 5, ROUNDS = 12000 };
    int first[COUNT][COUNT] = {{0}}, order[COUNT];
    for (int epoch = 0; epoch < ROUNDS; epoch++) {
        int seen = 0;
        for (int i = 0; i < COUNT; i++)
            order[i] = i;
        shuffle(COUNT, order, 1, epoch);
        for (int i = 0; i < COUNT; i++) {
            seen |= 1 << order[i];
            first[i][order[i]]++;
        }
        cr_assert(seen == (1 << COUNT) - 1);
    }
    for (int i = 0; i < COUNT; i++)
        for (int k = 0; k < COUNT; k++)
            cr_expect(abs(first[i][k] - ROUNDS / COUNT) < 5 * 44, "%d at place %d %d times", k, i, first[i][k]);
}

// Each element is 0 as often as p says; example 3 of a batch that begins at 10 has the mask of example 13; an element
// does not depend on how many there are behind it.
Test(random, dropout_mask)
{
    static const double rates[] = {0, 0.25, 0.5, 1};
    for (size_t r = 0; r < 4; r++)
        for (int P = 1; P < 9; P++) {
            real mask[8 * B], later[8 * B], more[8 * B];
            int zeros = 0;
            for (int step = 0; step < 50; step++) {
                dropout_mask(P, rates[r], 42, "fc2__dropout", step, 0, mask);
                for (int i = 0; i < P * B; i++) {
                    cr_assert(mask[i] == 0 || mask[i] == (real)(1 / (1 - rates[r])));
                    zeros += mask[i] == 0;
                }
            }
            double expected = rates[r] * P * B * 50, deviation = sqrt(expected * (1 - rates[r]));
            cr_expect(fabs(zeros - expected) <= 5 * deviation, "p = %g, P = %d: %d zeros", rates[r], P, zeros);
            dropout_mask(P, rates[r], 42, "fc2__dropout", 49, 10, later);
            dropout_mask(8, rates[r], 42, "fc2__dropout", 49, 0, more);
            cr_assert(memcmp(mask, more, (size_t)(P * B) * sizeof *mask) == 0);
            for (int i = 0; i < P; i++)
                for (int b = 0; b < 6; b++)
                    cr_assert(later[i * B + b] == mask[i * B + b + 10]);
        }
}

// The moments of a normal number; example 3 of a batch that begins at 10 has the noise of example 13; an element does not
// depend on how many there are behind it; every split has other noise.
Test(random, normal_noise)
{
    enum { P = 7, STEPS = 4000, COUNT = P * B * STEPS };
    static real noise[P * B], later[P * B], more[8 * B];
    double moments[5] = {0}, neighbours = 0, pairs = 0;
    for (int step = 0; step < STEPS; step++) {
        normal_noise(P, 42, "z__randn_like", step, 0, noise);
        for (int i = 0; i < P * B; i++) {
            for (int k = 1; k < 5; k++)
                moments[k] += pow(noise[i], k) / COUNT;
            neighbours += i > 0 ? noise[i] * noise[i - 1] / COUNT : 0;
            pairs += i >= B ? noise[i] * noise[i - B] / COUNT : 0;
        }
    }
    const double deviation[] = {0, 1, 1.4142, 3.873, 9.798}, right[] = {1, 0, 1, 0, 3};
    for (int k = 1; k < 5; k++)
        cr_expect(fabs(moments[k] - right[k]) < 5 * deviation[k] / sqrt(COUNT), "moment %d is %g", k, moments[k]);
    cr_expect(fabs(neighbours) < 5 / sqrt(COUNT) && fabs(pairs) < 5 / sqrt(COUNT), "correlated: %g, %g", neighbours, pairs);
    normal_noise(P, 42, "z__randn_like", STEPS - 1, 10, later);
    normal_noise(8, 42, "z__randn_like", STEPS - 1, 0, more);
    cr_assert(memcmp(noise, more, sizeof noise) == 0);
    for (int i = 0; i < P; i++)
        for (int b = 0; b < 6; b++)
            cr_assert(later[i * B + b] == noise[i * B + b + 10]);
    cr_assert(split_step("train") < -1 && split_step("valid") < -1 && split_step("test") < -1);
    cr_assert(split_step("train") != split_step("valid") && split_step("test") != split_step("valid") &&
        split_step("test") != split_step("train"));
}
