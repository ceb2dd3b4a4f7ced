// The first section: the model. Structs of parameters and values, forward, loss, backward, metrics: straight-line C, one
// group of lines a row, under the row's own text. What is emitted was decided before: this file only writes it down.
#include "../names.h"
#include "rows.h"
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

// ------------------------------------------------------------------------------------------------------ forward

static void write_forward_body(Writer *w, Program *program, const Statements *list)
{
    const Graph *graph = program->graph;
    for (int r = 0; r < graph->rows.count; r++) {
        const Row *row = graph->rows.items[r];
        if (row->section != SECTION_MODEL ? !emit_has_statements(list, row) : !emit_has_nodes(graph, row))
            continue;
        emit_row_comment(w, program, row);
        for (int k = 0; k < list->count; k = emit_row_end(list, k))
            if (list->items[k].node->row == row)
                emit_row(w, program, list, k, emit_row_end(list, k));
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
    const char *head = "const struct Parameters *p, struct Values *v", *key = ", uint64_t seed, int step, int first";
    if (!graph->forward_differs) {
        writer_comment(w, "The same in training and in evaluation: no row of this model differs.%s",
            graph->train_random ? " Its random numbers depend on the seed, the step (in evaluation the split, as a number "
                                  "below 0) and `first`: how many examples came in micro-batches before this one."
                                : "");
        writer_function(w, "static void forward(%s%s)", head, graph->train_random ? key : "");
        write_forward_body(w, program, &graph->forward_train);
        emit_unused(w, &graph->forward_train, "pv");
        writer_close(w, "%s", "");
        writer_blank(w);
        return;
    }
    const char *where = differences(program);
    writer_comment(w, "Training mode. Differs from forward_eval in %s.%s", where,
        graph->train_random ? " Its random numbers depend on the seed, the step and `first`: how many examples of this "
                                "step came in micro-batches before this one."
                              : "");
    writer_function(w, "static void forward_train(%s%s)", head,
        graph->train_random ? key : "");
    write_forward_body(w, program, &graph->forward_train);
    emit_unused(w, &graph->forward_train, "pv");
    writer_close(w, "%s", "");
    writer_blank(w);
    writer_comment(w, "Evaluation mode. Differs from forward_train in %s.%s", where,
        graph->eval_random ? " Its random numbers depend on the split instead of the step." : "");
    writer_function(w, "static void forward_eval(%s%s)", head, graph->eval_random ? key : "");
    write_forward_body(w, program, &graph->forward_eval);
    emit_unused(w, &graph->forward_eval, "pv");
    writer_close(w, "%s", "");
    writer_blank(w);
}

// ----------------------------------------------------------------------------------------------------- backward

static void write_backward_row(Writer *w, Program *program, int from, int to)
{
    const Statements *list = &program->graph->backward;
    writer_blank(w);
    writer_comment(w, "%s", list->items[from].node->row->text);
    emit_row(w, program, list, from, to);
}

static const char *path_back(Program *program)
{
    const Graph *graph = program->graph;
    Text text = text_new(program->arena);
    text_string(&text, "loss");
    const char *last = "";
    for (int k = 0; k < graph->backward.count; k = emit_row_end(&graph->backward, k)) {
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
    for (int k = 0; k < graph->backward.count; k = emit_row_end(&graph->backward, k))
        write_backward_row(w, program, k, emit_row_end(&graph->backward, k));
    emit_unused(w, &graph->backward, "pvdgn");
    writer_close(w, "%s", "");
    writer_blank(w);
}

void emit_model(Writer *w, Program *program)
{
    write_parameters(w, program);
    write_values(w, program);
    write_lists(w, program);
    emit_functions(w, program);
    write_forward(w, program);
    emit_loss(w, program);
    write_backward(w, program);
    emit_metrics(w, program);
}
