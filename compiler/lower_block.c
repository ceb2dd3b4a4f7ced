// Blocks, repeat, when and share: what makes many rows of few. A use of a block is its rows once more, under the path of the
// row that uses it, with what it sees (Env) being its inputs, options and own rows. Nothing of it is left behind `lower` but
// the paths of rows and their Instance.
#include "errors_block.h"
#include "lower.h"
#include "names.h"
#include "statement.h"
#include <math.h>
#include <string.h>

enum { MOST_ROWS = 100000 };

// ----------------------------------------------------------------------------------------------------------- names

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

const char *path_join(Arena *arena, const char *path, const char *name)
{
    return *path ? arena_format(arena, "%s.%s", path, name) : name;
}

Env *env_new(Lower *l, Env *outer, Instance *instance, const char *path, const char *owner)
{
    Arena *arena = l->program->arena;
    Env *env = arena_new(arena, Env, 1);
    *env = (Env){.outer = outer, .instance = instance, .path = path, .owner = owner, .values = map_new(arena),
        .made = map_new(arena), .numbers = map_new(arena)};
    env->constants = (Scope){.arena = arena, .diags = l->program->diags, .find = find_number, .data = env,
        .outer = outer ? &outer->constants : l->program->constants, .name = name_of_number};
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

const Ast *program_block(const Program *program, const char *name)
{
    const Ast *file = program->parsed.file;
    for (int i = 0; i < file->children; i++)
        if (file->child[i]->kind == AST_BLOCK && strcmp(file->child[i]->text, name) == 0)
            return file->child[i];
    return NULL;
}

// What belongs to the row that is being lowered, while the rows of a block are.
typedef struct {
    Row *row;
    Env *env;
    const char *group;
    int first_node;
    Owner owner;
    Node *first_owner;
    Made *made;
    bool incomplete;
} Saved;

static Saved save(const Lower *l)
{
    return (Saved){l->row, l->env, l->group, l->first_node, l->owner, l->first_owner, l->made, l->incomplete};
}

static void restore(Lower *l, Saved s)
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

// ---------------------------------------------------------------------------------------------------------- inputs

static const char *axis_text(Arena *arena, long size) { return size ? arena_format(arena, "%ld", size) : "B"; }

static bool is_option(const Ast *block, const char *name)
{
    for (int i = 0; i < block->child[0]->children; i++)
        if (block->child[0]->child[i]->kind == AST_OPTION && strcmp(block->child[0]->child[i]->text, name) == 0)
            return true;
    return false;
}

// What is being bound.
typedef struct {
    Lower *l;
    Env *env;
    const Ast *block, *input;
    const Value *value;
    Span stage;
} Binding;

// One size of the type of an input: a check, or a name that gets the size. An option that has no value yet is checked later.
static bool bind_axis(const Binding *b, const Ast *axis, int k)
{
    Arena *arena = b->l->program->arena;
    long size = b->value->type.axis[k].value;
    Constant wanted;
    bool poisoned, batch = axis->kind == AST_NAME && strcmp(axis->text, "B") == 0;
    if (batch && size == 0)
        return true;
    if (!batch && axis->kind == AST_NAME && !constant_find(&b->env->constants, axis, &wanted, &poisoned)) {
        Constant bound = {.kind = CONSTANT_NUMBER, .number = (double)size, .span = axis->span};
        if (is_option(b->block, axis->text))
            return true;
        if (size > 0) {
            env_set_number(b->l, b->env, axis->text, bound);
            return true;
        }
    } else if (!batch && !constant_evaluate(&b->env->constants, axis, &wanted))
        return false;
    else if (!batch && wanted.kind == CONSTANT_NUMBER && wanted.number == (double)size)
        return true;
    const char *text = source_quote(b->l->program->source, arena, axis->span);
    bool named = !batch && size > 0 && axis->kind != AST_NUMBER && wanted.kind == CONSTANT_NUMBER;
    error_block_input(b->l->program, b->stage, b->input, b->value,
        named ? arena_format(arena, "axis %d is %ld, and `%s` is %s", k, size, text, constant_text(arena, &wanted))
              : arena_format(arena, "axis %d is %s, and the block wants %s", k, axis_text(arena, size), text));
    return false;
}

static void bind_nothing(Env *env, const Ast *type)
{
    Constant ignored;
    bool poisoned;
    for (int i = 0; i < type->children; i++)
        if (type->child[i]->kind == AST_NAME && !constant_find(&env->constants, type->child[i], &ignored, &poisoned))
            env_set_faulty(env, type->child[i]->text);
}

// x: [B, C, H, W]: the names of the sizes become constants of the block.
static bool bind_type(const Binding *b)
{
    Program *program = b->l->program;
    const Ast *type = b->input->child[0];
    const Type *has = &b->value->type;
    bool integer = type->kind == AST_INDEX && type->child[0]->kind == AST_NAME && strcmp(type->child[0]->text, "int") == 0;
    if (type->kind != AST_LIST && !integer) {
        error_row(program, type->span, "this is not a type", "expected sizes like [B, C] or int[B, T]");
        return false;
    }
    if (has->poisoned) {
        bind_nothing(b->env, type);
        return true;
    }
    if (type->children - integer != has->rank || integer != (has->element != ELEMENT_REAL)) {
        error_block_input(program, b->stage, b->input, b->value,
            arena_format(program->arena, "the block wants %s", source_quote(program->source, program->arena, type->span)));
        return false;
    }
    for (int i = integer; i < type->children; i++)
        if (!bind_axis(b, type->child[i], i - integer))
            return false;
    return true;
}

static bool bind_types(Lower *l, Env *env, const Ast *block, const Ast *stage, Value **values)
{
    bool good = true;
    for (int i = 0, k = 0; i < block->child[0]->children; i++) {
        const Ast *input = block->child[0]->child[i];
        if (input->kind != AST_INPUT)
            continue;
        const Binding binding = {l, env, block, input, values[k++], stage->span};
        good &= input->children == 0 || bind_type(&binding);
    }
    return good;
}

static void bind_inputs(Lower *l, Env *env, const Ast *block, Value **values)
{
    for (int i = 0, k = 0; i < block->child[0]->children; i++) {
        const Ast *input = block->child[0]->child[i];
        if (input->kind != AST_INPUT)
            continue;
        Value *value = values[k++], *inside = value;
        if (!value->type.poisoned && value->kind != VALUE_LITERAL && value->part_count == 0) {
            inside = lower_another_name(l, value, path_join(l->program->arena, env->path, input->text));
            inside->wired = true;
        }
        map_set(&env->values, input->text, inside);
    }
}

// The names of a signature: not those of operations or blocks, and none twice.
static bool check_signature(Lower *l, const Ast *block)
{
    const Ast *signature = block->child[0];
    bool good = true;
    for (int i = 0; i < signature->children; i++) {
        const Ast *entry = signature->child[i];
        Span span = entry->name_span.to > entry->name_span.from ? entry->name_span : entry->span;
        const char *by = op_find(l->program, entry->text) ? "an operation"
            : program_block(l->program, entry->text)      ? "a block"
                                                          : NULL;
        for (int k = 0; k < i; k++)
            if (strcmp(signature->child[k]->text, entry->text) == 0)
                by = "another one of this signature";
        if (by)
            error_name_taken(l->program, span, entry->text, by, (Span){0, 0, 0});
        good &= !by;
    }
    return good;
}

// --------------------------------------------------------------------------------------------------------- options

// The expression that a use gives an option: by name, or by position behind the inputs. NULL: none.
static const Ast *given_option(Lower *l, const Ast *block, const Ast *stage, int further, const char *name, int position,
    bool reports)
{
    const Ast *found = NULL;
    int seen = 0;
    for (int i = 1; stage->kind == AST_CALL && i < stage->children; i++) {
        const Ast *child = stage->child[i];
        bool named = child->kind == AST_ARGUMENT;
        bool matches = named ? strcmp(child->text, name) == 0 : seen - further == position;
        seen += !named;
        if (matches && found && reports)
            error_block_option_twice(l->program, block, name, child->span);
        if (matches)
            found = named ? child->child[0] : child;
    }
    return found;
}

// The options that a use gives are evaluated where it stands; defaults inside, where they see earlier options and sizes.
// `call` NULL: nobody uses the block.
static bool bind_options(Lower *l, Env *env, const Env *around, const Ast *block, const Ast *call, bool defaults)
{
    const Ast *signature = block->child[0];
    int further = -1;
    bool good = true;
    for (int i = 0; i < signature->children; i++)
        further += signature->child[i]->kind == AST_INPUT;
    for (int i = 0, k = 0; i < signature->children; i++) {
        const Ast *option = signature->child[i];
        if (option->kind != AST_OPTION)
            continue;
        const Ast *given = call ? given_option(l, block, call, further, option->text, k++, !defaults) : NULL;
        const Ast *expression = given ? given : option->children > 0 ? option->child[0] : NULL;
        Constant value;
        if ((given != NULL) == defaults)
            continue;
        bool known = expression && constant_evaluate(given ? &around->constants : &env->constants, expression, &value);
        if (known)
            env_set_number(l, env, option->text, value);
        else
            env_set_faulty(env, option->text);
        if (!expression && call)
            error_block_missing_option(l->program, block, call->span, option->text);
        good &= known || !call;
    }
    return good;
}

static bool check_arguments(Lower *l, const Ast *block, const Ast *stage, int inputs)
{
    const Ast *signature = block->child[0];
    int positional = 0, options = signature->children - inputs;
    bool good = true;
    for (int i = 1; stage->kind == AST_CALL && i < stage->children; i++) {
        const Ast *child = stage->child[i];
        bool known = child->kind != AST_ARGUMENT;
        positional += known;
        for (int k = 0; k < signature->children && !known; k++)
            known = signature->child[k]->kind == AST_OPTION && strcmp(signature->child[k]->text, child->text) == 0;
        if (!known)
            error_block_option(l->program, block, child);
        good &= known;
    }
    if (positional < inputs - 1) {
        error_block_inputs(l->program, block, stage->span, inputs, positional + 1);
        return false;
    }
    if (positional > inputs - 1 + options) {
        error_block_positional(l->program, block, stage, positional);
        return false;
    }
    return good;
}

// --------------------------------------------------------------------------------------------------------- a block

static int count_inputs(const Ast *block)
{
    int count = 0;
    for (int i = 0; i < block->child[0]->children; i++)
        count += block->child[0]->child[i]->kind == AST_INPUT;
    return count;
}

// Whether the block is being used already: false after a message.
static bool check_circle(Lower *l, const Ast *block, Span stage)
{
    const char *names[32];
    int count = 0;
    bool again = false;
    for (const Instance *k = l->env->instance; k && !again; k = k->outer)
        if (k->block && count < 31) {
            names[count++] = k->block;
            again = strcmp(k->block, block->text) == 0;
        }
    if (!again)
        return true;
    for (int i = 0; i < count / 2; i++) {
        const char *name = names[i];
        names[i] = names[count - 1 - i];
        names[count - 1 - i] = name;
    }
    names[count++] = block->text;
    error_block_circle(l->program, stage, names, count);
    return false;
}

// Notes which rows of an Env are used, once it is complete. `last` is what comes out of it.
static void note_uses(Lower *l, const Env *env, const Value *last, const Value *trunk)
{
    for (int i = 0; i < env->values.count; i++) {
        const Value *value = env->values.entries[i].value;
        const Row *row = NULL;
        bool used = value == last || value == trunk || value->uses > 0 || value->type.poisoned;
        for (int k = 0; k < value->part_count; k++)
            used |= value->parts[k]->uses > 0;
        for (int k = 0; last && k < last->part_count; k++)
            used |= last->parts[k] == value;
        for (int k = l->graph->rows.count - 1; k >= 0 && !row; k--) // the row of that name
            if (l->graph->rows.items[k]->instance == env->instance && l->graph->rows.items[k]->named &&
                strcmp(l->graph->rows.items[k]->path, path_join(l->program->arena, env->path, env->values.entries[i].key)) == 0)
                row = l->graph->rows.items[k];
        Use *known = NULL;
        for (int k = 0; row && k < l->uses.count; k++)
            if (l->uses.items[k].row->span.from == row->span.from && l->uses.items[k].row->span.file == row->span.file)
                known = &l->uses.items[k];
        Use use = {row, env->values.entries[i].key, used};
        if (known)
            known->used |= used;
        else if (row)
            vec_push(l->program->arena, &l->uses, use);
    }
}

void lower_warn_unused(Lower *l)
{
    for (int i = 0; i < l->uses.count; i++)
        if (!l->uses.items[i].used)
            warning_unused_value(l->program, l->uses.items[i].row, l->uses.items[i].name);
}

// "s2.0: basic(32, stride=2), with ch = 32, stride = 2, C = 16"
static const char *what(Lower *l, const Env *env, const char *path, const char *text)
{
    Arena *arena = l->program->arena;
    Text all = text_new(arena);
    text_add(&all, "%s: %s", path, text);
    for (int i = 0; i < env->numbers.count; i++)
        text_add(&all, "%s %s = %s", i ? "," : ", with", env->numbers.entries[i].key,
            constant_text(arena, env->numbers.entries[i].value));
    return all.data;
}

// The rows of a block in a new Env. `call`: whose options count, in `around`; `inputs`: what goes in.
static Value *rows_of_block(Lower *l, const Ast *block, const Ast *stage, const Ast *call, const Env *around,
    const char *owner, Value **inputs)
{
    Program *program = l->program;
    Arena *arena = program->arena;
    int before = diags_count(program->diags);
    bool first = l->row->named && !l->row->holds; // a second block of a row has values under another path
    const char *path = first ? l->row->path : name_inside(arena, &l->inside, l->group, block->text);
    Saved saved = save(l);
    Instance *instance = lower_instance(l, path, block->text);
    Env *env = env_new(l, NULL, instance, path, owner ? owner : l->row->named ? l->row->owner : path);
    env->constants.outer = files_scope(program, block->span);
    Value *value = NULL, *trunk;
    bool good = check_signature(l, block) && bind_options(l, env, around, block, call, false);
    good = good && bind_types(l, env, block, stage, inputs) && bind_options(l, env, around, block, call, true) &&
        bind_types(l, env, block, stage, inputs); // again, for options with defaults
    if (good) {
        instance->what = what(l, env, path, source_quote(program->source, arena, stage->span));
        bind_inputs(l, env, block, inputs);
        trunk = map_get(&env->values, block->child[0]->child[0]->text);
        l->env = env;
        l->group = path_join(arena, path, block->child[0]->child[0]->text);
        value = trunk;
        lower_items(l, block->child[1], &trunk, &value);
        note_uses(l, env, value, NULL);
    }
    restore(l, saved);
    diags_note_since(program->diags, before, stage->span, "in block `%s`, used as `%s` here", block->text, path);
    return value && !value->type.poisoned ? value : NULL;
}

// Whether the rows since then own parameters: the first of them.
static const char *first_owned(const Lower *l, int before, const char *path)
{
    if (l->graph->parameters.count == before)
        return NULL;
    const char *first = l->graph->parameters.items[before]->path;
    return starts_with(first, path) && first[strlen(path)] == '.' ? first + strlen(path) + 1 : first;
}

Value *lower_block(Lower *l, const Ast *block, const Ast *stage, Value *left)
{
    Program *program = l->program;
    int count = count_inputs(block), parameters = l->graph->parameters.count;
    Value *inputs[32] = {left};
    if (count == 0 || count > 32) {
        error_row(program, block->child[0]->span, count ? "a block has at most 32 inputs" : "a block needs an input",
            "for example (x; channels)");
        return NULL;
    }
    if (!check_arguments(l, block, stage, count) || !check_circle(l, block, stage->span))
        return NULL;
    for (int i = 1, k = 1; k < count; i++) {
        Operand operand;
        if (stage->child[i]->kind == AST_ARGUMENT)
            continue;
        if (!lower_expression(l, stage->child[i], &operand))
            return NULL;
        inputs[k++] = operand.kind == OPERAND_CONSTANT ? lower_literal(l, operand.number) : operand.value;
    }
    Value *value = rows_of_block(l, block, stage, stage, l->env, NULL, inputs);
    const char *first = first_owned(l, parameters, l->row->path);
    if (!first)
        return value;
    if (!l->row->named) {
        error_unnamed_block(program, stage->span, l->row->span, "block", first);
        return NULL;
    }
    if (l->owner.first) {
        error_second_owner(program, l->row, l->owner.span, l->owner.first, stage->span, first);
        return NULL;
    }
    l->owner = (Owner){stage->span, first};
    l->first_owner = NULL;
    l->made = arena_new(program->arena, Made, 1);
    *l->made = (Made){.owner = l->row->owner, .block = block, .call = stage, .around = l->env};
    return value;
}

// Looks at the rows of a block without keeping anything of it.
static void look_at(Lower *l, const Ast *block, const Ast *stage, const Ast *call)
{
    Graph *graph = l->graph;
    Value *inputs[32];
    int rows = graph->rows.count, nodes = graph->nodes.count, values = graph->values.count;
    int parameters = graph->parameters.count, buffers = graph->buffers.count, instances = graph->instances.count;
    for (int k = 0; k < 32; k++)
        inputs[k] = lower_poisoned(l, block->text);
    rows_of_block(l, block, stage, call, l->env, NULL, inputs);
    graph->rows.count = rows;
    graph->nodes.count = nodes;
    graph->values.count = values;
    graph->parameters.count = parameters;
    graph->buffers.count = buffers;
    graph->instances.count = instances;
}

void lower_unused_blocks(Lower *l)
{
    const Ast *file = l->program->parsed.file;
    for (int i = 0; i < file->children; i++) {
        const Ast *block = file->child[i];
        bool used = false;
        if (block->kind != AST_BLOCK || count_inputs(block) == 0 || count_inputs(block) > 32)
            continue;
        for (int k = 0; k < l->graph->instances.count; k++)
            used |= l->graph->instances.items[k]->block && strcmp(l->graph->instances.items[k]->block, block->text) == 0;
        if (used)
            continue;
        lower_row(l, block->text, block, true);
        look_at(l, block, block, NULL);
        l->graph->rows.count--;
    }
}

void lower_skipped_block(Lower *l, const Ast *block, const Ast *stage)
{
    bool holds = l->row->holds;
    if (count_inputs(block) > 0 && count_inputs(block) <= 32 && check_arguments(l, block, stage, count_inputs(block)) &&
        check_circle(l, block, stage->span))
        look_at(l, block, stage, stage);
    l->row->holds = holds;
}

// ---------------------------------------------------------------------------------------------------------- repeat

static bool read_count(Lower *l, const Ast *repeat, int *count)
{
    Constant value;
    if (!constant_evaluate(&l->env->constants, repeat->child[0], &value))
        return false;
    if (value.kind != CONSTANT_NUMBER || value.number < 0 || value.number != floor(value.number)) {
        error_repeat(l->program, repeat->child[0]->span, "`repeat` needs a whole number",
            constant_text(l->program->arena, &value));
        return false;
    }
    if (value.number > MOST_ROWS) {
        error_too_large(l->program, repeat->child[0]->span, "a repeat makes at most 100000 rows");
        return false;
    }
    *count = (int)value.number;
    return true;
}

// One round: its number is a constant, its rows are its own.
static bool lower_round(Lower *l, const Ast *repeat, const char *path, const char *owner, int i, Value **trunk)
{
    const Ast *body = repeat->child[1];
    bool single = body->children == 1 && body->child[0]->kind == AST_ROW;
    Saved saved = save(l);
    Instance *instance = single ? l->env->instance : lower_instance(l, path, NULL);
    Env *env = env_new(l, l->env, instance, single ? l->env->path : path, single ? l->env->owner : owner);
    Value *last = *trunk;
    bool named = l->row->named;
    Constant number = {.kind = CONSTANT_NUMBER, .number = i, .span = repeat->span};
    if (repeat->text)
        env_set_number(l, env, repeat->text, number);
    l->env = env;
    if (single)
        last = *trunk = lower_plain_row(l, body->child[0], body->child[0], named ? path : NULL, *trunk);
    else {
        instance->what = what(l, env, path, "a round of the repeat");
        l->group = path;
        lower_items(l, body, trunk, &last);
        note_uses(l, env, NULL, *trunk);
    }
    restore(l, saved);
    return l->graph->rows.count <= MOST_ROWS;
}

Value *lower_repeat(Lower *l, const Ast *item, const Ast *repeat, const Ast *name, Value *trunk)
{
    Program *program = l->program;
    Arena *arena = program->arena;
    int count, parameters = l->graph->parameters.count, before = diags_errors(program->diags);
    const char *path = name ? path_join(arena, l->env->path, name->text)
                            : name_inside(arena, &l->inside, l->group, "repeat");
    if (name)
        l->group = path;
    Row *row = lower_row(l, l->group, item, name != NULL);
    if (!read_count(l, repeat, &count))
        return NULL;
    row->holds = true;
    row->text = arena_format(arena, "%s%srepeat%s%s", name ? name->text : "", name ? ": " : "", repeat->text ? " as " : "",
        repeat->text ? repeat->text : ""); // not how often: a round more adds its own lines
    for (int i = 0; i < count && diags_errors(program->diags) == before; i++)
        if (!lower_round(l, repeat, arena_format(arena, "%s.%d", path, i), arena_format(arena, "%s.%d", row->owner, i), i,
                &trunk)) {
            error_too_large(program, repeat->span, "more than 100000 rows in all");
            return NULL;
        }
    const char *first = first_owned(l, parameters, path);
    if (first && !name) {
        error_unnamed_block(program, repeat->span, repeat->span, "repeat", first);
        return NULL;
    }
    if (diags_errors(program->diags) > before)
        return NULL;
    return name && trunk->kind != VALUE_LITERAL ? lower_another_name(l, trunk, path) : trunk;
}

bool lower_condition(Lower *l, const Ast *condition, bool *holds)
{
    Constant value;
    if (!constant_evaluate(&l->env->constants, condition, &value))
        return false;
    if (value.kind != CONSTANT_BOOL) {
        error_repeat(l->program, condition->span, "`when` needs a condition", constant_text(l->program->arena, &value));
        return false;
    }
    *holds = value.number != 0;
    return true;
}

// ----------------------------------------------------------------------------------------------------------- share

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
        error_shares_nothing(l->program, name->span, name->text, "no stage of that row owns any",
            value->maker ? value->maker->row->span : value->span);
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
    int given = 0;
    if (stage->kind != AST_CALL || stage->children < 2) {
        error_row(l->program, stage->span, "`share` takes the name of a row above", "share(row)");
        return NULL;
    }
    const Made *made = shared_row(l, stage->child[1]);
    if (!made)
        return NULL;
    int wanted = made->block ? count_inputs(made->block) : made->node->inputs.count;
    for (int i = 2; i < stage->children; i++) {
        Operand operand;
        if (stage->child[i]->kind == AST_ARGUMENT) {
            error_row(l->program, stage->child[i]->span, "`share` has no options: those of the row count", NULL);
            return NULL;
        }
        if (!lower_expression(l, stage->child[i], &operand))
            return NULL;
        if (++given < 32)
            inputs[given] = operand.kind == OPERAND_CONSTANT ? lower_literal(l, operand.number) : operand.value;
    }
    if (given + 1 != wanted) {
        error_row(l->program, stage->span, arena_format(l->program->arena, "`%s` takes %d value%s, got %d",
                stage->child[1]->text, wanted, wanted == 1 ? "" : "s", given + 1), NULL);
        return NULL;
    }
    if (made->block)
        return rows_of_block(l, made->block, stage, made->call, made->around, made->owner, inputs);
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
        if (count > 0)
            error_unknown_name(l->program, ast->span, path, "parameter", names, count);
        else
            error_shares_nothing(l->program, ast->span, first, "no stage of that row owns any",
                value->maker ? value->maker->row->span : value->span);
    }
    return found;
}
