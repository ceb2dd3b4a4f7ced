/* parameters.c: the parameters and buffers of a model from and to files of safetensors.
 *
 * Input: a file that was read (safetensors.c), or parameters and buffers. Output: the same, or a
 * table of what does not fit; a file, complete or not there at all. Invariant: nothing changes
 * unless all of the file fits. In the table parameters[] the buffers stand behind the parameters. */
#include "trainer.h"

#ifndef MT_PARAMETERS_C
#define MT_PARAMETERS_C
#include "log.c"
#include "safetensors.c"
#include "whole_file.c"

//@ piece take_parameters needs memory
/* Memory for what files of parameters hold. */
static void take_parameters(struct Trainer *t)
{
    size_t reals = 0;
    TAKE(&t->memory, t->p, 1);
    for (int k = PARAMETERS; k < PARAMETERS + BUFFERS; k++)
        reals += parameters[k].count;
    if (reals > 0)
        take(&t->memory, &t->s, reals, sizeof(real));
}
//@ end

//@ piece load_parameters needs safetensors
static int shape_of(const struct Parameter *parameter, uint64_t *shape)
{
    int rank = 0;
    while (rank < 8 && parameter->shape[rank] > 0) {
        shape[rank] = (uint64_t)parameter->shape[rank];
        rank++;
    }
    return rank;
}

/* Why a parameter cannot be that of the file; NULL if it can. */
static const char *misfit(const struct TensorEntry *entry, const struct Parameter *parameter)
{
    uint64_t shape[8];
    int rank = shape_of(parameter, shape);
    if (!entry)
        return "not in the file";
    if (entry->rank != rank || memcmp(entry->shape, shape, (size_t)rank * sizeof *shape) != 0)
        return "another shape";
    return dtype_size(entry->dtype) ? NULL : "numbers that are not F32 or F64";
}

/* Whether a name of the file has a place here, or is one that needs none: the state of an
 * optimizer, and how many batches PyTorch's norm has seen. */
static int known_name(const char *name)
{
    const char *last = strrchr(name, '.');
    int counter = last && strcmp(last, ".num_batches_tracked") == 0;
    if (strncmp(name, "optim.", 6) == 0)
        return 1;
    for (int k = 0; k < PARAMETERS + BUFFERS; k++) {
        const char *path = parameters[k].path;
        if (strcmp(path, name) == 0 ||
            (counter && k >= PARAMETERS && strrchr(path, '.') == path + (last - name) &&
                strncmp(path, name, (size_t)(last - name)) == 0))
            return 1;
    }
    return 0;
}

/* The table of a file beside the model. How wide its columns are is found by writing it to nobody
 * first. */
struct FitTable {
    int printing, width[3];
};

static void fit_row(struct FitTable *table, const char *path, const char *in_file, const char *here,
    const char *what)
{
    const char *const text[] = {path, in_file, here};
    for (int k = 0; k < 3 && !table->printing; k++) {
        int length = (int)strlen(text[k]);
        table->width[k] = length > table->width[k] && length < 60 ? length : table->width[k];
    }
    if (table->printing)
        fprintf(stderr, "  %-*s  %-*s  %-*s  %s\n", table->width[0], path, table->width[1], in_file,
            table->width[2], here, what);
}

/* "[6, 1, 5, 5]", and the type of the numbers where it is none that can be read. */
static const char *shape_text(char *text, int rank, const uint64_t *shape, const char *dtype)
{
    int n = sprintf(text, "[");
    for (int k = 0; k < rank; k++)
        n += sprintf(text + n, k ? ", %" PRIu64 : "%" PRIu64, shape[k]);
    sprintf(text + n, dtype && !dtype_size(dtype) ? "] %s" : "]", dtype);
    return text;
}

/* Everything that does not fit; of a file that need not fit, everything. */
static void print_fit(const struct TensorFile *file, int keep)
{
    struct FitTable table = {0, {0, 0, 0}};
    char in_file[8 * 21 + 16], here[8 * 21 + 16];
    for (; table.printing < 2; table.printing++) {
        fit_row(
            &table, "path", "in the file", "in the model", keep ? "what happens" : "what is wrong");
        for (const struct Parameter *k = parameters; k < parameters + PARAMETERS + BUFFERS; k++) {
            const struct TensorEntry *entry = safetensors_find(file, k->path);
            const char *what = misfit(entry, k);
            char kept[64];
            uint64_t shape[8];
            int rank = shape_of(k, shape);
            sprintf(kept, "keeps its initial values: %s", what ? what : "");
            if (what || keep)
                fit_row(&table, k->path,
                    entry ? shape_text(in_file, entry->rank, entry->shape, entry->dtype) : "-",
                    shape_text(here, rank, shape, NULL),
                    !keep      ? what
                        : what ? kept
                               : "loaded");
        }
        for (const struct TensorEntry *k = file->entries; k < file->entries + file->count; k++)
            if (!known_name(k->name))
                fit_row(&table, k->name, shape_text(in_file, k->rank, k->shape, k->dtype), "-",
                    keep ? "ignored" : "not in this model");
    }
}

/* A whole file, for the caller to free; NULL after a message. */
static unsigned char *read_whole_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    unsigned char *bytes = NULL;
    size_t capacity = 0, got = 1;
    *size = 0;
    while (file && got > 0) {
        if (*size == capacity) {
            unsigned char *longer = realloc(bytes, capacity = 2 * capacity + 65536);
            if (!longer) {
                free(bytes);
                bytes = NULL;
                break;
            }
            bytes = longer;
        }
        *size += got = fread(bytes + *size, 1, capacity - *size, file);
    }
    if (!file || !bytes || ferror(file)) {
        fprintf(stderr, "%s: error: cannot read %s: %s\n", MT_PROGRAM, path, strerror(errno));
        free(bytes);
        bytes = NULL;
    }
    if (file)
        fclose(file);
    return bytes;
}

/* Opens a file; 0 after a message. */
static int open_tensors(struct TensorFile *file, const char *path)
{
    size_t size;
    unsigned char *bytes = read_whole_file(path, &size);
    memset(file, 0, sizeof *file);
    file->path = path;
    if (!bytes)
        return 0;
    if (safetensors_parse(file, bytes, size))
        return 1;
    fprintf(stderr, "%s: error: %s: %s\n", MT_PROGRAM, path, file->fault);
    safetensors_close(file);
    return 0;
}

/* The parameters and buffers of a file, all or (0, after a message) none. Doubles are rounded to
 * floats and the other way. s: NULL in a model without buffers. `keep`: those that the file has;
 * the others keep what they are, and a table says so. */
static int load_parameters(
    const struct TensorFile *file, struct Parameters *p, struct Buffers *s, int keep)
{
    int misfits = 0, fits = 0;
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS + BUFFERS; k++)
        if (misfit(safetensors_find(file, k->path), k))
            misfits++;
        else
            fits++;
    for (int k = 0; k < file->count && !keep; k++)
        misfits += !known_name(file->entries[k].name);
    if (keep ? fits == 0 : misfits > 0) {
        fprintf(stderr, "%s: error: %s of %s\n", MT_PROGRAM,
            keep ? "this model has no parameter" : "this model has other parameters than those",
            file->path);
        print_fit(file, 0);
        return 0;
    }
    if (keep) {
        fprintf(stderr, "%s: %d of %d parameters%s are those of %s\n", MT_PROGRAM, fits,
            PARAMETERS + BUFFERS, BUFFERS ? " and buffers" : "", file->path);
        print_fit(file, 1);
    }
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS + BUFFERS; k++) {
        const struct TensorEntry *entry = safetensors_find(file, k->path);
        real *w = (k < parameters + PARAMETERS ? (real *)p : (real *)s) + k->offset;
        for (size_t i = 0; i < k->count && !misfit(entry, k); i++)
            w[i] = (real)safetensors_number(file, entry, i);
    }
    return 1;
}
//@ end

//@ piece start_parameters needs load_parameters flags
/* What a run begins with: initial values, and those of --init; 0 after a message. Where a file
 * gives all of them, nothing is drawn and no other file is read. */
static int start_parameters(struct Trainer *t)
{
    struct TensorFile file;
    int keep = t->arguments.init_missing != NULL, good;
    if (keep || !t->arguments.init)
        init_parameters(t->p, (uint64_t)t->options.train.seed);
    if (!t->arguments.init)
        return 1;
    good = open_tensors(&file, t->arguments.init) && load_parameters(&file, t->p, t->s, keep);
    safetensors_close(&file);
    return good;
}
//@ end

//@ piece save_parameters needs whole_file json
/* An entry of the header: a parameter, or what `prefix` says of it. Its numbers begin at *begin. */
static void put_entry(FILE *out, const char *prefix, const struct Parameter *k, size_t *begin)
{
    fprintf(out, ", \"%s%s\": {\"dtype\": \"%s\", \"shape\": [", prefix, k->path,
        sizeof(real) == 8 ? "F64" : "F32");
    for (int axis = 0; axis < 8 && k->shape[axis] > 0; axis++)
        fprintf(out, "%s%d", axis ? ", " : "", k->shape[axis]);
    fprintf(out, "], \"data_offsets\": [%lu, ", (unsigned long)*begin);
    *begin += k->count * sizeof(real);
    fprintf(out, "%lu]}", (unsigned long)*begin);
}

/* The header but for its end: metadata (an object of strings, without braces), then every entry of
 * the table in its order; of a gradient those that are trained. */
static void put_header(FILE *out, const char *metadata, int gradient, size_t *begin)
{
    fprintf(out, "{\"__metadata__\": {%s}", metadata);
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS + BUFFERS; k++)
        if (!gradient || !k->frozen)
            put_entry(out, "", k, begin);
}

/* Little-endian, whatever this machine is. */
static void put_real(FILE *out, real x)
{
    unsigned char bytes[sizeof(real)];
    uint64_t bits = 0;
    if (sizeof(real) == 8)
        memcpy(&bits, &x, sizeof x);
    else {
        uint32_t half;
        memcpy(&half, &x, sizeof half);
        bits = half;
    }
    for (size_t k = 0; k < sizeof(real); k++)
        bytes[k] = (unsigned char)(bits >> 8 * k);
    fwrite(bytes, 1, sizeof bytes, out);
}

static void put_numbers(FILE *out, const real *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_real(out, numbers[i]);
}

static void put_all_numbers(
    FILE *out, const struct Parameters *p, const struct Buffers *s, int gradient)
{
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS + BUFFERS; k++)
        if (!gradient || !k->frozen)
            put_numbers(out,
                (k < parameters + PARAMETERS ? (const real *)p : (const real *)s) + k->offset,
                k->count);
}

/* Ends the header, a text in memory, and puts it: padded with blanks to 8 bytes, so that the
 * numbers are aligned. 0: errno says why. */
static int put_head(FILE *out, FILE *text, char **header, size_t *size)
{
    putc('}', text);
    if (fclose(text) != 0)
        return 0;
    size_t padded = (*size + 7) / 8 * 8;
    for (int k = 0; k < 8; k++)
        putc((int)((uint64_t)padded >> 8 * k & 255), out);
    fwrite(*header, 1, *size, out);
    free(*header);
    for (size_t k = *size; k < padded; k++)
        putc(' ', out);
    return 1;
}

/* 0: errno says why. */
static int put_tensors(FILE *out, const struct Parameters *p, const struct Buffers *s,
    const char *metadata, int gradient)
{
    char *header = NULL;
    size_t size = 0, begin = 0;
    FILE *text = open_memstream(&header, &size);
    if (!text)
        return 0;
    put_header(text, metadata, gradient, &begin);
    if (!put_head(out, text, &header, &size))
        return 0;
    put_all_numbers(out, p, s, gradient);
    return !ferror(out);
}

/* Writes parameters and buffers; 0 after a message. */
static int save_parameters(
    const char *path, const struct Parameters *p, const struct Buffers *s, const char *metadata)
{
    struct WholeFile file;
    open_whole(&file, path);
    return close_whole(&file, file.out && put_tensors(file.out, p, s, metadata, 0));
}
//@ end

//@ piece save_gradient needs save_parameters
/* Writes the gradient of every parameter that is not frozen; 0 after a message. */
static int save_gradient(const char *path, const struct Parameters *g, const char *metadata)
{
    struct WholeFile file;
    open_whole(&file, path);
    return close_whole(&file, file.out && put_tensors(file.out, g, NULL, metadata, 1));
}
//@ end
#endif
