/* trainer_predict.c: the command predict.
 *
 * Input: a split, without its targets, and the parameters of --init. Output: a value of the model
 * for every example, in the order of the file: lines of CSV, or an npy array with the batch axis
 * first.
 * Invariant: a file is written whole or not at all. */
#include "trainer.h"

#ifndef MT_TRAINER_PREDICT_C
#define MT_TRAINER_PREDICT_C
#include "trainer_eval.c"

//@ piece command_predict needs open_trained split_step whole_file value_numbers values flags printed
/* The head of an npy file (version 1): 64 bytes, or as many times that as the shape needs. */
static void put_npy_head(FILE *out, const struct ValueEntry *value, int examples)
{
    char text[512];
    const char *type = value->kind == 'i' ? "<i4"
        : value->kind == 'b'              ? "|u1"
        : sizeof(real) == 8               ? "<f8"
                                          : "<f4";
    int n = snprintf(
        text, sizeof text, "{'descr': '%s', 'fortran_order': False, 'shape': (%d,", type, examples);
    for (int k = 0; k < value->axes; k++)
        n += snprintf(text + n, sizeof text - (size_t)n, "%s%d", k ? ", " : " ", value->shape[k]);
    n += snprintf(text + n, sizeof text - (size_t)n, "), }");
    int padded = (10 + n + 1 + 63) / 64 * 64 - 10;
    fwrite("\x93NUMPY\x01\x00", 1, 8, out);
    putc(padded & 255, out);
    putc(padded >> 8, out);
    fprintf(out, "%-*s\n", padded - 1, text);
}

static void put_little_endian(FILE *out, uint64_t bits, int bytes)
{
    for (int k = 0; k < bytes; k++)
        putc((int)(bits >> 8 * k & 255), out);
}

static void put_npy_number(FILE *out, const struct ValueEntry *value, double x)
{
    uint64_t bits = 0;
    if (value->kind == 'i')
        put_little_endian(out, (uint64_t)(int64_t)x, 4);
    else if (value->kind == 'b')
        putc((int)x, out);
    else if (sizeof(real) == 8) {
        memcpy(&bits, &x, sizeof x);
        put_little_endian(out, bits, 8);
    } else {
        float number = (float)x;
        uint32_t half;
        memcpy(&half, &number, sizeof half);
        put_little_endian(out, half, 4);
    }
}

/* Every example of the loader, evaluated. */
static int put_predictions(FILE *out, struct Trainer *t, struct Dataloader *loader,
    const struct ValueEntry *value, int npy)
{
    size_t count = value_count(value);
    loader_rewind(loader);
    int split = split_step(loader->dataset->split), examples = 0;
    for (int n; (n = loader_next(loader, &t->v)) > 0; examples += n) {
        const void *numbers = value_pointer(value, &t->v);
        forward_in_evaluation(
            t->p, t->s, &t->v, n, (uint64_t)t->options.train.seed, split, examples);
        for (size_t b = 0; b < (size_t)n; b++)
            for (size_t i = 0; i < count; i++) {
                double x = value_number(value, numbers, value_feature(value, i) * B + b);
                if (npy)
                    put_npy_number(out, value, x);
                else
                    fprintf(out, "%s%.*g%s", i ? "," : "", sizeof(real) == 8 ? 17 : 9, printed(x),
                        i + 1 == count ? "\n" : "");
            }
        if (ferror(out))
            return 0;
    }
    return 1;
}

/* A value of the model, by its path; NULL after a message. */
static const struct ValueEntry *find_value(const char *path)
{
    const char *best = NULL;
    int least = 3;
    for (int k = 0; k < VALUES; k++)
        if (strcmp(values[k].path, path) == 0)
            return &values[k];
    for (int k = 0; k < VALUES; k++)
        suggest_if_nearer(path, values[k].path, &least, &best);
    if (best)
        wrong_use("--value=%s: the model has no such row; did you mean %s?", path, best);
    else
        wrong_use("--value=%s: the model has no such row", path);
    return NULL;
}

static int has_ending(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static int predict_to_file(
    struct Trainer *t, struct Dataloader *loader, const struct ValueEntry *value, int examples)
{
    struct WholeFile file;
    int npy = has_ending(t->arguments.out, ".npy");
    open_whole(&file, t->arguments.out);
    if (file.out && npy)
        put_npy_head(file.out, value, examples);
    return !close_whole(&file, file.out && put_predictions(file.out, t, loader, value, npy));
}

/* ./train predict --init=FILE --split=test [--value=ROW] [--out=FILE.csv|.npy] */
static int command_predict(struct Trainer *t)
{
    struct Dataloader loader = {0};
    const struct Dataset *dataset;
    const char *out = t->arguments.out;
    const struct ValueEntry *value = find_value(t->arguments.value ? t->arguments.value : OUTPUT);
    int status;
    if (!value)
        return 2;
    if (out && !has_ending(out, ".csv") && !has_ending(out, ".npy"))
        return wrong_use("--out=%s: predictions go to a file that ends in .csv or .npy", out);
    t->memory.keep_all = 1; /* any row may be asked for */
    dataset = open_trained(t, &loader, 0, &status);
    if (!dataset)
        return status;
    if (out)
        return predict_to_file(t, &loader, value, dataset->examples);
    put_predictions(stdout, t, &loader, value, 0);
    return close_output();
}
//@ end
#endif
