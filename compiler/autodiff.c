// Autodiff: the chain rule over the graph. Input: the nodes. Output: statements: forward (for training, for evaluation),
// loss, and backward, in which every rule that somebody needs appears once, from the last row to the first. The derivative
// of a value is set by the first row that contributes and added to by the others. Nothing is emitted for what no parameter
// needs; what only an input of the model needs is guarded.
#include "errors_model.h"
#include "names.h"
#include "statement.h"
#include <string.h>

// ------------------------------------------------------------------------------------------------------- needs

static Need more(Need a, Need b) { return a > b ? a : b; }

static bool word_of(const char *list, const char *word) { return word_in(word, strlen(word), list); }

// The rule for the derivative by a tensor: the first of those that give it whose condition holds.
static const Rule *rule_of(const Node *node, const char *tensor)
{
    for (const Rule *r = node->op->backward; r->of; r++)
        if (word_of(r->of, tensor) && call_holds(node, r->when, true))
            return r;
    return NULL;
}

// Whether a derivative passes from the result of a node to an input: not through a comparison.
static bool passes(const Node *node, int input)
{
    const Rule *rule = rule_of(node, call_input_name(node, input));
    return !rule || !rule->value || strcmp(rule->value, "0") != 0;
}

// Whether a node owns parameters, or uses those of others, that are trained.
static bool trains(const Node *node)
{
    for (int k = 0; k < node->parameters.count; k++)
        if (!node->parameters.items[k]->group.frozen)
            return true;
    return false;
}

// Whether a node uses frozen parameters and nothing that is trained.
static bool uses_frozen(const Node *node)
{
    bool frozen = node->parameters.count > 0 && !trains(node);
    for (int k = 0; k < node->inputs.count; k++) {
        const Value *root = value_root(node->inputs.items[k]);
        frozen |= root->kind == VALUE_PARAMETER && root->need == NEED_NOTHING;
    }
    for (int k = 0; k < node->outputs.count; k++)
        frozen &= node->outputs.items[k]->need == NEED_NOTHING;
    return frozen;
}

// What every node passes on, once columns and parameters know what they need.
static void pass_needs(Graph *graph)
{
    for (int i = 0; i < graph->nodes.count; i++) {
        const Node *node = graph->nodes.items[i];
        Need need = trains(node) ? NEED_ALWAYS : NEED_NOTHING;
        for (int k = 0; k < node->inputs.count; k++)
            if (passes(node, k))
                need = more(need, value_root(node->inputs.items[k])->need);
        for (int k = 0; k < node->outputs.count; k++) {
            Value *value = node->outputs.items[k];
            if (value->type.element == ELEMENT_REAL && !value->alias && value->kind != VALUE_PARAMETER)
                value->need = more(value->need, need);
        }
    }
}

// Whether the way back to an input leads through frozen parameters, with nothing that is trained below them. Before
// this the columns need nothing.
static bool behind_frozen(Graph *graph, Value *column)
{
    column->walk = column;
    for (int i = 0; i < graph->nodes.count; i++) {
        const Node *node = graph->nodes.items[i];
        bool here = false;
        for (int k = 0; k < node->inputs.count; k++)
            here |= value_root(node->inputs.items[k])->walk == column && passes(node, k);
        if (here && uses_frozen(node))
            return true;
        for (int k = 0; k < node->outputs.count && here; k++)
            if (node->outputs.items[k]->need == NEED_NOTHING)
                node->outputs.items[k]->walk = column;
    }
    return false;
}

// The derivative by an input costs a trained model nothing but its first row; by one behind frozen rows it would be code for
// all of them, for gradcheck alone, and there is none.
static void find_needs(Graph *graph)
{
    for (int i = 0; i < graph->parameters.count; i++)
        graph->parameters.items[i]->need = graph->parameters.items[i]->group.frozen ? NEED_NOTHING : NEED_ALWAYS;
    pass_needs(graph);
    for (int i = 0; i < graph->columns.count; i++) {
        Value *column = graph->columns.items[i];
        bool real = column->is_input && column->type.element == ELEMENT_REAL;
        column->need = real && !behind_frozen(graph, column) ? NEED_INPUT : NEED_NOTHING;
    }
    pass_needs(graph);
}

// ----------------------------------------------------------------------------------------------------- forward

static void add_forward(Graph *graph, Statements *list, Node *node, bool train)
{
    const Rule *rule = call_forward(node, train);
    if (!rule || rule->alias || node->outputs.count == 0)
        return;
    for (int k = 0; k < 3 && rule->call[k]; k++)
        for (int which = 0; which < (node->slices.count ? node->slices.count : 1); which++) {
            Statement call = {.node = node, .rule = rule, .call = rule->call[k], .which = which};
            vec_push(graph->arena, list, call);
        }
    if (rule->value) {
        Statement element = {.node = node, .rule = rule, .element = rule->value, .target = node->outputs.items[0]};
        vec_push(graph->arena, list, element);
    }
}

// Whether a node depends on parameters alone: then `loss`, which has none, finds its value made by forward.
static bool only_parameters(const Node *node)
{
    for (int i = 0; i < node->inputs.count; i++) {
        const Value *value = value_root(node->inputs.items[i]);
        if (value->kind != VALUE_LITERAL && value->kind != VALUE_PARAMETER &&
            !(value->maker && only_parameters(value->maker)))
            return false;
    }
    return node->inputs.count > 0;
}

static bool mentions(const Statements *list, const char *placeholder)
{
    for (int i = 0; i < list->count; i++)
        if (list->items[i].call && strstr(list->items[i].call, placeholder))
            return true;
    return false;
}

static void forward(Graph *graph)
{
    for (int i = 0; i < graph->nodes.count; i++) {
        Node *node = graph->nodes.items[i];
        if (node->row->section == SECTION_MODEL || (node->row->section == SECTION_LOSS && only_parameters(node))) {
            add_forward(graph, &graph->forward_train, node, true);
            add_forward(graph, &graph->forward_eval, node, false);
            graph->forward_differs |= call_forward(node, true) != call_forward(node, false);
        } else if (node->row->section == SECTION_LOSS)
            add_forward(graph, &graph->loss, node, true);
        else
            add_forward(graph, &graph->measured, node, false);
    }
    graph->train_random = mentions(&graph->forward_train, "$seed");
    graph->eval_random = mentions(&graph->forward_eval, "$seed");
}

// ---------------------------------------------------------------------------------------------------- backward

// The inputs and parameters of a node that need a derivative by this rule.
static int targets_of(const Node *node, const Rule *rule, Value **targets)
{
    int count = 0;
    for (int k = 0; k < 2; k++) {
        Value **items = k ? node->parameters.items : node->inputs.items;
        for (int i = 0; i < (k ? node->parameters.count : node->inputs.count); i++) {
            Value *value = items[i];
            const Tensor *tensor = k ? value->tensor : NULL;
            const char *name = tensor ? tensor->name : call_input_name(node, i);
            if (value_root(value)->need != NEED_NOTHING && word_of(rule->of, name) && rule_of(node, name) == rule)
                targets[count++] = value;
        }
    }
    return count;
}

static Value *new_part(Graph *graph, const Node *node, Value *input)
{
    Value *root = value_root(input), *part = arena_new(graph->arena, Value, 1);
    *part = *root;
    part->kind = VALUE_TEMPORARY;
    part->path = name_inside(graph->arena, &graph->names, input->wired == WIRED_IN ? input->path : root->path,
        node->row->named && !strchr(node->row->path, '.') ? node->row->path : node->op->name);
    part->member = name_member(graph->arena, part->path);
    part->alias = NULL;
    part->ends_row = false;
    part->stored = false;
    vec_push(graph->arena, &graph->values, part);
    return part;
}

static void add_call(Graph *graph, Node *node, const Rule *rule, bool guarded)
{
    Statement adds[64];
    bool many = node->op->inputs[0].many;
    int count = 0, part = 0;
    Statement first = {.node = node, .rule = rule, .call = rule->call[0], .backward = true, .guarded = guarded};
    for (int i = 0; i < node->inputs.count; i++) {
        Value *root = value_root(node->inputs.items[i]);
        const char *name = call_input_name(node, i);
        if (root->need == NEED_NOTHING || root->kind == VALUE_LITERAL || !word_of(rule->of, name) ||
            rule_of(node, name) != rule)
            continue;
        bool again = root->d_parts++ > 0 || root->kind == VALUE_PARAMETER;
        if (again) {
            Value *value = new_part(graph, node, node->inputs.items[i]);
            first.parts[many ? 0 : part++] = (Part){name, value};
            adds[count++] = (Statement){.node = node, .target = node->inputs.items[i], .part = value, .backward = true,
                .adds = true, .guarded = root->need == NEED_INPUT};
        } else if (many)
            first.parts[0] = (Part){NULL, NULL};
        first.which = i;
        if (many) { // a call for each input: another one may be asked for without it
            first.guarded = root->need == NEED_INPUT;
            vec_push(graph->arena, &graph->backward, first);
        }
    }
    for (int k = 0; k < 3 && rule->call[k] && !many; k++)
        for (first.which = 0; first.which < (node->slices.count ? node->slices.count : 1); first.which++) {
            first.call = rule->call[k];
            vec_push(graph->arena, &graph->backward, first);
        }
    for (int k = 0; k < count; k++)
        vec_push(graph->arena, &graph->backward, adds[k]);
}

// How many rules read each value, also under the names that only rename it.
static void count_uses(Graph *graph)
{
    for (int i = 0; i < graph->values.count; i++) {
        Value *value = graph->values.items[i];
        value_root(value)->root_uses += value->uses - (value->alias != NULL);
    }
}

static void add_rule(Graph *graph, Node *node, const Rule *rule)
{
    Value *targets[12];
    int count = targets_of(node, rule, targets);
    bool guarded = true;
    if (count == 0 || rule->alias || (rule->value && strcmp(rule->value, "0") == 0)) // nothing passes: a comparison
        return;
    for (int i = 0; i < count; i++)
        guarded &= value_root(targets[i])->need == NEED_INPUT;
    if (rule->call[0])
        add_call(graph, node, rule, guarded);
    Value *first = value_root(targets[0]), *output = node->outputs.count ? value_root(node->outputs.items[0]) : NULL;
    if (rule->value && strcmp(rule->value, "$d_y") == 0 && count == 1 && first->root_uses == 1 &&
        first->d_parts == 0 && first->kind == VALUE_RESULT && first != output) {
        // Nothing happens to it on the way: the same derivative.
        first->d_alias = output;
        first->d_parts++;
        return;
    }
    for (int i = 0; rule->value && i < count; i++) {
        Value *root = value_root(targets[i]);
        Statement element = {.node = node, .rule = rule, .element = rule->value, .target = targets[i], .backward = true,
            .adds = root->d_parts++ > 0 || root->kind == VALUE_PARAMETER, .guarded = guarded};
        vec_push(graph->arena, &graph->backward, element);
    }
}

static bool reached(const Node *node)
{
    if (node->outputs.count == 0)
        return node->op->kind == OP_LOSS && node->d_loss != 0;
    for (int k = 0; k < node->outputs.count; k++)
        if (value_root(node->outputs.items[k])->d_parts > 0)
            return true;
    return false;
}

static void backward(Program *program)
{
    Graph *graph = program->graph;
    for (int i = graph->nodes.count - 1; i >= 0; i--) {
        Node *node = graph->nodes.items[i];
        if (!reached(node))
            continue;
        for (int k = 0; k < node->inputs.count; k++)
            if (value_root(node->inputs.items[k])->need != NEED_NOTHING && !rule_of(node, call_input_name(node, k)))
                error_internal(program, node->span, "autodiff", "no backward rule for an input");
        for (const Rule *rule = node->op->backward; rule->of; rule++)
            add_rule(graph, node, rule);
        for (int k = 0; k < node->parameters.count; k++)
            node->parameters.items[k]->d_parts++;
    }
    for (int i = 0; i < graph->parameters.count; i++) {
        const Value *parameter = graph->parameters.items[i];
        if (parameter->group.frozen)
            continue;
        bool unused = parameter->maker->outputs.items[0]->uses == 0 && parameter->maker->outputs.items[0] != graph->output;
        for (int k = 0; k < i; k++) // one message for a stage, however often it is used
            unused |= graph->parameters.items[k]->d_parts == 0 &&
                graph->parameters.items[k]->maker->span.from == parameter->maker->span.from;
        if (parameter->d_parts == 0 && !unused) // of an unused row that has been said
            warning_unreached_parameter(program, parameter);
    }
}

void autodiff(Program *program)
{
    count_uses(program->graph);
    find_needs(program->graph);
    forward(program->graph);
    backward(program);
}
