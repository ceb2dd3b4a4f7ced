// unstable.h: warnings on forms that overflow or lose their digits where another form does not (LANGUAGE 4.9).
#ifndef MT_UNSTABLE_H
#define MT_UNSTABLE_H

#include "program.h"

// W0711 in the fns of the file, and in the formulas and rows of its model, blocks and loss.
void warn_unstable(Program *program);

#endif
