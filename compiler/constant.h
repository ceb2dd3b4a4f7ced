// constant.h: arithmetic that the compiler does itself (LANGUAGE 4.5): numbers, booleans, strings, lists, durations,
// over constants in scope. The same functions evaluate the expressions of operations' tables.
#ifndef MT_CONSTANT_H
#define MT_CONSTANT_H

#include "ast.h"
#include "base/vec.h"

typedef enum {
    CONSTANT_NUMBER, // number
    CONSTANT_BOOL,   // number 0 or 1
    CONSTANT_STRING, // text
    CONSTANT_DURATION, // number, unit
    CONSTANT_LIST,   // items, count
    CONSTANT_WORD    // text: a bare name that the scope lets through (`B`, a choice, `run`, a column)
} ConstantKind;

typedef struct Constant Constant;
struct Constant {
    ConstantKind kind;
    double number;
    Unit unit;
    const char *text;
    const Constant *items;
    int count;
    Span span;
};

// Where names come from. `find` returns false for a name that it does not know; it may itself report (and then returns
// true with *poisoned set). It is asked for AST_NAME and for AST_MEMBER (`padding.h`); of a member that it does not
// know, .h and .w of a list of two are found by themselves.
typedef struct Scope Scope;
struct Scope {
    Arena *arena;
    Diags *diags; // NULL: a fault just makes constant_evaluate false (tables of operations)
    bool (*find)(const Scope *scope, const Ast *name, Constant *value, bool *poisoned);
    const void *data; // for find
    const Scope *outer;
    const char *(*name)(const Scope *scope, int k); // the k-th name, for suggestions, NULL behind the last; or NULL
    bool (*is_value)(const Scope *scope, const char *name); // a name of the model that is no constant; or NULL
};

// Without `diags` (tables of operations) values count as conditions by being more than nothing (a number other than 0,
// a list with items), and values of different kinds are merely unequal; for users both are errors.
//
// false if the expression is not constant or faulty; then a message has been given, or (poisoned) was given before.
bool constant_evaluate(const Scope *scope, const Ast *expression, Constant *value);

// A name (or member) in a scope or those around it. false: nobody knows it.
bool constant_find(const Scope *scope, const Ast *name, Constant *value, bool *poisoned);

// true, false, inf, pi: known everywhere.
bool constant_built_in(const char *name, Constant *value);

// A constant that gets its value from elsewhere: `--set NAME=value`.
typedef struct {
    const char *name;
    Span name_span;
    const Ast *value;
} ConstantSet;

typedef VEC(ConstantSet) ConstantSets;

// The top-level constants of a file, in any order; cycles and faults are reported once.
const Scope *constants_of(Arena *arena, Diags *diags, const Ast *file);
// The same, where the constants of the files that it uses are seen too (their scopes: of each only its own), and `sets`
// (or NULL) has values for some, of the same kind as in the text.
const Scope *constants_of_file(Arena *arena, Diags *diags, const Ast *file, const Scope *const *used, int used_count,
    const ConstantSets *sets);
// Those among the items of a body: they see each other in any order, and what `outer` has, whose constants they may not
// name anew. `outer` itself if there are none.
const Scope *constants_inside(Arena *arena, Diags *diags, const Ast *body, const Scope *outer);
// "a number", "a list": for messages.
const char *constant_kind_text(ConstantKind kind);

// The expression with every name that the scope knows replaced by its number: "(28 + 2*2 - 5) // 1 + 1".
const char *constant_in_numbers(const Scope *scope, const Ast *expression);
// As it would be written: 0.5, true, "text", 10 epochs, [1, 2].
const char *constant_text(Arena *arena, const Constant *value);

#endif
