// The sections `memory`: the life of every value, and the table of values for the commands that look at them.
#include "../statement.h"
#include "emit.h"

static const char *life_count(Program *program, const Value *value) { return call_count(program->arena, &value->type); }

// Between two rounds `out` is what the rounds so far hand on, here and nowhere else: when a step runs it is the last one's.
static const char *wired_c(Program *program, Value *value, bool derivative)
{
    return value->wired == WIRED_ROUND ? arena_format(program->arena, "%c->%s", derivative ? 'd' : 'v', value->member)
                                       : value_c(program->arena, value, derivative);
}

static void write_wired(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    for (int i = 0, before = 0; i < graph->lives.count; i++) {
        const Life *life = &graph->lives.items[i];
        if (!life->wired)
            continue;
        if (before++ == 0 || life->derivative != graph->lives.items[i - 1].derivative)
            writer_blank(w);
        if (before == 1)
            writer_comment(w, "What goes into blocks and what repeats hand on, under names of their own.");
        writer_line(w, "SAME(memory, %s, %s);", wired_c(program, life->value, life->derivative),
            wired_c(program, life->wired, life->derivative));
    }
}

static void write_plan(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    writer_comment(w, "The life of every value through one step, in the order of forward, loss and backward. Values that "
                      "never meet share their storage.");
    writer_function(w, "static void plan(struct Memory *memory, struct Values *v, struct Values *d)");
    bool asked = false, backward = false;
    for (int i = 0; i < graph->lives.count; i++) {
        const Life *life = &graph->lives.items[i];
        bool only = life->derivative && life->value->need == NEED_INPUT;
        if (life->wired || (only && life->gives)) // wired: below; only: taken where nothing is given
            continue;
        if (life->derivative && !backward)
            writer_blank(w);
        backward |= life->derivative;
        const char *c = value_c(program->arena, life->value, life->derivative);
        if (only) {
            writer_line(w, "if (memory->keep_all)%s", asked ? "" : " /* gradcheck asks for it; training never does */");
            writer_indent(w);
            asked = true;
        }
        if (life->gives)
            writer_line(w, "GIVE(memory, %s);", c);
        else
            writer_line(w, "TAKE(memory, %s, %s);", c, life_count(program, life->value));
        if (only)
            writer_dedent(w);
    }
    write_wired(w, program);
    if (!backward)
        writer_line(w, "(void)d;");
    writer_close(w, "%s", "");
    writer_blank(w);
}

static const char *kind_of(const Value *value)
{
    return value->type.element == ELEMENT_REAL ? "'r'" : value->type.element == ELEMENT_U8 ? "'b'" : "'i'";
}

static void write_entry(Writer *w, Program *program, const Value *value, const Value *root)
{
    Text sizes = text_new(program->arena);
    for (int i = 1; i < value->type.rank; i++)
        text_add(&sizes, "%s%ld", i > 1 ? ", " : "", value->type.axis[i].value);
    writer_line(w, "{\"%s\", offsetof(struct Values, %s), %s, %d, {%s}, %ld, %d, %d},", value->path,
        value->wired ? value->member : root->member,
        kind_of(value), value->type.rank - 1, sizes.length ? sizes.data : "0", value->type.classes,
        value->type.feature_last && value->type.rank > 2, value->is_input);
}

static void write_values(Writer *w, Program *program)
{
    const Graph *graph = program->graph;
    writer_comment(w, "Every value that can be looked at, in the order in which they are made.");
    writer_open(w, "static const struct ValueEntry values[] =");
    writer_comment(w, "path, place, kind, axes behind B, their sizes, classes, last axis outermost, input of the model");
    for (int i = 0; i < graph->values.count; i++) {
        Value *value = graph->values.items[i], *root = value_root(value);
        bool listed = !value->wired || (value->wired == WIRED_OUT && value->uses > 0);
        if (root->stored && listed && type_batched(&value->type) && value->kind != VALUE_TEMPORARY && value->path)
            write_entry(w, program, value, root);
    }
    writer_close(w, ";");
    writer_line(w, "enum { VALUES = sizeof values / sizeof *values };");
    writer_blank(w);
}

void emit_memory(Writer *w, Program *program)
{
    writer_section(w, "memory");
    write_plan(w, program);
    write_values(w, program);
}
