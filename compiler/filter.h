// filter.h: from text to the tokens that the grammar sees, in two steps. The lexer (grammar/mt.l) knows no context. The
// filter stands between it and the grammar (grammar/mt.y): it decides which newlines end an item, which words are
// keywords where they stand, and what is thrown away after a syntax error (LANGUAGE 4.2 and 4.3).
#ifndef MT_FILTER_H
#define MT_FILTER_H

#include "ast.h"
#include "base/vec.h"

// What the lexer has against a token. The message is given when the token reaches the grammar, not before: the lexer
// runs ahead, and what lies in a part that is thrown away is silent.
typedef enum {
    FAULT_NONE,
    FAULT_CHARACTER,      // a character that no token begins with
    FAULT_FOREIGN_WORD,   // a name with letters outside ASCII
    FAULT_RESERVED_NAME,  // `_x`, `a__b`
    FAULT_NUMBER_POINT,   // `1.`
    FAULT_NUMBER_LARGE,   // more than a double holds
    FAULT_NUMBER_SMALL,   // not zero, but zero as a double
    FAULT_NUMBER_EXACT,   // a whole number that a double does not hold exactly
    FAULT_DURATION,       // `1.5 epochs`, `0 steps`
    FAULT_STRING_END,     // not closed in its line
    FAULT_STRING_ESCAPE,  // `\q`
    FAULT_STRING_ENCODING, // not UTF-8
    FAULT_ASSIGN,         // `:=`
    FAULT_FAT_ARROW       // `=>`
} Fault;

// kind is that of the grammar's header (mt.tab.h); END is 0.
typedef struct {
    int kind;
    Fault fault;
    Span span;
    const char *text; // of a name, a string (escapes resolved), a number or duration (as written), an operator
    double number;    // of a number or duration
    Unit unit;        // of a duration
} Token;

typedef VEC(Span) Spans;

// ---------------------------------------------------------------------------------------------------- lexer, mt.l
typedef struct Lexer Lexer;

// The text is copied; its first byte is the place `offset`. Everything lives in the arena, the scanner's own buffers too.
Lexer *lexer_create(Arena *arena, const char *text, int length, int offset);
// The next token; one NL for any run of newlines, blank lines and comments; END for ever at the end.
Token lexer_next(Lexer *lexer);
// The comments so far, from `#` to the end of the line without its blanks.
const Spans *lexer_comments(const Lexer *lexer);

// ------------------------------------------------------------------------------------------------------- filter
enum {
    NESTING_LIMIT = 200, // brackets within brackets, of all kinds together
    SYNTAX_ERRORS = 20   // messages in one file
};

// A bracket that is open.
typedef struct {
    int kind; // '(' '[' '{'
    Span span;
    const char *what; // of a brace: "model `lenet5`", "`loss`", or NULL
} Open;

typedef struct {
    Arena *arena;
    Diags *diags;         // NULL: an expression of a table, whose faults are only counted
    const Source *source; // NULL likewise
    Lexer *lexer;
    bool expression; // one expression: no keywords, no newlines
    bool started;

    VEC(Token) ahead; // raw tokens that were looked at, the next one at `ahead_from`
    int ahead_from;

    VEC(Open) opens;
    int brackets, braces; // how many of `opens` are ( or [, and {
    Open closed;          // what the last closing bracket closed, or kind 0 if nothing was open
    Open unclosed;        // the innermost bracket that the last token, a brace or the end, closed by force; or kind 0

    // What was returned last: token[0] the very last one (the grammar's look-ahead when it complains), token[1] before
    // it, and so on; and how many tokens the item has so far.
    Token token[4];
    Token raw; // token[0] before it became a keyword
    int item_count;
    Span declaration; // the word and the name of the declaration that we are in
    int section;      // kind of its word
    bool signature;   // inside the parentheses of a signature
    bool signature_ends; // token[0] closes them
    bool repeating;   // inside the head of a repeat

    bool skipping;   // after a syntax error: to the end of the item
    int skip_braces; // how deep in braces the item began
    int lost_braces; // that were open at the end of what was thrown away
    bool discard;    // the grammar's look-ahead belongs to what is thrown away
    bool reported;   // a message on this item was given
    int errors;      // messages so far
    bool failed;     // a fault was found, with a message or without
} Filter;

Filter filter_of(Arena *arena, Diags *diags, const Source *source, Lexer *lexer, bool expression);
// The next token of the grammar.
Token filter_next(Filter *filter);

// Whether a fault of this item may be told: the first one of the item, and not more than SYNTAX_ERRORS in all. True at
// most once an item; the caller then gives its message.
bool filter_may_report(Filter *filter);
// After a syntax error at token[0]: throw away what is left of the item.
void filter_recover(Filter *filter);
// The same, where a bracket was not closed and token[0] stands in a later line: the item ends before that line, which
// is then read as an item of its own.
void filter_recover_before(Filter *filter);
// Whether the bracket that is open in front of token[0] is closed before the next brace, the next declaration, or the
// end. Looks ahead.
bool filter_closes(Filter *filter);
// The kind of the raw token after token[0].
int filter_kind_after(Filter *filter);
// The k-th word that is a keyword somewhere; NULL behind the last one.
const char *filter_keyword(int k);
// Whether a token can end an expression.
bool filter_ends_expression(int kind);

#endif
