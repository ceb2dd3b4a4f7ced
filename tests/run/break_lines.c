// Reads lines of C and breaks those that are too long, for test_format.py. The indentation of a line is that of its text.
#include "../../compiler/emit/layout.h"
#include <stdio.h>
#include <string.h>

int main(void)
{
    static char line[10000];
    Arena *arena = arena_create(NULL);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        int indent = (int)strspn(line, " ");
        bool fits = strlen(line) <= LAYOUT_WIDTH;
        printf("%*s%s\n", indent, "", fits ? line + indent : layout_break(arena, line + indent, indent));
    }
    arena_destroy(arena);
    return 0;
}
