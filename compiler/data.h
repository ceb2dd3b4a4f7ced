// data.h: the section `data { }`: sources, splits, columns with their transforms, settings.
//
// Order of calls: data_elaborate reads the section; the model and the loss then look columns up and tell what their
// use requires (shapes of idx and npy columns come from there, LANGUAGE 10.2); data_finish propagates shapes backwards
// through the transforms, and reports what stayed unknown or unused. What a column is settles as it is used: read
// column->type after data_require, not before.
#ifndef MT_DATA_H
#define MT_DATA_H

#include "base/vec.h"
#include "constant.h"
#include "flag.h"
#include "type.h"

typedef enum {
    TRANSFORM_SCALE,       // [factor]
    TRANSFORM_NORMALIZE,   // [mean, std]: numbers or lists
    TRANSFORM_STANDARDIZE, // []
    TRANSFORM_CLASS,       // [n]
    TRANSFORM_CLASSES,     // names
    TRANSFORM_RESHAPE,     // sizes
    TRANSFORM_UNSQUEEZE,   // [dim]
    TRANSFORM_ONE_HOT,     // [n]; a class or classes stands in front
    TRANSFORM_CLIP,        // [min, max]; may be infinite
    // Random ones, of the train split while training alone (LANGUAGE 10.7).
    TRANSFORM_RANDOM_CROP,   // [height, width, padding]
    TRANSFORM_RANDOM_HFLIP,  // [p]
    TRANSFORM_RANDOM_NOISE,  // [std]
    TRANSFORM_RANDOM_ERASING // [p, scale, ratio, value]: of the second and third both numbers
} TransformKind;

typedef struct {
    TransformKind kind;
    const char *name; // "scale", "normalize", "class", ...
    Span span;
    const Ast *call;     // for the text of an argument: "1 / 255"
    Constant *arguments; // as above, defaults filled in
    int count;
    Type before, after;  // of one example, with B in front; known after data_finish
} Transform;

typedef enum { SOURCE_INLINE, SOURCE_CSV, SOURCE_IDX, SOURCE_NPY, SOURCE_RECORDS, SOURCE_HOLDOUT } SourceKind;

// A column of `records`: where in a record it stands.
typedef struct {
    const char *type; // "u8"
    long size;        // bytes of a number
    long offset;      // bytes in front of the column
    Type shape;       // of an example
} Field;

// What `inline` and the files call a column. The path is NULL for inline.
typedef struct {
    const char *column, *path;
    Span span;
} SourcePath;

// One `train =`, `valid =`, `test =`.
typedef struct {
    const char *name; // "train"
    const char *text; // "train = idx(image="...")": quoted in the output
    SourceKind kind;
    Span span;         // of the source
    SourcePath *paths; // idx, npy, inline: one per column; csv: one, column NULL; records: one pattern for each column
    int path_count;
    const Field *fields; // records: [path_count]
    long record;         // records: bytes of one
    bool header;             // csv
    char separator;          // csv
    const Constant *inlined; // inline: a list per column, in the order of `paths`
    const char *of;          // holdout
    Span of_span;
    double fraction;
    long seed;
} Split;

// A csv column: by name, or (name NULL) the columns first ... last, counted from 0.
typedef struct {
    const char *name;
    long first, last;
    Span span;
} Selector;

typedef struct Column Column;
struct Column {
    const char *name;
    const char *text;  // "x: image -> scale(1 / 255)", or the source's text; for messages at run time
    Span span;
    bool derived;      // by a `:` line
    bool used;
    const char *reads; // the source column; NULL for csv, which has `selectors`
    VEC(Selector) selectors;
    VEC(Transform) transforms;
    // Known: rank > 0. Before that `element` and `classes` may be known already (`label -> class(10)`). Of a column
    // that can be either, a use decides whether it is ELEMENT_INT or ELEMENT_REAL.
    Type type;
    Type file;           // what an example is in the source, before all transforms; after data_finish
    bool file_exact;     // its shape must be the file's; false: only the number of elements (a reshape follows)
    bool used_int, used_real;
    bool has_ignored;    // data_ignore
    long ignored;
};

typedef struct {
    VEC(Split) splits;
    VEC(Column *) columns; // derived ones first in their order, then source columns in use
    long batch;            // at least 1, also after an error
    Span batch_span;
    bool shuffle, drop_last;
    Span span;   // of the section
    void *state; // of data.c
} Data;

// `section` may be NULL: an empty one, without a message.
Data *data_elaborate(Arena *arena, Diags *diags, const Source *source, const Ast *section, const Scope *constants);
// The column that a model's input, a loss or a metric names, or NULL. Marks it used.
Column *data_column(Data *data, const char *name);
// What a use requires. false: they do not fit; the caller reports. A required type of unknown classes takes the
// column's; one of rank 0 requires an element only. Whole numbers become real where a real is required (and the
// column's type says so then), not the other way; a poisoned type fits everything.
bool data_require(Data *data, Column *column, const Type *type, Span use);
// A loss leaves this class out (ignore_index, written by the user): no fault of the file (LANGUAGE 10.18).
void data_ignore(Column *column, long ignored);
// Names for suggestions.
int data_name_count(const Data *data);
const char *data_name(const Data *data, int k);
void data_finish(Data *data, Diags *diags);
// Paths and switches as flags: data.train.image, data.batch, data.shuffle, ... A source with one path is data.train;
// fraction and seed of a holdout are data.valid.fraction, data.valid.seed.
void data_flags(const Data *data, Arena *arena, Flags *flags);
const Split *data_split(const Data *data, const char *name);
// Whether a split has a path for each of its columns, and so a flag: data.train.image, not data.train.
bool data_path_each(const Split *split);
// The split whose files hold the examples of this one: itself, or what it is held out from.
const Split *data_origin(const Data *data, const Split *split);
// Whether a used column is standardized: the output then has struct Statistics, fit_data and statistics[].
bool data_has_statistics(const Data *data);
// What `class` or `classes` says of the numbers of the files: they are below this; 0 if there is none.
long data_classes(const Column *column);
// random_crop and random_hflip move numbers within an example, and are done while it is read.
bool data_moves(const Transform *transform);
// The last of the first `count` transforms of a column that moves numbers; -1: none.
int data_last_move(const Column *column, int count);
// Whether it is one for training alone.
bool data_random(const Transform *transform);
bool data_has_random(const Data *data);
// The numbers of an inline column: a list with an entry for each example. NULL if the split has none of that name.
const Constant *data_inline_values(const Split *split, const char *column);
// The field of a column of `records`, or NULL.
const Field *data_field(const Split *split, const char *column);
// How many numbers of their own standardize and lists of normalize have in front of such an example: 1 for a single
// number, one for each component of a vector, for each channel (the first axis) of an image.
long data_channels(const Type *example);

#endif
