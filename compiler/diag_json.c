// Messages for programs: one JSON object a line, or one line in the form that editors know from compilers.
//
// {"code","severity","message","file","line","column","end_line","end_column","label",
//  "spans":[{"file","line","column","end_line","end_column","label"}],           the secondary ones
//  "facts":["..."],
//  "notes":[{"message","file","line","column","end_line","end_column","facts"}],
//  "help":"...", "edits":[{"file","from","to","text"}]}
//
// Lines and columns count from 1, columns in bytes, ends are behind the last byte; null where there is no place. `from`
// and `to` are offsets in the file. Several helps are one text, parted by newlines. What is not UTF-8 is U+FFFD.
#include "diag_parts.h"
#include <string.h>

static void put_string(Text *out, const char *string)
{
    size_t length = strlen(string);
    text_string(out, "\"");
    for (size_t k = 0; k < length;) {
        int n;
        long character = utf8_next(string + k, length - k, &n);
        if (character < 0)
            text_string(out, "\\ufffd");
        else if (character == '"' || character == '\\')
            text_add(out, "\\%c", (int)character);
        else if (character == '\n')
            text_string(out, "\\n");
        else if (character < 0x20 || character == 0x7f)
            text_add(out, "\\u%04lx", (unsigned long)character);
        else
            text_put(out, string + k, (size_t)n);
        k += (size_t)n;
    }
    text_string(out, "\"");
}

static void put_member(Text *out, const char *name, const char *value)
{
    text_add(out, ",\"%s\":", name);
    put_string(out, value);
}

static void put_strings(Text *out, const char *name, const Facts *strings)
{
    text_add(out, ",\"%s\":[", name);
    for (int k = 0; k < strings->count; k++) {
        text_string(out, k > 0 ? "," : "");
        put_string(out, strings->items[k]);
    }
    text_string(out, "]");
}

// The file of a place and its four numbers, without a comma in front. Without a source: nothing has a place.
static void put_place(Text *out, const Source *source, Span span)
{
    text_string(out, "\"file\":");
    if (source)
        put_string(out, source_file(source, span.from)->path);
    text_string(out, source ? "," : "null,");
    if (span.from < 0) {
        text_string(out, "\"line\":null,\"column\":null,\"end_line\":null,\"end_column\":null");
        return;
    }
    int to = span.to < span.from ? span.from : span.to;
    text_add(out, "\"line\":%d,\"column\":%d,\"end_line\":%d,\"end_column\":%d", source_line(source, span.from),
        source_column(source, span.from), source_line(source, to), source_column(source, to));
}

static void put_spans(Text *out, const Diags *diags, const Diag *diag)
{
    text_string(out, ",\"spans\":[");
    for (int k = 0; k < diag->second.count; k++) {
        text_string(out, k > 0 ? ",{" : "{");
        put_place(out, diags->source, diag->second.items[k].span);
        put_member(out, "label", diag->second.items[k].label);
        text_string(out, "}");
    }
    text_string(out, "]");
}

static void put_notes(Text *out, const Diags *diags, const Diag *diag)
{
    text_string(out, ",\"notes\":[");
    for (int k = 0, notes = 0; k < diag->remarks.count; k++) {
        const Remark *remark = &diag->remarks.items[k];
        if (remark->is_help)
            continue;
        text_string(out, notes++ > 0 ? ",{\"message\":" : "{\"message\":");
        put_string(out, remark->text);
        text_string(out, ",");
        put_place(out, diags->source, remark->span);
        put_strings(out, "facts", &remark->facts);
        text_string(out, "}");
    }
    text_string(out, "]");
}

static void put_help(Text *out, const Diags *diags, const Diag *diag)
{
    Text help = text_new(diags->arena);
    bool any = false;
    for (int k = 0; k < diag->remarks.count; k++) {
        const Remark *remark = &diag->remarks.items[k];
        if (!remark->is_help)
            continue;
        text_add(&help, "%s%s", any ? "\n" : "", remark->text);
        for (int j = 0; j < remark->facts.count; j++)
            text_add(&help, "\n%s", remark->facts.items[j]);
        any = true;
    }
    if (any)
        put_member(out, "help", help.data);
    else
        text_string(out, ",\"help\":null");
    text_string(out, ",\"edits\":[");
    const Remark *edited = diag_edited(diag);
    int count = 0;
    Edit *edits = edited ? edits_sorted(diags->arena, diags->source, edited, &count) : NULL;
    for (int k = 0; k < count; k++) {
        const SourceFile *file = source_file(diags->source, edits[k].span.from);
        int start = file->from - file->mark; // where byte 0 of the file would be
        text_string(out, k > 0 ? ",{\"file\":" : "{\"file\":");
        put_string(out, file->path);
        text_add(out, ",\"from\":%d,\"to\":%d", edits[k].span.from - start, edits[k].span.to - start);
        put_member(out, "text", edits[k].text);
        text_string(out, "}");
    }
    text_string(out, "]");
}

void render_json(Text *out, const Diags *diags, const Diag *diag)
{
    text_string(out, "{\"code\":");
    put_string(out, code_name(diag->code));
    put_member(out, "severity", code_is_error(diag->code) ? "error" : "warning");
    put_member(out, "message", diag->message);
    text_string(out, ",");
    put_place(out, diags->source, diag->primary.span);
    put_member(out, "label", diag->primary.label);
    put_spans(out, diags, diag);
    put_strings(out, "facts", &diag->facts);
    put_notes(out, diags, diag);
    put_help(out, diags, diag);
    text_string(out, "}\n");
}

void render_json_bare(Text *out, const char *message, const char *help)
{
    text_string(out, "{\"code\":null,\"severity\":\"error\"");
    put_member(out, "message", message);
    text_string(out, ",");
    put_place(out, NULL, (Span){0, -1, -1});
    text_string(out, ",\"label\":\"\",\"spans\":[],\"facts\":[],\"notes\":[]");
    if (help)
        put_member(out, "help", help);
    else
        text_string(out, ",\"help\":null");
    text_string(out, ",\"edits\":[]}\n");
}

void render_short(Text *out, const Diags *diags, const Diag *diag)
{
    Span span = diag->primary.span;
    const char *path = source_file(diags->source, span.from)->path;
    text_visible(out, path, strlen(path));
    if (span.from >= 0)
        text_add(out, ":%d:%d", source_line(diags->source, span.from), source_column(diags->source, span.from));
    text_add(out, ": %s[%s]: ", code_is_error(diag->code) ? "error" : "warning", code_name(diag->code));
    for (const char *c = diag->message; *c;) { // one line, whatever the message
        size_t n = strcspn(c, "\n");
        text_visible(out, c, n);
        c += n;
        if (*c) {
            text_string(out, " ");
            c++;
        }
    }
    text_string(out, "\n");
}
