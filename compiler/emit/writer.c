// The form of the C: every line is put together whole and then laid out, so that callers never count columns. Where a
// long line is broken is decided in layout.c; here are indentation, braces and comments.
#include "writer.h"
#include "layout.h"
#include <stdarg.h>
#include <string.h>

Writer writer_new(Arena *arena)
{
    return (Writer){.text = text_new(arena)};
}

static void put_line(Writer *w, int indent, const char *text, size_t length)
{
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length > 0) {
        text_add(&w->text, "%*s", indent, "");
        text_put(&w->text, text, length);
    }
    text_put(&w->text, "\n", 1);
}

// A statement with a comment behind it that does not fit: the comment goes above it.
static const char *put_trailing_comment(Writer *w, const char *text)
{
    const char *comment = strstr(text, "; /*");
    if (!comment || strchr(text, '"'))
        return text;
    put_line(w, 4 * w->depth, comment + 2, strlen(comment + 2));
    return arena_copy(w->text.arena, text, (size_t)(comment + 1 - text));
}

static void put(Writer *w, const char *text)
{
    if (strlen(text) + 4 * (size_t)w->depth > LAYOUT_WIDTH)
        text = put_trailing_comment(w, text);
    if (strlen(text) + 4 * (size_t)w->depth > LAYOUT_WIDTH)
        text = layout_break(w->text.arena, text, 4 * w->depth);
    put_line(w, 4 * w->depth, text, strlen(text));
}

void writer_line(Writer *w, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    put(w, arena_vformat(w->text.arena, format, list));
    va_end(list);
}

void writer_blank(Writer *w)
{
    size_t n = w->text.length;
    if (n >= 2 && w->text.data[n - 1] == '\n' && w->text.data[n - 2] != '\n' && w->text.data[n - 2] != '{')
        text_put(&w->text, "\n", 1);
}

void writer_indent(Writer *w) { w->depth++; }

void writer_dedent(Writer *w) { w->depth--; }

void writer_open(Writer *w, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    put(w, arena_format(w->text.arena, "%s {", arena_vformat(w->text.arena, format, list)));
    va_end(list);
    w->depth++;
}

// A function of one statement stands on one line, if there is room.
static void join_function(Writer *w)
{
    char *head = w->text.data + w->function, *body = strstr(head, "\n{\n    ");
    char *end = body ? strchr(body + 7, '\n') : NULL;
    if (!end || strcmp(end, "\n}\n") != 0 || memchr(head, '\n', (size_t)(body - head)) || body[7] == '/')
        return;
    size_t length = (size_t)(body - head) + (size_t)(end - (body + 7)) + strlen(" {  }");
    if (length > LAYOUT_WIDTH)
        return;
    const char *line = arena_format(
        w->text.arena, "%.*s { %.*s }\n", (int)(body - head), head, (int)(end - (body + 7)), body + 7);
    w->text.length = w->function;
    text_string(&w->text, line);
}

void writer_close(Writer *w, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    w->depth--;
    const char *text = arena_vformat(w->text.arena, format, list);
    put(w, arena_format(w->text.arena, "}%s%s", *text && !strchr(" ;,)", *text) ? " " : "", text));
    va_end(list);
    if (w->depth == 0 && w->in_function)
        join_function(w);
    w->in_function &= w->depth > 0;
}

void writer_function(Writer *w, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    w->function = w->text.length;
    w->in_function = true;
    put(w, arena_vformat(w->text.arena, format, list));
    va_end(list);
    put(w, "{");
    w->depth++;
}

void writer_comment(Writer *w, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = arena_vformat(w->text.arena, format, list);
    va_end(list);
    for (char *c = text; (c = strstr(c, "*/"));) // a comment of the user's may hold one
        c[1] = '|';
    for (char *c = text; (c = strstr(c, "/*"));)
        c[0] = '|';
    for (char *c = text; (c = strstr(c, "?\?"));) // no trigraphs
        c[1] = '.';
    size_t indent = 4 * (size_t)w->depth;
    if (!strchr(text, '\n') && indent + strlen(text) + 6 <= LAYOUT_WIDTH) {
        put_line(w, (int)indent, arena_format(w->text.arena, "/* %s */", text), strlen(text) + 6);
        return;
    }
    Text line = text_new(w->text.arena);
    text_string(&line, "/*");
    for (const char *s = text; *s;) {
        size_t n = strcspn(s, " \n"), blanks = strspn(s + n, " ");
        bool end = s[n + blanks] == '\n' || !s[n + blanks];
        if (indent + line.length + 1 + n + (s[n + blanks] ? 0 : 3) > LAYOUT_WIDTH && line.length > 2) {
            put_line(w, (int)indent, line.data, line.length);
            line.length = 0;
            text_string(&line, " *");
        }
        text_add(&line, " %.*s", (int)n, s);
        if (!end && blanks > 1) // blanks that mean something: "fc1: ...        y = W x + b"
            text_add(&line, "%*s", (int)blanks - 1, "");
        s += n + blanks;
        if (*s == '\n') {
            put_line(w, (int)indent, line.data, line.length);
            line.length = 0;
            text_string(&line, " *");
            s++;
            size_t lead = strspn(s, " ");
            text_add(&line, "%*s", (int)lead, "");
            s += lead;
        }
    }
    text_string(&line, " */");
    put_line(w, (int)indent, line.data, line.length);
}

void writer_section(Writer *w, const char *title)
{
    writer_blank(w);
    text_add(&w->text,
        "/* ------------------------------------------------------------------------------------------------\n * %s\n"
        " * --------------------------------------------------------------------------------------------- */\n\n",
        title);
}

void writer_verbatim(Writer *w, const char *bytes) { text_string(&w->text, bytes); }
