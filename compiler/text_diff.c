// A unified diff of two texts by lines.
//
// Input: two texts. Output: the edits that lead from one to the other, few of them: the greedy search of Myers ("An
// O(ND) Difference Algorithm", 1986) on what is left between the lines that are equal at both ends. Invariant: deleted
// before inserted, in order. Texts that differ in more than MOST lines are shown as replaced between those ends.
#include "text_diff.h"
#include "base/vec.h"
#include <string.h>

enum { CONTEXT = 3, MOST = 1000 };

typedef struct {
    const char *start;
    int length; // without its newline
    bool ended; // with a newline
} Line;

typedef struct {
    Line *items;
    int count;
} Lines;

// Lines [old, old + deleted) become [new, new + inserted).
typedef struct {
    int old, deleted, new, inserted;
} Edit;

typedef VEC(Edit) Edits;

static Lines split(Arena *arena, const char *text, size_t length)
{
    Lines lines = {0};
    int count = 1;
    for (size_t k = 0; k < length; k++)
        count += text[k] == '\n';
    lines.items = arena_new(arena, Line, count);
    for (const char *at = text, *end = text + length; at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        int n = (int)((newline ? newline : end) - at);
        lines.items[lines.count++] = (Line){at, n, newline != NULL};
        at += n + 1;
    }
    return lines;
}

static bool equal(const Line *a, const Line *b)
{
    return a->length == b->length && a->ended == b->ended && memcmp(a->start, b->start, (size_t)a->length) == 0;
}

// --------------------------------------------------------------------------------------------------------- edits

// Joined to the last edit if it follows directly.
static void push(Arena *arena, Edits *edits, Edit edit)
{
    Edit *last = edits->count > 0 ? &edits->items[edits->count - 1] : NULL;
    if (last && last->old + last->deleted == edit.old && last->new + last->inserted == edit.new) {
        last->deleted += edit.deleted;
        last->inserted += edit.inserted;
    } else {
        vec_push(arena, edits, edit);
    }
}

// Whether the path of d edits to diagonal k ends with an insertion (a step down from k + 1).
static bool comes_down(const int *reach, int d, int k) { return k == -d || (k != d && reach[k - 1] < reach[k + 1]); }

// How far (in lines of a) paths of d = 0, 1, ... edits get on each diagonal k = x - y; one row for each d. Returns the
// d that gets to the end, or -1.
static int search(const Line *a, int n, const Line *b, int m, int most, int **rows, Arena *arena)
{
    for (int d = 0; d <= most; d++) {
        int *reach = rows[d] = arena_new(arena, int, 2 * d + 3) + d + 1; // from -d - 1 to d + 1
        const int *before = d > 0 ? rows[d - 1] : NULL;
        for (int k = -d; k <= d; k += 2) {
            int x = d == 0 ? 0 : comes_down(before, d, k) ? before[k + 1] : before[k - 1] + 1;
            while (x < n && x - k < m && equal(&a[x], &b[x - k]))
                x++;
            reach[k] = x;
            if (x >= n && x - k >= m)
                return d;
        }
    }
    return -1;
}

// The edits between a and b, whose first lines have the numbers `from`.
static void find_edits(Arena *arena, Edits *edits, const Line *a, int n, const Line *b, int m, int from)
{
    int most = n + m < MOST ? n + m : MOST;
    int **rows = arena_new(arena, int *, most + 1);
    int d = search(a, n, b, m, most, rows, arena);
    if (d < 0) {
        push(arena, edits, (Edit){from, n, from, m});
        return;
    }
    Edit *steps = arena_new(arena, Edit, d + 1);
    for (int x = n, y = m, k = d; k > 0; k--) { // backwards, each step from the row of one edit less
        const int *before = rows[k - 1];
        int diagonal = x - y;
        bool down = comes_down(before, k, diagonal);
        x = down ? before[diagonal + 1] : before[diagonal - 1];
        y = x - (down ? diagonal + 1 : diagonal - 1);
        steps[k - 1] = (Edit){from + x, !down, from + y, down};
    }
    for (int k = 0; k < d; k++)
        push(arena, edits, steps[k]);
}

// --------------------------------------------------------------------------------------------------------- print

static void print_lines(Text *out, char sign, const Lines *lines, int from, int to)
{
    for (int k = from; k < to; k++)
        text_add(out, "%c%.*s\n%s", sign, lines->items[k].length, lines->items[k].start,
            lines->items[k].ended ? "" : "\\ No newline at end of file\n");
}

// "3,7"; an empty range names the line before it.
static void print_range(Text *out, int from, int count)
{
    text_add(out, "%d", count > 0 ? from + 1 : from);
    if (count != 1)
        text_add(out, ",%d", count);
}

// Edits that share lines of context, [first, last] of them.
static void print_hunk(Text *out, const Lines *old, const Lines *new, const Edit *first, const Edit *last)
{
    int before = first->old < CONTEXT ? first->old : CONTEXT, end = last->old + last->deleted;
    int after = old->count - end < CONTEXT ? old->count - end : CONTEXT;
    text_string(out, "@@ -");
    print_range(out, first->old - before, end + after - first->old + before);
    text_string(out, " +");
    print_range(out, first->new - before, last->new + last->inserted + after - first->new + before);
    text_string(out, " @@\n");
    print_lines(out, ' ', old, first->old - before, first->old);
    for (const Edit *edit = first; edit <= last; edit++) {
        print_lines(out, '-', old, edit->old, edit->old + edit->deleted);
        print_lines(out, '+', new, edit->new, edit->new + edit->inserted);
        int next = edit < last ? edit[1].old : end + after;
        print_lines(out, ' ', old, edit->old + edit->deleted, next);
    }
}

void text_diff(Text *out, const char *name, const char *old, size_t old_length, const char *new, size_t new_length)
{
    Lines a = split(out->arena, old, old_length), b = split(out->arena, new, new_length);
    int start = 0, end = 0;
    while (start < a.count && start < b.count && equal(&a.items[start], &b.items[start]))
        start++;
    while (end < a.count - start && end < b.count - start &&
        equal(&a.items[a.count - 1 - end], &b.items[b.count - 1 - end]))
        end++;
    Edits edits = {0};
    find_edits(out->arena, &edits, a.items + start, a.count - start - end, b.items + start, b.count - start - end,
        start);
    if (edits.count > 0 && edits.items[0].deleted + edits.items[0].inserted > 0)
        text_add(out, "--- %s\n+++ %s\n", name, name);
    else
        return;
    for (int first = 0, last; first < edits.count; first = last + 1) {
        for (last = first; last + 1 < edits.count; last++)
            if (edits.items[last + 1].old - edits.items[last].old - edits.items[last].deleted > 2 * CONTEXT)
                break;
        print_hunk(out, &a, &b, &edits.items[first], &edits.items[last]);
    }
}
