// format_inside.h: what the files of the formatter share. format_line.c knows lines and comments, format_expression.c
// expressions, format.c rows, bodies and declarations.
#ifndef MT_FORMAT_INSIDE_H
#define MT_FORMAT_INSIDE_H

#include "base/map.h"
#include "format.h"
#include <limits.h>

// Words are written in the order of the source. A new line is asked for, and begun by the next word, so that a comment
// at the end of a line gets there first.
typedef struct {
    Arena *arena;
    const Source *source;
    Comments comments;
    int comment;        // the next one that is not written
    Text *out;          // the program, or `scratch` while something is measured
    int column;         // of `out`, in characters
    int indent;         // of lines that are begun from now on
    int at;             // in the source, behind what was written last
    bool newline;       // the next word begins a line
    bool blank;         // with an empty line before it
    bool after_comment; // `out` ends in a comment
    bool between;       // between items: empty lines of the source stay
    bool first;         // of a body or file: no empty line before it
    bool flat;          // all on one line: nothing breaks, nothing is flushed
    bool measuring;     // flat, and `out` is thrown away
    bool too_wide;      // what is measured does not fit, or cannot be on one line
    bool one_line;      // no line is broken outside of brackets: the head of a repeat
    Text scratch;
    Map values;         // names that a value or a function of the program has
    bool uses;          // other files have more of them
} Printer;

// ------------------------------------------------------------------------------------------------- format_line.c
void format_word(Printer *p, const char *word);
void format_bytes(Printer *p, const char *bytes, int length);
// The bytes of the source.
void format_source(Printer *p, Span span);
// A blank, unless the next word begins a line.
void format_space(Printer *p);
// The next word begins a line; in flat mode nothing.
void format_newline(Printer *p);
// Writes the comments in front of an offset of the source.
void format_flush(Printer *p, int offset);
// Before what follows a sign such as `=`: behind comments that stand here, the rest is indented.
void format_hang(Printer *p, int offset);
// Before an item: its comments, and an empty line where the source has one.
void format_begin_item(Printer *p, int offset);
// Whether the next comment stands before an offset.
bool format_comment_before(const Printer *p, int offset);
// Whether an empty line stands between the last thing written and a declaration, or its comments.
bool format_gap_has_blank(const Printer *p, int offset);
// The text of a comment as it is written: `#comment` is `# comment`.
const char *format_comment(Arena *arena, const Source *source, Span span);

// ------------------------------------------------------------------------------------------- format_expression.c
// Writes a node, and its comments; `tail` columns of what follows must fit into its last line.
void format_node(Printer *p, const Ast *ast, int tail);
// Whether a node can stand from here on this line, with `tail` columns behind it.
bool format_fits(Printer *p, const Ast *ast, int tail);
// How many columns a node has on one line; INT_MAX if that is not possible, or more than FORMAT_COLUMNS.
int format_width(Printer *p, const Ast *ast);
// children [from, to) in brackets, which close in front of `end`. The opening one is written.
void format_brackets(Printer *p, const Ast *ast, int from, int to, int end, const char *close);
// name=value, or the name alone.
void format_assigned(Printer *p, const Ast *ast, int tail);
void format_expression(Printer *p, const Ast *ast, int tail);

// ------------------------------------------------------------------------------------------------------ format.c
// Everything that is no expression, not on one line unless p->flat.
void format_structure(Printer *p, const Ast *ast, int tail);

#endif
