// The syntax: newlines, contextual words, the tree and its text, and a message for every fault that has its own.
#define _POSIX_C_SOURCE 200809L
#include "ast.h"
#include "constant.h"
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef MT_SOURCE_DIR
#define MT_SOURCE_DIR "."
#endif

static void exhausted(void) { abort(); }

typedef struct {
    Source *source;
    Diags *diags;
    Parsed parsed;
} Read;

static Read read_text(Arena *arena, const char *text, size_t length)
{
    const char *error = NULL;
    Read read = {source_from(arena, "t.mt", text, length, &error), NULL, {0}};
    cr_assert(read.source, "%s", error);
    read.diags = diags_create(arena, read.source);
    read.parsed = parse_program(arena, read.diags, read.source);
    return read;
}

static Read read_string(Arena *arena, const char *text) { return read_text(arena, text, strlen(text)); }

// The messages, one a line: "t.mt:3:16: error[E0001]: ...".
static char *messages(const Diags *diags)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    diags_print(diags, out, FORMAT_SHORT, false);
    fclose(out);
    return text;
}

static const char *printed(Arena *arena, const Ast *ast)
{
    Text text = text_new(arena);
    ast_print(&text, ast);
    return text.data;
}

static const char *dumped(Arena *arena, const Ast *ast)
{
    Text text = text_new(arena);
    ast_dump(&text, ast);
    return text.data;
}

// ------------------------------------------------------------------------------------------------ whole programs

Test(parse, programs_read_back)
{
    glob_t files;
    cr_assert_eq(glob(MT_SOURCE_DIR "/tests/programs/*.mt", 0, NULL, &files), 0);
    cr_assert_geq(files.gl_pathc, 11);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        Arena *arena = arena_create(exhausted);
        const char *path = files.gl_pathv[i], *error = NULL;
        Source *source = source_read(arena, path, &error);
        cr_assert(source, "%s", error);
        Read first = read_text(arena, source->text, (size_t)source->length);
        char *text = messages(first.diags);
        cr_assert_eq(diags_errors(first.diags), 0, "%s: %s", path, text);
        free(text);
        const char *once = printed(arena, first.parsed.file);
        Read second = read_string(arena, once);
        cr_assert_eq(diags_errors(second.diags), 0, "%s, printed:\n%s", path, once);
        cr_assert(ast_equal(first.parsed.file, second.parsed.file), "%s does not read back:\n%s", path, once);
        cr_assert_str_eq(printed(arena, second.parsed.file), once);
        arena_destroy(arena);
    }
    globfree(&files);
}

Test(parse, trees_differ)
{
    Arena *arena = arena_create(exhausted);
    static const char *const texts[] = {"a", "b", "1", "2", "a + b", "a - b", "(a + b)", "f(a)", "f(a=1)", "[a]", "[]",
        "a[b]", "a.b", "-a", "!a", "\"a\"", "1 step", "1 epoch", "[(h d)]", "f()", "[a, b]"};
    enum { COUNT = sizeof texts / sizeof *texts };
    for (int i = 0; i < COUNT; i++)
        for (int k = 0; k < COUNT; k++) {
            const Ast *a = parse_expression(arena, texts[i]), *b = parse_expression(arena, texts[k]);
            cr_assert(a && b, "%s, %s", texts[i], texts[k]);
            cr_assert_eq(ast_equal(a, b), i == k, "%s and %s", texts[i], texts[k]);
        }
    arena_destroy(arena);
}

// Two texts of one tree.
static void same(const char *a, const char *b)
{
    Arena *arena = arena_create(exhausted);
    Read x = read_string(arena, a), y = read_string(arena, b);
    char *text_x = messages(x.diags), *text_y = messages(y.diags);
    cr_assert_eq(diags_errors(x.diags), 0, "%s\n%s", a, text_x);
    cr_assert_eq(diags_errors(y.diags), 0, "%s\n%s", b, text_y);
    free(text_x);
    free(text_y);
    cr_assert(ast_equal(x.parsed.file, y.parsed.file), "%s\n%s", dumped(arena, x.parsed.file),
        dumped(arena, y.parsed.file));
    arena_destroy(arena);
}

Test(parse, newlines_that_separate_nothing)
{
    same("mt 1\nmodel m(x) { a: f(1, 2) -> g\nb }\n",
        "mt 1\n\n# c\n\nmodel\nm(x\n)\n\n{\n# c\n\na:\n\nf(\n1\n,\n2,\n)\n# c\n->\ng # c\n\n\nb\n# c\n}\n\n");
    same("mt 1\r\nconst a = 1 + 2\r\nconst b = 3", "mt 1\nconst\na =\n1 +\n2\nconst b = 3\n");
}

Test(parse, newlines_that_separate)
{
    Arena *arena = arena_create(exhausted);
    Read read = read_string(arena, "mt 1\nmodel m(x) {\na\n+ b\n(c)\n[d]\n}");
    const Ast *body = read.parsed.file->child[0]->child[1];
    cr_assert_eq(body->children, 4); // the second is E0005
    arena_destroy(arena);
}

Test(parse, words_are_keywords_only_where_they_stand)
{
    same("mt 1\nmodel model(data; loss, train=1) { mt: data\nconst: use\nfn: repeat -> when\n"
         "as = repeat(as) when when\nrepeat = when\nwhen: mt }",
        "mt 1\nmodel model(data; loss, train=1) {\n  mt: data\n  const: use\n  fn: repeat -> when\n"
        "  as = repeat(as) when when\n  repeat = when\n  when: mt\n}\n");
    same("mt 1\ndata {\ntrain = a\ndata: b\nloss: c\nmetrics = d\n}",
        "mt 1\ndata {\n train = a\n data: b\n loss: c\n metrics = d\n}");
    same("mt 1\nmodel m(x) { a: repeat (2 * N) as i { b } }", "mt 1\nmodel m(x) { a: repeat (2 * N) as i\n{ b } }");
    same("mt 1\ntrain { run = 10 epochs\nepochs = 3 * epochs }",
        "mt 1\ntrain { run = 10 epochs\nepochs = 3 * epochs\n}");
}

// ------------------------------------------------------------------------------------------------------ messages

typedef struct {
    const char *text, *expected; // messages without "t.mt:", parted by newlines
} Case;

static const char *prefixed(Arena *arena, const char *expected)
{
    Text text = text_new(arena);
    while (*expected) {
        int n = (int)strcspn(expected, "\n");
        text_add(&text, "t.mt:%.*s\n", n, expected);
        expected += n + (expected[n] == '\n');
    }
    return text.data;
}

#define M "mt 1\nmodel m(x: [B, 4]) {\n"

static const Case cases[] = {
    {M "  a: linear(1) relu\n}",
        "3:16: error[E0001]: two stages without `->` between them"},
    {M "  a: linear(1\n  relu\n}",
        "3:12: error[E0002]: `(` is never closed"},
    {M "  a: f(1,\n  2\n  3)\n}",
        "5:3: error[E0006]: unexpected number `3`"},
    {"mt 1\nmodle m(x) {\n}\nloss { a b }",
        "2:1: error[E0003]: unknown declaration `modle`\n"
        "4:10: error[E0001]: two stages without `->` between them"},
    {"mt 1\nnet m(x) { }\nxyz",
        "2:1: error[E0003]: unknown declaration `net`\n"
        "3:1: error[E0003]: unknown declaration `xyz`"},
    {M "  a: linear(1)\n\nloss { a }\n",
        "2:20: error[E0004]: `{` is never closed"},
    {M "  a: linear(1)\nloss { a }\n",
        "2:20: error[E0004]: `{` is never closed"},
    {M "  repeat 3 {\n    a: linear(1)\n",
        "3:12: error[E0004]: `{` is never closed"},
    {"mt 1\nloss {\n  mean(rec)\n  - 0.1 * mean(kl)\n  a\n  * 2\n}",
        "4:3: error[E0005]: a row may not begin with `-`\n"
        "6:3: error[E0005]: a row may not begin with `*`"},
    {"mt 1\nloss { -a }",
        "2:8: error[E0005]: a row may not begin with `-`"},
    {"mt 1\nloss { a: -b\n c = -d }",
        ""},
    {M "  repeat 3 { relu } -> relu\n  a = repeat 3 as i { relu }\n  b: x -> repeat 3 { relu }\n}",
        "3:21: error[E0024]: `->` cannot follow the `}` of a body\n"
        "4:7: error[E0024]: `repeat` cannot stand behind `=`\n"
        "5:11: error[E0024]: `repeat` cannot stand behind `->`"},
    {"mt 1\nmodel m(x,) { }\nfn f(x; ) = x\nblock b(x; k,) { }",
        "2:10: error[E0025]: nothing follows this `,`\n"
        "3:7: error[E0025]: nothing follows this `;`\n"
        "4:13: error[E0025]: nothing follows this `,`"},
    {"mt 1\nmodel m(x, k=3) { }\nmodel n(k=3) { }\nmodel o(x; k=3, y) { }",
        "2:13: error[E0025]: an input has no default\n"
        "3:10: error[E0025]: an input has no default"},
    {M "  a := f\n  b: f;\n  c: f; d: g\n}\ntrain {\n  e := 1\n}",
        "3:5: error[E0026]: `:=` is not a sign of the language\n"
        "4:7: error[E0026]: `;` does not end an item\n"
        "5:7: error[E0026]: `;` does not end an item\n"
        "8:5: error[E0026]: `:=` is not a sign of the language"},
    {M "  a: f(1.)\n  b: f(1.e3)\n}\nconst c = 1e999\nconst d = 1e-999\n"
     "const e = 12345678901234567890\nconst f = 9007199254740993\nconst g = 9007199254740992",
        "3:8: error[E0020]: `1.` is not a number\n"
        "4:8: error[E0020]: `1.e3` is not a number\n"
        "6:11: error[E0020]: this number is too large\n"
        "7:11: error[E0020]: this number is too small to differ from 0\n"
        "8:11: error[E0020]: this whole number has too many digits to be exact\n"
        "9:11: error[E0020]: this whole number has too many digits to be exact"},
    {"mt 1\ntrain { run = 1.5 epochs\n a = 0 steps\n b = 1e3 steps\n c = 3 epoch_len }",
        "2:15: error[E0020]: a duration is whole and positive\n"
        "3:6: error[E0020]: a duration is whole and positive\n"
        "5:8: error[E0006]: unexpected `epoch_len`"},
    {M "  a: nn.Linear(3)\n  d: x -> nn.ReLU()\n  b: x.view(3)\n  c: x.weight\n}",
        "3:6: error[E0026]: `nn.Linear(...)`: values have no methods, and there are no modules\n"
        "4:11: error[E0026]: `nn.ReLU(...)`: values have no methods, and there are no modules\n"
        "5:6: error[E0026]: `x.view(...)`: values have no methods, and there are no modules"},
    {M "  gr\xc3\xb6\xc3\x9f"
     "e: f\n  a: 2 \xc3\x97 3\n  e: a \xe2\x86\x92 f\n  b: \x80\n  c: f @ g\n  d: a ^ b\n}",
        "3:3: error[E0007]: `größe` cannot be a name\n"
        "4:8: error[E0007]: `×` is not a sign of the language\n"
        "5:8: error[E0007]: `→` is not a sign of the language\n"
        "6:6: error[E0007]: the byte 0x80 is not UTF-8\n"
        "7:8: error[E0007]: `@` is not a sign of the language\n"
        "8:8: error[E0007]: `^` is not a sign of the language"},
    {M "  __x: f\n  a__b: f\n  a_: f\n}",
        "3:3: error[E0021]: the name `__x` is reserved\n"
        "4:3: error[E0021]: the name `a__b` is reserved"},
    {M "  a: f(\"abc\n  b: f(\"\\q\")\n  c: f(\"\xff\")\n}",
        "3:8: error[E0008]: the string is never closed\n"
        "4:9: error[E0008]: unknown escape in a string\n"
        "5:8: error[E0008]: the string is not UTF-8"},
    {"model m(x) { }\n",
        "1:1: error[E0009]: the program does not begin with its edition"},
    {"mt\nmodel m(x) { }\n",
        "1:1: error[E0009]: the program does not begin with its edition"},
    {"mt 2\n",
        "1:4: error[E0009]: edition `2` is not known"},
    {"\n# nothing\n",
        "3:1: error[E0009]: the program does not begin with its edition"},
    {"mt 1 const a = 1\nconst b = = 2",
        "1:6: error[E0006]: unexpected `const`\n"
        "2:11: error[E0006]: unexpected `=`"},
    {M "  a: f(1]\n  b = s[1,]\n  c: f)\n}}\nloss { a }",
        "3:9: error[E0023]: `]` does not close `(`\n"
        "4:10: error[E0006]: nothing follows this comma\n"
        "5:7: error[E0023]: `)` closes nothing\n"
        "6:2: error[E0023]: `}` closes nothing"},
    {"mt 1\noptimizer adam(lr=1\ntrain { run = 1 epoch }\n"
     "model m(x: [B, 4] {\n  a: b c\n}\nloss { a b }",
        "2:15: error[E0002]: `(` is never closed\n"
        "4:8: error[E0002]: `(` is never closed\n"
        "7:10: error[E0001]: two stages without `->` between them"},
    {"mt 1\nloss { a and b\n not a\n a or b }",
        "2:10: error[E0026]: unexpected `and`\n"
        "3:2: error[E0026]: unexpected `not`\n"
        "4:4: error[E0026]: unexpected `or`"},
    {"mt 1\nparams { a { x = 1 } b { y = 2 } }",
        "2:22: error[E0006]: `b` cannot follow the `}` of a body"},
    {"mt 1\ntrain {\n  run 10 epochs\n  shuffle true\n  x = = 3\n}",
        "3:7: error[E0006]: unexpected `10 epochs`\n"
        "4:11: error[E0006]: unexpected `true`\n"
        "5:7: error[E0006]: unexpected `=`"},
    {M "  a: f ->\n}\nconst b =",
        "3:8: error[E0006]: nothing follows `->`\n"
        "5:9: error[E0006]: nothing follows `=`"},
    {"mt 1\nconst a = 1 < 2 < 3",
        "2:17: error[E0006]: comparisons do not chain"},
    {"mt 1\n// comment\ndata {\n  // comment\n}",
        "2:1: error[E0026]: `//` does not begin a comment\n"
        "4:3: error[E0026]: `//` does not begin a comment"},
    {"mt 1\nmodel m x { a b }\nmodel { }\nfn f(x) x\nuse foo\nconst = 3",
        "2:9: error[E0006]: unexpected `x`\n"
        "3:7: error[E0006]: unexpected `{`\n"
        "4:9: error[E0006]: unexpected `x`\n"
        "5:5: error[E0006]: the path of a `use` stands in quotes\n"
        "6:7: error[E0006]: unexpected `=`"},
    {M "  a: x => y\n}",
        "3:8: error[E0026]: `=>` is not a sign of the language"},
    {"mt 1\nloss { a when }\nmetrics { a when b when c }",
        "2:10: error[E0006]: nothing follows `when`\n"
        "3:20: error[E0006]: unexpected `when`"},
    {"mt 1\ntrain { run = 3 epochs seed = 1 }\nmodel m(x) { a: f b: g\nc d: e }",
        "2:24: error[E0006]: two items on one line\n"
        "3:19: error[E0006]: two items on one line\n"
        "4:3: error[E0006]: two items on one line"},
    {M "  a: f }\n  b: g\n  c: h\n}\nxyz\nloss { a b }",
        "4:3: error[E0003]: unknown declaration `b`\n"
        "7:1: error[E0003]: unknown declaration `xyz`\n"
        "8:10: error[E0001]: two stages without `->` between them"},
    {M "  repeat (f(a=1)) {\n  }\n  repeat (2)\n  repeat (2): x\n}",
        ""},
    {M "  a: f when\n  b: f as g\n  c: g\n}",
        "3:8: error[E0001]: two stages without `->` between them\n"
        "4:8: error[E0001]: two stages without `->` between them"},
    {"mt 1\nmodel m x {\n a: b { c {\nloss { a b }\nmodel n(x) {\n a: f(@ { b {\nloss { c d }",
        "2:9: error[E0006]: unexpected `x`\n"
        "4:10: error[E0001]: two stages without `->` between them\n"
        "5:12: error[E0004]: `{` is never closed\n"
        "6:7: error[E0007]: `@` is not a sign of the language\n"
        "7:10: error[E0001]: two stages without `->` between them"},
};

Test(parse, messages)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *arena = arena_create(exhausted);
        Read read = read_string(arena, cases[i].text);
        char *text = messages(read.diags);
        cr_expect_str_eq(text, prefixed(arena, cases[i].expected), "%s\ngives\n%s", cases[i].text, text);
        free(text);
        arena_destroy(arena);
    }
}

// Every help with code mends what it is about: the text after its edits has fewer messages, and not that one.
Test(parse, helps_mend)
{
    int edits = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *arena = arena_create(exhausted);
        Read read = read_string(arena, cases[i].text);
        int before = diags_errors(read.diags);
        for (int k = 0; k < before; k++) {
            const char *mended = diags_apply_edits(read.diags, arena, k);
            if (!mended)
                continue;
            Read again = read_string(arena, mended);
            char *text = messages(again.diags);
            cr_expect_lt(diags_errors(again.diags), before, "%s\nmended:\n%s\n%s", cases[i].text, mended, text);
            free(text);
            edits++;
        }
        arena_destroy(arena);
    }
    cr_assert_geq(edits, 25);
}

// What is right around a fault is still there.
Test(parse, neighbours_of_a_fault)
{
    Arena *arena = arena_create(exhausted);
    Read read = read_string(arena, M "a: linear(1)\nb: f(@ 1, { 2 }\nc: repeat 2 { d: x y\ne: z }\nf: g\n}\n"
                                     "loss { a b\nc }\noptimizer adam(\nmetrics { d }");
    cr_assert_str_eq(dumped(arena, read.parsed.file),
        "file 1\n  model m\n    signature\n      input x\n        list\n          name B\n          number 4\n"
        "    body\n      named\n        name a\n        row\n          call\n            name linear\n"
        "            number 1\n      error\n      named\n        name c\n        repeat\n          number 2\n"
        "          body\n            error\n            named\n              name e\n              row\n"
        "                name z\n      named\n        name f\n        row\n          name g\n"
        "  section loss\n    body\n      error\n      row\n        name c\n  error\n"
        "  section metrics\n    body\n      row\n        name d\n");
    arena_destroy(arena);
}

// -------------------------------------------------------------------------------------------------------- limits

// `front`, n times `piece`, `back`.
static int errors_of(const char *front, const char *piece, int n, const char *back)
{
    Arena *arena = arena_create(exhausted);
    Text text = text_new(arena);
    text_string(&text, front);
    for (int i = 0; i < n; i++)
        text_string(&text, piece);
    text_string(&text, back);
    Read read = read_text(arena, text.data, text.length);
    constants_of(arena, read.diags, read.parsed.file);
    printed(arena, read.parsed.file);
    int errors = diags_errors(read.diags);
    arena_destroy(arena);
    return errors;
}

Test(parse, limits, .timeout = 60)
{
    enum { MANY = 100000 };
    static const Case pieces[] = {{"const a = ", "("}, {"const a = ", "-"}, {"const a = ", "!"},
        {"const a = 1", " + 1"},
        {"const a = 1", " ** 1"}, {"const a = ", "(["}, {"model m(x) { a: f", "()"}, {"model m(x) { a: f", ".a"},
        {"model m(x) { a: f", "[1]"}, {"model m(x) { ", "a { "}, {"model m(x) { ", "repeat 3 {\n"}, {"", "}"},
        {"", "const = 1\n"}, {"model m(x) {", ";"}, {"model m(x) {", "\na: f(@"}, {"model m(x) {", "\na: f(1"},
        {"", "model m(x) {\na: b\n"}, {"const a = ", "\xe2\x86\x92"}, {"model m(x) {", "\nrepeat ("}};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        char front[64];
        snprintf(front, sizeof front, "mt 1\n%s", pieces[i].text);
        int errors = errors_of(front, pieces[i].expected, MANY, "\n");
        cr_expect(errors > 0 && errors <= 20, "%s%s...: %d", front, pieces[i].expected, errors);
    }
    cr_expect_eq(errors_of("mt 1\nconst a = 1", " + 1", 900, "\n"), 0);
    cr_expect_eq(errors_of("mt 1\nconst a = [", "1, ", MANY, "]\n"), 0);
    cr_expect_eq(errors_of("mt 1\nmodel m(x) { a: f", " -> f", MANY, "}\n"), 0);
    // Brackets have their limit before bison's stack is full.
    static const char many[] = "((((((((((";
    Arena *arena = arena_create(exhausted);
    for (int n = 19; n <= 25; n += 6) {
        Text text = text_new(arena);
        text_string(&text, "mt 1\nconst a = ");
        for (int i = 0; i < n; i++)
            text_string(&text, many);
        text_string(&text, "1");
        for (int i = 0; i < n; i++)
            text_string(&text, "))))))))))");
        cr_expect_eq(diags_errors(read_string(arena, text.data).diags), n > 20, "%d brackets", 10 * n);
    }
    arena_destroy(arena);
}

// ---------------------------------------------------------------------------------------- expressions and comments

Test(parse, expressions)
{
    Arena *arena = arena_create(exhausted);
    static const char *const good[][2] = {
        {"(H + 2*padding.h - k) // stride.h + 1", "(H + 2 * padding.h - k) // stride.h + 1"},
        {"repeat", "repeat"}, {"mt", "mt"}, {"when + as", "when + as"}, {"const\n*2", "const * 2"},
        {"uniform(-1 / sqrt(I), a=2,)", "uniform(-1 / sqrt(I), a=2)"},
        {"\"\\n\\t\\\\\\\"\"", "\"\\n\\t\\\\\\\"\""}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        const Ast *ast = parse_expression(arena, good[i][0]);
        cr_assert(ast, "%s", good[i][0]);
        cr_assert_str_eq(printed(arena, ast), good[i][1]);
    }
    static const char *const bad[] = {"", "1 +", "a b", "(a", "a)", "a -> b", "1.", "a; b", "@", "a: b", "nn.f()",
        "1e999", "\"a", "{", "1e"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_null(parse_expression(arena, bad[i]), "%s", bad[i]);
    const Ast *sum = parse_expression(arena, "a - b - c ** d ** -e");
    cr_assert_str_eq(sum->child[0]->text, "-"); // left
    cr_assert_str_eq(sum->child[1]->child[1]->text, "**"); // right
    const Ast *minus = parse_expression(arena, "-a ** 2");
    cr_assert_eq(minus->kind, AST_UNARY);
    arena_destroy(arena);
}

Test(parse, spans_and_comments)
{
    Arena *arena = arena_create(exhausted);
    const char *text = "# edition\nmt 1\n\n# not above\n\n#  a model\r\n#of two lines  \nmodel m(x) {\n"
                       "  a: b # behind\n  # a row\n  c:\n    d\n} # end\n";
    Read read = read_string(arena, text);
    const Ast *model = read.parsed.file->child[0], *body = model->child[1];
    cr_assert_eq(read.parsed.comments.count, 7);
    cr_assert_str_eq(ast_comment_above(arena, &read.parsed, read.source, model), " a model\nof two lines");
    cr_assert_str_eq(ast_comment_above(arena, &read.parsed, read.source, body->child[0]), "");
    cr_assert_str_eq(ast_comment_above(arena, &read.parsed, read.source, body->child[1]), "a row");
    Span span = body->child[1]->span, name = model->name_span;
    cr_assert_eq(strncmp(text + span.from, "c:\n    d\n", (size_t)(span.to - span.from + 1)), 0);
    cr_assert_eq(strncmp(text + name.from, "m(", (size_t)(name.to - name.from + 1)), 0);
    arena_destroy(arena);
}
