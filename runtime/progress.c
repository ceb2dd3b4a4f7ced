/* progress.c: the line that a terminal shows while the trainer works. In a pipe or a file there is
 * none.
 *
 * Invariant: a line that stands on the screen is wiped before anything else is printed
 * (progress_clear). */

#include "trainer.h"

#ifndef MT_PROGRESS_C
#define MT_PROGRESS_C
#include "trainer.c"

//@ piece progress needs report_value clock
static void progress_clear(struct Log *log)
{
    if (log->drawn)
        fputs("\r\033[K", stdout);
    log->drawn = 0;
}

/* "0:07", "1:02:03" */
static void print_time(double seconds)
{
    long s = seconds < 1e8 ? (long)seconds : 100000000;
    if (s >= 3600)
        printf("%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
    else
        printf("%ld:%02ld", s / 60, s % 60);
}

/* After every step of `examples` examples: epoch, step, loss, speed, time left; drawn ten times a
 * second at most. */
static void show_progress(
    struct Log *log, int epoch, int steps, int examples, const struct Loss *running)
{
    const struct Mean *sums = (const struct Mean *)running;
    double now = seconds_now();
    log->examples += examples;
    log->done = steps;
    log->step_at = now;
    if (!log->terminal || now - log->drawn_at < 0.1)
        return;
    log->drawn_at = now;
    progress_clear(log);
    printf("epoch %d/%d  step %d/%d", epoch + 1,
        (log->steps + log->steps_per_epoch - 1) / log->steps_per_epoch, steps, log->steps);
    for (int k = 0; k < LOSS_REPORTS; k++)
        printf("  %s %.4g", reports[k].name, report_value(k, &sums[k]));
    printf("  %.0f examples/s  ", log->examples / (now - log->line_at + 1e-9));
    print_time((now - log->began) / steps * (log->steps - steps));
    fputs(" left", stdout);
    fflush(stdout);
    log->drawn = 1;
}
//@ end
#endif
