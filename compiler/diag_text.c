// Characters as a terminal shows them: UTF-8, the width of a character, and what must not be sent to a terminal. The
// locale has no say in any of it.
#include "diag_parts.h"
#include <string.h>

long utf8_next(const char *text, size_t length, int *bytes)
{
    const unsigned char *u = (const unsigned char *)text;
    static const long least[] = {0, 0, 0x80, 0x800, 0x10000}; // shorter forms exist below: not UTF-8
    int n = u[0] < 0x80 ? 1 : u[0] < 0xc2 ? 0 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : u[0] < 0xf5 ? 4 : 0;
    *bytes = 1;
    if (n == 1)
        return u[0];
    if (n == 0 || (size_t)n > length)
        return -1;
    long character = u[0] & (0xff >> (n + 1));
    for (int k = 1; k < n; k++) {
        if ((u[k] & 0xc0) != 0x80)
            return -1;
        character = character << 6 | (u[k] & 0x3f);
    }
    if (character < least[n] || character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff))
        return -1;
    *bytes = n;
    return character;
}

typedef struct {
    long from, to; // both included
} Range;

static bool in_ranges(const Range *ranges, size_t count, long character)
{
    for (size_t k = 0; k < count && ranges[k].from <= character; k++)
        if (character <= ranges[k].to)
            return true;
    return false;
}

// The usual combining marks and the wide characters of Unicode's East Asian Width, by blocks. Rare scripts may be off
// by a column; the line and column in numbers never are.
int utf8_columns(long character)
{
    static const Range zero[] = {{0x300, 0x36f}, {0x483, 0x489}, {0x591, 0x5bd}, {0x5bf, 0x5bf}, {0x5c1, 0x5c2},
        {0x610, 0x61a}, {0x64b, 0x65f}, {0x670, 0x670}, {0x6d6, 0x6dc}, {0x900, 0x902}, {0x93c, 0x93c}, {0x941, 0x948},
        {0x94d, 0x94d}, {0xe31, 0xe31}, {0xe34, 0xe3a}, {0xe47, 0xe4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
        {0x200b, 0x200d}, {0x2060, 0x2064}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff},
        {0xe0100, 0xe01ef}};
    static const Range wide[] = {{0x1100, 0x115f}, {0x231a, 0x231b}, {0x23e9, 0x23ec}, {0x2614, 0x2615},
        {0x2648, 0x2653}, {0x26a1, 0x26a1}, {0x2705, 0x2705}, {0x2728, 0x2728}, {0x274c, 0x274c}, {0x2753, 0x2755},
        {0x2795, 0x2797}, {0x2b50, 0x2b50}, {0x2e80, 0x303e}, {0x3041, 0x4dbf}, {0x4e00, 0xa4cf}, {0xa960, 0xa97f},
        {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f64f},
        {0x1f680, 0x1f6ff}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd}};
    if (in_ranges(zero, sizeof zero / sizeof *zero, character))
        return 0;
    return in_ranges(wide, sizeof wide / sizeof *wide, character) ? 2 : 1;
}

// Marks that make the text of a line appear in another order than it is read in.
static bool reorders(long character)
{
    return (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069) ||
           character == 0x200e || character == 0x200f || character == 0x61c;
}

void text_visible(Text *out, const char *bytes, size_t length)
{
    for (size_t k = 0; k < length;) {
        int n;
        long character = utf8_next(bytes + k, length - k, &n);
        if (character >= 0 && character < 0x20 && character != '\t' && character != '\n')
            text_put(out, (const char[]){(char)0xe2, (char)0x90, (char)(0x80 + character)}, 3); // U+2400: its picture
        else if (character == 0x7f)
            text_string(out, "\xe2\x90\xa1");
        else if (character < 0 || (character >= 0x80 && character < 0xa0) || reorders(character))
            text_string(out, "\xef\xbf\xbd"); // U+FFFD
        else
            text_put(out, bytes + k, (size_t)n);
        k += (size_t)n;
    }
}
