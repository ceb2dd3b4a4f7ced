// Programs of several files, from memory: what is read and in which order, which constants, fns and blocks a file sees.
#define _POSIX_C_SOURCE 200809L
#include "compile.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void exhausted(void) { abort(); }

// A disk: pairs of a path and a text. `x/../y` and `y` are one file there.
typedef struct {
    const char *const *files;
    Text read; // the paths, in the order in which they were read
} Disk;

static const char *simple(const char *path) { return strncmp(path, "lib/../", 7) == 0 ? path + 7 : path; }

static const char *text_of(const Disk *disk, const char *path)
{
    for (const char *const *file = disk->files; *file; file += 2)
        if (strcmp(*file, simple(path)) == 0)
            return file[1];
    return NULL;
}

static bool read_text(const SourceReader *reader, Arena *arena, const char *path, Text *bytes, const char **error)
{
    Disk *disk = (Disk *)reader->data;
    const char *text = text_of(disk, path);
    if (!text) {
        *error = arena_format(arena, "`%s` is not there", path);
        return false;
    }
    text_add(&disk->read, "%s ", path);
    text_string(bytes, text);
    return true;
}

static const char *identity(const SourceReader *reader, Arena *arena, const char *path)
{
    (void)arena;
    return text_of(reader->data, path) ? simple(path) : NULL;
}

typedef struct {
    Arena *arena;
    Source *source;
    Program *program;
    Disk *disk;
    CompileOptions options;
    SourceReader reader;
} Run;

static Run *checked(const char *main, const char *const *files)
{
    Arena *arena = arena_create(exhausted);
    Run *run = arena_new(arena, Run, 1);
    const char *error = NULL;
    run->arena = arena;
    run->disk = arena_new(arena, Disk, 1);
    *run->disk = (Disk){files, text_new(arena)};
    run->reader = (SourceReader){read_text, identity, run->disk};
    run->options = (CompileOptions){.check_only = true, .reader = &run->reader};
    run->source = source_from(arena, "main.mt", main, strlen(main), &error);
    run->program = compile_program(arena, run->source, &run->options);
    return run;
}

static void end(Run *run) { arena_destroy(run->arena); }

static char *said(const Run *run)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    diags_print(run->program->diags, out, FORMAT_SHORT, false);
    fclose(out);
    char *copy = arena_copy(run->arena, text, length);
    free(text);
    return copy;
}

Test(files, are_read_once_and_in_the_order_of_their_uses)
{
    static const char *const files[] = {"lib/a.mt", "mt 1\nuse \"c.mt\"\nuse \"../b.mt\"\n", "b.mt", "mt 1\n",
        "lib/c.mt", "mt 1\nuse \"../b.mt\"\n", "main.mt", "", NULL};
    Run *run = checked("mt 1\nuse \"lib/a.mt\"\nuse \"b.mt\"\nuse \"lib/../b.mt\"\n", files);
    cr_expect_str_eq(said(run), "");
    cr_expect_str_eq(run->disk->read.data, "lib/a.mt b.mt lib/c.mt ");
    cr_expect(run->source->count == 1, "the source that was given stays as it is");
    cr_expect(run->program->source->count == 4);
    Program *again = compile_program(run->arena, run->source, &run->options);
    cr_expect_str_eq(again->source->text, run->program->source->text);
    end(run);
}

Test(files, circles_are_found_where_they_close)
{
    static const char *const files[] = {"main.mt", "", "a.mt", "mt 1\nuse \"b.mt\"\nuse \"main.mt\"\n", "b.mt",
        "mt 1\nuse \"lib/../b.mt\"\nuse \"a.mt\"\n", NULL};
    Run *run = checked("mt 1\nuse \"a.mt\"\n", files);
    cr_expect_str_eq(said(run), "a.mt:3:5: error[E0131]: `main.mt` comes to use itself\n"
                                "b.mt:2:5: error[E0131]: `b.mt` uses itself\n"
                                "b.mt:3:5: error[E0131]: `a.mt` comes to use itself\n");
    end(run);
}

Test(files, without_a_reader_there_are_none)
{
    Arena *arena = arena_create(exhausted);
    const char *text = "mt 1\nuse \"a.mt\"\n", *error = NULL;
    Source *source = source_from(arena, "main.mt", text, strlen(text), &error);
    CompileOptions options = {.check_only = true};
    Program *program = compile_program(arena, source, &options);
    cr_expect(diags_errors(program->diags) == 1 && diags_has(program->diags, E0130));
    arena_destroy(arena);
}

static double constant(const Program *program, Span at, const char *name)
{
    Scope quiet = *files_scope(program, at);
    quiet.diags = NULL;
    const Ast ast = {.kind = AST_NAME, .text = name};
    Constant value = {.number = -1};
    return constant_evaluate(&quiet, &ast, &value) ? value.number : -1;
}

Test(files, each_sees_its_own_constants_and_those_that_it_uses)
{
    static const char *const files[] = {"a.mt", "mt 1\nuse \"b.mt\"\nconst A = 10 * D\nconst D = B + 1\n", "b.mt",
        "mt 1\nconst B = 2\n", NULL};
    Run *run = checked("mt 1\nconst M = A + 1\nuse \"a.mt\"\n", files);
    cr_expect_str_eq(said(run), "");
    Span at[3];
    for (int k = 0; k < 3; k++)
        at[k] = run->program->files.items[k].ast->span;
    static const char *const names[] = {"M", "A", "B"};
    static const double expected[3][3] = {{31, 30, -1}, {-1, 30, 2}, {-1, -1, 2}};
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < 3; i++)
            cr_expect(constant(run->program, at[k], names[i]) == expected[k][i], "%s in file %d is %g", names[i], k,
                constant(run->program, at[k], names[i]));
    end(run);
}

Test(files, fns_and_blocks_stand_behind_the_program)
{
    static const char *const files[] = {"a.mt", "mt 1\nuse \"b.mt\"\nfn f(x) = x\nconst C = 1\n", "b.mt",
        "mt 1\n# above\nblock g(x) { h: linear(2) }\n", NULL};
    Arena *arena = arena_create(exhausted);
    Disk disk = {files, text_new(arena)};
    SourceReader reader = {read_text, identity, &disk};
    CompileOptions options = {.check_only = true, .reader = &reader};
    Program program = {.arena = arena, .options = &options};
    const char *text = "mt 1\nuse \"a.mt\"\nfn m(x) = x\n", *error = NULL;
    program.source = source_from(arena, "main.mt", text, strlen(text), &error);
    program.diags = diags_create(arena, program.source);
    files_read(&program, &reader);
    const Ast *file = program.parsed.file;
    cr_assert(diags_errors(program.diags) == 0 && file->children == 4);
    cr_expect_str_eq(file->child[0]->text, "a.mt");
    static const char *const names[] = {"m", "f", "g"};
    static const bool sees[3][3] = {{true, true, false}, {false, true, true}, {false, false, true}};
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < 3; i++) {
            cr_expect_str_eq(file->child[1 + i]->text, names[i]);
            cr_expect(files_see(&program, program.files.items[k].ast->span, file->child[1 + i]) == sees[k][i],
                "%s from file %d", names[i], k);
        }
    cr_expect_str_eq(ast_comment_above(arena, &program.parsed, program.source, file->child[3]), "above");
    arena_destroy(arena);
}

Test(files, one_name_in_two_files_is_told_once_a_pair)
{
    static const char *const files[] = {"a.mt", "mt 1\nfn f(x) = x\nconst f2 = 1\n", "b.mt",
        "mt 1\nblock f(x) { x }\nconst f2 = 2\n", NULL};
    Run *run = checked("mt 1\nuse \"a.mt\"\nuse \"b.mt\"\n", files);
    cr_expect_str_eq(said(run),
        "a.mt:2:4: error[E0102]: two files declare `f`\na.mt:3:7: error[E0102]: two files declare `f2`\n");
    end(run);
}
