/* npy.c: files of numpy.save, format versions 1 to 3: a magic string, the version, the length of
 * a header that is a literal of a Python dict, the header, then the numbers.
 *
 * Input: a path and what the program expects in it. Output: an array over the bytes of the file.
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
#ifndef MT_NPY_C
#define MT_NPY_C
#include "array_shape.c"

//@ piece read_npy needs read_bytes array array_shape
/* The value of a key of the header, behind its colon; NULL if there is none. */
static const char *npy_value(const char *header, const char *key)
{
    const char *at = strstr(header, key);
    if (at)
        at = strchr(at + strlen(key), ':');
    return at ? at + 1 + strspn(at + 1, " ") : NULL;
}

/* '<f4': the type of the numbers, or ARRAY_TYPES if it is none that can be read. */
static int npy_type(const char *descr)
{
    static const struct {
        char text[3];
        int type;
    } types[] = {{"u1", ARRAY_U8}, {"b1", ARRAY_U8}, {"i1", ARRAY_I8}, {"u2", ARRAY_U16},
        {"i2", ARRAY_I16}, {"u4", ARRAY_U32}, {"i4", ARRAY_I32}, {"u8", ARRAY_U64},
        {"i8", ARRAY_I64}, {"f4", ARRAY_F32}, {"f8", ARRAY_F64}};
    if (strlen(descr) != 3 || !(descr[0] == '<' || (descr[0] == '|' && descr[2] == '1')))
        return ARRAY_TYPES;
    for (int k = 0; k < (int)(sizeof types / sizeof *types); k++)
        if (strcmp(descr + 1, types[k].text) == 0)
            return types[k].type;
    return ARRAY_TYPES;
}

/* "(60000, 28, 28)": the rank, or -1. */
static int npy_shape(const char *text, size_t *size)
{
    int rank = 0;
    if (*text++ != '(')
        return -1;
    for (text += strspn(text, " "); *text != ')'; rank++) {
        char *end;
        if (rank == ARRAY_RANK || *text < '0' || *text > '9')
            return -1;
        errno = 0;
        size[rank] = (size_t)strtoull(text, &end, 10);
        if (errno || (*end != ',' && *end != ')'))
            return -1;
        text = end + strspn(end, ", ");
    }
    return rank;
}

/* The header's text, and where the numbers begin. */
static size_t npy_header(const char *path, struct Bytes file, char *header, size_t room)
{
    size_t start = 10, length;
    if (file.size < 12 || memcmp(file.data, "\x93NUMPY", 6) != 0)
        data_error("%s: this is not an npy file (numpy.save)", path);
    if (file.data[6] < 1 || file.data[6] > 3)
        data_error("%s: npy format version %d; known are 1 to 3", path, file.data[6]);
    length = low16(file.data + 8);
    if (file.data[6] > 1) {
        start = 12;
        length = low32(file.data + 8);
    }
    if (length >= room)
        data_error("%s: an npy header of %lu bytes; an array of plain numbers has a shorter one",
            path, (unsigned long)length);
    if (file.size - start < length)
        data_error("%s: the file is cut off in its header", path);
    memcpy(header, file.data + start, length);
    header[length] = 0;
    return start + length;
}

/* Opens an npy file: the type and place of its numbers; how large it is along each axis, and how
 * many bytes of numbers there are. Returns the rank. */
static int read_npy(const char *path, struct Array *a, size_t *size, size_t *bytes)
{
    struct Bytes file = read_bytes(path);
    char header[4096], descr[32] = "";
    size_t start = npy_header(path, file, header, sizeof header);
    const char *type = npy_value(header, "'descr'"), *order = npy_value(header, "'fortran_order'"),
               *sizes = npy_value(header, "'shape'");
    int rank = sizes ? npy_shape(sizes, size) : -1;
    if (!type || !order || rank < 0)
        data_error("%s: the npy header is damaged: %.100s", path, header);
    if (*type == '\'' && strcspn(type + 1, "'") < sizeof descr)
        memcpy(descr, type + 1, strcspn(type + 1, "'"));
    a->type = npy_type(descr);
    if (a->type == ARRAY_TYPES)
        data_error("%s: numbers of type %.*s; known are f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1, "
                   "little-endian:  numpy.save(..., a.astype(\"<f4\"))",
            path, (int)strcspn(type, ",}"), type);
    if (strncmp(order, "False", 5) != 0)
        data_error("%s: an array in Fortran order; save it in C order:  "
                   "numpy.save(..., numpy.ascontiguousarray(a))",
            path);
    a->data = file.data + start;
    a->path = path;
    *bytes = file.size - start;
    return rank;
}

//@ piece open_npy needs read_npy array check_shape
/* The column `name` from an npy file; shape: what an example is, "[28, 28]". */
static struct Array open_npy(const char *path, const char *name, const char *shape)
{
    struct Array a = {0};
    size_t size[ARRAY_RANK], bytes;
    int rank = read_npy(path, &a, size, &bytes);
    a.name = name;
    check_shape(&a, shape, rank, size, bytes);
    return a;
}
//@ end
#endif
