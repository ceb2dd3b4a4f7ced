// Any bytes into `mtc fmt`: no crash; what parses has a canonical form with the same tree and the same comments, whose
// own canonical form is itself; and the diff that leads there ends.
//
// Built with libFuzzer (-DMT_LIBFUZZER) it has no main; without, it runs over the files given as arguments.
#include "format.h"
#include "text_diff.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void exhausted(void) { abort(); }

static void require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "fuzz_format: %s\n", what);
    abort();
}

// NULL if the text does not parse.
static Source *parse(Arena *arena, const char *text, size_t length, Parsed *parsed)
{
    const char *error = NULL;
    Source *source = source_from(arena, "fuzz.mt", text, length, &error);
    if (!source)
        return NULL;
    Diags *diags = diags_create(arena, source);
    *parsed = parse_program(arena, diags, source);
    return diags_errors(diags) == 0 ? source : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create(exhausted);
    Parsed parsed, again;
    Source *source = parse(arena, (const char *)data, size, &parsed);
    if (source) {
        Text text = format_program(arena, source, &parsed), diff = text_new(arena);
        Source *result = parse(arena, text.data, text.length, &again);
        require(result != NULL, "the canonical form does not parse");
        require(format_keeps(arena, source, &parsed, result, &again), "the canonical form is another program");
        Text twice = format_program(arena, result, &again);
        require(strcmp(text.data, twice.data) == 0, "the canonical form has another one");
        text_diff(&diff, "fuzz.mt", source->text, (size_t)source->length, text.data, text.length);
        require((diff.length == 0) == (strcmp(source->text, text.data) == 0), "no diff, or one of equal texts");
    }
    arena_destroy(arena);
    return 0;
}

#ifndef MT_LIBFUZZER
int main(int count, char **paths)
{
    for (int i = 1; i < count; i++) {
        FILE *file = fopen(paths[i], "rb");
        if (!file) {
            perror(paths[i]);
            return 2;
        }
        static uint8_t data[1 << 22];
        size_t size = fread(data, 1, sizeof data, file);
        fclose(file);
        LLVMFuzzerTestOneInput(data, size);
    }
    return 0;
}
#endif
