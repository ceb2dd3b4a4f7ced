// errors_data.h: the messages on `data { }`. One constructor per fault; the words are here alone.
#ifndef MT_ERRORS_DATA_H
#define MT_ERRORS_DATA_H

#include "constant.h"
#include "data.h"

// E0201, E0203: options of sources and transforms. `shown`: the signature.
void error_data_option(Diags *diags, const Ast *argument, const char *of, const char *const *names, int count,
    const char *shown);
void error_data_positional(Diags *diags, Span span, const char *of, int most, int given, const char *shown);
// E0202
void error_data_setting(Diags *diags, Span span, const char *name, const char *const *names, int count);
// E0501: `train` or `batch` is missing.
void error_data_missing(Diags *diags, Span section, const char *what, const char *example);
// E0502, E0503, E0504: names that are none of those. `word`: not a source of this edition.
void error_data_source(Diags *diags, Span span, const char *word, const char *const *names, int count);
void error_data_transform(Diags *diags, Span span, const char *word, const char *const *names, int count);
void error_data_column(Diags *diags, Span span, const char *word, const char *const *names, int count);
// E0505: a split without a column.
void error_data_split_column(Arena *arena, Diags *diags, const Split *split, const Column *column);
// E0205: a value of the wrong kind; E0204: an option that must be given.
void error_data_kind(Diags *diags, Span span, const char *what, const char *wanted);
void error_data_required(Diags *diags, Span call, const char *of, const char *option, const char *shown);
// E0506: the type of a column of `records`; `word` may be NULL.
void error_data_field(Diags *diags, Span span, const char *word, const char *const *names, int count);
// E0507: a shape that nothing tells; the size of the images that a crop is taken of.
void error_data_shape_unknown(Diags *diags, const Column *column);
void error_data_crop_of(Diags *diags, Span span, long height, long width);
// E0508: a transform and the shape of its column.
void error_data_shape(Diags *diags, Span span, const char *message, const Column *column, const char *type);
// E0509: numbers of `inline`.
void error_data_inline(Diags *diags, Span span, const char *message, const char *label);
// E0510: given before.
void error_data_twice(Diags *diags, Span span, const char *what, const char *name, Span before);
// E0511: a row or rule where only settings and columns may stand; E0512: a transform out of its place.
void error_data_item(Diags *diags, Span span, const char *message, const char *label, const char *help);
void error_data_order(Diags *diags, Span span, const char *message, const char *label);
// E0513: a class of `inline`.
void error_data_class(Diags *diags, const Column *column, Span span, double value, long classes);
// E0514: holdout.
void error_data_holdout(Diags *diags, Span span, const char *message, const char *label);
// E0901
void error_data_not_yet(Diags *diags, Span span, const char *what);
// E0514: holdout(trian, 0.1)
void error_data_no_split(Diags *diags, const Split *split, const Data *data);
// W0502, W0503
void warning_data_shuffle(Diags *diags, Span section);
void warning_data_unused(Diags *diags, const Column *column);

#endif
