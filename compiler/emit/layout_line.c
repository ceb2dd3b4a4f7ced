// A line of C in tokens, and its expressions: where a chain of equal operators begins and ends, by precedence climbing
// as clang-format's ExpressionParser does it. What is a cast, a sign, a pointer's star is seen from the blanks.
#include "layout_line.h"
#include <ctype.h>
#include <string.h>

// ------------------------------------------------------------------------------------------------------- tokens

bool token_is(const Token *t, const char *text)
{
    return t->length == (int)strlen(text) && memcmp(t->text, text, (size_t)t->length) == 0;
}

static int word_end(const char *s)
{
    int n = 0;
    bool number = isdigit((unsigned char)s[0]);
    while (isalnum((unsigned char)s[n]) || s[n] == '_' || (number && s[n] == '.') ||
        (number && n > 0 && (s[n - 1] == 'e' || s[n - 1] == 'E') && (s[n] == '-' || s[n] == '+')))
        n++;
    return n;
}

static int string_end(const char *s)
{
    int n = 1;
    for (; s[n] && s[n] != *s; n++)
        n += s[n] == '\\' && s[n + 1];
    return n + (s[n] != 0);
}

static int precedence_of(const char *s, int length)
{
    static const struct {
        const char *text;
        int precedence;
    } known[] = {{",", COMMA}, {"=", ASSIGNMENT}, {"+=", ASSIGNMENT}, {"-=", ASSIGNMENT}, {"*=", ASSIGNMENT},
        {"/=", ASSIGNMENT}, {"|=", ASSIGNMENT}, {"?", CONDITIONAL}, {":", CONDITIONAL}, {"||", OR}, {"&&", AND},
        {"==", EQUAL}, {"!=", EQUAL}, {"<", RELATIONAL}, {"<=", RELATIONAL}, {">", RELATIONAL}, {">=", RELATIONAL},
        {"+", ADD}, {"-", ADD}, {"*", MULTIPLY}, {"/", MULTIPLY}, {"%", MULTIPLY}, {"->", MEMBER}, {".", MEMBER},
        {";", UNKNOWN}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (strlen(known[k].text) == (size_t)length && memcmp(known[k].text, s, (size_t)length) == 0)
            return known[k].precedence;
    return NONE;
}

// One token; `before` is the one in front of it, or NULL.
static Token read_token(const char *s, const Token *before)
{
    Token t = {.text = s, .length = 1, .kind = SIGN, .precedence = NONE};
    if (isalnum((unsigned char)*s) || *s == '_') {
        t.kind = WORD;
        t.length = word_end(s);
    } else if (*s == '"' || *s == '\'') {
        t.kind = STRING;
        t.length = string_end(s);
    } else if (s[0] == '/' && s[1] == '*') {
        const char *end = strstr(s + 2, "*/");
        t.kind = COMMENT;
        t.length = (int)(end ? end + 2 - s : (long)strlen(s));
    } else if (strchr("([{", *s))
        t.kind = OPEN;
    else if (strchr(")]}", *s))
        t.kind = CLOSE;
    else {
        bool two = precedence_of(s, 2) > 0;
        int precedence = precedence_of(s, two ? 2 : 1);
        t.length = two ? 2 : 1;
        // A sign, a pointer's star: they stand close to what follows. So does the point of {.name = ...}.
        bool close = precedence >= ASSIGNMENT && precedence < UNARY && s[t.length] != ' ' && s[t.length];
        bool point = *s == '.' && (!before || before->kind == OPEN || before->precedence == COMMA);
        if (precedence != NONE && !close && !point) {
            t.kind = OPERATOR;
            t.precedence = precedence;
        }
    }
    return t;
}

static bool is_keyword(const Token *t)
{
    return token_is(t, "for") || token_is(t, "if") || token_is(t, "while") || token_is(t, "switch") ||
        token_is(t, "return");
}

// (real)x: no name in front of the bracket, and no blank behind it.
static void mark_casts(Line *line)
{
    int open[64], depth = 0;
    for (int i = 0; i < line->count; i++) {
        Token *t = &line->tokens[i];
        if (t->kind == OPEN && depth < 64)
            open[depth++] = i;
        else if (t->kind == CLOSE && depth > 0) {
            int from = open[--depth];
            const Token *before = from > 0 ? &line->tokens[from - 1] : NULL, *next = t + 1;
            bool called = before && ((before->kind == WORD && !is_keyword(before)) || before->kind == CLOSE);
            bool typed = next->kind == WORD || next->kind == OPEN || next->kind == STRING || next->kind == SIGN;
            if (*t->text == ')' && !called && i + 1 < line->count && next->blanks == 0 && typed)
                t->kind = CAST;
        }
    }
}

static void read_tokens(Arena *arena, Line *line, const char *text)
{
    line->tokens = arena_new(arena, Token, (int)strlen(text) + 1);
    int level = 0, binding[64] = {1};
    for (const char *s = text; *s;) {
        int blanks = (int)strspn(s, " ");
        s += blanks;
        if (!*s)
            break;
        Token *t = &line->tokens[line->count];
        *t = read_token(s, line->count ? t - 1 : NULL);
        t->blanks = blanks;
        t->level = level;
        t->binding = binding[level];
        if (t->kind == OPEN && level < 63) {
            binding[level + 1] = binding[level] + (*t->text == '[' ? 10 : 1);
            level++;
        } else if (t->kind == CLOSE && level > 0)
            level--;
        s += t->length;
        line->count++;
    }
    mark_casts(line);
    line->for_loop = line->count > 0 && token_is(line->tokens, "for");
}

// ------------------------------------------------------------------------------------------------- expressions

bool token_closes(const Token *t) { return t->kind == CLOSE || t->kind == CAST; }

static Token *current(Line *line) { return line->at < line->count ? &line->tokens[line->at] : NULL; }

static void add_fake(Line *line, int start, int precedence)
{
    Token *first = &line->tokens[start];
    if (first->fake_count < 8)
        first->fakes[first->fake_count++] = precedence;
    else
        return;
    first->starts_binary |= precedence > UNKNOWN;
    if (current(line)) {
        Token *last = &line->tokens[line->at - 1];
        last->ends++;
        last->ends_binary |= precedence > UNKNOWN;
    }
}

static void parse(Line *line, int precedence);

static void parse_conditional(Line *line)
{
    int start = line->at;
    parse(line, OR);
    if (!current(line) || !token_is(current(line), "?"))
        return;
    line->at++;
    parse(line, ASSIGNMENT);
    if (!current(line) || !token_is(current(line), ":"))
        return;
    line->at++;
    parse(line, ASSIGNMENT);
    add_fake(line, start, CONDITIONAL);
}

static void parse_unary(Line *line)
{
    int start = line->at;
    while (current(line) && current(line)->kind == SIGN)
        line->at++;
    int end = line->at;
    parse(line, MEMBER);
    for (int k = end - 1; k >= start; k--)
        add_fake(line, k, UNKNOWN);
}

static void parse_operators(Line *line, int precedence)
{
    int start = line->at, index = 0;
    Token *latest = NULL;
    while (current(line)) {
        parse(line, precedence + 1);
        Token *t = current(line);
        int own = t && t->kind == OPERATOR ? t->precedence : NONE;
        if (!t || token_closes(t) || (own != NONE && own < precedence) ||
            (own == CONDITIONAL && precedence == ASSIGNMENT && token_is(t, ":")))
            break;
        if (t->kind == OPEN) {
            while (current(line) && !token_closes(current(line))) {
                line->at++;
                parse(line, UNKNOWN);
            }
            line->at += current(line) != NULL;
            continue;
        }
        if (own == precedence) {
            if (latest)
                latest->more = true;
            latest = t;
            t->index = index++;
        }
        line->at++;
    }
    if (latest && (current(line) || precedence > UNKNOWN))
        add_fake(line, start, precedence == MEMBER ? UNKNOWN : precedence);
}

// Finds binary expressions of at least this precedence from here on, and marks where they begin and end.
static void parse(Line *line, int precedence)
{
    while (current(line) && token_is(current(line), "return"))
        line->at++;
    if (!current(line) || precedence > MEMBER)
        return;
    if (precedence == CONDITIONAL)
        parse_conditional(line);
    else if (precedence == UNARY)
        parse_unary(line);
    else
        parse_operators(line, precedence);
}

Line layout_line(Arena *arena, const char *text)
{
    Line line = {0};
    read_tokens(arena, &line, text);
    for (; line.at < line.count; line.at++)
        parse(&line, UNKNOWN);
    return line;
}
