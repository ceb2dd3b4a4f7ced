/* trainer_eval.c: the command eval, and what commands share that need trained parameters.
 *
 * Input: a split of the data and the parameters of --init. Output: its loss and metrics, as a
 * sentence or as JSON.
 * Invariant: nothing is ever computed with parameters that were not read from a file. */
#include "trainer.h"

#ifndef MT_TRAINER_EVAL_C
#define MT_TRAINER_EVAL_C
#include "parameters.c"

//@ piece open_trained needs take_parameters load_parameters flags memory
/* Opens a split, with the parameters of --init, for a command that does not train. Returns the
 * split, or NULL after a message and with the exit code in *status. */
static const struct Dataset *open_trained(
    struct Trainer *t, struct Dataloader *loader, int targets, int *status)
{
    const char *split = t->arguments.split ? t->arguments.split : EVALUATED;
    const struct Dataset *dataset;
    struct TensorFile file;
    if (!t->arguments.init) {
        *status = wrong_use(
            "`%s` needs the parameters of a trained model: --init=FILE.safetensors, as written "
            "by --save",
            t->arguments.command);
        return NULL;
    }
    *status = 1;
    if (!open_tensors(&file, t->arguments.init))
        return NULL;
    dataset = open_split(t, split, targets, &file);
    if (!dataset) {
        *status = wrong_use("--split=%s: the program has %s", split, SPLITS);
        safetensors_close(&file);
        return NULL;
    }
    open_loader(&t->memory, loader, dataset, t->options.data.batch, 0, 0);
    take_parameters(t);
    plan(&t->memory, &t->v, &t->d);
    open_memory(&t->memory);
    *status = load_parameters(&file, t->p, t->s, 0) ? 0 : 1;
    safetensors_close(&file);
    return *status == 0 ? dataset : NULL;
}
//@ end

//@ piece command_eval needs open_trained json flags printed
/* ./train eval --init=FILE --split=test [--json] */
static int command_eval(struct Trainer *t)
{
    struct Dataloader loader = {0};
    double result[REPORTS];
    int status;
    const struct Dataset *dataset = open_trained(t, &loader, OPEN_TARGETS, &status);
    if (!dataset)
        return status;
    evaluate_split(t, &loader, result);
    if (t->arguments.json) {
        printf("{\"split\": \"%s\", \"examples\": %d", dataset->split, dataset->examples);
        for (int k = 0; k < REPORTS; k++) {
            printf(", \"%s\": ", reports[k].name);
            json_number(stdout, result[k]);
        }
        puts("}");
    } else {
        printf("%s, %d examples:", dataset->split, dataset->examples);
        for (int k = 0; k < REPORTS; k++)
            printf("%s %s %.6g", k ? "," : "", reports[k].name, printed(result[k]));
        putchar('\n');
    }
    return close_output();
}
//@ end
#endif
