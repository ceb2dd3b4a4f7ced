// vec.h: growing arrays inside an arena.
//
//     typedef VEC(Value *) Values;
//     vec_push(arena, &values, value);
//     for (int i = 0; i < values.count; i++) ... values.items[i]
#ifndef MT_VEC_H
#define MT_VEC_H

#include "arena.h"

#define VEC(Type)      \
    struct {           \
        Type *items;   \
        int count;     \
        int capacity;  \
    }

// Room for one more; the old copy stays in the arena.
void vec_grow(Arena *arena, void **items, int count, int *capacity, size_t size);

#define vec_push(arena, vec, item)                                                                               \
    ((vec)->count == (vec)->capacity                                                                             \
            ? vec_grow(arena, (void **)&(vec)->items, (vec)->count, &(vec)->capacity, sizeof *(vec)->items)       \
            : (void)0,                                                                                           \
        (vec)->items[(vec)->count++] = (item))

#endif
