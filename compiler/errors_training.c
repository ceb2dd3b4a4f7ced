// errors_training.c: the words of the messages on `optimizer`, `schedule` and `train`.
#include "errors_training.h"
#include "suggest.h"
#include <string.h>

// "sgd(lr, momentum=0, nesterov=false)": what may be given.
static const char *signature(Arena *arena, const char *of, const Arg *args)
{
    Text text = text_new(arena);
    text_add(&text, "%s(", of);
    for (const Arg *arg = args; arg->name; arg++)
        text_add(&text, "%s%s%s%s", arg == args ? "" : ", ", arg->name, arg->fallback ? "=" : "",
            arg->fallback ? arg->fallback : "");
    text_string(&text, ")");
    return text.data;
}

// A label with the word that was meant; false if nothing is near.
static bool propose(Diag *diag, const char *word, const char *place, const char *const *names, int count)
{
    const char *best = suggest(word, names, count);
    const Foreign *known = best ? NULL : suggest_foreign(word, place);
    if (known && known->ours)
        best = known->ours;
    if (best)
        diag_label(diag, "did you mean `%s`?", best);
    if (known && known->sentence)
        diag_help(diag, "%s", known->sentence);
    return best || known;
}

static void fact_with_names(Diag *diag, Arena *arena, const char *what, const char *const *names, int count)
{
    Text text = text_new(arena);
    for (int k = 0; k < count; k++)
        text_add(&text, "%s%s", k ? " " : "", names[k]);
    diag_fact(diag, "%s: %s", what, text.data);
}

void error_training_option(Diags *diags, Arena *arena, const char *of, const Arg *args, const Ast *argument)
{
    const char *names[16];
    int count = 0;
    for (const Arg *arg = args; arg->name; arg++)
        names[count++] = arg->name;
    Diag *diag = diag_add(diags, E0201, argument->name_span, "%s has no option `%s`", of, argument->text);
    const char *best = suggest(argument->text, names, count);
    if (!best) {
        const Foreign *known = suggest_foreign_among(argument->text, "option", names, count);
        best = known ? known->ours : NULL;
    }
    if (best)
        diag_label(diag, "did you mean `%s`?", best);
    diag_fact(diag, "%s", signature(arena, of, args));
}

void error_training_positional(Diags *diags, Arena *arena, const char *of, const Arg *args, Span span)
{
    Diag *diag = diag_add(diags, E0203, span, "%s takes its options by name only", of);
    diag_label(diag, "which option is this?");
    diag_fact(diag, "%s", signature(arena, of, args));
}

void error_training_required(Diags *diags, Arena *arena, const char *of, const Arg *args, const Arg *arg, Span call)
{
    Diag *diag = diag_add(diags, E0204, call, "%s needs `%s`", of, arg->name);
    diag_label(diag, "no `%s`, the %s", arg->name, arg->doc);
    diag_fact(diag, "%s", signature(arena, of, args));
    if (strcmp(arg->name, "lr") == 0)
        diag_fact(diag, "there is no default: the most important number of a run is on the page");
}

void error_training_kind(Diags *diags, Span span, const char *what, const char *wanted)
{
    Diag *diag = diag_add(diags, E0205, span, "`%s` has a value of the wrong kind", what);
    diag_label(diag, "expected %s", wanted);
}

void error_training_twice(Diags *diags, Span span, const char *what, const char *name, Span before)
{
    Diag *diag = diag_add(diags, E0207, span, "%s `%s` is given twice", what, name);
    diag_label(diag, "given again here");
    diag_second(diag, before, "given here first");
}

// The text in place of `epochs = 10`: a run that was meant, where the number and the unit are plain.
static const char *run_meant(Arena *arena, const Ast *item, const Ast *name)
{
    const Ast *row = item->child[1];
    if (item->kind != AST_LET || row->kind != AST_ROW || row->children != 1 || row->child[0]->kind != AST_NUMBER ||
        row->child[0]->number < 1)
        return NULL;
    bool epochs = strstr(name->text, "epoch") != NULL, steps = strstr(name->text, "step") || strstr(name->text, "iter");
    if (epochs == steps)
        return NULL;
    return arena_format(arena, "run = %s %s", row->child[0]->text, epochs ? "epochs" : "steps");
}

void error_training_setting(Diags *diags, Arena *arena, const Ast *item, const Ast *name, const char *const *names,
    int count)
{
    Diag *diag = diag_add(diags, E0202, name->span, "`train` has no setting `%s`", name->text);
    const char *best = suggest(name->text, names, count);
    const Foreign *known = best ? NULL : suggest_foreign(name->text, "train");
    if (best) {
        diag_label(diag, "did you mean `%s`?", best);
        return;
    }
    if (!known) {
        fact_with_names(diag, arena, "settings", names, count);
        return;
    }
    const char *run = known->ours && strcmp(known->ours, "run") == 0 ? run_meant(arena, item, name) : NULL;
    if (known->sentence)
        diag_help(diag, "%s", known->sentence);
    else if (known->ours)
        diag_label(diag, "did you mean `%s`?", known->ours);
    if (run && known->sentence)
        diag_edit(diag, item->span, run);
}

void error_training_no_run(Diags *diags, Span section)
{
    Diag *diag = diag_add(diags, E0601, section, "`train` has no `run`");
    diag_label(diag, "how long?");
    diag_help(diag, "write, for example,  run = 10 epochs  or  run = 5000 steps");
}

void error_training_item(Diags *diags, Span span, const char *message, const char *label)
{
    Diag *diag = diag_add(diags, E0603, span, "%s", message);
    if (label)
        diag_label(diag, "%s", label);
}

void error_training_optimizer(Diags *diags, Span span, const char *word, const char *const *names, int count)
{
    Diag *diag = diag_add(diags, E0611, span, "there is no optimizer `%s`", word);
    if (!propose(diag, word, "optimizer", names, count))
        diag_label(diag, "not an optimizer");
}

void error_training_schedule(Diags *diags, Span span, const char *word, const char *const *names, int count)
{
    Diag *diag = diag_add(diags, E0612, span, "there is no schedule `%s`", word);
    if (!propose(diag, word, "schedule", names, count))
        diag_label(diag, "neither a schedule nor a function");
}

void error_training_unit(Diags *diags, Span span, const char *what, const char *number, bool of_schedule, bool may_run)
{
    Diag *diag = diag_add(diags, E0621, span, "%s needs a unit", what);
    diag_label(diag, "`%s epochs` or `%s steps`?", number, number);
    if (of_schedule)
        diag_fact(diag, "a unit decides when the rate changes: once per epoch, or once per optimizer step");
    else
        diag_fact(diag, "an epoch is a pass over the train split, a step is one of the optimizer");
    if (may_run && strcmp(what, "T_max") == 0)
        diag_help(diag, "to anneal over the whole run, whatever its length, write %s=run", what);
}

void error_training_growth(Diags *diags, Span span, const char *name, Span before)
{
    Diag *diag = diag_add(diags, E0624, span, "`%s` do not grow", name);
    diag_label(diag, "not later than the one before");
    diag_second(diag, before, "the one before");
}

static const char *unit_word(const Constant *value) { return value->unit == UNIT_EPOCHS ? "epochs" : "steps"; }

void error_training_units(Diags *diags, const Constant *value, const char *name, const Constant *first,
    const char *first_name)
{
    Diag *diag = diag_add(diags, E0625, value->span, "a schedule has one unit, and this one has two");
    if (name)
        diag_label(diag, "`%s` is in %s", name, unit_word(value));
    else
        diag_label(diag, "a formula is computed at every step");
    diag_second(diag, first->span, "`%s` is in %s", first_name, unit_word(first));
    diag_fact(diag, "the unit decides when the rate changes: once per epoch, or once per optimizer step");
}

void error_training_endless(Diags *diags, Span span, const char *schedule, Span next)
{
    Diag *diag = diag_add(diags, E0626, span, "nothing can follow a schedule that never ends");
    if (schedule)
        diag_label(diag, "%s has no duration", schedule);
    else
        diag_label(diag, "a formula has no duration");
    diag_second(diag, next, "this would never begin");
    diag_fact(diag, "a -> b runs b after the duration of a");
}

void error_training_whole_run(Diags *diags, Span span, const char *option, Span next)
{
    Diag *diag = diag_add(diags, E0626, span, "nothing can follow a schedule that never ends");
    diag_label(diag, "the whole run");
    diag_second(diag, next, "this would never begin");
    diag_help(diag, "say how long this stage is, for example  %s=10 epochs", option);
}

void error_training_check(Diags *diags, Span at, const char *of, const char *message, const char *condition)
{
    Diag *diag = diag_add(diags, E0622, at, "%s: %s", of, message);
    diag_fact(diag, "it must hold that %s", condition);
}

void error_training_expression(Diags *diags, Span span, const char *message, const char *word, const char *const *names,
    int count)
{
    Diag *diag = diag_add(diags, E0623, span, "%s", message);
    const char *best = word ? suggest(word, names, count) : NULL;
    if (best)
        diag_label(diag, "did you mean `%s`?", best);
    diag_fact(diag, "a schedule written as a formula is a factor of lr; it knows step, steps, epoch, epochs");
}

// A line of its own in front of an item that begins one; false if it does not.
static bool insert_line(Diag *diag, Arena *arena, const Source *source, Span before, const char *text)
{
    int start = source_line_start(source, before.from), indent = before.from - start;
    for (int k = start; k < before.from; k++)
        if (source->text[k] != ' ' && source->text[k] != '\t')
            return false;
    diag_edit(diag, (Span){before.file, start, start},
        arena_format(arena, "%.*s%s\n", indent, source->text + start, text));
    return true;
}

void error_training_no_checkpoint(Diags *diags, Arena *arena, const Source *source, const Ast *item, const char *name)
{
    Diag *diag = diag_add(diags, E0602, item->span, "`%s` needs `checkpoint`", name);
    diag_label(diag, "kept where?");
    if (strcmp(name, "best") == 0)
        diag_fact(diag, "the best parameters go to a file beside the checkpoint: <checkpoint>.best");
    diag_help(diag, "say where the run is kept");
    if (!insert_line(diag, arena, source, item->span, "checkpoint = \"run.ckpt\""))
        diag_edit(diag, span_end(item->span), "\n  checkpoint = \"run.ckpt\"");
}

void error_training_best(Diags *diags, Arena *arena, Span span, const char *name, bool is_loss)
{
    Diag *diag = diag_add(diags, E0604, span, "`best` is max(...) or min(...) of a metric, or of a row of `loss`");
    if (is_loss) {
        diag_label(diag, "the smallest one?");
        diag_help(diag, "write `min(%s)`", name);
        diag_edit(diag, span, arena_format(arena, "min(%s)", name));
    } else if (name) {
        diag_label(diag, "the largest `%s`, or the smallest?", name);
        diag_help(diag, "write  max(%s)  or  min(%s)", name, name);
    } else {
        diag_label(diag, "expected, for example, min(loss)");
    }
}

void error_training_followed(Diags *diags, Arena *arena, const Source *source, Span span, const char *name, bool test,
    Span batch)
{
    Diag *diag = diag_add(diags, test ? W0605 : E0605, span,
        test ? "`%s` follows the test split" : "`%s` would follow the train split", name);
    diag_label(diag, "there is no split `valid`");
    if (test)
        diag_fact(diag, "what was chosen by the test split looks better there than it will on new data");
    else
        diag_fact(diag, "evaluations are on valid, else test, else train: there the last parameters nearly always win");
    diag_help(diag, "hold out a part of train");
    if (!insert_line(diag, arena, source, batch, "valid = holdout(train, 0.1)"))
        diag_fact(diag, "data { valid = holdout(train, 0.1) ... }");
}

void error_training_not_yet(Diags *diags, Span span, const char *what)
{
    diag_add(diags, E0901, span, "%s is not implemented yet", what);
}
