// flag.h: settings of the program that are flags of the trainer: every number, duration, path and switch that changes
// neither a shape nor the code.
#ifndef MT_FLAG_H
#define MT_FLAG_H

#include "base/vec.h"
#include "constant.h"

typedef enum {
    FLAG_INT,      // int
    FLAG_LONG,     // int64_t (seeds)
    FLAG_REAL,     // double
    FLAG_PAIR,     // double[2] (betas)
    FLAG_BOOL,     // int
    FLAG_PATH,     // const char *
    FLAG_DURATION, // struct Duration {double count; int epochs;}
    FLAG_DURATIONS // struct Durations {double at[]; int count, epochs;} (milestones)
} FlagKind;

typedef struct {
    const char *key;    // "data.train.image", "optimizer.lr", "train.run"
    const char *member; // its place in struct Options, by name_member: "data.train.image", "optimizer.lr"
    const char *doc;    // "learning rate"
    FlagKind kind;
    Constant value;     // of the file
    double least, most; // both included; least > most: any
    bool above_least;   // least itself is not allowed
} Flag;

typedef VEC(Flag) Flags;

#endif
