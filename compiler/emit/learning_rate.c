// learning_rate.c: the function learning_rate of the output: the rate of a step, from the schedule; and formulas in C,
// those of metrics as well.
//
// Input: the stages of the schedule: tables with their settings, or a formula that training_schedule.c has checked.
// Output: a function of options, step and steps_per_epoch, in which a chain of stages reads like its text. Invariant:
// all of it is computed in double, and nothing of it by libm functions whose last bits differ between systems.
#include "learning_rate.h"
#include "../names.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

const char *number_text(Arena *arena, double x)
{
    if (x == floor(x) && fabs(x) < 1e6)
        return arena_format(arena, "%.0f", x);
    return shortest(arena, x);
}

// ---------------------------------------------------------------------------------------------------------------------
// A formula in C: every number of it is a double, so that a division divides

typedef struct {
    const Scope *constants;
    Arena *arena;
    FormulaName *name;
    const void *data;
} Formula;

static bool varies(const Formula *f, const Ast *expression)
{
    if (expression->kind == AST_NAME)
        return f->name(f->data, expression->text) != NULL;
    for (int k = expression->kind == AST_CALL; k < expression->children; k++)
        if (varies(f, expression->child[k]))
            return true;
    return false;
}

static bool uses_word(const Ast *expression, const char *word)
{
    if (expression->kind == AST_NAME && strcmp(expression->text, word) == 0)
        return true;
    for (int k = 0; k < expression->children; k++)
        if (uses_word(expression->child[k], word))
            return true;
    return false;
}

// 1.0, and not 1.
static const char *double_text(Arena *arena, double x)
{
    const char *text = isinf(x) ? x < 0 ? "-INFINITY" : "INFINITY" : number_text(arena, x);
    return strpbrk(text, ".eI") ? text : arena_format(arena, "%s.0", text);
}

// What does not vary is folded.
static bool is_constant(const Formula *f, const Ast *expression, Constant *value)
{
    return !varies(f, expression) && constant_evaluate(f->constants, expression, value);
}

static const Ast *without_brackets(const Ast *expression)
{
    while (expression->kind == AST_PAREN)
        expression = expression->child[0];
    return expression;
}

static bool is_truth(const Ast *expression)
{
    return (expression->kind == AST_UNARY || expression->kind == AST_BINARY) && strchr("<>=!&|", expression->text[0]);
}

static const char *condition(const Formula *f, const Ast *expression);
static const char *number(const Formula *f, const Ast *expression);

// A side of && or ||, the other of which is in brackets within it, as compilers ask for.
static const char *side(const Formula *f, const Ast *expression, char sign)
{
    const Ast *inner = without_brackets(expression);
    bool other = inner->kind == AST_BINARY && strchr("&|", inner->text[0]) && inner->text[0] != sign;
    return arena_format(f->arena, other ? "(%s)" : "%s", condition(f, inner));
}

// What stands before a `?`.
static const char *condition(const Formula *f, const Ast *expression)
{
    const Ast *inner = without_brackets(expression);
    const char *sign = inner->text;
    Constant value;
    if (is_constant(f, inner, &value))
        return value.number != 0 ? "1" : "0";
    if (inner->kind == AST_UNARY)
        return arena_format(f->arena, "!(%s)", condition(f, inner->child[0]));
    if (strchr("&|", sign[0]))
        return arena_format(f->arena, "%s %s %s", side(f, inner->child[0], sign[0]), sign,
            side(f, inner->child[1], sign[0]));
    return arena_format(f->arena, "%s %s %s", number(f, inner->child[0]), sign, number(f, inner->child[1]));
}

static const char *call_text(const Formula *f, const char *template, const Ast *const *arguments)
{
    Text out = text_new(f->arena);
    for (const char *at = template; *at; at++)
        if (*at == '$') {
            int k = *++at - '1';
            bool decides = at[1] == ' ' && at[2] == '?';
            text_string(&out, decides ? condition(f, arguments[k]) : number(f, arguments[k]));
        } else {
            text_put(&out, at, 1);
        }
    return out.data;
}

static const char *binary(const Formula *f, const Ast *expression)
{
    static const struct {
        const char *sign, *template;
    } calls[] = {{"**", "power_double($1, $2)"}, {"//", "floor($1 / $2)"}, {"%", "remainder_double($1, $2)"}};
    const Ast *const *sides = (const Ast *const *)expression->child;
    for (size_t k = 0; k < sizeof calls / sizeof *calls; k++)
        if (strcmp(expression->text, calls[k].sign) == 0)
            return call_text(f, calls[k].template, sides);
    return arena_format(f->arena, "%s %s %s", number(f, sides[0]), expression->text, number(f, sides[1]));
}

static const char *number(const Formula *f, const Ast *expression)
{
    const Ast *inner = without_brackets(expression);
    Constant value;
    if (is_constant(f, expression, &value))
        return arena_format(f->arena, value.number < 0 ? "(%s)" : "%s", double_text(f->arena, value.number));
    if (is_truth(inner))
        return arena_format(f->arena, "(%s ? 1.0 : 0.0)", condition(f, inner));
    switch (expression->kind) {
    case AST_NAME:
        return f->name(f->data, expression->text);
    case AST_PAREN:
        return arena_format(f->arena, "(%s)", number(f, inner));
    case AST_UNARY: {
        const char *operand = number(f, expression->child[0]);
        return arena_format(f->arena, *operand == '-' ? "-(%s)" : "-%s", operand);
    }
    case AST_BINARY:
        return binary(f, expression);
    case AST_CALL:
        return call_text(f, schedule_function(expression->child[0]->text)->c,
            (const Ast *const *)expression->child + 1);
    default:
        return "0.0";
    }
}

const char *formula_text(Arena *arena, const Scope *constants, const Ast *expression, FormulaName *name,
    const void *data)
{
    const Formula f = {constants, arena, name, data};
    return number(&f, expression);
}

// step, steps, epoch, epochs are variables of learning_rate.
static const char *clock_name(const void *data, const char *name)
{
    (void)data;
    return word_in(name, strlen(name), "step steps epoch epochs") ? name : NULL;
}

// The clocks that a formula uses. `before`: what the stages in front of it take of the run, " - in_steps(...)".
static void emit_clocks(Writer *w, const Ast *formula, const char *before)
{
    bool epoch = uses_word(formula, "epoch"), epochs = uses_word(formula, "epochs");
    if (uses_word(formula, "step") || epoch)
        writer_line(w, "double step = k%s;", before);
    if (uses_word(formula, "steps") || epochs)
        writer_line(w, "double steps = in_steps(options->train.run, steps_per_epoch)%s;", before);
    if (epoch)
        writer_line(w, "double epoch = step / steps_per_epoch;");
    if (epochs)
        writer_line(w, "double epochs = steps / steps_per_epoch;");
}

// The factor that a formula is. `lr`: the C of the rate.
static void emit_factor(Writer *w, const Program *program, const Ast *formula, const char *lr)
{
    const char *text = formula_text(program->arena, program->constants, formula, clock_name, NULL);
    writer_line(w, strpbrk(text, " ?") ? "return %s * (%s);" : "return %s * %s;", lr, text);
}

static void emit_formula(Writer *w, const Program *program)
{
    const Ast *formula = program->training->schedule.items[0].formula;
    bool epoch = uses_word(formula, "epoch"), epochs = uses_word(formula, "epochs");
    writer_comment(w, "schedule %s        a factor of lr", program->training->schedule_text);
    writer_function(w, "static double learning_rate(const struct Options *options, int k, int steps_per_epoch)");
    emit_clocks(w, formula, "");
    if (!uses_word(formula, "step") && !epoch)
        writer_line(w, "(void)k;");
    if (!uses_word(formula, "steps") && !epoch && !epochs)
        writer_line(w, "(void)steps_per_epoch;");
    emit_factor(w, program, formula, "options->optimizer.lr");
    writer_close(w, "%s", "");
    writer_blank(w);
}

// ---------------------------------------------------------------------------------------------------------------------
// A schedule of the tables

// The local variable that a duration is: T_max, or T_max_2 where another stage has a T_max.
static const char *local_name(Arena *arena, const Setting *setting)
{
    const char *number = strchr(setting->key, '.') + 1, *dot = strchr(number, '.');
    return dot ? arena_format(arena, "%s_%.*s", setting->arg->name, (int)(dot - number), number) : setting->arg->name;
}

// Its place in struct Options: schedule.T_max_ where a macro has the name T_max.
static const char *option_place(Arena *arena, const Setting *setting)
{
    bool run = setting->value.kind == CONSTANT_WORD;
    return arena_format(arena, "options->%s", run ? "train.run" : name_member(arena, setting->key));
}

// The template of a stage in C. `left`: `run` is a number, what is left of the run.
static const char *expand(const Program *program, const ScheduleStage *stage, bool left)
{
    Text out = text_new(program->arena);
    for (const char *at = stage->table->value; *at;) {
        size_t n = 0;
        if (*at != '$') {
            text_put(&out, at++, 1);
            continue;
        }
        at++;
        while (isalnum((unsigned char)at[n]) || at[n] == '_')
            n++;
        const Setting *setting = schedule_setting(stage, at, n);
        if (!setting)
            text_put(&out, at, n); // lr, t
        else if (setting_is_duration(setting))
            text_add(&out, "%s%s", local_name(program->arena, setting),
                left && setting->value.kind == CONSTANT_WORD ? "" : ".count");
        else if (setting->value.kind == CONSTANT_LIST)
            text_string(&out, local_name(program->arena, setting));
        else
            text_string(&out, option_place(program->arena, setting));
        at += n;
    }
    return out.data;
}

// What is being written: a schedule, or a chain of them.
typedef struct {
    const Program *program;
    const char *unit; // C that is true if the durations are in epochs; NULL: there is none so far
    Text before;      // " - total_iters.count": of the stages so far
    Text steps_before; // " - in_steps(total_iters, steps_per_epoch)"
} Chain;

// The durations of a stage as local variables. In a chain `run` is what is left of it.
static void emit_durations(Writer *w, Chain *chain, const ScheduleStage *stage)
{
    Arena *arena = chain->program->arena;
    for (int k = 0; k < stage->settings.count; k++) {
        const Setting *setting = &stage->settings.items[k];
        const char *name = local_name(arena, setting), *place = option_place(arena, setting);
        if (setting->value.kind == CONSTANT_LIST) {
            writer_line(w, "const struct Durations *%s = &%s;", name, place);
            chain->unit = chain->unit ? chain->unit : arena_format(arena, "%s->epochs", name);
        } else if (setting->value.kind == CONSTANT_WORD && chain->before.length > 0) {
            writer_line(w, "double %s = in_unit(%s, %s, steps_per_epoch)%s;", name, place, chain->unit,
                chain->before.data);
        } else if (setting_is_duration(setting)) {
            writer_line(w, "struct Duration %s = %s;", name, place);
            chain->unit = chain->unit ? chain->unit : arena_format(arena, "%s.epochs", name);
        }
    }
}

// The last stage, or the only one: it holds its value at its end.
static void emit_last(Writer *w, Chain *chain, const ScheduleStage *stage)
{
    Arena *arena = chain->program->arena;
    bool first = chain->before.length == 0;
    emit_durations(w, chain, stage);
    const char *length = stage->table->length, *clock = "t";
    if (first)
        clock = chain->unit ? arena_format(arena, "%s ? step / steps_per_epoch : step", chain->unit) : "step";
    const Setting *end = length ? schedule_setting(stage, length, strlen(length)) : NULL;
    if (end && setting_is_duration(end))
        clock = arena_format(arena, "fmin(%s, %s%s)", clock, local_name(arena, end),
            !first && end->value.kind == CONSTANT_WORD ? "" : ".count");
    if (strcmp(clock, "t") != 0)
        writer_line(w, first ? "double t = %s;" : "t = %s;", clock);
    if (!chain->unit)
        writer_line(w, "(void)steps_per_epoch;");
    writer_line(w, "return %s;", expand(chain->program, stage, !first));
}

// A stage with another one behind it, whose clock starts at 0 where this one ends.
static void emit_stage(Writer *w, Chain *chain, const ScheduleStage *stage, const char *step, bool formula_follows)
{
    Arena *arena = chain->program->arena;
    bool first = chain->before.length == 0;
    const char *end = local_name(arena, schedule_setting(stage, stage->table->length, strlen(stage->table->length)));
    emit_durations(w, chain, stage);
    if (first)
        writer_line(w, "double t = %s ? %s / steps_per_epoch : %s;", chain->unit, step, step);
    writer_line(w, "if (t < %s.count)", end);
    writer_indent(w);
    writer_line(w, "return %s;", expand(chain->program, stage, true));
    writer_dedent(w);
    if (!formula_follows)
        writer_line(w, "t -= %s.count; /* the clock of the next stage starts at 0 */", end);
    text_add(&chain->before, " - %s.count", end);
    text_add(&chain->steps_before, " - in_steps(%s, steps_per_epoch)", end);
}

static void emit_chain(Writer *w, const Program *program)
{
    const Training *training = program->training;
    int last = training->schedule.count - 1;
    Chain chain = {program, NULL, text_new(program->arena), text_new(program->arena)};
    const char *step = training->schedule.items[last].formula ? "k" : "step"; // a formula has a step of its own
    writer_comment(w, "schedule %s", training->schedule_text);
    writer_function(w, "static double learning_rate(const struct Options *options, int %s, int steps_per_epoch)", step);
    writer_line(w, "double lr = options->optimizer.lr;");
    for (int k = 0; k <= last; k++) {
        const ScheduleStage *stage = &training->schedule.items[k];
        writer_blank(w);
        writer_comment(w, stage->table ? "%s" : "%s        a factor of lr", stage->text);
        if (stage->table)
            writer_comment(w, "%s", stage->table->formula);
        if (k < last) {
            emit_stage(w, &chain, stage, step, stage[1].formula != NULL);
        } else if (stage->formula) {
            emit_clocks(w, stage->formula, chain.steps_before.data);
            emit_factor(w, program, stage->formula, "lr");
        } else {
            emit_last(w, &chain, stage);
        }
    }
    writer_close(w, "%s", "");
    writer_blank(w);
}

static void emit_table(Writer *w, const Program *program)
{
    const ScheduleStage *stage = &program->training->schedule.items[0];
    Chain chain = {program, NULL, text_new(program->arena), text_new(program->arena)};
    writer_comment(w, "schedule %s        %s", program->training->schedule_text,
        stage->table->formula ? stage->table->formula : "");
    writer_function(w, "static double learning_rate(const struct Options *options, int step, int steps_per_epoch)");
    writer_line(w, "double lr = options->optimizer.lr;");
    emit_last(w, &chain, stage);
    writer_close(w, "%s", "");
    writer_blank(w);
}

static void emit_constant(Writer *w)
{
    writer_comment(w, "No schedule: the same at every step.");
    writer_function(w, "static double learning_rate(const struct Options *options, int step, int steps_per_epoch)");
    writer_line(w, "(void)step;");
    writer_line(w, "(void)steps_per_epoch;");
    writer_line(w, "return options->optimizer.lr;");
    writer_close(w, "%s", "");
    writer_blank(w);
}

void emit_learning_rate(Writer *w, Program *program)
{
    const Training *training = program->training;
    if (training->schedule.count == 0)
        emit_constant(w);
    else if (training->schedule.count > 1)
        emit_chain(w, program);
    else if (training->schedule.items[0].formula)
        emit_formula(w, program);
    else
        emit_table(w, program);
}
