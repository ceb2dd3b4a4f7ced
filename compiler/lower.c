// Lowering: rows of the model become nodes of the graph, in order. Names are resolved, options and shapes checked on the way
// (call.c), so that a faulty row is reported once and poisons what depends on it. Input: program->parsed, data,
// constants. Output: program->graph without statements.
#include "lower.h"
#include "errors_model.h"
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
        map_set(&l->scope, input->text, lower_poisoned(l, input->text));
        return;
    }
    Value *value = lower_column(l, column, input->text, input->span);
    value->is_input = true;
    value->type = type;
    value->type.classes = column->type.classes;
    lower_check_count(l, value, input->span);
}

static bool legal_name(Lower *l, const Ast *name)
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
    if (op_find(program, name->text)) {
        const Ast *fn = fn_declared(program, name->text);
        error_name_taken(program, name->span, name->text, fn ? "a fn" : "an operation",
            fn ? fn->name_span : (Span){0, 0, 0});
        return false;
    }
    if (strcmp(name->text, "loss") == 0 || strcmp(name->text, "B") == 0) {
        error_name_taken(program, name->span, name->text, "a word of the language", (Span){0, 0, 0});
        return false;
    }
    Constant constant;
    bool poisoned;
    if (program->constants->find(program->constants, name, &constant, &poisoned)) {
        error_name_taken(program, name->span, name->text, "a constant", constant.span);
        return false;
    }
    if (lower_is_column(l, name->text)) {
        Span column = data_column(program->data, name->text)->span;
        error_name_taken(program, name->span, name->text, "a column of the data", column);
        return false;
    }
    return true;
}

// What this compiler cannot do yet, and where it stands; NULL for a plain row.
static const char *later(const Ast *item, Span *span)
{
    bool let = item->kind == AST_LET;
    const Ast *left = let ? item->child[0] : NULL, *row = let || item->kind == AST_NAMED ? item->child[1] : item;
    *span = item->span;
    if (item->kind == AST_CONST)
        return "`const` inside a model";
    if (row->kind == AST_REPEAT)
        return "`repeat`";
    if (let && left->child[0]->kind == AST_INDEX)
        return "an index statement";
    if (!let || left->children == 1)
        return NULL;
    *span = left->span;
    return "naming several parts of a value";
}

// The value of a row whose stages made nothing of their own: `h: x` is another name of x.
static Value *another_name(Lower *l, Value *value)
{
    Value *alias = arena_new(l->program->arena, Value, 1);
    *alias = *value;
    alias->alias = value;
    alias->uses = 0;
    value->uses++;
    lower_set_path(l, alias, l->row->path);
    vec_push(l->program->arena, &l->graph->values, alias);
    return alias;
}

static Value *lower_plain_row(Lower *l, const Ast *item, const Ast *name, Value *trunk)
{
    bool let = item->kind == AST_LET;
    if (name)
        l->group = name->text;
    lower_row(l, l->group, item, name != NULL);
    Value *value = lower_pipe(l, name ? item->child[1] : item, trunk, let);
    if (!value) {
        l->graph->nodes.count = l->first_node;
        return lower_poisoned(l, l->group);
    }
    if (l->first_node == l->graph->nodes.count)
        value = another_name(l, value);
    lower_finish_row(l, value);
    return value;
}

static void lower_item(Lower *l, const Ast *item, Value **trunk)
{
    Span span;
    if (item->kind == AST_ERROR)
        return;
    if (item->kind == AST_RULE) {
        error_row(l->program, item->span, "rules with braces belong in `params`", NULL);
        return;
    }
    const char *refused = later(item, &span);
    bool let = item->kind == AST_LET, named = let || item->kind == AST_NAMED;
    const Ast *name = let ? item->child[0]->child[0] : named ? item->child[0] : NULL;
    bool legal = named && !refused && legal_name(l, name);
    if (refused)
        error_not_yet(l->program, span, refused);
    if (name && name->kind != AST_NAME)
        name = NULL;
    Value *value = refused || (named && !name) ? lower_poisoned(l, name ? name->text : l->group)
                                               : lower_plain_row(l, item, name, *trunk);
    if (legal || (refused && name && !map_get(&l->scope, name->text)))
        map_set(&l->scope, name->text, value);
    if (!let)
        *trunk = value;
    l->graph->output = value;
}

// ------------------------------------------------------------------------------------------------------ the pass

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
    const Ast *file = program->parsed.file, *model = ast_declaration(file, AST_MODEL, NULL);
    const Ast *loss = ast_declaration(file, AST_SECTION, "loss"), *metrics = ast_declaration(file, AST_SECTION, "metrics");
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
    if (!diags_errors(program->diags))
        warn_unused(&l);
    graph_name(graph);
}
