// mtc run: the C into a folder of its own, the C compiler, the trainer, and the folder away again.
//
// Input: the C and the command of a C compiler. Output: what the trainer does. Invariants: nothing of the folder is
// left behind, also when the user interrupts; the trainer has the user's working directory, streams and signals.
#define _XOPEN_SOURCE 700
#include "run.h"
#include "base/text.h"
#include "output.h"
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// How signals were before a child ran.
typedef struct {
    struct sigaction interrupt, quit, child;
    sigset_t mask, waited; // waited: those that are taken one by one while a child runs
} Signals;

// The keyboard reaches the child by itself. Whoever wants to end mtc means the trainer: passed on.
static Signals signals_to_children(void)
{
    Signals s;
    struct sigaction ignore = {.sa_handler = SIG_IGN}, usual = {.sa_handler = SIG_DFL};
    sigemptyset(&ignore.sa_mask);
    sigemptyset(&usual.sa_mask);
    sigaction(SIGINT, &ignore, &s.interrupt);
    sigaction(SIGQUIT, &ignore, &s.quit);
    sigaction(SIGCHLD, &usual, &s.child);
    sigemptyset(&s.waited);
    sigaddset(&s.waited, SIGCHLD);
    sigaddset(&s.waited, SIGTERM);
    sigaddset(&s.waited, SIGHUP);
    sigprocmask(SIG_BLOCK, &s.waited, &s.mask);
    return s;
}

static void signals_back(const Signals *s)
{
    sigaction(SIGINT, &s->interrupt, NULL);
    sigaction(SIGQUIT, &s->quit, NULL);
    sigaction(SIGCHLD, &s->child, NULL);
    sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

static int wait_for(pid_t child, const Signals *signals, int *status)
{
    for (;;) {
        pid_t ended = waitpid(child, status, WNOHANG);
        if (ended != 0)
            return ended < 0 ? errno : 0;
        int number;
        if (sigwait(&signals->waited, &number) == 0 && number != SIGCHLD)
            kill(child, number);
    }
}

// Runs a command to its end. 0, and its status; or the reason why it could not be started.
static int start(char *const *words, const Signals *before, int *status)
{
    posix_spawnattr_t attributes;
    sigset_t defaults;
    sigemptyset(&defaults);
    if (before->interrupt.sa_handler != SIG_IGN)
        sigaddset(&defaults, SIGINT);
    if (before->quit.sa_handler != SIG_IGN)
        sigaddset(&defaults, SIGQUIT);
    sigaddset(&defaults, SIGXFSZ); // main.c ignores it
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setsigmask(&attributes, &before->mask);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    pid_t child;
    int reason = posix_spawnp(&child, words[0], NULL, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    return reason != 0 ? reason : wait_for(child, before, status);
}

static int code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

// The words of the compiler's command, with those behind them; room for `more` and a NULL.
static char **command(Arena *arena, const char *text, const char *const *more, int count)
{
    char **words = arena_new(arena, char *, strlen(text) / 2 + 2 + (size_t)count);
    int n = 0;
    for (const char *at = text + strspn(text, " \t"); *at; at += strspn(at, " \t")) {
        size_t length = strcspn(at, " \t");
        words[n++] = arena_copy(arena, at, length);
        at += length;
    }
    for (int k = 0; k < count; k++)
        words[n++] = (char *)more[k];
    words[n] = NULL;
    return words;
}

static bool build(Arena *arena, const RunOptions *o, const Signals *before, const char *source, const char *program,
    int *code, const char **error, const char **help)
{
    const char *const flags[] = {"-O3", "-march=native", source, "-lm", "-o", program};
    char **words = command(arena, o->compiler, flags, sizeof flags / sizeof *flags);
    int status = 0, reason = start(words, before, &status);
    *code = reason == 0 ? code_of(status) : 127;
    if (reason != 0 || *code == 127) { // some systems can tell only by the exit code that there is no such command
        *error = arena_format(arena, "the C compiler `%s` cannot be started: %s", words[0],
            strerror(reason ? reason : ENOENT));
        *help = "install one, such as gcc or clang, or name another one: CC=clang mtc run ...";
        return false;
    }
    if (*code != 0 && WIFEXITED(status)) {
        *error = arena_format(arena, "the C compiler failed with exit code %d", *code);
        Text shown = text_new(arena);
        for (int k = 0; words[k]; k++)
            text_add(&shown, "%s%s", k > 0 ? " " : "", words[k]);
        *help = arena_format(arena, "this was the command: %s", shown.data);
        return false;
    }
    return true;
}

static bool build_and_run(Arena *arena, const RunOptions *o, const char *source, const char *program, int *code,
    const char **error, const char **help)
{
    if (!output_write(arena, source, o->text, strlen(o->text), error))
        return false;
    Signals before = signals_to_children();
    bool good = build(arena, o, &before, source, program, code, error, help);
    if (good && *code == 0) {
        char **words = arena_new(arena, char *, (size_t)o->flag_count + 2);
        int status = 0;
        words[0] = (char *)program;
        for (int k = 0; k < o->flag_count; k++)
            words[1 + k] = (char *)o->flags[k];
        int reason = start(words, &before, &status);
        *code = code_of(status);
        if (reason != 0)
            *error = arena_format(arena, "the trainer cannot be started: %s", strerror(reason));
        good = reason == 0;
    }
    signals_back(&before);
    return good;
}

bool run_trainer(Arena *arena, const RunOptions *o, int *code, const char **error, const char **help)
{
    char *folder = arena_format(arena, "%s/mtc-XXXXXX", o->folder);
    *help = NULL;
    if (!mkdtemp(folder)) {
        *error = arena_format(arena, "no folder can be made in `%s`: %s", o->folder, strerror(errno));
        *help = "TMPDIR names another place for temporary files";
        return false;
    }
    const char *program = arena_format(arena, "%s/%s", folder, o->name);
    const char *source = arena_format(arena, "%s.c", program);
    bool good = build_and_run(arena, o, source, program, code, error, help);
    unlink(source);
    unlink(program);
    rmdir(folder);
    return good;
}
