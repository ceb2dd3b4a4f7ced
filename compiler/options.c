// The command line of mtc: words in, a decision out. Every word must mean something; what does not is an error with a
// suggestion; only who asks for help gets it, whatever else is there. Nothing is looked up here but whether a first
// word is a file.
#define _POSIX_C_SOURCE 200809L
#include "options.h"
#include "base/vec.h"
#include "compile.h"
#include "set.h"
#include "starter.h"
#include "suggest.h"
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const char *const commands[] = {
    "check", "explain", "run", "new", "fmt", "table", "params", "graph", "grad", "diff", "export", "help"};
static const char *const later[] = {"export"};
// Those that read a model and print about it.
static const struct {
    const char *name;
    Command command;
    const char *use;
} reports[] = {{"table", COMMAND_TABLE, "mtc table MODEL.mt"}, {"params", COMMAND_PARAMS, "mtc params MODEL.mt"},
    {"graph", COMMAND_GRAPH, "mtc graph MODEL.mt"}, {"grad", COMMAND_GRAD, "mtc grad MODEL.mt ROW"},
    {"diff", COMMAND_DIFF, "mtc diff BEFORE.mt AFTER.mt"}};
// Flags of one command, which take no value.
static const struct {
    const char *name, *command;
    Command of;
    size_t place; // of a bool in Options
} own_flags[] = {{"--check", "fmt", COMMAND_FORMAT, offsetof(Options, only_check)},
    {"--diff", "fmt", COMMAND_FORMAT, offsetof(Options, show_diff)},
    {"--expand", "table", COMMAND_TABLE, offsetof(Options, expand)},
    {"--flops", "table", COMMAND_TABLE, offsetof(Options, flops)},
    {"--memory", "table", COMMAND_TABLE, offsetof(Options, memory)},
    {"--backward", "graph", COMMAND_GRAPH, offsetof(Options, backward)}};
static const char *const flags[] = {"-o", "--message-format", "--color", "--passes", "--dump", "--disable",
    "--version", "--help", "--set", "--from", "--lib", "--link", "--check", "--diff", "--edition",
    "--expand", "--flops", "--memory", "--backward"};
static const char *const later_flags[] = {"--lib", "--link"};
static const char *const formats[] = {"full", "short", "json"};
static const char *const colors[] = {"auto", "always", "never"};

const char *options_help(void)
{
    return "mtc compiles model.mt, a description of a neural network and how to train it, into one C file:\n"
           "the trainer.\n"
           "\n"
           "  mtc MODEL.mt -o TRAIN.c   compile; -o - writes to standard output, MODEL.mt may be - for standard input\n"
           "  mtc run MODEL.mt [-- FLAGS]   compile, build with ${CC:-cc} in a temporary folder, and train\n"
           "  mtc new NAME [--from KIND]    NAME.mt, a program to start from: mlp (as it is), cnn or csv\n"
           "  mtc check MODEL.mt        only look for errors\n"
           "  mtc params MODEL.mt       every parameter: shape, init, decay, learning rate, and which rule set them\n"
           "  mtc fmt MODEL.mt ...      write the canonical format; --check names what would change, --diff shows it\n"
           "  mtc table MODEL.mt        the model as a paper's table; --expand: with the rows inside of blocks; "
           "--flops, --memory\n"
           "  mtc graph MODEL.mt        a picture for Graphviz' dot; --backward: of the flow of gradients\n"
           "  mtc grad MODEL.mt [ROW]   how the derivative of a row comes about, and its C\n"
           "  mtc diff A.mt B.mt        what changed from one model to the other: in words, then its gradient code\n"
           "  mtc explain [CODE]        what a message is about, e.g. mtc explain E0201; without a code: all of them\n"
           "\n"
           "  cc -O3 -march=native TRAIN.c -lm -o train && ./train --help\n"
           "\n"
           "  --set NAME=value                   another value for `const NAME = ...`, e.g. --set C=512\n"
           "  --message-format=full|short|json   the form of messages, which go to standard error\n"
           "  --color=auto|always|never          auto: on terminals, unless NO_COLOR is set\n"
           "  --passes                           list the passes of the compiler\n"
           "  --dump=after:PASS                  print what a pass made, and stop\n"
           "  --disable=PASS                     leave a pass out\n"
           "  --version, --help\n"
           "\n"
           "Exit codes: 0, 1 errors in the program or its files, 2 wrong use, 70 a fault of the compiler itself; of "
           "diff: 0 the\n"
           "same C but for comments, 1 another one, 2 trouble.\n"
           "\n"
           "Not there yet: mtc export; --lib, --link.\n";
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
    VEC(const char *) files; // words that are no flags: mostly only one is right
    const char *command;  // the word that chose it, NULL: none
    const char *edition;  // of `--edition`
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

// A constant of the program: its name must be free of others, its value is for the compiler.
static void add_set(Reader *r, const char *word)
{
    Options *o = r->options;
    int length = 0;
    if (!word || !set_is_one(word, &length)) {
        refuse(r,
            word ? arena_format(r->arena, "`--set` needs NAME=value, not `%s`", word) : "`--set` needs NAME=value",
            "for example --set C=512; a string keeps its quotes, --set 'NAME=\"value\"'");
        return;
    }
    if (!word[length + 1])
        refuse(r, arena_format(r->arena, "`--set %s` has no value", word), NULL);
    for (int k = 0; k < o->set_count; k++)
        if (strncmp(o->sets[k], word, (size_t)length + 1) == 0) {
            refuse(r, arena_format(r->arena, "`%.*s` is set twice", length, word), "leave out one of them");
            return;
        }
    o->sets[o->set_count++] = word;
}

static void set_from(Reader *r, const char *kind)
{
    const char *all = arena_format(r->arena, "it is one of %s", listed(r->arena, starter_names, STARTERS));
    if (r->options->from)
        refuse(r, "`--from` is given twice", NULL);
    if (!kind)
        refuse(r, "`--from` needs a kind of program", all);
    else if (!is_one_of(kind, starter_names, STARTERS))
        refuse(r, arena_format(r->arena, "there is no program to start from `%s`", kind),
            did_you_mean(r->arena, kind, starter_names, STARTERS, all));
    r->options->from = kind ? kind : "";
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

static int own_flag(const char *flag)
{
    for (int k = 0; k < COUNT(own_flags); k++)
        if (strcmp(own_flags[k].name, flag) == 0)
            return k;
    return -1;
}

static void read_flag(Reader *r, const char *word)
{
    size_t length = strcspn(word, "=");
    const char *flag = arena_copy(r->arena, word, length), *value = word[length] ? word + length + 1 : NULL;
    static const char *const plain[] = {"--passes", "--version", "--help", "-h"};
    static const Command meaning[] = {COMMAND_PASSES, COMMAND_VERSION, COMMAND_HELP, COMMAND_HELP};
    int k = find(flag, length, plain, COUNT(plain)), own = own_flag(flag);
    if ((k >= 0 || own >= 0) && value) {
        refuse(r, arena_format(r->arena, "`%s` takes no value", flag), NULL);
    } else if (k >= 0) {
        set_command(r, flag, meaning[k]);
    } else if (own >= 0) {
        *(bool *)((char *)r->options + own_flags[own].place) = true;
    } else if (is_one_of(flag, later_flags, COUNT(later_flags))) {
        refuse(r, arena_format(r->arena, "`%s` is not there yet", flag), NULL);
    } else if (starts_with(flag, "-o") || starts_with(flag, "--o")) { // -oFILE, -o=FILE, --output
        refuse(r, arena_format(r->arena, "unknown flag `%s`", flag), "the output is named by `-o FILE`, with a blank");
    } else if (strcmp(flag, "--set") == 0) {
        refuse(r, "`--set` takes its value behind a blank", arena_format(r->arena, "--set %s", value));
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
    for (int k = 0; k < COUNT(reports); k++)
        if (strcmp(word, reports[k].name) == 0) {
            set_command(r, word, reports[k].command);
            return;
        }
    if (is_one_of(word, later, COUNT(later)) && !is_file) {
        refuse(r, arena_format(r->arena, "`mtc %s` is not there yet", word), "`mtc --help` says what is");
    } else if (strcmp(word, "check") == 0) {
        set_command(r, word, COMMAND_CHECK);
    } else if (strcmp(word, "run") == 0) {
        set_command(r, word, COMMAND_RUN);
    } else if (strcmp(word, "new") == 0) {
        set_command(r, word, COMMAND_NEW);
    } else if (strcmp(word, "fmt") == 0) {
        set_command(r, word, COMMAND_FORMAT);
    } else if (strcmp(word, "explain") == 0) {
        set_command(r, word, COMMAND_EXPLAIN);
    } else if (strcmp(word, "help") == 0) {
        set_command(r, word, COMMAND_HELP);
    } else if (is_file || access(word, F_OK) == 0) {
        vec_push(r->arena, &r->files, word);
        return;
    } else {
        refuse(r, arena_format(r->arena, "unknown command `%s`", word),
            did_you_mean(r->arena, word, commands, COUNT(commands), "`mtc --help` lists all commands"));
    }
}

static void set_edition(Reader *r, const char *edition)
{
    if (!edition || !*edition)
        refuse(r, "`--edition` needs a number", "this compiler knows edition 1");
    else if (strcmp(edition, "1") != 0)
        refuse(r, arena_format(r->arena, "there is no edition `%s`", edition), "this compiler knows edition 1");
    r->edition = edition;
}

static void read_words(Reader *r, int count, char *const *words)
{
    for (int k = 0; k < count; k++) {
        const char *word = words[k];
        if (!r->only_files && strcmp(word, "--") == 0 && r->options->command == COMMAND_RUN) {
            r->options->trainer_flags = (const char *const *)words + k + 1;
            r->options->trainer_flag_count = count - k - 1;
            return;
        } else if (!r->only_files && strcmp(word, "--") == 0) {
            r->only_files = true;
        } else if (!r->only_files && strcmp(word, "-o") == 0) {
            set_output(r, k + 1 < count ? words[++k] : NULL);
        } else if (!r->only_files && strcmp(word, "--set") == 0) {
            add_set(r, k + 1 < count ? words[++k] : NULL);
        } else if (!r->only_files && (strcmp(word, "--from") == 0 || starts_with(word, "--from="))) {
            set_from(r, word[6] ? word + 7 : k + 1 < count ? words[++k] : NULL);
        } else if (!r->only_files && strcmp(word, "--edition") == 0) {
            set_edition(r, k + 1 < count ? words[++k] : NULL);
        } else if (!r->only_files && starts_with(word, "--edition=")) {
            set_edition(r, word + strlen("--edition="));
        } else if (!r->only_files && word[0] == '-' && word[1]) {
            read_flag(r, word);
        } else if (!r->command && r->files.count == 0 && !r->only_files) {
            read_first(r, word);
        } else {
            vec_push(r->arena, &r->files, word);
        }
    }
}

static void check_explain(Reader *r)
{
    const char *name = r->files.count > 0 ? r->files.items[0] : NULL;
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

static void check_run_and_new(Reader *r)
{
    Options *o = r->options;
    bool is_new = o->command == COMMAND_NEW;
    if (!o->input)
        refuse(r, is_new ? "`mtc new` needs a name" : "`mtc run` needs a file",
            is_new ? "mtc new net; mtc new net --from csv" : "mtc run MODEL.mt; flags of the trainer follow `--`");
    if (o->output || o->dump_after || (is_new && (o->disable || o->set_count > 0)))
        refuse(r, is_new ? "`mtc new` compiles nothing" : "`mtc run` keeps no file",
            is_new ? "leave out `-o`, `--set`, `--dump` and `--disable`" : "leave out `-o` and `--dump`");
    if (is_new && o->input && !starter_is_name(o->input))
        refuse(r, arena_format(r->arena, "`%s` cannot be the name of a model", o->input),
            "a name has letters, digits and `_`, and begins with a letter; the file is NAME.mt");
}

static void check_format(Reader *r)
{
    const Options *o = r->options;
    if (!o->input)
        refuse(r, "`mtc fmt` needs a file", "mtc fmt MODEL.mt; `-` is standard input, written to standard output");
    if (o->output)
        refuse(r, "`mtc fmt` writes the files that it reads",
            "leave out `-o`; for standard output: mtc fmt - < MODEL.mt");
    if (o->dump_after || o->disable)
        refuse(r, "`mtc fmt` compiles nothing", "leave out `--dump` and `--disable`");
}

// A command that prints about one model, a row of it, or two.
static void check_report(Reader *r, int k)
{
    const Options *o = r->options;
    int least = o->command == COMMAND_DIFF ? 2 : 1,
        most = o->command == COMMAND_GRAD || o->command == COMMAND_DIFF ? 2 : 1;
    const char *needs = least == 2 ? "two files" : "a file";
    if (r->files.count < least)
        refuse(r, arena_format(r->arena, "`mtc %s` needs %s", reports[k].name, needs), reports[k].use);
    else if (r->files.count > most)
        refuse(r, arena_format(r->arena, "one word too many: `%s`", r->files.items[most]), reports[k].use);
    if (o->dump_after || o->disable)
        refuse(r, arena_format(r->arena, "`mtc %s` runs all passes", reports[k].name),
            "leave out `--dump` and `--disable`");
}

// Flags of other commands.
static void check_flags(Reader *r)
{
    const Options *o = r->options;
    for (int k = 0; k < COUNT(own_flags); k++)
        if (*(const bool *)((const char *)o + own_flags[k].place) && o->command != own_flags[k].of)
            refuse(r, arena_format(r->arena, "`%s` belongs to `mtc %s`", own_flags[k].name, own_flags[k].command),
                strcmp(own_flags[k].name, "--check") == 0  ? "`mtc check MODEL.mt` only looks for errors"
                    : strcmp(own_flags[k].name, "--diff") == 0 ? "`mtc diff A.mt B.mt` compares two models"
                                                               : NULL);
    if (r->edition && o->command != COMMAND_FORMAT)
        refuse(r, "`--edition` belongs to `mtc fmt`", NULL);
}

// What the words mean together.
static void check_together(Reader *r)
{
    Options *o = r->options;
    o->files = r->files.items;
    o->file_count = r->files.count;
    o->input = r->files.count > 0 ? r->files.items[0] : NULL;
    if (o->command == COMMAND_HELP)
        return;
    check_flags(r);
    if (o->command == COMMAND_FORMAT) {
        check_format(r);
        return;
    }
    for (int k = 0; k < COUNT(reports); k++)
        if (o->command == reports[k].command) {
            check_report(r, k);
            return;
        }
    if (o->command == COMMAND_PASSES || o->command == COMMAND_VERSION) {
        if (o->input || o->output || o->dump_after || o->disable || o->set_count > 0)
            refuse(r, arena_format(r->arena, "`%s` compiles nothing", r->command),
                o->input ? arena_format(r->arena, "leave out `%s`, or `%s`", r->command, o->input)
                         : "leave out `-o`, `--set`, `--dump` and `--disable`");
        return;
    }
    if (o->command == COMMAND_EXPLAIN)
        check_explain(r);
    if (r->files.count > 1)
        refuse(r, arena_format(r->arena, "one file too many: `%s`", r->files.items[1]), NULL);
    if (o->command == COMMAND_EXPLAIN && (o->output || o->dump_after || o->disable || o->set_count > 0))
        refuse(r, "`mtc explain` compiles nothing", "leave out `-o`, `--set`, `--dump` and `--disable`");
    if (o->from && o->command != COMMAND_NEW)
        refuse(r, "`--from` belongs to `mtc new`", NULL);
    if (o->command == COMMAND_RUN || o->command == COMMAND_NEW)
        check_run_and_new(r);
    if (o->command == COMMAND_CHECK && o->output)
        refuse(r, "`mtc check` writes no file", "leave out `-o`, or leave out `check` to compile");
    if (o->command == COMMAND_CHECK && !o->input)
        refuse(r, "`mtc check` needs a file", "mtc check MODEL.mt");
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
    options.sets = arena_new(arena, const char *, count);
    Reader reader = {.arena = arena, .options = &options};
    read_words(&reader, count, words);
    if (!options.error)
        check_together(&reader);
    return options;
}
