// data_options.c: what stands in the parentheses of a source or transform, checked against a table of options.
//
// Input: a NAME or CALL, a table. Output: one constant for each row of the table. Invariant: false means that a message
// has been given.
#include "data_inside.h"
#include "errors_data.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_OPTIONS = 8 };

const char *data_called(DataState *state, const Ast *stage)
{
    const Ast *name = stage->kind == AST_CALL ? stage->child[0] : stage;
    if (name->kind == AST_NAME)
        return name->text;
    error_data_item(state->diags, stage->span, "this is neither a source nor a column", NULL, NULL);
    return NULL;
}

// Whether a value is what the option takes.
static bool fits(const Option *option, const Constant *value)
{
    switch (option->kind) {
    case OPTION_NUMBER:
        return value->kind == CONSTANT_NUMBER && isfinite(value->number);
    case OPTION_WHOLE:
        return value->kind == CONSTANT_NUMBER && value->number == floor(value->number) &&
            value->number >= (double)option->least && value->number <= 2147483647;
    case OPTION_STRING:
        return value->kind == CONSTANT_STRING;
    case OPTION_BOOL:
        return value->kind == CONSTANT_BOOL;
    case OPTION_PAIR:
    case OPTION_NUMBERS:
        if (option->kind == OPTION_PAIR && (value->kind != CONSTANT_LIST || value->count != 2))
            return false;
        if (value->kind == CONSTANT_NUMBER)
            return isfinite(value->number);
        for (int k = 0; value->kind == CONSTANT_LIST && k < value->count; k++)
            if (value->items[k].kind != CONSTANT_NUMBER || !isfinite(value->items[k].number))
                return false;
        return value->kind == CONSTANT_LIST && value->count > 0;
    }
    return false;
}

static const char *wanted(DataState *state, const Option *option)
{
    switch (option->kind) {
    case OPTION_NUMBER:
        return "a number";
    case OPTION_WHOLE:
        if (option->least <= -2147483647)
            return "a whole number";
        return arena_format(state->arena, "a whole number, at least %ld", option->least);
    case OPTION_STRING:
        return "a string in quotes";
    case OPTION_BOOL:
        return "true or false";
    case OPTION_NUMBERS:
        return "a number or a list of numbers";
    case OPTION_PAIR:
        return "a list of two numbers";
    }
    return "";
}

static Constant fallback(DataState *state, const Option *option, Span span)
{
    Constant value = {.kind = CONSTANT_NUMBER, .span = span};
    if (option->kind == OPTION_PAIR) {
        constant_evaluate(state->constants, parse_expression(state->arena, option->fallback), &value);
        return value;
    }
    if (option->kind == OPTION_STRING) {
        value.kind = CONSTANT_STRING;
        value.text = option->fallback;
    } else if (option->kind == OPTION_BOOL) {
        value.kind = CONSTANT_BOOL;
        value.number = strcmp(option->fallback, "true") == 0;
    } else {
        value.number = strtod(option->fallback, NULL);
    }
    return value;
}

// Which option an argument gives; -1 after a message.
static int option_of(DataState *state, const Ast *argument, const char *of, const Option *table, int count,
    const char *shown)
{
    const char *names[MAX_OPTIONS];
    for (int k = 0; k < count; k++) {
        names[k] = table[k].name;
        if (strcmp(argument->text, table[k].name) == 0)
            return k;
    }
    error_data_option(state->diags, argument, of, names, count, shown);
    return -1;
}

bool data_options(DataState *state, const Ast *call, const Option *table, int count, int positional, const char *shown,
    Constant *values)
{
    const char *of = data_called(state, call);
    const Ast *given[MAX_OPTIONS] = {NULL};
    int by_position = 0, arguments = call->kind == AST_CALL ? call->children - 1 : 0;
    bool good = true;
    for (int i = 0; i < arguments; i++) {
        const Ast *argument = call->child[1 + i];
        int k = by_position;
        if (argument->kind == AST_ARGUMENT) {
            k = option_of(state, argument, of, table, count, shown);
            if (k < 0)
                good = false;
            if (k >= 0 && given[k]) {
                error_data_twice(state->diags, argument->span, "option", argument->text, given[k]->span);
                good = false;
            }
            argument = argument->child[0];
        } else if (by_position++ >= positional) {
            if (by_position == positional + 1)
                error_data_positional(state->diags, argument->span, of, positional, arguments, shown);
            good = false;
            k = -1;
        }
        if (k >= 0 && !given[k])
            given[k] = argument;
    }
    for (int k = 0; k < count; k++) {
        if (!given[k] && !table[k].fallback) {
            if (good)
                error_data_required(state->diags, call->span, of, table[k].name, shown);
            good = false;
        } else if (!given[k]) {
            values[k] = fallback(state, &table[k], call->span);
        } else if (!constant_evaluate(state->constants, given[k], &values[k])) {
            good = false;
        } else if (!fits(&table[k], &values[k])) {
            const char *what = arena_format(state->arena, "`%s` of %s", table[k].name, of);
            error_data_kind(state->diags, given[k]->span, what, wanted(state, &table[k]));
            good = false;
        }
    }
    return good;
}
