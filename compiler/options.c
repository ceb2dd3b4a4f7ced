// The command line of mtc: words in, a decision out. Every word must mean something; what does not is an error with a
// suggestion; only who asks for help gets it, whatever else is there. Nothing is looked up here but whether a first
// word is a file.
#define _POSIX_C_SOURCE 200809L
#include "options.h"
#include "compile.h"
#include "suggest.h"
#include <string.h>
#include <unistd.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const char *const commands[] = {
    "check", "explain", "run", "new", "fmt", "table", "params", "graph", "grad", "diff", "export", "help"};
static const char *const later[] = {"run", "new", "fmt", "table", "graph", "grad", "diff", "export"};
static const char *const flags[] = {"-o", "--message-format", "--color", "--passes", "--dump", "--disable",
    "--version", "--help", "--set", "--lib", "--link"};
static const char *const later_flags[] = {"--set", "--lib", "--link"};
static const char *const formats[] = {"full", "short", "json"};
static const char *const colors[] = {"auto", "always", "never"};

const char *options_help(void)
{
    return "mtc compiles model.mt, a description of a neural network and how to train it, into one C file:\n"
           "the trainer.\n"
           "\n"
           "  mtc MODEL.mt -o TRAIN.c   compile; -o - writes to standard output, MODEL.mt may be - for standard input\n"
           "  mtc check MODEL.mt        only look for errors\n"
           "  mtc params MODEL.mt       every parameter: shape, init, decay, learning rate, and which rule set them\n"
           "  mtc explain [CODE]        what a message is about, e.g. mtc explain E0201; without a code: all of them\n"
           "\n"
           "  cc -O3 -march=native TRAIN.c -lm -o train && ./train --help\n"
           "\n"
           "  --message-format=full|short|json   the form of messages, which go to standard error\n"
           "  --color=auto|always|never          auto: on terminals, unless NO_COLOR is set\n"
           "  --passes                           list the passes of the compiler\n"
           "  --dump=after:PASS                  print what a pass made, and stop\n"
           "  --disable=PASS                     leave a pass out\n"
           "  --version, --help\n"
           "\n"
           "Exit codes: 0, 1 errors in the program or its files, 2 wrong use, 70 a fault of the compiler itself.\n"
           "\n"
           "Not there yet: mtc run, new, fmt, table, graph, grad, diff, export; --set, --lib, --link.\n";
}

static int find(const char *word, size_t length, const char *const *words, int count)
{
    for (int k = 0; k < count; k++)
        if (strlen(words[k]) == length && memcmp(words[k], word, length) == 0)
            return k;
    return -1;
}

static bool is_one_of(const char *word, const char *const *words, int count)
{
    return find(word, strlen(word), words, count) >= 0;
}

// What has been read so far, and how to say that something is wrong.
typedef struct {
    Arena *arena;
    Options *options;
    const char *files[2]; // words that are no flags: a second one is an error, and kept for its message
    int file_count;
    const char *command;  // the word that chose it, NULL: none
    bool only_files;      // after `--`
} Reader;

static void refuse(Reader *r, const char *error, const char *help)
{
    if (!r->options->error) {
        r->options->error = error;
        r->options->help = help;
    }
}

static const char *did_you_mean(
    Arena *arena, const char *word, const char *const *names, int count, const char *otherwise)
{
    const char *best = suggest(word, names, count);
    return best ? arena_format(arena, "did you mean `%s`?", best) : otherwise;
}

static const char *listed(Arena *arena, const char *const *words, int count)
{
    Text text = text_new(arena);
    for (int k = 0; k < count; k++)
        text_add(&text, "%s%s", k > 0 ? ", " : "", words[k]);
    return text.data;
}

// The place of a value among the words that a flag knows.
static int choice(Reader *r, const char *flag, const char *value, const char *const *words, int count)
{
    int k = find(value, strlen(value), words, count);
    if (k >= 0)
        return k;
    const char *all = arena_format(r->arena, "it is one of %s", listed(r->arena, words, count));
    refuse(r, arena_format(r->arena, "`%s` has no value `%s`", flag, value),
        did_you_mean(r->arena, value, words, count, all));
    return 0;
}

static const char *pass(Reader *r, const char *name, bool must_be_optional)
{
    const char **names = arena_new(r->arena, const char *, compile_pass_count());
    int count = 0;
    for (int k = 0; k < compile_pass_count(); k++)
        if (!must_be_optional || compile_pass_optional(k))
            names[count++] = compile_pass_name(k);
    if (is_one_of(name, names, count))
        return name;
    if (compile_has_pass(name))
        refuse(r, arena_format(r->arena, "the pass `%s` cannot be left out", name),
            arena_format(r->arena, "these can: %s", listed(r->arena, names, count)));
    else
        refuse(r, arena_format(r->arena, "there is no pass `%s`", name),
            did_you_mean(r->arena, name, names, count, "`mtc --passes` lists them"));
    return name;
}

static void set_command(Reader *r, const char *word, Command command)
{
    Options *o = r->options;
    if (r->command && o->command != command && o->command != COMMAND_HELP && command != COMMAND_HELP)
        refuse(r, arena_format(r->arena, "`%s` and `%s` are two commands", r->command, word), "leave out one of them");
    if (o->command != COMMAND_HELP)
        o->command = command;
    r->command = word;
}

static void set_output(Reader *r, const char *path)
{
    if (!path)
        refuse(r, "`-o` needs the name of a file", "mtc MODEL.mt -o TRAIN.c");
    else if (r->options->output)
        refuse(r, "`-o` is given twice", NULL);
    else
        r->options->output = path;
}

// A flag that takes a value behind `=`.
static void set_value(Reader *r, const char *flag, const char *value)
{
    Options *o = r->options;
    if (!*value) {
        refuse(r, arena_format(r->arena, "`%s` needs a value: `%s=...`", flag, flag), "`mtc --help` lists all flags");
    } else if (strcmp(flag, "--message-format") == 0) {
        o->format = (DiagFormat)choice(r, flag, value, formats, COUNT(formats));
    } else if (strcmp(flag, "--color") == 0) {
        o->color = (ColorMode)choice(r, flag, value, colors, COUNT(colors));
    } else if (strcmp(flag, "--disable") == 0) {
        if (o->disable)
            refuse(r, "`--disable` is given twice", NULL);
        o->disable = pass(r, value, true);
    } else if (o->dump_after) {
        refuse(r, "`--dump` is given twice", NULL);
    } else if (!starts_with(value, "after:")) {
        refuse(r, arena_format(r->arena, "`--dump` has no value `%s`", value), "write `--dump=after:PASS`");
    } else {
        o->dump_after = pass(r, value + 6, false);
    }
}

static void read_flag(Reader *r, const char *word)
{
    size_t length = strcspn(word, "=");
    const char *flag = arena_copy(r->arena, word, length), *value = word[length] ? word + length + 1 : NULL;
    static const char *const plain[] = {"--passes", "--version", "--help", "-h"};
    static const Command meaning[] = {COMMAND_PASSES, COMMAND_VERSION, COMMAND_HELP, COMMAND_HELP};
    int k = find(flag, length, plain, COUNT(plain));
    if (k >= 0 && value) {
        refuse(r, arena_format(r->arena, "`%s` takes no value", flag), NULL);
    } else if (k >= 0) {
        set_command(r, flag, meaning[k]);
    } else if (is_one_of(flag, later_flags, COUNT(later_flags))) {
        refuse(r, arena_format(r->arena, "`%s` is not there yet", flag), NULL);
    } else if (starts_with(flag, "-o") || starts_with(flag, "--o")) { // -oFILE, -o=FILE, --output
        refuse(r, arena_format(r->arena, "unknown flag `%s`", flag), "the output is named by `-o FILE`, with a blank");
    } else if (is_one_of(flag, flags, COUNT(flags))) {
        set_value(r, flag, value ? value : "");
    } else {
        refuse(r, arena_format(r->arena, "unknown flag `%s`", flag),
            did_you_mean(r->arena, flag, flags, COUNT(flags), "`mtc --help` lists all flags"));
    }
}

// The first word that is no flag: a command, or the model.
static void read_first(Reader *r, const char *word)
{
    bool is_file = strpbrk(word, "./") != NULL || strcmp(word, "-") == 0;
    if (is_one_of(word, later, COUNT(later)) && !is_file) {
        refuse(r, arena_format(r->arena, "`mtc %s` is not there yet", word), "`mtc --help` says what is");
    } else if (strcmp(word, "check") == 0) {
        set_command(r, word, COMMAND_CHECK);
    } else if (strcmp(word, "params") == 0) {
        set_command(r, word, COMMAND_PARAMS);
    } else if (strcmp(word, "explain") == 0) {
        set_command(r, word, COMMAND_EXPLAIN);
    } else if (strcmp(word, "help") == 0) {
        set_command(r, word, COMMAND_HELP);
    } else if (is_file || access(word, F_OK) == 0) {
        r->files[r->file_count++] = word;
        return;
    } else {
        refuse(r, arena_format(r->arena, "unknown command `%s`", word),
            did_you_mean(r->arena, word, commands, COUNT(commands), "`mtc --help` lists all commands"));
    }
}

static void read_words(Reader *r, int count, char *const *words)
{
    for (int k = 0; k < count; k++) {
        const char *word = words[k];
        if (!r->only_files && strcmp(word, "--") == 0) {
            r->only_files = true;
        } else if (!r->only_files && strcmp(word, "-o") == 0) {
            set_output(r, k + 1 < count ? words[++k] : NULL);
        } else if (!r->only_files && word[0] == '-' && word[1]) {
            read_flag(r, word);
        } else if (!r->command && r->file_count == 0 && !r->only_files) {
            read_first(r, word);
        } else if (r->file_count < 2) {
            r->files[r->file_count++] = word;
        }
    }
}

static void check_explain(Reader *r)
{
    const char *name = r->file_count > 0 ? r->files[0] : NULL;
    if (!name)
        return; // all of them
    const char **names = arena_new(r->arena, const char *, DIAG_CODES);
    for (int k = 0; k < DIAG_CODES; k++)
        names[k] = code_name((Code)k);
    r->options->code = code_find(name);
    if (r->options->code == DIAG_CODES)
        refuse(r, arena_format(r->arena, "there is no message `%s`", name),
            did_you_mean(r->arena, name, names, DIAG_CODES, "`mtc explain` lists all of them"));
}

// What the words mean together.
static void check_together(Reader *r)
{
    Options *o = r->options;
    o->input = r->file_count > 0 ? r->files[0] : NULL;
    if (o->command == COMMAND_HELP)
        return;
    if (o->command == COMMAND_PASSES || o->command == COMMAND_VERSION) {
        if (o->input || o->output || o->dump_after || o->disable)
            refuse(r, arena_format(r->arena, "`%s` compiles nothing", r->command),
                o->input ? arena_format(r->arena, "leave out `%s`, or `%s`", r->command, o->input)
                         : "leave out `-o`, `--dump` and `--disable`");
        return;
    }
    if (o->command == COMMAND_EXPLAIN)
        check_explain(r);
    if (r->file_count > 1)
        refuse(r, arena_format(r->arena, "one file too many: `%s`", r->files[1]), NULL);
    if (o->command == COMMAND_EXPLAIN && (o->output || o->dump_after || o->disable))
        refuse(r, "`mtc explain` compiles nothing", "leave out `-o`, `--dump` and `--disable`");
    if (o->command == COMMAND_CHECK && o->output)
        refuse(r, "`mtc check` writes no file", "leave out `-o`, or leave out `check` to compile");
    if (o->command == COMMAND_CHECK && !o->input)
        refuse(r, "`mtc check` needs a file", "mtc check MODEL.mt");
    if (o->command == COMMAND_PARAMS && (o->output || o->dump_after))
        refuse(r, "`mtc params` prints a table and stops", "leave out `-o` and `--dump`");
    if (o->command == COMMAND_PARAMS && !o->input)
        refuse(r, "`mtc params` needs a file", "mtc params MODEL.mt");
    if (o->command != COMMAND_COMPILE)
        return;
    if (!o->input)
        refuse(r, "no model to compile", "mtc MODEL.mt -o TRAIN.c; `mtc --help` lists what else there is");
    else if (o->dump_after && o->output)
        refuse(r, "`--dump` prints and stops, so that `-o` has nothing to write", "leave out one of them");
    else if (!o->dump_after && !o->output)
        refuse(r, "no output: `-o` is missing", arena_format(r->arena, "mtc %s -o train.c", o->input));
}

Options options_parse(Arena *arena, int count, char *const *words)
{
    Options options = {.command = COMMAND_COMPILE, .code = DIAG_CODES};
    Reader reader = {.arena = arena, .options = &options};
    read_words(&reader, count, words);
    if (!options.error)
        check_together(&reader);
    return options;
}
