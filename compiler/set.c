// Constants from the command line (LANGUAGE 4.5): compiled as if the program had the other value in its text.
//
// Input: words NAME=value. Output: for each the tree of its value. Invariants: a name is that of a constant at the top
// level of the program itself; nothing of the command line but the values can reach the output.
#include "set.h"
#include "errors_files.h"
#include "program.h"
#include <ctype.h>
#include <string.h>

bool set_is_one(const char *word, int *length)
{
    int n = 0;
    while (isalnum((unsigned char)word[n]) || word[n] == '_')
        n++;
    *length = n;
    return n > 0 && isalpha((unsigned char)word[0]) && word[n] == '=';
}

// A constant of that name in the body of a model, a block or a section.
static const Ast *inside(const Ast *ast, const char *name)
{
    for (int i = 0; i < ast->children; i++) {
        const Ast *child = ast->child[i];
        bool found = child->kind == AST_CONST && strcmp(child->text, name) == 0;
        const Ast *deeper = found ? child : inside(child, name);
        if (deeper)
            return deeper;
    }
    return NULL;
}

// What is set must be a constant of the program's top level.
static bool check_name(Program *program, const ConstantSet *set)
{
    const Ast *file = program->files.items[0].ast, *elsewhere = NULL;
    if (ast_declaration(file, AST_CONST, set->name))
        return true;
    const char *names[SET_NAME_LIMIT];
    int count = 0;
    for (int i = 0; i < file->children && count < SET_NAME_LIMIT; i++)
        if (file->child[i]->kind == AST_CONST)
            names[count++] = file->child[i]->text;
    bool other_file = false;
    for (int k = 1; k < program->files.count && !elsewhere; k++)
        elsewhere = ast_declaration(program->files.items[k].ast, AST_CONST, set->name);
    other_file = elsewhere != NULL;
    if (!elsewhere)
        elsewhere = inside(file, set->name);
    error_set_unknown(program->diags, set, names, count, elsewhere, other_file);
    return false;
}

static void read_one(Program *program, Span word, int name_length)
{
    const Source *source = program->source;
    ConstantSet set = {.name = arena_copy(program->arena, source->text + word.from, (size_t)name_length),
        .name_span = {0, word.from, word.from + name_length}};
    set.value = parse_value(program->arena, program->diags, source, (Span){0, set.name_span.to + 1, word.to});
    if (set.value && check_name(program, &set))
        vec_push(program->arena, &program->sets, set);
}

void sets_read(Program *program, const char *const *words, int count)
{
    static const char flag[] = "--set ";
    Text text = text_new(program->arena);
    const char *error = NULL;
    for (int k = 0; k < count; k++)
        text_add(&text, "%s%s%s", k > 0 ? "\n" : "", flag, words[k]);
    program->command_line = (Span){0, -1, -1};
    if (count == 0)
        return;
    if (!source_add(program->arena, program->source, "<command line>", text.data, text.length, &error)) {
        error_set_room(program->diags, error);
        return;
    }
    const SourceFile *file = source_file(program->source, program->source->length);
    program->command_line = (Span){0, file->from, file->to};
    for (int k = 0, at = file->from; k < count; k++) {
        int name_length;
        Span word = {0, at + (int)strlen(flag), at + (int)strlen(flag) + (int)strlen(words[k])};
        if (set_is_one(words[k], &name_length))
            read_one(program, word, name_length);
        at = word.to + 1;
    }
}
