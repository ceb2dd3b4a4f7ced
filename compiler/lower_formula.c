// Formulas: expressions between values become nodes of pointwise operations; constants are folded; shapes that differ are
// broadcast by a node of its own, so that every operator sees two equal shapes. What scalars of the loss section become
// stands in lower_scalar.c.
#include "errors_block.h"
#include "errors_syntax.h"
#include "lower.h"
#include "statement.h"
#include <math.h>
#include <string.h>

static bool lower_call(Lower *l, const Ast *ast, Operand *out);

// ------------------------------------------------------------------------------------------------- broadcasting

// The shape of both together: aligned on the right, sizes 1 stretch, a value without B may have fewer axes.
static bool common_shape(const Type *a, const Type *b, Type *out)
{
    const Type *long_one = a->rank >= b->rank ? a : b, *short_one = long_one == a ? b : a;
    if (long_one->rank != short_one->rank && type_batched(short_one))
        return false;
    if (type_batched(short_one) && !type_batched(long_one))
        return false;
    *out = *long_one;
    int shift = long_one->rank - short_one->rank;
    for (int i = shift; i < long_one->rank; i++) {
        long x = long_one->axis[i].value, y = short_one->axis[i - shift].value;
        if (x == y || y == 1)
            continue;
        if (x != 1 || y == 0)
            return false;
        out->axis[i] = short_one->axis[i - shift];
    }
    return true;
}

// One node for each axis that stretches; a value without B gets its missing axes first and B last.
static Value *stretched(Lower *l, Value *value, const Type *type, const Ast *at)
{
    if (value->kind == VALUE_LITERAL || type_same_shape(&value->type, type))
        return value;
    int batched = type_batched(&value->type), skip = type_batched(type) && !batched, rank = type->rank - skip;
    if (value->type.rank < rank) {
        double sizes[MAX_RANK];
        for (int i = 0, missing = rank - value->type.rank; i < rank; i++)
            sizes[i] = i < missing ? 1 : (double)value->type.axis[i - missing].value;
        value = lower_made(l, "reshape", at->span, value, rank, sizes);
    }
    for (int axis = batched; axis < rank; axis++) {
        long times = type->axis[axis + skip].value, outer = 1, inner = 1;
        if (value->type.axis[axis].value == times)
            continue;
        for (int i = batched; i < rank; i++)
            *(i < axis ? &outer : &inner) *= i == axis ? 1 : value->type.axis[i].value;
        double numbers[] = {axis, (double)times, (double)outer, (double)inner, batched};
        value = lower_made(l, "broadcast", at->span, value, 5, numbers);
    }
    if (skip) {
        double numbers[] = {0, 0, (double)type_count(&value->type), 1, 0};
        value = lower_made(l, "broadcast", at->span, value, 5, numbers);
    }
    return value;
}

static const char *verb_of(const char *name)
{
    static const char *const verbs[][2] = {
        {"+", "add"}, {"-", "subtract"}, {"*", "multiply"}, {"/", "divide"}, {"**", "raise"}};
    for (int i = 0; i < 5; i++)
        if (strcmp(name, verbs[i][0]) == 0)
            return verbs[i][1];
    return "combine";
}

// A pointwise operation on operands of which at least one is a value.
static bool apply(Lower *l, const Op *op, const Ast *ast, int count, Operand *operands, int skip, Operand *out)
{
    Program *program = l->program;
    Value *inputs[8];
    const Value *widest = NULL;
    for (int i = 0; i < count; i++) {
        inputs[i] = operands[i].kind == OPERAND_CONSTANT ? lower_literal(l, operands[i].number) : operands[i].value;
        if (inputs[i]->type.poisoned)
            return false;
        if (inputs[i]->kind != VALUE_LITERAL && inputs[i]->type.rank > 0 &&
            (!widest || (widest->kind == VALUE_COLUMN && inputs[i]->kind != VALUE_COLUMN)))
            widest = inputs[i];
    }
    Type shape = widest ? widest->type : (Type){0};
    for (int i = 0; i < count; i++) {
        Type column = inputs[i]->type.rank > 0 ? inputs[i]->type : shape;
        column.element = ELEMENT_REAL;
        column.classes = 0;
        if (inputs[i]->kind == VALUE_LITERAL || (lower_require(l, inputs[i], &column, operands[i].span) &&
                                                     common_shape(&shape, &inputs[i]->type, &shape)))
            continue;
        int other = i > 0 || count == 1 ? 0 : 1;
        bool stage = ast->kind != AST_BINARY && op->kind == OP_OPERATOR && count == 2;
        if (stage) // add(x): the trunk and x
            error_join(program, verb_of(op->name), ast->span, inputs[0], inputs[1], operands[1].span);
        else
            error_broadcast(program, verb_of(op->name), ast->span, operands[other].span, inputs[other],
            operands[i].span, inputs[i]);
        return false;
    }
    for (int i = 0; i < count; i++)
        if (!(inputs[i] = stretched(l, inputs[i], &shape, ast)))
            return false;
    Node *node = call_bind(program, op, ast, skip, inputs, l->row);
    if (!node)
        return false;
    if (call_draws(node) && l->row->section != SECTION_MODEL) {
        error_row(program, ast->span, "random numbers are drawn in the model", "name them in a row there");
        return false;
    }
    *out = (Operand){.kind = OPERAND_VALUE, .value = lower_add(l, node), .span = ast->span};
    return true;
}

bool lower_join(Lower *l, const Op *op, const Ast *ast, int skip, const Operand *a, const Operand *b, Operand *out)
{
    Operand both[] = {*a, *b};
    return apply(l, op, ast, 2, both, skip, out);
}

// ------------------------------------------------------------------------------------------------- expressions

bool lower_is_constant_name(const Lower *l, const Ast *name)
{
    Constant value;
    bool poisoned;
    return constant_built_in(name->text, &value) || constant_find(&l->env->constants, name, &value, &poisoned);
}

// Whether nothing in an expression is a value of the model: then it is arithmetic of the compiler. A name that nobody
// knows is taken for a value: more of those are near.
static bool is_constant(Lower *l, const Ast *ast)
{
    if (ast->kind == AST_NAME && !lower_is_constant_name(l, ast))
        return false;
    if (ast->kind == AST_NAME)
        return !env_value(l->env, ast->text) && !map_get(&l->scalars, ast->text) &&
            !(l->row->section != SECTION_MODEL && lower_is_column(l, ast->text));
    if (ast->kind == AST_STRING || ast->kind == AST_DURATION || ast->kind == AST_LIST)
        return true;
    int from = ast->kind == AST_CALL && ast->child[0]->kind == AST_NAME;
    if (from) {
        const Op *op = op_for_formula(l->program, ast->child[0]->text);
        if (op && op->kind != OP_FUNCTION)
            return false;
    }
    if (from && ast->children == 1) // tanh(): its value is missing
        return false;
    for (int i = from; i < ast->children; i++)
        if (!is_constant(l, ast->child[i]))
            return false;
    return ast->kind != AST_INDEX && ast->kind != AST_MEMBER;
}

static bool lower_constant(Lower *l, const Ast *ast, Operand *out)
{
    Constant value;
    if (!constant_evaluate(&l->env->constants, ast, &value))
        return false;
    if (value.kind != CONSTANT_NUMBER && value.kind != CONSTANT_BOOL) {
        error_row(l->program, ast->span, "a formula needs a number or a value here", NULL);
        return false;
    }
    *out = (Operand){.kind = OPERAND_CONSTANT, .number = value.number, .span = ast->span};
    return true;
}

static bool lower_binary(Lower *l, const Ast *ast, Operand *out)
{
    Operand sides[2];
    bool left = lower_expression(l, ast->child[0], &sides[0]), right = lower_expression(l, ast->child[1], &sides[1]);
    if (!left || !right)
        return false;
    bool scalars = sides[0].kind == OPERAND_SCALAR || sides[1].kind == OPERAND_SCALAR;
    bool values = sides[0].kind == OPERAND_VALUE || sides[1].kind == OPERAND_VALUE;
    if (scalars && values) {
        error_not_yet(l->program, ast->span, "a scalar of the loss combined with a value");
        return false;
    }
    if (scalars)
        return lower_combine(l, ast, &sides[0], &sides[1], out);
    if (!values)
        return lower_constant(l, ast, out);
    bool square = strcmp(ast->text, "**") == 0 && sides[1].kind == OPERAND_CONSTANT && sides[1].number == 2;
    if (square) // as PyTorch has it: a product, not a power
        sides[1] = sides[0];
    const Op *op = op_find(l->program, square ? "*" : ast->text);
    if (op && op->kind == OP_OPERATOR)
        return apply(l, op, ast, 2, sides, 2, out);
    error_not_yet(l->program, ast->span, arena_format(l->program->arena, "`%s` between values", ast->text));
    return false;
}

static bool lower_unary(Lower *l, const Ast *ast, Operand *out)
{
    Operand operand;
    if (!lower_expression(l, ast->child[0], &operand))
        return false;
    if (strcmp(ast->text, "-") != 0) {
        error_not_yet(l->program, ast->span, "`!` of a value");
        return false;
    }
    if (operand.kind == OPERAND_VALUE)
        return apply(l, op_find(l->program, "neg"), ast, 1, &operand, 1, out);
    *out = operand;
    out->number = -operand.number;
    if (operand.kind == OPERAND_SCALAR)
        scalar_scale(l->program->arena, &out->scalar, -1);
    return true;
}

static bool lower_name(Lower *l, const Ast *ast, Operand *out)
{
    const LossRow *scalar = map_get(&l->scalars, ast->text);
    if (scalar) {
        Term term = {.factor = 1, .report = 1 + (int)scalar->constant};
        *out = (Operand){.kind = OPERAND_SCALAR, .span = ast->span};
        vec_push(l->program->arena, &out->scalar.terms, term);
        return true;
    }
    Value *value = lower_find(l, ast->text);
    Constant constant;
    bool poisoned = false;
    if (!value && (constant_built_in(ast->text, &constant) ||
                      constant_find(&l->env->constants, ast, &constant, &poisoned)))
        return !poisoned && lower_constant(l, ast, out);
    if (!value) {
        lower_unknown_value(l, ast);
        return false;
    }
    *out = (Operand){.kind = OPERAND_VALUE, .value = value, .span = ast->span};
    if (value->part_count > 0)
        error_several_values(l->program, ast->span, "a formula needs one value here", value->part_count);
    return !value->type.poisoned && value->part_count == 0;
}

bool lower_expression(Lower *l, const Ast *ast, Operand *out)
{
    if (ast->kind == AST_PAREN)
        return lower_expression(l, ast->child[0], out);
    if (ast->kind == AST_NAME)
        return lower_name(l, ast, out);
    if (is_constant(l, ast))
        return lower_constant(l, ast, out);
    switch (ast->kind) {
    case AST_BINARY:
        return lower_binary(l, ast, out);
    case AST_UNARY:
        return lower_unary(l, ast, out);
    case AST_CALL:
        return lower_call(l, ast, out);
    case AST_INDEX:
        error_not_yet(l->program, ast->span, "an index statement");
        return false;
    case AST_MEMBER:
        *out = (Operand){.kind = OPERAND_VALUE, .value = lower_parameter(l, ast), .span = ast->span};
        return out->value != NULL;
    default:
        error_row(l->program, ast->span, "this cannot stand in a formula", NULL);
        return false;
    }
}

// The inputs of relu(h), mse_loss(out, y, reduction="sum"): the first positional arguments.
static bool lower_inputs(Lower *l, const Op *op, const Ast *ast, Operand *operands)
{
    int inputs = op_inputs(op), given = 0;
    for (int i = 1; i < ast->children; i++)
        given += ast->child[i]->kind != AST_ARGUMENT;
    if (given < inputs) {
        error_input_count(l->program, op, ast->span, inputs, given);
        return false;
    }
    bool good = true;
    for (int i = 0; i < inputs; i++)
        good &= lower_expression(l, ast->child[1 + i], &operands[i]);
    return good;
}

static Value *times_one(Lower *l, Value *value, const Ast *at)
{
    Value *inputs[] = {lower_literal(l, 1), value};
    Node *node = call_bind(l->program, op_find(l->program, "*"), at, 2, inputs, l->row);
    return node ? lower_add(l, node) : value;
}

// An `ignore_index` that is written is no wrong class in the files.
static void ignore_targets(const Ast *ast, const Node *node)
{
    for (int i = 1; i < ast->children; i++)
        if (ast->child[i]->kind == AST_ARGUMENT && strcmp(ast->child[i]->text, "ignore_index") == 0)
            for (int k = 0; k < node->inputs.count; k++)
                if (node->inputs.items[k]->column && node->inputs.items[k]->type.element != ELEMENT_REAL)
                    data_ignore(node->inputs.items[k]->column, (long)call_number(node, "ignore_index"));
}

// cross_entropy takes logits and has softmax inside: probabilities are a silent bug (LANGUAGE 9.2).
static void check_logits(Lower *l, const Node *loss, const Ast *ast)
{
    const Value *logits = loss->inputs.items[0];
    while (logits->alias || (logits->maker && logits->maker->op->kind == OP_INTERNAL))
        logits = logits->alias ? logits->alias : logits->maker->inputs.items[0];
    const char *maker = logits->maker ? logits->maker->op->name : "";
    if (strcmp(loss->op->name, "cross_entropy") == 0 && strcmp(maker, "softmax") == 0)
        warning_softmax_twice(l->program, ast->child[1]->span, logits->maker);
}

static bool lower_call(Lower *l, const Ast *ast, Operand *out)
{
    Program *program = l->program;
    const Ast *name = ast->child[0];
    const Op *op = name->kind == AST_NAME ? op_for_formula(program, name->text) : NULL;
    Operand operands[8];
    Value *inputs[8];
    if (name->kind == AST_NAME && !op) {
        lower_unknown(l, ast);
        return false;
    }
    if (!op || op->kind == OP_STAGE || op->kind == OP_SOURCE || op->kind == OP_INTERNAL) {
        error_row(program, ast->span, "a layer is a stage, not part of a formula", "write `value -> stage`");
        return false;
    }
    bool loss = op->kind == OP_LOSS, metric = op->kind == OP_METRIC;
    if ((loss && l->row->section != SECTION_LOSS) || (metric && l->row->section != SECTION_METRICS)) {
        error_row(program, ast->span, arena_format(program->arena, "`%s` belongs in `%s`", op->name,
                                          loss ? "loss" : "metrics"), NULL);
        return false;
    }
    if (!lower_inputs(l, op, ast, operands))
        return false;
    if (!loss && !metric) {
        bool scalar = false, value = false;
        for (int i = 0; i < op_inputs(op); i++) {
            scalar |= operands[i].kind == OPERAND_SCALAR;
            value |= operands[i].kind == OPERAND_VALUE;
        }
        if (scalar && value) {
            error_not_yet(program, ast->span, "a scalar of the loss combined with a value");
            return false;
        }
        if (scalar)
            return lower_scalar_formula(l, ast, 1, operands, op_inputs(op), out);
        return apply(l, op, ast, op_inputs(op), operands, op_inputs(op), out);
    }
    for (int i = 0; i < op_inputs(op); i++) {
        if (operands[i].kind != OPERAND_VALUE) {
            error_row(program, operands[i].span, "a loss needs a value here, not a number", NULL);
            return false;
        }
        inputs[i] = operands[i].value;
    }
    Node *node = call_bind(program, op_choose(op, inputs), ast, op_inputs(op), inputs, l->row);
    if (!node)
        return false;
    ignore_targets(ast, node);
    check_logits(l, node, ast);
    for (int i = 0; i < node->inputs.count && loss; i++)
        if (value_root(node->inputs.items[i])->kind == VALUE_PARAMETER) // loss() sees values only: `1 * w` is one
            node->inputs.items[i] = times_one(l, node->inputs.items[i], ast);
    Value *value = lower_add(l, node);
    *out = (Operand){.kind = OPERAND_VALUE, .value = value, .span = ast->span};
    if (value)
        return true;
    Term term = {.factor = 1, .node = node};
    *out = (Operand){.kind = OPERAND_SCALAR, .span = ast->span};
    vec_push(program->arena, &out->scalar.terms, term);
    return true;
}
