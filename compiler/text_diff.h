// text_diff.h: two texts as a unified diff.
#ifndef MT_TEXT_DIFF_H
#define MT_TEXT_DIFF_H

#include "base/text.h"

// Appends what leads from the old text to the new one, three lines of context around it, under the name of a file;
// nothing if the texts are equal. `patch` can apply it.
void text_diff(Text *out, const char *name, const char *old, size_t old_length, const char *new, size_t new_length);

#endif
