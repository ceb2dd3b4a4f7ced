// diag_parts.h: what a message is made of. For diag.c, which fills messages, and for the files that print them; nobody
// else needs to know.
#ifndef MT_DIAG_PARTS_H
#define MT_DIAG_PARTS_H

#include "base/map.h"
#include "base/vec.h"
#include "diag.h"

// A span and what stands behind its marks; "" for nothing.
typedef struct {
    Span span;
    const char *label;
    bool is_first; // marked as what is at fault: ^^^, not ---
} Marked;

typedef struct {
    Span span;
    const char *text;
} Edit;

typedef VEC(const char *) Facts;

// A note or a help, in the order of the calls.
typedef struct {
    bool is_help;
    Span span; // of a note; from == -1: none
    const char *text;
    Facts facts;
    VEC(Edit) edits; // of a help
} Remark;

struct Diag {
    Diags *owner;
    int order; // of diag_add
    Code code;
    const char *message;
    Marked primary; // from == -1: no place
    bool allowed;   // a warning that the program silences
    VEC(Marked) second;
    Facts facts;
    VEC(Remark) remarks;
};

struct Diags {
    Arena *arena;
    const Source *source;
    VEC(Diag *) items; // in the order of diag_add
    Map said;          // code, place and words of each
};

// The messages sorted by place, then by order.
Diag **diags_sorted(const Diags *diags);
// The first help that has edits, or NULL.
const Remark *diag_edited(const Diag *diag);
// Its edits sorted by place, inside the source, without overlaps. `count` of them.
Edit *edits_sorted(Arena *arena, const Source *source, const Remark *remark, int *count);

// What may go to a terminal or into JSON: control characters (but tab and newline), characters that reorder text, and
// bytes that are not UTF-8 become visible substitutes.
void text_visible(Text *out, const char *bytes, size_t length);
// One character of UTF-8: its length in bytes and its code point; -1 for a byte that is not UTF-8 (length 1).
long utf8_next(const char *text, size_t length, int *bytes);
// How many columns of a terminal it takes: 0, 1 or 2.
int utf8_columns(long character);

void render_full(Text *out, const Diags *diags, const Diag *diag, bool color);
void render_short(Text *out, const Diags *diags, const Diag *diag);
void render_json(Text *out, const Diags *diags, const Diag *diag);
void render_json_bare(Text *out, const char *message, const char *help);

#endif
