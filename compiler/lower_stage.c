// Stages: what a row applies to the value from the left, one after the other; and what is said about names that nobody knows.
#include "errors_block.h"
#include "errors_files.h"
#include "fn.h"
#include "init.h"
#include "lower.h"
#include "ops/registry.h"
#include "suggest.h"
#include <string.h>

static const Op *stage_op(const Lower *l, const Ast *stage)
{
    const Ast *name = stage->kind == AST_CALL ? stage->child[0] : stage;
    const Op *op = name->kind == AST_NAME ? op_for_stage(l->program, name->text) : NULL;
    return op && op->kind != OP_OPERATOR && op->kind != OP_INTERNAL ? op : NULL;
}

static int positional_count(const Ast *stage)
{
    int count = 0;
    for (int i = 1; stage->kind == AST_CALL && i < stage->children; i++)
        count += stage->child[i]->kind != AST_ARGUMENT;
    return count;
}

// relu(h) is a value; elu(0.3) is a stage whose option lacks its name.
static bool has_value(const Lower *l, const Ast *ast)
{
    if (ast->kind == AST_NAME)
        return env_value(l->env, ast->text) != NULL;
    for (int i = 0; i < ast->children; i++)
        if (has_value(l, ast->child[i]))
            return true;
    return false;
}

// clamp(hiden, 0, 1): what nobody knows was meant to be a value.
static bool has_unknown(const Lower *l, const Ast *ast)
{
    if (ast->kind == AST_NAME)
        return !env_value(l->env, ast->text) && !lower_is_constant_name(l, ast);
    for (int i = ast->kind == AST_CALL; i < ast->children; i++)
        if (has_unknown(l, ast->child[i]))
            return true;
    return false;
}

// The name of a stage, and the block of that name.
static const char *stage_name(const Ast *stage)
{
    const Ast *name = stage->kind == AST_CALL ? stage->child[0] : stage;
    return name->kind == AST_NAME ? name->text : "";
}

static const Ast *stage_block(const Lower *l, const Ast *stage)
{
    const Ast *block = ast_declaration(l->program->parsed.file, AST_BLOCK, stage_name(stage));
    return block && files_see(l->program, stage->span, block) ? block : NULL;
}

static bool is_share(const Ast *stage) { return strcmp(stage_name(stage), "share") == 0; }

bool lower_is_value(const Lower *l, const Ast *ast)
{
    const Op *op = stage_op(l, ast);
    if (stage_block(l, ast) || is_share(ast))
        return false;
    if (!op)
        return ast->kind != AST_CALL || ast->child[0]->kind != AST_NAME;
    return op->kind == OP_SOURCE || op->kind == OP_LOSS || op->kind == OP_METRIC ||
        (op->kind == OP_FUNCTION && positional_count(ast) >= op_inputs(op) &&
            (has_value(l, ast) || has_unknown(l, ast)));
}

// Words of the language that this compiler has no table for yet.
static bool refused(Lower *l, const char *name, Span span)
{
    static const char later[] =
        "conv1d conv_transpose2d group_norm rms_norm embedding "
        "lstm gru rnn "
        "multihead_attention attention nll_loss l1_loss smooth_l1_loss huber_loss "
        "binary_cross_entropy kl_div cosine_embedding_loss triplet_margin_loss topk_accuracy confusion mae rmse r2 f1";
    if (!word_in(name, strlen(name), later) || op_find(l->program, name))
        return false;
    error_not_yet(l->program, span, arena_format(l->program->arena, "`%s`", name));
    return true;
}

// The names that could stand where one is unknown.
typedef struct {
    const char *items[320];
    int count;
} Names;

static void add_ops(Names *names, OpKind kind)
{
    for (const Op *const *op = ops; *op && names->count < 200; op++)
        if ((*op)->kind == kind)
            names->items[names->count++] = (*op)->name;
}

static void add_values(Lower *l, Names *names)
{
    for (const Env *env = l->env; env; env = env->outer)
        for (int i = 0; i < env->values.count && names->count < 290; i++)
            names->items[names->count++] = env->values.entries[i].key;
    for (int i = 0; i < l->scalars.count && names->count < 300; i++)
        names->items[names->count++] = l->scalars.entries[i].key;
    for (int i = 0; l->row->section != SECTION_MODEL && l->program->data && i < data_name_count(l->program->data) &&
         names->count < 320; i++)
        names->items[names->count++] = data_name(l->program->data, i);
}

static void add_declared(Lower *l, Names *names)
{
    const Ast *file = l->program->parsed.file;
    for (int i = 0; i < file->children && names->count < 250; i++)
        if (file->child[i]->kind == AST_BLOCK)
            names->items[names->count++] = file->child[i]->text;
    for (int i = 0; i < l->program->functions.count && names->count < 280; i++)
        names->items[names->count++] = l->program->functions.entries[i].key;
}

void lower_unknown(Lower *l, const Ast *stage)
{
    const Ast *name = stage->kind == AST_CALL ? stage->child[0] : stage;
    bool in_model = l->row->section == SECTION_MODEL, call = stage->kind == AST_CALL;
    Names names = {.count = 0}, rows = {.count = 0};
    if (name->kind != AST_NAME) {
        error_row(l->program, stage->span, "this is not a stage", "expected a layer, an operation or a fn");
        return;
    }
    if (fn_declared(l->program, name->text) || refused(l, name->text, stage->span) || (l->incomplete && !call))
        return;
    const Ast *hidden = ast_declaration(l->program->parsed.file, AST_BLOCK, name->text);
    if (hidden) { // in a file that is not used where the name stands
        error_file_hidden(l->program->diags, l->program->source, name->span, hidden);
        return;
    }
    add_values(l, &rows);
    if (!call && suggest(name->text, rows.items, rows.count)) { // a row before a word of another system: `pool`, where `poo` is
        error_unknown_name(l->program, name->span, name->text, in_model ? "name" : "function", rows.items, rows.count);
        return;
    }
    if (in_model)
        add_ops(&names, OP_STAGE);
    if (in_model && call) {
        add_ops(&names, OP_SOURCE);
        names.items[names.count++] = "share";
    }
    add_ops(&names, OP_FUNCTION);
    add_declared(l, &names);
    if (!in_model)
        add_ops(&names, l->row->section == SECTION_LOSS ? OP_LOSS : OP_METRIC);
    if (!call)
        add_values(l, &names);
    error_unknown_name(l->program, name->span, name->text, in_model ? call ? "stage" : "name" : "function", names.items,
        names.count);
}

void lower_unknown_value(Lower *l, const Ast *name)
{
    Names names = {.count = 0};
    if (l->incomplete || (l->program->data_is_faulty && l->row->section != SECTION_MODEL))
        return; // it may be a row or a column that is there
    add_values(l, &names);
    const Scope *constants = l->program->constants;
    for (int k = 0; names.count < 320 && constants->name && constants->name(constants, k); k++)
        names.items[names.count++] = constants->name(constants, k);
    error_unknown_name(l->program, name->span, name->text, "value", names.items, names.count);
}

// weight=wte.weight: whether an argument gives a parameter, not an option.
static bool ties(const Lower *l, const Op *op, const Ast *argument)
{
    bool parameter = false;
    for (const Tensor *t = op->parameters; argument->kind == AST_ARGUMENT && t->name; t++)
        parameter |= strcmp(t->name, argument->text) == 0;
    const Ast *value = parameter ? argument->child[0] : NULL;
    bool option = false;
    for (const Arg *arg = op->args; arg->name; arg++)
        option |= parameter && strcmp(arg->name, argument->text) == 0;
    return value && (value->kind == AST_MEMBER || !option || (value->kind == AST_NAME && env_value(l->env, value->text)));
}

// The stage without the arguments that tie parameters.
static const Ast *untied(Lower *l, const Op *op, const Ast *stage)
{
    Arena *arena = l->program->arena;
    int tied = 0;
    for (int i = 1; stage->kind == AST_CALL && i < stage->children; i++)
        tied += ties(l, op, stage->child[i]);
    if (tied == 0)
        return stage;
    Ast *rest = arena_new(arena, Ast, 1);
    *rest = *stage;
    rest->child = arena_new(arena, Ast *, stage->children);
    rest->children = 0;
    for (int i = 0; i < stage->children; i++)
        if (i == 0 || !ties(l, op, stage->child[i]))
            rest->child[rest->children++] = stage->child[i];
    return rest;
}

// Puts the tied parameters in the place of a node's own. false after a message.
static bool tie(Lower *l, Node *node, const Ast *stage)
{
    for (int i = 1; stage->kind == AST_CALL && i < stage->children; i++) {
        const Ast *argument = stage->child[i];
        if (!ties(l, node->op, argument))
            continue;
        for (int k = 1; k < i; k++)
            if (stage->child[k]->kind == AST_ARGUMENT && strcmp(stage->child[k]->text, argument->text) == 0) {
                error_given_twice(l->program, node->op->name, argument->text, argument->span);
                return false;
            }
        Value *shared = lower_parameter(l, argument->child[0]);
        if (!shared)
            return false;
        for (int k = 0; k < node->parameters.count; k++) {
            Value *own = node->parameters.items[k];
            if (own->maker != node || strcmp(own->tensor->name, argument->text) != 0)
                continue;
            if (!type_same_shape(&own->type, &shared->type)) {
                error_shared_shape(l->program, argument->span, shared->path, &shared->type, &own->type);
                return false;
            }
            node->parameters.items[k] = shared;
        }
    }
    return true;
}

// The first parameter of a node's own, or its first buffer; NULL: it has none.
static const char *owns(const Node *node)
{
    for (int k = 0; k < node->parameters.count; k++)
        if (node->parameters.items[k]->maker == node)
            return node->parameters.items[k]->tensor->name;
    for (int k = 0; k < node->buffers.count; k++)
        if (node->buffers.items[k]->maker == node)
            return node->buffers.items[k]->tensor->name;
    return NULL;
}

// The row's name and only owner. false after a message.
static bool own(Lower *l, Node *node)
{
    const char *first = owns(node);
    if (node->parameters.count > 0 || node->buffers.count > 0) {
        l->made = arena_new(l->program->arena, Made, 1);
        *l->made = (Made){.owner = l->row->owner, .node = node, .around = l->env};
    }
    if (!first)
        return true;
    if (!l->row->named) {
        error_unnamed_parameters(l->program, node);
        return false;
    }
    if (l->owner.first && l->first_owner)
        error_two_owners(l->program, l->first_owner, node);
    else if (l->owner.first)
        error_second_owner(l->program, l->row, l->owner.span, l->owner.first, node->span, first);
    if (l->owner.first)
        return false;
    l->owner = (Owner){node->span, first};
    l->first_owner = node;
    return true;
}

bool lower_values(Lower *l, Ast *const *expressions, int count, Value **values)
{
    bool good = true;
    for (int i = 0; i < count; i++) {
        Operand operand = {0};
        bool option = expressions[i]->kind == AST_ARGUMENT;
        if (option)
            error_row(l->program, expressions[i]->span, "values come before options", "put this option behind them");
        bool known = !option && lower_expression(l, expressions[i], &operand);
        good &= known;
        values[i] = !known ? NULL : operand.kind == OPERAND_CONSTANT ? lower_literal(l, operand.number) : operand.value;
    }
    return good;
}

// add(a, b): the trunk, a and b, joined by an operator.
static Value *lower_fold(Lower *l, const Op *op, const Ast *stage, Value *left)
{
    int further = positional_count(stage);
    Operand all = {.kind = OPERAND_VALUE, .value = left, .span = stage->span};
    if (further == 0) {
        error_input_count(l->program, op, stage->span, 2, 1);
        return NULL;
    }
    for (int i = 1; i < stage->children; i++) {
        Operand next;
        if (stage->child[i]->kind == AST_ARGUMENT) {
            error_no_option(l->program, op, stage->child[i]);
            return NULL;
        }
        if (!lower_expression(l, stage->child[i], &next) ||
            !lower_join(l, op_find(l->program, op->fold), stage, further, &all, &next, &all))
            return NULL;
    }
    return all.value;
}

Value *lower_several(Lower *l, Value **parts, int count)
{
    Value *value = arena_new(l->program->arena, Value, 1);
    value->parts = arena_new(l->program->arena, Value *, count);
    memcpy(value->parts, parts, (size_t)count * sizeof *parts);
    value->part_count = count;
    value->path = value->member = l->row->path;
    return value;
}

// Where any number of values goes in: the one from the left, or those of a list, then those in the parentheses.
static Node *bind_many(Lower *l, const Op *op, const Ast *stage, Value *left)
{
    enum { MOST = 64 };
    Value *inputs[MOST];
    int count = 0, further = positional_count(stage);
    if (left->part_count + further >= MOST) {
        error_row(l->program, stage->span, "at most 63 values", NULL);
        return NULL;
    }
    for (int i = 0; i < (left->part_count ? left->part_count : 1); i++)
        inputs[count++] = left->part_count ? left->parts[i] : left;
    if (!lower_values(l, stage->child + 1, further, inputs + count))
        return NULL;
    return call_bind_many(l->program, op, stage, further, inputs, count + further, l->row);
}

// One stage applied to the value from the left. NULL after a message.
static Value *lower_stage(Lower *l, const Ast *stage, Value *left)
{
    Program *program = l->program;
    const Op *op = stage_op(l, stage);
    const Ast *block = stage_block(l, stage);
    if (!op && !block && !is_share(stage)) {
        lower_unknown(l, stage);
        return NULL;
    }
    if (left->part_count > 0 && !(op && op->inputs[0].many) && !block) {
        error_several_values(program, stage->span, "this stage takes one value", left->part_count);
        return NULL;
    }
    if (is_share(stage))
        return lower_share(l, stage, left);
    if (block)
        return lower_block(l, block, stage, left);
    if (op->kind == OP_LOSS || op->kind == OP_METRIC || op->kind == OP_SOURCE) {
        error_row(program, stage->span,
            arena_format(program->arena, "`%s` is not a stage", op->name),
            op->kind == OP_SOURCE ? "write `name = param(...)`" : "give it all its inputs, in `loss` or `metrics`");
        return NULL;
    }
    if (op->fold)
        return lower_fold(l, op, stage, left);
    int more = op_inputs(op) - 1;
    Value *inputs[8] = {left};
    if (!op->inputs[0].many && positional_count(stage) < more) {
        error_input_count(program, op, stage->span, more + 1, positional_count(stage) + 1);
        return NULL;
    }
    if (!op->inputs[0].many && !lower_values(l, stage->child + 1, more, inputs + 1))
        return NULL;
    Node *node = op->inputs[0].many ? bind_many(l, op, stage, left)
                                    : call_bind(program, op, untied(l, op, stage), more, inputs, l->row);
    if (!node || !tie(l, node, stage) || !own(l, node))
        return NULL;
    Value *value = lower_add(l, node);
    return value && op->outputs[0].many ? lower_several(l, node->outputs.items, node->outputs.count) : value;
}

// ------------------------------------------------------------------------------------------------------------ rows

static Value *lower_param(Lower *l, const Ast *call);

// A stage behind `when false`: its names and options, not its shapes (LANGUAGE 10.38). A poisoned value goes in.
static void look_at_stage(Lower *l, const Ast *stage)
{
    enum { MOST = 64 };
    const Ast *block = stage_block(l, stage);
    const Op *op = stage_op(l, stage);
    int given = positional_count(stage), further = !op ? 0 : op->fold || op->inputs[0].many ? given : op_inputs(op) - 1;
    Value *nothing[MOST], *ignored[MOST];
    Kept kept = lower_keep(l);
    for (int i = 0; i < MOST; i++)
        nothing[i] = lower_poisoned(l, l->row->path);
    for (int i = 1; op && stage->kind == AST_CALL && i < stage->children; i++)
        if (ties(l, op, stage->child[i]))
            lower_parameter(l, stage->child[i]->child[0]);
    if (block)
        lower_skipped_block(l, block, stage);
    else if (!op && !is_share(stage))
        lower_unknown(l, stage);
    else if (op && (op->kind == OP_STAGE || op->kind == OP_FUNCTION) && given >= further && further < MOST - 1) {
        if (further > 0)
            lower_values(l, stage->child + 1, further, ignored);
        if (!op->fold)
            call_bind_many(l->program, op, untied(l, op, stage), further, nothing, further + 1, l->row);
    }
    lower_forget(l, kept);
}

// [b1, b2] -> ...: the values of a list.
static Value *lower_list(Lower *l, const Ast *list)
{
    Value *parts[64];
    if (list->children == 0 || list->children > 63) {
        error_row(l->program, list->span, "a list of values has 1 to 63", NULL);
        return NULL;
    }
    return lower_values(l, list->child, list->children, parts) ? lower_several(l, parts, list->children) : NULL;
}

// What a row begins with: a parameter, a list, a value. *from: the first stage behind it. NULL after a message.
static Value *lower_begin(Lower *l, const Ast *row, Value *trunk, bool must_begin_with_value, int *from)
{
    const Ast *first = row->child[0];
    bool is_name = first->kind == AST_NAME &&
        (env_value(l->env, first->text) ||
            (!op_find(l->program, first->text) && !stage_block(l, first) && !is_share(first)));
    Operand operand;
    *from = 1;
    if (first->kind == AST_CALL && stage_op(l, first) && stage_op(l, first)->kind == OP_SOURCE)
        return lower_param(l, first);
    if (first->kind == AST_LIST)
        return lower_list(l, first);
    if (is_name && env_value(l->env, first->text))
        return env_value(l->env, first->text);
    if (is_name) {
        lower_unknown(l, first);
        return NULL;
    }
    if (lower_is_value(l, first)) {
        if (!lower_expression(l, first, &operand))
            return NULL;
        if (operand.kind == OPERAND_VALUE)
            return operand.value;
        error_row_number(l->program, first->span, l->row->span, must_begin_with_value && row->children == 1);
        return NULL;
    }
    *from = 0;
    if (!must_begin_with_value)
        return trunk;
    if (first->kind == AST_CALL && !stage_op(l, first) && !stage_block(l, first) && !is_share(first))
        lower_unknown(l, first);
    else
        error_row(l->program, first->span, "a value off the trunk needs a value to begin with",
            "from which row does it come? write `row -> ...`");
    return NULL;
}

Value *lower_pipe(Lower *l, const Ast *row, Value *trunk, bool must_begin_with_value)
{
    bool holds = true;
    int from, stages = ast_stages(row);
    const Ast *condition = row->has_when ? row->child[row->children - 1] : NULL;
    Value *value = lower_begin(l, row, trunk, must_begin_with_value, &from);
    if (condition && !lower_condition(l, condition, &holds))
        return NULL;
    if (value && condition && from == stages) {
        error_row(l->program, condition->span, "`when` has no stage to leave out", "write `value -> stage when ...`");
        return NULL;
    }
    int before = diags_errors(l->program->diags);
    for (int i = from; i < stages && !holds; i++)
        look_at_stage(l, row->child[i]);
    if (diags_errors(l->program->diags) > before)
        return NULL;
    for (int i = from; i < stages && holds; i++) // behind a fault the names are still looked at
        if (value)
            value = lower_stage(l, row->child[i], value);
        else
            look_at_stage(l, row->child[i]);
    return value;
}

// w = param(O, I, init=normal(std=0.02))
static Value *lower_param(Lower *l, const Ast *call)
{
    Program *program = l->program;
    Ast *rest = arena_new(program->arena, Ast, 1);
    const Ast *init = NULL;
    *rest = *call;
    rest->child = arena_new(program->arena, Ast *, call->children);
    rest->children = 0;
    for (int i = 0; i < call->children; i++)
        if (call->child[i]->kind == AST_ARGUMENT && strcmp(call->child[i]->text, "init") == 0)
            init = call->child[i]->child[0];
        else
            rest->child[rest->children++] = call->child[i];
    if (!init && error_init_misspelt(program, call))
        return NULL;
    Node *node = call_bind(program, op_find(program, "param"), rest, 0, NULL, l->row);
    if (!node)
        return NULL;
    Value *parameter = node->outputs.items[0];
    if (!l->row->named) {
        error_row(program, call->span, "a parameter needs a name", "write `name = param(...)`");
        return NULL;
    }
    Value *known = l->env->shares ? map_get(&l->owned, l->row->owner) : NULL;
    l->owner = (Owner){call->span, l->row->path};
    l->first_owner = node;
    if (known && !type_same_shape(&known->type, &parameter->type)) {
        error_shared_shape(program, call->span, known->path, &known->type, &parameter->type);
        return NULL;
    }
    if (known) // of a block that is shared
        return known;
    // Without one a rule of `params` says how it starts.
    if (init && !init_read(program, &l->env->constants, init, l->row->owner, &parameter->type, &parameter->init))
        return NULL;
    parameter->kind = VALUE_PARAMETER; // the value is the parameter itself, under the name of the row
    lower_set_path(l, parameter, l->row->owner);
    vec_push(program->arena, &l->graph->parameters, parameter);
    map_set(&l->owned, l->row->owner, parameter);
    return lower_add(l, node);
}
