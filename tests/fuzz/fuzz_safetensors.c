// fuzz_safetensors.c: any bytes as a file of parameters: --init ends with parameters or with a message, never with a
// crash, and parameters change only if all of the file fits.
//
//     clang -g -O1 -DMT_LIBFUZZER -fsanitize=fuzzer,address,undefined tests/fuzz/fuzz_safetensors.c -lm -o fuzz
//     ./fuzz -max_total_time=60
//
// Without MT_LIBFUZZER it reads the files that are given as arguments; without arguments it makes files of its own, by
// damaging a good one in many ways, and counts how many of them were read.
#include "../../runtime/trainer.h"

#include "../../runtime/parameters.c"

// What the runtime's prototypes promise of a model and is not called here.
void init_parameters(struct Parameters *p, uint64_t seed)
{
    for (size_t i = 0; i < sizeof *p / sizeof(real); i++)
        ((real *)p)[i] = (real)((double)i + (double)seed);
}

static int read_one(const uint8_t *bytes, size_t size)
{
    struct TensorFile file;
    struct Parameters p, before;
    struct Buffers s = {{{7, 8}}}, s_before = s;
    unsigned char *all = malloc(size + 1);
    int good;
    if (!all)
        return 0;
    memcpy(all, bytes, size);
    memset(&file, 0, sizeof file);
    file.path = "fuzz";
    init_parameters(&p, 1);
    before = p;
    good = safetensors_parse(&file, all, size) && load_parameters(&file, &p, &s, 0);
    if (!good && (memcmp(&p, &before, sizeof p) != 0 || memcmp(&s, &s_before, sizeof s) != 0))
        abort();
    safetensors_close(&file);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static int quiet;
    if (!quiet && !freopen("/dev/null", "w", stderr))
        abort();
    quiet = 1;
    read_one(bytes, size);
    return 0;
}

#ifndef MT_LIBFUZZER
static void read_file(const char *path)
{
    size_t size;
    unsigned char *bytes = read_whole_file(path, &size);
    printf("%s: %s\n", path, bytes && read_one(bytes, size) ? "read" : "refused");
    free(bytes);
}

// A file as the trainer writes it.
static unsigned char *good_file(size_t *size)
{
    struct Parameters p;
    const struct Buffers s = {{{1, 2}}};
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    init_parameters(&p, 3);
    if (!out || !put_tensors(out, &p, &s, "\"a\": \"\\u00e9\\n\"", 0) || fclose(out) != 0)
        abort();
    return (unsigned char *)text;
}

// Cut off, bytes changed at random, bytes of the header changed to ones that mean something.
static int damage(const unsigned char *good, size_t size, int round, unsigned char *bad)
{
    static const char meaning[] = "{}[]\",:\\0u9 ";
    size_t left = size;
    memcpy(bad, good, size);
    for (uint32_t k = 0; k <= (uint32_t)round % 4; k++) {
        struct Random r = philox(5, stream_of("damage"), (uint32_t)round, 0, k);
        size_t at = r.word[0] % left;
        if (r.word[1] % 8 == 0)
            left = at + 1;
        else
            bad[at] = (unsigned char)(r.word[1] % 2 ? r.word[2] : (uint32_t)meaning[r.word[2] % (sizeof meaning - 1)]);
    }
    return read_one(bad, left);
}

int main(int argc, char **argv)
{
    size_t size;
    unsigned char *good = good_file(&size), *bad = malloc(size);
    int rounds = 200000, read = 0;
    for (int k = 1; k < argc; k++)
        read_file(argv[k]);
    if (argc == 1 && (!read_one(good, size) || !bad || !freopen("/dev/null", "w", stderr)))
        return 1;
    for (int round = 0; argc == 1 && round < rounds; round++)
        read += damage(good, size, round, bad);
    if (argc == 1)
        printf("%d of %d damaged files were read, the others refused\n", read, rounds);
    free(good);
    free(bad);
    return 0;
}
#endif
