#include "inside.h"
bool report_diff(Program *a, Program *b, Text *out) { (void)a; (void)b; (void)out; return false; }
