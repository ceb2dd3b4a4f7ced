// ast.h: the tree of a program, as the parser makes it: LANGUAGE section "Grammar". Nodes are of one shape, so that
// printing, reading back, comparing and walking are each one function. What may stand in which section is checked
// later.
//
// kind          text                 children
// AST_FILE      edition ("1")        declarations
// AST_CONST     name                 [value]                       at top level and inside braces
// AST_USE       path                 []
// AST_FN        name                 [AST_SIGNATURE, value]
// AST_BLOCK     name                 [AST_SIGNATURE, AST_BODY]
// AST_MODEL     name                 [AST_SIGNATURE, AST_BODY]
// AST_SECTION   data params loss ..  [AST_BODY]
// AST_OPTIMIZER                      [expression]
// AST_SCHEDULE                       [AST_ROW]                     a row without `when`
// AST_SIGNATURE                      AST_INPUT..., AST_OPTION...
// AST_INPUT     name                 [type] or []
// AST_OPTION    name                 [default] or []
// AST_BODY                           items
// AST_LET                            [AST_LEFT, AST_ROW]           left = row: a setting, or a value off the trunk
// AST_LEFT                           expressions                   a, b, c; the parser takes any expression
// AST_NAMED                          [expression, AST_ROW or AST_REPEAT]   name: row
// AST_RULE                           [AST_LEFT, AST_BODY]          selectors { settings }
// AST_REPEAT    NULL or the `as`     [count, AST_BODY]
// AST_ROW                            stages, and the condition last if has_when
// AST_ERROR                          []                            an item that did not parse
//
// Expressions
// AST_NUMBER    as written           []      number
// AST_DURATION  as written, blanks   []      number, unit
//               as one
// AST_STRING    without quotes, escapes resolved
// AST_NAME      the name
// AST_UNARY     - !                  [operand]
// AST_BINARY    + - * / // % ** < <= == != >= > && ||   [left, right]
// AST_CALL                           [called, AST_ARGUMENT or expression ...]
// AST_ARGUMENT  name                 [value]
// AST_INDEX                          [indexed, indices...]         also types: [B, 3], int[B, T] is AST_INDEX of int
// AST_MEMBER    name                 [of]
// AST_LIST                           expressions
// AST_SPLIT     "h d"                AST_NAME...                   (h d), only inside an index
// AST_PAREN                          [expression]                  kept, so that the printed tree reads back equal
#ifndef MT_AST_H
#define MT_AST_H

#include "diag.h"

typedef enum {
    AST_FILE, AST_CONST, AST_USE, AST_FN, AST_BLOCK, AST_MODEL, AST_SECTION, AST_OPTIMIZER, AST_SCHEDULE,
    AST_SIGNATURE, AST_INPUT, AST_OPTION, AST_BODY, AST_LET, AST_LEFT, AST_NAMED, AST_RULE, AST_REPEAT, AST_ROW,
    AST_ERROR,
    AST_NUMBER, AST_DURATION, AST_STRING, AST_NAME, AST_UNARY, AST_BINARY, AST_CALL, AST_ARGUMENT, AST_INDEX,
    AST_MEMBER, AST_LIST, AST_SPLIT, AST_PAREN
} AstKind;

typedef enum { UNIT_NONE, UNIT_STEPS, UNIT_EPOCHS } Unit;

typedef struct Ast Ast;
struct Ast {
    AstKind kind;
    Span span;      // all of it
    Span name_span; // of the name in `text`, where it is not the whole
    const char *text;
    double number;
    Unit unit;
    bool has_when;
    Ast **child;
    int children;
    int height; // nodes on the longest way down, itself included: the parser bounds it, so walks may recurse
};

// The comments of a file, in order, without the tree: for `fmt`, `# mtc: allow`, and the emitted C.
typedef struct {
    Span *items;
    int count;
} Comments;

typedef struct {
    Ast *file; // never NULL; what did not parse is AST_ERROR
    Comments comments;
} Parsed;

// Reads a program. Faults go to diags; at most one an item and 20 in all.
Parsed parse_program(Arena *arena, Diags *diags, const Source *source);
// The same for one of the files of a source.
Parsed parse_file(Arena *arena, Diags *diags, const Source *source, const SourceFile *of);

// Reads one expression, e.g. "(H + 2*padding.h - 1) // stride.h + 1" of an operation's table: no keywords, no newlines.
// NULL if it is none.
Ast *parse_expression(Arena *arena, const char *text);

// Reads one expression of a source, which must be all of the span. NULL after a message.
Ast *parse_value(Arena *arena, Diags *diags, const Source *source, Span span);

// The program in .mt again, one item a line; an expression on one line, with blanks around binary operators.
void ast_print(Text *out, const Ast *ast);
// Kind, text, number and children alike; places do not matter.
bool ast_equal(const Ast *a, const Ast *b);
// For --dump: one node a line, indented, with its kind.
void ast_dump(Text *out, const Ast *ast);

// The first declaration of a kind (and, of sections, a name), or NULL.
const Ast *ast_declaration(const Ast *file, AstKind kind, const char *text);
// The stages of a row, without its condition.
int ast_stages(const Ast *row);
// Whether a comment speaks to the compiler: `# mtc: allow W0201`. It gets no place in the C.
bool ast_comment_is_instruction(const Source *source, Span comment);
// Whether only blanks stand in front of a place in its line.
bool ast_first_in_line(const Source *source, int offset);
// The lines of comment that stand directly above a node, without `#` and without instructions; "" if there are none.
const char *ast_comment_above(Arena *arena, const Parsed *parsed, const Source *source, const Ast *ast);

#endif
