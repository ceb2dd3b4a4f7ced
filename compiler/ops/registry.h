// registry.h: all tables of this folder. The lists are written by tools/embed.c from the lines `const Op op_NAME = {`,
// `const Optimizer optimizer_NAME = {` and `const Schedule schedule_NAME = {` of the files here; each ends in NULL and
// is sorted by file, then place.
#ifndef MT_REGISTRY_H
#define MT_REGISTRY_H

#include "op.h"

extern const Op *const ops[];
extern const Optimizer *const optimizers[];
extern const Schedule *const schedules[];

#endif
