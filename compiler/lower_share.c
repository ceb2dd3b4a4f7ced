// share(row) and row.weight: the parameters of another row, used again. Gradients add up; the optimizer sees them once.
#include "errors_block.h"
#include "lower.h"
#include "statement.h"
#include <string.h>

// A row has nothing that could be used again: it owns no parameters, or is a repeat.
static void report_nothing(Lower *l, Span span, const char *name, const Value *value)
{
    const Row *row = map_get(&l->rows, path_join(l->program->arena, l->env->path, name));
    Span made = row ? row->span : value->maker ? value->maker->row->span : value->span;
    for (int i = 0; row && row->holds && i < l->graph->parameters.count; i++)
        if (starts_with(l->graph->parameters.items[i]->path, row->owner) &&
            l->graph->parameters.items[i]->path[strlen(row->owner)] == '.') {
            error_shares_repeat(l->program, span, name, l->graph->parameters.items[i]->path, made);
            return;
        }
    error_shares_nothing(l->program, span, name, "no stage of that row owns any", made);
}

// The row that share(row) names. NULL after a message.
static const Made *shared_row(Lower *l, const Ast *name)
{
    Value *value = name->kind == AST_NAME ? env_value(l->env, name->text) : NULL;
    const Made *made = name->kind == AST_NAME ? env_made(l->env, name->text) : NULL;
    if (name->kind != AST_NAME)
        error_row(l->program, name->span, "`share` takes the name of a row above", NULL);
    else if (!value)
        lower_unknown_value(l, name);
    else if (!made && !value->type.poisoned)
        report_nothing(l, name->span, name->text, value);
    return made;
}

static bool take_parameters(Lower *l, Node *node, const Node *from, Span span)
{
    for (int k = 0; k < node->parameters.count; k++) {
        Value *own = node->parameters.items[k], *shared = from->parameters.items[k];
        if (!type_same_shape(&own->type, &shared->type)) {
            error_shared_shape(l->program, span, shared->path, &shared->type, &own->type);
            return false;
        }
        node->parameters.items[k] = shared;
    }
    for (int k = 0; k < node->buffers.count; k++)
        node->buffers.items[k] = from->buffers.items[k];
    return true;
}

Value *lower_share(Lower *l, const Ast *stage, Value *left)
{
    Value *inputs[32] = {left};
    if (stage->kind != AST_CALL || stage->children < 2) {
        error_row(l->program, stage->span, "`share` takes the name of a row above", "share(row)");
        return NULL;
    }
    const Made *made = shared_row(l, stage->child[1]);
    if (!made)
        return NULL;
    int wanted = made->block ? block_inputs(made->block) : made->node->inputs.count;
    int given = stage->children - 2;
    for (int i = 2; i < stage->children; i++)
        if (stage->child[i]->kind == AST_ARGUMENT) {
            error_row(l->program, stage->child[i]->span, "`share` has no options: those of the row count", NULL);
            return NULL;
        }
    if (given + 1 != wanted) {
        error_row(l->program, stage->span, arena_format(l->program->arena, "`%s` takes %d value%s, got %d",
                stage->child[1]->text, wanted, wanted == 1 ? "" : "s", given + 1), NULL);
        return NULL;
    }
    if (given > 0 && !lower_values(l, stage->child + 2, given, inputs + 1))
        return NULL;
    if (made->block)
        return lower_rows_of_block(l, made->block, stage, made->call, made->around, made->owner, inputs);
    Node *node = call_again(made->node, stage, inputs, l->row);
    return node && take_parameters(l, node, made->node, stage->span) ? lower_add(l, node) : NULL;
}

// "wte", "enc.fc1": what stands in front of a parameter's name. NULL: something else.
static const char *dotted(Arena *arena, const Ast *ast)
{
    if (ast->kind == AST_NAME)
        return ast->text;
    const char *of = ast->kind == AST_MEMBER ? dotted(arena, ast->child[0]) : NULL;
    return of ? arena_format(arena, "%s.%s", of, ast->text) : NULL;
}

// Of a node that uses the parameter of another row: linear(10, weight=wte.weight).
static const Value *tied_parameter(const Node *node, const char *name)
{
    for (int k = 0; k < node->parameters.count; k++) {
        const Value *parameter = node->parameters.items[k];
        if (parameter->maker != node && parameter->tensor && strcmp(parameter->tensor->name, name) == 0)
            return parameter;
    }
    return NULL;
}

Value *lower_parameter(Lower *l, const Ast *ast)
{
    Arena *arena = l->program->arena;
    const char *path = dotted(arena, ast);
    if (!path) {
        error_row(l->program, ast->span, "this is not a parameter", "write `row.weight`");
        return NULL;
    }
    const char *first = arena_copy(arena, path, strcspn(path, ".")), *rest = path + strlen(first);
    Value *value = env_value(l->env, first);
    const Made *made = env_made(l->env, first);
    if (!value) {
        const Ast *name = ast;
        while (name->kind == AST_MEMBER)
            name = name->child[0];
        lower_unknown_value(l, name);
        return NULL;
    }
    if (value->type.poisoned)
        return NULL;
    Value *found = made ? map_get(&l->owned, arena_format(arena, "%s%s", made->owner, rest)) : NULL;
    if (!*rest && value_root(value)->kind == VALUE_PARAMETER)
        found = value_root(value);
    if (!found) {
        const char *names[64];
        int count = 0;
        for (int i = 0; made && i < l->owned.count && count < 64; i++)
            if (starts_with(l->owned.entries[i].key, made->owner) && l->owned.entries[i].key[strlen(made->owner)] == '.')
                names[count++] = l->owned.entries[i].key;
        const Value *tied = made && made->node && *rest ? tied_parameter(made->node, rest + 1) : NULL;
        if (tied)
            error_parameter_tied(l->program, ast->span, path, tied->path);
        else if (count > 0 && !*rest)
            error_parameter_of_row(l->program, ast->span, path, names, count);
        else if (count > 0)
            error_unknown_name(l->program, ast->span, path, "parameter", names, count);
        else
            report_nothing(l, ast->span, first, value);
    }
    return found;
}
