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

static int piece_count(void)
{
    int count = 0;
    while (pieces[count].name)
        count++;
    return count;
}

// Which pieces are in use, by their place in the table.
typedef struct {
    Arena *arena;
    bool *used;       // pasted
    bool *direct;     // named by the sections themselves
    Map owners;       // name of a function, type or macro -> Piece
    Map functions;    // those of functions
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
        map_set(&u->functions, arena_copy(u->arena, start, (size_t)(bracket - start)), (void *)piece);
        if (!line[strcspn(line, "\n")])
            break;
    }
    for (const char *s = piece->declaration; s && *s;) {
        size_t blanks = strspn(s, " "), n = 0;
        const char *line = s + blanks;
        if (starts_with(line, "#define "))
            n = word_length(line += 8);
        else if ((starts_with(line, "struct ") || starts_with(line, "enum ")) && line[strcspn(line, "{;\n")] == '{')
            n = (size_t)(strchr(line, ' ') - line) + 1 + word_length(strchr(line, ' ') + 1); // "struct Pair"
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
            if (starts_with(s, "struct ") || starts_with(s, "enum "))
                n += 1 + word_length(s + n + 1);
            const Piece *piece = map_get(&u->owners, arena_copy(u->arena, s, n));
            // A function is used where it is called: a member may have its name (v->choose, real *choose;).
            if (piece && (s[n] == '(' || !map_get(&u->functions, arena_copy(u->arena, s, n)))) {
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

// The types and macros of a piece, behind those of the pieces that it needs; only of the pieces in `wanted`.
static void declare(Writer *w, const Piece *piece, const bool *wanted, bool *done)
{
    if (done[piece - pieces] || !wanted[piece - pieces])
        return;
    done[piece - pieces] = true;
    for (const char *s = piece->needs; *s; s += strcspn(s, " "), s += *s == ' ') {
        const Piece *other = piece_find(s, strcspn(s, " "));
        if (other)
            declare(w, other, wanted, done);
    }
    if (piece->declaration) {
        writer_blank(w);
        writer_verbatim(w, piece->declaration + strspn(piece->declaration, "\n"));
    }
}

// --------------------------------------------------------------------------------------------------- sections

// What was declared so far.
typedef struct {
    Uses *uses;
    bool *declared;   // pieces whose types and macros stand above
    Map prototypes;   // functions
    Map structs;      // named by a definition or `struct X;`
} Declared;

// struct X; for what prototypes mention before it is defined.
static void forward_structs(Writer *w, Declared *d, const char *text)
{
    Arena *arena = d->uses->arena;
    for (const char *s = text; (s = strstr(s, "struct ")); s += 7) {
        const char *name = arena_copy(arena, s + 7, word_length(s + 7));
        if (*name && !map_get(&d->structs, name)) {
            map_set(&d->structs, name, (void *)name);
            writer_line(w, "struct %s;", name);
        }
    }
}

static void know_structs(Declared *d, const char *text)
{
    for (const char *s = text; (s = strstr(s, "struct ")); s += 7) {
        const char *end = s + 7 + word_length(s + 7);
        if (end[0] == ' ' && end[1] == '{')
            map_set(&d->structs, arena_copy(d->uses->arena, s + 7, word_length(s + 7)), "known");
    }
}

// The text without its comments: a row that is quoted in one calls nothing.
static const char *without_comments(Arena *arena, const char *text)
{
    Text code = text_new(arena);
    for (const char *end; *text; text = end) {
        const char *comment = strstr(text, "/*");
        text_put(&code, text, comment ? (size_t)(comment - text) : strlen(text));
        end = comment ? strstr(comment, "*/") : NULL;
        end = end ? end + 2 : text + strlen(text);
    }
    return code.data;
}

// Prototypes of the functions of pieces that a text calls and that have none yet.
static void write_prototypes(Writer *w, Declared *d, const char *text)
{
    Uses *u = d->uses;
    for (const Piece *piece = pieces; piece->name; piece++) {
        for (const char *line = u->used[piece - pieces] ? piece->prototypes : ""; *line;) {
            size_t n = strcspn(line, "\n");
            const char *prototype = arena_copy(u->arena, line, n), *bracket = strchr(prototype, '('), *start = bracket;
            while (start > prototype && (isalnum((unsigned char)start[-1]) || start[-1] == '_'))
                start--;
            const char *name = arena_copy(u->arena, start, (size_t)(bracket - start));
            const char *call = arena_format(u->arena, "%s(", name);
            bool called = false;
            for (const char *at = text; (at = strstr(at, call)) && !called; at++)
                called = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_' || at[-1] == '>');
            if (called && *name && !map_get(&d->prototypes, name)) {
                map_set(&d->prototypes, name, (void *)name);
                writer_line(w, "%s", prototype);
            }
            line += n + (line[n] == '\n');
        }
    }
}

// Pieces that a section names, and those whose types the declarations of these name.
static void find_direct(Uses *own, const char *text)
{
    Writer declared = writer_new(own->arena);
    find_uses(own, text);
    for (size_t before = 1; before != declared.text.length;) {
        before = declared.text.length;
        declared = writer_new(own->arena);
        for (const Piece *piece = pieces; piece->name; piece++)
            if (own->direct[piece - pieces]) {
                writer_verbatim(&declared, piece->declaration ? piece->declaration : "");
                writer_verbatim(&declared, piece->prototypes);
            }
        find_uses(own, declared.text.data);
    }
}

// A section of the first half, with what it is the first to use declared under its title: types, then prototypes.
static void write_section(Writer *w, Declared *d, const char *text)
{
    Arena *arena = d->uses->arena;
    int count = piece_count();
    Uses own = {arena, arena_new(arena, bool, count), arena_new(arena, bool, count), d->uses->owners, d->uses->functions};
    Writer types = writer_new(arena), prototypes = writer_new(arena);
    find_direct(&own, text);
    for (int i = 0; i < count; i++) {
        d->uses->used[i] |= own.used[i];
        declare(&types, &pieces[i], own.direct, d->declared);
    }
    // Macros of declarations call functions, too.
    write_prototypes(&prototypes, d, without_comments(arena, arena_format(arena, "%s%s", types.text.data, text)));
    know_structs(d, types.text.data);
    const char *title = strstr(text, "*/\n\n"), *body = title ? title + 4 : text;
    writer_blank(w);
    writer_verbatim(w, arena_copy(arena, text, (size_t)(body - text)));
    writer_verbatim(w, types.text.data);
    writer_blank(w);
    forward_structs(w, d, prototypes.text.data);
    writer_verbatim(w, prototypes.text.data);
    writer_blank(w);
    writer_verbatim(w, body);
    know_structs(d, body);
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
    const Ast *model = ast_declaration(program->parsed.file, AST_MODEL, NULL);
    if (model)
        return arena_format(program->arena, "model %s%s", model->text,
            source_quote(program->source, program->arena, model->child[0]->span));
    return "model";
}

// What was not declared above, then the functions.
static void paste_all(Writer *w, const bool *used, bool *declared, bool *pasted)
{
    for (const Piece *piece = pieces; piece->name; piece++)
        declare(w, piece, used, declared);
    for (const Piece *piece = pieces; piece->name; piece++)
        if (used[piece - pieces])
            paste(w, piece, pasted);
}

void emit_program(Program *program)
{
    static void (*const sections[])(Writer *, Program *) = {emit_model, emit_optimizer, emit_data, emit_train,
        emit_memory, emit_main};
    Arena *arena = program->arena;
    int count = piece_count();
    Writer w = writer_new(arena);
    Uses uses = {arena, arena_new(arena, bool, count), arena_new(arena, bool, count), map_new(arena), map_new(arena)};
    Declared declared = {&uses, arena_new(arena, bool, count), map_new(arena), map_new(arena)};
    for (const Piece *piece = pieces; piece->name; piece++)
        own_names(&uses, piece);
    write_head(&w, program);
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        Writer section = writer_new(arena);
        if (i == 0)
            writer_section(&section, model_title(program));
        sections[i](&section, program);
        write_section(&w, &declared, section.text.data + strspn(section.text.data, "\n"));
    }

    bool *pasted = arena_new(arena, bool, count);
    Uses operations = {.used = arena_new(arena, bool, count)};
    for (const Piece *piece = pieces; piece->name; piece++)
        if (uses.used[piece - pieces] && is_operation(piece))
            need(&operations, piece);
    writer_section(&w, "operations");
    paste_all(&w, operations.used, declared.declared, pasted);
    writer_section(&w, "runtime");
    paste_all(&w, uses.used, declared.declared, pasted);
    while (w.text.length > 1 && w.text.data[w.text.length - 2] == '\n')
        w.text.data[--w.text.length] = 0;
    program->output = w.text.data;
}
