// Shapes: the types in a table's notation against the values that go in, and the sizes and types that come out. Every size
// that comes out knows the stage and the arithmetic that made it.
#include "call.h"
#include "errors_model.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// "class(K)[B, ..., I]" in parts.
typedef struct {
    const char *element; // "", "u8", "int", "class(K)"
    const char *axis[MAX_RANK + 1];
    int axes, rest; // rest: index of `...`, or -1
} Pattern;

static Pattern read_pattern(Arena *arena, const char *type)
{
    Pattern p = {.rest = -1};
    size_t n = strcspn(type, "[");
    p.element = arena_copy(arena, type, n);
    int depth = 0;
    for (const char *s = type + n + 1, *from = s; *s && p.axes <= MAX_RANK; s++) {
        depth += (*s == '(') - (*s == ')');
        if (depth > 0 || (*s != ',' && *s != ']'))
            continue;
        from += *from == ' ';
        if (s > from) {
            if (strncmp(from, "...", 3) == 0)
                p.rest = p.axes;
            p.axis[p.axes++] = arena_copy(arena, from, (size_t)(s - from));
        }
        from = s + 1;
    }
    return p;
}

static bool is_name(const char *text)
{
    if (!isalpha((unsigned char)*text))
        return false;
    while (isalnum((unsigned char)*text) || *text == '_')
        text++;
    return *text == 0;
}

static Word *size_of(const Node *node, const char *name)
{
    for (int i = 0; i < node->words.count; i++)
        if (strcmp(node->words.items[i].name, name) == 0)
            return &node->words.items[i];
    return NULL;
}

// ----------------------------------------------------------------------------------------------------- inputs

// Whether the element fits; binds K of class(K).
static bool match_element(Node *node, const Pattern *p, const Type *type)
{
    if (!*p->element)
        return type->element == ELEMENT_REAL;
    if (type->element == ELEMENT_REAL)
        return false;
    if (starts_with(p->element, "class(") && type->classes > 0) {
        const char *name = arena_copy(node->program->arena, p->element + 6, strlen(p->element) - 7);
        if (!size_of(node, name))
            call_add_size(node, name, type->classes, NULL);
        return true;
    }
    return strcmp(p->element, "int") == 0;
}

static bool match_rest(Node *node, const Type *type, int from, int count)
{
    if (node->rest_rank < 0) {
        node->rest_rank = count;
        memcpy(node->rest, type->axis + from, (size_t)count * sizeof *node->rest);
        return true;
    }
    if (node->rest_rank != count)
        return false;
    for (int k = 0; k < count; k++)
        if (node->rest[k].value != type->axis[from + k].value)
            return false;
    return true;
}

static bool match_axes(Node *node, const Pattern *p, const Type *type)
{
    int more = type->rank - (p->axes - (p->rest >= 0));
    if (more < 0 || (p->rest < 0 && more > 0))
        return false;
    for (int i = 0, axis = 0; i < p->axes; i++) {
        if (i == p->rest) {
            if (!match_rest(node, type, axis, more))
                return false;
            axis += more;
            continue;
        }
        Extent extent = type->axis[axis++];
        if (strcmp(p->axis[i], "B") == 0) {
            if (extent.value != 0 || axis != 1)
                return false;
            continue;
        }
        Word *word = size_of(node, p->axis[i]);
        if (extent.value == 0 || (word && word->value.number != (double)extent.value))
            return false;
        if (!word)
            call_add_size(node, p->axis[i], extent.value, extent.origin);
    }
    return true;
}

// The row of the table for an input: the first of its name that exists here.
static const Tensor *tensor_for(const Node *node, int input)
{
    const Tensor *inputs = node->op->inputs;
    int seen = -1;
    const char *name = NULL;
    for (const Tensor *t = inputs; t->name; t++) {
        bool again = false;
        for (const Tensor *u = inputs; u < t; u++)
            again |= strcmp(u->name, t->name) == 0;
        seen += !again;
        if (seen == input && !name)
            name = t->name;
        if (name && strcmp(t->name, name) == 0 && call_holds(node, t->when, false))
            return t;
    }
    return inputs; // the last of a name has no condition; the test of all tables sees to it
}

// A column of the data takes the type that its use requires, once the sizes in that type are known (LANGUAGE 10.2).
static void require_column(Node *node, Value *value, const Pattern *p)
{
    Program *program = node->program;
    Type type = {.element = *p->element ? ELEMENT_INT : ELEMENT_REAL};
    if (!value->column || value->is_input || (*p->element && value->type.rank > 0))
        return;
    if (*p->element) // class targets are one number an example, unless the column says otherwise
        type.axis[type.rank++] = (Extent){0, NULL};
    for (int i = 0; i < p->axes && !*p->element; i++) {
        const Word *word = size_of(node, p->axis[i]);
        if (i == p->rest && node->rest_rank < 0)
            return;
        if (i == p->rest)
            for (int k = 0; k < node->rest_rank && type.rank < MAX_RANK; k++)
                type.axis[type.rank++] = (Extent){node->rest[k].value, NULL};
        else if (strcmp(p->axis[i], "B") == 0 || word)
            type.axis[type.rank++] = (Extent){word ? (long)word->value.number : 0, NULL};
        else
            return;
    }
    if (data_require(program->data, value->column, &type, node->span))
        value->type = value->column->type;
}

static bool match_inputs(Node *node, const Ast *stage, int skip)
{
    Program *program = node->program;
    bool loss = node->op->kind == OP_LOSS || node->op->kind == OP_METRIC;
    for (int i = 0; i < node->inputs.count; i++) {
        Value *value = node->inputs.items[i];
        const Tensor *tensor = tensor_for(node, i);
        Pattern p = read_pattern(program->arena, tensor->type);
        if (value->kind == VALUE_LITERAL)
            continue;
        require_column(node, value, &p);
        if (tensor->many && value->type.element == ELEMENT_REAL)
            continue; // shapes are a matter of `infer`
        if (match_element(node, &p, &value->type) && match_axes(node, &p, &value->type))
            continue;
        if (loss) {
            Span spans[8] = {{0, 0, 0}};
            for (int k = 0; k < skip && k < 8; k++)
                spans[k] = stage->child[1 + k]->span;
            error_loss_shapes(program, node->op, node, spans);
        } else
            error_stage_shape(program, node, value, tensor);
        return false;
    }
    return true;
}

// ------------------------------------------------------------------------------------------------ checks, sizes

// Facts for the sizes that an expression mentions: "OH = (28 + 2*0 - 5) // 1 + 1 = 24".
static int facts_of(const Node *node, const char *expression, const char **facts, int room)
{
    int count = 0;
    for (const char *s = expression; *s;) {
        size_t n = 0;
        while (isalnum((unsigned char)s[n]) || s[n] == '_' || s[n] == '.')
            n++;
        const Word *word = n ? size_of(node, arena_copy(node->program->arena, s, n)) : NULL;
        if (word && word->origin && count < room) {
            const Origin *o = word->origin;
            const char *fact = o->how && *o->how
                ? arena_format(node->program->arena, "%s = %s = %ld, %s", word->name, o->how, o->value, o->stage)
                : arena_format(node->program->arena, "%s = %ld, %s", word->name, o->value, o->stage);
            bool again = false;
            for (int k = 0; k < count; k++)
                again |= strcmp(facts[k], fact) == 0;
            if (!again)
                facts[count++] = fact;
        }
        s += n ? n : 1;
    }
    return count;
}

// Where an argument is written, or the whole stage.
static Span place_of(const Node *node, const Ast *stage, int skip, const char *name)
{
    int position = 0;
    for (int i = 1 + skip; stage->kind == AST_CALL && i < stage->children; i++) {
        const Ast *child = stage->child[i];
        const char *is = child->kind == AST_ARGUMENT ? child->text : node->op->args[position++].name;
        if (name && is && strcmp(is, name) == 0)
            return child->span;
    }
    return stage->span;
}

static bool check(Node *node, const Ast *stage, int skip)
{
    for (const Check *c = node->op->checks; c->condition; c++) {
        if (call_holds(node, c->condition, false))
            continue;
        const char *facts[4];
        int count = facts_of(node, c->condition, facts, 4);
        error_check(node->program, node, place_of(node, stage, skip, c->at), c->message, c->condition,
            call_in_numbers(node, c->condition), facts, count);
        return false;
    }
    return true;
}

// The origin of the first size of an input that an expression mentions: what stood on this axis before.
static const Origin *origin_before(const Node *node, const char *expression)
{
    for (const char *s = expression; *s;) {
        size_t n = 0;
        while (isalnum((unsigned char)s[n]) || s[n] == '_' || s[n] == '.')
            n++;
        const Word *word = n ? size_of(node, arena_copy(node->program->arena, s, n)) : NULL;
        if (word && word->origin)
            return word->origin;
        s += n ? n : 1;
    }
    return NULL;
}

static const Origin *new_origin(const Node *node, const char *how, long value, const Origin *before)
{
    Origin *origin = arena_new(node->program->arena, Origin, 1);
    *origin = (Origin){how, node->stage, value, node->span, before};
    return origin;
}

// Whether the table replaces the last of any number of axes, as linear does.
static bool replaces_last(const Node *node, const char *size)
{
    const Tensor *x = &node->op->inputs[0], *y = &node->op->outputs[0];
    if (!x->name || !y->name || !y->type)
        return false;
    Pattern in = read_pattern(node->program->arena, x->type), out = read_pattern(node->program->arena, y->type);
    return in.rest >= 0 && in.rest == in.axes - 2 && out.rest == out.axes - 2 &&
        strcmp(out.axis[out.axes - 1], size) == 0;
}

static bool compute_sizes(Node *node)
{
    Program *program = node->program;
    for (const Size *size = node->op->sizes; size->name; size++) {
        if (size_of(node, size->name) || !call_holds(node, size->when, false))
            continue;
        double value = call_number(node, size->value);
        const char *numbers = call_in_numbers(node, size->value);
        const char *facts[4];
        int count = facts_of(node, size->value, facts, 4);
        if (!(fabs(value) < 9e15) || value != floor(value)) {
            error_too_large(program, node->span, numbers);
            return false;
        }
        if (value < 1 && !size->may_be_zero) {
            error_size_below_one(program, node, size->name, numbers, value, facts, count);
            return false;
        }
        const char *how = is_name(size->value) ? NULL : numbers;
        if (!how && replaces_last(node, size->name))
            how = "";
        call_add_size(node, size->name, (long)value,
            new_origin(node, how, (long)value, how && *how ? origin_before(node, size->value) : NULL));
    }
    return true;
}

// ----------------------------------------------------------------------------------------------------- outputs

// An axis of an output: a size, a number, or an expression over them.
static Extent compute_axis(const Node *node, const char *text)
{
    const Word *word = size_of(node, text);
    if (word)
        return (Extent){(long)word->value.number, word->origin};
    double value = call_number(node, text);
    if (!(value >= 1 && value < 9e15))
        error_too_large(node->program, node->span, call_in_numbers(node, text));
    return (Extent){value >= 1 && value < 9e15 ? (long)value : 1,
        new_origin(node, call_in_numbers(node, text), (long)value, NULL)};
}

static Type compute_type(const Node *node, const char *text)
{
    Pattern p = read_pattern(node->program->arena, text);
    Type type = {.element = !*p.element ? ELEMENT_REAL : strcmp(p.element, "u8") == 0 ? ELEMENT_U8 : ELEMENT_INT};
    for (int i = 0; i < p.axes; i++)
        if (i == p.rest)
            for (int k = 0; k < node->rest_rank && type.rank < MAX_RANK; k++)
                type.axis[type.rank++] = node->rest[k];
        else if (type.rank < MAX_RANK)
            type.axis[type.rank++] = strcmp(p.axis[i], "B") == 0 ? (Extent){0} : compute_axis(node, p.axis[i]);
    bool last = p.rest >= 0 && p.rest == p.axes - 2 && p.axes > 1 && strcmp(p.axis[p.axes - 1], "B") != 0;
    type.feature_last = last && node->rest_rank > 0;
    if (p.rest >= 0 && p.rest == p.axes - 1 && node->inputs.count > 0 && type.rank > 2) // [B, ...], [...]: as it came
        for (int i = 0; i < node->inputs.count; i++)
            type.feature_last |= node->inputs.items[i]->type.feature_last &&
                type_same_shape(&node->inputs.items[i]->type, &type);
    double bytes = 8.0 * 4096;
    for (int i = 0; i < type.rank; i++)
        bytes *= type.axis[i].value ? (double)type.axis[i].value : 1;
    if (bytes > 9e18)
        error_too_large(node->program, node->span, type_text(node->program->arena, &type));
    return type;
}

static void add_value(Node *node, const Tensor *tensor, ValueKind kind, void *list)
{
    Value *value = arena_new(node->program->arena, Value, 1);
    typedef VEC(Value *) Values;
    Values *values = list;
    value->kind = kind;
    value->tensor = tensor;
    value->maker = node;
    if (tensor->type)
        value->type = compute_type(node, tensor->type);
    vec_push(node->program->arena, values, value);
}

bool call_shape(Node *node, const Ast *stage, int skip)
{
    const Op *op = node->op;
    int before = diags_errors(node->program->diags);
    node->rest_rank = -1;
    if (!match_inputs(node, stage, skip))
        return false;
    if (node->rest_rank < 0)
        node->rest_rank = 0;
    long rest = 1;
    for (int k = 0; k < node->rest_rank; k++)
        rest *= node->rest[k].value ? node->rest[k].value : 1;
    if (!size_of(node, "P"))
        call_add_size(node, "P", rest, NULL);
    if (!check(node, stage, skip) || !compute_sizes(node))
        return false;
    for (const Tensor *t = op->outputs; t->name; t++)
        if (call_holds(node, t->when, false) && !t->many)
            add_value(node, t, VALUE_RESULT, &node->outputs);
    Call call = {node, stage, skip, false};
    if (op->infer && (!op->infer(&call) || call.failed))
        return false;
    for (const Tensor *t = op->temporaries; t->name; t++)
        if (call_holds(node, t->when, false))
            add_value(node, t, VALUE_TEMPORARY, &node->temporaries);
    for (const Tensor *t = op->parameters; t->name; t++)
        if (call_holds(node, t->when, false))
            add_value(node, t, VALUE_PARAMETER, &node->parameters);
    for (const Tensor *t = op->buffers; t->name; t++)
        if (call_holds(node, t->when, false))
            add_value(node, t, VALUE_BUFFER, &node->buffers);
    return diags_errors(node->program->diags) == before;
}

// How an input has to be stored for this table: 1: feature last, 0: in order, -1: either.
int call_input_order(const Node *node, int input)
{
    Pattern p = read_pattern(node->program->arena, tensor_for(node, input)->type);
    if (strcmp(node->op->name, "reordered") == 0 || node->op->order == ORDER_STORED || node->op->inputs[0].many ||
        node->op->outputs[0].many)
        return -1;
    if (p.rest < 0 || node->op->infer) // a reshape means the elements in order
        return 0;
    if (p.rest == p.axes - 1)
        return p.axes == 1 || (p.axes == 2 && strcmp(p.axis[0], "B") == 0) ? -1 : 0;
    return 1;
}

// ----------------------------------------------------------------------------------- for `infer` of a table

static Value *named(const Call *call, const char *tensor)
{
    return call_tensor(call->node, tensor, strlen(tensor));
}

int call_rank(const Call *call, const char *tensor) { return named(call, tensor)->type.rank; }

Axis call_axis(const Call *call, const char *tensor, int axis)
{
    Extent extent = named(call, tensor)->type.axis[axis];
    return (Axis){extent.value, extent.origin};
}

long call_int(const Call *call, const char *argument)
{
    const Constant *value = &size_of(call->node, argument)->value;
    return value->kind == CONSTANT_LIST ? value->count : (long)value->number;
}

long call_size(const Call *call, const char *argument, int k)
{
    return (long)size_of(call->node, argument)->value.items[k].number;
}

Axis call_new_axis(Call *call, long value, const char *how, ...)
{
    va_list list;
    va_start(list, how);
    const char *text = arena_vformat(call->node->program->arena, how, list);
    va_end(list);
    return (Axis){value, new_origin(call->node, *text ? text : NULL, value, NULL)};
}

int call_inputs(const Call *call) { return call->node->inputs.count; }

Axis call_input_axis(const Call *call, int input, int axis)
{
    Extent extent = call->node->inputs.items[input]->type.axis[axis];
    return (Axis){extent.value, extent.origin};
}

int call_input_rank(const Call *call, int input) { return call->node->inputs.items[input]->type.rank; }

bool call_last_outermost(const Call *call)
{
    bool all = true;
    for (int i = 0; i < call->node->inputs.count; i++)
        all &= call->node->inputs.items[i]->type.feature_last;
    return all;
}

void call_part(Call *call, long size, long before)
{
    Slice slice = {size, before};
    vec_push(call->node->program->arena, &call->node->slices, slice);
}

void call_size_of(Call *call, const char *name, long value)
{
    if (!size_of(call->node, name))
        call_add_size(call->node, name, value, NULL);
}

bool call_output(Call *call, const char *tensor, int rank, const Axis *axes)
{
    const Tensor *table = &call->node->op->outputs[0];
    if (table->many)
        add_value(call->node, table, VALUE_RESULT, &call->node->outputs);
    Value *value = table->many ? call->node->outputs.items[call->node->outputs.count - 1] : named(call, tensor);
    value->type.feature_last = (table->many || call->node->op->inputs[0].many) && rank > 2 && call_last_outermost(call);
    value->type.rank = rank;
    for (int i = 0; i < rank && i < MAX_RANK; i++)
        value->type.axis[i] = (Extent){axes[i].value, axes[i].origin};
    return true;
}

bool call_error(Call *call, const char *at, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const char *text = arena_vformat(call->node->program->arena, format, list);
    va_end(list);
    error_infer(call->node->program, call->node, place_of(call->node, call->stage, call->skip, at), text);
    call->failed = true;
    return false;
}
