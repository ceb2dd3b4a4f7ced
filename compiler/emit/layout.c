// Breaks a line of C the way clang-format 14 does with the project's .clang-format, so that what is emitted needs no
// formatting. Not all of C: what the emitters write (calls, prototypes, assignments, conditions, loops, initialisers).
//
// The idea is clang-format's. Each place where a line may end has a price, higher the deeper it is in brackets and the
// tighter the operator binds; binary expressions count as brackets ("fake" ones, see layout_line.c). The cheapest way
// is found by Dijkstra's search over the tokens, each of which goes on the same line or on a new one. A state is the
// column and a stack with one level for each open bracket, real or fake, which knows how far a new line is indented
// there, and what is allowed in it: for example no operand is cut in two while its operator stays on the line.
//
// Input: a line whose blanks are right. Output: the line with newlines. Invariant: only blanks become newlines, except
// in front of -> and . and behind brackets, where there is none.
#include "layout.h"
#include "layout_line.h"
#include <string.h>

enum { INDENT = 4, DEPTH = 40, MANY_STATES = 6000 };

// ------------------------------------------------------------------------------------------------------- prices

static bool may_break(const Token *left, const Token *right)
{
    if (token_closes(right) || right->kind == COMMENT || right->precedence == UNKNOWN)
        return false;
    if (right->precedence == CONDITIONAL)
        return true;
    if (left->precedence == CONDITIONAL)
        return false;
    if (left->kind == OPERATOR)
        return left->precedence != MEMBER;
    return (left->kind == OPEN && *left->text != '[') || right->precedence == MEMBER || *right->text == '[' ||
        (left->kind == CAST && right->kind == WORD);
}

static int price(const Line *line, int i)
{
    const Token *right = &line->tokens[i], *left = right - 1;
    if (left->precedence == UNKNOWN)
        return 0;
    if (*right->text == '[')
        return 500;
    if (token_is(left, "=") && *right->text == '{')
        return 160;
    if (left->kind == CAST)
        return 100;
    if (right->precedence == MEMBER)
        return 150;
    if (line->for_loop && token_is(left, "="))
        return 4;
    if (left->kind == OPEN)
        return i > 1 && (token_is(left - 1, "for") || token_is(left - 1, "if")) ? 1000 : 0;
    if (left->kind == SIGN)
        return 60;
    int precedence = left->kind == OPERATOR ? left->precedence : right->kind == OPERATOR ? right->precedence : NONE;
    return precedence > UNKNOWN ? precedence : 3;
}

// ------------------------------------------------------------------------------------------------------- states

// What is known of an open bracket.
typedef struct {
    short indent;     // of a new line in it
    short last_space; // the column that a bracket in it is indented from
    short question;   // the column of its ?, or 0
    short member;     // that of a broken ->, or 0
    short call;       // where a chain of members began, or 0
    bool broken;      // a line has ended in it
    bool all;         // then every further comma or operator of it ends a line
    bool whole;       // no line may end in it,
    bool operand;     // nor in this operand
    bool wrapped;     // its colon began a line
    bool pack_not;    // one element a line
} Level;

typedef struct State State;
struct State {
    State *from, *next; // the state before; another one at the same token
    long price;
    int order;    // in which they were found
    bool newline; // whether the token before began a line
    int at, column, depth;
    Level stack[DEPTH];
};

typedef struct {
    Arena *arena;
    const Line *line;
    State **states; // by token
    int count, indent;
    State **heap;
    int heap_count, heap_room;
} Search;

static Level *top(State *s) { return &s->stack[s->depth]; }

static short most(int a, int b) { return (short)(a > b ? a : b); }

static void push(State *s, Level level)
{
    if (s->depth + 1 < DEPTH)
        s->stack[++s->depth] = level;
    else
        s->stack[DEPTH - 1] = level;
}

static bool must_break(const Search *search, State *s)
{
    const Token *t = &search->line->tokens[s->at], *before = t - 1;
    const Level *level = top(s);
    if (!level->all || token_closes(t) || t->kind == COMMENT)
        return false;
    if (before->precedence == COMMA || before->precedence == UNKNOWN ||
        (t->precedence == CONDITIONAL && !token_is(before, "?")))
        return true;
    bool binary = before->kind == OPERATOR && before->precedence > CONDITIONAL && before->precedence < UNARY;
    bool comparison = before->precedence == EQUAL || before->precedence == RELATIONAL;
    return binary && (!comparison || (s->at > 1 && before[-1].ends_binary));
}

static bool can_break(const Search *search, State *s)
{
    const Token *t = &search->line->tokens[s->at];
    bool binary = t->precedence == COMMA || (t->precedence > CONDITIONAL && t->precedence < UNARY);
    return t->may_break && (binary || !top(s)->operand) && !top(s)->whole;
}

static int new_column(const Search *search, State *s)
{
    const Token *t = &search->line->tokens[s->at], *before = t - 1;
    const Level *level = top(s);
    int continued = most(level->last_space, level->indent) + INDENT;
    if (t->precedence == MEMBER)
        return level->member ? level->member : continued;
    if (level->question && (token_is(t, ":") || before->precedence == CONDITIONAL)) {
        const Token *next = t + 1;
        bool chained = token_is(t, ":") && next->fake_count > 0 && next->fakes[next->fake_count - 1] == CONDITIONAL;
        return chained ? level->indent : level->question;
    }
    if (token_closes(before) && t->kind != OPERATOR)
        return continued;
    return level->indent == search->indent ? level->indent + INDENT : level->indent;
}

static long add_on_new_line(const Search *search, State *s)
{
    const Token *t = &search->line->tokens[s->at], *before = t - 1;
    long cost = (top(s)->broken ? 0 : 15) + t->price;
    s->column = new_column(search, s);
    Level *level = top(s);
    level->broken = true;
    if (t->precedence == MEMBER && !level->member)
        level->member = (short)s->column;
    bool binary = before->kind == OPERATOR && before->precedence > CONDITIONAL && before->precedence < UNARY;
    bool assigned = before->precedence == ASSIGNMENT;
    bool comma = before->precedence == COMMA || before->precedence == UNKNOWN;
    if ((comma && !level->pack_not) || binary || assigned)
        level->all = false;
    if (token_is(t, "?") || token_is(before, "?"))
        level->all = true;
    level->last_space = (short)s->column;
    for (int k = 0; k < s->depth; k++)
        s->stack[k].all = true;
    if (!comma && !token_is(before, ":") && !binary && !assigned && before->kind != OPEN)
        level->all = true;
    if (level->pack_not && before->kind != OPEN)
        level->all = true;
    return cost;
}

static void add_on_same_line(const Search *search, State *s)
{
    const Token *t = &search->line->tokens[s->at], *before = t - 1;
    Level *level = top(s);
    int precedence = before->kind == OPERATOR ? before->precedence : NONE;
    if (level->pack_not && precedence == COMMA)
        level->whole = true;
    bool operand = (precedence >= COMMA && precedence < UNARY && precedence != CONDITIONAL) || token_is(before, ":");
    bool hangs = precedence == ASSIGNMENT || precedence == RELATIONAL || (precedence == CONDITIONAL && level->wrapped);
    if (operand && !hangs)
        level->operand = true;
    s->column += t->blanks;
    bool head = before->kind == OPEN && s->at > 1 && (token_is(before - 1, "for") || token_is(before - 1, "if"));
    if (head || precedence == COMMA ||
        (precedence > UNKNOWN && precedence < UNARY && (precedence != ASSIGNMENT || t->starts_binary)))
        level->last_space = (short)s->column;
}

static void enter_expressions(const Search *search, State *s)
{
    const Token *t = &search->line->tokens[s->at], *before = s->at > 0 ? t - 1 : NULL;
    bool opened = before && before->kind == OPEN, returned = before && token_is(before, "return");
    bool skip = before && (opened || before->precedence == UNKNOWN || returned);
    for (int k = t->fake_count - 1; k >= 0; k--) {
        int precedence = t->fakes[k];
        Level level = *top(s);
        level.broken = false;
        level.wrapped = true;
        level.whole |= level.operand;
        if (precedence > COMMA)
            level.pack_not = false;
        if (precedence < ASSIGNMENT && (!returned || precedence > 0) && (precedence != COMMA || t->level == 0))
            level.indent = most(most(s->column, level.indent), top(s)->last_space);
        if (precedence > UNKNOWN)
            level.last_space = most(level.last_space, s->column);
        bool chained = precedence == CONDITIONAL && before && token_is(before, ":") && k == t->fake_count - 1;
        if (!chained && (precedence == CONDITIONAL || (!skip && precedence > ASSIGNMENT)))
            level.indent += INDENT;
        if ((before && !opened) || precedence != COMMA)
            level.all = false;
        push(s, level);
        skip = false;
    }
}

static void open_bracket(const Search *search, State *s)
{
    const Token *t = &search->line->tokens[s->at];
    const Level *outer = top(s);
    Level level = {.last_space = outer->last_space, .wrapped = true, .whole = outer->whole || outer->operand};
    if (*t->text == '{') {
        level.indent = (short)(outer->last_space + INDENT);
        level.pack_not = s->at + 1 < search->line->count && *t[1].text == '.';
    } else
        level.indent = (short)(INDENT + most(outer->last_space, outer->call));
    push(s, level);
}

// Behind the token that was just placed.
static long advance(const Search *search, State *s)
{
    const Token *t = &search->line->tokens[s->at];
    if (token_is(t, ":"))
        top(s)->wrapped = s->newline;
    if (t->kind == OPERATOR && t->precedence < UNARY)
        top(s)->operand = false;
    if (token_is(t, "?"))
        top(s)->question = (short)s->column;
    if (t->precedence == MEMBER)
        top(s)->call = (short)(t->more ? s->column : 0);
    enter_expressions(search, s);
    if (token_closes(t) && s->depth > 0)
        s->depth--;
    if (t->kind == OPEN)
        open_bracket(search, s);
    for (int k = 0; k < t->ends && s->depth > 0; k++)
        s->depth--;
    s->column += t->length;
    s->at++;
    return s->column > LAYOUT_WIDTH ? 1000000L * (s->column - LAYOUT_WIDTH) : 0;
}

// ------------------------------------------------------------------------------------------------------- search

// Of two equally cheap ones that which was found first.
static bool before_in_heap(const State *a, const State *b)
{
    return a->price < b->price || (a->price == b->price && a->order < b->order);
}

static void heap_put(Search *search, State *s)
{
    if (search->heap_count == search->heap_room) {
        State **larger = arena_new(search->arena, State *, search->heap_room * 2 + 64);
        if (search->heap_count)
            memcpy(larger, search->heap, (size_t)search->heap_count * sizeof *larger);
        search->heap = larger;
        search->heap_room = search->heap_room * 2 + 64;
    }
    int k = search->heap_count++;
    for (; k > 0 && before_in_heap(s, search->heap[(k - 1) / 2]); k = (k - 1) / 2)
        search->heap[k] = search->heap[(k - 1) / 2];
    search->heap[k] = s;
}

static State *heap_take(Search *search)
{
    State *first = search->heap[0], *last = search->heap[--search->heap_count];
    int k = 0;
    for (int child; (child = 2 * k + 1) < search->heap_count; k = child) {
        if (child + 1 < search->heap_count && before_in_heap(search->heap[child + 1], search->heap[child]))
            child++;
        if (!before_in_heap(search->heap[child], last))
            break;
        search->heap[k] = search->heap[child];
    }
    search->heap[k] = last;
    return first;
}

// Whether a state like this one was left before, which was then cheaper.
static bool seen(Search *search, State *s)
{
    for (const State *other = search->states[s->at]; other; other = other->next)
        if (other->column == s->column && other->newline == s->newline &&
            (search->count > MANY_STATES || (other->depth == s->depth &&
                memcmp(other->stack, s->stack, (size_t)(s->depth + 1) * sizeof *s->stack) == 0)))
            return true;
    s->next = search->states[s->at];
    search->states[s->at] = s;
    return false;
}

static void try_next(Search *search, State *from, bool newline)
{
    if (newline ? !can_break(search, from) : must_break(search, from))
        return;
    State *s = arena_new(search->arena, State, 1);
    *s = *from;
    s->from = from;
    s->newline = newline;
    if (newline)
        s->price += add_on_new_line(search, s);
    else
        add_on_same_line(search, s);
    s->price += advance(search, s);
    s->order = ++search->count;
    heap_put(search, s);
}

static const State *cheapest(Search *search)
{
    State *first = arena_new(search->arena, State, 1);
    first->column = search->indent;
    first->stack[0] = (Level){.indent = (short)search->indent, .last_space = (short)search->indent, .wrapped = true};
    advance(search, first);
    heap_put(search, first);
    while (search->heap_count > 0) {
        State *s = heap_take(search);
        if (s->at == search->line->count)
            return s;
        if (seen(search, s))
            continue;
        try_next(search, s, false);
        try_next(search, s, true);
    }
    return NULL;
}

const char *layout_break(Arena *arena, const char *text, int indent)
{
    Line line = layout_line(arena, text);
    for (int i = 1; i < line.count; i++) {
        Token *t = &line.tokens[i];
        t->may_break = may_break(t - 1, t);
        t->price = 20 * t->binding + price(&line, i);
    }
    Search search = {.arena = arena, .line = &line, .indent = indent};
    search.states = arena_new(arena, State *, line.count + 1);
    const State *end = line.count ? cheapest(&search) : NULL;
    if (!end)
        return text;
    const State **path = arena_new(arena, const State *, line.count);
    for (const State *s = end; s; s = s->from)
        path[s->at - 1] = s;
    Text out = text_new(arena);
    for (int i = 0; i < line.count; i++) {
        const Token *t = &line.tokens[i];
        if (path[i]->newline)
            text_add(&out, "\n%*s", path[i]->column - t->length, "");
        else
            text_add(&out, "%*s", i ? t->blanks : 0, "");
        text_put(&out, t->text, (size_t)t->length);
    }
    return out.data;
}
