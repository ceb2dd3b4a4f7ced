// The formulas of the loss section: a function for each, with its derivatives, of plain numbers; and the rows that are
// computed from their scalars where all examples are together: of a batch, of a split, of what a line of the log is about.
// Input: graph->losses, scalars. Output: C between forward and loss().
#include "scalars.h"
#include "../fn.h"
#include "../scalar_text.h"
#include "../lower.h"
#include <string.h>

bool emit_has_totals(const Program *program)
{
    bool any = false;
    for (int i = 0; i < program->graph->losses.count; i++)
        any |= program->graph->losses.items[i].total;
    return any;
}

// -------------------------------------------------------------------------------------------------------- functions

static ExprText body_of(Graph *graph, const Expr *e)
{
    Text taken = text_new(graph->arena);
    for (int i = 0; i < graph->scalars.count; i++)
        text_add(&taken, "%s ", graph->scalars.items[i].variable->text);
    return expr_write(graph->scalar_pool, expr_expand(graph->scalar_pool, e), taken.data);
}

static void write_function(Writer *w, Program *program, const char *name, const Expr *e)
{
    Graph *graph = program->graph;
    writer_function(w, "static double %s(%s)", name, scalar_arguments(graph, e, "double "));
    emit_expression(w, body_of(graph, e).c, "double");
    writer_close(w, "%s", "");
    writer_blank(w);
}

void emit_scalar_functions(Writer *w, Program *program)
{
    Graph *graph = program->graph;
    for (int i = 0; i < graph->losses.count; i++) {
        const LossRow *row = &graph->losses.items[i];
        if (!row->formula)
            continue;
        writer_comment(w, "%s", row->row->text);
        write_function(w, program, scalar_function(graph, row), row->formula);
        for (int k = 0; k < graph->scalar_lines.count; k++) {
            const ScalarLine *line = &graph->scalar_lines.items[k];
            if (line->row != row || !line->derivative)
                continue;
            writer_comment(w, "%s", scalar_line_formula(graph, line));
            write_function(w, program,
                scalar_derivative_function(graph, row, &graph->scalars.items[line->target]), line->derivative);
        }
    }
}

void emit_scalar_text(const Program *program, Text *text)
{
    Graph *graph = program->graph;
    for (int i = 0; i < graph->losses.count; i++)
        if (graph->losses.items[i].formula)
            emit_expression_text(text, body_of(graph, graph->losses.items[i].formula).c);
    for (int k = 0; k < graph->scalar_lines.count; k++)
        if (graph->scalar_lines.items[k].derivative)
            emit_expression_text(text, body_of(graph, graph->scalar_lines.items[k].derivative).c);
}

// ------------------------------------------------------------------------------------------------------------- rows

const char *emit_scalar(const Program *program, const char *l, const Scalar *scalar)
{
    const Graph *graph = program->graph;
    bool sum = scalar->node ? strcmp(loss_denominator(scalar->node), "1") == 0
                            : graph->reports.items[scalar->report].is_sum;
    return arena_format(program->arena, sum ? "%s%s.sum" : "mean_of(%s%s)", l, scalar->member);
}

const char *emit_scalar_call(const Program *program, const char *l, const LossRow *row)
{
    Graph *graph = program->graph;
    Text text = text_new(program->arena);
    const Expr *e = expr_expand(graph->scalar_pool, row->formula);
    for (int i = 0; i < graph->scalars.count; i++)
        if (expr_mentions(e, graph->scalars.items[i].variable))
            text_add(&text, "%s%s", text.length ? ", " : "", emit_scalar(program, l, &graph->scalars.items[i]));
    return arena_format(program->arena, "%s(%s)", scalar_function(graph, row), text.data);
}

// A total row without a formula: its scalars with their factors.
static const char *sum_text(const Program *program, const LossRow *row)
{
    const Graph *graph = program->graph;
    Text text = text_new(program->arena);
    for (int i = 0; i < row->terms.count; i++) {
        const Term *term = &row->terms.items[i];
        const Scalar *scalar = &graph->scalars.items[scalar_find(graph, term->node, term->report)];
        double size = i > 0 && term->factor < 0 ? -term->factor : term->factor;
        text_string(&text, i == 0 ? "" : term->factor < 0 ? " - " : " + ");
        if (size == -1)
            text_string(&text, "-");
        else if (size != 1)
            text_add(&text, "%s * ", shortest(program->arena, size));
        text_string(&text, emit_scalar(program, "l->", scalar));
    }
    if (row->constant != 0)
        text_add(&text, " + %s", shortest(program->arena, row->constant));
    return text.data;
}

static void emit_rows_function(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    writer_comment(w, "Rows that are no sums over examples, from the rows and losses that are: of whatever examples "
                      "have been added up.");
    writer_function(w, "static void loss_rows(struct Loss *l)");
    for (int i = 0; i < graph->losses.count; i++) {
        const LossRow *row = &graph->losses.items[i];
        const char *member = graph->reports.items[row->name ? i + 1 : 0].member;
        if (!row->total)
            continue;
        writer_comment(w, "%s", row->row->text);
        writer_line(w, "l->%s.sum = %s;", member,
            row->formula ? emit_scalar_call(program, "l->", row) : sum_text(program, row));
        writer_line(w, "l->%s.denominator = 1;", member);
    }
    writer_close(w, "%s", "");
    writer_blank(w);
}

void emit_loss_rows(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    bool totals = emit_has_totals(program);
    if (totals)
        emit_rows_function(w, program);
    writer_comment(w, "The examples of both.");
    writer_function(w, "static void loss_add(struct Loss *to, const struct Loss *more)");
    for (int i = 0; i < graph->reports.count; i++) {
        const Report *report = &graph->reports.items[i];
        bool total = false;
        for (int k = 0; k < graph->losses.count; k++)
            total |= (graph->losses.items[k].name ? k + 1 : 0) == i && graph->losses.items[k].total;
        if (report->in_loss && !total)
            writer_line(w, "mean_add(&to->%s, more->%s);", report->member, report->member);
    }
    for (int i = 0; i < graph->scalars.count; i++)
        if (graph->scalars.items[i].node)
            writer_line(w, "mean_add(&to->%s, more->%s);", graph->scalars.items[i].member,
                graph->scalars.items[i].member);
    if (totals)
        writer_line(w, "loss_rows(to);");
    writer_close(w, "%s", "");
    writer_blank(w);
}
