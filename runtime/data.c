/* data.c: columns of data sets. An array has an entry for every example of a file, and hands out
 * batches of them as the model wants them: element by element, the examples innermost.
 *
 * Input: bytes of files (idx.c, npy.c, records.c), numbers that csv.c has read, or numbers of the
 * program.
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

//@ piece read_all needs data_memory
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

static void refuse_gzip(const char *path, struct Bytes bytes)
{
    if (bytes.size >= 2 && bytes.data[0] == 0x1f && bytes.data[1] == 0x8b)
        data_error("%s: this is a gzip file; unpack it first:  gunzip %s", path, path);
}
//@ end

//@ piece read_bytes needs read_all
static struct Bytes read_bytes(const char *path)
{
    struct Bytes bytes = read_all(path);
    if (bytes.size == 0)
        data_error("%s: the file is empty", path);
    refuse_gzip(path, bytes);
    return bytes;
}
//@ end

//@ declare array
/* A column of a split: one entry of `count` numbers for every example, as the files have them. */
struct Array {
    const unsigned char *data; /* of example 0; NULL: not opened, as targets when predicting */
    size_t stride; /* bytes from an entry to the next one of the file */
    int type, examples;
    size_t count;
    const char *name, *path; /* for messages: "image", "train-images-idx3-ubyte" */
    const struct ArrayFile *file; /* of several files; NULL: all entries stand behind data */
    int files;
    size_t offset; /* of the column in what a file has for an example */
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

/* One of the files of a split; `first`: which example of the split its first one is. */
struct ArrayFile {
    char *path;
    const unsigned char *data;
    int first;
};

/* The file of several that an example is in. */
static inline const struct ArrayFile *array_file(const struct Array *a, int example)
{
    int low = 0, high = a->files;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (a->file[middle].first <= example)
            low = middle;
        else
            high = middle;
    }
    return &a->file[low];
}

static inline const unsigned char *array_entry(const struct Array *a, int example)
{
    if (a->files == 0)
        return a->data + (size_t)example * a->stride;
    const struct ArrayFile *file = array_file(a, example);
    return file->data + a->offset + (size_t)(example - file->first) * a->stride;
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
        return;
    for (int b = 0; b < B; b += 16) {
        const unsigned char *entry[16];
        for (int l = 0; l < 16; l++)
            entry[l] = array_entry(a, example[b + l]);
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
        return;
    for (int b = 0; b < B; b += 16) {
        const unsigned char *entry[16];
        for (int l = 0; l < 16; l++)
            entry[l] = array_entry(a, example[b + l]);
        switch (a->type) {
            EACH_WHOLE_TYPE(READ_INTS)
        }
    }
}
//@ end

//@ piece check_whole needs array
/* A number that check_whole does not take. */
struct Misfit {
    int64_t low; /* it, if below 0 */
    uint64_t high; /* else it */
};

/* Whether the entry of an example has a number outside of least ... most, `ignored` aside. */
#define CHECK_WHOLE(type, size, value) \
    case ARRAY_##type: \
        for (size_t i = 0; i < a->count; i++, p += (size)) { \
            if ((value) < 0) { \
                m->low = (int64_t)(value); \
                if (m->low < least && m->low != ignored) \
                    return 1; \
            } else { \
                m->low = 0; \
                m->high = (uint64_t)(value); \
                if (m->high > most && !(ignored >= 0 && m->high == (uint64_t)ignored)) \
                    return 1; \
            } \
        } \
        break;
#if defined __GNUC__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wtype-limits" /* unsigned types are never below 0 */
#endif
static int has_misfit(
    const struct Array *a, int example, int64_t least, uint64_t most, int ignored, struct Misfit *m)
{
    const unsigned char *p = array_entry(a, example);
    switch (a->type) {
        EACH_WHOLE_TYPE(CHECK_WHOLE)
    }
    return 0;
}
#if defined __GNUC__
#pragma GCC diagnostic pop
#endif

/* That every number of the array is whole and an int; if classes > 0, one of 0 ... classes - 1, or
 * `ignored` (0: none). `declared` quotes the program: "lenet5.mt: y: label -> class(10)". */
static void check_whole(const struct Array *a, int classes, int ignored, const char *declared)
{
    struct Misfit m = {0, 0};
    char number[24], place[400] = "";
    int example = 0;
    if (!a->data)
        return;
    if (a->type > ARRAY_WHOLE_TYPES)
        data_error("%s: `%s` holds floating-point numbers, but whole ones are needed\n"
                   "  declared at %s",
            a->path, a->name, declared);
    while (example < a->examples &&
        !has_misfit(a, example, classes > 0 ? 0 : INT_MIN,
            classes > 0 ? (uint64_t)classes - 1 : INT_MAX, ignored, &m))
        example++;
    if (example == a->examples)
        return;
    if (m.low < 0)
        snprintf(number, sizeof number, "%lld", (long long)m.low);
    else
        snprintf(number, sizeof number, "%llu", (unsigned long long)m.high);
    if (a->files > 0) {
        const struct ArrayFile *file = array_file(a, example);
        snprintf(
            place, sizeof place, " (file %.350s, record %d)", file->path, example - file->first);
    }
    if (classes > 0 && m.low >= 0)
        data_error("%s %s in example %d%s is not below %d\n  declared at %s", a->name, number,
            example, place, classes, declared);
    data_error("%s %s in example %d%s is %s\n  declared at %s", a->name, number, example, place,
        classes > 0     ? "below 0"
            : m.low < 0 ? "too small for an int"
                        : "too large for an int",
        declared);
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
    a.stride = count * array_size(type);
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
#endif
