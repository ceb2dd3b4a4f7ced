// Constants as text: a value as it would be written, and an expression with its names replaced by their values.
#include "constant.h"
#include <math.h>
#include <string.h>

static void put_text(Text *out, const Constant *value)
{
    switch (value->kind) {
    case CONSTANT_NUMBER:
        if (value->number == floor(value->number) && fabs(value->number) < 1e15)
            text_add(out, "%.0f", value->number + 0.0); // -0 is 0
        else
            text_string(out, shortest(out->arena, value->number));
        break;
    case CONSTANT_BOOL:
        text_string(out, value->number != 0 ? "true" : "false");
        break;
    case CONSTANT_STRING: {
        const Ast string = {.kind = AST_STRING, .text = value->text};
        ast_print(out, &string);
        break;
    }
    case CONSTANT_DURATION: {
        const Constant count = {.kind = CONSTANT_NUMBER, .number = value->number};
        put_text(out, &count);
        text_add(out, " %s%s", value->unit == UNIT_STEPS ? "step" : "epoch", value->number == 1 ? "" : "s");
        break;
    }
    case CONSTANT_LIST:
        text_string(out, "[");
        for (int i = 0; i < value->count; i++) {
            text_string(out, i ? ", " : "");
            put_text(out, &value->items[i]);
        }
        text_string(out, "]");
        break;
    case CONSTANT_WORD:
        text_string(out, value->text);
        break;
    }
}

const char *constant_text(Arena *arena, const Constant *value)
{
    Text text = text_new(arena);
    put_text(&text, value);
    return text.data;
}

static bool is_atom(const Ast *ast)
{
    return ast->kind == AST_NAME || ast->kind == AST_NUMBER || ast->kind == AST_MEMBER;
}

static void put_numbers(Text *out, const Scope *quiet, const Ast *ast, bool in_sum)
{
    Constant value;
    bool name = ast->kind == AST_NAME || ast->kind == AST_MEMBER;
    if (name && constant_evaluate(quiet, ast, &value)) {
        put_text(out, &value);
    } else if (ast->kind == AST_BINARY) {
        const char *sign = ast->text;
        bool sum = strcmp(sign, "+") == 0 || strcmp(sign, "-") == 0, is_power = strcmp(sign, "**") == 0;
        bool tight = in_sum && strcmp(sign, "*") == 0 && is_atom(ast->child[0]) && is_atom(ast->child[1]);
        bool negative = is_power && is_atom(ast->child[0]) && constant_evaluate(quiet, ast->child[0], &value) &&
            value.kind == CONSTANT_NUMBER && value.number < 0;
        text_string(out, negative ? "(" : "");
        put_numbers(out, quiet, ast->child[0], sum);
        text_add(out, tight ? "%s%s" : "%s %s ", negative ? ")" : "", sign);
        put_numbers(out, quiet, ast->child[1], sum);
    } else if (ast->kind == AST_PAREN || ast->kind == AST_UNARY || ast->kind == AST_ARGUMENT) {
        text_add(out, "%s%s", ast->kind == AST_PAREN ? "(" : ast->text, ast->kind == AST_ARGUMENT ? "=" : "");
        put_numbers(out, quiet, ast->child[0], false);
        text_string(out, ast->kind == AST_PAREN ? ")" : "");
    } else if (ast->kind == AST_CALL || ast->kind == AST_LIST) {
        bool call = ast->kind == AST_CALL;
        if (call)
            ast_print(out, ast->child[0]);
        text_string(out, call ? "(" : "[");
        for (int i = call; i < ast->children; i++) {
            text_string(out, i > call ? ", " : "");
            put_numbers(out, quiet, ast->child[i], false);
        }
        text_string(out, call ? ")" : "]");
    } else {
        ast_print(out, ast);
    }
}

const char *constant_in_numbers(const Scope *scope, const Ast *expression)
{
    Scope quiet = *scope;
    quiet.diags = NULL;
    Text text = text_new(scope->arena);
    put_numbers(&text, &quiet, expression, false);
    return text.data;
}
