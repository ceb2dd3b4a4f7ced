// The first section: the model. Structs of parameters and values, forward, loss, backward, metrics: straight-line C, one
// group of lines a row, under the row's own text. What is emitted was decided before: this file only writes it down.
#include "../names.h"
#include "../statement.h"
#include "emit.h"
#include <string.h>

static const char *const elements[] = {"real", "int", "unsigned char"};

// ----------------------------------------------------------------------------------------------------- structs

static int common_levels(const char *a, const char *b)
{
    int levels = 0;
    for (; *a && *a == *b; a++, b++)
        levels += *a == '.';
    return levels;
}

// Nested structs from dotted paths, which come grouped: conv1.weight, conv1.bias.
static void write_owned(Writer *w, Program *program, Value *const *values, int count)
{
    const char *open = "";
    for (int i = 0; i < count; i++) {
        const char *member = values[i]->member, *next = i + 1 < count ? values[i + 1]->member : "";
        int have = common_levels(open, member), level = 0;
        const char *part = member;
        for (const char *dot; (dot = strchr(part, '.')); part = dot + 1)
            if (level++ >= have)
                writer_open(w, "struct");
        Type type = values[i]->type;
        Text sizes = text_new(program->arena);
        for (int k = 0; k < type.rank; k++)
            text_add(&sizes, "%s%ld", k ? " * " : "", type.axis[k].value);
        writer_line(w, "real %s[%s];", part, sizes.data);
        int stay = common_levels(member, next);
        for (; level > stay; level--) {
            const char *end = member;
            for (int k = 0; k < level; k++)
                end = strchr(end, '.') + 1;
            const char *start = end - 1;
            while (start > member && start[-1] != '.')
                start--;
            writer_close(w, " %.*s;", (int)(end - 1 - start), start);
        }
        open = member;
    }
}

static void write_parameters(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    writer_comment(w, "p: the parameters, by PyTorch's paths; g: the gradient of the loss by the parameter of the same "
                      "name.");
    writer_open(w, "struct Parameters");
    write_owned(w, program, graph->parameters.items, graph->parameters.count);
    if (graph->parameters.count == 0)
        writer_line(w, "real none[1]; /* a model without parameters */");
    writer_close(w, ";");
    writer_blank(w);
}

static void write_values(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    writer_comment(w, "v: the values of a forward pass, by the rows that make them (row__stage inside a row); d: the "
                      "gradient of the loss by the value of the same name.");
    writer_open(w, "struct Values");
    for (int i = 0; i < graph->values.count; i++) {
        const Value *value = graph->values.items[i];
        if ((!value->stored && !value->d_stored) || value->alias || value->kind == VALUE_PARAMETER ||
            value->kind == VALUE_BUFFER)
            continue;
        const char *type = type_text(program->arena, &value->type), *sizes = strchr(type, '[');
        const char *note = value->type.feature_last && value->type.rank > 2 ? ", the last axis outermost" : "";
        const char *shown = value->type.element == ELEMENT_INT ? type : sizes ? sizes : "one number";
        writer_line(w, "%s *%s; /* %s%s */", elements[value->type.element], value->member, shown, note);
    }
    writer_close(w, ";");
    writer_blank(w);
}

// Lists of numbers that stand in the model: class weights.
static void write_lists(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    Text members = text_new(program->arena), numbers = text_new(program->arena);
    for (int i = 0; i < graph->nodes.count; i++) {
        const Node *node = graph->nodes.items[i];
        for (int k = 0; k < node->words.count; k++) {
            const Word *word = &node->words.items[k];
            bool list = word->value.kind == CONSTANT_LIST && word->value.count > 0 && word->c && !*word->c;
            for (const Arg *arg = node->op->args; arg->name; arg++)
                list &= strcmp(arg->name, word->name) != 0 || arg->kind == ARG_LIST;
            if (!list)
                continue;
            text_add(&members, "real %s__%s[%d];\n", node->stream, word->name, word->value.count);
            text_add(&numbers, "%s{", numbers.length ? ", " : "");
            for (int j = 0; j < word->value.count; j++)
                text_add(&numbers, "%s%s", j ? ", " : "", emit_real(program->arena, word->value.items[j].number));
            text_string(&numbers, "}");
        }
    }
    if (members.length == 0)
        return;
    writer_comment(w, "Lists of numbers that stand in the program.");
    writer_open(w, "static const struct Lists");
    for (const char *s = members.data; *s; s += strcspn(s, "\n") + 1)
        writer_line(w, "%.*s", (int)strcspn(s, "\n"), s);
    if (numbers.length < 80)
        writer_close(w, " lists = {%s};", numbers.data);
    else { // as many to a line as fit; clang-format would put them into columns
        writer_close(w, " lists =");
        writer_line(w, "/* clang-format off */");
        for (const char *s = arena_format(program->arena, "{%s};", numbers.data); *s;) {
            size_t n = strlen(s) < 96 ? strlen(s) : 96;
            while (n < strlen(s) && s[n] != ' ' && n > 1)
                n--;
            writer_verbatim(w, arena_format(program->arena, "    %.*s\n", (int)n, s));
            s += n;
            s += *s == ' ';
        }
        writer_line(w, "/* clang-format on */");
    }
    writer_blank(w);
}

// ---------------------------------------------------------------------------------------------------- statements

// What a backward statement computes, as its table says; operators of formulas show it themselves.
static const char *formula_of(const Statement *s)
{
    bool shown = s->backward && s->rule && s->rule->formula && s->node->op->kind != OP_OPERATOR;
    return shown ? s->rule->formula : NULL;
}

static const char *formula_comment(Program *program, const Statement *s)
{
    return formula_of(s) ? arena_format(program->arena, " /* %s */", formula_of(s)) : "";
}

static void write_loop(Writer *w, Program *program, const Statement *s, int count)
{
    int lines = 0;
    Value *target = NULL;
    for (int i = 0; i < count; i++)
        if (!s[i].inlined) {
            lines++;
            target = s[i].target;
        }
    const char *size = call_count(program->arena, &target->type);
    if (lines > 1)
        writer_open(w, "for (int i = 0; i < %s; i++)", size);
    else {
        writer_line(w, "for (int i = 0; i < %s; i++)", size);
        writer_indent(w);
    }
    for (int i = 0; i < count; i++)
        if (!s[i].inlined)
            writer_line(w, "%s[i] %s %s;%s", value_c(program->arena, s[i].target, s[i].backward),
                s[i].adds ? "+=" : "=", s[i].text, lines > 1 ? formula_comment(program, &s[i]) : "");
    if (lines > 1)
        writer_close(w, "%s", "");
    else
        writer_dedent(w);
}

// The first input of the model whose derivative backward can make: where it is wanted, all are.
static Value *asked_input(const Graph *graph)
{
    for (int i = 0; i < graph->columns.count; i++)
        if (graph->columns.items[i]->need == NEED_INPUT && graph->columns.items[i]->d_stored)
            return graph->columns.items[i];
    return NULL;
}

static bool formula_before(const Statement *first, const Statement *s)
{
    for (const Statement *t = first; t < s; t++)
        if (formula_of(t) && strcmp(formula_of(t), formula_of(s)) == 0)
            return true;
    return false;
}

// The formulas of a loop of one line above it, each once; of several lines each has its own.
static void write_loop_formulas(Writer *w, Program *program, const Statement *s, int count)
{
    Text text = text_new(program->arena);
    int lines = 0;
    for (int i = 0; i < count; i++)
        lines += !s[i].inlined;
    for (int i = 0; i < count && lines == 1; i++)
        if (formula_of(&s[i]) && !formula_before(s, &s[i]))
            text_add(&text, "%s%s", text.length ? ",  " : "", formula_of(&s[i]));
    if (text.length)
        writer_comment(w, "%s", text.data);
}

// The statements from k on that belong together (one call, one loop); how many.
static int write_statement(Writer *w, Program *program, const Statements *list, int k)
{
    const Statement *s = &list->items[k];
    int count = 1;
    if (s->call) {
        bool again = k > 0 && list->items[k - 1].rule == s->rule && list->items[k - 1].node == s->node;
        const char *call = statement_expand(s, s->call, false, NULL, NULL), *formula = again ? NULL : formula_of(s);
        if (formula)
            writer_line(w, "%s /* %s */", call, formula);
        else
            writer_line(w, "%s", call);
    } else {
        while (k + count < list->count && list->items[k + count].loop == s->loop && !list->items[k + count].call)
            count++;
        write_loop_formulas(w, program, s, count);
        write_loop(w, program, s, count);
    }
    return count;
}

static void write_row(Writer *w, Program *program, const Statements *list, int from, int to)
{
    for (int k = from; k < to;) {
        bool guarded = list->items[k].guarded;
        if (!guarded) {
            k += write_statement(w, program, list, k);
            continue;
        }
        int end = k;
        while (end < to && list->items[end].guarded)
            end++;
        writer_open(w, "if (%s)", value_c(program->arena, asked_input(program->graph), true));
        writer_comment(w, "only gradcheck asks for the derivative by an input");
        while (k < end)
            k += write_statement(w, program, list, k);
        writer_close(w, "%s", "");
    }
}

static int row_end(const Statements *list, int from)
{
    int to = from;
    while (to < list->count && list->items[to].node->row == list->items[from].node->row)
        to++;
    return to;
}

static bool makes_nothing(const Graph *graph, const Row *row)
{
    for (int i = 0; i < graph->nodes.count; i++)
        if (graph->nodes.items[i]->row == row) {
            const Rule *rule = call_forward(graph->nodes.items[i], true);
            if (rule && !rule->alias)
                return false;
        }
    return true;
}

static bool has_nodes(const Graph *graph, const Row *row)
{
    for (int i = 0; i < graph->nodes.count; i++)
        if (graph->nodes.items[i]->row == row)
            return true;
    return false;
}

static bool has_statements(const Statements *list, const Row *row)
{
    for (int k = 0; k < list->count; k++)
        if (list->items[k].node->row == row)
            return true;
    return false;
}

static Value *row_value(const Graph *graph, const Row *row)
{
    Value *value = NULL;
    for (int i = 0; i < graph->nodes.count; i++)
        if (graph->nodes.items[i]->row == row && graph->nodes.items[i]->outputs.count)
            value = graph->nodes.items[i]->outputs.items[0];
    return value;
}

static void write_row_comment(Writer *w, Program *program, const Row *row)
{
    writer_blank(w);
    const Value *value = row_value(program->graph, row);
    if (makes_nothing(program->graph, row) && value && value->alias) {
        const Value *from = value->alias;
        writer_comment(w, "%s%s%s: %s is read as %s", row->comment, *row->comment ? "\n" : "", row->text,
            strchr(type_text(program->arena, &from->type), '['), strchr(type_text(program->arena, &value->type), '['));
    } else
        writer_comment(w, "%s%s%s", row->comment, *row->comment ? "\n" : "", row->text);
}

// Which parameters of a function its statements use: those that they do not are named in a (void).
typedef struct {
    bool p, v, d, g, n;
} Used;

static void use_value(void *data, Value *root, bool derivative, bool writes)
{
    Used *used = data;
    (void)writes;
    if (root->kind == VALUE_PARAMETER)
        *(derivative ? &used->g : &used->p) = true;
    else
        *(derivative ? &used->d : &used->v) = true;
}

static void use_word(void *data, const char *name, size_t length, bool derivative)
{
    Used *used = data;
    (void)derivative;
    used->n |= (length == 1 && *name == 'n') || (length == 5 && memcmp(name, "valid", 5) == 0);
}

static void write_unused(Writer *w, const Statements *list, const char *parameters)
{
    Used used = {false, false, false, false, false};
    for (int i = 0; i < list->count; i++) {
        const Statement *s = &list->items[i];
        statement_visit(s, use_value, &used);
        used.d |= s->guarded;
        if (s->rule)
            template_visit(s->node, s->call ? s->call : s->element, use_word, &used);
    }
    const struct {
        char name;
        bool used;
    } all[] = {{'p', used.p}, {'v', used.v}, {'d', used.d}, {'g', used.g}, {'n', used.n}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strchr(parameters, all[i].name) && !all[i].used)
            writer_line(w, "(void)%c;", all[i].name);
}

// ------------------------------------------------------------------------------------------------------ forward

static void write_forward_body(Writer *w, Program *program, const Statements *list)
{
    const Graph *graph = program->graph;
    for (int r = 0; r < graph->rows.count; r++) {
        const Row *row = graph->rows.items[r];
        if (row->section != SECTION_MODEL ? !has_statements(list, row) : !has_nodes(graph, row))
            continue;
        write_row_comment(w, program, row);
        for (int k = 0; k < list->count; k = row_end(list, k))
            if (list->items[k].node->row == row)
                write_row(w, program, list, k, row_end(list, k));
    }
}

// "fc2 (dropout)": where the two differ.
static const char *differences(Program *program)
{
    const Graph *graph = program->graph;
    Text text = text_new(program->arena);
    for (int i = 0; i < graph->nodes.count; i++) {
        const Node *node = graph->nodes.items[i];
        if (node->row->section == SECTION_MODEL && call_forward(node, true) != call_forward(node, false))
            text_add(&text, "%s%s (%s)", text.length ? ", " : "", node->row->path, node->op->name);
    }
    return text.data;
}

static void write_forward(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    const char *head = "const struct Parameters *p, struct Values *v";
    if (!graph->forward_differs) {
        writer_comment(w, "The same in training and in evaluation: no row of this model differs.");
        writer_function(w, "static void forward(%s)", head);
        write_forward_body(w, program, &graph->forward_train);
        write_unused(w, &graph->forward_train, "pv");
        writer_close(w, "%s", "");
        writer_blank(w);
        return;
    }
    const char *where = differences(program);
    writer_comment(w, "Training mode. Differs from forward_eval in %s.%s", where,
        graph->forward_random ? " Its random numbers depend on the seed, the step and `first`: how many examples of this "
                                "step came in micro-batches before this one."
                              : "");
    writer_function(w, "static void forward_train(%s%s)", head,
        graph->forward_random ? ", uint64_t seed, int step, int first" : "");
    write_forward_body(w, program, &graph->forward_train);
    write_unused(w, &graph->forward_train, "pv");
    writer_close(w, "%s", "");
    writer_blank(w);
    writer_comment(w, "Evaluation mode. Differs from forward_train in %s.", where);
    writer_function(w, "static void forward_eval(%s)", head);
    write_forward_body(w, program, &graph->forward_eval);
    write_unused(w, &graph->forward_eval, "pv");
    writer_close(w, "%s", "");
    writer_blank(w);
}

// --------------------------------------------------------------------------------------------------------- loss

static const char *term_text(Program *program, const Term *term)
{
    Arena *arena = program->arena;
    const Report *report = term->report > 0 ? &program->graph->reports.items[term->report] : NULL;
    const char *text = NULL;
    if (report)
        text = arena_format(arena, "l.%s.sum", report->member);
    else {
        const Rule *rule = call_forward(term->node, true), *denominator = call_denominator(term->node);
        Statement s = {.node = term->node, .rule = rule};
        text = statement_expand(&s, rule->value, false, NULL, NULL);
        double P = call_number(term->node, "P");
        if (denominator && strcmp(denominator->value, "$valid") == 0 && P > 1)
            text = arena_format(arena, "%s / %.0f", text, P);
    }
    if (term->factor == 1)
        return text;
    if (term->factor == -1)
        return arena_format(arena, "-%s", text);
    return arena_format(arena, "%s * %s", shortest(arena, term->factor), text);
}

static const Node *some_node(const Graph *graph, const LossRow *row)
{
    for (int i = 0; i < row->terms.count; i++) {
        const Term *term = &row->terms.items[i];
        const Node *node = term->report > 0 ? some_node(graph, &graph->losses.items[term->report - 1]) : term->node;
        if (node)
            return node;
    }
    return NULL;
}

static const char *loss_formula(Program *program, const LossRow *row)
{
    Text formula = text_new(program->arena);
    for (int i = 0; i < row->terms.count; i++) {
        const Term *term = &row->terms.items[i];
        const Rule *rule = term->report > 0 ? NULL : call_forward(term->node, true);
        if (rule && rule->formula)
            text_add(&formula, "%s%s", formula.length ? ";  " : "", rule->formula);
    }
    return formula.data;
}

static void write_loss_row(Writer *w, Program *program, const LossRow *row, const Report *report)
{
    Arena *arena = program->arena;
    const Node *node = some_node(program->graph, row);
    Text sum = text_new(arena);
    for (int i = 0; i < row->terms.count; i++) {
        const Term *term = &row->terms.items[i];
        const char *text = term_text(program, term);
        if (i == 0)
            text_string(&sum, text);
        else
            text_add(&sum, " %c %s", *text == '-' ? '-' : '+', *text == '-' ? text + 1 : text);
    }
    Statement s = {.node = (Node *)node};
    const char *denominator = node ? statement_expand(&s, loss_denominator(node), false, NULL, NULL) : "n";
    if (row->constant != 0)
        text_add(&sum, " + %s * %s", shortest(arena, row->constant), denominator);
    writer_line(w, "l.%s.sum = %s;", report->member, sum.data);
    writer_line(w, "l.%s.denominator = %s;", report->member, denominator);
}

static bool loss_stores(const Graph *graph) { return graph->loss.count > 0; }

static void write_loss(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    writer_comment(w, "The criterion over some examples, and the values of named rows.");
    writer_open(w, "struct Loss");
    for (int i = 0; i < graph->reports.count; i++)
        if (graph->reports.items[i].in_loss)
            writer_line(w, "struct Mean %s;", graph->reports.items[i].member);
    writer_close(w, ";");
    writer_blank(w);
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
        for (int k = 0; k < graph->loss.count; k = row_end(&graph->loss, k))
            if (graph->loss.items[k].node->row == row)
                write_row(w, program, &graph->loss, k, row_end(&graph->loss, k));
        if (loss)
            write_loss_row(w, program, loss, &graph->reports.items[report]);
    }
    writer_line(w, "return l;");
    writer_close(w, "%s", "");
    writer_blank(w);
}

// ----------------------------------------------------------------------------------------------------- backward

static void write_backward_row(Writer *w, Program *program, int from, int to)
{
    const Statements *list = &program->graph->backward;
    writer_blank(w);
    writer_comment(w, "%s", list->items[from].node->row->text);
    write_row(w, program, list, from, to);
}

static const char *path_back(Program *program)
{
    const Graph *graph = program->graph;
    Text text = text_new(program->arena);
    text_string(&text, "loss");
    const char *last = "";
    for (int k = 0; k < graph->backward.count; k = row_end(&graph->backward, k)) {
        const Row *row = graph->backward.items[k].node->row;
        if (row->section == SECTION_MODEL && strcmp(row->path, last) != 0 && !graph->backward.items[k].guarded)
            text_add(&text, " > %s", last = row->path);
    }
    return text.data;
}

static void write_backward(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    writer_comment(w, "%s\n\nThe chain rule, row by row from the last to the first: adds the gradient of the sum over the n "
                      "examples to g.",
        path_back(program));
    writer_function(w, "static void backward(const struct Parameters *p, const struct Values *v, struct Values *d, "
                       "struct Parameters *g, int n)");
    for (int k = 0; k < graph->backward.count; k = row_end(&graph->backward, k))
        write_backward_row(w, program, k, row_end(&graph->backward, k));
    write_unused(w, &graph->backward, "pvdgn");
    writer_close(w, "%s", "");
    writer_blank(w);
}

// ------------------------------------------------------------------------------------------------------ metrics

#include "learning_rate.h" // formula_text

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
    return formula_text(program, expression, result_text, &results);
}

static void write_metrics(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    writer_comment(w, "What an evaluation adds up.");
    writer_open(w, "struct Metrics");
    for (int i = 0; i < graph->reports.count; i++)
        writer_line(w, "struct Mean %s;", graph->reports.items[i].member);
    writer_close(w, ";");
    writer_blank(w);

    writer_function(w, "static void metrics_add(struct Metrics *m, %sstruct Values *v, int n)",
        loss_stores(graph) || graph->measured.count > 0 ? "" : "const ");
    writer_line(w, "struct Loss l = loss(v, n);");
    for (int i = 0; i < graph->reports.count; i++)
        if (graph->reports.items[i].in_loss)
            writer_line(w, "mean_add(&m->%s, l.%s);", graph->reports.items[i].member, graph->reports.items[i].member);
    for (int i = 0; i < graph->metrics.count; i++) {
        const MetricRow *metric = &graph->metrics.items[i];
        if (!metric->node)
            continue;
        const Rule *rule = call_forward(metric->node, false);
        Statement s = {.node = metric->node, .rule = rule};
        const char *member = name_member(program->arena, metric->name);
        writer_blank(w);
        writer_comment(w, "%s", metric->row->text);
        for (int k = 0; k < graph->measured.count; k = row_end(&graph->measured, k))
            if (graph->measured.items[k].node->row == metric->row)
                write_row(w, program, &graph->measured, k, row_end(&graph->measured, k));
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
            writer_line(w, "result[%d] = m->%s.sum;", i, report->member);
        else
            writer_line(w, "result[%d] = m->%s.sum / m->%s.denominator;", i, report->member, report->member);
    }
    writer_close(w, "%s", "");
    writer_blank(w);
}

void emit_model(Writer *w, Program *program)
{
    write_parameters(w, program);
    write_values(w, program);
    write_lists(w, program);
    write_forward(w, program);
    write_loss(w, program);
    write_backward(w, program);
    write_metrics(w, program);
}
