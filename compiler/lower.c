// Lowering: rows of the model become nodes of the graph, in order. Names are resolved, options and shapes checked on the way
// (call.c), so that a faulty row is reported once and poisons what depends on it. Input: program->parsed, data,
// constants. Output: program->graph without statements.
#include "lower.h"
#include "errors_model.h"
#include "names.h"
#include "ops/registry.h"
#include "statement.h"
#include <math.h>
#include <string.h>

// --------------------------------------------------------------------------------------------------------- rows

Row *lower_row(Lower *l, const char *path, const Ast *ast, bool named)
{
    Arena *arena = l->program->arena;
    Row *row = arena_new(arena, Row, 1);
    row->path = path;
    row->text = source_quote(l->program->source, arena, ast->span);
    row->comment = ast_comment_above(arena, &l->program->parsed, l->program->source, ast);
    row->span = ast->span;
    row->named = named;
    vec_push(arena, &l->graph->rows, row);
    l->row = row;
    l->first_node = l->graph->nodes.count;
    l->owner = NULL;
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
    const Op *op = op_find(name);
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

static void keep_values(Lower *l, Value **items, int count)
{
    for (int i = 0; i < count; i++)
        vec_push(l->program->arena, &l->graph->values, items[i]);
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
    keep_values(l, node->parameters.items, node->parameters.count);
    keep_values(l, node->buffers.items, node->buffers.count);
    const Rule *rule = call_forward(node, true);
    if (rule && rule->alias) {
        node->outputs.items[0]->alias = call_tensor(node, rule->alias, strlen(rule->alias));
        if (!node->outputs.items[0]->alias)
            error_internal(l->program, node->span, node->op->name, "alias of nothing");
    }
    for (int i = 0; i < node->outputs.count; i++)
        node->outputs.items[i]->path = l->row->path; // until the row is finished: for messages
    return node->outputs.count > 0 ? node->outputs.items[0] : NULL;
}

// ------------------------------------------------------------------------------------------------------- names

static void set_path(Lower *l, Value *value, const char *path)
{
    value->path = path;
    value->member = name_member(l->program->arena, path);
}

// uniform(-1 / sqrt(I), 1 / sqrt(I)), normal(mean=0, std=1), zeros, ones, constant(v): numbers of one call.
static bool read_init(const Node *node, const char *text, Init *init)
{
    Arena *arena = node->program->arena;
    size_t n = strcspn(text, "(");
    const char *name = arena_copy(arena, text, n);
    double number[2] = {0, 1};
    int count = 0, depth = 0;
    for (const char *s = text + n, *from = s + 1; *s && count < 2; s++) {
        depth += (*s == '(') - (*s == ')');
        if ((*s == ',' && depth == 1) || (*s == ')' && depth == 0)) {
            const char *part = arena_copy(arena, from, (size_t)(s - from)), *equals = strchr(part, '=');
            number[count++] = call_number(node, equals ? equals + 1 : part);
            from = s + 1;
        }
    }
    init->text = text;
    init->a = number[0];
    init->b = number[1];
    if (strcmp(name, "uniform") == 0)
        init->kind = INIT_UNIFORM;
    else if (strcmp(name, "normal") == 0)
        init->kind = INIT_NORMAL;
    else {
        init->kind = INIT_CONSTANT;
        if (strcmp(name, "zeros") == 0 || strcmp(name, "ones") == 0)
            init->a = name[0] == 'o';
        else
            return strcmp(name, "constant") == 0;
    }
    return true;
}

static void name_owned(Lower *l, Node *node)
{
    Arena *arena = l->program->arena;
    for (int k = 0; k < 2; k++) {
        Value **items = k ? node->buffers.items : node->parameters.items;
        for (int i = 0; i < (k ? node->buffers.count : node->parameters.count); i++) {
            Value *value = items[i];
            set_path(l, value, arena_format(arena, "%s.%s", l->row->path, value->tensor->name));
            if (!read_init(node, value->tensor->init, &value->init))
                error_internal(l->program, node->span, node->op->name, value->tensor->init);
            if (k)
                vec_push(arena, &l->graph->buffers, value);
            else
                vec_push(arena, &l->graph->parameters, value);
        }
    }
}

void lower_finish_row(Lower *l, Value *last)
{
    for (int i = l->first_node; i < l->graph->nodes.count; i++) {
        Node *node = l->graph->nodes.items[i];
        for (int k = 0; k < node->outputs.count; k++)
            node->outputs.items[k]->ends_row = node->outputs.items[k] == last;
        name_owned(l, node);
    }
}

// ------------------------------------------------------------------------------------------------------ values

static Value *poisoned(Lower *l, const char *path)
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

static Value *column_value(Lower *l, Column *column, const char *name, Span span)
{
    Value *value = arena_new(l->program->arena, Value, 1);
    value->kind = VALUE_COLUMN;
    value->column = column;
    value->span = span;
    value->type = column->type;
    set_path(l, value, name);
    value->ends_row = true;
    vec_push(l->program->arena, &l->graph->values, value);
    vec_push(l->program->arena, &l->graph->columns, value);
    map_set(&l->scope, name, value);
    return value;
}

Value *lower_find(Lower *l, const char *name, Span use)
{
    Value *value = map_get(&l->scope, name);
    (void)use;
    if (value || l->row->section == SECTION_MODEL)
        return value;
    Column *column = l->program->data ? data_column(l->program->data, name) : NULL;
    return column ? column_value(l, column, name, column->span) : NULL;
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

// ---------------------------------------------------------------------------------------------------- the model

// [B, 1, 28, 28], int[B, T]: a type as it stands in a signature.
static bool read_type(Lower *l, const Ast *ast, Type *type)
{
    bool integer = ast->kind == AST_INDEX && ast->child[0]->kind == AST_NAME && strcmp(ast->child[0]->text, "int") == 0;
    if (ast->kind != AST_LIST && !integer) {
        error_row(l->program, ast->span, "this is not a type", "expected sizes like [B, 1, 28, 28] or int[B, T]");
        return false;
    }
    type->element = integer ? ELEMENT_INT : ELEMENT_REAL;
    if (ast->children - integer > MAX_RANK) {
        error_row(l->program, ast->span, "a value has at most 8 axes", NULL);
        return false;
    }
    for (int i = integer; i < ast->children; i++) {
        const Ast *axis = ast->child[i];
        bool batch = axis->kind == AST_NAME && strcmp(axis->text, "B") == 0;
        Constant size;
        if (batch != (type->rank == 0)) {
            error_row(l->program, axis->span, "the first axis of an input is B, and no other", NULL);
            return false;
        }
        if (!batch && !constant_evaluate(l->program->constants, axis, &size))
            return false;
        if (!batch && (size.kind != CONSTANT_NUMBER || size.number < 1 || size.number != floor(size.number))) {
            error_row(l->program, axis->span, "a size is a whole number of at least 1", NULL);
            return false;
        }
        if (!batch && size.number > 2147483647.0) {
            error_too_large(l->program, axis->span, shortest(l->program->arena, size.number));
            return false;
        }
        type->axis[type->rank++] = (Extent){batch ? 0 : (long)size.number, NULL};
    }
    return true;
}

static void lower_input(Lower *l, const Ast *input)
{
    Program *program = l->program;
    Type type = {0};
    if (map_get(&l->scope, input->text)) {
        error_name_taken(program, input->name_span, input->text, "another input", (Span){0, 0, 0});
        return;
    }
    Column *column = program->data ? data_column(program->data, input->text) : NULL;
    if (input->children == 0)
        error_row(program, input->span, "an input of the model needs a type", "write its sizes: `x: [B, 784]`");
    else if (read_type(l, input->child[0], &type) && program->data && !program->data_is_faulty && !column) {
        const char *names[64];
        int count = 0;
        for (; count < data_name_count(program->data) && count < 64; count++)
            names[count] = data_name(program->data, count);
        error_unknown_name(program, input->name_span, input->text, "column", names, count);
    }
    bool good = type.rank > 0 && column;
    if (good && !data_require(program->data, column, &type, input->span)) {
        Diag *d = diag_add(program->diags, E0312, input->span, "`%s` is declared as %s, but its column is %s",
            input->text, type_text(program->arena, &type), type_text(program->arena, &column->type));
        diag_note(d, column->span, "the column");
        good = false;
    }
    if (!good) {
        map_set(&l->scope, input->text, poisoned(l, input->text));
        return;
    }
    Value *value = column_value(l, column, input->text, input->span);
    value->is_input = true;
    value->type = type;
    value->type.classes = column->type.classes;
}

static bool legal_name(Lower *l, const Ast *name, bool in_loss)
{
    Program *program = l->program;
    if (name->kind != AST_NAME) {
        error_row(program, name->span, "the name of a row is one word", NULL);
        return false;
    }
    Value *other = map_get(&l->scope, name->text);
    if (other) {
        error_name_taken(program, name->span, name->text, other->kind == VALUE_COLUMN ? "a column" : "another row",
            other->maker ? other->maker->row->span : other->span);
        return false;
    }
    if (op_find(name->text)) {
        error_name_taken(program, name->span, name->text, "an operation", (Span){0, 0, 0});
        return false;
    }
    if (strcmp(name->text, "loss") == 0 || strcmp(name->text, "B") == 0) {
        error_name_taken(program, name->span, name->text, "a word of the language", (Span){0, 0, 0});
        return false;
    }
    Column *column = !in_loss && program->data && !program->data_is_faulty ? data_column(program->data, name->text) : NULL;
    if (column) {
        error_name_taken(program, name->span, name->text, "a column of the data", column->span);
        return false;
    }
    return true;
}

static const Op *stage_op(const Ast *stage)
{
    const Ast *name = stage->kind == AST_CALL ? stage->child[0] : stage;
    const Op *op = name->kind == AST_NAME ? op_find(name->text) : NULL;
    return op && op->kind != OP_OPERATOR && op->kind != OP_INTERNAL ? op : NULL;
}

static int positional_count(const Ast *stage)
{
    int count = 0;
    for (int i = 1; stage->kind == AST_CALL && i < stage->children; i++)
        count += stage->child[i]->kind != AST_ARGUMENT;
    return count;
}

bool lower_is_value(const Lower *l, const Ast *ast)
{
    const Op *op = stage_op(ast);
    (void)l;
    if (!op)
        return ast->kind != AST_CALL || ast->child[0]->kind != AST_NAME;
    return op->kind == OP_SOURCE || op->kind == OP_LOSS || op->kind == OP_METRIC ||
        (op->kind == OP_FUNCTION && positional_count(ast) >= op_inputs(op));
}

// Words of the language that this compiler has no table for yet.
static bool refused(Lower *l, const char *name, Span span)
{
    static const char later[] =
        "share conv1d conv_transpose2d batch_norm1d batch_norm2d layer_norm group_norm rms_norm embedding lstm gru rnn "
        "multihead_attention attention dropout2d adaptive_avg_pool2d transpose concat chunk slice last pad upsample "
        "softmax log_softmax identity detach randn_like nll_loss l1_loss smooth_l1_loss huber_loss "
        "binary_cross_entropy kl_div cosine_embedding_loss triplet_margin_loss topk_accuracy confusion mae rmse r2 f1";
    for (int i = 0; i < l->program->parsed.file->children; i++) {
        const Ast *decl = l->program->parsed.file->child[i];
        if ((decl->kind == AST_BLOCK || decl->kind == AST_FN) && strcmp(decl->text, name) == 0)
            return true; // the declaration itself was refused
    }
    if (!word_in(name, strlen(name), later) || op_find(name))
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
    const Op *op = stage_op(stage);
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
static Value *lower_pipe(Lower *l, const Ast *row, Value *trunk, bool must_begin_with_value)
{
    const Ast *first = row->child[0];
    Value *value = trunk;
    int from = 0;
    bool is_name = first->kind == AST_NAME && (map_get(&l->scope, first->text) || !op_find(first->text));
    if (row->has_when) {
        error_not_yet(l->program, row->child[row->children - 1]->span, "`when`");
        return NULL;
    }
    if (first->kind == AST_CALL && stage_op(first) && stage_op(first)->kind == OP_SOURCE) {
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
    Node *node = call_bind(program, op_find("param"), rest, 0, NULL, l->row);
    if (!node)
        return NULL;
    Text text = text_new(program->arena);
    ast_print(&text, init);
    Value *parameter = node->outputs.items[0];
    if (!read_init(node, text.data, &parameter->init)) {
        error_not_yet(program, init->span, arena_format(program->arena, "init=%s", text.data));
        return NULL;
    }
    parameter->kind = VALUE_PARAMETER; // the value is the parameter itself, under the name of the row
    vec_push(program->arena, &l->graph->parameters, parameter);
    l->owner = node;
    return lower_add(l, node);
}

static void lower_item(Lower *l, const Ast *item, Value **trunk)
{
    Program *program = l->program;
    bool let = item->kind == AST_LET, named = let || item->kind == AST_NAMED;
    const Ast *name = let ? item->child[0]->child[0] : named ? item->child[0] : NULL;
    const Ast *row = named ? item->child[1] : item;
    if (item->kind == AST_ERROR)
        return;
    if (item->kind == AST_RULE) {
        error_row(program, item->span, "rules with braces belong in `params`", NULL);
        return;
    }
    if (item->kind == AST_CONST)
        error_not_yet(program, item->span, "`const` inside a model");
    else if (row->kind == AST_REPEAT)
        error_not_yet(program, row->span, "`repeat`");
    else if (let && item->child[0]->children > 1)
        error_not_yet(program, item->child[0]->span, "naming several parts of a value");
    else if (let && name->kind == AST_INDEX)
        error_not_yet(program, item->span, "an index statement");
    else {
        bool legal = named && legal_name(l, name, false);
        if (name && name->kind != AST_NAME)
            name = NULL;
        if (name)
            l->group = name->text;
        int rows = l->graph->rows.count;
        lower_row(l, l->group, item, name != NULL);
        Value *value = lower_pipe(l, row, *trunk, let);
        if (value) {
            Value *alias = NULL;
            if (l->first_node == l->graph->nodes.count) { // `h: x` is another name of x
                alias = arena_new(program->arena, Value, 1);
                *alias = *value;
                alias->alias = value;
                value->uses++;
                value = alias;
            }
            lower_finish_row(l, value);
        } else {
            value = poisoned(l, l->group);
            l->graph->nodes.count = l->first_node;
            l->graph->rows.count = rows + 1;
        }
        if (legal)
            map_set(&l->scope, name->text, value);
        if (!let)
            *trunk = value;
        l->graph->output = value;
        return;
    }
    if (name && name->kind == AST_NAME && !map_get(&l->scope, name->text))
        map_set(&l->scope, name->text, poisoned(l, name->text));
    if (!let)
        *trunk = poisoned(l, l->group);
    l->graph->output = *trunk;
}

// ------------------------------------------------------------------------------------------------------ the pass

static const Ast *find_section(const Program *program, AstKind kind, const char *text)
{
    for (int i = 0; i < program->parsed.file->children; i++) {
        const Ast *decl = program->parsed.file->child[i];
        if (decl->kind == kind && (!text || strcmp(decl->text, text) == 0))
            return decl;
    }
    return NULL;
}

static void warn_unused(Lower *l)
{
    for (int i = 0; i < l->graph->rows.count; i++) {
        const Row *row = l->graph->rows.items[i];
        Value *value = row->named && row->section != SECTION_METRICS ? map_get(&l->scope, row->path) : NULL;
        if (value && value->uses == 0 && value != l->graph->output && !value->type.poisoned)
            warning_unused_value(l->program, row, row->path);
    }
}

void lower(Program *program)
{
    Arena *arena = program->arena;
    const Ast *model = find_section(program, AST_MODEL, NULL), *loss = find_section(program, AST_SECTION, "loss"),
              *metrics = find_section(program, AST_SECTION, "metrics");
    Graph *graph = program->graph = arena_new(arena, Graph, 1);
    graph->arena = arena;
    graph->names = map_new(arena);
    graph->streams = map_new(arena);
    Lower l = {.program = program, .graph = graph, .scope = map_new(arena), .scalars = map_new(arena), .group = ""};
    if (!model)
        return;
    program->name = model->text;
    const Ast *signature = model->child[0], *body = model->child[1];
    for (int i = 0; i < signature->children; i++)
        if (signature->child[i]->kind == AST_INPUT)
            lower_input(&l, signature->child[i]);
        else
            error_row(program, signature->child[i]->span, "a model has no options", "use a `const` at the top level");
    if (signature->children == 0) {
        error_row(program, signature->span, "a model needs an input", "for example (x: [B, 784])");
        return;
    }
    Value *trunk = map_get(&l.scope, signature->child[0]->text);
    if (!trunk)
        return;
    for (int i = 0; i < body->children; i++)
        l.incomplete |= body->child[i]->kind == AST_ERROR;
    graph->output = trunk;
    l.group = signature->child[0]->text;
    for (int i = 0; i < body->children; i++)
        lower_item(&l, body->child[i], &trunk);
    graph->output->uses++;
    if (loss)
        lower_loss(&l, loss->child[0]);
    if (metrics)
        lower_metrics(&l, metrics->child[0]);
    if (!diags_errors(program->diags))
        warn_unused(&l);
    graph_name(graph);
}
