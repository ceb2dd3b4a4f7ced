// Programs to start from. Input: their texts, in which the model is called NAME. Output: one under the user's name.
#include "starter.h"
#include "base/text.h"
#include "starters.inc" // starter_mlp, ...: made by CMakeLists.txt
#include <ctype.h>
#include <string.h>

const char *const starter_names[STARTERS] = {"mlp", "cnn", "csv"};

bool starter_is_name(const char *name)
{
    size_t n = 0;
    while (isalnum((unsigned char)name[n]) || name[n] == '_')
        n++;
    return isalpha((unsigned char)name[0]) && !name[n] && !strstr(name, "__");
}

const char *starter_text(Arena *arena, const char *kind, const char *name)
{
    static const char mark[] = "NAME";
    const char *text = strcmp(kind, "mlp") == 0 ? starter_mlp : strcmp(kind, "cnn") == 0 ? starter_cnn : starter_csv;
    Text out = text_new(arena);
    for (const char *at; (at = strstr(text, mark)) != NULL; text = at + strlen(mark)) {
        text_put(&out, text, (size_t)(at - text));
        text_string(&out, name);
    }
    text_string(&out, text);
    return out.data;
}
