/* kernels.h: what a kernel of compiler/ops/ or a piece of runtime/ finds above itself in an output.
 * There these lines come from the emitted head; this file gives the same to a test that compiles
 * pieces alone.
 *
 * real: the element, float or (MT_DOUBLE) double. BATCH: examples in a micro-batch. B: columns of a
 * value, BATCH in whole groups of 16 lanes. A value of shape [B, d1, d2] is stored as v[d1][d2][B];
 * N, the columns behind the named axes, is a multiple of B. Pieces that a kernel names with `needs`
 * stand above it. */
#ifndef MT_KERNELS_H
#define MT_KERNELS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef MT_DOUBLE
typedef double real;
#else
typedef float real;
#endif

#ifndef MT_BATCH
#define MT_BATCH 64
#endif
enum { BATCH = MT_BATCH, B = (BATCH + 15) / 16 * 16 };

#endif
