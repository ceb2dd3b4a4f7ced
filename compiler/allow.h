// allow.h: comments that silence warnings, `# mtc: allow W0201, W0503  # and why`.
#ifndef MT_ALLOW_H
#define MT_ALLOW_H

#include "diag.h"
#include "ast.h"

// Takes the warnings out of `diags` that comments allow: those whose place lies in the item (a declaration, a row, a
// setting) below the comment, or in the one at the end of whose line it stands. Comments that are not understood become
// warnings themselves. `complete`: every pass that warns has run, so that a comment without an effect is one as well.
void allow_apply(Arena *arena, Diags *diags, const Source *source, const Parsed *parsed, bool complete);

#endif
