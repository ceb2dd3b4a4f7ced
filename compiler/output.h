// output.h: writing a file whole or not at all.
#ifndef MT_OUTPUT_H
#define MT_OUTPUT_H

#include "base/arena.h"
#include <stdbool.h>

// Writes the bytes to a file of that name. Written beside it under a temporary name and then renamed, so that what was
// there before stays whole if anything fails; links are followed, permissions kept. A device or a pipe is written
// directly. false, and *error is a sentence; then nothing is left behind.
bool output_write(Arena *arena, const char *path, const char *text, size_t length, const char **error);

// Whether two paths lead to the same file (then writing one would destroy the other).
bool output_is_same_file(const char *a, const char *b);

#endif
