// The chain rule over the scalars of the loss section, from the objective back: what the objective's derivative by each
// loss is. Of a weighted sum it is a number; what goes through a formula has a line of backward of its own, d->rec =
// ..., and so has every scalar that a formula reads. Input: graph->losses, scalars. Output: d_loss of the nodes;
// scalar_lines; which scalars are kept.
#include "lower.h"
#include <string.h>

// What stands for a line in templates: a factor, and nothing that the data decide.
static const Op line_op = {.name = "line", .kind = OP_INTERNAL, .denominator = {{.value = "free"}}};

typedef struct {
    Program *program;
    Graph *graph;
    bool *reached;
    double *factor;       // of each row, where that is all
    const Node *divisor;  // of the objective
    bool scales;          // the step divides the objective: what the data do not decide is multiplied by that
} ChainRule;

static int scalar_of_row(const ChainRule *c, int row) { return scalar_find(c->graph, NULL, row + 1); }

static bool is_kept(const ChainRule *c, int row)
{
    int scalar = scalar_of_row(c, row);
    return scalar >= 0 && c->graph->scalars.items[scalar].kept;
}

static bool in_formula(const LossRow *row, const Term *term)
{
    return row->formula && (row->total || term->formula);
}

// Which rows the objective depends on, and which have a derivative of their own: those in formulas, and what they sum
// up.
static void find_kept(ChainRule *c)
{
    Graph *graph = c->graph;
    for (int i = graph->losses.count - 1; i >= 0; i--) {
        const LossRow *row = &graph->losses.items[i];
        if (!c->reached[i])
            continue;
        for (int k = 0; k < graph->scalars.count && row->formula; k++) {
            Scalar *scalar = &graph->scalars.items[k];
            if (expr_passes(row->formula, scalar->variable) && !scalar->node)
                scalar->kept = c->reached[scalar->report - 1] = true;
        }
        for (int k = 0; k < row->terms.count; k++) {
            const Term *term = &row->terms.items[k];
            if (term->report == 0 || in_formula(row, term))
                continue;
            c->reached[term->report - 1] = true;
            int scalar = is_kept(c, i) ? scalar_by_itself(graph, NULL, term->report) : -1;
            if (scalar >= 0)
                graph->scalars.items[scalar].kept = true;
        }
    }
}

static void add_to_loss(const ChainRule *c, int row, Node *node, double factor)
{
    node->in_objective = true;
    node->d_loss += factor;
    node->d_of = is_kept(c, row) ? c->graph->scalars.items[scalar_of_row(c, row)].member : NULL;
    bool is_free = strcmp(loss_denominator(node), "free") == 0;
    node->d_scaled = is_free && c->scales && !node->d_of;
    node->d_scale = c->divisor;
    node->d_divided = !is_free && (!c->scales || node->d_of);
}

static void add_line(const ChainRule *c, int row, int target, double factor, const Expr *derivative)
{
    Graph *graph = c->graph;
    Node *node = arena_new(graph->arena, Node, 1);
    ScalarLine line = {node, target, derivative, &graph->losses.items[row], false};
    *node = (Node){.op = &line_op, .row = line.row->row, .span = line.row->row->span, .program = c->program};
    add_to_loss(c, row, node, factor);
    for (int i = 0; i < graph->scalar_lines.count; i++)
        line.adds |= graph->scalar_lines.items[i].target == target;
    graph->scalars.items[target].kept = true;
    for (int i = 0; i < graph->scalars.count && derivative; i++)
        if (expr_mentions(derivative, graph->scalars.items[i].variable))
            graph->scalars.items[i].kept = true;
    vec_push(graph->arena, &graph->scalar_lines, line);
}

// A row of losses or rows with factors.
static void chain_term(const ChainRule *c, int row, Node *node, int report, double factor)
{
    if (node)
        add_to_loss(c, row, node, factor);
    else if (is_kept(c, report - 1))
        add_line(c, row, scalar_of_row(c, report - 1), factor, NULL);
    else
        c->factor[report - 1] += factor;
}

static void chain_formula(const ChainRule *c, int row, double factor)
{
    Graph *graph = c->graph;
    const LossRow *of = &graph->losses.items[row];
    for (int i = 0; i < graph->scalars.count; i++) {
        Scalar scalar = graph->scalars.items[i];
        if (!expr_passes(of->formula, scalar.variable))
            continue;
        const Expr *derivative = expr_derivative(graph->scalar_pool, of->formula, scalar.variable);
        if (derivative->kind == EXPR_NUMBER) {
            chain_term(c, row, (Node *)scalar.node, scalar.report, factor * derivative->number);
            continue;
        }
        add_line(c, row, i, factor, derivative);
        if (scalar.node) {
            Node *node = (Node *)scalar.node;
            add_to_loss(c, row, node, 1);
            node->d_of = scalar.member;
            node->d_scaled = false;
            node->d_divided = strcmp(loss_denominator(node), "free") != 0;
        }
    }
}

void lower_chain(Lower *l)
{
    Graph *graph = l->graph;
    int rows = graph->losses.count;
    ChainRule c = {.program = l->program, .graph = graph, .reached = arena_new(graph->arena, bool, rows + 1),
        .factor = arena_new(graph->arena, double, rows + 1)};
    if (rows == 0 || graph->losses.items[rows - 1].name)
        return;
    const LossRow *objective = &graph->losses.items[rows - 1];
    c.divisor = objective->divisor;
    c.scales = !graph->reports.items[0].is_sum;
    c.reached[rows - 1] = true;
    c.factor[rows - 1] = 1;
    find_kept(&c);
    for (int i = rows - 1; i >= 0; i--) {
        const LossRow *row = &graph->losses.items[i];
        double factor = is_kept(&c, i) ? 1 : c.factor[i];
        for (int k = 0; k < row->terms.count && c.reached[i]; k++) {
            const Term *term = &row->terms.items[k];
            if (!in_formula(row, term))
                chain_term(&c, i, term->node, term->report, factor * term->factor);
        }
        if (row->formula && c.reached[i])
            chain_formula(&c, i, factor);
    }
}
