// repeat and when: rows that are made several times, or not at all, as constants say.
#include "errors_block.h"
#include "lower.h"
#include "names.h"
#include "statement.h"
#include <math.h>

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

// The name behind `as`.
static bool check_number(Lower *l, const Ast *repeat)
{
    Span span = repeat->name_span.to > repeat->name_span.from ? repeat->name_span : repeat->span;
    const Ast name = {.kind = AST_NAME, .text = repeat->text, .span = span};
    return !repeat->text || lower_legal_name(l, &name);
}

// One round: its number is a constant, its rows are its own.
static bool lower_round(Lower *l, const Ast *repeat, const char *path, const char *owner, int i, Value **trunk)
{
    const Ast *body = repeat->child[1];
    bool single = body->children == 1 && body->child[0]->kind == AST_ROW;
    Saved saved = lower_save(l);
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
        instance->what = env_told(l, env, path, "a round of the repeat");
        l->group = path;
        lower_items(l, body, trunk, &last);
        env_note_uses(l, env, NULL, *trunk);
    }
    lower_restore(l, saved);
    return l->graph->rows.count <= MOST_ROWS;
}

// v->s1.out: what the rounds so far hand on. Set behind each of them, so that one round more only adds lines.
static Value *hand_on(Lower *l, Value *trunk, const char *path, bool last, int i)
{
    ValueKind kind = value_root(trunk)->kind;
    bool wired = trunk->part_count == 0 && kind != VALUE_PARAMETER && kind != VALUE_BUFFER && kind != VALUE_LITERAL;
    if (!wired)
        return last && trunk->kind != VALUE_LITERAL ? lower_another_name(l, trunk, path) : trunk;
    Arena *arena = l->program->arena;
    Value *out = lower_another_name(l, trunk, last ? path : arena_format(arena, "%s.%d__out", path, i));
    out->member = arena_format(arena, "%s.out", name_member(arena, path));
    out->wired = last ? WIRED_OUT : WIRED_ROUND;
    return out;
}

Value *lower_repeat(Lower *l, const Ast *item, const Ast *repeat, const Ast *name, Value *trunk)
{
    Program *program = l->program;
    Arena *arena = program->arena;
    int count, before = diags_errors(program->diags);
    const Kept owned = lower_keep(l);
    const char *path = name ? path_join(arena, l->env->path, name->text)
                            : name_inside(arena, &l->inside, l->group, "repeat");
    if (name)
        l->group = path;
    Row *row = lower_row(l, l->group, item, name != NULL);
    if (!read_count(l, repeat, &count) || !check_number(l, repeat))
        return NULL;
    row->holds = true;
    row->text = arena_format(arena, "%s%srepeat%s%s", name ? name->text : "", name ? ": " : "", repeat->text ? " as " : "",
        repeat->text ? repeat->text : ""); // not how often: a round more adds its own lines
    if (count == 0) { // as a stage behind `when false`: names and options
        Value *nothing = lower_poisoned(l, path);
        Kept kept = lower_keep(l);
        lower_round(l, repeat, path, row->owner, 0, &nothing);
        lower_forget(l, kept);
    }
    for (int i = 0; i < count && diags_errors(program->diags) == before; i++) {
        if (!lower_round(l, repeat, arena_format(arena, "%s.%d", path, i), arena_format(arena, "%s.%d", row->owner, i), i,
                &trunk)) {
            error_too_large(program, repeat->span, "more than 100000 rows in all");
            return NULL;
        }
        if (name && diags_errors(program->diags) == before)
            trunk = hand_on(l, trunk, path, i == count - 1, i);
    }
    const char *first = lower_first_owned(l, owned, path);
    if (first && !name) {
        error_unnamed_block(program, repeat->span, repeat->span, "repeat", first);
        return NULL;
    }
    if (diags_errors(program->diags) > before)
        return NULL;
    return name && count == 0 && trunk->kind != VALUE_LITERAL ? lower_another_name(l, trunk, path) : trunk;
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
