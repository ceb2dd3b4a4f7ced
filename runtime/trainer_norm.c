/* trainer_norm.c: batch norm and the sizes of batches.
 *
 * Input: a row that normalises over the examples of a batch, and the batches that there will be.
 * Output: a message, and the end of the program, where one of them has no variance; a warning where
 * a step is more than its batches. Invariant: training does not begin if it would come to such a
 * batch. */
#include "trainer.h"

#ifndef MT_TRAINER_NORM_C
#define MT_TRAINER_NORM_C

//@ piece check_batch
/* One number has no variance. */
static void check_batch(int n, const char *row, const char *norm)
{
    if (n > 1)
        return;
    fprintf(stderr,
        "%s: error: a batch has one example, and %s of `%s` needs more than one number for each "
        "channel\n",
        MT_PROGRAM, norm, row);
    exit(1);
}
//@ end

//@ piece check_batches
/* The largest batch up to `most` that leaves no batch of one. */
static int fitting_batch(int examples, int most)
{
    while (most > 1 && examples % most == 1)
        most--;
    return most;
}

/* check_batch for all batches of a split, before the first one. */
static void check_batches(const struct Dataloader *loader, const char *row, const char *norm)
{
    int examples = loader->dataset->examples, batch = loader->batch;
    int mend = fitting_batch(examples, batch);
    int short_one = examples % batch == 1 && !loader->drop_last;
    if (batch > 1 && !short_one)
        return;
    fprintf(stderr,
        "%s: error: %s of %s has one example, and %s of `%s` needs more than one number for each "
        "channel\n  %d examples in batches of %d",
        MT_PROGRAM, batch > 1 && examples > 1 ? "the last batch" : "a batch",
        loader->dataset->split, norm, row, examples, batch);
    if (batch > 1 && examples > batch && loader->shuffle)
        fputs("; --data.drop_last=true leaves the last one out", stderr);
    if (mend == 1)
        mend = fitting_batch(examples, BATCH);
    if (mend > 1 && examples > 1)
        fprintf(stderr, "; --data.batch=%d leaves no such batch", mend);
    fputc('\n', stderr);
    exit(1);
}
//@ end

//@ piece warn_batch_statistics
/* accumulate was given on the command line: what the compiler warns of where it is in the program. */
static void warn_batch_statistics(
    int accumulate, int in_program, int batch, const char *row, const char *norm)
{
    if (accumulate > 1 && accumulate != in_program)
        fprintf(stderr,
            "%s: warning: batch statistics see %d examples, not %.0f: %s of `%s` normalises each "
            "micro-batch by itself\n",
            MT_PROGRAM, batch, (double)batch * accumulate, norm, row);
}
//@ end
#endif
