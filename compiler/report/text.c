// The words of the reports: stages as papers name them, shapes, counts, tables. Input: rows and tables of operations.
// Output: ASCII as far as the program is.
#include "inside.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

// ------------------------------------------------------------------------------------------------------ the text

// The first place at or behind `s` outside of brackets and strings where `wanted` begins, or NULL.
static const char *outside(const char *s, const char *wanted)
{
    for (int depth = 0; *s; s++) {
        if (depth == 0 && starts_with(s, wanted))
            return s;
        if (*s == '"')
            for (s++; *s && *s != '"'; s++)
                s += *s == '\\' && s[1];
        depth += (*s == '(' || *s == '[' || *s == '{') - (*s == ')' || *s == ']' || *s == '}');
        if (!*s)
            break;
    }
    return NULL;
}

// Behind "conv1: ", "skip = ", "a, b = ".
static const char *behind_name(const char *text)
{
    const char *colon = outside(text, ":"), *sign = outside(text, " = ");
    const char *end = colon && (!sign || colon < sign) ? colon : sign;
    if (!end)
        return text;
    end += end == sign ? 3 : 1;
    return end + strspn(end, " ");
}

const char *report_body(Arena *arena, const Row *row)
{
    const char *body = behind_name(row->text), *when = outside(body, " when ");
    return when ? arena_copy(arena, body, (size_t)(when - body)) : body;
}

// ------------------------------------------------------------------------------------------------------- a stage

static const Word *argument_of(const Node *node, const char *name)
{
    for (int i = 0; i < node->arguments; i++)
        if (strcmp(node->words.items[i].name, name) == 0)
            return &node->words.items[i];
    return NULL;
}

// A pair of equal numbers is one number.
static const char *value_text(Arena *arena, const Constant *value)
{
    if (value->kind == CONSTANT_LIST && value->count == 2 && value->items[0].number == value->items[1].number)
        return constant_text(arena, &value->items[0]);
    if (value->kind == CONSTANT_LIST && value->count == 2)
        return arena_format(
            arena, "%sx%s", constant_text(arena, &value->items[0]), constant_text(arena, &value->items[1]));
    return constant_text(arena, value);
}

static bool is_default(const Node *node, const Arg *arg, const Constant *value)
{
    Arena *arena = node->program->arena;
    char *end;
    if (!arg->fallback)
        return false;
    bool none = value->kind == CONSTANT_LIST ? value->count == 0 : value->kind == CONSTANT_NUMBER && value->number == 0;
    if (none && strcmp(arg->fallback, "off") == 0)
        return true;
    const Word *same = argument_of(node, arg->fallback); // stride=kernel_size
    double number = strtod(arg->fallback, &end);
    const char *text = same ? value_text(arena, &same->value) : !*end ? shortest(arena, number) : arg->fallback;
    return strcmp(text, value_text(arena, value)) == 0;
}

// "@$hx$w" of [5, 3]: "@5x3".
static void put_brief(Arena *arena, Text *out, const char *brief, const Constant *value)
{
    bool pair = value->kind == CONSTANT_LIST && value->count == 2;
    text_string(out, *brief == '@' ? "" : " ");
    for (const char *s = brief; *s; s++)
        if (*s == '$' && pair && (s[1] == 'h' || s[1] == 'w'))
            text_string(out, constant_text(arena, &value->items[*++s == 'w']));
        else if (*s == '$')
            text_string(out, value_text(arena, value));
        else
            text_put(out, s, 1);
}

// reshape(B, 1): "[B, 1]", whatever their number.
static const char *sizes_text(Arena *arena, const Constant *value)
{
    Text text = text_new(arena);
    for (int i = 0; i < value->count; i++) {
        text_string(&text, i ? ", " : "[");
        text_string(&text, value->items[i].number == 0 ? "B" : constant_text(arena, &value->items[i]));
    }
    text_string(&text, "]");
    return text.data;
}

static const char *stage_text(const Node *node)
{
    Arena *arena = node->program->arena;
    const Op *op = node->op;
    Text out = text_new(arena);
    text_string(&out, op->brief ? op->brief : op->name);
    for (const Arg *arg = op->args; arg->name; arg++) {
        const Word *word = argument_of(node, arg->name);
        if (!word || is_default(node, arg, &word->value))
            continue;
        if (arg->kind == ARG_SIZES && word->value.kind == CONSTANT_LIST) {
            text_add(&out, " %s", sizes_text(arena, &word->value));
            continue;
        }
        const char *brief = arg->brief ? arg->brief
            : arg - op->args < op->positional ? "$"
                                              : arena_format(arena, "%s=$", arg->name);
        put_brief(arena, &out, brief, &word->value);
    }
    return out.data;
}

// The node of a stage with nothing in its parentheses but options, or NULL.
static const Node *node_of(const Graph *graph, const Row *row, const char *stage)
{
    for (int i = 0; i < graph->nodes.count; i++) {
        const Node *node = graph->nodes.items[i];
        bool layer = node->op->kind == OP_STAGE || node->op->kind == OP_FUNCTION || node->op->kind == OP_SOURCE;
        if (node->row == row && layer && node->skip == 0 && node->stage && strcmp(node->stage, stage) == 0)
            return node;
    }
    return NULL;
}

// Its condition is false: what goes in comes out, or nothing happens on the trunk.
static bool is_skipped(const Graph *graph, const Row *row)
{
    bool used = row->holds || !outside(behind_name(row->text), " when ");
    for (int i = 0; i < graph->nodes.count && !used; i++)
        used = graph->nodes.items[i]->row == row;
    return !used;
}

// A use of a block, "basic(16)" or "basic", by this row.
static bool is_block(const Graph *graph, const Row *row, const char *stage)
{
    size_t n = strcspn(stage, "(");
    for (int i = 0; i < graph->instances.count; i++) {
        const Instance *use = graph->instances.items[i];
        if (use->row == row && use->block && strlen(use->block) == n && strncmp(use->block, stage, n) == 0)
            return true;
    }
    return false;
}

static const char *brief(const Program *program, const Row *row, bool own)
{
    Arena *arena = program->arena;
    Text out = text_new(arena);
    const char *separator = "";
    for (const char *s = report_body(arena, row); *s;) {
        const char *arrow = outside(s, " -> "), *stage = arrow ? arena_copy(arena, s, (size_t)(arrow - s)) : s;
        const Node *node = node_of(program->graph, row, stage);
        bool value = !*separator && !node && !strchr(stage, '('); // what goes in is named
        if (!*separator && is_skipped(program->graph, row))
            return value ? stage : "left out";
        if (own && is_block(program->graph, row, stage)) {
            if (strcmp(separator, " -> ") == 0) // what goes into the block alone
                out = text_new(arena);
            separator = out.length > 0 ? ", " : "";
            s = arrow ? arrow + strlen(" -> ") : "";
            continue;
        }
        text_add(&out, "%s%s", separator, node ? stage_text(node) : stage);
        separator = value ? " -> " : ", ";
        s = arrow ? arrow + strlen(" -> ") : "";
    }
    return out.data;
}

const char *report_brief(const Program *program, const Row *row) { return brief(program, row, false); }

const char *report_own_brief(const Program *program, const Row *row) { return brief(program, row, true); }

// --------------------------------------------------------------------------------------------------------- words

static const char *shape_text(Arena *arena, const Type *type, const char *between)
{
    Text out = text_new(arena);
    for (int i = 0; i < type->rank; i++)
        if (type->axis[i].value)
            text_add(&out, "%s%ld", i ? between : "", type->axis[i].value);
        else
            text_add(&out, "%sB", i ? between : "");
    return out.data;
}

const char *report_times(Arena *arena, const Type *type)
{
    return type->rank ? shape_text(arena, type, " x ") : "one number";
}

const char *report_brackets(Arena *arena, const Type *type)
{
    const char *shape = arena_format(arena, "[%s]", shape_text(arena, type, ", "));
    if (type->classes > 0)
        return arena_format(arena, "class(%ld)%s", type->classes, shape);
    return type->element == ELEMENT_REAL ? shape : arena_format(arena, "int%s", shape);
}

const char *report_count(Arena *arena, double count)
{
    const char *digits = arena_format(arena, "%.0f", count);
    Text out = text_new(arena);
    for (size_t n = strlen(digits), i = 0; i < n; i++)
        text_add(&out, "%s%c", i > 0 && (n - i) % 3 == 0 ? "," : "", digits[i]);
    return out.data;
}

const char *report_bytes(Arena *arena, double bytes)
{
    return bytes >= 1e6 ? arena_format(arena, "%.1f MB", bytes * 1e-6) : arena_format(arena, "%.1f kB", bytes * 1e-3);
}

const char *report_file(const Program *program)
{
    const char *slash = strrchr(program->source->path, '/');
    return slash ? slash + 1 : program->source->path;
}

// -------------------------------------------------------------------------------------------------------- tables

// Before an empty cell there is room for more.
static bool reaches_over(const ReportLine *line, int k) { return line->cell[k + 1] && !*line->cell[k + 1]; }

static void find_widths(const ReportTable *table, size_t *width)
{
    for (int over = 0; over < 2; over++)
        for (int i = 0; i < table->lines.count; i++) {
            const ReportLine *line = &table->lines.items[i];
            for (int k = 0; line->cell[k]; k++) {
                size_t n = strlen(line->cell[k]), have = width[k] + (size_t)table->gap[k];
                if (reaches_over(line, k) != over)
                    continue;
                if (over && n > have + width[k + 1])
                    width[k + 1] = n - have;
                else if (!over && n > width[k])
                    width[k] = n;
            }
        }
}

void report_print(const ReportTable *table, Text *out)
{
    size_t width[REPORT_COLUMNS] = {0};
    find_widths(table, width);
    for (int i = 0; i < table->lines.count; i++) {
        const ReportLine *source = &table->lines.items[i];
        Text line = text_new(table->arena);
        size_t start = 0;
        for (int k = 0; source->cell[k]; k++) {
            const char *cell = source->cell[k];
            size_t n = strlen(cell), at = start + (table->align[k] == 'r' && n < width[k] ? width[k] - n : 0);
            if (line.length < at && *cell)
                text_add(&line, "%*s", (int)(at - line.length), "");
            text_string(&line, cell);
            start += width[k] + (size_t)table->gap[k];
        }
        text_add(out, "%s\n", line.data);
    }
}
