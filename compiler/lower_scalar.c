// Scalars of the loss section. As long as it can be, a scalar is a sum of losses with factors, which is what makes
// accumulation exact (LANGUAGE 10.19); products, quotients and functions of scalars are formulas (expr.h) over those
// that stand by themselves. Input: operands. Output: a LossRow without a row; graph->scalars.
#include "errors_model.h"
#include "errors_syntax.h"
#include "fn.h"
#include "lower.h"
#include <string.h>

void scalar_scale(Arena *arena, LossRow *row, double factor)
{
    LossRow result = {.constant = row->constant * factor};
    for (int i = 0; i < row->terms.count; i++) {
        Term term = row->terms.items[i];
        term.factor *= factor;
        vec_push(arena, &result.terms, term);
    }
    *row = result;
}

static LossRow scalar_of(const Operand *operand)
{
    if (operand->kind == OPERAND_SCALAR)
        return operand->scalar;
    return (LossRow){.constant = operand->number};
}

// -------------------------------------------------------------------------------------- scalars by themselves

// A loss is called after its row and what it is: loss__mean, loss__mean_2.
static const char *name_of(const Graph *graph, const Node *node)
{
    const char *first = arena_format(graph->arena, "%s__%s", node->row->path, node->op->name), *name = first;
    for (int k = 2, i = 0; i < graph->scalars.count; i++)
        if (strcmp(graph->scalars.items[i].name, name) == 0) {
            name = arena_format(graph->arena, "%s_%d", first, k++);
            i = -1;
        }
    return name;
}

// A variable of its own, whatever fn_c_name makes of the name.
static const Expr *variable_of(Graph *graph, const char *name, int place)
{
    const char *text = fn_c_name(graph->arena, name);
    for (int i = 0; i < graph->scalars.count; i++)
        if (strcmp(graph->scalars.items[i].variable->text, text) == 0) {
            text = arena_format(graph->arena, "%s_", text);
            i = -1;
        }
    return expr_variable(graph->scalar_pool, text, place % SCALARS_MOST);
}

int scalar_find(const Graph *graph, const Node *node, int report)
{
    for (int i = 0; i < graph->scalars.count; i++)
        if (graph->scalars.items[i].node == node && graph->scalars.items[i].report == report)
            return i;
    return -1;
}

int scalar_by_itself(Graph *graph, const Node *node, int report)
{
    int known = scalar_find(graph, node, report), place = graph->scalars.count;
    if (known >= 0)
        return known;
    Scalar scalar = {.node = node, .report = report};
    scalar.name = node ? name_of(graph, node) : graph->reports.items[report].name;
    scalar.member = node ? scalar.name : graph->reports.items[report].member;
    if (!graph->scalar_pool) {
        graph->scalar_pool = expr_pool(graph->arena);
        graph->scalar_pool->doubles = true;
    }
    scalar.variable = variable_of(graph, scalar.name, place);
    vec_push(graph->arena, &graph->scalars, scalar);
    return place;
}

bool scalar_is_free(const Graph *graph, const Scalar *scalar)
{
    return scalar->node ? strcmp(loss_denominator(scalar->node), "free") == 0
                        : graph->losses.items[scalar->report - 1].all_free;
}

const Expr *scalar_expression(Graph *graph, const LossRow *row)
{
    ExprPool *pool = graph->scalar_pool;
    const Expr *sum = NULL;
    for (int i = 0; i < row->terms.count; i++) {
        const Term *term = &row->terms.items[i];
        int scalar = term->formula ? -1 : scalar_by_itself(graph, term->node, term->report);
        const Expr *e = scalar < 0 ? term->formula : graph->scalars.items[scalar].variable;
        pool = graph->scalar_pool;
        double size = term->factor < 0 ? -term->factor : term->factor;
        if (size != 1)
            e = expr_product(pool, expr_number(pool, size), e);
        sum = !sum ? (term->factor < 0 ? expr_negation(pool, e) : e)
            : term->factor < 0 ? expr_difference(pool, sum, e) : expr_sum(pool, sum, e);
    }
    if (row->constant == 0)
        return sum;
    return row->constant < 0 ? expr_difference(pool, sum, expr_number(pool, -row->constant))
                             : expr_sum(pool, sum, expr_number(pool, row->constant));
}

// ------------------------------------------------------------------------------------------------- formulas

// The tree with the operands from child `from` on replaced by names, which no program has, for their expressions.
bool lower_scalar_formula(Lower *l, const Ast *ast, int from, const Operand *operands, int count, Operand *out)
{
    static const char *const words[] = {" 0", " 1", " 2", " 3"};
    Arena *arena = l->program->arena;
    Graph *graph = l->graph;
    const Expr *is[4];
    Ast *copy = arena_new(arena, Ast, 1);
    *copy = *ast;
    copy->child = arena_new(arena, Ast *, ast->children);
    memcpy(copy->child, ast->child, (size_t)ast->children * sizeof *ast->child);
    for (int i = 0; i < count && i < 4; i++) {
        if (operands[i].kind != OPERAND_SCALAR)
            continue;
        is[i] = scalar_expression(graph, &operands[i].scalar);
        Ast *name = arena_new(arena, Ast, 1);
        *name = (Ast){.kind = AST_NAME, .span = operands[i].span, .text = words[i]};
        copy->child[from + i] = name;
    }
    Fn fn = {.pool = graph->scalar_pool, .constants = &l->env->constants};
    FnNames names = {l->program, &fn, words, is, count, count};
    const Expr *e = fn_build(&names, copy);
    if (!e)
        return false;
    Term term = {.factor = 1, .formula = e, .span = ast->span};
    *out = (Operand){.kind = OPERAND_SCALAR, .span = ast->span};
    vec_push(arena, &out->scalar.terms, term);
    return true;
}

bool lower_combine(Lower *l, const Ast *ast, const Operand *a, const Operand *b, Operand *out)
{
    Arena *arena = l->program->arena;
    LossRow x = scalar_of(a), y = scalar_of(b);
    const char *sign = ast->text;
    bool a_constant = a->kind == OPERAND_CONSTANT, b_constant = b->kind == OPERAND_CONSTANT;
    *out = (Operand){.kind = OPERAND_SCALAR, .span = ast->span};
    if (strcmp(sign, "+") == 0 || strcmp(sign, "-") == 0) {
        scalar_scale(arena, &x, 1);
        scalar_scale(arena, &y, *sign == '-' ? -1 : 1);
        x.constant += y.constant;
        for (int i = 0; i < y.terms.count; i++)
            vec_push(arena, &x.terms, y.terms.items[i]);
        out->scalar = x;
        return true;
    }
    if (strcmp(sign, "*") == 0 && (a_constant || b_constant)) {
        scalar_scale(arena, a_constant ? &y : &x, a_constant ? a->number : b->number);
        out->scalar = a_constant ? y : x;
        return true;
    }
    if (strcmp(sign, "/") == 0 && b_constant && b->number == 0) {
        error_zero(l->program->diags, ast->child[1]->span, "/");
        return false;
    }
    if (strcmp(sign, "/") == 0 && b_constant) {
        scalar_scale(arena, &x, 1 / b->number);
        out->scalar = x;
        return true;
    }
    if (strcmp(sign, "//") == 0 || strchr("%&|", *sign)) {
        error_not_yet(l->program, ast->span, arena_format(arena, "`%s` between values", sign));
        return false;
    }
    const Operand both[] = {*a, *b};
    return lower_scalar_formula(l, ast, 0, both, 2, out);
}

// ------------------------------------------------------------------------------------------------------ rows

// What a row is made of, also of the rows that it names.
static void know_loss(LossRow *row, const Node *node)
{
    if (strcmp(loss_denominator(node), "free") == 0) {
        row->some_free = true;
        return;
    }
    row->mixed |= row->divisor && strcmp(loss_denominator(node), loss_denominator(row->divisor)) != 0;
    row->divisor = row->divisor ? row->divisor : node;
}

static void know_row(LossRow *row, const LossRow *other)
{
    if (other->function && !row->function)
        row->function_span = other->function_span;
    row->function |= other->function;
    row->mixed |= other->mixed;
    row->some_free |= other->some_free;
    row->some_constant |= other->some_constant;
    if (other->divisor)
        know_loss(row, other->divisor);
}

static void know_formula(const Graph *graph, LossRow *row, const Term *term)
{
    bool is_free = true;
    for (int i = 0; i < graph->scalars.count; i++)
        if (expr_mentions(term->formula, graph->scalars.items[i].variable))
            is_free &= scalar_is_free(graph, &graph->scalars.items[i]);
    row->some_free |= is_free;
    if (!is_free && !row->function)
        row->function_span = term->span;
    row->function |= !is_free;
}

// The formula of a row, if any of its terms has one: the whole of a total row, else what its terms with one come to.
static void join_formulas(Graph *graph, LossRow *row)
{
    LossRow formulas = {0};
    for (int i = 0; i < row->terms.count; i++)
        if (row->terms.items[i].formula)
            vec_push(graph->arena, &formulas.terms, row->terms.items[i]);
    if (formulas.terms.count > 0)
        row->formula = scalar_expression(graph, row->total ? row : &formulas);
    for (int i = 0; i < row->terms.count && row->total; i++)
        if (!row->terms.items[i].formula)
            scalar_by_itself(graph, row->terms.items[i].node, row->terms.items[i].report);
}

void scalar_know_row(Graph *graph, LossRow *row)
{
    row->some_constant = row->constant != 0;
    for (int i = 0; i < row->terms.count; i++) {
        const Term *term = &row->terms.items[i];
        if (term->formula)
            know_formula(graph, row, term);
        else if (term->report > 0)
            know_row(row, &graph->losses.items[term->report - 1]);
        else
            know_loss(row, term->node);
    }
    bool sum = row->divisor && strcmp(loss_denominator(row->divisor), "1") == 0;
    row->all_free = !row->divisor && !row->function;
    row->total = row->function || row->mixed || (sum && (row->some_free || row->some_constant));
    join_formulas(graph, row);
}
