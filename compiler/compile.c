// The pipeline: the table below is the order of the passes, and nothing else knows it. Faults of the syntax end it, because
// what follows would be guessed; faults of the data still let the rows be checked, so that one run reports as much as
// it can; no pass behind `lower` runs then.
#include "compile.h"
#include "allow.h"
#include "emit/emit.h"
#include "errors_model.h"
#include "fn.h"
#include "lower.h"
#include "params.h"
#include "set.h"
#include "statement.h"
#include "unstable.h"
#include <string.h>

static void parse(Program *program)
{
    files_read(program, program->options->reader);
    program->is_library = program->options->check_only && files_is_library(program->files.items[0].ast);
    sets_read(program, program->options->sets, program->options->set_count);
    program->edition = program->parsed.file->text ? program->parsed.file->text : "1";
}

static bool same_section(const Ast *a, const Ast *b)
{
    return a->kind == b->kind && (a->kind != AST_SECTION || strcmp(a->text, b->text) == 0);
}

// Each section once, those that must be there, and what this compiler cannot do yet.
static void check_sections(Program *program)
{
    const Ast *file = program->parsed.file;
    for (int i = 0; i < file->children; i++) {
        const Ast *decl = file->child[i];
        bool once = decl->kind == AST_MODEL || decl->kind == AST_SECTION || decl->kind == AST_OPTIMIZER ||
            decl->kind == AST_SCHEDULE;
        for (int k = 0; once && k < i; k++)
            if (same_section(file->child[k], decl))
                error_section_twice(program, decl->span, decl->kind == AST_SECTION ? decl->text
                        : decl->kind == AST_MODEL                                   ? "model"
                        : decl->kind == AST_OPTIMIZER                               ? "optimizer"
                                                                                    : "schedule",
                    file->child[k]->span);
    }
    static const struct {
        AstKind kind;
        const char *text, *example;
    } required[] = {{AST_SECTION, "data", "data { train = csv(\"train.csv\", header=true) ... }"},
        {AST_MODEL, NULL, "model net(x: [B, 4]) { ... }"}, {AST_SECTION, "loss", "loss { cross_entropy(logits, y) }"},
        {AST_OPTIMIZER, NULL, "optimizer sgd(lr=0.01, momentum=0.9)"},
        {AST_SECTION, "train", "train { run = 10 epochs }"}};
    for (size_t i = 0; i < sizeof required / sizeof *required && !diags_errors(program->diags); i++)
        if (!ast_declaration(program->parsed.file, required[i].kind, required[i].text))
            error_section_missing(program, required[i].text ? required[i].text
                    : required[i].kind == AST_MODEL         ? "model"
                                                            : "optimizer",
                required[i].example);
}

static void resolve(Program *program)
{
    const Ast *file = program->parsed.file, *data = ast_declaration(file, AST_SECTION, "data");
    const Ast *train = ast_declaration(file, AST_SECTION, "train");
    const Ast *optimizer = ast_declaration(file, AST_OPTIMIZER, NULL);
    const Ast *schedule = ast_declaration(file, AST_SCHEDULE, NULL);
    files_constants(program, &program->sets);
    program->constants = program->files.items[0].constants;
    fns_declare(program);
    warn_unstable(program);
    if (program->is_library)
        return;
    check_sections(program);
    int before = diags_errors(program->diags);
    if (data)
        program->data = data_elaborate(program->arena, program->diags, program->source, data, program->constants);
    program->data_is_faulty = diags_errors(program->diags) > before;
    program->training = training_elaborate(program->arena, program->diags, program->source, program->constants,
        optimizer, schedule, train);
}

static void emit(Program *program) { emit_program(program); }

typedef struct {
    const char *name, *does;
    void (*run)(Program *program);
    void (*instead)(Program *program); // when it is disabled; NULL with `optional`: nothing
    bool optional;
} Pass;

static const Pass passes[] = {
    {"parse", "text to tree", parse, NULL, false},
    {"resolve", "constants, fns, data, optimizer, schedule, train", resolve, NULL, false},
    {"lower", "rows to nodes: names, options, shapes", lower, NULL, false},
    {"params", "rules of `params`: how parameters start, what is frozen", params, NULL, false},
    {"simplify", "what is computed twice in a row, or for nobody, is left out", simplify, NULL, true},
    {"reorder", "relu behind max pooling, on fewer elements", reorder, NULL, true},
    {"autodiff", "nodes to statements of forward, loss, backward", autodiff, NULL, false},
    {"fuse", "elements of a row share loops and are spliced together", fuse, fuse_nothing, true},
    {"plan", "life times of values", plan, NULL, false},
    {"emit", "statements to C", emit, NULL, false},
};
enum { PASSES = sizeof passes / sizeof *passes, RESOLVE = 1, LOWER = 2 };

int compile_pass_count(void) { return PASSES; }

const char *compile_pass_name(int k) { return passes[k].name; }

bool compile_pass_optional(int k) { return passes[k].optional; }

bool compile_has_pass(const char *name)
{
    for (int i = 0; i < PASSES; i++)
        if (strcmp(passes[i].name, name) == 0)
            return true;
    return false;
}

void compile_list_passes(Text *out)
{
    for (int i = 0; i < PASSES; i++)
        text_add(out, "%-10s%s%s\n", passes[i].name, passes[i].does, passes[i].optional ? " (may be disabled)" : "");
}

bool compile_wrong_use(const Program *program)
{
    return program->command_line.from >= 0 && diags_inside(program->diags, program->command_line);
}

static void dump(const Program *program, int pass, Text *out)
{
    if (pass < LOWER)
        ast_dump(out, program->parsed.file);
    else if (program->output)
        text_string(out, program->output);
    else
        graph_dump(program, out);
}

static void run_passes(Program *program, const CompileOptions *options)
{
    for (int i = 0; i < PASSES; i++) {
        const Pass *pass = &passes[i];
        bool disabled = options->disable && strcmp(options->disable, pass->name) == 0;
        if (((i == RESOLVE || i > LOWER) && diags_errors(program->diags)) || (i == PASSES - 1 && options->check_only) ||
            (i > LOWER && program->is_library))
            return;
        if (!disabled)
            pass->run(program);
        else if (pass->instead)
            pass->instead(program);
#ifdef MT_VERIFY
        if (i >= LOWER && !diags_errors(program->diags))
            graph_verify(program, pass->name);
#endif
        if (options->dump_after && strcmp(options->dump_after, pass->name) == 0) {
            dump(program, i, options->dump);
            program->output = NULL;
            return;
        }
    }
}

Program *compile_program(Arena *arena, const Source *source, const CompileOptions *options)
{
    Program *program = arena_new(arena, Program, 1);
    program->arena = arena;
    program->source = source_copy(arena, source);
    program->options = options;
    program->diags = diags_create(arena, program->source);
    program->functions = map_new(arena);
    run_passes(program, options);
    // A comment that allows what a pass that did not run might have warned of is not to blame.
    allow_apply(arena, program->diags, program->source, &program->parsed, !diags_errors(program->diags) && !options->dump_after);
    if (diags_errors(program->diags))
        program->output = NULL;
    return program;
}
