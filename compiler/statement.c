// The C of statements, and what they touch. Reading and writing follow from the placeholders of the rules alone.
#include "statement.h"
#include "emit/emit.h"
#include "errors_model.h"
#include <ctype.h>
#include <string.h>

Value *value_root(Value *value)
{
    while (value->alias)
        value = value->alias;
    return value;
}

Value *value_place(Value *value, bool derivative)
{
    value = value_root(value);
    while (derivative && value->d_alias)
        value = value_root(value->d_alias);
    return value;
}

const Value *value_handed_on(const Value *value)
{
    while (value->wired == WIRED_ROUND)
        value = value->alias;
    return value;
}

bool value_is_pointer(const Value *value) { return value->wired == WIRED_IN || value->wired == WIRED_OUT; }

// What goes into a block has the name that the block gives it.
static Value *shown(Value *value, bool derivative)
{
    Value *place = value_place(value, derivative);
    while (value->alias && !value_is_pointer(value))
        value = value->alias;
    return value_is_pointer(value) ? value : place;
}

const char *value_c(Arena *arena, Value *value, bool derivative)
{
    value = shown(value, derivative);
    switch (value->kind) {
    case VALUE_PARAMETER:
        return arena_format(arena, "%c->%s", derivative ? 'g' : 'p', value->member);
    case VALUE_BUFFER:
        return arena_format(arena, "s->%s", value->member);
    case VALUE_LITERAL:
        return emit_real(arena, value->number);
    default:
        return arena_format(arena, "%c->%s", derivative ? 'd' : 'v', value->member);
    }
}

// ------------------------------------------------------------------------------------------------------- splicing

// How strongly an operator binds: 1 ?:  2 ||  3 &&  4 == !=  5 < >  6 + -  7 * / %;  0: it is none.
static int strength(char c)
{
    static const char *const operators[] = {"", "?:", "|", "&", "=!", "<>", "+-", "*/%"};
    for (int k = 1; c && k < 8; k++)
        if (strchr(operators[k], c))
            return k;
    return 0;
}

// That of the weakest operator outside of brackets; 8 for a sign in front, 9 if there is none.
static int weakest(const char *s)
{
    int result = *s == '-' || *s == '!' || *s == '(' ? 8 : 9, depth = 0;
    for (const char *t = s; *t; t++) {
        depth += (*t == '(' || *t == '[') - (*t == ')' || *t == ']');
        if (depth == 0 && *t == ' ' && t[1] && t[2] && (t[2] == ' ' || t[3] == ' ') && strength(t[1]) &&
            strength(t[1]) < result)
            result = strength(t[1]);
    }
    return result;
}

const char *splice(Arena *arena, const char *text, size_t from, size_t to, const char *expression)
{
    const char *at = text + from, *end = text + to;
    int left = from > 1 && at[-1] == ' ' ? strength(at[-2]) : 0, right = *end == ' ' ? strength(end[1]) : 0;
    if (left == 1 && at[-2] == '?')
        left = 0; // between ? and : anything may stand
    int own = weakest(expression);
    // Right of an operator also if it binds equally, because a * (b * c) rounds otherwise than a * b * c.
    bool needs = (left > 1 && own <= left) || own < right || (right == 1 && end[1] == '?' && own == 1) ||
        (left == 1 && own == 1) ||
        (from > 0 && (at[-1] == '-' || at[-1] == '!') && own < 9) || (left > 0 && expression[0] == '-');
    return arena_format(arena, "%.*s%s%s%s%s", (int)from, text, needs ? "(" : "", expression, needs ? ")" : "", end);
}

// ------------------------------------------------------------------------------------------------------ expansion

static const Part *part_of(const Statement *s, const char *name, size_t length)
{
    for (int i = 0; i < 4 && s->parts[i].of; i++)
        if (strlen(s->parts[i].of) == length && memcmp(s->parts[i].of, name, length) == 0)
            return &s->parts[i];
    return NULL;
}

const char *denominator_c(const Node *loss)
{
    Statement s = {.node = (Node *)loss};
    const char *text = loss_denominator(loss);
    return strcmp(text, "free") == 0 ? "n" : statement_expand(&s, text, false, NULL, NULL);
}

// The factor of a loss in the objective; where the objective is divided by something else, in the measure of that.
static const char *d_loss_c(const Node *node)
{
    Arena *arena = node->program->arena;
    const char *factor = shortest(arena, node->d_loss), *own = loss_denominator(node);
    if (!node->d_scaled || strcmp(own, "$n") == 0)
        return factor;
    const char *scale = node->d_scale ? denominator_c(node->d_scale) : "n";
    factor = node->d_loss == 1 ? scale : arena_format(arena, "%s * %s", factor, scale);
    bool divided = strcmp(own, "free") != 0 && strcmp(own, "1") != 0;
    return divided ? arena_format(arena, "%s / %s", factor, denominator_c(node)) : factor;
}

// The tensor that a placeholder of a statement names: of many inputs or outputs the one that the statement stands for.
static Value *tensor_of(const Statement *s, const Node *node, const char *name, size_t length)
{
    const Tensor *x = &node->op->inputs[0], *y = &node->op->outputs[0];
    if (s && x->many && strlen(x->name) == length && memcmp(x->name, name, length) == 0)
        return node->inputs.items[s->which];
    if (s && y->many && strlen(y->name) == length && memcmp(y->name, name, length) == 0)
        return node->outputs.items[s->which];
    return call_tensor(node, name, length);
}

static const char *expand_one(const Statement *s, const char *name, size_t n, bool element, ElementText *inlined,
    void *data)
{
    Arena *arena = s->node->program->arena;
    const Op *op = s->node->op;
    bool derivative = n > 2 && memcmp(name, "d_", 2) == 0 && call_declares(op, name + 2, n - 2);
    const char *bare = derivative ? name + 2 : name;
    size_t length = derivative ? n - 2 : n;
    Value *value = tensor_of(s, s->node, bare, length);
    if (s->which < s->node->slices.count && (n == 4 || n == 6)) {
        const Slice *slice = &s->node->slices.items[s->which];
        if (memcmp(name, n == 4 ? "size" : "before", n) == 0)
            return arena_format(arena, "%ld", n == 4 ? slice->size : slice->before);
    }
    if (!value && call_declares(op, bare, length))
        return "NULL";
    if (n == 6 && memcmp(name, "d_loss", 6) == 0)
        return d_loss_c(s->node);
    if (!value)
        return call_word(s->node, name, n, element);
    const Part *part = derivative ? part_of(s, bare, length) : NULL;
    if (part)
        return value_c(arena, part->part, true);
    bool is_input = false;
    for (int i = 0; i < s->node->inputs.count; i++)
        is_input |= s->node->inputs.items[i] == value;
    if (derivative && is_input && value_root(value)->need == NEED_NOTHING)
        return "NULL";
    if (derivative && value->kind == VALUE_PARAMETER && value->need == NEED_NOTHING)
        return "NULL";
    if (derivative && op->outputs[0].many && !is_input && value_root(value)->d_parts == 0)
        return "NULL";
    const char *text = element && inlined ? inlined(data, value_place(value, derivative), derivative) : NULL;
    if (text)
        return text;
    text = value_c(arena, value, derivative);
    if (value->kind == VALUE_LITERAL && s->element && strchr(s->element, '?') && text[0] != '(')
        return arena_format(arena, "(real)%s", text); // `c ? 1 : 3` would be an int
    return element && value->kind != VALUE_LITERAL ? arena_format(arena, "%s[i]", text) : text;
}

const char *statement_expand(const Statement *s, const char *text, bool element, ElementText *inlined, void *data)
{
    Arena *arena = s->node->program->arena;
    for (size_t from = 0; text[from];) {
        size_t n = 0;
        if (text[from] != '$') {
            from++;
            continue;
        }
        while (isalnum((unsigned char)text[from + 1 + n]) || text[from + 1 + n] == '_')
            n++;
        const char *is = expand_one(s, text + from + 1, n, element, inlined, data);
        size_t rest = strlen(text + from + 1 + n);
        text = element ? splice(arena, text, from, from + 1 + n, is)
                       : arena_format(arena, "%.*s%s%s", (int)from, text, is, text + from + 1 + n);
        from = strlen(text) - rest;
    }
    return text;
}

// --------------------------------------------------------------------------------------------------- reads, writes

typedef struct {
    const Statement *s;
    const Node *node;
    AccessVisit *visit;
    void *data;
    bool backward;
} Visiting;

static bool in_list(Value *const *items, int count, const Value *value)
{
    for (int i = 0; i < count; i++)
        if (items[i] == value)
            return true;
    return false;
}

static void visit_placeholder(void *data, const char *name, size_t length, bool derivative)
{
    Visiting *v = data;
    const Node *node = v->node;
    Value *value = tensor_of(v->s, node, name, length);
    if (!value || value->kind == VALUE_LITERAL)
        return;
    if (derivative && node->op->outputs[0].many && in_list(node->outputs.items, node->outputs.count, value) &&
        value_root(value)->d_parts == 0)
        return; // nobody uses this part: NULL
    const Part *part = v->s && derivative ? part_of(v->s, name, length) : NULL;
    bool result = in_list(node->outputs.items, node->outputs.count, value) ||
        in_list(node->temporaries.items, node->temporaries.count, value);
    bool writes = v->backward ? derivative && !result : !derivative && result;
    if (v->backward && !derivative && in_list(node->temporaries.items, node->temporaries.count, value) &&
        !value->stored)
        writes = true; // a workspace of one backward rule
    if (derivative && !result && value_root(value)->need == NEED_NOTHING)
        return;
    v->visit(v->data, part ? part->part : value_place(value, derivative), derivative, writes);
}

void statement_visit(const Statement *s, AccessVisit *visit, void *data)
{
    Visiting v = {s, s->node, visit, data, s->backward};
    if (!s->rule) {
        visit(data, s->part, true, false);
        visit(data, value_place(s->target, true), true, true);
        return;
    }
    if (s->call)
        template_visit(s->node, s->call, visit_placeholder, &v);
    if (s->element) {
        template_visit(s->node, s->element, visit_placeholder, &v);
        visit(data, value_place(s->target, s->backward), s->backward, true);
    }
}

void loss_visit(const Node *node, AccessVisit *visit, void *data)
{
    const Rule *rules[] = {call_forward(node, true), call_denominator(node)};
    Visiting v = {NULL, node, visit, data, false};
    for (int k = 0; k < 2; k++)
        if (rules[k] && rules[k]->value)
            template_visit(node, rules[k]->value, visit_placeholder, &v);
}
