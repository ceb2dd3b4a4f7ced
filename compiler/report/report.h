// report.h: commands that print about a program instead of compiling it, one file each.
#ifndef MT_REPORT_H
#define MT_REPORT_H

#include "../program.h"

// mtc params: every parameter with its shape, how it starts, what is set for it, and which rule has set it. The program
// has no errors and went through all passes but emit.
void report_params(const Program *program, Text *out);

#endif
