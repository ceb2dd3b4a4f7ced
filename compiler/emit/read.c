// read.c: how a batch of a column comes to be: it is read, and each transform is a visible loop or a call, in the order
// of the row.
//
// Input: a Reading. Output: lines in a function of the output; random transforms ask `loader` whether they are to be
// done. Invariant: crops and flips move numbers but do not change them, so they are done by reading the right part of
// an example; what stands in front of them is done behind them, on fewer numbers, and only the zeros around the example
// are put back (data_moves.c in compiler/ refuses what that would change).
#include "data.h"
#include "../names.h"
#include <math.h>
#include <string.h>

// The text of a number that a user wrote: a quotient of whole numbers stays one, (real)(1.0 / 255).
static const char *written(Program *program, const Transform *transform, double value)
{
    const Ast *ast = transform->call->kind == AST_CALL ? transform->call->child[1] : NULL;
    if (ast && ast->kind == AST_ARGUMENT)
        ast = ast->child[0];
    if (ast && ast->kind == AST_BINARY && strcmp(ast->text, "/") == 0 && ast->child[0]->kind == AST_NUMBER &&
        ast->child[1]->kind == AST_NUMBER && ast->child[1]->number >= 1 && ast->child[1]->number < 1e9 &&
        ast->child[0]->number / ast->child[1]->number == value) {
        const char *over = shortest(program->arena, ast->child[0]->number);
        return arena_format(program->arena, "(real)(%s%s / %s)", over, strpbrk(over, ".en") ? "" : ".0",
            shortest(program->arena, ast->child[1]->number));
    }
    return emit_real(program->arena, value);
}

static bool has_code(const Transform *transform)
{
    return transform->kind == TRANSFORM_SCALE || transform->kind == TRANSFORM_NORMALIZE ||
        transform->kind == TRANSFORM_STANDARDIZE || transform->kind == TRANSFORM_CLIP;
}

// Random ones that change numbers where they stand.
static bool is_augmentation(const Transform *transform)
{
    return transform->kind == TRANSFORM_RANDOM_NOISE || transform->kind == TRANSFORM_RANDOM_ERASING;
}

static bool has_lists(const Transform *transform)
{
    return transform->kind == TRANSFORM_NORMALIZE &&
        (transform->arguments[0].kind == CONSTANT_LIST || transform->arguments[1].kind == CONSTANT_LIST);
}

// Whether a transform has numbers for each channel, of several.
static bool by_channel(const Transform *transform)
{
    return has_lists(transform) ||
        (transform->kind == TRANSFORM_STANDARDIZE && data_channels(&transform->before) > 1);
}

// x[i] = ...: `x` is "v->x", `c` the channel, `numbers` where statistics are: "s->statistics".
static void emit_statement(Writer *w, Program *program, const Column *column, const Transform *transform,
    const char *x, const char *numbers)
{
    const Constant *arguments = transform->arguments;
    if (transform->kind == TRANSFORM_SCALE) {
        writer_line(w, "%s[i] *= %s;", x, written(program, transform, arguments[0].number));
    } else if (transform->kind == TRANSFORM_STANDARDIZE) {
        const char *member = statistics_member(program->arena, column, transform);
        const char *c = by_channel(transform) ? "c" : "0";
        writer_line(w, "%s[i] = (%s[i] - %s->%s.mean[%s]) / %s->%s.deviation[%s];", x, x, numbers, member, c, numbers,
            member, c);
    } else if (transform->kind == TRANSFORM_CLIP) {
        const char *least = emit_real(program->arena, arguments[0].number);
        const char *most = emit_real(program->arena, arguments[1].number);
        const char *rest = isinf(arguments[1].number)
            ? arena_format(program->arena, "%s[i]", x)
            : arena_format(program->arena, "%s[i] > %s ? %s : %s[i]", x, most, most, x);
        if (isinf(arguments[0].number))
            writer_line(w, "%s[i] = %s;", x, rest);
        else
            writer_line(w, "%s[i] = %s[i] < %s ? %s : %s;", x, x, least, least, rest);
    } else {
        const char *part[2];
        for (int k = 0; k < 2; k++)
            part[k] = arguments[k].kind == CONSTANT_LIST ? (k ? "deviation[c]" : "mean[c]")
                                                         : emit_real(program->arena, arguments[k].number);
        bool negative = arguments[0].kind == CONSTANT_NUMBER && arguments[0].number < 0;
        writer_line(w, negative ? "%s[i] = (%s[i] + %s) / %s;" : "%s[i] = (%s[i] - %s) / %s;", x, x,
            negative ? emit_real(program->arena, -arguments[0].number) : part[0], part[1]);
    }
}

// static const real mean[3] = {...}, above the loop of a normalize with lists.
static void emit_lists(Writer *w, Program *program, const Transform *transform)
{
    static const char *const names[] = {"mean", "deviation"};
    for (int k = 0; k < 2; k++) {
        const Constant *list = &transform->arguments[k];
        Text text = text_new(program->arena);
        for (int i = 0; list->kind == CONSTANT_LIST && i < list->count; i++)
            text_add(&text, "%s%s", i ? ", " : "", emit_real(program->arena, list->items[i].number));
        if (list->kind == CONSTANT_LIST)
            writer_line(w, "static const real %s[] = {%s};", names[k], text.data);
    }
}

// The numbers of an image in front of transform i, as they are when its line runs: a crop behind it has been done.
static Type image_at(const Reading *reading, int i)
{
    const Transform *transforms = reading->column->transforms.items;
    int move = data_last_move(reading->column, reading->count);
    return i < move ? transforms[move].after : transforms[i].before;
}

// "32 * 32": what each of so many channels has of the numbers of a type, whose first axes they are.
static const char *channel_size(Arena *arena, const Type *type, long channels)
{
    Type one = {.rank = 1};
    int axis = 1;
    for (long rest = channels; axis < type->rank && rest % type->axis[axis].value == 0 && rest > 1; axis++)
        rest /= type->axis[axis].value;
    long size = type_count(type) / channels, inner = 1;
    for (int i = axis; i < type->rank; i++) {
        one.axis[one.rank++] = type->axis[i];
        inner *= type->axis[i].value;
    }
    return inner == size ? dimensions(arena, &one) : arena_format(arena, "%ld", size);
}

// One loop: the transforms first ... last, of which the codeless only change how the elements are counted.
static void emit_loop(Writer *w, Program *program, const Reading *reading, int first, int last)
{
    const Transform *transforms = reading->column->transforms.items, *channelled = NULL;
    int statements = 0, counted = first;
    for (int i = first; i <= last; i++) {
        statements += has_code(&transforms[i]);
        if (by_channel(&transforms[i])) {
            channelled = &transforms[i];
            counted = i;
        }
    }
    const Type type = image_at(reading, counted);
    const char *all = dimensions(program->arena, &type);
    const char *head = *all ? arena_format(program->arena, "for (int i = 0; i < %s * B; i++)", all)
                            : "for (int i = 0; i < B; i++)";
    if (channelled && has_lists(channelled)) {
        writer_line(w, "{");
        writer_indent(w);
        emit_lists(w, program, channelled);
    }
    if (channelled) {
        long channels = data_channels(&channelled->before);
        const char *inner = channel_size(program->arena, &type, channels);
        const char *count = *inner ? arena_format(program->arena, "(%s * B)", inner) : "B";
        writer_line(w, "for (int c = 0; c < %ld; c++)", channels);
        writer_indent(w);
        head = arena_format(program->arena, "for (int i = c * %s; i < (c + 1) * %s; i++)", count, count);
    }
    if (statements > 1)
        writer_open(w, "%s", head);
    else
        writer_line(w, "%s", head);
    if (statements == 1)
        writer_indent(w);
    for (int i = first; i <= last; i++)
        if (has_code(&transforms[i]))
            emit_statement(w, program, reading->column, &transforms[i], reading->x, reading->numbers);
    if (statements > 1)
        writer_close(w, "%s", "");
    else
        writer_dedent(w);
    if (channelled)
        writer_dedent(w);
    if (channelled && has_lists(channelled)) {
        writer_dedent(w);
        writer_line(w, "}");
    }
}

// Whether two transforms may stand in one loop: not two ways to count channels.
static bool one_loop(const Transform *a, const Transform *b)
{
    if (!by_channel(a) || !by_channel(b))
        return true;
    return !has_lists(a) && !has_lists(b) && type_same_shape(&a->before, &b->before);
}

// ------------------------------------------------------------------------------------------------- images

// "3, 32, 32": what stands in front of height and width counts as channels.
static const char *image_size(Arena *arena, const Type *image)
{
    long planes = 1;
    for (int i = 1; i + 2 < image->rank; i++)
        planes *= image->axis[i].value;
    return arena_format(arena, "%ld, %ld, %ld", planes, image->axis[image->rank - 2].value,
        image->axis[image->rank - 1].value);
}

// Whether a crop makes images of another size.
static bool resizes(const Transform *transform)
{
    return transform->kind == TRANSFORM_RANDOM_CROP && !type_same_shape(&transform->before, &transform->after);
}

bool reading_has_windows(const Column *column, int count, bool random)
{
    for (int i = 0; i < count; i++)
        if (data_moves(&column->transforms.items[i]) && (random || resizes(&column->transforms.items[i])))
            return true;
    return false;
}

static const char key[] = "loader->seed, loader->epoch, example"; // of what is drawn for an example

static void emit_move(Writer *w, Program *program, const Transform *transform)
{
    const Constant *arguments = transform->arguments;
    if (transform->kind == TRANSFORM_RANDOM_CROP)
        writer_line(w, "random_crop(window, %.0f, %.0f, %.0f, %s);", arguments[0].number, arguments[1].number,
            arguments[2].number, key);
    else
        writer_line(w, "random_hflip(window, %s, %s);", shortest(program->arena, arguments[0].number), key);
}

// whole_windows(...); what moves them; read_windows(...)
static void emit_windows(Writer *w, Program *program, const Reading *reading, bool whole_numbers)
{
    const Transform *transforms = reading->column->transforms.items, *first = NULL, *crop = NULL;
    int moves = 0;
    for (int i = 0; i < reading->count; i++) {
        if (!data_moves(&transforms[i]))
            continue;
        first = first ? first : &transforms[i];
        crop = resizes(&transforms[i]) ? &transforms[i] : crop;
        moves++;
    }
    const Type *image = &first->before;
    writer_line(w, "whole_windows(window, %ld, %ld);", image->axis[image->rank - 2].value,
        image->axis[image->rank - 1].value);
    if (reading->random) {
        if (moves > 1)
            writer_open(w, "if (loader->random)");
        else
            writer_line(w, "if (loader->random)");
        if (moves == 1)
            writer_indent(w);
        for (int i = 0; i < reading->count; i++)
            if (data_moves(&transforms[i]))
                emit_move(w, program, &transforms[i]);
        if (moves > 1)
            writer_close(w, crop ? " else" : "%s", "");
        else
            writer_dedent(w);
        if (moves == 1 && crop)
            writer_line(w, "else");
    }
    if (crop) {
        if (reading->random)
            writer_indent(w);
        writer_line(w, "center_crop(window, %.0f, %.0f);", crop->arguments[0].number, crop->arguments[1].number);
        if (reading->random)
            writer_dedent(w);
    }
    writer_line(w, "read_%swindows(&%s, %s, window, %s, %s);", whole_numbers ? "int_" : "", reading->array,
        reading->examples, image_size(program->arena, image), reading->x);
}

// Whether a transform may make something else of 0.
static bool changes_zero(const Transform *transform)
{
    const Constant *arguments = transform->arguments;
    if (transform->kind == TRANSFORM_CLIP)
        return arguments[0].number > 0 || arguments[1].number < 0;
    if (transform->kind != TRANSFORM_NORMALIZE)
        return transform->kind == TRANSFORM_STANDARDIZE;
    for (int k = 0; arguments[0].kind == CONSTANT_LIST && k < arguments[0].count; k++)
        if (arguments[0].items[k].number != 0)
            return true;
    return arguments[0].kind == CONSTANT_NUMBER && arguments[0].number != 0;
}

// Whether transform i is a crop whose zeros do not come from those that were read.
static bool puts_zeros(const Reading *reading, int i)
{
    const Transform *crop = &reading->column->transforms.items[i];
    const Type *before = &crop->before, *after = &crop->after;
    bool found = false, padded = false;
    if (crop->kind != TRANSFORM_RANDOM_CROP)
        return false;
    for (int k = 1; k <= 2; k++)
        padded = padded || after->axis[after->rank - k].value > before->axis[before->rank - k].value;
    padded = padded || (reading->random && crop->arguments[2].number > 0);
    for (int k = 0; k < i && padded; k++)
        found = found || changes_zero(&reading->column->transforms.items[k]);
    return found;
}

// "__random_noise", the second of a column "__random_noise__2": columns with the same transforms draw the same.
static const char *stream_name(Arena *arena, const Column *column, const Transform *transform)
{
    int k = 1;
    for (const Transform *t = column->transforms.items; t != transform; t++)
        k += t->kind == transform->kind;
    return k == 1 ? arena_format(arena, "\"__%s\"", transform->name)
                  : arena_format(arena, "\"__%s__%d\"", transform->name, k);
}

// random_erasing with its numbers: a value for each channel.
static void emit_erasing(Writer *w, Program *program, const Reading *reading, const Transform *transform)
{
    Arena *arena = program->arena;
    const Constant *p = &transform->arguments[0], *value = &transform->arguments[3];
    const Type *image = &transform->before;
    Text values = text_new(arena);
    long channels = 1;
    for (int i = 1; i + 2 < image->rank; i++)
        channels *= image->axis[i].value;
    for (long c = 0; c < channels; c++)
        text_add(&values, "%s%s", c ? ", " : "",
            emit_real(arena, value->kind == CONSTANT_LIST ? value->items[c].number : value->number));
    writer_open(w, "if (loader->random)");
    writer_line(w, "static const struct Erasing erasing = {%s, {%s, %s}, {%s, %s}};", shortest(arena, p->number),
        shortest(arena, p[1].items[0].number), shortest(arena, p[1].items[1].number),
        shortest(arena, p[2].items[0].number), shortest(arena, p[2].items[1].number));
    writer_line(w, "static const real value[] = {%s};", values.data);
    writer_line(w, "random_erasing(%s, %s, &erasing, value, %s, %s);", reading->x, image_size(arena, image),
        stream_name(arena, reading->column, transform), key);
    writer_close(w, "%s", "");
}

static void emit_augmentation(Writer *w, Program *program, const Reading *reading, const Transform *transform)
{
    if (transform->kind == TRANSFORM_RANDOM_ERASING) {
        emit_erasing(w, program, reading, transform);
        return;
    }
    const char *all = dimensions(program->arena, &transform->before);
    writer_line(w, "if (loader->random)");
    writer_indent(w);
    writer_line(w, "random_noise(%s, %s, %s, %s, %s);", reading->x, *all ? all : "1",
        shortest(program->arena, transform->arguments[0].number),
        stream_name(program->arena, reading->column, transform), key);
    writer_dedent(w);
}

// ------------------------------------------------------------------------------------------------- all of it

// The loops of the transforms of a column.
static void emit_transforms(Writer *w, Program *program, const Reading *reading)
{
    const Transform *transforms = reading->column->transforms.items;
    for (int first = 0; first < reading->count; first++) {
        if (puts_zeros(reading, first)) {
            const Type *image = &transforms[first].before;
            writer_line(w, "zero_padding(window, %s, %s);", image_size(program->arena, image), reading->x);
        }
        if (is_augmentation(&transforms[first]) && reading->random)
            emit_augmentation(w, program, reading, &transforms[first]);
        if (!has_code(&transforms[first]))
            continue;
        const Transform *channelled = &transforms[first];
        int last = first;
        for (int i = first + 1; i < reading->count; i++) {
            if (puts_zeros(reading, i) || is_augmentation(&transforms[i]))
                break;
            if (!has_code(&transforms[i]))
                continue;
            if (!one_loop(channelled, &transforms[i]))
                break;
            channelled = by_channel(&transforms[i]) ? &transforms[i] : channelled;
            last = i;
        }
        emit_loop(w, program, reading, first, last);
        first = last;
    }
}

void emit_reading(Writer *w, Program *program, const Reading *reading, bool whole_numbers)
{
    const Transform *one_hot = NULL;
    for (int i = 0; i < reading->count; i++)
        if (reading->column->transforms.items[i].kind == TRANSFORM_ONE_HOT)
            one_hot = &reading->column->transforms.items[i];
    if (reading_has_windows(reading->column, reading->count, reading->random))
        emit_windows(w, program, reading, whole_numbers);
    else if (one_hot)
        writer_line(w, "read_one_hot(&%s, %s, %.0f, %s);", reading->array, reading->examples,
            one_hot->arguments[0].number, reading->x);
    else
        writer_line(w, "read_%s(&%s, %s, %s);", whole_numbers ? "ints" : "reals", reading->array, reading->examples,
            reading->x);
    if (!whole_numbers)
        emit_transforms(w, program, reading);
}
