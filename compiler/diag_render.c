// Messages as people read them: LANGUAGE, "Diagnostics". A message is a headline, its snippet, its facts, then notes
// and helps with theirs.
//
//     error[E0202]: `train` has no setting `epochs`
//       --> lenet5.mt:26:3
//        |
//     26 |   epochs = 10
//        |   ^^^^^^
//        |
//     help: the length of a run is one setting with its unit
//        |
//     26 |   run = 10 epochs
//        |   ~~~~~~~~~~~~~~~
#include "diag_snippet.h"
#include <string.h>

enum { SMALLEST_GUTTER = 2 };

static void put_indented(Page *page, const char *text, int indent)
{
    for (const char *line = text; line;) {
        size_t n = strcspn(line, "\n");
        if (line != text)
            text_add(page->out, "%*s", indent, "");
        text_visible(page->out, line, n);
        text_string(page->out, "\n");
        line = line[n] ? line + n + 1 : NULL;
    }
}

static void put_facts(Page *page, const Facts *facts)
{
    for (int k = 0; k < facts->count; k++) {
        page_style(page, STYLE_GUTTER);
        text_add(page->out, "%*s = ", page->width, "");
        page_style(page, STYLE_PLAIN);
        put_indented(page, facts->items[k], page->width + 3);
    }
}

static void put_headline(Page *page, Style style, const char *severity, const char *text)
{
    page_style(page, style);
    text_string(page->out, severity);
    page_style(page, STYLE_BOLD);
    text_string(page->out, ": ");
    if (style == STYLE_NOTE)
        page_style(page, STYLE_PLAIN);
    put_indented(page, text, (int)strlen(severity) + 2);
    page_style(page, STYLE_PLAIN);
}

// ---------------------------------------------------------------------------------------------------------------------
// Edits: the lines of the program after them. Only the lines that they touch are made.

typedef struct {
    int from, to; // in the new text
    char mark;    // + or ~
} Changed;

static int newlines(const char *text, int from, int to)
{
    int count = 0;
    for (int k = from; k < to; k++)
        count += text[k] == '\n';
    return count;
}

// What of a replacement is worth a mark: not the blanks in front, not the newline at its end.
static Changed trimmed(const char *text, int from, int to, char mark)
{
    while (to > from && text[to - 1] == '\n')
        to--;
    while (from < to && (text[from] == ' ' || text[from] == '\t' || text[from] == '\n'))
        from++;
    return (Changed){from, to, mark};
}

// The new text from the line of the first edit to that of the last one; `changed`: where each edit went.
static Text edited_lines(Page *page, Arena *arena, const Edit *edits, int count, Changed *changed)
{
    const Source *source = page->source;
    int at = source_line_start(source, edits[0].span.from);
    int end = edits[count - 1].span.to;
    while (end < source->length && source->text[end] != '\n')
        end++;
    Text text = text_new(arena);
    for (int k = 0; k < count; k++) {
        text_put(&text, source->text + at, (size_t)(edits[k].span.from - at));
        int from = (int)text.length;
        text_string(&text, edits[k].text);
        at = edits[k].span.to;
        changed[k] = (Changed){from, (int)text.length, edits[k].span.from == at ? '+' : '~'};
    }
    text_put(&text, source->text + at, (size_t)(end - at));
    for (int k = 0; k < count; k++)
        changed[k] = trimmed(text.data, changed[k].from, changed[k].to, changed[k].mark);
    return text;
}

// `at`: the place of the message; edits in another file say which.
static void put_edits(Page *page, Arena *arena, const Remark *help, Span at)
{
    int count;
    Edit *edits = edits_sorted(arena, page->source, help, &count);
    Changed *changed = arena_new(arena, Changed, count);
    Segment *segments = arena_new(arena, Segment, count);
    Text text = edited_lines(page, arena, edits, count, changed);
    int first = source_line(page->source, edits[0].span.from), lines = newlines(text.data, 0, (int)text.length) + 1;
    // Several lines stand without marks: there the whole is the fix.
    int first_changed = newlines(text.data, 0, changed[0].from);
    int last_changed = newlines(text.data, 0, changed[count - 1].to);
    if (source_file(page->source, edits[0].span.from) != source_file(page->source, at.from))
        page_place(page, "-->", edits[0].span.from);
    else
        page_bar(page);
    for (int line = 0, start = 0, k = 0; line < lines; line++) {
        int end = start + (int)strcspn(text.data + start, "\n"), on_line = 0;
        bool shown = false;
        for (; k < count && changed[k].from <= end; k++) {
            shown = true;
            segments[on_line++] =
                (Segment){changed[k].from - start, changed[k].to - start, changed[k].mark, STYLE_ADDED, ""};
            if (changed[k].to > end)
                break; // it goes on in the next line
        }
        if (shown)
            page_line(page, first + line, text.data + start, end - start, segments,
                first_changed == last_changed ? on_line : 0);
        start = end + 1;
    }
}

// ---------------------------------------------------------------------------------------------------------------------

static void put_remark(Page *page, Arena *arena, const Remark *remark, Span at)
{
    put_headline(page, STYLE_NOTE, remark->is_help ? "help" : "note", remark->text);
    if (!remark->is_help && remark->span.from >= 0) {
        Marked marked = {remark->span, "", false};
        page_snippet(page, arena, &marked, 1, STYLE_GUTTER);
        if (remark->facts.count > 0)
            page_bar(page);
    }
    if (remark->edits.count > 0) {
        put_edits(page, arena, remark, at);
        if (remark->facts.count > 0)
            page_bar(page);
    }
    put_facts(page, &remark->facts);
}

static void put_message(Page *page, Arena *arena, const Diag *diag)
{
    bool is_error = code_is_error(diag->code);
    Style style = is_error ? STYLE_ERROR : STYLE_WARNING;
    const char *severity = arena_format(arena, "%s[%s]", is_error ? "error" : "warning", code_name(diag->code));
    put_headline(page, style, severity, diag->message);
    Marked *marks = arena_new(arena, Marked, 1 + diag->second.count);
    marks[0] = diag->primary;
    for (int k = 0; k < diag->second.count; k++)
        marks[1 + k] = diag->second.items[k];
    page_snippet(page, arena, marks, 1 + diag->second.count, style);
    if (diag->primary.span.from >= 0 && (diag->facts.count > 0 || diag->remarks.count > 0))
        page_bar(page);
    put_facts(page, &diag->facts);
    for (int k = 0; k < diag->remarks.count; k++)
        put_remark(page, arena, &diag->remarks.items[k], diag->primary.span);
}

static int digits(int number)
{
    int count = 1;
    for (; number >= 10; number /= 10)
        count++;
    return count;
}

void render_full(Text *out, const Diags *diags, const Diag *diag, bool color)
{
    Text draft = text_new(diags->arena);
    Page page = {&draft, diags->source, false, SMALLEST_GUTTER, 0};
    put_message(&page, diags->arena, diag);
    int width = digits(page.largest);
    page.out = out;
    page.color = color;
    page.width = width > SMALLEST_GUTTER ? width : SMALLEST_GUTTER;
    put_message(&page, diags->arena, diag);
}

void diag_print_bare(Arena *arena, FILE *out, DiagFormat format, bool color, const char *message, const char *help)
{
    Text text = text_new(arena);
    Page page = {.out = &text, .color = color && format == FORMAT_FULL, .width = SMALLEST_GUTTER};
    if (format == FORMAT_JSON) {
        render_json_bare(&text, message, help);
    } else {
        text_string(&text, format == FORMAT_SHORT ? "mtc: " : "");
        put_headline(&page, STYLE_ERROR, "error", message);
        if (help && format == FORMAT_FULL)
            put_headline(&page, STYLE_NOTE, "help", help);
    }
    fwrite(text.data, 1, text.length, out);
}
