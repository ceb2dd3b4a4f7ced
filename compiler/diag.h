// diag.h: messages. Whoever finds a fault calls the constructor of its code (errors.h), which fills one of these in;
// nobody else formats text. Messages are collected, sorted by place and printed by main.c at the end.
//
//     Diag *d = diag_add(diags, E0201, span, "%s has no option `%s`", op, name);   what is wrong, never how to mend it
//     diag_label(d, "did you mean `%s`?", best);                                   behind the carets
//     diag_second(d, other, "%s", "...");                                          another span, ---- and a label;
//                                                                                  in another file it comes behind :::
//     diag_also(d, other, "%s", "...");                                            the same with ^^^: no less at fault
//     diag_fact(d, "%s(...)", ...);                                                = a line of facts
//     diag_note(d, row, "in block `%s`, used as `%s` here", ...);                  note: and a place of its own
//     diag_help(d, "name the row, for example");                                   help:
//     diag_edit(d, span_start(row), "fc3: ");                                      ...with code, marked + or ~
//
// All texts are copied into the arena of the Diags. Help text stands by itself when no edit follows it; with edits it
// must be right: tests apply every edit and see the message go away.
#ifndef MT_DIAG_H
#define MT_DIAG_H

#include "base/text.h"
#include "source.h"
#include <stdio.h>

typedef enum {
#define CODE(code, title) code,
#include "diag_codes.def"
#undef CODE
    DIAG_CODES
} Code; // E0001 ... are errors, W0101 ... warnings

typedef struct Diags Diags;
typedef struct Diag Diag;

Diags *diags_create(Arena *arena, const Source *source);

Diag *diag_add(Diags *diags, Code code, Span span, const char *format, ...) __attribute__((format(printf, 4, 5)));
void diag_label(Diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));
void diag_second(Diag *diag, Span span, const char *format, ...) __attribute__((format(printf, 3, 4)));
void diag_also(Diag *diag, Span span, const char *format, ...) __attribute__((format(printf, 3, 4)));
// A newline in it goes on under the first letter.
void diag_fact(Diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));
// The fact `start` a, b, c `end`: "conv2d(" ... ")", broken between items at 90 columns, under the first of them.
void diag_fact_list(Diag *diag, const char *start, const char *const *items, int count, const char *end);
// Facts that follow a note or a help belong to it. A note without a place: an empty span with from == -1.
void diag_note(Diag *diag, Span span, const char *format, ...) __attribute__((format(printf, 3, 4)));
void diag_help(Diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Adds a note to all messages about shapes and values that were added after the first `since`, before their helps: in which
// use of a block they were found.
void diags_note_since(Diags *diags, int since, Span span, const char *format, ...) __attribute__((format(printf, 4, 5)));
// Belongs to the last help: `text` in place of the span. An empty span inserts; text that ends in "\n" inserts a line.
// The edits of one help do not overlap. Of several helps with edits only the first one's are applied by tools.
void diag_edit(Diag *diag, Span span, const char *text);

int diags_errors(const Diags *diags);
int diags_warnings(const Diags *diags);
bool diags_has(const Diags *diags, Code code);
// Whether a message stands at a place inside of the span.
bool diags_inside(const Diags *diags, Span span);

// `# mtc: allow W0201`: marks those of the first `among` messages that have the code and a place in the span, and counts
// them. They stay until diags_drop_allowed, so that several comments may name the same one.
int diags_allow(Diags *diags, int among, Code code, Span span);
void diags_drop_allowed(Diags *diags);

typedef enum { FORMAT_FULL, FORMAT_SHORT, FORMAT_JSON } DiagFormat;

// All messages, sorted by place (the program, then the files that it uses, the command line), those without one (from == -1) last; in FORMAT_FULL and FORMAT_SHORT at most 50,
// errors before warnings, and then a line that says how many more there are; in FORMAT_FULL one line that counts all.
// FORMAT_JSON: one object a line. `color`: ANSI escapes, in FORMAT_FULL only.
void diags_print(const Diags *diags, FILE *out, DiagFormat format, bool color);

// A message that belongs to no source ("`a.mt` is a directory") in the same forms. `help` may be NULL.
void diag_print_bare(Arena *arena, FILE *out, DiagFormat format, bool color, const char *message, const char *help);

// For tests: the file of the edits after all edits of message k have been made, or NULL if it has none. k counts as printed.
int diags_count(const Diags *diags);
char *diags_apply_edits(const Diags *diags, Arena *arena, int k);

const char *code_name(Code code);  // "E0201"
bool code_is_error(Code code);
Code code_find(const char *name);  // DIAG_CODES if there is none
const char *code_title(Code code); // "unknown option"

#endif
