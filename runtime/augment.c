/* augment.c: random transforms that change numbers: noise, erased rectangles.
 *
 * Input: the values x[c][y][x][b] of a batch, and which examples they are. Output: the same, changed.
 * Invariant: what is drawn for an example depends on seed, epoch, example and transform alone
 * (LANGUAGE.md 10.7). `path` names the transform: "__random_noise", the second of a column
 * "__random_noise__2". */
#ifndef MT_AUGMENT_C
#define MT_AUGMENT_C
#include "data.c"
#include "random.c"

//@ piece random_noise needs philox stream_of logarithm cosine sine square_root
/* x[i][b] += a normal number of this deviation, i < count (Box and Muller, 1958). */
static void random_noise(real *x, int count, double deviation, const char *path, uint64_t seed,
    int epoch, const int *example)
{
    uint32_t stream = stream_of(path);
    for (int i = 0; i < count; i += 4) {
        /* Loops of their own: sqrt may set errno, and would keep the others from being vectors. */
        real radius[2][B], angle[2][B], noise[4][B];
        for (int b = 0; b < B; b++) {
            struct Random r =
                philox(seed, stream, (uint32_t)epoch, (uint32_t)example[b], (uint32_t)i / 4);
            for (int k = 0; k < 2; k++) {
                radius[k][b] = -2 * logarithm((real)((r.word[2 * k] + 0.5) / 4294967296.0));
                angle[k][b] =
                    (real)(6.283185307179586 * ((r.word[2 * k + 1] + 0.5) / 4294967296.0));
            }
        }
        for (int k = 0; k < 2; k++)
            for (int b = 0; b < B; b++)
                radius[k][b] = (real)deviation * square_root(radius[k][b]);
        for (int k = 0; k < 2; k++)
            for (int b = 0; b < B; b++) {
                noise[2 * k][b] = radius[k][b] * cosine(angle[k][b]);
                noise[2 * k + 1][b] = radius[k][b] * sine(angle[k][b]);
            }
        for (int k = 0; k < 4 && i + k < count; k++)
            for (int b = 0; b < B; b++)
                x[(ptrdiff_t)(i + k) * B + b] += noise[k][b];
    }
}
//@ end

//@ declare erasing
/* With probability p a rectangle is erased: of an area that is a part of the image's between
 * the two of scale, as high as wide times one of ratio. */
struct Erasing {
    double p, scale[2], ratio[2];
};
//@ end

//@ piece erasing needs philox logarithm_double exponential_double
struct Rectangle {
    int top, left, height, width; /* 0, 0: nothing */
};

static double uniform_word(uint32_t word, double from, double to)
{
    return from + (to - from) * ((word + 0.5) / 4294967296.0);
}

/* Of ten tries the first that fits into the image (Zhong et al., 2017; as torchvision has it). */
static struct Rectangle erased_rectangle(const struct Erasing *erasing, int height, int width,
    uint64_t seed, uint32_t stream, int epoch, int example)
{
    struct Rectangle nothing = {0, 0, 0, 0};
    double low = logarithm_double(erasing->ratio[0]), high = logarithm_double(erasing->ratio[1]);
    struct Random first = philox(seed, stream, (uint32_t)epoch, (uint32_t)example, 0);
    if ((first.word[0] + 0.5) / 4294967296.0 >= erasing->p)
        return nothing;
    for (uint32_t k = 1; k <= 10; k++) {
        struct Random r = philox(seed, stream, (uint32_t)epoch, (uint32_t)example, k);
        double area =
            (double)height * width * uniform_word(r.word[0], erasing->scale[0], erasing->scale[1]);
        double ratio = exponential_double(uniform_word(r.word[1], low, high));
        double h = floor(sqrt(area * ratio) + 0.5), w = floor(sqrt(area / ratio) + 0.5);
        if (h < height && w < width) {
            struct Rectangle found = {0, 0, (int)h, (int)w};
            found.top = (int)((r.word[2] * (uint64_t)(height - found.height + 1)) >> 32);
            found.left = (int)((r.word[3] * (uint64_t)(width - found.width + 1)) >> 32);
            return found;
        }
    }
    return nothing;
}
//@ end

//@ piece random_erasing needs erasing stream_of
/* Images of [channels, height, width]; `value` of each channel takes the place of what was
 * there. */
static void random_erasing(real *x, int channels, int height, int width,
    const struct Erasing *erasing, const real *value, const char *path, uint64_t seed, int epoch,
    const int *example)
{
    uint32_t stream = stream_of(path);
    for (int b = 0; b < B; b++) {
        struct Rectangle r =
            erased_rectangle(erasing, height, width, seed, stream, epoch, example[b]);
        for (int c = 0; c < channels; c++)
            for (int i = r.top; i < r.top + r.height; i++)
                for (int k = r.left; k < r.left + r.width; k++)
                    x[((ptrdiff_t)(c * height + i) * width + k) * B + b] = value[c];
    }
}
//@ end
#endif
