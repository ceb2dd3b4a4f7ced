// Scalar expressions: derivatives, simplification, shared parts, C and formulas against texts written by hand;
// bounds; and the derivatives of 2,000 random fns against central differences, in double.
#include "diag.h"
#include "fn.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void exhausted(void) { abort(); }

// A program that is nothing but declarations.
static Program *declared(const char *text)
{
    const char *error;
    Arena *arena = arena_create(exhausted);
    Program *program = arena_new(arena, Program, 1);
    program->arena = arena;
    program->source = source_from(arena, "test.mt", text, strlen(text), &error);
    program->diags = diags_create(arena, program->source);
    program->functions = map_new(arena);
    files_read(program, NULL);
    files_constants(program, &program->sets);
    fns_declare(program);
    if (diags_errors(program->diags))
        diags_print(program->diags, stderr, FORMAT_FULL, false);
    return program;
}

static const Fn *fn_named(const Program *program, const char *name)
{
    const Op *op = map_get(&program->functions, name);
    cr_assert(op, "no fn `%s`", name);
    return fn_of(program, op);
}

static void put_block(Text *out, const ExprBlock *block)
{
    for (int i = 0; i < block->lines.count; i++) {
        const ExprLine *line = &block->lines.items[i];
        text_add(out, "%s%s", line->name ? line->name : "", line->name ? " = " : "");
        if (line->value) {
            text_add(out, "%s; ", line->value);
            continue;
        }
        text_add(out, "if (%s) {", line->condition);
        put_block(out, line->yes);
        text_string(out, "} else {");
        put_block(out, line->no);
        text_string(out, line->name ? "}; " : "}");
    }
    text_string(out, block->result ? block->result : "");
}

// "s = sigmoid(x); s + x * s * (1 - s)"
static const char *as_c(const Fn *fn, int input)
{
    const Expr *e = expr_expand(fn->pool, input < 0 ? fn->value : fn->derivative[input]);
    Text out = text_new(fn->pool->arena);
    put_block(&out, expr_write(fn->pool, e, "x z a").c);
    return out.data;
}

static void expect(const char *body, const char *value, const char *derivative, const char *formula)
{
    Arena *scratch = arena_create(exhausted);
    Program *program = declared(arena_format(scratch, "mt 1\nconst C = 4\nfn g(x; b=2) = x * b\nfn f(x, z; a=1) = %s\n", body));
    const Fn *fn = fn_named(program, "f");
    const char *got = as_c(fn, -1);
    cr_expect(strcmp(got, value) == 0, "%s\nvalue    %s\nexpected %s", body, got, value);
    got = as_c(fn, 0);
    cr_expect(strcmp(got, derivative) == 0, "%s\nderivative %s\nexpected   %s", body, got, derivative);
    got = fn_derivative_text(program, "f", "x");
    formula = arena_format(scratch, "d f / d x = %s", formula);
    cr_expect(strcmp(got, formula) == 0, "%s\nformula  %s\nexpected %s", body, got, formula);
    arena_destroy(program->arena);
    arena_destroy(scratch);
}

Test(expr, arithmetic)
{
    expect("x", "x", "1", "1");
    expect("z + 3", "z + 3", "0", "0");
    expect("x + x", "x + x", "2", "2");
    expect("3 * x - x", "3 * x - x", "2", "2");
    expect("x - x", "x - x", "0", "0");
    expect("a * x + z", "a * x + z", "a", "a");
    expect("0.5 * x * x", "(real)0.5 * x * x", "x", "x");
    expect("x * (z * a)", "x * (z * a)", "a * z", "a z");
    expect("x ** 3", "x * x * x", "3 * x * x", "3 x^2");
    expect("-x ** 2", "-x * x", "-2 * x", "-2 x");
    expect("(x + z) ** 2", "(x + z) * (x + z)", "2 * (x + z)", "2 (x + z)");
    expect("x / z", "x / z", "1 / z", "1 / z");
    expect("z / x", "z / x", "-z / (x * x)", "-z / x^2");
    expect("x * x / x", "x * x / x", "1", "1");
    expect("z - (x - a)", "z - (x - a)", "-1", "-1");
    expect("sqrt(2 / pi) * x", "(real)0.7978845608028654 * x", "(real)0.797884560802865", "0.797884560802865");
    expect("C ** 2 * x / 2", "16 * x / 2", "8", "8");
    expect("x * 20", "x * 20", "20", "20");
}

Test(expr, order_of_evaluation)
{
    // What the user wrote decides the bits: nothing is moved in a value.
    expect("a - (z - x)", "a - (z - x)", "1", "1");
    expect("(a - z) - x", "a - z - x", "-1", "-1");
    expect("a / (z / x)", "a / (z / x)", "a / z", "a / z");
    expect("a / z / 2 * x", "a / z / 2 * x", "(real)0.5 * a / z", "0.5 a / z");
    expect("x * 2 * 3", "x * 2 * 3", "6", "6");
    expect("z + -2 * x", "z - 2 * x", "-2", "-2");
    expect("-(x + z) * a", "-(x + z) * a", "-a", "-a");
    expect("-(-x)", "-(-x)", "1", "1");
}

Test(expr, functions)
{
    expect("x * sigmoid(a * x)", "x * sigmoid(a * x)", "s = sigmoid(a * x); s + a * x * s * (1 - s)",
        "s + a x s (1 - s),  s = sigmoid(a x)");
    expect("tanh(x)", "hyperbolic_tangent(x)", "t = hyperbolic_tangent(x); (1 - t) * (1 + t)",
        "(1 - t) (1 + t),  t = tanh(x)");
    expect("exp(2 * x)", "exponential(2 * x)", "2 * exponential(2 * x)", "2 exp(2 x)");
    expect("log(x)", "logarithm(x)", "1 / x", "1 / x");
    expect("log(x * x)", "logarithm(x * x)", "2 / x", "2 / x");
    expect("sqrt(x)", "square_root(x)", "(real)0.5 / square_root(x)", "0.5 / sqrt(x)");
    expect("x ** 0.5", "square_root(x)", "(real)0.5 / square_root(x)", "0.5 / sqrt(x)");
    expect("x ** 1.5", "power(x, (real)1.5)", "(real)1.5 * square_root(x)", "1.5 sqrt(x)");
    expect("x ** 5", "power(x, 5)", "5 * power(x, 4)", "5 x^4");
    expect("x ** a", "power(x, a)", "power_derivative(1, x, a)", "a x^(a - 1)");
    expect("2 ** x", "power(2, x)", "power_derivative_exponent(1, 2, x)", "2^x log(2)");
    expect("abs(x)", "absolute(x)", "either(x > 0, 1, either(x < 0, -1, 0))", "1 where x > 0, else -1 where x < 0, else 0");
    expect("a * abs(x)", "a * absolute(x)", "either(x > 0, a, either(x < 0, -a, 0))",
        "a where x > 0, else -a where x < 0, else 0");
    expect("relu(z * x)", "max(z * x, 0)", "max(z * x, 0) > 0 ? z : 0", "z where max(z x, 0) > 0, else 0");
    expect("elu(x, alpha=a)", "either(x > 0, x, a * exponential_minus_one(x))", "either(x > 0, 1, a * exponential(x))",
        "1 where x > 0, else a exp(x)");
    expect("softplus(x, beta=a)", "either(a * x > 20, x, softplus(a * x) / a)",
        "either(a * x > 20, 1, sigmoid(a * x))", "1 where a x > 20, else sigmoid(a x)");
    expect("gelu(x, approximate=\"tanh\")", "gelu_tanh(x)", "gelu_tanh_derivative(x)", "gelu_tanh'(x)");
    expect("sin(x) * cos(x)", "sine(x) * cosine(x)", "c = cosine(x); s = sine(x); c * c - s * s",
        "c^2 - s^2,  s = sin(x),  c = cos(x)");
    expect("g(x) + g(z, b=a)", "g__value(x, 2) + g__value(z, a)", "g__d_x(2)", "(d g / d x)(2)");
}

Test(expr, conditions)
{
    expect("where(x > z, x * x, a)", "x > z ? x * x : a", "x > z ? 2 * x : 0", "2 x where x > z, else 0");
    expect("where(x, 1, 2) * z", "(x != 0 ? (real)1 : 2) * z", "0", "0");
    expect("where(x > 0, x, x)", "x", "1", "1");
    expect("where(C > 3, x, z)", "x", "1", "1");
    expect("x * (x > z)", "x * (real)(x > z)", "(real)(x > z)", "(x > z)");
    expect("where(x > 0 && z > 0 || !(a > x), x, 0)", "(x > 0 && z > 0) || !(a > x) ? x : 0",
        "(x > 0 && z > 0) || !(a > x) ? (real)1 : 0", "1 where (x > 0 && z > 0) || !(a > x), else 0");
    // Only the branch taken: log(x) is not computed in front of the condition, and 1 / x not where x <= 0.
    expect("where(x > 0, log(x) * log(x), 0)", "x > 0 ? logarithm(x) * logarithm(x) : 0",
        "x > 0 ? 2 * logarithm(x) / x : 0", "2 log(x) / x where x > 0, else 0");
    expect("where(x > 0, exp(z), exp(z) * x)", "e = exponential(z); x > 0 ? e : e * x", "x > 0 ? 0 : exponential(z)",
        "0 where x > 0, else exp(z)");
    // A choice within a choice: what is shared in a branch is named there.
    expect("where(x > 0, where(x > z, exp(z) * exp(z), x), a)",
        "if (x > 0) {x > z ? exponential(z) * exponential(z) : x} else {a}", "if (x > 0) {x > z ? (real)0 : 1} else {0}",
        "(0 where x > z, else 1) where x > 0, else 0");
    expect("x * where(x > 0, where(x > 1, 2, x), a)",
        "w = if (x > 0) {x > 1 ? 2 : x} else {a}; x * w",
        "w = if (x > 0) {x > 1 ? 2 : x} else {a}; w2 = if (x > 0) {x > 1 ? 0 : x} else {0}; w + w2",
        "w + w2,  w2 = (0 where x > 1, else x) where x > 0, else 0,  w = (2 where x > 1, else x) where x > 0, else a");
    expect("where(x > 0, where(z > x, silu(silu(x)), 1), 0)",
        "if (x > 0) {z > x ? x * sigmoid(x) * sigmoid(x * sigmoid(x)) : 1} else {0}",
        "if (x > 0) {z > x ? silu_derivative(x) * silu_derivative(x * sigmoid(x)) : 0} else {0}",
        "(silu'(x) silu'(x sigmoid(x)) where z > x, else 0) where x > 0, else 0");
    // Long branches have lines of their own.
    expect("where(x > 0, silu(silu(silu(silu(x)))), 0)",
        "if (x > 0) {s = sigmoid(x); s2 = sigmoid(x * s); s3 = sigmoid(x * s * s2); x * s * s2 * s3 * "
        "sigmoid(x * s * s2 * s3)} else {0}",
        "if (x > 0) {s = sigmoid(x); s2 = sigmoid(x * s); u = x * s * s2; silu_derivative(x) * silu_derivative(x * s) * "
        "silu_derivative(u) * silu_derivative(x * s * s2 * sigmoid(u))} else {0}",
        "silu'(x) silu'(x sigmoid(x)) silu'(x sigmoid(x) sigmoid(x sigmoid(x))) silu'(x sigmoid(x) sigmoid(x sigmoid(x)) "
        "sigmoid(x sigmoid(x) sigmoid(x sigmoid(x)))) where x > 0, else 0");
    // 0 * inf does not happen: what is infinite goes into the branch.
    expect("sqrt(max(x, 0))", "square_root(max(x, 0))",
        "r = square_root(max(x, 0)); either(x > 0, (real)0.5 / r, either(x == 0, (real)0.25 / r, 0))",
        "0.5 / r where x > 0, else 0.25 / r where x == 0, else 0,  r = sqrt(max(x, 0))");
}

Test(expr, names_are_not_taken_twice)
{
    expect("sigmoid(x) * sigmoid(x) + softplus(z) * softplus(z)",
        "s = sigmoid(x); w = either(z > 20, z, softplus(z)); s * s + w * w",
        "s = sigmoid(x); 2 * s * s * (1 - s)", "2 s^2 (1 - s),  s = sigmoid(x)");
    expect("exp(x) * exp(x) + exp(z) * exp(z)", "e = exponential(x); e2 = exponential(z); e * e + e2 * e2",
        "e = exponential(x); 2 * e * e", "2 e^2,  e = exp(x)");
}

Test(expr, parameters_that_mean_something_in_c)
{
    Program *program = declared("mt 1\nfn f(sigmoid, double; max=1, lists=2) = sigmoid(sigmoid) * double * max + lists\n");
    const Fn *fn = fn_named(program, "f");
    cr_expect_str_eq(as_c(fn, -1), "sigmoid(sigmoid_) * double_ * max_ + lists_");
    cr_expect_str_eq(fn->op.forward[0].value, "f__value($sigmoid, $double, $max, $lists)");
    arena_destroy(program->arena);
}

Test(expr, a_rule_mentions_what_it_needs)
{
    Program *program = declared("mt 1\nfn bce(x, logit) = softplus(logit) - x * logit\nfn up(x) = x + 1\nfn root(y) = sqrt(y)\n"
                                "fn words(n; seed=1) = n * seed\n");
    const Op *bce = map_get(&program->functions, "bce"), *up = map_get(&program->functions, "up");
    const Op *root = map_get(&program->functions, "root");
    cr_expect_str_eq(bce->backward[0].value, "$d_y * bce__d_x($logit)");
    cr_expect_str_eq(bce->backward[1].value, "$d_y * bce__d_logit($x, $logit)");
    cr_expect_str_eq(up->backward[0].value, "$d_y");
    cr_expect_str_eq(root->backward[0].value, "chain($d_y__, root__d_y($y))");
    const Op *words = map_get(&program->functions, "words");
    cr_expect_str_eq(words->forward[0].value, "words__value($n__, $option__seed)");
    cr_expect_str_eq(words->backward[0].value, "$d_y * words__d_n($option__seed)");
    cr_expect_str_eq(root->outputs[0].name, "y__");
    cr_expect_null(fn_derivative_text(program, "bce", "z"));
    cr_expect_null(fn_derivative_text(program, "nobody", "x"));
    arena_destroy(program->arena);
}

Test(expr, bounds)
{
    Bounds b = bounds_sum(bounds_square(bounds_all()), (Bounds){1, 1});
    cr_expect(b.low == 1 && isinf(b.high));
    b = bounds_product((Bounds){-2, 3}, (Bounds){-1, 4});
    cr_expect(b.low == -8 && b.high == 12);
    b = bounds_quotient((Bounds){1, 2}, (Bounds){-1, 1});
    cr_expect(isinf(b.low) && isinf(b.high));
    b = bounds_quotient((Bounds){1, 2}, (Bounds){2, 4});
    cr_expect(b.low == 0.25 && b.high == 1);
    Bounds x[] = {{-3, 2}, {1, 5}};
    b = bounds_function("abs", x, 1, bounds_all());
    cr_expect(b.low == 0 && b.high == 3);
    b = bounds_function("max", x, 2, bounds_all());
    cr_expect(b.low == 1 && b.high == 5);
    b = bounds_function("min", x, 2, bounds_all());
    cr_expect(b.low == -3 && b.high == 2);
    b = bounds_function("tanh", (Bounds[]){bounds_all()}, 1, bounds_all());
    cr_expect(b.low == -1 && b.high == 1);
    b = bounds_negative((Bounds){0, INFINITY});
    cr_expect(isinf(b.low) && b.high == 0);
}

// -------------------------------------------------------------------------------------------------------- random

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }
static double softplus(double x) { return x > 30 ? x : log(1 + exp(x)); }
static double gelu(double x) { return x * erfc(-x / sqrt(2)) / 2; }
static double gelu_derivative(double x) { return erfc(-x / sqrt(2)) / 2 + x * exp(-x * x / 2) / sqrt(2 * acos(-1)); }
static double silu_derivative(double x) { return sigmoid(x) * (1 + x * (1 - sigmoid(x))); }
static double mish(double x) { return x * tanh(softplus(x)); }
static double mish_derivative(double x)
{
    double t = tanh(softplus(x));
    return t + x * (1 - t * t) * sigmoid(x);
}

// The functions of the runtime, by libm.
static const struct {
    const char *name;
    double (*f)(double);
} functions[] = {{"exponential", exp}, {"exponential_minus_one", expm1}, {"logarithm", log}, {"square_root", sqrt},
    {"sine", sin}, {"cosine", cos}, {"hyperbolic_tangent", tanh}, {"sigmoid", sigmoid}, {"softplus", softplus},
    {"absolute", fabs}, {"gelu", gelu}, {"gelu_derivative", gelu_derivative}, {"silu_derivative", silu_derivative},
    {"mish", mish}, {"mish_derivative", mish_derivative}};

static const Program *evaluated; // whose fns are called

static double evaluate(const Fn *fn, const Expr *e, const double *values);

static double evaluate_call(const Fn *fn, const Expr *e, const double *values)
{
    double x[16];
    for (int i = 0; i < e->children; i++)
        x[i] = evaluate(fn, e->child[i], values);
    for (size_t k = 0; k < sizeof functions / sizeof *functions; k++)
        if (strcmp(e->text, functions[k].name) == 0)
            return functions[k].f(x[0]);
    if (strcmp(e->text, "max") == 0)
        return x[0] > x[1] ? x[0] : x[1];
    if (strcmp(e->text, "min") == 0)
        return x[0] < x[1] ? x[0] : x[1];
    if (strcmp(e->text, "power") == 0)
        return pow(x[0], x[1]);
    if (strcmp(e->text, "chain") == 0)
        return x[0] == 0 ? 0 : x[0] * x[1];
    if (strcmp(e->text, "power_derivative") == 0)
        return x[2] == 0 ? 0 : x[0] * x[2] * pow(x[1], x[2] - 1);
    if (strcmp(e->text, "power_derivative_exponent") == 0)
        return x[0] * pow(x[1], x[2]) * log(x[1]);
    const char *inside = strstr(e->text, "__");
    cr_assert(inside, "a function that this test does not know: %s", e->text);
    char name[40] = {0}, input[40];
    memcpy(name, e->text, (size_t)(inside - e->text));
    const Fn *other = fn_named(evaluated, name);
    double all[FN_NAMES] = {0};
    bool value = strcmp(inside, "__value") == 0;
    int which = 0, count = 0;
    snprintf(input, sizeof input, "%s", inside + 4);
    while (!value && strcmp(other->name[which], input) != 0)
        which++;
    for (int k = 0; k < other->inputs + other->options; k++)
        if (value || fn_derivative_takes(other, which, k))
            all[k] = x[count++];
    cr_assert(count == e->children);
    return evaluate(other, expr_expand(other->pool, value ? other->value : other->derivative[which]), all);
}

static double evaluate(const Fn *fn, const Expr *e, const double *values)
{
    double x;
    switch (e->kind) {
    case EXPR_NUMBER:
        return e->number;
    case EXPR_VARIABLE:
        for (int k = 0;; k++)
            if (fn->variable[k] == e)
                return values[k];
    case EXPR_SUM:
        x = evaluate(fn, e->child[0], values);
        for (int i = 1; i < e->children; i++)
            x += evaluate(fn, e->child[i], values);
        return x;
    case EXPR_PRODUCT:
        x = evaluate(fn, e->child[0], values);
        for (int i = 1; i < e->children; i++)
            x *= evaluate(fn, e->child[i], values);
        return x;
    case EXPR_QUOTIENT:
        return evaluate(fn, e->child[0], values) / evaluate(fn, e->child[1], values);
    case EXPR_NEGATE:
        return -evaluate(fn, e->child[0], values);
    case EXPR_CALL:
        return evaluate_call(fn, e, values);
    case EXPR_WHERE:
    case EXPR_EITHER:
        return evaluate(fn, e->child[evaluate(fn, e->child[0], values) != 0 ? 1 : 2], values);
    case EXPR_AND:
        return evaluate(fn, e->child[0], values) != 0 && evaluate(fn, e->child[1], values) != 0;
    case EXPR_OR:
        return evaluate(fn, e->child[0], values) != 0 || evaluate(fn, e->child[1], values) != 0;
    case EXPR_NOT:
        return !evaluate(fn, e->child[0], values);
    case EXPR_COMPARE: {
        double a = evaluate(fn, e->child[0], values), b = evaluate(fn, e->child[1], values);
        const char *s = e->text;
        return s[0] == '<' ? (s[1] ? a <= b : a < b) : s[0] == '>' ? (s[1] ? a >= b : a > b) : (a == b) == (s[0] == '=');
    }
    default:
        cr_assert_fail("what is written as C has no EXPR_APPLY");
        return 0;
    }
}

static unsigned long state = 20240607;

static unsigned draw(unsigned n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % n;
}

static void random_expression(Text *out, int depth)
{
    static const char *const leaves[] = {"x", "x", "x", "z", "z", "a", "0.5", "2", "3", "-1.5", "C"};
    static const char *const unary[] = {"sigmoid(", "tanh(", "sin(", "cos(", "softplus(", "exp(0.3 * ", "abs(", "gelu(",
        "silu(", "mish(", "relu(", "elu(", "leaky_relu(", "softsign(", "hardswish(", "-(", "sqrt(1 + abs(", "log(0.5 + exp(",
        "inner("};
    static const char *const signs[] = {" + ", " - ", " * ", " / (2 + sin(", " < ", " >= "};
    if (depth == 0 || draw(8) == 0) {
        text_string(out, leaves[draw(sizeof leaves / sizeof *leaves)]);
        return;
    }
    unsigned kind = draw(10);
    if (kind < 5) {
        unsigned s = draw(sizeof signs / sizeof *signs);
        text_string(out, "(");
        random_expression(out, depth - 1);
        text_string(out, signs[s]);
        text_string(out, s >= 4 ? "x * " : ""); // of constants a comparison is no number
        random_expression(out, depth - 1);
        text_string(out, s == 3 ? ")))" : ")");
    } else if (kind < 8) {
        unsigned u = draw(sizeof unary / sizeof *unary);
        text_string(out, unary[u]);
        random_expression(out, depth - 1);
        text_string(out, strchr(unary[u], '(') != strrchr(unary[u], '(') ? "))" : u == 18 ? ", b=a)" : ")");
    } else if (kind == 8) {
        text_string(out, "where(");
        random_expression(out, depth - 1);
        text_string(out, draw(2) ? " > " : " <= ");
        random_expression(out, depth - 1);
        text_string(out, ", ");
        random_expression(out, depth - 1);
        text_string(out, ", ");
        random_expression(out, depth - 1);
        text_string(out, ")");
    } else {
        text_string(out, draw(2) ? "max(" : "min(");
        random_expression(out, depth - 1);
        text_string(out, ", ");
        random_expression(out, depth - 1);
        text_string(out, draw(2) ? ") ** 2" : ") ** 3");
    }
}

static double slope(const Fn *fn, const Expr *value, double *at, int input, double h)
{
    double x = at[input];
    at[input] = x + h;
    double above = evaluate(fn, value, at);
    at[input] = x - h;
    double below = evaluate(fn, value, at);
    at[input] = x;
    return (above - below) / (2 * h);
}

// Of the two inputs; a point at which two widths disagree has a corner near it, and is passed over.
static int check_fn(const Fn *fn, const char *text, int *passed_over)
{
    int checked = 0;
    for (int input = 0; input < 2; input++) {
        double at[] = {0.37 + 0.001 * draw(1000), -0.8 + 0.0015 * draw(1000), 0.7};
        const Expr *value = expr_expand(fn->pool, fn->value), *derivative = expr_expand(fn->pool, fn->derivative[input]);
        double wide = slope(fn, value, at, input, 2e-5), narrow = slope(fn, value, at, input, 1e-5);
        double exact = evaluate(fn, derivative, at), size = 1 + fabs(narrow) + fabs(evaluate(fn, value, at));
        if (!(fabs(wide - narrow) < 1e-7 * size)) {
            ++*passed_over;
            continue;
        }
        cr_expect(fabs(exact - narrow) < 1e-6 * size, "%s\nby %s: %.12g, differences %.12g", text, fn->name[input], exact,
            narrow);
        checked++;
    }
    return checked;
}

Test(expr, random_derivatives)
{
    int checked = 0, passed_over = 0;
    for (int k = 0; k < 2000; k++) {
        Arena *scratch = arena_create(exhausted);
        Text body = text_new(scratch);
        random_expression(&body, 4);
        const char *text = arena_format(scratch,
            "mt 1\nconst C = 1.25\nfn inner(x; b=0.9) = x * tanh(b * x)\nfn f(x, z; a=0.7) = %s\n", body.data);
        Program *program = declared(text);
        evaluated = program;
        if (!diags_errors(program->diags))
            checked += check_fn(fn_named(program, "f"), body.data, &passed_over);
        arena_destroy(program->arena);
        arena_destroy(scratch);
    }
    cr_expect(checked > 3600, "only %d of 4000 derivatives were checked, %d passed over", checked, passed_over);
}
