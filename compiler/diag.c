// Messages: filling them in, putting them in order, applying their edits. Printing is diag_render.c, diag_json.c.
//
// Invariant: every text is copied into the arena; spans are taken as they come, and brought inside the source only
// where they are read, so that a wrong span can never do more than point at a wrong place.
#include "diag_parts.h"
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 50, FACT_COLUMNS = 85 }; // 90 with the gutter in front

Diags *diags_create(Arena *arena, const Source *source)
{
    Diags *diags = arena_new(arena, Diags, 1);
    diags->arena = arena;
    diags->source = source;
    diags->said = map_new(arena);
    return diags;
}

static const char *vformat(const Diag *diag, const char *format, va_list list)
{
    return arena_vformat(diag->owner->arena, format, list);
}

// Whether the same was said of the same place before: of a block that is used twice.
static bool said_before(Diags *diags, const Diag *diag)
{
    Span span = diag->primary.span;
    if (span.from < 0)
        return false;
    const char *key = arena_format(diags->arena, "%d %d %d %d %s", (int)diag->code, span.file, span.from, span.to,
        diag->message);
    return map_set(&diags->said, key, diags) != NULL;
}

Diag *diag_add(Diags *diags, Code code, Span span, const char *format, ...)
{
    Diag *diag = arena_new(diags->arena, Diag, 1);
    diag->owner = diags;
    diag->order = diags->items.count;
    diag->code = code;
    diag->primary = (Marked){span, "", true};
    va_list list;
    va_start(list, format);
    diag->message = vformat(diag, format, list);
    va_end(list);
    if (!said_before(diags, diag))
        vec_push(diags->arena, &diags->items, diag);
    return diag;
}

// Notes come before helps.
static void insert_note(Diag *diag, Remark note)
{
    int at = 0;
    while (at < diag->remarks.count && !diag->remarks.items[at].is_help)
        at++;
    vec_push(diag->owner->arena, &diag->remarks, note);
    for (int k = diag->remarks.count - 1; k > at; k--)
        diag->remarks.items[k] = diag->remarks.items[k - 1];
    diag->remarks.items[at] = note;
}

void diags_note_since(Diags *diags, int since, Span span, const char *format, ...)
{
    for (int i = since; i < diags->items.count; i++) {
        Diag *diag = diags->items.items[i];
        const char *code = code_name(diag->code);
        bool names = starts_with(code, "E00") || (starts_with(code, "E01") && diag->code != E0108 && diag->code != E0109) ||
            diag->code == E0201 || diag->code == E0203 || diag->code == E0204 || diag->code == E0207;
        bool there = diag->primary.span.file == span.file && diag->primary.span.from >= span.from &&
            diag->primary.span.to <= span.to;
        if (!code_is_error(diag->code) || names || there) // whoever uses the block has no part in these
            continue;
        va_list list;
        va_start(list, format);
        Remark note = {.span = span, .text = vformat(diag, format, list)};
        va_end(list);
        insert_note(diag, note);
    }
}

void diag_label(Diag *diag, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    diag->primary.label = vformat(diag, format, list);
    va_end(list);
}

void diag_second(Diag *diag, Span span, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    Marked second = {span, vformat(diag, format, list), false};
    va_end(list);
    vec_push(diag->owner->arena, &diag->second, second);
}

void diag_also(Diag *diag, Span span, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    Marked also = {span, vformat(diag, format, list), true};
    va_end(list);
    vec_push(diag->owner->arena, &diag->second, also);
}

static Remark *last_remark(Diag *diag)
{
    return diag->remarks.count > 0 ? &diag->remarks.items[diag->remarks.count - 1] : NULL;
}

static void add_fact(Diag *diag, const char *fact)
{
    Remark *remark = last_remark(diag);
    Facts *facts = remark ? &remark->facts : &diag->facts;
    vec_push(diag->owner->arena, facts, fact);
}

void diag_fact(Diag *diag, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    add_fact(diag, vformat(diag, format, list));
    va_end(list);
}

void diag_fact_list(Diag *diag, const char *start, const char *const *items, int count, const char *end)
{
    Text text = text_new(diag->owner->arena);
    text_string(&text, start);
    size_t indent = strlen(start), column = indent;
    for (int k = 0; k < count; k++) {
        bool is_last = k == count - 1;
        size_t length = strlen(items[k]) + (is_last ? strlen(end) : 1), blank = k > 0;
        if (k > 0 && column + blank + length > FACT_COLUMNS) {
            text_add(&text, "\n%*s", (int)indent, "");
            column = indent;
            blank = 0;
        }
        text_add(&text, "%s%s%s", blank ? " " : "", items[k], is_last ? "" : ",");
        column += blank + length;
    }
    text_string(&text, end);
    add_fact(diag, text.data);
}

static void add_remark(Diag *diag, bool is_help, Span span, const char *text)
{
    Remark remark = {.is_help = is_help, .span = span, .text = text};
    vec_push(diag->owner->arena, &diag->remarks, remark);
}

void diag_note(Diag *diag, Span span, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    add_remark(diag, false, span, vformat(diag, format, list));
    va_end(list);
}

void diag_help(Diag *diag, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    add_remark(diag, true, (Span){0, -1, -1}, vformat(diag, format, list));
    va_end(list);
}

void diag_edit(Diag *diag, Span span, const char *text)
{
    Remark *remark = last_remark(diag);
    if (!remark || !remark->is_help)
        return; // an edit without a help has no words; the golden of the message shows it missing
    Edit edit = {span, arena_copy(diag->owner->arena, text, strlen(text))};
    vec_push(diag->owner->arena, &remark->edits, edit);
}

// ---------------------------------------------------------------------------------------------------------------------
// Codes

const char *code_name(Code code)
{
    static const char *const names[] = {
#define CODE(code, title) #code,
#include "diag_codes.def"
#undef CODE
    };
    return code < DIAG_CODES ? names[code] : "E9999";
}

const char *code_title(Code code)
{
    static const char *const titles[] = {
#define CODE(code, title) title,
#include "diag_codes.def"
#undef CODE
    };
    return code < DIAG_CODES ? titles[code] : "unknown code";
}

bool code_is_error(Code code) { return code_name(code)[0] == 'E'; }

Code code_find(const char *name)
{
    int code = 0;
    while (code < DIAG_CODES && strcmp(code_name((Code)code), name) != 0)
        code++;
    return (Code)code;
}

// ---------------------------------------------------------------------------------------------------------------------
// All messages

int diags_count(const Diags *diags) { return diags->items.count; }

int diags_errors(const Diags *diags)
{
    int errors = 0;
    for (int k = 0; k < diags->items.count; k++)
        errors += code_is_error(diags->items.items[k]->code);
    return errors;
}

int diags_warnings(const Diags *diags) { return diags->items.count - diags_errors(diags); }

bool diags_has(const Diags *diags, Code code)
{
    for (int k = 0; k < diags->items.count; k++)
        if (diags->items.items[k]->code == code)
            return true;
    return false;
}

int diags_allow(Diags *diags, int among, Code code, Span span)
{
    int count = 0;
    for (int k = 0; k < among; k++) {
        Diag *diag = diags->items.items[k];
        Span place = diag->primary.span;
        if (diag->code == code && place.file == span.file && place.from >= span.from && place.to <= span.to) {
            diag->allowed = true;
            count++;
        }
    }
    return count;
}

void diags_drop_allowed(Diags *diags)
{
    int kept = 0;
    for (int k = 0; k < diags->items.count; k++)
        if (!diags->items.items[k]->allowed)
            diags->items.items[kept++] = diags->items.items[k];
    diags->items.count = kept;
}

bool diags_inside(const Diags *diags, Span span)
{
    for (int k = 0; k < diags->items.count; k++) {
        Span at = diags->items.items[k]->primary.span;
        if (at.from >= span.from && at.to <= span.to)
            return true;
    }
    return false;
}

// By place, those without one last, then by order: no two are equal, so that qsort has no choice.
static int compare(const void *left, const void *right)
{
    const Diag *a = *(Diag *const *)left, *b = *(Diag *const *)right;
    Span p = a->primary.span, q = b->primary.span;
    if ((p.from < 0) != (q.from < 0))
        return p.from < 0 ? 1 : -1;
    if (p.from >= 0 && p.from != q.from)
        return p.from < q.from ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

Diag **diags_sorted(const Diags *diags)
{
    size_t count = (size_t)diags->items.count;
    Diag **sorted = arena_new(diags->arena, Diag *, count);
    if (count > 0) {
        memcpy(sorted, diags->items.items, count * sizeof *sorted);
        qsort(sorted, count, sizeof *sorted, compare);
    }
    return sorted;
}

static const char *counted(Arena *arena, int count, const char *word)
{
    return arena_format(arena, "%d %s%s", count, word, count == 1 ? "" : "s");
}

static void print_summary(Text *out, const Diags *diags)
{
    int errors = diags_errors(diags), warnings = diags_warnings(diags);
    if (errors > 0)
        text_string(out, counted(diags->arena, errors, "error"));
    if (errors > 0 && warnings > 0)
        text_string(out, " and ");
    if (warnings > 0)
        text_string(out, counted(diags->arena, warnings, "warning"));
    text_string(out, "\n");
}

void diags_print(const Diags *diags, FILE *out, DiagFormat format, bool color)
{
    if (diags->items.count == 0)
        return;
    Diag **sorted = diags_sorted(diags);
    Text text = text_new(diags->arena);
    // Where there are more than can be shown, no warning takes the place of an error.
    int limit = format == FORMAT_JSON ? diags->items.count : SHOWN;
    int errors = diags_errors(diags), errors_left = limit, warnings_left = errors < limit ? limit - errors : 0;
    int shown = 0;
    for (int k = 0; k < diags->items.count; k++) {
        int *left = code_is_error(sorted[k]->code) ? &errors_left : &warnings_left;
        if (*left == 0)
            continue;
        --*left;
        shown++;
        if (format == FORMAT_JSON) {
            render_json(&text, diags, sorted[k]);
        } else if (format == FORMAT_SHORT) {
            render_short(&text, diags, sorted[k]);
        } else {
            render_full(&text, diags, sorted[k], color);
            text_string(&text, "\n");
        }
    }
    if (shown < diags->items.count)
        text_add(&text, "%s more, not shown\n", counted(diags->arena, diags->items.count - shown, "message"));
    if (format == FORMAT_FULL)
        print_summary(&text, diags);
    fwrite(text.data, 1, text.length, out);
}

// ---------------------------------------------------------------------------------------------------------------------
// Edits

const Remark *diag_edited(const Diag *diag)
{
    for (int k = 0; k < diag->remarks.count; k++)
        if (diag->remarks.items[k].edits.count > 0)
            return &diag->remarks.items[k];
    return NULL;
}

static int clamp(int offset, int least, int most) { return offset < least ? least : offset > most ? most : offset; }

// A line inserted behind a last line that has no newline brings the newline in front of itself.
static const char *after_last_line(Arena *arena, const Source *source, Span span, const char *text)
{
    size_t length = strlen(text);
    bool is_line = length > 0 && text[length - 1] == '\n';
    int end = source_file(source, span.from)->to;
    if (!is_line || span.from < end || source->text[end - 1] == '\n')
        return text;
    return arena_format(arena, "\n%.*s", (int)length - 1, text);
}

Edit *edits_sorted(Arena *arena, const Source *source, const Remark *remark, int *count)
{
    Edit *sorted = arena_new(arena, Edit, remark->edits.count);
    for (int k = 0; k < remark->edits.count; k++) {
        Edit edit = remark->edits.items[k];
        edit.span.from = clamp(edit.span.from, 0, source->length);
        edit.span.to = clamp(edit.span.to, edit.span.from, source_file(source, edit.span.from)->to);
        edit.text = after_last_line(arena, source, edit.span, edit.text);
        int at = k;
        for (; at > 0 && sorted[at - 1].span.from > edit.span.from; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = edit;
    }
    *count = 0;
    for (int k = 0; k < remark->edits.count; k++) // an edit inside another one is dropped
        if (*count == 0 || sorted[k].span.from >= sorted[*count - 1].span.to)
            sorted[(*count)++] = sorted[k];
    return sorted;
}

char *diags_apply_edits(const Diags *diags, Arena *arena, int k)
{
    const Remark *remark = k >= 0 && k < diags->items.count ? diag_edited(diags_sorted(diags)[k]) : NULL;
    if (!remark)
        return NULL;
    int count;
    Edit *edits = edits_sorted(arena, diags->source, remark, &count);
    Text text = text_new(arena);
    const SourceFile *file = source_file(diags->source, edits[0].span.from);
    int at = file->from;
    for (int j = 0; j < count; j++) {
        text_put(&text, diags->source->text + at, (size_t)(edits[j].span.from - at));
        text_string(&text, edits[j].text);
        at = edits[j].span.to;
    }
    text_put(&text, diags->source->text + at, (size_t)(file->to - at));
    return text.data;
}
