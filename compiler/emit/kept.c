// kept.c: the lines of the output on what a run keeps: struct Progress with the table of its counters, the state of the
// optimizer, and what the training loop does behind an evaluation and at the end of a step.
//
// Input: checkpoint, best, early_stop of the program. Output: C. Invariant: a program without these settings has none
// of it.
#include "kept.h"
#include "emit.h"

static void close_brace(Writer *w) { writer_close(w, "%s", ""); }

// sgd(nesterov=true): the optimizer with what is no flag. A run goes on with the same one only.
static const char *optimizer_text(const Program *program)
{
    const Training *training = program->training;
    Text text = text_new(program->arena);
    int count = 0;
    text_string(&text, training->optimizer->name);
    for (int k = 0; k < training->optimizer_settings.count; k++) {
        const Setting *setting = &training->optimizer_settings.items[k];
        if (!setting->is_flag)
            text_add(&text, "%s%s=%s", count++ ? ", " : "(", setting->arg->name,
                constant_text(program->arena, &setting->value));
    }
    if (count > 0)
        text_string(&text, ")");
    return text.data;
}

void emit_optimizer_states(Writer *w, const Program *program, const char *const *states, int count)
{
    if (!program->training->checkpoint)
        return;
    writer_comment(w, "A checkpoint holds these for every parameter, as optim.NAME.PATH. A run goes on with the same "
                      "optimizer only.");
    writer_open(w, "static const struct OptimizerState optimizer_states[] =");
    for (int k = 0; k < count; k++)
        writer_line(w, "{%s, offsetof(struct Optimizer, %s)},", emit_string(program->arena, states[k]), states[k]);
    writer_line(w, "{NULL, 0},");
    writer_close(w, ";");
    writer_line(w, "#define OPTIMIZER %s", emit_string(program->arena, optimizer_text(program)));
    writer_blank(w);
}

static void emit_best(Writer *w, const Program *program)
{
    const Training *training = program->training;
    if (training->best)
        writer_comment(w, "Which evaluation is the best one.");
    else
        writer_comment(w, "Which evaluation is the best one, for early_stop.");
    writer_line(w, "#define BEST %s", emit_string(program->arena, kept_by(training, program)));
    writer_line(w, "enum { BEST_REPORT = %d, BEST_LARGEST = %d };", training->best_report, training->best_largest);
    writer_blank(w);
}

static void emit_counters(Writer *w, const Program *program)
{
    Arena *arena = program->arena;
    writer_line(w, "#define COUNTER(member) offsetof(struct Progress, member)");
    writer_open(w, "static const struct Counter counters[] =");
    writer_comment(w, "name in the checkpoint, place, whether it is a double");
    writer_line(w, "{\"step\", COUNTER(steps), 0},");
    for (int k = 0; k < program->graph->reports.count; k++) {
        const Report *report = &program->graph->reports.items[k];
        for (int i = 0; report->in_loss && i < 2; i++) {
            const char *part = i ? "denominator" : "sum";
            writer_line(w, "{%s, COUNTER(running.%s.%s), 1},",
                emit_string(arena, arena_format(arena, "running.%s.%s", report->name, part)), report->member, part);
        }
    }
    if (kept_compares(program->training)) {
        const char *by = kept_by(program->training, program);
        writer_line(w, "{%s, COUNTER(best.value), 1},", emit_string(arena, by));
        writer_line(w, "{%s, COUNTER(best.step), 0},", emit_string(arena, arena_format(arena, "%s, step", by)));
        writer_line(w, "{%s, COUNTER(best.waited), 0},",
            emit_string(arena, arena_format(arena, "%s, evaluations since", by)));
    }
    writer_line(w, "{NULL, 0, 0},");
    writer_close(w, ";");
    writer_blank(w);
}

void emit_kept_types(Writer *w, const Program *program)
{
    if (kept_compares(program->training))
        emit_best(w, program);
    if (!program->training->checkpoint)
        return;
    writer_comment(w, "Where a run is between two steps: all that a checkpoint holds beside parameters%s and what the "
                      "optimizer remembers.", program->graph->buffers.count ? ", buffers" : "");
    writer_open(w, "struct Progress");
    writer_line(w, "int steps;");
    writer_line(w, "struct Loss running; /* of the examples since the last line of the log */");
    if (kept_compares(program->training))
        writer_line(w, "struct Best best;");
    writer_line(w, "int examples, steps_per_epoch; /* of the train split */");
    writer_line(w, "double examples_of_a_step, seconds;");
    writer_line(w, "const char *statistics; /* what standardize found, as metadata, or NULL */");
    writer_close(w, ";");
    emit_counters(w, program);
}

void emit_resumed(Writer *w, const Program *program)
{
    const Training *training = program->training;
    if (!training->checkpoint)
        return;
    writer_line(w, "log_resumed(log, progress);");
    if (training->early_stop == 0)
        return;
    writer_line(w, "if (steps < run && has_stopped_early(&best, options->train.early_stop))");
    writer_indent(w);
    writer_line(w, "run = steps;");
    writer_dedent(w);
}

void emit_after_evaluation(Writer *w, const Program *program, const char *s)
{
    const Training *training = program->training;
    if (!kept_compares(training))
        return;
    if (training->best) {
        writer_open(w, "if (is_best(&best, steps, result))");
        writer_line(w, "int status = save_best(log, options, p, %s, &best, progress->statistics);", s);
        writer_line(w, "if (status != 0)");
        writer_indent(w);
        writer_line(w, "return status;");
        writer_dedent(w);
        close_brace(w);
    } else
        writer_line(w, "is_best(&best, steps, result);");
    if (training->early_stop == 0)
        return;
    writer_open(w, "if (best.waited >= options->train.early_stop && steps < run)");
    writer_open(w, "if (!is_due(options->train.log_every, steps, steps_per_epoch))");
    writer_line(w, "log_step(log, epoch, steps, lr, &running); /* the rest */");
    writer_line(w, "running = nothing;");
    close_brace(w);
    writer_line(w, "log_early_stop(log, &best, steps);");
    writer_line(w, "run = steps;");
    close_brace(w);
}

void emit_end_of_step(Writer *w, const Program *program, const char *s)
{
    if (!program->training->checkpoint) {
        writer_line(w, "if (stop_requested(log))");
        writer_indent(w);
        writer_line(w, "return stopped(log, steps);");
        writer_dedent(w);
        return;
    }
    writer_blank(w);
    writer_comment(w, "keep the run as it is now");
    writer_line(w, "int stop = stop_requested(log);");
    writer_open(w, "if (is_due(options->train.checkpoint_every, steps, steps_per_epoch) || steps == run || stop)");
    writer_line(w, "progress->steps = steps;");
    writer_line(w, "progress->running = running;");
    if (kept_compares(program->training))
        writer_line(w, "progress->best = best;");
    writer_line(w, "int status = write_checkpoint(log, options, p, %s, optimizer, progress);", s);
    writer_line(w, "if (status != 0)");
    writer_indent(w);
    writer_line(w, "return status;");
    writer_dedent(w);
    close_brace(w);
    writer_line(w, "if (stop)");
    writer_indent(w);
    writer_line(w, "return paused(log, options, steps);");
    writer_dedent(w);
}
