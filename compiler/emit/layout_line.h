// layout_line.h: a line of C as tokens, with the expressions that begin and end at each of them.
#ifndef MT_LAYOUT_LINE_H
#define MT_LAYOUT_LINE_H

#include "../base/text.h"

// As clang-format orders them.
enum {
    NONE = -1, UNKNOWN, COMMA, ASSIGNMENT, CONDITIONAL, OR, AND, EQUAL = 9, RELATIONAL, ADD = 13, MULTIPLY, UNARY = 16,
    MEMBER
};

typedef struct {
    const char *text;
    int length, blanks; // in front of it
    enum { WORD, STRING, OPEN, CLOSE, CAST, SIGN, OPERATOR, COMMENT } kind;
    int precedence;     // of an OPERATOR
    int level, binding; // brackets around it; what they weigh
    int index;          // among equal operators of an expression
    bool more;          // another one of them follows
    bool may_break;     // in front of it
    int price;
    int fakes[8], fake_count; // precedences of the expressions that begin here, inner ones first
    int ends;                 // how many expressions end here
    bool starts_binary, ends_binary;
} Token;

typedef struct {
    Token *tokens;
    int count;
    int at; // of the parser of expressions
    bool for_loop;
} Line;

// Splits a line and finds its expressions.
Line layout_line(Arena *arena, const char *text);
bool token_is(const Token *t, const char *text);
bool token_closes(const Token *t); // a bracket

#endif
