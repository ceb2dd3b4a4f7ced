// splits.h: which splits a program has, for emit/train.c and emit/main.c.
#ifndef MT_EMIT_SPLITS_H
#define MT_EMIT_SPLITS_H

#include "../program.h"

// The split of the evaluations while training: valid, else test, else train (LANGUAGE 10.23).
const char *split_evaluated(const Program *program);
// Whether the test split is evaluated besides, once at the end.
bool split_tested(const Program *program);

#endif
