// diff.h: the parts of `mtc diff`.
#ifndef MT_REPORT_DIFF_H
#define MT_REPORT_DIFF_H

#include "inside.h"

// Two programs, and which row of one is which of the other.
typedef struct {
    Arena *arena;
    Program *a, *b;
    const Program *a_written, *b_written; // of which operations are counted, as `mtc table` does
    ReportRows a_rows, b_rows;
    int *a_of, *b_of; // of each row of b its row of a, and the other way round; -1: none
    Text *out;
} Diff;

// Lines of a part behind its label, which stands on the first.
void diff_part(const Diff *diff, const char *label, const ReportTable *table);
void diff_add(const Diff *diff, ReportTable *table, const char *a, const char *b, const char *c, const char *d);
ReportTable diff_table(const Diff *diff);
const char *diff_arrow(const Diff *diff, const char *from, const char *to); // "0 -> 2"
// Words behind a label, in as many lines as they need, and how many more there are.
void diff_list(const Diff *diff, ReportTable *table, const char *label, const char *const *words, int count);

// diff_rows.c: fills a_of and b_of; the lines on rows.
void diff_match(Diff *diff);
void diff_rows(const Diff *diff);
// diff_settings.c: data, optimizer, schedule, train; losses, metrics; fns; memory.
void diff_settings(const Diff *diff);
// diff_code.c: hunks of the functions that compute gradients; which other functions changed. Whether the C differs but
// for comments.
bool diff_same_code(const Diff *diff);
void diff_code(const Diff *diff);

#endif
