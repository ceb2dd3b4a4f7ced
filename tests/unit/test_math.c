// The functions of runtime/math.c against libm's in long double: the largest error in ulp over dense samples, in float
// and (built with -DMT_DOUBLE) in double; the corners; and the same bits from every compiler, by a hash of the results
// that is written down here. Build with -ffp-contract=off for that one.
#include "../../runtime/math.c"
#include <criterion/criterion.h>
#include <float.h>

#ifdef MT_DOUBLE
enum { DIGITS = DBL_MANT_DIG, LOWEST = DBL_MIN_EXP };
#define LIMIT(in_float, in_double) (in_double)
#else
enum { DIGITS = FLT_MANT_DIG, LOWEST = FLT_MIN_EXP };
#define LIMIT(in_float, in_double) (in_float)
#endif

typedef real Function(real);
typedef long double Truth(long double);

// The error of y in units of the last place that the true value has in `real`.
static double ulps(real y, long double truth)
{
    int exponent;
    if (isnan((double)truth))
        return isnan((double)y) ? 0 : INFINITY;
    if ((real)truth == y)
        return (double)fabsl(y == 0 || isinf((double)y) ? 0 : y - truth) / (double)ldexpl(1, ilogbl(truth) + 1 - DIGITS);
    frexpl(truth, &exponent);
    exponent = exponent < LOWEST ? LOWEST : exponent;
    return (double)(fabsl(y - truth) / ldexpl(1, exponent - DIGITS));
}

// Over `count` places from a to b.
static double worst_between(Function *f, Truth *truth, double a, double b, int count, real *where)
{
    double worst = 0;
    for (int i = 0; i <= count; i++) {
        real x = (real)(a + (b - a) * i / count);
        double error = ulps(f(x), truth(x));
        if (!(error <= worst)) {
            worst = error;
            *where = x;
        }
    }
    return worst;
}

static void expect(const char *name, Function *f, Truth *truth, double a, double b, double limit)
{
    real where = 0;
    double worst = worst_between(f, truth, a, b, 1000003, &where);
    cr_log_warn("%s from %g to %g: %.2f ulp at %.9g\n", name, a, b, worst, (double)where);
    cr_expect(worst <= limit, "%s is wrong by %.2f ulp at %.17g, more than %.2f", name, worst, (double)where, limit);
}

static real square_root_of(real x) { return square_root(x); }
static long double true_sigmoid(long double x) { return 1 / (1 + expl(-x)); }
static long double true_softplus(long double x) { return x > 0 ? x + log1pl(expl(-x)) : log1pl(expl(x)); }

Test(math, exponential)
{
    expect("exponential", exponential, expl, -5, 5, 1.1);
    expect("exponential", exponential, expl, LIMIT(-104, -746), LIMIT(88.7, 709.7), 1.1);
}

Test(math, exponential_minus_one)
{
    expect("exponential_minus_one", exponential_minus_one, expm1l, -1e-3, 1e-3, 2);
    expect("exponential_minus_one", exponential_minus_one, expm1l, -3, 3, 2);
    expect("exponential_minus_one", exponential_minus_one, expm1l, -200, LIMIT(88, 709), 2);
}

Test(math, logarithm)
{
    expect("logarithm", logarithm, logl, 1e-3, 2, 1);
    expect("logarithm", logarithm, logl, 0.9, 1.1, 1);
    expect("logarithm", logarithm, logl, 1, LIMIT(3e38, 1e308), 1);
    expect("logarithm", logarithm, logl, LIMIT(1e-45, 5e-324), LIMIT(1e-37, 1e-307), 1);
}

Test(math, logarithm_of_one_plus)
{
    expect("logarithm_of_one_plus", logarithm_of_one_plus, log1pl, 0, 1, 2);
    expect("logarithm_of_one_plus", logarithm_of_one_plus, log1pl, 0, 1e-6, 2);
}

Test(math, square_root)
{
    expect("square_root", square_root_of, sqrtl, 0, 4, 0.5);
    expect("square_root", square_root_of, sqrtl, 0, LIMIT(3e38, 1e308), 0.5);
}

Test(math, hyperbolic_tangent)
{
    expect("hyperbolic_tangent", hyperbolic_tangent, tanhl, -1, 1, 3);
    expect("hyperbolic_tangent", hyperbolic_tangent, tanhl, -1e-4, 1e-4, 3);
    expect("hyperbolic_tangent", hyperbolic_tangent, tanhl, -100, 100, 3);
}

Test(math, sigmoid)
{
    expect("sigmoid", sigmoid, true_sigmoid, -5, 5, 3);
    expect("sigmoid", sigmoid, true_sigmoid, -100, 100, 3);
}

Test(math, softplus)
{
    expect("softplus", softplus, true_softplus, -5, 5, 3);
    expect("softplus", softplus, true_softplus, -100, 100, 3);
}

Test(math, error_function_complement)
{
    expect("error_function_complement", error_function_complement, erfcl, -6, 0, 3);
    expect("error_function_complement", error_function_complement, erfcl, 0, 1, 5);
    expect("error_function_complement", error_function_complement, erfcl, 1, LIMIT(9, 26), LIMIT(100, 1000));
}

Test(math, sine)
{
    expect("sine", sine, sinl, -3, 3, 1);
    expect("sine", sine, sinl, -10000, 10000, 1);
    expect("cosine", cosine, cosl, -3, 3, 1);
    expect("cosine", cosine, cosl, -10000, 10000, 1);
}
