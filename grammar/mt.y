// mt.y: the grammar of .mt (LANGUAGE 4.3), LALR(1) without conflicts or precedences.
//
// Input: the tokens of compiler/filter.c, which knows newlines and contextual words. Output: the tree of ast.h, in the
// Parser. Invariant: at every end of an item the look-ahead is NL or `}`, after a syntax error too, because the filter
// throws the rest of a faulty item away; such an item is one AST_ERROR. What may stand in which section is not asked.

%require "3.6"
%define api.pure full
%define api.prefix {mt_}
%define api.token.prefix {TOKEN_}
%define api.location.type {Span}
%define parse.lac full
%define parse.error custom
%locations
%param {Parser *parser}

%code requires {
#include "parse.h"
}

%union {
    Token token;
    Ast *node;
    Nodes *nodes;
}

%code {
#define YYLLOC_DEFAULT(current, right, n)                                                      \
    ((current) = (n) ? span_join(YYRHSLOC(right, 1), YYRHSLOC(right, n)) : span_end(YYRHSLOC(right, 0)))
#define PARENT(result, ...)                      \
    do {                                         \
        if (!((result) = parser_##__VA_ARGS__))  \
            YYERROR;                             \
    } while (0)
#define BINARY(result, span, left, sign, right) \
    PARENT(result, node(parser, AST_BINARY, span, (sign).text, left, right, NULL))

// The unexpected token goes with the faulty item, unless it ends it. (Bison's own way is to pop what came before until
// the token fits, which loses the items above.)
#define DISCARD                     \
    do {                            \
        if (parser->filter.discard) \
            yyclearin;              \
    } while (0)

static int yylex(YYSTYPE *value, Span *span, Parser *parser);
static void yyerror(const Span *span, Parser *parser, const char *message);
}

%token END 0
%token EXPRESSION "start of an expression"
%token <token> NL
%token <token> NAME NUMBER DURATION STRING
%token <token> MT CONST USE FN BLOCK MODEL OPTIMIZER SCHEDULE SECTION
%token <token> REPEAT AS WHEN
%token <token> ARROW OROR ANDAND CMP FLOORDIV POW
%token <token> '+' '-' '*' '/' '%' '!' '(' ')' '[' ']' '{' '}' ',' '=' ':' ';' '.'

%type <token> opt_as
%type <node> decl sig input option body item repeat row left
%type <node> expr and cmp add mul unary power postfix primary arg
%type <nodes> inputs options items pipe exprs args names

%start start

%%

start: file
     | EXPRESSION expr END          { parser->expression = $2; }
     ;

file: MT edition decls
    ;

edition: NUMBER                     { parser->edition = $1.text; }
       | NUMBER error               { parser->edition = $1.text;
                                      DISCARD; }
       ;

decls: %empty
     | decls sep decl               { parser_append(parser, &parser->declarations, $3); }
     ;

// The error of the item before is done with: the next one gets its own message.
sep: NL                             { yyerrok; }
   ;

decl: CONST NAME '=' expr           { PARENT($$, node(parser, AST_CONST, @$, $2.text, $4, NULL, NULL));
                                      parser_named($$, @2); }
    | USE STRING                    { PARENT($$, node(parser, AST_USE, @$, $2.text, NULL, NULL, NULL));
                                      parser_named($$, @2); }
    | FN NAME sig '=' expr          { PARENT($$, node(parser, AST_FN, @$, $2.text, $3, $5, NULL));
                                      parser_named($$, @2); }
    | BLOCK NAME sig body           { PARENT($$, node(parser, AST_BLOCK, @$, $2.text, $3, $4, NULL));
                                      parser_named($$, @2); }
    | MODEL NAME sig body           { PARENT($$, node(parser, AST_MODEL, @$, $2.text, $3, $4, NULL));
                                      parser_named($$, @2); }
    | SECTION body                  { PARENT($$, node(parser, AST_SECTION, @$, $1.text, $2, NULL, NULL));
                                      parser_named($$, @1); }
    | OPTIMIZER expr                { PARENT($$, node(parser, AST_OPTIMIZER, @$, NULL, $2, NULL, NULL)); }
    | SCHEDULE pipe                 { Ast *stages;
                                      PARENT(stages, list(parser, AST_ROW, @2, NULL, NULL, $2, NULL));
                                      PARENT($$, node(parser, AST_SCHEDULE, @$, NULL, stages, NULL, NULL)); }
    | error                         { PARENT($$, node(parser, AST_ERROR, @$, NULL, NULL, NULL, NULL));
                                      DISCARD; }
    ;

sig: '(' ')'                        { PARENT($$, node(parser, AST_SIGNATURE, @$, NULL, NULL, NULL, NULL)); }
   | '(' inputs ')'                 { PARENT($$, list(parser, AST_SIGNATURE, @$, NULL, NULL, $2, NULL)); }
   | '(' ';' options ')'            { PARENT($$, list(parser, AST_SIGNATURE, @$, NULL, NULL, $3, NULL)); }
   | '(' inputs ';' options ')'     { for (int i = 0; i < $4->count; i++)
                                          parser_append(parser, $2, $4->items[i]);
                                      PARENT($$, list(parser, AST_SIGNATURE, @$, NULL, NULL, $2, NULL)); }
   ;

inputs: input                       { $$ = parser_nodes(parser, $1); }
      | inputs ',' input            { $$ = parser_append(parser, $1, $3); }
      ;

input: NAME                         { PARENT($$, node(parser, AST_INPUT, @$, $1.text, NULL, NULL, NULL));
                                      parser_named($$, @1); }
     | NAME ':' expr                { PARENT($$, node(parser, AST_INPUT, @$, $1.text, $3, NULL, NULL));
                                      parser_named($$, @1); }
     ;

options: option                     { $$ = parser_nodes(parser, $1); }
       | options ',' option         { $$ = parser_append(parser, $1, $3); }
       ;

option: NAME                        { PARENT($$, node(parser, AST_OPTION, @$, $1.text, NULL, NULL, NULL));
                                      parser_named($$, @1); }
      | NAME '=' expr               { PARENT($$, node(parser, AST_OPTION, @$, $1.text, $3, NULL, NULL));
                                      parser_named($$, @1); }
      ;

body: '{' '}'                       { PARENT($$, node(parser, AST_BODY, @$, NULL, NULL, NULL, NULL)); }
    | '{' items '}'                 { PARENT($$, list(parser, AST_BODY, @$, NULL, NULL, $2, NULL)); }
    ;

items: item                         { $$ = parser_nodes(parser, $1); }
     | items sep item               { $$ = parser_append(parser, $1, $3); }
     ;

item: CONST NAME '=' expr           { PARENT($$, node(parser, AST_CONST, @$, $2.text, $4, NULL, NULL));
                                      parser_named($$, @2); }
    | left '=' row                  { PARENT($$, node(parser, AST_LET, @$, NULL, $1, $3, NULL)); }
    | expr ':' row                  { PARENT($$, node(parser, AST_NAMED, @$, NULL, $1, $3, NULL)); }
    | expr ':' repeat               { PARENT($$, node(parser, AST_NAMED, @$, NULL, $1, $3, NULL)); }
    | repeat
    | row
    | left body                     { PARENT($$, node(parser, AST_RULE, @$, NULL, $1, $2, NULL)); }
    | error                         { PARENT($$, node(parser, AST_ERROR, @$, NULL, NULL, NULL, NULL));
                                      DISCARD; }
    ;

left: exprs                         { PARENT($$, list(parser, AST_LEFT, @$, NULL, NULL, $1, NULL)); }
    ;

repeat: REPEAT expr opt_as body     { PARENT($$, node(parser, AST_REPEAT, @$, $3.text, $2, $4, NULL));
                                      parser_named($$, $3.text ? @3 : @1); }
      ;

opt_as: %empty                      { $$ = (Token){.text = NULL}; }
      | AS NAME                     { $$ = $2; @$ = @2; }
      ;

row: pipe                           { PARENT($$, list(parser, AST_ROW, @$, NULL, NULL, $1, NULL)); }
   | pipe WHEN expr                 { PARENT($$, list(parser, AST_ROW, @$, NULL, NULL, $1, $3));
                                      $$->has_when = true; }
   ;

pipe: expr                          { $$ = parser_nodes(parser, $1); }
    | pipe ARROW expr               { $$ = parser_append(parser, $1, $3); }
    ;

exprs: expr                         { $$ = parser_nodes(parser, $1); }
     | exprs ',' expr               { $$ = parser_append(parser, $1, $3); }
     ;

expr: and
    | expr OROR and                 { BINARY($$, @$, $1, $2, $3); }
    ;

and: cmp
   | and ANDAND cmp                 { BINARY($$, @$, $1, $2, $3); }
   ;

cmp: add
   | add CMP add                    { BINARY($$, @$, $1, $2, $3); }
   ;

add: mul
   | add '+' mul                    { BINARY($$, @$, $1, $2, $3); }
   | add '-' mul                    { BINARY($$, @$, $1, $2, $3); }
   ;

mul: unary
   | mul '*' unary                  { BINARY($$, @$, $1, $2, $3); }
   | mul '/' unary                  { BINARY($$, @$, $1, $2, $3); }
   | mul FLOORDIV unary             { BINARY($$, @$, $1, $2, $3); }
   | mul '%' unary                  { BINARY($$, @$, $1, $2, $3); }
   ;

unary: power
     | '-' unary                    { PARENT($$, node(parser, AST_UNARY, @$, "-", $2, NULL, NULL)); }
     | '!' unary                    { PARENT($$, node(parser, AST_UNARY, @$, "!", $2, NULL, NULL)); }
     ;

power: postfix
     | postfix POW unary            { BINARY($$, @$, $1, $2, $3); }
     ;

postfix: primary
       | postfix '(' ')'            { PARENT($$, call(parser, @$, $1, NULL)); }
       | postfix '(' args ')'       { PARENT($$, call(parser, @$, $1, $3)); }
       | postfix '(' args ',' ')'   { PARENT($$, call(parser, @$, $1, $3)); }
       | postfix '[' exprs ']'      { PARENT($$, list(parser, AST_INDEX, @$, NULL, $1, $3, NULL)); }
       | postfix '.' NAME           { PARENT($$, node(parser, AST_MEMBER, @$, $3.text, $1, NULL, NULL));
                                      parser_named($$, @3); }
       ;

args: arg                           { $$ = parser_nodes(parser, $1); }
    | args ',' arg                  { $$ = parser_append(parser, $1, $3); }
    ;

arg: expr
   | NAME '=' expr                  { PARENT($$, node(parser, AST_ARGUMENT, @$, $1.text, $3, NULL, NULL));
                                      parser_named($$, @1); }
   ;

primary: NUMBER                     { PARENT($$, leaf(parser, AST_NUMBER, @$, &$1)); }
       | DURATION                   { PARENT($$, leaf(parser, AST_DURATION, @$, &$1)); }
       | STRING                     { PARENT($$, leaf(parser, AST_STRING, @$, &$1)); }
       | NAME                       { PARENT($$, leaf(parser, AST_NAME, @$, &$1)); }
       | '(' expr ')'               { PARENT($$, node(parser, AST_PAREN, @$, NULL, $2, NULL, NULL)); }
       | '(' NAME names ')'         { Ast *first;
                                      PARENT(first, leaf(parser, AST_NAME, @2, &$2));
                                      PARENT($$, list(parser, AST_SPLIT, @$, NULL, first, $3, NULL)); }
       | '[' ']'                    { PARENT($$, node(parser, AST_LIST, @$, NULL, NULL, NULL, NULL)); }
       | '[' exprs ']'              { PARENT($$, list(parser, AST_LIST, @$, NULL, NULL, $2, NULL)); }
       | '[' exprs ',' ']'          { PARENT($$, list(parser, AST_LIST, @$, NULL, NULL, $2, NULL)); }
       ;

names: NAME                         { Ast *name;
                                      PARENT(name, leaf(parser, AST_NAME, @1, &$1));
                                      $$ = parser_nodes(parser, name); }
     | names NAME                   { Ast *name;
                                      PARENT(name, leaf(parser, AST_NAME, @2, &$2));
                                      $$ = parser_append(parser, $1, name); }
     ;

%%

static int yylex(YYSTYPE *value, Span *span, Parser *parser)
{
    Token token = parser->start;
    parser->start.kind = -1;
    if (token.kind < 0)
        token = filter_next(&parser->filter);
    value->token = token;
    *span = token.span;
    return token.kind;
}

// Called for the full stack only: syntax errors come to yyreport_syntax_error.
static void yyerror(const Span *span, Parser *parser, const char *message)
{
    (void)span;
    (void)message;
    parser_exhausted(parser);
}

// The kind of token that a symbol of the tables stands for.
static int kind_of(yysymbol_kind_t symbol)
{
    int kind = 0;
    while (kind < YYMAXUTOK && YYTRANSLATE(kind) != symbol)
        kind++;
    return kind;
}

static int yyreport_syntax_error(const yypcontext_t *context, Parser *parser)
{
    yysymbol_kind_t symbols[YYNTOKENS];
    int kinds[YYNTOKENS], count = yypcontext_expected_tokens(context, symbols, YYNTOKENS);
    for (int i = 0; i < count; i++)
        kinds[i] = kind_of(symbols[i]);
    parser_syntax_error(parser, kinds, count);
    return 0;
}
