// The words of the messages on constant arithmetic.
#include "errors_syntax.h"
#include "suggest.h"
#include <string.h>

void error_constant_kind(Diags *diags, Span span, const char *sign, const char *wanted, const char *given)
{
    Diag *d = diag_add(diags, E0010, span, "%s needs %s", sign, wanted);
    diag_label(d, "this is %s", given);
}

void error_zero(Diags *diags, Span span, const char *sign)
{
    Diag *d = diag_add(diags, E0011, span, "division by zero");
    diag_label(d, "the right side of `%s` is 0", sign);
}

void error_not_constant(Diags *diags, Span span, const char *why)
{
    Diag *d = diag_add(diags, E0012, span, "this is not constant");
    diag_label(d, "%s", why);
}

void error_constant_cycle(Diags *diags, const Ast *const *constants, const Span *places, int count)
{
    Diag *d = diag_add(diags, E0013, places[0], "the constant `%s` needs itself", constants[0]->text);
    diag_label(d, count == 1 ? "used in its own value" : "needs `%s`", constants[1 % count]->text);
    for (int i = 1; i < count && i < 8; i++)
        diag_second(d, places[i], "needs `%s`", constants[(i + 1) % count]->text);
}

void error_no_number(Diags *diags, Span span, const char *what, const char *why)
{
    Diag *d = diag_add(diags, E0014, span, "%s", what);
    diag_label(d, "%s", why);
}

void error_duration_arithmetic(Diags *diags, Span span, const char *why)
{
    Diag *d = diag_add(diags, E0015, span, "only a whole number times a duration is a duration");
    diag_label(d, "%s", why);
}

void error_argument_count(Diags *diags, Span span, const char *function, const char *wanted, int given)
{
    Diag *d = diag_add(diags, E0016, span, "`%s` takes %s", function, wanted);
    diag_label(d, "got %d", given);
}

void error_constant_twice(Diags *diags, const Ast *again, Span first)
{
    if (first.from < 0) {
        Diag *d = diag_add(diags, E0018, again->name_span, "the constant `%s` is built in", again->text);
        diag_label(d, "choose another name");
        return;
    }
    Diag *d = diag_add(diags, E0018, again->name_span, "the constant `%s` is defined twice", again->text);
    diag_second(d, first, "first here");
}

void error_unknown_constant(Diags *diags, Span span, const char *what, const char *name, const char *const *names,
    int count)
{
    const Foreign *foreign = suggest_foreign(name, "syntax");
    const char *best = foreign && foreign->ours ? foreign->ours : suggest(name, names, count);
    Diag *d = diag_add(diags, E0101, span, "unknown %s `%s`", what, name);
    if (best) {
        diag_label(d, "did you mean `%s`?", best);
        diag_help(d, "write `%s`", best);
        diag_edit(d, span, best);
    }
}
