// The words of the messages on rows, stages, options and shapes. Callers say what is wrong; nothing is formatted elsewhere.
#include "errors_model.h"
#include "call.h"
#include "suggest.h"
#include <string.h>

// "line 12"; where there are several files, "blocks.mt:12".
static const char *line_of(const Program *program, Span span)
{
    int line = source_line(program->source, span.from);
    if (program->files.count <= 1)
        return arena_format(program->arena, "line %d", line);
    return arena_format(program->arena, "%s:%d", source_file(program->source, span.from)->path, line);
}

static const char *source_text(const Program *program, Span span)
{
    return arena_copy(program->arena, program->source->text + span.from, (size_t)(span.to - span.from));
}

static const char *type_of(const Program *program, const Value *value)
{
    return type_text(program->arena, &value->type);
}

// ------------------------------------------------------------------------------------------------------ names

// A fn of the program that looks like the name, if fns are legal there: what somebody wrote beats what others call so.
static const char *own_fn(const Program *program, const char *name, const char *const *names, int count)
{
    const Map *fns = &program->functions;
    for (int k = 0; k < fns->count; k++)
        for (int i = 0; i < count; i++)
            if (strcmp(names[i], fns->entries[k].key) == 0 && suggest(name, &names[i], 1))
                return names[i];
    return NULL;
}

void error_unknown_name(Program *program, Span span, const char *name, const char *what, const char *const *names,
    int count)
{
    Diag *d = diag_add(program->diags, E0101, span, "unknown %s `%s`", what, name);
    static const char *const places[] = {"layer", "fn", "loss", "metric"};
    const char *own = own_fn(program, name, names, count);
    const Foreign *foreign = NULL; // first: `Unflatten` is near `flatten`, and means `reshape`
    for (int k = 0; k < 4 && !foreign && !own; k++)
        foreign = suggest_foreign_among(name, places[k], names, count);
    if (foreign && foreign->sentence)
        diag_fact(d, "%s", foreign->sentence);
    const char *best = own ? own : foreign ? foreign->ours : suggest(name, names, count);
    if (best) {
        diag_label(d, "did you mean `%s`?", best);
        diag_help(d, "write `%s`", best);
        diag_edit(d, span, best);
    }
}

void error_name_taken(Program *program, Span span, const char *name, const char *by, Span other)
{
    Diag *d = diag_add(program->diags, E0102, span, "the name `%s` is taken", name);
    diag_label(d, "this is %s already", by);
    if (other.to > other.from)
        diag_note(d, other, "`%s` was given here", name);
}

// "owns 2 parameters: weight [10, 84], bias [10]"; of a layer without: "owns 2 buffers: running_mean [10], ..."
static const char *owned(const Program *program, const Node *node)
{
    Text text = text_new(program->arena);
    bool buffers = node->parameters.count == 0;
    int count = buffers ? node->buffers.count : node->parameters.count;
    text_add(&text, "owns %d %s%s:", count, buffers ? "buffer" : "parameter", count == 1 ? "" : "s");
    for (int i = 0; i < count; i++) {
        const Value *value = buffers ? node->buffers.items[i] : node->parameters.items[i];
        text_add(&text, "%s %s %s", i ? "," : "", value->tensor->name, type_of(program, value) + strlen("f32"));
    }
    return text.data;
}

static const char *first_owned(const Node *node)
{
    return (node->parameters.count ? node->parameters.items : node->buffers.items)[0]->tensor->name;
}

static bool is_row(const Graph *graph, const char *name)
{
    for (int i = 0; i < graph->rows.count; i++)
        if (strcmp(graph->rows.items[i]->path, name) == 0)
            return true;
    return false;
}

void error_unnamed_parameters(Program *program, const Node *node)
{
    Diag *d = diag_add(program->diags, E0103, node->span, "this layer has %s, so its row needs a name",
        node->parameters.count ? "parameters" : "buffers");
    diag_label(d, "%s", owned(program, node));
    diag_fact(d, "the name is the checkpoint key and the C symbol; it must not depend on position");
    bool linear = strcmp(node->op->name, "linear") == 0, convolution = strcmp(node->op->name, "conv2d") == 0;
    const char *stem = linear ? "fc" : convolution ? "conv" : node->op->name;
    const char *name = stem;
    for (int k = 1; k == 1 || is_row(program->graph, name); k++)
        name = arena_format(program->arena, "%s%d", stem, k);
    diag_help(d, "name the row, for example");
    diag_edit(d, span_start(node->row->span), arena_format(program->arena, "%s: ", name));
}

void error_two_owners(Program *program, const Node *first, const Node *second)
{
    const char *row = first->row->path;
    const char *path = arena_format(program->arena, "%s.%s", row, first_owned(second));
    Diag *d = diag_add(program->diags, E0104, second->span, "two layers with parameters in one row");
    diag_label(d, "would be `%s` too", path);
    diag_second(d, first->span, "would be `%s.%s`", row, first_owned(first));
    diag_help(d, "give each its own row");
    // "a: conv -> bn" becomes "a1: conv" and "a2: bn"; the arrow between them becomes the end of the line.
    const Source *source = program->source;
    int start = source_line_start(source, first->row->span.from), from = second->span.from;
    while (from > first->span.to && source->text[from - 1] != '>')
        from--;
    int arrow = from - 2;
    while (arrow > first->span.to && strchr(" \t\r\n", source->text[arrow - 1]))
        arrow--;
    const char *indent = arena_copy(program->arena, source->text + start, (size_t)(first->row->span.from - start));
    Span name = {first->row->span.file, first->row->span.from, first->row->span.from + (int)strlen(row)};
    diag_edit(d, name, arena_format(program->arena, "%s1", row));
    diag_edit(d, (Span){name.file, arrow, second->span.from}, arena_format(program->arena, "\n%s%s2: ", indent, row));
}

void error_row(Program *program, Span span, const char *message, const char *label)
{
    Diag *d = diag_add(program->diags, E0105, span, "%s", message);
    if (label)
        diag_label(d, "%s", label);
}

void error_row_number(Program *program, Span span, Span row, bool alone)
{
    Diag *d = diag_add(program->diags, E0105, span, "a row needs a value, and this is a number");
    const char *names = source_text(program, (Span){row.file, row.from, span.from});
    if (alone && !strchr(names, ',')) {
        diag_help(d, "a number with a name is a constant");
        diag_edit(d, span_start(row), "const ");
    }
}

// --------------------------------------------------------------------------------------------------- arguments

// "conv2d(out_channels, kernel_size, stride=1, ...)", broken past 80 columns under the bracket.
static const char *signature(Arena *arena, const Op *op)
{
    Text text = text_new(arena);
    size_t start = 0, indent = strlen(op->name) + 1;
    text_add(&text, "%s(", op->name);
    for (const Arg *arg = op->args; arg->name; arg++) {
        bool bare = !arg->fallback;
        const char *is = arena_format(arena, "%s%s%s", arg->name, bare ? "" : "=", bare ? "" : arg->fallback);
        if (arg > op->args)
            text_string(&text, ",");
        if (text.length - start + strlen(is) > 76) {
            text_add(&text, "\n%*s", (int)indent, "");
            start = text.length - indent;
        } else if (arg > op->args)
            text_string(&text, " ");
        text_string(&text, is);
    }
    text_string(&text, ")");
    return text.data;
}

void error_no_option(Program *program, const Op *op, const Ast *argument)
{
    const char *names[24];
    int count = 0;
    for (const Arg *arg = op->args; arg->name; arg++)
        names[count++] = arg->name;
    for (const Tensor *t = op->parameters; t->name && count < 24; t++) // weight=wte.weight
        names[count++] = t->name;
    const char *best = suggest(argument->text, names, count), *sentence = NULL;
    Diag *d = diag_add(program->diags, E0201, argument->name_span, "%s has no option `%s`", op->name, argument->text);
    if (!best) {
        const Foreign *foreign = suggest_foreign_among(argument->text, "option", names, count);
        best = foreign ? foreign->ours : NULL;
        sentence = foreign ? foreign->sentence : NULL;
    }
    if (best)
        diag_label(d, "did you mean `%s`?", best);
    diag_fact(d, "%s", signature(program->arena, op));
    if (sentence)
        diag_help(d, "%s", sentence);
}

bool error_init_misspelt(Program *program, const Ast *call)
{
    static const char *const names[] = {"init"};
    for (int i = 1; i < call->children; i++) {
        const Ast *given = call->child[i];
        if (given->kind != AST_ARGUMENT || !suggest(given->text, names, 1))
            continue;
        Diag *d = diag_add(program->diags, E0201, given->name_span, "param has no option `%s`", given->text);
        diag_label(d, "did you mean `init`?");
        return true;
    }
    return false;
}

// Not a row, a parameter or a word: what could be the size that is meant.
static bool could_be_size(const Program *program, const Ast *ast)
{
    Constant value;
    bool poisoned;
    if (ast->kind == AST_NAME)
        return constant_find(program->constants, ast, &value, &poisoned) && value.kind == CONSTANT_NUMBER;
    return ast->kind == AST_NUMBER || ast->kind == AST_BINARY || ast->kind == AST_LIST;
}

void error_positional(Program *program, const Op *op, const Ast *stage, int skip, int given, const Value *input)
{
    Arena *arena = program->arena;
    const Ast *first = NULL, *second = NULL, *last = NULL;
    for (int i = 1 + skip; i < stage->children; i++)
        if (stage->child[i]->kind != AST_ARGUMENT) {
            last = stage->child[i];
            second = first && !second ? last : second;
            first = first ? first : last;
        }
    Diag *d = diag_add(program->diags, E0203, span_join(first->span, last->span),
        "%s takes %d positional argument%s, got %d", op->name, op->positional, op->positional == 1 ? "" : "s", given);
    Text names = text_new(arena);
    for (int k = 0; k < op->positional; k++)
        text_add(&names, "%s%s", k ? ", " : "", op->args[k].name);
    diag_label(d, "%s", op->positional ? names.data : "give options by name");
    bool layer = op->parameters[0].name && input && input->type.rank >= 2 && given == op->positional + 1;
    Constant value;
    long channels = layer ? input->type.axis[op->positional == 1 ? input->type.rank - 1 : 1].value : 0;
    if (!layer || first->kind != AST_NUMBER)
        return;
    value.number = first->number;
    if (value.number == (double)channels && second && could_be_size(program, second)) {
        Span place = input->maker ? input->maker->span : input->span;
        bool linear = op->positional == 1;
        const Ast *tail = last;
        diag_fact(d, "the input has %ld %s%s already: `%s` is %s (%s)", channels, linear ? "feature" : "channel",
            channels == 1 ? "" : "s", input->path, type_of(program, input), line_of(program, place));
        diag_help(d, "leave the input %s out", linear ? "features" : "channels");
        Span kept = {first->span.file, second->span.from, tail->span.to};
        diag_edit(d, span_join(first->span, tail->span), source_text(program, kept));
    }
}

void error_missing_option(Program *program, const Op *op, Span stage, const Arg *arg)
{
    Diag *d = diag_add(program->diags, E0204, stage, "%s needs `%s`", op->name, arg->name);
    diag_label(d, "%s", arg->doc ? arg->doc : "");
    diag_fact(d, "%s", signature(program->arena, op));
}

void error_option_kind(Program *program, const Op *op, const Arg *arg, Span span, const char *wanted)
{
    Diag *d = diag_add(program->diags, E0205, span, "`%s` of %s has the wrong kind of value", arg->name, op->name);
    diag_label(d, "expected %s", wanted);
}

void error_option_choice(Program *program, const Op *op, const Arg *arg, Span span, const char *given)
{
    Diag *d = diag_add(program->diags, E0206, span, "%s: `%s` is not a value of %s", op->name, given, arg->name);
    Arena *arena = program->arena;
    const char *names[16];
    int count = 0;
    for (const char *s = arg->choices; s && *s && count < 16; s += strcspn(s, " "), s += *s == ' ')
        names[count++] = arena_copy(arena, s, strcspn(s, " "));
    const char *best = suggest(given, names, count);
    if (best)
        diag_label(d, "did you mean \"%s\"?", best);
    Text all = text_new(arena);
    for (int k = 0; k < count; k++)
        text_add(&all, "%s\"%s\"", k ? ", " : "", names[k]);
    diag_fact(d, "%s is one of %s", arg->name, all.data);
}

void error_option_twice(Program *program, const Op *op, const Arg *arg, Span span)
{
    Diag *d = diag_add(program->diags, E0207, span, "%s is given `%s` twice", op->name, arg->name);
    diag_label(d, "given before");
}

void error_option_size(Program *program, const Op *op, const Arg *arg, Span span, double given)
{
    bool small = given < 1 && given > -2147483648.0;
    Diag *d = diag_add(program->diags, E0209, span, "%s: %s %s", op->name, arg->name,
        small ? "must be at least 1" : "is too large");
    diag_label(d, given < 1 ? "this is %.0f" : "%.0f is more than 2147483647", given);
}

void error_input_count(Program *program, const Op *op, Span span, int wanted, int given)
{
    Diag *d = diag_add(program->diags, E0208, span, "%s takes %d value%s, got %d", op->name, wanted,
        wanted == 1 ? "" : "s", given);
    Text names = text_new(program->arena);
    for (const Tensor *t = op->inputs; t->name; t++)
        if (t == op->inputs || strcmp(t->name, t[-1].name) != 0)
            text_add(&names, "%s%s", t > op->inputs ? ", " : "", t->name);
    diag_label(d, "%s(%s)", op->name, names.data);
}

// ----------------------------------------------------------------------------------------------------- shapes

// "(14 + 2*0 - 5) // 1 + 1 = 10, then max_pool2d(2) -> 5"
static const char *history(Arena *arena, const Origin *origin)
{
    const Origin *chain[4];
    int count = 0;
    for (const Origin *o = origin; o && count < 4; o = o->before)
        if (o->how || count == 0)
            chain[count++] = o;
    // Back to the stage of the same row at the earliest: what an input of the model was is not worth a line.
    Text text = text_new(arena);
    while (count > 1 && !chain[count - 1]->how)
        count--;
    if (count > 2)
        count = 2;
    const Origin *first = chain[count - 1];
    if (!first->how)
        text_add(&text, "%s", first->stage);
    else if (!*first->how)
        text_add(&text, "%s, which replaced the last axis", first->stage);
    else if (count == 1)
        text_add(&text, "%s = %ld, %s", first->how, first->value, first->stage);
    else
        text_add(&text, "%s = %ld", first->how, first->value);
    for (int k = count - 2; k >= 0; k--)
        text_add(&text, ", then %s -> %ld", chain[k]->stage, chain[k]->value);
    return text.data;
}

void facts_of_sizes(Program *program, Diag *diag, const Type *type)
{
    const char *texts[MAX_RANK];
    int width = 0, numbers = 0;
    for (int i = 0; i < type->rank; i++) {
        const Origin *origin = type->axis[i].origin;
        texts[i] = origin ? history(program->arena, origin) : NULL;
        int digits = (int)strlen(arena_format(program->arena, "%ld", type->axis[i].value));
        numbers = texts[i] && digits > numbers ? digits : numbers;
        width = texts[i] && (int)strlen(texts[i]) > width ? (int)strlen(texts[i]) : width;
    }
    for (int i = 0; i < type->rank; i++)
        if (texts[i])
            diag_fact(diag, "axis %d   %*ld   %-*s   %s", i, numbers, type->axis[i].value, width, texts[i],
                line_of(program, type->axis[i].origin->span));
}

void error_broadcast(Program *program, const char *verb, Span span, Span left, const Value *a, Span right,
    const Value *b)
{
    Diag *d = diag_add(program->diags, E0301, span, "cannot %s %s and %s", verb, type_of(program, a),
        type_of(program, b));
    diag_second(d, left, "%s", type_of(program, a));
    diag_second(d, right, "%s", type_of(program, b));
    if (type_batched(&a->type) && type_batched(&b->type) && a->type.rank != b->type.rank)
        diag_fact(d, "there is no broadcasting between two batched values of different rank");
    const Value *both[] = {a, b};
    for (int k = 0; k < 2; k++) {
        bool any = false;
        for (int i = 0; i < both[k]->type.rank; i++)
            any |= both[k]->type.axis[i].origin != NULL;
        if (any) {
            diag_note(d, (Span){0, -1, -1}, "where the sizes of `%s` come from", both[k]->path);
            facts_of_sizes(program, d, &both[k]->type);
        }
    }
}

static const char *made_by(const Value *value)
{
    if (value->column)
        return value->column->derived ? "one column" : "a column of the data";
    return value->maker ? value->maker->stage : "model input";
}

// A value with one axis of size 1 more than the target: the trap that trains on a B x B matrix.
static void help_squeeze(Diag *d, const Value *x, const Value *target)
{
    if (x->type.rank != target->type.rank + 1 || x->type.axis[x->type.rank - 1].value != 1 || !x->maker)
        return;
    Span row = x->maker->row->span;
    const char *column = target->column && target->column->derived ? strstr(target->column->text, "column(") : NULL;
    if (column) // columns("petal_width") is a vector of one, and keeps the axis
        diag_help(d, "drop the last axis of `%s`, or keep it on `%s` with columns%.*s", x->path, target->path,
            (int)strcspn(column + 6, ")") + 1, column + 6);
    else
        diag_help(d, "drop the last axis of `%s`", x->path);
    diag_edit(d, span_end(row), " -> squeeze(-1)");
}

// The first linear layer, from the value up, that was given an image: its input has rank 3 or more.
static const Node *linear_on_image(const Value *value)
{
    const Node *found = NULL;
    for (const Node *node = value->maker; node && node->inputs.count > 0; node = node->inputs.items[0]->maker)
        if (strcmp(node->op->name, "linear") == 0 && node->inputs.items[0]->type.rank > 3)
            found = node;
    return found;
}

void error_loss_shapes(Program *program, const Op *op, const Node *node, const Span *spans)
{
    Value *x = node->inputs.items[0];
    const Value *target = node->inputs.count > 1 ? node->inputs.items[1] : NULL;
    if (op->kind == OP_METRIC && x->reported)
        return; // the loss has said so
    x->reported = true;
    bool equal = target && !op->inputs[2].name && target->type.element == ELEMENT_REAL &&
        strcmp(op->inputs[0].type, op->inputs[1].type) == 0;
    Diag *d = diag_add(program->diags, equal ? E0311 : E0310, spans[0],
        equal ? "%s needs two equal shapes" : "%s: %s and target do not fit", op->name,
        strstr(op->name, "cross_entropy") || strcmp(op->name, "accuracy") == 0 ? "logits" : "input");
    diag_label(d, "%s", type_of(program, x));
    if (equal)
        diag_also(d, spans[1], "%s", type_of(program, target));
    else if (target)
        diag_second(d, spans[1], "%s", type_of(program, target));
    if (equal) {
        const Value *both[] = {x, target};
        int width = (int)(strlen(x->path) > strlen(target->path) ? strlen(x->path) : strlen(target->path));
        for (int k = 0; k < 2; k++)
            diag_fact(d, "`%s`%*s  %s, %s", both[k]->path, width - (int)strlen(both[k]->path), "",
                line_of(program, both[k]->maker ? both[k]->maker->span : both[k]->span), made_by(both[k]));
        if (x->type.rank != target->type.rank)
            diag_fact(d, "there is no broadcasting between two batched values of different rank");
        help_squeeze(d, x, target);
        return;
    }
    if (strcmp(op->name, "cross_entropy") == 0 && x->type.rank > 1 && target) {
        Type wanted = x->type;
        memmove(&wanted.axis[1], &wanted.axis[2], (size_t)(wanted.rank - 2) * sizeof *wanted.axis);
        wanted.rank--;
        diag_fact(d, "with dim=1 (the PyTorch default) the target would have to be %s",
            type_text(program->arena, &wanted) + strlen("f32"));
    }
    diag_note(d, (Span){0, -1, -1}, "where the sizes of `%s` come from", x->path);
    facts_of_sizes(program, d, &x->type);
    const Node *linear = linear_on_image(x);
    if (linear) {
        diag_help(d, "`linear` acts on the last axis only; flatten the image before `%s`", linear->row->path);
        int start = source_line_start(program->source, linear->row->span.from);
        const char *indent =
            arena_copy(program->arena, program->source->text + start, (size_t)(linear->row->span.from - start));
        diag_edit(d, (Span){0, start, start}, arena_format(program->arena, "%sflatten\n", indent));
    }
}

void error_stage_shape(Program *program, const Node *node, const Value *input, const Tensor *wanted)
{
    Diag *d = diag_add(program->diags, E0320, node->span, "%s needs %s: %s, not %s", node->op->name, wanted->name,
        wanted->type, type_of(program, input));
    diag_label(d, "`%s` goes in here", input->path);
    bool any = false;
    for (int i = 0; i < input->type.rank; i++)
        any |= input->type.axis[i].origin != NULL;
    if (any) {
        diag_note(d, (Span){0, -1, -1}, "where the sizes of `%s` come from", input->path);
        facts_of_sizes(program, d, &input->type);
    }
    bool image = strcmp(wanted->type, "[B, C, H, W]") == 0;
    if (image && input->type.rank == 3) {
        diag_help(d, "an image has a channel axis; give it one");
        diag_edit(d, span_start(node->span), "unsqueeze(1) -> ");
    }
}

void error_check(Program *program, const Node *node, Span at, const char *message, const char *condition,
    const char *numbers, const char *const *facts, int fact_count)
{
    Diag *d = diag_add(program->diags, E0321, at, "%s: %s", node->op->name, message);
    if (strcmp(condition, numbers) != 0)
        diag_fact(d, "it must hold that %s, which is %s here", condition, numbers);
    for (int k = 0; k < fact_count; k++)
        diag_fact(d, "%s", facts[k]);
}

void error_size_below_one(Program *program, const Node *node, const char *name, const char *arithmetic, double value,
    const char *const *facts, int fact_count)
{
    Diag *d = diag_add(program->diags, E0322, node->span, "%s leaves nothing: %s = %s = %.0f", node->op->name, name,
        arithmetic, value);
    for (int k = 0; k < fact_count; k++)
        diag_fact(d, "%s", facts[k]);
}

void error_too_large(Program *program, Span span, const char *what)
{
    Diag *d = diag_add(program->diags, E0323, span, "this is too large");
    diag_label(d, "%s", what);
}

void error_too_many_numbers(Program *program, Span span, const Type *type, double count, long batch)
{
    bool batched = type_batched(type), padded = batched && batch % 16 != 0;
    Diag *d = diag_add(program->diags, E0323, span, "this is too large");
    diag_label(d, "%s has %s%.0f numbers; 2147483647 are the most", type_text(program->arena, type),
        batched ? "at this batch " : "", count);
    if (padded)
        diag_fact(d, "batches are stored in groups of 16: batch = %ld takes the room of %ld", batch, (batch + 15) / 16 * 16);
}

void error_infer(Program *program, const Node *node, Span at, const char *message)
{
    Diag *d = diag_add(program->diags, E0330, at, "%s: %s", node->op->name, message);
    if (node->inputs.count > 0)
        diag_fact(d, "`%s` is %s", node->inputs.items[0]->path, type_of(program, node->inputs.items[0]));
}

// ------------------------------------------------------------------------------------------------------ others

void error_section_missing(Program *program, const char *name, const char *example)
{
    Span end = {0, program->source->files[0].to, program->source->files[0].to};
    Diag *d = diag_add(program->diags, E0120, end, "there is no `%s`", name);
    diag_label(d, "the file ends here");
    diag_fact(d, "for example %s", example);
}

void error_section_twice(Program *program, Span span, const char *name, Span first)
{
    diag_note(diag_add(program->diags, E0121, span, "there is a second `%s`", name), first, "the first one");
}

void error_not_yet(Program *program, Span span, const char *what)
{
    Diag *d = diag_add(program->diags, E0901, span, "%s is not implemented yet", what);
    diag_label(d, "part of the language, but this compiler cannot do it so far");
}

void error_internal(Program *program, Span span, const char *pass, const char *what)
{
    Diag *d = diag_add(program->diags, E9999, span, "internal error in %s: %s", pass, what);
    diag_fact(d, "please report this, with the program that caused it");
}

void warning_unused_value(Program *program, const Row *row, const char *const *names, int count)
{
    Text all = text_new(program->arena);
    for (int k = 0; k < count; k++)
        text_add(&all, "%s`%s`", k == 0 ? "" : k == count - 1 ? " or " : ", ", names[k]);
    Diag *d = diag_add(program->diags, W0201, row->span, "nothing uses %s", all.data);
    diag_label(d, "no code is made for %s", count == 1 ? "it" : "them");
}

void warning_unreached_parameter(Program *program, const Value *parameter)
{
    Diag *d = diag_add(program->diags, W0202, parameter->maker->span, "the loss does not reach `%s`", parameter->path);
    diag_label(d, "it keeps its initial values");
}

void warning_batch_statistics(Program *program, const Node *node)
{
    long batch = program->data->batch, times = program->training->accumulate;
    double all = (double)batch * (double)times;
    Diag *d = diag_add(program->diags, W0631, program->training->accumulate_span,
        "batch statistics see %ld examples, not %.0f", batch, all);
    diag_label(d, "%ld micro-batches of %ld per optimizer step", times, batch);
    diag_fact(d, "`%s` (%s) normalises each micro-batch by itself, so this run is not\n"
                 "equivalent to batch = %.0f; layer_norm and group_norm do not have this problem", node->op->name,
        line_of(program, node->span), all);
    diag_fact(d, "silence with  # mtc: allow W0631");
}

void warning_softmax_twice(Program *program, Span logits, const Node *softmax)
{
    Diag *d = diag_add(program->diags, W0712, logits, "cross_entropy takes logits, and these are probabilities");
    diag_label(d, "softmax is applied to them once more, inside the loss");
    diag_note(d, softmax->span, "they come from here");
    diag_fact(d, "the gradients become very small, and nothing else shows it");
}
