// tables_json.h: the tables of ops/ as JSON, for programs that read them: the parity test, the reference page.
#ifndef MT_TABLES_JSON_H
#define MT_TABLES_JSON_H

#include "base/text.h"

// {"operations": [...], "optimizers": [...], "schedules": [...], "keywords": ["const", ...]}, members named as in op.h;
// empty ones are left out. Keywords are those of the language (filter.h).
void tables_json(Text *out);

// A string with its quotes, escaped.
void json_string(Text *out, const char *string);

#endif
