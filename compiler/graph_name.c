// Names of values: a named row's value has the row's name; what stands inside a row, or in the unnamed rows behind it, is
// called after that row and its own kind (conv2__relu, conv2__relu_2), in the order of the nodes. So a row that is inserted
// or renamed renames nothing outside of its group. Input: nodes with rows; output: paths, members, streams.
#include "names.h"
#include "statement.h"
#include <string.h>

// A word for what an operation is: signs of formulas have none of their own.
static const char *kind_of(const Op *op)
{
    static const char *const signs[][2] = {{"+", "add"}, {"-", "sub"}, {"*", "mul"}, {"/", "div"}, {"**", "pow"},
        {"<", "less"}, {"<=", "less_equal"}, {">", "greater"}, {">=", "greater_equal"}, {"==", "equal"},
        {"!=", "not_equal"}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strcmp(op->name, signs[i][0]) == 0)
            return signs[i][1];
    return op->name;
}

static void name_value(Graph *graph, Value *value, const char *path)
{
    value->path = path;
    value->member = name_member(graph->arena, path);
}

void graph_name(Graph *graph)
{
    graph->names = map_new(graph->arena);
    graph->streams = map_new(graph->arena);
    for (int i = 0; i < graph->instances.count; i++) // the struct of a block in a row without a name
        map_set(&graph->names, graph->instances.items[i]->path, graph->instances.items[i]);
    for (int i = 0; i < graph->scalars.count; i++) // struct Values has some of them
        map_set(&graph->names, graph->scalars.items[i].name, &graph->scalars.items[i]);
    for (int i = 0; i < graph->nodes.count; i++) {
        Node *node = graph->nodes.items[i];
        const char *row = node->row->path, *kind = kind_of(node->op);
        for (int k = 0; k < node->outputs.count; k++) {
            Value *value = node->outputs.items[k];
            bool is_row = value->ends_row && node->row->named;
            if (value->kind == VALUE_PARAMETER)
                continue;
            if (value->name || (is_row && !node->row->holds)) {
                name_value(graph, value, value->name ? value->name : row);
                continue;
            }
            name_value(graph, value, name_inside(graph->arena, &graph->names, row, kind));
            if (is_row) // the path is that of the row; in C that is the struct of its block
                value->path = row;
        }
        for (int k = 0; k < node->temporaries.count; k++) {
            Value *value = node->temporaries.items[k];
            name_value(graph, value, name_inside(graph->arena, &graph->names, row, value->tensor->name));
        }
        node->stream = call_draws(node) ? name_inside(graph->arena, &graph->streams, row, kind)
                                        : arena_format(graph->arena, "%s__%s", row, kind);
        char *flat = arena_format(graph->arena, "%s", node->stream);
        for (char *s = flat; *s; s++)
            *s = *s == '.' ? '_' : *s;
        node->c_stream = flat;
    }
}
