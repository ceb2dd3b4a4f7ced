/* resume.c: what commands take from a checkpoint: training goes on from it (--resume=FILE), eval
 * and predict use its parameters.
 *
 * Input: a file by anybody, and the command line, whose flags win over the settings in the file.
 * Output: options, parameters, the optimizer's state, struct Progress and the log, all as they were
 * after that step. Invariant: nothing is trained unless all of it fits. */
#include "trainer.h"

#ifndef MT_RESUME_C
#define MT_RESUME_C
#include "checkpoint.c"

//@ piece find_checkpoint needs flags settings safetensors load_parameters metadata_of log
/* The value of a setting, as on the command line. A string is put back into the text that it was
 * read from, and lives as long; the rest goes into `room`. NULL: it is none. */
static const char *read_setting(struct Json *json, char *room, size_t size)
{
    size_t n = 0;
    int depth = 0, c = json_peek(json);
    if (c == '"') {
        char *start = (char *)json->at, *value = json_read_string(json);
        if (!value)
            return NULL;
        memcpy(start, value, strlen(value) + 1); /* it is shorter without its quotes */
        free(value);
        return start;
    }
    for (; json->at < json->end && n + 1 < size; json->at++) {
        c = *json->at;
        if (depth == 0 && (c == ',' || c == '}'))
            break;
        depth += (c == '[') - (c == ']');
        if (c != '"')
            room[n++] = (char)c;
    }
    room[n] = '\0';
    return n > 0 ? room : NULL;
}

/* The settings in the file, over those of the program; 0 after a message. */
static int use_settings(const char *path, char *text, struct Options *options)
{
    struct Json json = {text, text + strlen(text), NULL};
    char room[2048], form[128];
    int good = json_expect(&json, '{');
    do {
        char *key = good ? json_read_string(&json) : NULL;
        const char *value =
            key && json_expect(&json, ':') ? read_setting(&json, room, sizeof room) : NULL;
        const struct Flag *flag = flags;
        good = value != NULL;
        while (good && flag < flags + FLAGS && strcmp(flag->key, key) != 0)
            flag++;
        if (good && flag == flags + FLAGS)
            fprintf(
                stderr, "%s: this program has no setting %s, as %s has\n", MT_PROGRAM, key, path);
        else if (good && !read_value(flag, value, (char *)options + flag->place) &&
            flag->kind != FLAG_PATH) {
            fprintf(stderr, "%s: error: %s: its setting %s = %s is not %s\n", MT_PROGRAM, path, key,
                value, flag_form(flag, form, sizeof form));
            free(key);
            return 0;
        }
        free(key);
    } while (good && json_take(&json, ','));
    if (!good || !json_expect(&json, '}')) {
        fprintf(stderr, "%s: error: %s: its settings cannot be read\n", MT_PROGRAM, path);
        return 0;
    }
    return 1;
}

/* The settings that flags have changed. */
static void print_changed_since(
    const char *path, const struct Options *options, const struct Options *before)
{
    for (const struct Flag *flag = flags; flag < flags + FLAGS; flag++) {
        const char *now = (const char *)options + flag->place;
        const char *then = (const char *)before + flag->place;
        if (same_setting(flag, now, then))
            continue;
        printf("%s=", flag->key);
        settings_value(stdout, flag, now);
        printf(", and ");
        settings_value(stdout, flag, then);
        printf(" in %s\n", path);
    }
}

/* --resume: opens the file, and takes its settings. The run is kept there from then on, unless
 * --checkpoint says otherwise. Returns -1, or after a message the exit code. */
static int open_resumed(struct Trainer *t, int argc, char **argv)
{
    const char *path = t->options.train.resume, *settings = NULL;
    struct {
        struct Options options;
        struct Durations room; /* gcc warns unless it sees that any kind of setting would fit */
    } before;
    if (!open_tensors(&t->resumed, path))
        return 1;
    settings = metadata_of(&t->resumed, "settings");
    if (!settings || !metadata_of(&t->resumed, "step") || !metadata_of(&t->resumed, "optimizer")) {
        fprintf(stderr,
            "%s: error: %s holds parameters, but not the state of a run: --init=%s begins one "
            "with them\n",
            MT_PROGRAM, path, path);
        return 1;
    }
    /* The metadata are this program's own memory, and stay. */
    if (!use_settings(path, (char *)settings, &t->options))
        return 1;
    t->options.train.checkpoint = path;
    t->options.train.resume = "";
    before.options = t->options;
    if (read_flags(argc, argv, &t->options, &t->arguments) != 0)
        return 2;
    t->options.train.resume = "";
    print_changed_since(path, &t->options, &before.options);
    return check_schedule(&t->options);
}

/* Before the command runs: what it takes from a checkpoint. Returns -1, or after a message the exit
 * code. */
static int find_checkpoint(struct Trainer *t, int argc, char **argv)
{
    const char *command = t->arguments.command, *path = t->options.train.checkpoint;
    if (*t->options.train.resume) {
        if (strcmp(command, "train") != 0)
            return wrong_use("`%s` has no flag --resume (it belongs to: train)", command);
        if (t->arguments.init)
            return wrong_use("--init starts a new run, and --resume goes on with one");
        return open_resumed(t, argc, argv);
    }
    if (t->arguments.init || (strcmp(command, "eval") != 0 && strcmp(command, "predict") != 0))
        return -1;
    if (access(path, F_OK) != 0)
        return wrong_use(
            "`%s` needs the parameters of a trained model: there is no checkpoint %s yet, and "
            "--init=FILE.safetensors names another file",
            command, path);
    t->arguments.init = path;
    return -1;
}
//@ end

//@ piece start_or_resume needs duration start_training file_beside metadata_of write_checkpoint load_parameters whole_file
/* Whether a file can be written; 0 after a message. It stays as it is. */
static int can_write(const char *path)
{
    struct WholeFile file;
    open_whole(&file, path);
    if (!file.out)
        return close_whole(&file, 0);
    fclose(file.out);
    if (file.temporary)
        remove(file.temporary);
    free(file.temporary);
    return 1;
}

static int is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* The checkpoint of another run, and its best parameters, out of the way. 0 after a message. */
static int make_room(const char *path)
{
    static const char *const endings[][2] = {{".best", ".previous.best"}, {"", ".previous"}};
    int good = can_write(path);
    for (int k = 0; k < 2 && good; k++) {
        char *from = file_beside(path, endings[k][0]), *to = file_beside(path, endings[k][1]);
        good = from && to;
        if (good && is_file(from)) {
            good = rename(from, to) == 0;
            fprintf(stderr,
                good ? "%s: %s of an earlier run is now %s\n"
                     : "%s: error: cannot rename %s to %s\n",
                MT_PROGRAM, from, to);
        } else if (good && is_file(path))
            remove(to); /* the best of one that is older still */
        free(from);
        free(to);
    }
    return good;
}

/* Whether two paths lead to one file. */
static int same_file(const char *a, const char *b)
{
    struct stat one, other;
    return strcmp(a, b) == 0 ||
        (stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
            one.st_ino == other.st_ino);
}

static int differs(
    const struct TensorFile *file, const char *what, const char *there, const char *here)
{
    if (there && strcmp(there, here) == 0)
        return 0;
    fprintf(stderr, "%s: error: %s cannot be continued: %s %s there, and %s here\n", MT_PROGRAM,
        file->path, what, there ? there : "unknown", here);
    return 1;
}

static int differs_in_number(
    const struct TensorFile *file, const char *key, const char *what, double here)
{
    char text[40];
    snprintf(text, sizeof text, "%.0f", here);
    return differs(file, what, metadata_of(file, key), text);
}

/* What the optimizer remembered of each parameter; 0 after a message. */
static int load_optimizer(const struct TensorFile *file, struct Optimizer *optimizer)
{
    for (const struct OptimizerState *state = optimizer_states; state->name; state++)
        for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++) {
            char *name = malloc(strlen(state->name) + strlen(k->path) + 9);
            const struct TensorEntry *entry = NULL;
            real *to = (real *)(void *)((char *)optimizer + state->place) + k->offset;
            if (name) {
                sprintf(name, "optim.%s.%s", state->name, k->path);
                entry = safetensors_find(file, name);
            }
            if (!k->frozen && (!name || misfit(entry, k))) {
                fprintf(stderr, "%s: error: %s cannot be continued: %s: %s\n", MT_PROGRAM,
                    file->path, name ? name : k->path, misfit(entry, k));
                free(name);
                return 0;
            }
            free(name);
            for (size_t i = 0; i < k->count && !k->frozen; i++)
                to[i] = (real)safetensors_number(file, entry, i);
        }
    return 1;
}

/* Whether the numbers are of this build: rounded ones would not be the same run. */
static int same_type(const struct TensorFile *file)
{
    const char *own = sizeof(real) == 8 ? "F64" : "F32";
    for (int k = 0; k < file->count; k++)
        if (strcmp(file->entries[k].dtype, own) != 0) {
            fprintf(stderr, "%s: error: %s cannot be continued: it is of a build %s -DMT_DOUBLE\n",
                MT_PROGRAM, file->path, sizeof(real) == 8 ? "without" : "with");
            return 0;
        }
    return 1;
}

/* A counter of the metadata; 0 if it is missing or no number. */
static int read_counter(const struct TensorFile *file, const struct Counter *k, void *place)
{
    const char *text = metadata_of(file, k->name);
    int64_t whole;
    char *end;
    if (!text || *text == '\0')
        return 0;
    if (k->is_real) {
        *(double *)place = strtod(text, &end);
        return *end == '\0';
    }
    if (!read_whole(text, 0, INT_MAX, &whole))
        return 0;
    *(int *)place = (int)whole;
    return 1;
}

/* Where the run was; 0 after a message. What another program did not count begins anew. */
static int load_progress(const struct TensorFile *file, struct Progress *progress)
{
    const char *seconds = metadata_of(file, "seconds");
    int missing = 0;
    for (const struct Counter *k = counters; k->name; k++) {
        if (read_counter(file, k, (char *)progress + k->place))
            continue;
        if (k == counters) { /* the step */
            fprintf(stderr, "%s: error: %s: its step is no whole number\n", MT_PROGRAM, file->path);
            return 0;
        }
        fprintf(stderr, missing++ ? ", %s" : "%s", k->name);
    }
    if (missing)
        fprintf(stderr, " begin%s anew: not in %s\n", missing == 1 ? "s" : "", file->path);
    progress->seconds = seconds ? strtod(seconds, NULL) : 0;
    if (!(progress->seconds >= 0 && progress->seconds < 1e12))
        progress->seconds = 0;
    return 1;
}

/* The log goes on where it was at the checkpoint: what was written since is cut off. Another file,
 * or none, begins anew. 0 after a message. */
static int log_continue(
    struct Log *log, const char *path, const struct Options *options, long bytes)
{
    FILE *json = path && bytes > 0 ? fopen(path, "r+") : NULL;
    if (json && fseek(json, bytes - 1, SEEK_SET) == 0 && getc(json) == '\n') {
        log_open(log, NULL, options);
        log->path = path;
        log->json = json;
        if (ftruncate(fileno(json), bytes) == 0 && fseek(json, bytes, SEEK_SET) == 0)
            return 1;
        fprintf(stderr, "%s: error: cannot write %s: %s\n", MT_PROGRAM, path, strerror(errno));
        return 0;
    }
    if (json) {
        fclose(json);
        fprintf(stderr, "%s: %s is not the log of this run, and begins anew\n", MT_PROGRAM, path);
    }
    return log_open(log, path, options);
}

/* Whether a run may go on here, with this program and these data; else 0 after a message. */
static int may_resume(const struct TensorFile *file, const struct Progress *progress)
{
    return !differs(file, "the model is", metadata_of(file, "program"), MT_PROGRAM) &&
        !differs(file, "the optimizer is", metadata_of(file, "optimizer"), OPTIMIZER) &&
        !differs_in_number(file, "examples", "the examples of train are", progress->examples) &&
        !differs_in_number(file, "examples of a step",
            "the examples of a step (batch times accumulate) are", progress->examples_of_a_step) &&
        !differs_in_number(
            file, "steps of an epoch", "the steps of an epoch are", progress->steps_per_epoch) &&
        same_type(file);
}

/* The best parameters so far, for a run that is kept elsewhere from now on; 0 after a message. */
static int copy_best(const char *from, const char *to)
{
    char *old = file_beside(from, ".best"), *new = file_beside(to, ".best");
    unsigned char *bytes = NULL;
    struct WholeFile file;
    size_t size;
    int good = old && new;
    if (good && access(old, F_OK) == 0 && (bytes = read_whole_file(old, &size))) {
        open_whole(&file, new);
        good = close_whole(&file, file.out && fwrite(bytes, 1, size, file.out) == size);
    }
    free(bytes);
    free(old);
    free(new);
    return good;
}

/* Parameters, the log, signals, as start_training has them; or all as it was in a checkpoint. 0
 * after a message. */
static int start_or_resume(struct Trainer *t, struct Log *log, const struct Dataloader *loader)
{
    struct TensorFile *file = &t->resumed;
    const struct Options *options = &t->options;
    const char *bytes = file->path ? metadata_of(file, "log bytes") : NULL;
    t->progress.examples = loader->dataset->examples;
    t->progress.examples_of_a_step = (double)loader->batch * options->train.accumulate;
    t->progress.steps_per_epoch = steps_in_epoch(loader, options->train.accumulate);
#ifdef SIGXFSZ
    signal(SIGXFSZ, SIG_IGN); /* a file that gets too large is a write that fails */
#endif
    if (!file->path)
        return start_training(t, log) && make_room(options->train.checkpoint);
    if (!may_resume(file, &t->progress) || !load_parameters(file, t->p, t->s, 0) ||
        !load_optimizer(file, t->optimizer) || !load_progress(file, &t->progress))
        return 0;
    t->optimizer->t = t->progress.steps;
    if (!same_file(file->path, options->train.checkpoint) &&
        !(make_room(options->train.checkpoint) && copy_best(file->path, options->train.checkpoint)))
        return 0;
    if (!log_continue(log, t->arguments.log, options, bytes ? atol(bytes) : 0))
        return 0;
    free(file->all); /* its settings are still in use */
    file->all = NULL;
    file->numbers = NULL;
    catch_signals();
    return 1;
}
//@ end
#endif
