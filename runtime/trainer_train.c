/* trainer_train.c: what stands around the training loop: signals, --init, the log, --save.
 *
 * Input: the options and arguments of a run. Output: messages, the log, a file of parameters.
 * Invariant: parameters are saved whenever a step was finished and --save was given, whether the
 * run ended or was stopped; never after the loss or a parameter has become NaN. */
#include "trainer.h"

#ifndef MT_TRAINER_TRAIN_C
#define MT_TRAINER_TRAIN_C
#include "parameters.c"
#include "trainer_diverged.c"
#include "trainer_eval.c"

//@ piece interrupt
/* Set by Ctrl-C: the training loop looks at it after every step. A second Ctrl-C ends the program
 * at once. */
static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    interrupted = 1;
    signal(signal_number, SIG_DFL);
}

static void catch_signals(void)
{
    static const int signals[] = {SIGINT, SIGTERM};
    struct sigaction action;
    signal(SIGPIPE, SIG_IGN); /* a reader that went away is a write that fails: --save happens */
    memset(&action, 0, sizeof action);
    action.sa_handler = interrupt;
    action.sa_flags = SA_RESTART;
    for (int k = 0; k < 2; k++) {
        struct sigaction now;
        /* what the caller ignores (nohup) stays ignored */
        if (sigaction(signals[k], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            sigaction(signals[k], &action, NULL);
    }
}
//@ end

//@ piece stop_requested needs interrupt
/* Whether the run is to end after this step. */
static int stop_requested(const struct Log *log) { return interrupted || log->failed; }
//@ end

//@ piece stopped needs progress interrupt
/* The exit code of a run that was asked to end. */
static int stopped(struct Log *log, int steps)
{
    progress_clear(log);
    fflush(stdout);
    if (!interrupted)
        return 1; /* a line of the log could not be written, and that was said */
    fprintf(stderr, "%s: stopped after step %d of %d\n", MT_PROGRAM, steps, log->steps);
    return 130;
}
//@ end

//@ piece start_training needs log start_parameters interrupt
/* Parameters, then the log, then signals are caught; 0 after a message. */
static int start_training(struct Trainer *t, struct Log *log)
{
    if (!start_parameters(t) || !log_open(log, t->arguments.log, &t->options))
        return 0;
    catch_signals();
    return 1;
}
//@ end

//@ piece end_training needs log settings json save_parameters not_finite
/* What a file of parameters says of itself: the inside of an object of strings. `more`: that of
 * standardize, or NULL. */
static char *save_metadata(const struct Options *options, const char *more)
{
    char *settings = NULL, *text = NULL;
    size_t size;
    FILE *out = open_memstream(&settings, &size);
    if (!out)
        return NULL;
    json_settings(out, options);
    if (fclose(out) == 0 && (out = open_memstream(&text, &size))) {
        fprintf(out, "\"program\": \"%s\", \"edition\": \"%s\", %s\"settings\": ", MT_PROGRAM,
            EDITION, more ? more : "");
        json_string(out, settings);
        if (fclose(out) != 0) {
            free(text);
            text = NULL;
        }
    }
    free(settings);
    return text;
}

/* Closes the log and saves. `status`: the exit code so far, and `more` as above, freed here. */
static int end_training(struct Trainer *t, struct Log *log, int status, char *more)
{
    if (status != 3 && !parameters_are_finite(log, t->p, t->s))
        status = 3;
    log_end(log, status == 0);
    if (t->arguments.save && (status == 0 || status == 130 || status == 1)) {
        char *metadata = save_metadata(&t->options, more);
        if (!metadata || !save_parameters(t->arguments.save, t->p, t->s, metadata))
            status = 1;
        else if (status != 0)
            fprintf(stderr, "%s: the parameters so far are in %s\n", MT_PROGRAM, t->arguments.save);
        free(metadata);
    }
    free(more);
    return status == 0 && log->failed ? 1 : status;
}
//@ end

//@ piece statistics_metadata needs json
/* "data.x.mean": "[0.1, 0.2]", ...: what standardize found, for a file of parameters. */
static char *statistics_metadata(const struct Data *data)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    for (size_t k = 0; k < sizeof statistics / sizeof *statistics; k++) {
        const real *numbers = (const real *)((const char *)data + statistics[k].offset);
        json_string(out, statistics[k].name);
        fputs(": \"[", out);
        for (size_t i = 0; i < statistics[k].count; i++) {
            fputs(i ? ", " : "", out);
            json_number(out, (double)numbers[i]);
        }
        fputs("]\", ", out);
    }
    return fclose(out) == 0 ? text : NULL;
}
//@ end

//@ piece load_statistics needs safetensors
/* Reads "[0.1, 0.2]" into so many reals; 0 if it is anything else. */
static int read_statistic(const char *text, real *numbers, size_t count)
{
    char *end;
    if (*text++ != '[')
        return 0;
    for (size_t i = 0; i < count; i++) {
        double number = strtod(text, &end);
        if (end == text || number - number != 0 || *end != (i + 1 == count ? ']' : ','))
            return 0;
        numbers[i] = (real)number;
        text = end + 1;
    }
    return *text == '\0';
}

/* What standardize found when these parameters were trained; 0 if the file does not say it. */
static int load_statistics(const struct TensorFile *file, struct Data *data)
{
    for (size_t k = 0; k < sizeof statistics / sizeof *statistics; k++) {
        int found = 0;
        for (int pair = 0; pair < file->pairs && !found; pair++)
            found = strcmp(file->metadata[2 * pair], statistics[k].name) == 0 &&
                read_statistic(file->metadata[2 * pair + 1],
                    (real *)((char *)data + statistics[k].offset), statistics[k].count);
        if (!found)
            return 0;
    }
    return 1;
}
//@ end
#endif
