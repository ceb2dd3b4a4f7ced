/* best.c: which evaluation was the best one, and when to give up waiting for a better one.
 *
 * Input: the numbers of each evaluation; BEST_REPORT says which of them counts, BEST_LARGEST in
 * which direction. Output: struct Best, sentences, lines of the log. Invariant: better means
 * strictly better, and a NaN never is. */
#include "trainer.h"

#ifdef MT_DECLARE
//@ declare best
/* The best evaluation so far. */
struct Best {
    double value;
    int step; /* after which it was made; 0: there is none */
    int waited; /* evaluations since then */
};
//@ end
#elif !defined MT_BEST_C
#define MT_BEST_C
#include "checkpoint.c"

//@ piece is_best
/* Whether an evaluation is better than all before it; it is counted either way. */
static int is_best(struct Best *best, int steps, const double *result)
{
    double value = result[BEST_REPORT];
    int better = BEST_LARGEST ? value > best->value : value < best->value;
    best->waited++;
    if (value != value || (best->step > 0 && !better))
        return 0;
    best->value = value;
    best->step = steps;
    best->waited = 0;
    return 1;
}
//@ end

//@ piece log_early_stop needs best log progress
/* The run ends before its time. */
static void log_early_stop(struct Log *log, const struct Best *best, int steps)
{
    progress_clear(log);
    printf("%s: stopped early after step %d of %d, by %d evaluation%s without a new best; ",
        MT_PROGRAM, steps, log->steps, best->waited, best->waited == 1 ? "" : "s");
    if (best->step > 0)
        printf("%s = %.6g was that of step %d\n", BEST, best->value, best->step);
    else
        printf("%s was never a number\n", BEST);
    if (log->json) {
        fprintf(log->json,
            "{\"event\":\"early_stop\",\"step\":%d,\"evaluations\":%d,\"best\":\"%s\"", steps,
            best->waited, BEST);
        fprintf(log->json, ",\"best_step\":%d,\"value\":", best->step);
        json_number(log->json, best->step > 0 ? best->value : NAN);
        fputs("}\n", log->json);
    }
    log_check_both(log);
}
//@ end

//@ piece has_stopped_early needs best
/* Whether a resumed run had come to its end that way. */
static int has_stopped_early(const struct Best *best, int evaluations)
{
    if (best->waited < evaluations)
        return 0;
    printf("%s: it had stopped early, by %d evaluation%s without a new best; a larger --early_stop "
           "goes on\n",
        MT_PROGRAM, best->waited, best->waited == 1 ? "" : "s");
    return 1;
}
//@ end

//@ piece save_best needs best save_parameters end_training not_finite file_beside
/* Keeps the parameters of the best evaluation as --save would, under the name of the checkpoint
 * with .best behind it. Returns 0, or after a message the exit code. */
static int save_best(struct Log *log, const struct Options *options, const struct Parameters *p,
    const struct Buffers *s, const struct Best *best, const char *more_metadata)
{
    char *path = file_beside(options->train.checkpoint, ".best"), *more = NULL, *metadata = NULL;
    size_t size;
    FILE *out = open_memstream(&more, &size);
    int status = 0;
    if (!parameters_are_finite(log, p, s))
        status = 3;
    if (out) {
        fprintf(out, "%s\"step\": \"%d\", \"%s\": \"%.17g\", ", more_metadata ? more_metadata : "",
            best->step, BEST, best->value);
        if (fclose(out) == 0)
            metadata = save_metadata(options, more);
    }
    if (status == 0 && (!path || !metadata || !save_parameters(path, p, s, metadata)))
        status = 1;
    free(metadata);
    free(more);
    free(path);
    return status;
}
//@ end

//@ piece load_best needs best load_parameters file_beside metadata_of
/* The parameters of the best evaluation, back from their file; 0 after a message. */
static int load_best(
    const struct Options *options, const struct Best *best, struct Parameters *p, struct Buffers *s)
{
    char *path = file_beside(options->train.checkpoint, ".best");
    struct TensorFile file;
    int good = path && open_tensors(&file, path);
    if (good) {
        const char *step = metadata_of(&file, "step");
        good = step && atoi(step) == best->step;
        if (!good)
            fprintf(stderr,
                "%s: error: %s has not the parameters of step %d, which were the best\n",
                MT_PROGRAM, path, best->step);
        good = good && load_parameters(&file, p, s, 0);
        safetensors_close(&file);
    }
    free(path);
    return good;
}
//@ end

//@ piece log_best needs best log progress
/* The line of an evaluation with the best parameters. */
static void log_best(
    struct Log *log, const struct Best *best, const char *split, const double *result)
{
    int epoch = (best->step - 1) / log->steps_per_epoch;
    progress_clear(log);
    printf("[%d, %5d] %s, best parameters", epoch + 1, best->step, split);
    print_reports(result, REPORTS);
    if (log->json) {
        fprintf(log->json,
            "{\"event\":\"eval\",\"step\":%d,\"epoch\":%d,\"split\":\"%s\",\"parameters\":\"best\"",
            best->step, epoch, split);
        json_reports(log->json, result, REPORTS);
        fputs("}\n", log->json);
    }
    log_check_both(log);
}
//@ end

//@ piece print_best needs best log progress
/* At the end: which evaluation was the best, and where its parameters are. */
static void print_best(struct Log *log, const struct Options *options, const struct Best *best)
{
    progress_clear(log);
    if (best->step > 0)
        printf("%s = %.6g after step %d was the best: its parameters are in %s.best\n", BEST,
            best->value, best->step, options->train.checkpoint);
    else
        printf("%s was never a number: there are no best parameters\n", BEST);
    log_check_both(log);
}
//@ end
#endif
