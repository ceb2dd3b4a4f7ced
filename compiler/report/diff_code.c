// The C of two programs: unified hunks of the functions that compute gradients, rows whose gradient code is the same,
// and which other functions changed. Functions are cut from the output as it was written: from "static" at the start of
// a line to "}" at the start of one. Comments do not count where it is asked whether two are the same.
#include "../emit/functions.h"
#include "../text_diff.h"
#include "diff.h"
#include <ctype.h>
#include <string.h>

enum { WIDTH = 100 };

typedef struct {
    const char *name, *text, *bare; // bare: without comments
} Function;

typedef VEC(Function) Functions;

// Without comments, and every run of blanks and newlines as one blank. Strings stay as they are, but for the name of
// the program's file in front of a message.
static const char *without_comments(const Program *program, const char *s)
{
    Arena *arena = program->arena;
    Text out = text_new(arena);
    const char *file = arena_format(arena, "\"%s: ", report_file(program));
    while (*s) {
        const char *from = s;
        if (starts_with(s, "/*")) {
            const char *end = strstr(s, "*/");
            s = end ? end + 2 : s + strlen(s);
            continue;
        }
        if (*s == '"') {
            for (s++; *s && *s != '"'; s++)
                s += *s == '\\' && s[1];
            s += *s == '"';
            from += starts_with(from, file) ? strlen(file) : 0;
            text_put(&out, from, (size_t)(s - from));
        } else if (isspace((unsigned char)*s)) {
            if (out.length > 0 && out.data[out.length - 1] != ' ')
                text_string(&out, " ");
            s++;
        } else
            text_put(&out, s++, 1);
    }
    return out.data;
}

bool diff_same_code(const Diff *d)
{
    return strcmp(without_comments(d->a, d->a->output), without_comments(d->b, d->b->output)) == 0;
}

// ------------------------------------------------------------------------------------------------------ functions

// Where the function that begins with a line ends, behind its newline; NULL if it is none: a prototype, a table, a
// struct.
static const char *function_end(const char *s)
{
    const char *newline = strchr(s, '\n'), *bracket = strchr(s, '('), *stop = strpbrk(s, ";={"), *open, *end;
    if (!starts_with(s, "static ") || !newline || !bracket || !stop || *stop != '{' || stop < bracket)
        return NULL;
    if (stop < newline && newline[-1] == '}') // on one line
        return newline + 1;
    open = strstr(s, "\n{\n");
    end = open == stop - 1 ? strstr(open, "\n}\n") : NULL;
    return end ? end + strlen("\n}\n") : NULL;
}

// Behind #if and #else a function stands twice: both texts are its own.
static void add_function(const Program *program, Functions *functions, const char *name, const char *text)
{
    Arena *arena = program->arena;
    for (int i = 0; i < functions->count; i++) {
        Function *same = &functions->items[i];
        if (strcmp(same->name, name) == 0) {
            same->text = arena_format(arena, "%s%s", same->text, text);
            same->bare = without_comments(program, same->text);
            return;
        }
    }
    Function function = {name, text, without_comments(program, text)};
    vec_push(arena, functions, function);
}

// Of all functions of an output, with those of kernels and runtime.
static Functions functions_of(const Program *program)
{
    Arena *arena = program->arena;
    Functions functions = {0};
    for (const char *s = program->output; s && *s; s = strchr(s, '\n'), s += s != NULL) {
        const char *end = function_end(s), *bracket = strchr(s, '('), *name = bracket;
        if (!end)
            continue;
        while (name > s && (isalnum((unsigned char)name[-1]) || name[-1] == '_'))
            name--;
        name = arena_copy(arena, name, (size_t)(bracket - name));
        add_function(program, &functions, name, arena_copy(arena, s, (size_t)(end - s)));
        s = end - 1; // its last newline
    }
    return functions;
}

static const Function *find(const Functions *functions, const char *name)
{
    for (int i = 0; i < functions->count; i++)
        if (strcmp(functions->items[i].name, name) == 0)
            return &functions->items[i];
    return NULL;
}

// Also the derivative of a fn: swish__d_x.
static bool is_gradient(const char *name)
{
    return strcmp(name, "backward") == 0 || starts_with(name, "backward__") || strstr(name, "__d_");
}

// --------------------------------------------------------------------------------------------------------- hunks

// Behind the lines that name files.
static void add_hunks(const Diff *d, const char *name, const char *old, const char *new, const char *note)
{
    Text text = text_new(d->arena);
    text_diff(&text, name, old, strlen(old), new, strlen(new));
    text_add(d->out, "  %s()%s\n", name, note);
    for (const char *s = strstr(text.data, "@@"); s && *s; s += strcspn(s, "\n"), s += *s == '\n') {
        size_t n = strcspn(s, "\n");
        bool empty = n == 1 && *s == ' '; // no blanks at the end of a line
        text_add(d->out, "%s%.*s\n", empty ? "" : "    ", empty ? 0 : (int)n, s);
    }
}

static int add_gradients(const Diff *d, const Functions *a, const Functions *b)
{
    int changed = 0;
    for (int i = 0; i < b->count; i++) {
        const Function *new = &b->items[i], *old = find(a, new->name);
        if (!is_gradient(new->name) || (old && strcmp(old->text, new->text) == 0))
            continue;
        if (changed++ == 0)
            text_string(d->out, "gradient code\n");
        add_hunks(d, new->name, old ? old->text : "", new->text,
            !old ? ", new" : strcmp(old->bare, new->bare) == 0 ? ", comments only" : "");
    }
    for (int i = 0; i < a->count; i++)
        if (is_gradient(a->items[i].name) && !find(b, a->items[i].name)) {
            if (changed++ == 0)
                text_string(d->out, "gradient code\n");
            text_add(d->out, "  %s(), gone\n", a->items[i].name);
        }
    return changed;
}

// ------------------------------------------------------------------------------------------------------ what is left

// Words behind a label, in lines of at most WIDTH.
typedef struct {
    const Diff *d;
    size_t column;
    int count;
} List;

static void add_word(List *list, const char *label, const char *word)
{
    Text *out = list->d->out;
    if (list->count == 0) {
        text_add(out, "  %s: ", label);
        list->column = strlen(label) + 4;
    } else if (list->column + strlen(word) + 2 > WIDTH) {
        text_string(out, ",\n    ");
        list->column = 4;
    } else {
        text_string(out, ", ");
        list->column += 2;
    }
    text_string(out, word);
    list->column += strlen(word);
    list->count++;
}

static void end_list(const List *list)
{
    if (list->count > 0)
        text_string(list->d->out, "\n");
}

// The backward lines of a row itself.
static const char *code_of(const Diff *d, Program *program, const Row *row)
{
    Writer w = writer_new(d->arena);
    w.depth = 1;
    w.in_function = true;
    emit_backward_row(&w, program, row);
    return w.text.data;
}

// Whether all of a row and inside of it has the same gradient code; *some: whether it has any.
static bool same_inside(const Diff *d, int k, bool *some)
{
    for (int i = k; i < d->b_rows.count; i++) {
        if (!report_is_inside(&d->b_rows, i, k))
            continue;
        if (d->a_of[i] < 0)
            return false;
        const char *old = code_of(d, d->a, d->a_rows.items[d->a_of[i]].row),
                   *new = code_of(d, d->b, d->b_rows.items[i].row);
        *some |= *new != 0;
        if (strcmp(old, new) != 0)
            return false;
    }
    for (int i = 0; i < d->a_rows.count; i++) // nothing of it is gone
        if (report_is_inside(&d->a_rows, i, d->a_of[k]) && d->b_of[i] < 0)
            return false;
    return true;
}

static void add_unchanged(const Diff *d)
{
    List list = {.d = d};
    const Graph *a = d->a->graph, *b = d->b->graph;
    for (int k = 0; k < d->b_rows.count; k++) {
        bool some = false;
        if (d->b_rows.items[k].parent < 0 && d->a_of[k] >= 0 && same_inside(d, k, &some) && some)
            add_word(&list, "unchanged",
                d->b_rows.items[k].row->named ? d->b_rows.items[k].row->path : d->b_rows.items[k].row->text);
    }
    for (int k = 0; k < b->losses.count; k++)
        for (int i = 0; i < a->losses.count; i++) {
            const LossRow *old = &a->losses.items[i], *new = &b->losses.items[k];
            const char *code = code_of(d, d->b, new->row);
            if (strcmp(old->name ? old->name : "", new->name ? new->name : "") == 0 && *code &&
                strcmp(code_of(d, d->a, old->row), code) == 0)
                add_word(&list, "unchanged", report_body(d->arena, new->row));
        }
    end_list(&list);
}

// Functions that are there in both, but not the same.
static void add_others(const Diff *d, const Functions *a, const Functions *b)
{
    List changed = {.d = d}, new = {.d = d}, gone = {.d = d};
    for (int i = 0; i < b->count; i++) {
        const Function *old = find(a, b->items[i].name);
        if (old && !is_gradient(old->name) && strcmp(old->bare, b->items[i].bare) != 0)
            add_word(&changed, "changed", b->items[i].name);
    }
    end_list(&changed);
    for (int i = 0; i < b->count; i++)
        if (!find(a, b->items[i].name) && !is_gradient(b->items[i].name))
            add_word(&new, "new", b->items[i].name);
    end_list(&new);
    for (int i = 0; i < a->count; i++)
        if (!find(b, a->items[i].name) && !is_gradient(a->items[i].name))
            add_word(&gone, "gone", a->items[i].name);
    end_list(&gone);
}

void diff_code(const Diff *d)
{
    const Functions a = functions_of(d->a), b = functions_of(d->b);
    if (add_gradients(d, &a, &b) == 0)
        text_string(d->out, "gradient code is the same\n");
    else
        add_unchanged(d);
    size_t before = d->out->length;
    text_string(d->out, "other functions\n");
    size_t empty = d->out->length;
    add_others(d, &a, &b);
    if (d->out->length == empty)
        d->out->data[d->out->length = before] = 0;
}
