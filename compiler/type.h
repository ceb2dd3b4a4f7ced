// type.h: what a value is: its element, its axes, and for every size where it came from.
#ifndef MT_TYPE_H
#define MT_TYPE_H

#include "base/text.h"
#include "source.h"

enum { MAX_RANK = 8 };

typedef enum { ELEMENT_REAL, ELEMENT_INT, ELEMENT_U8 } Element;

// A size and its history, newest first: messages print "(14 + 2*0 - 5)/1 + 1 = 10, then max_pool2d(2) -> 5".
typedef struct Origin Origin;
struct Origin {
    const char *how;   // the arithmetic in numbers, "(14 + 2*0 - 5) // 1 + 1", or the words, "linear(10), which ..."
    const char *stage; // "conv2d(16, 5)", "model input", "class(10)"
    long value;        // what came out
    Span span;         // of the stage
    const Origin *before;
};

typedef struct {
    long value; // 0: B, the batch
    const Origin *origin;
} Extent;

typedef struct {
    Element element;
    long classes; // > 0: whole numbers below it (class(10)); 0: not known
    int rank;     // of all axes, B included
    Extent axis[MAX_RANK]; // PyTorch's order. axis[0].value == 0 if the value has a batch axis
    // How it is stored: samples innermost, and of the other axes the first outermost, or (feature_last) the last one.
    // The same thing below rank 3.
    bool feature_last;
    bool poisoned; // a fault was reported: everything computed from it is silent
} Type;

bool type_batched(const Type *type);
long type_count(const Type *type); // of an example's elements, without B
bool type_same_shape(const Type *a, const Type *b);
const char *type_text(Arena *arena, const Type *type); // "f32[B, 16, 5, 10]", "class(10)[B]", "int[B, 4]"

#endif
