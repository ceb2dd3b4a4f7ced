// optimizer.c: the section `optimizer` of the output: the table of parameters (and, behind them, of buffers), their start,
// zero_grad, divide, step and learning_rate.
//
// Input: graph->parameters, and the tables of the optimizer and the schedule with the program's settings. Output: C
// whose every function is one loop over the table of parameters with one simple inner loop. Invariant: what a flag can
// change is read from `options`, everything else is a literal.
#include "emit.h"
#include "kept.h"
#include "learning_rate.h"
#include "options.h"
#include <ctype.h>
#include <string.h>

static void close_brace(Writer *w) { writer_close(w, "%s", ""); }

// ---------------------------------------------------------------------------------------------------------------------
// The table of parameters

static void emit_parameter_type(Writer *w, bool buffers)
{
    writer_comment(w,
        "What the optimizer is given: every parameter, where it is in struct Parameters, how it starts, and the "
        "options of its group. A weight_decay below 0 is the optimizer's.%s",
        buffers ? " Behind them stand the buffers, for files: they are in struct Buffers, and never stepped." : "");
    writer_line(w, "#define REALS_BEFORE(path) (offsetof(struct Parameters, path) / sizeof(real))");
    writer_line(w, "#define REALS_IN(path) (sizeof((struct Parameters *)0)->path / sizeof(real))");
    writer_line(w, "#define PLACE(path) REALS_BEFORE(path), REALS_IN(path)");
    writer_line(w, "#define PARAMETER(path) #path, PLACE(path)");
    if (buffers) {
        writer_line(w, "#define BUFFER_PLACE(path) offsetof(struct Buffers, path) / sizeof(real)");
        writer_line(w, "#define BUFFER(path) #path, BUFFER_PLACE(path)");
    }
    writer_open(w, "static const struct Parameter");
    writer_line(w, "const char *path;");
    writer_line(w, "size_t offset, count; /* in struct Parameters, in reals */");
    writer_line(w, "int shape[8]; /* ends in 0 */");
    writer_line(w, "enum Init { CONSTANT, UNIFORM, NORMAL } init;");
    writer_line(w, "double center, spread; /* half the width, or the standard deviation */");
    writer_line(w, "double lr_scale, weight_decay; /* both 0 where the loss does not reach it */");
    writer_line(w, "int frozen;");
    writer_close(w, " parameters[] = {");
}

static void emit_parameter(Writer *w, Arena *arena, const Value *value)
{
    const Init *init = &value->init;
    const ParamGroup *group = &value->group;
    Text shape = text_new(arena);
    for (int k = 0; k < value->type.rank; k++)
        text_add(&shape, "%s%ld", k ? ", " : "", value->type.axis[k].value);
    if (value->type.rank == 0)
        text_string(&shape, "0");
    // What is drawn; what is made of it then stands in init_parameters.
    bool uniform = init->kind == INIT_UNIFORM, orthogonal = init->kind == INIT_ORTHOGONAL;
    bool normal = init->kind == INIT_NORMAL || orthogonal;
    double center = uniform ? (init->a + init->b) / 2 : init->kind == INIT_NORMAL || init->kind == INIT_CONSTANT ? init->a : 0;
    double spread = uniform ? (init->b - init->a) / 2 : orthogonal ? 1 : normal ? init->b : 0;
    const char *name = strcmp(value->path, value->member) == 0
        ? arena_format(arena, "PARAMETER(%s)", value->path)
        : arena_format(arena, "%s, PLACE(%s)", emit_string(arena, value->path), value->member);
    // What the loss does not reach takes part in neither step nor decay. (In `grads` it has its zeros.)
    bool reached = value->d_parts > 0 || group->frozen;
    const char *comment = orthogonal ? " /* made orthogonal below */"
        : center == 0 && spread == 0 && init->kind > INIT_NORMAL ? " /* filled below */"
                                   : "";
    writer_line(w, "{%s, {%s}, %s, %s, %s, %s, %s, %d},%s", name, shape.data,
        uniform      ? "UNIFORM"
            : normal ? "NORMAL"
                     : "CONSTANT",
        number_text(arena, center), number_text(arena, spread), reached ? number_text(arena, group->lr_scale) : "0",
        reached ? number_text(arena, group->weight_decay) : "0", group->frozen, comment);
}

// Buffers stand behind the parameters, where files are read and written and nothing else looks.
static void emit_buffer(Writer *w, Arena *arena, const Value *value)
{
    const char *name = strcmp(value->path, value->member) == 0
        ? arena_format(arena, "BUFFER(%s)", value->path)
        : arena_format(arena, "%s, BUFFER_PLACE(%s)", emit_string(arena, value->path), value->member);
    writer_line(w, "{%s, %ld, {%ld}, CONSTANT, %s, 0, 0, 0, 1},", name, value->type.axis[0].value,
        value->type.axis[0].value, number_text(arena, value->init.a));
}

static void emit_parameters(Writer *w, const Program *program)
{
    int buffers = program->graph->buffers.count;
    emit_parameter_type(w, buffers > 0);
    writer_indent(w);
    writer_line(w, "/* path, shape, start, lr_scale, weight_decay, frozen */");
    for (int k = 0; k < program->graph->parameters.count; k++)
        emit_parameter(w, program->arena, program->graph->parameters.items[k]);
    for (int k = 0; k < buffers; k++)
        emit_buffer(w, program->arena, program->graph->buffers.items[k]);
    writer_dedent(w);
    writer_line(w, "};");
    if (buffers)
        writer_line(w, "enum { BUFFERS = %d, PARAMETERS = sizeof parameters / sizeof *parameters - BUFFERS };", buffers);
    else
        writer_line(w, "enum { BUFFERS = 0, PARAMETERS = sizeof parameters / sizeof *parameters };");
    writer_blank(w);
}

// ---------------------------------------------------------------------------------------------------------------------
// Loops over the table that do not depend on the optimizer

static void open_parameters(Writer *w)
{
    writer_open(w, "for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++)");
}

// What is no draw of one number: a line of its own for the parameter.
static void emit_init_more(Writer *w, Arena *arena, const Value *value)
{
    const Init *init = &value->init;
    const char *path = emit_string(arena, value->path);
    long rows = value->type.axis[0].value, count = 1;
    Text shape = text_new(arena);
    for (int k = 0; k < value->type.rank; k++) {
        text_add(&shape, "%s%ld", k ? ", " : "[", value->type.axis[k].value);
        count *= value->type.axis[k].value;
    }
    if (init->kind == INIT_TRUNC_NORMAL)
        writer_line(w, "fill_trunc_normal(seed, %s, p->%s, %ld, %s, %s, %s, %s);", path, value->member, count,
            number_text(arena, init->b), number_text(arena, init->a), number_text(arena, init->low),
            number_text(arena, init->high));
    else if (init->kind == INIT_ORTHOGONAL)
        writer_line(w, "make_orthogonal(p->%s, %ld, %ld, %s);", value->member, rows, count / rows,
            number_text(arena, init->a));
    else if (init->kind == INIT_LOAD)
        writer_line(w, "load_npy(%s, %s, \"%s]\", p->%s);", emit_string(arena, init->file), path, shape.data,
            value->member);
}

static void emit_init(Writer *w, const Program *program)
{
    bool normal = false;
    for (int k = 0; k < program->graph->parameters.count; k++)
        normal = normal || program->graph->parameters.items[k]->init.kind == INIT_NORMAL ||
            program->graph->parameters.items[k]->init.kind == INIT_ORTHOGONAL;
    writer_comment(w,
        "Every number is drawn by itself, from the seed, the path and its place, so that a row more or less leaves "
        "the others as they are.");
    writer_function(w, "static void init_parameters(struct Parameters *p, uint64_t seed)");
    open_parameters(w);
    writer_line(w, "real *w = (real *)p + k->offset;");
    writer_line(w, "for (size_t i = 0; i < k->count; i++)");
    writer_indent(w);
    if (normal) {
        writer_line(w, "if (k->init == NORMAL)");
        writer_indent(w);
        writer_line(w, "w[i] = (real)(k->center + k->spread * normal(seed, k->path, i));");
        writer_dedent(w);
        writer_line(w, "else");
        writer_indent(w);
    }
    writer_line(w, "w[i] = (real)(k->center + k->spread * (2 * uniform(seed, k->path, i) - 1));");
    if (normal)
        writer_dedent(w);
    writer_dedent(w);
    close_brace(w);
    for (int k = 0; k < program->graph->parameters.count; k++)
        emit_init_more(w, program->arena, program->graph->parameters.items[k]);
    close_brace(w);
    writer_blank(w);
}

static void emit_init_buffers(Writer *w)
{
    writer_comment(w, "Running statistics start as those of numbers that need no norm: mean 0, variance 1.");
    writer_function(w, "static void init_buffers(struct Buffers *s)");
    writer_open(w, "for (int k = PARAMETERS; k < PARAMETERS + BUFFERS; k++)");
    writer_line(w, "for (size_t i = 0; i < parameters[k].count; i++)");
    writer_indent(w);
    writer_line(w, "((real *)s)[parameters[k].offset + i] = (real)parameters[k].center;");
    writer_dedent(w);
    close_brace(w);
    close_brace(w);
    writer_blank(w);
}

static void emit_zero_grad(Writer *w)
{
    writer_comment(w, "backward only ever adds to g: without this, a step would follow old gradients as well.");
    writer_function(w, "static void zero_grad(struct Parameters *g)");
    writer_line(w, "for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++)");
    writer_indent(w);
    writer_line(w, "memset((real *)g + k->offset, 0, k->count * sizeof(real));");
    writer_dedent(w);
    close_brace(w);
    writer_blank(w);
}

static void emit_divide(Writer *w)
{
    writer_comment(w, "Makes a mean of the sum: the denominator is that of all examples of a step.");
    writer_function(w, "static void divide(struct Parameters *g, double denominator)");
    writer_line(w, "real share = (real)(1 / denominator);");
    open_parameters(w);
    writer_line(w, "real *d_w = (real *)g + k->offset;");
    writer_line(w, "for (size_t i = 0; i < k->count; i++)");
    writer_indent(w);
    writer_line(w, "d_w[i] *= share;");
    writer_dedent(w);
    close_brace(w);
    close_brace(w);
    writer_blank(w);
}

// ---------------------------------------------------------------------------------------------------------------------
// The step, from the optimizer's table

// What is being written.
typedef struct {
    const Training *training;
    Arena *arena;
    bool element; // an update of element i, else a number of `once`
    int once_lr;  // how many numbers of `once` ask for the rate
} Step;

enum { STATES = 4, ONCE = 12, UPDATES = 10 };

static bool same(const char *name, const char *word, size_t length)
{
    return strlen(name) == length && strncmp(name, word, length) == 0;
}

// The rules and states of the table that hold with these settings, one after the other; NULL behind the last.
static const Rule *next_rule(const Step *step, const Rule *first, int count, const Rule *last)
{
    for (const Rule *k = last ? last + 1 : first; k < first + count && k->of; k++)
        if (training_holds(step->training, k->when))
            return k;
    return NULL;
}

static const Rule *next_once(const Step *step, const Rule *last)
{
    return next_rule(step, step->training->optimizer->once, ONCE, last);
}

static const Tensor *next_state(const Step *step, const Tensor *last)
{
    const Tensor *first = step->training->optimizer->state;
    for (const Tensor *k = last ? last + 1 : first; k < first + STATES && k->name; k++)
        if (training_holds(step->training, k->when))
            return k;
    return NULL;
}

static const Tensor *find_state(const Step *step, const char *word, size_t length)
{
    for (const Tensor *k = NULL; (k = next_state(step, k));)
        if (same(k->name, word, length))
            return k;
    return NULL;
}

static const Rule *find_once(const Step *step, const char *word, size_t length)
{
    for (const Rule *k = NULL; (k = next_once(step, k));)
        if (same(k->of, word, length))
            return k;
    return NULL;
}

static size_t word_length(const char *text)
{
    size_t n = 0;
    while (isalnum((unsigned char)text[n]) || text[n] == '_')
        n++;
    return n;
}

// Whether a template mentions $word.
static bool template_has(const char *text, const char *word)
{
    for (const char *at = strchr(text, '$'); at; at = strchr(at + 1, '$'))
        if (same(word, at + 1, word_length(at + 1)))
            return true;
    return false;
}

// Whether a number of `once` is needed in double, by another one. (Of an argument and a number of one name, `once`
// means the argument.)
static bool once_is_double(const Step *step, const Rule *rule)
{
    if (optimizer_setting(step->training, rule->of, strlen(rule->of)))
        return false;
    for (const Rule *k = NULL; (k = next_once(step, k));)
        if (template_has(k->value, rule->of))
            return true;
    return false;
}

static bool uses(const Step *step, const char *word)
{
    for (const Rule *k = NULL; (k = next_once(step, k));)
        if (template_has(k->value, word))
            return true;
    return false;
}

// The numbers of `once` that ask for the rate; whether it is all that the only one of them says.
static int count_lr(const Step *step)
{
    int count = 0;
    for (const Rule *k = NULL; (k = next_once(step, k));)
        count += template_has(k->value, "lr");
    return count;
}

static bool lr_is_whole(const Step *step)
{
    for (const Rule *k = NULL; (k = next_once(step, k));)
        if (template_has(k->value, "lr"))
            return strcmp(k->value, "$lr") == 0;
    return true;
}

// An argument: a member of the options, or its value where that is compiled in.
static void put_argument(Text *out, const Step *step, const Setting *setting)
{
    if (setting->is_flag)
        text_add(out, "options->optimizer.%s", setting->arg->name);
    else
        text_string(out, number_text(step->arena, setting->value.number));
}

// One $word. `whole`: it is all of the template, so that no parentheses are needed.
static void put_word(Text *out, const Step *step, const char *word, size_t length, bool whole)
{
    const Setting *setting = optimizer_setting(step->training, word, length);
    const Rule *once;
    if (step->element) {
        bool tensor = same("w", word, length) || same("d_w", word, length) || find_state(step, word, length);
        once = tensor ? NULL : find_once(step, word, length);
        text_add(out, "%s%.*s%s", once && once_is_double(step, once) ? "(real)" : "", (int)length, word,
            tensor ? "[i]" : "");
    } else if (same("lr", word, length)) {
        text_string(out, whole && step->once_lr == 1 ? "lr * k->lr_scale" : "own_lr");
    } else if (same("weight_decay", word, length) && setting) {
        text_string(out, "weight_decay");
    } else if (setting && !same("t", word, length)) {
        put_argument(out, step, setting);
    } else {
        text_put(out, word, length);
    }
}

static const char *expand(const Step *step, const char *template)
{
    Text out = text_new(step->arena);
    for (const char *at = template; *at;) {
        if (*at != '$') {
            text_put(&out, at++, 1);
            continue;
        }
        size_t n = word_length(at + 1);
        put_word(&out, step, at + 1, n, at == template && at[n + 1] == '\0');
        at += n + 1;
    }
    return out.data;
}

static void emit_state(Writer *w, const Step *step, const Program *program)
{
    const Optimizer *optimizer = step->training->optimizer;
    const char *states[STATES];
    int count = 0;
    writer_comment(w, "What %s remembers from step to step.", optimizer->name);
    writer_open(w, "struct Optimizer");
    writer_line(w, "int t; /* steps taken */");
    for (const Tensor *k = NULL; (k = next_state(step, k)); states[count++] = k->name)
        writer_line(w, "struct Parameters %s; /* %s */", k->name, k->doc);
    writer_close(w, ";");
    writer_blank(w);
    emit_optimizer_states(w, program, states, count);
}

// The pointers of a parameter, and the numbers that are the same for all its elements.
static void emit_once(Writer *w, Step *step)
{
    writer_line(w, "real *w = (real *)p + k->offset;");
    writer_line(w, "const real *d_w = (const real *)g + k->offset;");
    for (const Tensor *k = NULL; (k = next_state(step, k));)
        writer_line(w, "real *%s = (real *)&optimizer->%s + k->offset;", k->name, k->name);
    if (optimizer_setting(step->training, "weight_decay", strlen("weight_decay")) && uses(step, "weight_decay")) {
        Text own = text_new(step->arena);
        put_argument(&own, step, optimizer_setting(step->training, "weight_decay", strlen("weight_decay")));
        writer_line(w, "double weight_decay = k->weight_decay;");
        writer_line(w, "if (weight_decay < 0)");
        writer_indent(w);
        writer_line(w, "weight_decay = %s;", own.data);
        writer_dedent(w);
    }
    if (step->once_lr > 1 || !lr_is_whole(step))
        writer_line(w, "double own_lr = lr * k->lr_scale;");
    step->element = false;
    for (const Rule *k = NULL; (k = next_once(step, k));) {
        const char *value = expand(step, k->value);
        if (once_is_double(step, k))
            writer_line(w, "double %s = %s;", k->of, value);
        else
            writer_line(w, strchr(value, ' ') ? "real %s = (real)(%s);" : "real %s = (real)%s;", k->of, value);
    }
}

static void emit_updates(Writer *w, Step *step)
{
    const Optimizer *optimizer = step->training->optimizer;
    Map locals = map_new(step->arena);
    step->element = true;
    writer_open(w, "for (size_t i = 0; i < k->count; i++)");
    for (const Rule *k = NULL; (k = next_rule(step, optimizer->update, UPDATES, k));) {
        const char *value = expand(step, k->value);
        bool tensor = strcmp(k->of, "w") == 0 || find_state(step, k->of, strlen(k->of));
        if (tensor)
            writer_line(w, "%s[i] = %s;", k->of, value);
        else
            writer_line(w, "%s%s = %s;", map_set(&locals, k->of, (void *)k->of) ? "" : "real ", k->of, value);
    }
    close_brace(w);
}

static void emit_step(Writer *w, Step *step)
{
    writer_comment(w, "Only here do parameters change:   %s", step->training->optimizer->formula);
    writer_function(w,
        "static void step(struct Parameters *p, const struct Parameters *g, struct Optimizer *optimizer, "
        "const struct Options *options, double lr)");
    writer_line(w, uses(step, "t") ? "int t = ++optimizer->t;" : "optimizer->t++;");
    open_parameters(w);
    writer_line(w, "if (k->frozen)");
    writer_indent(w);
    writer_line(w, "continue;");
    writer_dedent(w);
    emit_once(w, step);
    emit_updates(w, step);
    close_brace(w);
    close_brace(w);
    writer_blank(w);
}

void emit_optimizer(Writer *w, Program *program)
{
    Step step = {program->training, program->arena, false, 0};
    step.once_lr = count_lr(&step);
    emit_options(w, program);
    writer_section(w, arena_format(program->arena, "optimizer %s", program->training->optimizer_text));
    emit_parameters(w, program);
    emit_state(w, &step, program);
    emit_init(w, program);
    if (program->graph->buffers.count)
        emit_init_buffers(w);
    emit_zero_grad(w);
    emit_divide(w);
    emit_learning_rate(w, program);
    emit_step(w, &step);
}
