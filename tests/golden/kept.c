/* What is reported: the loss and its named rows while training, all of it by an evaluation. */
static const struct Report reports[] = {{"loss", 0}, {"acc", 0}};
enum { LOSS_REPORTS = 1, REPORTS = 2 };
#define EVALUATED "valid"

/* Loss and metrics over a whole split: sums, divided at the end. */
static void evaluate(
    const struct Parameters *p, struct Values *v, struct Dataloader *loader, double *result)
{
    struct Metrics metrics;
    memset(&metrics, 0, sizeof metrics);
    loader_rewind(loader);
    for (int n; (n = loader_next(loader, v)) > 0;) {
        forward_eval(p, v);
        metrics_add(&metrics, v, n);
    }
    metrics_result(&metrics, result);
}

/* Which evaluation is the best one. */
#define BEST "max(acc)"
enum { BEST_REPORT = 1, BEST_LARGEST = 1 };

/* Where a run is between two steps: all that a checkpoint holds beside parameters and what the
 * optimizer remembers. */
struct Progress {
    int steps;
    struct Loss running; /* of the examples since the last line of the log */
    struct Best best;
    int examples, steps_per_epoch; /* of the train split */
    double examples_of_a_step, seconds;
    const char *statistics; /* what standardize found, as metadata, or NULL */
};
#define COUNTER(member) offsetof(struct Progress, member)
static const struct Counter counters[] = {
    /* name in the checkpoint, place, whether it is a double */
    {"step", COUNTER(steps), 0},
    {"running.loss.sum", COUNTER(running.loss.sum), 1},
    {"running.loss.denominator", COUNTER(running.loss.denominator), 1},
    {"max(acc)", COUNTER(best.value), 1},
    {"max(acc), step", COUNTER(best.step), 0},
    {"max(acc), evaluations since", COUNTER(best.waited), 0},
    {NULL, 0, 0},
};

/* Returns the exit code: 0, or that of a run that was stopped or diverged. */
static int train(const struct Options *options, struct Parameters *p, struct Parameters *g,
    struct Optimizer *optimizer, struct Values *v, struct Values *d, struct Dataloader *trainloader,
    struct Dataloader *evalloader, struct Dataloader *testloader, struct Progress *progress,
    struct Log *log)
{
    uint64_t seed = (uint64_t)options->train.seed;
    int steps_per_epoch = steps_in_epoch(trainloader, options->train.accumulate);
    int run = in_steps(options->train.run, steps_per_epoch), steps = progress->steps;
    const struct Loss nothing = {{0, 0}};
    struct Loss running = progress->running; /* of the examples since the last line of the log */
    struct Best best = progress->best;
    double result[REPORTS];

    log_run(log, options, run, steps_per_epoch);
    log_resumed(log, progress);
    if (steps < run && has_stopped_early(&best, options->train.early_stop))
        run = steps;
    zero_grad(g);
    for (int epoch = steps / steps_per_epoch; steps < run; epoch++) {
        /* over the dataset multiple times */
        int examples = 0; /* of the micro-batches since the last step */
        double denominator = 0; /* of the mean over them */
        /* 0, but where a run is resumed */
        int i = steps % steps_per_epoch * options->train.accumulate;
        loader_shuffle(trainloader, seed, epoch);
        loader_skip(trainloader, i);
        for (int n; steps < run && (n = loader_next(trainloader, v)) > 0; i++) {
            /* forward + backward */
            forward_train(p, v, seed, steps, examples);
            struct Loss batch = loss(v, n);
            if (!isfinite(batch.loss.sum))
                return diverged(log, p, NULL, trainloader, seed, epoch, i, steps, examples);
            backward(p, v, d, g, n);
            loss_add(&running, &batch);
            denominator += batch.loss.denominator;
            examples += n;

            /* optimize. i + 1, because i % accumulate == 0 holds after the very first micro-batch;
             * the end, because a short last group would leak into the next epoch. */
            if ((i + 1) % options->train.accumulate == 0 || loader_at_end(trainloader)) {
                double lr = learning_rate(options, steps, steps_per_epoch);
                divide(g, denominator); /* once a step: the loss is a mean over all its examples */
                step(p, g, optimizer, options, lr);
                zero_grad(g);
                steps++;
                show_progress(log, epoch, steps, examples, &running);
                examples = 0;
                denominator = 0;

                /* print statistics */
                if (is_due(options->train.log_every, steps, steps_per_epoch) || steps == run) {
                    log_step(log, epoch, steps, lr, &running);
                    running = nothing;
                }
                if (is_due(options->train.eval_every, steps, steps_per_epoch) || steps == run) {
                    evaluate(p, v, evalloader, result);
                    log_eval(log, epoch, steps, EVALUATED, result);
                    if (steps == run && !isfinite(result[0]))
                        return diverged_at_end(log, p, NULL, evalloader, seed, steps, result[0]);
                    if (is_best(&best, steps, result)) {
                        int status = save_best(log, options, p, NULL, &best, progress->statistics);
                        if (status != 0)
                            return status;
                    }
                    if (best.waited >= options->train.early_stop && steps < run) {
                        if (!is_due(options->train.log_every, steps, steps_per_epoch)) {
                            log_step(log, epoch, steps, lr, &running); /* the rest */
                            running = nothing;
                        }
                        log_early_stop(log, &best, steps);
                        run = steps;
                    }
                }

                /* keep the run as it is now */
                int stop = stop_requested(log);
                if (is_due(options->train.checkpoint_every, steps, steps_per_epoch) ||
                    steps == run || stop) {
                    progress->steps = steps;
                    progress->running = running;
                    progress->best = best;
                    int status = write_checkpoint(log, options, p, NULL, optimizer, progress);
                    if (status != 0)
                        return status;
                }
                if (stop)
                    return paused(log, options, steps);
            }
        }
    }
    /* once, at the very end: no decision depends on it */
    evaluate(p, v, testloader, result);
    log_eval(log, (steps - 1) / steps_per_epoch, steps, "test", result);
    if (best.step > 0) {
        /* the best parameters, too: no gradient is needed any more, so they take its place */
        if (!load_best(options, &best, g, NULL))
            return 1;
        evaluate(g, v, testloader, result);
        log_best(log, &best, "test", result);
    }
    print_best(log, options, &best);
    return 0;
}

