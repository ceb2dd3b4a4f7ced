// `mtc explain`: the text of one code, or the table of all.
#include "explain.h"
#include <string.h>

static const char *severity(Code code) { return code_is_error(code) ? "error" : "warning"; }

void explain_code(Text *out, Code code)
{
    text_add(out, "%s %s: %s\n", severity(code), code_name(code), code_title(code));
    for (const Explanation *e = explanations; e->code; e++) {
        if (strcmp(e->code, code_name(code)) != 0)
            continue;
        text_string(out, "\n");
        for (const char *const *line = e->lines; *line; line++)
            text_add(out, "%s\n", *line);
    }
}

// What the codes of a hundred are about.
static const char *const groups[] = {"Syntax and constants", "Names", "Options and settings", "Shapes",
    "Index statements", "Data", "Training", "Numerics"};

void explain_all(Text *out)
{
    const char *last = NULL;
    for (int k = 0; k < DIAG_CODES; k++) {
        const char *name = code_name((Code)k);
        unsigned group = (unsigned)(name[2] - '0');
        const char *title = group < sizeof groups / sizeof *groups ? groups[group] : "The compiler";
        if (!last || last[0] != name[0] || last[2] != name[2])
            text_add(out, "%s%s%s\n", last ? "\n" : "", title, name[0] == 'W' ? ", warnings" : "");
        text_add(out, "  %s  %s\n", name, code_title((Code)k));
        last = name;
    }
    text_string(out, "\n`mtc explain E0201` tells more about one of them.\n");
}
