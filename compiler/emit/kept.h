// kept.h: what a run keeps (checkpoint, best, early_stop), for the sections that have a line for it.
#ifndef MT_EMIT_KEPT_H
#define MT_EMIT_KEPT_H

#include "../program.h"
#include "writer.h"

// Behind struct Optimizer: which of its members a checkpoint holds. `states`: their names, `count` of them.
void emit_optimizer_states(Writer *w, const Program *program, const char *const *states, int count);
// In front of train(): BEST and struct Progress, as far as the program has them.
void emit_kept_types(Writer *w, const Program *program);
// In front of the loop: where a resumed run goes on.
void emit_resumed(Writer *w, const Program *program);
// Behind an evaluation that was logged: is it the best one, and is that the end?
void emit_after_evaluation(Writer *w, const Program *program, const char *s);
// Behind everything that a step does: is a checkpoint due, was the run asked to end?
void emit_end_of_step(Writer *w, const Program *program, const char *s);

#endif
