/* idx.c: files of MNIST's format: two zero bytes, the element type, the rank, the sizes as
 * big-endian 32-bit numbers, then the numbers.
 *
 * Input: a path and what the program expects in it. Output: an array over the bytes of the file.
 * Source: Yann LeCun, http://yann.lecun.com/exdb/mnist/ */
#ifndef MT_IDX_C
#define MT_IDX_C
#include "array_shape.c"

//@ piece open_idx needs read_bytes array check_shape
/* The column `name` from an idx file; shape: what an example is, "[28, 28]". */
static struct Array open_idx(const char *path, const char *name, const char *shape)
{
    static const struct {
        int code, type;
    } types[] = {{8, ARRAY_U8}, {9, ARRAY_I8}, {11, ARRAY_I16_BIG}, {12, ARRAY_I32_BIG},
        {13, ARRAY_F32_BIG}, {14, ARRAY_F64_BIG}};
    struct Array a = {0};
    struct Bytes file = read_bytes(path);
    size_t size[256], rank = file.size >= 4 ? file.data[3] : 0, header = 4 + 4 * rank;
    a.name = name;
    a.path = path;
    a.type = ARRAY_TYPES;
    if (file.size < 4 || file.data[0] != 0 || file.data[1] != 0)
        data_error("%s: this is not an idx file, which begins with two zero bytes", path);
    for (int k = 0; k < (int)(sizeof types / sizeof *types); k++)
        if (file.data[2] == types[k].code)
            a.type = types[k].type;
    if (a.type == ARRAY_TYPES)
        data_error(
            "%s: an idx file of type 0x%02X; known are 08 09 0B 0C 0D 0E", path, file.data[2]);
    if (rank > ARRAY_RANK)
        data_error("%s: an idx file with %lu axes; at most %d are known", path, (unsigned long)rank,
            ARRAY_RANK);
    if (file.size < header)
        data_error("%s: the file is cut off in its header", path);
    for (size_t i = 0; i < rank; i++)
        size[i] = high32(file.data + 4 + 4 * i);
    a.data = file.data + header;
    check_shape(&a, shape, (int)rank, size, file.size - header);
    return a;
}
//@ end
#endif
