// compile.h: the pipeline, from a source to the C.
#ifndef MT_COMPILE_H
#define MT_COMPILE_H

#include "program.h"

typedef struct CompileOptions {
    const char *dump_after; // print what the pass of this name made into `dump`, and stop; NULL: none
    const char *disable;    // leave this pass out; only those that --passes marks as optional
    bool check_only;        // diagnostics only: no C
    Text *dump;
    const SourceReader *reader; // for `use`; NULL: there are no other files
    const char *const *sets;    // NAME=value, each name once
    int set_count;
} CompileOptions;

// program->output is NULL if a message is an error (or after a dump). Everything lives in the arena. Never prints, never
// exits; an internal error ends in a message with code E9999.
Program *compile_program(Arena *arena, const Source *source, const CompileOptions *options);

// One line for each pass: name, whether it may be disabled, what it does.
void compile_list_passes(Text *out);
bool compile_has_pass(const char *name);
// Whether a message is about the command line, not about the program.
bool compile_wrong_use(const Program *program);

// The names of all passes, for suggestions.
int compile_pass_count(void);
const char *compile_pass_name(int k);
bool compile_pass_optional(int k);

#endif
