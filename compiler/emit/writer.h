// writer.h: the layout of the C, and nothing else: indentation, braces, breaking of long lines as .clang-format has it.
// Lines given here hold no newline and no leading blank.
#ifndef MT_WRITER_H
#define MT_WRITER_H

#include "../base/text.h"

typedef struct {
    Text text;
    int depth;       // of indentation, 4 blanks each
    bool in_function;
    size_t function; // where it begins in the text
} Writer;

Writer writer_new(Arena *arena);
// One statement, declaration or head. Past 100 columns it is broken as clang-format does it (layout.c); a comment
// behind it then goes above it.
void writer_line(Writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
void writer_blank(Writer *w); // at most one in a row
// "for (...)" without braces around the one statement that follows: writer_line(head), writer_indent, line, writer_dedent.
void writer_indent(Writer *w);
void writer_dedent(Writer *w);
void writer_open(Writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));  // line {
void writer_close(Writer *w, const char *format, ...) __attribute__((format(printf, 2, 3))); // } line, or }; and the like
// A function: the head, then { on a line of its own. One of a single statement is drawn together when it is closed.
void writer_function(Writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
// A comment, filled to 100 columns: /* ... */, or with ` * ` lines. Comment ends in the text are made harmless.
void writer_comment(Writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
// The line of dashes with a title between the sections of the file.
void writer_section(Writer *w, const char *title);
// Bytes as they are: kernels and runtime.
void writer_verbatim(Writer *w, const char *bytes);

#endif
