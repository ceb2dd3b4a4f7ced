// data.h: what the files data.c, open.c, read.c and loader.c, which write the section `data`, share.
#ifndef MT_EMIT_DATA_H
#define MT_EMIT_DATA_H

#include "emit.h"

// The member of struct Dataset that a column reads: "image". Several columns may read one.
const char *dataset_member(Arena *arena, const Column *column);
// Its member in struct Statistics, and of which size: "x", "x_2" for a second standardize of the column.
const char *statistics_member(Arena *arena, const Column *column, const Transform *transform);
// "28 * 28": the elements of an example; "" for one number.
const char *dimensions(Arena *arena, const Type *type);

// "[28, 28]": what an example of the column is in the file, as the readers compare it with a header.
const char *dataset_shape(Arena *arena, const Column *column);
// Whether the k-th of graph->columns is the first that reads its member of struct Dataset.
bool dataset_first_reader(const Program *program, int k);
// Whether one of the columns that read a member wants whole numbers; the others can read them too.
bool dataset_whole(const Program *program, const char *member);

void emit_open(Writer *w, Program *program);
// Batches into `x`: reads member `array` of the examples in `examples`, and does the first `count` transforms of the
// column, the random ones only with `random` (in loader_next). `numbers`: where statistics are, "s->statistics".
typedef struct {
    const Column *column;
    int count;
    bool random;
    const char *array, *examples, *x, *numbers;
} Reading;
void emit_reading(Writer *w, Program *program, const Reading *reading, bool whole_numbers);
// Whether it needs `struct Window window[B]`.
bool reading_has_windows(const Column *column, int count, bool random);

void emit_loader(Writer *w, Program *program);
void emit_fit(Writer *w, Program *program);

#endif
