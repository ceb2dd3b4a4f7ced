// Blocks of at least 64 KiB in a list; an object comes from the newest block, or gets one of its own.
#include "arena.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 16, ALIGNMENT = sizeof(max_align_t) < 16 ? 16 : sizeof(max_align_t) };

typedef struct Block {
    struct Block *next;
    size_t size, used;
} Block;

struct Arena {
    Block *blocks;
    void (*exhausted)(void);
};

static size_t round_up(size_t bytes) { return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; }

Arena *arena_create(void (*exhausted)(void))
{
    Arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        exhausted();
    else
        arena->exhausted = exhausted;
    return arena;
}

void arena_destroy(Arena *arena)
{
    if (!arena)
        return;
    for (Block *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
}

void *arena_take(Arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX - 4 * BLOCK) / size)
        arena->exhausted();
    size_t bytes = round_up(count * size + (count * size == 0)), header = round_up(sizeof(Block));
    Block *block = arena->blocks;
#ifdef MT_ARENA_DEBUG // every object its own malloc, so that sanitizers see its end
    block = NULL;
#endif
    if (!block || block->size - block->used < bytes) {
#ifdef MT_ARENA_DEBUG
        size_t room = count * size + (count * size == 0);
#else
        size_t room = bytes > BLOCK ? bytes : BLOCK;
#endif
        block = calloc(1, header + room);
        if (!block) {
            arena->exhausted();
            return NULL;
        }
        block->size = room;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *result = (char *)block + header + block->used;
    block->used += bytes < block->size - block->used ? bytes : block->size - block->used;
    return result;
}

char *arena_copy(Arena *arena, const char *text, size_t length)
{
    char *copy = arena_new(arena, char, length + 1);
    if (length > 0)
        memcpy(copy, text, length);
    return copy;
}

char *arena_vformat(Arena *arena, const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = arena_new(arena, char, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, list);
    return text;
}

char *arena_format(Arena *arena, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = arena_vformat(arena, format, list);
    va_end(list);
    return text;
}
