// Editions: "1", "1.0" and "1.3" are one edition, and 1.3 has what was added up to then. Input: texts. Invariant: the
// numbers are compared by their digits, never as reals.
#include "edition.h"
#include <stdbool.h>
#include <string.h>

// The digits of a part, "0" for a part that is missing, NULL if it is no whole number as one writes it.
static const char *part(const char *text, size_t *length)
{
    *length = strspn(text, "0123456789");
    return *length == 0 || (text[0] == '0' && *length > 1) ? NULL : text;
}

static bool split(const char *text, const char **major, size_t *major_length, const char **minor, size_t *minor_length)
{
    *major = part(text, major_length);
    if (!*major)
        return false;
    const char *rest = text + *major_length;
    *minor = part(*rest == '.' ? rest + 1 : *rest ? "" : "0", minor_length);
    return *minor && (*rest != '.' || !rest[1 + *minor_length]);
}

static int compare(const char *a, size_t a_length, const char *b, size_t b_length)
{
    if (a_length != b_length)
        return a_length < b_length ? -1 : 1;
    return memcmp(a, b, a_length);
}

Edition edition_of(const char *text, const char *compiler)
{
    const char *major, *minor, *our_major, *our_minor;
    size_t major_length, minor_length, our_major_length, our_minor_length;
    if (!split(text, &major, &major_length, &minor, &minor_length) ||
        !split(compiler, &our_major, &our_major_length, &our_minor, &our_minor_length) ||
        compare(major, major_length, our_major, our_major_length) != 0)
        return EDITION_UNKNOWN;
    return compare(minor, minor_length, our_minor, our_minor_length) > 0 ? EDITION_LATER : EDITION_KNOWN;
}
