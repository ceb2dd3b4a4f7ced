/* Included in front of a trainer: it kills itself, as `kill -9` would, at the moment that $MT_KILL counts to. A moment is a
 * micro-batch, or the beginning and the end of every call that makes a file last. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int moment(void)
{
    static int passed, at = -1;
    if (at < 0)
        at = getenv("MT_KILL") ? atoi(getenv("MT_KILL")) : 0;
    if (++passed == at)
        kill(getpid(), SIGKILL);
    return 0;
}

static int moment_after(int result)
{
    moment();
    return result;
}

static int kill_rename(const char *from, const char *to) { return moment_after((moment(), rename(from, to))); }
static int kill_fsync(int file) { return moment_after((moment(), fsync(file))); }
static int kill_fclose(FILE *file) { return moment_after((moment(), fclose(file))); }
static FILE *kill_fopen(const char *path, const char *mode)
{
    FILE *file = fopen(path, mode);
    moment();
    return file;
}
static int kill_isfinite(double x)
{
    moment();
    return x - x == 0;
}
#define rename kill_rename
#define fsync kill_fsync
#define fclose kill_fclose
#define fopen kill_fopen
#undef isfinite
#define isfinite kill_isfinite
