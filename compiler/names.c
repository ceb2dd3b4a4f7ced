// Names of the output. User names are only ever members of structs, so what they can collide with is keywords and
// object-like macros of the headers that the output includes.
#include "names.h"
#include "base/text.h"
#include <ctype.h>
#include <string.h>

// C23 and C++ keywords (somebody will include the file), and macros that gcc or the C library define without
// parentheses.
static const char keywords[] =
    "alignas alignof asm auto bool break case catch char class const constexpr continue default delete do double else "
    "enum explicit export extern false float for friend goto if inline int long mutable namespace new noexcept nullptr "
    "operator private protected public register restrict return short signed sizeof static static_assert struct switch "
    "template this thread_local throw true try typedef typename typeof typeof_unqual union unsigned using virtual void "
    "volatile wchar_t while and and_eq bitand bitor compl not not_eq or or_eq xor xor_eq linux unix i386 EOF NULL NAN "
    "INFINITY HUGE_VAL BUFSIZ EXIT_SUCCESS EXIT_FAILURE RAND_MAX M_PI M_E B BATCH LANES errno stdin stdout stderr "
    "signal assert real math_errhandling";

// What looks like a macro of the headers that the output includes: capitals with a `_` (INT_MAX, F_OK), or a family's
// beginning and more capitals (EINVAL, E2BIG, SIGINT, PRId64, UINTMAX), or POSIX's names for members of unions.
static bool is_macro(const char *name)
{
    static const char *const families[] = {"E", "SIG", "PRI", "SCN", "INT", "UINT", "FP", "SEEK"};
    bool capital = isupper((unsigned char)name[0]);
    if (capital && strchr(name, '_') && name[strcspn(name, "abcdefghijklmnopqrstuvwxyz")] == 0)
        return true;
    for (size_t i = 0; capital && i < sizeof families / sizeof *families; i++) {
        size_t n = strlen(families[i]);
        if (starts_with(name, families[i]) && (isupper((unsigned char)name[n]) || isdigit((unsigned char)name[n]) || n == 3))
            return true;
    }
    return starts_with(name, "si_") || starts_with(name, "sa_") || starts_with(name, "st_") || starts_with(name, "sigev_");
}

const char *name_part(Arena *arena, const char *part)
{
    if (isdigit((unsigned char)part[0]))
        return arena_format(arena, "_%s", part);
    // The trailing `_` is one to one only if names that end in one get another: class_ -> class__.
    size_t length = strlen(part), stem = length;
    while (stem > 0 && part[stem - 1] == '_')
        stem--;
    if (word_in(part, stem, keywords) || is_macro(part))
        return arena_format(arena, "%s_", part);
    return part;
}

const char *name_member(Arena *arena, const char *path)
{
    Text text = text_new(arena);
    while (*path) {
        size_t n = strcspn(path, ".");
        text_string(&text, name_part(arena, arena_copy(arena, path, n)));
        path += n;
        if (*path == '.')
            path++, text_string(&text, ".");
    }
    return text.data;
}

const char *name_inside(Arena *arena, Map *taken, const char *row, const char *kind)
{
    const char *path = arena_format(arena, "%s__%s", row, kind);
    if (map_get(taken, path)) {
        // Numbers below the one that is kept under a key that is no path are taken: rows of a kind may be many.
        const char *key = arena_format(arena, "%s#", path);
        int *next = map_get(taken, key);
        if (!next) {
            next = arena_new(arena, int, 1);
            *next = 2;
            map_set(taken, key, next);
        }
        do
            path = arena_format(arena, "%s__%s_%d", row, kind, (*next)++);
        while (map_get(taken, path));
    }
    map_set(taken, path, (void *)path);
    return path;
}

bool name_allowed(const char *name) { return name[0] != '_' && !strstr(name, "__"); }
