// What a run takes, as the trainer itself would count it: the lives of the plan, placed as runtime/memory.c places
// them. Input: a program with a plan. Invariant: the numbers of `./train info`, built in float.
#include "inside.h"

typedef struct {
    const Value *value;
    bool derivative, given;
    double offset, bytes;
} Placed;

typedef VEC(Placed) PlacedLives;

enum { LANES = 16, ALIGNMENT = 64, REAL = 4 };

static double size_of(const Program *program, const Value *value)
{
    double batch = (double)((program->data->batch + LANES - 1) / LANES * LANES);
    double count = (double)type_count(&value->type) * (type_batched(&value->type) ? batch : 1);
    double bytes = count * (value->type.element == ELEMENT_U8 ? 1 : REAL);
    double blocks = (double)(long)((bytes + ALIGNMENT - 1) / ALIGNMENT);
    return blocks * ALIGNMENT;
}

// At the lowest place that nothing alive covers.
static void place(PlacedLives *lives, Placed *new)
{
    for (int k = 0; k < lives->count;) {
        const Placed *old = &lives->items[k++];
        if (!old->given && new->offset < old->offset + old->bytes && old->offset < new->offset + new->bytes) {
            new->offset = old->offset + old->bytes;
            k = 0;
        }
    }
}

static double values_of(const Program *program)
{
    const Graph *graph = program->graph;
    PlacedLives lives = {0};
    double most = 0;
    for (int i = 0; i < graph->lives.count; i++) {
        const Life *life = &graph->lives.items[i];
        if (life->wired ||
            (life->derivative && life->value->need == NEED_INPUT)) // another name; only gradcheck takes it
            continue;
        for (int k = 0; life->gives && k < lives.count; k++)
            if (lives.items[k].value == life->value && lives.items[k].derivative == life->derivative)
                lives.items[k].given = true;
        if (life->gives)
            continue;
        Placed new = {life->value, life->derivative, false, 0, size_of(program, life->value)};
        place(&lives, &new);
        vec_push(program->arena, &lives, new);
        if (most < new.offset + new.bytes)
            most = new.offset + new.bytes;
    }
    return most;
}

Memory report_memory(const Program *program)
{
    const Training *training = program->training;
    Memory memory = {0};
    double states = 0;
    for (int i = 0; i < program->graph->parameters.count; i++)
        memory.parameters += REAL * (double)type_count(&program->graph->parameters.items[i]->type);
    for (int i = 0; i < program->graph->buffers.count; i++)
        memory.buffers += REAL * (double)type_count(&program->graph->buffers.items[i]->type);
    for (const Tensor *state = training->optimizer->state; state->name; state++)
        states += training_holds(training, state->when);
    memory.gradient = memory.parameters;
    memory.optimizer = 4 + states * memory.parameters; // and the number of steps taken
    memory.values = values_of(program);
    return memory;
}
