// names.h: from paths to C. The only place where a name of the output is invented.
#ifndef MT_NAMES_H
#define MT_NAMES_H

#include "base/map.h"
#include <stdbool.h>

// "s1.0.a.conv.weight" -> "s1._0.a.conv.weight": a part that is a C keyword (C23 and common macros too) gets a trailing
// `_`, a number a leading one. One to one.
const char *name_member(Arena *arena, const char *path);
// The mapping of one part.
const char *name_part(Arena *arena, const char *part);

// What the compiler calls things inside a row: "conv2__conv2d", and "conv2__relu_2" if that is taken. `taken` holds the
// paths of the model so far.
const char *name_inside(Arena *arena, Map *taken, const char *row, const char *kind);

// Whether users may give something this name: no `__` inside, no `_` in front.
bool name_allowed(const char *name);

#endif
