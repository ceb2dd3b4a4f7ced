// errors_loss.c: the words of the messages on the loss section.
#include "errors_loss.h"
#include "call.h"
#include <string.h>

static const char *denominator_words(const Node *node)
{
    const char *text = loss_denominator(node);
    return strcmp(text, "$n") == 0  ? "the number of examples"
        : strcmp(text, "1") == 0    ? "nothing: it is a sum"
        : strcmp(text, "free") == 0 ? "nothing: the data do not decide it"
                                    : "the weights of its targets";
}

static void note_accumulation(Program *program, Diag *d)
{
    diag_note(d, program->training->accumulate_span,
        "micro-batches are accumulated here; with accumulate = 1 this is fine");
}

void error_denominators(Program *program, Span span, const Node *first, const Node *other)
{
    Diag *d = diag_add(program->diags, E0640, span, "the terms of the objective are divided by different numbers");
    diag_fact(d, "`%s` is divided by %s", first->stage, denominator_words(first));
    diag_fact(d, "`%s` is divided by %s", other->stage, denominator_words(other));
    diag_fact(d, "so the gradients of micro-batches do not add up to that of the step");
    note_accumulation(program, d);
}

void error_function_accumulated(Program *program, Span objective, Span function)
{
    Diag *d = diag_add(program->diags, E0640, objective, "the objective is no sum over the examples of a step");
    const char *text = source_quote(program->source, program->arena, function);
    bool inside = function.from >= objective.from && function.to <= objective.to;
    if (!inside)
        diag_second(d, function, "because of this");
    diag_fact(d, "`%s` is computed from means over all examples of the step", text);
    diag_fact(d, "so the gradients of micro-batches do not add up to that of the step");
    note_accumulation(program, d);
}

void error_objective(Program *program, Span span, const Value *value)
{
    Diag *d = diag_add(program->diags, E0641, span, "the objective must be a scalar");
    diag_label(d, "this is %s", value ? type_text(program->arena, &value->type) : "a constant");
    if (!value)
        return;
    diag_help(d, "take its mean");
    diag_edit(d, span_start(span), "mean(");
    diag_edit(d, span_end(span), ")");
}
