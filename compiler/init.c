// The inits of torch.nn.init, one table of them all. Each has arguments as operations have (Arg), and a function that
// makes numbers of them for a parameter of this shape: what depends on fan_in is a uniform or a normal distribution
// like any other then. Input: an init as it is written, a scope for its constants, the shape. Output: an Init, whose
// numbers are finite and in order.
#include "init.h"
#include "errors_params.h"
#include <math.h>
#include <string.h>

enum { ARGUMENTS = 5 };

// One init while it is read.
typedef struct {
    Program *program;
    const Scope *scope;
    const Ast *ast;
    const char *path;
    const Type *type;
    const char *name;
    Constant value[ARGUMENTS]; // of the arguments, in the order of the table
} Reading;

typedef struct {
    const char *name;
    Arg args[ARGUMENTS]; // ARG_REAL, or ARG_CHOICE: of its choices, of none: any text
    int positional;
    bool (*make)(const Reading *r, Init *out); // false after a message
} InitTable;

// -------------------------------------------------------------------------------------------------------- numbers

// Something about the whole init is wrong: what, and an explanation. A table of ops/ is silent.
static bool refuse(const Reading *r, const char *what, const char *label)
{
    if (r->scope->diags)
        error_init(r->program, r->ast->span, what, label);
    return false;
}

static bool make_zeros(const Reading *r, Init *out)
{
    (void)r;
    out->kind = INIT_CONSTANT;
    out->a = 0;
    return true;
}

static bool make_ones(const Reading *r, Init *out)
{
    make_zeros(r, out);
    out->a = 1;
    return true;
}

static bool make_constant(const Reading *r, Init *out)
{
    out->kind = INIT_CONSTANT;
    out->a = r->value[0].number;
    return true;
}

static bool make_uniform(const Reading *r, Init *out)
{
    out->kind = INIT_UNIFORM;
    out->a = r->value[0].number;
    out->b = r->value[1].number;
    return out->a <= out->b || refuse(r, "a is above b", "numbers from a to b are drawn");
}

static bool make_normal(const Reading *r, Init *out)
{
    out->kind = INIT_NORMAL;
    out->a = r->value[0].number;
    out->b = r->value[1].number;
    return out->b >= 0 || refuse(r, "std is below 0", "a standard deviation is 0 or more");
}

// PyTorch warns where the mean is further outside; what is drawn there is hardly a normal distribution, and drawing it
// takes ever longer.
static bool make_trunc_normal(const Reading *r, Init *out)
{
    double std = r->value[0].number, mean = r->value[1].number;
    *out = (Init){.kind = INIT_TRUNC_NORMAL, .a = mean, .b = std, .low = r->value[2].number, .high = r->value[3].number};
    if (!(std > 0))
        return refuse(r, "std is not above 0", "the deviation before numbers below a and above b are left out");
    if (!(out->low < out->high))
        return refuse(r, "a is not below b", "numbers from a to b are drawn");
    return (mean >= out->low - 2 * std && mean <= out->high + 2 * std) ||
        refuse(r, "hardly any number lies between a and b", "the mean is more than 2 std outside of them");
}

// torch.nn.init.calculate_gain
static double gain_of(const char *nonlinearity, double slope)
{
    if (strcmp(nonlinearity, "leaky_relu") == 0)
        return sqrt(2 / (1 + slope * slope));
    return strcmp(nonlinearity, "relu") == 0 ? sqrt(2)
        : strcmp(nonlinearity, "tanh") == 0  ? 5.0 / 3
        : strcmp(nonlinearity, "selu") == 0  ? 3.0 / 4
                                             : 1;
}

// How many numbers go into an output and come from an input: axis 1 and axis 0, each times the size of a kernel.
static bool read_fans(const Reading *r, double *in, double *out)
{
    const Type *type = r->type;
    double kernel = 1;
    if (type->rank < 2)
        return refuse(r,
            arena_format(r->program->arena, "%s needs fan_in and fan_out, which `%s` has not", r->name, r->path),
            "they are those of parameters with 2 axes or more");
    for (int k = 2; k < type->rank; k++)
        kernel *= (double)type->axis[k].value;
    *in = (double)type->axis[1].value * kernel;
    *out = (double)type->axis[0].value * kernel;
    return true;
}

static bool make_kaiming(const Reading *r, Init *out)
{
    double in, of;
    if (!read_fans(r, &in, &of))
        return false;
    double fan = strcmp(r->value[1].text, "fan_in") == 0 ? in : of;
    double std = gain_of(r->value[2].text, r->value[0].number) / sqrt(fan);
    bool uniform = strcmp(r->name, "kaiming_uniform") == 0;
    *out = uniform ? (Init){.kind = INIT_UNIFORM, .a = -sqrt(3) * std, .b = sqrt(3) * std}
                   : (Init){.kind = INIT_NORMAL, .a = 0, .b = std};
    return true;
}

static bool make_xavier(const Reading *r, Init *out)
{
    double in, of;
    if (!read_fans(r, &in, &of))
        return false;
    double std = fabs(r->value[0].number) * sqrt(2 / (in + of));
    bool uniform = strcmp(r->name, "xavier_uniform") == 0;
    *out = uniform ? (Init){.kind = INIT_UNIFORM, .a = -sqrt(3) * std, .b = sqrt(3) * std}
                   : (Init){.kind = INIT_NORMAL, .a = 0, .b = std};
    return true;
}

static bool make_orthogonal(const Reading *r, Init *out)
{
    *out = (Init){.kind = INIT_ORTHOGONAL, .a = r->value[0].number};
    return r->type->rank >= 2 ||
        refuse(r, arena_format(r->program->arena, "orthogonal needs a matrix, and `%s` has one axis", r->path),
            "of parameters with 2 axes or more: axis 0, and all others together");
}

static bool make_load(const Reading *r, Init *out)
{
    *out = (Init){.kind = INIT_LOAD, .file = r->value[0].text};
    return *out->file || refuse(r, "load needs the name of a file", "of numpy.save");
}

// ------------------------------------------------------------------------------------------------------ the table

#define MODES "fan_in fan_out"
#define NONLINEARITIES \
    "linear conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d sigmoid tanh relu leaky_relu selu"
#define KAIMING \
    { \
        {"a", ARG_REAL, "0", "slope below 0 of the leaky_relu that follows"}, \
            {"mode", ARG_CHOICE, "fan_in", "which fan keeps its variance", MODES}, \
            {"nonlinearity", ARG_CHOICE, "leaky_relu", "what follows", NONLINEARITIES}, \
    }

static const InitTable inits[] = {
    {"zeros", {{0}}, 0, make_zeros},
    {"ones", {{0}}, 0, make_ones},
    {"constant", {{"val", ARG_REAL, .doc = "value of every number"}}, 1, make_constant},
    {"uniform", {{"a", ARG_REAL, "0", "lower bound"}, {"b", ARG_REAL, "1", "upper bound"}}, 2, make_uniform},
    {"normal", {{"mean", ARG_REAL, "0", "mean"}, {"std", ARG_REAL, "1", "standard deviation"}}, 2, make_normal},
    {"trunc_normal",
        {{"std", ARG_REAL, "1", "standard deviation"}, {"mean", ARG_REAL, "0", "mean"},
            {"a", ARG_REAL, "-2", "lower bound"}, {"b", ARG_REAL, "2", "upper bound"}},
        1, make_trunc_normal},
    {"kaiming_uniform", KAIMING, 3, make_kaiming},
    {"kaiming_normal", KAIMING, 3, make_kaiming},
    {"xavier_uniform", {{"gain", ARG_REAL, "1", "factor"}}, 1, make_xavier},
    {"xavier_normal", {{"gain", ARG_REAL, "1", "factor"}}, 1, make_xavier},
    {"orthogonal", {{"gain", ARG_REAL, "1", "factor"}}, 1, make_orthogonal},
    {"load", {{"file", ARG_CHOICE, .doc = "file of numpy.save"}}, 1, make_load},
};
enum { INITS = sizeof inits / sizeof *inits };

static const InitTable *find_init(Program *program, const Scope *scope, const Ast *ast)
{
    const Ast *name = ast->kind == AST_CALL ? ast->child[0] : ast;
    const char *names[INITS];
    for (int k = 0; k < INITS; k++) {
        names[k] = inits[k].name;
        if (name->kind == AST_NAME && strcmp(name->text, names[k]) == 0)
            return &inits[k];
    }
    if (scope->diags && name->kind == AST_NAME)
        error_init_unknown(program, name->span, name->text, names, INITS);
    else if (scope->diags)
        error_init(program, ast->span, "this is not an init", "for example normal(std=0.02), or zeros");
    return NULL;
}

// ------------------------------------------------------------------------------------------------------ arguments

// The argument that an expression of the call is for, or -1 after a message.
static int place_of(const Reading *r, const InitTable *table, const Ast *argument, int position)
{
    int k = 0;
    bool named = argument->kind == AST_ARGUMENT;
    while (named && k < ARGUMENTS && table->args[k].name && strcmp(table->args[k].name, argument->text) != 0)
        k++;
    k = named ? k : position;
    bool exists = k < ARGUMENTS && table->args[k].name && (named || k < table->positional);
    if (!exists && r->scope->diags && named)
        error_init_option(r->program, table->name, table->args, argument);
    else if (!exists && r->scope->diags)
        error_init_positional(r->program, table->name, table->args, table->positional, argument->span, position + 1);
    return exists ? k : -1;
}

// Checks the value of an argument; false after a message.
static bool check_value(const Reading *r, const Arg *arg, const Constant *value, Span span)
{
    bool number = arg->kind == ARG_REAL;
    if (number ? value->kind == CONSTANT_NUMBER && isfinite(value->number) : value->kind == CONSTANT_STRING) {
        if (number || !arg->choices || word_in(value->text, strlen(value->text), arg->choices))
            return true;
        if (r->scope->diags)
            error_init_choice(r->program, r->name, arg, span, value->text);
    } else if (r->scope->diags)
        error_init_kind(r->program, r->name, arg, span);
    return false;
}

// All arguments, those that are not given by their default.
static bool read_arguments(Reading *r, const InitTable *table)
{
    bool given[ARGUMENTS] = {false};
    int position = 0;
    for (int i = 1; r->ast->kind == AST_CALL && i < r->ast->children; i++) {
        const Ast *argument = r->ast->child[i];
        const Ast *expression = argument->kind == AST_ARGUMENT ? argument->child[0] : argument;
        int k = place_of(r, table, argument, position);
        position += argument->kind != AST_ARGUMENT;
        if (k < 0)
            return false;
        if (given[k]) {
            if (r->scope->diags)
                error_init_twice(r->program, r->name, &table->args[k], argument->span);
            return false;
        }
        given[k] = true;
        if (!constant_evaluate(r->scope, expression, &r->value[k]) ||
            !check_value(r, &table->args[k], &r->value[k], expression->span))
            return false;
    }
    for (int k = 0; k < ARGUMENTS && table->args[k].name; k++) {
        const Arg *arg = &table->args[k];
        if (!given[k] && !arg->fallback) {
            if (r->scope->diags)
                error_init_missing(r->program, r->name, table->args, arg, r->ast->span);
            return false;
        }
        if (!given[k] && arg->kind == ARG_CHOICE)
            r->value[k] = (Constant){.kind = CONSTANT_STRING, .text = arg->fallback};
        else if (!given[k])
            constant_evaluate(r->scope, parse_expression(r->program->arena, arg->fallback), &r->value[k]);
    }
    return true;
}

bool init_read(Program *program, const Scope *scope, const Ast *ast, const char *path, const Type *type, Init *out)
{
    const InitTable *table = find_init(program, scope, ast);
    Reading r = {.program = program, .scope = scope, .ast = ast, .path = path, .type = type};
    if (!table)
        return false;
    r.name = table->name;
    Init init = {0};
    if (!read_arguments(&r, table) || !table->make(&r, &init))
        return false;
    init.text = scope->diags ? source_quote(program->source, program->arena, ast->span) : NULL;
    *out = init;
    return true;
}

const char *init_text(Arena *arena, const Init *init)
{
    if (!init->is_default)
        return init->text;
    if (init->kind == INIT_CONSTANT)
        return init->a == 0 ? "zeros" : init->a == 1 ? "ones" : arena_format(arena, "constant(%.4g)", init->a);
    if (init->kind == INIT_NORMAL && init->a == 0)
        return arena_format(arena, "normal(std=%.4g)", init->b);
    return arena_format(arena, "%s(%.4g, %.4g)", init->kind == INIT_UNIFORM ? "uniform" : "normal", init->a, init->b);
}
