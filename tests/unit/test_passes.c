// Each pass alone, text in, text out: tests/passes/*.txt hold "passes: NAMES", a graph as --dump prints it, "====", and what
// the passes make of it. MT_BLESS=1 renews what is expected. And: what --dump prints reads back.
#define _POSIX_C_SOURCE 200809L
#include "compile.h"
#include "statement.h"
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void exhausted(void) { abort(); }

static Program *program_for(Arena *arena, const char *text)
{
    const char *error = NULL;
    Program *program = arena_new(arena, Program, 1);
    program->arena = arena;
    program->source = source_from(arena, "graph.txt", text, strlen(text), &error);
    cr_assert(program->source, "%s", error);
    program->diags = diags_create(arena, program->source);
    program->parsed.file = arena_new(arena, Ast, 1);
    program->constants = constants_of(arena, program->diags, program->parsed.file);
    return program;
}

static void read_graph(Program *program, const char *text, const char *where)
{
    const char *fault = NULL;
    bool good = graph_read(program, text, &fault);
    if (diags_errors(program->diags))
        diags_print(program->diags, stderr, FORMAT_FULL, false);
    cr_assert(good, "%s: cannot read: %s", where, fault);
}

static void run_pass(Program *program, const char *name, size_t length)
{
    static const struct {
        const char *name;
        void (*run)(Program *);
    } passes[] = {{"simplify", simplify}, {"reorder", reorder}, {"autodiff", autodiff}, {"fuse", fuse}, {"fuse_nothing", fuse_nothing}, {"plan", plan}};
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
        if (strlen(passes[i].name) == length && memcmp(passes[i].name, name, length) == 0) {
            passes[i].run(program);
            graph_verify(program, passes[i].name);
            return;
        }
    cr_assert(false, "there is no pass %.*s", (int)length, name);
}

static void check_file(const char *path)
{
    Arena *arena = arena_create(exhausted);
    const char *error = NULL;
    Source *file = source_read(arena, path, &error);
    cr_assert(file, "%s: %s", path, error);
    cr_assert(strncmp(file->text, "passes: ", 8) == 0, "%s: begins with `passes: `", path);
    const char *head = file->text, *graph = head + strcspn(head, "\n") + 1, *bar = strstr(graph, "====\n");
    cr_assert(bar, "%s: no ====", path);
    Program *program = program_for(arena, arena_copy(arena, graph, (size_t)(bar - graph)));
    read_graph(program, program->source->text, path);
    for (const char *s = head + 8; *s && *s != '\n'; s += strcspn(s, " \n"), s += *s == ' ')
        run_pass(program, s, strcspn(s, " \n"));
    cr_expect_eq(diags_errors(program->diags), 0, "%s: the verifier found a fault", path);
    Text out = text_new(arena);
    graph_dump(program, &out);
    if (getenv("MT_BLESS")) {
        FILE *renewed = fopen(path, "w");
        cr_assert(renewed);
        fprintf(renewed, "%.*s====\n%s", (int)(bar - head), head, out.data);
        fclose(renewed);
    } else
        cr_expect_str_eq(out.data, bar + 5, "%s: MT_BLESS=1 renews it", path);
    arena_destroy(arena);
}

Test(passes, text_in_text_out)
{
    glob_t files;
    cr_assert_eq(glob(MT_SOURCE_DIR "/tests/passes/*.txt", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        check_file(files.gl_pathv[i]);
    globfree(&files);
}

Test(passes, what_is_printed_reads_back)
{
    glob_t files;
    cr_assert_eq(glob(MT_SOURCE_DIR "/examples/*/model.mt", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        Arena *arena = arena_create(exhausted);
        const char *error = NULL;
        Source *source = source_read(arena, files.gl_pathv[i], &error);
        Text first = text_new(arena), second = text_new(arena);
        CompileOptions options = {.dump_after = "lower", .dump = &first};
        compile_program(arena, source, &options);
        cr_assert(first.length > 0);
        Program *program = program_for(arena, first.data);
        read_graph(program, first.data, files.gl_pathv[i]);
        graph_dump(program, &second);
        cr_expect_str_eq(first.data, second.data);
        arena_destroy(arena);
    }
    globfree(&files);
}

// The C of a program, in an arena of its own; another program is compiled in between.
static char *compiled(const char *path)
{
    Arena *arena = arena_create(exhausted);
    const char *error = NULL;
    Source *source = source_read(arena, path, &error);
    cr_assert(source, "%s: %s", path, error);
    CompileOptions options = {0};
    Program *program = compile_program(arena, source, &options);
    cr_assert(program->output, "%s does not compile", path);
    char *copy = strdup(program->output);
    arena_destroy(arena);
    return copy;
}

Test(passes, two_compilations_in_one_process_give_the_same_bytes)
{
    glob_t files;
    cr_assert_eq(glob(MT_SOURCE_DIR "/examples/*/model.mt", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        char *first = compiled(files.gl_pathv[i]);
        char *other = compiled(files.gl_pathv[(i + 1) % files.gl_pathc]);
        char *second = compiled(files.gl_pathv[i]);
        cr_expect(strcmp(first, second) == 0, "%s differs the second time", files.gl_pathv[i]);
        cr_expect(strcmp(first, other) != 0);
        free(first);
        free(other);
        free(second);
    }
    globfree(&files);
}

Test(passes, verifier_sees_a_value_that_is_read_before_it_is_written)
{
    Arena *arena = arena_create(exhausted);
    Program *program = program_for(arena, "input x f32[B, 3]\nrow model h | h: relu -> tanh\n  h__relu f32[B, 3] = relu(x)\n"
                                          "  h f32[B, 3] = tanh(h__relu)\noutput h\n");
    read_graph(program, program->source->text, "here");
    autodiff(program);
    Statements *list = &program->graph->forward_train;
    cr_assert_eq(list->count, 2);
    Statement first = list->items[0];
    list->items[0] = list->items[1];
    list->items[1] = first;
    graph_verify(program, "autodiff");
    cr_expect_eq(diags_errors(program->diags), 1);
    arena_destroy(arena);
}
