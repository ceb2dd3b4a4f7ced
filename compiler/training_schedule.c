// training_schedule.c: the section `schedule`: one schedule of the tables, or an expression.
//
// Input: schedule NAME(options), or a formula over step, steps, epoch, epochs. Output: the settings and the unit, or
// the formula, checked so that emit/optimizer.c can write it down without asking. Invariant: a formula that is kept
// holds only numbers, names and functions that schedule_function and constants know.
#include "errors_training.h"
#include "ops/registry.h"
#include "training_inside.h"
#include <string.h>

static const ScheduleFunction functions[] = {
    {"sqrt", 1, "sqrt($1)"},
    {"exp", 1, "exponential_double($1)"},
    {"log", 1, "logarithm_double($1)"},
    {"cos", 1, "cosine_double($1)"},
    {"sin", 1, "sine_double($1)"},
    {"abs", 1, "fabs($1)"},
    {"floor", 1, "floor($1)"},
    {"ceil", 1, "ceil($1)"},
    {"min", 2, "fmin($1, $2)"},
    {"max", 2, "fmax($1, $2)"},
    {"where", 3, "($1 ? $2 : $3)"},
};
static const char *const words[] = {"step", "steps", "epoch", "epochs", "pi"};
static const char *const later[] = {"multistep_lr", "exponential_lr", "linear_lr", "one_cycle_lr",
    "reduce_lr_on_plateau", "cosine_annealing_warm_restarts"};
enum {
    FUNCTIONS = sizeof functions / sizeof *functions,
    WORDS = sizeof words / sizeof *words,
    LATER = sizeof later / sizeof *later,
    MAX_NAMES = 64,
    MAX_DEPTH = 200 // of a formula: the C of a longer one would be no line any more, and recursion ends
};

const ScheduleFunction *schedule_function(const char *name)
{
    for (int k = 0; k < FUNCTIONS; k++)
        if (strcmp(functions[k].name, name) == 0)
            return &functions[k];
    return NULL;
}

static const Schedule *schedule_find(const char *name)
{
    for (const Schedule *const *k = schedules; *k; k++)
        if (strcmp((*k)->name, name) == 0)
            return *k;
    return NULL;
}

static bool is_later(const char *name)
{
    for (int k = 0; k < LATER; k++)
        if (strcmp(later[k], name) == 0)
            return true;
    return false;
}

// Names that may stand where a schedule or function is called.
static int callable_names(const char **names)
{
    int count = 0;
    for (const Schedule *const *k = schedules; *k && count < MAX_NAMES - FUNCTIONS; k++)
        names[count++] = (*k)->name;
    for (int k = 0; k < FUNCTIONS; k++)
        names[count++] = functions[k].name;
    return count;
}

// ---------------------------------------------------------------------------------------------------------------------
// Expressions

static bool fault(TrainingState *state, Span span, const char *message)
{
    error_training_expression(state->diags, span, message, NULL, NULL, 0);
    return false;
}

static bool check_name(TrainingState *state, const Ast *name)
{
    Constant value;
    for (int k = 0; k < WORDS; k++)
        if (strcmp(words[k], name->text) == 0)
            return true;
    bool poisoned = false, known = false;
    for (const Scope *scope = state->constants; scope && !known; scope = scope->outer)
        known = scope->find && scope->find(scope, name, &value, &poisoned);
    if (poisoned)
        return false;
    if (known && (value.kind == CONSTANT_NUMBER || value.kind == CONSTANT_BOOL))
        return true;
    error_training_expression(state->diags, name->span,
        arena_format(state->arena, known ? "`%s` is no number" : "unknown name `%s` in a schedule", name->text),
        known ? NULL : name->text, words, WORDS);
    return false;
}

static bool check_expression(TrainingState *state, const Ast *expression, int depth);

static bool check_call(TrainingState *state, const Ast *call, int depth)
{
    const char *names[MAX_NAMES];
    const Ast *called = call->child[0];
    const ScheduleFunction *function = called->kind == AST_NAME ? schedule_function(called->text) : NULL;
    bool good = true;
    if (!function) {
        int count = callable_names(names);
        if (called->kind != AST_NAME)
            return fault(state, called->span, "this cannot be called");
        error_training_schedule(state->diags, called->span, called->text, names, count);
        return false;
    }
    if (call->children - 1 != function->arguments)
        return fault(state, call->span,
            arena_format(state->arena, "%s takes %d value%s, got %d", function->name, function->arguments,
                function->arguments == 1 ? "" : "s", call->children - 1));
    for (int k = 1; k < call->children; k++) {
        if (call->child[k]->kind == AST_ARGUMENT)
            return fault(state, call->child[k]->span, "functions of a formula have no options");
        good = check_expression(state, call->child[k], depth + 1) && good;
    }
    return good;
}

static bool check_expression(TrainingState *state, const Ast *expression, int depth)
{
    bool good = true;
    if (depth > MAX_DEPTH)
        return fault(state, expression->span, "this formula is too long");
    switch (expression->kind) {
    case AST_NUMBER:
        return true;
    case AST_NAME:
        return check_name(state, expression);
    case AST_CALL:
        return check_call(state, expression, depth);
    case AST_UNARY:
    case AST_BINARY:
    case AST_PAREN:
        for (int k = 0; k < expression->children; k++)
            good = check_expression(state, expression->child[k], depth + 1) && good;
        return good;
    case AST_DURATION:
        return fault(state, expression->span, "a duration has no place in a formula");
    default:
        return fault(state, expression->span, "this is no number");
    }
}

// ---------------------------------------------------------------------------------------------------------------------

// The unit in which a schedule counts: that of its durations, `run` that of the run.
static void find_unit(Training *training)
{
    training->schedule_unit = training->run_unit;
    for (int k = 0; k < training->schedule_settings.count; k++)
        if (training->schedule_settings.items[k].value.kind == CONSTANT_DURATION)
            training->schedule_unit = training->schedule_settings.items[k].value.unit;
}

// Two durations of one schedule have the same unit.
static bool check_units(TrainingState *state)
{
    Training *training = state->training;
    for (int k = 0; k < training->schedule_settings.count; k++) {
        const Constant *value = &training->schedule_settings.items[k].value;
        if (value->kind == CONSTANT_DURATION && value->unit != training->schedule_unit) {
            error_training_kind(state->diags, value->span, training->schedule_settings.items[k].arg->name,
                "the unit of the other durations of this schedule");
            return false;
        }
    }
    return true;
}

static void read_schedule(TrainingState *state, const Schedule *schedule, const Ast *stage)
{
    Training *training = state->training;
    int count = training_option_count(schedule->args);
    Setting *settings = arena_take(state->arena, (size_t)count + 1, sizeof *settings);
    const OptionTable table = {schedule->name, schedule->args, schedule->checks, true};
    if (!training_options(state, &table, stage, settings))
        return;
    for (int k = 0; k < count; k++) {
        // `run` follows the flag of the run; it has none of its own.
        settings[k].is_flag = settings[k].value.kind == CONSTANT_DURATION || settings[k].value.kind == CONSTANT_NUMBER;
        vec_push(state->arena, &training->schedule_settings, settings[k]);
    }
    training->schedule = schedule;
    find_unit(training);
    check_units(state);
}

void training_schedule(TrainingState *state, const Ast *section)
{
    const Ast *row = section->child[0], *stage = row->children > 0 ? row->child[0] : row;
    const Ast *called = stage->kind == AST_CALL ? stage->child[0] : stage;
    const Schedule *schedule = called->kind == AST_NAME ? schedule_find(called->text) : NULL;
    if (row->kind == AST_ERROR)
        return;
    state->training->schedule_text = source_quote(state->source, state->arena, row->span);
    if (ast_stages(row) > 1) {
        error_training_not_yet(state->diags, row->span, "a chain of schedules");
    } else if (schedule) {
        read_schedule(state, schedule, stage);
    } else if (called->kind == AST_NAME && is_later(called->text)) {
        error_training_not_yet(state->diags, called->span,
            arena_format(state->arena, "the schedule `%s`", called->text));
    } else if (check_expression(state, stage, 0)) {
        state->training->schedule_expression = stage;
    }
}
