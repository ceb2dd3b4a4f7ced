// Lines and comments of the formatter.
//
// Input: words in the order of the source, with their offsets. Output: text in which every comment stands between the
// same words as before: behind its word where it stood at the end of a line, else on a line of its own. Invariant: no
// line ends in a blank, and nothing stands behind a comment.
#include "format_inside.h"
#include <string.h>

static int characters(const char *bytes, int length)
{
    int count = 0;
    for (int k = 0; k < length; k++)
        count += ((unsigned char)bytes[k] & 0xc0) != 0x80;
    return count;
}

static void begin_line(Printer *p)
{
    if (p->out->length > 0)
        text_string(p->out, p->blank ? "\n\n" : "\n");
    text_add(p->out, "%*s", p->indent, "");
    p->column = p->indent;
    p->newline = p->blank = p->after_comment = false;
}

void format_bytes(Printer *p, const char *bytes, int length)
{
    if (p->newline)
        begin_line(p);
    text_put(p->out, bytes, (size_t)length);
    p->column += characters(bytes, length);
    if (p->measuring && p->column > FORMAT_COLUMNS)
        p->too_wide = true;
}

void format_word(Printer *p, const char *word) { format_bytes(p, word, (int)strlen(word)); }

void format_source(Printer *p, Span span) { format_bytes(p, p->source->text + span.from, span.to - span.from); }

void format_space(Printer *p)
{
    if (!p->newline)
        format_word(p, " ");
}

void format_newline(Printer *p)
{
    if (!p->flat)
        p->newline = true;
}

// --------------------------------------------------------------------------------------------------- comments

// Two newlines with nothing but blanks between them, from the offset on.
static bool blank_line_before(const Source *source, int from, int to)
{
    int newlines = 0;
    for (int k = from; k < to; k++)
        newlines += source->text[k] == '\n';
    return newlines > 1;
}

static bool first_in_line(const Source *source, int offset)
{
    while (offset > 0 && strchr(" \t\r", source->text[offset - 1]))
        offset--;
    return offset == 0 || source->text[offset - 1] == '\n';
}

const char *format_comment(Arena *arena, const Source *source, Span span)
{
    const char *text = source->text + span.from;
    int length = span.to - span.from, signs = 0;
    while (signs < length && text[signs] == '#')
        signs++;
    bool script = span.from == 0 && signs < length && text[signs] == '!'; // `#!/usr/bin/env`
    bool apart = signs == length || script || text[signs] == ' ' || text[signs] == '\t';
    return arena_format(arena, "%.*s%s%.*s", signs, text, apart ? "" : " ", length - signs, text + signs);
}

static void write_comment(Printer *p, Span span)
{
    if (first_in_line(p->source, span.from) || p->after_comment || p->out->length == 0) {
        p->blank |= p->between && !p->first && blank_line_before(p->source, p->at, span.from);
        p->newline = true;
        p->first = false;
    } else {
        p->newline = false; // it may have been asked for already
        format_word(p, "  ");
    }
    format_word(p, format_comment(p->arena, p->source, span));
    p->at = span.to;
    p->newline = p->after_comment = true;
}

bool format_comment_before(const Printer *p, int offset)
{
    return p->comment < p->comments.count && p->comments.items[p->comment].from < offset;
}

void format_flush(Printer *p, int offset)
{
    while (!p->flat && format_comment_before(p, offset))
        write_comment(p, p->comments.items[p->comment++]);
}

void format_hang(Printer *p, int offset)
{
    if (p->flat || !format_comment_before(p, offset))
        return;
    p->indent += FORMAT_INDENT;
    format_flush(p, offset);
}

void format_begin_item(Printer *p, int offset)
{
    p->newline = p->between = true;
    format_flush(p, offset);
    p->blank |= !p->first && blank_line_before(p->source, p->at, offset);
    p->between = p->first = false;
}

bool format_gap_has_blank(const Printer *p, int offset)
{
    int at = p->at;
    for (int k = p->comment; k < p->comments.count && p->comments.items[k].from < offset; k++) {
        if (blank_line_before(p->source, at, p->comments.items[k].from))
            return true;
        at = p->comments.items[k].to;
    }
    return blank_line_before(p->source, at, offset);
}
