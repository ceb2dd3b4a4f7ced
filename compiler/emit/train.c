// train.c: the section `train` of the output: evaluate, and the training loop.
//
// Input: graph->reports, whether there are two forward functions, the splits, bounds of the gradient. Output: the loop
// that a reader of PyTorch knows: zero_grad, forward, loss, backward, step, running loss. Invariant: it is the same
// loop for all programs, but for the name of forward, and one line for each bound.
#include "../call.h"
#include "functions.h"
#include "kept.h"
#include "splits.h"
#include <string.h>

static void close_brace(Writer *w) { writer_close(w, "%s", ""); }

static void emit_reports(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    int in_loss = 0;
    Text rows = text_new(program->arena);
    for (int k = 0; k < graph->reports.count; k++) {
        const Report *report = &graph->reports.items[k];
        in_loss += report->in_loss;
        text_add(&rows, "%s{%s, %d}", k ? ", " : "", emit_string(program->arena, report->name), report->is_sum);
    }
    writer_comment(w, "What is reported: the loss and its named rows while training, all of it by an evaluation.");
    writer_line(w, "static const struct Report reports[] = {%s};", rows.data);
    writer_line(w, "enum { LOSS_REPORTS = %d, REPORTS = %d };", in_loss, graph->reports.count);
    writer_line(w, "#define EVALUATED %s", emit_string(program->arena, split_evaluated(program)));
    writer_blank(w);
}

static void emit_evaluate(Writer *w, const Program *program)
{
    const Graph *graph = program->graph;
    writer_comment(w, "Loss and metrics over a whole split: sums, divided at the end.");
    writer_function(w,
        "static void evaluate(const struct Parameters *p, %sstruct Values *v, struct Dataloader *loader, "
        "%sdouble *result)", forward_takes(graph, false).s ? "const struct Buffers *s, " : "",
        graph->eval_random ? "uint64_t seed, " : "");
    writer_line(w, "struct Metrics metrics;");
    writer_line(w, "memset(&metrics, 0, sizeof metrics);");
    if (graph->eval_random)
        writer_line(w, "int examples = 0, split = split_step(loader->dataset->split);");
    writer_line(w, "loader_rewind(loader);");
    writer_open(w, "for (int n; (n = loader_next(loader, v)) > 0;%s)", graph->eval_random ? " examples += n" : "");
    writer_line(w, "%s;", forward_call(program, false, "seed", "split", "examples"));
    writer_line(w, "metrics_add(&metrics, v, n);");
    close_brace(w);
    writer_line(w, "metrics_result(&metrics, result);");
    close_brace(w);
    writer_blank(w);
}

static void emit_call_of_evaluate(Writer *w, const Graph *graph, const char *loader)
{
    writer_line(w, "evaluate(p, %sv, %s, %sresult);", forward_takes(graph, false).s ? "s, " : "", loader,
        graph->eval_random ? "seed, " : "");
}

static void emit_micro_batch(Writer *w, const Program *program)
{
    const Graph *graph = program->graph;
    writer_comment(w, "forward + backward");
    writer_line(w, "%s;", forward_call(program, true, "seed", "steps", "examples"));
    writer_line(w, "struct Loss batch = loss(v, n);");
    writer_line(w, "if (!isfinite(batch.loss.sum))");
    writer_indent(w);
    writer_line(w, "return diverged(log, p, %s, trainloader, seed, epoch, i, steps, examples);",
        forward_takes(graph, true).s ? "s" : "NULL");
    writer_dedent(w);
    writer_line(w, "backward(p, v, d, g, n);");
    writer_line(w, "loss_add(&running, &batch);");
    if (!graph->reports.items[0].is_sum)
        writer_line(w, "denominator += batch.loss.denominator;");
    writer_line(w, "examples += n;");
    writer_blank(w);
}

// Whether targets may be ignored or weigh nothing.
static bool denominator_may_be_0(const LossRow *objective)
{
    return objective->divisor && strcmp(loss_denominator(objective->divisor), "$n") != 0;
}

static void emit_optimize(Writer *w, const Program *program)
{
    const Graph *graph = program->graph;
    bool mean = !graph->reports.items[0].is_sum;
    writer_comment(w,
        "optimize. i + 1, because i %% accumulate == 0 holds after the very first micro-batch; the end, because a "
        "short last group would leak into the next epoch.");
    writer_open(w, "if ((i + 1) %% options->train.accumulate == 0 || loader_at_end(trainloader))");
    if (mean && denominator_may_be_0(&graph->losses.items[graph->losses.count - 1])) {
        writer_open(w, "if (denominator == 0)");
        writer_line(w, "progress_clear(log);");
        writer_line(w, "return no_target(steps);");
        close_brace(w);
    }
    writer_line(w, "double lr = learning_rate(options, steps, steps_per_epoch);");
    if (mean)
        writer_line(w, "divide(g, denominator); /* once a step: the loss is a mean over all its examples */");
    if (program->training->clip_grad_norm > 0)
        writer_line(w, "clip_grad_norm(g, options->train.clip_grad_norm); /* of all parameters together */");
    if (program->training->clip_grad_value > 0)
        writer_line(w, "clip_grad_value(g, options->train.clip_grad_value); /* of each number by itself */");
    writer_line(w, "step(p, g, optimizer, options, lr);");
    writer_line(w, "zero_grad(g);");
    writer_line(w, "steps++;");
    writer_line(w, "show_progress(log, epoch, steps, examples, &running);");
    writer_line(w, "examples = 0;");
    if (mean)
        writer_line(w, "denominator = 0;");
    writer_blank(w);
    writer_comment(w, "print statistics");
    writer_open(w, "if (is_due(options->train.log_every, steps, steps_per_epoch) || steps == run)");
    writer_line(w, "log_step(log, epoch, steps, lr, &running);");
    writer_line(w, "running = nothing;");
    close_brace(w);
    writer_open(w, "if (is_due(options->train.eval_every, steps, steps_per_epoch) || steps == run)");
    emit_call_of_evaluate(w, graph, "evalloader");
    writer_line(w, "log_eval(log, epoch, steps, EVALUATED, result);");
    const char *s = forward_takes(graph, true).s ? "s" : "NULL";
    writer_line(w, "if (steps == run && !isfinite(result[0]))");
    writer_indent(w);
    writer_line(w, "return diverged_at_end(log, p, %s, evalloader, seed, steps, result[0]);", s);
    writer_dedent(w);
    emit_after_evaluation(w, program, s);
    close_brace(w);
    emit_end_of_step(w, program, s);
    close_brace(w);
}

// The best parameters on the test split, too.
static void emit_best_at_end(Writer *w, const Program *program, bool test)
{
    bool buffers = forward_takes(program->graph, true).s, random = program->graph->eval_random;
    if (!program->training->best)
        return;
    if (test) {
        writer_open(w, "if (best.step > 0)");
        writer_comment(w, "the best parameters, too: no gradient is needed any more, so they take its place");
        if (buffers)
            writer_line(w, "struct Buffers best_s;");
        writer_line(w, "if (!load_best(options, &best, g, %s))", buffers ? "&best_s" : "NULL");
        writer_indent(w);
        writer_line(w, "return 1;");
        writer_dedent(w);
        writer_line(w, "evaluate(g, %sv, testloader, %sresult);",
            forward_takes(program->graph, false).s ? "&best_s, " : "", random ? "seed, " : "");
        writer_line(w, "log_best(log, &best, \"test\", result);");
        close_brace(w);
    }
    writer_line(w, "print_best(log, options, &best);");
}

static void emit_nothing(Writer *w, const Program *program)
{
    const Graph *graph = program->graph;
    Text zeros = text_new(program->arena);
    for (int k = 0; k < graph->reports.count; k++)
        if (graph->reports.items[k].in_loss)
            text_add(&zeros, "%s{0, 0}", zeros.length ? ", " : "");
    for (int k = 0; k < graph->scalars.count; k++)
        if (graph->scalars.items[k].node)
            text_string(&zeros, ", {0, 0}");
    writer_line(w, "const struct Loss nothing = {%s};", zeros.data);
    writer_line(w, "struct Loss running = %s; /* of the examples since the last line of the log */",
        program->training->checkpoint ? "progress->running" : "nothing");
}

static void emit_loop(Writer *w, const Program *program)
{
    bool test = split_tested(program), kept = program->training->checkpoint != NULL;
    writer_comment(w, "Returns the exit code: 0, or that of a run that was stopped or diverged.");
    writer_function(w,
        "static int train(const struct Options *options, struct Parameters *p, struct Parameters *g, "
        "%sstruct Optimizer *optimizer, struct Values *v, struct Values *d, struct Dataloader *trainloader, "
        "struct Dataloader *evalloader,%s%s struct Log *log)",
        forward_takes(program->graph, true).s ? "struct Buffers *s, " : "",
        test ? " struct Dataloader *testloader," : "", kept ? " struct Progress *progress," : "");
    writer_line(w, "uint64_t seed = (uint64_t)options->train.seed;");
    writer_line(w, "int steps_per_epoch = steps_in_epoch(trainloader, options->train.accumulate);");
    writer_line(w, "int run = in_steps(options->train.run, steps_per_epoch), steps = %s;",
        kept ? "progress->steps" : "0");
    emit_nothing(w, program);
    if (kept_compares(program->training))
        writer_line(w, "struct Best best = %s;", kept ? "progress->best" : "{0, 0, 0}");
    writer_line(w, "double result[REPORTS];");
    writer_blank(w);
    writer_line(w, "log_run(log, options, run, steps_per_epoch);");
    emit_resumed(w, program);
    writer_line(w, "zero_grad(g);");
    writer_open(w, "for (int epoch = %s; steps < run; epoch++)", kept ? "steps / steps_per_epoch" : "0");
    writer_comment(w, "over the dataset multiple times");
    writer_line(w, "int examples = 0; /* of the micro-batches since the last step */");
    if (!program->graph->reports.items[0].is_sum)
        writer_line(w, "double denominator = 0; /* of the mean over them */");
    if (kept)
        writer_line(w,
            "int i = steps %% steps_per_epoch * options->train.accumulate; /* 0, but where a run is resumed */");
    writer_line(w, "loader_shuffle(trainloader, seed, epoch);");
    if (kept)
        writer_line(w, "loader_skip(trainloader, i);");
    writer_open(w, "for (int %sn; steps < run && (n = loader_next(trainloader, v)) > 0; i++)", kept ? "" : "i = 0, ");
    emit_micro_batch(w, program);
    emit_optimize(w, program);
    close_brace(w);
    close_brace(w);
    if (test) {
        writer_comment(w, "once, at the very end: no decision depends on it");
        emit_call_of_evaluate(w, program->graph, "testloader");
        writer_line(w, "log_eval(log, (steps - 1) / steps_per_epoch, steps, \"test\", result);");
    }
    emit_best_at_end(w, program, test);
    writer_line(w, "return 0;");
    close_brace(w);
    writer_blank(w);
}

void emit_train(Writer *w, Program *program)
{
    writer_section(w, "train");
    emit_reports(w, program);
    emit_evaluate(w, program);
    emit_kept_types(w, program);
    emit_loop(w, program);
}
