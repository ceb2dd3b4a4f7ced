/* records.c: files of binary records, all of one size: CIFAR-10's are a byte of label and 3 * 32 * 32
 * of image. Numbers have the lowest byte first.
 *
 * Input: a pattern of paths, how long a record is, where in it a column stands.
 * Output: arrays over the bytes of the files, which follow each other by name.
 * Invariant: every file is a whole number of records, so that no example reaches over its end. */
#ifndef MT_RECORDS_C
#define MT_RECORDS_C
#include "data.c"

//@ piece find_files needs data_memory array
#if defined __unix__ || defined __APPLE__
#include <glob.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct ArrayFile *)a)->path, ((const struct ArrayFile *)b)->path);
}

/* The files whose paths fit a pattern, in the order of their bytes: the same in every locale. */
static struct ArrayFile *find_files(const char *pattern, int *count)
{
    glob_t found;
    int fault = glob(pattern, GLOB_NOSORT, NULL, &found);
    if (fault && fault != GLOB_NOMATCH)
        data_error("%s: cannot be searched for files", pattern);
    if (fault || found.gl_pathc == 0)
        data_error("%s: no file has such a name", pattern);
    if (found.gl_pathc > INT_MAX)
        data_error("%s: too many files", pattern);
    struct ArrayFile *file = data_memory(NULL, found.gl_pathc, sizeof *file);
    *count = (int)found.gl_pathc;
    for (int k = 0; k < *count; k++) {
        file[k].path = data_memory(NULL, strlen(found.gl_pathv[k]) + 1, 1);
        strcpy(file[k].path, found.gl_pathv[k]);
    }
    globfree(&found);
    qsort(file, (size_t)*count, sizeof *file, by_name);
    return file;
}
#else
/* A system without glob: one path. */
static struct ArrayFile *find_files(const char *pattern, int *count)
{
    struct ArrayFile *file = data_memory(NULL, 1, sizeof *file);
    if (strpbrk(pattern, "*?["))
        data_error("%s: this system has no patterns; put the records into one file", pattern);
    file->path = data_memory(NULL, strlen(pattern) + 1, 1);
    strcpy(file->path, pattern);
    *count = 1;
    return file;
}
#endif
//@ end

//@ declare open_records
/* The files of a split of records. */
struct Records {
    const char *pattern;
    struct ArrayFile *file;
    int files, examples;
    size_t size; /* bytes of a record */
};
//@ end

//@ piece open_records needs find_files read_all array
/* All files that fit the pattern, one behind the other. `fields`: what a record is, for
 * messages. */
static struct Records open_records(const char *pattern, size_t size, const char *fields)
{
    struct Records records = {pattern, NULL, 0, 0, size};
    records.file = find_files(pattern, &records.files);
    for (struct ArrayFile *f = records.file; f < records.file + records.files; f++) {
        struct Bytes bytes = read_all(f->path);
        if (bytes.size == 0)
            data_error("%s: the file is empty", f->path);
        if (bytes.size % size != 0) {
            refuse_gzip(f->path, bytes);
            data_error("%s: %lu bytes are no whole number of records of %lu bytes each\n"
                       "  a record is %s",
                f->path, (unsigned long)bytes.size, (unsigned long)size, fields);
        }
        if (bytes.size / size > (size_t)(INT_MAX - records.examples))
            data_error("%s: more than the %d examples that this program counts", pattern, INT_MAX);
        f->data = bytes.data;
        f->first = records.examples;
        records.examples += (int)(bytes.size / size);
    }
    return records;
}

/* The column `name`: `count` numbers of a type, "u8", so many bytes behind the beginning of a
 * record. */
static struct Array record_column(
    const struct Records *records, const char *name, const char *type, size_t count, size_t offset)
{
    static const struct {
        const char *name;
        int type;
    } types[] = {{"u8", ARRAY_U8}, {"i8", ARRAY_I8}, {"u16", ARRAY_U16}, {"i16", ARRAY_I16},
        {"u32", ARRAY_U32}, {"i32", ARRAY_I32}, {"u64", ARRAY_U64}, {"i64", ARRAY_I64},
        {"f32", ARRAY_F32}, {"f64", ARRAY_F64}};
    struct Array a = {0};
    a.data = records->file->data + offset;
    a.offset = offset;
    a.stride = records->size;
    for (size_t k = 0; k < sizeof types / sizeof *types; k++)
        if (strcmp(types[k].name, type) == 0)
            a.type = types[k].type;
    a.examples = records->examples;
    a.count = count;
    a.name = name;
    a.path = records->pattern;
    a.file = records->file;
    a.files = records->files;
    return a;
}
//@ end
#endif
