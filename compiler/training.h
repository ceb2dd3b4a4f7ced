// training.h: the sections `optimizer`, `schedule` and `train`.
#ifndef MT_TRAINING_H
#define MT_TRAINING_H

#include "constant.h"
#include "flag.h"
#include "ops/op.h"

typedef struct {
    const Arg *arg;
    Constant value; // defaults filled in; an ARG_LIST is a CONSTANT_LIST; "off" is CONSTANT_WORD; so is `run`
    bool written;
    bool is_flag;   // a flag of the trainer: nothing that decides which code there is
    const char *key; // of that flag: "optimizer.lr", "schedule.T_max"; "schedule.2.T_max" where two stages have a T_max
} Setting;

// A stage of `schedule a -> b`: a table with its settings, or a formula.
typedef struct {
    const Schedule *table;  // NULL: a formula
    VEC(Setting) settings;  // in the order of the table
    const Ast *formula;
    const char *text;
    Span span;
} ScheduleStage;

typedef struct {
    Arena *arena;
    // optimizer sgd(lr=0.01, momentum=0.9)
    const Optimizer *optimizer;
    const char *optimizer_text;
    VEC(Setting) optimizer_settings; // in the order of the table
    // schedule linear_lr(total_iters=5 epochs) -> step_lr(step_size=2 epochs); without stages: none
    VEC(ScheduleStage) schedule;
    const char *schedule_text;
    Unit schedule_unit; // of all durations of the chain
    // train { }
    double run;
    Unit run_unit;
    long accumulate, seed;
    Span accumulate_span;
    const char *never_accumulates; // why the objective is that of one batch, or NULL (set by lower)
    double clip_grad_norm, clip_grad_value; // above 0; 0: off, and then there is no code for it
    double log_every, eval_every;
    Unit log_unit, eval_unit;
    const char *checkpoint; // a path; NULL: off
    double checkpoint_every;
    Unit checkpoint_unit;
    const Ast *best;  // max(acc), min(loss); NULL: off
    int best_report;  // what best and early_stop go by, of graph->reports; set by kept_check
    bool best_largest;
    long early_stop;  // evaluations; 0: off
    Span early_stop_span;
} Training;

// Any of the sections may be NULL (missing ones are reported by the caller).
Training *training_elaborate(Arena *arena, Diags *diags, const Source *source, const Scope *constants,
    const Ast *optimizer, const Ast *schedule, const Ast *train);

// optimizer.lr, schedule.gamma, train.run, ...; not what changes the code (nesterov, momentum = 0).
void training_flags(const Training *training, Arena *arena, Flags *flags);

// Whether a condition of the optimizer's table holds with the settings of the program. NULL holds.
bool training_holds(const Training *training, const char *when);
// The setting of an option, by its name; NULL if the table has none.
const Setting *optimizer_setting(const Training *training, const char *name, size_t length);
const Setting *schedule_setting(const ScheduleStage *stage, const char *name, size_t length);
// Whether it is a duration, also the word `run`; not a list of them.
bool setting_is_duration(const Setting *setting);

// Of `best` and `early_stop`, what the rows of `loss` and `metrics` and the splits decide: called when these are known.
struct Program;
void kept_check(struct Program *program);
// Whether evaluations are compared with each other, for `best` or `early_stop`.
bool kept_compares(const Training *training);
// "max(acc)": what they are compared by; early_stop alone follows min(loss).
const char *kept_by(const Training *training, const struct Program *program);

// The functions that an expression of a schedule may call.
typedef struct {
    const char *name;
    int arguments;
    const char *c; // its C over doubles, with $1, $2, $3: what is called is a piece of runtime/, or exact everywhere
} ScheduleFunction;
const ScheduleFunction *schedule_function(const char *name); // NULL: there is none

#endif
