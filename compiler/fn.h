// fn.h: the fns of a program (LANGUAGE 4.9). Each becomes a table like those of ops/ (op.h), in program->functions,
// so that everything behind treats it like a built-in function; its derivatives are found by expr.c.
#ifndef MT_FN_H
#define MT_FN_H

#include "expr.h"
#include "program.h"

enum { FN_INPUTS = 4, FN_OPTIONS = 11, FN_NAMES = FN_INPUTS + FN_OPTIONS };

// `value` calls `huber__value(r, delta)` in C, a derivative `huber__d_r(r, delta)`: with those of the names only
// that it mentions, so that backward keeps nothing else. Where a derivative is 0 or 1 there is no function.
typedef struct {
    Op op; // the first member: program->functions holds its address
    const Ast *ast;
    const Scope *constants; // of its file
    ExprPool *pool;
    int inputs, options;
    const char *name[FN_NAMES];      // inputs, then options
    const char *c_name[FN_NAMES];    // the same as parameters in C
    const Expr *variable[FN_NAMES];  // (variables are placed the other way round: `beta * x`)
    const Ast *fallback[FN_OPTIONS]; // NULL: required
    const Expr *value, *derivative[FN_INPUTS];
    int checks;
} Fn;

// Declares all fns of the file, in order. What is faulty has been reported, and is not in program->functions.
void fns_declare(Program *program);
// A name as a parameter of a function in C.
const char *fn_c_name(Arena *arena, const char *name);
// The fn of a table, or NULL if it is one of ops/.
const Fn *fn_of(const Program *program, const Op *op);
// Whether the file declares a fn of this name, faulty or not.
const Ast *fn_declared(const Program *program, const char *name);

// "d huber / d r = r where |r| < delta, else ...": with the names of the fn; NULL if there is no such fn or input.
const char *fn_derivative_text(const Program *program, const char *fn, const char *input);
// What C calls the derivative by an input: "huber__d_r(r, delta)", and what stands in front of its `{`.
const char *fn_derivative_name(Arena *arena, const Fn *fn, int input);
// Whether the k-th name is a parameter of the derivative by an input.
bool fn_derivative_takes(const Fn *fn, int input, int k);

// fn_build.c, for fn.c: an expression of a fn. `names` and what they stand for: its inputs and options. NULL after
// a message.
typedef struct {
    Program *program;
    Fn *fn;
    const char *const *names;
    const Expr *const *is;
    int count, inputs; // the first `inputs` are inputs
} FnNames;

const Expr *fn_build(FnNames *names, const Ast *ast);

// fn_names.c
int fn_find(const FnNames *names, const Ast *ast); // which of the names it is, or -1
// Reports names that nothing declares. false if there are any.
bool fn_check_names(const FnNames *names, const Ast *ast);
// Whether an expression mentions one of the names; one of the inputs.
bool fn_mentions(const FnNames *names, const Ast *ast);
bool fn_mentions_input(const FnNames *names, const Ast *ast);
// The tree with names replaced: constants of the program by their values, or where `words` is given (the names of a
// table, up to NULL) those by what stands in `arguments`.
Ast *fn_replaced(Program *program, const Ast *ast, const FnNames *names, const char *const *words,
    const Ast *const *arguments);
// As text for a table: with the constants of the program as numbers.
const char *fn_text(Program *program, const FnNames *names, const Ast *ast);

#endif
