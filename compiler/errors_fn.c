// errors_fn.c: the words of the messages on fns, and of the warnings on forms that lose digits.
#include "errors_fn.h"

void error_fn_order(Program *program, const Ast *called, const Ast *declaration, bool itself)
{
    const char *name = declaration->text;
    const char *format = itself ? "`%s` calls itself" : "`%s` is declared below";
    Diag *d = diag_add(program->diags, E0701, called->span, format, name);
    if (itself) {
        diag_label(d, "a fn calls only those above it");
        return;
    }
    diag_label(d, "a fn calls only those above it: move `%s` up", name);
    diag_note(d, declaration->name_span, "`%s` is declared here", name);
}

void error_fn_holds(Program *program, Span span, const char *message, const char *label)
{
    Diag *d = diag_add(program->diags, E0702, span, "%s", message);
    if (label)
        diag_label(d, "%s", label);
}

void error_fn_uncalled(Program *program, Span span, const Op *op, const char *input)
{
    bool one = op->inputs[0].name && !op->inputs[1].name;
    Diag *d = diag_add(program->diags, E0702, span, "`%s` is a function, and here it has no value", op->name);
    diag_label(d, "call it");
    if (one) {
        diag_help(d, "write `%s(%s)`", op->name, input);
        diag_edit(d, span, arena_format(program->arena, "%s(%s)", op->name, input));
    }
}

void error_fn_signature(Program *program, Span span, const char *message, const char *label)
{
    Diag *d = diag_add(program->diags, E0703, span, "%s", message);
    if (label)
        diag_label(d, "%s", label);
}

void error_fn_default(Program *program, Span span, const Op *op, const Arg *arg)
{
    Diag *d = diag_add(program->diags, E0704, span, "the default of `%s` is no number here", arg->name);
    diag_label(d, "give `%s` by name", arg->name);
    diag_fact(d, "%s has %s=%s", op->name, arg->name, arg->fallback);
}

void warning_unstable(Program *program, Span span, const char *what, const char *instead)
{
    Diag *d = diag_add(program->diags, W0711, span, "%s", what);
    diag_label(d, "use %s", instead);
}
