// Open addressing over indices into the ordered entries.
#include "map.h"
#include <stdint.h>
#include <string.h>

static uint32_t hash_of(const char *key)
{
    uint32_t hash = 2166136261u;
    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 16777619u;
    return hash;
}

Map map_new(Arena *arena)
{
    Map map = {.arena = arena};
    return map;
}

static int *find_slot(const Map *map, const char *key)
{
    for (uint32_t at = hash_of(key);; at++) {
        int *slot = &map->slots[at % (uint32_t)map->slot_count];
        if (*slot == 0 || strcmp(map->entries[*slot - 1].key, key) == 0)
            return slot;
    }
}

void *map_get(const Map *map, const char *key)
{
    if (map->slot_count == 0)
        return NULL;
    int slot = *find_slot(map, key);
    return slot ? map->entries[slot - 1].value : NULL;
}

static void grow(Map *map)
{
    int capacity = map->capacity ? 2 * map->capacity : 8;
    MapEntry *entries = arena_new(map->arena, MapEntry, capacity);
    if (map->count > 0)
        memcpy(entries, map->entries, (size_t)map->count * sizeof *entries);
    map->entries = entries;
    map->capacity = capacity;
    map->slot_count = 2 * capacity;
    map->slots = arena_new(map->arena, int, map->slot_count);
    for (int i = 0; i < map->count; i++)
        *find_slot(map, entries[i].key) = i + 1;
}

void *map_set(Map *map, const char *key, void *value)
{
    if (map->count == map->capacity)
        grow(map);
    int *slot = find_slot(map, key);
    if (*slot) {
        void *old = map->entries[*slot - 1].value;
        map->entries[*slot - 1].value = value;
        return old;
    }
    map->entries[map->count].key = key;
    map->entries[map->count++].value = value;
    *slot = map->count;
    return NULL;
}
