// params_select.h: which parameters a selector of `params` means.
#ifndef MT_PARAMS_SELECT_H
#define MT_PARAMS_SELECT_H

#include "graph.h"
#include "program.h"

// A pattern in quotes, a kind of layer (linear, linear.weight), or a class (bias, norm, embedding).
bool selector_matches(const Program *program, const Ast *selector, const Value *parameter);

// Says why a selector selects nothing, with the nearest one that does.
void selector_report(Program *program, const Ast *selector);

// Whether a pattern matches a whole path: `*` is any letters, dots too.
bool pattern_matches(const char *pattern, const char *path);

// The pattern with its parts exchanged for those of a path that look alike ("*.projection.weight" and
// "blocks.0.proj.weight": "*.proj.weight"); NULL if they do not. *cost: how many were exchanged.
const char *pattern_near(Arena *arena, const char *pattern, const char *path, int *cost);

#endif
