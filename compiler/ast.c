// What can be done with a tree without knowing what it means: print, compare, dump. All walk by recursion: the parser
// bounds the height of a tree.
#include "ast.h"
#include <string.h>

static const char *const kind_names[] = {
    [AST_FILE] = "file", [AST_CONST] = "const", [AST_USE] = "use", [AST_FN] = "fn", [AST_BLOCK] = "block",
    [AST_MODEL] = "model", [AST_SECTION] = "section", [AST_OPTIMIZER] = "optimizer", [AST_SCHEDULE] = "schedule",
    [AST_SIGNATURE] = "signature", [AST_INPUT] = "input", [AST_OPTION] = "option", [AST_BODY] = "body",
    [AST_LET] = "let", [AST_LEFT] = "left", [AST_NAMED] = "named", [AST_RULE] = "rule", [AST_REPEAT] = "repeat",
    [AST_ROW] = "row", [AST_ERROR] = "error", [AST_NUMBER] = "number", [AST_DURATION] = "duration",
    [AST_STRING] = "string", [AST_NAME] = "name", [AST_UNARY] = "unary", [AST_BINARY] = "binary",
    [AST_CALL] = "call", [AST_ARGUMENT] = "argument", [AST_INDEX] = "index", [AST_MEMBER] = "member",
    [AST_LIST] = "list", [AST_SPLIT] = "split", [AST_PAREN] = "paren",
};

// -------------------------------------------------------------------------------------------------------- print

static void print(Text *out, const Ast *ast, int indent);

static void print_list(Text *out, const Ast *ast, int from, int to, const char *separator)
{
    for (int i = from; i < to; i++) {
        if (i > from)
            text_string(out, separator);
        print(out, ast->child[i], 0);
    }
}

static void print_string(Text *out, const char *text)
{
    static const char special[] = "\n\t\\\"";
    text_string(out, "\"");
    for (; *text; text++) {
        const char *found = strchr(special, *text);
        if (found)
            text_add(out, "\\%c", "nt\\\""[found - special]);
        else
            text_put(out, text, 1);
    }
    text_string(out, "\"");
}

static void print_body(Text *out, const Ast *body, int indent)
{
    text_string(out, "{\n");
    for (int i = 0; i < body->children; i++) {
        text_add(out, "%*s", indent + 2, "");
        print(out, body->child[i], indent + 2);
        text_string(out, "\n");
    }
    text_add(out, "%*s}", indent, "");
}

static void print_signature(Text *out, const Ast *signature)
{
    int inputs = 0;
    while (inputs < signature->children && signature->child[inputs]->kind == AST_INPUT)
        inputs++;
    text_string(out, "(");
    print_list(out, signature, 0, inputs, ", ");
    if (inputs < signature->children)
        text_string(out, "; ");
    print_list(out, signature, inputs, signature->children, ", ");
    text_string(out, ")");
}

static void print_expression(Text *out, const Ast *ast)
{
    Ast *const *child = ast->child;
    switch (ast->kind) {
    case AST_STRING:
        print_string(out, ast->text);
        break;
    case AST_UNARY:
        text_string(out, ast->text);
        print(out, child[0], 0);
        break;
    case AST_BINARY:
        print(out, child[0], 0);
        text_add(out, " %s ", ast->text);
        print(out, child[1], 0);
        break;
    case AST_CALL: case AST_INDEX:
        print(out, child[0], 0);
        text_string(out, ast->kind == AST_CALL ? "(" : "[");
        print_list(out, ast, 1, ast->children, ", ");
        text_string(out, ast->kind == AST_CALL ? ")" : "]");
        break;
    case AST_ARGUMENT:
        text_add(out, "%s=", ast->text);
        print(out, child[0], 0);
        break;
    case AST_MEMBER: // the point would belong to a number
        print(out, child[0], 0);
        text_add(out, "%s.%s", child[0]->kind == AST_NUMBER ? " " : "", ast->text);
        break;
    case AST_LIST:
        text_string(out, "[");
        print_list(out, ast, 0, ast->children, ", ");
        text_string(out, "]");
        break;
    case AST_SPLIT:
        text_add(out, "(%s)", ast->text);
        break;
    case AST_PAREN:
        text_string(out, "(");
        print(out, child[0], 0);
        text_string(out, ")");
        break;
    default: // a number, a duration, a name
        text_string(out, ast->text);
    }
}

static void print_repeat(Text *out, const Ast *ast, int indent)
{
    text_string(out, "repeat ");
    print(out, ast->child[0], 0);
    if (ast->text)
        text_add(out, " as %s", ast->text);
    text_string(out, " ");
    print(out, ast->child[1], indent);
}

static void print_file(Text *out, const Ast *ast)
{
    text_add(out, "mt %s\n", ast->text);
    for (int i = 0; i < ast->children; i++) {
        print(out, ast->child[i], 0);
        text_string(out, "\n");
    }
}

static void print_row(Text *out, const Ast *ast)
{
    int stages = ast_stages(ast);
    print_list(out, ast, 0, stages, " -> ");
    if (ast->has_when) {
        text_string(out, " when ");
        print(out, ast->child[stages], 0);
    }
}

// What stands in front of the children, behind the first one, and behind the second.
static void print_around(Text *out, const Ast *ast, int indent, const char *front, const char *between)
{
    text_string(out, front);
    for (int i = 0; i < ast->children; i++) {
        text_string(out, i ? between : "");
        print(out, ast->child[i], indent);
    }
}

static void print(Text *out, const Ast *ast, int indent)
{
    switch (ast->kind) {
    case AST_FILE:
        print_file(out, ast);
        break;
    case AST_USE:
        text_string(out, "use ");
        print_string(out, ast->text);
        break;
    case AST_CONST:
        text_add(out, "const %s", ast->text);
        print_around(out, ast, indent, " = ", "");
        break;
    case AST_FN: case AST_BLOCK: case AST_MODEL:
        text_add(out, "%s %s", kind_names[ast->kind], ast->text);
        print_around(out, ast, indent, "", ast->kind == AST_FN ? " = " : " ");
        break;
    case AST_SECTION:
        text_string(out, ast->text);
        print_around(out, ast, indent, " ", "");
        break;
    case AST_OPTIMIZER: case AST_SCHEDULE:
        text_string(out, kind_names[ast->kind]);
        print_around(out, ast, indent, " ", "");
        break;
    case AST_SIGNATURE:
        print_signature(out, ast);
        break;
    case AST_INPUT: case AST_OPTION:
        text_string(out, ast->text);
        print_around(out, ast, indent, ast->children == 0 ? "" : ast->kind == AST_INPUT ? ": " : "=", "");
        break;
    case AST_BODY:
        print_body(out, ast, indent);
        break;
    case AST_LET: case AST_NAMED: case AST_RULE:
        print_around(out, ast, indent, "", ast->kind == AST_LET ? " = " : ast->kind == AST_NAMED ? ": " : " ");
        break;
    case AST_LEFT:
        print_list(out, ast, 0, ast->children, ", ");
        break;
    case AST_REPEAT:
        print_repeat(out, ast, indent);
        break;
    case AST_ROW:
        print_row(out, ast);
        break;
    case AST_ERROR:
        text_string(out, "# (did not parse)");
        break;
    default:
        print_expression(out, ast);
    }
}

void ast_print(Text *out, const Ast *ast) { print(out, ast, 0); }

// --------------------------------------------------------------------------------------------- equal, dump, stages

bool ast_equal(const Ast *a, const Ast *b)
{
    bool text = a->text == b->text || (a->text && b->text && strcmp(a->text, b->text) == 0);
    if (!text || a->kind != b->kind || a->number != b->number || a->unit != b->unit || a->has_when != b->has_when ||
        a->children != b->children)
        return false;
    for (int i = 0; i < a->children; i++)
        if (!ast_equal(a->child[i], b->child[i]))
            return false;
    return true;
}

static void dump(Text *out, const Ast *ast, int depth)
{
    text_add(out, "%*s%s", 2 * depth, "", kind_names[ast->kind]);
    if (ast->text) {
        text_string(out, " ");
        if (ast->kind == AST_STRING || ast->kind == AST_USE)
            print_string(out, ast->text);
        else
            text_string(out, ast->text);
    }
    text_string(out, ast->has_when ? " when\n" : "\n");
    for (int i = 0; i < ast->children; i++)
        dump(out, ast->child[i], depth + 1);
}

void ast_dump(Text *out, const Ast *ast) { dump(out, ast, 0); }

int ast_stages(const Ast *row) { return row->children - row->has_when; }

// ----------------------------------------------------------------------------------------------------- comments

// Whether only blanks stand in front of it in its line.
bool ast_first_in_line(const Source *source, int offset)
{
    int start = source_line_start(source, offset);
    return start + (int)strspn(source->text + start, " \t") >= offset;
}

bool ast_comment_is_instruction(const Source *source, Span comment)
{
    const char *text = source->text + comment.from + 1;
    return starts_with(text + strspn(text, " \t"), "mtc:");
}

const char *ast_comment_above(Arena *arena, const Parsed *parsed, const Source *source, const Ast *ast)
{
    if (!ast_first_in_line(source, ast->span.from))
        return "";
    const Span *comments = parsed->comments.items;
    int row = source_row(source, ast->span.from), end = 0, low = 0, high = parsed->comments.count;
    while (low < high) { // the first comment that is not above
        int middle = (low + high) / 2;
        if (comments[middle].from < ast->span.from)
            low = middle + 1;
        else
            high = middle;
    }
    end = low;
    int first = end;
    while (first > 0 && source_row(source, comments[first - 1].from) == row - 1 - (end - first) &&
        ast_first_in_line(source, comments[first - 1].from))
        first--;
    Text text = text_new(arena);
    bool any = false;
    for (int i = first; i < end; i++) {
        int from = comments[i].from + 1;
        if (ast_comment_is_instruction(source, comments[i]))
            continue;
        from += from < comments[i].to && source->text[from] == ' ';
        text_string(&text, any ? "\n" : "");
        any = true;
        text_put(&text, source->text + from, (size_t)(comments[i].to - from));
    }
    return text.data;
}

const Ast *ast_declaration(const Ast *file, AstKind kind, const char *text)
{
    for (int i = 0; i < file->children; i++)
        if (file->child[i]->kind == kind && (!text || strcmp(file->child[i]->text, text) == 0))
            return file->child[i];
    return NULL;
}
