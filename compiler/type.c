#include "type.h"

bool type_batched(const Type *type) { return type->rank > 0 && type->axis[0].value == 0; }

long type_count(const Type *type)
{
    long count = 1;
    for (int i = 0; i < type->rank; i++)
        count *= type->axis[i].value ? type->axis[i].value : 1;
    return count;
}

bool type_same_shape(const Type *a, const Type *b)
{
    if (a->rank != b->rank)
        return false;
    for (int i = 0; i < a->rank; i++)
        if (a->axis[i].value != b->axis[i].value)
            return false;
    return true;
}

const char *type_text(Arena *arena, const Type *type)
{
    Text text = text_new(arena);
    if (type->element != ELEMENT_REAL && type->classes > 0)
        text_add(&text, "class(%ld)", type->classes);
    else
        text_string(&text, type->element == ELEMENT_REAL ? "f32" : type->element == ELEMENT_U8 ? "u8" : "int");
    for (int i = 0; i < type->rank; i++)
        if (type->axis[i].value)
            text_add(&text, "%s%ld", i ? ", " : "[", type->axis[i].value);
        else
            text_string(&text, i ? ", B" : "[B");
    text_string(&text, type->rank ? "]" : "");
    return text.data;
}
