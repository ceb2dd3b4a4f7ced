/* log.c: what a run says: lines for people, and lines of JSON for programs (--log=FILE).
 *
 * Input: the counters of the training loop and sums over examples. Output: standard output and the
 * log file.
 * Invariant: a line is written whole and flushed at once; a line that could not be written ends
 * the run after its step (stop_requested), with a message, so that --save still happens. */

#include "trainer.h"

#ifdef MT_DECLARE
//@ declare log needs mean
struct Log {
    FILE *json; /* --log=FILE, or NULL */
    const char *path;
    int terminal; /* standard output is one: a line of progress is drawn over and over */
    int drawn; /* it stands there now */
    int failed; /* a line could not be written */
    int steps_per_epoch, steps; /* of the run */
    int done; /* steps so far */
    double began, line_at, step_at, drawn_at; /* in seconds */
    double examples; /* since line_at */
};
//@ end
#elif !defined MT_LOG_C
#define MT_LOG_C
#include "flags.c"
#include "progress.c"

//@ piece json
/* The shortest decimal that reads back as the same double; null for NaN and infinities, which JSON
 * does not have. */
static void json_number(FILE *out, double x)
{
    char text[40];
    int digits = 1;
    if (x - x != 0) {
        fputs("null", out);
        return;
    }
    do
        snprintf(text, sizeof text, "%.*g", digits, x);
    while (strtod(text, NULL) != x && ++digits <= 17);
    fputs(text, out);
}

static void json_string(FILE *out, const char *text)
{
    putc('"', out);
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            fprintf(out, "\\u%04x", (unsigned)*text);
        else
            putc(*text, out);
    putc('"', out);
}
//@ end

//@ piece settings needs flags json
static void settings_duration(FILE *out, double count, int epochs)
{
    fprintf(out, "\"%.0f %s%s\"", count, epochs ? "epoch" : "step", count == 1 ? "" : "s");
}

static void settings_value(FILE *out, const struct Flag *flag, const void *place)
{
    const struct Duration *duration = place;
    const struct Durations *durations = place;
    switch (flag->kind) {
    case FLAG_INT:
        fprintf(out, "%d", *(const int *)place);
        break;
    case FLAG_LONG:
        fprintf(out, "%" PRId64, *(const int64_t *)place);
        break;
    case FLAG_REAL:
        json_number(out, *(const double *)place);
        break;
    case FLAG_PAIR:
        putc('[', out);
        json_number(out, ((const double *)place)[0]);
        fputs(", ", out);
        json_number(out, ((const double *)place)[1]);
        putc(']', out);
        break;
    case FLAG_BOOL:
        fputs(*(const int *)place ? "true" : "false", out);
        break;
    case FLAG_PATH:
        json_string(out, *(const char *const *)place ? *(const char *const *)place : "");
        break;
    case FLAG_DURATION:
        settings_duration(out, duration->count, duration->epochs);
        break;
    case FLAG_DURATIONS:
        for (int k = 0; k < durations->count; k++) {
            fputs(k ? ", " : "[", out);
            settings_duration(out, durations->at[k], durations->epochs);
        }
        putc(']', out);
        break;
    }
}

/* The settings in force as one JSON object. */
static void json_settings(FILE *out, const struct Options *options)
{
    for (int k = 0; k < FLAGS; k++) {
        fprintf(out, "%s\"%s\": ", k ? ", " : "{", flags[k].key);
        settings_value(out, &flags[k], (const char *)options + flags[k].place);
    }
    putc('}', out);
}
//@ end

//@ piece log needs report_value printed json settings clock progress
/* Reports a write that failed, once. */
static void log_check(struct Log *log, FILE *out, const char *name)
{
    int bad = fflush(out) != 0;
    if ((bad || ferror(out)) && !log->failed) {
        log->failed = 1;
        fprintf(stderr, "%s: error: cannot write %s: %s\n", MT_PROGRAM, name, strerror(errno));
    }
}

static void log_check_both(struct Log *log)
{
    log_check(log, stdout, "standard output");
    if (log->json)
        log_check(log, log->json, log->path);
}

/* Opens the log and writes its first line; 0 after a message. */
static int log_open(struct Log *log, const char *path, const struct Options *options)
{
    size_t numbers = 0;
    log->path = path;
    log->terminal = isatty(STDOUT_FILENO);
    log->began = log->line_at = seconds_now();
    if (!path)
        return 1;
    log->json = fopen(path, "w");
    if (!log->json) {
        fprintf(stderr, "%s: error: cannot write %s: %s\n", MT_PROGRAM, path, strerror(errno));
        return 0;
    }
    for (int k = 0; k < PARAMETERS; k++)
        numbers += parameters[k].count;
    fprintf(log->json,
        "{\"event\":\"start\",\"program\":\"%s\",\"parameters\":%lu,\"settings\":", MT_PROGRAM,
        (unsigned long)numbers);
    json_settings(log->json, options);
    fputs("}\n", log->json);
    log_check_both(log);
    return !log->failed;
}

/* "loss: 0.123": three digits behind the point, as in the tutorials, more of a small number. */
static void print_reports(const double *numbers, int count)
{
    for (int k = 0; k < count; k++) {
        double size = numbers[k] < 0 ? -numbers[k] : numbers[k];
        int digits = size == 0 || size >= 0.1 ? 3 : size >= 0.01 ? 4 : size >= 0.001 ? 5 : 8;
        printf(size < 1e6 ? "%s%s: %.*f" : "%s%s: %.*e", k ? "  " : " ", reports[k].name, digits,
            printed(numbers[k]));
    }
    putchar('\n');
}

static void json_reports(FILE *out, const double *numbers, int count)
{
    for (int k = 0; k < count; k++) {
        fprintf(out, ",\"%s\":", reports[k].name);
        json_number(out, numbers[k]);
    }
}

static int same_setting(const struct Flag *flag, const void *a, const void *b)
{
    const struct Duration *d = a, *e = b;
    const struct Durations *m = a, *n = b;
    const double *x = a, *y = b;
    switch (flag->kind) {
    case FLAG_LONG:
        return *(const int64_t *)a == *(const int64_t *)b;
    case FLAG_REAL:
        return *x == *y;
    case FLAG_PAIR:
        return x[0] == y[0] && x[1] == y[1];
    case FLAG_PATH:
        return strcmp(*(const char *const *)a, *(const char *const *)b) == 0;
    case FLAG_DURATION:
        return d->count == e->count && d->epochs == e->epochs;
    case FLAG_DURATIONS:
        return m->count == n->count && m->epochs == n->epochs &&
            memcmp(m->at, n->at, (size_t)m->count * sizeof *m->at) == 0;
    default:
        return *(const int *)a == *(const int *)b;
    }
}

/* The settings that are not those of the program. */
static void print_changed(const struct Options *options)
{
    struct {
        struct Options options;
        struct Durations room; /* gcc warns unless it sees that any kind of setting would fit */
    } file;
    file.options = *options;
    for (int k = 0; k < FLAGS; k++) {
        const char *now = (const char *)options + flags[k].place;
        char *before = (char *)&file.options + flags[k].place;
        read_value(&flags[k], flags[k].value, before);
        if (same_setting(&flags[k], now, before))
            continue;
        printf("%s=", flags[k].key);
        settings_value(stdout, &flags[k], now);
        printf(", not %s\n", flags[k].value);
    }
}

/* How long the run will be, and with which settings. */
static void log_run(struct Log *log, const struct Options *options, int steps, int steps_per_epoch)
{
    print_changed(options);
    printf("%s: %d steps, %d in an epoch; evaluation on %s\n", MT_PROGRAM, steps, steps_per_epoch,
        EVALUATED);
    log->steps = steps;
    log->steps_per_epoch = steps_per_epoch;
    log->began = log->line_at = log->step_at = seconds_now();
    log_check_both(log);
}

/* The line of log_every: means over the examples since the last one. lr: the rate of this step. */
static void log_step(struct Log *log, int epoch, int steps, double lr, const struct Loss *running)
{
    const struct Mean *sums = (const struct Mean *)running;
    double now = seconds_now(), rate = log->examples / (now - log->line_at + 1e-9);
    double means[LOSS_REPORTS];
    for (int k = 0; k < LOSS_REPORTS; k++)
        means[k] = report_value(k, &sums[k]);
    progress_clear(log);
    printf("[%d, %5d]", epoch + 1, steps);
    print_reports(means, LOSS_REPORTS);
    if (log->json) {
        fprintf(log->json, "{\"event\":\"step\",\"step\":%d,\"epoch\":%d", steps, epoch);
        json_reports(log->json, means, LOSS_REPORTS);
        fputs(",\"lr\":", log->json);
        json_number(log->json, lr);
        fprintf(
            log->json, ",\"examples_per_second\":%.0f,\"seconds\":%.3f}\n", rate, now - log->began);
    }
    log->line_at = now;
    log->examples = 0;
    log_check_both(log);
}

/* The line of an evaluation: one number for each report. */
static void log_eval(struct Log *log, int epoch, int steps, const char *split, const double *result)
{
    double last = log->step_at > log->line_at ? log->step_at : log->line_at;
    log->line_at += seconds_now() - last; /* the time of evaluations is not that of examples */
    progress_clear(log);
    printf("[%d, %5d] %s", epoch + 1, steps, split);
    print_reports(result, REPORTS);
    if (log->json) {
        fprintf(log->json, "{\"event\":\"eval\",\"step\":%d,\"epoch\":%d,\"split\":\"%s\"", steps,
            epoch, split);
        json_reports(log->json, result, REPORTS);
        fputs("}\n", log->json);
    }
    log_check_both(log);
}

static void log_end(struct Log *log, int finished)
{
    progress_clear(log);
    if (finished)
        puts("Finished Training");
    if (log->json)
        fprintf(log->json, "{\"event\":\"end\",\"step\":%d,\"seconds\":%.3f}\n", log->done,
            seconds_now() - log->began);
    log_check_both(log);
    if (log->json && fclose(log->json) != 0 && !log->failed) {
        log->failed = 1;
        fprintf(stderr, "%s: error: cannot write %s: %s\n", MT_PROGRAM, log->path, strerror(errno));
    }
    log->json = NULL;
}
//@ end
#endif
