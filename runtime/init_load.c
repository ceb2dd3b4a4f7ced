/* init_load.c: parameters that start as the numbers of a file of numpy.save.
 *
 * Input: a path, and the shape that the program expects. Output: the numbers of a parameter, or a
 * message and exit code 1, as with a faulty file of data. */
#ifndef MT_INIT_LOAD_C
#define MT_INIT_LOAD_C
#include "npy.c"

//@ piece load_npy needs read_npy array array_shape
#define READ_PARAMETER(type, size, value) \
    case ARRAY_##type: \
        for (size_t i = 0; i < count; i++) { \
            const unsigned char *p = a.data + i * (size); \
            w[i] = (real)(value); \
        } \
        break;

/* The parameter `name`, whose shape is "[256, 384]", from an npy file. */
static void load_npy(const char *path, const char *name, const char *shape, real *w)
{
    size_t size[ARRAY_RANK], wanted[ARRAY_RANK], count = 1, bytes;
    struct Array a = {0};
    int rank = read_npy(path, &a, size, &bytes), wanted_rank = parse_shape(shape, wanted),
        fits = rank == wanted_rank;
    for (int k = 0; k < wanted_rank; k++) {
        fits = fits && size[k] == wanted[k];
        count *= wanted[k];
    }
    if (!fits) {
        char found[ARRAY_RANK * 24] = "";
        for (int k = 0; k < rank; k++)
            sprintf(found + strlen(found), k ? ", %lu" : "%lu", (unsigned long)size[k]);
        data_error(
            "%s: holds an array [%s], but the parameter `%s` is %s", path, found, name, shape);
    }
    if (bytes != count * array_size(a.type))
        data_error("%s: %lu bytes of numbers where the header says %lu", path, (unsigned long)bytes,
            (unsigned long)(count * array_size(a.type)));
    switch (a.type) {
        EACH_WHOLE_TYPE(READ_PARAMETER)
        EACH_REAL_TYPE(READ_PARAMETER)
    }
}
//@ end
#endif
