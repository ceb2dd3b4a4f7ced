// suggest.h: which word was meant. Two sources: words that look alike, among those that are legal in that place; and
// the words of other systems (PyTorch's classes, Keras, Caffe, scikit-learn) for what .mt calls otherwise.
#ifndef MT_SUGGEST_H
#define MT_SUGGEST_H

// The name that is most like the word, or NULL if none is near: edit distance (exchanged neighbours count one, case
// counts nothing) at most 2, and at most a third of the word's length, so 1 for words of 3 to 5 letters. Of several
// as many edits away, the one with letters exchanged before those with letters lost or too many, and those before others;
// of several such ones the first. Never the word itself.
const char *suggest(const char *word, const char *const *names, int count);

// A word of another system.
typedef struct {
    const char *place;    // where it would stand: a list of "layer", "option", "fn", "loss", "metric", "optimizer",
                          // "schedule", "data", "field", "train", "declaration", "unit", "syntax"
    const char *words;    // words of other systems, parted by blanks
    const char *ours;     // the word of .mt, or NULL where there is nothing to write
    const char *sentence; // for a help, or NULL
} Foreign;

// The entry for a word in a place, or NULL. "nn.", "torch.nn.", "F.", "keras.layers." and the like in front of the
// word do not matter, nor does "()" behind it.
const Foreign *suggest_foreign(const char *word, const char *place);
// The same, but only an entry whose own word is one of the names ("num_output" of linear and of conv2d differ).
const Foreign *suggest_foreign_among(const char *word, const char *place, const char *const *names, int count);

#endif
