// program.h: one compilation, from the text to the C. The passes of compile.c fill it in from top to bottom.
#ifndef MT_PROGRAM_H
#define MT_PROGRAM_H

#include "data.h"
#include "files.h"
#include "graph.h"
#include "training.h"

typedef struct Program {
    Arena *arena;
    Diags *diags;
    Source *source;
    const struct CompileOptions *options;
    Files files;             // parse
    Parsed parsed;           // the program; behind it the fns and blocks of the files that it uses
    bool is_library;         // nothing to compile, only checked: no model, no sections
    ConstantSets sets;       // from the command line
    Span command_line;       // their place in the source, or from == -1
    const Scope *constants;  // resolve; of the program itself, files_scope has those of any place
    const Scope *metric_constants; // lower: also those of the section `metrics`
    const char *edition;
    const char *name;        // of the model: "lenet5"
    Map functions;           // name -> const Op *: each fn of the program as a table of its own
    Data *data;
    bool data_is_faulty;     // columns may be missing: nobody reports them again
    Training *training;
    Graph *graph;            // lower, simplify, reorder, autodiff, fuse, plan
    const char *output;      // emit: the C
} Program;

#endif
