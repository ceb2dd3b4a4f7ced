#include "vec.h"
#include <string.h>

void vec_grow(Arena *arena, void **items, int count, int *capacity, size_t size)
{
    int room = *capacity ? 2 * *capacity : 8;
    void *larger = arena_take(arena, (size_t)room, size);
    if (count > 0)
        memcpy(larger, *items, (size_t)count * size);
    *items = larger;
    *capacity = room;
}
