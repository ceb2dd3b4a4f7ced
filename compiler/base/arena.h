// arena.h: memory by lifetime. Everything a compilation allocates lives in one arena and dies with it; nobody frees
// single objects. Memory comes zeroed.
#ifndef MT_ARENA_H
#define MT_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct Arena Arena;

// `exhausted` is called when the system has no more memory; it must not return. Owned by the caller.
Arena *arena_create(void (*exhausted)(void));
void arena_destroy(Arena *arena);

// n objects of a type, zeroed, aligned for it. Lives as long as the arena.
#define arena_new(arena, Type, n) ((Type *)arena_take(arena, (size_t)(n), sizeof(Type)))
void *arena_take(Arena *arena, size_t count, size_t size);

// Copies that live as long as the arena.
char *arena_copy(Arena *arena, const char *text, size_t length);
char *arena_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vformat(Arena *arena, const char *format, va_list list);

#endif
