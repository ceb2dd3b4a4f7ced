// Names in the expressions of a fn: which are known, which stand for inputs and options, and what they are replaced by.
#include "call.h"
#include "errors_fn.h"
#include "errors_model.h"
#include "fn.h"
#include "suggest.h"
#include <ctype.h>
#include <string.h>

int fn_find(const FnNames *names, const Ast *ast)
{
    for (int k = 0; ast->kind == AST_NAME && k < names->count; k++)
        if (strcmp(names->names[k], ast->text) == 0)
            return k;
    return -1;
}

bool fn_mentions(const FnNames *names, const Ast *ast)
{
    if (ast->kind == AST_NAME)
        return fn_find(names, ast) >= 0;
    for (int i = ast->kind == AST_CALL && ast->child[0]->kind == AST_NAME; i < ast->children; i++)
        if (fn_mentions(names, ast->child[i]))
            return true;
    return false;
}

bool fn_mentions_input(const FnNames *names, const Ast *ast)
{
    FnNames inputs = *names;
    inputs.count = names->inputs;
    return fn_mentions(&inputs, ast);
}

bool fn_check_names(const FnNames *names, const Ast *ast)
{
    Program *program = names->program;
    Constant ignored;
    bool poisoned, good = true;
    if (ast->kind == AST_NAME) {
        const Scope *scope = names->fn->constants;
        if (fn_find(names, ast) >= 0 || constant_built_in(ast->text, &ignored) ||
            scope->find(scope, ast, &ignored, &poisoned))
            return true;
        const char *all[64];
        int count = 0;
        const Op *op = op_for_formula(program, ast->text);
        bool misspelt = suggest(ast->text, names->names, names->count) != NULL; // `max`, where an option is `amx`
        if (op && op->kind == OP_FUNCTION && isalpha((unsigned char)op->name[0]) && !misspelt) {
            error_fn_uncalled(program, ast->span, op, names->names[0]);
            return false;
        }
        for (; count < names->count; count++)
            all[count] = names->names[count];
        for (int k = 0; count < 64 && scope->name(scope, k); k++)
            all[count++] = scope->name(scope, k);
        error_unknown_name(program, ast->span, ast->text, "name", all, count);
        return false;
    }
    for (int i = ast->kind == AST_CALL && ast->child[0]->kind == AST_NAME; i < ast->children; i++)
        good &= fn_check_names(names, ast->child[i]);
    return good;
}

Ast *fn_replaced(Program *program, const Ast *ast, const FnNames *names, const char *const *words,
    const Ast *const *arguments)
{
    Arena *arena = program->arena;
    const Scope *constants = names->fn->constants;
    Constant value;
    bool poisoned;
    Ast *copy = arena_new(arena, Ast, 1);
    *copy = *ast;
    if (ast->kind == AST_NAME) {
        for (int k = 0; words && words[k]; k++)
            if (strcmp(words[k], ast->text) == 0) {
                copy->kind = AST_PAREN;
                copy->child = arena_new(arena, Ast *, 1);
                copy->children = 1;
                copy->child[0] = fn_replaced(program, arguments[k], names, NULL, NULL);
                return copy;
            }
        if (!words && fn_find(names, ast) < 0 && constant_find(constants, ast, &value, &poisoned) &&
            !poisoned)
            copy->text = value.kind == CONSTANT_NUMBER && value.number < 0
                ? arena_format(arena, "(%s)", constant_text(arena, &value))
                : constant_text(arena, &value);
        return copy;
    }
    copy->child = arena_new(arena, Ast *, ast->children + 1);
    for (int i = 0; i < ast->children; i++)
        copy->child[i] = fn_replaced(program, ast->child[i], names, words, arguments);
    return copy;
}

const char *fn_text(Program *program, const FnNames *names, const Ast *ast)
{
    Text text = text_new(program->arena);
    ast_print(&text, fn_replaced(program, ast, names, NULL, NULL));
    return text.data;
}
