// Lowering: rows of the model become nodes of the graph, in order. Names are resolved, options and shapes checked on the way
// (call.c), so that a faulty row is reported once and poisons what depends on it. Input: program->parsed, data,
// constants. Output: program->graph without statements.
#include "lower.h"
#include "batch_statistics.h"
#include "errors_block.h"
#include "fn.h"
#include "names.h"
#include "ops/registry.h"
#include "statement.h"
#include <math.h>
#include <string.h>

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
        if (!batch && !constant_evaluate(&l->env->constants, axis, &size))
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
    if (map_get(&l->env->values, input->text)) {
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
        map_set(&l->env->values, input->text, lower_poisoned(l, input->text));
        return;
    }
    Value *value = lower_column(l, column, input->text, input->span);
    value->is_input = true;
    value->type = type;
    value->type.classes = column->type.classes;
    lower_check_count(l, value, input->span);
}

static bool is_model(const Env *env) { return !env->outer && !env->instance; }

// What the signature of the block around declares under a name, or NULL.
static const Ast *of_signature(const Lower *l, const char *name)
{
    const Instance *instance = l->env->instance;
    while (instance && !instance->block)
        instance = instance->outer;
    const Ast *block = instance ? ast_declaration(l->program->parsed.file, AST_BLOCK, instance->block) : NULL;
    for (int i = 0; block && i < block->child[0]->children; i++)
        if (strcmp(block->child[0]->child[i]->text, name) == 0)
            return block->child[0]->child[i];
    return NULL;
}

// What a name means already, or NULL. *other: where that is.
static const char *taken_by(Lower *l, const Ast *name, Span *other)
{
    Program *program = l->program;
    const Value *value = env_value(l->env, name->text);
    Constant constant;
    bool poisoned;
    *other = (Span){0, 0, 0};
    const Ast *entry = of_signature(l, name->text);
    if (entry) {
        *other = entry->name_span.to > entry->name_span.from ? entry->name_span : entry->span;
        return entry->kind == AST_INPUT ? "an input of the block" : "an option of the block";
    }
    if (value) {
        bool made = value->maker && !value->alias;
        *other = made ? value->maker->row->span : value->span;
        return value->is_input ? "an input of the model" : "another row";
    }
    const Ast *fn = fn_declared(program, name->text);
    if (fn) {
        *other = fn->name_span;
        return "a fn";
    }
    if (lower_word_of_language(program, name->text))
        return lower_word_of_language(program, name->text);
    if (ast_declaration(program->parsed.file, AST_BLOCK, name->text))
        return "a block";
    if (constant_find(&l->env->constants, name, &constant, &poisoned)) {
        *other = constant.span;
        return "a constant";
    }
    if (is_model(l->env) && lower_is_column(l, name->text)) {
        *other = data_column(program->data, name->text)->span;
        return "a column of the data";
    }
    return NULL;
}

bool lower_legal_name(Lower *l, const Ast *name)
{
    Span other;
    if (name->kind != AST_NAME) {
        error_row(l->program, name->span, "the name of a row is one word", NULL);
        return false;
    }
    const char *by = taken_by(l, name, &other);
    if (by)
        error_name_taken(l->program, name->span, name->text, by, other);
    return !by;
}

// const NAME = value, for the rows below it.
static void lower_constant_item(Lower *l, const Ast *item)
{
    Span other, span = item->name_span.to > item->name_span.from ? item->name_span : item->span;
    const Ast name = {.kind = AST_NAME, .text = item->text, .span = span};
    const char *by = taken_by(l, &name, &other);
    Constant value;
    if (by)
        error_name_taken(l->program, span, item->text, by, other);
    else if (constant_evaluate(&l->env->constants, item->child[0], &value)) {
        value.span = span;
        env_set_number(l, l->env, item->text, value);
    } else {
        env_set_faulty(l->env, item->text);
    }
}

// The value of a row whose stages made nothing of their own: `h: x` is another name of x.
Value *lower_another_name(Lower *l, Value *value, const char *path)
{
    Value *alias = arena_new(l->program->arena, Value, 1);
    *alias = *value;
    alias->alias = value;
    alias->span = l->row->span;
    alias->wired = WIRED_NOT;
    alias->is_input = false;
    alias->uses = 0;
    value->uses++;
    lower_set_path(l, alias, path);
    vec_push(l->program->arena, &l->graph->values, alias);
    return alias;
}

Value *lower_plain_row(Lower *l, const Ast *item, const Ast *pipe, const char *path, Value *trunk)
{
    bool let = item->kind == AST_LET;
    if (path)
        l->group = path;
    Row *row = lower_row(l, l->group, item, path != NULL);
    if (path && item->kind == AST_ROW) // the round of a repeat
        row->text = arena_format(l->program->arena, "%s: %s", path, row->text);
    Value *value = lower_pipe(l, pipe, trunk, let);
    if (!value || value->type.poisoned) {
        l->graph->nodes.count = l->first_node;
        return lower_poisoned(l, l->group);
    }
    lower_finish_row(l, value);
    if (value->part_count > 0 || !path || (value->maker && value->maker->row == row) || value->kind == VALUE_LITERAL)
        return value;
    return lower_another_name(l, value, path);
}

// What the row of several names makes: as many values. Poisoned after a message.
static Value *lower_parts_row(Lower *l, const Ast *item, const char *path)
{
    const Ast *left = item->child[0], *pipe = item->child[1];
    Program *program = l->program;
    if (pipe->has_when) {
        error_row(program, pipe->span, "`when` belongs to a row of one value", NULL);
        return lower_poisoned(l, path);
    }
    Value *value = lower_plain_row(l, item, pipe, path, NULL);
    if (value->type.poisoned)
        return value;
    if (l->owner.first) {
        error_row(program, l->owner.span, "a row with several names owns no parameters", "give this stage a row of its own");
        return lower_poisoned(l, path);
    }
    if (value->part_count == left->children)
        return value;
    int parts = value->part_count > 0 ? value->part_count : 1;
    error_several_values(program, left->span,
        arena_format(program->arena, "%d names for %d value%s", left->children, parts, parts == 1 ? "" : "s"), parts);
    return lower_poisoned(l, path);
}

// a, b = value -> chunk(2): a name for each part. All of them together, or poisoned after a message.
static Value *lower_parts(Lower *l, const Ast *item)
{
    const Ast *left = item->child[0];
    Arena *arena = l->program->arena;
    Value **parts = arena_new(arena, Value *, left->children);
    bool legal = true;
    for (int i = 0; i < left->children; i++) {
        bool good = lower_legal_name(l, left->child[i]);
        for (int k = 0; good && k < i; k++)
            if (left->child[k]->kind == AST_NAME && strcmp(left->child[k]->text, left->child[i]->text) == 0) {
                error_name_taken(l->program, left->child[i]->span, left->child[i]->text, "another name of this row",
                    (Span){0, 0, 0});
                good = false;
            }
        legal &= good;
    }
    const char *path = legal ? path_join(arena, l->env->path, left->child[0]->text) : l->group;
    Value *value = legal ? lower_parts_row(l, item, path) : lower_poisoned(l, path);
    for (int i = 0; i < left->children; i++) {
        const char *name = left->child[i]->kind == AST_NAME ? left->child[i]->text : NULL;
        if (!name || map_get(&l->env->values, name))
            continue;
        const char *is = path_join(arena, l->env->path, name);
        Value *part = value->type.poisoned ? lower_poisoned(l, name) : value->parts[i];
        if (!part->type.poisoned && part->maker && part->maker->row == l->row && !part->name)
            part->name = is;
        else if (!part->type.poisoned)
            part = lower_another_name(l, part, is);
        parts[i] = part;
        map_set(&l->env->values, name, part);
        map_set(&l->rows, is, l->row);
    }
    return value->type.poisoned ? value : lower_several(l, parts, left->children);
}

// What cannot stand in a model, and what this compiler cannot do yet.
static bool refused(Lower *l, const Ast *item)
{
    bool let = item->kind == AST_LET;
    if (item->kind == AST_RULE)
        error_row(l->program, item->span, "rules with braces belong in `params`", NULL);
    else if (let && item->child[1]->kind == AST_REPEAT)
        error_row(l->program, item->span, "a repeat is a row on the trunk", "write `name: repeat ...`");
    else if (let && item->child[0]->child[0]->kind == AST_INDEX)
        error_not_yet(l->program, item->span, "an index statement");
    else
        return false;
    return true;
}

static void lower_item(Lower *l, const Ast *item, Value **trunk, Value **last)
{
    bool let = item->kind == AST_LET, named = let || item->kind == AST_NAMED;
    if (item->kind == AST_ERROR)
        return;
    if (item->kind == AST_CONST) {
        lower_constant_item(l, item);
        return;
    }
    if (refused(l, item)) {
        const Ast *left = let ? item->child[0]->child[0] : NULL;
        while (left && left->kind == AST_INDEX)
            left = left->child[0];
        if (left && left->kind == AST_NAME && !env_value(l->env, left->text))
            map_set(&l->env->values, left->text, lower_poisoned(l, left->text));
        return;
    }
    if (let && item->child[0]->children > 1) {
        *last = lower_parts(l, item);
        return;
    }
    const Ast *name = let ? item->child[0]->child[0] : named ? item->child[0] : NULL, *row = named ? item->child[1] : item;
    bool legal = !named || lower_legal_name(l, name);
    if (name && name->kind != AST_NAME)
        name = NULL;
    const char *path = name ? path_join(l->program->arena, l->env->path, name->text) : NULL;
    Value *value;
    if (named && !name)
        value = lower_poisoned(l, l->group);
    else if (row->kind == AST_REPEAT) {
        value = lower_repeat(l, item, row, name, *trunk);
        value = value ? value : lower_poisoned(l, path ? path : l->group);
        l->made = NULL;
    } else
        value = lower_plain_row(l, item, row, path, *trunk);
    if (name && legal) {
        map_set(&l->env->values, name->text, value);
        if (row->kind != AST_REPEAT && l->made)
            map_set(&l->env->made, name->text, l->made);
    }
    if (!let)
        *trunk = value;
    *last = value;
}

void lower_items(Lower *l, const Ast *body, Value **trunk, Value **last)
{
    for (int i = 0; i < body->children; i++)
        l->incomplete |= body->child[i]->kind == AST_ERROR;
    for (int i = 0; i < body->children; i++)
        lower_item(l, body->child[i], trunk, last);
}

// ------------------------------------------------------------------------------------------------------ the pass

void lower(Program *program)
{
    Arena *arena = program->arena;
    const Ast *file = program->parsed.file, *model = ast_declaration(file, AST_MODEL, NULL);
    const Ast *loss = ast_declaration(file, AST_SECTION, "loss"), *metrics = ast_declaration(file, AST_SECTION, "metrics");
    Graph *graph = program->graph = arena_new(arena, Graph, 1);
    graph->arena = arena;
    graph->names = map_new(arena);
    graph->streams = map_new(arena);
    Lower l = {.program = program, .graph = graph, .scalars = map_new(arena), .owned = map_new(arena),
        .inside = map_new(arena), .rows = map_new(arena), .group = ""};
    l.env = l.model = env_new(&l, NULL, NULL, "", "");
    lower_check_declarations(&l);
    if (program->is_library) {
        lower_unused_blocks(&l);
        return;
    }
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
    Value *trunk = map_get(&l.env->values, signature->child[0]->text);
    if (!trunk)
        return;
    graph->output = trunk;
    l.group = signature->child[0]->text;
    lower_items(&l, body, &trunk, &graph->output);
    lower_unused_blocks(&l);
    if (graph->output->part_count > 0) // a, b = ...: the value is the last of them
        graph->output = graph->output->parts[graph->output->part_count - 1];
    graph->output->uses++;
    if (!type_batched(&graph->output->type) && !graph->output->type.poisoned)
        error_row(program, l.row ? l.row->span : model->span, "the last row is the value of the model, and needs an axis B",
            "what predict prints, one for each example");
    if (graph->parameters.count == 0 && !diags_errors(program->diags))
        error_row(program, model->name_span, "this model has no parameters, so there is nothing to train",
            "a row like `fc1: linear(10)` has some");
    if (loss)
        lower_loss(&l, loss->child[0]);
    if (metrics)
        lower_metrics(&l, metrics->child[0]);
    if (program->data)
        data_finish(program->data, program->diags); // every use has said what it requires
    kept_check(program);
    if (!diags_errors(program->diags)) {
        env_note_uses(&l, l.model, graph->output, NULL);
        lower_warn_unused(&l);
        warn_batch_statistics(program);
    }
    graph_name(graph);
}
