// Binding: the arguments of a stage against its table. Input: the stage as it was written, the values that go in. Output:
// a node whose words (arguments, sizes) have values, and whose tensors have types (call_shape.c). Faults of the program
// are messages; faults of a table are internal errors.
#include "call.h"
#include "errors_files.h"
#include "errors_fn.h"
#include "errors_model.h"
#include "fn.h"
#include "init.h"
#include "ops/registry.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

typedef struct {
    const Node *node;
    int train; // -1: the expression may not mention it
} NodeScope;

static const Op *table_of(const char *name)
{
    for (const Op *const *op = ops; *op; op++)
        if (strcmp((*op)->name, name) == 0)
            return *op;
    return NULL;
}

const Op *op_find(const Program *program, const char *name)
{
    const Op *own = map_get(&program->functions, name);
    return own ? own : table_of(name);
}

bool op_reserves(const Program *program, const char *name)
{
    const Op *op = op_find(program, name);
    return op && !op->since;
}

const Op *op_for_stage(const Program *program, const char *name)
{
    const Op *first = op_find(program, name), *op = first;
    for (bool more = op != NULL; more; more = op_next(&op))
        if (op->kind == OP_STAGE || op->kind == OP_FUNCTION)
            return op;
    return first;
}

const Op *op_for_formula(const Program *program, const char *name)
{
    const Op *first = op_find(program, name), *op = first;
    for (bool more = op != NULL; more; more = op_next(&op))
        if (op->kind != OP_STAGE)
            return op;
    return first;
}

bool op_next(const Op **op)
{
    const Op *const *o = ops;
    while (*o && *o != *op)
        o++;
    for (o += *o != NULL; *o; o++)
        if (strcmp((*o)->name, (*op)->name) == 0) {
            *op = *o;
            return true;
        }
    return false;
}

static bool fits(const Tensor *tensor, const Value *input)
{
    bool integer = *tensor->type != '[', is_integer = input->type.element != ELEMENT_REAL;
    bool column = input->kind == VALUE_COLUMN, open = column && input->type.rank == 0;
    bool batched = open || input->type.poisoned || type_batched(&input->type) == (strstr(tensor->type, "[B") != NULL);
    return batched && (open || integer == is_integer || (column && is_integer));
}

const Op *op_choose(const Op *op, Value *const *inputs)
{
    for (const Op *other = op;;) {
        bool good = true;
        for (int i = 0; i < op_inputs(other) && i < 8; i++) {
            const Tensor *tensor = other->inputs;
            while (i > 0 && tensor[1].name) // targets come last
                tensor++;
            good &= fits(tensor, inputs[i]);
        }
        if (good && other->kind == op->kind)
            return other;
        if (!op_next(&other))
            return op;
    }
}

int op_inputs(const Op *op)
{
    int count = 0;
    for (const Tensor *t = op->inputs; t->name; t++) {
        bool again = false;
        for (const Tensor *u = op->inputs; u < t; u++)
            again |= strcmp(u->name, t->name) == 0;
        count += !again;
    }
    return count;
}

static const Word *find_word(const Node *node, const char *name, size_t length)
{
    for (int i = 0; i < node->words.count; i++) {
        const char *word = node->words.items[i].name;
        if (strlen(word) == length && memcmp(word, name, length) == 0)
            return &node->words.items[i];
    }
    return NULL;
}

static bool is_choice(const Op *op, const char *word)
{
    for (const Arg *arg = op->args; arg->name; arg++)
        if (word_in(word, strlen(word), arg->choices))
            return true;
    return false;
}

// The names of a table's expressions: `train`, arguments (a pair's .h and .w), sizes, choices.
static bool find_in_node(const Scope *scope, const Ast *name, Constant *value, bool *poisoned)
{
    const NodeScope *data = scope->data;
    const char *text = name->text;
    *poisoned = false;
    if (name->kind == AST_MEMBER)
        text = arena_format(scope->arena, "%s.%s", name->child[0]->text, name->text);
    if (strcmp(text, "train") == 0 && data->train >= 0) {
        *value = (Constant){.kind = CONSTANT_BOOL, .number = data->train};
        return true;
    }
    const Word *word = find_word(data->node, text, strlen(text));
    if (word) {
        *value = word->value;
        if (value->kind == CONSTANT_LIST && !strchr(word->c, ',')) // a list, not a pair, counts as its length
            *value = (Constant){.kind = CONSTANT_NUMBER, .number = word->value.count};
        return true;
    }
    if (is_choice(data->node->op, text)) {
        *value = (Constant){.kind = CONSTANT_WORD, .text = text};
        return true;
    }
    return false;
}

// NULL, and no message, if the table is at fault: the callers report it.
static bool evaluate(const Node *node, const char *expression, int train, Constant *value)
{
    Arena *arena = node->program->arena;
    NodeScope data = {node, train};
    Scope scope = {.arena = arena, .find = find_in_node, .data = &data};
    const Ast *ast = parse_expression(arena, expression);
    if (ast && constant_evaluate(&scope, ast, value))
        return true;
    error_internal(node->program, node->span, node->op->name, expression);
    *value = (Constant){.kind = CONSTANT_NUMBER};
    return false;
}

double call_number(const Node *node, const char *expression)
{
    Constant value;
    evaluate(node, expression, -1, &value);
    return value.number;
}

bool call_init(const Node *node, Value *value)
{
    Arena *arena = node->program->arena;
    NodeScope data = {node, -1};
    Scope scope = {.arena = arena, .find = find_in_node, .data = &data};
    const Ast *ast = parse_expression(arena, value->tensor->init);
    if (!ast || !init_read(node->program, &scope, ast, value->path, &value->type, &value->init))
        return false;
    value->init.text = value->tensor->init;
    value->init.is_default = true;
    return true;
}

// Names become numbers where they stand; everything else is as the table has it.
const char *call_in_numbers(const Node *node, const char *expression)
{
    Text text = text_new(node->program->arena);
    for (const char *s = expression; *s;) {
        size_t n = 0;
        while (isalnum((unsigned char)s[n]) || s[n] == '_' || (n > 0 && s[n] == '.' && isalpha((unsigned char)s[n + 1])))
            n++;
        const Word *word = n && isalpha((unsigned char)*s) ? find_word(node, s, n) : NULL;
        const Constant *value = word ? &word->value : NULL;
        if (!value || value->kind == CONSTANT_WORD)
            text_put(&text, s, n ? n : 1);
        else if (value->kind == CONSTANT_LIST)
            text_add(&text, "%d", value->count);
        else
            text_string(&text, shortest(node->program->arena, value->number));
        s += n ? n : 1;
    }
    return text.data;
}

bool call_holds(const Node *node, const char *when, bool train)
{
    Constant value;
    if (!when)
        return true;
    evaluate(node, when, train, &value);
    return value.number != 0;
}

// ------------------------------------------------------------------------------------------------- arguments

static Word *add_word(Node *node, const char *name, Constant value, const char *c)
{
    Word word = {.name = name, .value = value, .c = c};
    vec_push(node->program->arena, &node->words, word);
    return &node->words.items[node->words.count - 1];
}

void call_add_size(Node *node, const char *name, long value, const Origin *origin)
{
    Constant constant = {.kind = CONSTANT_NUMBER, .number = (double)value};
    add_word(node, name, constant, arena_format(node->program->arena, "%ld", value))->origin = origin;
}

static bool is_whole(const Constant *value)
{
    return value->kind == CONSTANT_NUMBER && value->number == floor(value->number) && fabs(value->number) < 9e15;
}

// Whole numbers go into the C as int.
static bool fits_int(Node *node, const Arg *arg, const Constant *value, Span span)
{
    if (fabs(value->number) <= 2147483647.0)
        return true;
    error_option_size(node->program, node->op, arg, span, value->number);
    return false;
}

static void add_pair(Node *node, const Arg *arg, double height, double width)
{
    Arena *arena = node->program->arena;
    Constant *two = arena_new(arena, Constant, 2);
    two[0] = (Constant){.kind = CONSTANT_NUMBER, .number = height};
    two[1] = (Constant){.kind = CONSTANT_NUMBER, .number = width};
    Constant list = {.kind = CONSTANT_LIST, .items = two, .count = 2};
    add_word(node, arg->name, list, arena_format(arena, "%.0f, %.0f", height, width));
    add_word(node, arena_format(arena, "%s.h", arg->name), two[0], arena_format(arena, "%.0f", height));
    add_word(node, arena_format(arena, "%s.w", arg->name), two[1], arena_format(arena, "%.0f", width));
}

static bool set_pair(Node *node, const Arg *arg, const Constant *value, Span span)
{
    Arena *arena = node->program->arena;
    bool word = value->kind == CONSTANT_STRING || value->kind == CONSTANT_WORD;
    if (word && word_in(value->text, strlen(value->text), arg->choices)) {
        Constant zero = {.kind = CONSTANT_NUMBER}, choice = {.kind = CONSTANT_WORD, .text = value->text};
        add_word(node, arg->name, choice, value->text);
        add_word(node, arena_format(arena, "%s.h", arg->name), zero, "0");
        add_word(node, arena_format(arena, "%s.w", arg->name), zero, "0");
    } else if (word && arg->choices) {
        error_option_choice(node->program, node->op, arg, span, value->text);
        return false;
    } else if (is_whole(value)) {
        if (!fits_int(node, arg, value, span))
            return false;
        add_pair(node, arg, value->number, value->number);
    } else if (value->kind == CONSTANT_LIST && value->count == 2 && is_whole(&value->items[0]) &&
        is_whole(&value->items[1])) {
        if (!fits_int(node, arg, &value->items[0], span) || !fits_int(node, arg, &value->items[1], span))
            return false;
        add_pair(node, arg, value->items[0].number, value->items[1].number);
    } else {
        error_option_kind(node->program, node->op, arg, span, "a whole number or [height, width]");
        return false;
    }
    return true;
}

static bool set_list(Node *node, const Arg *arg, const Constant *value, Span span, bool off)
{
    bool right = off || (value->kind == CONSTANT_LIST && value->count > 0);
    for (int i = 0; right && !off && i < value->count; i++)
        right = value->items[i].kind == CONSTANT_NUMBER;
    if (!right) {
        error_option_kind(node->program, node->op, arg, span, "a list of numbers, [0.5, 1]");
        return false;
    }
    Constant list = {.kind = CONSTANT_LIST, .items = off ? NULL : value->items, .count = off ? 0 : value->count};
    add_word(node, arg->name, list, list.count == 0 ? "NULL" : "");
    return true;
}

static bool set_ints(Node *node, const Arg *arg, const Constant *value, Span span)
{
    const Constant *items = value->kind == CONSTANT_LIST ? value->items : value;
    int count = value->kind == CONSTANT_LIST ? value->count : 1;
    for (int i = 0; i < count; i++) {
        if (!is_whole(&items[i])) {
            error_option_kind(node->program, node->op, arg, span, "a whole number or a list of them");
            return false;
        }
        if (!fits_int(node, arg, &items[i], span))
            return false;
    }
    Constant *copy = arena_new(node->program->arena, Constant, count + 1);
    memcpy(copy, items, (size_t)count * sizeof *copy);
    add_word(node, arg->name, (Constant){.kind = CONSTANT_LIST, .items = copy, .count = count}, "");
    return true;
}

// One argument, whose value is known. `off`: it was left out and may be.
static bool set_arg(Node *node, const Arg *arg, const Constant *value, Span span, bool off)
{
    Program *program = node->program;
    Arena *arena = program->arena;
    switch (arg->kind) {
    case ARG_PAIR:
        return set_pair(node, arg, value, span);
    case ARG_LIST:
        return set_list(node, arg, value, span, off);
    case ARG_INTS:
        return set_ints(node, arg, value, span);
    case ARG_CHOICE:
        if ((value->kind != CONSTANT_STRING && value->kind != CONSTANT_WORD)) {
            error_option_kind(program, node->op, arg, span, "a word in quotes");
            return false;
        }
        if (!word_in(value->text, strlen(value->text), arg->choices)) {
            error_option_choice(program, node->op, arg, span, value->text);
            return false;
        }
        add_word(node, arg->name, (Constant){.kind = CONSTANT_WORD, .text = value->text}, value->text);
        return true;
    case ARG_BOOL:
        if (value->kind != CONSTANT_BOOL) {
            error_option_kind(program, node->op, arg, span, "true or false");
            return false;
        }
        add_word(node, arg->name, *value, value->number != 0 ? "1" : "0");
        return true;
    case ARG_REAL:
        if (off || value->kind == CONSTANT_NUMBER) {
            add_word(node, arg->name, off ? (Constant){.kind = CONSTANT_NUMBER} : *value,
                shortest(arena, off ? 0 : value->number));
            return true;
        }
        error_option_kind(program, node->op, arg, span, "a number");
        return false;
    case ARG_SIZES:
    case ARG_INT:
    case ARG_SIZE:
        if (!off && !is_whole(value)) {
            error_option_kind(program, node->op, arg, span, "a whole number");
            return false;
        }
        if (arg->kind == ARG_SIZE && !off && (value->number < 1 || value->number > 2147483647.0)) {
            error_option_size(program, node->op, arg, span, value->number);
            return false;
        }
        if (!off && !fits_int(node, arg, value, span))
            return false;
        add_word(node, arg->name, off ? (Constant){.kind = CONSTANT_NUMBER} : *value,
            arena_format(arena, "%.0f", off ? 0 : value->number));
        return true;
    }
    return false;
}

// reshape(B, 4, 5): all positional arguments together; B is 0.
static bool set_sizes(Node *node, const Arg *arg, const Ast *stage, int skip)
{
    Program *program = node->program;
    int count = 0;
    Constant *items = arena_new(program->arena, Constant, stage->children + 1);
    for (int i = 1 + skip; stage->kind == AST_CALL && i < stage->children; i++) {
        const Ast *child = stage->child[i];
        if (child->kind == AST_ARGUMENT)
            continue;
        Constant *value = &items[count++];
        if (child->kind == AST_NAME && strcmp(child->text, "B") == 0)
            *value = (Constant){.kind = CONSTANT_NUMBER, .span = child->span};
        else if (!constant_evaluate(node->row->constants, child, value))
            return false;
        else if (!is_whole(value)) {
            error_option_kind(program, node->op, arg, child->span, "whole numbers");
            return false;
        } else if (value->number == 0) {
            error_option_size(program, node->op, arg, child->span, 0);
            return false;
        }
    }
    add_word(node, arg->name, (Constant){.kind = CONSTANT_LIST, .items = items, .count = count}, "");
    return true;
}

// The argument of the table that the k-th argument of the stage is for, or NULL after a message.
static const Arg *arg_for(Node *node, const Ast *argument, int *position)
{
    const Op *op = node->op;
    if (argument->kind != AST_ARGUMENT)
        return &op->args[(*position)++];
    for (const Arg *arg = op->args; arg->name; arg++)
        if (strcmp(arg->name, argument->text) == 0)
            return arg;
    error_no_option(node->program, op, argument);
    return NULL;
}

// The default of an option of a fn, which may depend on options given here: `1 / a` with a = 0 is the user's fault.
static bool fn_default(const Node *node, const Arg *arg, Span span, Constant *value)
{
    NodeScope data = {node, -1};
    Scope scope = {.arena = node->program->arena, .find = find_in_node, .data = &data};
    if (constant_evaluate(&scope, parse_expression(scope.arena, arg->fallback), value))
        return true;
    error_fn_default(node->program, span, node->op, arg);
    return false;
}

bool call_arguments(Node *node, const Ast *stage, int skip)
{
    const Value *input = node->inputs.count > 0 ? node->inputs.items[0] : NULL;
    Program *program = node->program;
    const Op *op = node->op;
    const Ast *given[sizeof op->args / sizeof *op->args] = {0};
    int position = 0, positional = 0, first = 1 + skip;
    bool sizes = op->args[0].kind == ARG_SIZES, good = true;
    for (int i = first; stage->kind == AST_CALL && i < stage->children; i++)
        positional += stage->child[i]->kind != AST_ARGUMENT;
    if (!op->args[0].name && skip > 0 && skip == op_inputs(op) && positional > 0) { // tanh(a, b)
        error_input_count(program, op, stage->span, skip, skip + positional);
        return false;
    }
    if (!sizes && positional > op->positional) {
        error_positional(program, op, stage, skip, positional, input);
        return false;
    }
    for (int i = first; stage->kind == AST_CALL && i < stage->children; i++) {
        const Ast *argument = stage->child[i];
        if (sizes && argument->kind != AST_ARGUMENT)
            continue;
        const Arg *arg = arg_for(node, argument, &position);
        if (arg && given[arg - op->args]) {
            error_option_twice(program, op, arg, argument->span);
            arg = NULL;
        }
        good &= arg != NULL;
        if (arg)
            given[arg - op->args] = argument->kind == AST_ARGUMENT ? argument->child[0] : argument;
    }
    for (int k = 0; op->args[k].name; k++) {
        const Arg *arg = &op->args[k];
        Constant value = {0};
        if (!good) { // what is wrong in the others is said all the same
            if (given[k])
                constant_evaluate(node->row->constants, given[k], &value);
            continue;
        }
        if (arg->kind == ARG_SIZES)
            good = set_sizes(node, arg, stage, skip);
        else if (given[k])
            good = constant_evaluate(node->row->constants, given[k], &value) &&
                set_arg(node, arg, &value, given[k]->span, false);
        else if (!arg->fallback) {
            error_missing_option(program, op, stage->span, arg);
            good = false;
        } else if (strcmp(arg->fallback, "off") == 0)
            good = set_arg(node, arg, &value, stage->span, true);
        else if (arg->kind == ARG_CHOICE) {
            value = (Constant){.kind = CONSTANT_WORD, .text = arg->fallback};
            good = set_arg(node, arg, &value, stage->span, false);
        } else if (map_get(&program->functions, op->name))
            good = fn_default(node, arg, stage->span, &value) && set_arg(node, arg, &value, stage->span, false);
        else
            good = evaluate(node, arg->fallback, -1, &value) && set_arg(node, arg, &value, stage->span, false);
    }
    return good;
}

Node *call_bind(Program *program, const Op *op, const Ast *stage, int skip, Value **inputs, Row *row)
{
    const Fn *fn = fn_of(program, op);
    if (fn && !files_see(program, stage->span, fn->ast)) {
        error_file_hidden(program->diags, program->source, stage->span, fn->ast);
        return NULL;
    }
    return call_bind_many(program, op, stage, skip, inputs, op_inputs(op), row);
}

Node *call_bind_many(Program *program, const Op *op, const Ast *stage, int skip, Value **inputs, int count, Row *row)
{
    Arena *arena = program->arena;
    Node *node = arena_new(arena, Node, 1);
    node->op = op;
    node->row = row;
    node->span = stage->span;
    node->stage = source_quote(program->source, arena, stage->span);
    node->program = program;
    node->call = stage;
    node->skip = skip;
    bool poisoned = false;
    for (int i = 0; i < count; i++) {
        vec_push(arena, &node->inputs, inputs[i]);
        poisoned |= inputs[i]->type.poisoned;
    }
    if (!call_arguments(node, stage, skip))
        return NULL;
    node->arguments = node->words.count;
    return poisoned || !call_shape(node, stage, skip) ? NULL : node;
}

Node *call_again(const Node *node, const Ast *stage, Value **inputs, Row *row)
{
    Program *program = node->program;
    Node *again = arena_new(program->arena, Node, 1);
    *again = (Node){.op = node->op, .row = row, .span = stage->span, .program = program, .call = node->call,
        .skip = node->skip, .arguments = node->arguments,
        .stage = source_quote(program->source, program->arena, stage->span)};
    for (int i = 0; i < node->arguments; i++)
        vec_push(program->arena, &again->words, node->words.items[i]);
    for (int i = 0; i < node->inputs.count; i++) {
        vec_push(program->arena, &again->inputs, inputs[i]);
        if (inputs[i]->type.poisoned)
            return NULL;
    }
    return call_shape(again, node->call, node->skip) ? again : NULL;
}
