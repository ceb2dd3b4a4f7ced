/* whole_file.c: files that are written whole or not at all.
 *
 * Input: a path, and what its owner puts. Output: a file under a temporary name beside it, flushed
 * to the disk and renamed when all is in it. Invariant: whatever happens, under the path is the old
 * file or the new one. A device or pipe cannot be replaced and is written directly. */
#include "trainer.h"

#ifdef MT_DECLARE
//@ declare whole_file
struct WholeFile {
    FILE *out;
    const char *path;
    char *temporary; /* NULL: written directly */
};
//@ end
#elif !defined MT_WHOLE_FILE_C
#define MT_WHOLE_FILE_C

//@ piece whole_file
#include <sys/stat.h>

/* Sets file->out, or to NULL (close_whole then says why, by errno). */
static void open_whole(struct WholeFile *file, const char *path)
{
    struct stat status;
    size_t length = strlen(path);
    file->path = path;
    file->temporary = NULL;
    file->out = NULL;
    errno = 0;
    if (stat(path, &status) != 0 || S_ISREG(status.st_mode)) {
        file->temporary = malloc(length + 5);
        if (!file->temporary)
            return;
        memcpy(file->temporary, path, length);
        memcpy(file->temporary + length, ".tmp", 5);
    }
    errno = 0;
    file->out = fopen(file->temporary ? file->temporary : path, "wb");
}

/* Renames if all was written (`good`); else removes what there is, and says so. */
static int close_whole(struct WholeFile *file, int good)
{
    int opened = file->out != NULL, error;
    good = opened && good && fflush(file->out) == 0 && !ferror(file->out);
    if (good && file->temporary)
        good = fsync(fileno(file->out)) == 0;
    error = errno;
    if (opened && fclose(file->out) != 0 && good) {
        good = 0;
        error = errno;
    }
    if (good && file->temporary && rename(file->temporary, file->path) != 0) {
        good = 0;
        error = errno;
    }
    if (!good && opened && file->temporary)
        remove(file->temporary);
    if (!good)
        fprintf(
            stderr, "%s: error: cannot write %s: %s\n", MT_PROGRAM, file->path, strerror(error));
    free(file->temporary);
    return good;
}
//@ end
#endif
