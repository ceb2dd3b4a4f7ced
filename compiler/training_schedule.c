// training_schedule.c: the section `schedule`: a chain of schedules of the tables, the last of which may be a formula.
//
// Input: schedule NAME(options) -> NAME(options), or a formula over step, steps, epoch, epochs. Output: a stage for
// each, with its settings or its formula, checked so that emit/learning_rate.c can write them down without asking.
// Invariant: all durations of a chain that is kept have one unit, and all its stages but the last one end; a formula
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
static const char *const later[] = {"exponential_lr", "one_cycle_lr", "reduce_lr_on_plateau",
    "cosine_annealing_warm_restarts"};
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

const Setting *schedule_setting(const ScheduleStage *stage, const char *name, size_t length)
{
    return settings_find(stage->settings.items, stage->settings.count, name, length);
}

// The setting after which a stage holds its value, or NULL.
static const Setting *stage_end(const ScheduleStage *stage)
{
    const char *length = stage->table ? stage->table->length : NULL;
    return length ? schedule_setting(stage, length, strlen(length)) : NULL;
}

// The duration that says in which unit a setting counts, or NULL: of a list the first one.
static const Constant *unit_of(const Setting *setting)
{
    const Constant *value = &setting->value;
    if (value->kind == CONSTANT_LIST && value->count > 0)
        value = value->items;
    return value->kind == CONSTANT_DURATION ? value : NULL;
}

// One unit for all durations of the chain; of a formula it is steps. Where there is only `run`, that of the run.
static bool check_units(TrainingState *state)
{
    Training *training = state->training;
    const Constant *first = NULL;
    const char *first_name = NULL;
    training->schedule_unit = training->run_unit;
    for (int i = 0; i < training->schedule.count; i++) {
        const ScheduleStage *stage = &training->schedule.items[i];
        if (stage->formula && first && first->unit != UNIT_STEPS) {
            const Constant steps = {.unit = UNIT_STEPS, .span = stage->span};
            error_training_units(state->diags, &steps, NULL, first, first_name);
            return false;
        }
        for (int k = 0; k < stage->settings.count; k++) {
            const Setting *setting = &stage->settings.items[k];
            const Constant *now = unit_of(setting);
            if (now && first && now->unit != first->unit) {
                error_training_units(state->diags, now, setting->arg->name, first, first_name);
                return false;
            }
            if (now && !first) {
                first = now;
                first_name = setting->arg->name;
                training->schedule_unit = now->unit;
            }
        }
    }
    return true;
}

// What follows a stage begins where the stage ends.
static bool check_ends(TrainingState *state)
{
    bool good = true;
    for (int k = 0; k + 1 < state->training->schedule.count; k++) {
        const ScheduleStage *stage = &state->training->schedule.items[k], *next = stage + 1;
        const Setting *end = stage_end(stage);
        if (end && end->value.kind == CONSTANT_DURATION)
            continue;
        if (end)
            error_training_whole_run(state->diags, end->value.span, end->arg->name, next->span);
        else
            error_training_endless(state->diags, stage->span, stage->table ? stage->table->name : NULL, next->span);
        good = false;
    }
    return good;
}

// schedule.gamma; with the number of the stage, from 1, where another stage has an option of this name.
static const char *key_of(const TrainingState *state, int stage, const char *option)
{
    const Training *training = state->training;
    for (int k = 0; k < training->schedule.count; k++)
        if (k != stage && schedule_setting(&training->schedule.items[k], option, strlen(option)))
            return arena_format(state->arena, "schedule.%d.%s", stage + 1, option);
    return arena_format(state->arena, "schedule.%s", option);
}

static bool read_table(TrainingState *state, const Ast *call, ScheduleStage *stage)
{
    const Schedule *table = stage->table;
    int count = training_option_count(table->args);
    Setting *settings = arena_take(state->arena, (size_t)count + 1, sizeof *settings);
    const OptionTable options = {table->name, table->args, table->checks, true};
    if (!training_options(state, &options, call, settings))
        return false;
    for (int k = 0; k < count; k++) {
        // `run` follows the flag of the run; it has none of its own.
        settings[k].is_flag = settings[k].value.kind != CONSTANT_WORD;
        vec_push(state->arena, &stage->settings, settings[k]);
    }
    return true;
}

// A table or a formula; false after a message.
static bool read_stage(TrainingState *state, const Ast *ast, ScheduleStage *stage)
{
    const Ast *called = ast->kind == AST_CALL ? ast->child[0] : ast;
    *stage = (ScheduleStage){.span = ast->span, .text = source_quote(state->source, state->arena, ast->span)};
    stage->table = called->kind == AST_NAME ? schedule_find(called->text) : NULL;
    if (stage->table)
        return read_table(state, ast, stage);
    stage->formula = ast;
    if (called->kind == AST_NAME && is_later(called->text)) {
        error_training_not_yet(state->diags, called->span,
            arena_format(state->arena, "the schedule `%s`", called->text));
        return false;
    }
    return formula_check(state->constants, ast, is_clock, schedule_fault, state);
}

void training_schedule(TrainingState *state, const Ast *section)
{
    Training *training = state->training;
    const Ast *row = section->child[0];
    bool good = true;
    if (row->kind == AST_ERROR)
        return;
    training->schedule_text = source_quote(state->source, state->arena, row->span);
    for (int k = 0; k < ast_stages(row); k++) {
        ScheduleStage stage;
        good = read_stage(state, row->child[k], &stage) && good;
        vec_push(state->arena, &training->schedule, stage);
    }
    for (int i = 0; i < training->schedule.count; i++)
        for (int k = 0; k < training->schedule.items[i].settings.count; k++) {
            Setting *setting = &training->schedule.items[i].settings.items[k];
            setting->key = key_of(state, i, setting->arg->name);
        }
    if (!good || !check_ends(state) || !check_units(state))
        training->schedule.count = 0; // there was a message
}
