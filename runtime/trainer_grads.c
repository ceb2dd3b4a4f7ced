/* trainer_grads.c: the command grads: the gradient of one step, for other programs to compare
 * with.
 *
 * Input: the train split, parameters (--init, else initial ones), the number of the step from 1.
 * Output: a safetensors file with the gradient of the step's objective by every parameter that is
 * not frozen, over the union of its micro-batches; the loss in its metadata.
 * Invariant: no step is taken: parameters are those that were given. */
#include "trainer.h"

#ifndef MT_TRAINER_GRADS_C
#define MT_TRAINER_GRADS_C
#include "trainer_diverged.c"
#include "trainer_eval.c"

//@ piece command_grads needs report_value duration save_gradient take_parameters start_parameters flags memory no_target
/* The loader at the first micro-batch of a step (from 0). */
static void seek_step(
    struct Trainer *t, struct Dataloader *loader, int step_index, int steps_per_epoch)
{
    int epoch = step_index / steps_per_epoch,
        before = step_index % steps_per_epoch * t->options.train.accumulate;
    loader_shuffle(loader, (uint64_t)t->options.train.seed, epoch);
    for (int k = 0; k < before; k++)
        loader_next(loader, &t->v);
}

/* The loss section's reports as the inside of an object of strings: "loss": "0.5", ... */
static char *grads_metadata(const struct Loss *total)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    for (int k = 0; k < LOSS_REPORTS; k++) {
        double x = report_value(k, (const struct Mean *)total + k);
        json_string(out, reports[k].name);
        fprintf(out, k + 1 < LOSS_REPORTS ? ": \"%.17g\", " : ": \"%.17g\"", x);
    }
    return fclose(out) == 0 ? text : NULL;
}

/* ./train grads --out=FILE.safetensors [--step=n] [--dropout=off] [--init=FILE] */
static int command_grads(struct Trainer *t)
{
    struct Dataloader loader = {0};
    struct Loss total;
    int random = !t->arguments.dropout || strcmp(t->arguments.dropout, "off") != 0, examples = 0,
        index, good;
    if (t->arguments.dropout && random)
        return wrong_use("--dropout=%s: not off", t->arguments.dropout);
    if (!t->arguments.out)
        return wrong_use("grads needs a file for the gradient: --out=FILE.safetensors");
    index = t->arguments.step ? t->arguments.step - 1 : 0;
    open_loader(&t->memory, &loader, open_split(t, "train", OPEN_TARGETS, NULL),
        t->options.data.batch, t->options.data.shuffle, t->options.data.drop_last);
    take_parameters(t);
    TAKE(&t->memory, t->g, 1);
    plan(&t->memory, &t->v, &t->d);
    open_memory(&t->memory);
    if (!start_parameters(t))
        return 1;
    seek_step(t, &loader, index, steps_in_epoch(&loader, t->options.train.accumulate));
    zero_grad(t->g);
    memset(&total, 0, sizeof total);
    for (int i = 0, n; i < t->options.train.accumulate && (n = loader_next(&loader, &t->v)) > 0;
         i++) {
        /* In training mode, which backward is the derivative of; a step below 0 drops nothing. */
        forward_in_training(
            t->p, t->s, &t->v, n, (uint64_t)t->options.train.seed, random ? index : -1, examples);
        struct Loss now = loss(&t->v, n);
        loss_add(&total, &now);
        backward(t->p, &t->v, &t->d, t->g, n);
        examples += n;
    }
    if (!reports[0].is_sum && total.loss.denominator == 0)
        return no_target(index);
    if (!reports[0].is_sum)
        divide(t->g, total.loss.denominator);
    char *metadata = grads_metadata(&total);
    good = metadata && save_gradient(t->arguments.out, t->g, metadata);
    free(metadata);
    return good ? 0 : 1;
}
//@ end
#endif
