// Any bytes into the parser: no crash, no endless loop, at most 20 syntax errors and the faults of the constants; what
// parses without a fault prints, and the print reads back as the same tree.
//
// Built with libFuzzer (-DMT_LIBFUZZER) it has no main; without, it runs over the files given as arguments.
#include "constant.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void exhausted(void) { abort(); }

static void require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "fuzz_parse: %s\n", what);
    abort();
}

static void read_back(Arena *arena, const Ast *file)
{
    const char *error = NULL;
    Text text = text_new(arena);
    ast_print(&text, file);
    Source *source = source_from(arena, "printed", text.data, text.length, &error);
    require(source != NULL, "the print is no source");
    Diags *diags = diags_create(arena, source);
    Parsed again = parse_program(arena, diags, source);
    require(diags_errors(diags) == 0, "the print does not parse");
    require(ast_equal(file, again.file), "the print reads back as another tree");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create(exhausted);
    const char *error = NULL;
    Source *source = source_from(arena, "fuzz.mt", (const char *)data, size, &error);
    if (source) {
        Diags *diags = diags_create(arena, source);
        Parsed parsed = parse_program(arena, diags, source);
        int errors = diags_errors(diags);
        require(errors <= 20, "too many syntax errors");
        require(parsed.file && parsed.file->kind == AST_FILE, "no tree");
        if (errors == 0)
            read_back(arena, parsed.file);
        constants_of(arena, diags, parsed.file);
        Text dump = text_new(arena);
        ast_dump(&dump, parsed.file);
        for (int i = 0; i < parsed.file->children; i++)
            ast_comment_above(arena, &parsed, source, parsed.file->child[i]);
        for (int k = 0; k < diags_errors(diags); k++)
            diags_apply_edits(diags, arena, k);
        parse_expression(arena, source->text);
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
