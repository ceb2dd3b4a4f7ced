// format.h: the canonical form of a program (LANGUAGE 4.17), for `mtc fmt`.
#ifndef MT_FORMAT_H
#define MT_FORMAT_H

#include "ast.h"
#include "base/text.h"

enum { FORMAT_COLUMNS = 110, FORMAT_INDENT = 2 };

// The program in canonical form: a function of the tree, of the comments, and of where blank lines stand between items.
// The source must have been parsed without errors.
Text format_program(Arena *arena, const Source *source, const Parsed *parsed);

// Whether two programs have the same tree, but for `()` behind a stage, and the same comments: what format_program
// promises of its result.
bool format_keeps(Arena *arena, const Source *a, const Parsed *parsed_a, const Source *b, const Parsed *parsed_b);

#endif
