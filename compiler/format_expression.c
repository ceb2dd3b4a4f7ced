// Expressions of the formatter.
//
// Input: a node of the tree, and the columns that must stay free behind it. Output: its words on one line if that fits
// and no comment stands inside; else broken inside of brackets, each element on a line of its own, or behind the
// operators of the weakest level. Numbers, strings and names are atoms: several of them share a line, because a table of
// numbers is read as a block. Invariant: measuring stops at FORMAT_COLUMNS, so that it costs the same for any node.
#include "format_inside.h"
#include <string.h>

// ------------------------------------------------------------------------------------------------------- measure

int format_width(Printer *p, const Ast *ast)
{
    Printer measured = *p;
    measured.scratch.length = 0;
    measured.out = &measured.scratch;
    measured.column = 0;
    measured.flat = measured.measuring = true;
    measured.newline = measured.too_wide = false;
    format_node(&measured, ast, 0);
    p->scratch = measured.scratch; // it may have grown
    return measured.too_wide ? INT_MAX : measured.column;
}

bool format_fits(Printer *p, const Ast *ast, int tail)
{
    if (p->flat)
        return true;
    if (format_comment_before(p, ast->span.to))
        return false;
    int width = format_width(p, ast), column = p->newline ? p->indent : p->column;
    return width <= FORMAT_COLUMNS && column + width + tail <= FORMAT_COLUMNS;
}

void format_node(Printer *p, const Ast *ast, int tail)
{
    if (p->too_wide)
        return; // what is measured has been seen
    format_flush(p, ast->span.from);
    bool flat = p->flat;
    p->flat = format_fits(p, ast, tail);
    if (ast->kind < AST_NUMBER)
        format_structure(p, ast, tail);
    else
        format_expression(p, ast, tail);
    p->flat = flat;
    p->at = ast->span.to;
}

// ------------------------------------------------------------------------------------------------------ brackets

static bool is_atom(const Ast *ast)
{
    if (ast->kind == AST_UNARY)
        return is_atom(ast->child[0]);
    return ast->kind == AST_NUMBER || ast->kind == AST_DURATION || ast->kind == AST_STRING || ast->kind == AST_NAME;
}

static bool all_atoms(const Ast *ast, int from, int to)
{
    for (int i = from; i < to; i++)
        if (!is_atom(ast->child[i]))
            return false;
    return true;
}

// Between two elements: a blank, or a new line where each has its own or this one is full.
static void part(Printer *p, const Ast *next, bool fill, int tail)
{
    int width = fill && !p->flat ? format_width(p, next) : 0;
    bool full = width > FORMAT_COLUMNS || p->column + 1 + width + tail > FORMAT_COLUMNS;
    if ((!fill || full) && !p->one_line)
        format_newline(p);
    format_flush(p, next->span.from);
    format_space(p);
}

void format_brackets(Printer *p, const Ast *ast, int from, int to, int end, const char *close)
{
    bool fill = all_atoms(ast, from, to), one_line = p->one_line;
    p->one_line = false;
    p->indent += FORMAT_INDENT;
    if (to > from)
        format_newline(p);
    for (int i = from; i < to; i++) {
        if (i > from)
            part(p, ast->child[i], fill, 1);
        format_node(p, ast->child[i], i + 1 < to);
        if (i + 1 < to)
            format_word(p, ",");
    }
    format_flush(p, end);
    p->indent -= FORMAT_INDENT;
    if (to > from)
        format_newline(p);
    format_word(p, close);
    p->one_line = one_line;
}

// (h d): names without commas.
static void split(Printer *p, const Ast *ast)
{
    int indent = p->indent;
    format_word(p, "(");
    p->indent += FORMAT_INDENT;
    for (int i = 0; i < ast->children; i++) {
        format_flush(p, ast->child[i]->span.from);
        if (i > 0)
            part(p, ast->child[i], true, 1);
        format_node(p, ast->child[i], 1);
    }
    format_flush(p, ast->span.to - 1);
    p->indent = indent;
    format_word(p, ")");
}

// ----------------------------------------------------------------------------------------------------- operators

static int level(const char *operator)
{
    static const char *const levels[] = {"||", "&&", "< <= == != >= >", "+ -", "* / // %", "**"};
    int k = 0;
    while (!word_in(operator, strlen(operator), levels[k]))
        k++;
    return k;
}

// a + b - c is one chain of three; b's own operators are stronger.
static const Ast *chain_start(const Ast *ast)
{
    const Ast *first = ast;
    while (first->child[0]->kind == AST_BINARY && level(first->child[0]->text) == level(ast->text))
        first = first->child[0];
    return first;
}

static void chain(Printer *p, const Ast *ast, int tail)
{
    int indent = p->indent, count = 1;
    const Ast *first = chain_start(ast);
    for (const Ast *other = ast; other != first; other = other->child[0])
        count++;
    const Ast **links = arena_new(p->arena, const Ast *, count);
    const Ast *link = ast;
    for (int k = count - 1; k >= 0; k--, link = link->child[0])
        links[k] = link;
    bool fill = is_atom(first->child[0]);
    for (int k = 0; k < count; k++)
        fill &= is_atom(links[k]->child[1]);
    format_node(p, first->child[0], 1 + (int)strlen(first->text));
    for (int k = 0; k < count; k++) {
        const Ast *right = links[k]->child[1];
        int behind = k + 1 == count ? tail : 1 + (int)strlen(links[k + 1]->text);
        format_word(p, " ");
        format_word(p, links[k]->text);
        p->indent = indent + FORMAT_INDENT;
        part(p, right, fill, behind);
        format_node(p, right, behind);
    }
    p->indent = indent;
}

static void binary(Printer *p, const Ast *ast, int tail)
{
    if (!p->flat) {
        chain(p, ast, tail);
        return;
    }
    format_node(p, ast->child[0], 0);
    format_word(p, " ");
    format_word(p, ast->text);
    format_word(p, " ");
    format_node(p, ast->child[1], tail);
}

// --------------------------------------------------------------------------------------------------- expressions

// The point would belong to a number. Comments stay in front of it: behind the name they would stand outside.
static void member(Printer *p, const Ast *ast)
{
    int indent = p->indent;
    format_node(p, ast->child[0], 1 + (int)strlen(ast->text));
    p->indent += FORMAT_INDENT;
    format_flush(p, ast->name_span.from);
    if (ast->child[0]->kind == AST_NUMBER)
        format_space(p);
    format_word(p, ".");
    format_word(p, ast->text);
    p->indent = indent;
}

void format_assigned(Printer *p, const Ast *ast, int tail)
{
    int indent = p->indent;
    format_word(p, ast->text);
    if (ast->children > 0) {
        format_word(p, "=");
        format_hang(p, ast->child[0]->span.from);
        format_node(p, ast->child[0], tail);
    }
    p->indent = indent;
}

void format_expression(Printer *p, const Ast *ast, int tail)
{
    int end = ast->span.to - 1;
    switch (ast->kind) {
    case AST_DURATION: // its blanks are one, as in the tree
        format_word(p, ast->text);
        break;
    case AST_UNARY:
        format_word(p, ast->text);
        format_node(p, ast->child[0], tail);
        break;
    case AST_BINARY:
        binary(p, ast, tail);
        break;
    case AST_CALL:
        format_node(p, ast->child[0], 1);
        format_word(p, "(");
        format_brackets(p, ast, 1, ast->children, end, ")");
        break;
    case AST_INDEX:
        format_node(p, ast->child[0], 1);
        format_word(p, "[");
        format_brackets(p, ast, 1, ast->children, end, "]");
        break;
    case AST_ARGUMENT:
        format_assigned(p, ast, tail);
        break;
    case AST_MEMBER:
        member(p, ast);
        break;
    case AST_LIST:
        format_word(p, "[");
        format_brackets(p, ast, 0, ast->children, end, "]");
        break;
    case AST_PAREN:
        format_word(p, "(");
        format_brackets(p, ast, 0, 1, end, ")");
        break;
    case AST_SPLIT:
        split(p, ast);
        break;
    default: // a number, a string, a name: as written
        format_source(p, ast->span);
    }
}
