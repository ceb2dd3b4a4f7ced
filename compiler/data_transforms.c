// data_transforms.c: one stage of a column's row: `scale(1 / 255)`, `class(10)`, `random_crop(32, padding=4)`.
//
// Input: a stage, and the column with those in front of it. Output: a Transform at its end. Invariant: it may stand
// where it stands, and its arguments mean something; whether it fits the shape is for data_types.c and data_moves.c.
#include "data_inside.h"
#include "errors_data.h"
#include <math.h>
#include <string.h>

static const Option none_options[1] = {{NULL, OPTION_NUMBER, NULL, 0}};
static const Option scale_options[] = {{"factor", OPTION_NUMBER, NULL, 0}};
static const Option normalize_options[] = {{"mean", OPTION_NUMBERS, NULL, 0}, {"std", OPTION_NUMBERS, NULL, 0}};
static const Option class_options[] = {{"n", OPTION_WHOLE, NULL, 1}};
static const Option unsqueeze_options[] = {{"dim", OPTION_WHOLE, NULL, -MAX_RANK}};
static const Option one_hot_options[] = {{"n", OPTION_WHOLE, "0", 1}};
static const Option clip_options[] = {{"min", OPTION_NUMBER, "-inf", 0}, {"max", OPTION_NUMBER, "inf", 0}};
static const Option random_crop_options[] = {{"size", OPTION_NUMBERS, NULL, 0}, {"padding", OPTION_WHOLE, "0", 0}};
static const Option random_hflip_options[] = {{"p", OPTION_NUMBER, "0.5", 0}};
static const Option random_noise_options[] = {{"std", OPTION_NUMBER, NULL, 0}};
static const Option random_erasing_options[] = {{"p", OPTION_NUMBER, "0.5", 0}, {"scale", OPTION_PAIR, "[0.02, 0.33]", 0},
    {"ratio", OPTION_PAIR, "[0.3, 3.3]", 0}, {"value", OPTION_NUMBERS, "0", 0}};

// In the order of TransformKind. Without a table: a list of any length.
static const struct {
    const char *name;
    const Option *table;
    int count, positional;
    const char *shown;
} transforms[] = {
    {"scale", scale_options, 1, 1, "scale(factor)"},
    {"normalize", normalize_options, 2, 0, "normalize(; mean, std)"},
    {"standardize", none_options, 0, 0, "standardize"},
    {"class", class_options, 1, 1, "class(n)"},
    {"classes", NULL, 0, 0, "classes(\"first\", \"second\", ...)"},
    {"reshape", NULL, 0, 0, "reshape(size, ...): of one example, without B"},
    {"unsqueeze", unsqueeze_options, 1, 1, "unsqueeze(dim)"},
    {"one_hot", one_hot_options, 1, 1, "one_hot(n), or behind class(n) one_hot"},
    {"clip", clip_options, 2, 2, "clip(min, max)"},
    {"random_crop", random_crop_options, 2, 1, "random_crop(size; padding=0): one size, or [height, width]"},
    {"random_hflip", random_hflip_options, 1, 1, "random_hflip(p=0.5)"},
    {"random_noise", random_noise_options, 1, 1, "random_noise(std)"},
    {"random_erasing", random_erasing_options, 4, 4,
        "random_erasing(p=0.5, scale=[0.02, 0.33], ratio=[0.3, 3.3], value=0)"},
};
enum { TRANSFORMS = sizeof transforms / sizeof *transforms };

static bool is_class(const Transform *transform)
{
    return transform->kind == TRANSFORM_CLASS || transform->kind == TRANSFORM_CLASSES;
}

static bool is_shape(const Transform *transform)
{
    return transform->kind == TRANSFORM_RESHAPE || transform->kind == TRANSFORM_UNSQUEEZE;
}

bool data_moves(const Transform *transform)
{
    return transform->kind == TRANSFORM_RANDOM_CROP || transform->kind == TRANSFORM_RANDOM_HFLIP;
}

bool data_random(const Transform *transform) { return transform->kind >= TRANSFORM_RANDOM_CROP; }

int data_last_move(const Column *column, int count)
{
    int last = -1;
    for (int i = 0; i < count; i++)
        if (data_moves(&column->transforms.items[i]))
            last = i;
    return last;
}

long data_classes(const Column *column)
{
    for (int i = 0; i < column->transforms.count; i++) {
        const Transform *transform = &column->transforms.items[i];
        if (is_class(transform))
            return transform->kind == TRANSFORM_CLASS ? (long)transform->arguments[0].number : transform->count;
    }
    return 0;
}

// classes("a", "b"), reshape(1, 28, 28): any number of arguments by position.
static bool read_list(DataState *state, Transform *transform, const Ast *stage)
{
    bool words = transform->kind == TRANSFORM_CLASSES;
    const char *shown = transforms[transform->kind].shown;
    transform->count = stage->kind == AST_CALL ? stage->children - 1 : 0;
    transform->arguments = arena_new(state->arena, Constant, transform->count + 1);
    if (transform->count < (words ? 2 : 0) || stage->kind != AST_CALL || (!words && transform->count >= MAX_RANK)) {
        error_data_required(state->diags, stage->span, transform->name, words ? "two or more names" : "sizes", shown);
        return false;
    }
    for (int i = 0; i < transform->count; i++) {
        const Ast *given = stage->child[1 + i];
        Constant *value = &transform->arguments[i];
        if (given->kind == AST_ARGUMENT) {
            error_data_option(state->diags, given, transform->name, NULL, 0, shown);
            return false;
        }
        if (!constant_evaluate(state->constants, given, value))
            return false;
        if (words ? value->kind != CONSTANT_STRING
                  : value->kind != CONSTANT_NUMBER || value->number < 1 || value->number > 2147483647 ||
                    value->number != (double)(long)value->number) {
            error_data_kind(state->diags, given->span, arena_format(state->arena, "an argument of %s", transform->name),
                words ? "a string in quotes" : "a whole number, at least 1");
            return false;
        }
        for (int k = 0; words && k < i; k++)
            if (strcmp(transform->arguments[k].text, value->text) == 0) {
                error_data_twice(state->diags, given->span, "class", value->text, transform->arguments[k].span);
                return false;
            }
    }
    return true;
}

// ------------------------------------------------------------------------------------------------- arguments

static bool refuse(DataState *state, const Transform *transform, const Constant *value, const char *option,
    const char *wanted)
{
    error_data_kind(state->diags, value->span, arena_format(state->arena, "`%s` of %s", option, transform->name),
        wanted);
    return false;
}

// size, padding -> height, width, padding
static bool read_crop(DataState *state, Transform *transform)
{
    const Constant size = transform->arguments[0], padding = transform->arguments[1];
    Constant *to = transform->arguments = arena_new(state->arena, Constant, 3);
    transform->count = 3;
    bool good = size.kind == CONSTANT_NUMBER || size.count == 2;
    for (int k = 0; k < 2 && good; k++) {
        to[k] = size.kind == CONSTANT_LIST ? size.items[k] : size;
        good = to[k].number >= 1 && to[k].number <= 1 << 20 && to[k].number == floor(to[k].number);
    }
    if (!good)
        return refuse(state, transform, &size, "size", "a whole number, at least 1, or [height, width]");
    to[2] = padding;
    if (padding.number > 1 << 20)
        return refuse(state, transform, &padding, "padding", "at most 1048576");
    return true;
}

static bool probability(DataState *state, const Transform *transform)
{
    const Constant *p = &transform->arguments[0];
    if (p->number >= 0 && p->number <= 1)
        return true;
    return refuse(state, transform, p, "p", "a probability, from 0 to 1");
}

static bool check_erasing(DataState *state, const Transform *transform)
{
    const Constant *scale = &transform->arguments[1], *ratio = &transform->arguments[2];
    if (!probability(state, transform))
        return false;
    if (!(0 <= scale->items[0].number && scale->items[0].number <= scale->items[1].number &&
            scale->items[1].number <= 1))
        return refuse(state, transform, scale, "scale", "[least, most], parts of the area from 0 to 1");
    if (!(0 < ratio->items[0].number && ratio->items[0].number <= ratio->items[1].number))
        return refuse(state, transform, ratio, "ratio", "[least, most], height over width, above 0");
    return true;
}

static bool check_std(DataState *state, const Transform *transform)
{
    const Constant *std = &transform->arguments[1];
    for (int k = 0; k < 1 + std->count; k++) {
        const Constant *one = std->kind == CONSTANT_LIST ? &std->items[k < std->count ? k : 0] : std;
        if (one->number == 0)
            return refuse(state, transform, one, "std", "a number that can divide, not 0");
    }
    return true;
}

// What the table of options does not say.
static bool check_arguments(DataState *state, Transform *transform)
{
    const Constant *arguments = transform->arguments;
    switch (transform->kind) {
    case TRANSFORM_NORMALIZE:
        return check_std(state, transform);
    case TRANSFORM_CLIP:
        if (isinf(arguments[0].number) && isinf(arguments[1].number)) {
            error_data_required(state->diags, transform->span, "clip", "min", transforms[TRANSFORM_CLIP].shown);
            return false;
        }
        return arguments[0].number <= arguments[1].number ||
            refuse(state, transform, &arguments[1], "max", "at least `min`");
    case TRANSFORM_RANDOM_CROP:
        return read_crop(state, transform);
    case TRANSFORM_RANDOM_HFLIP:
        return probability(state, transform);
    case TRANSFORM_RANDOM_NOISE:
        return arguments[0].number >= 0 || refuse(state, transform, &arguments[0], "std", "at least 0");
    case TRANSFORM_RANDOM_ERASING:
        return check_erasing(state, transform);
    default:
        return true;
    }
}

// ------------------------------------------------------------------------------------------------- places

static bool misplaced(DataState *state, const Transform *transform, const char *format, const char *before)
{
    error_data_order(state->diags, transform->span, arena_format(state->arena, format, transform->name),
        before ? arena_format(state->arena, "put it before `%s`", before) : NULL);
    return false;
}

// A crop or flip: of each at most one, and nothing in front that depends on where a number stands.
static bool place_move(DataState *state, const Column *column, const Transform *transform)
{
    for (int i = 0; i < column->transforms.count; i++) {
        const Transform *before = &column->transforms.items[i];
        if (before->kind == transform->kind)
            return misplaced(state, transform, "`%s` stands in this column before", NULL);
        if (before->kind == TRANSFORM_RANDOM_NOISE || before->kind == TRANSFORM_RANDOM_ERASING)
            return misplaced(state, transform, "`%s` says which part of an example is read", before->name);
        if (before->kind == TRANSFORM_ONE_HOT)
            return misplaced(state, transform, "`%s` takes images, not the vectors of one_hot", NULL);
    }
    return true;
}

// What stands in front of a class or one_hot, or of a transform behind one.
static bool place_class(DataState *state, const Column *column, const Transform *transform)
{
    for (int i = 0; is_class(transform) && i < column->transforms.count; i++)
        if (!is_shape(&column->transforms.items[i]))
            return misplaced(state, transform, "`%s` takes what the file holds", column->transforms.items[i].name);
    if (transform->kind == TRANSFORM_CLASSES && column->reads) {
        error_data_order(state->diags, transform->span, "`classes` names the words of a csv column",
            "here are numbers: use class(n)");
        return false;
    }
    for (int i = 0; transform->kind == TRANSFORM_ONE_HOT && i < column->transforms.count; i++)
        if (column->transforms.items[i].kind == TRANSFORM_ONE_HOT)
            return misplaced(state, transform, "`%s` stands in this column before", NULL);
    int last_move = data_last_move(column, column->transforms.count);
    if (transform->kind == TRANSFORM_ONE_HOT && last_move >= 0)
        return misplaced(state, transform, "`%s` stands directly behind a class", NULL);
    if (column->type.classes > 0 && !is_shape(transform) && !data_moves(transform) &&
        transform->kind != TRANSFORM_ONE_HOT)
        return misplaced(state, transform, "`%s` does not take class numbers", NULL);
    return true;
}

static bool add_class(DataState *state, Column *column, const Transform *one_hot_of);

// What stands before a transform must allow it, and it settles the element.
static bool place_transform(DataState *state, Column *column, Transform *transform)
{
    if (!place_class(state, column, transform) || (data_moves(transform) && !place_move(state, column, transform)))
        return false;
    if (is_class(transform)) {
        column->type.element = ELEMENT_INT;
        column->type.classes =
            transform->kind == TRANSFORM_CLASS ? (long)transform->arguments[0].number : transform->count;
    } else if (transform->kind == TRANSFORM_ONE_HOT) {
        if (column->type.classes == 0 && !add_class(state, column, transform))
            return false;
        if (transform->arguments[0].number == 0)
            transform->arguments[0].number = (double)column->type.classes;
        if (transform->arguments[0].number < (double)column->type.classes)
            return refuse(state, transform, &transform->arguments[0], "n",
                arena_format(state->arena, "at least %ld, which the class in front has", column->type.classes));
        column->type.element = ELEMENT_REAL;
        column->type.classes = 0;
    }
    column->used_real =
        column->used_real || (!is_class(transform) && !is_shape(transform) && !data_moves(transform));
    return true;
}

// `one_hot(10)` alone is `class(10) -> one_hot`.
static bool add_class(DataState *state, Column *column, const Transform *one_hot_of)
{
    Transform transform = *one_hot_of;
    transform.kind = TRANSFORM_CLASS;
    if (transform.arguments[0].number == 0) {
        error_data_required(state->diags, transform.span, "one_hot", "n", transforms[TRANSFORM_ONE_HOT].shown);
        return false;
    }
    if (!place_transform(state, column, &transform))
        return false;
    vec_push(state->arena, &column->transforms, transform);
    return true;
}

bool data_add_transform(DataState *state, Column *column, const Ast *stage)
{
    const char *called = data_called(state, stage);
    if (!called)
        return false;
    int kind = 0;
    while (kind < TRANSFORMS && strcmp(called, transforms[kind].name) != 0)
        kind++;
    if (kind == TRANSFORMS) {
        const char *names[TRANSFORMS];
        for (int k = 0; k < TRANSFORMS; k++)
            names[k] = transforms[k].name;
        error_data_transform(state->diags, stage->kind == AST_CALL ? stage->child[0]->span : stage->span, called,
            names, TRANSFORMS);
        return false;
    }
    Transform transform = {.kind = (TransformKind)kind, .name = transforms[kind].name, .span = stage->span,
        .call = stage};
    if (!transforms[kind].table) {
        if (!read_list(state, &transform, stage))
            return false;
    } else {
        transform.count = transforms[kind].count;
        transform.arguments = arena_new(state->arena, Constant, transform.count + 1);
        if (!data_options(state, stage, transforms[kind].table, transforms[kind].count, transforms[kind].positional,
                transforms[kind].shown, transform.arguments) ||
            !check_arguments(state, &transform))
            return false;
    }
    if (!place_transform(state, column, &transform))
        return false;
    vec_push(state->arena, &column->transforms, transform);
    return true;
}
