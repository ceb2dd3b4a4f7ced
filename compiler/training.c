// training.c: the sections `optimizer` and `train`, and the flags of all three.
//
// Input: the sections' trees, the tables of ops/, constants. Output: Training, every setting with its value. Invariant:
// an unknown word is an error with a suggestion, and what is not there yet is refused by its name.
#include "errors_training.h"
#include "names.h"
#include "ops/registry.h"
#include "training_inside.h"
#include <float.h>
#include <math.h>
#include <string.h>

enum { MAX_NAMES = 32 };

// ---------------------------------------------------------------------------------------------------------------------
// optimizer

bool training_holds(const Training *training, const char *when)
{
    return settings_hold(training->arena, training->optimizer_settings.items, training->optimizer_settings.count, when);
}

const Setting *optimizer_setting(const Training *training, const char *name, size_t length)
{
    return settings_find(training->optimizer_settings.items, training->optimizer_settings.count, name, length);
}

static bool mentions(const Ast *expression, const char *name)
{
    if (expression->kind == AST_NAME && strcmp(expression->text, name) == 0)
        return true;
    for (int k = 0; k < expression->children; k++)
        if (mentions(expression->child[k], name))
            return true;
    return false;
}

static bool when_mentions(Arena *arena, const char *when, const char *name)
{
    const Ast *expression = when ? parse_expression(arena, when) : NULL;
    return expression && mentions(expression, name);
}

// Whether an argument decides which code there is: some `when` of the table asks for it.
static bool decides_code(Arena *arena, const Optimizer *optimizer, const char *name)
{
    for (const Tensor *k = optimizer->state; k < optimizer->state + 4 && k->name; k++)
        if (when_mentions(arena, k->when, name))
            return true;
    for (const Rule *k = optimizer->once; k < optimizer->once + 12 && k->of; k++)
        if (when_mentions(arena, k->when, name))
            return true;
    for (const Rule *k = optimizer->update; k < optimizer->update + 10 && k->of; k++)
        if (when_mentions(arena, k->when, name))
            return true;
    return false;
}

// A number is a flag unless it is the 0 with which code was left out (momentum=0).
static bool is_flag(Arena *arena, const Optimizer *optimizer, const Setting *setting)
{
    const Constant *value = &setting->value;
    if (value->kind == CONSTANT_LIST)
        return value->count == 2;
    return value->kind == CONSTANT_NUMBER &&
        (value->number != 0 || !decides_code(arena, optimizer, setting->arg->name));
}

static const char *const later_optimizers[] = {"rmsprop", "adagrad", "adadelta", "nadam", "lion"};

static const Optimizer *optimizer_find(TrainingState *state, const Ast *name)
{
    const char *names[MAX_NAMES];
    int count = 0;
    for (const Optimizer *const *k = optimizers; *k; k++) {
        if (strcmp((*k)->name, name->text) == 0)
            return *k;
        if (count < MAX_NAMES)
            names[count++] = (*k)->name;
    }
    for (size_t k = 0; k < sizeof later_optimizers / sizeof *later_optimizers; k++)
        if (strcmp(later_optimizers[k], name->text) == 0) {
            error_training_not_yet(state->diags, name->span,
                arena_format(state->arena, "the optimizer `%s`", name->text));
            return NULL;
        }
    error_training_optimizer(state->diags, name->span, name->text, names, count);
    return NULL;
}

// Conditions of tables know a list by its length only: decays of moments lie from 0 to below 1.
static bool check_betas(TrainingState *state, const Setting *setting)
{
    const Constant *list = &setting->value;
    for (int k = 0; list->kind == CONSTANT_LIST && k < list->count; k++)
        if (!(list->items[k].number >= 0 && list->items[k].number < 1)) {
            error_training_kind(state->diags, list->span, setting->arg->name, "numbers from 0 to below 1");
            return false;
        }
    return true;
}

static void read_optimizer(TrainingState *state, const Ast *section)
{
    Training *training = state->training;
    const Ast *call = section->child[0], *name = call->kind == AST_CALL ? call->child[0] : call;
    training->optimizer_text = source_quote(state->source, state->arena, call->span);
    if (call->kind == AST_ERROR)
        return;
    if (name->kind != AST_NAME) {
        error_training_item(state->diags, call->span, "`optimizer` takes an optimizer with its options",
            "for example  adam(lr=1e-3)");
        return;
    }
    const Optimizer *optimizer = optimizer_find(state, name);
    if (!optimizer)
        return;
    int count = training_option_count(optimizer->args);
    Setting *settings = arena_take(state->arena, (size_t)count + 1, sizeof *settings);
    const OptionTable table = {optimizer->name, optimizer->args, optimizer->checks, false};
    if (!training_options(state, &table, call, settings))
        return;
    for (int k = 0; k < count; k++)
        if (!check_betas(state, &settings[k]))
            return;
    for (int k = 0; k < count; k++) {
        settings[k].is_flag = is_flag(state->arena, optimizer, &settings[k]);
        settings[k].key = arena_format(state->arena, "optimizer.%s", settings[k].arg->name);
        vec_push(state->arena, &training->optimizer_settings, settings[k]);
    }
    training->optimizer = optimizer;
}

// ---------------------------------------------------------------------------------------------------------------------
// train

// Those that are there; the order is that of train_settings.
enum {
    TRAIN_RUN,
    TRAIN_ACCUMULATE,
    TRAIN_SEED,
    TRAIN_LOG_EVERY,
    TRAIN_EVAL_EVERY,
    TRAIN_CLIP_GRAD_NORM,
    TRAIN_CLIP_GRAD_VALUE,
    TRAIN_KEPT, // the first of those of training_kept.c, in the order of its enum
    TRAIN_LATER = TRAIN_KEPT + KEPT_SETTINGS
};

static const char *const train_settings[] = {"run", "accumulate", "seed", "log_every", "eval_every", "clip_grad_norm",
    "clip_grad_value", "checkpoint", "checkpoint_every", "best", "early_stop", "ema"};
enum { ALL_TRAIN_SETTINGS = sizeof train_settings / sizeof *train_settings };

bool training_timed(TrainingState *state, const char *name, const Ast *expression, double *number, Unit *unit)
{
    Constant value;
    if (!constant_evaluate(state->constants, expression, &value))
        return false;
    if (value.kind == CONSTANT_NUMBER) {
        error_training_unit(state->diags, expression->span, name, constant_text(state->arena, &value), false, false);
        return false;
    }
    if (!training_duration(state, name, expression, &value))
        return false;
    *number = value.number;
    *unit = value.unit;
    return true;
}

void training_whole(TrainingState *state, const char *name, const Ast *expression, double least, double most,
    const char *wanted, long *number)
{
    Constant value;
    if (!constant_evaluate(state->constants, expression, &value))
        return;
    if (value.kind == CONSTANT_NUMBER && value.number == floor(value.number) && value.number >= least &&
        value.number <= most)
        *number = (long)value.number;
    else
        error_training_kind(state->diags, expression->span, name, wanted);
}

// A bound of the gradient.
static void read_bound(TrainingState *state, const char *name, const Ast *expression, double *number)
{
    Constant value;
    if (!constant_evaluate(state->constants, expression, &value))
        return;
    if (value.kind == CONSTANT_NUMBER && value.number > 0 && isfinite(value.number))
        *number = value.number;
    else
        error_training_kind(state->diags, expression->span, name, "a number above 0");
}

static void read_setting(TrainingState *state, int which, const Ast *item)
{
    Training *training = state->training;
    const Ast *row = item->child[1], *value = row->children > 0 ? row->child[0] : row;
    const char *name = train_settings[which];
    if (row->kind == AST_ERROR)
        return;
    if (ast_stages(row) != 1 || row->has_when) {
        error_training_item(state->diags, row->span, "a setting is one value", NULL);
        return;
    }
    switch (which) {
    case TRAIN_RUN:
        training_timed(state, name, value, &training->run, &training->run_unit);
        break;
    case TRAIN_ACCUMULATE:
        training->accumulate_span = item->span;
        training_whole(state, name, value, 1, 2147483647, "a whole number, at least 1", &training->accumulate);
        break;
    case TRAIN_SEED:
        training_whole(state, name, value, -9007199254740992, 9007199254740992, "a whole number", &training->seed);
        break;
    case TRAIN_LOG_EVERY:
        training_timed(state, name, value, &training->log_every, &training->log_unit);
        break;
    case TRAIN_EVAL_EVERY:
        training_timed(state, name, value, &training->eval_every, &training->eval_unit);
        break;
    case TRAIN_CLIP_GRAD_NORM:
        read_bound(state, name, value, &training->clip_grad_norm);
        break;
    case TRAIN_CLIP_GRAD_VALUE:
        read_bound(state, name, value, &training->clip_grad_value);
        break;
    default:
        if (which < TRAIN_LATER)
            training_kept(state, which - TRAIN_KEPT, name, item, value);
        else
            error_training_not_yet(state->diags, item->child[0]->span,
                arena_format(state->arena, "the setting `%s`", name));
    }
}

// name = value; `seen` holds where each setting was given.
static void read_item(TrainingState *state, const Ast *item, const Ast **seen)
{
    if (item->kind == AST_ERROR || item->kind == AST_CONST)
        return;
    if (item->kind != AST_LET) {
        error_training_item(state->diags, item->span, "`train` holds settings", "not a setting, name = value");
        return;
    }
    const Ast *left = item->child[0], *name = left->children == 1 ? left->child[0] : NULL;
    if (!name || name->kind != AST_NAME) {
        error_training_item(state->diags, left->span, "a setting has one name", NULL);
        return;
    }
    for (int k = 0; k < ALL_TRAIN_SETTINGS; k++) {
        if (strcmp(train_settings[k], name->text) != 0)
            continue;
        if (seen[k]) {
            error_training_twice(state->diags, name->span, "setting", name->text, seen[k]->child[0]->span);
            return;
        }
        seen[k] = item;
        read_setting(state, k, item);
        return;
    }
    error_training_setting(state->diags, state->arena, item, name, train_settings, ALL_TRAIN_SETTINGS);
    // Something was meant to be the length: one message is enough.
    seen[TRAIN_RUN] = seen[TRAIN_RUN] ? seen[TRAIN_RUN] : item;
}

static void read_train(TrainingState *state, const Ast *section)
{
    const Ast *body = section->child[0], *seen[ALL_TRAIN_SETTINGS] = {NULL};
    bool broken = false;
    const Scope *outer = state->constants;
    state->constants = constants_inside(state->arena, state->diags, body, outer);
    for (int k = 0; k < body->children; k++) {
        broken = broken || body->child[k]->kind == AST_ERROR;
        read_item(state, body->child[k], seen);
    }
    Span head = {section->span.file, section->span.from, section->span.from + (int)strlen("train")};
    if (!seen[TRAIN_RUN] && !broken)
        error_training_no_run(state->diags, head);
    training_kept_together(state, &seen[TRAIN_KEPT]);
    state->constants = outer;
}

Training *training_elaborate(Arena *arena, Diags *diags, const Source *source, const Scope *constants,
    const Ast *optimizer, const Ast *schedule, const Ast *train)
{
    Training *training = arena_new(arena, Training, 1);
    TrainingState state = {arena, diags, source, constants, training};
    training->arena = arena;
    training->run = training->eval_every = training->checkpoint_every = training->accumulate = 1;
    training->run_unit = training->eval_unit = training->checkpoint_unit = UNIT_EPOCHS;
    training->log_every = 100;
    training->log_unit = UNIT_STEPS;
    if (train)
        read_train(&state, train);
    if (optimizer)
        read_optimizer(&state, optimizer);
    if (schedule)
        training_schedule(&state, schedule);
    return training;
}

// ---------------------------------------------------------------------------------------------------------------------
// Flags

// Whether a word of a check, or its opposite, is one that no flag makes true: nesterov, !nesterov.
static bool never_holds(const Ast *word, const Setting *settings, int count)
{
    bool opposite = word->kind == AST_UNARY && word->text[0] == '!';
    const Ast *name = opposite ? word->child[0] : word;
    const Setting *setting =
        name->kind == AST_NAME ? settings_find(settings, count, name->text, strlen(name->text)) : NULL;
    return setting && !setting->is_flag && setting->value.kind == CONSTANT_BOOL &&
        (setting->value.number != 0) == opposite;
}

// Narrows the bounds of a flag by what a check compares it with: lr >= 0, betas[0] < 1.
static void narrow(const Ast *comparison, Arena *arena, const char *name, const Setting *settings, int count,
    Flag *flag)
{
    const Scope nothing = {.arena = arena};
    Constant number;
    if (comparison->kind == AST_PAREN) {
        narrow(comparison->child[0], arena, name, settings, count, flag);
        return;
    }
    if (comparison->kind != AST_BINARY)
        return;
    const Ast *left = comparison->child[0], *right = comparison->child[1];
    if (strcmp(comparison->text, "&&") == 0) {
        narrow(left, arena, name, settings, count, flag);
        narrow(right, arena, name, settings, count, flag);
        return;
    }
    if (strcmp(comparison->text, "||") == 0) {
        if (never_holds(left, settings, count))
            narrow(right, arena, name, settings, count, flag);
        return;
    }
    const Ast *of = left->kind == AST_INDEX ? left->child[0] : left; // betas[0]: of both
    if (of->kind != AST_NAME || strcmp(of->text, name) != 0 || !constant_evaluate(&nothing, right, &number))
        return;
    if (comparison->text[0] == '>' && number.number >= flag->least) {
        flag->above_least = comparison->text[1] == '\0' || (flag->above_least && number.number == flag->least);
        flag->least = number.number;
    }
    // An upper bound that is not included: the largest double below it.
    if (comparison->text[0] == '<' && number.number <= flag->most)
        flag->most = comparison->text[1] == '=' ? number.number : nextafter(number.number, -DBL_MAX);
}

// The flag of a setting, with the bounds that the checks of its table give it.
static Flag flag_of(const Setting *setting, Arena *arena, const Setting *settings, int count, const Check *checks)
{
    Flag flag = {.key = setting->key, .doc = setting->arg->doc, .value = setting->value, .least = -DBL_MAX,
        .most = DBL_MAX};
    bool list = setting->value.kind == CONSTANT_LIST;
    flag.member = name_member(arena, flag.key);
    flag.kind = list && setting->arg->choices                ? FLAG_DURATIONS
        : list                                               ? FLAG_PAIR
        : setting->value.kind == CONSTANT_DURATION           ? FLAG_DURATION
        : setting->arg->kind == ARG_REAL                     ? FLAG_REAL
                                                             : FLAG_INT;
    if (setting->arg->kind == ARG_SIZE)
        flag.least = 1;
    if (flag.kind == FLAG_PAIR) { // betas
        flag.least = 0;
        flag.most = nextafter(1, 0);
    }
    for (const Check *check = checks; check->condition; check++) {
        const Ast *condition = parse_expression(arena, check->condition);
        if (condition)
            narrow(condition, arena, setting->arg->name, settings, count, &flag);
    }
    return flag;
}

// Those with a number in their key behind the others: what is one struct in the output stands together.
static void push_settings(Arena *arena, Flags *flags, const Setting *settings, int count, const Check *checks)
{
    for (int numbered = 0; numbered < 2; numbered++)
        for (int k = 0; k < count; k++)
            if (settings[k].is_flag && (strchr(settings[k].key, '.') != strrchr(settings[k].key, '.')) == numbered)
                vec_push(arena, flags, flag_of(&settings[k], arena, settings, count, checks));
}

void training_push_flag(Arena *arena, Flags *flags, const char *name, FlagKind kind, const char *doc, double number,
    Unit unit)
{
    Flag flag = {.key = arena_format(arena, "train.%s", name), .doc = doc, .kind = kind};
    flag.member = flag.key;
    flag.value = (Constant){.kind = kind == FLAG_DURATION ? CONSTANT_DURATION : CONSTANT_NUMBER, .number = number,
        .unit = unit};
    flag.least = kind == FLAG_LONG ? -DBL_MAX : 1;
    flag.most = DBL_MAX;
    vec_push(arena, flags, flag);
}

static void push_bound(Arena *arena, Flags *flags, const char *name, const char *doc, double number)
{
    if (number == 0)
        return;
    training_push_flag(arena, flags, name, FLAG_REAL, doc, number, UNIT_NONE);
    flags->items[flags->count - 1].least = 0;
    flags->items[flags->count - 1].above_least = true;
}

void training_flags(const Training *training, Arena *arena, Flags *flags)
{
    if (training->optimizer)
        push_settings(arena, flags, training->optimizer_settings.items, training->optimizer_settings.count,
            training->optimizer->checks);
    for (int k = 0; k < training->schedule.count; k++) {
        const ScheduleStage *stage = &training->schedule.items[k];
        if (stage->table)
            push_settings(arena, flags, stage->settings.items, stage->settings.count, stage->table->checks);
    }
    training_push_flag(arena, flags, "run", FLAG_DURATION, "length of the run", training->run, training->run_unit);
    training_push_flag(arena, flags, "accumulate", FLAG_INT,
        training->never_accumulates ? arena_format(arena, "1: %s", training->never_accumulates)
                                    : "micro-batches in a step of the optimizer",
        (double)training->accumulate, UNIT_NONE);
    if (training->never_accumulates)
        flags->items[flags->count - 1].most = 1;
    push_bound(arena, flags, "clip_grad_norm", "the longest gradient of a step, over all parameters",
        training->clip_grad_norm);
    push_bound(arena, flags, "clip_grad_value", "the largest number in the gradient of a step",
        training->clip_grad_value);
    training_push_flag(arena, flags, "seed", FLAG_LONG, "of initial weights, order and dropout", (double)training->seed,
        UNIT_NONE);
    training_push_flag(arena, flags, "log_every", FLAG_DURATION, "how often the running loss is printed",
        training->log_every, training->log_unit);
    training_push_flag(arena, flags, "eval_every", FLAG_DURATION, "how often the model is evaluated",
        training->eval_every, training->eval_unit);
    training_kept_flags(training, arena, flags);
}
