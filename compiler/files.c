// The files of a program. A `use` names a file by its path from the folder of the file that it stands in, and brings in
// what that file declares, not what that one uses.
//
// Input: the program's text and a reader of files. Output: the trees of all files, and a scope of constants for each.
// Invariants: a file is read once, however many lead to it; no file leads to itself; only constants, fns and blocks
// come from files that are used, and no name is declared in two of them. The order of files follows from the texts
// alone.
#include "files.h"
#include "errors_files.h"
#include "program.h"
#include <string.h>

// --------------------------------------------------------------------------------------------------- what is read

static const char *beside(Arena *arena, const char *file, const char *path)
{
    const char *slash = strrchr(file, '/');
    if (path[0] == '/' || !slash)
        return path;
    return arena_format(arena, "%.*s%s", (int)(slash - file) + 1, file, path);
}

static int known(const Files *files, const char *identity)
{
    for (int k = 0; k < files->count; k++)
        if (strcmp(files->items[k].identity, identity) == 0)
            return k;
    return -1;
}

static const char *identity_of(const SourceReader *reader, Arena *arena, const char *path)
{
    const char *identity = reader ? reader->identity(reader, arena, path) : NULL;
    return identity ? identity : path;
}

// The file of a `use`: one that is known, or a new one at the end of the source; -1 after a message.
static int file_of(Program *program, const SourceReader *reader, int user, const Ast *use)
{
    Arena *arena = program->arena;
    const char *error = NULL, *from = program->source->files[user].path;
    const char *path = beside(arena, from, use->text), *identity = identity_of(reader, arena, path);
    int found = known(&program->files, identity);
    if (found >= 0)
        return found;
    Text bytes = text_new(arena);
    if (!reader)
        error = arena_format(arena, "`%s` cannot be read: this program stands alone", path);
    else if (reader->read(reader, arena, path, &bytes, &error) &&
        source_add(arena, program->source, path, bytes.data, bytes.length, &error))
        error = NULL;
    if (error) {
        error_file(program->diags, use->name_span, error, use->text, from);
        return -1;
    }
    File file = {.identity = identity, .first_use = use};
    vec_push(arena, &program->files, file);
    return program->files.count - 1;
}

// Only the first of what does not belong there has a message: a whole program may have been meant as a library.
static void check_used(Program *program, const Ast *file, const Ast *use)
{
    VEC(const Ast *) misplaced = {0};
    for (int i = 0; i < file->children; i++) {
        AstKind kind = file->child[i]->kind;
        if (kind == AST_MODEL || kind == AST_SECTION || kind == AST_OPTIMIZER || kind == AST_SCHEDULE)
            vec_push(program->arena, &misplaced, (const Ast *)file->child[i]);
    }
    if (misplaced.count > 0)
        error_file_section(program->diags, program->source, misplaced.items, misplaced.count, use);
}

// ------------------------------------------------------------------------------------------------------- circles

// Where the walk stands: in a file, at one of its uses.
typedef struct {
    int file, next;
} Step;

typedef VEC(Step) Steps;

// Calls `leave` for each file behind all files that it uses. A walk with a list of its own: chains may be long.
static void walk(Program *program, void (*leave)(Program *program, int file, const void *data), const void *data)
{
    enum { NEW, ACTIVE, DONE };
    Arena *arena = program->arena;
    char *state = arena_new(arena, char, program->files.count);
    Steps steps = {0};
    vec_push(arena, &steps, ((Step){0, 0}));
    state[0] = ACTIVE;
    while (steps.count > 0) {
        Step *step = &steps.items[steps.count - 1];
        const FileUses *uses = &program->files.items[step->file].uses;
        if (step->next == uses->count) {
            state[step->file] = DONE;
            if (leave)
                leave(program, step->file, data);
            steps.count--;
            continue;
        }
        const FileUse *use = &uses->items[step->next++];
        if (use->file < 0 || state[use->file] == DONE)
            continue;
        if (state[use->file] == NEW) {
            state[use->file] = ACTIVE;
            vec_push(arena, &steps, ((Step){use->file, 0}));
            continue;
        }
        int first = 0;
        while (steps.items[first].file != use->file)
            first++;
        const char **chain = arena_new(arena, const char *, steps.count - first);
        for (int k = first; k < steps.count; k++)
            chain[k - first] = program->source->files[steps.items[k].file].path;
        error_file_circle(program->diags, use->use->name_span, chain, steps.count - first);
    }
}

// ------------------------------------------------------------------------------------------------- declarations

static bool is_shared(const Ast *declaration)
{
    return declaration->kind == AST_CONST || declaration->kind == AST_FN || declaration->kind == AST_BLOCK;
}

// What two files declare. Twice in one file is seen by whoever reads the declarations.
static void check_names(Program *program)
{
    Map names = map_new(program->arena);
    for (int k = 0; k < program->files.count; k++) {
        const Ast *file = program->files.items[k].ast;
        for (int i = 0; i < file->children; i++) {
            const Ast *declaration = file->child[i];
            const Ast *first = is_shared(declaration) ? map_get(&names, declaration->text) : NULL;
            if (!is_shared(declaration))
                continue;
            if (!first)
                map_set(&names, declaration->text, (void *)declaration);
            else if (source_file(program->source, first->span.from) != &program->source->files[k])
                error_file_name(program->diags, first, declaration);
        }
    }
}

// The tree of the program, with the fns and blocks of the others.
static Ast *joined(Program *program)
{
    const Ast *main = program->files.items[0].ast;
    int count = 0;
    for (int k = 0; k < program->files.count; k++)
        count += program->files.items[k].ast->children;
    Ast *all = arena_new(program->arena, Ast, 1);
    *all = *main;
    all->child = arena_new(program->arena, Ast *, count);
    all->children = 0;
    for (int k = 0; k < program->files.count; k++) {
        const Ast *file = program->files.items[k].ast;
        all->height = file->height > all->height ? file->height : all->height;
        for (int i = 0; i < file->children; i++)
            if (k == 0 || file->child[i]->kind == AST_FN || file->child[i]->kind == AST_BLOCK)
                all->child[all->children++] = file->child[i];
    }
    return all;
}

void files_read(Program *program, const SourceReader *reader)
{
    Arena *arena = program->arena;
    Files *files = &program->files;
    File first = {.identity = identity_of(reader, arena, program->source->path)};
    vec_push(arena, files, first);
    VEC(Span) comments = {0};
    for (int k = 0; k < files->count; k++) {
        SourceFile place = program->source->files[k];
        Parsed parsed = parse_file(arena, program->diags, program->source, &place);
        files->items[k].ast = parsed.file;
        for (int i = 0; i < parsed.comments.count; i++)
            vec_push(arena, &comments, parsed.comments.items[i]);
        for (int i = 0; i < parsed.file->children; i++)
            if (parsed.file->child[i]->kind == AST_USE) {
                FileUse use = {parsed.file->child[i], file_of(program, reader, k, parsed.file->child[i])};
                vec_push(arena, &files->items[k].uses, use);
            }
        if (k > 0)
            check_used(program, parsed.file, files->items[k].first_use);
    }
    walk(program, NULL, NULL);
    check_names(program);
    program->parsed = (Parsed){.file = joined(program), .comments = {comments.items, comments.count}};
}

// --------------------------------------------------------------------------------------------------------- scopes

static void settle(Program *program, int k, const void *sets)
{
    File *file = &program->files.items[k];
    const Scope **used = arena_new(program->arena, const Scope *, file->uses.count);
    for (int i = 0; i < file->uses.count; i++)
        used[i] = program->files.items[file->uses.items[i].file].constants;
    file->constants =
        constants_of_file(program->arena, program->diags, file->ast, used, file->uses.count, k == 0 ? sets : NULL);
}

void files_constants(Program *program, const ConstantSets *sets) { walk(program, settle, sets); }

static int index_of(const Program *program, Span at)
{
    return (int)(source_file(program->source, at.from) - program->source->files);
}

const Scope *files_scope(const Program *program, Span at)
{
    int k = index_of(program, at);
    return program->files.items[k < program->files.count ? k : 0].constants; // the command line is the program's
}

bool files_see(const Program *program, Span at, const Ast *declaration)
{
    int user = index_of(program, at), of = index_of(program, declaration->span);
    const FileUses *uses = &program->files.items[user < program->files.count ? user : 0].uses;
    for (int i = 0; i < uses->count; i++)
        if (uses->items[i].file == of)
            return true;
    return user == of;
}

bool files_is_library(const Ast *file)
{
    bool any = false;
    for (int i = 0; i < file->children; i++) {
        if (!is_shared(file->child[i]) && file->child[i]->kind != AST_USE)
            return false;
        any = true;
    }
    return any;
}
