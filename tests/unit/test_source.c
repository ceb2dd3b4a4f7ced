// Sources: what is refused, where lines begin, and what a quote keeps.
#define _POSIX_C_SOURCE 200809L
#include "source.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void exhausted(void) { abort(); }

static Source *from(Arena *arena, const char *text)
{
    const char *error = NULL;
    Source *source = source_from(arena, "a.mt", text, strlen(text), &error);
    cr_assert(source != NULL, "%s", error ? error : "no reason");
    return source;
}

static void refused(const char *text, size_t length, const char *expected)
{
    Arena *arena = arena_create(exhausted);
    const char *error = NULL;
    cr_assert(source_from(arena, "a.mt", text, length, &error) == NULL);
    cr_assert(error && strcmp(error, expected) == 0, "%s", error ? error : "no reason");
    arena_destroy(arena);
}

Test(source, what_is_no_program_is_refused)
{
    refused("", 0, "`a.mt` is empty; a program begins with the line `mt 1`");
    refused("\xef\xbb\xbf", 3, "`a.mt` is empty; a program begins with the line `mt 1`");
    refused("mt 1\nab\0c", 9, "`a.mt` is not a text: it holds a NUL byte in line 2, column 3");
    refused("\xff\xfem\0t\0", 6, "`a.mt` is encoded as UTF-16; a program is UTF-8");
    size_t length = ((size_t)64 << 20) + 1;
    char *large = malloc(length);
    memset(large, 'a', length);
    refused(large, length, "`a.mt` is too long: a program has at most 64 MiB");
    Arena *arena = arena_create(exhausted);
    const char *error;
    cr_assert(source_from(arena, "a.mt", large, length - 1, &error) != NULL);
    arena_destroy(arena);
    free(large);
}

Test(source, files)
{
    Arena *arena = arena_create(exhausted);
    const char *error = NULL;
    cr_assert(source_read(arena, "/nonexistent/a.mt", &error) == NULL);
    cr_assert(strcmp(error, "`/nonexistent/a.mt` cannot be opened: No such file or directory") == 0, "%s", error);
    cr_assert(source_read(arena, "/", &error) == NULL);
    cr_assert(strcmp(error, "`/` is a directory") == 0, "%s", error);
    char path[] = "/tmp/mt_source_XXXXXX";
    int file = mkstemp(path);
    cr_assert(file >= 0);
    char text[100000];
    memset(text, 'x', sizeof text);
    cr_assert(write(file, text, sizeof text) == (ssize_t)sizeof text);
    close(file);
    Source *source = source_read(arena, path, &error);
    cr_assert(source && source->length == (int)sizeof text && memcmp(source->text, text, sizeof text) == 0);
    cr_assert(strcmp(source->path, path) == 0 && source->text[sizeof text] == 0);
    remove(path);
    arena_destroy(arena);
}

Test(source, byte_order_mark_is_left_out_and_counted)
{
    Arena *arena = arena_create(exhausted);
    Source *source = from(arena, "\xef\xbb\xbfmt 1\n");
    cr_assert(source->files[0].mark == 3 && source->length == 5 && strcmp(source->text, "mt 1\n") == 0);
    cr_assert(from(arena, "mt 1\n")->files[0].mark == 0);
    arena_destroy(arena);
}

Test(source, lines_and_columns)
{
    Arena *arena = arena_create(exhausted);
    Source *source = from(arena, "mt 1\r\n\r\n\tab\nlast");
    cr_assert(source->lines == 4);
    static const int expected[][3] = {
        {0, 1, 1}, {5, 1, 6}, {6, 2, 1}, {7, 2, 2}, {8, 3, 1}, {9, 3, 2}, {11, 3, 4}, {12, 4, 1}, {16, 4, 5},
        {99, 4, 5}, {-1, 1, 1}};
    for (size_t k = 0; k < sizeof expected / sizeof *expected; k++) {
        cr_assert(source_line(source, expected[k][0]) == expected[k][1], "line of %d", expected[k][0]);
        cr_assert(source_column(source, expected[k][0]) == expected[k][2], "column of %d", expected[k][0]);
    }
    static const char *const lines[] = {"", "mt 1", "", "\tab", "last", ""};
    for (int line = 0; line <= 5; line++)
        cr_assert(strcmp(source_line_text(source, arena, line), lines[line]) == 0, "line %d", line);
    source = from(arena, "a\n");
    cr_assert(source->lines == 2 && source_line(source, 2) == 2 && *source_line_text(source, arena, 2) == 0);
    arena_destroy(arena);
}

static void add(Arena *arena, Source *source, const char *path, const char *text)
{
    const char *error = NULL;
    cr_assert(source_add(arena, source, path, text, strlen(text), &error), "%s", error ? error : "no reason");
}

static void at(const Source *source, int offset, const char *path, int line, int column)
{
    cr_expect_str_eq(source_file(source, offset)->path, path, "file of %d", offset);
    cr_expect(source_line(source, offset) == line && source_column(source, offset) == column,
        "%d is in line %d, column %d", offset, source_line(source, offset), source_column(source, offset));
}

// The end of a file, one behind its last byte, is still in it, with a newline at the end or without.
Test(source, several_files_are_one_text)
{
    Arena *arena = arena_create(exhausted);
    Source *source = from(arena, "mt 1\nab");
    add(arena, source, "b.mt", "\xef\xbb\xbfx\n");
    add(arena, source, "c.mt", "y");
    cr_expect_str_eq(source->text, "mt 1\nab\nx\n\ny");
    cr_expect(source->count == 3 && source->length == 12 && source->lines == 5);
    at(source, -1, "a.mt", 1, 1);
    at(source, 5, "a.mt", 2, 1);
    at(source, 7, "a.mt", 2, 3);
    at(source, 8, "b.mt", 1, 1);
    at(source, 9, "b.mt", 1, 2);
    at(source, 10, "b.mt", 2, 1);
    at(source, 11, "c.mt", 1, 1);
    at(source, 99, "c.mt", 1, 2);
    cr_expect(source->files[1].mark == 3 && source->files[2].mark == 0);
    cr_expect(source_row(source, 11) == 5 && source_line_start(source, 7) == 5);
    arena_destroy(arena);
}

Test(source, a_copy_grows_alone)
{
    Arena *arena = arena_create(exhausted);
    Source *source = from(arena, "mt 1\n"), *copy = source_copy(arena, source);
    add(arena, source, "b.mt", "b");
    for (int k = 0; k < 100; k++)
        add(arena, copy, "c.mt", "c");
    cr_expect_str_eq(source->text, "mt 1\n\nb");
    cr_expect(source->count == 2 && copy->count == 101 && strcmp(source->files[1].path, "b.mt") == 0);
    at(copy, copy->length, "c.mt", 1, 2);
    const char *error = NULL;
    cr_expect(!source_add(arena, copy, "d.mt", "a\n\0", 3, &error) && copy->count == 101);
    cr_expect_str_eq(error, "`d.mt` is not a text: it holds a NUL byte in line 2, column 1");
    arena_destroy(arena);
}

static void quoted(const char *text, const char *expected)
{
    Arena *arena = arena_create(exhausted);
    Source *source = from(arena, text);
    const char *got = source_quote(source, arena, (Span){0, 0, source->length});
    cr_assert(strcmp(got, expected) == 0, "`%s`", got);
    arena_destroy(arena);
}

Test(source, a_quote_is_one_line)
{
    quoted("  a: linear(10)  # ten\n    -> relu\r\n\t\n", "a: linear(10) -> relu");
    quoted("f(\n# first\n  a, # second\n# third\n  b\n)", "f( a, b )");
    quoted("p = \"a  # \\\" b\"  # c", "p = \"a  # \\\" b\"");
    quoted("p = \"open  # b\n x", "p = \"open  # b x");
    quoted("p = \"end\\", "p = \"end\\");
    quoted("# all\n", "");
}

Test(source, spans)
{
    Span a = {1, 3, 5}, b = {1, 8, 9};
    Span joined = span_join(a, b), start = span_start(b), end = span_end(a);
    cr_assert(joined.file == 1 && joined.from == 3 && joined.to == 9);
    cr_assert(start.file == 1 && start.from == 8 && start.to == 8);
    cr_assert(end.file == 1 && end.from == 5 && end.to == 5);
}
