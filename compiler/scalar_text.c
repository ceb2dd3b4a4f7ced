// Formulas of the loss section as text. The function of a row is called after it, its arguments are the scalars that it
// mentions; so is that of a derivative. Input: graph->losses, scalars, scalar_lines. Output: pieces of C for
// autodiff.c and emit/scalars.c.
#include "scalar_text.h"
#include "fn.h"
#include <string.h>

const char *scalar_row_name(const LossRow *row) { return row->name ? row->name : "loss"; }

const char *scalar_function(Graph *graph, const LossRow *row)
{
    return arena_format(graph->arena, "%s__of", scalar_row_name(row));
}

// In its own row a loss is called without the row: "mean" of "ratio__mean".
static const char *short_name(const LossRow *row, const Scalar *scalar)
{
    size_t n = strlen(scalar_row_name(row));
    return scalar->node && strncmp(scalar->name, scalar_row_name(row), n) == 0 ? scalar->name + n + 2 : scalar->name;
}

const char *scalar_derivative_function(Graph *graph, const LossRow *row, const Scalar *scalar)
{
    return arena_format(graph->arena, "%s__by_%s", scalar_row_name(row), short_name(row, scalar));
}

const char *scalar_arguments(Graph *graph, const Expr *e, const char *prefix)
{
    Text text = text_new(graph->arena);
    e = expr_expand(graph->scalar_pool, e);
    for (int i = 0; i < graph->scalars.count; i++) {
        const Scalar *scalar = &graph->scalars.items[i];
        if (expr_mentions(e, scalar->variable))
            text_add(&text, "%s%s%s", text.length ? ", " : "", prefix,
                strchr(prefix, ' ') ? scalar->variable->text : scalar->member);
    }
    return text.data;
}

const char *scalar_quotient(Graph *graph, const LossRow *row, const Scalar *scalar)
{
    return arena_format(graph->arena, "d %s / d %s", scalar_row_name(row), scalar->name);
}

const char *scalar_line_c(Graph *graph, const ScalarLine *line)
{
    const Scalar *target = &graph->scalars.items[line->target];
    const Node *node = line->node;
    bool one = node->d_loss == 1 && !node->d_scaled && !node->d_of && line->derivative;
    const char *call = line->derivative
        ? arena_format(graph->arena, "%s(%s)", scalar_derivative_function(graph, line->row, target),
              scalar_arguments(graph, line->derivative, "v->"))
        : "";
    return arena_format(graph->arena, "d->%s %s %s%s%s;", target->member, line->adds ? "+=" : "=", one ? "" : "$d_loss",
        one || !line->derivative ? "" : " * ", call);
}

const char *scalar_line_text(Graph *graph, const ScalarLine *line)
{
    const Node *node = line->node;
    const char *formula = scalar_line_formula(graph, line), *right = formula ? strstr(formula, " = ") + 3 : NULL;
    bool one = node->d_loss == 1 && (node->d_of || right);
    bool first = one && !node->d_of, sum = right && strpbrk(right, ",+") && !first;
    if (right && !first && strncmp(right, "1 / ", 4) == 0)
        right += 2;
    return arena_format(graph->arena, "%s%s%s%s%s%s%s%s", one ? "" : shortest(graph->arena, node->d_loss),
        one || !node->d_of ? "" : " ", node->d_of ? "d " : "", node->d_of ? node->d_of : "",
        right && !first ? " " : "", sum ? "(" : "", right ? right : "", sum ? ")" : "");
}

const char *scalar_line_formula(Graph *graph, const ScalarLine *line)
{
    if (!line->derivative)
        return NULL;
    ExprText text = expr_write(graph->scalar_pool, expr_expand(graph->scalar_pool, line->derivative), "");
    return arena_format(graph->arena, "%s = %s", scalar_quotient(graph, line->row, &graph->scalars.items[line->target]),
        text.formula);
}
