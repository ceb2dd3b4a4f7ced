// batch_statistics.h: rows that look across the batch (batch norm), and what follows for the sizes of batches.
#ifndef MT_BATCH_STATISTICS_H
#define MT_BATCH_STATISTICS_H

#include "program.h"

// The first node of the model that takes statistics of a batch: `evaluation` there, else in training. With `alone`, that has
// only one number of each example for a channel, so that a batch of one example has no variance. NULL: none.
const Node *batch_statistics(const Graph *graph, bool evaluation, bool alone);
// W0631: accumulated micro-batches are normalised each by itself.
void warn_batch_statistics(Program *program);

#endif
