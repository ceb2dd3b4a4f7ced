// Arithmetic at compile time (LANGUAGE 4.5).
//
// Input: an expression, and a scope for its names. Output: its value, or a message. Invariants: the result depends on
// the expression alone, not on the machine: + - * / and sqrt are exact to the last bit in IEEE 754, // % floor ceil abs
// min max too, powers with a whole exponent are products in a fixed order; exp, log, sin, cos, tanh and other powers
// come from libm, whose last bits differ between systems, and are therefore rounded to 15 significant digits.
// Nothing finite becomes infinite or a NaN without a message.
#include "constant.h"
#include "errors_syntax.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LIMIT = 256 }; // names to choose suggestions from

// ------------------------------------------------------------------------------------------------------- values

static Constant number_of(double x) { return (Constant){.kind = CONSTANT_NUMBER, .number = x}; }

static Constant bool_of(bool x) { return (Constant){.kind = CONSTANT_BOOL, .number = x}; }

const char *constant_kind_text(ConstantKind kind)
{
    static const char *const texts[] = {"a number", "a boolean", "a string", "a duration", "a list", "a name"};
    return texts[kind];
}

static bool wrong_kind(const Scope *scope, const Constant *value, const char *sign, const char *wanted)
{
    if (scope->diags)
        error_constant_kind(scope->diags, value->span, arena_format(scope->arena, "`%s`", sign), wanted,
            constant_kind_text(value->kind));
    return false;
}

// A condition. In tables of operations `!weight` asks whether there is one.
static bool truth(const Scope *scope, const Constant *value, const char *sign, bool *result)
{
    if (value->kind == CONSTANT_BOOL || (!scope->diags && value->kind == CONSTANT_NUMBER))
        *result = value->number != 0;
    else if (!scope->diags && value->kind == CONSTANT_LIST)
        *result = value->count > 0;
    else
        return wrong_kind(scope, value, sign, "conditions");
    return true;
}

// The result of arithmetic on finite or infinite numbers.
static bool finish(const Scope *scope, const Ast *ast, double x, bool finite, Constant *value)
{
    *value = number_of(x);
    if (!isnan(x) && (!finite || !isinf(x)))
        return true;
    if (scope->diags)
        error_no_number(scope->diags, ast->span, isnan(x) ? "the result is not a number" : "the result is too large",
            isnan(x) ? "not defined for these numbers" : "more than about 1.8e308");
    return false;
}

static double digits15(double x)
{
    char text[40];
    snprintf(text, sizeof text, "%.14e", x);
    return isfinite(x) ? strtod(text, NULL) : x;
}

// ------------------------------------------------------------------------------------------------- names, members

bool constant_find(const Scope *scope, const Ast *name, Constant *value, bool *poisoned)
{
    *poisoned = false;
    for (; scope; scope = scope->outer)
        if (scope->find && scope->find(scope, name, value, poisoned))
            return true;
    return false;
}

bool constant_built_in(const char *name, Constant *value)
{
    if (strcmp(name, "true") == 0 || strcmp(name, "false") == 0)
        *value = bool_of(name[0] == 't');
    else if (strcmp(name, "inf") == 0)
        *value = number_of(INFINITY);
    else if (strcmp(name, "pi") == 0)
        *value = number_of(3.14159265358979323846);
    else
        return false;
    return true;
}

static void unknown_name(const Scope *scope, const Ast *ast)
{
    const char *names[NAME_LIMIT] = {"true", "false", "inf", "pi"};
    int count = 4;
    if (strcmp(ast->text, "B") == 0) {
        error_not_constant(scope->diags, ast->span, "the number of examples is not known when the program is compiled");
        return;
    }
    for (const Scope *s = scope; s; s = s->outer)
        if (s->is_value && s->is_value(s, ast->text)) {
            error_not_constant(scope->diags, ast->span, "a value of the model");
            return;
        }
    for (const Scope *s = scope; s; s = s->outer)
        for (int k = 0; s->name && count < NAME_LIMIT; k++) {
            const char *name = s->name(s, k);
            if (!name)
                break;
            names[count++] = name;
        }
    error_unknown_constant(scope->diags, ast->span, "constant", ast->text, names, count);
}

static bool evaluate_name(const Scope *scope, const Ast *ast, Constant *value)
{
    bool poisoned;
    if (constant_built_in(ast->text, value))
        return true;
    if (constant_find(scope, ast, value, &poisoned))
        return !poisoned;
    if (scope->diags)
        unknown_name(scope, ast);
    return false;
}

// `padding.h`: the first of a pair; of a single number the number itself.
static bool evaluate_member(const Scope *scope, const Ast *ast, Constant *value)
{
    bool poisoned;
    Constant pair;
    if (constant_find(scope, ast, value, &poisoned))
        return !poisoned;
    bool known = strcmp(ast->text, "h") == 0 || strcmp(ast->text, "w") == 0;
    if (known && !scope->diags && ast->child[0]->kind == AST_NAME && constant_find(scope, ast->child[0], &pair, &poisoned)) {
        if (poisoned)
            return false;
        *value = pair;
        if (pair.kind == CONSTANT_LIST && pair.count == 2)
            *value = pair.items[ast->text[0] == 'w'];
        if (value->kind == CONSTANT_NUMBER)
            return true;
    }
    if (scope->diags)
        error_not_constant(scope->diags, ast->span, "a part of something cannot be a constant");
    return false;
}

static bool evaluate_list(const Scope *scope, const Ast *ast, Constant *value)
{
    Constant *items = ast->children ? arena_new(scope->arena, Constant, ast->children) : NULL;
    bool good = true;
    for (int i = 0; i < ast->children; i++)
        good &= constant_evaluate(scope, ast->child[i], &items[i]);
    *value = (Constant){.kind = CONSTANT_LIST, .items = items, .count = ast->children};
    return good;
}

// ----------------------------------------------------------------------------------------------------- operators

// Products in a fixed order.
static double power_whole(double x, double exponent)
{
    double result = 1, n = fabs(exponent);
    for (double square = x; n >= 1 && n <= 9007199254740992.0; n = floor(n / 2), square *= square)
        if (fmod(n, 2) == 1)
            result *= square;
    return exponent < 0 ? 1 / result : result;
}

static double power(double x, double exponent)
{
    if (exponent == 0.5 && !isinf(x))
        return sqrt(x);
    bool whole = exponent == floor(exponent) && fabs(exponent) <= 1024 && !isinf(x);
    return whole ? power_whole(x, exponent) : digits15(pow(x, exponent));
}

// As in Python: the remainder has the sign of b, and a == (a // b) * b + a % b.
static double remainder_of(double a, double b)
{
    double r = fmod(a, b);
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

static double floor_division(double a, double b)
{
    double quotient = (a - remainder_of(a, b)) / b, whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1 : whole;
}

static bool compare(const Scope *scope, const Ast *ast, const Constant *a, const Constant *b, Constant *value)
{
    const char *sign = ast->text;
    bool equality = sign[1] == '=' && (sign[0] == '=' || sign[0] == '!');
    bool numbers = a->kind == CONSTANT_NUMBER && b->kind == CONSTANT_NUMBER;
    if (!equality) {
        if (!numbers)
            return wrong_kind(scope, a->kind == CONSTANT_NUMBER ? b : a, sign, "numbers");
        double x = a->number, y = b->number;
        *value = bool_of(sign[0] == '<' ? (sign[1] ? x <= y : x < y) : (sign[1] ? x >= y : x > y));
        return true;
    }
    bool texts = a->text && b->text && (a->kind == CONSTANT_STRING || a->kind == CONSTANT_WORD) &&
        (b->kind == CONSTANT_STRING || b->kind == CONSTANT_WORD);
    bool same = (a->kind == CONSTANT_NUMBER || a->kind == CONSTANT_BOOL) &&
        (b->kind == a->kind || (!scope->diags && (b->kind == CONSTANT_NUMBER || b->kind == CONSTANT_BOOL)));
    if (scope->diags && !texts && !same) {
        bool simple = a->kind == CONSTANT_NUMBER || a->kind == CONSTANT_BOOL || a->kind == CONSTANT_STRING;
        return wrong_kind(scope, simple ? b : a, sign, simple ? arena_format(scope->arena,
            "two of a kind: the left side is %s", constant_kind_text(a->kind)) : "numbers, booleans or strings");
    }
    bool equal = texts ? strcmp(a->text, b->text) == 0 : same && a->number == b->number;
    *value = bool_of(equal == (sign[0] == '='));
    return true;
}

// A whole number times a duration, in either order.
static bool scale_duration(const Scope *scope, const Ast *ast, const Constant *a, const Constant *b, Constant *value)
{
    const Constant *duration = a->kind == CONSTANT_DURATION ? a : b, *factor = duration == a ? b : a;
    const char *why = strcmp(ast->text, "*") != 0                         ? "no other arithmetic is defined"
        : factor->kind == CONSTANT_DURATION                               ? "both sides are durations"
        : factor->kind != CONSTANT_NUMBER                                 ? "the other side is not a number"
        : factor->number != floor(factor->number) || factor->number < 1   ? "the factor must be whole and at least 1"
        : isinf(factor->number * duration->number)                        ? "the product is too large"
                                                                          : NULL;
    *value = (Constant){CONSTANT_DURATION, factor->number * duration->number, duration->unit, .text = NULL};
    if (why && scope->diags)
        error_duration_arithmetic(scope->diags, ast->span, why);
    return !why;
}

static bool arithmetic(const Scope *scope, const Ast *ast, const Constant *a, const Constant *b, Constant *value)
{
    const char *sign = ast->text;
    if (a->kind == CONSTANT_DURATION || b->kind == CONSTANT_DURATION)
        return scale_duration(scope, ast, a, b, value);
    if (a->kind != CONSTANT_NUMBER || b->kind != CONSTANT_NUMBER)
        return wrong_kind(scope, a->kind != CONSTANT_NUMBER ? a : b, sign, "numbers");
    double x = a->number, y = b->number;
    bool finite = isfinite(x) && isfinite(y), power_of = strcmp(sign, "**") == 0;
    bool divides = sign[0] == '/' || sign[0] == '%' || (power_of && x == 0 && y < 0);
    if (divides && (power_of ? x : y) == 0) {
        if (scope->diags)
            error_zero(scope->diags, power_of ? a->span : b->span, sign);
        return false;
    }
    double result = power_of           ? power(x, y)
        : sign[0] == '+'               ? x + y
        : sign[0] == '-'               ? x - y
        : sign[0] == '*'               ? x * y
        : sign[0] == '%'               ? remainder_of(x, y)
        : sign[1] == '/' && !finite    ? floor(x / y)
        : sign[1] == '/'               ? floor_division(x, y)
                                       : x / y;
    return finish(scope, ast, result, finite, value);
}

// Whether somebody knows each name of an expression that is not evaluated. false after a message.
static bool names_known(const Scope *scope, const Ast *ast)
{
    Constant ignored;
    bool poisoned, good = true;
    if (ast->kind == AST_NAME) {
        good = constant_built_in(ast->text, &ignored) || constant_find(scope, ast, &ignored, &poisoned);
        if (!good)
            unknown_name(scope, ast);
        return good;
    }
    for (int i = ast->kind == AST_CALL; i < ast->children; i++)
        good &= names_known(scope, ast->child[i]);
    return good;
}

static bool evaluate_binary(const Scope *scope, const Ast *ast, Constant *value)
{
    const char *sign = ast->text;
    Constant a, b;
    bool good = constant_evaluate(scope, ast->child[0], &a);
    if (strcmp(sign, "&&") == 0 || strcmp(sign, "||") == 0) {
        bool left = false, right = false, decides = sign[0] == '|';
        if (!good || !truth(scope, &a, sign, &left))
            return false;
        *value = bool_of(left);
        if (left == decides) // the right side may divide by what the left side excludes: only its names are looked at
            return !scope->diags || names_known(scope, ast->child[1]);
        if (!constant_evaluate(scope, ast->child[1], &b) || !truth(scope, &b, sign, &right))
            return false;
        *value = bool_of(right);
        return true;
    }
    good &= constant_evaluate(scope, ast->child[1], &b);
    if (!good)
        return false;
    bool comparison = strchr("<>=!", sign[0]) != NULL;
    return comparison ? compare(scope, ast, &a, &b, value) : arithmetic(scope, ast, &a, &b, value);
}

static bool evaluate_unary(const Scope *scope, const Ast *ast, Constant *value)
{
    Constant operand;
    bool holds;
    if (!constant_evaluate(scope, ast->child[0], &operand))
        return false;
    if (ast->text[0] == '!') {
        if (!truth(scope, &operand, "!", &holds))
            return false;
        *value = bool_of(!holds);
        return true;
    }
    if (operand.kind != CONSTANT_NUMBER)
        return wrong_kind(scope, &operand, "-", "a number");
    *value = number_of(-operand.number);
    return true;
}

// ----------------------------------------------------------------------------------------------------- functions

static double log_of(double x) { return x > 0 ? log(x) : NAN; }
static double sin_of(double x) { return isinf(x) ? NAN : sin(x); }
static double cos_of(double x) { return isinf(x) ? NAN : cos(x); }

static const struct {
    const char *name;
    double (*function)(double); // of one number; NULL: min, max, where
    bool exact;
} functions[] = {
    {"sqrt", sqrt, true}, {"exp", exp, false}, {"log", log_of, false}, {"sin", sin_of, false},
    {"cos", cos_of, false}, {"tanh", tanh, false}, {"abs", fabs, true}, {"floor", floor, true},
    {"ceil", ceil, true}, {"min", NULL, true}, {"max", NULL, true}, {"where", NULL, true},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

static bool count_is_wrong(const Scope *scope, const Ast *call, const char *name, const char *wanted)
{
    if (scope->diags)
        error_argument_count(scope->diags, call->span, name, wanted, call->children - 1);
    return false;
}

static bool evaluate_where(const Scope *scope, const Ast *call, Constant *value)
{
    Constant condition;
    bool holds;
    if (call->children != 4)
        return count_is_wrong(scope, call, "where", "a condition and two values");
    if (!constant_evaluate(scope, call->child[1], &condition) || !truth(scope, &condition, "where", &holds))
        return false;
    return constant_evaluate(scope, call->child[holds ? 2 : 3], value);
}

static bool evaluate_extreme(const Scope *scope, const Ast *call, bool larger, Constant *value)
{
    const char *name = larger ? "max" : "min";
    bool good = true;
    double best = 0;
    if (call->children < 3)
        return count_is_wrong(scope, call, name, "at least two numbers");
    for (int i = 1; i < call->children; i++) {
        Constant x;
        if (!constant_evaluate(scope, call->child[i], &x)) {
            good = false;
        } else if (x.kind != CONSTANT_NUMBER) {
            good = wrong_kind(scope, &x, name, "numbers");
        } else if (i == 1 || (larger ? x.number > best : x.number < best)) {
            best = x.number;
        }
    }
    *value = number_of(best);
    return good;
}

static int function_of(const Scope *scope, const Ast *call)
{
    const Ast *called = call->child[0];
    const char *names[FUNCTIONS];
    for (int k = 0; k < FUNCTIONS; k++) {
        names[k] = functions[k].name;
        if (called->kind == AST_NAME && strcmp(called->text, names[k]) == 0)
            return k;
    }
    if (!scope->diags)
        return -1;
    if (called->kind == AST_NAME)
        error_unknown_constant(scope->diags, called->span, "constant function", called->text, names, FUNCTIONS);
    else
        error_not_constant(scope->diags, call->span, "only functions of numbers are");
    return -1;
}

static bool evaluate_call(const Scope *scope, const Ast *call, Constant *value)
{
    int k = function_of(scope, call);
    if (k < 0)
        return false;
    const char *name = functions[k].name;
    for (int i = 1; i < call->children; i++)
        if (call->child[i]->kind == AST_ARGUMENT) {
            if (scope->diags)
                error_not_constant(scope->diags, call->child[i]->span, "functions of numbers have no options");
            return false;
        }
    if (strcmp(name, "where") == 0)
        return evaluate_where(scope, call, value);
    if (!functions[k].function)
        return evaluate_extreme(scope, call, name[1] == 'a', value);
    Constant x;
    if (call->children != 2)
        return count_is_wrong(scope, call, name, "one number");
    if (!constant_evaluate(scope, call->child[1], &x))
        return false;
    if (x.kind != CONSTANT_NUMBER)
        return wrong_kind(scope, &x, name, "a number");
    double result = functions[k].function(x.number);
    return finish(scope, call, functions[k].exact ? result : digits15(result), isfinite(x.number), value);
}

// ------------------------------------------------------------------------------------------------------ evaluate

bool constant_evaluate(const Scope *scope, const Ast *ast, Constant *value)
{
    bool good;
    switch (ast->kind) {
    case AST_NUMBER:
        *value = number_of(ast->number);
        good = true;
        break;
    case AST_DURATION:
        *value = (Constant){.kind = CONSTANT_DURATION, .number = ast->number, .unit = ast->unit};
        good = true;
        break;
    case AST_STRING:
        *value = (Constant){.kind = CONSTANT_STRING, .text = ast->text};
        good = true;
        break;
    case AST_NAME:
        good = evaluate_name(scope, ast, value);
        break;
    case AST_MEMBER:
        good = evaluate_member(scope, ast, value);
        break;
    case AST_PAREN:
        good = constant_evaluate(scope, ast->child[0], value);
        break;
    case AST_LIST:
        good = evaluate_list(scope, ast, value);
        break;
    case AST_UNARY:
        good = evaluate_unary(scope, ast, value);
        break;
    case AST_BINARY:
        good = evaluate_binary(scope, ast, value);
        break;
    case AST_CALL:
        good = evaluate_call(scope, ast, value);
        break;
    default:
        if (scope->diags)
            error_not_constant(scope->diags, ast->span, "expected numbers, names of constants, and arithmetic");
        good = false;
    }
    value->span = ast->span;
    return good;
}
