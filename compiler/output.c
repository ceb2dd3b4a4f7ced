// Writing a file whole or not at all: see output.h.
#define _XOPEN_SOURCE 700
#include "output.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(Arena *arena, const char *path, const char **error, const char *what, int reason)
{
    *error = arena_format(arena, "`%s` %s%s%s", path, what, reason ? ": " : "", reason ? strerror(reason) : "");
    return false;
}

// 0, or what went wrong.
static int write_all(int file, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t n = write(file, text, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        text += n;
        length -= (size_t)n;
    }
    return 0;
}

static int write_and_close(int file, const char *text, size_t length)
{
    int reason = write_all(file, text, length);
    if (close(file) != 0 && reason == 0 && errno != EINTR)
        reason = errno; // some file systems tell only now that the disk is full
    return reason;
}

static bool write_directly(Arena *arena, const char *path, const char *text, size_t length, const char **error)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY, 0666);
    if (file < 0)
        return fail(arena, path, error, "cannot be opened for writing", errno);
    int reason = write_and_close(file, text, length);
    return reason == 0 || fail(arena, path, error, "cannot be written", reason);
}

// A link to what is not there yet.
static bool write_through_link(Arena *arena, const char *path, const char *text, size_t length, const char **error)
{
    if (write_directly(arena, path, text, length, error))
        return true;
    char *target = realpath(path, NULL);
    if (target)
        unlink(target);
    free(target);
    return false;
}

// A new file in the folder of `target`. Its name does not grow with the target's, which may be as long as names can be.
static int open_temporary(Arena *arena, const char *target, char **name)
{
    const char *slash = strrchr(target, '/');
    int folder = slash ? (int)(slash - target) + 1 : 0;
    for (int k = 0; k < 100; k++) {
        *name = arena_format(arena, "%.*s.mtc-%ld-%d", folder, target, (long)getpid(), k);
        int file = open(*name, O_WRONLY | O_CREAT | O_EXCL, 0666); // not mkstemp: the user's umask is to hold
        if (file >= 0 || errno != EEXIST)
            return file;
    }
    return -1;
}

static bool replace(Arena *arena, const char *path, const char *target, const struct stat *old, const char *text,
    size_t length, const char **error)
{
    char *temporary = NULL;
    int file = open_temporary(arena, target, &temporary);
    if (file < 0)
        return fail(arena, path, error, "cannot be created", errno);
    if (old)
        (void)fchmod(file, old->st_mode & 07777); // a file of somebody else's: then it gets ours
    int reason = write_and_close(file, text, length);
    if (reason == 0 && rename(temporary, target) != 0)
        reason = errno;
    if (reason == 0)
        return true;
    unlink(temporary);
    return fail(arena, path, error, "cannot be written", reason);
}

bool output_write(Arena *arena, const char *path, const char *text, size_t length, const char **error)
{
    struct stat status;
    if (*path == 0)
        return fail(arena, path, error, "is no name of a file", 0);
    if (stat(path, &status) != 0) {
        if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
            return fail(arena, path, error, "cannot be created", errno);
        if (lstat(path, &status) == 0)
            return write_through_link(arena, path, text, length, error);
        return replace(arena, path, path, NULL, text, length, error);
    }
    if (S_ISDIR(status.st_mode))
        return fail(arena, path, error, "is a directory", 0);
    if (!S_ISREG(status.st_mode))
        return write_directly(arena, path, text, length, error);
    if (access(path, W_OK) != 0) // a rename would not ask
        return fail(arena, path, error, "cannot be written", errno);
    char *target = realpath(path, NULL);
    if (!target)
        return fail(arena, path, error, "cannot be written", errno);
    bool done = replace(arena, path, target, &status, text, length, error);
    free(target);
    return done;
}

bool output_is_same_file(const char *a, const char *b)
{
    struct stat left, right;
    return stat(a, &left) == 0 && stat(b, &right) == 0 && S_ISREG(left.st_mode) && left.st_dev == right.st_dev &&
           left.st_ino == right.st_ino;
}
