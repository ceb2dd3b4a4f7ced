// parse.h: what the grammar's actions (grammar/mt.y) call. Nothing outside the parser includes this; ast.h has its
// interface.
#ifndef MT_PARSE_H
#define MT_PARSE_H

#include "filter.h"

typedef VEC(Ast *) Nodes;

typedef struct {
    Arena *arena;
    Filter filter;
    Token start;          // EXPRESSION for parse_expression: the first token, or kind -1
    const char *edition;  // "1"
    Nodes declarations;   // of a file
    Ast *expression;      // of parse_expression
    Ast *last_expression; // that was finished: the words of a message
} Parser;

// A node with up to three children; NULL children are left out. NULL, after a message, if it is an expression that
// nests too deep: everybody who walks the tree may recurse.
Ast *parser_node(Parser *parser, AstKind kind, Span span, const char *text, Ast *a, Ast *b, Ast *c);
// A node with a list of children behind `first` (which may be NULL), and one more behind them (`last`, or NULL).
Ast *parser_list(Parser *parser, AstKind kind, Span span, const char *text, Ast *first, const Nodes *nodes, Ast *last);
// Of one token.
Ast *parser_leaf(Parser *parser, AstKind kind, Span span, const Token *token);
// A call. NULL, after a message, for `nn.ReLU()`: values have no methods.
Ast *parser_call(Parser *parser, Span span, Ast *called, const Nodes *arguments);
// Sets the place of the name, where it is not the whole node.
Ast *parser_named(Ast *node, Span name);

Nodes *parser_nodes(Parser *parser, Ast *first);
Nodes *parser_append(Parser *parser, Nodes *nodes, Ast *node);

// A syntax error at the last token; `expected` are kinds of tokens that the grammar would take instead.
void parser_syntax_error(Parser *parser, const int *expected, int count);
// Bison's stack is full.
void parser_exhausted(Parser *parser);

#endif
