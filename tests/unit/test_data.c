// The section `data { }`: what each source and transform comes to, and a message for every way to get it wrong. The
// inputs of a model and the names of a loss are told to data_require as lower.c does.
#define _POSIX_C_SOURCE 200809L
#include "data.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void exhausted(void) { abort(); }

typedef struct {
    Arena *arena;
    const Source *source;
    Diags *diags;
    Data *data;
} Setup;

// The items of a section, between its braces.
static Setup setup(const char *items)
{
    Setup s = {.arena = arena_create(exhausted)};
    const char *error = NULL, *text = arena_format(s.arena, "mt 1\n\ndata {\n%s\n}\n", items);
    s.source = source_from(s.arena, "test.mt", text, strlen(text), &error);
    s.diags = diags_create(s.arena, s.source);
    Parsed parsed = parse_program(s.arena, s.diags, s.source);
    cr_assert_eq(parsed.file->children, 1);
    s.data = data_elaborate(s.arena, s.diags, s.source, parsed.file->child[0],
        constants_of(s.arena, s.diags, parsed.file));
    return s;
}

// Real or int, with these axes behind B; rank -1: any shape.
static Type type_of(Element element, int rank, const long *axes)
{
    Type type = {.element = element, .rank = rank + 1};
    for (int i = 0; i < rank; i++)
        type.axis[i + 1].value = axes[i];
    return type;
}

static Column *use(Setup *s, const char *name, Element element, int rank, const long *axes)
{
    Column *column = data_column(s->data, name);
    cr_assert(column != NULL, "no column %s", name);
    Type type = type_of(element, rank, axes);
    cr_assert(data_require(s->data, column, &type, column->span), "%s does not fit", name);
    return column;
}

static const char *messages(Setup *s)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    diags_print(s->diags, file, FORMAT_SHORT, false);
    fclose(file);
    char *copy = arena_copy(s->arena, text, size);
    free(text);
    return copy;
}

static void finish(Setup *s)
{
    data_finish(s->data, s->diags);
    cr_expect_str_eq(messages(s), "");
    arena_destroy(s->arena);
}

// One message, after all columns have been used as reals of any shape; `expected`: its beginning.
static void fails(const char *items, const char *expected)
{
    Setup s = setup(items);
    static const char *const names[] = {"x", "y", "a"};
    for (int k = 0; k < 3; k++) {
        Column *column = data_column(s.data, names[k]);
        Type type = type_of(ELEMENT_REAL, -1, NULL);
        if (column)
            data_require(s.data, column, &type, column->span);
    }
    data_finish(s.data, s.diags);
    const char *text = messages(&s);
    cr_expect(strncmp(text, expected, strlen(expected)) == 0, "%s\n  expected %s\n  got      %s", items, expected,
        text);
    const char *end = strchr(text, '\n');
    cr_expect(end && !strstr(end, "error"), "%s\n  more than one message:\n%s", items, text);
    arena_destroy(s.arena);
}

static const char *shape(Setup *s, const Type *type) { return type_text(s->arena, type); }

#define REST "\n batch = 4\n shuffle = true"
#define XY " train = idx(x=\"x\", y=\"y\")\n"

Test(data, idx_shapes_flow_backward)
{
    Setup s = setup(" train = idx(image=\"a\", label=\"b\")\n x: image -> scale(1 / 255) -> unsqueeze(0)\n"
                    " y: label -> class(10)\n batch = 64\n shuffle = true");
    Column *x = use(&s, "x", ELEMENT_REAL, 3, (long[]){1, 28, 28}), *y = use(&s, "y", ELEMENT_INT, 0, NULL);
    data_finish(s.data, s.diags);
    cr_expect_str_eq(shape(&s, &x->file), "f32[B, 28, 28]");
    cr_expect_str_eq(shape(&s, &x->type), "f32[B, 1, 28, 28]");
    cr_expect_str_eq(shape(&s, &y->type), "class(10)[B]");
    cr_expect(x->file_exact);
    cr_expect_str_eq(x->text, "x: image -> scale(1 / 255) -> unsqueeze(0)");
    cr_expect_eq(s.data->batch, 64);
    cr_expect(s.data->shuffle && !s.data->drop_last);
    finish(&s);
}

Test(data, inline_shapes_flow_forward)
{
    Setup s = setup(" train = inline(x=[[0, 0.5], [0, 1], [1, 0]], y=[0, 1, 1])" REST);
    Column *x = data_column(s.data, "x");
    cr_expect_str_eq(shape(&s, &x->type), "f32[B, 2]");
    cr_expect_eq(x->type.axis[1].origin->value, 2);
    Type whole = type_of(ELEMENT_INT, 1, (long[]){2}), three = type_of(ELEMENT_REAL, 1, (long[]){3});
    cr_expect(!data_require(s.data, x, &whole, x->span), "0.5 is not whole");
    cr_expect(!data_require(s.data, x, &three, x->span));
    use(&s, "x", ELEMENT_REAL, 1, (long[]){2});
    use(&s, "y", ELEMENT_INT, 0, NULL);
    finish(&s);
}

Test(data, csv_columns)
{
    Setup s = setup(" train = csv(\"a.csv\", header=true, sep=\";\")\n test = holdout(train, 0.2, seed=3)\n"
                    " x: columns(\"a\", \"b\", \"c\") -> standardize\n w: columns(first=1, last=784)\n"
                    " n: columns(0, 5)\n"
                    " y: column(\"s\") -> classes(\"no\", \"yes\")" REST);
    Column *x = data_column(s.data, "x"), *y = data_column(s.data, "y");
    cr_expect_str_eq(shape(&s, &x->type), "f32[B, 3]");
    cr_expect_str_eq(shape(&s, &data_column(s.data, "w")->type), "f32[B, 784]");
    cr_expect_str_eq(shape(&s, &data_column(s.data, "n")->type), "f32[B, 2]");
    cr_expect_str_eq(shape(&s, &y->type), "class(2)[B]");
    cr_expect(data_has_statistics(s.data));
    const Split *test = data_split(s.data, "test");
    cr_expect_eq(test->fraction, 0.2);
    cr_expect_eq(test->seed, 3);
    cr_expect_eq(data_origin(s.data, test), data_split(s.data, "train"));
    cr_expect_eq(data_split(s.data, "train")->separator, ';');
    finish(&s);
}

Test(data, reshape_says_the_shape)
{
    Setup s = setup(" train = npy(a=\"a\", x=\"x\")\n t: a -> reshape(3)\n m: x -> standardize -> reshape(2, 3)" REST);
    Column *t = data_column(s.data, "t"), *m = data_column(s.data, "m");
    cr_expect_str_eq(shape(&s, &t->type), "f32[B, 3]");
    data_finish(s.data, s.diags);
    cr_expect(!t->file_exact, "any shape of three numbers fits");
    cr_expect(m->file_exact, "standardize must know its components");
    cr_expect_str_eq(shape(&s, &m->file), "f32[B, 6]");
    finish(&s);
}

Test(data, columns_above)
{
    Setup s = setup(" train = npy(a=\"a\")\n x: a -> scale(2)\n y: x -> unsqueeze(-1)" REST);
    Column *y = use(&s, "y", ELEMENT_REAL, 2, (long[]){5, 1}), *x = use(&s, "x", ELEMENT_REAL, 1, (long[]){5});
    cr_expect_eq(y->transforms.count, 2);
    cr_expect_str_eq(y->reads, "a");
    data_finish(s.data, s.diags);
    cr_expect_str_eq(shape(&s, &y->file), "f32[B, 5]");
    cr_expect(type_same_shape(&x->file, &y->file));
    finish(&s);
}

Test(data, flags)
{
    Setup s = setup(" train = idx(image=\"a\", label=\"b\")\n valid = holdout(train, 0.1)\n"
                    " test = csv(\"c\")\n batch = 8\n"
                    " shuffle = false\n drop_last = true");
    Flags flags = {0};
    data_flags(s.data, s.arena, &flags);
    Text keys = text_new(s.arena);
    for (int k = 0; k < flags.count; k++)
        text_add(&keys, "%s ", flags.items[k].key);
    cr_expect_str_eq(keys.data, "data.train.image data.train.label data.valid.fraction data.valid.seed data.test "
                                "data.batch data.shuffle data.drop_last ");
    cr_expect_eq(flags.items[5].most, 8);
    arena_destroy(s.arena);
}

Test(data, integers_and_reals)
{
    Setup s = setup(" train = npy(x=\"a\", y=\"b\")\n x: x -> scale(2)\n a: y -> class(3)" REST);
    Column *x = data_column(s.data, "x"), *a = data_column(s.data, "a");
    Type whole = type_of(ELEMENT_INT, 1, (long[]){2}), real = type_of(ELEMENT_REAL, 0, NULL);
    cr_expect(!data_require(s.data, x, &whole, x->span), "scale makes reals");
    cr_expect(data_require(s.data, a, &real, a->span), "classes become reals");
    cr_expect_eq(a->type.element, ELEMENT_REAL);
    cr_expect_eq(a->type.classes, 3);
    Type other = type_of(ELEMENT_INT, 0, NULL);
    other.classes = 4;
    cr_expect(!data_require(s.data, a, &other, a->span), "another number of classes");
    arena_destroy(s.arena);
}

Test(data, ignored_class)
{
    Setup s = setup(" train = inline(x=[0, -100, 1])\n y: x -> class(2)" REST);
    data_ignore(use(&s, "y", ELEMENT_INT, 0, NULL), -100);
    finish(&s);
}

Test(data, unused_source_is_silent_and_column_is_not)
{
    Setup s = setup(" train = npy(x=\"a\", z=\"b\")\n y: x -> scale(2)" REST);
    use(&s, "x", ELEMENT_REAL, 0, NULL);
    data_finish(s.data, s.diags);
    cr_expect_str_eq(messages(&s), "test.mt:5:2: warning[W0503]: nothing uses column `y`\n");
    arena_destroy(s.arena);
}

Test(data, shuffle_not_written)
{
    Setup s = setup(" train = inline(x=[0])\n batch = 1");
    use(&s, "x", ELEMENT_REAL, 0, NULL);
    data_finish(s.data, s.diags);
    cr_expect_str_eq(messages(&s), "test.mt:3:1: warning[W0502]: the train split is read in file order every epoch\n");
    arena_destroy(s.arena);
}

Test(data, settings_that_are_wrong)
{
    fails(XY " batchh = 4\n batch = 4\n shuffle = true", "test.mt:5:2: error[E0202]: `data` has no setting `batchh`");
    fails(XY " batch_size = 4\n shuffle = true",
        "test.mt:5:2: error[E0202]: `data` has no setting `batch_size`");
    fails(XY " shuffle = true", "test.mt:3:1: error[E0501]: `data` has no `batch`");
    fails(" test = idx(x=\"x\")" REST, "test.mt:3:1: error[E0501]: `data` has no `train`");
    fails(XY " batch = 0\n shuffle = true", "test.mt:5:10: error[E0205]: `batch` must be a whole number");
    fails(XY " batch = 1.5\n shuffle = true", "test.mt:5:10: error[E0205]: `batch` must be a whole number");
    fails(XY " shuffle = 1\n batch = 4", "test.mt:5:12: error[E0205]: `shuffle` must be true or false");
    fails(XY " batch = 4\n" REST, "test.mt:7:2: error[E0510]: setting `batch` is given twice");
    fails(XY " batch = 4 -> relu\n shuffle = true", "test.mt:5:10: error[E0511]: a setting is one value");
    fails(XY " relu" REST, "test.mt:5:2: error[E0511]: `data` holds settings and columns");
    fails(XY " const k = m" REST, "test.mt:5:12: error[E0101]: unknown constant `m`");
}

Test(data, what_did_not_read_is_silent)
{
    Setup s = setup(" train = bytes(\"f\", label=3, image=4)\n test = idx(other=\"o\")\n x: image -> scale(2)" REST);
    Column *label = data_column(s.data, "label"), *x = data_column(s.data, "x");
    Type type = type_of(ELEMENT_INT, 0, NULL);
    cr_assert(label && x);
    cr_expect(data_require(s.data, label, &type, label->span));
    cr_expect(data_require(s.data, x, &type, x->span));
    cr_expect(data_column(s.data, "labe") == NULL, "but not every name is one of its columns");
    data_finish(s.data, s.diags);
    cr_expect_str_eq(messages(&s), "test.mt:4:10: error[E0901]: the source `bytes` is not implemented yet\n");
    arena_destroy(s.arena);
}

Test(data, sources_that_are_wrong)
{
    fails(" train = idxx(x=\"x\")" REST, "test.mt:4:10: error[E0502]: there is no source `idxx`");
    fails(" train = tokens(\"a\", x=\"x\")" REST,
        "test.mt:4:10: error[E0901]: the source `tokens` is not implemented yet");
    fails(" train = 5" REST, "test.mt:4:10: error[E0511]: this is neither a source nor a column");
    fails(" train = idx" REST, "test.mt:4:10: error[E0204]: idx needs `name=...`");
    fails(" train = idx(\"x\")" REST, "test.mt:4:14: error[E0203]: idx takes 0 positional arguments, got 1");
    fails(" train = idx(x=5)" REST, "test.mt:4:16: error[E0205]: column `x` of idx must be the path of a file");
    fails(" train = npy(x=\"a\", x=\"b\")" REST, "test.mt:4:21: error[E0510]: column `x` is given twice");
    fails(" train = csv()" REST, "test.mt:4:10: error[E0204]: csv needs `path`");
    fails(" train = csv(\"a\", heade=true)" REST, "test.mt:4:19: error[E0201]: csv has no option `heade`");
    fails(" train = csv(\"a\", true)" REST, "test.mt:4:19: error[E0203]: csv takes 1 positional argument, got 2");
    fails(" train = csv(\"a\", sep=\"ab\")" REST, "test.mt:4:10: error[E0205]: `sep` of csv must be one byte");
    fails(" train = csv(\"a\", header=1)" REST, "test.mt:4:26: error[E0205]: `header` of csv must be true or false");
    fails(XY " valid = holdout(trai, 0.1)" REST, "test.mt:5:18: error[E0514]: there is no split `trai`");
    fails(XY " valid = holdout(train, 1.5)" REST, "test.mt:5:10: error[E0514]: the fraction of a holdout");
    fails(XY " valid = holdout(train)" REST, "test.mt:5:10: error[E0204]: holdout needs `fraction`");
    fails(XY " valid = holdout(0.1)" REST, "test.mt:5:10: error[E0204]: holdout needs `split`");
    fails(XY " valid = holdout(train, 0.1)\n test = holdout(valid, 0.5)" REST,
        "test.mt:6:9: error[E0514]: a holdout is taken from a split with a source of its own");
    fails(" train = idx(z=\"z\", y=\"y\")\n test = idx(z=\"z\")" REST,
        "test.mt:5:9: error[E0505]: `test` has no column `y`");
    fails(" train = idx(x=\"x\")\n test = csv(\"c\")" REST,
        "test.mt:5:9: error[E0505]: `test` is a csv, so it has no column `x`");
}

Test(data, inline_that_is_wrong)
{
    fails(" train = inline(x=[])" REST, "test.mt:4:19: error[E0509]: this list has no examples");
    fails(" train = inline(x=5)" REST, "test.mt:4:19: error[E0205]: column `x` of inline must be a list");
    fails(" train = inline(x=[[1, 2], [3]])" REST,
        "test.mt:4:28: error[E0509]: this list has 1 entries, the first one 2");
    fails(" train = inline(x=[[1, 2], 3])" REST, "test.mt:4:28: error[E0509]: this is not a list");
    fails(" train = inline(x=[1, [2]])" REST, "test.mt:4:23: error[E0509]: this list is deeper");
    fails(" train = inline(x=[\"a\"])" REST, "test.mt:4:20: error[E0509]: this is not a number");
    fails(" train = inline(x=[1, 2], y=[1])" REST, "test.mt:4:29: error[E0509]: `y` has 1 examples, `x` has 2");
    fails(" train = inline(a=[0, 3])\n y: a -> class(3)" REST, "test.mt:4:23: error[E0513]: class 3 is not below 3");
    fails(" train = inline(a=[0, 0.5])\n y: a -> class(3)" REST,
        "test.mt:4:23: error[E0513]: 0.5 is not a whole number");
    fails(" train = inline(x=[[1, 2]])\n test = inline(x=[[1, 2, 3]])" REST,
        "test.mt:5:18: error[E0509]: `x` is f32[B, 3] here");
}

Test(data, columns_that_are_wrong)
{
    fails(XY " a: imagee -> scale(2)" REST, "test.mt:5:5: error[E0504]: there is no column `imagee`");
    fails(XY " a: x -> scal(2)" REST, "test.mt:5:10: error[E0503]: there is no transform `scal`");
    fails(XY " a: x -> scale" REST, "test.mt:5:10: error[E0204]: scale needs `factor`");
    fails(XY " a: x -> scale(\"b\")" REST, "test.mt:5:16: error[E0205]: `factor` of scale must be a number");
    fails(XY " a: x -> normalize(0.5, 0.5)" REST, "test.mt:5:20: error[E0203]: normalize takes 0 positional arguments");
    fails(XY " a: x -> normalize(mean=0, std=0)" REST, "test.mt:5:32: error[E0205]: `std` of normalize must be");
    fails(XY " a: x -> class(0)" REST, "test.mt:5:16: error[E0205]: `n` of class must be a whole number, at least 1");
    fails(XY " a: x -> scale(2) -> class(3)" REST, "test.mt:5:22: error[E0512]: `class` takes what the file holds");
    fails(XY " a: x -> class(3) -> scale(2)" REST, "test.mt:5:22: error[E0512]: `scale` does not take class numbers");
    fails(XY " a: x -> classes(\"b\", \"c\")" REST,
        "test.mt:5:10: error[E0512]: `classes` names the words of a csv column");
    fails(XY " x: x -> scale(2)\n x: x -> scale(3)" REST, "test.mt:6:2: error[E0510]: column `x` is given twice");
    fails(XY " a: column(0)" REST, "test.mt:4:10: error[E0505]: `train` is not a csv");
    fails(" train = csv(\"a\")\n a: column(\"n\")" REST,
        "test.mt:5:12: error[E0205]: a column of a csv without header");
    fails(" train = csv(\"a\")\n a: columns()" REST, "test.mt:5:5: error[E0204]: columns needs `columns`");
    fails(" train = csv(\"a\")\n a: column(-1)" REST, "test.mt:5:12: error[E0205]: a csv column must be");
    fails(" train = csv(\"a\")\n a: columns(first=3, last=1)" REST, "test.mt:5:5: error[E0205]: `last` of columns");
    fails(" train = csv(\"a\")\n a: column(0) -> classes(\"u\", \"u\")" REST, "test.mt:5:31: error[E0510]: class `u`");
    fails(" train = csv(\"a\")\n a: columns(0, 1) -> reshape(3)" REST,
        "test.mt:5:22: error[E0508]: reshape makes 3 numbers of 2");
    fails(" train = csv(\"a\")\n a: columns(0, 1) -> unsqueeze(5)" REST,
        "test.mt:5:22: error[E0508]: unsqueeze has no such place");
    fails(" train = csv(\"a\")\n a: columns(0, 1) -> normalize(mean=[1, 2, 3], std=1)" REST,
        "test.mt:5:22: error[E0508]: `mean` has 3 numbers for 2 channels");
    fails(" train = idx(z=\"x\")\n a: z -> scale(2)" REST,
        "test.mt:5:2: error[E0507]: the shape of column `a` is not known");
}

Test(data, unsqueeze_against_the_model)
{
    Setup s = setup(" train = idx(image=\"a\")\n x: image -> unsqueeze(0)" REST);
    use(&s, "x", ELEMENT_REAL, 2, (long[]){28, 28});
    data_finish(s.data, s.diags);
    cr_expect_str_eq(messages(&s),
        "test.mt:5:14: error[E0508]: unsqueeze makes an axis of size 1, but 28 is needed there\n");
    arena_destroy(s.arena);
}

Test(data, one_source_with_two_shapes)
{
    Setup s = setup(" train = idx(image=\"a\")\n x: image -> scale(2)\n y: image -> scale(3)" REST);
    use(&s, "x", ELEMENT_REAL, 1, (long[]){4});
    use(&s, "y", ELEMENT_REAL, 2, (long[]){2, 2});
    data_finish(s.data, s.diags);
    cr_expect_str_eq(messages(&s), "test.mt:6:2: error[E0508]: `x` and `y` read `image` with two shapes\n");
    arena_destroy(s.arena);
}

// ------------------------------------------------------------------------------------------------- records, images

#define RECORDS " train = records(\"*.bin\", y=u8, x=u8[3, 8, 8], z=f32[2])\n"

Test(data, records)
{
    Setup s = setup(RECORDS " test = records(\"t\", x=i16[3, 8, 8], y=u64, skipped=f64[3], z=f64[2])\n"
                    " a: y -> class(10)" REST);
    use(&s, "x", ELEMENT_REAL, 3, (const long[]){3, 8, 8});
    use(&s, "z", ELEMENT_REAL, 1, (const long[]){2});
    Type type = type_of(ELEMENT_INT, 0, NULL);
    cr_expect(data_require(s.data, data_column(s.data, "a"), &type, (Span){0}));
    const Split *train = data_split(s.data, "train"), *test = data_split(s.data, "test");
    cr_expect_eq(train->record, 1 + 3 * 8 * 8 + 2 * 4);
    cr_expect_eq(data_field(train, "x")->offset, 1);
    cr_expect_eq(data_field(train, "z")->offset, 193);
    cr_expect_eq(test->record, 2 * 192 + 8 + 24 + 16);
    cr_expect_eq(data_field(test, "z")->offset, 416);
    Flags flags = {0};
    data_flags(s.data, s.arena, &flags);
    cr_expect_str_eq(flags.items[0].key, "data.train", "one path, one flag");
    cr_expect_str_eq(flags.items[1].key, "data.test");
    finish(&s);
}

Test(data, records_that_are_wrong)
{
    fails(" train = records()" REST, "test.mt:4:10: error[E0204]: records needs `glob`");
    fails(" train = records(x=u8)" REST, "test.mt:4:10: error[E0204]: records needs `glob`");
    fails(" train = records(5, x=u8)" REST, "test.mt:4:18: error[E0205]: `glob` of records must be a path or a pattern");
    fails(" train = records(\"a\")" REST, "test.mt:4:10: error[E0204]: records needs `name=type`");
    fails(" train = records(\"a\", \"b\")" REST, "test.mt:4:23: error[E0203]: records takes 1 positional argument, got 2");
    fails(" train = records(\"a\", x=u8, x=u8)" REST, "test.mt:4:29: error[E0510]: column `x` is given twice");
    fails(" train = records(\"a\", x=uint8)" REST, "test.mt:4:25: error[E0506]: there is no type `uint8` of a field");
    fails(" train = records(\"a\", x=\"u8\")" REST, "test.mt:4:25: error[E0506]: a field of records has a type");
    fails(" train = records(\"a\", x=u8[0])" REST, "test.mt:4:28: error[E0205]: a size must be a whole number");
    fails(" train = records(\"a\", x=u8[1 << 3])" REST, "test.mt:4:");
    fails(" train = records(\"a\", x=u8[2, 2, 2, 2, 2, 2, 2, 2])" REST, "test.mt:4:25: error[E0205]: the shape of a field");
    fails(" train = records(\"a\", x=f64[1000000, 1000000])" REST, "test.mt:4:25: error[E0205]: a record must be");
    fails(" train = records(\"a\", x=u8[600000000], y=u8[600000000])" REST, "test.mt:4:10: error[E0205]: a record must");
    fails(RECORDS " a: z -> class(3)" REST, "test.mt:4:48: error[E0205]: the type of `z` must be one of whole numbers");
    fails(RECORDS " test = records(\"t\", x=u8[3, 8, 9], y=u8, z=f32[2])" REST,
        "test.mt:5:22: error[E0508]: `x` of `test` is f32[B, 3, 8, 9]");
    fails(RECORDS " test = records(\"t\", x=u8[3, 8, 8])" REST, "test.mt:5:9: error[E0505]: `test` has no column `y`");
}

Test(data, random_transforms)
{
    Setup s = setup(RECORDS " a: x -> scale(2) -> random_crop([6, 8], padding=1) -> random_hflip -> random_noise(0.1)"
                            " -> random_erasing(0.25, value=[1, 2, 3]) -> random_erasing" REST);
    Column *a = use(&s, "a", ELEMENT_REAL, 3, (const long[]){3, 6, 8});
    cr_assert_eq(a->transforms.count, 6);
    cr_expect_eq(a->transforms.items[1].count, 3);
    cr_expect_eq(a->transforms.items[1].arguments[0].number, 6);
    cr_expect_eq(a->transforms.items[1].arguments[1].number, 8);
    cr_expect_eq(a->transforms.items[1].arguments[2].number, 1);
    cr_expect_eq(a->transforms.items[5].arguments[2].items[1].number, 3.3);
    cr_expect(data_has_random(s.data));
    cr_expect_eq(data_last_move(a, 6), 2);
    finish(&s);
    s = setup(" train = idx(image=\"i\")\n x: image -> random_crop(28, padding=2) -> unsqueeze(0)" REST);
    a = use(&s, "x", ELEMENT_REAL, 3, (const long[]){1, 28, 28});
    data_finish(s.data, s.diags);
    cr_expect_str_eq(messages(&s), "");
    cr_expect_eq(a->file.rank, 3);
    cr_expect_eq(a->file.axis[2].value, 28);
    arena_destroy(s.arena);
}

Test(data, one_hot_and_clip)
{
    Setup s = setup(RECORDS " a: y -> one_hot(10) -> scale(0.9)\n b: y -> class(4) -> one_hot\n"
                            " c: x -> clip(0, 5) -> clip(max=3)" REST);
    Column *a = use(&s, "a", ELEMENT_REAL, 1, (const long[]){10});
    cr_expect_eq(data_classes(a), 10);
    cr_expect_eq(a->type.classes, 0);
    use(&s, "b", ELEMENT_REAL, 1, (const long[]){4});
    use(&s, "c", ELEMENT_REAL, 3, (const long[]){3, 8, 8});
    finish(&s);
    s = setup(" train = npy(y=\"y\")\n a: y -> one_hot(3)" REST);
    a = use(&s, "a", ELEMENT_REAL, 2, (const long[]){7, 3});
    data_finish(s.data, s.diags);
    cr_expect_str_eq(messages(&s), "");
    cr_expect_eq(a->file.rank, 2, "without the vectors");
    arena_destroy(s.arena);
}

Test(data, random_transforms_that_are_wrong)
{
    fails(RECORDS " a: x -> random_crop" REST, "test.mt:5:10: error[E0204]: random_crop needs `size`");
    fails(RECORDS " a: x -> random_crop(0)" REST, "test.mt:5:22: error[E0205]: `size` of random_crop must be");
    fails(RECORDS " a: x -> random_crop([4, 4, 4])" REST, "test.mt:5:22: error[E0205]: `size` of random_crop must be");
    fails(RECORDS " a: x -> random_crop(4, 4)" REST, "test.mt:5:25: error[E0203]: random_crop takes 1 positional");
    fails(RECORDS " a: x -> random_crop(13, padding=2)" REST,
        "test.mt:5:10: error[E0508]: random_crop takes 13 rows of 12");
    fails(RECORDS " a: z -> random_crop(2)" REST, "test.mt:5:10: error[E0508]: random_crop takes images");
    fails(RECORDS " a: z -> random_hflip" REST, "test.mt:5:10: error[E0508]: random_hflip takes images");
    fails(RECORDS " a: x -> random_hflip(2)" REST, "test.mt:5:23: error[E0205]: `p` of random_hflip must be a probability");
    fails(RECORDS " a: x -> random_noise" REST, "test.mt:5:10: error[E0204]: random_noise needs `std`");
    fails(RECORDS " a: x -> random_noise(-1)" REST, "test.mt:5:23: error[E0205]: `std` of random_noise must be at least 0");
    fails(RECORDS " a: x -> random_erasing(scale=0.5)" REST,
        "test.mt:5:31: error[E0205]: `scale` of random_erasing must be a list of two numbers");
    fails(RECORDS " a: x -> random_erasing(scale=[0.5, 0.2])" REST, "test.mt:5:31: error[E0205]: `scale` of");
    fails(RECORDS " a: x -> random_erasing(ratio=[0, 1])" REST, "test.mt:5:31: error[E0205]: `ratio` of");
    fails(RECORDS " a: x -> random_erasing(value=[1, 2])" REST,
        "test.mt:5:10: error[E0508]: `value` has 2 numbers for 3 channels");
    fails(RECORDS " a: x -> random_hflip -> random_hflip" REST, "test.mt:5:26: error[E0512]: `random_hflip` stands in");
    fails(RECORDS " a: x -> random_noise(1) -> random_hflip" REST,
        "test.mt:5:29: error[E0512]: `random_hflip` says which part of an example is read");
    fails(RECORDS " a: x -> random_crop(4) -> reshape(3, 2, 8) -> random_hflip" REST,
        "test.mt:5:48: error[E0512]: `random_hflip` takes other images than `random_crop` makes");
    fails(RECORDS " a: x -> reshape(192) -> standardize -> reshape(3, 8, 8) -> random_hflip" REST,
        "test.mt:5:61: error[E0512]: `standardize` has numbers of its own for places that `random_hflip` moves");
    fails(RECORDS " a: y -> one_hot(3) -> one_hot(3)" REST, "test.mt:5:24: error[E0512]: `one_hot` stands in this column");
    fails(RECORDS " a: y -> one_hot" REST, "test.mt:5:10: error[E0204]: one_hot needs `n`");
    fails(RECORDS " a: y -> class(4) -> one_hot(3)" REST, "test.mt:5:30: error[E0205]: `n` of one_hot must be at least 4");
    fails(RECORDS " a: x -> class(4) -> random_hflip -> one_hot" REST,
        "test.mt:5:38: error[E0512]: `one_hot` stands directly behind a class");
    fails(RECORDS " a: x -> one_hot(4) -> random_hflip" REST, "test.mt:5:24: error[E0512]: `random_hflip` takes images");
    fails(RECORDS " a: x -> class(4) -> random_noise(1)" REST,
        "test.mt:5:22: error[E0512]: `random_noise` does not take class numbers");
    fails(RECORDS " a: x -> clip" REST, "test.mt:5:10: error[E0204]: clip needs `min`");
    fails(RECORDS " a: x -> clip(2, 1)" REST, "test.mt:5:18: error[E0205]: `max` of clip must be at least `min`");
}
