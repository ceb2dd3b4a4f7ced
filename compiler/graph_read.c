// Reads a graph from its text, so that a pass can be tested alone: the nodes as graph_dump prints them. Each node is bound
// again through its operation's table, so that shapes, sizes and tensors come from there; the text only gives names.
#include "errors_model.h"
#include "names.h"
#include "ops/registry.h"
#include "statement.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    Program *program;
    Graph *graph;
    Arena *arena;
    Map values, rows, blocks;
    Row *row;
    const char *at; // in the line
    bool good;
} Reader;

static bool accept(Reader *r, const char *token)
{
    while (*r->at == ' ')
        r->at++;
    if (!starts_with(r->at, token))
        return false;
    r->at += strlen(token);
    return true;
}

static const char *word(Reader *r)
{
    while (*r->at == ' ')
        r->at++;
    size_t n = 0;
    while (r->at[n] && !strchr(" ,;()[]", r->at[n]))
        n++;
    r->at += n;
    return arena_copy(r->arena, r->at - n, n);
}

// f32[B, 3], class(10)[B], u8[B, 2]
static Type read_type(Reader *r)
{
    Type type = {.element = ELEMENT_REAL};
    if (accept(r, "class("))
        type.element = ELEMENT_INT, type.classes = strtol(r->at, (char **)&r->at, 10), accept(r, ")");
    else if (accept(r, "int") || accept(r, "u8"))
        type.element = r->at[-1] == '8' ? ELEMENT_U8 : ELEMENT_INT;
    else
        accept(r, "f32");
    if (!accept(r, "["))
        return type;
    do {
        type.axis[type.rank].value = accept(r, "B") ? 0 : strtol(r->at, (char **)&r->at, 10);
        type.rank++;
    } while (accept(r, ",") && type.rank < MAX_RANK);
    r->good &= accept(r, "]");
    type.feature_last = accept(r, "last");
    return type;
}

static void set_path(Reader *r, Value *value, const char *path)
{
    value->path = path;
    value->member = name_member(r->arena, path);
    map_set(&r->values, path, value);
}

static void read_column(Reader *r, bool is_input)
{
    Value *value = arena_new(r->arena, Value, 1);
    value->kind = VALUE_COLUMN;
    value->is_input = is_input;
    value->ends_row = true;
    set_path(r, value, word(r));
    value->type = read_type(r);
    vec_push(r->arena, &r->graph->values, value);
    vec_push(r->arena, &r->graph->columns, value);
}

static void read_row(Reader *r)
{
    const char *line = r->at, *section = word(r), *path = word(r);
    Row *known = map_get(&r->rows, line); // the rest of a row around a block
    if (known) {
        r->row = known;
        return;
    }
    Row *row = r->row = arena_new(r->arena, Row, 1);
    row->section = *section == 'l' ? SECTION_LOSS : section[2] == 't' ? SECTION_METRICS : SECTION_MODEL;
    row->path = row->owner = path;
    row->constants = r->program->constants;
    row->named = !accept(r, "unnamed");
    row->holds = accept(r, "holds");
    if (accept(r, "in "))
        r->good &= (row->instance = map_get(&r->blocks, word(r))) != NULL;
    r->good &= accept(r, "| ");
    row->text = r->at;
    row->comment = "";
    map_set(&r->rows, line, row);
    map_set(&r->rows, path, row);
    vec_push(r->arena, &r->graph->rows, row);
}

// block s1.0 basic of s1.0 [in s1] | what
static void read_block(Reader *r)
{
    Instance *block = arena_new(r->arena, Instance, 1);
    block->path = word(r);
    block->block = word(r);
    r->good &= accept(r, "of ");
    const char *row = word(r);
    if (accept(r, "in "))
        r->good &= (block->outer = map_get(&r->blocks, word(r))) != NULL;
    r->good &= accept(r, "| ");
    block->what = r->at;
    if (!map_get(&r->rows, row)) { // a row without nodes of its own
        Row *holds = arena_new(r->arena, Row, 1);
        *holds = (Row){.path = row, .owner = row, .text = row, .comment = "", .named = true, .holds = true,
            .instance = block->outer, .constants = r->program->constants};
        map_set(&r->rows, row, holds);
        vec_push(r->arena, &r->graph->rows, holds);
    }
    block->row = map_get(&r->rows, row);
    map_set(&r->blocks, block->path, block);
    vec_push(r->arena, &r->graph->instances, block);
}

// `wired`, `handed on`, `out`: what graph_text.c says of a pointer of its own. The path of what a round hands on is that of
// the repeat and the round, "s1.0__out"; the member is that of the repeat, s1.out.
static void read_wired(Reader *r, Value *alias)
{
    if (accept(r, "wired"))
        alias->wired = WIRED_IN;
    else if (accept(r, "handed"))
        alias->wired = accept(r, "on") ? WIRED_ROUND : WIRED_NOT;
    else if (accept(r, "out"))
        alias->wired = WIRED_OUT;
    const char *round = alias->wired == WIRED_ROUND ? strrchr(alias->path, '.') : NULL;
    if (alias->wired == WIRED_ROUND || alias->wired == WIRED_OUT)
        alias->member = arena_format(r->arena, "%s.out",
            name_member(r->arena, round ? arena_copy(r->arena, alias->path, (size_t)(round - alias->path)) : alias->path));
}

// same s1.0.x stem wired
static void read_same(Reader *r)
{
    const char *path = word(r), *of = word(r);
    Value *value = map_get(&r->values, of), *alias = arena_new(r->arena, Value, 1);
    if (!value) {
        r->good = false;
        return;
    }
    *alias = *value;
    alias->alias = value;
    alias->uses = 0;
    alias->is_input = false;
    alias->wired = WIRED_NOT;
    value->uses++;
    set_path(r, alias, path);
    read_wired(r, alias);
    vec_push(r->arena, &r->graph->values, alias);
}

static Value *operand(Reader *r, const char *name)
{
    Value *value = map_get(&r->values, name);
    if (!value && (isdigit((unsigned char)*name) || *name == '-' || *name == '.')) {
        value = arena_new(r->arena, Value, 1);
        value->kind = VALUE_LITERAL;
        value->number = strtod(name, NULL);
        value->path = value->member = name;
    }
    r->good &= value != NULL;
    return value;
}

// The argument list behind the inputs, as a call of the language.
static const Ast *read_call(Reader *r, const Op *op)
{
    const char *from = r->at;
    int depth = 1;
    for (; *r->at && depth > 0; r->at++)
        depth += (*r->at == '(' || *r->at == '[') - (*r->at == ')' || *r->at == ']');
    Text text = text_new(r->arena);
    text_add(&text, "%s(", "call");
    bool sizes = op->args[0].kind == ARG_SIZES;
    const char *list = sizes ? strchr(from, '[') : NULL;
    if (list)
        text_put(&text, list + 1, strcspn(list + 1, "]"));
    else
        text_put(&text, from, (size_t)(r->at - 1 - from));
    text_string(&text, ")");
    return parse_expression(r->arena, text.data);
}

typedef struct {
    const char *path;
    Type type;
} Named;

static void add_values(Reader *r, Value **items, int count, const Named *named, int given)
{
    r->good &= count == given;
    for (int i = 0; i < count && i < given; i++) {
        set_path(r, items[i], named[i].path);
        items[i]->type.feature_last = named[i].type.feature_last;
        r->good &= type_same_shape(&items[i]->type, &named[i].type);
        vec_push(r->arena, &r->graph->values, items[i]);
    }
}

static int read_named(Reader *r, Named *named)
{
    int count = 0;
    do {
        named[count].path = word(r);
        named[count].type = read_type(r);
        count++;
    } while (count < 8 && accept(r, ","));
    return count;
}

static void finish(Reader *r, Node *node, const Named *out, int outs)
{
    Named named[8];
    Graph *graph = r->graph;
    add_values(r, node->outputs.items, node->outputs.count, out, outs);
    for (int i = 0; i < node->outputs.count; i++) {
        Value *value = node->outputs.items[i];
        value->ends_row = strcmp(value->path, r->row->path) == 0;
        if (node->op->kind == OP_SOURCE) {
            value->kind = VALUE_PARAMETER;
            vec_push(r->arena, &graph->parameters, value);
        }
    }
    if (accept(r, "owns")) {
        int count = read_named(r, named);
        bool shared = count > 0 && map_get(&r->values, named[0].path);
        for (int i = 0; i < count && shared && i < node->parameters.count; i++)
            node->parameters.items[i] = map_get(&r->values, named[i].path);
        if (!shared)
            add_values(r, node->parameters.items, node->parameters.count, named, count);
        for (int i = 0; i < node->parameters.count && !shared; i++)
            vec_push(r->arena, &graph->parameters, node->parameters.items[i]);
    }
    if (accept(r, "keeps"))
        add_values(r, node->temporaries.items, node->temporaries.count, named, read_named(r, named));
    if (accept(r, "factor"))
        node->d_loss = strtod(r->at, (char **)&r->at);
    node->d_scaled = accept(r, "by ");
    long by = node->d_scaled ? strtol(r->at, (char **)&r->at, 10) : -1;
    if (by >= 0 && by < graph->nodes.count)
        node->d_scale = graph->nodes.items[by];
    node->stream = accept(r, "draws") ? word(r) : "";
    const Rule *rule = call_forward(node, true);
    if (rule && rule->alias && node->outputs.count)
        node->outputs.items[0]->alias = call_tensor(node, rule->alias, strlen(rule->alias));
    vec_push(r->arena, &graph->nodes, node);
}

static const Op *table(const char *name, int count)
{
    for (const Op *const *op = ops; *op; op++)
        if (strcmp((*op)->name, name) == 0 && op_inputs(*op) == count)
            return *op;
    return NULL;
}

static void read_node(Reader *r)
{
    Named out[8];
    Value *inputs[8];
    const char *names[8];
    int outs = 0, count = 0;
    const char *line = r->at, *bracket = strstr(line, " = ");
    if (bracket) {
        outs = read_named(r, out);
        r->good &= accept(r, "= ");
    }
    const char *name = word(r);
    r->good &= accept(r, "(");
    while (count < 8 && *r->at != ')' && *r->at != ';') {
        names[count++] = word(r);
        accept(r, ",");
    }
    const Op *op = table(name, count);
    for (int i = 0; i < count; i++)
        inputs[i] = operand(r, names[i]);
    if (op && r->good && op->kind == OP_LOSS)
        op = op_choose(op, inputs);
    if (!r->row || !op || !r->good) {
        r->good = false;
        return;
    }
    accept(r, ";");
    accept(r, " ");
    const Ast *call = read_call(r, op);
    Node *node = call ? call_bind(r->program, op, call, 0, inputs, r->row) : NULL;
    if (!node) {
        r->good = false;
        return;
    }
    for (int i = 0; i < count; i++)
        inputs[i]->uses++;
    node->stage = name;
    finish(r, node, out, outs);
}

bool graph_read(Program *program, const char *text, const char **fault)
{
    Graph *graph = program->graph = arena_new(program->arena, Graph, 1);
    Reader r = {.program = program, .graph = graph, .arena = program->arena, .values = map_new(program->arena),
        .rows = map_new(program->arena), .blocks = map_new(program->arena), .good = true};
    graph->arena = program->arena;
    graph->names = map_new(program->arena);
    graph->streams = map_new(program->arena);
    while (*text && r.good) {
        size_t n = strcspn(text, "\n");
        const char *line = arena_copy(program->arena, text, n);
        r.at = line;
        if (accept(&r, "input "))
            read_column(&r, true);
        else if (accept(&r, "column "))
            read_column(&r, false);
        else if (accept(&r, "row "))
            read_row(&r);
        else if (accept(&r, "block "))
            read_block(&r);
        else if (accept(&r, "same "))
            read_same(&r);
        else if (accept(&r, "output ")) {
            graph->output = map_get(&r.values, word(&r));
            r.good = graph->output != NULL;
            if (r.good)
                graph->output->uses++;
        } else if (*line == ' ')
            read_node(&r);
        else if (n > 0)
            r.good = false;
        *fault = line;
        text += n + (text[n] == '\n');
    }
    return r.good;
}
