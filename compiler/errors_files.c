// The words of the messages on files that are used, and on `--set`.
#include "errors_files.h"
#include "suggest.h"
#include <string.h>

void error_file(Diags *diags, Span span, const char *error, const char *written, const char *file)
{
    Diag *d = diag_add(diags, E0130, span, "%s", error);
    const char *slash = strrchr(file, '/');
    if (written[0] != '/' && strcmp(file, "<stdin>") == 0)
        diag_fact(d, "the path of a program on stdin begins at the current folder");
    else if (written[0] != '/')
        diag_fact(d, "the path begins at the folder of `%s`", slash ? slash + 1 : file);
}

void error_file_circle(Diags *diags, Span use, const char *const *chain, int count)
{
    enum { SHOWN = 8 };
    Diag *d = diag_add(diags, E0131, use, count == 1 ? "`%s` uses itself" : "`%s` comes to use itself", chain[0]);
    if (count == 1)
        return;
    diag_label(d, "which is being read already");
    diag_fact(d, "`%s` uses `%s`", chain[0], chain[1]);
    for (int k = 1; k < count && k < SHOWN; k++)
        diag_fact(d, "`%s` uses `%s`", chain[k], chain[(k + 1) % count]);
    if (count > SHOWN)
        diag_fact(d, "and so on, %d files in all", count);
}

static const char *title(const Ast *declaration)
{
    return declaration->kind == AST_MODEL   ? "model"
        : declaration->kind == AST_SCHEDULE ? "schedule"
        : declaration->kind == AST_SECTION  ? declaration->text
                                            : "optimizer";
}

static Span head(const Ast *declaration)
{
    Span span = declaration->span;
    span.to = span.from + (int)strlen(title(declaration));
    return span;
}

void error_file_section(Diags *diags, const Source *source, const Ast *const *declarations, int count, const Ast *use)
{
    const char *path = source_file(source, declarations[0]->span.from)->path;
    Diag *d = diag_add(diags, E0132, head(declarations[0]), "`%s` is used, so it cannot have `%s`", path,
        title(declarations[0]));
    for (int k = 1; k < count; k++)
        diag_also(d, head(declarations[k]), "%s", "");
    diag_fact(d, "a file that is used has only `const`, `fn`, `block` and `use`");
    diag_note(d, use->name_span, "used here");
}

void error_file_name(Diags *diags, const Ast *first, const Ast *other)
{
    Diag *d = diag_add(diags, E0102, first->name_span, "two files declare `%s`", first->text);
    diag_second(d, other->name_span, "also here");
}

void error_file_hidden(Diags *diags, const Source *source, Span span, const Ast *declaration)
{
    const char *of = source_file(source, declaration->span.from)->path, *here = source_file(source, span.from)->path;
    Diag *d = diag_add(diags, E0101, span, "`%s` is not known here", declaration->text);
    diag_note(d, declaration->name_span, "`%s` declares it, and `%s` does not use that file", of, here);
}

void error_set_unknown(Diags *diags, const ConstantSet *set, const char *const *names, int count, const Ast *elsewhere,
    bool in_other_file)
{
    Diag *d = diag_add(diags, E0133, set->name_span, "the program has no constant `%s` that can be set", set->name);
    const char *best = suggest(set->name, names, count);
    if (elsewhere) {
        diag_second(d, elsewhere->name_span, in_other_file ? "this one belongs to a file that the program uses"
                                                           : "this one belongs to its body");
        diag_fact(d, "`--set` replaces constants at the top level of the program itself");
    } else if (best) {
        diag_label(d, "did you mean `%s`?", best);
    } else {
        diag_fact(d, "`--set` replaces a constant, `const %s = ...` at the top level; settings such as `lr` are flags "
                     "of the\ntrainer, ./train --lr=0.1", set->name);
    }
}

void error_set_kind(Diags *diags, const ConstantSet *set, const char *given, const char *wanted, const Ast *constant)
{
    Diag *d = diag_add(diags, E0133, set->value->span, "`%s` is %s in the program", set->name, wanted);
    diag_label(d, "this is %s", given);
    diag_second(d, constant->span, "%s", "");
}

void error_set_room(Diags *diags, const char *error) { diag_add(diags, E0133, (Span){0, -1, -1}, "%s", error); }
