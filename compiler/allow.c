// `# mtc: allow W0201`: which item a comment is about, and which warnings that silences.
//
// Input: the tree, the comments, and all messages. Output: fewer messages, and new ones (W0001) about comments without
// an effect. Invariant: errors stay, and nothing but messages depends on such a comment.
#include "allow.h"
#include "errors_allow.h"
#include "base/vec.h"
#include <string.h>

// Items in the order of the text; `above` is the one around it, -1 at the top level.
typedef struct {
    Span span;
    int above;
} Item;

typedef struct {
    Arena *arena;
    Diags *diags;
    const Source *source;
    const Parsed *parsed;
    bool complete;
    int messages; // of the passes; what is added here is never allowed
    VEC(Item) items;
} Allow;

static void collect(Allow *a, const Ast *node, int above)
{
    for (int i = 0; i < node->children; i++) {
        const Ast *child = node->child[i];
        int inside = above;
        if (child->kind >= AST_NUMBER)
            continue;
        if (node->kind == AST_FILE || node->kind == AST_BODY) {
            Item item = {child->span, above};
            inside = a->items.count;
            vec_push(a->arena, &a->items, item);
        }
        collect(a, child, inside);
    }
}

// How many items begin before a place.
static int begun(const Allow *a, int offset)
{
    int low = 0, high = a->items.count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (a->items.items[middle].span.from < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// The item directly below a comment, with blanks, newlines and other comments between; or NULL. `below` is what this
// function said about the comment that follows, which is `next`.
static const Item *item_below(const Allow *a, Span comment, const Span *next, const Item *below)
{
    int k = begun(a, comment.to), at = comment.to + (int)strspn(a->source->text + comment.to, " \t\r\n");
    if (next && at == next->from)
        return below;
    return k < a->items.count && at == a->items.items[k].span.from ? &a->items.items[k] : NULL;
}

// The item at the end of whose line a comment stands, or NULL.
static const Item *item_beside(const Allow *a, Span comment)
{
    int before = comment.from;
    while (before > 0 && strchr(" \t", a->source->text[before - 1]))
        before--;
    int k = begun(a, before) - 1;
    while (k >= 0 && a->items.items[k].span.to < before)
        k = a->items.items[k].above;
    return k >= 0 ? &a->items.items[k] : NULL;
}

// What has to go so that a comment is no longer there: its line, or it and the blanks in front.
static Span whole(const Source *source, Span comment)
{
    Span span = comment;
    while (span.from > 0 && strchr(" \t", source->text[span.from - 1]))
        span.from--;
    if (ast_first_in_line(source, comment.from)) {
        span.to += (int)strspn(source->text + span.to, " \t\r");
        span.to += source->text[span.to] == '\n';
    }
    return span;
}

typedef struct {
    Span codes, comment; // between `allow` and the end or another `#`
    int count;
    const Item *item;
} Codes;

// The word behind `at`, inside the codes; empty at their end.
static Span next_word(const Source *source, const Codes *codes, int at)
{
    while (at < codes->codes.to && strchr(" \t,", source->text[at]))
        at++;
    int to = at;
    while (to < codes->codes.to && !strchr(" \t,", source->text[to]))
        to++;
    return (Span){codes->comment.file, at, to};
}

// A code and what parts it from the next one, or from the one before where it is the last; or the comment.
static Removal without(const Allow *a, const Codes *codes, Span word)
{
    Span next = next_word(a->source, codes, word.to), span = word;
    if (codes->count == 1)
        return (Removal){whole(a->source, codes->comment), true};
    if (next.from < next.to)
        span.to = next.from;
    while (next.from == next.to && strchr(" \t,", a->source->text[span.from - 1]))
        span.from--;
    return (Removal){span, false};
}

static void allow_code(Allow *a, const Codes *codes, Span word)
{
    const char *name = arena_copy(a->arena, a->source->text + word.from, (size_t)(word.to - word.from));
    Code code = code_find(name);
    Removal removal = without(a, codes, word);
    if (code == DIAG_CODES)
        error_allow_unknown(a->diags, word, name, &removal);
    else if (code_is_error(code))
        error_allow_error(a->diags, word, code, &removal);
    else if (!(codes->item && diags_allow(a->diags, a->messages, code, codes->item->span)) && a->complete)
        error_allow_unused(a->diags, word, code, &removal, codes->item != NULL);
}

static void follow(Allow *a, Span comment, const Item *below)
{
    const char *text = a->source->text;
    int at = comment.from + (int)strcspn(text + comment.from, ":") + 1;
    Codes codes = {.codes = {comment.file, at, comment.to}, .comment = comment,
        .item = ast_first_in_line(a->source, comment.from) ? below : item_beside(a, comment)};
    const char *reason = memchr(text + at, '#', (size_t)(comment.to - at));
    if (reason)
        codes.codes.to = (int)(reason - text);
    Span word = next_word(a->source, &codes, at);
    const char *name = arena_copy(a->arena, text + word.from, (size_t)(word.to - word.from));
    if (strcmp(name, "allow") != 0) {
        if (*name)
            error_unknown_instruction(a->diags, word, name);
        else
            error_allow_nothing(a->diags, comment);
        return;
    }
    for (Span next = next_word(a->source, &codes, word.to); next.from < next.to;
         next = next_word(a->source, &codes, next.to))
        codes.count++;
    if (codes.count == 0)
        error_allow_nothing(a->diags, comment);
    for (Span next = next_word(a->source, &codes, word.to); next.from < next.to;
         next = next_word(a->source, &codes, next.to))
        allow_code(a, &codes, next);
}

void allow_apply(Arena *arena, Diags *diags, const Source *source, const Parsed *parsed, bool complete)
{
    Allow a = {.arena = arena, .diags = diags, .source = source, .parsed = parsed, .complete = complete,
        .messages = diags_count(diags)};
    const Span *comments = parsed->comments.items;
    int count = parsed->comments.count;
    const Item *below = NULL;
    bool any = false;
    for (int i = 0; i < count && !any; i++)
        any = ast_comment_is_instruction(source, comments[i]);
    if (any)
        collect(&a, parsed->file, -1);
    for (int i = count - 1; i >= 0 && any; i--) {
        below = item_below(&a, comments[i], i + 1 < count ? &comments[i + 1] : NULL, below);
        if (ast_comment_is_instruction(source, comments[i]))
            follow(&a, comments[i], below);
    }
    diags_drop_allowed(diags);
}
