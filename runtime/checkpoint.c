/* checkpoint.c: a run is kept on the disk, so that it can be continued as if nothing had happened.
 *
 * Idea: between two steps a run is its parameters and buffers, what the optimizer remembers, and a
 * few counters (struct Progress). Random numbers and the order of examples depend on the seed and
 * these counters alone. A checkpoint is a file of parameters like any other, with the optimizer's
 * state under optim.* and the counters in its metadata.
 * Input: all of that, or a file by anybody. Output: a file, complete or not there at all; or the
 * run, bit by bit where it was. Invariant: a file that is not of this very program, data and
 * optimizer is refused, with what differs. */
#include "trainer.h"

#ifdef MT_DECLARE
//@ declare counters
/* A number of struct Progress, as the metadata of a checkpoint has it. */
struct Counter {
    const char *name;
    size_t place;
    int is_real; /* a double, else an int */
};
//@ end

//@ declare optimizer_states
/* What an optimizer remembers of each parameter: its name, and its place in struct Optimizer. */
struct OptimizerState {
    const char *name;
    size_t place;
};
//@ end
#elif !defined MT_CHECKPOINT_C
#define MT_CHECKPOINT_C
#include "parameters.c"
#include "trainer_diverged.c"
#include "trainer_train.c"

//@ piece file_beside
/* "mlp.ckpt" and ".best": "mlp.ckpt.best", for the caller to free; NULL after a message. */
static char *file_beside(const char *path, const char *ending)
{
    size_t length = strlen(path), more = strlen(ending) + 1;
    char *beside = malloc(length + more);
    if (!beside) {
        fprintf(stderr, "%s: error: out of memory\n", MT_PROGRAM);
        return NULL;
    }
    memcpy(beside, path, length);
    memcpy(beside + length, ending, more);
    return beside;
}
//@ end

//@ piece metadata_of needs safetensors
/* What a file says of itself under this key, or NULL. */
static const char *metadata_of(const struct TensorFile *file, const char *key)
{
    for (int k = 0; k < file->pairs; k++)
        if (strcmp(file->metadata[2 * k], key) == 0)
            return file->metadata[2 * k + 1];
    return NULL;
}
//@ end

//@ piece write_checkpoint needs counters optimizer_states save_parameters end_training not_finite log
/* The state of an optimizer for one parameter. */
static const real *optimizer_state(const struct Optimizer *optimizer,
    const struct OptimizerState *state, const struct Parameter *k)
{
    return (const real *)(const void *)((const char *)optimizer + state->place) + k->offset;
}

/* The inside of an object of strings: as of any file of parameters, and where the run is. */
static char *checkpoint_metadata(
    const struct Log *log, const struct Options *options, const struct Progress *progress)
{
    char *more = NULL, *text = NULL;
    size_t size;
    long bytes = log->json ? ftell(log->json) : 0;
    FILE *out = open_memstream(&more, &size);
    if (!out)
        return NULL;
    fprintf(out, "%s\"optimizer\": ", progress->statistics ? progress->statistics : "");
    json_string(out, OPTIMIZER);
    fprintf(out, ", \"examples\": \"%d\", \"examples of a step\": \"%.0f\", ", progress->examples,
        progress->examples_of_a_step);
    fprintf(out, "\"steps of an epoch\": \"%d\", ", progress->steps_per_epoch);
    fprintf(out, "\"seconds\": \"%.3f\", \"log bytes\": \"%ld\", ", seconds_now() - log->began,
        bytes > 0 ? bytes : 0);
    for (const struct Counter *k = counters; k->name; k++) {
        const char *place = (const char *)progress + k->place;
        json_string(out, k->name);
        if (k->is_real)
            fprintf(out, ": \"%.17g\", ", *(const double *)(const void *)place);
        else
            fprintf(out, ": \"%d\", ", *(const int *)(const void *)place);
    }
    if (fclose(out) == 0)
        text = save_metadata(options, more);
    free(more);
    return text;
}

/* Parameters and buffers, then what the optimizer remembers. 0: errno says why. */
static int put_checkpoint(FILE *out, const struct Parameters *p, const struct Buffers *s,
    const struct Optimizer *optimizer, const char *metadata)
{
    char *header = NULL, name[64];
    size_t size = 0, begin = 0;
    FILE *text = open_memstream(&header, &size);
    if (!text)
        return 0;
    put_header(text, metadata, 0, &begin);
    for (const struct OptimizerState *state = optimizer_states; state->name; state++)
        for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++) {
            snprintf(name, sizeof name, "optim.%s.", state->name);
            if (!k->frozen)
                put_entry(text, name, k, &begin);
        }
    if (!put_head(out, text, &header, &size))
        return 0;
    put_all_numbers(out, p, s, 0);
    for (const struct OptimizerState *state = optimizer_states; state->name; state++)
        for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++)
            if (!k->frozen)
                put_numbers(out, optimizer_state(optimizer, state, k), k->count);
    return !ferror(out);
}

/* Keeps the run as it is after a step. Returns 0, or after a message the exit code; the file is
 * then the one that was there before. */
static int write_checkpoint(struct Log *log, const struct Options *options,
    const struct Parameters *p, const struct Buffers *s, const struct Optimizer *optimizer,
    const struct Progress *progress)
{
    struct WholeFile file;
    char *metadata;
    int good;
    if (!parameters_are_finite(log, p, s))
        return 3;
    if (log->json)
        fsync(fileno(log->json)); /* what the checkpoint counts is there */
    progress_clear(log);
    fflush(stdout);
    metadata = checkpoint_metadata(log, options, progress);
    open_whole(&file, options->train.checkpoint);
    good = close_whole(
        &file, metadata && file.out && put_checkpoint(file.out, p, s, optimizer, metadata));
    free(metadata);
    return good ? 0 : 1;
}
//@ end

//@ piece paused needs stopped
/* The exit code of a run that was asked to end and has written its checkpoint. */
static int paused(struct Log *log, const struct Options *options, int steps)
{
    int status = stopped(log, steps);
    fprintf(stderr, "%s: --resume=%s goes on from there\n", MT_PROGRAM, options->train.checkpoint);
    return status;
}
//@ end

//@ piece log_resumed needs log
/* Says where a resumed run goes on; its clock goes on as well. */
static void log_resumed(struct Log *log, const struct Progress *progress)
{
    if (progress->steps > 0)
        printf("%s: going on after step %d\n", MT_PROGRAM, progress->steps);
    log->done = progress->steps;
    log->began -= progress->seconds;
    log_check_both(log);
}
//@ end
#endif
