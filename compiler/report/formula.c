// Formulas of the tables of operations with the names of the model in them: of "dW += dy x^T" the line
// "d fc2.weight += d fc2__linear fc1^T". A word of a formula is the name of a tensor of the table, its symbol (the
// tensor's doc where that is one word: W), either of them behind a d, or an argument; every other word stays.
#include "inside.h"
#include <ctype.h>
#include <string.h>

static bool same(const char *name, const char *start, size_t length)
{
    return name && strlen(name) == length && memcmp(name, start, length) == 0;
}

const char *report_name(const ReportNames *names, const Value *value)
{
    while (value->alias && !value_is_pointer(value))
        value = value->alias;
    if (value->kind == VALUE_LITERAL)
        return shortest(names->program->arena, value->number);
    const Instance *inside = names->row->instance;
    size_t n = inside ? strlen(inside->path) : 0;
    bool own = n > 0 && strncmp(value->path, inside->path, n) == 0 && value->path[n] == '.';
    return own ? value->path + n + 1 : value->path;
}

// By its name in the table, or by its symbol. *exists: whether this call has it.
static const Tensor *table_tensor(const Node *node, const char *word, size_t length)
{
    const Tensor *lists[] = {node->op->inputs, node->op->outputs, node->op->temporaries, node->op->parameters,
        node->op->buffers};
    for (int by_doc = 0; by_doc < 2; by_doc++)
        for (int k = 0; k < 5; k++)
            for (const Tensor *t = lists[k]; t->name; t++)
                if (same(by_doc ? t->doc : t->name, word, length))
                    return t;
    return NULL;
}

// All inputs of `many`, or the one that the statement stands for.
static const char *many_text(const ReportNames *names, Value *const *values, int count, int which)
{
    Text out = text_new(names->program->arena);
    for (int i = 0; i < count; i++)
        if (which < 0 || which == i)
            text_add(&out, "%s%s", out.length ? ", " : "", report_name(names, values[i]));
    return out.data;
}

static const char *tensor_text(const ReportNames *names, const Node *node, const Tensor *tensor, bool derivative)
{
    const Statement *s = names->statement;
    int which = s ? s->which : -1;
    for (int i = 0; derivative && s && i < 4 && s->parts[i].of; i++)
        if (strcmp(s->parts[i].of, tensor->name) == 0)
            return report_name(names, s->parts[i].part);
    if (tensor->many && tensor == node->op->inputs)
        return many_text(names, node->inputs.items, node->inputs.count, which);
    if (tensor->many)
        return many_text(names, node->outputs.items, node->outputs.count, which);
    const Value *value = call_tensor(node, tensor->name, strlen(tensor->name));
    return value ? report_name(names, value) : NULL;
}

static const char *argument_text(const ReportNames *names, const Node *node, const char *word, size_t length)
{
    for (int i = 0; i < node->arguments; i++)
        if (same(node->words.items[i].name, word, length) && node->words.items[i].value.kind == CONSTANT_NUMBER)
            return constant_text(names->program->arena, &node->words.items[i].value);
    return NULL;
}

static void put_word(const ReportNames *names, const Node *node, Text *out, const char *word, size_t length)
{
    const Tensor *tensor = table_tensor(node, word, length);
    bool derivative = !tensor && length > 1 && *word == 'd' && table_tensor(node, word + 1, length - 1);
    if (derivative)
        tensor = table_tensor(node, word + 1, length - 1);
    bool parameter = false;
    for (const Tensor *t = node->op->parameters; t->name; t++)
        parameter |= t == tensor;
    const char *text = tensor ? tensor_text(names, node, tensor, derivative) : argument_text(names, node, word, length);
    if (tensor && !text) { // no bias: "W x + b" is "W x"
        if (out->length > 3 && strcmp(out->data + out->length - 3, " + ") == 0)
            out->data[out->length -= 3] = 0;
        else
            text_string(out, "0");
    } else if (!text || (names->symbols && parameter && !derivative))
        text_put(out, word, length);
    else
        text_add(out, "%s%s", derivative ? "d " : "", text);
}

const char *report_formula(const ReportNames *names, const Node *node, const char *formula)
{
    Text out = text_new(names->program->arena);
    for (const char *s = formula; *s;) {
        size_t n = 0;
        while (isalnum((unsigned char)s[n]) || s[n] == '_')
            n++;
        if (n > 0 && isalpha((unsigned char)*s) && s[n] != '(') // mean(dy) is a function
            put_word(names, node, &out, s, n);
        else
            text_put(&out, s, n > 0 ? n : 1);
        s += n > 0 ? n : 1;
    }
    return out.data;
}

// A template of C in the same words: "$d_y * $mask".
const char *report_template(const ReportNames *names, const Node *node, const char *text)
{
    Text out = text_new(names->program->arena);
    for (const char *s = text; *s;) {
        size_t n = 0;
        if (*s != '$') {
            text_put(&out, s++, 1);
            continue;
        }
        for (s++; isalnum((unsigned char)s[n]) || s[n] == '_';)
            n++;
        bool derivative = n > 2 && memcmp(s, "d_", 2) == 0 && call_declares(node->op, s + 2, n - 2);
        const Tensor *tensor = table_tensor(node, derivative ? s + 2 : s, derivative ? n - 2 : n);
        const char *is = tensor ? tensor_text(names, node, tensor, derivative) : NULL;
        text_add(&out, "%s%s", is && derivative ? "d " : "", is ? is : tensor ? "0" : call_word(node, s, n, false));
        s += n;
    }
    return out.data;
}
