/* one_hot.c: classes as vectors, made while they are read.
 *
 * Input: an array of classes that check_whole has seen. Output: 1 at the class, 0 elsewhere. */
#ifndef MT_ONE_HOT_C
#define MT_ONE_HOT_C
#include "data.c"

//@ piece read_one_hot needs array
/* x[i][c][b] = 1 if element i of the entry example[b] is class c, else 0. */
#define READ_ONE_HOT(type, size, value) \
    case ARRAY_##type: \
        for (int c = 0; c < classes; c++) \
            for (int l = 0; l < 16; l++) { \
                const unsigned char *p = entry[l] + i * (size); \
                x[(i * (size_t)classes + (size_t)c) * B + (size_t)(b + l)] = (int)(value) == c; \
            } \
        break;
static void read_one_hot(const struct Array *a, const int *example, int classes, real *x)
{
    if (!a->data)
        return;
    for (int b = 0; b < B; b += 16) {
        const unsigned char *entry[16];
        for (int l = 0; l < 16; l++)
            entry[l] = array_entry(a, example[b + l]);
        for (size_t i = 0; i < a->count; i++)
            switch (a->type) {
                EACH_WHOLE_TYPE(READ_ONE_HOT)
            }
    }
}
//@ end
#endif
