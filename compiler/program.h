// program.h: one compilation, from the text to the C. The passes of compile.c fill it in from top to bottom.
#ifndef MT_PROGRAM_H
#define MT_PROGRAM_H

#include "data.h"
#include "graph.h"
#include "training.h"

typedef struct Program {
    Arena *arena;
    Diags *diags;
    const Source *source;
    Parsed parsed;           // parse
    const Scope *constants;  // resolve
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
