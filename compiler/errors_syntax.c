// The words of the messages on syntax.
#include "errors_syntax.h"
#include "edition.h"
#include "mt.tab.h"
#include "suggest.h"
#include <string.h>

// "number `64`", "`relu`", "the end of the line"
static void describe(char *out, size_t size, const Token *token)
{
    // Long words are cut: the place shows the rest.
    const char *text = token->text ? token->text : "";
    const char *cut = strlen(text) > 40 ? "..." : "";
    if (token->kind == TOKEN_NL || token->kind == TOKEN_END)
        snprintf(out, size, "%s", token->kind == TOKEN_NL ? "end of the line" : "end of the file");
    else if (token->kind == TOKEN_STRING)
        snprintf(out, size, "string");
    else
        snprintf(out, size, "%s`%.40s%s`", token->kind == TOKEN_NUMBER ? "number " : "", text, cut);
}

// The help that puts another word in the place of one.
static void propose(Diag *d, Span span, const char *best)
{
    diag_label(d, "did you mean `%s`?", best);
    diag_help(d, "write `%s`", best);
    diag_edit(d, span, best);
}

// ---------------------------------------------------------------------------------------------------- first line

void error_edition_missing(Diags *diags, const Source *source, Span first, bool marked)
{
    Diag *d = diag_add(diags, E0009, first, "the program does not begin with its edition");
    diag_label(d, "the first line is `mt 1`");
    if (marked)
        return;
    int line = source_line_start(source, first.from);
    diag_help(d, "put the edition in front");
    diag_edit(d, (Span){first.file, line, line}, "mt 1\n");
}

void error_edition(Diags *diags, Span span, const char *edition, bool later)
{
    Diag *d = diag_add(diags, E0009, span, later ? "this program needs edition `%s`" : "edition `%s` is not known", edition);
    diag_label(d, later ? "this compiler has " MT_EDITION : "this compiler knows edition 1");
    if (later)
        diag_fact(d, "a later mtc has it: `mtc --version` says which edition one has");
}

// -------------------------------------------------------------------------------------------------------- tokens

// Signs that are not ours, or not ASCII, and what was meant.
static const struct {
    const char *sign, *ours, *what;
} signs[] = {
    {"^", "**", NULL}, {"&", "&&", NULL}, {"|", "||", NULL}, {"'", NULL, "strings stand in double quotes, \"...\""},
    {"\xe2\x86\x92", "->", NULL}, {"\xe2\x9f\xb6", "->", NULL}, {"\xe2\x87\x92", "->", NULL},
    {"\xe2\x88\x92", "-", "a minus sign of typography"}, {"\xe2\x80\x93", "-", "a dash"},
    {"\xe2\x80\x94", "-", "a dash"}, {"\xc3\x97", "*", NULL}, {"\xc2\xb7", "*", NULL}, {"\xe2\x8b\x85", "*", NULL},
    {"\xc3\xb7", "/", NULL}, {"\xe2\x89\xa4", "<=", NULL}, {"\xe2\x89\xa5", ">=", NULL},
    {"\xe2\x89\xa0", "!=", NULL}, {"\xe2\x88\x9e", "inf", NULL}, {"\xe2\x80\x9c", "\"", "a quote of typography"},
    {"\xe2\x80\x9d", "\"", "a quote of typography"}, {"\xe2\x80\x99", NULL, "strings stand in double quotes, \"...\""},
    {"\xc2\xa0", " ", "a blank that is not the space"}, {"\xe2\x80\xaf", " ", "a blank that is not the space"},
    {"\xe2\x80\x8b", "", "a blank without width"}, {"\xef\xbb\xbf", "", "a byte order mark inside the text"},
};

static void error_character(Diags *diags, const Source *source, const Token *token)
{
    if (token->text[0] == '|' && source->text[token->span.to] == '>') {
        Span both = {token->span.file, token->span.from, token->span.to + 1};
        propose(diag_add(diags, E0026, both, "`|>` is not a sign of the language"), both, "->");
        return;
    }
    unsigned char first = (unsigned char)token->text[0];
    bool printable = first > 0x20 && first != 0x7f && (first < 0x80 || token->text[1]);
    Diag *d = printable
        ? diag_add(diags, E0007, token->span, "`%s` is not a sign of the language", token->text)
        : diag_add(diags, E0007, token->span, first < 0x80 ? "the control character 0x%02x cannot stand here"
                                                           : "the byte 0x%02x is not UTF-8", (unsigned)first);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (strcmp(signs[i].sign, token->text) != 0)
            continue;
        const char *ours = signs[i].ours;
        if (signs[i].what)
            diag_label(d, "%s", signs[i].what);
        else
            diag_label(d, "did you mean `%s`?", ours);
        if (ours) {
            diag_help(d, *ours ? "write `%s`" : "leave it out", ours);
            diag_edit(d, token->span, ours);
        }
    }
}

static void error_number(Diags *diags, const Token *token)
{
    Diag *d;
    if (token->fault == FAULT_NUMBER_POINT) {
        int point = token->span.from + (int)strcspn(token->text, ".") + 1;
        d = diag_add(diags, E0020, token->span, "`%.40s` is not a number", token->text);
        diag_label(d, "no digit behind the point");
        diag_help(d, "add one");
        diag_edit(d, (Span){token->span.file, point, point}, "0");
    } else if (token->fault == FAULT_NUMBER_LARGE) {
        d = diag_add(diags, E0020, token->span, "this number is too large");
        diag_label(d, "the largest is about 1.8e308; infinity is `inf`");
    } else if (token->fault == FAULT_NUMBER_SMALL) {
        d = diag_add(diags, E0020, token->span, "this number is too small to differ from 0");
        diag_label(d, "the smallest is about 4.9e-324");
    } else if (token->fault == FAULT_NUMBER_EXACT) {
        d = diag_add(diags, E0020, token->span, "this whole number has too many digits to be exact");
        diag_label(d, "a double holds every whole number only up to 9007199254740992");
    } else {
        d = diag_add(diags, E0020, token->span, "a duration is whole and positive");
        diag_label(d, "how many %s?", token->unit == UNIT_STEPS ? "steps" : "epochs");
    }
}

static void error_string(Diags *diags, const Token *token)
{
    if (token->fault == FAULT_STRING_END) {
        Diag *d = diag_add(diags, E0008, token->span, "the string is never closed");
        diag_label(d, "it would have to end in this line");
    } else if (token->fault == FAULT_STRING_ENCODING) {
        Diag *d = diag_add(diags, E0008, token->span, "the string is not UTF-8");
        diag_label(d, "holds bytes that are no character");
    } else {
        int from = token->span.from + (int)token->number;
        bool ascii = (unsigned char)token->text[(int)token->number + 1] < 0x80;
        Span span = {token->span.file, from, from + 1 + ascii};
        Diag *d = diag_add(diags, E0008, span, "unknown escape in a string");
        diag_label(d, "known are \\n \\t \\\\ \\\"");
        diag_help(d, "a backslash itself is written twice");
        diag_edit(d, span_start(span), "\\");
    }
}

static Span with_blanks_before(const Source *source, Span span)
{
    while (span.from > 0 && strchr(" \t", source->text[span.from - 1]))
        span.from--;
    return span;
}

void error_token(Diags *diags, const Source *source, const Token *token, const char *assign)
{
    Diag *d;
    switch (token->fault) {
    case FAULT_NONE:
        break;
    case FAULT_CHARACTER:
        error_character(diags, source, token);
        break;
    case FAULT_FOREIGN_WORD:
        d = diag_add(diags, E0007, token->span, "`%s` cannot be a name", token->text);
        diag_label(d, "names are made of ASCII letters, digits and `_`");
        if (strcmp(token->text, "\xcf\x80") == 0) {
            diag_help(d, "the constant is called `pi`");
            diag_edit(d, token->span, "pi");
        }
        break;
    case FAULT_RESERVED_NAME:
        d = diag_add(diags, E0021, token->span, "the name `%s` is reserved", token->text);
        diag_label(d, token->text[0] == '_' ? "begins with `_`" : "has `__` inside");
        diag_fact(d, "names with `_` in front or `__` inside are those that the compiler makes up in the C");
        break;
    case FAULT_NUMBER_POINT: case FAULT_NUMBER_LARGE: case FAULT_NUMBER_SMALL: case FAULT_NUMBER_EXACT:
    case FAULT_DURATION:
        error_number(diags, token);
        break;
    case FAULT_STRING_END: case FAULT_STRING_ESCAPE: case FAULT_STRING_ENCODING:
        error_string(diags, token);
        break;
    case FAULT_ASSIGN:
        d = diag_add(diags, E0026, token->span, "`:=` is not a sign of the language");
        diag_label(d, "`name: row` is on the trunk, `name = value` beside it");
        diag_help(d, "write `%s`", assign);
        diag_edit(d, *assign == ':' ? with_blanks_before(source, token->span) : token->span, assign);
        break;
    case FAULT_FAT_ARROW:
        d = diag_add(diags, E0026, token->span, "`=>` is not a sign of the language");
        diag_label(d, "did you mean `->`?");
        diag_help(d, "write `->`");
        diag_edit(d, token->span, "->");
        break;
    }
}

// ------------------------------------------------------------------------------------------- rows and what follows

void error_two_stages(Diags *diags, const Token *token, const char *left)
{
    Diag *d = diag_add(diags, E0001, token->span, "two stages without `->` between them");
    diag_label(d, "expected `->`, an operator, `when`, or the end of the line");
    if (left)
        diag_help(d, "write `%s -> %s`, or put `%s` on its own line", left, token->text, token->text);
    else
        diag_help(d, "write `-> %s`, or put `%s` on its own line", token->text, token->text);
}

bool error_unit(Diags *diags, const Token *unit)
{
    static const char *const units[] = {"epochs", "steps", "epoch", "step"};
    const Foreign *foreign = suggest_foreign(unit->text, "unit");
    const char *best = foreign ? foreign->ours : suggest(unit->text, units, 4);
    if (!best)
        return false;
    propose(diag_add(diags, E0020, unit->span, "unknown unit `%s`", unit->text), unit->span, best);
    return true;
}

void error_unexpected(Diags *diags, const Token *token, const char *expected)
{
    char what[80];
    describe(what, sizeof what, token);
    Diag *d = diag_add(diags, E0006, token->span, "unexpected %s", what);
    if (*expected)
        diag_label(d, "expected %s", expected);
}

void error_several_names(Diags *diags, const Token *token, const char *first, const char *second, Span names)
{
    if (token->kind == ':') {
        Diag *d = diag_add(diags, E0006, token->span, "several names take `=`, not `:`");
        diag_label(d, "a row on the trunk has one name");
        diag_help(d, "write `%s, %s = value -> ...`", first, second);
        return;
    }
    Diag *d = diag_add(diags, E0006, names, "several names are no row");
    diag_label(d, "expected `=`");
    diag_help(d, "to go on with these values, write `[%s, %s]`", first, second);
}

void error_use_unquoted(Diags *diags, const Source *source, Span word)
{
    word.to = word.from + (int)strcspn(source->text + word.from, " \t\r\n#\"");
    Diag *d = diag_add(diags, E0006, word, "the path of a `use` stands in quotes");
    char quoted[200];
    if (word.to - word.from > (int)sizeof quoted - 3)
        return;
    snprintf(quoted, sizeof quoted, "\"%.*s\"", word.to - word.from, source->text + word.from);
    diag_help(d, "write `use %s`", quoted);
    diag_edit(d, word, quoted);
}

void error_no_body(Diags *diags, const Token *word)
{
    Diag *d = diag_add(diags, E0006, word->span, "`%s` has no body", word->text);
    diag_label(d, "expected `{`");
    diag_help(d, "open it");
    diag_edit(d, span_end(word->span), " {");
}

void error_two_items(Diags *diags, const Token *token)
{
    Diag *d = diag_add(diags, E0006, token->span, "two items on one line");
    diag_label(d, "begins the second one");
    diag_help(d, "put `%s` on its own line", token->text);
}

void error_no_equals(Diags *diags, const Source *source, const Token *name, const Token *value, const char *expected)
{
    char what[80];
    describe(what, sizeof what, value);
    Diag *d = diag_add(diags, E0006, value->span, "unexpected %s", what);
    if (value->text && value->text[0] == '.' && value->span.from == name->span.to) { // r.0.weight { ... }
        Span path = span_join(name->span, value->span);
        path.to += (int)strspn(source->text + path.to, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.*");
        char quoted[200];
        snprintf(quoted, sizeof quoted, "\"%.*s\"", path.to - path.from, source->text + path.from);
        diag_label(d, "in a path a number stands between dots, and a path stands in quotes");
        diag_help(d, "in `params`, write");
        if (path.to - path.from < (int)sizeof quoted - 2)
            diag_edit(d, path, quoted);
        return;
    }
    diag_label(d, "expected %s", expected);
    diag_help(d, "to set `%s`, write", name->text);
    diag_edit(d, span_end(name->span), " =");
}

void error_nothing_follows(Diags *diags, const Token *token, const char *expected)
{
    char what[80];
    describe(what, sizeof what, token);
    Diag *d = diag_add(diags, E0006, token->span, "nothing follows %s", what);
    diag_label(d, "expected %s", expected);
}

void error_chained_comparison(Diags *diags, const Token *sign)
{
    Diag *d = diag_add(diags, E0006, sign->span, "comparisons do not chain");
    diag_label(d, "the second one");
    diag_help(d, "join two comparisons with `&&`");
}

void error_trailing_comma(Diags *diags, const Token *comma, const char *where)
{
    Diag *d = diag_add(diags, E0006, comma->span, "nothing follows this comma");
    diag_label(d, "%s may not end with one", where);
    diag_help(d, "leave it out");
    diag_edit(d, comma->span, "");
}

void error_leading_operator(Diags *diags, const Source *source, Span span, const char *sign, Span above)
{
    bool block = strcmp(sign, "/") == 0 && source->text[span.to] == '*';
    if (strcmp(sign, "//") == 0 || block) {
        span.to += block;
        Diag *d = diag_add(diags, E0026, span, "`%s` does not begin a comment", block ? "/*" : sign);
        diag_label(d, "did you mean `#`?");
        diag_help(d, "a comment begins with `#`%s", block ? ", and ends with its line" : "");
        diag_edit(d, span, "#");
        return;
    }
    Diag *d = diag_add(diags, E0005, span, "a row may not begin with `%s`", sign);
    if (above.to <= above.from) {
        diag_label(d, "there is nothing in front of it");
        return;
    }
    diag_label(d, "the line above has ended already");
    Span here = span;
    here.to += (int)strspn(source->text + here.to, " \t");
    char text[8];
    snprintf(text, sizeof text, " %s", sign);
    diag_help(d, "end the line above with the operator");
    diag_edit(d, span_end(above), text);
    diag_edit(d, here, "");
}

void error_semicolon(Diags *diags, Span span, bool last)
{
    Diag *d = diag_add(diags, E0026, span, "`;` does not end an item");
    diag_label(d, "an item ends with its line");
    diag_help(d, last ? "leave it out" : "begin a new line in its place");
    if (last)
        diag_edit(d, span, "");
}

void error_assignment(Diags *diags, const Token *sign, const Token *equals)
{
    Span both = span_join(sign->span, equals->span);
    Diag *d = diag_add(diags, E0026, both, "`%s=` is not a sign of the language", sign->text);
    diag_label(d, "a value is defined once; a row of its own gets a new name");
}

void error_foreign_word(Diags *diags, const Token *word, const char *ours)
{
    Diag *d = diag_add(diags, E0026, word->span, "unexpected `%s`", word->text);
    diag_label(d, "did you mean `%s`?", ours);
    diag_help(d, "write `%s`", ours);
    diag_edit(d, word->span, ours);
}

void error_method(Diags *diags, const Ast *member, const char *path)
{
    static const char *const places[] = {"layer", "fn", "loss", "optimizer", "schedule", "metric", "data"};
    const Foreign *foreign = NULL;
    for (size_t i = 0; i < sizeof places / sizeof *places && !foreign; i++)
        foreign = suggest_foreign(path, places[i]);
    Diag *d = diag_add(diags, E0026, member->span, "`%s(...)`: values have no methods, and there are no modules", path);
    if (foreign && foreign->ours) {
        diag_label(d, "did you mean `%s`?", foreign->ours);
        diag_help(d, "write `%s`", foreign->ours);
        diag_edit(d, member->span, foreign->ours);
    } else {
        diag_label(d, "a stage is called by its name alone: `x -> name(...)`");
    }
}

// ---------------------------------------------------------------------------------------------- brackets and braces

void error_bracket_unclosed(Diags *diags, const Open *open, Span next, const char *label)
{
    Diag *d = diag_add(diags, E0002, open->span, "`%c` is never closed", open->kind);
    diag_label(d, "opened here");
    if (label)
        diag_second(d, next, "%s", label);
}

// Where the missing braces go: behind the last line of the body, on an empty line if there is one.
static void edit_braces(Diag *d, const Source *source, int count, Span last, const Token *next)
{
    static const char closing[] = "}\n}\n}\n}\n}\n}\n}\n}\n";
    int most = (int)(sizeof closing - 1) / 2;
    if (count > most)
        return;
    const char *lines = closing + 2 * (most - count);
    if (next->kind == TOKEN_END) {
        int end = source_file(source, next->span.from)->to;
        bool newline = end > 0 && source->text[end - 1] == '\n';
        if (!newline)
            diag_edit(d, (Span){0, end, end}, "\n");
        diag_edit(d, (Span){0, end, end}, lines);
        return;
    }
    int row = source_row(source, last.to) + 1;
    if (row > source_row(source, next->span.from))
        row = source_row(source, next->span.from);
    int at = source->line_start[row - 1];
    diag_edit(d, (Span){0, at, at}, lines);
}

void error_brace_unclosed(Diags *diags, const Source *source, const Open *open, int count, Span last,
    const Token *next)
{
    Diag *d = diag_add(diags, E0004, open->span, "`{` is never closed");
    diag_label(d, open->what ? "opens %s" : "opened here", open->what);
    const char *what = open->what ? open->what + 1 : "body`";
    int word = (int)strcspn(what, " `");
    if (next->kind == TOKEN_END) {
        diag_help(d, "close the %.*s at the end of the file", word, what);
    } else {
        bool section = word_in(next->text, strlen(next->text), "data params loss metrics train");
        diag_second(d, next->span, "a %s starts here, at the left margin", section ? "section" : "declaration");
        diag_help(d, "close the %.*s before line %d", word, what, source_line(source, next->span.from));
    }
    edit_braces(d, source, count, last, next);
}

void error_nesting(Diags *diags, Span span, int limit)
{
    Diag *d = diag_add(diags, E0022, span, "nested too deep");
    diag_label(d, "more than %d brackets are open here", limit);
}

void error_long_chain(Diags *diags, Span span, int limit)
{
    Diag *d = diag_add(diags, E0022, span, "this expression is too long");
    diag_label(d, "more than %d operators or calls hang on each other; give parts of it names", limit);
}

void error_closes_nothing(Diags *diags, Span span, const char *sign)
{
    Diag *d = diag_add(diags, E0023, span, "`%s` closes nothing", sign);
    diag_label(d, "there is no `%c` in front of it", *sign == '}' ? '{' : *sign == ')' ? '(' : '[');
}

void error_closes_other(Diags *diags, const Token *token, const Open *open)
{
    Diag *d = diag_add(diags, E0023, token->span, "`%s` does not close `%c`", token->text, open->kind);
    diag_second(d, open->span, "opened here");
    diag_help(d, "write `%c`", open->kind == '(' ? ')' : ']');
    diag_edit(d, token->span, open->kind == '(' ? ")" : "]");
}

// ----------------------------------------------------------------------------------------- declarations, repeat, ...

void error_unknown_declaration(Diags *diags, const Token *word)
{
    static const char *const words[] = {"const", "use", "fn", "block", "model", "data", "params", "loss", "metrics",
        "optimizer", "schedule", "train"};
    enum { COUNT = sizeof words / sizeof *words };
    const char *best = suggest(word->text, words, COUNT);
    const Foreign *foreign = best ? NULL : suggest_foreign_among(word->text, "declaration", words, COUNT);
    if (foreign)
        best = foreign->ours;
    Diag *d = diag_add(diags, E0003, word->span, "unknown declaration `%s`", word->text);
    if (best)
        diag_label(d, "did you mean `%s`?", best);
    diag_fact(d, "at the top level: const use fn block model data params loss metrics optimizer schedule train");
    if (best) {
        diag_help(d, "write `%s`", best);
        diag_edit(d, word->span, best);
    }
}

void error_after_body(Diags *diags, const Token *token, bool repeat)
{
    Diag *d = diag_add(diags, repeat ? E0024 : E0006, token->span, "`%s` cannot follow the `}` of a body", token->text);
    diag_label(d, "expected the end of the line");
    if (token->kind == TOKEN_ARROW)
        diag_help(d, "a `repeat` is a row of its own: put the stage behind `->` into the next line, without the arrow");
    else
        diag_help(d, "put it on its own line");
}

void error_repeat_value(Diags *diags, Span repeat, Span name, Span equals)
{
    Diag *d = diag_add(diags, E0024, repeat, "`repeat` cannot stand behind `=`");
    diag_label(d, "its rows are on the trunk");
    diag_help(d, "make it a row");
    diag_edit(d, (Span){name.file, name.to, equals.to}, ":");
}

void error_repeat_stage(Diags *diags, Span repeat)
{
    Diag *d = diag_add(diags, E0024, repeat, "`repeat` cannot stand behind `->`");
    diag_label(d, "it is a row of its own");
    diag_help(d, "end the line in front of it; the rows inside begin with the value above");
}

void error_input_default(Diags *diags, const Token *equals, Span name, const Token *before)
{
    Diag *d = diag_add(diags, E0025, equals->span, "an input has no default");
    diag_second(d, name, "an input");
    diag_help(d, "options stand behind `;`");
    if (before->kind == ',')
        diag_edit(d, before->span, ";");
    else
        diag_edit(d, span_end(before->span), "; ");
}

void error_signature_end(Diags *diags, const Token *sign)
{
    Diag *d = diag_add(diags, E0025, sign->span, "nothing follows this `%s`", sign->text);
    diag_label(d, sign->kind == ';' ? "options would stand behind it" : "a signature may not end with a comma");
    diag_help(d, "leave it out");
    diag_edit(d, sign->span, "");
}
