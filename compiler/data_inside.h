// data_inside.h: what the files data*.c share with each other, and with nobody else.
#ifndef MT_DATA_INSIDE_H
#define MT_DATA_INSIDE_H

#include "data.h"

typedef struct {
    Arena *arena;
    Diags *diags;
    const Source *source;
    const Scope *constants;
    Data *data;
    VEC(const char *) names;    // for suggestions; filled by data_name_count
    bool broken;                // a source or column did not read: what seems to be missing may be in it
    bool misspelt;              // a setting under another name: perhaps the one that seems to be missing
    bool blind;                 // and it does not even say what its columns would have been
    VEC(const char *) suspects; // else these: their uses are silent
} DataState;

// An option of a source or transform.
typedef enum {
    OPTION_NUMBER,
    OPTION_WHOLE,   // from `least` on
    OPTION_NUMBERS, // a number or a list of numbers
    OPTION_PAIR,    // a list of two numbers
    OPTION_STRING,
    OPTION_BOOL
} OptionKind;

typedef struct {
    const char *name;
    OptionKind kind;
    const char *fallback; // as text, read as a number, word, string or [0.3, 3.3]; NULL: required
    long least;
} Option;

// What stands in parentheses: `table` has `count` options, the first `positional` of which may be given by position.
// `shown` is the signature for messages. values[k] is the k-th option. false after a message.
bool data_options(DataState *state, const Ast *call, const Option *table, int count, int positional, const char *shown,
    Constant *values);
// The name of a NAME or of what a CALL calls; NULL after a message.
const char *data_called(DataState *state, const Ast *stage);

// data_sources.c: `name = source(...)`
void data_add_split(DataState *state, const Ast *name, const Ast *item);
// Takes note of what the columns of a source would have been that did not read.
void data_suspect(DataState *state, const Ast *source);
bool data_suspected(const DataState *state, const char *name);
// Whether some split brings a source column of this name.
bool data_has_source(const Data *data, const char *name);
// [N, ...] of a list of lists: its axes without N. false if it is ragged.
bool data_inline_shape(DataState *state, const Split *split, const char *column, Type *type);

// data_records.c: `records(glob; name=type, ...)`
bool data_read_records(DataState *state, Split *split, const Ast *call);
// That every split of records has numbers that a column can take, in its shape.
void data_check_records(DataState *state, Column *column);

// data_columns.c: `name: column -> transforms`
void data_add_column(DataState *state, const Ast *item);
Column *data_find(const Data *data, const char *name, bool derived_only);

// data_transforms.c: one stage behind the column, added to it; false after a message.
bool data_add_transform(DataState *state, Column *column, const Ast *stage);

// data_types.c: what the sources and the row itself say of a column's shape.
void data_type_column(DataState *state, Column *column);
// data_moves.c: the types around a transform that moves numbers, and what may stand in front of one.
void data_move_forward(DataState *state, Column *column, Transform *transform);
void data_move_backward(DataState *state, Column *column, Transform *transform);
void data_check_images(DataState *state, Column *column);
// A transform that does not fit the shape: a message, and the column is poisoned.
void data_shape_error(DataState *state, Column *column, const Transform *transform, const Type *type,
    const char *message);

#endif
