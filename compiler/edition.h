// edition.h: which programs this compiler is for (LANGUAGE 4.4).
#ifndef MT_EDITION_H
#define MT_EDITION_H

#define MT_EDITION "1.0"

typedef enum {
    EDITION_KNOWN,
    EDITION_LATER,  // of this edition, with additions that this compiler does not have
    EDITION_UNKNOWN // another one, or no edition
} Edition;

// What the number behind `mt` asks of a compiler that has an edition ("1.0"). Both are texts: 1.10 comes after 1.9.
Edition edition_of(const char *text, const char *compiler);

#endif
