// What a row sees, and what belongs to the row that is being lowered. An Env has the names of a block, or of the round of a
// `repeat` with the rows around it; constants (options, sizes, `const`) and values have maps of their own.
#include "errors_model.h"
#include "lower.h"
#include <string.h>

static const Constant faulty_number; // stands for a constant whose fault was reported

static bool find_number(const Scope *scope, const Ast *name, Constant *value, bool *poisoned)
{
    const Env *env = scope->data;
    const Constant *found = name->kind == AST_NAME ? map_get(&env->numbers, name->text) : NULL;
    *poisoned = found == &faulty_number;
    if (found)
        *value = *found;
    return found != NULL;
}

static const char *name_of_number(const Scope *scope, int k)
{
    const Env *env = scope->data;
    return k < env->numbers.count ? env->numbers.entries[k].key : NULL;
}

static bool is_value(const Scope *scope, const char *name)
{
    const Env *env = scope->data;
    return map_get(&env->values, name) != NULL;
}

const char *path_join(Arena *arena, const char *path, const char *name)
{
    return *path ? arena_format(arena, "%s.%s", path, name) : name;
}

Env *env_new(Lower *l, Env *outer, Instance *instance, const char *path, const char *owner)
{
    Arena *arena = l->program->arena;
    Env *env = arena_new(arena, Env, 1);
    *env = (Env){.outer = outer, .instance = instance, .path = path, .owner = owner, .shares = l->env && l->env->shares,
        .values = map_new(arena), .made = map_new(arena), .numbers = map_new(arena)};
    env->constants = (Scope){.arena = arena, .diags = l->program->diags, .find = find_number, .data = env,
        .outer = outer ? &outer->constants : l->program->constants, .name = name_of_number,
        .is_value = is_value};
    return env;
}

Env *env_of_section(Lower *l, const Ast *body)
{
    Env *env = env_new(l, l->env, NULL, l->env->path, l->env->owner);
    env->constants.outer = constants_inside(l->program->arena, l->program->diags, body, &l->env->constants);
    return env;
}

Value *env_value(const Env *env, const char *name)
{
    for (; env; env = env->outer) {
        Value *value = map_get(&env->values, name);
        if (value)
            return value;
    }
    return NULL;
}

Made *env_made(const Env *env, const char *name)
{
    for (; env; env = env->outer) {
        Made *made = map_get(&env->made, name);
        if (made)
            return made;
    }
    return NULL;
}

void env_set_number(Lower *l, Env *env, const char *name, Constant value)
{
    Constant *kept = arena_new(l->program->arena, Constant, 1);
    *kept = value;
    map_set(&env->numbers, name, kept);
}

void env_set_faulty(Env *env, const char *name) { map_set(&env->numbers, name, (void *)&faulty_number); }

Instance *lower_instance(Lower *l, const char *path, const char *block)
{
    Instance *instance = arena_new(l->program->arena, Instance, 1);
    *instance = (Instance){.path = path, .row = l->row, .outer = l->env->instance, .block = block};
    l->row->holds = true;
    vec_push(l->program->arena, &l->graph->instances, instance);
    return instance;
}

Saved lower_save(const Lower *l)
{
    return (Saved){l->row, l->env, l->group, l->first_node, l->owner, l->first_owner, l->made, l->incomplete};
}

void lower_restore(Lower *l, Saved s)
{
    l->row = s.row;
    l->env = s.env;
    l->group = s.group;
    l->first_node = s.first_node;
    l->owner = s.owner;
    l->first_owner = s.first_owner;
    l->made = s.made;
    l->incomplete = s.incomplete;
}

Kept lower_keep(const Lower *l)
{
    const Graph *graph = l->graph;
    return (Kept){graph->rows.count, graph->nodes.count, graph->values.count, graph->parameters.count,
        graph->buffers.count, graph->instances.count, l->uses.count};
}

void lower_forget(Lower *l, Kept kept)
{
    Graph *graph = l->graph;
    graph->rows.count = kept.rows;
    graph->nodes.count = kept.nodes;
    graph->values.count = kept.values;
    graph->parameters.count = kept.parameters;
    graph->buffers.count = kept.buffers;
    graph->instances.count = kept.instances;
    l->uses.count = kept.uses;
}

const char *lower_first_owned(const Lower *l, Kept before, const char *path)
{
    const Graph *graph = l->graph;
    const Value *value = graph->parameters.count > before.parameters ? graph->parameters.items[before.parameters]
                         : graph->buffers.count > before.buffers     ? graph->buffers.items[before.buffers]
                                                                     : NULL;
    if (!value)
        return NULL;
    const char *first = value->path;
    return starts_with(first, path) && first[strlen(path)] == '.' ? first + strlen(path) + 1 : first;
}

bool lower_is_used(const Value *value)
{
    bool used = value->uses > 0;
    for (int k = 0; k < value->part_count; k++)
        used |= value->parts[k]->uses > 0;
    return used;
}

// Each name once, however often the block is used.
static void note_use(Arena *arena, Use *use, const char *name, bool used)
{
    bool known = false;
    for (int k = 0; k < use->names.count; k++)
        known |= strcmp(use->names.items[k], name) == 0;
    if (!known)
        vec_push(arena, &use->names, name);
    use->used |= used;
}

void env_note_uses(Lower *l, const Env *env, const Value *last, const Value *trunk)
{
    for (int i = 0; i < env->values.count; i++) {
        const Value *value = env->values.entries[i].value;
        const char *name = env->values.entries[i].key;
        const Row *row = map_get(&l->rows, path_join(l->program->arena, env->path, name));
        bool used = value == last || value == trunk || value->type.poisoned || lower_is_used(value);
        for (int k = 0; last && k < last->part_count; k++)
            used |= last->parts[k] == value;
        Use *known = NULL;
        for (int k = 0; row && k < l->uses.count; k++)
            if (l->uses.items[k].row->span.from == row->span.from)
                known = &l->uses.items[k];
        if (!known && row) {
            Use use = {.row = row};
            vec_push(l->program->arena, &l->uses, use);
            known = &l->uses.items[l->uses.count - 1];
        }
        if (known)
            note_use(l->program->arena, known, name, used);
    }
}

void lower_warn_unused(Lower *l)
{
    for (int i = 0; i < l->uses.count; i++)
        if (!l->uses.items[i].used)
            warning_unused_value(l->program, l->uses.items[i].row, l->uses.items[i].names.items,
                l->uses.items[i].names.count);
}

const char *env_told(Lower *l, const Env *env, const char *path, const char *text)
{
    Arena *arena = l->program->arena;
    Text all = text_new(arena);
    text_add(&all, "%s: %s", path, text);
    for (int i = 0; i < env->numbers.count; i++)
        text_add(&all, "%s %s = %s", i ? "," : ", with", env->numbers.entries[i].key,
            constant_text(arena, env->numbers.entries[i].value));
    return all.data;
}
