// learning_rate.c: the function learning_rate of the output: the rate of a step, from the schedule.
//
// Input: a schedule's table with its settings, or a formula that training_schedule.c has checked. Output: a function of
// options, step and steps_per_epoch. Invariant: all of it is computed in double, and nothing of it by libm functions
// whose last bits differ between systems.
#include "learning_rate.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

typedef struct {
    const Program *program;
    Arena *arena;
    Text *out;
} Formula;

const char *number_text(Arena *arena, double x)
{
    if (x == floor(x) && fabs(x) < 1e6)
        return arena_format(arena, "%.0f", x);
    return shortest(arena, x);
}

// ---------------------------------------------------------------------------------------------------------------------
// A formula in C

static bool varies(const Ast *expression)
{
    if (expression->kind == AST_NAME)
        return word_in(expression->text, strlen(expression->text), "step steps epoch epochs");
    for (int k = 0; k < expression->children; k++)
        if (varies(expression->child[k]))
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

static void put_formula(Formula *f, const Ast *expression, bool condition);

static void put_call(Formula *f, const char *template, const Ast *const *arguments)
{
    for (const char *at = template; *at; at++)
        if (*at == '$') {
            int k = *++at - '1';
            put_formula(f, arguments[k], k == 0 && at[1] == ' ' && at[2] == '?');
        } else {
            text_put(f->out, at, 1);
        }
}

// Comparisons are 0 or 1 and whole: as numbers they are made double, so that dividing them divides.
static void put_truth(Formula *f, const Ast *expression, bool condition)
{
    if (!condition)
        text_string(f->out, "(");
    put_formula(f, expression->child[0], true);
    text_add(f->out, " %s ", expression->text);
    put_formula(f, expression->child[1], true);
    if (!condition)
        text_string(f->out, " ? 1.0 : 0.0)");
}

static void put_binary(Formula *f, const Ast *expression, bool condition)
{
    static const struct {
        const char *sign, *template;
    } calls[] = {{"**", "power_double($1, $2)"}, {"//", "floor($1 / $2)"}, {"%", "remainder_double($1, $2)"}};
    const Ast *const *sides = (const Ast *const *)expression->child;
    for (size_t k = 0; k < sizeof calls / sizeof *calls; k++)
        if (strcmp(expression->text, calls[k].sign) == 0) {
            put_call(f, calls[k].template, sides);
            return;
        }
    if (strchr("<>=!&|", expression->text[0])) {
        put_truth(f, expression, condition);
        return;
    }
    put_formula(f, sides[0], false);
    text_add(f->out, " %s ", expression->text);
    put_formula(f, sides[1], false);
}

// What does not vary is folded, so that every division left has a double on one side.
static bool put_constant(Formula *f, const Ast *expression)
{
    Constant value;
    if (varies(expression) || !constant_evaluate(f->program->constants, expression, &value))
        return false;
    text_add(f->out, value.number < 0 ? "(%s)" : "%s", number_text(f->arena, value.number));
    return true;
}

static void put_formula(Formula *f, const Ast *expression, bool condition)
{
    if (put_constant(f, expression))
        return;
    switch (expression->kind) {
    case AST_NAME:
        text_string(f->out, expression->text);
        break;
    case AST_PAREN:
        text_string(f->out, "(");
        put_formula(f, expression->child[0], condition);
        text_string(f->out, ")");
        break;
    case AST_UNARY:
        text_string(f->out, expression->text[0] == '!' ? "(" : "");
        text_string(f->out, expression->text);
        put_formula(f, expression->child[0], false);
        text_string(f->out, expression->text[0] == '!' ? " ? 1.0 : 0.0)" : "");
        break;
    case AST_BINARY:
        put_binary(f, expression, condition);
        break;
    case AST_CALL:
        put_call(f, schedule_function(expression->child[0]->text)->c, (const Ast *const *)expression->child + 1);
        break;
    default:
        break;
    }
}

static void emit_formula(Writer *w, Program *program)
{
    const Ast *expression = program->training->schedule_expression;
    bool epoch = uses_word(expression, "epoch"), epochs = uses_word(expression, "epochs");
    Text text = text_new(program->arena);
    Formula formula = {program, program->arena, &text};
    put_formula(&formula, expression, false);
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
    bool simple = !strpbrk(text.data, " ?");
    writer_line(w, simple ? "return options->optimizer.lr * %s;" : "return options->optimizer.lr * (%s);", text.data);
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
            text_add(&out, "options->schedule.%.*s", (int)n, at);
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
                                                 : arena_format(program->arena, "schedule.%s", setting->arg->name));
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
