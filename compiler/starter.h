// starter.h: programs to start from, for `mtc new`. They are starters/*.mt, which the build embeds.
#ifndef MT_STARTER_H
#define MT_STARTER_H

#include "base/arena.h"
#include <stdbool.h>

enum { STARTERS = 3 };
extern const char *const starter_names[STARTERS]; // the first is what `mtc new` takes

// Whether it can be the name of a model, and of a file.
bool starter_is_name(const char *name);
// The program with the name of the model put in. `kind` is one of the names.
const char *starter_text(Arena *arena, const char *kind, const char *name);

#endif
