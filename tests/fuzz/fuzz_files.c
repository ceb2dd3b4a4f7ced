// Any bytes as the files of a program, and as what the command line sets: no crash, no endless loop, no internal error,
// and every message has a place in one of the files.
//
// The bytes are parted at form feeds: first a word NAME=value, then the program, then the files `1`, `2`, ... that it
// may use. Built with libFuzzer (-DMT_LIBFUZZER) it has no main; without, it runs over the files given as arguments.
#include "compile.h"
#include "set.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 10 };

typedef struct {
    const char *text[PARTS];
    size_t length[PARTS];
    int count;
} Parts;

static void exhausted(void) { abort(); }

static void require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "fuzz_files: %s\n", what);
    abort();
}

static int index_of(const Parts *parts, const char *path)
{
    while (path[0] == '.' && path[1] == '/')
        path += 2;
    int k = path[0] >= '0' && path[0] <= '9' && !path[1] ? path[0] - '0' + 1 : PARTS;
    return k < parts->count ? k : -1;
}

static bool read_part(const SourceReader *reader, Arena *arena, const char *path, Text *bytes, const char **error)
{
    const Parts *parts = reader->data;
    int k = index_of(parts, path);
    if (k < 0)
        *error = arena_format(arena, "`%s` is not there", path);
    else
        text_put(bytes, parts->text[k], parts->length[k]);
    return k >= 0;
}

static const char *identity(const SourceReader *reader, Arena *arena, const char *path)
{
    int k = index_of(reader->data, path);
    return k < 0 ? NULL : arena_format(arena, "%d", k - 1);
}

static Parts parted(const char *text, size_t size)
{
    Parts parts = {.count = 0};
    const char *end = text + size;
    while (parts.count < PARTS) {
        const char *mark = memchr(text, '\f', (size_t)(end - text)), *to = mark ? mark : end;
        parts.text[parts.count] = text;
        parts.length[parts.count++] = (size_t)(to - text);
        if (!mark)
            break;
        text = mark + 1;
    }
    return parts;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Parts parts = parted((const char *)data, size);
    Arena *arena = arena_create(exhausted);
    const char *error = NULL, *word = arena_copy(arena, parts.text[0], parts.length[0]);
    Source *source =
        parts.count > 1 ? source_from(arena, "0", parts.text[1], parts.length[1], &error) : NULL;
    if (source) {
        int length;
        SourceReader reader = {read_part, identity, &parts};
        CompileOptions options = {.check_only = true, .reader = &reader, .sets = &word,
            .set_count = set_is_one(word, &length)};
        Program *program = compile_program(arena, source, &options);
        require(!diags_has(program->diags, E9999), "an internal error");
        for (int k = 0; k < diags_count(program->diags); k++)
            diags_apply_edits(program->diags, arena, k);
        FILE *out = tmpfile();
        require(out != NULL, "no file to print to");
        for (int format = FORMAT_FULL; format <= FORMAT_JSON; format++)
            diags_print(program->diags, out, (DiagFormat)format, false);
        fclose(out);
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
