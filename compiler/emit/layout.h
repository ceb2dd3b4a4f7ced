// layout.h: where a line of C that is too long is broken.
#ifndef MT_LAYOUT_H
#define MT_LAYOUT_H

#include "../base/text.h"

enum { LAYOUT_WIDTH = 100 };

// One statement, declaration or head without newlines, to stand at `indent`: the same with newlines and the blanks
// behind them, as clang-format breaks it. The first line has no indentation.
const char *layout_break(Arena *arena, const char *line, int indent);

#endif
