// Any bytes through the whole compiler: no crash, no endless loop, never a fault of the compiler itself (E9999), and
// either a message or the C. Every message prints in every form, and every help can be applied.
//
// Built with libFuzzer (-DMT_LIBFUZZER) it has no main; without, it runs over the files given as arguments.
#define _POSIX_C_SOURCE 200809L
#include "compile.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void exhausted(void) { abort(); }

static void require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "fuzz_compile: %s\n", what);
    abort();
}

static void print(const Diags *diags)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    for (int form = FORMAT_FULL; form <= FORMAT_JSON; form++)
        diags_print(diags, out, (DiagFormat)form, false);
    fclose(out);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create(exhausted);
    const char *error = NULL;
    Source *source = source_from(arena, "fuzz.mt", (const char *)data, size, &error);
    if (source) {
        CompileOptions options = {0};
        Program *program = compile_program(arena, source, &options);
        require(!diags_has(program->diags, E9999), "a fault of the compiler");
        require((program->output != NULL) == (diags_errors(program->diags) == 0), "neither a message nor the C");
        for (int k = 0; k < diags_count(program->diags); k++)
            diags_apply_edits(program->diags, arena, k);
        print(program->diags);
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
