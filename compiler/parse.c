// The parser around the grammar: nodes of the tree, and the choice of a sentence for a syntax error.
//
// Input: the tokens of filter.c, by way of grammar/mt.y. Output: the tree of ast.h. Invariants: the tree of a file is
// never NULL; an item that did not parse is an AST_ERROR in its place; no expression is higher than HEIGHT_LIMIT, so
// that walks may recurse.
#include "parse.h"
#include "errors_syntax.h"
#include "mt.tab.h"
#include "suggest.h"
#include <string.h>

// Sums of so many terms, and calls of calls; brackets have their own limit in the filter.
enum { HEIGHT_LIMIT = 1000, EXPECTED_GROUPS = 24 };

// ------------------------------------------------------------------------------------------------------ the tree

static Ast *finish(Parser *parser, Ast *node)
{
    for (int i = 0; i < node->children; i++)
        if (node->child[i]->height >= node->height)
            node->height = node->child[i]->height + 1;
    if (node->kind < AST_NUMBER)
        return node;
    parser->last_expression = node;
    if (node->height <= HEIGHT_LIMIT)
        return node;
    if (filter_may_report(&parser->filter))
        error_long_chain(parser->filter.diags, node->span, HEIGHT_LIMIT);
    filter_recover(&parser->filter);
    return NULL;
}

static Ast *create(Parser *parser, AstKind kind, Span span, const char *text, int children)
{
    Ast *node = arena_new(parser->arena, Ast, 1);
    node->kind = kind;
    node->span = node->name_span = span;
    node->text = text;
    node->child = children ? arena_new(parser->arena, Ast *, children) : NULL;
    node->height = 1;
    return node;
}

Ast *parser_node(Parser *parser, AstKind kind, Span span, const char *text, Ast *a, Ast *b, Ast *c)
{
    Ast *const children[] = {a, b, c};
    Ast *node = create(parser, kind, span, text, (a != NULL) + (b != NULL) + (c != NULL));
    for (int i = 0; i < 3; i++)
        if (children[i])
            node->child[node->children++] = children[i];
    return finish(parser, node);
}

Ast *parser_list(Parser *parser, AstKind kind, Span span, const char *text, Ast *first, const Nodes *nodes, Ast *last)
{
    Ast *node = create(parser, kind, span, text, nodes->count + 2);
    if (first)
        node->child[node->children++] = first;
    for (int i = 0; i < nodes->count; i++)
        node->child[node->children++] = nodes->items[i];
    if (last)
        node->child[node->children++] = last;
    if (kind == AST_SPLIT) {
        Text words = text_new(parser->arena);
        for (int i = 0; i < node->children; i++)
            text_add(&words, "%s%s", i ? " " : "", node->child[i]->text);
        node->text = words.data;
    }
    return finish(parser, node);
}

Ast *parser_leaf(Parser *parser, AstKind kind, Span span, const Token *token)
{
    Ast *node = create(parser, kind, span, token->text, 0);
    node->number = token->number;
    node->unit = token->unit;
    return finish(parser, node);
}

Ast *parser_named(Ast *node, Span name)
{
    node->name_span = name;
    return node;
}

Nodes *parser_nodes(Parser *parser, Ast *first)
{
    return parser_append(parser, arena_new(parser->arena, Nodes, 1), first);
}

Nodes *parser_append(Parser *parser, Nodes *nodes, Ast *node)
{
    vec_push(parser->arena, nodes, node);
    return nodes;
}

// "nn.ReLU", or the last name alone if it hangs on something else than names.
static const char *member_path(Arena *arena, const Ast *member)
{
    const char *path = member->text;
    const Ast *of = member->child[0];
    for (; of->kind == AST_MEMBER; of = of->child[0])
        path = arena_format(arena, "%s.%s", of->text, path);
    return of->kind == AST_NAME ? arena_format(arena, "%s.%s", of->text, path) : path;
}

Ast *parser_call(Parser *parser, Span span, Ast *called, const Nodes *arguments)
{
    const Nodes none = {0};
    if (called->kind != AST_MEMBER)
        return parser_list(parser, AST_CALL, span, NULL, called, arguments ? arguments : &none, NULL);
    if (filter_may_report(&parser->filter))
        error_method(parser->filter.diags, called, member_path(parser->arena, called));
    filter_recover(&parser->filter);
    return NULL;
}

// --------------------------------------------------------------------------------------------------- expectations

static bool has(const int *kinds, int count, int kind)
{
    for (int i = 0; i < count; i++)
        if (kinds[i] == kind)
            return true;
    return false;
}

// "a, b, or c": what could have stood there, in groups, in the order of this list.
static const char *expectations(const Parser *parser, const int *kinds, int count)
{
    const Filter *filter = &parser->filter;
    bool item = filter->braces > 0 && filter->brackets == 0;
    bool operators = has(kinds, count, '*'), value = has(kinds, count, TOKEN_NUMBER) && has(kinds, count, TOKEN_NAME);
    // Behind a whole stage a name, a list or selectors were never meant.
    bool quiet = operators && item && !(filter->item_count == 2 && filter->token[1].kind == TOKEN_NAME);
    const struct {
        bool shown;
        const char *text;
    } groups[] = {
        {has(kinds, count, ':') && !quiet, "`:`"},
        {has(kinds, count, '=') && !quiet, "`=`"},
        {has(kinds, count, TOKEN_ARROW), "`->`"},
        {operators, "an operator"},
        {has(kinds, count, TOKEN_WHEN), "`when`"},
        {has(kinds, count, TOKEN_AS), "`as`"},
        {value, "a value"},
        {has(kinds, count, TOKEN_NAME) && !value, "a name"},
        {has(kinds, count, TOKEN_NUMBER) && !value, "a number"},
        {has(kinds, count, TOKEN_STRING) && !value, "a string"},
        {has(kinds, count, TOKEN_MODEL), "a declaration"},
        {has(kinds, count, ',') && !(item && operators), "`,`"},
        {has(kinds, count, ';'), "`;`"},
        {has(kinds, count, '(') && !operators && !value, "`(`"},
        {has(kinds, count, '{') && !(item && quiet), "`{`"},
        {has(kinds, count, ')'), "`)`"},
        {has(kinds, count, ']'), "`]`"},
        {has(kinds, count, '}') && !has(kinds, count, TOKEN_NL) && !value, "`}`"},
        {has(kinds, count, TOKEN_NL), "the end of the line"},
        {has(kinds, count, TOKEN_END) && !has(kinds, count, TOKEN_NL), "the end"},
    };
    const char *shown[EXPECTED_GROUPS];
    int n = 0;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (groups[i].shown)
            shown[n++] = groups[i].text;
    Text text = text_new(parser->arena);
    for (int i = 0; i < n; i++)
        text_add(&text, "%s%s", i == 0 ? "" : i < n - 1 ? ", " : n == 2 ? " or " : ", or ", shown[i]);
    return text.data;
}

// ------------------------------------------------------------------------------------------------- syntax errors

static bool begins_expression(int kind)
{
    return kind == TOKEN_NAME || kind == TOKEN_NUMBER || kind == TOKEN_DURATION || kind == TOKEN_STRING || kind == '!';
}

static bool is_operator(int kind)
{
    return kind == '+' || kind == '*' || kind == '/' || kind == '%' || kind == TOKEN_FLOORDIV || kind == TOKEN_POW ||
        kind == TOKEN_CMP || kind == TOKEN_OROR || kind == TOKEN_ANDAND;
}

static bool newline_between(const Filter *filter)
{
    const Token *a = &filter->token[1], *b = &filter->token[0];
    return b->span.from > a->span.to &&
        memchr(filter->source->text + a->span.to, '\n', (size_t)(b->span.from - a->span.to));
}

// A bracket that was never closed: a brace or the end came first, or a new line does not go on with the list.
static bool unclosed(Filter *filter)
{
    const Token *token = &filter->token[0];
    if (filter->unclosed.kind) {
        error_bracket_unclosed(filter->diags, &filter->unclosed, token->span,
            token->kind == TOKEN_END ? NULL : "it is still open here");
        filter_recover(filter);
        return true;
    }
    int own = token->kind == '(' || token->kind == '[';
    if (filter->brackets - own <= 0 || token->kind == ')' || token->kind == ']')
        return false;
    if (token->kind == TOKEN_ARROW && !filter_closes(filter)) { // of the row around the bracket
        error_bracket_unclosed(filter->diags, &filter->opens.items[filter->opens.count - 1], token->span,
            "a stage cannot stand inside brackets");
        filter_recover(filter);
        return true;
    }
    if (!newline_between(filter) || filter_closes(filter))
        return false;
    error_bracket_unclosed(filter->diags, &filter->opens.items[filter->opens.count - 1 - own], token->span,
        "inside brackets a new line does not end the row, so this was read as an argument");
    filter_recover_before(filter);
    return true;
}

static bool closing(const Filter *filter)
{
    const Token *token = &filter->token[0], *before = &filter->token[1];
    if (token->kind != ')' && token->kind != ']')
        return false;
    if (filter->closed.kind == 0)
        error_closes_nothing(filter->diags, token->span, token->text);
    else if ((filter->closed.kind == '(') != (token->kind == ')'))
        error_closes_other(filter->diags, token, &filter->closed);
    else if ((before->kind == ',' || before->kind == ';') && filter->signature_ends)
        error_signature_end(filter->diags, before);
    else if (before->kind == ',')
        error_trailing_comma(filter->diags, before, "an index");
    else
        return false;
    return true;
}

static bool misplaced_repeat(const Filter *filter)
{
    const Token *token = filter->token;
    if (token[1].kind != TOKEN_NAME || strcmp(token[1].text, "repeat") != 0 || !begins_expression(token[0].kind))
        return false;
    if (token[2].kind == '=')
        error_repeat_value(filter->diags, token[1].span, token[3].span, token[2].span);
    else if (token[2].kind == TOKEN_ARROW)
        error_repeat_stage(filter->diags, token[1].span);
    else
        return false;
    return true;
}

// `reepat 3 { ... }`, `cosnt W = 8`: the word is wrong, not what follows it.
static bool misspelt_keyword(const Filter *filter)
{
    static const char *const repeats[] = {"repeat"}, *const constants[] = {"const"};
    const Token *token = &filter->token[0], *word = &filter->token[1];
    bool first = filter->item_count == 2, behind_colon = filter->item_count == 4 && filter->token[2].kind == ':';
    if (filter->braces == 0 || filter->brackets > 0 || word->kind != TOKEN_NAME)
        return false;
    const char *best = NULL;
    if ((first || behind_colon) && (token->kind == TOKEN_NUMBER || token->kind == TOKEN_NAME))
        best = suggest(word->text, repeats, 1);
    if (!best && first && token->kind == TOKEN_NAME)
        best = suggest(word->text, constants, 1);
    if (best)
        error_foreign_word(filter->diags, word, best);
    return best != NULL;
}

// `10 epohcs`
static bool faulty_unit(const Filter *filter)
{
    const Token *unit = &filter->token[0];
    return filter->token[1].kind == TOKEN_NUMBER && unit->kind == TOKEN_NAME && error_unit(filter->diags, unit);
}

// `x += 1`
static bool assignment(const Filter *filter)
{
    const Token *sign = &filter->token[1], *equals = &filter->token[0];
    bool arithmetic = sign->kind == '+' || sign->kind == '-' || sign->kind == '*' || sign->kind == '/';
    if (equals->kind != '=' || !arithmetic || sign->span.to != equals->span.from)
        return false;
    error_assignment(filter->diags, sign, equals);
    return true;
}

// `and`, `or`, `not`
static bool foreign_word(const Filter *filter)
{
    for (int i = 0; i < 2; i++) {
        const Token *token = &filter->token[i];
        const Foreign *foreign = token->kind == TOKEN_NAME ? suggest_foreign(token->text, "syntax") : NULL;
        if (foreign && foreign->ours && word_in(token->text, strlen(token->text), i ? "not" : "and or")) {
            error_foreign_word(filter->diags, token, foreign->ours);
            return true;
        }
    }
    return false;
}

// What stands in front of the token, for "write `left -> right`".
static const char *words_before(const Parser *parser)
{
    const Filter *filter = &parser->filter;
    const Token *before = &filter->token[1];
    const Ast *last = parser->last_expression;
    if (last && last->span.to == before->span.to && last->span.to - last->span.from <= 60)
        return source_quote(filter->source, parser->arena, last->span);
    return before->kind == TOKEN_NAME ? before->text : NULL;
}

// Whether the items of this section are settings: `batch 64` lacks a `=`, not an arrow.
static bool has_settings(const Filter *filter)
{
    Span span = filter->declaration;
    return word_in(filter->source->text + span.from, (size_t)(span.to - span.from), "data train");
}

static bool two_things(Parser *parser, const int *expected, int count)
{
    Filter *filter = &parser->filter;
    const Token *token = &filter->token[0], *before = &filter->token[1];
    if (filter->braces == 0 || filter->brackets > 0 || !begins_expression(token->kind) ||
        !filter_ends_expression(before->kind))
        return false;
    bool setting = before->kind == TOKEN_NAME && filter->item_count == 2;
    int after = token->kind == TOKEN_NAME ? filter_kind_after(filter) : TOKEN_END;
    if (after == ':' || after == '=')
        error_two_items(filter->diags, token);
    else if (setting && (token->kind != TOKEN_NAME || has_settings(filter)))
        error_no_equals(filter->diags, filter->source, before, token, expectations(parser, expected, count));
    else if (token->kind == TOKEN_NAME && (before->kind == TOKEN_NAME || before->kind == ')' || before->kind == ']'))
        error_two_stages(filter->diags, token, words_before(parser));
    else
        return false;
    return true;
}

// Of a run of indented lines at the top level, which a `}` too many leaves behind, only the first is told.
static bool left_over(const Parser *parser, const Token *token)
{
    const Nodes *before = &parser->declarations;
    return source_column(parser->filter.source, token->span.from) > 1 && before->count > 0 &&
        before->items[before->count - 1]->kind == AST_ERROR;
}

// `params` that ends early: the `}` of a rule without a `{` closed it. The rule is what is at fault, not what stands
// behind the `}`.
static bool rule_without_body(const Parser *parser)
{
    const Nodes *before = &parser->declarations;
    const Ast *last = before->count > 0 ? before->items[before->count - 1] : NULL;
    if (!last || last->kind != AST_SECTION || strcmp(last->text, "params") != 0)
        return false;
    for (int i = 0; i < last->child[0]->children; i++) {
        const Ast *item = last->child[0]->child[i];
        if (item->kind == AST_RULE || item->kind == AST_CONST || item->kind == AST_ERROR)
            continue;
        error_no_body(parser->filter.diags, &(Token){.span = item->span,
            .text = source_quote(parser->filter.source, parser->arena, item->span)});
        return true;
    }
    return false;
}

// `a, b: row` and `p, q` in a model or block.
static bool several_names(const Filter *filter)
{
    const Token *token = &filter->token[0], *before = &filter->token[1];
    const char *declaration = filter->source->text + filter->declaration.from;
    bool ends = token->kind == '}' || token->kind == TOKEN_NL;
    bool inside = filter->braces > 0 || token->kind == '}'; // which is counted already
    if (!inside || filter->brackets > 0 || before->kind != TOKEN_NAME || filter->token[2].kind != ',' ||
        filter->token[3].kind != TOKEN_NAME || (!ends && token->kind != ':') ||
        !(starts_with(declaration, "model ") || starts_with(declaration, "block ")))
        return false;
    error_several_names(filter->diags, token, filter->token[3].text, before->text,
        span_join(filter->token[3].span, before->span));
    return true;
}

// `use lib`
static bool unquoted_use(const Filter *filter)
{
    const Token *token = &filter->token[0], *word = &filter->token[1];
    if (filter->braces > 0 || word->kind != TOKEN_USE || token->kind != TOKEN_NAME)
        return false;
    error_use_unquoted(filter->diags, filter->source, token->span);
    return true;
}

void parser_syntax_error(Parser *parser, const int *expected, int count)
{
    Filter *filter = &parser->filter;
    const Token *token = &filter->token[0], *before = &filter->token[1];
    if (!filter_may_report(filter)) {
        filter_recover(filter);
        return;
    }
    if (unclosed(filter))
        return;
    bool ends = token->kind == '}' || token->kind == TOKEN_NL || token->kind == TOKEN_END;
    bool starts = before->kind == TOKEN_NL || before->kind == -1 || before->kind == '{';
    if (count == 1 && expected[0] == '{' && filter->braces == 0 && newline_between(filter))
        error_no_body(filter->diags, before);
    else if (several_names(filter) || unquoted_use(filter))
        ;
    else if (closing(filter) || misplaced_repeat(filter) || foreign_word(filter) || misspelt_keyword(filter) ||
        faulty_unit(filter) ||
        assignment(filter) || two_things(parser, expected, count))
        ;
    else if (starts && filter->braces == 0 && (left_over(parser, token) || rule_without_body(parser)))
        ;
    else if (starts && filter->braces == 0 && token->kind == TOKEN_NAME)
        error_unknown_declaration(filter->diags, token);
    else if (starts && is_operator(token->kind))
        error_leading_operator(filter->diags, filter->source, token->span, token->text,
            before->kind == TOKEN_NL ? filter->token[2].span : (Span){0, 0, 0});
    else if (ends && has(expected, count, TOKEN_NAME) && before->text && !starts && before->span.to > before->span.from)
        error_nothing_follows(filter->diags, before, expectations(parser, expected, count));
    else if (before->kind == '}' && token->kind != TOKEN_END)
        error_after_body(filter->diags, token, filter->closed.what && strcmp(filter->closed.what, "`repeat`") == 0);
    else if (token->kind == TOKEN_CMP && has(expected, count, '*'))
        error_chained_comparison(filter->diags, token);
    else if (filter->signature && token->kind == '=' && before->kind == TOKEN_NAME)
        error_input_default(filter->diags, token, before->span, &filter->token[2]);
    else
        error_unexpected(filter->diags, token, expectations(parser, expected, count));
    filter_recover(filter);
}

void parser_exhausted(Parser *parser)
{
    if (filter_may_report(&parser->filter))
        error_nesting(parser->filter.diags, parser->filter.token[0].span, NESTING_LIMIT);
}

// ---------------------------------------------------------------------------------------------------- interface

Parsed parse_program(Arena *arena, Diags *diags, const Source *source)
{
    return parse_file(arena, diags, source, &source->files[0]);
}

Parsed parse_file(Arena *arena, Diags *diags, const Source *source, const SourceFile *of)
{
    Lexer *lexer = lexer_create(arena, source->text + of->from, of->to - of->from, of->from);
    Parser *parser = arena_new(arena, Parser, 1);
    parser->arena = arena;
    parser->filter = filter_of(arena, diags, source, lexer, false);
    parser->start.kind = -1;
    mt_parse(parser);
    Span whole = {0, of->from, of->to};
    Ast *file = parser_list(parser, AST_FILE, whole, parser->edition ? parser->edition : "1", NULL,
        &parser->declarations, NULL);
    const Spans *comments = lexer_comments(lexer);
    return (Parsed){.file = file, .comments = {comments->items, comments->count}};
}

static Ast *read_expression(Arena *arena, Diags *diags, const Source *source, Lexer *lexer)
{
    Parser *parser = arena_new(arena, Parser, 1);
    parser->arena = arena;
    parser->filter = filter_of(arena, diags, source, lexer, true);
    parser->start = (Token){.kind = TOKEN_EXPRESSION};
    bool good = mt_parse(parser) == 0 && !parser->filter.failed;
    return good ? parser->expression : NULL;
}

Ast *parse_expression(Arena *arena, const char *text)
{
    return read_expression(arena, NULL, NULL, lexer_create(arena, text, (int)strlen(text), 0));
}

Ast *parse_value(Arena *arena, Diags *diags, const Source *source, Span span)
{
    Lexer *lexer = lexer_create(arena, source->text + span.from, span.to - span.from, span.from);
    return read_expression(arena, diags, source, lexer);
}
