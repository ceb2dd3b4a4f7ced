// source.h: the text of a program, and places in it. Places are byte offsets; lines and columns are computed only when
// somebody reads them.
#ifndef MT_SOURCE_H
#define MT_SOURCE_H

#include "base/arena.h"
#include <stdbool.h>

// The bytes [from, to) of a source. `file` tells sources apart once programs have several (0 is the program itself).
typedef struct {
    int file, from, to;
} Span;

typedef struct {
    const char *path; // as the user wrote it, for messages; only its last part may reach the output
    const char *text; // `length` bytes, then a NUL. CR LF is kept, a byte order mark is not
    int length;
    int *line_start; // offset of the first byte of each line; `lines` of them
    int lines;
    int mark; // bytes of the byte order mark in front of `text`: 0 or 3. Offset in the file = mark + offset in the text
} Source;

// Reads a whole file ("-": standard input). NULL, and *error is a sentence, if it cannot be read, is empty, holds a NUL
// byte, or is longer than 64 MiB. The source lives in the arena.
Source *source_read(Arena *arena, const char *path, const char **error);
// The same from memory, for tests and tools.
Source *source_from(Arena *arena, const char *path, const char *text, size_t length, const char **error);

int source_line(const Source *source, int offset);   // from 1
int source_column(const Source *source, int offset); // bytes, from 1
// The text of a line without its end, copied.
char *source_line_text(const Source *source, Arena *arena, int line);
// The text of a span with every run of blanks, newlines and comments as one blank: what comments in the C quote.
char *source_quote(const Source *source, Arena *arena, Span span);

Span span_join(Span a, Span b); // from the start of a to the end of b
Span span_start(Span span);     // the empty span before it
Span span_end(Span span);       // the empty span behind it

#endif
