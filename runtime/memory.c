/* memory.c: all memory of a run is one piece, taken once at the start. `plan` lists the life of every value in program
 * order; values that never meet share their storage. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//@ declare memory
/* All memory of the run: one piece, as large as the lives in it need. */
struct Memory {
    struct Life *life;
    size_t lives, bytes;
    int keep_all; /* give does nothing: after a step every value can still be looked at */
};
#define TAKE(memory, pointer, count) take(memory, &(pointer), count, sizeof *(pointer))
#define GIVE(memory, pointer) give(memory, &(pointer))
//@ end

//@ declare same
/* What goes into a block is `of`. */
#define SAME(memory, pointer, of) same(memory, &(pointer), &(of))
//@ end

//@ piece memory
struct Life {
    void *pointer; /* where to write the address */
    const void *of; /* not NULL: it is the address that is written there */
    size_t offset, bytes;
    int given;
};

static void out_of_memory(size_t bytes)
{
    fprintf(stderr, "error: out of memory: %lu bytes; a smaller --batch needs less\n",
        (unsigned long)bytes);
    exit(1);
}

static void add_life(struct Memory *memory, struct Life new)
{
    struct Life *longer = realloc(memory->life, (memory->lives + 1) * sizeof new);
    if (!longer)
        out_of_memory((memory->lives + 1) * sizeof new);
    memory->life = longer;
    memory->life[memory->lives++] = new;
}

/* A life begins: at the lowest place that nothing alive covers. */
static void take(struct Memory *memory, void *pointer, size_t count, size_t size)
{
    struct Life new = {pointer, NULL, 0, (count * size + 63) / 64 * 64, 0};
    for (size_t k = 0; k < memory->lives;) {
        const struct Life *old = &memory->life[k++];
        if (!old->given && new.offset < old->offset + old->bytes &&
            old->offset < new.offset + new.bytes) {
            new.offset = old->offset + old->bytes;
            k = 0;
        }
    }
    add_life(memory, new);
    if (memory->bytes < new.offset + new.bytes)
        memory->bytes = new.offset + new.bytes;
}

/* A life ends. */
static void give(struct Memory *memory, void *pointer)
{
    for (size_t k = 0; k < memory->lives; k++)
        if (memory->life[k].pointer == pointer && !memory->keep_all)
            memory->life[k].given = 1;
}

/* When all lives are known: one allocation, filled with zeros, and every pointer gets its place. It
 * is held until the program ends. */
static void open_memory(struct Memory *memory)
{
    unsigned char *base = calloc(memory->bytes + 63, 1);
    if (!base)
        out_of_memory(memory->bytes);
    base += (64 - (uintptr_t)base % 64) % 64;
    for (size_t k = 0; k < memory->lives; k++) {
        void *at = base + memory->life[k].offset;
        memcpy(memory->life[k].pointer, memory->life[k].of ? memory->life[k].of : &at, sizeof at);
    }
    free(memory->life);
    memory->life = NULL;
}

//@ piece same needs memory
/* Another pointer to what has a place: no life of its own. */
static void same(struct Memory *memory, void *pointer, const void *of)
{
    struct Life new = {pointer, of, 0, 0, 1};
    add_life(memory, new);
}
//@ end
