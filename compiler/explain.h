// explain.h: the long texts of the messages, `mtc explain E0201`. They are the files of explain/, one for each code;
// tools/embed_text.c brings them into the compiler.
//
// A text tells a beginner what the message means, and shows it: blocks of four blanks under "Wrong:" and "Right:".
// These are sections of a program; sections that they leave out are those of the frame in tests/diag/test_explain.py,
// which compiles them ("Wrong, the whole file:" has no frame). The first wrong one gives exactly the code of the file.
#ifndef MT_EXPLAIN_H
#define MT_EXPLAIN_H

#include "base/text.h"
#include "diag.h"

typedef struct {
    const char *code;
    const char *const *lines; // NULL ends them
} Explanation;

// The table, ended by a NULL.
extern const Explanation explanations[];

// The title of a code and its text.
void explain_code(Text *out, Code code);
// Every code with its title, in groups.
void explain_all(Text *out);

#endif
