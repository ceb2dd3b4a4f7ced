// The words of W0001.
#include "errors_allow.h"
#include "suggest.h"
#include <string.h>

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))

void error_unknown_instruction(Diags *diags, Span word, const char *name)
{
    static const char *const names[] = {"allow"};
    Diag *d = diag_add(diags, W0001, word, "unknown instruction `%.40s` in a comment", name);
    const char *best = suggest(name, names, LENGTH(names));
    if (!best)
        best = word_in(name, strlen(name), "ignore disable noqa nowarn silence suppress off") ? "allow" : NULL;
    if (best)
        diag_label(d, "did you mean `%s`?", best);
    diag_fact(d, "a comment that begins with `mtc:` speaks to the compiler, and `allow` is all that it knows");
    if (best) {
        diag_help(d, "write `%s`", best);
        diag_edit(d, word, best);
    }
}

void error_allow_nothing(Diags *diags, Span comment)
{
    Diag *d = diag_add(diags, W0001, comment, "this comment allows nothing");
    diag_label(d, "the code of a warning is missing, for example `allow W0502`");
}

static void leave_out(Diag *d, const Removal *removal)
{
    diag_help(d, removal->whole ? "leave the comment out" : "leave the code out");
    diag_edit(d, removal->span, "");
}

void error_allow_unknown(Diags *diags, Span word, const char *name, const Removal *removal)
{
    const char *names[DIAG_CODES];
    for (int k = 0; k < DIAG_CODES; k++)
        names[k] = code_is_error((Code)k) ? NULL : code_name((Code)k);
    Diag *d = diag_add(diags, W0001, word, "there is no warning `%.40s`", name);
    const char *best = suggest(name, names, DIAG_CODES);
    if (best)
        diag_label(d, "did you mean `%s`?", best);
    diag_fact(d, "`mtc explain` lists all codes; a reason may stand behind another `#`");
    if (best && strcmp(best + 1, name + 1) == 0) { // `w0502`
        diag_help(d, "write `%s`", best);
        diag_edit(d, word, best);
    } else {
        leave_out(d, removal);
    }
}

void error_allow_error(Diags *diags, Span word, Code code, const Removal *removal)
{
    Diag *d = diag_add(diags, W0001, word, "errors cannot be allowed");
    diag_label(d, "%s is an error: %s", code_name(code), code_title(code));
    leave_out(d, removal);
}

void error_allow_unused(Diags *diags, Span word, Code code, const Removal *removal, bool has_item)
{
    Diag *d = diag_add(diags, W0001, word, "there is no %s to allow here", code_name(code));
    diag_label(d, has_item ? "its item has no such warning" : "no item follows");
    diag_fact(d, "a comment above an item, or at the end of its line, is about that item and what is inside it");
    leave_out(d, removal);
}
