// data_moves.c: the shapes around random_crop, random_hflip and random_erasing, which are about images: the last two
// axes are height and width, what stands in front of them counts as channels.
//
// Input: a column whose transforms have their types, or get them. Output: the types, or a message. Invariant: what
// stands in front of a crop or flip does the same to all places of a plane, so that it may as well be done behind it.
#include "data_inside.h"
#include "errors_data.h"
#include <string.h>

// Of an image: the product of the axes in front of height and width.
static long planes(const Type *image)
{
    long count = 1;
    for (int i = 1; i + 2 < image->rank; i++)
        count *= image->axis[i].value;
    return count;
}

static bool is_image(DataState *state, Column *column, const Transform *transform, const Type *type)
{
    if (type->rank >= 3)
        return true;
    data_shape_error(state, column, transform, type,
        arena_format(state->arena, "%s takes images, [height, width] or [channels, height, width]", transform->name));
    return false;
}

void data_move_forward(DataState *state, Column *column, Transform *transform)
{
    static const char *const names[] = {"rows", "columns"};
    if (!is_image(state, column, transform, &transform->before))
        return;
    for (int k = 0; k < 2 && transform->kind == TRANSFORM_RANDOM_CROP; k++) {
        Extent *axis = &transform->after.axis[transform->after.rank - 2 + k];
        long size = (long)transform->arguments[k].number, padding = (long)transform->arguments[2].number;
        if (size > axis->value + 2 * padding) {
            data_shape_error(state, column, transform, &transform->before,
                arena_format(state->arena, "random_crop takes %ld %s of %ld", size, names[k],
                    axis->value + 2 * padding));
            return;
        }
        if (size == axis->value)
            continue;
        Origin *origin = arena_new(state->arena, Origin, 1);
        *origin = (Origin){.how = "written there", .stage = source_quote(state->source, state->arena, transform->span),
            .value = size, .span = transform->span};
        *axis = (Extent){size, origin};
    }
}

void data_move_backward(DataState *state, Column *column, Transform *transform)
{
    const Type *after = &transform->after;
    if (transform->kind != TRANSFORM_RANDOM_CROP || !is_image(state, column, transform, after))
        return;
    long height = (long)transform->arguments[0].number, width = (long)transform->arguments[1].number;
    if (after->axis[after->rank - 2].value != height || after->axis[after->rank - 1].value != width) {
        data_shape_error(state, column, transform, after,
            arena_format(state->arena, "random_crop makes %ld rows of %ld, but %ld of %ld are needed", height, width,
                after->axis[after->rank - 2].value, after->axis[after->rank - 1].value));
    } else if (transform->arguments[2].number == 0) {
        // With padding the size is the same by custom; without, a part is cut out of images whose size the row must tell.
        error_data_crop_of(state->diags, transform->span, height, width);
        column->type.poisoned = true;
    }
}

static bool same_image(const Type *a, const Type *b)
{
    return planes(a) == planes(b) && a->axis[a->rank - 2].value == b->axis[b->rank - 2].value &&
        a->axis[a->rank - 1].value == b->axis[b->rank - 1].value;
}

// Whether a transform has numbers of its own for places of one plane of the image.
static bool tells_places(const Transform *transform, const Type *image)
{
    const Constant *lists = transform->arguments;
    long channels = data_channels(&transform->before);
    if (transform->kind == TRANSFORM_NORMALIZE && lists[0].kind != CONSTANT_LIST && lists[1].kind != CONSTANT_LIST)
        return false;
    return (transform->kind == TRANSFORM_NORMALIZE || transform->kind == TRANSFORM_STANDARDIZE) &&
        planes(image) % channels != 0;
}

void data_check_images(DataState *state, Column *column)
{
    for (int i = 0; i < column->transforms.count && !column->type.poisoned; i++) {
        const Transform *transform = &column->transforms.items[i];
        const Type *image = &transform->before;
        if (transform->kind == TRANSFORM_RANDOM_ERASING && is_image(state, column, transform, image)) {
            const Constant *value = &transform->arguments[3];
            if (value->kind == CONSTANT_LIST && value->count != planes(image))
                data_shape_error(state, column, transform, image,
                    arena_format(state->arena, "`value` has %d numbers for %ld channels", value->count,
                        planes(image)));
        }
        for (int k = 0; k < i && data_moves(transform) && !column->type.poisoned; k++)
            if (data_moves(&column->transforms.items[k]) &&
                !same_image(&column->transforms.items[k].after, image)) {
                error_data_order(state->diags, transform->span,
                    arena_format(state->arena, "`%s` takes other images than `%s` makes", transform->name,
                        column->transforms.items[k].name),
                    "put the reshape before both");
                column->type.poisoned = true;
            } else if (tells_places(&column->transforms.items[k], image)) {
                error_data_order(state->diags, transform->span,
                    arena_format(state->arena, "`%s` has numbers of its own for places that `%s` moves",
                        column->transforms.items[k].name, transform->name),
                    arena_format(state->arena, "put it before `%s`", column->transforms.items[k].name));
                column->type.poisoned = true;
            }
    }
}
