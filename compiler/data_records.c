// data_records.c: `records("data_batch_*.bin", label=u8, image=u8[3, 32, 32])`: files of binary records of one size.
//
// Input: the call. Output: a field for each column, with its place in a record. Invariant: fields follow each other
// without gaps, and the shape of such a column is known from the start.
#include "data_inside.h"
#include "errors_data.h"
#include <string.h>

static const char *const types[] = {"u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64"};
static const long sizes[] = {1, 1, 2, 2, 4, 4, 8, 8, 4, 8};
enum { TYPES = sizeof types / sizeof *types, RECORD_MOST = 1 << 30 };
static const char shown[] = "records(glob; name=type, ...): for example  label=u8, image=u8[3, 32, 32]";

// u8 or u8[3, 32, 32]
static bool read_field(DataState *state, Field *field, const Ast *type)
{
    const Ast *name = type->kind == AST_INDEX ? type->child[0] : type;
    int k = 0, axes = type->kind == AST_INDEX ? type->children - 1 : 0;
    while (name->kind == AST_NAME && k < TYPES && strcmp(name->text, types[k]) != 0)
        k++;
    if (name->kind != AST_NAME || k == TYPES) {
        error_data_field(state->diags, name->span, name->kind == AST_NAME ? name->text : NULL, types, TYPES);
        return false;
    }
    field->type = types[k];
    field->size = sizes[k];
    field->shape.rank = 1; // B
    if (axes >= MAX_RANK) {
        error_data_kind(state->diags, type->span, "the shape of a field",
            arena_format(state->arena, "of at most %d axes", MAX_RANK - 1));
        return false;
    }
    for (int i = 0; i < axes; i++) {
        Constant size;
        if (!constant_evaluate(state->constants, type->child[1 + i], &size))
            return false;
        if (size.kind != CONSTANT_NUMBER || !(size.number >= 1 && size.number <= RECORD_MOST) ||
            size.number != (double)(long)size.number) {
            error_data_kind(state->diags, type->child[1 + i]->span, "a size", "a whole number, at least 1");
            return false;
        }
        Origin *origin = arena_new(state->arena, Origin, 1);
        *origin = (Origin){.how = "written there", .stage = source_quote(state->source, state->arena, type->span),
            .value = (long)size.number, .span = type->span};
        field->shape.axis[field->shape.rank++] = (Extent){(long)size.number, origin};
        if (type_count(&field->shape) > RECORD_MOST / field->size) {
            error_data_kind(state->diags, type->span, "a record", "of less than 2 ** 30 bytes");
            return false;
        }
    }
    return true;
}

bool data_read_records(DataState *state, Split *split, const Ast *call)
{
    int count = call->kind == AST_CALL ? call->children - 1 : 0;
    Constant glob;
    if (count == 0 || call->child[1]->kind == AST_ARGUMENT) {
        error_data_required(state->diags, call->span, "records", "glob", shown);
        return false;
    }
    if (!constant_evaluate(state->constants, call->child[1], &glob))
        return false;
    if (glob.kind != CONSTANT_STRING) {
        error_data_kind(state->diags, call->child[1]->span, "`glob` of records",
            "a path or a pattern of paths, in quotes");
        return false;
    }
    if (count == 1) {
        error_data_required(state->diags, call->span, "records", "name=type", shown);
        return false;
    }
    Field *fields = arena_new(state->arena, Field, count - 1);
    split->fields = fields;
    split->paths = arena_new(state->arena, SourcePath, count - 1);
    for (int i = 0; i + 1 < count; i++) {
        const Ast *argument = call->child[2 + i];
        if (argument->kind != AST_ARGUMENT) {
            error_data_positional(state->diags, argument->span, "records", 1, count, shown);
            return false;
        }
        for (int k = 0; k < i; k++)
            if (strcmp(split->paths[k].column, argument->text) == 0) {
                error_data_twice(state->diags, argument->name_span, "column", argument->text, split->paths[k].span);
                return false;
            }
        if (!read_field(state, &fields[i], argument->child[0]))
            return false;
        split->paths[i] = (SourcePath){argument->text, glob.text, argument->span};
        split->path_count = i + 1;
        fields[i].offset = split->record;
        split->record += fields[i].size * type_count(&fields[i].shape);
        if (split->record > RECORD_MOST) {
            error_data_kind(state->diags, call->span, "a record", "of less than 2 ** 30 bytes");
            return false;
        }
    }
    return true;
}

const Field *data_field(const Split *split, const char *column)
{
    for (int k = 0; k < split->path_count && split->kind == SOURCE_RECORDS; k++)
        if (strcmp(split->paths[k].column, column) == 0)
            return &split->fields[k];
    return NULL;
}

void data_check_records(DataState *state, Column *column)
{
    for (int i = 0; i < state->data->splits.count && column->reads && !column->type.poisoned; i++) {
        const Split *split = &state->data->splits.items[i];
        const Field *field = data_field(split, column->reads);
        if (!field)
            continue;
        Span span = split->paths[field - split->fields].span;
        if (type_count(&field->shape) != type_count(&column->file) ||
            (column->file_exact && !type_same_shape(&field->shape, &column->file))) {
            error_data_shape(state->diags, span,
                arena_format(state->arena, "`%s` of `%s` is %s", column->reads, split->name,
                    type_text(state->arena, &field->shape)),
                column, type_text(state->arena, &column->file));
            column->type.poisoned = true;
        } else if (field->type[0] == 'f' && (column->used_int || data_classes(column) > 0)) {
            error_data_kind(state->diags, span, arena_format(state->arena, "the type of `%s`", column->reads),
                arena_format(state->arena, "one of whole numbers, which `%s` takes", column->name));
            column->type.poisoned = true;
        }
    }
}
