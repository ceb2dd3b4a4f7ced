// diag_setup.h: what the tests of messages share: a program as text, places found by the text that they should cover,
// and the comparison of what is printed.
#ifndef MT_DIAG_SETUP_H
#define MT_DIAG_SETUP_H

#include "diag.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static inline void exhausted(void) { abort(); }

typedef struct {
    Arena *arena;
    Source *source;
    Diags *diags;
} Setup;

static inline Setup setup_bytes(const char *path, const char *text, size_t length)
{
    Setup s = {.arena = arena_create(exhausted)};
    const char *error = NULL;
    s.source = source_from(s.arena, path, text, length, &error);
    cr_assert(s.source != NULL, "%s", error ? error : "no source");
    s.diags = diags_create(s.arena, s.source);
    return s;
}

static inline Setup setup(const char *path, const char *text) { return setup_bytes(path, text, strlen(text)); }

// The place of the n-th occurrence of a text, from 1.
static inline Span find(const Setup *s, const char *what, int n)
{
    const char *at = strstr(s->source->text, what);
    for (; at && n > 1; n--)
        at = strstr(at + 1, what);
    cr_assert(at != NULL, "`%s` is not so often in the source", what);
    int from = (int)(at - s->source->text);
    return (Span){0, from, from + (int)strlen(what)};
}

static inline Span nowhere(void) { return (Span){0, -1, -1}; }

static inline char *print(const Setup *s, DiagFormat format, bool color)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    diags_print(s->diags, out, format, color);
    fclose(out);
    char *copy = arena_copy(s->arena, text, length);
    free(text);
    return copy;
}

static inline void check_format(Setup *s, DiagFormat format, const char *expected)
{
    const char *got = print(s, format, false);
    cr_assert(strcmp(got, expected) == 0, "\n---- expected\n%s---- got\n%s----", expected, got);
    arena_destroy(s->arena);
}

// All messages in full; the count is added here where there is one error.
static inline void check(Setup *s, const char *expected)
{
    const char *with_count = arena_format(s->arena, "%s\n1 error\n", expected);
    check_format(s, FORMAT_FULL, with_count);
}

#endif
