// piece.h: the C that is pasted: pieces of runtime/*.c and of ops/*.c, made into one table by tools/embed.c.
//
// A file is plain C, compiled, warned about and tested as such. Marks cut it:
//     //@ piece NAME needs OTHER ...     a function or a few that belong together (ops/ say `kernel`; the same thing)
//     //@ declare NAME needs OTHER ...   types and macros of piece NAME, needed above the model (struct Memory;)
//     //@ end
// `needs` names pieces that must be pasted too. The prototype of a piece is what stands before the first `{` of each of
// its top-level functions; the emitter prints it above the model if the first half of the file calls it.
#ifndef MT_PIECE_H
#define MT_PIECE_H

typedef struct {
    const char *name;
    const char *needs;       // "philox stream_of", or ""
    const char *declaration; // text of `//@ declare`, or NULL
    const char *prototypes;  // one a line, each ends in ";", or ""
    const char *text;        // byte for byte
    const char *file;        // "ops/linear.c": pieces of ops/ go under "operations", of runtime/ under "runtime"
} Piece;

extern const Piece pieces[]; // ends in a NULL name; sorted by file, then place

const Piece *piece_find(const char *name, unsigned long length);

#endif
