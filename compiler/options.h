// options.h: the command line of mtc.
#ifndef MT_OPTIONS_H
#define MT_OPTIONS_H

#include "diag.h"

typedef enum {
    COMMAND_COMPILE,
    COMMAND_CHECK,
    COMMAND_PARAMS,
    COMMAND_FORMAT,  // files, only_check, show_diff
    COMMAND_RUN,     // trainer_flags
    COMMAND_NEW,     // input is a name, from
    COMMAND_TABLE,   // expand, flops, memory
    COMMAND_GRAPH,   // backward
    COMMAND_GRAD,    // files: the model, then perhaps a row
    COMMAND_DIFF,    // files: two models
    COMMAND_EXPLAIN, // code, or DIAG_CODES for all of them
    COMMAND_PASSES,
    COMMAND_VERSION,
    COMMAND_HELP
} Command;

typedef enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } ColorMode;

typedef struct {
    Command command;
    const char *input;  // "-" is standard input
    const char *output; // "-" is standard output; NULL where nothing is written to a file
    const char **files; // all words that are no flags
    int file_count;
    bool only_check;    // name the files that would change, write none
    bool show_diff;     // print what would change, write no file
    bool expand, flops, memory, backward;
    Code code;
    DiagFormat format;
    ColorMode color;
    const char *dump_after; // a pass, or NULL
    const char *disable;    // a pass, or NULL
    const char *const *trainer_flags; // of COMMAND_RUN, behind `--`
    int trainer_flag_count;
    const char *from; // of COMMAND_NEW: one of the starters
    const char **sets; // NAME=value, each name once
    int set_count;
    const char *error; // NULL, or what is wrong with the use; format and color are then those read so far
    const char *help;  // NULL, or how it would be right
} Options;

// Reads the words behind the program's name.
Options options_parse(Arena *arena, int count, char *const *words);

// The text of --help.
const char *options_help(void);

#endif
