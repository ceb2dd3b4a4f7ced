// Arithmetic at compile time: values, and a message for every fault.
#define _POSIX_C_SOURCE 200809L
#include "constant.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void exhausted(void) { abort(); }

// A program of constants, and its messages: "2:11: error[E0011]: division by zero", one a line.
static const Scope *constants(Arena *arena, const char *text, char **messages)
{
    const char *error = NULL;
    Source *source = source_from(arena, "t.mt", text, strlen(text), &error);
    cr_assert(source, "%s", error);
    Diags *diags = diags_create(arena, source);
    Parsed parsed = parse_program(arena, diags, source);
    const Scope *scope = constants_of(arena, diags, parsed.file);
    size_t length = 0;
    FILE *out = open_memstream(messages, &length);
    diags_print(diags, out, FORMAT_SHORT, false);
    fclose(out);
    return scope;
}

// The value of `x` in a program of constants, as text; "" where there is none.
static const char *value_in(Arena *arena, const Scope *scope, const char *expression)
{
    Scope quiet = *scope;
    quiet.diags = NULL;
    Constant value;
    const Ast *ast = parse_expression(arena, expression);
    cr_assert(ast, "%s", expression);
    return constant_evaluate(&quiet, ast, &value) ? constant_text(arena, &value) : "";
}

typedef struct {
    const char *expression, *value;
} Case;

Test(constant, values)
{
    static const Case cases[] = {
        {"1 + 2 * 3", "7"}, {"(1 + 2) * 3", "9"}, {"10 - 4 - 3", "3"}, {"7 / 2", "3.5"}, {"-7 / 2", "-3.5"},
        {"7 // 2", "3"}, {"-7 // 2", "-4"}, {"7 // -2", "-4"}, {"-7 // -2", "3"}, {"7 % 3", "1"}, {"-7 % 3", "2"},
        {"7 % -3", "-2"}, {"-7 % -3", "-1"}, {"5.5 % 2", "1.5"}, {"0.3 // 0.1", "2"}, {"1 // 0.1", "9"},
        {"2 ** 10", "1024"}, {"2 ** 3 ** 2", "512"}, {"-2 ** 2", "-4"}, {"(-2) ** 3", "-8"}, {"2 ** -2", "0.25"},
        {"9 ** 0.5", "3"}, {"2 ** 0.5", "1.4142135623730951"}, {"10 ** 20", "1e+20"}, {"0 ** 0", "1"},
        {"1 < 2", "true"}, {"2 <= 1", "false"}, {"1 == 1.0", "true"}, {"1 != 1", "false"}, {"3 >= 3", "true"},
        {"3 > 3", "false"}, {"\"a\" == \"a\"", "true"}, {"\"a\" != \"b\"", "true"}, {"true == false", "false"},
        {"true && false", "false"}, {"false || true", "true"}, {"!true", "false"}, {"1 < 2 && 2 < 3", "true"},
        {"false && 1 / 0 > 1", "false"}, {"true || 1 / 0 > 1", "true"}, {"where(1 < 2, 3, 1 / 0)", "3"},
        {"where(1 > 2, 1 / 0, 4)", "4"}, {"sqrt(2)", "1.4142135623730951"}, {"sqrt(16)", "4"}, {"abs(-3)", "3"},
        {"floor(-1.5)", "-2"}, {"ceil(1.2)", "2"}, {"min(3, 1, 2)", "1"}, {"max(3, 1, 2)", "3"},
        {"exp(1)", "2.71828182845905"}, {"log(10)", "2.30258509299405"}, {"sin(1)", "0.841470984807897"},
        {"cos(1)", "0.54030230586814"}, {"tanh(0.5)", "0.46211715726001"}, {"exp(0)", "1"}, {"log(1)", "0"},
        {"pi", "3.141592653589793"}, {"inf", "inf"}, {"-inf", "-inf"}, {"1 / inf", "0"},
        {"0.1 + 0.2", "0.30000000000000004"},
        {"\"a\\n\"", "\"a\\n\""}, {"[1, 2.5, true, []]", "[1, 2.5, true, []]"}, {"10 epochs", "10 epochs"},
        {"3 * 2 steps", "6 steps"}, {"1 epoch * 4", "4 epochs"}, {"1 steps", "1 step"}, {"1e3 steps", "1000 steps"},
        {"100000", "100000"}, {"1e-8", "1e-08"}, {"-0.0", "0"}, {"(((5)))", "5"},
        // No value, and no message without diags:
        {"1 / 0", ""}, {"1 // 0", ""}, {"1 % 0", ""}, {"0 ** -1", ""}, {"sqrt(-1)", ""}, {"log(0)", ""},
        {"inf - inf", ""}, {"1e308 * 10", ""}, {"exp(1000)", ""}, {"\"a\" + 1", ""}, {"1 step + 1 step", ""},
        {"0 * 1 step", ""}, {"1.5 * 2 steps", ""}, {"min(1)", ""}, {"sqrt(1, 2)", ""}, {"sqrt(x=1)", ""}, {"f(1)", ""},
        {"nobody", ""}, {"a[1]", ""}, {"[1, nobody]", ""}, {"-true", ""}, {"!\"a\"", ""}, {"sqrt(true)", ""},
    };
    Arena *arena = arena_create(exhausted);
    char *messages;
    const Scope *scope = constants(arena, "mt 1\n", &messages);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(value_in(arena, scope, cases[i].expression), cases[i].value, "%s gives %s",
            cases[i].expression, value_in(arena, scope, cases[i].expression));
    free(messages);
    arena_destroy(arena);
}

// // and % belong together, and have Python's signs.
Test(constant, division)
{
    Arena *arena = arena_create(exhausted);
    char *messages;
    const Scope *scope = constants(arena, "mt 1\n", &messages);
    for (int a = -20; a <= 20; a++)
        for (int b = -7; b <= 7; b++) {
            if (b == 0)
                continue;
            const char *text = arena_format(arena, "(%d // %d) * (%d) + %d %% %d == %d && (%d %% %d) * (%d) >= 0", a, b,
                b, a, b, a, a, b, b);
            cr_assert_str_eq(value_in(arena, scope, text), "true", "%s", text);
        }
    free(messages);
    arena_destroy(arena);
}

Test(constant, any_order)
{
    Arena *arena = arena_create(exhausted);
    char *messages;
    const Scope *scope = constants(arena,
        "mt 1\nconst A = B + 1\nconst B = C * 2\nconst C = 3\nconst E = 2 * D\nconst D = 10 epochs\n", &messages);
    cr_assert_str_eq(messages, "");
    cr_assert_str_eq(value_in(arena, scope, "A"), "7");
    cr_assert_str_eq(value_in(arena, scope, "E"), "20 epochs");
    free(messages);
    arena_destroy(arena);
}

Test(constant, messages)
{
    static const Case cases[] = {
        {"const a = b\nconst b = a\nconst c = a", "2:7: error[E0013]: the constant `a` needs itself"},
        {"const a = b + c\nconst b = a\nconst c = a", "2:7: error[E0013]: the constant `a` needs itself"},
        {"const a = a", "2:7: error[E0013]: the constant `a` needs itself"},
        {"const a = 1 / 0\nconst b = a + 1", "2:15: error[E0011]: division by zero"},
        {"const a = 1 % (2 - 2)", "2:15: error[E0011]: division by zero"},
        {"const a = 0 ** -1", "2:11: error[E0011]: division by zero"},
        {"const width = 3\nconst a = widht", "3:11: error[E0101]: unknown constant `widht`"},
        {"const a = sqr(2)", "2:11: error[E0101]: unknown constant function `sqr`"},
        {"const a = True", "2:11: error[E0101]: unknown constant `True`"},
        {"const a = \"a\" + 1", "2:11: error[E0010]: `+` needs numbers"},
        {"const a = 1 < \"a\"", "2:15: error[E0010]: `<` needs numbers"},
        {"const a = 1 && true", "2:11: error[E0010]: `&&` needs conditions"},
        {"const a = where(1, 2, 3)", "2:17: error[E0010]: `where` needs conditions"},
        {"const a = 1 == \"a\"", "2:16: error[E0010]: `==` needs two of a kind: the left side is a number"},
        {"const a = -true", "2:12: error[E0010]: `-` needs a number"},
        {"const a = x.y", "2:11: error[E0012]: this is not constant"},
        {"const a = b[1]", "2:11: error[E0012]: this is not constant"},
        {"const a = sqrt(x=1)", "2:16: error[E0012]: this is not constant"},
        {"const a = sqrt(-1)", "2:11: error[E0014]: the result is not a number"},
        {"const a = 1e300 * 1e300", "2:11: error[E0014]: the result is too large"},
        {"const a = 1.5 * 2 steps", "2:11: error[E0015]: only a whole number times a duration is a duration"},
        {"const a = 1 step + 1 step", "2:11: error[E0015]: only a whole number times a duration is a duration"},
        {"const a = min(1)", "2:11: error[E0016]: `min` takes at least two numbers"},
        {"const a = exp()", "2:11: error[E0016]: `exp` takes one number"},
        {"const a = where(true, 1)", "2:11: error[E0016]: `where` takes a condition and two values"},
        {"const a = 1\nconst a = 2", "3:7: error[E0018]: the constant `a` is defined twice"},
        {"const pi = 3", "2:7: error[E0018]: the constant `pi` is built in"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *arena = arena_create(exhausted);
        char *messages;
        constants(arena, arena_format(arena, "mt 1\n%s\n", cases[i].expression), &messages);
        const char *expected = arena_format(arena, "t.mt:%s\n", cases[i].value);
        cr_expect_str_eq(messages, expected, "%s\ngives\n%s", cases[i].expression, messages);
        free(messages);
        arena_destroy(arena);
    }
}

// A chain that would be deep if it were walked by recursion, and the same as a circle.
Test(constant, long_chains, .timeout = 60)
{
    enum { MANY = 100000 };
    for (int circle = 0; circle < 2; circle++) {
        Arena *arena = arena_create(exhausted);
        Text text = text_new(arena);
        text_string(&text, "mt 1\n");
        for (int i = 0; i < MANY; i++)
            text_add(&text, "const c%d = c%d + 1\n", i, i + 1);
        text_add(&text, "const c%d = %s\n", MANY, circle ? "c0" : "1");
        char *messages;
        const Scope *scope = constants(arena, text.data, &messages);
        cr_expect_str_eq(value_in(arena, scope, "c0"), circle ? "" : "100001");
        cr_expect_str_eq(messages, circle ? "t.mt:2:7: error[E0013]: the constant `c0` needs itself\n" : "");
        free(messages);
        arena_destroy(arena);
    }
}

// ---------------------------------------------------------------------------------------------- tables of operations

// H = 28, k = 5, padding = [2, 1], stride = 1, name = same, list = three numbers, negative = -3.
static bool find(const Scope *scope, const Ast *name, Constant *value, bool *poisoned)
{
    static const Constant two[] = {{.kind = CONSTANT_NUMBER, .number = 2}, {.kind = CONSTANT_NUMBER, .number = 1}};
    static const Constant none[] = {{.kind = CONSTANT_NUMBER}, {.kind = CONSTANT_NUMBER}, {.kind = CONSTANT_NUMBER}};
    static const struct {
        const char *name;
        Constant value;
    } known[] = {
        {"H", {.kind = CONSTANT_NUMBER, .number = 28}}, {"k", {.kind = CONSTANT_NUMBER, .number = 5}},
        {"padding", {.kind = CONSTANT_LIST, .items = two, .count = 2}},
        {"stride", {.kind = CONSTANT_NUMBER, .number = 1}}, {"mode", {.kind = CONSTANT_WORD, .text = "same"}},
        {"same", {.kind = CONSTANT_WORD, .text = "same"}}, {"valid", {.kind = CONSTANT_WORD, .text = "valid"}},
        {"list", {.kind = CONSTANT_LIST, .items = none, .count = 3}}, {"empty", {.kind = CONSTANT_LIST}},
        {"negative", {.kind = CONSTANT_NUMBER, .number = -3}},
    };
    (void)scope;
    *poisoned = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (name->kind == AST_NAME && strcmp(name->text, known[i].name) == 0) {
            *value = known[i].value;
            return true;
        }
    return false;
}

Test(constant, tables)
{
    static const Case values[] = {
        {"(H + 2*padding.h - k) // stride.h + 1", "28"}, {"(H + 2*padding.w - k) // stride.w + 1", "26"},
        {"!list", "false"}, {"!empty", "true"}, {"k && H", "true"}, {"k - 5 || false", "false"},
        {"mode == same", "true"}, {"mode != valid", "true"}, {"padding == same", "false"}, {"k != same", "true"},
        {"true == 1", "true"}, {"padding.x", ""}, {"list.h", ""}, {"k < same", ""},
    };
    static const Case numbers[] = {
        {"(H + 2*padding.h - k) // stride.h + 1", "(28 + 2*2 - 5) // 1 + 1"},
        {"H * k", "28 * 5"}, {"H*k - padding.w", "28*5 - 1"}, {"-H + unknown", "-28 + unknown"},
        {"max(H, k * 2)", "max(28, 5 * 2)"}, {"negative ** 2", "(-3) ** 2"}, {"padding", "[2, 1]"},
        {"mode == same && !list", "same == same && ![0, 0, 0]"}, {"[H, k]", "[28, 5]"}, {"f(a=H)", "f(a=28)"},
    };
    Arena *arena = arena_create(exhausted);
    Scope scope = {.arena = arena, .find = find};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        cr_expect_str_eq(value_in(arena, &scope, values[i].expression), values[i].value, "%s gives %s",
            values[i].expression, value_in(arena, &scope, values[i].expression));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const char *text = constant_in_numbers(&scope, parse_expression(arena, numbers[i].expression));
        cr_expect_str_eq(text, numbers[i].value, "%s gives %s", numbers[i].expression, text);
    }
    arena_destroy(arena);
}

// Names are looked for in the scope, then in those around it; a poisoned one is silent.
Test(constant, scopes)
{
    Arena *arena = arena_create(exhausted);
    char *messages;
    const Scope *outer = constants(arena, "mt 1\nconst a = 1 / 0\nconst H = 1\nconst z = 4\n", &messages);
    Scope inner = {.arena = arena, .diags = outer->diags, .find = find, .outer = outer};
    cr_assert_str_eq(value_in(arena, &inner, "H + z"), "32");
    Constant value;
    int before = diags_errors(outer->diags);
    cr_assert_not(constant_evaluate(&inner, parse_expression(arena, "a + 1"), &value));
    cr_assert_eq(diags_errors(outer->diags), before);
    cr_assert_not(constant_evaluate(&inner, parse_expression(arena, "nobody"), &value));
    cr_assert_eq(diags_errors(outer->diags), before + 1);
    free(messages);
    arena_destroy(arena);
}
