// The constants of a program, which may stand in any order.
//
// Input: the tree of a file. Output: a scope in which each constant has its value. Invariants: a constant is evaluated
// after all that it mentions; every fault is reported once, at its own constant, and silent where that is used.
#include "base/map.h"
#include "base/vec.h"
#include "constant.h"
#include "errors_syntax.h"

typedef VEC(int) Indices;

typedef struct {
    const Ast *ast;
    Constant value;
    enum { NEW, ACTIVE, DONE, FAULTY } state;
    Indices needs; // which others its value mentions
    int next;      // of `needs`, in the walk
} Entry;

typedef struct {
    Map map; // from names to Entry
    Entry *entries;
    int count;
} Table;

static bool find_in_table(const Scope *scope, const Ast *name, Constant *value, bool *poisoned)
{
    const Table *table = scope->data;
    const Entry *entry = name->kind == AST_NAME ? map_get(&table->map, name->text) : NULL;
    if (!entry)
        return false;
    *poisoned = entry->state != DONE;
    *value = entry->value;
    return true;
}

static const char *name_in_table(const Scope *scope, int k)
{
    const Table *table = scope->data;
    return k < table->count ? table->entries[k].ast->text : NULL;
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
    bool known = false;
    for (int i = 0; i < count; i++) {
        Entry *entry = &table->entries[walk->items[from + i]];
        known |= entry->state == FAULTY;
        entry->state = FAULTY;
        circle[i] = entry->ast;
    }
    if (!known)
        error_constant_cycle(diags, circle, count);
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
            entry->state = constant_evaluate(scope, entry->ast->child[0], &entry->value) ? DONE : FAULTY;
        place[index] = -1;
        walk.count--;
    }
}

static void declare(Diags *diags, Table *table, const Ast *ast)
{
    Constant ignored;
    const Entry *first = map_get(&table->map, ast->text);
    if (first || constant_built_in(ast->text, &ignored)) {
        error_constant_twice(diags, ast, first ? first->ast : NULL);
        return;
    }
    Entry *entry = &table->entries[table->count++];
    entry->ast = ast;
    map_set(&table->map, ast->text, entry);
}

const Scope *constants_of(Arena *arena, Diags *diags, const Ast *file)
{
    Table *table = arena_new(arena, Table, 1);
    table->map = map_new(arena);
    table->entries = arena_new(arena, Entry, file->children + 1);
    for (int i = 0; i < file->children; i++)
        if (file->child[i]->kind == AST_CONST)
            declare(diags, table, file->child[i]);
    Scope *scope = arena_new(arena, Scope, 1);
    *scope = (Scope){.arena = arena, .diags = diags, .find = find_in_table, .data = table, .name = name_in_table};
    int *place = arena_new(arena, int, table->count + 1); // in the walk, or -1
    for (int i = 0; i < table->count; i++) {
        place[i] = -1;
        collect(arena, table, table->entries[i].ast->child[0], &table->entries[i].needs);
    }
    for (int i = 0; i < table->count; i++)
        if (table->entries[i].state == NEW)
            settle(scope, table, i, place);
    return scope;
}
