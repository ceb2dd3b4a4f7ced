// Formulas of schedules and metrics, checked; see formula.h.
#include "formula.h"
#include "training.h"
#include <string.h>

enum { MAX_DEPTH = 200 }; // the C of a longer one would be no line any more, and recursion ends

typedef struct {
    const Scope *constants;
    FormulaNames *varies;
    FormulaFault *fault;
    void *data;
} Formula;

static bool fault(const Formula *f, const Ast *at, const char *message)
{
    f->fault(f->data, at, message);
    return false;
}

// The constant that a name is: built in, or of the program.
static bool find_constant(const Formula *f, const Ast *name, Constant *value, bool *poisoned)
{
    *poisoned = false;
    return constant_built_in(name->text, value) || constant_find(f->constants, name, value, poisoned);
}

static bool check_name(const Formula *f, const Ast *name)
{
    Constant value;
    bool poisoned;
    if (f->varies(f->data, name->text))
        return true;
    if (!find_constant(f, name, &value, &poisoned))
        return fault(f, name, NULL);
    if (poisoned)
        return false;
    if (value.kind == CONSTANT_NUMBER || value.kind == CONSTANT_BOOL)
        return true;
    return fault(f, name, arena_format(f->constants->arena, "`%s` is no number", name->text));
}

static bool is_condition(const Formula *f, const Ast *ast)
{
    Constant value;
    bool poisoned;
    if (ast->kind == AST_PAREN)
        return is_condition(f, ast->child[0]);
    if (ast->kind == AST_NAME)
        return !f->varies(f->data, ast->text) && find_constant(f, ast, &value, &poisoned) &&
            value.kind == CONSTANT_BOOL;
    return (ast->kind == AST_UNARY || ast->kind == AST_BINARY) && strchr("<>=!&|", ast->text[0]);
}

// The operands from..to of what is called `name`.
static bool check_conditions(const Formula *f, const char *name, const Ast *ast, int from, int to)
{
    bool good = true;
    for (int k = from; k < to; k++)
        if (!is_condition(f, ast->child[k]))
            good = fault(f, ast->child[k],
                arena_format(f->constants->arena, "`%s` needs a condition here, such as a comparison", name));
    return good;
}

static bool check_expression(const Formula *f, const Ast *expression, int depth);

static bool check_children(const Formula *f, const Ast *ast, int from, int depth)
{
    bool good = true;
    for (int k = from; k < ast->children; k++)
        good = check_expression(f, ast->child[k], depth + 1) && good;
    return good;
}

static bool check_call(const Formula *f, const Ast *call, int depth)
{
    const Ast *called = call->child[0];
    const ScheduleFunction *function = called->kind == AST_NAME ? schedule_function(called->text) : NULL;
    if (called->kind != AST_NAME)
        return fault(f, called, "this cannot be called");
    if (!function)
        return fault(f, call, NULL);
    if (call->children - 1 != function->arguments)
        return fault(f, call,
            arena_format(f->constants->arena, "%s takes %d value%s, got %d", function->name, function->arguments,
                function->arguments == 1 ? "" : "s", call->children - 1));
    for (int k = 1; k < call->children; k++)
        if (call->child[k]->kind == AST_ARGUMENT)
            return fault(f, call->child[k], "functions of a formula have no options");
    return check_children(f, call, 1, depth) &&
        (strcmp(function->name, "where") != 0 || check_conditions(f, function->name, call, 1, 2));
}

static bool check_expression(const Formula *f, const Ast *expression, int depth)
{
    if (depth > MAX_DEPTH)
        return fault(f, expression, "this formula is too long");
    switch (expression->kind) {
    case AST_NUMBER:
        return true;
    case AST_NAME:
        return check_name(f, expression);
    case AST_CALL:
        return check_call(f, expression, depth);
    case AST_UNARY:
    case AST_BINARY:
        return check_children(f, expression, 0, depth) &&
            ((strcmp(expression->text, "!") != 0 && !strchr("&|", expression->text[0])) ||
                check_conditions(f, expression->text, expression, 0, expression->children));
    case AST_PAREN:
        return check_children(f, expression, 0, depth);
    case AST_DURATION:
        return fault(f, expression, "a duration has no place in a formula");
    default:
        return fault(f, expression, "this is no number");
    }
}

static bool varies(const Formula *f, const Ast *expression)
{
    if (expression->kind == AST_NAME)
        return f->varies(f->data, expression->text);
    for (int k = expression->kind == AST_CALL; k < expression->children; k++)
        if (varies(f, expression->child[k]))
            return true;
    return false;
}

// What does not vary must have a value: the emitter writes that down.
static bool check_constants(const Formula *f, const Ast *expression)
{
    Constant value;
    bool good = true;
    if (!varies(f, expression))
        return constant_evaluate(f->constants, expression, &value);
    for (int k = expression->kind == AST_CALL; k < expression->children; k++)
        good = check_constants(f, expression->child[k]) && good;
    return good;
}

bool formula_check(const Scope *constants, const Ast *expression, FormulaNames *names, FormulaFault *tell, void *data)
{
    const Formula f = {constants, names, tell, data};
    return check_expression(&f, expression, 0) && check_constants(&f, expression);
}
