// rows.h: the lines of a row, for emit/model.c (forward, backward) and emit/loss.c (loss, metrics).
#ifndef MT_ROWS_H
#define MT_ROWS_H

#include "../statement.h"
#include "emit.h"

// The statements [from, to) of a list, which are of one row.
void emit_row(Writer *w, Program *program, const Statements *list, int from, int to);
// Where the statements of the row of statement `from` end.
int emit_row_end(const Statements *list, int from);
bool emit_has_nodes(const Graph *graph, const Row *row);
bool emit_has_statements(const Statements *list, const Row *row);
// The row's own text under the user's comment; of a row without code, what is read as what.
void emit_row_comment(Writer *w, Program *program, const Row *row);
// (void) for those of "pvdgn", parameters of a function, that no statement of the list uses.
void emit_unused(Writer *w, const Statements *list, const char *parameters);

#endif
