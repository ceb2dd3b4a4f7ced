// Selectors and inits: what a pattern matches, which one was meant, which numbers an init comes to (those of torch.nn.init),
// and the distributions that runtime/init.c draws.
#include "init.h"
#include "compile.h"
#include "params_select.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void exhausted(void) { abort(); }

// ----------------------------------------------------------------------------------------------------------- patterns

Test(params, patterns)
{
    static const struct {
        const char *pattern, *path;
        bool matches;
    } cases[] = {{"fc1.weight", "fc1.weight", true}, {"fc1", "fc1.weight", false}, {"fc1.*", "fc1.weight", true},
        {"*", "blocks.0.fc1.weight", true}, {"*.weight", "blocks.0.fc1.weight", true}, {"*.weight", "weight", false},
        {"*weight", "weight", true}, {"fc*.weight", "fc12.weight", true}, {"fc*.weight", "fc1.weight_v", false},
        {"blocks.*.ln.*", "blocks.11.ln.bias", true}, {"blocks.*.ln.*", "blocks.11.attn.bias", false},
        {"*.a.*.a", "x.a.a.y.a", true}, {"*ab", "aab", true}, {"*ab*ab", "abxab", true}, {"*ab*ab", "abab", true},
        {"*ab*ab", "ab", false}, {"**", "w", true}, {"", "w", false}, {"w?", "w1", false}, {"W", "w", false}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        cr_expect(pattern_matches(cases[k].pattern, cases[k].path) == cases[k].matches, "%s %s", cases[k].pattern,
            cases[k].path);
}

Test(params, pattern_that_was_meant)
{
    static const struct {
        const char *pattern, *path, *meant;
        int cost;
    } cases[] = {{"*.projection.weight", "blocks.0.proj.weight", "*.proj.weight", 1},
        {"block.*", "blocks.0.proj.weight", "blocks.*", 1}, {"fc1.wieght", "fc1.weight", "fc1.weight", 1},
        {"*.porj.wieght", "blocks.0.proj.weight", "*.proj.weight", 2},
        {"blokcs.*", "blocks.0.proj.weight", "blocks.*", 1}, {"*.layer1.*", "net.layer2.weight", "*.layer2.*", 1},
        {"*.weigth", "w", NULL, 0}, {"decoder.*", "blocks.0.proj.weight", NULL, 0}, {"fc1.weight.x", "fc1.weight", NULL, 0},
        {"w", "b", NULL, 0}};
    Arena *arena = arena_create(exhausted);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        int cost;
        const char *meant = pattern_near(arena, cases[k].pattern, cases[k].path, &cost);
        cr_expect((!meant && !cases[k].meant) || (meant && cases[k].meant && strcmp(meant, cases[k].meant) == 0),
            "%s: %s", cases[k].pattern, meant ? meant : "none");
        cr_expect(!meant || cost == cases[k].cost, "%s: %d", cases[k].pattern, cost);
    }
    arena_destroy(arena);
}

// ---------------------------------------------------------------------------------------------------------------- inits

static bool near(double x, double y) { return x - y <= 1e-14 && y - x <= 1e-14; }

// A program that starts a parameter so.
static Program *program_with(Arena *arena, const char *sizes, const char *init)
{
    const char *error = NULL;
    const char *text = arena_format(arena,
        "mt 1\ndata {\n train = inline(x=[[1, 2]], y=[[1]])\n batch = 1\n shuffle = false\n}\n"
        "model m(x: [B, 2]) {\n w = param(%s)\n p = w * w\n o: linear(1)\n}\nparams { \"w\" { init = %s } }\n"
        "loss { mse_loss(o, y) + mean(p) }\noptimizer sgd(lr=1)\ntrain { run = 1 step }\n",
        sizes, init);
    const Source *source = source_from(arena, "init.mt", text, strlen(text), &error);
    Program *program = compile_program(arena, source, &(CompileOptions){.check_only = true});
    if (diags_errors(program->diags))
        diags_print(program->diags, stderr, FORMAT_FULL, false);
    cr_assert_eq(diags_errors(program->diags), 0, "%s", init);
    return program;
}

Test(params, numbers_of_inits)
{
    // a and b by torch.nn.init of PyTorch 2.13.
    static const struct {
        const char *sizes, *init;
        int kind;
        double a, b;
    } cases[] = {{"4", "zeros", INIT_CONSTANT, 0, 0}, {"4", "ones", INIT_CONSTANT, 1, 0},
        {"4", "constant(-2)", INIT_CONSTANT, -2, 0}, {"4", "constant(val=0.5)", INIT_CONSTANT, 0.5, 0},
        {"4", "uniform", INIT_UNIFORM, 0, 1}, {"4", "uniform(-2, 3)", INIT_UNIFORM, -2, 3},
        {"4", "normal", INIT_NORMAL, 0, 1}, {"4", "normal(1, 0.5)", INIT_NORMAL, 1, 0.5},
        {"4", "normal(std=1 / 4)", INIT_NORMAL, 0, 0.25},
        {"6, 3, 5, 5", "kaiming_uniform", INIT_UNIFORM, -0.28284271247461895, 0.28284271247461895},
        {"6, 3, 5, 5", "kaiming_uniform(a=sqrt(5))", INIT_UNIFORM, -0.11547005383792512, 0.11547005383792512},
        {"8, 4", "kaiming_uniform(mode=\"fan_out\", nonlinearity=\"tanh\")", INIT_UNIFORM, -1.0206207261596576,
            1.0206207261596576},
        {"8, 4", "kaiming_uniform(0.2)", INIT_UNIFORM, -1.2009611535381535, 1.2009611535381535},
        {"6, 3, 5, 5", "kaiming_normal(mode=\"fan_out\", nonlinearity=\"relu\")", INIT_NORMAL, 0, 0.11547005383792516},
        {"8, 4", "kaiming_normal(nonlinearity=\"selu\")", INIT_NORMAL, 0, 0.375},
        {"4, 6, 3", "kaiming_normal(nonlinearity=\"sigmoid\")", INIT_NORMAL, 0, 0.23570226039551587},
        {"8, 4", "xavier_uniform", INIT_UNIFORM, -0.7071067811865475, 0.7071067811865475},
        {"6, 3, 5, 5", "xavier_uniform(gain=1.5)", INIT_UNIFORM, -0.2449489742783178, 0.2449489742783178},
        {"6, 3, 5, 5", "xavier_normal", INIT_NORMAL, 0, 0.09428090415820634},
        {"8, 4", "xavier_normal(2)", INIT_NORMAL, 0, 0.816496580927726},
        {"8, 4", "orthogonal", INIT_ORTHOGONAL, 1, 0}, {"8, 4, 2", "orthogonal(0.5)", INIT_ORTHOGONAL, 0.5, 0},
        {"4", "trunc_normal", INIT_TRUNC_NORMAL, 0, 1}, {"4", "trunc_normal(0.02, mean=1)", INIT_TRUNC_NORMAL, 1, 0.02}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        Arena *arena = arena_create(exhausted);
        const Init *init = &program_with(arena, cases[k].sizes, cases[k].init)->graph->parameters.items[0]->init;
        cr_expect_eq((int)init->kind, cases[k].kind, "%s", cases[k].init);
        cr_expect(near(init->a, cases[k].a) && near(init->b, cases[k].b), "%s: %.17g %.17g", cases[k].init, init->a,
            init->b);
        cr_expect_str_eq(init->text, cases[k].init);
        cr_expect(!init->is_default);
        arena_destroy(arena);
    }
}

Test(params, bounds_of_trunc_normal)
{
    Arena *arena = arena_create(exhausted);
    const Init *init = &program_with(arena, "4", "trunc_normal")->graph->parameters.items[0]->init;
    cr_expect(init->low == -2 && init->high == 2);
    init = &program_with(arena, "4", "trunc_normal(0.5, a=-1, b=0.5)")->graph->parameters.items[0]->init;
    cr_expect(init->low == -1 && init->high == 0.5);
    arena_destroy(arena);
}

Test(params, defaults_are_those_of_the_layer)
{
    Arena *arena = arena_create(exhausted);
    const Value *w = program_with(arena, "4", "zeros")->graph->parameters.items[1];
    cr_expect_str_eq(w->path, "o.weight");
    cr_expect(w->init.is_default && w->init.kind == INIT_UNIFORM && near(w->init.b, 0.70710678118654757));
    cr_expect_str_eq(init_text(arena, &w->init), "uniform(-0.7071, 0.7071)");
    cr_expect(w->group.lr_scale == 1 && w->group.weight_decay == -1 && !w->group.frozen);
    arena_destroy(arena);
}
