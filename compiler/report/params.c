// mtc params: the table of all parameters (LANGUAGE 4.19). Input: a graph behind the pass `params`. Output: a line for each
// parameter, aligned, and totals. Invariant: the file's own words, where there are some: an init as it is written, a rule
// by its line and selector.
#include "../call.h"
#include "../init.h"
#include "../params.h"
#include "../params_select.h"
#include "report.h"
#include <string.h>

enum { COLUMNS = 7, COUNT = 2 };

typedef struct {
    const char *cell[COLUMNS];
} Line;

typedef VEC(Line) Lines;

// 10,745,088
static const char *grouped(Arena *arena, long n)
{
    const char *digits = arena_format(arena, "%ld", n);
    size_t length = strlen(digits);
    Text text = text_new(arena);
    for (size_t i = 0; i < length; i++)
        text_add(&text, "%s%c", i > 0 && (length - i) % 3 == 0 ? "," : "", digits[i]);
    return text.data;
}

static long count_of(const Value *parameter)
{
    long count = 1;
    for (int k = 0; k < parameter->type.rank; k++)
        count *= parameter->type.axis[k].value;
    return count;
}

static const char *shape_of(Arena *arena, const Value *parameter)
{
    Text text = text_new(arena);
    for (int k = 0; k < parameter->type.rank; k++)
        text_add(&text, "%s%ld", k ? ", " : "[", parameter->type.axis[k].value);
    text_string(&text, "]");
    return text.data;
}

static const char *decay_of(const Program *program, const Value *parameter)
{
    const Setting *setting = optimizer_setting(program->training, "weight_decay", strlen("weight_decay"));
    if (parameter->group.frozen)
        return "-";
    if (!setting)
        return "0";
    return shortest(program->arena,
        parameter->group.weight_decay >= 0 ? parameter->group.weight_decay : setting->value.number);
}

// The selector of a rule that means the parameter: of several the last.
static const char *selector_of(const Program *program, const ParamRule *rule, const Value *parameter)
{
    const Ast *selectors = rule->ast->child[0];
    const char *text = "";
    for (int k = 0; k < selectors->children; k++)
        if (selector_matches(program, selectors->child[k], parameter))
            text = source_quote(program->source, program->arena, selectors->child[k]->span);
    return text;
}

// "line 4: linear.weight, line 6: bias", in the order of the file.
static void add_rules(Text *text, const Program *program, const Value *parameter)
{
    const ParamRule *last = NULL;
    for (;;) {
        const ParamRule *next = NULL;
        for (int s = 0; s < PARAM_SETTINGS; s++) {
            const ParamRule *rule = parameter->group.rule[s];
            bool behind = rule && (!last || rule->ast->span.from > last->ast->span.from);
            if (behind && (!next || rule->ast->span.from < next->ast->span.from))
                next = rule;
        }
        if (!next)
            return;
        text_add(text, "%sline %d: %s", last ? ", " : "", source_line(program->source, next->ast->span.from),
            selector_of(program, next, parameter));
        last = next;
    }
}

// "also logits.weight": where else the parameter is used under a name of its own.
static void add_ties(Text *text, const Program *program, const Value *parameter)
{
    for (int i = 0; i < program->graph->nodes.count; i++) {
        const Node *node = program->graph->nodes.items[i];
        for (const Tensor *t = node->op->parameters; node != parameter->maker && t->name; t++)
            if (call_tensor(node, t->name, strlen(t->name)) == parameter)
                text_add(text, "%salso %s.%s", text->length ? "; " : "", node->row->path, t->name);
    }
}

static void add_line(Lines *lines, const Program *program, const Value *parameter)
{
    Arena *arena = program->arena;
    const ParamGroup *group = &parameter->group;
    const char *init = init_text(arena, &parameter->init);
    Text set = text_new(arena);
    add_rules(&set, program, parameter);
    add_ties(&set, program, parameter);
    Line line = {{parameter->path, shape_of(arena, parameter), grouped(arena, count_of(parameter)),
        parameter->init.is_default ? arena_format(arena, "%s (PyTorch's)", init) : init, decay_of(program, parameter),
        group->frozen ? "frozen" : arena_format(arena, "x%s", shortest(arena, group->lr_scale)), set.data}};
    vec_push(arena, lines, line);
}

static void print(Text *out, const Lines *lines)
{
    int width[COLUMNS] = {0};
    for (int i = 0; i < lines->count; i++)
        for (int k = 0; k < COLUMNS - 1; k++) {
            int length = (int)strlen(lines->items[i].cell[k]);
            width[k] = length > width[k] ? length : width[k];
        }
    for (int i = 0; i < lines->count; i++) {
        const Line *line = &lines->items[i];
        int last = COLUMNS - 1;
        while (last > 0 && !*line->cell[last])
            last--;
        for (int k = 0; k <= last; k++)
            text_add(out, k == COUNT ? "%*s%s" : "%-*s%s", k < last || k == COUNT ? width[k] : 0, line->cell[k],
                k < last ? "  " : "\n");
    }
}

void report_params(const Program *program, Text *out)
{
    Lines lines = {0};
    const Graph *graph = program->graph;
    long numbers = 0;
    int frozen = 0;
    vec_push(program->arena, &lines, ((Line){{"path", "shape", "count", "init", "decay", "lr", "set by"}}));
    for (int k = 0; k < graph->parameters.count; k++) {
        const Value *parameter = graph->parameters.items[k];
        add_line(&lines, program, parameter);
        numbers += count_of(parameter);
        frozen += parameter->group.frozen;
    }
    print(out, &lines);
    text_add(out, "%d parameter%s, %s number%s; %d frozen\n", graph->parameters.count,
        graph->parameters.count == 1 ? "" : "s", grouped(program->arena, numbers), numbers == 1 ? "" : "s", frozen);
}
