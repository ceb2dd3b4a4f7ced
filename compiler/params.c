// Rules of `params`: for each parameter and setting the last rule that selects it wins, whatever stands in `init=` or in
// the layer's table. First all rules find what they select, then what won is read: an init that is overridden for the
// biases need not make sense for them. Input: program->graph, whose parameters have paths and shapes. Output: their
// `init` and `group`. Invariant: a parameter that is used in several places is selected as its owner's only.
#include "params.h"
#include "errors_params.h"
#include "init.h"
#include "ops/registry.h"
#include "params_select.h"
#include <math.h>
#include <string.h>

static const char *const settings[PARAM_SETTINGS] = {"init", "frozen", "lr_scale", "weight_decay"};

// --------------------------------------------------------------------------------------------------------- settings

// The value of frozen, lr_scale or weight_decay; false after a message.
static bool read_number(Program *program, const ParamRule *rule, int setting, const Ast *expression, double *number)
{
    Constant value;
    if (!constant_evaluate(rule->constants, expression, &value))
        return false;
    bool good = setting == SET_FROZEN ? value.kind == CONSTANT_BOOL
                                      : value.kind == CONSTANT_NUMBER && isfinite(value.number) && value.number >= 0;
    *number = value.number;
    if (!good)
        error_params_kind(program, expression->span, settings[setting],
            setting == SET_FROZEN         ? "true or false"
                : setting == SET_LR_SCALE ? "a number of at least 0, by which the learning rate is multiplied"
                                          : "a number of at least 0, in place of the optimizer's");
    return good;
}

// init = normal(std=0.02)
static bool read_setting(Program *program, ParamRule *rule, const Ast *item)
{
    const Ast *left = item->child[0]->child[0], *row = item->child[1];
    int k = 0;
    if (left->kind != AST_NAME || item->child[0]->children > 1) {
        error_params_item(program, item->child[0]->span, "the name of a setting is one word", "for example `frozen`");
        return false;
    }
    while (k < PARAM_SETTINGS && strcmp(settings[k], left->text) != 0)
        k++;
    if (k == PARAM_SETTINGS) {
        error_params_setting(program, left, settings, PARAM_SETTINGS);
        return false;
    }
    if (rule->set[k].to > 0) {
        error_params_twice(program, left->span, settings[k], rule->set[k]);
        return false;
    }
    rule->set[k] = item->span;
    if (row->kind != AST_ROW || row->children != 1 || row->has_when) {
        error_params_item(program, row->span, "a setting has one value", NULL);
        return false;
    }
    rule->init = k == SET_INIT ? row->child[0] : rule->init;
    return k == SET_INIT || read_number(program, rule, k, row->child[0], &rule->number[k]);
}

// NULL after a message.
static ParamRule *read_rule(Program *program, const Scope *constants, const Ast *item)
{
    ParamRule *rule = arena_new(program->arena, ParamRule, 1);
    bool good = true, any = false;
    const Ast *body = item->child[1];
    *rule = (ParamRule){.ast = item, .constants = constants_inside(program->arena, program->diags, body, constants)};
    for (int i = 0; i < body->children; i++) {
        if (body->child[i]->kind == AST_CONST)
            continue;
        any = true;
        if (body->child[i]->kind == AST_LET)
            good &= read_setting(program, rule, body->child[i]);
        else
            error_params_item(program, body->child[i]->span, "this is not a setting", "for example `frozen = true`");
        good &= body->child[i]->kind == AST_LET;
    }
    if (good && !any)
        error_params_item(program, body->span, "this rule sets nothing", "init, frozen, lr_scale, weight_decay");
    return good && any ? rule : NULL;
}

// ------------------------------------------------------------------------------------------------------------ effects

// Gives the rule what it selects; the parameter that it selects first, or NULL after a message.
static const Value *apply(Program *program, const ParamRule *rule)
{
    Graph *graph = program->graph;
    const Ast *selectors = rule->ast->child[0];
    const Value *first = NULL;
    for (int i = 0; i < selectors->children; i++) {
        int count = 0;
        for (int k = 0; k < graph->parameters.count; k++) {
            Value *parameter = graph->parameters.items[k];
            if (!selector_matches(program, selectors->child[i], parameter))
                continue;
            count++;
            first = first ? first : parameter;
            for (int s = 0; s < PARAM_SETTINGS; s++)
                parameter->group.rule[s] = rule->set[s].to > 0 ? rule : parameter->group.rule[s];
        }
        if (count == 0)
            selector_report(program, selectors->child[i]);
    }
    return first;
}

static bool has_effect(const Graph *graph, const ParamRule *rule)
{
    for (int k = 0; k < graph->parameters.count; k++)
        for (int s = 0; s < PARAM_SETTINGS; s++)
            if (graph->parameters.items[k]->group.rule[s] == rule)
                return true;
    return false;
}

// The rule that overrides one without effect, for a parameter that it selects.
static const ParamRule *overrides(const ParamRule *rule, const Value *parameter)
{
    for (int s = 0; s < PARAM_SETTINGS; s++)
        if (rule->set[s].to > 0)
            return parameter->group.rule[s];
    return NULL;
}

// Everything that has won, read into the parameters.
static void settle(Program *program)
{
    Graph *graph = program->graph;
    const ParamRule *faulty = NULL; // one message for a rule
    for (int k = 0; k < graph->parameters.count; k++) {
        Value *parameter = graph->parameters.items[k];
        ParamGroup *group = &parameter->group;
        const ParamRule *init = group->rule[SET_INIT];
        if (init && init != faulty &&
            !init_read(program, init->constants, init->init, parameter->path, &parameter->type, &parameter->init))
            faulty = init;
        if (!init && parameter->init.kind == INIT_NOTHING)
            error_init_nothing(program, parameter);
        group->frozen = group->rule[SET_FROZEN] && group->rule[SET_FROZEN]->number[SET_FROZEN] != 0;
        if (group->rule[SET_LR_SCALE])
            group->lr_scale = group->rule[SET_LR_SCALE]->number[SET_LR_SCALE];
        if (group->rule[SET_WEIGHT_DECAY])
            group->weight_decay = group->rule[SET_WEIGHT_DECAY]->number[SET_WEIGHT_DECAY];
    }
}

static void check_something_trained(Program *program)
{
    const Graph *graph = program->graph;
    Span last = {0, 0, 0};
    for (int k = 0; k < graph->parameters.count; k++) {
        const ParamGroup *group = &graph->parameters.items[k]->group;
        if (!group->frozen)
            return;
        if (group->rule[SET_FROZEN]->set[SET_FROZEN].from > last.from)
            last = group->rule[SET_FROZEN]->set[SET_FROZEN];
    }
    if (last.to > 0)
        error_params_all_frozen(program, last);
}

typedef struct {
    const ParamRule *rule;
    const Value *first; // of the parameters that it selects
} Applied;

// Whether all items are rules or constants, with a message for each that is not. What the others make of them is not
// told: `S = 0.02` may have been meant as a constant.
static bool all_rules(Program *program, const Ast *body)
{
    bool good = true;
    for (int i = 0; i < body->children; i++)
        if (body->child[i]->kind != AST_RULE && body->child[i]->kind != AST_CONST) {
            error_params_item(program, body->child[i]->span, "this is not a rule", "for example `bias { weight_decay = 0 }`");
            good = false;
        }
    return good;
}

void params(Program *program)
{
    Graph *graph = program->graph;
    const Ast *section = ast_declaration(program->parsed.file, AST_SECTION, "params");
    const Ast *body = section ? section->child[0] : NULL;
    const Scope *constants =
        body ? constants_inside(program->arena, program->diags, body, program->constants) : program->constants;
    VEC(Applied) applied = {0};
    if (body && !all_rules(program, body))
        return;
    for (int k = 0; k < graph->parameters.count; k++)
        graph->parameters.items[k]->group = (ParamGroup){.lr_scale = 1, .weight_decay = -1};
    for (int i = 0; body && i < body->children; i++) {
        if (body->child[i]->kind == AST_CONST)
            continue;
        const ParamRule *rule = read_rule(program, constants, body->child[i]);
        Applied one = {rule, rule ? apply(program, rule) : NULL};
        if (one.first)
            vec_push(program->arena, &applied, one);
    }
    settle(program);
    for (int i = 0; i < applied.count; i++)
        if (!has_effect(graph, applied.items[i].rule))
            warning_params_overridden(program, applied.items[i].rule,
                overrides(applied.items[i].rule, applied.items[i].first));
    check_something_trained(program);
}
