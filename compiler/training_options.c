// training_options.c: options of an optimizer or schedule against its table.
//
// Input: a NAME or CALL of the program, the table's arguments and checks. Output: a setting for each argument, defaults
// filled in. Invariant: false means that a message has been given.
#include "errors_syntax.h"
#include "errors_training.h"
#include "suggest.h"
#include "training_inside.h"
#include <math.h>
#include <string.h>

int training_option_count(const Arg *args)
{
    int count = 0;
    while (args[count].name)
        count++;
    return count;
}

static bool is_duration(const Arg *arg) { return arg->choices && strcmp(arg->choices, "duration") == 0; }

const Setting *settings_find(const Setting *settings, int count, const char *name, size_t length)
{
    for (int k = 0; k < count; k++)
        if (strlen(settings[k].arg->name) == length && strncmp(settings[k].arg->name, name, length) == 0)
            return &settings[k];
    return NULL;
}

bool training_duration(TrainingState *state, const char *what, const Ast *expression, Constant *value)
{
    if (!constant_evaluate(state->constants, expression, value))
        return false;
    if (value->kind == CONSTANT_DURATION && value->number >= 1 && value->number <= 2e9 &&
        value->number == floor(value->number))
        return true;
    error_training_kind(state->diags, expression->span, what, "a whole number of epochs or steps, at least 1");
    return false;
}

bool setting_is_duration(const Setting *setting)
{
    return setting->value.kind == CONSTANT_DURATION ||
        (setting->value.kind == CONSTANT_WORD && strcmp(setting->value.text, "run") == 0);
}

// Whether a value is a duration of a schedule, with its unit.
static bool check_duration(TrainingState *state, const OptionTable *table, const Arg *arg, const Constant *value,
    Span span)
{
    if (value->kind == CONSTANT_NUMBER)
        error_training_unit(state->diags, span, arg->name, constant_text(state->arena, value), true, table->may_run);
    else if (value->kind == CONSTANT_DURATION && value->number >= 1 && value->number <= 2e9 &&
        value->number == floor(value->number))
        return true;
    else
        error_training_kind(state->diags, span, arg->name, "a duration such as `10 epochs` or `500 steps`");
    return false;
}

// A duration, or the word `run`.
static bool read_duration(TrainingState *state, const OptionTable *table, const Arg *arg, const Ast *expression,
    Constant *value)
{
    static const char *const words[] = {"run"};
    const Scope *constants = state->constants;
    bool poisoned;
    if (table->may_run && expression->kind == AST_NAME && suggest(expression->text, words, 1) &&
        !constant_find(constants, expression, value, &poisoned)) {
        error_unknown_constant(state->diags, expression->span, "constant", expression->text, words, 1);
        return false;
    }
    if (table->may_run && expression->kind == AST_NAME && strcmp(expression->text, "run") == 0) {
        *value = (Constant){.kind = CONSTANT_WORD, .text = "run", .span = expression->span};
        return true;
    }
    return constant_evaluate(state->constants, expression, value) &&
        check_duration(state, table, arg, value, expression->span);
}

// A list of durations of one unit, each longer than the one before.
static bool read_durations(TrainingState *state, const OptionTable *table, const Arg *arg, const Ast *expression,
    Constant *value)
{
    if (!constant_evaluate(state->constants, expression, value))
        return false;
    if (value->kind != CONSTANT_LIST || value->count == 0 || value->count > MAX_DURATIONS) {
        error_training_kind(state->diags, expression->span, arg->name,
            arena_format(state->arena, "a list of 1 to %d durations such as [30 epochs, 60 epochs]", MAX_DURATIONS));
        return false;
    }
    for (int k = 0; k < value->count; k++) {
        const Constant *item = &value->items[k], *before = k > 0 ? item - 1 : item;
        if (!check_duration(state, table, arg, item, item->span))
            return false;
        if (item->unit != before->unit) {
            error_training_units(state->diags, item, arg->name, before, arg->name);
            return false;
        }
        if (k > 0 && item->number <= before->number) {
            error_training_growth(state->diags, item->span, arg->name, before->span);
            return false;
        }
    }
    return true;
}

static bool is_whole(const Constant *value)
{
    return value->kind == CONSTANT_NUMBER && value->number == floor(value->number) && fabs(value->number) <= 2147483647;
}

static bool is_list(const Constant *value)
{
    for (int k = 0; value->kind == CONSTANT_LIST && k < value->count; k++)
        if (value->items[k].kind != CONSTANT_NUMBER || !isfinite(value->items[k].number))
            return false;
    return value->kind == CONSTANT_LIST;
}

// Whether the value is of the argument's kind; what was expected otherwise.
static const char *wanted(const Arg *arg, const Constant *value)
{
    switch (arg->kind) {
    case ARG_BOOL:
        return value->kind == CONSTANT_BOOL ? NULL : "true or false";
    case ARG_INT:
        return is_whole(value) ? NULL : "a whole number";
    case ARG_SIZE:
        return is_whole(value) && value->number >= 1 ? NULL : "a whole number, at least 1";
    case ARG_LIST:
        return is_list(value) ? NULL : "a list of numbers such as [0.9, 0.999]";
    case ARG_CHOICE:
        return value->kind == CONSTANT_STRING && word_in(value->text, strlen(value->text), arg->choices)
            ? NULL
            : arg->choices;
    default:
        return value->kind == CONSTANT_NUMBER && isfinite(value->number) ? NULL : "a number";
    }
}

static bool read_value(TrainingState *state, const OptionTable *table, const Arg *arg, const Ast *expression,
    Constant *value)
{
    if (is_duration(arg) && arg->kind == ARG_LIST)
        return read_durations(state, table, arg, expression, value);
    if (is_duration(arg))
        return read_duration(state, table, arg, expression, value);
    if (!constant_evaluate(state->constants, expression, value))
        return false;
    const char *expected = wanted(arg, value);
    if (!expected)
        return true;
    error_training_kind(state->diags, expression->span, arg->name, expected);
    return false;
}

// A default is written in .mt, as the user would. It may name an argument that stands before it.
static Constant fallback_of(TrainingState *state, const Arg *arg, Span span)
{
    Constant value = {.kind = CONSTANT_WORD, .text = "off", .span = span};
    Scope scope = {.arena = state->arena};
    const Ast *expression;
    if (strcmp(arg->fallback, "off") == 0 || strcmp(arg->fallback, "run") == 0) {
        value.text = arg->fallback;
        return value;
    }
    expression = parse_expression(state->arena, arg->fallback);
    if (!expression || !constant_evaluate(&scope, expression, &value))
        value.kind = CONSTANT_WORD;
    value.span = span;
    return value;
}

// ---------------------------------------------------------------------------------------------------------------------
// Conditions and checks of the table

typedef struct {
    const Setting *settings;
    int count;
} SettingWords;

// The words of a condition: arguments; a list is its length, `off` and `run` are 0.
static bool find_setting(const Scope *scope, const Ast *name, Constant *value, bool *poisoned)
{
    const SettingWords *words = scope->data;
    const Setting *setting = settings_find(words->settings, words->count, name->text, strlen(name->text));
    *poisoned = false;
    if (!setting)
        return false;
    *value = setting->value;
    if (value->kind == CONSTANT_LIST || value->kind == CONSTANT_WORD)
        *value = (Constant){.kind = CONSTANT_NUMBER, .number = value->kind == CONSTANT_LIST ? value->count : 0};
    else if (value->kind == CONSTANT_DURATION)
        value->kind = CONSTANT_NUMBER;
    return true;
}

bool settings_hold(Arena *arena, const Setting *settings, int count, const char *condition)
{
    const SettingWords words = {settings, count};
    const Scope scope = {.arena = arena, .find = find_setting, .data = &words};
    Constant value;
    if (!condition)
        return true;
    const Ast *expression = parse_expression(arena, condition);
    return expression && constant_evaluate(&scope, expression, &value) && value.number != 0;
}

static bool check_all(TrainingState *state, const OptionTable *table, const Setting *settings, int count, Span call)
{
    bool good = true;
    for (const Check *check = table->checks; check->condition; check++) {
        if (settings_hold(state->arena, settings, count, check->condition))
            continue;
        const Setting *at = check->at ? settings_find(settings, count, check->at, strlen(check->at)) : NULL;
        error_training_check(state->diags, at && at->written ? at->value.span : call, table->name, check->message,
            check->condition);
        good = false;
    }
    return good;
}

// ---------------------------------------------------------------------------------------------------------------------

// One argument in the parentheses.
static bool read_argument(TrainingState *state, const OptionTable *table, const Ast *argument, Setting *settings,
    int count, Span *seen)
{
    if (argument->kind != AST_ARGUMENT) {
        error_training_positional(state->diags, state->arena, table->name, table->args, argument->span);
        return false;
    }
    for (int k = 0; k < count; k++) {
        if (strcmp(table->args[k].name, argument->text) != 0)
            continue;
        if (settings[k].written) {
            error_training_twice(state->diags, argument->span, "option", argument->text, seen[k]);
            return false;
        }
        settings[k].written = true;
        seen[k] = argument->span;
        if (!read_value(state, table, &table->args[k], argument->child[0], &settings[k].value))
            return false;
        settings[k].value.span = argument->child[0]->span;
        return true;
    }
    error_training_option(state->diags, state->arena, table->name, table->args, argument);
    return false;
}

bool training_options(TrainingState *state, const OptionTable *table, const Ast *call, Setting *settings)
{
    int count = training_option_count(table->args);
    Span *seen = arena_take(state->arena, (size_t)count + 1, sizeof *seen);
    bool good = true, missing = false;
    for (int k = 0; k < count; k++)
        settings[k].arg = &table->args[k];
    for (int i = 1; call->kind == AST_CALL && i < call->children; i++)
        good = read_argument(state, table, call->child[i], settings, count, seen) && good;
    for (int k = 0; k < count; k++) {
        if (settings[k].written)
            continue;
        if (table->args[k].fallback) {
            settings[k].value = fallback_of(state, &table->args[k], call->span);
        } else {
            missing = true;
            if (good) // else it may be in what did not read
                error_training_required(state->diags, state->arena, table->name, table->args, &table->args[k],
                    call->span);
        }
    }
    return good && !missing && check_all(state, table, settings, count, call->span);
}
