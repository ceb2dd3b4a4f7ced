// Rows and nodes while they are lowered: a node's inputs are brought into the order of storage that its table wants, its
// parameters get their names and initial values, columns of the data become values.
#include "lower.h"
#include "errors_block.h"
#include "names.h"
#include <string.h>

// --------------------------------------------------------------------------------------------------------- rows

Row *lower_row(Lower *l, const char *path, const Ast *ast, bool named)
{
    Arena *arena = l->program->arena;
    Row *row = arena_new(arena, Row, 1);
    row->path = path;
    row->owner = arena_format(arena, "%s%s", l->env->owner, path + strlen(l->env->path));
    row->instance = l->env->instance;
    row->constants = &l->env->constants;
    row->text = source_quote(l->program->source, arena, ast->span);
    row->comment = ast_comment_above(arena, &l->program->parsed, l->program->source, ast);
    row->span = ast->span;
    row->named = named;
    vec_push(arena, &l->graph->rows, row);
    if (named)
        map_set(&l->rows, path, row);
    l->row = row;
    l->first_node = l->graph->nodes.count;
    l->owner = (Owner){{0, 0, 0}, NULL};
    l->first_owner = NULL;
    l->made = NULL;
    return row;
}

// A call of an operation that the compiler itself puts in: numbers by position.
static const Ast *made_call(Lower *l, const char *name, Span span, int count, const double *numbers)
{
    Arena *arena = l->program->arena;
    Ast *call = arena_new(arena, Ast, 1), *called = arena_new(arena, Ast, 1);
    *called = (Ast){.kind = AST_NAME, .span = span, .text = name};
    *call = (Ast){.kind = AST_CALL, .span = span, .children = count + 1, .child = arena_new(arena, Ast *, count + 1)};
    call->child[0] = called;
    for (int i = 0; i < count; i++) {
        call->child[i + 1] = arena_new(arena, Ast, 1);
        *call->child[i + 1] = (Ast){.kind = AST_NUMBER, .span = span, .number = numbers[i],
            .text = arena_format(arena, "%.0f", numbers[i])};
    }
    return call;
}

Value *lower_made(Lower *l, const char *name, Span span, Value *input, int count, const double *numbers)
{
    const Op *op = op_find(l->program, name);
    Node *node = op ? call_bind(l->program, op, made_call(l, name, span, count, numbers), 0, &input, l->row) : NULL;
    if (!op)
        error_internal(l->program, span, "lower", name);
    return node ? lower_add(l, node) : input;
}

// The value in PyTorch's order of axes, or with the last one outermost.
static Value *reordered(Lower *l, Value *value, bool feature_last, Span span)
{
    double to_last = feature_last;
    Value *result = lower_made(l, "reordered", span, value, 1, &to_last);
    result->type.feature_last = feature_last;
    return result;
}

static void order_inputs(Lower *l, Node *node)
{
    bool mixed = false, first = true, last = false;
    for (int i = 0; i < node->inputs.count; i++) {
        const Value *value = node->inputs.items[i];
        if (value->type.rank <= 2 || call_input_order(node, i) >= 0)
            continue;
        mixed |= !first && last != value->type.feature_last;
        last = value->type.feature_last;
        first = false;
    }
    for (int i = 0; i < node->inputs.count; i++) {
        Value *value = node->inputs.items[i];
        int order = call_input_order(node, i);
        order = order < 0 && mixed ? 0 : order;
        if (value->type.rank > 2 && order >= 0 && value->type.feature_last != (order == 1))
            node->inputs.items[i] = reordered(l, value, order == 1, node->span);
    }
    for (int i = 0; mixed && i < node->outputs.count; i++)
        if (call_input_order(node, 0) < 0)
            node->outputs.items[i]->type.feature_last = false;
}

// Loops of the C count with int, over a whole batch.
void lower_check_count(Lower *l, Value *value, Span span)
{
    long batch = l->program->data ? l->program->data->batch : 16;
    double lanes = (double)((batch + 15) / 16 * 16), count = 1;
    for (int i = 0; i < value->type.rank; i++)
        count *= value->type.axis[i].value ? (double)value->type.axis[i].value : lanes;
    if (count <= 2147483647.0 || value->alias || value->type.poisoned)
        return;
    error_too_many_numbers(l->program, span, &value->type, count, batch);
    value->type.poisoned = true;
}

static void keep_values(Lower *l, Value **items, int count)
{
    for (int i = 0; i < count; i++) {
        vec_push(l->program->arena, &l->graph->values, items[i]);
    }
}

// The parameters and buffers of a node get their paths, or are those of the block that is shared. false after a message.
static bool own_parameters(Lower *l, Node *node)
{
    Arena *arena = l->program->arena;
    for (int k = 0; k < 2; k++) {
        Value **items = k ? node->buffers.items : node->parameters.items;
        for (int i = 0; i < (k ? node->buffers.count : node->parameters.count); i++) {
            Value *value = items[i];
            if (value->path)
                continue; // tied, or taken over
            const char *path = arena_format(arena, "%s.%s", l->row->owner, value->tensor->name);
            Value *known = l->env->shares ? map_get(&l->owned, path) : NULL;
            if (known && !type_same_shape(&known->type, &value->type)) {
                error_shared_shape(l->program, node->span, path, &known->type, &value->type);
                return false;
            }
            if (known) {
                items[i] = known;
                continue;
            }
            lower_set_path(l, value, path);
            if (!call_init(node, value))
                error_internal(l->program, node->span, node->op->name, value->tensor->init);
            lower_own(l, value);
        }
    }
    return true;
}

Value *lower_add(Lower *l, Node *node)
{
    Arena *arena = l->program->arena;
    order_inputs(l, node);
    for (int i = 0; i < node->inputs.count; i++)
        node->inputs.items[i]->uses++;
    vec_push(arena, &l->graph->nodes, node);
    keep_values(l, node->outputs.items, node->outputs.count);
    keep_values(l, node->temporaries.items, node->temporaries.count);
    const Rule *rule = call_forward(node, true);
    if (rule && rule->alias) {
        node->outputs.items[0]->alias = call_tensor(node, rule->alias, strlen(rule->alias));
        if (!node->outputs.items[0]->alias)
            error_internal(l->program, node->span, node->op->name, "alias of nothing");
    }
    for (int i = 0; i < node->outputs.count; i++) {
        node->outputs.items[i]->path = l->row->path; // until the row is finished: for messages
        lower_check_count(l, node->outputs.items[i], node->span);
    }
    for (int i = 0; i < node->parameters.count && !node->outputs.items[0]->type.poisoned; i++)
        lower_check_count(l, node->parameters.items[i], node->span);
    if (!own_parameters(l, node))
        return NULL;
    return node->outputs.count > 0 ? node->outputs.items[0] : NULL;
}

// ------------------------------------------------------------------------------------------------------- names

void lower_own(Lower *l, Value *value)
{
    Arena *arena = l->program->arena;
    bool buffer = value->kind == VALUE_BUFFER;
    vec_push(arena, &l->graph->values, value);
    if (buffer)
        vec_push(arena, &l->graph->buffers, value);
    else
        vec_push(arena, &l->graph->parameters, value);
    map_set(&l->owned, value->path, value);
}

void lower_set_path(Lower *l, Value *value, const char *path)
{
    value->path = path;
    value->member = name_member(l->program->arena, path);
}

void lower_finish_row(Lower *l, Value *last)
{
    for (int i = l->first_node; i < l->graph->nodes.count; i++) {
        Node *node = l->graph->nodes.items[i];
        for (int k = 0; k < node->outputs.count && node->row == l->row; k++)
            node->outputs.items[k]->ends_row = node->outputs.items[k] == last;
    }
}

// ------------------------------------------------------------------------------------------------------ values

Value *lower_poisoned(Lower *l, const char *path)
{
    Value *value = arena_new(l->program->arena, Value, 1);
    value->path = value->member = path;
    value->type.poisoned = true;
    value->uses = 1;
    return value;
}

Value *lower_literal(Lower *l, double number)
{
    Value *value = arena_new(l->program->arena, Value, 1);
    value->kind = VALUE_LITERAL;
    value->number = number;
    value->path = value->member = shortest(l->program->arena, number);
    return value;
}

Value *lower_column(Lower *l, Column *column, const char *name, Span span)
{
    Value *value = arena_new(l->program->arena, Value, 1);
    value->kind = VALUE_COLUMN;
    value->column = column;
    value->span = span;
    value->type = column->type;
    lower_set_path(l, value, name);
    value->ends_row = true;
    vec_push(l->program->arena, &l->graph->values, value);
    vec_push(l->program->arena, &l->graph->columns, value);
    map_set(&l->model->values, name, value);
    return value;
}

bool lower_is_column(const Lower *l, const char *name)
{
    const Data *data = l->program->data;
    for (int i = 0; data && !l->program->data_is_faulty && i < data_name_count(data); i++)
        if (strcmp(data_name(data, i), name) == 0)
            return true;
    return false;
}

Value *lower_find(Lower *l, const char *name)
{
    Value *value = env_value(l->env, name);
    if (value || l->row->section == SECTION_MODEL)
        return value;
    Column *column = l->program->data ? data_column(l->program->data, name) : NULL;
    return column ? lower_column(l, column, name, column->span) : NULL;
}

bool lower_require(Lower *l, Value *value, const Type *type, Span use)
{
    if (value->kind != VALUE_COLUMN || value->is_input)
        return true;
    if (!data_require(l->program->data, value->column, type, use))
        return false;
    value->type = value->column->type;
    return true;
}
