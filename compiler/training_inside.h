// training_inside.h: what the files training*.c share with each other, and with nobody else.
#ifndef MT_TRAINING_INSIDE_H
#define MT_TRAINING_INSIDE_H

#include "training.h"

typedef VEC(Setting) Settings;

enum { MAX_DURATIONS = 32 }; // in a list: that of runtime/flags.c

typedef struct {
    Arena *arena;
    Diags *diags;
    const Source *source;
    const Scope *constants;
    Training *training;
} TrainingState;

// A table of an optimizer or schedule, as far as options go.
typedef struct {
    const char *name;
    const Arg *args;
    const Check *checks;
    bool may_run; // a duration may be the word `run`
} OptionTable;

// Reads what stands in the parentheses of a NAME or CALL: one setting for each row of the table, in its order. false
// after a message.
bool training_options(TrainingState *state, const OptionTable *table, const Ast *call, Setting *settings);
int training_option_count(const Arg *args);

// Whether a condition of a table holds for these settings.
bool settings_hold(Arena *arena, const Setting *settings, int count, const char *condition);
const Setting *settings_find(const Setting *settings, int count, const char *name, size_t length);

// A duration of the program: a whole number of steps or epochs from 1 on. false after a message.
bool training_duration(TrainingState *state, const char *what, const Ast *expression, Constant *value);

// training_schedule.c
void training_schedule(TrainingState *state, const Ast *section);

#endif
