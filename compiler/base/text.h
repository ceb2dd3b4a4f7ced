// text.h: text that grows, inside an arena; and small helpers over strings.
#ifndef MT_TEXT_H
#define MT_TEXT_H

#include "arena.h"
#include <stdbool.h>

typedef struct {
    Arena *arena;
    char *data; // always ends in a NUL; "" at first
    size_t length, capacity;
} Text;

Text text_new(Arena *arena);
void text_add(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_put(Text *text, const char *bytes, size_t length);
void text_string(Text *text, const char *string);

// Whether a string is one of the words of a list that are parted by single blanks.
bool word_in(const char *word, size_t length, const char *list);
bool starts_with(const char *text, const char *start);

// The shortest decimal that reads back as the same double: "0.1", "1e-05", "-3". Locale does not matter.
const char *shortest(Arena *arena, double x);

#endif
