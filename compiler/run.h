// run.h: a trainer built and started, for `mtc run`.
#ifndef MT_RUN_H
#define MT_RUN_H

#include "base/arena.h"
#include <stdbool.h>

typedef struct {
    const char *text;         // the C
    const char *name;         // of the model, for the names of the files
    const char *compiler;     // a command, words parted by blanks: "cc", "gcc -fopenmp"
    const char *folder;       // where a folder for the files can be made, and is removed afterwards: "/tmp"
    const char *const *flags; // of the trainer
    int flag_count;
} RunOptions;

// Compiles and runs; both write to the standard streams. *code is the exit code of the trainer, 128 + n if signal n
// ended it (or the compiler). False, with a sentence in *error and perhaps one in *help, if there was no trainer to run.
// Interrupts from the keyboard are for the trainer, which ends by itself; SIGTERM and SIGHUP are passed on to it.
bool run_trainer(Arena *arena, const RunOptions *options, int *code, const char **error, const char **help);

#endif
