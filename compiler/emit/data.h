// data.h: what emit/data.c and emit/loader.c share.
#ifndef MT_EMIT_DATA_H
#define MT_EMIT_DATA_H

#include "emit.h"

// The member of struct Dataset that a column reads: "image". Several columns may read one.
const char *dataset_member(Arena *arena, const Column *column);
// Its member in struct Statistics, and of which size: "x", "x_2" for a second standardize of the column.
const char *statistics_member(Arena *arena, const Column *column, const Transform *transform);
// "28 * 28": the elements of an example; "" for one number.
const char *dimensions(Arena *arena, const Type *type);

void emit_loader(Writer *w, Program *program);
void emit_fit(Writer *w, Program *program);

#endif
