// mtc: the command line. Reads the options, runs the pipeline, prints its messages, writes its output, and decides on
// the exit code: 0, 1 errors in the program or with a file, 2 wrong use, 70 a fault of the compiler. Nothing below this
// file prints or exits. The locale is never set, so that it cannot matter.
#define _XOPEN_SOURCE 700
#include "compile.h"
#include "edition.h"
#include "explain.h"
#include "format.h"
#include "options.h"
#include "output.h"
#include "report/report.h"
#include "run.h"
#include "starter.h"
#include "text_diff.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_PROGRAM = 1, EXIT_USE = 2, EXIT_INTERNAL = 70 };

static void exhausted(void)
{
    fputs("error: out of memory\n", stderr);
    exit(EXIT_PROGRAM);
}

static bool use_color(ColorMode mode)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (mode != COLOR_AUTO)
        return mode == COLOR_ALWAYS;
    return !(no_color && *no_color) && !(terminal && strcmp(terminal, "dumb") == 0) && isatty(STDERR_FILENO);
}

// A message that belongs to no place in a program.
static int fail(Arena *arena, int code, const Options *options, const char *message, const char *help)
{
    diag_print_bare(arena, stderr, options->format, use_color(options->color), message, help);
    return code;
}

// Everything to standard output, and an answer whether it arrived.
static int print(Arena *arena, const Options *options, const char *text, size_t length)
{
    if (fwrite(text, 1, length, stdout) == length && fflush(stdout) == 0)
        return 0;
    const char *message = arena_format(arena, "standard output cannot be written: %s", strerror(errno));
    return fail(arena, EXIT_PROGRAM, options, message, NULL);
}

static int print_string(Arena *arena, const Options *options, const char *text)
{
    return print(arena, options, text, strlen(text));
}

static bool is_standard_output(const char *path)
{
    // Opened by name, a redirected file would be written from its start.
    return strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0 || strcmp(path, "/dev/fd/1") == 0;
}

static int write_output(Arena *arena, const Options *options, const char *text)
{
    const char *error = NULL;
    if (is_standard_output(options->output))
        return print_string(arena, options, text);
    if (output_write(arena, options->output, text, strlen(text), &error))
        return 0;
    return fail(arena, EXIT_PROGRAM, options, error, NULL);
}

static bool read_file(const SourceReader *reader, Arena *arena, const char *path, Text *bytes, const char **error)
{
    (void)reader;
    bool dash = strcmp(path, "-") == 0; // standard input is for the program itself
    return source_bytes(arena, dash ? "./-" : path, bytes, error);
}

static const char *file_identity(const SourceReader *reader, Arena *arena, const char *path)
{
    (void)reader;
    char *resolved = realpath(path, NULL);
    const char *identity = resolved ? arena_copy(arena, resolved, strlen(resolved)) : NULL;
    free(resolved);
    return identity;
}

// NULL after a message.
static const Source *read_source(Arena *arena, const Options *options, const char *path)
{
    const char *error = NULL;
    const Source *source = source_read(arena, path, &error);
    if (!source)
        fail(arena, EXIT_PROGRAM, options, error, NULL);
    return source;
}

// Compiles, and prints the messages; up to the pass `last`, if that is not NULL, of a program that has been compiled
// before. 0, or the exit code.
static int compile(Arena *arena, const Options *options, const Source *source, const char *last, Program **program)
{
    Text dump = text_new(arena);
    const SourceReader reader = {.read = read_file, .identity = file_identity};
    CompileOptions compile_options = {.dump_after = last ? last : options->dump_after,
        .disable = options->disable,
        .check_only = options->command == COMMAND_CHECK,
        .dump = &dump,
        .reader = &reader,
        .sets = options->sets,
        .set_count = options->set_count};
    if (!source)
        return EXIT_PROGRAM; // has been said
    *program = compile_program(arena, source, &compile_options);
    if (last && !diags_errors((*program)->diags))
        return 0;
    diags_print((*program)->diags, stderr, options->format, use_color(options->color));
    if (diags_has((*program)->diags, code_find("E9999")))
        return EXIT_INTERNAL; // the message itself asks for a report
    if (options->dump_after) {
        int code = print(arena, options, dump.data, dump.length);
        if (code != 0)
            return code;
    }
    if (diags_errors((*program)->diags) > 0)
        return compile_wrong_use(*program) ? EXIT_USE : EXIT_PROGRAM;
    if (options->dump_after || compile_options.check_only || (*program)->output)
        return 0;
    return fail(arena, EXIT_INTERNAL, options, "internal error: no output and no message",
        "this is a fault of mtc, please report it with the program");
}

// compile, check, and --dump.
static int compile_to_file(Arena *arena, const Options *options)
{
    Program *program;
    int code = compile(arena, options, read_source(arena, options, options->input), NULL, &program);
    return code != 0 || !options->output ? code : write_output(arena, options, program->output);
}

static int compile_and_run(Arena *arena, const Options *options)
{
    Program *program;
    int code = compile(arena, options, read_source(arena, options, options->input), NULL, &program);
    if (code != 0)
        return code;
    const char *compiler = getenv("CC"), *folder = getenv("TMPDIR"), *error = NULL, *help = NULL;
    const RunOptions run = {.text = program->output,
        .name = program->name,
        .compiler = compiler && compiler[strspn(compiler, " \t")] ? compiler : "cc",
        .folder = folder && *folder ? folder : "/tmp",
        .flags = options->trainer_flags,
        .flag_count = options->trainer_flag_count};
    return run_trainer(arena, &run, &code, &error, &help) ? code : fail(arena, EXIT_PROGRAM, options, error, help);
}

// NAME.mt, which must not be there.
static int write_starter(Arena *arena, const Options *options)
{
    const char *path = arena_format(arena, "%s.mt", options->input), *error = NULL;
    const char *text = starter_text(arena, options->from ? options->from : starter_names[0], options->input);
    if (access(path, F_OK) == 0)
        return fail(arena, EXIT_PROGRAM, options, arena_format(arena, "`%s` is there already", path),
            "choose another name");
    if (!output_write(arena, path, text, strlen(text), &error))
        return fail(arena, EXIT_PROGRAM, options, error, NULL);
    const char *done = "%s is written. Its data are named in `data`; then: mtc run %s\n";
    return print_string(arena, options, arena_format(arena, done, path, path));
}

static int show(Arena *arena, const Options *options, const Text *text)
{
    return options->output ? write_output(arena, options, text->data) : print(arena, options, text->data, text->length);
}

// params, table, graph, grad. The rows as they are written are those behind `lower`.
static int report(Arena *arena, const Options *options)
{
    const char *help = NULL, *row = options->file_count > 1 ? options->files[1] : NULL;
    Program *program, *written;
    Text text = text_new(arena);
    const Source *source = read_source(arena, options, options->input);
    int code = compile(arena, options, source, NULL, &program);
    if (code == 0)
        code = compile(arena, options, source, "lower", &written);
    const TableOptions table = {options->expand, options->flops, options->memory};
    if (code != 0)
        return code;
    if (options->command == COMMAND_PARAMS)
        report_params(program, &text);
    else if (options->command == COMMAND_TABLE)
        report_table(written, program, &table, &text);
    else if (options->command == COMMAND_GRAPH && options->backward)
        report_graph_backward(program, &text);
    else if (options->command == COMMAND_GRAPH)
        report_graph(written, &text);
    else if (!report_grad(program, row, &text, &help))
        return fail(arena, EXIT_PROGRAM, options, arena_format(arena, "the model has no row `%s`", row), help);
    return show(arena, options, &text);
}

// A file that one side does not have: git gives /dev/null for it.
static bool is_nothing(const char *path) { return strcmp(path, "/dev/null") == 0; }

// As diff: trouble of any kind is 2.
static int compare(Arena *arena, const Options *options)
{
    Program *programs[2], *written[2];
    Text text = text_new(arena);
    bool differ = is_nothing(options->files[0]) != is_nothing(options->files[1]), none = is_nothing(options->files[0]);
    for (int k = 0; k < 2 && !differ && !none; k++) {
        const Source *source = read_source(arena, options, options->files[k]);
        int code = compile(arena, options, source, NULL, &programs[k]);
        if (code == 0)
            code = compile(arena, options, source, "lower", &written[k]);
        if (code != 0)
            return code == EXIT_INTERNAL ? code : EXIT_USE;
    }
    if (differ)
        text_add(&text, "%s is %s\n", options->files[none], none ? "new" : "gone");
    else if (!none)
        differ = report_diff(programs, (const Program *const *)written, &text);
    if (show(arena, options, &text) != 0)
        return EXIT_USE;
    return differ ? EXIT_PROGRAM : 0;
}

// --diff, --check, or the file itself, for a text that is not in canonical form.
static int show_or_write(Arena *arena, const Options *options, const char *path, const Source *source, const Text *text)
{
    const char *error = NULL;
    Text shown = text_new(arena);
    if (!options->show_diff && !options->only_check)
        return output_write(arena, path, text->data, text->length, &error)
            ? 0
            : fail(arena, EXIT_PROGRAM, options, error, NULL);
    const char *old = arena_format(arena, "%s%s", source->files[0].mark ? "\xef\xbb\xbf" : "", source->text);
    if (options->show_diff)
        text_diff(&shown, source->path, old, strlen(old), text->data, text->length);
    else
        text_add(&shown, "%s\n", source->path);
    int code = print(arena, options, shown.data, shown.length);
    return code != 0 ? code : EXIT_PROGRAM;
}

// Reads its own result before it is written: a program that would mean something else is never written.
static bool means_the_same(Arena *arena, const Source *source, const Parsed *parsed, const Text *text)
{
    const char *error = NULL;
    Source *result = source_from(arena, source->path, text->data, text->length, &error);
    if (!result)
        return false;
    Diags *faults = diags_create(arena, result);
    Parsed again = parse_program(arena, faults, result);
    return diags_errors(faults) == 0 && format_keeps(arena, source, parsed, result, &again);
}

static int format_file(Arena *arena, const Options *options, const char *path)
{
    const char *error = NULL;
    Source *source = source_read(arena, path, &error);
    if (!source)
        return fail(arena, EXIT_PROGRAM, options, error, NULL);
    Diags *diags = diags_create(arena, source);
    Parsed parsed = parse_program(arena, diags, source);
    diags_print(diags, stderr, options->format, use_color(options->color));
    if (diags_errors(diags) > 0)
        return EXIT_PROGRAM;
    Text text = format_program(arena, source, &parsed);
    if (!means_the_same(arena, source, &parsed, &text))
        return fail(arena, EXIT_INTERNAL, options,
            arena_format(arena, "internal error: `%s` would mean something else, and is left as it is", source->path),
            "this is a fault of mtc, please report it with the program");
    if (strcmp(path, "-") == 0 && !options->show_diff && !options->only_check)
        return print(arena, options, text.data, text.length);
    bool same = source->files[0].mark == 0 && text.length == (size_t)source->length &&
        memcmp(text.data, source->text, text.length) == 0;
    return same ? 0 : show_or_write(arena, options, path, source, &text);
}

// All files, also behind one that is faulty. Each has its memory back before the next.
static int format_files(const Options *options)
{
    int worst = 0;
    for (int k = 0; k < options->file_count; k++) {
        Arena *arena = arena_create(exhausted);
        int code = format_file(arena, options, options->files[k]);
        worst = code > worst ? code : worst;
        arena_destroy(arena);
    }
    return worst;
}

static int explain(Arena *arena, const Options *options)
{
    Text text = text_new(arena);
    if (options->code == DIAG_CODES)
        explain_all(&text);
    else
        explain_code(&text, options->code);
    return print(arena, options, text.data, text.length);
}

static int list_passes(Arena *arena, const Options *options)
{
    Text text = text_new(arena);
    compile_list_passes(&text);
    return print(arena, options, text.data, text.length);
}

static int dispatch(Arena *arena, const Options *options)
{
    if (options->error)
        return fail(arena, EXIT_USE, options, options->error, options->help);
    for (int k = 0; k < options->file_count && options->output; k++)
        if (output_is_same_file(options->files[k], options->output))
            return fail(arena, EXIT_USE, options, "the output would overwrite the model", NULL);
    switch (options->command) {
    case COMMAND_HELP: return print_string(arena, options, options_help());
    case COMMAND_VERSION: return print_string(arena, options, "mtc " MT_VERSION ", language edition " MT_EDITION "\n");
    case COMMAND_FORMAT: return format_files(options);
    case COMMAND_PARAMS:
    case COMMAND_TABLE:
    case COMMAND_GRAPH:
    case COMMAND_GRAD: return report(arena, options);
    case COMMAND_DIFF: return compare(arena, options);
    case COMMAND_PASSES: return list_passes(arena, options);
    case COMMAND_EXPLAIN: return explain(arena, options);
    case COMMAND_RUN: return compile_and_run(arena, options);
    case COMMAND_NEW: return write_starter(arena, options);
    case COMMAND_COMPILE:
    case COMMAND_CHECK: break;
    }
    return compile_to_file(arena, options);
}

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN); // a limit on file sizes is then an error of write, which cleans up
    Arena *arena = arena_create(exhausted);
    Options options = options_parse(arena, argc - 1, argv + (argc > 0));
    int code = dispatch(arena, &options);
    arena_destroy(arena);
    return code;
}
