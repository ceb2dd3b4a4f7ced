// set.h: constants that the command line replaces, `--set NAME=value`.
#ifndef MT_SET_H
#define MT_SET_H

#include "constant.h"

struct Program;

enum { SET_NAME_LIMIT = 256 }; // names to choose suggestions from

// Whether a word is NAME=value; `length` is that of the name.
bool set_is_one(const char *word, int *length);
// Reads words that are NAME=value, behind files_read: they are the lines of a file of their own, `<command line>`, so
// that messages point into it. Fills program->sets and program->command_line.
void sets_read(struct Program *program, const char *const *words, int count);

#endif
