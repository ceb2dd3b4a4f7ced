// The text of a program, and places in it. Lines end in "\n" or "\r\n"; the last one may have no end. A text that ends
// in a newline has an empty last line, so that the end of the file has a line and a column.
#include "source.h"
#include "base/text.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LIMIT = 64 << 20, CHUNK = 1 << 16 };

static const char *name_of(const char *path) { return strcmp(path, "-") == 0 ? "<stdin>" : path; }

static Source *fail(Arena *arena, const char *path, const char **error, const char *what)
{
    *error = arena_format(arena, "`%s` %s", name_of(path), what);
    return NULL;
}

// Newlines first counted, then noted: the table is exactly as long as it must be.
static void find_lines(Arena *arena, Source *source)
{
    int lines = 1;
    for (int k = 0; k < source->length; k++)
        lines += source->text[k] == '\n';
    source->line_start = arena_new(arena, int, lines);
    source->lines = lines;
    for (int k = 0, line = 1; k < source->length; k++)
        if (source->text[k] == '\n')
            source->line_start[line++] = k + 1;
}

static Source *refuse_nul(Arena *arena, const Source *source, int offset, const char **error)
{
    const char *what = arena_format(arena, "is not a text: it holds a NUL byte in line %d, column %d",
        source_line(source, offset), source_column(source, offset));
    return fail(arena, source->path, error, what);
}

Source *source_from(Arena *arena, const char *path, const char *text, size_t length, const char **error)
{
    if (length > LIMIT)
        return fail(arena, path, error, "is too long: a program has at most 64 MiB");
    if (length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        return fail(arena, path, error, "is encoded as UTF-16; a program is UTF-8");
    Source *source = arena_new(arena, Source, 1);
    source->mark = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    source->path = arena_copy(arena, name_of(path), strlen(name_of(path)));
    source->length = (int)length - source->mark;
    if (source->length == 0)
        return fail(arena, path, error, "is empty; a program begins with the line `mt 1`");
    source->text = arena_copy(arena, text + source->mark, (size_t)source->length);
    find_lines(arena, source);
    const char *nul = memchr(source->text, 0, (size_t)source->length);
    return nul ? refuse_nul(arena, source, (int)(nul - source->text), error) : source;
}

Source *source_read(Arena *arena, const char *path, const char **error)
{
    bool standard = strcmp(path, "-") == 0;
    errno = 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (!file)
        return fail(arena, path, error, arena_format(arena, "cannot be opened: %s", strerror(errno)));
    Text text = text_new(arena);
    char *chunk = arena_new(arena, char, CHUNK);
    size_t n;
    // One byte past the limit is enough to know that it is too long.
    while (text.length <= LIMIT && (n = fread(chunk, 1, CHUNK, file)) > 0)
        text_put(&text, chunk, n);
    bool broken = ferror(file) != 0;
    int reason = errno;
    if (!standard)
        fclose(file);
    if (broken && reason == EISDIR)
        return fail(arena, path, error, "is a directory");
    if (broken)
        return fail(arena, path, error, arena_format(arena, "cannot be read: %s", strerror(reason)));
    return source_from(arena, path, text.data, text.length, error);
}

static int clamp(const Source *source, int offset)
{
    return offset < 0 ? 0 : offset > source->length ? source->length : offset;
}

int source_line(const Source *source, int offset)
{
    offset = clamp(source, offset);
    int below = 0, above = source->lines; // line_start[below] <= offset < line_start[above]
    while (above - below > 1) {
        int middle = below + (above - below) / 2;
        if (source->line_start[middle] <= offset)
            below = middle;
        else
            above = middle;
    }
    return below + 1;
}

int source_column(const Source *source, int offset)
{
    offset = clamp(source, offset);
    return offset - source->line_start[source_line(source, offset) - 1] + 1;
}

char *source_line_text(const Source *source, Arena *arena, int line)
{
    if (line < 1 || line > source->lines)
        return arena_copy(arena, "", 0);
    int from = source->line_start[line - 1];
    int to = line < source->lines ? source->line_start[line] : source->length;
    if (to > from && source->text[to - 1] == '\n')
        to--;
    if (to > from && source->text[to - 1] == '\r')
        to--;
    return arena_copy(arena, source->text + from, (size_t)(to - from));
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The offset behind a run of blanks, newlines and comments.
static int skip_blanks(const char *text, int at, int to)
{
    while (at < to && (is_blank(text[at]) || text[at] == '#')) {
        if (text[at] == '#')
            while (at < to && text[at] != '\n')
                at++;
        else
            at++;
    }
    return at;
}

// The offset behind a string that begins here; a string ends with its line.
static int skip_string(const char *text, int at, int to)
{
    for (at++; at < to && text[at] != '"' && text[at] != '\n'; at++)
        if (text[at] == '\\' && at + 1 < to && text[at + 1] != '\n')
            at++;
    return at < to && text[at] == '"' ? at + 1 : at;
}

char *source_quote(const Source *source, Arena *arena, Span span)
{
    int to = clamp(source, span.to), at = skip_blanks(source->text, clamp(source, span.from), to);
    Text out = text_new(arena);
    while (at < to) {
        int from = at;
        at = source->text[at] == '"' ? skip_string(source->text, at, to) : at + 1;
        text_put(&out, source->text + from, (size_t)(at - from));
        int next = skip_blanks(source->text, at, to);
        if (next > at && next < to)
            text_string(&out, " ");
        at = next;
    }
    return out.data;
}

Span span_join(Span a, Span b) { return (Span){a.file, a.from, b.to}; }

Span span_start(Span span) { return (Span){span.file, span.from, span.from}; }

Span span_end(Span span) { return (Span){span.file, span.to, span.to}; }
