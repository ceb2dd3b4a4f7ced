// statement.h: statements of the graph: which values they read and write, and their C.
#ifndef MT_STATEMENT_H
#define MT_STATEMENT_H

#include "call.h"

Value *value_root(Value *value); // the one whose storage it shares
const Value *value_handed_on(const Value *value);  // behind what a repeat hands on between two rounds
bool value_is_pointer(const Value *value);         // a pointer of its own while a step runs (v->s1._0.x, v->s1.out)
Value *value_place(Value *value, bool derivative); // the same, for the derivative too
// v->conv1, d->conv1, p->fc1.weight, g->fc1.weight, s->bn1.running_mean, (real)0.5
const char *value_c(Arena *arena, Value *value, bool derivative);

// What an element of a value is in an expression, if it is not its place in memory. NULL: it is.
typedef const char *ElementText(void *data, Value *root, bool derivative);

// What a loss is divided by, as C: "n", "1", the sum of the weights of its targets.
const char *denominator_c(const Node *loss);
// The C of a template of a statement. `element`: of element i of a loop.
const char *statement_expand(const Statement *s, const char *text, bool element, ElementText *inlined, void *data);

// Calls visit for each tensor that a statement reads or writes. `writes` may hold together with reading (+=).
typedef void AccessVisit(void *data, Value *root, bool derivative, bool writes);
void statement_visit(const Statement *s, AccessVisit *visit, void *data);

// The same for a loss or metric without output, which has no statement: what its forward value and denominator read.
void loss_visit(const Node *node, AccessVisit *visit, void *data);

// The expression in the place of every `name` of the template, in parentheses where precedence asks for them. Operators
// have blanks around them.
const char *splice(Arena *arena, const char *text, size_t from, size_t to, const char *expression);

void autodiff(Program *program);
void simplify(Program *program);
void reorder(Program *program);
void fuse(Program *program);
void fuse_nothing(Program *program); // a loop for each element statement
void plan(Program *program);
// Gives every value of the nodes its path, in order; again after a pass that has moved nodes.
void graph_name(Graph *graph);
// Reads what graph_dump prints of nodes (not of statements: those follow from them) into program->graph. false: *fault
// names the line. program needs an arena, a source and diags.
bool graph_read(Program *program, const char *text, const char **fault);
void graph_dump(const Program *program, Text *out);
// Faults of the graph itself, as internal errors that name the pass behind which it was found.
void graph_verify(Program *program, const char *pass);

#endif
