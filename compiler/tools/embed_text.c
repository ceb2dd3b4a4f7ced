// embed_text.c: a tool of the build: puts the long texts of the messages into the compiler.
//
// Input:  embed_text OUT.c FILE.txt ...   the files of compiler/explain/, each named after its code.
// Output: OUT.c, the table of explain.h.
// Invariant: a table that is written is complete; a file that cannot be read, or a line that no C compiler need take,
// stops the build.
//
// A text is a list of lines and not one literal: C11 promises literals of 4095 characters only.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 500 }; // of a line; with room for its escapes far below 4095

static void stop(const char *path, int line, const char *what)
{
    fprintf(stderr, "%s:%d: error: %s\n", path, line, what);
    exit(1);
}

// "explain/E0001.txt": "E0001"
static void put_code(FILE *out, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    fprintf(out, "%.*s", (int)strcspn(name, "."), name);
}

static void put_line(FILE *out, const char *line)
{
    fputs("    \"", out);
    for (; *line; line++) {
        unsigned char c = (unsigned char)*line;
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20 || c > 0x7e)
            fprintf(out, "\\%03o", c);
        else
            fputc(c, out);
    }
    fputs("\",\n", out);
}

static void put_text(FILE *out, const char *path)
{
    char line[LONGEST + 2];
    FILE *in = fopen(path, "rb");
    if (!in)
        stop(path, 1, "cannot be read");
    fputs("static const char *const text_", out);
    put_code(out, path);
    fputs("[] = {\n", out);
    for (int k = 1; fgets(line, sizeof line, in); k++) {
        size_t length = strcspn(line, "\n");
        if (line[length] != '\n')
            stop(path, k, "this line is too long, or does not end");
        line[length] = '\0';
        put_line(out, line);
    }
    fputs("    NULL};\n\n", out);
    fclose(in);
}

int main(int count, char **paths)
{
    FILE *out = count > 1 ? fopen(paths[1], "wb") : NULL;
    if (!out) {
        fprintf(stderr, "use: embed_text OUT.c FILE.txt ...\n");
        return 2;
    }
    fputs("// Written by tools/embed_text.c from explain/.\n#include \"explain.h\"\n\n", out);
    for (int k = 2; k < count; k++)
        put_text(out, paths[k]);
    fputs("const Explanation explanations[] = {\n", out);
    for (int k = 2; k < count; k++) {
        fputs("    {\"", out);
        put_code(out, paths[k]);
        fputs("\", text_", out);
        put_code(out, paths[k]);
        fputs("},\n", out);
    }
    fputs("    {NULL, NULL}};\n", out);
    if (ferror(out) | fclose(out))
        stop(paths[1], 1, "cannot be written");
    return 0;
}
