// The functions of runtime/math.c in the double build.
#define MT_DOUBLE
#include "test_math.c"
