// training_kept.c: the settings of `train` on what a run keeps: checkpoint, checkpoint_every, best, early_stop.
//
// Input: their items; later the reports of the graph and the splits. Output: these members of Training. Invariant: what
// would have no effect is an error; `best` is only ever compared by a number that every evaluation has.
#include "errors_model.h"
#include "errors_training.h"
#include "suggest.h"
#include "training_inside.h"
#include <string.h>

// The name in max(acc) or min(loss), NULL for anything else.
static const Ast *compared_name(const Ast *value)
{
    if (value->kind != AST_CALL || value->children != 2 || value->child[0]->kind != AST_NAME ||
        (strcmp(value->child[0]->text, "max") != 0 && strcmp(value->child[0]->text, "min") != 0))
        return NULL;
    return value->child[1]->kind == AST_NAME ? value->child[1] : NULL;
}

void training_kept(TrainingState *state, int which, const char *name, const Ast *item, const Ast *value)
{
    Training *training = state->training;
    Constant path;
    switch (which) {
    case KEPT_CHECKPOINT:
        if (!constant_evaluate(state->constants, value, &path))
            return;
        if (path.kind == CONSTANT_STRING && *path.text)
            training->checkpoint = path.text;
        else
            error_training_kind(state->diags, value->span, name, "a path in quotes");
        break;
    case KEPT_CHECKPOINT_EVERY:
        training_timed(state, name, value, &training->checkpoint_every, &training->checkpoint_unit);
        break;
    case KEPT_BEST:
        training->best = value; // looked at when the names of losses and metrics are known
        break;
    case KEPT_EARLY_STOP:
        training->early_stop_span = item->span;
        training_whole(state, name, value, 1, 2147483647, "a whole number of evaluations, at least 1",
            &training->early_stop);
        break;
    }
}

void training_kept_together(TrainingState *state, const Ast *const *given)
{
    static const int dependent[] = {KEPT_BEST, KEPT_CHECKPOINT_EVERY};
    if (given[KEPT_CHECKPOINT])
        return;
    for (int k = 0; k < 2; k++)
        if (given[dependent[k]]) {
            error_training_no_checkpoint(state->diags, state->arena, state->source, given[dependent[k]],
                given[dependent[k]]->child[0]->child[0]->text);
            return;
        }
}

void training_kept_flags(const Training *training, Arena *arena, Flags *flags)
{
    if (training->checkpoint) {
        training_push_flag(arena, flags, "checkpoint", FLAG_PATH, "where the run is kept, to be resumed", 0, UNIT_NONE);
        flags->items[flags->count - 1].value = (Constant){.kind = CONSTANT_STRING, .text = training->checkpoint};
        training_push_flag(arena, flags, "checkpoint_every", FLAG_DURATION, "how often it is kept",
            training->checkpoint_every, training->checkpoint_unit);
    }
    if (training->early_stop)
        training_push_flag(arena, flags, "early_stop", FLAG_INT, "evaluations without a new best that end the run",
            (double)training->early_stop, UNIT_NONE);
    if (training->checkpoint) {
        training_push_flag(arena, flags, "resume", FLAG_PATH, "continue the run of this checkpoint", 0, UNIT_NONE);
        flags->items[flags->count - 1].value = (Constant){.kind = CONSTANT_STRING, .text = ""};
    }
}

bool kept_compares(const Training *training) { return training->best || training->early_stop > 0; }

const char *kept_by(const Training *training, const Program *program)
{
    return arena_format(program->arena, "%s(%s)", training->best_largest ? "max" : "min",
        program->graph->reports.items[training->best_report].name);
}

// ---------------------------------------------------------------------------------------------------------------------
// When rows and splits are known

enum { NAMES = 64 };

// Whether a section has a row of this name: it may be faulty, and then has its own message.
static bool has_row(const Program *program, const char *section, const char *name)
{
    const Ast *found = ast_declaration(program->parsed.file, AST_SECTION, section);
    for (int k = 0; found && k < found->child[0]->children; k++) {
        const Ast *item = found->child[0]->child[k];
        const Ast *left = item->kind == AST_LET && item->child[0]->children == 1 ? item->child[0]->child[0] : NULL;
        if (item->kind == AST_ERROR || (left && left->kind == AST_NAME && strcmp(left->text, name) == 0))
            return true;
    }
    return false;
}

// Which report `best` names; -1 after a message.
static int find_report(Program *program, const Ast *value)
{
    const Ast *name = compared_name(value);
    const char *names[NAMES];
    int count = program->graph->reports.count < NAMES ? program->graph->reports.count : NAMES;
    const char *bare = value->kind == AST_NAME || value->kind == AST_STRING ? value->text : name ? name->text : NULL;
    for (int k = 0; k < count; k++)
        names[k] = program->graph->reports.items[k].name;
    for (int k = 0; bare && k < count; k++)
        if (strcmp(names[k], bare) == 0) {
            if (name)
                return k;
            error_training_best(program->diags, program->arena, value->span, bare,
                program->graph->reports.items[k].in_loss);
            return -1;
        }
    if (bare && diags_errors(program->diags) && (has_row(program, "loss", bare) || has_row(program, "metrics", bare)))
        return -1;
    static const char *const ways[] = {"max", "min"};
    const Ast *way = value->kind == AST_CALL && value->child[0]->kind == AST_NAME ? value->child[0] : NULL;
    if (name)
        error_unknown_name(program, name->span, name->text, "loss or metric", names, count);
    else if (way && suggest(way->text, ways, 2) && strcmp(suggest(way->text, ways, 2), way->text) != 0)
        error_unknown_name(program, way->span, way->text, "word", ways, 2);
    else
        error_training_best(program->diags, program->arena, value->span, NULL, false);
    return -1;
}

void kept_check(Program *program)
{
    Training *training = program->training;
    if (!training || !kept_compares(training))
        return;
    training->best_report = 0; // early_stop without best: min(loss)
    if (training->best) {
        training->best_report = find_report(program, training->best);
        if (training->best_report < 0)
            return;
        training->best_largest = strcmp(training->best->child[0]->text, "max") == 0;
    }
    if (program->data_is_faulty || !program->data || data_split(program->data, "valid"))
        return;
    bool test = data_split(program->data, "test");
    error_training_followed(program->diags, program->arena, program->source,
        training->best ? training->best->span : training->early_stop_span, training->best ? "best" : "early_stop",
        test, program->data->batch_span);
}
