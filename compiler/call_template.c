// Templates: what `$name` in a rule of a table stands for in this call.
#include "call.h"
#include "errors_model.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

const Rule *call_forward(const Node *node, bool train)
{
    for (const Rule *r = node->op->forward; r->call[0] || r->value || r->alias; r++)
        if (call_holds(node, r->when, train))
            return r;
    return NULL;
}

const Rule *call_denominator(const Node *node)
{
    for (const Rule *r = node->op->denominator; r->value; r++)
        if (call_holds(node, r->when, true))
            return r;
    return NULL;
}

bool call_draws(const Node *node)
{
    for (const Rule *r = node->op->forward; r->call[0] || r->value || r->alias; r++)
        for (int k = 0; k < 3 && r->call[k]; k++)
            if (strstr(r->call[k], "$path"))
                return true;
    return false;
}

const char *loss_denominator(const Node *node)
{
    const Rule *rule = call_denominator(node);
    const char *text = rule ? rule->value : "$n";
    return strcmp(text, "$valid") == 0 ? "$n" : text;
}

static bool same(const char *name, const char *start, size_t length)
{
    return strlen(name) == length && memcmp(name, start, length) == 0;
}

bool call_declares(const Op *op, const char *name, size_t length)
{
    const Tensor *lists[] = {op->inputs, op->outputs, op->temporaries, op->parameters, op->buffers};
    for (int k = 0; k < 5; k++)
        for (const Tensor *t = lists[k]; t->name; t++)
            if (same(t->name, name, length))
                return true;
    return false;
}

const char *call_input_name(const Node *node, int input)
{
    if (node->op->inputs[0].many)
        return node->op->inputs[0].name;
    for (const Tensor *t = node->op->inputs; t->name; t++) {
        bool again = false;
        for (const Tensor *u = node->op->inputs; u < t; u++)
            again |= strcmp(u->name, t->name) == 0;
        if (!again && input-- == 0)
            return t->name;
    }
    return "";
}

Value *call_tensor(const Node *node, const char *name, size_t length)
{
    for (int i = 0; i < node->inputs.count; i++)
        if (same(call_input_name(node, i), name, length))
            return node->inputs.items[i];
    const struct {
        Value **items;
        int count;
    } lists[] = {{node->outputs.items, node->outputs.count}, {node->temporaries.items, node->temporaries.count},
        {node->parameters.items, node->parameters.count}, {node->buffers.items, node->buffers.count}};
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < lists[k].count; i++)
            if (same(lists[k].items[i]->tensor->name, name, length))
                return lists[k].items[i];
    return NULL;
}

void template_visit(const Node *node, const char *text, PlaceholderVisit *visit, void *data)
{
    for (const char *s = strchr(text, '$'); s; s = strchr(s, '$')) {
        size_t n = 0;
        s++;
        while (isalnum((unsigned char)s[n]) || s[n] == '_')
            n++;
        bool derivative = n > 2 && memcmp(s, "d_", 2) == 0 && call_declares(node->op, s + 2, n - 2);
        visit(data, derivative ? s + 2 : s, derivative ? n - 2 : n, derivative);
        s += n;
    }
}

const char *call_word(const Node *node, const char *name, size_t length, bool element)
{
    Arena *arena = node->program->arena;
    if (length > 8 && memcmp(name, "option__", 8) == 0) { // of a fn, and called like one of the words below
        name += 8;
        length -= 8;
    }
    for (int i = 0; i < node->words.count; i++) {
        const Word *word = &node->words.items[i];
        if (!same(word->name, name, length))
            continue;
        if (word->value.kind == CONSTANT_LIST && !*word->c) // a list has its place among the constants of the file
            return arena_format(arena, "lists.%s__%.*s", node->c_stream, (int)length, name);
        if (isinf(word->value.number))
            return word->value.number > 0 ? "(real)INFINITY" : "(real)-INFINITY";
        bool whole = word->value.number == (double)(long)word->value.number && word->value.number < 1e6;
        return element && !whole ? arena_format(arena, "(real)%s", word->c) : word->c;
    }
    if (same("n", name, length) || same("seed", name, length) || same("step", name, length) ||
        same("first", name, length))
        return arena_copy(arena, name, length);
    if (same("path", name, length))
        return arena_format(arena, "\"%s\"", node->stream);
    long P = (long)call_number(node, "P");
    const char *times = P > 1 ? arena_format(arena, "%ld * ", P) : "";
    if (same("N", name, length))
        return arena_format(arena, "%sB", times);
    if (same("valid", name, length))
        return arena_format(arena, "%sn", times);
    error_internal(node->program, node->span, node->op->name, arena_format(arena, "unknown placeholder $%.*s",
        (int)length, name));
    return "0";
}

const char *call_count(Arena *arena, const Type *type)
{
    Text text = text_new(arena);
    for (int i = 0; i < type->rank; i++)
        if (type->axis[i].value)
            text_add(&text, "%s%ld", text.length ? " * " : "", type->axis[i].value);
    if (type_batched(type))
        text_string(&text, text.length ? " * B" : "B");
    return text.length ? text.data : "1";
}
