// The criterion and the metrics: struct Loss, loss, struct Metrics, metrics_add, metrics_result. Sums and denominators, which
// are divided where all examples are together.
#include "../names.h"
#include "learning_rate.h" // formula_text
#include "rows.h"
#include "scalars.h"
#include <string.h>

// --------------------------------------------------------------------------------------------------------- loss

// The sum of a loss over the n examples, or the value of what the data do not decide.
static const char *node_text(const Node *node)
{
    Arena *arena = node->program->arena;
    const Rule *rule = call_forward(node, true), *denominator = call_denominator(node);
    Statement s = {.node = (Node *)node, .rule = rule};
    const char *text = statement_expand(&s, rule->value, false, NULL, NULL);
    double P = call_number(node, "P");
    bool mean = denominator && strcmp(denominator->value, "$valid") == 0 && P > 1;
    return mean ? arena_format(arena, "%s / %.0f", text, P) : text;
}

static bool is_free(const Node *node) { return strcmp(loss_denominator(node), "free") == 0; }

// A term of a row that is divided by `divisor`: its sum; what the data do not decide counts for each of them.
static const char *term_text(Program *program, const Term *term, const char *divisor)
{
    Arena *arena = program->arena;
    const Graph *graph = program->graph;
    const char *text;
    if (term->report > 0) {
        const LossRow *row = &graph->losses.items[term->report - 1];
        const char *own = row->divisor ? denominator_c(row->divisor) : "n";
        const char *member = graph->reports.items[term->report].member;
        text = arena_format(arena, "l.%s.sum", member);
        if (strcmp(own, divisor) != 0)
            text = arena_format(arena, "%s * %s / l.%s.denominator", divisor, text, member);
    } else {
        text = node_text(term->node);
        if (is_free(term->node) && strcmp(divisor, "1") != 0)
            text = arena_format(arena, "%s * %s", divisor, text);
    }
    if (term->factor == 1)
        return text;
    if (term->factor == -1)
        return arena_format(arena, "-%s", text);
    return arena_format(arena, "%s * %s", shortest(arena, term->factor), text);
}

static const char *loss_formula(Program *program, const LossRow *row)
{
    Text formula = text_new(program->arena);
    for (int i = 0; i < row->terms.count; i++) {
        const Term *term = &row->terms.items[i];
        const Rule *rule = term->node ? call_forward(term->node, true) : NULL;
        if (rule && rule->formula)
            text_add(&formula, "%s%s", formula.length ? ";  " : "", rule->formula);
    }
    return formula.data;
}

// The losses of a row that stand by themselves.
static void write_parts(Writer *w, const Graph *graph, const LossRow *row)
{
    for (int i = 0; i < graph->scalars.count; i++) {
        const Scalar *scalar = &graph->scalars.items[i];
        if (!scalar->node || scalar->node->row != row->row)
            continue;
        const char *denominator = denominator_c(scalar->node), *times = is_free(scalar->node) ? "n * " : "";
        writer_line(w, "l.%s.sum = %s%s;", scalar->member, times, node_text(scalar->node));
        writer_line(w, "l.%s.denominator = %s;", scalar->member, denominator);
    }
}

static void write_loss_row(Writer *w, Program *program, const LossRow *row, const Report *report)
{
    Arena *arena = program->arena;
    const char *divisor = row->divisor ? denominator_c(row->divisor) : "n";
    Text sum = text_new(arena);
    write_parts(w, program->graph, row);
    if (row->total)
        return;
    for (int i = 0; i < row->terms.count; i++) {
        const Term *term = &row->terms.items[i];
        const char *text = term->formula ? NULL : term_text(program, term, divisor);
        if (text && !sum.length)
            text_string(&sum, text);
        else if (text)
            text_add(&sum, " %c %s", *text == '-' ? '-' : '+', *text == '-' ? text + 1 : text);
    }
    if (row->formula)
        text_add(&sum, "%s%s * %s", sum.length ? " + " : "", divisor, emit_scalar_call(program, "l.", row));
    if (row->constant != 0)
        text_add(&sum, " + %s * %s", shortest(arena, row->constant), divisor);
    writer_line(w, "l.%s.sum = %s;", report->member, sum.data);
    writer_line(w, "l.%s.denominator = %s;", report->member, divisor);
}

// What is no sum over the examples, and the scalars that backward reads.
static void write_scalars(Writer *w, const Program *program)
{
    const Graph *graph = program->graph;
    bool any = false;
    if (emit_has_totals(program)) {
        writer_blank(w);
        writer_line(w, "loss_rows(&l);");
    }
    for (int i = 0; i < graph->scalars.count; i++) {
        const Scalar *scalar = &graph->scalars.items[i];
        if (!scalar->kept)
            continue;
        if (!any) {
            writer_blank(w);
            writer_comment(w, "for backward");
        }
        any = true;
        writer_line(w, "v->%s = %s;", scalar->member, emit_scalar(program, "l.", scalar));
    }
}

static bool loss_stores(const Graph *graph)
{
    bool stores = graph->loss.count > 0;
    for (int i = 0; i < graph->scalars.count; i++)
        stores |= graph->scalars.items[i].kept;
    return stores;
}

static void write_struct(Writer *w, const Program *program)
{
    const Graph *graph = program->graph;
    writer_comment(w, "The criterion over some examples, and the values of named rows.");
    writer_open(w, "struct Loss");
    for (int i = 0; i < graph->reports.count; i++)
        if (graph->reports.items[i].in_loss)
            writer_line(w, "struct Mean %s;", graph->reports.items[i].member);
    for (int i = 0; i < graph->scalars.count; i++)
        if (graph->scalars.items[i].node)
            writer_line(w, "struct Mean %s; /* %s */", graph->scalars.items[i].member,
                graph->scalars.items[i].node->stage);
    writer_close(w, ";");
    writer_blank(w);
}

void emit_loss(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    write_struct(w, program);
    emit_scalar_functions(w, program);
    emit_loss_rows(w, program);
    writer_comment(w, "Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is done "
                      "where all examples are together: for a step in train(), for an evaluation at its end.");
    writer_function(w, "static struct Loss loss(%sstruct Values *v, int n)", loss_stores(graph) ? "" : "const ");
    writer_line(w, "struct Loss l;");
    for (int r = 0; r < graph->rows.count; r++) {
        const Row *row = graph->rows.items[r];
        if (row->section != SECTION_LOSS)
            continue;
        const LossRow *loss = NULL;
        int report = 0;
        for (int i = 0; i < graph->losses.count; i++)
            if (graph->losses.items[i].row == row) {
                loss = &graph->losses.items[i];
                report = loss->name ? i + 1 : 0;
            }
        writer_blank(w);
        const char *formula = loss ? loss_formula(program, loss) : "";
        writer_comment(w, "%s%s%s%s%s", row->comment, *row->comment ? "\n" : "", row->text,
            *formula ? "        " : "", formula);
        for (int k = 0; k < graph->loss.count; k = emit_row_end(&graph->loss, k))
            if (graph->loss.items[k].node->row == row)
                emit_row(w, program, &graph->loss, k, emit_row_end(&graph->loss, k));
        if (loss)
            write_loss_row(w, program, loss, &graph->reports.items[report]);
    }
    write_scalars(w, program);
    writer_line(w, "return l;");
    writer_close(w, "%s", "");
    writer_blank(w);
}

// ------------------------------------------------------------------------------------------------------ metrics


// What a metric is computed from: the reports above it.
typedef struct {
    const Program *program;
    int count;
} Results;

static const char *result_text(const void *data, const char *name)
{
    const Results *results = data;
    for (int i = 0; i < results->count; i++)
        if (strcmp(results->program->graph->reports.items[i].name, name) == 0)
            return arena_format(results->program->arena, "result[%d]", i);
    return NULL;
}

// An expression of metrics over the results: result[0] is the loss. `report`: its own place.
static const char *metric_text(const Program *program, const Ast *expression, int report)
{
    const Results results = {program, report};
    return formula_text(program->arena, program->metric_constants, expression, result_text, &results);
}

void emit_metrics(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    writer_comment(w, "What an evaluation adds up.");
    writer_open(w, "struct Metrics");
    writer_line(w, "struct Loss l;");
    for (int i = 0; i < graph->reports.count; i++)
        if (!graph->reports.items[i].in_loss)
            writer_line(w, "struct Mean %s;", graph->reports.items[i].member);
    writer_close(w, ";");
    writer_blank(w);

    writer_function(w, "static void metrics_add(struct Metrics *m, %sstruct Values *v, int n)",
        loss_stores(graph) || graph->measured.count > 0 ? "" : "const ");
    writer_line(w, "struct Loss l = loss(v, n);");
    writer_line(w, "loss_add(&m->l, &l);");
    for (int i = 0; i < graph->metrics.count; i++) {
        const MetricRow *metric = &graph->metrics.items[i];
        if (!metric->node)
            continue;
        const Rule *rule = call_forward(metric->node, false);
        Statement s = {.node = metric->node, .rule = rule};
        const char *member = name_member(program->arena, metric->name);
        writer_blank(w);
        writer_comment(w, "%s", metric->row->text);
        for (int k = 0; k < graph->measured.count; k = emit_row_end(&graph->measured, k))
            if (graph->measured.items[k].node->row == metric->row)
                emit_row(w, program, &graph->measured, k, emit_row_end(&graph->measured, k));
        writer_line(w, "m->%s.sum += %s;", member, statement_expand(&s, rule->value, false, NULL, NULL));
        writer_line(w, "m->%s.denominator += %s;", member,
            statement_expand(&s, call_denominator(metric->node)->value, false, NULL, NULL));
    }
    writer_close(w, "%s", "");
    writer_blank(w);

    writer_comment(w, "One number for each: means over all examples, and what is computed from them.");
    writer_function(w, "static void metrics_result(const struct Metrics *m, double *result)");
    for (int i = 0; i < graph->reports.count; i++) {
        const Report *report = &graph->reports.items[i];
        const Ast *expression = NULL;
        for (int k = 0; k < graph->metrics.count; k++)
            if (strcmp(graph->metrics.items[k].name, report->name) == 0)
                expression = graph->metrics.items[k].expression;
        if (expression)
            writer_line(w, "result[%d] = %s; /* %s */", i, metric_text(program, expression, i), report->name);
        else if (report->is_sum)
            writer_line(w, "result[%d] = m->l.%s.sum;", i, report->member);
        else {
            const char *l = report->in_loss ? "l." : "", *member = report->member;
            writer_line(w, "result[%d] = m->%s%s.sum / m->%s%s.denominator;", i, l, member, l, member);
        }
    }
    writer_close(w, "%s", "");
    writer_blank(w);
}
