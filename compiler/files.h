// files.h: the files of a program (LANGUAGE 4.4): the program itself and what it reads by `use`, and which constants,
// fns and blocks each of them sees.
#ifndef MT_FILES_H
#define MT_FILES_H

#include "constant.h"

struct Program;

typedef struct {
    const Ast *use; // AST_USE
    int file;       // of Files; -1 if it could not be read
} FileUse;

typedef VEC(FileUse) FileUses;

typedef struct {
    const Ast *ast;
    const char *identity;   // the same text for every path to this file
    const Ast *first_use;   // that led to it; NULL for the program
    FileUses uses;
    const Scope *constants; // its own, and those of the files that it uses
} File;

typedef VEC(File) Files; // files[k] is source->files[k]; the program is the first

// Parses program->source and every file that it uses, which are added to it: in the order in which they are first met,
// the uses of one file before those of the next. Fills program->files and program->parsed: the tree of the program with
// the fns and blocks of the other files behind its own declarations, and the comments of all. `reader` may be NULL:
// then there are no other files.
void files_read(struct Program *program, const SourceReader *reader);

// The constants of every file: only if files_read gave no error.
void files_constants(struct Program *program, const ConstantSets *sets);

// The constants that may be named at a place: those of its file, and of the files that this one uses.
const Scope *files_scope(const struct Program *program, Span at);
// Whether a fn or a block may be named at a place: its own file or one that uses it directly.
bool files_see(const struct Program *program, Span at, const Ast *declaration);
// Of a file that has neither `model` nor any section: there is something to check, but nothing to compile.
bool files_is_library(const Ast *file);

#endif
