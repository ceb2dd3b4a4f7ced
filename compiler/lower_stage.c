// Stages: what a row applies to the value from the left, one after the other; and what is said about names that nobody knows.
#include "errors_model.h"
#include "lower.h"
#include "ops/registry.h"
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
        return map_get(&l->scope, ast->text) != NULL;
    for (int i = 0; i < ast->children; i++)
        if (has_value(l, ast->child[i]))
            return true;
    return false;
}

bool lower_is_value(const Lower *l, const Ast *ast)
{
    const Op *op = stage_op(l, ast);
    if (!op)
        return ast->kind != AST_CALL || ast->child[0]->kind != AST_NAME;
    return op->kind == OP_SOURCE || op->kind == OP_LOSS || op->kind == OP_METRIC ||
        (op->kind == OP_FUNCTION && positional_count(ast) >= op_inputs(op) && has_value(l, ast));
}

// Words of the language that this compiler has no table for yet.
static bool refused(Lower *l, const char *name, Span span)
{
    static const char later[] =
        "share add mul conv1d conv_transpose2d batch_norm1d batch_norm2d layer_norm group_norm rms_norm embedding "
        "lstm gru rnn "
        "multihead_attention attention dropout2d adaptive_avg_pool2d transpose concat chunk slice last pad upsample "
        "softmax log_softmax identity detach nll_loss l1_loss smooth_l1_loss huber_loss "
        "binary_cross_entropy kl_div cosine_embedding_loss triplet_margin_loss topk_accuracy confusion mae rmse r2 f1";
    for (int i = 0; i < l->program->parsed.file->children; i++) {
        const Ast *decl = l->program->parsed.file->child[i];
        if ((decl->kind == AST_BLOCK || decl->kind == AST_FN) && strcmp(decl->text, name) == 0)
            return true; // the declaration itself was refused
    }
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
    const Map *maps[] = {&l->scope, &l->scalars};
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < maps[k]->count && names->count < 300; i++)
            names->items[names->count++] = maps[k]->entries[i].key;
    for (int i = 0; l->row->section != SECTION_MODEL && l->program->data && i < data_name_count(l->program->data) &&
         names->count < 320; i++)
        names->items[names->count++] = data_name(l->program->data, i);
}

void lower_unknown(Lower *l, const Ast *stage)
{
    const Ast *name = stage->kind == AST_CALL ? stage->child[0] : stage;
    bool in_model = l->row->section == SECTION_MODEL, call = stage->kind == AST_CALL;
    Names names = {.count = 0};
    if (name->kind != AST_NAME) {
        error_row(l->program, stage->span, "this is not a stage", "expected a layer, an operation or a fn");
        return;
    }
    if (refused(l, name->text, stage->span) || (l->incomplete && !call))
        return;
    if (in_model)
        add_ops(&names, OP_STAGE);
    add_ops(&names, OP_FUNCTION);
    for (int i = 0; i < l->program->functions.count && names.count < 240; i++)
        names.items[names.count++] = l->program->functions.entries[i].key;
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
    if (l->incomplete)
        return;
    add_values(l, &names);
    error_unknown_name(l->program, name->span, name->text, "value", names.items, names.count);
}

// One stage applied to the value from the left. NULL after a message.
static Value *lower_stage(Lower *l, const Ast *stage, Value *left)
{
    Program *program = l->program;
    const Op *op = stage_op(l, stage);
    if (!op) {
        lower_unknown(l, stage);
        return NULL;
    }
    if (op->kind == OP_LOSS || op->kind == OP_METRIC || op->kind == OP_SOURCE) {
        error_row(program, stage->span,
            arena_format(program->arena, "`%s` is not a stage", op->name),
            op->kind == OP_SOURCE ? "write `name = param(...)`" : "give it all its inputs, in `loss` or `metrics`");
        return NULL;
    }
    int more = op_inputs(op) - 1;
    Value *inputs[8] = {left};
    if (positional_count(stage) < more) {
        error_input_count(program, op, stage->span, more + 1, positional_count(stage) + 1);
        return NULL;
    }
    for (int i = 0; i < more; i++) {
        Operand operand;
        if (!lower_expression(l, stage->child[1 + i], &operand))
            return NULL;
        inputs[1 + i] = operand.kind == OPERAND_CONSTANT ? lower_literal(l, operand.number) : operand.value;
    }
    Node *node = call_bind(program, op, stage, more, inputs, l->row);
    if (!node)
        return NULL;
    if (node->parameters.count > 0 && !l->row->named) {
        error_unnamed_parameters(program, node);
        return NULL;
    }
    if (node->parameters.count > 0 && l->owner) {
        error_two_owners(program, l->owner, node);
        return NULL;
    }
    if (node->parameters.count > 0)
        l->owner = node;
    return lower_add(l, node);
}

static Value *lower_param(Lower *l, const Ast *call);

// A row: from a value or the trunk through its stages. NULL after a message.
Value *lower_pipe(Lower *l, const Ast *row, Value *trunk, bool must_begin_with_value)
{
    const Ast *first = row->child[0];
    Value *value = trunk;
    int from = 0;
    bool is_name = first->kind == AST_NAME && (map_get(&l->scope, first->text) || !op_find(l->program, first->text));
    if (row->has_when) {
        error_not_yet(l->program, row->child[row->children - 1]->span, "`when`");
        return NULL;
    }
    if (first->kind == AST_CALL && stage_op(l, first) && stage_op(l, first)->kind == OP_SOURCE) {
        value = lower_param(l, first);
        from = 1;
    } else if (is_name || lower_is_value(l, first)) {
        Operand operand;
        if (is_name && !map_get(&l->scope, first->text)) {
            lower_unknown(l, first);
            return NULL;
        }
        if (!lower_expression(l, first, &operand))
            return NULL;
        if (operand.kind != OPERAND_VALUE) {
            error_row(l->program, first->span, "a row needs a value, and this is a number", NULL);
            return NULL;
        }
        value = operand.value;
        from = 1;
    } else if (must_begin_with_value) {
        error_row(l->program, first->span, "a value off the trunk begins with a value",
            "from which row does it come? write `row -> ...`");
        return NULL;
    }
    for (int i = from; value && i < ast_stages(row); i++)
        value = lower_stage(l, row->child[i], value);
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
    if (!init) {
        Diag *d = diag_add(program->diags, E0204, call->span, "param needs `init`");
        diag_label(d, "for example init=normal(std=0.02), init=zeros");
        return NULL;
    }
    Node *node = call_bind(program, op_find(program, "param"), rest, 0, NULL, l->row);
    if (!node)
        return NULL;
    Value *parameter = node->outputs.items[0];
    if (!lower_user_init(l, init, &parameter->init))
        return NULL;
    parameter->kind = VALUE_PARAMETER; // the value is the parameter itself, under the name of the row
    vec_push(program->arena, &l->graph->parameters, parameter);
    l->owner = node;
    return lower_add(l, node);
}
