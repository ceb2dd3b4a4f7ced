// Interval arithmetic; see bounds.h.
#include "bounds.h"
#include <math.h>
#include <string.h>

Bounds bounds_all(void) { return (Bounds){-INFINITY, INFINITY}; }

// inf - inf and 0 * inf say nothing.
static Bounds known(double low, double high)
{
    return (Bounds){isnan(low) ? -INFINITY : low, isnan(high) ? INFINITY : high};
}

Bounds bounds_sum(Bounds a, Bounds b) { return known(a.low + b.low, a.high + b.high); }

Bounds bounds_negative(Bounds a) { return (Bounds){-a.high, -a.low}; }

// 0 times a bound that is infinite is 0: the values themselves are finite.
static double times(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }

Bounds bounds_product(Bounds a, Bounds b)
{
    double corners[] = {times(a.low, b.low), times(a.low, b.high), times(a.high, b.low), times(a.high, b.high)};
    Bounds result = {corners[0], corners[0]};
    for (int i = 1; i < 4; i++) {
        result.low = corners[i] < result.low ? corners[i] : result.low;
        result.high = corners[i] > result.high ? corners[i] : result.high;
    }
    return result;
}

Bounds bounds_square(Bounds a)
{
    Bounds result = bounds_product(a, a);
    if (result.low < 0)
        result.low = 0;
    return result;
}

bool bounds_without_zero(Bounds a) { return a.low > 0 || a.high < 0; }

Bounds bounds_quotient(Bounds a, Bounds b)
{
    if (!bounds_without_zero(b))
        return bounds_all();
    return bounds_product(a, (Bounds){1 / b.high, 1 / b.low});
}

Bounds bounds_either(Bounds a, Bounds b)
{
    return (Bounds){a.low < b.low ? a.low : b.low, a.high > b.high ? a.high : b.high};
}

static Bounds rising(Bounds x, double (*f)(double), double lowest, double highest)
{
    return (Bounds){isinf(x.low) ? lowest : f(x.low), isinf(x.high) ? highest : f(x.high)};
}

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }
static double softplus(double x) { return x > 30 ? x : log(1 + exp(x)); }

// Functions that never fall, with their bounds.
static const struct {
    const char *name;
    double (*f)(double);
    double lowest, highest;
} risings[] = {{"exp", exp, 0, INFINITY}, {"sigmoid", sigmoid, 0, 1}, {"tanh", tanh, -1, 1},
    {"softplus", softplus, 0, INFINITY}};

Bounds bounds_function(const char *name, const Bounds *inputs, int count, Bounds otherwise)
{
    for (size_t i = 0; i < sizeof risings / sizeof *risings && count == 1; i++)
        if (strcmp(name, risings[i].name) == 0)
            return rising(inputs[0], risings[i].f, risings[i].lowest, risings[i].highest);
    if (strcmp(name, "abs") == 0 && count == 1) {
        Bounds other = bounds_negative(inputs[0]);
        bool through = inputs[0].low < 0 && inputs[0].high > 0;
        double high = other.high > inputs[0].high ? other.high : inputs[0].high;
        return (Bounds){through ? 0 : inputs[0].low >= 0 ? inputs[0].low : other.low, high};
    }
    if (strcmp(name, "sqrt") == 0 && count == 1)
        return (Bounds){inputs[0].low > 0 ? sqrt(inputs[0].low) : 0, inputs[0].high > 0 ? sqrt(inputs[0].high) : 0};
    if (strcmp(name, "relu") == 0 && count == 1)
        return (Bounds){fmax(inputs[0].low, 0), fmax(inputs[0].high, 0)};
    if ((strcmp(name, "sin") == 0 || strcmp(name, "cos") == 0) && count == 1)
        return (Bounds){-1, 1};
    if (strcmp(name, "max") == 0 && count == 2)
        return (Bounds){fmax(inputs[0].low, inputs[1].low), fmax(inputs[0].high, inputs[1].high)};
    if (strcmp(name, "min") == 0 && count == 2)
        return (Bounds){fmin(inputs[0].low, inputs[1].low), fmin(inputs[0].high, inputs[1].high)};
    return otherwise;
}
