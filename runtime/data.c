/* data.c: columns of data sets. An array has an entry for every example of a file, and hands out
 * batches of them as the model wants them: element by element, the examples innermost.
 *
 * Input: bytes of a file (idx.c, npy.c), numbers that csv.c has read, or numbers of the program.
 * Output: batches of reals or whole numbers.
 * Invariant: whoever opens an array has checked its header; what depends on the numbers in it
 * (classes) is checked once, before the first step. Faults of data end the program with exit
 * code 1. */
#ifndef MT_DATA_C
#define MT_DATA_C
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "random.c"

#ifndef MT_PROGRAM /* the name of the model */
#define MT_PROGRAM "sample"
#endif

//@ piece data_error
#if defined __GNUC__
#define MT_LIKE_PRINTF __attribute__((format(printf, 1, 2), noreturn))
#else
#define MT_LIKE_PRINTF
#endif

/* A fault of the data: says so and ends the program. */
static void data_error(const char *format, ...) MT_LIKE_PRINTF;
static void data_error(const char *format, ...)
{
    va_list list;
    fflush(stdout);
    fprintf(stderr, MT_PROGRAM ": error: ");
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    exit(1);
}
//@ end

//@ piece data_memory needs data_error
/* Memory for what a file holds, taken before the first step. */
static void *data_memory(void *old, size_t count, size_t size)
{
    void *memory = count <= SIZE_MAX / 2 / size ? realloc(old, count ? count * size : 1) : NULL;
    if (!memory)
        data_error("out of memory for %lu entries of the data", (unsigned long)count);
    return memory;
}
//@ end

//@ piece read_bytes needs data_memory
#if !defined MT_NO_MMAP && (defined __unix__ || defined __APPLE__)
#include <sys/mman.h>
#include <sys/stat.h>
#define MT_MMAP
#endif

/* All bytes of a file, from here to the end of the run. */
struct Bytes {
    const unsigned char *data;
    size_t size;
};

/* Without a map: a pipe, or a system that has none. */
static struct Bytes read_stream(const char *path, FILE *file)
{
    unsigned char *data = NULL;
    size_t size = 0, room = 0, got;
    do {
        room = room ? 2 * room : 1 << 16;
        data = data_memory(data, room, 1);
        got = fread(data + size, 1, room - size, file);
        size += got;
    } while (size == room);
    if (ferror(file))
        data_error("%s: %s", path, strerror(errno));
    fclose(file);
    struct Bytes bytes = {data, size};
    return bytes;
}

/* The file, mapped where that is possible. */
static struct Bytes read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        data_error("%s: %s", path, strerror(errno));
#ifdef MT_MMAP
    struct stat status;
    if (fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
        (uintmax_t)status.st_size <= SIZE_MAX) {
        size_t size = (size_t)status.st_size;
        void *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fileno(file), 0);
        if (data != MAP_FAILED) {
            struct Bytes bytes = {data, size};
            fclose(file);
            return bytes;
        }
    }
#endif
    return read_stream(path, file);
}

static struct Bytes read_bytes(const char *path)
{
    struct Bytes bytes = read_all(path);
    if (bytes.size == 0)
        data_error("%s: the file is empty", path);
    if (bytes.size >= 2 && bytes.data[0] == 0x1f && bytes.data[1] == 0x8b)
        data_error("%s: this is a gzip file; unpack it first:  gunzip %s", path, path);
    return bytes;
}
//@ end

//@ declare array
/* A column of a file: one entry of `count` numbers for every example, as the file has them. */
struct Array {
    const unsigned char *data;
    int type, examples;
    size_t count;
    const char *name, *path; /* for messages: "image", "train-images-idx3-ubyte" */
};
//@ end

//@ piece array needs data_error
/* How an array holds a number: whole numbers and reals of so many bytes, the lowest byte first or
 * (BIG) the highest; what the program itself made is ARRAY_REAL or ARRAY_INT. */
#define EACH_WHOLE_TYPE(X) \
    X(U8, 1, p[0]) \
    X(I8, 1, (int8_t)p[0]) \
    X(U16, 2, low16(p)) \
    X(I16, 2, (int16_t)low16(p)) \
    X(I16_BIG, 2, (int16_t)high16(p)) \
    X(U32, 4, low32(p)) \
    X(I32, 4, (int32_t)low32(p)) \
    X(I32_BIG, 4, (int32_t)high32(p)) \
    X(U64, 8, low64(p)) \
    X(I64, 8, (int64_t)low64(p)) \
    X(INT, sizeof(int), int_at(p))
#define EACH_REAL_TYPE(X) \
    X(F32, 4, float_of(low32(p))) \
    X(F32_BIG, 4, float_of(high32(p))) \
    X(F64, 8, double_of(low64(p))) \
    X(F64_BIG, 8, double_of(high64(p))) \
    X(REAL, sizeof(real), real_at(p))
#define TYPE_NAME(type, size, value) ARRAY_##type,
enum { EACH_WHOLE_TYPE(TYPE_NAME) ARRAY_WHOLE_TYPES, EACH_REAL_TYPE(TYPE_NAME) ARRAY_TYPES };
#define TYPE_SIZE(type, size, value) \
    case ARRAY_##type: \
        return size;
static inline size_t array_size(int type)
{
    switch (type) {
        EACH_WHOLE_TYPE(TYPE_SIZE)
        EACH_REAL_TYPE(TYPE_SIZE)
    }
    return 0;
}

static inline uint16_t low16(const unsigned char *p) { return (uint16_t)(p[0] | p[1] << 8); }
static inline uint16_t high16(const unsigned char *p) { return (uint16_t)(p[1] | p[0] << 8); }
static inline uint32_t low32(const unsigned char *p)
{
    return low16(p) | (uint32_t)low16(p + 2) << 16;
}
static inline uint32_t high32(const unsigned char *p)
{
    return high16(p + 2) | (uint32_t)high16(p) << 16;
}
static inline uint64_t low64(const unsigned char *p)
{
    return low32(p) | (uint64_t)low32(p + 4) << 32;
}
static inline uint64_t high64(const unsigned char *p)
{
    return high32(p + 4) | (uint64_t)high32(p) << 32;
}
static inline float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}
static inline double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}
static inline real real_at(const unsigned char *p)
{
    real x;
    memcpy(&x, p, sizeof x);
    return x;
}
static inline int int_at(const unsigned char *p)
{
    int x;
    memcpy(&x, p, sizeof x);
    return x;
}
//@ end

//@ piece read_reals needs array
/* x[i][b] = element i of the entry example[b], for 16 examples at a time: so many rows of the file
 * are read side by side. */
#define READ_REALS(type, size, value) \
    case ARRAY_##type: \
        for (size_t i = 0; i < a->count; i++) \
            for (int l = 0; l < 16; l++) { \
                const unsigned char *p = entry[l] + i * (size); \
                x[i * B + (size_t)(b + l)] = (real)(value); \
            } \
        break;
static void read_reals(const struct Array *a, const int *example, real *x)
{
    if (!a->data)
        return; /* not opened: to predict takes no targets */
    for (int b = 0; b < B; b += 16) {
        const unsigned char *entry[16];
        for (int l = 0; l < 16; l++)
            entry[l] = a->data + (size_t)example[b + l] * a->count * array_size(a->type);
        switch (a->type) {
            EACH_WHOLE_TYPE(READ_REALS)
            EACH_REAL_TYPE(READ_REALS)
        }
    }
}
//@ end

//@ piece read_ints needs array
/* The same of whole numbers; check_whole has seen that they fit. */
#define READ_INTS(type, size, value) \
    case ARRAY_##type: \
        for (size_t i = 0; i < a->count; i++) \
            for (int l = 0; l < 16; l++) { \
                const unsigned char *p = entry[l] + i * (size); \
                x[i * B + (size_t)(b + l)] = (int)(value); \
            } \
        break;
static void read_ints(const struct Array *a, const int *example, int *x)
{
    if (!a->data)
        return; /* not opened: to predict takes no targets */
    for (int b = 0; b < B; b += 16) {
        const unsigned char *entry[16];
        for (int l = 0; l < 16; l++)
            entry[l] = a->data + (size_t)example[b + l] * a->count * array_size(a->type);
        switch (a->type) {
            EACH_WHOLE_TYPE(READ_INTS)
        }
    }
}
//@ end

//@ piece check_whole needs array
/* That every number of the array is whole and an int; if classes > 0, one of 0 ... classes - 1, or
 * `ignored` (0: none). `declared` quotes the program: "lenet5.mt: y: label -> class(10)". */
#define CHECK_WHOLE(type, size, value) \
    case ARRAY_##type: \
        for (k = 0; k < total; k++) { \
            const unsigned char *p = a->data + k * (size); \
            if ((value) < 0) { \
                low = (int64_t)(value); \
                if (low < least && low != ignored) \
                    break; \
            } else { \
                high = (uint64_t)(value); \
                low = 0; \
                if (high > most && !(ignored >= 0 && high == (uint64_t)ignored)) \
                    break; \
            } \
        } \
        break;
static void check_whole(const struct Array *a, int classes, int ignored, const char *declared)
{
    size_t total = (size_t)a->examples * a->count, k = total;
    uint64_t most = classes > 0 ? (uint64_t)classes - 1 : INT_MAX, high = 0;
    int64_t least = classes > 0 ? 0 : INT_MIN, low = 0;
    if (!a->data)
        return;
    if (a->type > ARRAY_WHOLE_TYPES)
        data_error("%s: `%s` holds floating-point numbers, but whole ones are needed\n"
                   "  declared at %s",
            a->path, a->name, declared);
#if defined __GNUC__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wtype-limits" /* unsigned types are never below 0 */
#endif
    switch (a->type) {
        EACH_WHOLE_TYPE(CHECK_WHOLE)
    }
#if defined __GNUC__
#pragma GCC diagnostic pop
#endif
    if (k == total)
        return;
    size_t example = k / a->count;
    if (low < 0)
        data_error("%s %lld in example %lu is %s\n  declared at %s", a->name, (long long)low,
            (unsigned long)example, classes > 0 ? "below 0" : "too small for an int", declared);
    if (classes > 0)
        data_error("%s %llu in example %lu is not below %d\n  declared at %s", a->name,
            (unsigned long long)high, (unsigned long)example, classes, declared);
    data_error("%s %llu in example %lu is too large for an int\n  declared at %s", a->name,
        (unsigned long long)high, (unsigned long)example, declared);
}
//@ end

//@ piece array_shape needs array
enum { ARRAY_RANK = 16 };

/* The program's "[28, 28]", or "3 numbers", which fits every shape of so many, as sizes; the rank,
 * or -1. */
static int parse_shape(const char *text, size_t *size)
{
    int rank = 0;
    if (*text != '[') {
        size[0] = (size_t)strtoul(text, NULL, 10);
        return -1;
    }
    for (text++; *text && *text != ']' && rank < ARRAY_RANK; rank++) {
        size[rank] = (size_t)strtoul(text, (char **)&text, 10);
        text += strspn(text, ", ");
    }
    return rank;
}

/* That a file with these sizes, the first the number of examples, and so many bytes of numbers is
 * what the program expects. Sets how many examples, and how many numbers each has. */
static void check_shape(
    struct Array *a, const char *shape, int rank, const size_t *size, size_t bytes)
{
    size_t wanted[ARRAY_RANK], count = 1, expected = 1;
    int wanted_rank = parse_shape(shape, wanted), fits;
    for (int i = 1; i < rank; i++) {
        if (size[i] != 0 && count > SIZE_MAX / 16 / size[i])
            data_error("%s: the header is damaged: its sizes are too large", a->path);
        count *= size[i];
    }
    fits = wanted_rank == rank - 1;
    for (int i = 0; i < wanted_rank && fits; i++)
        fits = wanted[i] == size[i + 1];
    for (int i = 0; i < wanted_rank; i++)
        expected *= wanted[i];
    if (wanted_rank < 0)
        fits = rank > 0 && count == wanted[0];
    /* [examples, 1] is a column of single numbers as well */
    if (wanted_rank == 0 && rank == 2 && size[1] == 1)
        fits = 1;
    if (!fits) {
        char found[ARRAY_RANK * 24] = "";
        for (int i = 0; i < rank; i++)
            sprintf(found + strlen(found), i ? ", %lu" : "%lu", (unsigned long)size[i]);
        data_error("%s: holds an array [%s], but `%s` takes %s for each example%s", a->path, found,
            a->name, strcmp(shape, "[]") == 0 ? "one number" : shape,
            rank == 0 ? "; the first axis counts the examples" : "");
    }
    if (size[0] == 0)
        data_error("%s: holds no examples", a->path);
    if (size[0] > INT_MAX)
        data_error("%s: holds %lu examples, more than the %d that this program counts", a->path,
            (unsigned long)size[0], INT_MAX);
    a->examples = (int)size[0];
    a->count = count;
    if (count == 0 || size[0] > SIZE_MAX / 16 / count)
        data_error("%s: the header is damaged: its sizes are too large", a->path);
    expected = size[0] * count * array_size(a->type);
    if (bytes != expected)
        data_error("%s: %s: %lu bytes of numbers where the header says %lu", a->path,
            bytes < expected ? "the file is cut off" : "there is something behind the numbers",
            (unsigned long)bytes, (unsigned long)expected);
}
//@ end

//@ piece open_inline needs array
/* The column `name` from numbers that the program itself has, so many for each example. */
static struct Array open_inline(
    const void *data, int type, const char *name, int examples, size_t count)
{
    struct Array a = {0};
    a.data = data;
    a.type = type;
    a.name = name;
    a.path = "inline";
    a.examples = examples;
    a.count = count;
    return a;
}
//@ end

//@ piece inline_reals needs open_inline
static struct Array inline_reals(const void *data, const char *name, int examples, size_t count)
{
    return open_inline(data, ARRAY_REAL, name, examples, count);
}
//@ end

//@ piece inline_ints needs open_inline
static struct Array inline_ints(const void *data, const char *name, int examples, size_t count)
{
    return open_inline(data, ARRAY_INT, name, examples, count);
}
//@ end

//@ piece same_examples needs data_error
/* All columns of a split have as many examples. */
static void same_examples(const struct Array *a, const struct Array *b)
{
    if (a->examples != b->examples)
        data_error("%s has %d examples, but %s has %d", a->path, a->examples, b->path, b->examples);
}
//@ end

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
