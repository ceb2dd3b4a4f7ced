// Names that are taken where declarations stand: of blocks, of the constants of the file, of what goes into the model.
// (Those of rows: lower.c. Those of fns: fn.c. What two files declare: files.c.)
#include "errors_model.h"
#include "lower.h"
#include <string.h>

const char *lower_word_of_language(const Program *program, const char *name)
{
    Constant constant;
    if (op_reserves(program, name) || strcmp(name, "share") == 0)
        return "an operation";
    if (strcmp(name, "loss") == 0 || strcmp(name, "B") == 0)
        return "a word of the language";
    return constant_built_in(name, &constant) ? "a constant known everywhere" : NULL;
}

static void check(Program *program, const Ast *declaration)
{
    const char *by = lower_word_of_language(program, declaration->text);
    Span span = declaration->name_span.to > declaration->name_span.from ? declaration->name_span : declaration->span;
    const Ast *first = ast_declaration(program->parsed.file, declaration->kind, declaration->text);
    if (by)
        error_name_taken(program, span, declaration->text, by, (Span){0, 0, 0});
    else if (first != declaration && declaration->kind == AST_BLOCK &&
        source_file(program->source, first->span.from) == source_file(program->source, declaration->span.from))
        error_name_taken(program, span, declaration->text, "a block", first->name_span);
}

void lower_check_declarations(Lower *l)
{
    Program *program = l->program;
    const Ast *file = program->parsed.file, *model = ast_declaration(file, AST_MODEL, NULL);
    for (int i = 0; i < file->children; i++) {
        const Ast *declaration = file->child[i];
        Constant built_in; // of that name, or twice: said where constants are read
        if (declaration->kind == AST_BLOCK ||
            (declaration->kind == AST_CONST && !constant_built_in(declaration->text, &built_in)))
            check(program, declaration);
    }
    for (int i = 0; model && i < model->child[0]->children; i++) {
        const Ast *input = model->child[0]->child[i];
        const Ast name = {.kind = AST_NAME, .text = input->text, .span = input->name_span};
        Constant constant;
        bool poisoned;
        if (input->kind == AST_INPUT && constant_find(program->constants, &name, &constant, &poisoned))
            error_name_taken(program, input->name_span, input->text, "a constant", constant.span);
    }
}
