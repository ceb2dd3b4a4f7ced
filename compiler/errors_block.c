// The words of the messages on blocks, repeat, when, share and tied parameters.
#include "errors_block.h"
#include "statement.h"
#include "suggest.h"
#include <string.h>

// The names of the inputs or options of a signature; how many.
static int names_of(const Ast *block, AstKind kind, const char **names, int room)
{
    const Ast *signature = block->child[0];
    int count = 0;
    for (int i = 0; i < signature->children && count < room; i++)
        if (signature->child[i]->kind == kind)
            names[count++] = signature->child[i]->text;
    return count;
}

// "basic(x; ch, stride=1)", as it is declared.
static const char *signature(Program *program, const Ast *block)
{
    return arena_format(program->arena, "%s%s", block->text,
        source_quote(program->source, program->arena, block->child[0]->span));
}

void error_block_option(Program *program, const Ast *block, const Ast *argument)
{
    const char *names[32];
    int count = names_of(block, AST_OPTION, names, 32);
    const char *best = suggest(argument->text, names, count);
    Diag *d = diag_add(program->diags, E0201, argument->name_span, "block %s has no option `%s`", block->text, argument->text);
    if (best)
        diag_label(d, "did you mean `%s`?", best);
    diag_fact(d, "%s", signature(program, block));
    if (best) {
        diag_help(d, "write `%s`", best);
        diag_edit(d, argument->name_span, best);
    }
}

void error_block_positional(Program *program, const Ast *block, const Ast *stage, int given)
{
    const char *names[32];
    int inputs = names_of(block, AST_INPUT, names, 32), options = names_of(block, AST_OPTION, names, 32);
    int most = (inputs > 0 ? inputs - 1 : 0) + options;
    const Ast *last = stage->child[stage->children - 1];
    Diag *d = diag_add(program->diags, E0203, span_join(stage->child[1]->span, last->span),
        "block %s takes %d positional argument%s, got %d", block->text, most, most == 1 ? "" : "s", given);
    diag_label(d, inputs > 1 ? "its further inputs, then its options" : options > 0 ? "its options" : "it has no options");
    diag_fact(d, "%s", signature(program, block));
}

void error_block_missing_option(Program *program, const Ast *block, Span stage, const char *name)
{
    Diag *d = diag_add(program->diags, E0204, stage, "block %s needs `%s`", block->text, name);
    diag_fact(d, "%s", signature(program, block));
}

void error_given_twice(Program *program, const char *to, const char *name, Span span)
{
    diag_label(diag_add(program->diags, E0207, span, "%s is given `%s` twice", to, name), "given before");
}

void error_block_inputs(Program *program, const Ast *block, Span stage, int wanted, int given)
{
    Diag *d = diag_add(program->diags, E0208, stage, "block %s takes %d value%s, got %d", block->text, wanted,
        wanted == 1 ? "" : "s", given);
    diag_fact(d, "%s", signature(program, block));
    if (wanted > 1)
        diag_fact(d, "the first comes from the left, the others stand first in the parentheses");
}

void error_block_input(Program *program, Span stage, const Ast *input, const Value *value, const char *what)
{
    Diag *d = diag_add(program->diags, E0302, stage, "`%s` does not fit the input `%s` of the block",
        type_text(program->arena, &value->type), input->text);
    if (what)
        diag_label(d, "%s", what);
    diag_note(d, input->span, "the input is declared here");
    bool any = false;
    for (int i = 0; i < value->type.rank; i++)
        any |= value->type.axis[i].origin != NULL;
    if (any) {
        diag_note(d, (Span){0, -1, -1}, "where the sizes of `%s` come from", value->path);
        facts_of_sizes(program, d, &value->type);
    }
}

void error_block_circle(Program *program, Span stage, const char *const *names, int count)
{
    Diag *d = diag_add(program->diags, E0106, stage, "a block cannot use itself");
    Text text = text_new(program->arena);
    for (int i = 0; i < count; i++)
        text_add(&text, "%s%s", i ? " uses " : "", names[i]);
    diag_label(d, "%s", text.data);
}

void error_shares_nothing(Program *program, Span span, const char *name, const char *why, Span other)
{
    Diag *d = diag_add(program->diags, E0107, span, "`%s` has no parameters to use again", name);
    diag_label(d, "%s", why);
    if (other.to > other.from)
        diag_note(d, other, "`%s` is made here", name);
}

void error_shares_repeat(Program *program, Span span, const char *name, const char *first, Span made)
{
    Diag *d = diag_add(program->diags, E0107, span, "the parameters of a repeat cannot be used again");
    diag_label(d, "each round of `%s` has its own: `%s` ...", name, first);
    diag_note(d, made, "`%s` is made here", name);
    diag_help(d, "put what is to be shared into a block, and share a row that uses it");
}

void error_parameter_tied(Program *program, Span span, const char *path, const char *owner)
{
    Diag *d = diag_add(program->diags, E0101, span, "unknown parameter `%s`", path);
    diag_label(d, "this is `%s`, which the row uses again", owner);
    diag_help(d, "write `%s`", owner);
    diag_edit(d, span, owner);
}

void error_parameter_of_row(Program *program, Span span, const char *row, const char *const *names, int count)
{
    Diag *d = diag_add(program->diags, E0101, span, "unknown parameter `%s`", row);
    diag_label(d, "a row: its parameters have names of their own");
    Text all = text_new(program->arena);
    for (int k = 0; k < count && k < 4; k++)
        text_add(&all, "%s`%s`", k ? ", " : "", names[k]);
    diag_fact(d, "`%s` owns %s%s", row, all.data, count > 4 ? " ..." : "");
}

void error_shared_shape(Program *program, Span span, const char *path, const Type *has, const Type *wanted)
{
    Diag *d = diag_add(program->diags, E0108, span, "`%s` is %s, and %s is needed here", path,
        type_text(program->arena, has), type_text(program->arena, wanted));
    diag_label(d, "the same parameter, so the same shape");
}

void error_unnamed_block(Program *program, Span stage, Span row, const char *what, const char *first)
{
    Diag *d = diag_add(program->diags, E0103, stage, "this %s has parameters, so its row needs a name", what);
    diag_label(d, "owns `%s`", first);
    diag_fact(d, "the name is the checkpoint key and the C symbol; it must not depend on position");
    diag_help(d, "name the row, for example");
    diag_edit(d, span_start(row), "stage1: ");
}

void error_second_owner(Program *program, const Row *row, Span first, const char *a, Span second, const char *b)
{
    Diag *d = diag_add(program->diags, E0104, second, "two layers with parameters in one row");
    diag_label(d, "would have `%s.%s` too", row->path, b);
    diag_second(d, first, "has `%s.%s`", row->path, a);
    diag_help(d, "give each its own row");
}

void error_repeat(Program *program, Span span, const char *message, const char *given)
{
    diag_label(diag_add(program->diags, E0110, span, "%s", message), "this is %s", given);
}

void error_several_values(Program *program, Span span, const char *what, int values)
{
    Diag *d = diag_add(program->diags, E0109, span, "%s", what);
    diag_label(d, "%d value%s", values, values == 1 ? "" : "s");
}

// "axes 1, 2 and 3 differ"
static const char *differing(Arena *arena, const Type *a, const Type *b)
{
    int axes[MAX_RANK], count = 0;
    for (int i = 0; i < a->rank; i++)
        if (a->axis[i].value != b->axis[i].value)
            axes[count++] = i;
    Text text = text_new(arena);
    text_string(&text, count == 1 ? "axis " : "axes ");
    for (int i = 0; i < count; i++)
        text_add(&text, "%s%d", i == 0 ? "" : i == count - 1 ? " and " : ", ", axes[i]);
    text_string(&text, count == 1 ? " differs" : " differ");
    return text.data;
}

// "block input, the value of `s1`, line 26"; or where the sizes that differ come from: "16 = (32 + 2*1 - 3) // 2 + 1, line 14".
static const char *where_from(Program *program, const Value *value, const Value *other)
{
    Arena *arena = program->arena;
    if (value->wired == WIRED_IN) {
        const Value *from = value_handed_on(value->alias);
        bool made = from->maker && !from->alias;
        return arena_format(arena, "block input, the value of `%s`, line %d", from->path,
            source_line(program->source, (made ? from->maker->row->span : from->span).from));
    }
    Text text = text_new(arena);
    const Origin *last = NULL;
    for (int i = 0; i < value->type.rank; i++) {
        const Origin *origin = value->type.axis[i].origin;
        bool differs = other->type.rank != value->type.rank || other->type.axis[i].value != value->type.axis[i].value;
        if (!origin || !differs || (last && last->value == origin->value && last->span.from == origin->span.from))
            continue;
        if (origin->how && *origin->how)
            text_add(&text, "%s%ld = %s", text.length ? "; " : "", origin->value, origin->how);
        else
            text_add(&text, "%s%ld from %s", text.length ? "; " : "", origin->value, origin->stage);
        last = origin;
    }
    if (last)
        text_add(&text, ", line %d", source_line(program->source, last->span.from));
    return text.data;
}

void error_join(Program *program, const char *verb, Span stage, const Value *left, const Value *right, Span right_span)
{
    Arena *arena = program->arena;
    const char *types[] = {type_text(arena, &left->type), type_text(arena, &right->type)};
    const char *name = arena_format(arena, "`%s`", source_quote(program->source, arena, right_span));
    Diag *d = diag_add(program->diags, E0301, stage, "cannot %s %s and %s", verb, types[0], types[1]);
    bool same_rank = left->type.rank == right->type.rank;
    diag_label(d, "%s", same_rank ? differing(arena, &left->type, &right->type) : "values of different rank");
    int width = (int)(strlen(name) > 5 ? strlen(name) : 5), wide = (int)strlen(types[0]);
    wide = (int)strlen(types[1]) > wide ? (int)strlen(types[1]) : wide;
    diag_fact(d, "%-*s   %-*s   %s", width, "trunk", wide, types[0], where_from(program, left, right));
    diag_fact(d, "%-*s   %-*s   %s", width, name, wide, types[1], where_from(program, right, left));
    if (same_rank && right->wired == WIRED_IN) {
        diag_help(d, "give the block a projection for the cases where the shapes change, and add that");
        diag_fact(d, "for example  skip = %s -> conv2d(ch, 1, stride=stride) when stride != 1 || C != ch",
            source_quote(program->source, arena, right_span));
    }
}
