// diag_snippet.h: lines of the source with marks under them. For diag_render.c alone.
#ifndef MT_DIAG_SNIPPET_H
#define MT_DIAG_SNIPPET_H

#include "diag_parts.h"

typedef enum { STYLE_PLAIN, STYLE_BOLD, STYLE_ERROR, STYLE_WARNING, STYLE_NOTE, STYLE_GUTTER, STYLE_ADDED } Style;

// A page is rendered twice: the first time finds the largest line number, which is the width of the gutter.
typedef struct {
    Text *out;
    const Source *source;
    bool color;
    int width;   // of the gutter, in digits
    int largest; // line number so far
} Page;

// Marks on one line: bytes [from, to) of it, from 0. An empty range is one mark.
typedef struct {
    int from, to;
    char mark;
    Style style;
    const char *label; // "" for none
} Segment;

void page_style(Page *page, Style style);
// "   |", and a newline.
void page_bar(Page *page);
// "12 | text", the rows of marks under it, and the labels. `segments` may be reordered.
void page_line(Page *page, int number, const char *text, int length, Segment *segments, int count);
// "  --> file:line:column" and a bar; the file alone for an offset below 0.
void page_place(Page *page, const char *arrow, int offset);
// That, and every line that one of the spans touches. marks[0] is the place; `style`: of
// what is at fault.
void page_snippet(Page *page, Arena *arena, const Marked *marks, int count, Style style);

#endif
