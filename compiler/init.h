// init.h: how a parameter starts. One list of inits (LANGUAGE 4.13, torch.nn.init) for `param(init=...)`, the rules of
// `params`, and the tables of ops/; whatever is asked for, what is left are numbers of one of the kinds of graph.h.
#ifndef MT_INIT_H
#define MT_INIT_H

#include "graph.h"
#include "program.h"

// Reads an init as it is written, for a parameter of this path and shape; `scope` knows its constants. false after a
// message; without diags in the scope (a table of ops/ is at fault) there is none.
bool init_read(Program *program, const Scope *scope, const Ast *ast, const char *path, const Type *type, Init *out);

// "normal(std=0.02)" as it is written, or, of a table, with its numbers: "uniform(-0.0357, 0.0357)".
const char *init_text(Arena *arena, const Init *init);

#endif
