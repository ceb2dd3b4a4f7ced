// errors_allow.h: W0001, comments that speak to the compiler and are not understood, or change nothing. `comment` is the
// whole comment, `word` the part of it that is at fault.
#ifndef MT_ERRORS_ALLOW_H
#define MT_ERRORS_ALLOW_H

#include "diag.h"

// `# mtc: alow W0201`
void error_unknown_instruction(Diags *diags, Span word, const char *name);
// `# mtc: allow` alone
void error_allow_nothing(Diags *diags, Span comment);
// What has to go to leave a code out: it alone, or the whole comment.
typedef struct {
    Span span;
    bool whole;
} Removal;

// A code that does not exist, the code of an error, and one of which the item has none.
void error_allow_unknown(Diags *diags, Span word, const char *name, const Removal *removal);
void error_allow_error(Diags *diags, Span word, Code code, const Removal *removal);
void error_allow_unused(Diags *diags, Span word, Code code, const Removal *removal, bool has_item);

#endif
