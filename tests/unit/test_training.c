// The sections `optimizer`, `schedule` and `train`: what settings and flags they come to, and a message for every way
// to get them wrong.
#define _POSIX_C_SOURCE 200809L
#include "training.h"
#include <criterion/criterion.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void exhausted(void) { abort(); }

typedef struct {
    Arena *arena;
    Diags *diags;
    const Source *source;
    Training *training;
    Flags flags;
} Setup;

// `text`: declarations, without the edition.
static Setup setup(const char *text)
{
    Setup s = {.arena = arena_create(exhausted)};
    const char *error = NULL;
    const Ast *sections[3] = {NULL};
    text = arena_format(s.arena, "mt 1\n%s\n", text);
    s.source = source_from(s.arena, "test.mt", text, strlen(text), &error);
    s.diags = diags_create(s.arena, s.source);
    Parsed parsed = parse_program(s.arena, s.diags, s.source);
    for (int k = 0; k < parsed.file->children; k++) {
        const Ast *ast = parsed.file->child[k];
        if (ast->kind == AST_OPTIMIZER || ast->kind == AST_SCHEDULE || ast->kind == AST_SECTION)
            sections[ast->kind == AST_OPTIMIZER ? 0 : ast->kind == AST_SCHEDULE ? 1 : 2] = ast;
    }
    s.training = training_elaborate(s.arena, s.diags, s.source, constants_of(s.arena, s.diags, parsed.file),
        sections[0], sections[1], sections[2]);
    training_flags(s.training, s.arena, &s.flags);
    return s;
}

static const char *messages(Setup *s)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    diags_print(s->diags, file, FORMAT_FULL, false);
    fclose(file);
    char *copy = arena_copy(s->arena, text, size);
    free(text);
    return copy;
}

static void expect_good(Setup *s) { cr_assert_eq(diags_errors(s->diags), 0, "%s", messages(s)); }

// One error, of this code, with all of the words (parted by |) in it.
static void expect_error(const char *text, const char *code, const char *words)
{
    Setup s = setup(text);
    const char *shown = messages(&s);
    cr_expect_eq(diags_errors(s.diags), 1, "%s: %d errors\n%s", text, diags_errors(s.diags), shown);
    cr_expect(strstr(shown, arena_format(s.arena, "error[%s]", code)), "%s: not %s\n%s", text, code, shown);
    for (const char *word = words; *word;) {
        size_t n = strcspn(word, "|");
        cr_expect(strstr(shown, arena_copy(s.arena, word, n)), "%s: no `%.*s`\n%s", text, (int)n, word, shown);
        word += n + (word[n] == '|');
    }
    arena_destroy(s.arena);
}

static const Flag *flag_of(const Setup *s, const char *key)
{
    for (int k = 0; k < s->flags.count; k++)
        if (strcmp(s->flags.items[k].key, key) == 0)
            return &s->flags.items[k];
    return NULL;
}

Test(training, defaults_are_those_of_the_language)
{
    Setup s = setup("optimizer sgd(lr=0.5)\ntrain { run = 3 epochs }");
    expect_good(&s);
    const Training *t = s.training;
    cr_assert_str_eq(t->optimizer->name, "sgd");
    cr_assert_str_eq(t->optimizer_text, "sgd(lr=0.5)");
    cr_assert(t->run == 3 && t->run_unit == UNIT_EPOCHS);
    cr_assert(t->accumulate == 1 && t->seed == 0);
    cr_assert(t->log_every == 100 && t->log_unit == UNIT_STEPS);
    cr_assert(t->eval_every == 1 && t->eval_unit == UNIT_EPOCHS);
    cr_assert_eq(t->schedule.count, 0);
    arena_destroy(s.arena);
}

Test(training, settings_and_constants)
{
    Setup s = setup("const E = 20 epochs\nconst R = 1 / 8\noptimizer adam(lr=R, betas=[0.5, R])\n"
                    "train {\n  run = E\n  accumulate = 2 + 2\n  seed = -7\n  log_every = 5 steps\n"
                    "  eval_every = 2 * E\n}");
    expect_good(&s);
    const Training *t = s.training;
    cr_assert(t->run == 20 && t->accumulate == 4 && t->seed == -7 && t->log_every == 5 && t->eval_every == 40);
    const Setting *betas = optimizer_setting(t, "betas", 5), *eps = optimizer_setting(t, "eps", 3);
    cr_assert(betas->value.count == 2 && betas->value.items[1].number == 0.125 && betas->written);
    cr_assert(eps->value.number == 1e-8 && !eps->written);
    arena_destroy(s.arena);
}

Test(training, numbers_are_flags_unless_they_decide_code)
{
    Setup s = setup("optimizer sgd(lr=0.5, momentum=0.9, nesterov=true)\n"
                    "schedule step_lr(step_size=2 epochs, gamma=0.5)\n"
                    "train { run = 3 epochs }");
    expect_good(&s);
    static const struct {
        const char *key;
        FlagKind kind;
    } expected[] = {{"optimizer.lr", FLAG_REAL}, {"optimizer.momentum", FLAG_REAL},
        {"optimizer.weight_decay", FLAG_REAL}, {"schedule.step_size", FLAG_DURATION}, {"schedule.gamma", FLAG_REAL},
        {"train.run", FLAG_DURATION}, {"train.accumulate", FLAG_INT}, {"train.seed", FLAG_LONG},
        {"train.log_every", FLAG_DURATION}, {"train.eval_every", FLAG_DURATION}};
    cr_assert_eq(s.flags.count, (int)(sizeof expected / sizeof *expected));
    for (int k = 0; k < s.flags.count; k++) {
        cr_expect_str_eq(s.flags.items[k].key, expected[k].key);
        cr_expect_eq(s.flags.items[k].kind, expected[k].kind, "%s", expected[k].key);
        cr_expect(s.flags.items[k].doc && *s.flags.items[k].doc, "%s", expected[k].key);
    }
    cr_expect(flag_of(&s, "optimizer.lr")->least == 0 && flag_of(&s, "optimizer.lr")->most == DBL_MAX);
    cr_expect(flag_of(&s, "optimizer.momentum")->least == 0 && flag_of(&s, "optimizer.momentum")->above_least);
    cr_expect(flag_of(&s, "train.accumulate")->least == 1);
    arena_destroy(s.arena);

    s = setup("optimizer sgd(lr=0.5, momentum=0.9)\ntrain { run = 3 epochs }");
    cr_expect(flag_of(&s, "optimizer.momentum")->least == 0 && !flag_of(&s, "optimizer.momentum")->above_least);
    arena_destroy(s.arena);

    s = setup("optimizer sgd(lr=0.5)\ntrain { run = 3 epochs }");
    cr_expect(!flag_of(&s, "optimizer.momentum") && !flag_of(&s, "optimizer.dampening"));
    arena_destroy(s.arena);

    s = setup("optimizer adam(lr=0.5)\nschedule cosine_annealing_lr(T_max=run)\ntrain { run = 3 epochs }");
    cr_expect(flag_of(&s, "optimizer.betas")->kind == FLAG_PAIR && flag_of(&s, "optimizer.betas")->most < 1);
    cr_expect(!flag_of(&s, "schedule.T_max")); // it follows train.run
    cr_expect_eq(s.training->schedule_unit, UNIT_EPOCHS);
    arena_destroy(s.arena);
}

Test(training, stages_of_a_chain)
{
    Setup s = setup("optimizer sgd(lr=0.5)\n"
                    "schedule linear_lr(total_iters=5 steps) -> cosine_annealing_lr(T_max=9 steps)\n"
                    "  -> multistep_lr(milestones=[2 steps, 4 steps])\ntrain { run = 3 epochs }");
    expect_good(&s);
    cr_assert_eq(s.training->schedule.count, 3);
    cr_expect_str_eq(s.training->schedule.items[1].text, "cosine_annealing_lr(T_max=9 steps)");
    cr_expect_eq(s.training->schedule_unit, UNIT_STEPS);
    cr_expect_eq(flag_of(&s, "schedule.milestones")->kind, FLAG_DURATIONS);
    const Flag *start = flag_of(&s, "schedule.start_factor");
    cr_expect(start->least == 0 && start->above_least && start->most == 1);
    cr_expect(flag_of(&s, "schedule.T_max") && flag_of(&s, "schedule.total_iters"));
    arena_destroy(s.arena);
}

// What only one stage has keeps its short key; the numbered ones of a stage stand together.
Test(training, keys_of_options_that_two_stages_have)
{
    Setup s = setup("optimizer sgd(lr=0.5)\n"
                    "schedule cosine_annealing_lr(T_max=5 steps) -> linear_lr(total_iters=2 steps)\n"
                    "  -> cosine_annealing_lr(T_max=run)\ntrain { run = 3 epochs }");
    expect_good(&s);
    static const char *const expected[] = {"schedule.1.T_max", "schedule.1.eta_min", "schedule.start_factor",
        "schedule.end_factor", "schedule.total_iters", "schedule.3.eta_min"};
    int at = 0;
    while (at < s.flags.count && strncmp(s.flags.items[at].key, "schedule.", 9) != 0)
        at++;
    for (size_t k = 0; k < sizeof expected / sizeof *expected; k++)
        cr_expect_str_eq(s.flags.items[at + (int)k].key, expected[k]);
    cr_expect_str_eq(s.flags.items[at].member, "schedule._1.T_max");
    cr_expect(!flag_of(&s, "schedule.3.T_max")); // it follows train.run
    arena_destroy(s.arena);
}

Test(training, bounds_of_the_gradient)
{
    Setup s = setup("optimizer sgd(lr=0.5)\ntrain {\n  run = 3 epochs\n  clip_grad_norm = 5.0\n}");
    expect_good(&s);
    cr_expect(s.training->clip_grad_norm == 5 && s.training->clip_grad_value == 0);
    const Flag *norm = flag_of(&s, "train.clip_grad_norm");
    cr_expect(norm->kind == FLAG_REAL && norm->least == 0 && norm->above_least && norm->most == DBL_MAX);
    cr_expect(!flag_of(&s, "train.clip_grad_value"));
    arena_destroy(s.arena);
}

Test(training, conditions_of_a_table)
{
    Setup s = setup("optimizer sgd(lr=0.5, momentum=0.9)\ntrain { run = 3 epochs }");
    cr_expect(training_holds(s.training, NULL));
    cr_expect(training_holds(s.training, "momentum != 0 && !nesterov"));
    cr_expect(!training_holds(s.training, "dampening != 0"));
    arena_destroy(s.arena);
}

Test(training, a_formula_is_kept)
{
    Setup s = setup("const W = 10\noptimizer sgd(lr=1)\n"
                    "schedule min((step + 1) / W, 1) * 0.5 * (1 + cos(pi * step / steps))\n"
                    "train { run = 3 epochs }");
    expect_good(&s);
    cr_assert(s.training->schedule.count == 1 && s.training->schedule.items[0].formula);
    arena_destroy(s.arena);
}

Test(training, what_is_constant_in_a_formula_has_a_value)
{
    Setup s = setup("optimizer sgd(lr=1)\nschedule step * (1 / 0)\ntrain { run = 3 epochs }");
    cr_expect_eq(diags_errors(s.diags), 1, "%s", messages(&s));
    cr_expect_eq(s.training->schedule.count, 0);
    arena_destroy(s.arena);
}

#define GOOD "\ntrain { run = 1 epoch }"
#define SGD "optimizer sgd(lr=1)\n"

Test(training, faults_of_optimizers)
{
    expect_error("optimizer sgdd(lr=1)" GOOD, "E0611", "there is no optimizer `sgdd`|did you mean `sgd`?");
    expect_error("optimizer Adam(lr=1)" GOOD, "E0611", "did you mean `adam`?");
    expect_error("optimizer rmsprop(lr=1)" GOOD, "E0901", "the optimizer `rmsprop` is not implemented yet");
    expect_error("optimizer sgd" GOOD, "E0204", "sgd needs `lr`");
    expect_error("optimizer sgd(0.1)" GOOD, "E0203", "by name only|sgd(lr, momentum=0");
    expect_error("optimizer sgd(lr=1, momentun=0.9)" GOOD, "E0201",
        "sgd has no option `momentun`|did you mean `momentum`?");
    expect_error("optimizer sgd(lr=1, lr=2)" GOOD, "E0207", "option `lr` is given twice|given here first");
    expect_error("optimizer sgd(lr=\"1\")" GOOD, "E0205", "`lr` has a value of the wrong kind|expected a number");
    expect_error("optimizer sgd(lr=1, nesterov=1)" GOOD, "E0205", "true or false");
    expect_error("optimizer sgd(lr=-1)" GOOD, "E0622", "lr is negative|lr >= 0");
    expect_error("optimizer sgd(lr=1, nesterov=true)" GOOD, "E0622", "nesterov needs a momentum");
    expect_error("optimizer adam(lr=1, betas=[0.9])" GOOD, "E0622", "betas");
    expect_error("optimizer adam(lr=1, betas=[0.9, 1])" GOOD, "E0205", "from 0 to below 1");
    expect_error("optimizer adam(lr=1, betas=0.9)" GOOD, "E0205", "a list of numbers");
}

Test(training, faults_of_schedules)
{
    expect_error(SGD "schedule step_lr(step_size=30)" GOOD, "E0621",
        "step_size needs a unit|`30 epochs` or `30 steps`?|once per epoch, or once per optimizer step");
    expect_error(SGD "schedule cosine_annealing_lr(T_max=100)" GOOD, "E0621",
        "T_max needs a unit|write T_max=run");
    expect_error(SGD "schedule step_lr(step_size=2 epochs, gama=0.1)" GOOD, "E0201", "did you mean `gamma`?");
    expect_error(SGD "schedule cosine_lr(T_max=run)" GOOD, "E0612", "did you mean `cosine_annealing_lr`?");
    expect_error(SGD "schedule StepLR(step_size=1 epoch)" GOOD, "E0612", "did you mean `step_lr`?");
    expect_error(SGD "schedule one_cycle_lr(max_lr=1)" GOOD, "E0901", "the schedule `one_cycle_lr`");
    expect_error(SGD "schedule step_lr(step_size=1 epoch) -> step_lr(step_size=1 epoch)" GOOD, "E0626",
        "step_lr has no duration|this would never begin");
    expect_error(SGD "schedule step -> step" GOOD, "E0626", "a formula has no duration");
    expect_error(SGD "schedule cosine_annealing_lr(T_max=run) -> step" GOOD, "E0626", "the whole run|T_max=10 epochs");
    expect_error(SGD "schedule linear_lr(total_iters=1 epoch) -> cosine_annealing_lr(T_max=9 steps)" GOOD, "E0625",
        "`T_max` is in steps|`total_iters` is in epochs");
    expect_error(SGD "schedule linear_lr(total_iters=1 epoch) -> multistep_lr(milestones=[9 steps])" GOOD, "E0625",
        "`milestones` is in steps|`total_iters` is in epochs");
    expect_error(SGD "schedule linear_lr(total_iters=1 epoch) -> stp" GOOD, "E0623", "unknown name `stp`");
    expect_error(SGD "schedule multistep_lr(milestones=[])" GOOD, "E0205", "a list of 1 to 32 durations");
    expect_error(SGD "schedule multistep_lr(milestones=[1 step, 1 step])" GOOD, "E0624", "`milestones` do not grow");
    expect_error(SGD "schedule linear_lr(total_iters=1 step) -> step * (1 / 0)" GOOD, "E0011", "");
    expect_error(SGD "schedule stp / steps" GOOD, "E0623", "unknown name `stp`|did you mean `step`?");
    expect_error(SGD "schedule min(step)" GOOD, "E0623", "min takes 2 values, got 1");
    expect_error(SGD "schedule mim(step, 1)" GOOD, "E0612", "did you mean `min`?");
    expect_error(SGD "schedule step / 10 steps" GOOD, "E0623", "a duration has no place in a formula");
    expect_error(SGD "schedule step * \"a\"" GOOD, "E0623", "this is no number");
    expect_error(SGD "schedule !step" GOOD, "E0623", "`!` needs a condition here");
    expect_error(SGD "schedule step && step > 1" GOOD, "E0623", "`&&` needs a condition here");
    expect_error(SGD "schedule where(step, 1, 2)" GOOD, "E0623", "`where` needs a condition here");
    expect_error("const L = [1, 2]\n" SGD "schedule step * L" GOOD, "E0623", "`L` is no number");
}

Test(training, faults_of_train)
{
    expect_error(SGD "train { }", "E0601", "`train` has no `run`");
    expect_error(SGD "train { epochs = 10 }", "E0202", "`train` has no setting `epochs`|run = 10 epochs");
    expect_error(SGD "train { max_steps = 10 }", "E0202", "run = 10 steps");
    expect_error(SGD "train { rum = 10 epochs }", "E0202", "did you mean `run`?");
    expect_error(SGD "train {\n  run = 1 epoch\n  banana = 1\n}", "E0202", "settings: run accumulate seed");
    expect_error(SGD "train {\n  run = 1 epoch\n  batch_size = 8\n}", "E0202", "`batch` is a setting of `data`");
    expect_error(SGD "train { run = 10 }", "E0621", "run needs a unit|`10 epochs` or `10 steps`?");
    expect_error(SGD "train {\n  run = 1 epoch\n  run = 2 epochs\n}", "E0207", "setting `run` is given twice");
    expect_error(SGD "train {\n  run = 1 epoch\n  accumulate = 0\n}", "E0205", "a whole number, at least 1");
    expect_error(SGD "train {\n  run = 1 epoch\n  accumulate = 3000000000\n}", "E0205", "a whole number, at least 1");
    expect_error(SGD "train {\n  run = 1 epoch\n  seed = 0.5\n}", "E0205", "a whole number");
    expect_error(SGD "train {\n  run = 1 epoch\n  clip_grad_norm = 0\n}", "E0205", "a number above 0");
    expect_error(SGD "train {\n  run = 1 epoch\n  clip_grad_value = inf\n}", "E0205", "a number above 0");
    expect_error(SGD "train {\n  run = 1 epoch\n  clip_grad_value = 1 step\n}", "E0205", "a number above 0");
    expect_error(SGD "train {\n  run = 1 epoch\n  fc1: linear(3)\n}", "E0603", "`train` holds settings");
    expect_error(SGD "train {\n  run = 1 epoch\n  ema = 0.9\n}", "E0901", "is not implemented yet");
}

Test(training, what_a_run_keeps)
{
    Setup s = setup("const N = 4\n" SGD "train {\n  run = 1 epoch\n  best = max(acc)\n  checkpoint = \"a.ckpt\"\n"
                    "  checkpoint_every = 20 steps\n  early_stop = N + 1\n}");
    cr_assert_eq(diags_errors(s.diags), 0, "%s", messages(&s));
    cr_expect_str_eq(s.training->checkpoint, "a.ckpt");
    cr_expect(s.training->checkpoint_every == 20 && s.training->checkpoint_unit == UNIT_STEPS);
    cr_expect(s.training->best && s.training->early_stop == 5);
    Flags flags = {0};
    training_flags(s.training, s.arena, &flags);
    cr_expect_str_eq(flags.items[flags.count - 1].key, "train.resume");
    arena_destroy(s.arena);
    expect_error(SGD "train {\n  run = 1 epoch\n  checkpoint = 3\n}", "E0205", "a path in quotes");
    expect_error(SGD "train {\n  run = 1 epoch\n  checkpoint = \"\"\n}", "E0205", "a path in quotes");
    expect_error(SGD "train {\n  run = 1 epoch\n  checkpoint_every = 1 epoch\n}", "E0602", "`checkpoint_every` needs");
    expect_error(SGD "train {\n  run = 1 epoch\n  best = max(acc)\n}", "E0602", "`best` needs `checkpoint`");
    expect_error(SGD "train {\n  run = 1 epoch\n  early_stop = 0\n}", "E0205", "at least 1");
}

Test(training, several_faults_are_several_messages)
{
    Setup s = setup("optimizer sgd(lr=-1, banana=2)\nschedule stp\ntrain { run = 10 }");
    cr_assert_geq(diags_errors(s.diags), 3, "%s", messages(&s));
    arena_destroy(s.arena);
}
