// bounds.h: between which numbers the value of a formula lies, so that nobody is warned of what cannot happen: that
// x * x + 1 is 0. Bounds are never too narrow (but for rounding); a bound that is open (exp(x) > 0) counts as reached
// unless `bounds_function` says otherwise.
#ifndef MT_BOUNDS_H
#define MT_BOUNDS_H

#include <stdbool.h>

typedef struct {
    double low, high;
} Bounds;

Bounds bounds_all(void); // from -inf to inf
Bounds bounds_sum(Bounds a, Bounds b);
Bounds bounds_negative(Bounds a);
Bounds bounds_product(Bounds a, Bounds b);
Bounds bounds_square(Bounds a); // of a value with itself
Bounds bounds_quotient(Bounds a, Bounds b);
Bounds bounds_either(Bounds a, Bounds b); // one of the two
// Of a function of .mt by its name; `otherwise` if it says nothing.
Bounds bounds_function(const char *name, const Bounds *inputs, int count, Bounds otherwise);
bool bounds_without_zero(Bounds a);

#endif
