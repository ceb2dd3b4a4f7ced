// Arithmetic at compile time (LANGUAGE 4.5).
//
// Input: an expression, and a scope for its names. Output: its value, or a message. Invariants: the result depends on
// the expression alone, not on the machine: + - * / and sqrt are exact to the last bit in IEEE 754, // % floor ceil abs
// min max too, powers with a whole exponent are products in a fixed order; exp, log, sin, cos, tanh and other powers
// come from libm, whose last bits differ between systems, and are therefore rounded to 15 significant digits.
// Nothing finite becomes infinite or a NaN without a message.
#include "constant.h"
#include "base/map.h"
#include "base/vec.h"
#include "errors_syntax.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LIMIT = 256 }; // names to choose suggestions from

// ------------------------------------------------------------------------------------------------------- values

static Constant number_of(double x) { return (Constant){.kind = CONSTANT_NUMBER, .number = x}; }

static Constant bool_of(bool x) { return (Constant){.kind = CONSTANT_BOOL, .number = x}; }

static const char *kind_text(const Constant *value)
{
    static const char *const texts[] = {"a number", "a boolean", "a string", "a duration", "a list", "a name"};
    return texts[value->kind];
}

static bool wrong_kind(const Scope *scope, const Constant *value, const char *sign, const char *wanted)
{
    if (scope->diags)
        error_constant_kind(scope->diags, value->span, arena_format(scope->arena, "`%s`", sign), wanted,
            kind_text(value));
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

static bool find(const Scope *scope, const Ast *name, Constant *value, bool *poisoned)
{
    *poisoned = false;
    for (; scope; scope = scope->outer)
        if (scope->find && scope->find(scope, name, value, poisoned))
            return true;
    return false;
}

static bool built_in(const char *name, Constant *value)
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
    if (built_in(ast->text, value))
        return true;
    if (find(scope, ast, value, &poisoned))
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
    if (find(scope, ast, value, &poisoned))
        return !poisoned;
    bool known = strcmp(ast->text, "h") == 0 || strcmp(ast->text, "w") == 0;
    if (known && ast->child[0]->kind == AST_NAME && find(scope, ast->child[0], &pair, &poisoned)) {
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
            "two of a kind: the left side is %s", kind_text(a)) : "numbers, booleans or strings");
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
        if (left == decides) // the right side may divide by what the left side excludes
            return true;
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

// ------------------------------------------------------------------------------------------- constants of a program

typedef VEC(int) Indices;

typedef struct {
    const Ast *ast;
    Constant value;
    enum { NEW, ACTIVE, DONE, FAULTY } state;
    Indices needs; // which others its value mentions
    int next;      // of `needs`, in the walk
} Entry;

typedef struct {
    Map map; // from names to Entry
    Entry *entries;
    int count;
} Table;

static bool find_in_table(const Scope *scope, const Ast *name, Constant *value, bool *poisoned)
{
    const Table *table = scope->data;
    const Entry *entry = name->kind == AST_NAME ? map_get(&table->map, name->text) : NULL;
    if (!entry)
        return false;
    *poisoned = entry->state != DONE;
    *value = entry->value;
    return true;
}

static const char *name_in_table(const Scope *scope, int k)
{
    const Table *table = scope->data;
    return k < table->count ? table->entries[k].ast->text : NULL;
}

static void collect(Arena *arena, const Table *table, const Ast *ast, Indices *needs)
{
    const Entry *entry = ast->kind == AST_NAME ? map_get(&table->map, ast->text) : NULL;
    if (entry)
        vec_push(arena, needs, (int)(entry - table->entries));
    for (int i = 0; i < ast->children; i++)
        collect(arena, table, ast->child[i], needs);
}

// The entries of `walk` from `from` on need each other. Reported once: not if one of them is part of a circle already.
static void report_cycle(Arena *arena, Diags *diags, Table *table, const Indices *walk, int from)
{
    int count = walk->count - from;
    const Ast **circle = arena_new(arena, const Ast *, count);
    bool known = false;
    for (int i = 0; i < count; i++) {
        Entry *entry = &table->entries[walk->items[from + i]];
        known |= entry->state == FAULTY;
        entry->state = FAULTY;
        circle[i] = entry->ast;
    }
    if (!known)
        error_constant_cycle(diags, circle, count);
}

// Evaluates an entry and before it all that it needs. A walk with a list of its own: chains of constants may be long.
static void settle(const Scope *scope, Table *table, int start, int *place)
{
    Arena *arena = scope->arena;
    Indices walk = {0};
    vec_push(arena, &walk, start);
    table->entries[start].state = ACTIVE;
    place[start] = 0;
    while (walk.count > 0) {
        int index = walk.items[walk.count - 1];
        Entry *entry = &table->entries[index];
        if (entry->next < entry->needs.count) {
            int other = entry->needs.items[entry->next++];
            if (place[other] >= 0) {
                report_cycle(arena, scope->diags, table, &walk, place[other]);
            } else if (table->entries[other].state == NEW) {
                table->entries[other].state = ACTIVE;
                place[other] = walk.count;
                vec_push(arena, &walk, other);
            }
            continue;
        }
        if (entry->state == ACTIVE)
            entry->state = constant_evaluate(scope, entry->ast->child[0], &entry->value) ? DONE : FAULTY;
        place[index] = -1;
        walk.count--;
    }
}

static void declare(Diags *diags, Table *table, const Ast *ast)
{
    Constant ignored;
    const Entry *first = map_get(&table->map, ast->text);
    if (first || built_in(ast->text, &ignored)) {
        error_constant_twice(diags, ast, first ? first->ast : NULL);
        return;
    }
    Entry *entry = &table->entries[table->count++];
    entry->ast = ast;
    map_set(&table->map, ast->text, entry);
}

const Scope *constants_of(Arena *arena, Diags *diags, const Ast *file)
{
    Table *table = arena_new(arena, Table, 1);
    table->map = map_new(arena);
    table->entries = arena_new(arena, Entry, file->children + 1);
    for (int i = 0; i < file->children; i++)
        if (file->child[i]->kind == AST_CONST)
            declare(diags, table, file->child[i]);
    Scope *scope = arena_new(arena, Scope, 1);
    *scope = (Scope){.arena = arena, .diags = diags, .find = find_in_table, .data = table, .name = name_in_table};
    int *place = arena_new(arena, int, table->count + 1); // in the walk, or -1
    for (int i = 0; i < table->count; i++) {
        place[i] = -1;
        collect(arena, table, table->entries[i].ast->child[0], &table->entries[i].needs);
    }
    for (int i = 0; i < table->count; i++)
        if (table->entries[i].state == NEW)
            settle(scope, table, i, place);
    return scope;
}

// --------------------------------------------------------------------------------------------------------- texts

static void put_text(Text *out, const Constant *value)
{
    switch (value->kind) {
    case CONSTANT_NUMBER:
        if (value->number == floor(value->number) && fabs(value->number) < 1e15)
            text_add(out, "%.0f", value->number + 0.0); // -0 is 0
        else
            text_string(out, shortest(out->arena, value->number));
        break;
    case CONSTANT_BOOL:
        text_string(out, value->number != 0 ? "true" : "false");
        break;
    case CONSTANT_STRING: {
        const Ast string = {.kind = AST_STRING, .text = value->text};
        ast_print(out, &string);
        break;
    }
    case CONSTANT_DURATION: {
        const Constant count = number_of(value->number);
        put_text(out, &count);
        text_add(out, " %s%s", value->unit == UNIT_STEPS ? "step" : "epoch", value->number == 1 ? "" : "s");
        break;
    }
    case CONSTANT_LIST:
        text_string(out, "[");
        for (int i = 0; i < value->count; i++) {
            text_string(out, i ? ", " : "");
            put_text(out, &value->items[i]);
        }
        text_string(out, "]");
        break;
    case CONSTANT_WORD:
        text_string(out, value->text);
        break;
    }
}

const char *constant_text(Arena *arena, const Constant *value)
{
    Text text = text_new(arena);
    put_text(&text, value);
    return text.data;
}

static bool is_atom(const Ast *ast) { return ast->kind == AST_NAME || ast->kind == AST_NUMBER || ast->kind == AST_MEMBER; }

static void put_numbers(Text *out, const Scope *quiet, const Ast *ast, bool in_sum)
{
    Constant value;
    bool name = ast->kind == AST_NAME || ast->kind == AST_MEMBER;
    if (name && constant_evaluate(quiet, ast, &value)) {
        put_text(out, &value);
    } else if (ast->kind == AST_BINARY) {
        const char *sign = ast->text;
        bool sum = strcmp(sign, "+") == 0 || strcmp(sign, "-") == 0, is_power = strcmp(sign, "**") == 0;
        bool tight = in_sum && strcmp(sign, "*") == 0 && is_atom(ast->child[0]) && is_atom(ast->child[1]);
        bool negative = is_power && is_atom(ast->child[0]) && constant_evaluate(quiet, ast->child[0], &value) &&
            value.kind == CONSTANT_NUMBER && value.number < 0;
        text_string(out, negative ? "(" : "");
        put_numbers(out, quiet, ast->child[0], sum);
        text_add(out, tight ? "%s%s" : "%s %s ", negative ? ")" : "", sign);
        put_numbers(out, quiet, ast->child[1], sum);
    } else if (ast->kind == AST_PAREN || ast->kind == AST_UNARY || ast->kind == AST_ARGUMENT) {
        text_add(out, "%s%s", ast->kind == AST_PAREN ? "(" : ast->text, ast->kind == AST_ARGUMENT ? "=" : "");
        put_numbers(out, quiet, ast->child[0], false);
        text_string(out, ast->kind == AST_PAREN ? ")" : "");
    } else if (ast->kind == AST_CALL || ast->kind == AST_LIST) {
        bool call = ast->kind == AST_CALL;
        if (call)
            ast_print(out, ast->child[0]);
        text_string(out, call ? "(" : "[");
        for (int i = call; i < ast->children; i++) {
            text_string(out, i > call ? ", " : "");
            put_numbers(out, quiet, ast->child[i], false);
        }
        text_string(out, call ? ")" : "]");
    } else {
        ast_print(out, ast);
    }
}

const char *constant_in_numbers(const Scope *scope, const Ast *expression)
{
    Scope quiet = *scope;
    quiet.diags = NULL;
    Text text = text_new(scope->arena);
    put_numbers(&text, &quiet, expression, false);
    return text.data;
}
