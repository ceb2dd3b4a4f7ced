// Layout: every line is put together whole and then laid out, so that callers never count columns. Long lines are broken
// the way clang-format does it with the project's .clang-format: behind the opening bracket if the rest then fits on one
// line, otherwise filled at the commas; a tail of operators likewise.
#include "writer.h"
#include <stdarg.h>
#include <string.h>

enum { WIDTH = 100 };

Writer writer_new(Arena *arena)
{
    Writer w = {text_new(arena), 0};
    return w;
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

// Where a line may end: behind a comma or an operator with blanks around it, in front of ? and :, outside of strings.
// Prefers the shallowest bracket.
static size_t last_break(const char *text, size_t room, int *deepest)
{
    size_t best = 0;
    int depth = 0, best_depth = 1 << 20;
    bool quoted = false;
    for (size_t i = 0; text[i] && i < room; i++) {
        if (text[i] == '"' && (i == 0 || text[i - 1] != '\\'))
            quoted = !quoted;
        if (quoted)
            continue;
        depth += (text[i] == '(' || text[i] == '{' || text[i] == '[') - (text[i] == ')' || text[i] == '}' || text[i] == ']');
        if (text[i] != ' ' || i == 0)
            continue;
        bool behind = text[i - 1] == ',' || (strchr("+-*/=|&<>", text[i - 1]) && i > 1 && (text[i - 2] == ' ' || strchr("+-*/=|&<>", text[i - 2])));
        bool before = (text[i + 1] == '?' || text[i + 1] == ':') && text[i + 2] == ' ';
        if ((behind || before) && depth <= best_depth) {
            best = i;
            best_depth = depth;
        }
    }
    *deepest = best_depth;
    return best;
}

static void put_broken(Writer *w, const char *text)
{
    int indent = 4 * w->depth;
    size_t length = strlen(text), open = strcspn(text, "("), rest = length - open - 1;
    bool call = text[open] == '(' && (text[length - 1] == ';' || text[length - 1] == ')');
    int depth = 0;
    // Everything behind the first bracket on one line of its own: only if the bracket closes at the end.
    for (size_t i = open; call && i < length; i++) {
        depth += (text[i] == '(') - (text[i] == ')');
        if (depth == 0 && i + 2 < length)
            call = false;
    }
    if (call && (size_t)indent + 4 + rest <= WIDTH && (size_t)indent + open + 1 <= WIDTH && open > 0 && text[open - 1] != ' ') {
        put_line(w, indent, text, open + 1);
        put_line(w, indent + 4, text + open + 1, rest);
        return;
    }
    for (bool first = true; *text; first = false) {
        size_t room = (size_t)(WIDTH - indent - (first ? 0 : 4));
        if (strlen(text) <= room) {
            put_line(w, indent + (first ? 0 : 4), text, strlen(text));
            return;
        }
        int deepest;
        size_t at = last_break(text, room + 1, &deepest);
        if (at == 0)
            at = strlen(text);
        put_line(w, indent + (first ? 0 : 4), text, at);
        text += at;
        text += *text == ' ';
    }
}

static void put(Writer *w, const char *text)
{
    if (strlen(text) + 4 * (size_t)w->depth <= WIDTH)
        put_line(w, 4 * w->depth, text, strlen(text));
    else
        put_broken(w, text);
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

void writer_close(Writer *w, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    w->depth--;
    const char *text = arena_vformat(w->text.arena, format, list);
    put(w, arena_format(w->text.arena, "}%s%s", *text && !strchr(" ;,)", *text) ? " " : "", text));
    va_end(list);
}

void writer_function(Writer *w, const char *format, ...)
{
    va_list list;
    va_start(list, format);
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
    size_t indent = 4 * (size_t)w->depth;
    if (!strchr(text, '\n') && indent + strlen(text) + 6 <= WIDTH) {
        put_line(w, (int)indent, arena_format(w->text.arena, "/* %s */", text), strlen(text) + 6);
        return;
    }
    Text line = text_new(w->text.arena);
    text_string(&line, "/*");
    for (const char *s = text; *s;) {
        size_t n = strcspn(s, " \n"), blanks = strspn(s + n, " ");
        bool end = s[n + blanks] == '\n' || !s[n + blanks];
        if (indent + line.length + 1 + n + (s[n + blanks] ? 0 : 3) > WIDTH && line.length > 2) {
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
