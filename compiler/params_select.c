// Selectors: patterns over paths, kinds of layers, classes; and, where one selects nothing, which was meant. Input: a
// selector, and the parameters of the graph. Output: whether it selects one; a message.
#include "params_select.h"
#include "call.h"
#include "errors_params.h"
#include "ops/registry.h"
#include "suggest.h"
#include <string.h>

// ----------------------------------------------------------------------------------------------------------- patterns

bool pattern_matches(const char *pattern, const char *path)
{
    const char *star = NULL, *again = NULL; // the last `*`, and how much of the path it leaves
    while (*path) {
        if (*pattern == '*') {
            star = pattern++;
            again = path;
        } else if (*pattern == *path) {
            pattern++;
            path++;
        } else if (star) {
            pattern = star + 1;
            path = ++again;
        } else
            return false;
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

enum { PARTS = 32 };

// The parts between dots; how many, or 0 if there are too many.
static int split(Arena *arena, const char *text, const char **parts)
{
    int count = 0;
    for (;; text++) {
        size_t n = strcspn(text, ".");
        if (count == PARTS)
            return 0;
        parts[count++] = arena_copy(arena, text, n);
        text += n;
        if (!*text)
            return count;
    }
}

// How different two parts are: 0 equal, 1 alike, -1 neither.
static int difference(const char *part, const char *other)
{
    size_t n = strlen(part), m = strlen(other), shorter = n < m ? n : m;
    if (pattern_matches(part, other))
        return 0;
    if (shorter >= 3 && strncmp(part, other, shorter) == 0)
        return 1;
    return suggest(part, &other, 1) ? 1 : -1;
}

const char *pattern_near(Arena *arena, const char *pattern, const char *path, int *cost)
{
    const char *parts[PARTS], *others[PARTS], *best = NULL;
    int count = split(arena, pattern, parts), length = split(arena, path, others);
    bool open = count > 1 && strcmp(parts[0], "*") == 0, ends = count > 1 && strcmp(parts[count - 1], "*") == 0;
    int first = open, last = count - ends; // of the parts that are no `*` of their own
    *cost = 0;
    for (int at = open ? 1 : 0; at + (last - first) <= length - (ends ? 1 : 0); at++) {
        int sum = 0;
        Text text = text_new(arena);
        if ((!open && at > 0) || (!ends && at + (last - first) != length))
            continue;
        text_string(&text, open ? "*" : "");
        for (int k = first; k < last && sum >= 0; k++) {
            int step = difference(parts[k], others[at + k - first]);
            sum = step < 0 ? -1 : sum + step;
            text_add(&text, "%s%s", k > 0 ? "." : "", step == 0 ? parts[k] : others[at + k - first]);
        }
        text_string(&text, ends ? ".*" : "");
        if (sum >= 0 && (!best || sum < *cost)) {
            best = text.data;
            *cost = sum;
        }
    }
    return best;
}

// --------------------------------------------------------------------------------------------------------- selectors

// linear.weight, as one text; NULL: the selector is something else.
static const char *dotted(Arena *arena, const Ast *selector)
{
    if (selector->kind == AST_NAME)
        return selector->text;
    const char *head = selector->kind == AST_MEMBER ? dotted(arena, selector->child[0]) : NULL;
    return head ? arena_format(arena, "%s.%s", head, selector->text) : NULL;
}

static bool is_bias(const char *path)
{
    const char *last = strrchr(path, '.');
    last = last ? last + 1 : path;
    size_t n = strlen(last);
    return strcmp(last, "bias") == 0 || starts_with(last, "bias_") || (n > 5 && strcmp(last + n - 5, "_bias") == 0);
}

// Whether a word of a selector means the parameters of an operation: its name, or its class.
static bool word_means(const Op *op, const char *word, size_t length)
{
    return (strlen(op->name) == length && memcmp(op->name, word, length) == 0) ||
        (op->selector && word_in(word, length, op->selector));
}

bool selector_matches(const Program *program, const Ast *selector, const Value *parameter)
{
    if (selector->kind == AST_STRING)
        return pattern_matches(selector->text, parameter->path);
    const char *word = dotted(program->arena, selector);
    if (!word)
        return false;
    size_t n = strcspn(word, ".");
    if (strcmp(word, "bias") == 0)
        return is_bias(parameter->path);
    if (!word_means(parameter->maker->op, word, n))
        return false;
    return !word[n] || (parameter->tensor && strcmp(parameter->tensor->name, word + n + 1) == 0);
}

// ---------------------------------------------------------------------------------------------------------- messages

// How many parameters a pattern (or, quoted == false, a word) selects, the first and the last.
static int count_matches(const Program *program, const char *text, bool quoted, const Value **first, const Value **last)
{
    const Graph *graph = program->graph;
    Ast *ast = quoted ? arena_new(program->arena, Ast, 1) : parse_expression(program->arena, text);
    int count = 0;
    if (quoted)
        *ast = (Ast){.kind = AST_STRING, .text = text};
    for (int k = 0; ast && k < graph->parameters.count; k++) {
        const Value *parameter = graph->parameters.items[k];
        if (!selector_matches(program, ast, parameter))
            continue;
        *first = count++ == 0 ? parameter : *first;
        *last = parameter;
    }
    return count;
}

// The selector that was meant, as it is written, or NULL.
static const char *meant_pattern(const Program *program, const char *pattern)
{
    Arena *arena = program->arena;
    const Value *first, *last;
    const char *best = arena_format(arena, "%s.*", pattern);
    int least = 0;
    if (count_matches(program, best, true, &first, &last) > 0)
        return best;
    best = NULL;
    for (int k = 0; k < program->graph->parameters.count; k++) {
        int cost;
        const char *near = pattern_near(arena, pattern, program->graph->parameters.items[k]->path, &cost);
        if (near && (!best || cost < least)) {
            best = near;
            least = cost;
        }
    }
    return best;
}

// Of the words that select something here the one that looks like this.
static const char *meant_word(const Program *program, const char *word)
{
    const Graph *graph = program->graph;
    VEC(const char *) names = {0};
    static const char *const classes[] = {"bias", "norm", "embedding"};
    const Value *first, *last;
    for (int k = 0; k < 3; k++)
        if (count_matches(program, classes[k], false, &first, &last) > 0)
            vec_push(program->arena, &names, classes[k]);
    for (int k = 0; k < graph->parameters.count; k++) {
        const Value *parameter = graph->parameters.items[k];
        const char *name = parameter->maker->op->name;
        vec_push(program->arena, &names, name);
        if (parameter->tensor && parameter->maker->op->kind != OP_SOURCE) {
            name = arena_format(program->arena, "%s.%s", name, parameter->tensor->name);
            vec_push(program->arena, &names, name);
        }
    }
    const char *best = suggest(word, names.items, names.count);
    const Foreign *foreign = best ? NULL : suggest_foreign_among(word, "layer", names.items, names.count);
    return best ? best : foreign ? foreign->ours : NULL;
}

// A row, or something in it, that is named without quotes: its pattern, or NULL.
static const char *pattern_of_row(const Program *program, const char *word)
{
    size_t n = strlen(word);
    for (int k = 0; k < program->graph->parameters.count; k++) {
        const char *path = program->graph->parameters.items[k]->path;
        if (strcmp(path, word) == 0)
            return word;
        if (starts_with(path, word) && path[n] == '.')
            return arena_format(program->arena, "%s.*", word);
    }
    return NULL;
}

// The parameter that a row uses again under the path of the pattern: selected as its owner's only.
static const Value *tied_parameter(const Program *program, const char *pattern)
{
    for (int i = 0; i < program->graph->nodes.count; i++) {
        const Node *node = program->graph->nodes.items[i];
        for (int k = 0; k < node->parameters.count; k++) {
            const Value *parameter = node->parameters.items[k];
            const char *name = parameter->tensor ? parameter->tensor->name : "";
            if (parameter->maker != node &&
                pattern_matches(pattern, arena_format(program->arena, "%s.%s", node->row->path, name)))
                return parameter;
        }
    }
    return NULL;
}

void selector_report(Program *program, const Ast *selector)
{
    Arena *arena = program->arena;
    const char *word = selector->kind == AST_STRING ? NULL : dotted(arena, selector);
    const Value *first = NULL, *last = NULL;
    const Value *tied = selector->kind == AST_STRING ? tied_parameter(program, selector->text) : NULL;
    if (tied) {
        error_params_tied(program, selector->span, tied);
        return;
    }
    if (selector->kind == AST_STRING) {
        const char *better = meant_pattern(program, selector->text);
        int count = better ? count_matches(program, better, true, &first, &last) : 0;
        better = better ? arena_format(arena, "\"%s\"", better) : NULL;
        error_params_nothing(program, selector->span, better, count, first, last);
        return;
    }
    const char *pattern = word ? pattern_of_row(program, word) : NULL;
    const Op *op = word ? op_for_stage(program, word) : NULL;
    if (!word)
        error_params_item(program, selector->span, "this is not a selector",
            "a pattern in quotes, a kind of layer, or bias, norm, embedding");
    else if (pattern)
        error_params_row(program, selector, word, pattern);
    else if (op && !op->parameters[0].name && op->kind != OP_SOURCE)
        error_params_item(program, selector->span, arena_format(arena, "`%s` owns no parameters", word),
            "nothing to set in any model");
    else {
        const char *better = meant_word(program, word);
        int count = better ? count_matches(program, better, false, &first, &last) : 0;
        error_params_nothing(program, selector->span, better, count, first, last);
    }
}
