// The first section: the model. Structs of parameters and values, forward, loss, backward, metrics: straight-line C, one
// group of lines a row, under the row's own text. What is emitted was decided before: this file only writes it down.
#include "../names.h"
#include "functions.h"
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

// One member: its declaration, and what is said behind it.
typedef struct {
    const char *member, *type, *size, *note;
} Member;

typedef VEC(Member) Members;

// Nested structs from dotted paths; what belongs to one struct stands together: conv1.weight, conv1.bias.
static void write_members(Writer *w, const Members *members)
{
    const char *open = "";
    for (int i = 0; i < members->count; i++) {
        const Member *m = &members->items[i];
        const char *member = m->member, *next = i + 1 < members->count ? members->items[i + 1].member : "";
        int have = common_levels(open, member), level = 0;
        const char *part = member;
        for (const char *dot; (dot = strchr(part, '.')); part = dot + 1)
            if (level++ >= have)
                writer_open(w, "struct");
        writer_line(w, "%s%s%s;%s", m->type, part, m->size, m->note);
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

// Members whose paths begin alike are brought together, in the order of the first of each.
static void group_members(Arena *arena, const Members *members, size_t from, Members *out)
{
    bool *taken = arena_new(arena, bool, members->count + 1);
    for (int i = 0; i < members->count; i++) {
        const char *part = members->items[i].member + from;
        size_t n = strcspn(part, ".");
        Members inside = {0};
        if (taken[i])
            continue;
        if (!part[n]) {
            vec_push(arena, out, members->items[i]);
            continue;
        }
        for (int k = i; k < members->count; k++)
            if (!taken[k] && strncmp(members->items[k].member + from, part, n + 1) == 0) {
                taken[k] = true;
                vec_push(arena, &inside, members->items[k]);
            }
        group_members(arena, &inside, from + n + 1, out);
    }
}

static void write_grouped(Writer *w, Program *program, const Members *members)
{
    Members grouped = {0};
    group_members(program->arena, members, 0, &grouped);
    write_members(w, &grouped);
}

static void write_owned(Writer *w, Program *program, Value *const *values, int count)
{
    Members members = {0};
    for (int i = 0; i < count; i++) {
        Type type = values[i]->type;
        Text sizes = text_new(program->arena);
        for (int k = 0; k < type.rank; k++)
            text_add(&sizes, "%s%ld", k ? " * " : "", type.axis[k].value);
        Member member = {values[i]->member, "real ", arena_format(program->arena, "[%s]", type.rank ? sizes.data : "1"), ""};
        vec_push(program->arena, &members, member);
    }
    write_grouped(w, program, &members);
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

static void write_buffers(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    if (graph->buffers.count == 0)
        return;
    writer_comment(w, "s: what forward_train keeps from step to step beside the parameters, by PyTorch's paths.");
    writer_open(w, "struct Buffers");
    write_owned(w, program, graph->buffers.items, graph->buffers.count);
    writer_close(w, ";");
    writer_blank(w);
}

static bool has_pointer(Value *value) { return value->wired && value->uses > 0 && value_root(value)->stored; }

static void write_values(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    Members members = {0};
    Map last_of = map_new(program->arena); // of those with one member
    writer_comment(w, "v: the values of a forward pass, by the rows that make them (row__stage inside a row); d: the "
                      "gradient of the loss by the value of the same name.");
    writer_open(w, "struct Values");
    for (int i = 0; i < graph->values.count; i++)
        if (has_pointer(graph->values.items[i]))
            map_set(&last_of, graph->values.items[i]->member, graph->values.items[i]);
    for (int i = 0; i < graph->values.count; i++) {
        Value *value = graph->values.items[i];
        bool wired = has_pointer(value);
        bool hands_on = value->wired == WIRED_ROUND || value->wired == WIRED_OUT;
        if (hands_on && map_get(&last_of, value->member) != value)
            continue; // `out` is declared once
        if (!wired && ((!value->stored && !value->d_stored) || value->alias || value->kind == VALUE_PARAMETER ||
                          value->kind == VALUE_BUFFER))
            continue;
        const char *type = type_text(program->arena, &value->type), *sizes = strchr(type, '[');
        const char *last = value->type.feature_last && value->type.rank > 2 ? ", the last axis outermost" : "";
        const char *shown = value->type.element == ELEMENT_INT ? type : sizes ? sizes : "one number";
        Member member = {value->member, arena_format(program->arena, "%s *", elements[value->type.element]), "",
            hands_on ? arena_format(program->arena, " /* %s: what the rounds hand on */", shown)
            : wired ? arena_format(program->arena, " /* %s: what goes in, `%s` */", shown,
                          value_handed_on(value->alias)->path)
                    : arena_format(program->arena, " /* %s%s */", shown, last)};
        vec_push(program->arena, &members, member);
    }
    write_grouped(w, program, &members);
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
            text_add(&members, "real %s__%s[%d];\n", node->c_stream, word->name, word->value.count);
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

void emit_model(Writer *w, Program *program)
{
    write_parameters(w, program);
    write_buffers(w, program);
    write_values(w, program);
    write_lists(w, program);
    emit_functions(w, program);
    emit_forward(w, program);
    emit_loss(w, program);
    emit_backward(w, program);
    emit_metrics(w, program);
}
