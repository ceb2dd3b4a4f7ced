// fuzz_data.c: any bytes as a file of data: the readers of the trainers end with a message or with arrays whose every
// number can be read, never with a crash.
//
//     clang -g -O1 -DMT_LIBFUZZER -fsanitize=fuzzer,address,undefined tests/fuzz/fuzz_data.c -lm -o fuzz_data
//     ./fuzz_data -max_total_time=60
//
// Without MT_LIBFUZZER it reads the files that are given as arguments, in all ways. The first byte of an input chooses
// reader and shape, the rest is the file. A fault of the data jumps back instead of ending the program; memory is kept
// in a list and given back after each input.
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef union Block {
    struct {
        union Block *next;
        size_t size;
    } head;
    long double align;
} Block;
static Block *blocks;
static jmp_buf back;

static void *fuzz_realloc(void *old, size_t size)
{
    if (size > (size_t)1 << 28)
        return NULL;
    Block *new = malloc(sizeof *new + size);
    if (!new)
        return NULL;
    new->head.next = blocks;
    new->head.size = size;
    blocks = new;
    if (old) {
        size_t held = ((Block *)old - 1)->head.size;
        memcpy(new + 1, old, held < size ? held : size);
    }
    return new + 1;
}

static void fuzz_free_all(void)
{
    while (blocks) {
        Block *next = blocks->head.next;
        free(blocks);
        blocks = next;
    }
}

static void fuzz_exit(int code) __attribute__((noreturn));
static void fuzz_exit(int code)
{
    longjmp(back, code);
}

// The readers, with their memory, their end and their messages turned to the above.
#define MT_PROGRAM "fuzz"
#define realloc fuzz_realloc
#define free(pointer) ((void)(pointer))
#define exit fuzz_exit
#undef stderr
#define stderr quiet
static FILE *quiet;
#define MT_NO_MMAP
#define MT_BATCH 16
#include "../../runtime/csv.c"
#include "../../runtime/idx.c"
#include "../../runtime/npy.c"
#include "../../runtime/one_hot.c"
#include "../../runtime/records.c"
#include "../../runtime/windows.c"
#undef free
#undef realloc
#undef exit

static char path[] = "/tmp/fuzz_data_XXXXXX";

// Every number of an array, as the loader and the checks read it.
static void use(const struct Array *a)
{
    if (a->count > 100000)
        return;
    int example[B];
    real *x = fuzz_realloc(NULL, a->count * B * sizeof *x);
    int *k = fuzz_realloc(NULL, a->count * B * sizeof *k);
    for (int first = 0; x && k && first < a->examples && first < 100 * B; first += B) {
        for (int b = 0; b < B; b++)
            example[b] = first + b < a->examples ? first + b : a->examples - 1;
        read_reals(a, example, x);
    }
    for (int b = 0; b < B; b++)
        example[b] = a->examples - 1;
    if (x)
        read_reals(a, example, x);
    check_whole(a, 10, -100, "fuzz.mt: y: label -> class(10)");
    if (k)
        read_ints(a, example, k);
}

// Records of a class, an image of 2 rows and 3 columns, and something behind; moved images are read in their windows.
static void read_records(int choice)
{
    static const char *const types[] = {"u8", "i16", "i64", "f32"};
    static const size_t sizes[] = {1, 2, 8, 4};
    size_t size = 1 + 6 * sizes[choice % 4] + (size_t)(choice / 4 % 2);
    struct Records records = open_records(path, size, "fuzz");
    struct Array label = record_column(&records, "label", "u8", 1, 0);
    struct Array image = record_column(&records, "image", types[choice % 4], 6, 1);
    struct Window window[B];
    int example[B], k[2 * 5 * B];
    real x[2 * 5 * B], one[4 * B];
    use(&image);
    for (int b = 0; b < B; b++)
        example[b] = (int)((long)b * 7919 % records.examples);
    whole_windows(window, 2, 3);
    random_crop(window, 2, 5, 1, (uint64_t)choice, 0, example);
    random_hflip(window, 0.5, (uint64_t)choice, 0, example);
    read_windows(&image, example, window, 1, 2, 3, x);
    zero_padding(window, 1, 2, 3, x);
    check_whole(&label, 4, 0, "fuzz.mt: y: label -> class(4)");
    read_one_hot(&label, example, 4, one);
    check_whole(&image, 0, 0, "fuzz.mt: x: image");
    read_int_windows(&image, example, window, 1, 2, 3, k);
}

static void read_file(int choice)
{
    if (choice >= 32) {
        read_records(choice);
        return;
    }
    static const char *const shapes[] = {"[]", "[2]", "[2, 3]", "6 numbers"};
    const char *shape = shapes[choice / 4 % 4];
    struct Array a, b;
    if (choice % 4 == 0) {
        a = open_idx(path, "x", shape);
        use(&a);
    } else if (choice % 4 == 1) {
        a = open_npy(path, "x", shape);
        use(&a);
    } else {
        struct Csv *csv = csv_open(path, choice / 16 % 2 ? "," : ";", choice % 4 == 3);
        if (choice % 4 == 3) {
            csv_names(csv, &a, "x", 1, "a");
            csv_names(csv, &b, "y", 1, "b");
            csv_classes(csv, 2, "yes", "no");
        } else {
            csv_range(csv, &a, "x", 0, 1);
            csv_range(csv, &b, "y", 1, 1);
            csv_class(csv, 3, -1);
        }
        csv_read(csv);
        use(&a);
        use(&b);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int ready;
    if (!ready) {
        int descriptor = mkstemp(path);
        quiet = fopen("/dev/null", "w");
        ready = descriptor >= 0 && quiet;
    }
    FILE *file = size && ready ? fopen(path, "wb") : NULL;
    if (!file)
        return 0;
    fwrite(data + 1, 1, size - 1, file);
    fclose(file);
    if (setjmp(back) == 0)
        read_file(data[0]);
    fuzz_free_all();
    return 0;
}

#ifndef MT_LIBFUZZER
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        static uint8_t bytes[1 << 20];
        FILE *file = fopen(argv[i], "rb");
        if (!file)
            continue;
        size_t size = 1 + fread(bytes + 1, 1, sizeof bytes - 1, file);
        fclose(file);
        for (int choice = 0; choice < 40; choice++) {
            bytes[0] = (uint8_t)choice;
            LLVMFuzzerTestOneInput(bytes, size);
        }
    }
    remove(path);
    return 0;
}
#endif
