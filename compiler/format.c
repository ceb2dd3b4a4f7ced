// The canonical form of a program: declarations, bodies, rows (LANGUAGE 4.17).
//
// Input: a tree without faults, its source and comments. Output: the text of `mtc fmt`. Invariants: the words are those
// of the source in their order, but for commas in front of a closing bracket and `()` behind a stage; line breaks stand
// only where a newline ends nothing, or ends an item; the canonical form of the result is the result.
#include "format_inside.h"
#include <string.h>

// --------------------------------------------------------------------------------------------------- `()` dropped

// The names of values and functions: f() and f may then be two things where a row begins.
static void collect_names(Map *names, const Ast *ast)
{
    const Ast *left = ast->kind == AST_NAMED ? ast->child[0] : ast;
    bool named = ast->kind == AST_CONST || ast->kind == AST_INPUT || ast->kind == AST_OPTION || ast->kind == AST_FN ||
        (ast->kind == AST_REPEAT && ast->text);
    if (named)
        map_set(names, ast->text, (void *)ast);
    for (int i = 0; ast->kind == AST_LEFT && i < ast->children; i++) {
        left = ast->child[i]->kind == AST_INDEX ? ast->child[i]->child[0] : ast->child[i];
        if (left->kind == AST_NAME)
            map_set(names, left->text, (void *)left);
    }
    if (ast->kind == AST_NAMED && left->kind == AST_NAME)
        map_set(names, left->text, (void *)left);
    for (int i = 0; ast->kind < AST_NUMBER && i < ast->children; i++)
        collect_names(names, ast->child[i]);
}

static const Ast *without_parentheses(const Ast *stage)
{
    bool empty = stage->kind == AST_CALL && stage->children == 1 && stage->child[0]->kind == AST_NAME;
    return empty ? stage->child[0] : stage;
}

// A stage. `()` stays where a comment stands in it.
static void stage(Printer *p, const Ast *ast, int tail, bool may_drop)
{
    const Ast *called = without_parentheses(ast);
    format_flush(p, ast->span.from);
    if (may_drop && (p->flat || !format_comment_before(p, ast->span.to)))
        format_node(p, called, tail);
    else
        format_node(p, ast, tail);
    p->at = ast->span.to;
}

// Whether the first stage of a row on the trunk surely names an operation.
static bool names_operation(const Printer *p, const Ast *first)
{
    const Ast *called = without_parentheses(first);
    return called != first && !p->uses && !map_get(&p->values, called->text);
}

// --------------------------------------------------------------------------------------------------------- rows

static int when_width(Printer *p, const Ast *row)
{
    if (!row->has_when || p->flat)
        return 0;
    int width = format_width(p, row->child[row->children - 1]);
    return (width < FORMAT_COLUMNS ? width : FORMAT_COLUMNS) + (int)strlen(" when ");
}

static void row(Printer *p, const Ast *ast, int tail, bool may_drop_first)
{
    int stages = ast_stages(ast), indent = p->indent, behind = when_width(p, ast) + tail;
    for (int i = 0; i < stages; i++) {
        const Ast *child = ast->child[i];
        if (i > 0) {
            p->indent = indent + FORMAT_INDENT;
            format_flush(p, child->span.from);
            format_newline(p);
            format_space(p);
            format_word(p, "-> ");
        }
        stage(p, child, i + 1 == stages ? behind : 0, i > 0 || (may_drop_first && names_operation(p, child)));
    }
    if (ast->has_when) {
        format_word(p, " when ");
        format_node(p, ast->child[stages], tail);
    }
    p->indent = indent;
}

static void repeat(Printer *p, const Ast *ast);

// A row, or an expression, behind `=` or `:`.
static void value(Printer *p, const Ast *ast, int tail, bool may_drop_first)
{
    int indent = p->indent;
    format_hang(p, ast->span.from);
    format_space(p);
    if (ast->kind == AST_ROW) {
        bool flat = p->flat;
        p->flat = format_fits(p, ast, tail);
        row(p, ast, tail, may_drop_first);
        p->flat = flat;
    } else if (ast->kind == AST_REPEAT) {
        format_word(p, "repeat ");
        p->indent = indent;
        repeat(p, ast);
    } else {
        format_node(p, ast, tail);
    }
    p->indent = indent;
    p->at = ast->span.to;
}

// a, b, c: names or selectors, outside of brackets.
static void left(Printer *p, const Ast *ast, int tail)
{
    int indent = p->indent;
    for (int i = 0; i < ast->children; i++) {
        if (i > 0) {
            format_word(p, ",");
            p->indent = indent + 2 * FORMAT_INDENT; // the body of a rule has one
            format_newline(p);
            format_flush(p, ast->child[i]->span.from);
            format_space(p);
        }
        format_node(p, ast->child[i], i + 1 < ast->children ? 1 : tail);
    }
    p->indent = indent;
}

// ------------------------------------------------------------------------------------------------------- bodies

static void body(Printer *p, const Ast *ast)
{
    format_word(p, "{");
    if (p->flat) {
        p->too_wide |= ast->children > 1;
        if (ast->children == 1) {
            format_word(p, " ");
            format_node(p, ast->child[0], 0);
            format_word(p, " ");
        }
        format_word(p, "}");
        return;
    }
    p->indent += FORMAT_INDENT;
    p->first = true;
    p->at = ast->span.from + 1;
    for (int i = 0; i < ast->children; i++) {
        format_begin_item(p, ast->child[i]->span.from);
        format_node(p, ast->child[i], 0);
    }
    bool empty = ast->children == 0 && !format_comment_before(p, ast->span.to);
    p->between = true;
    format_flush(p, ast->span.to - 1);
    p->between = p->first = false;
    p->indent -= FORMAT_INDENT;
    if (!empty)
        format_newline(p);
    format_word(p, "}");
    p->at = ast->span.to;
}

// `repeat` is written.
static void repeat(Printer *p, const Ast *ast)
{
    bool one_line = p->one_line;
    p->one_line = true; // it is a repeat only if its line goes on to the brace
    format_node(p, ast->child[0], 2);
    p->one_line = one_line;
    if (ast->text) {
        format_word(p, " as ");
        format_word(p, ast->text);
    }
    format_word(p, " ");
    body(p, ast->child[1]);
}

// (x: [B, C]; ch, stride=1)
static void signature(Printer *p, const Ast *ast)
{
    format_word(p, "(");
    p->indent += FORMAT_INDENT;
    if (ast->children > 0 && ast->child[0]->kind == AST_OPTION)
        format_word(p, p->flat ? "; " : ";");
    format_newline(p);
    for (int i = 0; i < ast->children; i++) {
        format_node(p, ast->child[i], 1);
        if (i + 1 == ast->children)
            break;
        bool turn = ast->child[i]->kind != ast->child[i + 1]->kind;
        format_word(p, turn ? ";" : ",");
        format_newline(p);
        format_flush(p, ast->child[i + 1]->span.from);
        format_space(p);
    }
    format_flush(p, ast->span.to - 1);
    p->indent -= FORMAT_INDENT;
    if (ast->children > 0)
        format_newline(p);
    format_word(p, ")");
}

// ------------------------------------------------------------------------------------------------- declarations

// `model net`
static void head(Printer *p, const char *word, Span name)
{
    int indent = p->indent;
    format_word(p, word);
    format_hang(p, name.from);
    format_space(p);
    format_source(p, name);
    p->indent = indent;
}

static void optimizer(Printer *p, const Ast *ast, int tail)
{
    int indent = p->indent;
    format_word(p, "optimizer");
    format_hang(p, ast->child[0]->span.from);
    format_space(p);
    stage(p, ast->child[0], tail, true);
    p->indent = indent;
}

void format_structure(Printer *p, const Ast *ast, int tail)
{
    switch (ast->kind) {
    case AST_CONST:
        head(p, "const", ast->name_span);
        format_word(p, " =");
        value(p, ast->child[0], tail, false);
        break;
    case AST_USE:
        head(p, "use", ast->name_span);
        break;
    case AST_FN:
        head(p, "fn", ast->name_span);
        format_node(p, ast->child[0], 2);
        format_word(p, " =");
        value(p, ast->child[1], tail, false);
        break;
    case AST_BLOCK: case AST_MODEL:
        head(p, ast->kind == AST_MODEL ? "model" : "block", ast->name_span);
        format_node(p, ast->child[0], 2);
        format_word(p, " ");
        body(p, ast->child[1]);
        break;
    case AST_SECTION:
        format_word(p, ast->text);
        format_word(p, " ");
        body(p, ast->child[0]);
        break;
    case AST_OPTIMIZER:
        optimizer(p, ast, tail);
        break;
    case AST_SCHEDULE:
        format_word(p, "schedule");
        value(p, ast->child[0], tail, true);
        break;
    case AST_SIGNATURE:
        signature(p, ast);
        break;
    case AST_INPUT:
        format_word(p, ast->text);
        format_word(p, ast->children > 0 ? ":" : "");
        if (ast->children > 0)
            value(p, ast->child[0], tail, false);
        break;
    case AST_OPTION:
        format_assigned(p, ast, tail);
        break;
    case AST_LET: case AST_NAMED:
        format_node(p, ast->child[0], ast->kind == AST_LET ? 2 : 1);
        format_word(p, ast->kind == AST_LET ? " =" : ":");
        value(p, ast->child[1], tail, ast->kind == AST_NAMED);
        break;
    case AST_LEFT:
        left(p, ast, tail);
        break;
    case AST_RULE:
        format_node(p, ast->child[0], 2);
        format_word(p, " ");
        body(p, ast->child[1]);
        break;
    case AST_REPEAT:
        format_word(p, "repeat ");
        repeat(p, ast);
        break;
    case AST_ROW:
        row(p, ast, tail, true);
        break;
    default: // bodies are written by what has them, and there are no faulty items
        break;
    }
}

// --------------------------------------------------------------------------------------------------------- file

// `mt 1`, and what stands in front of it.
static void edition(Printer *p, const char *text)
{
    const char *source = p->source->text;
    int at = 0;
    for (at += (int)strspn(source, " \t\r\n"); source[at] == '#'; at += (int)strspn(source + at, " \t\r\n"))
        at += (int)strcspn(source + at, "\n");
    p->first = true;
    format_begin_item(p, at);
    format_word(p, "mt ");
    format_word(p, text);
    at += (int)strlen("mt");
    p->at = at + (int)strspn(source + at, " \t\r") + (int)strlen(text);
}

// Whether a declaration stands on several lines.
static bool needs_lines(Printer *p, const Ast *ast)
{
    int inner = p->comment;
    while (inner < p->comments.count && p->comments.items[inner].from < ast->span.from)
        inner++;
    bool comment = inner < p->comments.count && p->comments.items[inner].from < ast->span.to;
    return comment || format_width(p, ast) > FORMAT_COLUMNS;
}

Text format_program(Arena *arena, const Source *source, const Parsed *parsed)
{
    const Ast *file = parsed->file;
    Text out = text_new(arena);
    Printer printer = {.arena = arena, .source = source, .comments = parsed->comments, .out = &out,
        .scratch = text_new(arena), .values = map_new(arena)};
    Printer *p = &printer;
    bool lines_above = false;
    p->uses = ast_declaration(file, AST_USE, NULL) != NULL;
    collect_names(&p->values, file);
    edition(p, file->text);
    for (int i = 0; i < file->children; i++) {
        const Ast *declaration = file->child[i];
        bool lines = needs_lines(p, declaration);
        p->blank = (lines || lines_above) && !format_gap_has_blank(p, declaration->span.from);
        format_begin_item(p, declaration->span.from);
        format_node(p, declaration, 0);
        lines_above = lines;
    }
    p->between = true;
    format_flush(p, source->length);
    text_string(&out, "\n");
    return out;
}

// ------------------------------------------------------------------------------------------------------- compare

static bool same_text(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static bool same_tree(const Ast *a, const Ast *b)
{
    bool stages = a->kind == AST_ROW || a->kind == AST_OPTIMIZER;
    if (a->kind != b->kind || a->children != b->children || a->number != b->number || a->unit != b->unit ||
        a->has_when != b->has_when || !same_text(a->text, b->text))
        return false;
    for (int i = 0; i < a->children; i++) {
        const Ast *left_child = a->child[i], *right_child = b->child[i];
        if (!same_tree(stages ? without_parentheses(left_child) : left_child,
                stages ? without_parentheses(right_child) : right_child))
            return false;
    }
    return true;
}

bool format_keeps(Arena *arena, const Source *a, const Parsed *parsed_a, const Source *b, const Parsed *parsed_b)
{
    const Comments *left_comments = &parsed_a->comments, *right_comments = &parsed_b->comments;
    bool same = left_comments->count == right_comments->count && same_tree(parsed_a->file, parsed_b->file);
    for (int k = 0; same && k < left_comments->count; k++)
        same = strcmp(format_comment(arena, a, left_comments->items[k]),
                   format_comment(arena, b, right_comments->items[k])) == 0;
    return same;
}
