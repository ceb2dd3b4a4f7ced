// errors_data.c: the words of the messages on `data { }`.
#include "errors_data.h"
#include "suggest.h"
#include <string.h>

// The label with the nearest name, or a fact with all of them.
static void propose(Diag *diag, const char *word, const char *const *names, int count, const char *all)
{
    const char *best = suggest(word, names, count);
    if (best) {
        diag_label(diag, "did you mean `%s`?", best);
        return;
    }
    char list[600] = "";
    for (int k = 0; k < count && strlen(list) + strlen(names[k]) + 2 < sizeof list; k++) {
        strcat(list, k ? " " : "");
        strcat(list, names[k]);
    }
    if (count > 0)
        diag_fact(diag, "%s: %s", all, list);
}

// The word of another system in `place`: the help says what is meant.
static bool foreign(Diag *diag, const char *word, const char *place)
{
    const Foreign *known = suggest_foreign(word, place);
    if (!known)
        return false;
    if (known->ours)
        diag_label(diag, "did you mean `%s`?", known->ours);
    if (known->sentence)
        diag_help(diag, "%s", known->sentence);
    return true;
}

void error_data_option(Diags *diags, const Ast *argument, const char *of, const char *const *names, int count,
    const char *shown)
{
    Diag *diag = diag_add(diags, E0201, argument->name_span, "%s has no option `%s`", of, argument->text);
    const char *best = suggest(argument->text, names, count);
    if (best)
        diag_label(diag, "did you mean `%s`?", best);
    diag_fact(diag, "%s", shown);
}

void error_data_positional(Diags *diags, Span span, const char *of, int most, int given, const char *shown)
{
    Diag *diag = diag_add(diags, E0203, span, "%s takes %d positional argument%s, got %d", of, most,
        most == 1 ? "" : "s", given);
    diag_fact(diag, "%s", shown);
}

void error_data_setting(Diags *diags, Span span, const char *name, const char *const *names, int count)
{
    Diag *diag = diag_add(diags, E0202, span, "`data` has no setting `%s`", name);
    if (!foreign(diag, name, "data"))
        propose(diag, name, names, count, "settings");
}

void error_data_missing(Diags *diags, Span section, const char *what, const char *example)
{
    Diag *diag = diag_add(diags, E0501, section, "`data` has no `%s`", what);
    diag_help(diag, "write, for example,  %s", example);
}

void error_data_source(Diags *diags, Span span, const char *word, const char *const *names, int count)
{
    Diag *diag = diag_add(diags, E0502, span, "there is no source `%s`", word);
    if (!foreign(diag, word, "data"))
        propose(diag, word, names, count, "sources");
}

void error_data_transform(Diags *diags, Span span, const char *word, const char *const *names, int count)
{
    Diag *diag = diag_add(diags, E0503, span, "there is no transform `%s`", word);
    if (!foreign(diag, word, "data"))
        propose(diag, word, names, count, "transforms");
}

void error_data_column(Diags *diags, Span span, const char *word, const char *const *names, int count)
{
    Diag *diag = diag_add(diags, E0504, span, "there is no column `%s`", word);
    propose(diag, word, names, count, "columns");
}

void error_data_split_column(Arena *arena, Diags *diags, const Split *split, const Column *column)
{
    static const char *const kinds[] = {"inline", "csv", "idx", "npy", "records", "holdout"};
    Diag *diag;
    if (!column->reads)
        diag = diag_add(diags, E0505, split->span, "`%s` is not a csv, so it has no column(...) for `%s`", split->name,
            column->name);
    else if (split->kind == SOURCE_CSV)
        diag = diag_add(diags, E0505, split->span, "`%s` is a csv, so it has no column `%s`", split->name,
            column->reads);
    else
        diag = diag_add(diags, E0505, split->span, "`%s` has no column `%s`", split->name, column->reads);
    diag_label(diag, "this %s", kinds[split->kind]);
    diag_second(diag, column->span, "needs it");
    Text names = text_new(arena);
    for (int k = 0; k < split->path_count; k++)
        if (split->paths[k].column)
            text_add(&names, "%s`%s`", names.length ? ", " : "", split->paths[k].column);
    if (names.length)
        diag_fact(diag, "it has %s", names.data);
    diag_fact(diag, "every split must have the columns that the model and the loss use");
}

void error_data_kind(Diags *diags, Span span, const char *what, const char *wanted)
{
    diag_add(diags, E0205, span, "%s must be %s", what, wanted);
}

void error_data_required(Diags *diags, Span call, const char *of, const char *option, const char *shown)
{
    Diag *diag = diag_add(diags, E0204, call, "%s needs `%s`", of, option);
    diag_fact(diag, "%s", shown);
}

void error_data_shape_unknown(Diags *diags, const Column *column)
{
    Diag *diag = diag_add(diags, E0507, column->span, "the shape of column `%s` is not known", column->name);
    diag_fact(diag, "files are not read while compiling, and no use of `%s` has just one shape that fits",
        column->name);
    diag_help(diag, "say it in its row, for example  %s: %s -> reshape(3)", column->name,
        column->reads ? column->reads : "column(0)");
}

void error_data_field(Diags *diags, Span span, const char *word, const char *const *names, int count)
{
    Diag *diag = word ? diag_add(diags, E0506, span, "there is no type `%s` of a field of records", word)
                      : diag_add(diags, E0506, span, "a field of records has a type, such as u8 or u8[3, 32, 32]");
    if (word && foreign(diag, word, "field"))
        return;
    propose(diag, word ? word : "", names, count, "types");
}

void error_data_crop_of(Diags *diags, Span span, long height, long width)
{
    Diag *diag = diag_add(diags, E0507, span, "the size of the images is not known");
    diag_fact(diag, "files are not read while compiling, and random_crop may cut %ld x %ld out of any size", height,
        width);
    diag_help(diag, "say it in front, for example  -> reshape(3, %ld, %ld) -> random_crop", 2 * height, 2 * width);
}

void error_data_shape(Diags *diags, Span span, const char *message, const Column *column, const char *type)
{
    Diag *diag = diag_add(diags, E0508, span, "%s", message);
    if (type)
        diag_fact(diag, "`%s` is %s here", column->name, type);
}

void error_data_inline(Diags *diags, Span span, const char *message, const char *label)
{
    Diag *diag = diag_add(diags, E0509, span, "%s", message);
    if (label)
        diag_label(diag, "%s", label);
}

void error_data_twice(Diags *diags, Span span, const char *what, const char *name, Span before)
{
    Diag *diag = diag_add(diags, E0510, span, "%s `%s` is given twice", what, name);
    diag_second(diag, before, "the first one");
}

void error_data_item(Diags *diags, Span span, const char *message, const char *label, const char *help)
{
    Diag *diag = diag_add(diags, E0511, span, "%s", message);
    if (label)
        diag_label(diag, "%s", label);
    if (help)
        diag_help(diag, "%s", help);
}

void error_data_order(Diags *diags, Span span, const char *message, const char *label)
{
    Diag *diag = diag_add(diags, E0512, span, "%s", message);
    if (label)
        diag_label(diag, "%s", label);
}

void error_data_class(Diags *diags, const Column *column, Span span, double value, long classes)
{
    Diag *diag;
    if (value != (double)(long)value)
        diag = diag_add(diags, E0513, span, "%g is not a whole number", value);
    else if (value < 0)
        diag = diag_add(diags, E0513, span, "class %.0f is below 0", value);
    else
        diag = diag_add(diags, E0513, span, "class %.0f is not below %ld", value, classes);
    diag_second(diag, column->span, "%s", column->text);
}

void error_data_holdout(Diags *diags, Span span, const char *message, const char *label)
{
    Diag *diag = diag_add(diags, E0514, span, "%s", message);
    if (label)
        diag_label(diag, "%s", label);
}

void error_data_no_split(Diags *diags, const Split *split, const Data *data)
{
    const char *names[8];
    int count = 0;
    for (int k = 0; k < data->splits.count && count < 8; k++)
        if (&data->splits.items[k] != split)
            names[count++] = data->splits.items[k].name;
    Diag *diag = diag_add(diags, E0514, split->of_span, "there is no split `%s`", split->of);
    propose(diag, split->of, names, count, "splits");
}

void error_data_not_yet(Diags *diags, Span span, const char *what)
{
    diag_add(diags, E0901, span, "%s is not implemented yet", what);
}

void warning_data_shuffle(Diags *diags, Span section)
{
    Diag *diag = diag_add(diags, W0502, section, "the train split is read in file order every epoch");
    diag_label(diag, "no `shuffle` setting; the default is false, as in PyTorch");
    diag_help(diag, "write  shuffle = true  (or  shuffle = false  to say you mean it)");
}

void warning_data_unused(Diags *diags, const Column *column)
{
    Diag *diag = diag_add(diags, W0503, column->span, "nothing uses column `%s`", column->name);
    diag_label(diag, "neither an input of the model nor named in `loss` or `metrics`");
}
