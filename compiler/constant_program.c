// The constants of a file or of a body, which may stand in any order.
//
// Input: its tree, and scopes of what else is seen there. Output: a scope in which each constant has its value.
// Invariants: a constant is evaluated after all that it mentions; every fault is reported once, at its own constant,
// and silent where that is used; no constant has the name of another that is seen with it.
#include "base/map.h"
#include "base/vec.h"
#include "constant.h"
#include "errors_files.h"
#include "errors_syntax.h"

typedef VEC(int) Indices;

typedef struct {
    const Ast *ast;
    const Ast *expression; // its value as written, or the one that replaces it
    const ConstantSet *set; // what replaces it, or NULL
    Constant value;
    enum { NEW, ACTIVE, DONE, FAULTY } state;
    Indices needs; // which others its value mentions
    int next;      // of `needs`, in the walk
} Entry;

typedef struct {
    Map map; // from names to Entry
    Entry *entries;
    int count;
    const Scope *const *used; // of other files: of each its own constants are seen
    int used_count;
} Table;

static const Entry *entry_of(const Table *table, const char *name)
{
    const Entry *entry = map_get(&table->map, name);
    for (int k = 0; k < table->used_count && !entry; k++)
        entry = map_get(&((const Table *)table->used[k]->data)->map, name);
    return entry;
}

static bool find_in_table(const Scope *scope, const Ast *name, Constant *value, bool *poisoned)
{
    const Entry *entry = name->kind == AST_NAME ? entry_of(scope->data, name->text) : NULL;
    if (!entry)
        return false;
    *poisoned = entry->state != DONE;
    *value = entry->value;
    return true;
}

static const char *name_in_table(const Scope *scope, int k)
{
    const Table *table = scope->data;
    if (k < table->count)
        return table->entries[k].ast->text;
    k -= table->count;
    for (int i = 0; i < table->used_count; i++) {
        const Table *used = table->used[i]->data;
        if (k < used->count)
            return used->entries[k].ast->text;
        k -= used->count;
    }
    return NULL;
}

static void collect(Arena *arena, const Table *table, const Ast *ast, Indices *needs)
{
    const Entry *entry = ast->kind == AST_NAME ? map_get(&table->map, ast->text) : NULL;
    if (entry)
        vec_push(arena, needs, (int)(entry - table->entries));
    for (int i = 0; i < ast->children; i++)
        collect(arena, table, ast->child[i], needs);
}

// The entries of `walk` from `from` on need each other. Reported once: not if one of them is part of a circle already.
static void report_cycle(Arena *arena, Diags *diags, Table *table, const Indices *walk, int from)
{
    int count = walk->count - from;
    const Ast **circle = arena_new(arena, const Ast *, count);
    Span *places = arena_new(arena, Span, count);
    bool known = false;
    for (int i = 0; i < count; i++) {
        Entry *entry = &table->entries[walk->items[from + i]];
        known |= entry->state == FAULTY;
        entry->state = FAULTY;
        circle[i] = entry->ast;
        places[i] = entry->set ? entry->set->name_span : entry->ast->name_span;
    }
    if (!known)
        error_constant_cycle(diags, circle, places, count);
}

// A value from elsewhere has the kind that the constant has in the text, where that can be told.
static void check_kind(const Scope *scope, Entry *entry)
{
    Scope quiet = *scope;
    quiet.diags = NULL;
    Constant written;
    if (!entry->set || entry->state != DONE || !constant_evaluate(&quiet, entry->ast->child[0], &written) ||
        written.kind == entry->value.kind)
        return;
    error_set_kind(scope->diags, entry->set, constant_kind_text(entry->value.kind), constant_kind_text(written.kind),
        entry->ast);
    entry->state = FAULTY;
}

// Evaluates an entry and before it all that it needs. A walk with a list of its own: chains of constants may be long.
static void settle(const Scope *scope, Table *table, int start, int *place)
{
    Arena *arena = scope->arena;
    Indices walk = {0};
    vec_push(arena, &walk, start);
    table->entries[start].state = ACTIVE;
    place[start] = 0;
    while (walk.count > 0) {
        int index = walk.items[walk.count - 1];
        Entry *entry = &table->entries[index];
        if (entry->next < entry->needs.count) {
            int other = entry->needs.items[entry->next++];
            if (place[other] >= 0) {
                report_cycle(arena, scope->diags, table, &walk, place[other]);
            } else if (table->entries[other].state == NEW) {
                table->entries[other].state = ACTIVE;
                place[other] = walk.count;
                vec_push(arena, &walk, other);
            }
            continue;
        }
        if (entry->state == ACTIVE)
            entry->state = constant_evaluate(scope, entry->expression, &entry->value) ? DONE : FAULTY;
        check_kind(scope, entry);
        place[index] = -1;
        walk.count--;
    }
}

static void declare(Diags *diags, Table *table, const Scope *outer, const Ast *ast)
{
    const Ast name = {.kind = AST_NAME, .text = ast->text};
    const Entry *first = map_get(&table->map, ast->text);
    Constant other;
    bool poisoned, taken = first || constant_built_in(ast->text, &other);
    Span place = first ? first->ast->name_span : (Span){0, -1, -1};
    for (; outer && !taken; outer = outer->outer) {
        first = outer->find == find_in_table ? entry_of(outer->data, ast->text) : NULL;
        taken = first || (outer->find && outer->find(outer, &name, &other, &poisoned));
        if (taken)
            place = first ? first->ast->name_span : other.span;
    }
    if (taken) {
        error_constant_twice(diags, ast, place);
        return;
    }
    Entry *entry = &table->entries[table->count++];
    entry->ast = ast;
    entry->expression = ast->child[0];
    map_set(&table->map, ast->text, entry);
}

static Table *table_of(Arena *arena, Diags *diags, const Ast *items, const Scope *outer)
{
    Table *table = arena_new(arena, Table, 1);
    table->map = map_new(arena);
    table->entries = arena_new(arena, Entry, items->children + 1);
    for (int i = 0; i < items->children; i++)
        if (items->child[i]->kind == AST_CONST)
            declare(diags, table, outer, items->child[i]);
    return table;
}

static const Scope *evaluate(Arena *arena, Diags *diags, Table *table, const Scope *outer)
{
    Scope *scope = arena_new(arena, Scope, 1);
    *scope = (Scope){.arena = arena, .diags = diags, .find = find_in_table, .data = table, .outer = outer,
        .name = name_in_table};
    int *place = arena_new(arena, int, table->count + 1); // in the walk, or -1
    for (int i = 0; i < table->count; i++) {
        place[i] = -1;
        collect(arena, table, table->entries[i].expression, &table->entries[i].needs);
    }
    for (int i = 0; i < table->count; i++)
        if (table->entries[i].state == NEW)
            settle(scope, table, i, place);
    return scope;
}

const Scope *constants_of_file(Arena *arena, Diags *diags, const Ast *file, const Scope *const *used, int used_count,
    const ConstantSets *sets)
{
    Table *table = table_of(arena, diags, file, NULL);
    table->used = used;
    table->used_count = used_count;
    for (int k = 0; sets && k < sets->count; k++) {
        Entry *entry = map_get(&table->map, sets->items[k].name);
        if (entry) {
            entry->expression = sets->items[k].value;
            entry->set = &sets->items[k];
        }
    }
    const Scope *scope = evaluate(arena, diags, table, NULL);
    for (int k = 0; sets && k < sets->count; k++) {
        Entry *entry = map_get(&table->map, sets->items[k].name);
        if (entry)
            check_kind(scope, entry); // again: what is written in the program may need constants that came later
    }
    return scope;
}

const Scope *constants_of(Arena *arena, Diags *diags, const Ast *file)
{
    return constants_of_file(arena, diags, file, NULL, 0, NULL);
}

const Scope *constants_inside(Arena *arena, Diags *diags, const Ast *body, const Scope *outer)
{
    Table *table = table_of(arena, diags, body, outer);
    return table->count > 0 ? evaluate(arena, diags, table, outer) : outer;
}
