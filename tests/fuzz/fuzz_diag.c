// Messages over any text with any spans: nothing crashes, every form is printed, lines stay short, edits can be
// applied.
//
// The input: six bytes for each of eight spans (from, to), then the text.
#define _POSIX_C_SOURCE 200809L
#include "diag.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SPANS = 8, HEAD = SPANS * 6 };

static void exhausted(void) { abort(); }

// Three bytes each, so that some lie behind the text, or before it.
static Span span_of(const uint8_t *bytes)
{
    int from = bytes[0] | bytes[1] << 8 | (bytes[2] & 1) << 16, to = bytes[3] | bytes[4] << 8 | (bytes[5] & 1) << 16;
    return (Span){0, from - 2, to - 2};
}

static void print(const Diags *diags, DiagFormat format, bool color)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    diags_print(diags, out, format, color);
    fclose(out);
    if (length == 0)
        abort();
    for (size_t k = 0, line = 0; format == FORMAT_FULL && !color && k < length; k++) {
        line = text[k] == '\n' ? 0 : line + 1;
        if (line > 2000) // a cut line has at most 160 characters, of three bytes where they are substitutes
            abort();
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD)
        return 0;
    Arena *arena = arena_create(exhausted);
    const char *error = NULL;
    Source *source = source_from(arena, "a.mt", (const char *)data + HEAD, size - HEAD, &error);
    if (source) {
        Diags *diags = diags_create(arena, source);
        Diag *d = diag_add(diags, E0201, span_of(data), "%.9s", source->text);
        diag_label(d, "%.9s", source->text);
        diag_second(d, span_of(data + 6), "second");
        diag_second(d, span_of(data + 12), "%s", "");
        diag_also(d, span_of(data + 18), "also");
        diag_fact(d, "%.9s", source->text);
        diag_note(d, span_of(data + 24), "note");
        diag_help(d, "help");
        diag_edit(d, span_of(data + 30), source->length % 2 ? "ab\n" : "ab");
        diag_edit(d, span_of(data + 36), "\n  cd");
        diag_edit(d, span_of(data + 42), "");
        for (int form = FORMAT_FULL; form <= FORMAT_JSON; form++)
            print(diags, (DiagFormat)form, false);
        print(diags, FORMAT_FULL, true);
        if (!diags_apply_edits(diags, arena, 0) || !source_quote(source, arena, span_of(data)))
            abort();
    }
    arena_destroy(arena);
    return 0;
}
