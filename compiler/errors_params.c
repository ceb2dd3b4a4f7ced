// The words of the messages on `params` and on inits.
#include "errors_params.h"
#include "errors_model.h"
#include "suggest.h"
#include <string.h>

enum { MOST = 5 }; // arguments of an init

static int names_of(const Arg *args, const char **names)
{
    int count = 0;
    while (count < MOST && args[count].name) {
        names[count] = args[count].name;
        count++;
    }
    return count;
}

// normal(mean=0, std=1)
static const char *signature(Arena *arena, const char *name, const Arg *args)
{
    Text text = text_new(arena);
    if (!args[0].name)
        return name;
    text_add(&text, "%s(", name);
    for (int k = 0; k < MOST && args[k].name; k++) {
        bool quoted = args[k].kind == ARG_CHOICE;
        text_add(&text, "%s%s", k ? ", " : "", args[k].name);
        if (args[k].fallback)
            text_add(&text, quoted ? "=\"%s\"" : "=%s", args[k].fallback);
    }
    text_string(&text, ")");
    return text.data;
}

// ---------------------------------------------------------------------------------------------------------------- inits

void error_init_unknown(Program *program, Span span, const char *name, const char *const *names, int count)
{
    error_unknown_name(program, span, name, "init", names, count);
}

void error_init_option(Program *program, const char *name, const Arg *args, const Ast *argument)
{
    const char *names[MOST];
    int count = names_of(args, names);
    const char *best = suggest(argument->text, names, count);
    Diag *d = diag_add(program->diags, E0201, argument->name_span, "%s has no option `%s`", name, argument->text);
    if (best)
        diag_label(d, "did you mean `%s`?", best);
    diag_fact(d, "%s", signature(program->arena, name, args));
    if (best) {
        diag_help(d, "write `%s`", best);
        diag_edit(d, argument->name_span, best);
    }
}

void error_init_positional(Program *program, const char *name, const Arg *args, int positional, Span span, int given)
{
    Diag *d = diag_add(program->diags, E0203, span, "%s takes %d positional argument%s, got %d", name, positional,
        positional == 1 ? "" : "s", given);
    diag_fact(d, "%s", signature(program->arena, name, args));
}

void error_init_kind(Program *program, const char *name, const Arg *arg, Span span)
{
    Diag *d = diag_add(program->diags, E0205, span, "`%s` of %s has a value of the wrong kind", arg->name, name);
    diag_label(d, "expected %s", arg->kind == ARG_REAL ? "a number" : "a text in quotes");
}

void error_init_choice(Program *program, const char *name, const Arg *arg, Span span, const char *given)
{
    const char *names[16];
    int count = 0;
    for (const char *at = arg->choices; *at && count < 16; at += strspn(at, " ")) {
        size_t n = strcspn(at, " ");
        names[count++] = arena_copy(program->arena, at, n);
        at += n;
    }
    const char *best = suggest(given, names, count);
    Diag *d = diag_add(program->diags, E0206, span, "`%s` of %s cannot be \"%s\"", arg->name, name, given);
    if (best)
        diag_label(d, "did you mean \"%s\"?", best);
    diag_fact(d, "one of: %s", arg->choices);
    if (best) {
        diag_help(d, "write \"%s\"", best);
        diag_edit(d, span, arena_format(program->arena, "\"%s\"", best));
    }
}

void error_init_twice(Program *program, const char *name, const Arg *arg, Span span)
{
    diag_label(diag_add(program->diags, E0207, span, "%s is given `%s` twice", name, arg->name), "given before");
}

void error_init_missing(Program *program, const char *name, const Arg *args, const Arg *arg, Span span)
{
    Diag *d = diag_add(program->diags, E0204, span, "%s needs `%s`", name, arg->name);
    diag_label(d, "no `%s`, the %s", arg->name, arg->doc);
    diag_fact(d, "%s", signature(program->arena, name, args));
}

void error_init(Program *program, Span span, const char *what, const char *label)
{
    diag_label(diag_add(program->diags, E0615, span, "%s", what), "%s", label);
}

void error_init_nothing(Program *program, const Value *parameter)
{
    Diag *d = diag_add(program->diags, E0204, parameter->maker->span, "param needs `init`");
    diag_label(d, "for example init=normal(std=0.02), init=zeros");
    diag_fact(d, "or a rule in `params` that selects `%s`", parameter->path);
}

// --------------------------------------------------------------------------------------------------------------- params

void error_params_item(Program *program, Span span, const char *message, const char *label)
{
    Diag *d = diag_add(program->diags, E0613, span, "%s", message);
    if (label)
        diag_label(d, "%s", label);
}

void error_params_row(Program *program, const Ast *selector, const char *name, const char *pattern)
{
    Diag *d = diag_add(program->diags, E0613, selector->span, "`%s` is no kind of layer, but a path of this model", name);
    diag_label(d, "a path stands in quotes, and is matched as a whole");
    diag_help(d, "write `\"%s\"`", pattern);
    diag_edit(d, selector->span, arena_format(program->arena, "\"%s\"", pattern));
}

void error_params_nothing(Program *program, Span span, const char *better, int count, const Value *first,
    const Value *last)
{
    Diag *d = diag_add(program->diags, E0610, span, "this selector matches no parameter");
    int all = program->graph->parameters.count;
    diag_label(d, "0 of %d parameter%s", all, all == 1 ? "" : "s");
    if (better && count > 1)
        diag_help(d, "did you mean `%s`?  it matches %d: %s %s %s", better, count, first->path, count > 2 ? "..." : "and",
            last->path);
    else if (better)
        diag_help(d, "did you mean `%s`?", better);
    diag_fact(d, "`mtc params %s` lists every parameter with the rule that set it", program->source->path);
}

void error_params_tied(Program *program, Span span, const Value *owner)
{
    Diag *d = diag_add(program->diags, E0610, span, "this selector matches no parameter");
    diag_label(d, "what is used there is `%s`", owner->path);
    diag_help(d, "a parameter that several rows use is selected as its owner's");
    diag_edit(d, span, arena_format(program->arena, "\"%s\"", owner->path));
}

// Words of other systems for these settings.
static const char *meant(const char *word)
{
    static const char *const words[][2] = {{"requires_grad trainable freeze fixed", "frozen"},
        {"lr learning_rate lr_mult lr_factor rate", "lr_scale"}, {"wd decay l2 decay_mult", "weight_decay"},
        {"initializer initialization kernel_initializer weight_filler initial", "init"}};
    for (int k = 0; k < 4; k++)
        if (word_in(word, strlen(word), words[k][0]))
            return words[k][1];
    return NULL;
}

void error_params_setting(Program *program, const Ast *name, const char *const *names, int count)
{
    const char *best = suggest(name->text, names, count);
    best = best ? best : meant(name->text);
    Diag *d = diag_add(program->diags, E0202, name->span, "`params` has no setting `%s`", name->text);
    Text all = text_new(program->arena);
    for (int k = 0; k < count; k++)
        text_add(&all, "%s%s", k ? " " : "", names[k]);
    if (best)
        diag_label(d, "did you mean `%s`?", best);
    diag_fact(d, "settings: %s", all.data);
}

void error_params_twice(Program *program, Span span, const char *name, Span before)
{
    Diag *d = diag_add(program->diags, E0207, span, "setting `%s` is given twice", name);
    diag_label(d, "given again here");
    diag_second(d, before, "given here first");
}

void error_params_kind(Program *program, Span span, const char *name, const char *wanted)
{
    Diag *d = diag_add(program->diags, E0205, span, "`%s` has a value of the wrong kind", name);
    diag_label(d, "expected %s", wanted);
}

void error_params_all_frozen(Program *program, Span span)
{
    Diag *d = diag_add(program->diags, E0614, span, "every parameter is frozen, so there is nothing to train");
    int all = program->graph->parameters.count;
    diag_label(d, "%d of %d parameter%s", all, all, all == 1 ? "" : "s");
    diag_fact(d, "`mtc params %s` lists every parameter with the rule that set it", program->source->path);
}

void warning_params_overridden(Program *program, const ParamRule *rule, const ParamRule *by)
{
    Diag *d = diag_add(program->diags, W0611, rule->ast->child[0]->span, "this rule has no effect");
    diag_label(d, "later rules set all of it again");
    diag_note(d, by->ast->child[0]->span, "for example this one: of several rules the last wins");
}
