// main.c: the section `main` of the output: the table of flags, what commands need to know of the model, the commands,
// and main.
//
// Input: flags, splits, graph->output. Output: the end of the first half of the C. Invariant: whatever does not depend
// on the model is a piece of runtime/ and only called here.
#include "../batch_statistics.h"
#include "functions.h"
#include "options.h"
#include "splits.h"
#include <string.h>

static void close_brace(Writer *w) { writer_close(w, "%s", ""); }

const char *split_evaluated(const Program *program)
{
    if (data_split(program->data, "valid"))
        return "valid";
    return data_split(program->data, "test") ? "test" : "train";
}

bool split_tested(const Program *program)
{
    return data_split(program->data, "valid") && data_split(program->data, "test");
}

static const char *open_flag(const char *split)
{
    return strcmp(split, "train") == 0 ? "OPEN_TRAIN" : strcmp(split, "valid") == 0 ? "OPEN_VALID" : "OPEN_TEST";
}

// What the pieces of runtime/ read instead of names of the model.
static void emit_facts(Writer *w, Program *program)
{
    Text splits = text_new(program->arena), target_list = text_new(program->arena);
    for (int k = 0; k < program->data->splits.count; k++)
        text_add(&splits, "%s%s", k ? ", " : "", program->data->splits.items[k].name);
    for (int k = 0; k < program->graph->columns.count; k++)
        if (!program->graph->columns.items[k]->is_input)
            text_add(&target_list, "%s, ", emit_string(program->arena, program->graph->columns.items[k]->path));
    writer_line(w, "#define EDITION %s", emit_string(program->arena, program->edition));
    writer_line(w, "#define SPLITS %s", emit_string(program->arena, splits.data));
    writer_line(w, "#define OUTPUT %s /* the row that predict prints */",
        emit_string(program->arena, program->graph->output->path));
    writer_line(w, "static const char *const target_columns[] = {%sNULL};", target_list.data);
    writer_blank(w);
}

static void emit_trainer(Writer *w, const Program *program)
{
    writer_comment(w, "All that a command works with.");
    writer_open(w, "struct Trainer");
    writer_line(w, "struct Options options;");
    writer_line(w, "struct Arguments arguments;");
    writer_line(w, "struct Data data;");
    writer_line(w, "struct Memory memory;");
    writer_line(w, "struct Parameters *p, *g;");
    writer_line(w, "struct Buffers *s;");
    writer_line(w, "struct Optimizer *optimizer;");
    writer_line(w, "struct Values v, d;");
    if (program->training->checkpoint) {
        writer_line(w, "struct Progress progress;");
        writer_line(w, "struct TensorFile resumed; /* the checkpoint of --resume */");
    }
    writer_close(w, ";");
    writer_blank(w);
}

// A call of a check for a row that looks across the batch, if there is one.
static void emit_check(Writer *w, const Program *program, const Node *node, const char *call)
{
    if (node)
        writer_line(w, "%s, %s, %s);", call, emit_string(program->arena, node->row->path),
            emit_string(program->arena, node->op->name));
}

// A wrapper whose parameters are the same for all programs around a function that may not need all of them.
static void emit_forward_for_all(Writer *w, const Program *program, bool train)
{
    Takes takes = forward_takes(program->graph, train);
    writer_function(w, "static void forward_in_%s(const struct Parameters *p, struct Buffers *s, struct Values *v, int n, "
                       "uint64_t seed, int step, int first)", train ? "training" : "evaluation");
    const Node *alone = batch_statistics(program->graph, !train, true);
    emit_check(w, program, alone, "check_batch(n");
    writer_line(w, "%s;", forward_call(program, train, "seed", "step", "first"));
    if (!takes.s)
        writer_line(w, "(void)s;");
    if (!takes.n && !alone)
        writer_line(w, "(void)n;");
    if (!takes.random) {
        writer_line(w, "(void)seed;");
        writer_line(w, "(void)step;");
        writer_line(w, "(void)first;");
    }
    close_brace(w);
    writer_blank(w);
}

// Commands are not written for one model: they call its functions by names and parameters that are the same for all.
static void emit_modes(Writer *w, const Program *program)
{
    const Graph *graph = program->graph;
    writer_comment(w, "The forward pass as in training, and as in evaluation, for commands.");
    emit_forward_for_all(w, program, true);
    emit_forward_for_all(w, program, false);
    writer_function(w, "static void evaluate_split(struct Trainer *t, struct Dataloader *loader, double *result)");
    emit_check(w, program, batch_statistics(graph, true, true), "check_batches(loader");
    writer_line(w, "evaluate(t->p, %s&t->v, loader, %sresult);", forward_takes(graph, false).s ? "t->s, " : "",
        graph->eval_random ? "(uint64_t)t->options.train.seed, " : "");
    close_brace(w);
    writer_blank(w);
}

// The statistics of standardize come from the file of the parameters, or else from the train split.
static void emit_open_split(Writer *w, const Program *program)
{
    bool statistics = data_has_statistics(program->data);
    writer_comment(w, "The split of this name, opened; NULL if there is none.%s",
        statistics ? " What standardize needs is taken from the file of the parameters, else from the train split."
                   : "");
    writer_function(w,
        "static const struct Dataset *open_split(struct Trainer *t, const char *name, int columns, "
        "const struct TensorFile *file)");
    writer_line(w, "const struct Dataset *dataset = NULL;");
    writer_line(w, "int open = columns;");
    for (int k = 0; k < program->data->splits.count; k++) {
        const char *name = program->data->splits.items[k].name;
        writer_open(w, "if (strcmp(name, %s) == 0)", emit_string(program->arena, name));
        writer_line(w, "dataset = &t->data.%s;", name);
        writer_line(w, "open |= %s;", open_flag(name));
        close_brace(w);
    }
    writer_line(w, "if (!dataset)");
    writer_indent(w);
    writer_line(w, "return NULL;");
    writer_dedent(w);
    if (statistics) {
        writer_line(w, "int loaded = file && load_statistics(file, &t->data);");
        writer_line(w, "open_data(&t->options, &t->data, loaded ? open : open | OPEN_TRAIN);");
        writer_line(w, "if (!loaded)");
        writer_indent(w);
        writer_line(w, "fit_data(&t->data);");
        writer_dedent(w);
    } else {
        writer_line(w, "(void)file;");
        writer_line(w, "open_data(&t->options, &t->data, open);");
    }
    writer_line(w, "return dataset;");
    close_brace(w);
    writer_blank(w);
}

static void emit_open_loader(Writer *w, const char *loader, const char *split, bool training)
{
    writer_line(w, "open_loader(&t->memory, &%s, &t->data.%s, options->data.batch, %s);", loader, split,
        training ? "options->data.shuffle, options->data.drop_last" : "0, 0");
}

// What batch norm asks of the batches, before any is trained on.
static void emit_batch_checks(Writer *w, const Program *program)
{
    const Graph *graph = program->graph;
    const Node *evaluated = batch_statistics(graph, true, true);
    emit_check(w, program, batch_statistics(graph, false, true), "check_batches(&loader");
    emit_check(w, program, evaluated, "check_batches(&evalloader");
    if (split_tested(program))
        emit_check(w, program, evaluated, "check_batches(&testloader");
    emit_check(w, program, batch_statistics(graph, false, false),
        arena_format(program->arena, "warn_batch_statistics(options->train.accumulate, %ld, options->data.batch",
            program->training->accumulate));
}

static void emit_command_train(Writer *w, const Program *program)
{
    const char *evaluated = split_evaluated(program);
    bool test = split_tested(program), same = strcmp(evaluated, "train") == 0;
    bool buffers = program->graph->buffers.count > 0, kept = program->training->checkpoint != NULL;
    writer_comment(w, "./train [train]");
    writer_function(w, "static int command_train(struct Trainer *t)");
    writer_line(w, "const struct Options *options = &t->options;");
    writer_line(w, "struct Dataloader loader = {0}, evalloader = {0}%s;", test ? ", testloader = {0}" : "");
    writer_line(w, "struct Log log = {0};");
    writer_line(w, "int status;");
    writer_blank(w);
    writer_line(w, "open_data(options, &t->data, OPEN_TRAIN%s%s%s | OPEN_TARGETS);", same ? "" : " | ",
        same ? "" : open_flag(evaluated), test ? " | OPEN_TEST" : "");
    if (data_has_statistics(program->data))
        writer_line(w, "fit_data(&t->data);");
    emit_open_loader(w, "loader", "train", true);
    emit_open_loader(w, "evalloader", evaluated, false);
    if (test)
        emit_open_loader(w, "testloader", "test", false);
    emit_batch_checks(w, program);
    writer_line(w, "TAKE(&t->memory, t->p, 1);");
    if (buffers)
        writer_line(w, "TAKE(&t->memory, t->s, 1);");
    writer_line(w, "TAKE(&t->memory, t->g, 1);");
    writer_line(w, "TAKE(&t->memory, t->optimizer, 1);");
    writer_line(w, "plan(&t->memory, &t->v, &t->d);");
    writer_line(w, "open_memory(&t->memory);");
    writer_blank(w);
    if (buffers)
        writer_line(w, "init_buffers(t->s);");
    if (kept && data_has_statistics(program->data))
        writer_line(w, "t->progress.statistics = statistics_metadata(&t->data);");
    writer_line(w, kept ? "if (!start_or_resume(t, &log, &loader))" : "if (!start_training(t, &log))");
    writer_indent(w);
    writer_line(w, "return 1;");
    writer_dedent(w);
    writer_line(w,
        "status = train(options, t->p, t->g, %st->optimizer, &t->v, &t->d, &loader, &evalloader,%s%s &log);",
        forward_takes(program->graph, true).s ? "t->s, " : "", test ? " &testloader," : "",
        kept ? " &t->progress," : "");
    if (data_has_statistics(program->data))
        writer_line(w, "return end_training(t, &log, status, statistics_metadata(&t->data));");
    else
        writer_line(w, "return end_training(t, &log, status, NULL);");
    close_brace(w);
    writer_blank(w);
}

static void emit_entry(Writer *w, const Program *program)
{
    static const char *const commands[] = {"eval", "predict", "gradcheck", "grads", "info"};
    writer_line(w, "#ifdef MT_NO_MAIN"); // for a program that has a main of its own, and may call this one
    writer_line(w, "int mt_main(int argc, char **argv);");
    writer_line(w, "int mt_main(int argc, char **argv)");
    writer_line(w, "#else");
    writer_line(w, "int main(int argc, char **argv)");
    writer_line(w, "#endif");
    writer_line(w, "{");
    writer_indent(w);
    writer_line(w, "static struct Trainer t;");
    writer_line(w, "memset(&t, 0, sizeof t);");
    writer_line(w, "int status = read_command_line(argc, argv, &t.options, &t.arguments);");
    writer_line(w, "if (status >= 0) /* --help, or wrong use */");
    writer_indent(w);
    writer_line(w, "return status;");
    writer_dedent(w);
    if (program->training->checkpoint) {
        writer_line(w, "status = find_checkpoint(&t, argc, argv);");
        writer_line(w, "if (status >= 0)");
        writer_indent(w);
        writer_line(w, "return status;");
        writer_dedent(w);
    }
    for (size_t k = 0; k < sizeof commands / sizeof *commands; k++) {
        writer_line(w, "if (strcmp(t.arguments.command, \"%s\") == 0)", commands[k]);
        writer_indent(w);
        writer_line(w, "return command_%s(&t);", commands[k]);
        writer_dedent(w);
    }
    writer_line(w, "return command_train(&t);");
    close_brace(w);
}

void emit_main(Writer *w, Program *program)
{
    writer_section(w, "main");
    emit_flags(w, program);
    emit_facts(w, program);
    emit_trainer(w, program);
    emit_modes(w, program);
    emit_open_split(w, program);
    emit_command_train(w, program);
    emit_entry(w, program);
}
