/* array_shape.c: whether the sizes that the header of a file gives are the ones that the program
 * expects.
 *
 * Input: the program's "[28, 28]", the sizes of the file. Output: the array's examples and count.
 * Invariant: an array that passes has all its numbers within the bytes of the file. */
#ifndef MT_ARRAY_SHAPE_C
#define MT_ARRAY_SHAPE_C
#include "data.c"

//@ piece array_shape needs array
enum { ARRAY_RANK = 16 };

/* The program's "[28, 28]", or "3 numbers", which fits every shape of so many, as sizes; the rank,
 * or -1. */
static int parse_shape(const char *text, size_t *size)
{
    int rank = 0;
    if (*text != '[') {
        size[0] = (size_t)strtoul(text, NULL, 10);
        return -1;
    }
    for (text++; *text && *text != ']' && rank < ARRAY_RANK; rank++) {
        size[rank] = (size_t)strtoul(text, (char **)&text, 10);
        text += strspn(text, ", ");
    }
    return rank;
}

//@ piece check_shape needs array_shape
/* That a file with these sizes, the first the number of examples, and so many bytes of numbers is
 * what the program expects. Sets how many examples, and how many numbers each has. */
static void check_shape(
    struct Array *a, const char *shape, int rank, const size_t *size, size_t bytes)
{
    size_t wanted[ARRAY_RANK], count = 1, expected = 1;
    int wanted_rank = parse_shape(shape, wanted), fits;
    for (int i = 1; i < rank; i++) {
        if (size[i] != 0 && count > SIZE_MAX / 16 / size[i])
            data_error("%s: the header is damaged: its sizes are too large", a->path);
        count *= size[i];
    }
    fits = wanted_rank == rank - 1;
    for (int i = 0; i < wanted_rank && fits; i++)
        fits = wanted[i] == size[i + 1];
    for (int i = 0; i < wanted_rank; i++)
        expected *= wanted[i];
    if (wanted_rank < 0)
        fits = rank > 0 && count == wanted[0];
    /* [examples, 1] is a column of single numbers as well */
    if (wanted_rank == 0 && rank == 2 && size[1] == 1)
        fits = 1;
    if (!fits) {
        char found[ARRAY_RANK * 24] = "";
        for (int i = 0; i < rank; i++)
            sprintf(found + strlen(found), i ? ", %lu" : "%lu", (unsigned long)size[i]);
        data_error("%s: holds an array [%s], but `%s` takes %s for each example%s", a->path, found,
            a->name, strcmp(shape, "[]") == 0 ? "one number" : shape,
            rank == 0 ? "; the first axis counts the examples" : "");
    }
    if (size[0] == 0)
        data_error("%s: holds no examples", a->path);
    if (size[0] > INT_MAX)
        data_error("%s: holds %lu examples, more than the %d that this program counts", a->path,
            (unsigned long)size[0], INT_MAX);
    a->examples = (int)size[0];
    a->count = count;
    if (count == 0 || size[0] > SIZE_MAX / 16 / count)
        data_error("%s: the header is damaged: its sizes are too large", a->path);
    a->stride = count * array_size(a->type);
    expected = size[0] * a->stride;
    if (bytes != expected)
        data_error("%s: %s: %lu bytes of numbers where the header says %lu", a->path,
            bytes < expected ? "the file is cut off" : "there is something behind the numbers",
            (unsigned long)bytes, (unsigned long)expected);
}
//@ end
#endif
