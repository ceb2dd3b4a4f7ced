// Blocks: a use of one is its rows once more, under the path of the row that uses it, with what it sees (Env) being its
// inputs, options and own rows. Nothing of it is left behind `lower` but the paths of rows and their Instance.
#include "errors_block.h"
#include "lower.h"
#include "names.h"
#include "statement.h"
#include <math.h>
#include <string.h>

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
            ValueKind kind = value_root(inside)->kind;
            if (kind != VALUE_PARAMETER && kind != VALUE_BUFFER) // those have names of their own
                inside->wired = WIRED_IN;
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
            : ast_declaration(l->program->parsed.file, AST_BLOCK, entry->text)      ? "a block"
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
            error_given_twice(l->program, arena_format(l->program->arena, "block %s", block->text), name, child->span);
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

int block_inputs(const Ast *block)
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

// The rows of a block in a new Env. `call`: whose options count, in `around`; `inputs`: what goes in.
Value *lower_rows_of_block(Lower *l, const Ast *block, const Ast *stage, const Ast *call, const Env *around,
    const char *owner, Value **inputs)
{
    Program *program = l->program;
    Arena *arena = program->arena;
    int before = diags_count(program->diags);
    bool first = l->row->named && !l->row->holds; // a second block of a row has values under another path
    const char *path = first ? l->row->path : name_inside(arena, &l->inside, l->group, block->text);
    Saved saved = lower_save(l);
    Instance *instance = lower_instance(l, path, block->text);
    Env *env = env_new(l, NULL, instance, path, owner ? owner : l->row->named ? l->row->owner : path);
    env->constants.outer = files_scope(program, block->span);
    env->shares |= owner != NULL;
    Value *value = NULL, *trunk;
    bool good = check_signature(l, block) && bind_options(l, env, around, block, call, false);
    good = good && bind_types(l, env, block, stage, inputs) && bind_options(l, env, around, block, call, true) &&
        bind_types(l, env, block, stage, inputs); // again, for options with defaults
    if (good) {
        instance->what = env_told(l, env, path, source_quote(program->source, arena, stage->span));
        bind_inputs(l, env, block, inputs);
        trunk = map_get(&env->values, block->child[0]->child[0]->text);
        l->env = env;
        l->group = path_join(arena, path, block->child[0]->child[0]->text);
        value = trunk;
        lower_items(l, block->child[1], &trunk, &value);
        env_note_uses(l, env, value, NULL);
    }
    lower_restore(l, saved);
    diags_note_since(program->diags, before, stage->span, "in block `%s`, used as `%s` here", block->text, path);
    return value && !value->type.poisoned ? value : NULL;
}

// Blocks that use each other twice make rows by powers of two. Told once.
static bool too_many_rows(Lower *l, Span stage)
{
    if (l->graph->rows.count <= MOST_ROWS)
        return false;
    if (!l->too_many_rows)
        error_too_large(l->program, stage, "more than 100000 rows in all");
    return l->too_many_rows = true;
}

Value *lower_block(Lower *l, const Ast *block, const Ast *stage, Value *left)
{
    Program *program = l->program;
    int count = block_inputs(block);
    const Kept before = lower_keep(l);
    Value *inputs[32] = {left};
    if (count == 0 || count > 32) {
        error_row(program, block->child[0]->span, count ? "a block has at most 32 inputs" : "a block needs an input",
            "for example (x; channels)");
        return NULL;
    }
    if (!check_arguments(l, block, stage, count) || !check_circle(l, block, stage->span) || too_many_rows(l, stage->span))
        return NULL;
    if (count > 1 && !lower_values(l, stage->child + 1, count - 1, inputs + 1))
        return NULL;
    Value *value = lower_rows_of_block(l, block, stage, stage, l->env, NULL, inputs);
    const char *first = lower_first_owned(l, before, l->row->path);
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
    Value *inputs[32];
    Kept kept = lower_keep(l);
    for (int k = 0; k < 32; k++)
        inputs[k] = lower_poisoned(l, block->text);
    lower_rows_of_block(l, block, stage, call, l->env, NULL, inputs);
    lower_forget(l, kept);
}

void lower_unused_blocks(Lower *l)
{
    const Ast *file = l->program->parsed.file;
    for (int i = 0; i < file->children; i++) {
        const Ast *block = file->child[i];
        bool used = false;
        if (block->kind != AST_BLOCK || block_inputs(block) == 0 || block_inputs(block) > 32)
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
    int count = block_inputs(block);
    Value *ignored[32];
    if (count > 0 && count <= 32 && check_arguments(l, block, stage, count) && check_circle(l, block, stage->span)) {
        if (count > 1)
            lower_values(l, stage->child + 1, count - 1, ignored);
        look_at(l, block, stage, stage);
    }
    l->row->holds = holds;
}
