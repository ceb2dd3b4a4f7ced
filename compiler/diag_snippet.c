// Lines of the source with marks under them:
//
//    12 |   skip = x -> add(y)
//       |          -    ^^^ label of the rightmost span
//       |          |
//       |          label of one further left hangs below
//    ...
//
// Input: spans in bytes. Output: columns of a terminal; tabs are copied, so that marks stand right whatever a tab is.
// Long lines (data written inline) are cut around the first span.
#include "diag_snippet.h"
#include <stdlib.h>
#include <string.h>

enum { LONG = 200, CUT = 160, BEFORE = 60 }; // bytes: longest whole line; what is shown of others, and how much before

void page_style(Page *page, Style style)
{
    static const char *const escapes[] = {"\033[0m", "\033[0;1m", "\033[0;1;31m", "\033[0;1;33m", "\033[0;1;36m",
        "\033[0;1;34m", "\033[0;32m"};
    if (page->color)
        text_string(page->out, escapes[style]);
}

void page_bar(Page *page)
{
    page_style(page, STYLE_GUTTER);
    text_add(page->out, "%*s |", page->width, "");
    page_style(page, STYLE_PLAIN);
    text_string(page->out, "\n");
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static bool is_continuation(char c) { return ((unsigned char)c & 0xc0) == 0x80; }

// What of a line is shown.
typedef struct {
    const char *text;
    int length;
    bool cut_before, cut_after;
} Window;

static Window window_of(const char *text, int length, const Segment *segments, int count)
{
    Window window = {text, length, false, false};
    if (length <= LONG)
        return window;
    int first = count > 0 ? segments[0].from : 0;
    for (int k = 1; k < count; k++)
        first = segments[k].from < first ? segments[k].from : first;
    int from = first > BEFORE ? first - BEFORE : 0, to = from + CUT < length ? from + CUT : length;
    while (from > 0 && is_continuation(text[from]))
        from--;
    while (to < length && is_continuation(text[to]))
        to++;
    return (Window){text + from, to - from, from > 0, to < length};
}

static int clamp(int x, int least, int most) { return x < least ? least : x > most ? most : x; }

// The columns of the character at an offset, written as blanks, or as a tab where it is one.
static int put_blank(Text *out, const Window *window, int at)
{
    int n = 1;
    long character = at < window->length ? utf8_next(window->text + at, (size_t)(window->length - at), &n) : ' ';
    if (character == '\t')
        text_string(out, "\t");
    else
        text_add(out, "%*s", utf8_columns(character), "");
    return n;
}

static void start_row(Page *page, const Window *window)
{
    page_style(page, STYLE_GUTTER);
    text_add(page->out, "%*s | %s", page->width, "", window->cut_before ? "   " : "");
    page_style(page, STYLE_PLAIN);
}

// The segment whose mark is seen at an offset: the shortest, so that one inside another shows; of equals the primary.
static const Segment *covering(const Segment *segments, int count, int at)
{
    const Segment *found = NULL;
    for (int k = 0; k < count; k++) {
        const Segment *s = &segments[k];
        if (at < s->from || (at >= s->to && at != s->from))
            continue;
        int longer = found ? (s->to - s->from) - (found->to - found->from) : -1;
        if (longer < 0 || (longer == 0 && s->mark != '-'))
            found = s;
    }
    return found;
}

// The row of marks, without its newline. Blanks behind the last mark are not written.
static void put_marks(Page *page, const Window *window, const Segment *segments, int count)
{
    int end = 0;
    for (int k = 0; k < count; k++) {
        int to = segments[k].to > segments[k].from ? segments[k].to : segments[k].from + 1;
        end = to > end ? to : end;
    }
    start_row(page, window);
    const Segment *last = NULL;
    for (int at = 0; at < end;) {
        const Segment *segment = covering(segments, count, at);
        if (segment != last)
            page_style(page, segment ? segment->style : STYLE_PLAIN);
        last = segment;
        int n = 1;
        bool is_tab = at < window->length && window->text[at] == '\t' && !(segment && segment->to - segment->from <= 1);
        if (!segment || is_tab) {
            at += put_blank(page->out, window, at);
            continue;
        }
        long character =
            at < window->length ? utf8_next(window->text + at, (size_t)(window->length - at), &n) : ' ';
        for (int k = 0; k < utf8_columns(character); k++)
            text_put(page->out, &segment->mark, 1);
        at += n;
    }
}

// A row under the marks: bars where hanging[first ... count) begin, up to `end` (not included).
static void put_bars(Page *page, const Window *window, Segment *const *hanging, int first, int count, int end)
{
    start_row(page, window);
    for (int at = 0; at < end;) {
        const Segment *bar = NULL;
        for (int k = first; k < count; k++)
            bar = hanging[k]->from == at ? hanging[k] : bar;
        if (!bar) {
            at += put_blank(page->out, window, at);
            continue;
        }
        int n = 1;
        long character =
            at < window->length ? utf8_next(window->text + at, (size_t)(window->length - at), &n) : ' ';
        page_style(page, bar->style);
        text_add(page->out, "|%*s", utf8_columns(character) == 2, "");
        page_style(page, STYLE_PLAIN);
        at += n;
    }
}

static void put_label(Page *page, const Segment *segment)
{
    page_style(page, segment->style);
    text_visible(page->out, segment->label, strlen(segment->label));
    page_style(page, STYLE_PLAIN);
}

// The rightmost first.
static int compare_segments(const void *left, const void *right)
{
    const Segment *a = left, *b = right;
    if (a->from != b->from)
        return a->from > b->from ? -1 : 1;
    return a->to != b->to ? (a->to > b->to ? -1 : 1) : (a->mark == '-') - (b->mark == '-');
}

static void put_labels(Page *page, const Window *window, Segment *segments, int count)
{
    Segment *hanging[64];
    int hang = 0;
    // The label of the last mark stands behind it, if no other mark goes on to the right of it.
    bool behind = *segments[0].label != 0;
    for (int k = 1; k < count; k++)
        behind = behind && segments[k].to <= segments[0].to;
    if (behind) {
        text_string(page->out, " ");
        put_label(page, &segments[0]);
    } else {
        page_style(page, STYLE_PLAIN);
    }
    text_string(page->out, "\n");
    for (int k = behind; k < count && hang < 64; k++)
        if (*segments[k].label)
            hanging[hang++] = &segments[k];
    if (hang > 0) {
        put_bars(page, window, hanging, 0, hang, hanging[0]->from + 1);
        text_string(page->out, "\n");
    }
    for (int k = 0; k < hang; k++) {
        put_bars(page, window, hanging, k + 1, hang, hanging[k]->from);
        put_label(page, hanging[k]);
        text_string(page->out, "\n");
    }
}

void page_line(Page *page, int number, const char *text, int length, Segment *segments, int count)
{
    page->largest = number > page->largest ? number : page->largest;
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    Window window = window_of(text, length, segments, count);
    page_style(page, STYLE_GUTTER);
    text_add(page->out, "%*d |", page->width, number);
    page_style(page, STYLE_PLAIN);
    text_string(page->out, window.length > 0 ? " " : "");
    text_string(page->out, window.cut_before ? "..." : "");
    text_visible(page->out, window.text, (size_t)window.length);
    text_string(page->out, window.cut_after ? "...\n" : "\n");
    if (count == 0)
        return;
    int shift = (int)(window.text - text);
    for (int k = 0; k < count; k++) {
        // One place behind the text is for spans at the end of the line; further right there is nothing to point at.
        segments[k].from = clamp(segments[k].from - shift, 0, window.length);
        segments[k].to = clamp(segments[k].to - shift, segments[k].from, window.length);
    }
    qsort(segments, (size_t)count, sizeof *segments, compare_segments);
    put_marks(page, &window, segments, count);
    put_labels(page, &window, segments, count);
}

// ---------------------------------------------------------------------------------------------------------------------
// Spans to lines

typedef struct {
    int row; // of the lines of all files
    Segment segment;
} Placed;

static int row_from(const Source *source, int row) { return source->line_start[row - 1]; }

static int row_to(const Source *source, int row)
{
    return row < source->lines ? source->line_start[row] : source->length;
}

// A row under the number that it has in its file.
static void put_row(Page *page, int row, Segment *segments, int count)
{
    const Source *source = page->source;
    int from = row_from(source, row);
    page_line(page, source_line(source, from), source->text + from, row_to(source, row) - from, segments, count);
}

// A span of several lines is marked on its first and on its last one; the label stands with the last.
static int place(const Source *source, const Marked *marked, Style style, Placed *placed)
{
    char mark = marked->is_first ? '^' : '-';
    style = marked->is_first ? style : STYLE_GUTTER;
    int from = clamp(marked->span.from, 0, source->length), to = clamp(marked->span.to, from, source->length);
    while (to > from && is_blank(source->text[to - 1]))
        to--;
    int first = source_row(source, from), last = source_row(source, to > from ? to - 1 : to);
    Segment segment = {from - row_from(source, first), to - row_from(source, first), mark, style, marked->label};
    placed[0] = (Placed){first, segment};
    if (first == last)
        return 1;
    int start = row_from(source, last);
    while (start < to - 1 && is_blank(source->text[start]))
        start++;
    placed[0].segment.to = row_to(source, first) - row_from(source, first);
    placed[0].segment.label = "";
    placed[1] = (Placed){last, {start - row_from(source, last), to - row_from(source, last), mark, style,
                                marked->label}};
    return 2;
}

static int compare_placed(const void *left, const void *right)
{
    const Placed *a = left, *b = right;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return compare_segments(&a->segment, &b->segment);
}

// What stands between two rows of a file that are shown: nothing, one line, or dots.
static void put_between(Page *page, int last, int next)
{
    if (next - last == 2) {
        put_row(page, last + 1, NULL, 0);
    } else if (next - last > 2) {
        page_style(page, STYLE_GUTTER);
        text_string(page->out, "...");
        page_style(page, STYLE_PLAIN);
        text_string(page->out, "\n");
    }
}

void page_place(Page *page, const char *arrow, int offset)
{
    const char *path = source_file(page->source, offset)->path;
    page_style(page, STYLE_GUTTER);
    text_add(page->out, "%*s%s ", page->width, "", arrow);
    page_style(page, STYLE_PLAIN);
    text_visible(page->out, path, strlen(path));
    if (offset >= 0)
        text_add(page->out, ":%d:%d", source_line(page->source, offset), source_column(page->source, offset));
    text_string(page->out, "\n");
    if (offset >= 0)
        page_bar(page);
}

// The lines of one file that marks touch; `placed` is in order.
static void put_rows(Page *page, Arena *arena, const Placed *placed, int count)
{
    Segment *segments = arena_new(arena, Segment, count);
    for (int k = 0; k < count;) {
        int row = placed[k].row, on_row = 0;
        if (k > 0)
            put_between(page, placed[k - 1].row, row);
        while (k < count && placed[k].row == row)
            segments[on_row++] = placed[k++].segment;
        put_row(page, row, segments, on_row);
    }
}

void page_snippet(Page *page, Arena *arena, const Marked *marks, int count, Style style)
{
    const Source *source = page->source;
    page_place(page, "-->", marks[0].span.from);
    if (marks[0].span.from < 0)
        return;
    Placed *placed = arena_new(arena, Placed, 2 * count);
    bool *done = arena_new(arena, bool, count);
    // The file of the place first, then the others in the order of their marks.
    for (int k = 0; k < count; k++) {
        const SourceFile *file = source_file(source, marks[k].span.from);
        int places = 0;
        if (done[k] || marks[k].span.from < 0)
            continue;
        for (int j = k; j < count; j++)
            if (!done[j] && marks[j].span.from >= 0 && source_file(source, marks[j].span.from) == file) {
                places += place(source, &marks[j], style, placed + places);
                done[j] = true;
            }
        if (k > 0)
            page_place(page, ":::", marks[k].span.from);
        qsort(placed, (size_t)places, sizeof *placed, compare_placed);
        put_rows(page, arena, placed, places);
    }
}
