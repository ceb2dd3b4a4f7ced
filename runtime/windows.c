/* windows.c: parts of images, cut out and mirrored while they are read.
 *
 * Idea: random_crop, random_hflip and the crop of an evaluation move no numbers. They say which part
 * of an example is wanted, and that part is read at once.
 * Input: an array of images, a window for each example of the batch. Output: the values x[c][y][x][b].
 * Invariant: what is drawn for an example depends on seed, epoch and example alone (LANGUAGE.md
 * 10.7): an image and its mask move together, in batches of any size. */
#ifndef MT_WINDOWS_C
#define MT_WINDOWS_C
#include "data.c"
#include "random.c"

//@ declare window
/* The part of an example that is read: place [y][x] of it is [top + y][left + step * x] of the
 * file's, or 0 where that is outside. */
struct Window {
    int top, left, step, height, width;
};
//@ end

//@ piece window
/* All of examples of this size. */
static void whole_windows(struct Window *window, int height, int width)
{
    const struct Window whole = {0, 0, 1, height, width};
    for (int b = 0; b < B; b++)
        window[b] = whole;
}

static void crop_window(struct Window *w, int top, int left, int height, int width)
{
    w->top += top;
    w->left += w->step * left;
    w->height = height;
    w->width = width;
}
//@ end

//@ piece center_crop needs window
/* Where a crop has nothing to draw. Of an odd rest the half that is even, as torchvision has it. */
static void center_crop(struct Window *window, int height, int width)
{
    for (int b = 0; b < B; b++) {
        int down = window[b].height - height, right = window[b].width - width;
        int top = down % 2 > 0 ? (down + 1) / 4 * 2 : down / 2;
        int left = right % 2 > 0 ? (right + 1) / 4 * 2 : right / 2;
        crop_window(&window[b], top, left, height, width);
    }
}
//@ end

//@ piece random_crop needs window philox stream_of
/* Somewhere in the example with so many zeros around it, every place as likely as any other. */
static void random_crop(struct Window *window, int height, int width, int padding, uint64_t seed,
    int epoch, const int *example)
{
    uint32_t stream = stream_of("__random_crop");
    for (int b = 0; b < B; b++) {
        struct Random r = philox(seed, stream, (uint32_t)epoch, (uint32_t)example[b], 0);
        int rows = window[b].height + 2 * padding - height + 1;
        int columns = window[b].width + 2 * padding - width + 1;
        int top = (int)((r.word[0] * (uint64_t)rows) >> 32) - padding;
        int left = (int)((r.word[1] * (uint64_t)columns) >> 32) - padding;
        crop_window(&window[b], top, left, height, width);
    }
}
//@ end

//@ piece random_hflip needs window philox stream_of
/* With probability p the left side becomes the right one. */
static void random_hflip(
    struct Window *window, double p, uint64_t seed, int epoch, const int *example)
{
    uint32_t stream = stream_of("__random_hflip");
    for (int b = 0; b < B; b++) {
        struct Random r = philox(seed, stream, (uint32_t)epoch, (uint32_t)example[b], 0);
        if ((r.word[0] + 0.5) / 4294967296.0 < p) {
            window[b].left += window[b].step * (window[b].width - 1);
            window[b].step = -window[b].step;
        }
    }
}
//@ end

//@ piece window_rows needs window array
/* Row i of the windows of 16 examples, whose images have so many rows and columns. */
struct WindowRows {
    const unsigned char *row[16]; /* of the file; where the window is outside: one of no columns */
    int left[16], step[16], columns[16];
};
static inline struct WindowRows window_rows(const struct Array *a, const int *example,
    const struct Window *window, int i, int height, int width)
{
    struct WindowRows r;
    int channel = i / window->height;
    for (int l = 0; l < 16; l++) {
        int y = window[l].top + i % window->height, inside = y >= 0 && y < height;
        size_t before = (size_t)(channel * height + (inside ? y : 0)) * (size_t)width;
        r.row[l] = array_entry(a, example[l]) + before * array_size(a->type);
        r.left[l] = window[l].left;
        r.step[l] = window[l].step;
        r.columns[l] = inside ? width : 0;
    }
    return r;
}

/* to[k][l] of that row. Where it is outside, the first number is read and not taken. */
#define READ_WINDOW_ROW(size, value, as) \
    for (int k = 0; k < window->width; k++, to += B) \
        for (int l = 0; l < 16; l++) { \
            int at = r.left[l] + k * r.step[l], inside = (unsigned)at < (unsigned)r.columns[l]; \
            const unsigned char *p = r.row[l] + (size_t)(inside ? at : 0) * (size); \
            to[l] = inside ? (as)(value) : 0; \
        }
//@ end

//@ piece read_windows needs window_rows
/* As read_reals, the windows alone of examples of [channels, height, width] numbers. */
#define READ_WINDOWS(type, size, value) \
    case ARRAY_##type: \
        READ_WINDOW_ROW(size, value, real) \
        break;
static void read_windows(const struct Array *a, const int *example, const struct Window *window,
    int channels, int height, int width, real *x)
{
    if (!a->data)
        return;
    for (int b = 0; b < B; b += 16, window += 16, example += 16)
        for (int i = 0; i < channels * window->height; i++) {
            struct WindowRows r = window_rows(a, example, window, i, height, width);
            real *to = x + (ptrdiff_t)i * window->width * B + b;
            switch (a->type) {
                EACH_WHOLE_TYPE(READ_WINDOWS)
                EACH_REAL_TYPE(READ_WINDOWS)
            }
        }
}
//@ end

//@ piece read_int_windows needs window_rows
/* The same of whole numbers, such as the classes of places. */
#define READ_INT_WINDOWS(type, size, value) \
    case ARRAY_##type: \
        READ_WINDOW_ROW(size, value, int) \
        break;
static void read_int_windows(const struct Array *a, const int *example, const struct Window *window,
    int channels, int height, int width, int *x)
{
    if (!a->data)
        return;
    for (int b = 0; b < B; b += 16, window += 16, example += 16)
        for (int i = 0; i < channels * window->height; i++) {
            struct WindowRows r = window_rows(a, example, window, i, height, width);
            int *to = x + (ptrdiff_t)i * window->width * B + b;
            switch (a->type) {
                EACH_WHOLE_TYPE(READ_INT_WINDOWS)
            }
        }
}
//@ end

//@ piece zero_padding needs window
/* Zeros where a window is outside of its example, after transforms that have made others of
 * them. */
static void zero_padding(const struct Window *window, int channels, int height, int width, real *x)
{
    for (int i = 0; i < channels * window->height; i++)
        for (int b = 0; b < B; b++) {
            const struct Window *w = &window[b];
            int y = w->top + i % w->height, inside = y >= 0 && y < height;
            real *to = x + (ptrdiff_t)i * w->width * B + b;
            for (int k = 0; k < w->width; k++)
                if (!inside || (unsigned)(w->left + k * w->step) >= (unsigned)width)
                    to[(ptrdiff_t)k * B] = 0;
        }
}
//@ end
#endif
