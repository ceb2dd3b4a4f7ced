// embed.c: a tool of the build: puts the C that outputs are made of into the compiler.
//
// Input:  embed FOLDER FILE.c ...   the files of runtime/ and compiler/ops/. Marks cut them into pieces (emit/piece.h
//         describes them); what stands outside of marks is not pasted.
// Output: FOLDER/pieces.c, the table of emit/piece.h, and FOLDER/registry.c, the lists of ops/registry.h. A file is
//         written only if its text has changed, so that nothing is compiled again in vain.
// Invariant: a table that is written is complete and consistent. Unknown marks, a mark that is never ended, two pieces
//         of one name, a need that no piece has, and a function that is called without being needed are errors with
//         file and line; then nothing is written and the build stops.
//
// The texts are arrays of characters and not string literals: C11 promises literals of 4095 characters only.

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *data;
    size_t length, capacity;
} Buffer;

// A range of the text of a file.
typedef struct {
    const char *from, *to; // from == NULL: none
    int line;              // of the mark in front of it
} Region;

typedef struct {
    char *name;
    const char *label; // "ops/linear.c"
    const char *path;
    int line;
    char *needs;
    Region declaration, body;
    Buffer prototypes;
    Buffer calls;     // " name name ": called or expanded here
    Buffer functions; // " name name ": functions and function-like macros that stand here
    bool seen;        // while walking along needs
} Entry;

typedef struct {
    Entry **items;
    int count, capacity;
} Entries;

typedef struct {
    Buffer externs, ops, optimizers, schedules;
} Registry;

static int faults; // how many messages were printed: the exit code, and whether anything is written

static void fault(const char *path, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void fault(const char *path, int line, const char *format, ...)
{
    va_list list;
    fprintf(stderr, "%s:%d: error: ", path, line);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    faults++;
}

static void *need_memory(void *memory)
{
    if (!memory) {
        fputs("embed: no memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    return memory;
}

static void put(Buffer *b, const char *bytes, size_t length)
{
    if (b->length + length + 1 > b->capacity) {
        b->capacity = 2 * (b->length + length + 1);
        b->data = need_memory(realloc(b->data, b->capacity));
    }
    if (length > 0)
        memcpy(b->data + b->length, bytes, length);
    b->length += length;
    b->data[b->length] = '\0';
}

static void put_string(Buffer *b, const char *string) { put(b, string, strlen(string)); }

static char *copy(const char *from, const char *to)
{
    Buffer b = {0};
    put(&b, from, (size_t)(to - from));
    return b.data;
}

// Whether a list of words parted by blanks holds this one.
static bool has_word(const char *list, const char *word, size_t length)
{
    for (const char *at = list ? list : ""; *at;) {
        size_t n = strcspn(at, " ");
        if (n == length && strncmp(at, word, n) == 0)
            return true;
        at += n + (at[n] == ' ');
    }
    return false;
}

static void add_word(Buffer *list, const char *word, size_t length)
{
    if (has_word(list->data, word, length))
        return;
    if (list->length > 0)
        put(list, " ", 1);
    put(list, word, length);
}

static bool is_word(int c) { return isalnum((unsigned char)c) || c == '_'; }

static Entry *entry_find(const Entries *all, const char *name, size_t length)
{
    for (int i = 0; i < all->count; i++)
        if (strlen(all->items[i]->name) == length && strncmp(all->items[i]->name, name, length) == 0)
            return all->items[i];
    return NULL;
}

static Entry *entry_add(Entries *all, char *name, const char *label, const char *path, int line)
{
    if (all->count == all->capacity) {
        all->capacity = 2 * all->capacity + 64;
        all->items = need_memory(realloc(all->items, (size_t)all->capacity * sizeof *all->items));
    }
    Entry *entry = need_memory(calloc(1, sizeof *entry));
    *entry = (Entry){.name = name, .label = label, .path = path, .line = line, .needs = copy("", "")};
    all->items[all->count++] = entry;
    return entry;
}

// ---------------------------------------------------------------------------------------------------------------------
// Marks

// The next word of a line, or an empty one at its end.
static const char *next_word(const char **at, const char *end, size_t *length)
{
    while (*at < end && isspace((unsigned char)**at))
        (*at)++;
    const char *word = *at;
    while (*at < end && !isspace((unsigned char)**at))
        (*at)++;
    *length = (size_t)(*at - word);
    return word;
}

// Reads what follows `//@ piece` or `//@ declare`: the name and the needs. NULL if it is faulty.
static Entry *read_mark(
    Entries *all, bool declares, const char *at, const char *end, const char *label, const char *path, int line)
{
    size_t n;
    const char *name = next_word(&at, end, &n);
    if (n == 0) {
        fault(path, line, "a name is missing");
        return NULL;
    }
    Entry *entry = entry_find(all, name, n);
    if (entry && (strcmp(entry->path, path) != 0 || (declares ? entry->declaration : entry->body).from)) {
        fault(path, line, "`%s` is there already, in %s:%d", entry->name, entry->path, entry->line);
        return NULL;
    }
    if (!entry)
        entry = entry_add(all, copy(name, name + n), label, path, line);
    Buffer needs = {0};
    put_string(&needs, entry->needs);
    const char *word = next_word(&at, end, &n);
    if (n > 0 && (n != 5 || strncmp(word, "needs", 5) != 0))
        fault(path, line, "`needs` is expected behind the name, not `%.*s`", (int)n, word);
    while (n > 0 && (word = next_word(&at, end, &n), n > 0))
        add_word(&needs, word, n);
    entry->needs = needs.data;
    return entry;
}

// Cuts one file at its marks.
static void read_marks(Entries *all, const char *text, const char *label, const char *path)
{
    Region *open = NULL; // what the lines belong to
    int line = 1, opened = 0;
    for (const char *at = text; *at; line++) {
        const char *end = at + strcspn(at, "\n"), *next = end + (*end == '\n'), *first = at;
        while (*first == ' ' || *first == '\t')
            first++;
        if (strncmp(first, "//@", 3) == 0) {
            size_t n;
            const char *rest = first + 3, *verb = next_word(&rest, end, &n);
            bool declares = n == 7 && strncmp(verb, "declare", n) == 0;
            if (open)
                open->to = at;
            if (n == 3 && strncmp(verb, "end", n) == 0) {
                if (!open)
                    fault(path, line, "nothing is open here that could end");
                open = NULL;
            } else if (declares || (n == 5 && strncmp(verb, "piece", n) == 0) ||
                       (n == 6 && strncmp(verb, "kernel", n) == 0)) {
                Entry *entry = read_mark(all, declares, rest, end, label, path, line);
                static Region nowhere; // the lines of a faulty mark
                open = entry ? declares ? &entry->declaration : &entry->body : &nowhere;
                *open = (Region){next, next, line};
                opened = line;
            } else {
                fault(path, line, "unknown mark `%.*s`: piece, kernel, declare or end", (int)n, verb);
            }
        }
        at = next;
    }
    if (open)
        fault(path, opened, "`//@ end` is missing");
}

// ---------------------------------------------------------------------------------------------------------------------
// The C inside of pieces, as far as needed: functions, and what they call

// Behind a comment, string or character that begins here; `at` itself if none does.
static const char *skip_opaque(const char *at, const char *end)
{
    if (end - at >= 2 && at[0] == '/' && at[1] == '*') {
        for (at += 2; at + 1 < end && !(at[0] == '*' && at[1] == '/');)
            at++;
        return at + 2 <= end ? at + 2 : end;
    }
    if (end - at >= 2 && at[0] == '/' && at[1] == '/') {
        while (at < end && *at != '\n')
            at++;
        return at;
    }
    if (*at == '"' || *at == '\'') {
        char quote = *at++;
        while (at < end && *at != quote && *at != '\n')
            at += 1 + (*at == '\\' && at + 1 < end);
        return at < end ? at + 1 : end;
    }
    return at;
}

// The end of a line of the preprocessor, continued lines included.
static const char *skip_directive(const char *at, const char *end)
{
    while (at < end && (*at != '\n' || at[-1] == '\\'))
        at++;
    return at;
}

// A head "static int f(int a)", with comments left out and blanks made single, as a prototype. Not a function: false.
static bool add_prototype(Entry *entry, const char *from, const char *to)
{
    Buffer head = {0};
    int depth = 0;
    for (const char *at = from; at < to;) {
        const char *after = skip_opaque(at, to);
        if (after == at && depth == 0 && *at == '=')
            return free(head.data), false; // an initializer
        depth += (after == at && *at == '(') - (after == at && *at == ')');
        if (after != at || isspace((unsigned char)*at)) {
            if (head.length > 0 && head.data[head.length - 1] != ' ' && head.data[head.length - 1] != '(')
                put(&head, " ", 1);
            at = after != at ? after : at + 1;
        } else {
            put(&head, at++, 1);
        }
    }
    while (head.length > 0 && head.data[head.length - 1] == ' ')
        head.data[--head.length] = '\0';
    if (head.length == 0 || head.data[head.length - 1] != ')')
        return free(head.data), false; // a struct, an enum
    put(&head, ";\n", 2);
    // The same function under #if and #else has one prototype.
    if (!entry->prototypes.data || !strstr(entry->prototypes.data, head.data))
        put(&entry->prototypes, head.data, head.length);
    const char *paren = strchr(head.data, '('), *name = paren;
    while (name > head.data && is_word(name[-1]))
        name--;
    add_word(&entry->functions, name, (size_t)(paren - name));
    return free(head.data), true;
}

// A `#define NAME(` is something that other pieces may use.
static void add_macro(Entry *entry, const char *at, const char *end)
{
    size_t n;
    at++;
    const char *word = next_word(&at, end, &n);
    if (n != 6 || strncmp(word, "define", n) != 0)
        return;
    while (at < end && *at == ' ')
        at++;
    const char *name = at;
    while (at < end && is_word(*at))
        at++;
    if (at < end && *at == '(')
        add_word(&entry->functions, name, (size_t)(at - name));
}

// Names in front of an opening parenthesis are called, unless they are members.
static void add_call(Entry *entry, const char *begin, const char *paren)
{
    const char *to = paren;
    while (to > begin && to[-1] == ' ')
        to--;
    const char *from = to;
    while (from > begin && is_word(from[-1]))
        from--;
    if (from < to && !isdigit((unsigned char)*from) && (from == begin || (from[-1] != '.' && from[-1] != '>')))
        add_word(&entry->calls, from, (size_t)(to - from));
}

// Finds the functions of a region (at depth 0 a head, then a body) and everything that is called in it.
static void read_code(Entry *entry, Region region)
{
    int depth = 0;
    const char *head = region.from; // where the current declaration begins
    bool line_start = true;
    for (const char *at = region.from; at && at < region.to;) {
        const char *after = skip_opaque(at, region.to);
        if (after != at) {
            at = after;
            continue;
        }
        if (line_start && *at == '#') {
            const char *line_end = skip_directive(at, region.to);
            add_macro(entry, at, line_end);
            for (const char *c = at; c < line_end; c++)
                if (*c == '(')
                    add_call(entry, at, c);
            if (depth == 0)
                head = line_end;
            at = line_end;
            continue;
        }
        if (*at == '(')
            add_call(entry, region.from, at);
        if (*at == '{' && depth++ == 0)
            add_prototype(entry, head, at);
        if (*at == '}')
            depth--;
        if (depth == 0 && (*at == '}' || *at == ';'))
            head = at + 1;
        line_start = *at == '\n' || (line_start && isspace((unsigned char)*at));
        at++;
    }
    if (depth != 0)
        fault(entry->path, region.line, "the braces of `%s` do not match", entry->name);
}

// ---------------------------------------------------------------------------------------------------------------------
// Needs

static void walk_needs(const Entries *all, Entry *entry)
{
    if (entry->seen)
        return;
    entry->seen = true;
    for (const char *at = entry->needs; *at;) {
        size_t n = strcspn(at, " ");
        Entry *needed = entry_find(all, at, n);
        if (needed)
            walk_needs(all, needed);
        at += n + (at[n] == ' ');
    }
}

// Every need exists, and every function of another piece that is called here is needed, maybe by way of others.
static void check_needs(const Entries *all, Entry *entry)
{
    for (const char *at = entry->needs; *at;) {
        size_t n = strcspn(at, " ");
        if (!entry_find(all, at, n))
            fault(entry->path, entry->line, "`%s` needs `%.*s`, which no file has", entry->name, (int)n, at);
        at += n + (at[n] == ' ');
    }
    for (int i = 0; i < all->count; i++)
        all->items[i]->seen = false;
    walk_needs(all, entry);
    for (const char *at = entry->calls.data ? entry->calls.data : ""; *at;) {
        size_t n = strcspn(at, " ");
        const Entry *owner = NULL;
        bool reached = false;
        for (int i = 0; i < all->count; i++)
            if (has_word(all->items[i]->functions.data, at, n)) {
                owner = all->items[i];
                reached |= owner->seen;
            }
        if (owner && !reached)
            fault(entry->path, entry->line, "`%s` calls %.*s() of `%s`, but does not need it", entry->name, (int)n, at,
                owner->name);
        at += n + (at[n] == ' ');
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Output

static void put_characters(Buffer *out, const char *name, const char *what, const char *from, const char *to)
{
    char number[32];
    put_string(out, "static const char ");
    put_string(out, what);
    put_string(out, name);
    put_string(out, "[] = {");
    for (bool start = true; from < to; from++) {
        put_string(out, start ? "\n    " : " ");
        start = *from == '\n';
        if (*from == '\n')
            put_string(out, "'\\n',");
        else if (*from == '\'' || *from == '\\')
            put_string(out, *from == '\\' ? "'\\\\'," : "'\\'',");
        else if (isprint((unsigned char)*from))
            snprintf(number, sizeof number, "'%c',", *from), put_string(out, number);
        else
            snprintf(number, sizeof number, "'\\%03o',", (unsigned)(unsigned char)*from), put_string(out, number);
    }
    put_string(out, "\n    '\\0'};\n\n");
}

static void put_pieces(Buffer *out, const Entries *all)
{
    put_string(out, "// Written by tools/embed.c from runtime/ and ops/.\n#include \"emit/piece.h\"\n"
                    "#include <stddef.h>\n#include <string.h>\n\n");
    for (int i = 0; i < all->count; i++) {
        const Entry *e = all->items[i];
        if (e->declaration.from)
            put_characters(out, e->name, "declaration_", e->declaration.from, e->declaration.to);
        const char *prototypes = e->prototypes.data ? e->prototypes.data : "";
        put_characters(out, e->name, "prototypes_", prototypes, prototypes + strlen(prototypes));
        put_characters(out, e->name, "text_", e->body.from, e->body.to);
    }
    put_string(out, "const Piece pieces[] = {\n");
    for (int i = 0; i < all->count; i++) {
        const Entry *e = all->items[i];
        const char *parts[] = {"    {\"", e->name, "\", \"", e->needs, "\", ", e->declaration.from ? "declaration_" : "NULL",
            e->declaration.from ? e->name : "", ", prototypes_", e->name, ", text_", e->name, ", \"", e->label, "\"},\n"};
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
            put_string(out, parts[k]);
    }
    put_string(out, "    {NULL, NULL, NULL, NULL, NULL, NULL},\n};\n\n"
                    "const Piece *piece_find(const char *name, unsigned long length)\n{\n"
                    "    for (const Piece *piece = pieces; piece->name; piece++)\n"
                    "        if (strlen(piece->name) == length && strncmp(piece->name, name, length) == 0)\n"
                    "            return piece;\n"
                    "    return NULL;\n}\n");
}

// Looks for `const Type prefix_NAME = {` at the start of lines.
static void read_tables(Registry *registry, const char *text)
{
    static const struct {
        const char *type, *start;
    } kinds[] = {{"Op", "const Op op_"}, {"Optimizer", "const Optimizer optimizer_"},
        {"Schedule", "const Schedule schedule_"}};
    Buffer *lists[] = {&registry->ops, &registry->optimizers, &registry->schedules};
    for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n')
        for (int k = 0; k < 3; k++) {
            if (strncmp(at, kinds[k].start, strlen(kinds[k].start)) != 0)
                continue;
            const char *name = strrchr(kinds[k].start, ' ') - kinds[k].start + at + 1, *end = name;
            while (is_word(*end))
                end++;
            if (strncmp(end, " = {", 4) != 0)
                continue;
            put_string(&registry->externs, "extern const ");
            put_string(&registry->externs, kinds[k].type);
            put_string(&registry->externs, " ");
            put(&registry->externs, name, (size_t)(end - name));
            put_string(&registry->externs, ";\n");
            put_string(lists[k], "    &");
            put(lists[k], name, (size_t)(end - name));
            put_string(lists[k], ",\n");
        }
}

static void put_registry(Buffer *out, Registry *registry)
{
    put_string(out, "// Written by tools/embed.c from ops/.\n#include \"ops/registry.h\"\n\n");
    put(out, registry->externs.data, registry->externs.length);
    static const char *const heads[] = {"\nconst Op *const ops[] = {\n", "\nconst Optimizer *const optimizers[] = {\n",
        "\nconst Schedule *const schedules[] = {\n"};
    const Buffer *lists[] = {&registry->ops, &registry->optimizers, &registry->schedules};
    for (int k = 0; k < 3; k++) {
        put_string(out, heads[k]);
        put(out, lists[k]->data, lists[k]->length);
        put_string(out, "    NULL,\n};\n");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Files

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    Buffer text = {0};
    char block[4096];
    put(&text, "", 0);
    for (size_t n; file && (n = fread(block, 1, sizeof block, file)) > 0;)
        put(&text, block, n);
    if (!file || ferror(file))
        fault(path, 0, "cannot be read");
    else if (strlen(text.data) != text.length)
        fault(path, 0, "holds a NUL byte");
    if (file)
        fclose(file);
    return text.data;
}

static void write_file(const char *folder, const char *name, const Buffer *text)
{
    Buffer path = {0};
    put_string(&path, folder);
    put_string(&path, "/");
    put_string(&path, name);
    FILE *file = fopen(path.data, "rb");
    if (file) {
        fclose(file);
        char *before = read_file(path.data);
        bool same = strcmp(before, text->data) == 0;
        free(before);
        if (same) {
            free(path.data);
            return;
        }
    }
    file = fopen(path.data, "wb");
    bool written = file && fwrite(text->data, 1, text->length, file) == text->length;
    if (!file || fclose(file) != 0 || !written)
        fault(path.data, 0, "cannot be written");
    free(path.data);
}

// The last folder and the name: "ops/linear.c".
static const char *label_of(const char *path)
{
    const char *label = path;
    for (const char *at = path, *slash; (slash = strchr(at, '/')) && strchr(slash + 1, '/'); at = slash + 1)
        label = slash + 1;
    return label;
}

static int by_label(const void *a, const void *b)
{
    return strcmp(label_of(*(char *const *)a), label_of(*(char *const *)b));
}

int main(int count, char **arguments)
{
    if (count < 2) {
        fputs("usage: embed FOLDER FILE.c ...\n", stderr);
        return EXIT_FAILURE;
    }
    Entries all = {0};
    Registry registry = {0};
    qsort(arguments + 2, (size_t)(count - 2), sizeof *arguments, by_label);
    for (int i = 2; i < count; i++) {
        const char *text = read_file(arguments[i]); // lives to the end: regions point into it
        read_marks(&all, text, label_of(arguments[i]), arguments[i]);
        if (strncmp(label_of(arguments[i]), "ops/", 4) == 0)
            read_tables(&registry, text);
    }
    for (int i = 0; i < all.count; i++) {
        read_code(all.items[i], all.items[i]->declaration);
        read_code(all.items[i], all.items[i]->body);
    }
    for (int i = 0; i < all.count; i++)
        check_needs(&all, all.items[i]);
    Buffer pieces = {0}, lists = {0};
    put_pieces(&pieces, &all);
    put_registry(&lists, &registry);
    if (faults == 0) {
        write_file(arguments[1], "pieces.c", &pieces);
        write_file(arguments[1], "registry.c", &lists);
    }
    return faults == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
