// mtc: the command line. Reads the options, runs the pipeline, prints its messages, writes its output, and decides on
// the exit code: 0, 1 errors in the program or with a file, 2 wrong use, 70 a fault of the compiler. Nothing below this
// file prints or exits. The locale is never set, so that it cannot matter.
#define _XOPEN_SOURCE 700
#include "compile.h"
#include "explain.h"
#include "options.h"
#include "output.h"
#include "report/report.h"
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

// compile, check, and --dump.
static int run(Arena *arena, const Options *options)
{
    const char *error = NULL;
    if (options->output && output_is_same_file(options->input, options->output))
        return fail(arena, EXIT_USE, options, "the output would overwrite the model", NULL);
    Source *source = source_read(arena, options->input, &error);
    if (!source)
        return fail(arena, EXIT_PROGRAM, options, error, NULL);
    Text dump = text_new(arena);
    CompileOptions compile = {.dump_after = options->dump_after,
        .disable = options->disable,
        .check_only = options->command != COMMAND_COMPILE,
        .dump = &dump};
    Program *program = compile_program(arena, source, &compile);
    diags_print(program->diags, stderr, options->format, use_color(options->color));
    if (diags_has(program->diags, code_find("E9999")))
        return EXIT_INTERNAL; // the message itself asks for a report
    if (options->dump_after) {
        int code = print(arena, options, dump.data, dump.length);
        if (code != 0)
            return code;
    }
    if (diags_errors(program->diags) > 0)
        return EXIT_PROGRAM;
    if (options->dump_after || options->command == COMMAND_CHECK)
        return 0;
    if (options->command == COMMAND_PARAMS) {
        report_params(program, &dump);
        return print(arena, options, dump.data, dump.length);
    }
    if (!program->output)
        return fail(arena, EXIT_INTERNAL, options, "internal error: no output and no message",
            "this is a fault of mtc, please report it with the program");
    return write_output(arena, options, program->output);
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
    switch (options->command) {
    case COMMAND_HELP: return print_string(arena, options, options_help());
    case COMMAND_VERSION: return print_string(arena, options, "mtc " MT_VERSION ", language edition 1\n");
    case COMMAND_PASSES: return list_passes(arena, options);
    case COMMAND_EXPLAIN: return explain(arena, options);
    case COMMAND_COMPILE:
    case COMMAND_CHECK:
    case COMMAND_PARAMS: break;
    }
    return run(arena, options);
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
