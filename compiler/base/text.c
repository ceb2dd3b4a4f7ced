#include "text.h"
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Text text_new(Arena *arena)
{
    Text text = {arena, arena_new(arena, char, 64), 0, 64};
    return text;
}

static void reserve(Text *text, size_t more)
{
    if (text->length + more + 1 <= text->capacity)
        return;
    while (text->capacity < text->length + more + 1)
        text->capacity *= 2;
    char *larger = arena_new(text->arena, char, text->capacity);
    memcpy(larger, text->data, text->length + 1);
    text->data = larger;
}

void text_put(Text *text, const char *bytes, size_t length)
{
    reserve(text, length);
    memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = 0;
}

void text_string(Text *text, const char *string) { text_put(text, string, strlen(string)); }

void text_add(Text *text, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    size_t length = (size_t)vsnprintf(NULL, 0, format, again);
    va_end(again);
    reserve(text, length);
    vsnprintf(text->data + text->length, length + 1, format, list);
    text->length += length;
    va_end(list);
}

bool word_in(const char *word, size_t length, const char *list)
{
    while (list && *list) {
        size_t n = strcspn(list, " ");
        if (n == length && memcmp(list, word, n) == 0)
            return true;
        list += n;
        list += *list == ' ';
    }
    return false;
}

bool starts_with(const char *text, const char *start) { return strncmp(text, start, strlen(start)) == 0; }

const char *shortest(Arena *arena, double x)
{
    char text[40];
    if (isnan(x))
        return "nan";
    if (isinf(x))
        return x > 0 ? "inf" : "-inf";
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (strtod(text, NULL) == x)
            break;
    }
    for (char *c = text; *c; c++) // main never calls setlocale; an embedder might
        if (*c == ',')
            *c = '.';
    return arena_copy(arena, text, strlen(text));
}
