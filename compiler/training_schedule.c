// training_schedule.c: the section `schedule`: one schedule of the tables, or an expression.
//
// Input: schedule NAME(options), or a formula over step, steps, epoch, epochs. Output: the settings and the unit, or
// the formula, checked so that emit/learning_rate.c can write it down without asking. Invariant: a formula that is kept
// holds only numbers, names and functions that schedule_function and constants know, and what of it is constant has a
// value.
#include "errors_training.h"
#include "formula.h"
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
    CLOCKS = WORDS - 1, // without pi
    LATER = sizeof later / sizeof *later,
    MAX_NAMES = 64
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

static bool is_clock(const void *data, const char *name)
{
    (void)data;
    for (int k = 0; k < CLOCKS; k++)
        if (strcmp(words[k], name) == 0)
            return true;
    return false;
}

static void schedule_fault(void *data, const Ast *at, const char *message)
{
    const TrainingState *state = data;
    const char *names[MAX_NAMES];
    if (message)
        error_training_expression(state->diags, at->span, message, NULL, NULL, 0);
    else if (at->kind == AST_NAME)
        error_training_expression(state->diags, at->span,
            arena_format(state->arena, "unknown name `%s` in a schedule", at->text), at->text, words, WORDS);
    else
        error_training_schedule(state->diags, at->child[0]->span, at->child[0]->text, names, callable_names(names));
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
    } else if (formula_check(state->constants, stage, is_clock, schedule_fault, state)) {
        state->training->schedule_expression = stage;
    }
}
