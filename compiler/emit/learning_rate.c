// learning_rate.c: the function learning_rate of the output: the rate of a step, from the schedule; and formulas in C,
// those of metrics as well.
//
// Input: a schedule's table with its settings, or a formula that training_schedule.c has checked. Output: a function of
// options, step and steps_per_epoch. Invariant: all of it is computed in double, and nothing of it by libm functions
// whose last bits differ between systems.
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

static void emit_formula(Writer *w, Program *program)
{
    const Ast *expression = program->training->schedule_expression;
    bool epoch = uses_word(expression, "epoch"), epochs = uses_word(expression, "epochs");
    const char *text = formula_text(program->arena, program->constants, expression, clock_name, NULL);
    writer_comment(w, "schedule %s        a factor of lr", program->training->schedule_text);
    writer_function(w, "static double learning_rate(const struct Options *options, int k, int steps_per_epoch)");
    if (uses_word(expression, "step") || epoch)
        writer_line(w, "double step = k;");
    if (uses_word(expression, "steps") || epochs)
        writer_line(w, "double steps = in_steps(options->train.run, steps_per_epoch);");
    if (epoch)
        writer_line(w, "double epoch = step / steps_per_epoch;");
    if (epochs)
        writer_line(w, "double epochs = steps / steps_per_epoch;");
    if (!uses_word(expression, "step") && !epoch)
        writer_line(w, "(void)k;");
    if (!uses_word(expression, "steps") && !epoch && !epochs)
        writer_line(w, "(void)steps_per_epoch;");
    bool simple = !strpbrk(text, " ?");
    writer_line(w, simple ? "return options->optimizer.lr * %s;" : "return options->optimizer.lr * (%s);", text);
    writer_close(w, "%s", "");
    writer_blank(w);
}

// ---------------------------------------------------------------------------------------------------------------------
// A schedule of the tables

static bool is_duration(const Setting *setting)
{
    return setting->value.kind == CONSTANT_DURATION ||
        (setting->value.kind == CONSTANT_WORD && strcmp(setting->value.text, "run") == 0);
}

// schedule.T_max_ where a macro has the name T_max: as in struct Options.
static const char *schedule_member(Arena *arena, const Setting *setting)
{
    return name_member(arena, arena_format(arena, "schedule.%s", setting->arg->name));
}

static const char *expand(Program *program, const char *template)
{
    Text out = text_new(program->arena);
    for (const char *at = template; *at;) {
        size_t n = 0;
        if (*at != '$') {
            text_put(&out, at++, 1);
            continue;
        }
        at++;
        while (isalnum((unsigned char)at[n]) || at[n] == '_')
            n++;
        const Setting *setting = schedule_setting(program->training, at, n);
        if (!setting)
            text_put(&out, at, n); // lr, t
        else if (is_duration(setting))
            text_add(&out, "%.*s.count", (int)n, at);
        else if (setting->is_flag)
            text_add(&out, "options->%s", schedule_member(program->arena, setting));
        else
            text_string(&out, number_text(program->arena, setting->value.number));
        at += n;
    }
    return out.data;
}

// The durations as local variables, and t, the clock of the schedule, in their unit.
static void emit_clock(Writer *w, Program *program)
{
    const Training *training = program->training;
    const char *first = NULL, *length = training->schedule->length;
    for (int k = 0; k < training->schedule_settings.count; k++) {
        const Setting *setting = &training->schedule_settings.items[k];
        if (!is_duration(setting))
            continue;
        writer_line(w, "struct Duration %s = options->%s;", setting->arg->name,
            setting->value.kind == CONSTANT_WORD ? "train.run"
                                                 : schedule_member(program->arena, setting));
        first = first ? first : setting->arg->name;
    }
    const char *clock = "step";
    if (first)
        clock = arena_format(program->arena, "%s.epochs ? step / steps_per_epoch : step", first);
    const Setting *end = length ? schedule_setting(training, length, strlen(length)) : NULL;
    if (end && is_duration(end))
        writer_line(w, "double t = fmin(%s, %s.count);", clock, length); // then it holds its value
    else
        writer_line(w, "double t = %s;", clock);
    if (!first)
        writer_line(w, "(void)steps_per_epoch;");
}

void emit_learning_rate(Writer *w, Program *program)
{
    const Training *training = program->training;
    if (training->schedule_expression) {
        emit_formula(w, program);
        return;
    }
    if (training->schedule)
        writer_comment(w, "schedule %s        %s", training->schedule_text,
            training->schedule->formula ? training->schedule->formula : "");
    else
        writer_comment(w, "No schedule: the same at every step.");
    writer_function(w, "static double learning_rate(const struct Options *options, int step, int steps_per_epoch)");
    if (training->schedule) {
        writer_line(w, "double lr = options->optimizer.lr;");
        emit_clock(w, program);
        writer_line(w, "return %s;", expand(program, training->schedule->value));
    } else {
        writer_line(w, "(void)step;");
        writer_line(w, "(void)steps_per_epoch;");
        writer_line(w, "return options->optimizer.lr;");
    }
    writer_close(w, "%s", "");
    writer_blank(w);
}
