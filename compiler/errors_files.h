// errors_files.h: the messages on files that are used, and on constants that the command line sets. One constructor per
// fault; the words are here alone.
#ifndef MT_ERRORS_FILES_H
#define MT_ERRORS_FILES_H

#include "constant.h"

// E0130: a file that is used and cannot be read. `error` is a sentence; `written` the path behind `use`, in `file`.
void error_file(Diags *diags, Span span, const char *error, const char *written, const char *file);
// E0131: files that use each other. The last of `chain` is where the `use` stands, the first the file that it names.
void error_file_circle(Diags *diags, Span use, const char *const *chain, int count);
// E0132: declarations that cannot stand in a file that is used, by `use` first.
void error_file_section(Diags *diags, const Source *source, const Ast *const *declarations, int count, const Ast *use);
// E0102: a name that two files declare.
void error_file_name(Diags *diags, const Ast *first, const Ast *other);
// E0101: the name of a fn or block that another file of the program declares, which this file does not use.
void error_file_hidden(Diags *diags, const Source *source, Span span, const Ast *declaration);

// E0133: `--set` of what is no constant of the program. `elsewhere`: one of that name that cannot be set, or NULL.
void error_set_unknown(Diags *diags, const ConstantSet *set, const char *const *names, int count, const Ast *elsewhere,
    bool in_other_file);
// E0133: a value of another kind than the constant has in the program.
void error_set_kind(Diags *diags, const ConstantSet *set, const char *given, const char *wanted, const Ast *constant);
// E0133: the program is so long that the command line has no room.
void error_set_room(Diags *diags, const char *error);

#endif
