/* flags.c: the command line of a trainer.
 *
 * Idea: every setting of the program is a row of the table flags[] (key, place in struct Options,
 * kind, value of the file, bounds), every option of a command a row of arguments[]. A flag is
 * found by its whole key or by a last part of it that only one key has.
 * Input: argv, and the tables. Output: struct Options and struct Arguments, or a message and exit
 * code 2.
 * Invariant: what is accepted was read to its last character and lies within its bounds. */

#include "trainer.h"

#ifdef MT_DECLARE
/* In an output this comes from compiler/emit/options.c: settings that are no flags. */
static const char *const compiled[] = {"optimizer.nesterov", NULL};

//@ declare flags
/* A setting that the command line may change: `place` is its offset in struct Options. */
enum FlagKind {
    FLAG_INT,
    FLAG_LONG,
    FLAG_REAL,
    FLAG_PAIR,
    FLAG_BOOL,
    FLAG_PATH,
    FLAG_DURATION,
    FLAG_DURATIONS
};
struct Duration {
    double count;
    int epochs; /* in epochs, else in steps of the optimizer */
};
struct Durations {
    double at[32]; /* each longer than the one before */
    int count, epochs;
};
struct Flag {
    const char *key;
    size_t place;
    enum FlagKind kind;
    const char *value; /* of the file */
    double least, most; /* both included */
    const char *doc;
};
/* No bound. Not INFINITY, which some compilers do not take for a constant. */
#define MT_ANY 1.7976931348623157e308
/* A macro's value as a string. */
#define MT_TEXT(macro) MT_TEXT_OF(macro)
#define MT_TEXT_OF(text) #text
/* What a command is told besides. */
struct Arguments {
    const char *command;
    const char *init, *init_missing, *save, *log, *split, *value, *out, *elements, *dropout;
    int json, step;
};
//@ end
#elif !defined MT_FLAGS_C
#define MT_FLAGS_C

//@ piece flags
static const struct Argument {
    const char *key, *form;
    size_t place;
    enum FlagKind kind;
    const char *commands, *doc;
} arguments[] = {
    {"init", "FILE.safetensors", offsetof(struct Arguments, init), FLAG_PATH,
        "train eval predict gradcheck grads", "start from these parameters"},
    {"init-missing", "keep", offsetof(struct Arguments, init_missing), FLAG_PATH,
        "train gradcheck grads", "what the file of --init lacks keeps its initial values"},
    {"save", "FILE.safetensors", offsetof(struct Arguments, save), FLAG_PATH, "train",
        "write the parameters at the end"},
    {"log", "FILE", offsetof(struct Arguments, log), FLAG_PATH, "train",
        "write what is printed as lines of JSON too"},
    {"split", "train|valid|test", offsetof(struct Arguments, split), FLAG_PATH, "eval predict",
        "the examples to use"},
    {"json", NULL, offsetof(struct Arguments, json), FLAG_BOOL, "eval", "print one line of JSON"},
    {"value", "ROW", offsetof(struct Arguments, value), FLAG_PATH, "predict",
        "a row of the model instead of the last one"},
    {"out", "FILE", offsetof(struct Arguments, out), FLAG_PATH, "predict grads",
        "predict: FILE.csv or FILE.npy; grads: FILE.safetensors"},
    {"elements", "n|all", offsetof(struct Arguments, elements), FLAG_PATH, "gradcheck",
        "how many numbers of each tensor to check (8)"},
    {"step", "n", offsetof(struct Arguments, step), FLAG_INT, "grads",
        "the gradient of the n-th step instead of the first"},
    {"dropout", "off", offsetof(struct Arguments, dropout), FLAG_PATH, "grads",
        "without random numbers, as in evaluation"},
};
static const struct Command {
    const char *name, *doc;
} commands[] = {
    {"train", "train the model (this may be left out)"},
    {"eval", "loss and metrics of a split (--split=S), with the parameters of --init"},
    {"predict", "outputs of the model for a split (--split=S) as CSV or npy"},
    {"gradcheck", "compare every gradient with differences of the loss"},
    {"grads", "write the gradient of a step (--out=FILE.safetensors)"},
    {"info", "parameters, memory, build, settings"},
};
enum {
    ARGUMENTS = sizeof arguments / sizeof *arguments,
    COMMANDS = sizeof commands / sizeof *commands
};

/* A sentence on standard error, and the exit code of wrong use. */
static int wrong_use(const char *format, ...)
{
    va_list list;
    fprintf(stderr, "%s: error: ", MT_PROGRAM);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    return 2;
}

/* A write to standard output that failed is an error like any other. */
static int close_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    fprintf(stderr, "%s: error: cannot write standard output: %s\n", MT_PROGRAM, strerror(errno));
    return 1;
}

/* How many letters are to be changed, added, dropped or swapped with the next to make b of a;
 * words past 63 letters are compared up to there. */
static int edit_distance(const char *a, const char *b)
{
    int row[3][64];
    int n = (int)strlen(a) < 63 ? (int)strlen(a) : 63,
        m = (int)strlen(b) < 63 ? (int)strlen(b) : 63;
    for (int j = 0; j <= m; j++)
        row[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            int best = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[n % 3][m];
}

static void suggest_if_nearer(
    const char *word, const char *candidate, int *least, const char **best)
{
    int distance = edit_distance(word, candidate), most = (int)strlen(word) / 3;
    if (distance <= (most < 2 ? most : 2) && distance < *least) {
        *least = distance;
        *best = candidate;
    }
}

/* The flag that a word was meant to be, or NULL: by its whole key, or by its last part. */
static const char *suggest_flag(const char *word)
{
    const char *best = NULL;
    int least = 3;
    for (int k = 0; k < ARGUMENTS; k++)
        suggest_if_nearer(word, arguments[k].key, &least, &best);
    for (int k = 0; k < FLAGS; k++) {
        suggest_if_nearer(word, flags[k].key, &least, &best);
        suggest_if_nearer(word, strrchr(flags[k].key, '.') + 1, &least, &best);
    }
    return best;
}

/* Whether a word is the key, the end of the key from a dot on, or (a source with one path) its
 * beginning up to one. */
static int flag_matches(const struct Flag *flag, const char *word)
{
    size_t n = strlen(word), length = strlen(flag->key);
    if (n > length)
        return 0;
    if (strcmp(flag->key + length - n, word) == 0)
        return n == length || flag->key[length - n - 1] == '.';
    return flag->kind == FLAG_PATH && strchr(word, '.') && strncmp(flag->key, word, n) == 0 &&
        flag->key[n] == '.';
}

static int parts_of(const char *key)
{
    int parts = 1;
    for (; *key; key++)
        parts += *key == '.';
    return parts;
}

/* The flag that a word names, or NULL; *other: another one that it could name just as well, or
 * NULL. Of train.seed and data.valid.seed, --seed names the one with the shorter path. */
static const struct Flag *find_flag(const char *word, const struct Flag **other)
{
    const struct Flag *found = NULL;
    *other = NULL;
    for (const struct Flag *flag = flags; flag < flags + FLAGS; flag++) {
        if (strcmp(flag->key, word) == 0) {
            *other = NULL;
            return flag;
        }
        if (!flag_matches(flag, word))
            continue;
        int longer = found ? parts_of(flag->key) - parts_of(found->key) : -1;
        if (longer == 0)
            *other = flag;
        if (longer < 0) {
            found = flag;
            *other = NULL;
        }
    }
    return found;
}

/* Reads a number in decimal; end: behind it. */
static int read_number(const char *text, double *number, char **end)
{
    if (!strchr("+-.0123456789", *text) || *text == '\0' || strpbrk(text, "xX"))
        return 0;
    *number = strtod(text, end);
    return *end != text && *number - *number == 0;
}

static int read_whole(const char *text, double least, double most, int64_t *number)
{
    char *end;
    if (!strchr("+-0123456789", *text) || *text == '\0')
        return 0;
    errno = 0;
    *number = (int64_t)strtoll(text, &end, 10);
    return errno == 0 && *end == '\0' && (double)*number >= least && (double)*number <= most;
}

/* "20epochs", "20 epochs", "5000steps" */
static int read_duration(const char *text, struct Duration *duration)
{
    char *unit;
    if (!read_number(text, &duration->count, &unit) || duration->count < 1 ||
        duration->count > 2e9 || duration->count != floor(duration->count))
        return 0;
    while (*unit == ' ')
        unit++;
    duration->epochs = strcmp(unit, "epochs") == 0 || strcmp(unit, "epoch") == 0;
    return duration->epochs || strcmp(unit, "steps") == 0 || strcmp(unit, "step") == 0;
}

/* "30epochs,60epochs" or "[30 epochs, 60 epochs]" */
static int read_durations(const char *text, struct Durations *durations)
{
    int bracket = *text == '[';
    durations->count = 0;
    for (const char *at = text + bracket;; at++) {
        struct Duration next;
        char word[64];
        at += strspn(at, " ");
        size_t n = strcspn(at, ",]");
        if (n >= sizeof word || durations->count == 32)
            return 0;
        memcpy(word, at, n);
        word[n] = '\0';
        if (!read_duration(word, &next))
            return 0;
        if (durations->count == 0)
            durations->epochs = next.epochs;
        else if (next.epochs != durations->epochs ||
            next.count <= durations->at[durations->count - 1])
            return 0;
        durations->at[durations->count++] = next.count;
        at += n;
        if (*at != ',')
            return strcmp(at, bracket ? "]" : "") == 0;
    }
}

static int within(const struct Flag *flag, double number)
{
    return number >= flag->least && number <= flag->most;
}

/* "0.9,0.999" or "[0.9, 0.999]" */
static int read_pair(const struct Flag *flag, const char *text, double *pair)
{
    char *end;
    int bracket = *text == '[';
    if (!read_number(text + bracket, &pair[0], &end) || *end != ',')
        return 0;
    end++;
    while (*end == ' ')
        end++;
    if (!read_number(end, &pair[1], &end) || !within(flag, pair[0]) || !within(flag, pair[1]))
        return 0;
    return bracket ? strcmp(end, "]") == 0 : *end == '\0';
}

/* Reads a value into its place; 0 if it is none. */
static int read_value(const struct Flag *flag, const char *text, void *place)
{
    int64_t whole;
    double number;
    char *end;
    switch (flag->kind) {
    case FLAG_INT:
        if (!read_whole(text, flag->least > INT_MIN ? flag->least : INT_MIN,
                flag->most < INT_MAX ? flag->most : INT_MAX, &whole))
            return 0;
        *(int *)place = (int)whole;
        return 1;
    case FLAG_LONG:
        if (!read_whole(text, flag->least, flag->most, &whole))
            return 0;
        *(int64_t *)place = whole;
        return 1;
    case FLAG_REAL:
        if (!read_number(text, &number, &end) || *end || !within(flag, number))
            return 0;
        *(double *)place = number;
        return 1;
    case FLAG_PAIR:
        return read_pair(flag, text, place);
    case FLAG_BOOL:
        *(int *)place = strcmp(text, "true") == 0;
        return *(int *)place || strcmp(text, "false") == 0;
    case FLAG_PATH:
        *(const char **)place = text;
        return *text != '\0';
    case FLAG_DURATION:
        return read_duration(text, place);
    case FLAG_DURATIONS:
        return read_durations(text, place);
    }
    return 0;
}

/* What a flag takes, for messages and --help: "a number from 0 to 1". */
static const char *flag_form(const struct Flag *flag, char *text, size_t size)
{
    static const char *const forms[] = {"a whole number", "a whole number", "a number",
        "two numbers, as 0.9,0.999,", "true or false", "a path",
        "a duration with its unit, as 20epochs or 500steps",
        "durations of one unit that grow, as 30epochs,60epochs"};
    int n = snprintf(text, size, "%s", forms[flag->kind]);
    if (flag->kind > FLAG_PAIR)
        return text;
    if (flag->least > 0 && flag->least < 1e-300)
        n += snprintf(text + n, size - (size_t)n, " above 0");
    else if (flag->least > -1e300)
        n += snprintf(text + n, size - (size_t)n, " from %.6g", flag->least);
    if (flag->most < 1e300) {
        char most[32];
        snprintf(most, sizeof most, "%.6g", flag->most); /* 0.9999999999999999 is below 1 */
        snprintf(text + n, size - (size_t)n, "%s %s",
            strtod(most, NULL) > flag->most ? " below" : " to", most);
    }
    return text;
}

static int set_flag(
    const struct Flag *flag, const char *word, const char *value, struct Options *options)
{
    char form[128];
    if (!value && flag->kind == FLAG_BOOL)
        value = "true";
    if (!value)
        return wrong_use(
            "--%s needs a value: --%s=%s", word, word, *flag->value ? flag->value : "FILE");
    if (!read_value(flag, value, (char *)options + flag->place))
        return wrong_use("--%s=%s: not %s", word, value, flag_form(flag, form, sizeof form));
    return 0;
}

static int set_argument(const struct Argument *argument, const char *value, struct Arguments *given)
{
    const struct Flag flag = {
        argument->key, argument->place, argument->kind, argument->form, 1, INT_MAX, argument->doc};
    size_t length = strlen(given->command);
    const char *at = strstr(argument->commands, given->command);
    while (at && ((at > argument->commands && at[-1] != ' ') || (at[length] && at[length] != ' ')))
        at = strstr(at + 1, given->command);
    if (!at)
        return wrong_use("`%s` has no flag --%s (it belongs to: %s)", given->command, argument->key,
            argument->commands);
    if (!value && flag.kind != FLAG_BOOL)
        return wrong_use("--%s needs a value: --%s=%s", flag.key, flag.key, argument->form);
    if (!read_value(&flag, value ? value : "true", (char *)given + flag.place))
        return wrong_use(
            "--%s=%s: not %s", flag.key, value, argument->form ? argument->form : "true or false");
    return 0;
}

/* The setting without a flag that a word names, by its whole key or its last part, or NULL. */
static const char *find_compiled(const char *word)
{
    for (const char *const *key = compiled; *key; key++)
        if (strcmp(*key, word) == 0 || strcmp(strrchr(*key, '.') + 1, word) == 0)
            return *key;
    return NULL;
}

/* One --name=value. `word` has been cut at the `=`. */
static int read_flag(
    const char *word, const char *value, struct Options *options, struct Arguments *given)
{
    const struct Flag *other;
    const struct Flag *flag;
    for (int k = 0; k < ARGUMENTS; k++)
        if (strcmp(arguments[k].key, word) == 0)
            return set_argument(&arguments[k], value, given);
    flag = find_flag(word, &other);
    if (flag && !other)
        return set_flag(flag, word, value, options);
    if (flag)
        return wrong_use("--%s could be --%s or --%s", word, flag->key, other->key);
    const char *key = find_compiled(word), *best = suggest_flag(word);
    if (key)
        return wrong_use(
            "--%s needs a compile: %s decides which code there is, so change it in the program",
            word, key);
    if (best)
        return wrong_use("unknown flag --%s: did you mean --%s?", word, best);
    return wrong_use("unknown flag --%s (--help lists all)", word);
}

static void print_help(void)
{
    char form[128];
    printf("usage: %s [COMMAND] [--FLAG=VALUE ...]\n\ncommands\n", MT_PROGRAM);
    for (int k = 0; k < COMMANDS; k++)
        printf("  %-10s %s\n", commands[k].name, commands[k].doc);
    printf("\nflags of commands\n");
    for (int k = 0; k < ARGUMENTS; k++)
        printf("  --%s%s%s\n      %s (%s)\n", arguments[k].key, arguments[k].form ? "=" : "",
            arguments[k].form ? arguments[k].form : "", arguments[k].doc, arguments[k].commands);
    printf(
        "\nsettings, with their values in the program; the last part of a name is enough where it "
        "is the only one\n");
    for (int k = 0; k < FLAGS; k++)
        printf("  --%s=%s\n      %s%s%s\n", flags[k].key, flags[k].value, flags[k].doc,
            *flags[k].doc ? ": " : "", flag_form(&flags[k], form, sizeof form));
}

/* The durations of a schedule have one clock, and so one unit. Returns -1, or the exit code. */
static int check_schedule(const struct Options *options)
{
    const struct Flag *first = NULL;
    int epochs = 0;
    for (const struct Flag *flag = flags; flag < flags + FLAGS; flag++) {
        const void *place = (const char *)options + flag->place;
        int now = flag->kind == FLAG_DURATION ? ((const struct Duration *)place)->epochs
            : flag->kind == FLAG_DURATIONS    ? ((const struct Durations *)place)->epochs
                                              : -1;
        if (now < 0 || strncmp(flag->key, "schedule.", 9) != 0)
            continue;
        if (first && now != epochs)
            return wrong_use("--%s is in %s, and --%s in %s: a schedule has one unit", flag->key,
                now ? "epochs" : "steps", first->key, epochs ? "epochs" : "steps");
        first = flag;
        epochs = now;
    }
    return -1;
}

/* The command, whose name is the first word without dashes: commands and flags may come in any
 * order. */
static int read_command(int argc, char **argv, struct Arguments *given)
{
    const char *best = NULL;
    int least = 3;
    given->command = NULL;
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-')
            continue;
        if (given->command)
            return wrong_use(
                "%s: one command is enough, and `%s` came first", argv[i], given->command);
        given->command = argv[i];
    }
    if (!given->command)
        given->command = "train";
    for (int k = 0; k < COMMANDS; k++) {
        if (strcmp(commands[k].name, given->command) == 0)
            return 0;
        suggest_if_nearer(given->command, commands[k].name, &least, &best);
    }
    if (best)
        return wrong_use("unknown command `%s`: did you mean `%s`?", given->command, best);
    return wrong_use("unknown command `%s` (--help lists all); a setting is written --name=value",
        given->command);
}

/* The flags among the words. Returns 0, or after a message the exit code. */
static int read_flags(int argc, char **argv, struct Options *options, struct Arguments *given)
{
    int status = 0;
    for (int i = 1; i < argc && status == 0; i++) {
        char word[256];
        const char *value = strchr(argv[i], '=');
        size_t length = value ? (size_t)(value - argv[i]) : strlen(argv[i]);
        if (argv[i][0] != '-')
            continue;
        if (strncmp(argv[i], "--", 2) != 0 || length < 3 || length - 2 >= sizeof word)
            return wrong_use("%.80s: flags are written --name=value (--help lists all)", argv[i]);
        memcpy(word, argv[i] + 2, length - 2);
        word[length - 2] = '\0';
        status = read_flag(word, value ? value + 1 : NULL, options, given);
    }
    return status;
}

/* Fills options and arguments. Returns -1 if the command is to be run, else the exit code. */
static int read_command_line(
    int argc, char **argv, struct Options *options, struct Arguments *given)
{
    for (int k = 0; k < FLAGS; k++)
        if (!read_value(&flags[k], flags[k].value, (char *)options + flags[k].place) &&
            flags[k].kind != FLAG_PATH)
            return wrong_use(
                "the program's own %s = %s is out of its bounds", flags[k].key, flags[k].value);
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help();
            return close_output();
        }
    int status = read_command(argc, argv, given);
    if (status == 0)
        status = read_flags(argc, argv, options, given);
    if (status == 0 && given->init_missing && strcmp(given->init_missing, "keep") != 0)
        return wrong_use("--init-missing=%s: not keep", given->init_missing);
    if (status == 0 && given->init_missing && !given->init)
        return wrong_use("--init-missing needs a file: --init=FILE.safetensors");
    return status ? status : check_schedule(options);
}
//@ end
#endif
