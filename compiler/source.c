// The text of a program, and places in it. Lines end in "\n" or "\r\n"; the last one may have no end. A text that ends
// in a newline has an empty last line, so that the end of the file has a line and a column.
//
// Input: bytes of files. Output: one text of all of them. Invariants: the newline between two files makes the lines of
// the text the lines of its files, one after the other, and an offset the place of exactly one file.
#include "source.h"
#include "base/text.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LIMIT = 64 << 20, CHUNK = 1 << 16 };

static const char *name_of(const char *path) { return strcmp(path, "-") == 0 ? "<stdin>" : path; }

static bool fail(Arena *arena, const char *path, const char **error, const char *what)
{
    *error = arena_format(arena, "`%s` %s", name_of(path), what);
    return false;
}

// Room for `needed` bytes behind the same first `used` ones. Doubled, so that many small files cost no more than one.
static void *grown(Arena *arena, const void *old, size_t used, size_t needed, size_t *room)
{
    if (needed <= *room)
        return (void *)old;
    *room = needed > 2 * used || used == 0 ? needed : 2 * used;
    void *moved = arena_new(arena, char, *room);
    if (used > 0)
        memcpy(moved, old, used);
    return moved;
}

// The lines of the text from an offset on: first counted, then noted.
static void find_lines(Arena *arena, Source *source, int from)
{
    int lines = source->lines + 1, *start;
    for (int k = from; k < source->length; k++)
        lines += source->text[k] == '\n';
    start = grown(arena, source->line_start, (size_t)source->lines * sizeof *start, (size_t)lines * sizeof *start,
        &source->lines_room);
    start[source->lines++] = from;
    for (int k = from; k < source->length; k++)
        if (source->text[k] == '\n')
            start[source->lines++] = k + 1;
    source->line_start = start;
}

static bool refuse_nul(Arena *arena, const char *path, const char *text, const char *nul, const char **error)
{
    int line = 1;
    const char *start = text;
    for (const char *at = text; at < nul; at++)
        if (*at == '\n') {
            line++;
            start = at + 1;
        }
    return fail(arena, path, error, arena_format(arena, "is not a text: it holds a NUL byte in line %d, column %d",
        line, (int)(nul - start) + 1));
}

bool source_add(Arena *arena, Source *source, const char *path, const char *text, size_t length, const char **error)
{
    if (length > LIMIT)
        return fail(arena, path, error, "is too long: a program has at most 64 MiB");
    if (length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        return fail(arena, path, error, "is encoded as UTF-16; a program is UTF-8");
    int mark = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    text += mark;
    length -= (size_t)mark;
    if (length == 0)
        return fail(arena, path, error, "is empty; a program begins with the line `mt 1`");
    const char *nul = memchr(text, 0, length);
    if (nul)
        return refuse_nul(arena, path, text, nul, error);
    size_t before = source->count > 0 ? (size_t)source->length + 1 : 0;
    if (before + length > LIMIT)
        return fail(arena, path, error, "is too long: all files of a program have at most 64 MiB together");
    char *joined = grown(arena, source->text, before > 0 ? before - 1 : 0, before + length + 1, &source->text_room);
    if (before > 0)
        joined[before - 1] = '\n';
    memcpy(joined + before, text, length);
    joined[before + length] = 0;
    size_t used = (size_t)source->count * sizeof(SourceFile);
    SourceFile *files = grown(arena, source->files, used, used + sizeof *files, &source->files_room);
    files[source->count] = (SourceFile){.path = arena_copy(arena, name_of(path), strlen(name_of(path))),
        .from = (int)before, .to = (int)(before + length), .first_row = source->lines + 1, .mark = mark};
    source->text = joined;
    source->length = (int)(before + length);
    source->files = files;
    source->path = files[0].path;
    source->count++;
    find_lines(arena, source, (int)before);
    return true;
}

Source *source_copy(Arena *arena, const Source *source)
{
    Source *copy = arena_new(arena, Source, 1);
    *copy = *source;
    // What it points to is the other one's: it is moved before anything is written behind it.
    copy->text_room = copy->lines_room = copy->files_room = 0;
    return copy;
}

Source *source_from(Arena *arena, const char *path, const char *text, size_t length, const char **error)
{
    Source *source = arena_new(arena, Source, 1);
    return source_add(arena, source, path, text, length, error) ? source : NULL;
}

bool source_bytes(Arena *arena, const char *path, Text *bytes, const char **error)
{
    bool standard = strcmp(path, "-") == 0;
    errno = 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (!file)
        return fail(arena, path, error, arena_format(arena, "cannot be opened: %s", strerror(errno)));
    char *chunk = arena_new(arena, char, CHUNK);
    size_t n;
    // One byte past the limit is enough to know that it is too long.
    while (bytes->length <= LIMIT && (n = fread(chunk, 1, CHUNK, file)) > 0)
        text_put(bytes, chunk, n);
    bool broken = ferror(file) != 0;
    int reason = errno;
    if (!standard)
        fclose(file);
    if (broken && reason == EISDIR)
        return fail(arena, path, error, "is a directory");
    return !broken || fail(arena, path, error, arena_format(arena, "cannot be read: %s", strerror(reason)));
}

Source *source_read(Arena *arena, const char *path, const char **error)
{
    Text bytes = text_new(arena);
    return source_bytes(arena, path, &bytes, error) ? source_from(arena, path, bytes.data, bytes.length, error) : NULL;
}

static int clamp(const Source *source, int offset)
{
    return offset < 0 ? 0 : offset > source->length ? source->length : offset;
}

const SourceFile *source_file(const Source *source, int offset)
{
    offset = clamp(source, offset);
    int below = 0, above = source->count; // files[below].from <= offset < files[above].from
    while (above - below > 1) {
        int middle = below + (above - below) / 2;
        if (source->files[middle].from <= offset)
            below = middle;
        else
            above = middle;
    }
    return &source->files[below];
}

int source_row(const Source *source, int offset)
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

int source_line(const Source *source, int offset)
{
    return source_row(source, offset) - source_file(source, offset)->first_row + 1;
}

int source_line_start(const Source *source, int offset) { return source->line_start[source_row(source, offset) - 1]; }

int source_column(const Source *source, int offset)
{
    offset = clamp(source, offset);
    return offset - source_line_start(source, offset) + 1;
}

char *source_line_text(const Source *source, Arena *arena, int row)
{
    if (row < 1 || row > source->lines)
        return arena_copy(arena, "", 0);
    int from = source->line_start[row - 1];
    int to = row < source->lines ? source->line_start[row] : source->length;
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
