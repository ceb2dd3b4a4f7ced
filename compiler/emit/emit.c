// The file as a whole: its head, the sections in their order, then the pieces that the sections use. What is used is found by
// reading the sections: a name of a piece's function, type or macro in them asks for the piece and all that it needs.
#include "emit.h"
#include "piece.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

const char *emit_real(Arena *arena, double x)
{
    const char *text = shortest(arena, x);
    if (isinf(x))
        return x > 0 ? "(real)INFINITY" : "(real)-INFINITY";
    if (isnan(x))
        return "(real)NAN";
    return x == floor(x) && fabs(x) < 1e6 ? text : arena_format(arena, "(real)%s", text);
}

const char *emit_string(Arena *arena, const char *text)
{
    Text out = text_new(arena);
    text_string(&out, "\"");
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            text_add(&out, "\\%c", *text);
        else if ((unsigned char)*text < 32 || (unsigned char)*text >= 127)
            text_add(&out, "\\%03o", (unsigned char)*text);
        else if (*text == '?') // no trigraphs
            text_string(&out, "\\?");
        else
            text_put(&out, text, 1);
    text_string(&out, "\"");
    return out.data;
}

// ----------------------------------------------------------------------------------------------------- pieces

// Which pieces are in use, by their place in the table.
typedef struct {
    Arena *arena;
    bool *used;       // pasted
    bool *direct;     // named by the sections themselves
    Map owners;       // name of a function, type or macro -> Piece
} Uses;

static size_t word_length(const char *s)
{
    size_t n = 0;
    while (isalnum((unsigned char)s[n]) || s[n] == '_')
        n++;
    return n;
}

static void own(Uses *u, const char *name, size_t length, const Piece *piece)
{
    const char *key = arena_copy(u->arena, name, length);
    if (!map_get(&u->owners, key))
        map_set(&u->owners, key, (void *)piece);
}

// The names that a piece brings: of its functions, and of types and macros of its declaration.
static void own_names(Uses *u, const Piece *piece)
{
    for (const char *line = piece->prototypes; *line; line += strcspn(line, "\n") + 1) {
        const char *bracket = strchr(line, '('), *start = bracket;
        while (start > line && (isalnum((unsigned char)start[-1]) || start[-1] == '_'))
            start--;
        own(u, start, (size_t)(bracket - start), piece);
        if (!line[strcspn(line, "\n")])
            break;
    }
    for (const char *s = piece->declaration; s && *s;) {
        size_t blanks = strspn(s, " "), n = 0;
        const char *line = s + blanks;
        if (starts_with(line, "#define "))
            n = word_length(line += 8);
        else if ((starts_with(line, "struct ") || starts_with(line, "enum ")) && line[strcspn(line, "{;\n")] == '{')
            n = word_length(line = strchr(line, ' ') + 1);
        if (n > 0)
            own(u, line, n, piece);
        s += strcspn(s, "\n");
        s += *s == '\n';
    }
}

static void need(Uses *u, const Piece *piece)
{
    if (u->used[piece - pieces])
        return;
    u->used[piece - pieces] = true;
    for (const char *s = piece->needs; *s; s += strcspn(s, " "), s += *s == ' ') {
        const Piece *other = piece_find(s, strcspn(s, " "));
        if (other)
            need(u, other);
    }
}

// Every name in a text of C; comments and strings do not count.
static void find_uses(Uses *u, const char *s)
{
    while (*s) {
        size_t n = word_length(s);
        if (starts_with(s, "/*")) {
            const char *end = strstr(s, "*/");
            s = end ? end + 2 : s + strlen(s);
        } else if (*s == '"') {
            for (s++; *s && *s != '"'; s++)
                s += *s == '\\' && s[1];
            s += *s == '"';
        } else if (n > 0) {
            const Piece *piece = map_get(&u->owners, arena_copy(u->arena, s, n));
            if (piece) {
                need(u, piece);
                u->direct[piece - pieces] = true;
            }
            s += n;
        } else
            s += (*s == '>' || *s == '.') && word_length(s + 1) ? 1 + word_length(s + 1) : 1; // a member
    }
}

static bool is_operation(const Piece *piece) { return strstr(piece->file, "ops/") != NULL; }

// With what it needs in front of it.
static void paste(Writer *w, const Piece *piece, bool *done)
{
    if (done[piece - pieces])
        return;
    done[piece - pieces] = true;
    for (const char *s = piece->needs; *s; s += strcspn(s, " "), s += *s == ' ') {
        const Piece *other = piece_find(s, strcspn(s, " "));
        if (other)
            paste(w, other, done);
    }
    const char *text = piece->text;
    while (text && *text == '\n')
        text++;
    if (!text || !*text)
        return;
    writer_blank(w);
    writer_verbatim(w, text);
}

static void declare(Writer *w, const Piece *piece, bool *done)
{
    if (done[piece - pieces])
        return;
    done[piece - pieces] = true;
    for (const char *s = piece->needs; *s; s += strcspn(s, " "), s += *s == ' ') {
        const Piece *other = piece_find(s, strcspn(s, " "));
        if (other)
            declare(w, other, done);
    }
    if (piece->declaration) {
        writer_blank(w);
        writer_verbatim(w, piece->declaration + strspn(piece->declaration, "\n"));
    }
}

// --------------------------------------------------------------------------------------------- above the model

// struct X; for what prototypes mention before it is defined.
static void forward_structs(Writer *w, Uses *u, const char *text, Map *known)
{
    for (const char *s = text; (s = strstr(s, "struct ")); s += 7) {
        const char *name = arena_copy(u->arena, s + 7, word_length(s + 7));
        if (*name && !map_get(known, name)) {
            map_set(known, name, (void *)name);
            writer_line(w, "struct %s;", name);
        }
    }
}

// Prototypes of the functions that the sections themselves name.
static void write_prototypes(Writer *w, Uses *u, const char *sections, bool operations)
{
    for (const Piece *piece = pieces; piece->name; piece++) {
        if (!u->direct[piece - pieces] || is_operation(piece) != operations)
            continue;
        for (const char *line = piece->prototypes; *line;) {
            size_t n = strcspn(line, "\n");
            const char *text = arena_copy(u->arena, line, n), *bracket = strchr(text, '('), *start = bracket;
            while (start > text && (isalnum((unsigned char)start[-1]) || start[-1] == '_'))
                start--;
            const char *call = arena_format(u->arena, "%.*s(", (int)(bracket - start), start);
            bool called = false;
            for (const char *at = sections; (at = strstr(at, call)) && !called; at++)
                called = at == sections || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');
            const char *as_value = arena_format(u->arena, " %.*s,", (int)(bracket - start), start);
            if (called || strstr(sections, as_value))
                writer_line(w, "%s", text);
            line += n + (line[n] == '\n');
        }
    }
}

static void write_head(Writer *w, const Program *program)
{
    const char *path = program->source->path, *file = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    writer_comment(w,
        "%s: the whole trainer, made by mtc from %s (edition %s).\n\n"
        "    cc -O3 -march=native FILE.c -lm -o train && ./train --help\n\n"
        "First the model, the optimizer and the training loop, then the operations that they call, then the runtime. "
        "-fopenmp: threads; -DMT_DOUBLE: double instead of float; -ffp-contract=off: the same bits on every machine.",
        program->name, file, program->edition);
    writer_blank(w);
    writer_line(w, "#ifndef _POSIX_C_SOURCE");
    writer_line(w, "#define _POSIX_C_SOURCE 200809L");
    writer_line(w, "#endif");
    static const char *const includes[] = {"errno", "inttypes", "limits", "math", "signal", "stdarg", "stddef", "stdint",
        "stdio", "stdlib", "string", "time", "unistd"};
    for (size_t i = 0; i < sizeof includes / sizeof *includes; i++)
        writer_line(w, "#include <%s.h>", includes[i]);
    writer_blank(w);
    writer_line(w, "#ifdef MT_DOUBLE");
    writer_line(w, "typedef double real;");
    writer_line(w, "#else");
    writer_line(w, "typedef float real;");
    writer_line(w, "#endif");
    writer_blank(w);
    writer_line(w, "#ifndef MT_BATCH");
    writer_line(w, "#define MT_BATCH %ld", program->data->batch);
    writer_line(w, "#endif");
    writer_blank(w);
    writer_comment(w,
        "A value of shape [B, d1, d2] is stored as v[d1][d2][B]: feature by feature, the batch innermost. B is the batch, "
        "rounded up to whole groups of 16 lanes. Lanes without an example of their own repeat the last one, and count "
        "nowhere: not in the loss, not in a gradient, not in a metric.");
    writer_line(w, "enum { BATCH = MT_BATCH, B = (BATCH + 15) / 16 * 16 };");
    writer_blank(w);
}

static const char *model_title(const Program *program)
{
    for (int i = 0; i < program->parsed.file->children; i++) {
        const Ast *decl = program->parsed.file->child[i];
        if (decl->kind == AST_MODEL)
            return arena_format(program->arena, "model %s%s", decl->text,
                source_quote(program->source, program->arena, decl->child[0]->span));
    }
    return "model";
}

static int piece_count(void)
{
    int count = 0;
    while (pieces[count].name)
        count++;
    return count;
}

void emit_program(Program *program)
{
    Arena *arena = program->arena;
    int count = piece_count();
    Writer first = writer_new(arena), w = writer_new(arena);
    writer_section(&first, model_title(program));
    emit_model(&first, program);
    emit_optimizer(&first, program);
    emit_data(&first, program);
    emit_train(&first, program);
    emit_memory(&first, program);
    emit_main(&first, program);

    Uses uses = {arena, arena_new(arena, bool, count), arena_new(arena, bool, count), map_new(arena)};
    for (const Piece *piece = pieces; piece->name; piece++)
        own_names(&uses, piece);
    find_uses(&uses, first.text.data);

    write_head(&w, program);
    bool *declared = arena_new(arena, bool, count), *pasted = arena_new(arena, bool, count);
    Map known = map_new(arena);
    Writer prototypes = writer_new(arena), declarations = writer_new(arena);
    for (const Piece *piece = pieces; piece->name; piece++)
        if (uses.used[piece - pieces])
            declare(&declarations, piece, declared);
    // Macros of declarations call functions, too.
    const char *above = arena_format(arena, "%s%s", declarations.text.data, first.text.data);
    writer_comment(&prototypes, "Operations.");
    write_prototypes(&prototypes, &uses, above, true);
    writer_blank(&prototypes);
    writer_comment(&prototypes, "Runtime.");
    write_prototypes(&prototypes, &uses, above, false);
    for (const char *s = declarations.text.data; (s = strstr(s, "struct ")); s += 7)
        if (s[7 + word_length(s + 7)] == ' ' && s[8 + word_length(s + 7)] == '{')
            map_set(&known, arena_copy(arena, s + 7, word_length(s + 7)), "known");
    writer_verbatim(&w, declarations.text.data);
    writer_blank(&w);
    forward_structs(&w, &uses, prototypes.text.data, &known);
    writer_blank(&w);
    writer_verbatim(&w, prototypes.text.data);
    writer_blank(&w);
    writer_verbatim(&w, first.text.data);

    writer_section(&w, "operations");
    for (const Piece *piece = pieces; piece->name; piece++)
        if (uses.used[piece - pieces] && is_operation(piece))
            paste(&w, piece, pasted);
    writer_section(&w, "runtime");
    for (const Piece *piece = pieces; piece->name; piece++)
        if (uses.used[piece - pieces])
            paste(&w, piece, pasted);
    while (w.text.length > 1 && w.text.data[w.text.length - 2] == '\n')
        w.text.data[--w.text.length] = 0;
    program->output = w.text.data;
}
