// dump_operations.c: prints the tables of compiler/ops/ as JSON (tables_json.h), for the parity test and its fixtures.
#include "tables_json.h"
#include <stdio.h>
#include <stdlib.h>

static void exhausted(void) { exit(EXIT_FAILURE); }

int main(void)
{
    Arena *arena = arena_create(exhausted);
    Text text = text_new(arena);
    tables_json(&text);
    int code = fwrite(text.data, 1, text.length, stdout) == text.length ? EXIT_SUCCESS : EXIT_FAILURE;
    arena_destroy(arena);
    return code;
}
