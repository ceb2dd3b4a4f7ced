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

// A duration of train { }: a bare number gets the message on units. false after a message.
bool training_timed(TrainingState *state, const char *name, const Ast *expression, double *number, Unit *unit);
// A whole number from `least` to `most`. What is none has a message.
void training_whole(TrainingState *state, const char *name, const Ast *expression, double least, double most,
    const char *wanted, long *number);

// A flag of train { }.
void training_push_flag(Arena *arena, Flags *flags, const char *name, FlagKind kind, const char *doc, double number,
    Unit unit);

// training_schedule.c
void training_schedule(TrainingState *state, const Ast *section);

// training_kept.c: checkpoint, checkpoint_every, best, early_stop.
enum { KEPT_CHECKPOINT, KEPT_CHECKPOINT_EVERY, KEPT_BEST, KEPT_EARLY_STOP, KEPT_SETTINGS };
// One of them. `item`: all of name = value.
void training_kept(TrainingState *state, int which, const char *name, const Ast *item, const Ast *value);
// When all are read: `given` has the items, NULL for what is not there.
void training_kept_together(TrainingState *state, const Ast *const *given);
void training_kept_flags(const Training *training, Arena *arena, Flags *flags);

#endif
