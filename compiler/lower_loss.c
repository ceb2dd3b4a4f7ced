// The sections `loss` and `metrics`. A scalar is a sum of losses with factors; the last row is the objective, named rows
// before it are reported. Where the objective has one denominator for all its terms (LANGUAGE 10.19), the gradient of sums,
// divided once a step, is exact however the batch was cut; where it has several, or a formula, a step is one batch, and
// nothing divides.
#include "errors_loss.h"
#include "errors_model.h"
#include "formula.h"
#include "lower.h"
#include "names.h"
#include <string.h>

static int add_report(Lower *l, const char *name, bool in_loss)
{
    Report report = {.name = name, .member = name_member(l->program->arena, name), .in_loss = in_loss};
    vec_push(l->program->arena, &l->graph->reports, report);
    return l->graph->reports.count - 1;
}

static bool taken(Lower *l, const Ast *name)
{
    const char *text = name->text;
    Value *row = map_get(&l->model->values, text);
    bool report = false;
    for (int i = 0; i < l->graph->reports.count; i++)
        report |= strcmp(l->graph->reports.items[i].name, text) == 0;
    if (row || report || op_reserves(l->program, text) || strcmp(text, "loss") == 0)
        error_name_taken(l->program, name->span, text,
            row ? "another value" : report ? "another row" : op_reserves(l->program, text) ? "an operation" : "the objective",
            row && row->maker ? row->maker->row->span : (Span){0, 0, 0});
    return row || report || op_reserves(l->program, text) || strcmp(text, "loss") == 0;
}

static bool is_free(const Node *node) { return strcmp(loss_denominator(node), "free") == 0; }

typedef VEC(const Node *) Leaves;

// Adds the losses of a row, also those of the rows that it names, to `out`.
static void collect(Lower *l, const LossRow *row, Leaves *out)
{
    const Graph *graph = l->graph;
    for (int i = 0; i < row->terms.count; i++) {
        const Term *term = &row->terms.items[i];
        for (int k = 0; term->formula && k < graph->scalars.count; k++) {
            const Scalar *scalar = &graph->scalars.items[k];
            if (expr_mentions(term->formula, scalar->variable) && scalar->node)
                vec_push(graph->arena, out, scalar->node);
            else if (expr_mentions(term->formula, scalar->variable))
                collect(l, &graph->losses.items[scalar->report - 1], out);
        }
        if (term->report > 0)
            collect(l, &graph->losses.items[term->report - 1], out);
        else if (term->node)
            vec_push(graph->arena, out, term->node);
    }
}

// Only terms of one denominator can be accumulated; what the data do not decide goes with any but a sum.
static bool check_accumulation(Lower *l, const LossRow *row, const Ast *at)
{
    Program *program = l->program;
    Leaves leaves = {0};
    const Node *other = NULL, *first = NULL;
    if (!program->training || !(row->function || row->mixed || (row->total && row->some_free)))
        return true;
    program->training->never_accumulates =
        row->function ? "this loss is no sum over examples" : "the terms of this loss have several denominators";
    if (program->training->accumulate == 1)
        return true;
    if (row->function) {
        error_function_accumulated(program, at->span, row->function_span);
        return false;
    }
    collect(l, row, &leaves);
    for (int i = 0; i < leaves.count; i++) {
        const Node *node = leaves.items[i];
        first = first && (!row->mixed || !is_free(first)) ? first : node;
        if (strcmp(loss_denominator(node), loss_denominator(first)) != 0)
            other = node;
    }
    error_denominators(program, at->span, first, other);
    return false;
}

static void finish_row(Lower *l, LossRow *row, const char *name, const Ast *at)
{
    scalar_know_row(l->graph, row);
    row->row = l->row;
    row->name = name;
    vec_push(l->program->arena, &l->graph->losses, *row);
    int report = name ? add_report(l, name, true) : 0;
    bool sum = row->divisor && !row->mixed && strcmp(loss_denominator(row->divisor), "1") == 0;
    l->graph->reports.items[report].is_sum = row->total || sum;
    if (!name && check_accumulation(l, row, at))
        lower_chain(l);
}

// The mean of a value per example, which is what is reported of it.
static Node *mean_of(Lower *l, Value *value, const Ast *at)
{
    Ast *call = arena_new(l->program->arena, Ast, 1);
    *call = (Ast){.kind = AST_NAME, .span = at->span, .text = "mean"};
    Node *node = call_bind(l->program, op_choose(op_for_formula(l->program, "mean"), &value), call, 0, &value, l->row);
    if (node)
        lower_add(l, node);
    return node;
}

// The name of a row with a fault: what uses it says nothing.
static void poison(Lower *l, const char *name)
{
    Value *bad = arena_new(l->program->arena, Value, 1);
    bad->path = name;
    bad->type.poisoned = true;
    map_set(&l->model->values, name, bad);
}

static bool is_poisoned(Lower *l, const char *name)
{
    const Value *value = map_get(&l->model->values, name);
    return value && value->type.poisoned;
}

// `name = expression`: a scalar that is reported, or a value per example, whose mean is.
static void lower_named(Lower *l, const Ast *item)
{
    Program *program = l->program;
    const Ast *name = item->child[0]->child[0], *row = item->child[1];
    Operand operand;
    if (item->child[0]->children > 1 || name->kind != AST_NAME) {
        error_not_yet(program, item->child[0]->span, name->kind == AST_INDEX ? "an index statement" : "several names");
        return;
    }
    if (taken(l, name))
        return;
    l->group = name->text;
    lower_row(l, name->text, item, true)->section = SECTION_LOSS;
    if (row->has_when || row->children > 1) {
        error_not_yet(program, row->span, row->has_when ? "`when`" : "`->` in the loss section");
        return;
    }
    if (!lower_expression(l, row->child[0], &operand)) {
        poison(l, name->text);
        return;
    }
    if (operand.kind == OPERAND_VALUE) {
        Value *value = operand.value;
        LossRow mean = {0};
        Term term = {.factor = 1, .node = value->type.rank > 0 ? mean_of(l, value, row->child[0]) : NULL};
        lower_finish_row(l, value);
        map_set(&l->model->values, name->text, value);
        if (term.node) {
            vec_push(program->arena, &mean.terms, term);
            finish_row(l, &mean, name->text, item);
        }
        return;
    }
    if (operand.kind == OPERAND_CONSTANT) {
        error_row(program, row->span, "a constant is nothing to report", "write `const` at the top level");
        return;
    }
    LossRow scalar = operand.scalar, *known = arena_new(program->arena, LossRow, 1);
    lower_finish_row(l, NULL);
    finish_row(l, &scalar, name->text, item);
    known->constant = l->graph->losses.count - 1; // its place, which a Term refers to
    map_set(&l->scalars, name->text, known);
}

static void lower_objective(Lower *l, const Ast *item)
{
    Program *program = l->program;
    Operand operand;
    l->group = "loss";
    lower_row(l, "loss", item, true)->section = SECTION_LOSS;
    if (item->kind == AST_ROW && (item->children > 1 || item->has_when)) {
        error_not_yet(program, item->span, item->has_when ? "`when`" : "`->` in the loss section");
        return;
    }
    if (item->kind != AST_ROW) {
        error_row(program, item->span, "the last row of `loss` is the objective: one scalar",
            "for example cross_entropy(logits, y)");
        return;
    }
    if (!lower_expression(l, item->child[0], &operand))
        return;
    if (operand.kind != OPERAND_SCALAR || operand.scalar.terms.count == 0) {
        error_objective(program, item->span, operand.kind == OPERAND_VALUE ? operand.value : NULL);
        return;
    }
    lower_finish_row(l, NULL);
    finish_row(l, &operand.scalar, NULL, item);
}

// The objective's factor is for the sum over examples: where the mean is over all elements of an example, each weighs
// less by their number.
static void divide_factors(Graph *graph)
{
    for (int i = 0; i < graph->nodes.count; i++) {
        Node *node = graph->nodes.items[i];
        const Rule *rule = node->op->kind == OP_LOSS ? call_denominator(node) : NULL;
        if (rule && strcmp(rule->value, "$valid") == 0 && !node->d_divided)
            node->d_loss /= call_number(node, "P");
    }
}

void lower_loss(Lower *l, const Ast *body)
{
    Env *around = l->env;
    l->env = env_of_section(l, body);
    add_report(l, "loss", true);
    int last = body->children - 1; // row
    while (last >= 0 && body->child[last]->kind == AST_CONST)
        last--;
    if (last < 0)
        error_row(l->program, body->span, "`loss` is empty", "its last row is the objective");
    for (int i = 0; i < body->children; i++) {
        const Ast *item = body->child[i];
        if (item->kind == AST_ERROR || item->kind == AST_CONST)
            continue;
        if (item->kind == AST_RULE || item->kind == AST_NAMED || item->kind == AST_REPEAT)
            error_row(l->program, item->span, "a row of `loss` is `name = formula`, or the objective", NULL);
        else if (item->kind == AST_LET)
            lower_named(l, item);
        else if (i < last)
            error_row(l->program, item->span, "only the last row of `loss` may be without a name",
                "name it, and it is logged");
        else
            lower_objective(l, item);
    }
    if (l->graph->scalars.count > SCALARS_MOST)
        error_row(l->program, body->span, "`loss` has too many scalars in formulas and sums", "more than 64");
    if (last >= 0 && body->child[last]->kind == AST_LET && !diags_errors(l->program->diags))
        error_row(l->program, body->child[last]->span, "the last row of `loss` is the objective",
            "it has no name");
    divide_factors(l->graph);
    l->env = around;
}

static bool is_report(const void *data, const char *name)
{
    const Lower *l = data;
    for (int i = 0; i < l->graph->reports.count; i++)
        if (strcmp(l->graph->reports.items[i].name, name) == 0)
            return true;
    return false;
}

static void metric_fault(void *data, const Ast *at, const char *message)
{
    Lower *l = data;
    const char *names[64];
    int count = 0;
    for (; count < l->graph->reports.count && count < 64; count++)
        names[count] = l->graph->reports.items[count].name;
    if (message)
        error_row(l->program, at->span, message, NULL);
    else if (at->kind == AST_NAME && is_poisoned(l, at->text))
        return;
    else if (at->kind == AST_NAME)
        error_unknown_name(l->program, at->span, at->text, "metric", names, count);
    else
        lower_unknown(l, at);
}

// An expression over `loss`, named rows and metrics above: evaluated on totals.
static bool metric_expression(Lower *l, const Ast *ast)
{
    return formula_check(&l->env->constants, ast, is_report, metric_fault, l);
}

void lower_metrics(Lower *l, const Ast *body)
{
    Env *around = l->env;
    l->env = env_of_section(l, body);
    l->program->metric_constants = &l->env->constants;
    for (int i = 0; i < body->children; i++) {
        const Ast *item = body->child[i];
        Operand operand;
        if (item->kind == AST_ERROR || item->kind == AST_CONST)
            continue;
        const Ast *name = item->kind == AST_LET ? item->child[0]->child[0] : NULL;
        if (!name || item->child[0]->children > 1 || name->kind != AST_NAME || item->child[1]->children > 1) {
            error_row(l->program, item->span, "a row of `metrics` is `name = metric(...)`",
                "for example acc = accuracy(logits, y)");
            continue;
        }
        if (taken(l, name))
            continue;
        l->group = name->text;
        lower_row(l, name->text, item, true)->section = SECTION_METRICS;
        const Ast *expression = item->child[1]->child[0];
        MetricRow metric = {.row = l->row, .name = name->text};
        const Op *op = expression->kind == AST_CALL && expression->child[0]->kind == AST_NAME
            ? op_for_formula(l->program, expression->child[0]->text) : NULL;
        if (op && op->kind == OP_METRIC) {
            if (!lower_expression(l, expression, &operand)) {
                poison(l, name->text);
                continue;
            }
            lower_finish_row(l, NULL);
            metric.node = operand.scalar.terms.items[0].node;
        } else if (metric_expression(l, expression))
            metric.expression = expression;
        else {
            poison(l, name->text);
            continue;
        }
        add_report(l, name->text, false);
        vec_push(l->program->arena, &l->graph->metrics, metric);
    }
    l->env = around;
}
