// map.h: from strings to pointers, in order of insertion. Lookups hash; iteration never depends on it.
#ifndef MT_MAP_H
#define MT_MAP_H

#include "arena.h"

typedef struct {
    const char *key;
    void *value;
} MapEntry;

typedef struct {
    Arena *arena;
    MapEntry *entries; // in order of insertion
    int count, capacity;
    int *slots, slot_count; // 1 + index into entries; 0 is empty
} Map;

Map map_new(Arena *arena);
void *map_get(const Map *map, const char *key); // NULL if absent
// Sets or replaces. The key is not copied and must live as long as the map. Returns what was there.
void *map_set(Map *map, const char *key, void *value);

#endif
