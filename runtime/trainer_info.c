/* trainer_info.c: the command info: what this program is made of.
 *
 * Input: the tables of the program and the options. Output: parameters, memory by kind, how it was
 * built, settings. */
#include "trainer.h"

#ifndef MT_TRAINER_INFO_C
#define MT_TRAINER_INFO_C
#include "trainer_eval.c"

//@ piece command_info needs settings flags memory
static void print_bytes(const char *what, size_t bytes)
{
    if (bytes >= 1000000)
        printf("  %-24s %10.1f MB\n", what, (double)bytes * 1e-6);
    else
        printf("  %-24s %10.1f kB\n", what, (double)bytes * 1e-3);
}

/* Entries [from, to) of the table, and how many numbers they are. */
static size_t print_parameters(int from, int to)
{
    size_t total = 0;
    for (const struct Parameter *k = parameters + from; k < parameters + to; k++) {
        printf("  %-24s [", k->path);
        for (int axis = 0; axis < 8 && k->shape[axis] > 0; axis++)
            printf("%s%d", axis ? ", " : "", k->shape[axis]);
        printf("]  %lu%s\n", (unsigned long)k->count,
            k->frozen && from < PARAMETERS ? "  frozen" : "");
        total += k->count;
    }
    printf("  %-24s %lu\n", "total", (unsigned long)total);
    return total;
}

static void print_build(void)
{
    printf(
        "  element %s, batch %d in %d lanes\n", sizeof(real) == 8 ? "double" : "float", BATCH, B);
#ifdef __VERSION__
    printf("  compiler %s\n", __VERSION__);
#endif
#ifdef _OPENMP
    puts("  OpenMP");
#endif
#if defined __AVX512F__
    puts("  AVX-512");
#elif defined __AVX2__
    puts("  AVX2");
#elif defined __ARM_NEON
    puts("  NEON");
#elif defined __SSE2__
    puts("  SSE2");
#endif
}

/* ./train info */
static int command_info(struct Trainer *t)
{
    size_t kept = 0;
    plan(&t->memory, &t->v, &t->d);
    printf("%s\nparameters\n", MT_PROGRAM);
    print_parameters(0, PARAMETERS);
    if (BUFFERS > 0) {
        puts("buffers, which forward_train changes");
        kept = print_parameters(PARAMETERS, PARAMETERS + BUFFERS);
    }
    puts("memory");
    print_bytes("parameters", sizeof(struct Parameters));
    print_bytes("gradient", sizeof(struct Parameters));
    if (BUFFERS > 0)
        print_bytes("buffers", kept * sizeof(real));
    print_bytes("optimizer", sizeof(struct Optimizer));
    print_bytes("values and derivatives", t->memory.bytes);
    puts("build");
    print_build();
    puts("settings");
    for (int k = 0; k < FLAGS; k++) {
        printf("  --%s=", flags[k].key);
        settings_value(stdout, &flags[k], (const char *)&t->options + flags[k].place);
        putchar('\n');
    }
    return close_output();
}
//@ end
#endif
