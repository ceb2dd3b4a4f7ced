// The token filter: between the lexer, which knows no context, and the grammar, which should not have to.
//
// Input: raw tokens. Output: the tokens of the grammar: newlines only where they end an item, words as keywords only
// where they are, every bracket closed before the brace or the end that follows it, every brace closed before the end.
// Invariants: `brackets` and `braces` count what is open among the tokens returned; raw tokens are looked at in any
// number but taken in order; a message is given at most once an item, and only about tokens that are returned.
#include "filter.h"
#include "edition.h"
#include "errors_syntax.h"
#include "mt.tab.h"
#include <string.h>

Filter filter_of(Arena *arena, Diags *diags, const Source *source, Lexer *lexer, bool expression)
{
    Filter filter = {.arena = arena, .diags = diags, .source = source, .lexer = lexer, .expression = expression};
    filter.token[0].kind = filter.token[1].kind = filter.token[2].kind = filter.token[3].kind = -1;
    filter.started = expression;
    return filter;
}

// ---------------------------------------------------------------------------------------------------- raw tokens

static Token peek(Filter *filter, int k)
{
    while (filter->ahead_from + k >= filter->ahead.count) {
        Token token = lexer_next(filter->lexer);
        vec_push(filter->arena, &filter->ahead, token);
    }
    return filter->ahead.items[filter->ahead_from + k];
}

static Token take(Filter *filter)
{
    Token token = peek(filter, 0);
    filter->ahead_from++;
    if (filter->ahead_from == filter->ahead.count)
        filter->ahead_from = filter->ahead.count = 0;
    return token;
}

static void put_back(Filter *filter, Token token)
{
    if (filter->ahead_from == 0) { // as much room in front as there is behind
        int room = filter->ahead.count + 4;
        for (int k = 0; k < room; k++)
            vec_push(filter->arena, &filter->ahead, token);
        memmove(filter->ahead.items + room, filter->ahead.items, (size_t)(filter->ahead.count - room) * sizeof token);
        filter->ahead_from = room;
    }
    filter->ahead.items[--filter->ahead_from] = token;
}

// A token that is not in the text.
static Token invented(int kind, const char *text, Span before)
{
    return (Token){.kind = kind, .text = text, .span = span_start(before)};
}

static bool is_word(const Token *token, const char *words)
{
    return token->kind == TOKEN_NAME && word_in(token->text, strlen(token->text), words);
}

// --------------------------------------------------------------------------------------------------- messages

bool filter_may_report(Filter *filter)
{
    filter->failed = true;
    if (!filter->diags || filter->reported || filter->errors >= SYNTAX_ERRORS)
        return false;
    filter->reported = true;
    filter->errors++;
    return true;
}

// The same for what stands in front of the next token, which may be the first of its item.
static bool may_report_next(Filter *filter)
{
    int before = filter->token[0].kind;
    if (before == TOKEN_NL || before == '{' || before == '}')
        filter->reported = false;
    return filter_may_report(filter);
}

void filter_recover(Filter *filter)
{
    int kind = filter->raw.kind;
    filter->failed = true;
    if (kind == TOKEN_NL || kind == '}' || kind == TOKEN_END)
        return; // the item has ended already
    filter->skipping = filter->discard = true;
    filter->skip_braces = filter->braces - (kind == '{');
}

void filter_recover_before(Filter *filter)
{
    filter->failed = filter->discard = true;
    filter->brackets = 0;
    while (filter->opens.count > 0 && filter->opens.items[filter->opens.count - 1].kind != '{')
        filter->opens.count--;
    put_back(filter, filter->raw);
    put_back(filter, invented(TOKEN_NL, "\n", filter->raw.span));
    filter->token[0].kind = TOKEN_MT_error; // so that the newline stays
}

bool filter_ends_expression(int kind)
{
    return kind == TOKEN_NAME || kind == TOKEN_NUMBER || kind == TOKEN_DURATION || kind == TOKEN_STRING ||
        kind == ')' || kind == ']';
}

// -------------------------------------------------------------------------------------------------- declarations

static bool is_declaration_word(int kind)
{
    return kind == TOKEN_CONST || kind == TOKEN_USE || kind == TOKEN_FN || kind == TOKEN_BLOCK ||
        kind == TOKEN_MODEL || kind == TOKEN_OPTIMIZER || kind == TOKEN_SCHEDULE || kind == TOKEN_SECTION;
}

// Whether the k-th raw token, at the left margin, begins a declaration. Inside braces that means that a `}` is missing;
// `const` may stand there, and so may a setting such as `train = ...`.
static bool begins_declaration(Filter *filter, int k)
{
    Token word = peek(filter, k);
    if (filter->expression || word.kind != TOKEN_NAME ||
        (word.span.from > 0 && filter->source->text[word.span.from - 1] != '\n'))
        return false;
    Token next = peek(filter, k + 1);
    if (is_word(&word, "data params loss metrics train"))
        return next.kind == '{';
    if (is_word(&word, "fn block model"))
        return next.kind == TOKEN_NAME && peek(filter, k + 2).kind == '(';
    if (is_word(&word, "optimizer schedule"))
        return next.kind == TOKEN_NAME;
    return is_word(&word, "use") && next.kind == TOKEN_STRING;
}

// ---------------------------------------------------------------------------------------------------- newlines

// Tokens after which an item must go on.
static bool wants_more(const Filter *filter, int kind)
{
    switch (kind) {
    case TOKEN_NL: case TOKEN_ARROW: case TOKEN_OROR: case TOKEN_ANDAND: case TOKEN_CMP: case TOKEN_FLOORDIV:
    case TOKEN_POW: case '+': case '-': case '*': case '/': case '%': case '!': case '{': case ',': case '=': case ':':
        return true;
    default:
        return filter->braces == 0 && is_declaration_word(kind);
    }
}

// Whether another item begins behind the newline that is the next raw token, though the item above wants more: a
// declaration at the left margin, or `name: ...`. The newline then ends the item above, which is told so; nothing legal
// has such a line.
static bool next_item_begins(Filter *filter, int last)
{
    if (last == TOKEN_NL || last == '{' || (filter->braces == 0 && is_declaration_word(last)))
        return false;
    if (filter->braces == 0)
        return begins_declaration(filter, 1);
    Token name = peek(filter, 1), sign = peek(filter, 2);
    return last != ',' && name.kind == TOKEN_NAME && (sign.kind == ':' || sign.kind == '=');
}

// Whether the newline that is the next raw token separates nothing.
static bool newline_is_blank(Filter *filter)
{
    if (filter->expression || filter->brackets > 0)
        return true;
    if (wants_more(filter, filter->token[0].kind))
        return !next_item_begins(filter, filter->token[0].kind);
    int after = peek(filter, 1).kind;
    return after == TOKEN_ARROW || after == '{' || after == '}' || after == TOKEN_END;
}

// ----------------------------------------------------------------------------------------------------- words

// The first line must be the edition. If it is not, there is a message, and we go on as if it were.
static void begin_file(Filter *filter)
{
    filter->started = true;
    if (peek(filter, 0).kind == TOKEN_NL)
        take(filter);
    Token first = peek(filter, 0), second = peek(filter, 1);
    bool marked = is_word(&first, "mt");
    if (marked && second.kind == TOKEN_NUMBER) {
        Edition edition = edition_of(second.text, MT_EDITION);
        if (edition != EDITION_KNOWN && filter_may_report(filter))
            error_edition(filter->diags, second.span, second.text, edition == EDITION_LATER);
        return;
    }
    if (filter_may_report(filter))
        error_edition_missing(filter->diags, filter->source, first.span, marked);
    while (marked && peek(filter, 0).kind != TOKEN_NL && peek(filter, 0).kind != TOKEN_END)
        take(filter);
    if (peek(filter, 0).kind != TOKEN_NL && peek(filter, 0).kind != TOKEN_END)
        put_back(filter, invented(TOKEN_NL, "\n", first.span));
    put_back(filter, invented(TOKEN_NUMBER, "1", first.span));
    put_back(filter, invented(TOKEN_NAME, "mt", first.span));
}

// Whether `repeat (` begins a repeat: it does if the line goes on to a brace. (`repeat 3` always does.)
static bool repeats(Filter *filter)
{
    Token next = peek(filter, 0);
    if (next.kind == TOKEN_NAME || next.kind == TOKEN_NUMBER || next.kind == TOKEN_DURATION)
        return true;
    if (next.kind != '(')
        return false;
    for (int k = 0, depth = 0;; k++) {
        int kind = peek(filter, k).kind;
        depth += (kind == '(' || kind == '[') - (kind == ')' || kind == ']');
        if (kind == '{')
            return true;
        bool line_ends = kind == TOKEN_NL && peek(filter, k + 1).kind != '{';
        if (kind == '}' || kind == TOKEN_END || (depth <= 0 && (line_ends || kind == ':' || kind == '=')))
            return false;
    }
}

// The first ones where a declaration may begin, the others where promote() says.
static const struct {
    const char *word;
    int kind;
} keywords[] = {{"const", TOKEN_CONST}, {"use", TOKEN_USE}, {"fn", TOKEN_FN}, {"block", TOKEN_BLOCK},
    {"model", TOKEN_MODEL}, {"optimizer", TOKEN_OPTIMIZER}, {"schedule", TOKEN_SCHEDULE}, {"data", TOKEN_SECTION},
    {"params", TOKEN_SECTION}, {"loss", TOKEN_SECTION}, {"metrics", TOKEN_SECTION}, {"train", TOKEN_SECTION},
    {"mt", TOKEN_MT}, {"repeat", TOKEN_REPEAT}, {"when", TOKEN_WHEN}, {"as", TOKEN_AS}};
enum { KEYWORDS = sizeof keywords / sizeof *keywords, DECLARATION_WORDS = KEYWORDS - 4 };

const char *filter_keyword(int k) { return k < KEYWORDS ? keywords[k].word : NULL; }

// The kind of a name at the place where it stands.
static int promote(Filter *filter, const Token *word)
{
    int before = filter->token[0].kind;
    bool start = before == -1 || before == TOKEN_NL || before == '{';
    Token next = peek(filter, 0);
    if (start && filter->braces == 0) {
        if (before == -1 && is_word(word, "mt") && next.kind == TOKEN_NUMBER)
            return TOKEN_MT;
        for (int i = 0; i < DECLARATION_WORDS; i++)
            if (strcmp(word->text, keywords[i].word) == 0)
                return keywords[i].kind;
    }
    if (start && is_word(word, "const") && next.kind == TOKEN_NAME)
        return TOKEN_CONST;
    if ((start || before == ':') && filter->braces > 0 && is_word(word, "repeat") && repeats(filter))
        return TOKEN_REPEAT;
    if (is_word(word, "when") && filter_ends_expression(before) && next.kind != TOKEN_NL && next.kind != '=' &&
        next.kind != ':')
        return TOKEN_WHEN;
    if (is_word(word, "as") && filter->repeating && filter_ends_expression(before))
        return TOKEN_AS;
    return TOKEN_NAME;
}

// ----------------------------------------------------------------------------------------------------- brackets

// What a brace opens, for messages.
static const char *opened(const Filter *filter)
{
    if (filter->expression || filter->braces > 0 || filter->declaration.to <= filter->declaration.from)
        return filter->repeating ? "`repeat`" : NULL;
    Span span = filter->declaration;
    return arena_format(filter->arena, "`%.*s`", span.to - span.from, filter->source->text + span.from);
}

static void open_bracket(Filter *filter, const Token *token)
{
    Open open = {token->kind, token->span, token->kind == '{' ? opened(filter) : NULL};
    vec_push(filter->arena, &filter->opens, open);
    *(token->kind == '{' ? &filter->braces : &filter->brackets) += 1;
}

static void close_innermost(Filter *filter)
{
    filter->closed = filter->opens.items[--filter->opens.count];
    *(filter->closed.kind == '{' ? &filter->braces : &filter->brackets) -= 1;
}

static const Open *innermost(const Filter *filter)
{
    return filter->opens.count > 0 ? &filter->opens.items[filter->opens.count - 1] : NULL;
}

// Before a brace or the end no bracket stays open.
static void close_brackets(Filter *filter)
{
    if (filter->brackets > 0)
        filter->unclosed = *innermost(filter);
    while (filter->brackets > 0)
        close_innermost(filter);
}

// Keeps count. False if the token is a brace that closes nothing.
static bool track(Filter *filter, const Token *token)
{
    int kind = token->kind;
    filter->unclosed.kind = 0;
    if (kind == '{' || kind == '}' || kind == TOKEN_END)
        close_brackets(filter);
    if (kind == '(' || kind == '[' || kind == '{')
        open_bracket(filter, token);
    else if (kind == '}' && filter->braces == 0)
        return false;
    else if (kind == '}' || ((kind == ')' || kind == ']') && filter->brackets > 0))
        close_innermost(filter);
    else if (kind == ')' || kind == ']')
        filter->closed.kind = 0;
    return true;
}

int filter_kind_after(Filter *filter) { return peek(filter, 0).kind; }

bool filter_closes(Filter *filter)
{
    int depth = filter->brackets;
    for (int k = 0; depth > 0; k++) {
        int kind = peek(filter, k).kind;
        if (kind == '{' || kind == '}' || kind == TOKEN_END || begins_declaration(filter, k))
            return false;
        depth += (kind == '(' || kind == '[') - (kind == ')' || kind == ']');
    }
    return true;
}

// A declaration at the left margin, or the end of the file, while braces are open: says where, and closes them.
static void close_braces(Filter *filter, const Token *next)
{
    const Open *brace = innermost(filter);
    filter->failed = true;
    if (filter->diags && filter->errors < SYNTAX_ERRORS) {
        filter->errors++;
        error_brace_unclosed(filter->diags, filter->source, brace, filter->braces + filter->lost_braces,
            filter->token[0].span, next);
    }
    filter->lost_braces = 0;
    Token nl = invented(TOKEN_NL, "\n", next->span);
    put_back(filter, *next);
    if (next->kind != TOKEN_END)
        put_back(filter, nl);
    for (int k = 0; k < filter->braces; k++)
        put_back(filter, invented('}', "}", next->span));
}

// ---------------------------------------------------------------------------------------------------- recovery

// At a newline inside brackets, in a part that is thrown away: if they are never closed, the line ends them. Not asked
// any more when no message would come of it: it looks far ahead.
static void give_brackets_up(Filter *filter)
{
    if (filter->brackets > 0 && filter->errors < SYNTAX_ERRORS && !filter_closes(filter))
        while (filter->brackets > 0)
            close_innermost(filter);
}

// Throws away what is left of a faulty item: up to its newline, or the `}` of the body that it stands in.
static void skip(Filter *filter)
{
    filter->skipping = false;
    filter->lost_braces = 0;
    bool asked = false;
    for (;;) {
        Token token = peek(filter, 0);
        bool level = filter->braces <= filter->skip_braces;
        if (token.kind == TOKEN_END || begins_declaration(filter, 0) || (token.kind == '}' && level))
            break;
        if (token.kind == TOKEN_NL && !asked) {
            asked = true;
            give_brackets_up(filter);
        }
        if (token.kind == TOKEN_NL && level && filter->brackets == 0) {
            int after = peek(filter, 1).kind;
            if (after != '{' && after != TOKEN_ARROW)
                break;
        }
        take(filter);
        track(filter, &token);
    }
    Token next = peek(filter, 0);
    if (next.kind == TOKEN_END || begins_declaration(filter, 0)) {
        filter->lost_braces = filter->skip_braces > 0 ? filter->braces - filter->skip_braces : 0;
        while (filter->brackets > 0 || filter->braces > filter->skip_braces)
            close_innermost(filter); // the grammar has not seen these
        if (next.kind != TOKEN_END && filter->braces == 0)
            put_back(filter, invented(TOKEN_NL, "\n", next.span));
    }
    filter->token[0].kind = TOKEN_MT_error; // nothing that wants more, and no start of an item
}

// -------------------------------------------------------------------------------------------------------- next

// Remembers where we are: what messages and the next decisions need.
static void remember(Filter *filter, const Token *raw, const Token *token)
{
    int before = filter->token[0].kind, kind = token->kind;
    if (before == -1 || before == TOKEN_NL || before == '{' || before == '}') {
        filter->item_count = 0;
        filter->reported &= before == -1;
    }
    filter->item_count++;
    if (filter->braces == 0 && filter->item_count == 1)
        filter->declaration = span_start(token->span);
    if (filter->braces == 0 && is_declaration_word(kind)) {
        filter->declaration = token->span;
        filter->section = kind;
    } else if (filter->braces == 0 && kind == TOKEN_NAME && filter->item_count == 2) {
        filter->declaration = span_join(filter->declaration, token->span);
    } else if (kind == '(' && filter->braces == 0 && filter->item_count == 3) {
        filter->signature = filter->section == TOKEN_MODEL || filter->section == TOKEN_BLOCK ||
            filter->section == TOKEN_FN;
    }
    filter->signature_ends = filter->signature && filter->brackets == 0;
    filter->signature &= filter->brackets > 0;
    if (kind == TOKEN_REPEAT || kind == TOKEN_NL || kind == '{')
        filter->repeating = kind == TOKEN_REPEAT;
    memmove(filter->token + 1, filter->token, 3 * sizeof *token);
    filter->token[0] = *token;
    filter->raw = *raw;
}

// `;` where none can stand: dropped at the end of a line, a newline in the middle of one.
static bool stray_semicolon(Filter *filter, const Token *token)
{
    if (token->kind != ';' || filter->brackets > 0 || filter->expression)
        return false;
    Token next = peek(filter, 0);
    bool last = next.kind == TOKEN_NL || next.kind == '}' || next.kind == TOKEN_END;
    if (may_report_next(filter))
        error_semicolon(filter->diags, token->span, last);
    if (!last)
        put_back(filter, invented(TOKEN_NL, "\n", next.span));
    return true;
}

// Faults that the lexer found, and some that need to know the item.
static void check(Filter *filter, Token *token)
{
    if (token->fault == FAULT_ASSIGN && filter->section != TOKEN_MODEL && filter->section != TOKEN_BLOCK)
        token->kind = '=';
    if (token->fault != FAULT_NONE && filter_may_report(filter))
        error_token(filter->diags, filter->source, token, token->kind == '=' ? "=" : ":");
    int before = filter->token[1].kind;
    if ((before == TOKEN_NL || before == '{') && filter->braces > 0 && token->kind == '-' &&
        filter_may_report(filter))
        error_leading_operator(filter->diags, filter->source, token->span, "-",
            before == TOKEN_NL ? filter->token[2].span : (Span){0, 0, 0});
    if (filter->opens.count > NESTING_LIMIT && (token->kind == '(' || token->kind == '[' || token->kind == '{')) {
        if (filter_may_report(filter))
            error_nesting(filter->diags, token->span, NESTING_LIMIT);
        token->kind = TOKEN_MT_error;
    }
}

// A declaration at the left margin inside brackets or braces. True if something was put in front of it.
static bool interrupted(Filter *filter)
{
    bool newline = peek(filter, 0).kind == TOKEN_NL;
    if ((filter->brackets == 0 && filter->braces == 0) || !begins_declaration(filter, newline))
        return false;
    if (newline)
        take(filter);
    Token next = take(filter);
    if (filter->brackets > 0) {
        if (filter_may_report(filter))
            error_bracket_unclosed(filter->diags, innermost(filter), next.span,
                "a declaration starts here, at the left margin");
        while (filter->brackets > 0)
            close_innermost(filter);
        put_back(filter, next);
        if (filter->braces == 0 || newline)
            put_back(filter, invented(TOKEN_NL, "\n", next.span));
        filter->token[0].kind = TOKEN_MT_error;
    } else {
        close_braces(filter, &next);
    }
    return true;
}

Token filter_next(Filter *filter)
{
    filter->discard = false;
    if (!filter->started)
        begin_file(filter);
    for (;;) {
        if (filter->skipping)
            skip(filter);
        if (interrupted(filter))
            continue;
        if (peek(filter, 0).kind == TOKEN_NL && newline_is_blank(filter)) {
            take(filter);
            continue;
        }
        Token raw = take(filter), token = raw;
        if (stray_semicolon(filter, &raw))
            continue;
        if (token.kind == TOKEN_END && filter->braces > 0) {
            if (filter->brackets > 0 && filter_may_report(filter))
                error_bracket_unclosed(filter->diags, innermost(filter), token.span, NULL);
            close_brackets(filter);
            close_braces(filter, &token);
            continue;
        }
        if (token.kind == TOKEN_NAME && filter->brackets == 0 && !filter->expression)
            token.kind = promote(filter, &token);
        if (!track(filter, &token)) {
            if (may_report_next(filter))
                error_closes_nothing(filter->diags, token.span, "}");
            continue;
        }
        remember(filter, &raw, &token);
        check(filter, &token);
        filter->token[0].kind = token.kind;
        if (token.kind == TOKEN_MT_error)
            filter_recover(filter);
        return token;
    }
}
