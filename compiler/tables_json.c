// tables_json.c: prints what programs outside of the compiler want to know of the tables of ops/.
//
// Input: the tables. Output: one JSON object; members are named as in op.h, and those that are empty are left out, so
// that a reader of JSON tells "no default" (absent) from an empty one. Bytes depend on the tables alone.

#include "tables_json.h"
#include "filter.h"
#include "ops/registry.h"
#include <stdio.h>

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

void json_string(Text *out, const char *string)
{
    text_string(out, "\"");
    for (const char *at = string; *at; at++) {
        if (*at == '"' || *at == '\\')
            text_add(out, "\\%c", *at);
        else if ((unsigned char)*at < ' ')
            text_add(out, "\\u%04x", (unsigned)(unsigned char)*at);
        else
            text_put(out, at, 1);
    }
    text_string(out, "\"");
}

// Objects and lists: a comma in front of everything but the first, which follows a bracket.
static void next(Text *out)
{
    char last = out->length > 0 ? out->data[out->length - 1] : '[';
    if (last != '[' && last != '{')
        text_string(out, ", ");
}

static void key(Text *out, const char *name)
{
    next(out);
    json_string(out, name);
    text_string(out, ": ");
}

static void member(Text *out, const char *name, const char *value)
{
    if (!value)
        return;
    key(out, name);
    json_string(out, value);
}

static void open_list(Text *out, const char *name)
{
    key(out, name);
    text_string(out, "[");
}

static void open_item(Text *out)
{
    next(out);
    text_string(out, "{");
}

static void numbers(Text *out, const char *name, const double *items, int count)
{
    open_list(out, name);
    for (int i = 0; i < count; i++) {
        next(out);
        text_string(out, shortest(out->arena, items[i]));
    }
    text_string(out, "]");
}

static void arguments(Text *out, const Arg *args, int count)
{
    static const char *const kinds[] = {"", "int", "size", "pair", "real", "bool", "choice", "list", "sizes", "ints"};
    open_list(out, "args");
    for (int i = 0; i < count && args[i].name; i++) {
        open_item(out);
        member(out, "name", args[i].name);
        member(out, "kind", kinds[args[i].kind]);
        member(out, "fallback", args[i].fallback);
        member(out, "choices", args[i].choices);
        member(out, "doc", args[i].doc);
        text_string(out, "}");
    }
    text_string(out, "]");
}

static void tensors(Text *out, const char *name, const Tensor *items, int count)
{
    open_list(out, name);
    for (int i = 0; i < count && items[i].name; i++) {
        open_item(out);
        member(out, "name", items[i].name);
        member(out, "type", items[i].type);
        member(out, "init", items[i].init);
        member(out, "when", items[i].when);
        member(out, "doc", items[i].doc);
        if (items[i].many)
            member(out, "many", "true");
        text_string(out, "}");
    }
    text_string(out, "]");
}

static void rules(Text *out, const char *name, const Rule *items, int count)
{
    open_list(out, name);
    for (int i = 0; i < count && (items[i].of || items[i].value || items[i].call[0] || items[i].alias); i++) {
        open_item(out);
        member(out, "of", items[i].of);
        member(out, "when", items[i].when);
        if (items[i].call[0]) {
            open_list(out, "call");
            for (int k = 0; k < COUNT(items[i].call) && items[i].call[k]; k++) {
                next(out);
                json_string(out, items[i].call[k]);
            }
            text_string(out, "]");
        }
        member(out, "value", items[i].value);
        member(out, "alias", items[i].alias);
        member(out, "formula", items[i].formula);
        text_string(out, "}");
    }
    text_string(out, "]");
}

static void operation(Text *out, const Op *op)
{
    static const char *const kinds[] = {"stage", "function", "operator", "source", "loss", "metric", "internal"};
    open_item(out);
    member(out, "name", op->name);
    member(out, "kind", kinds[op->kind]);
    member(out, "doc", op->doc);
    member(out, "since", op->since);
    member(out, "selector", op->selector);
    arguments(out, op->args, COUNT(op->args));
    key(out, "positional");
    text_add(out, "%d", op->positional);
    tensors(out, "inputs", op->inputs, COUNT(op->inputs));
    tensors(out, "outputs", op->outputs, COUNT(op->outputs));
    tensors(out, "parameters", op->parameters, COUNT(op->parameters));
    tensors(out, "buffers", op->buffers, COUNT(op->buffers));
    open_list(out, "sizes");
    for (int i = 0; i < COUNT(op->sizes) && op->sizes[i].name; i++) {
        open_item(out);
        member(out, "name", op->sizes[i].name);
        member(out, "value", op->sizes[i].value);
        member(out, "when", op->sizes[i].when);
        text_string(out, "}");
    }
    text_string(out, "]");
    member(out, "flops", op->flops);
    member(out, "fold", op->fold);
    rules(out, "forward", op->forward, COUNT(op->forward));
    rules(out, "backward", op->backward, COUNT(op->backward));
    rules(out, "denominator", op->denominator, COUNT(op->denominator));
    rules(out, "pytorch", op->pytorch, COUNT(op->pytorch));
    open_list(out, "examples");
    for (int i = 0; i < COUNT(op->examples) && op->examples[i].row; i++) {
        open_item(out);
        member(out, "inputs", op->examples[i].inputs);
        member(out, "row", op->examples[i].row);
        member(out, "output", op->examples[i].output);
        member(out, "error", op->examples[i].error);
        text_string(out, "}");
    }
    text_string(out, "]}");
}

static void optimizer(Text *out, const Optimizer *table)
{
    open_item(out);
    member(out, "name", table->name);
    member(out, "doc", table->doc);
    member(out, "since", table->since);
    arguments(out, table->args, COUNT(table->args));
    tensors(out, "state", table->state, COUNT(table->state));
    member(out, "formula", table->formula);
    open_list(out, "traces");
    for (int i = 0; i < COUNT(table->traces) && table->traces[i].options; i++) {
        open_item(out);
        member(out, "options", table->traces[i].options);
        numbers(out, "w", &table->traces[i].w, 1);
        numbers(out, "d_w", table->traces[i].d_w, COUNT(table->traces[i].d_w));
        numbers(out, "after", table->traces[i].after, COUNT(table->traces[i].after));
        text_string(out, "}");
    }
    text_string(out, "]}");
}

static void schedule(Text *out, const Schedule *table)
{
    open_item(out);
    member(out, "name", table->name);
    member(out, "doc", table->doc);
    member(out, "since", table->since);
    arguments(out, table->args, COUNT(table->args));
    member(out, "length", table->length);
    member(out, "formula", table->formula);
    open_list(out, "traces");
    for (int i = 0; i < COUNT(table->traces) && table->traces[i].options; i++) {
        open_item(out);
        member(out, "options", table->traces[i].options);
        numbers(out, "rate", table->traces[i].rate, COUNT(table->traces[i].rate));
        text_string(out, "}");
    }
    text_string(out, "]}");
}

void tables_json(Text *out)
{
    text_string(out, "{");
    open_list(out, "operations");
    for (const Op *const *op = ops; *op; op++)
        operation(out, *op);
    text_string(out, "]");
    open_list(out, "optimizers");
    for (const Optimizer *const *table = optimizers; *table; table++)
        optimizer(out, *table);
    text_string(out, "]");
    open_list(out, "schedules");
    for (const Schedule *const *table = schedules; *table; table++)
        schedule(out, *table);
    text_string(out, "]");
    open_list(out, "keywords");
    for (int k = 0; filter_keyword(k); k++) {
        next(out);
        json_string(out, filter_keyword(k));
    }
    text_string(out, "]}\n");
}
