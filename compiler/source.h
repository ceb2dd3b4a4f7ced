// source.h: the text of a program, and places in it. Places are byte offsets; lines and columns are computed only when
// somebody reads them. The files of a program stand one behind the other in one text, so that an offset alone is a
// place: only who shows places to people asks which file it is in.
#ifndef MT_SOURCE_H
#define MT_SOURCE_H

#include "base/text.h"

// The bytes [from, to) of a source. `file` is 0: the offsets tell which file it is.
typedef struct {
    int file, from, to;
} Span;

// One file: the bytes [from, to) of the text, and behind them a newline that is not in the file (the last has a NUL).
typedef struct {
    const char *path; // for messages: as the user wrote it, behind the folder of the file that uses it
    int from, to;
    int first_row; // of the lines of all files, from 1
    int mark;      // bytes of the byte order mark that was in front of it, 0 or 3
} SourceFile;

typedef struct {
    const char *path; // of the program itself; only its last part may reach the output
    const char *text; // `length` bytes, then a NUL. CR LF is kept, a byte order mark is not
    int length;
    int *line_start; // offset of the first byte of each line of each file; `lines` of them
    int lines;
    SourceFile *files; // files[0] is the program
    int count;
    size_t text_room, lines_room, files_room; // bytes that may be written without moving; for source.c
} Source;

// What the files of `use` are read with. main.c has the one for disks, tests have others.
typedef struct SourceReader SourceReader;
struct SourceReader {
    // The bytes of a file; false, and *error is a sentence, if it cannot be read.
    bool (*read)(const SourceReader *reader, Arena *arena, const char *path, Text *bytes, const char **error);
    // The same text for every path to the same file; NULL if there is none.
    const char *(*identity)(const SourceReader *reader, Arena *arena, const char *path);
    const void *data; // for read
};

// Reads a whole file ("-": standard input). NULL, and *error is a sentence, if it cannot be read, is empty, holds a NUL
// byte, or is longer than 64 MiB. The source lives in the arena.
Source *source_read(Arena *arena, const char *path, const char **error);
// The same from memory, for tests and tools.
Source *source_from(Arena *arena, const char *path, const char *text, size_t length, const char **error);
// The bytes of a file, for a SourceReader.
bool source_bytes(Arena *arena, const char *path, Text *bytes, const char **error);
// A source to which files may be added; the other one stays as it is.
Source *source_copy(Arena *arena, const Source *source);
// Another file, behind the others, with the same conditions. False, and *error is a sentence, if it is refused.
bool source_add(Arena *arena, Source *source, const char *path, const char *text, size_t length, const char **error);

// The file of a place. One behind the last byte belongs to the file, as its end.
const SourceFile *source_file(const Source *source, int offset);
int source_line(const Source *source, int offset);   // in its file, from 1
int source_column(const Source *source, int offset); // bytes, from 1
// The line among those of all files, from 1: an index of line_start, one too large.
int source_row(const Source *source, int offset);
// The offset of the first byte of the line.
int source_line_start(const Source *source, int offset);
// The text of a line without its end, copied; of the lines of all files.
char *source_line_text(const Source *source, Arena *arena, int row);
// The text of a span with every run of blanks, newlines and comments as one blank: what comments in the C quote.
char *source_quote(const Source *source, Arena *arena, Span span);

Span span_join(Span a, Span b); // from the start of a to the end of b
Span span_start(Span span);     // the empty span before it
Span span_end(Span span);       // the empty span behind it

#endif
