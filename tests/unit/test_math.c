// The functions of runtime/math.c against libm's in long double: the largest error in ulp over dense samples (the
// comments there state what comes out here), the corners, and the same bits from every compiler and processor, by a hash
// that is written down. test_math_double.c is the same for the double build.
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF // gcc has it off in -std=c11
#endif
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
    if (isnan(truth) || isnan(y))
        return isnan(truth) && isnan(y) ? 0 : INFINITY;
    if (isinf(y))
        return isinf((real)truth) && (y > 0) == (truth > 0) ? 0 : INFINITY;
    frexpl(truth, &exponent);
    exponent = exponent < LOWEST ? LOWEST : exponent;
    return (double)(fabsl(y - truth) / ldexpl(1, exponent - DIGITS));
}

// Over so many places from a to b.
static void expect(const char *name, Function *f, Truth *truth, double a, double b, double limit)
{
    enum { COUNT = 300007 };
    double worst = 0;
    real where = 0;
    for (int i = 0; i <= COUNT; i++) {
        real x = (real)(a + (b - a) * i / COUNT);
        double error = ulps(f(x), truth(x));
        if (!(error <= worst)) {
            worst = error;
            where = x;
        }
    }
    cr_log_info("%s from %g to %g: %.2f ulp at %.9g\n", name, a, b, worst, (double)where);
    cr_expect(worst <= limit, "%s is wrong by %.2f ulp at %.17g, more than %.2f", name, worst, (double)where, limit);
}

static long double true_sigmoid(long double x) { return 1 / (1 + expl(-x)); }
static long double true_softplus(long double x) { return x > 0 ? x + log1pl(expl(-x)) : log1pl(expl(x)); }

Test(math, exponential)
{
    expect("exponential", exponential, expl, -5, 5, 1.2);
    expect("exponential", exponential, expl, LIMIT(-105, -750), LIMIT(89, 711), 1.2);
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
    expect("logarithm_of_one_plus", logarithm_of_one_plus, log1pl, 0, 1, 1.4);
    expect("logarithm_of_one_plus", logarithm_of_one_plus, log1pl, 0, 1e-6, 1.4);
}

Test(math, square_root)
{
    expect("square_root", square_root, sqrtl, 0, 4, 0.5);
    expect("square_root", square_root, sqrtl, 0, LIMIT(3e38, 1e308), 0.5);
}

Test(math, hyperbolic_tangent)
{
    expect("hyperbolic_tangent", hyperbolic_tangent, tanhl, -1, 1, 2.5);
    expect("hyperbolic_tangent", hyperbolic_tangent, tanhl, -1e-4, 1e-4, 2.5);
    expect("hyperbolic_tangent", hyperbolic_tangent, tanhl, -100, 100, 2.5);
}

Test(math, sigmoid)
{
    expect("sigmoid", sigmoid, true_sigmoid, -5, 5, 2.5);
    expect("sigmoid", sigmoid, true_sigmoid, LIMIT(-105, -750), 100, 2.5);
}

Test(math, softplus)
{
    expect("softplus", softplus, true_softplus, -5, 5, 2.1);
    expect("softplus", softplus, true_softplus, -100, 100, 2.1);
}

// Where it is small, the rounding of x^2 counts x^2 times.
Test(math, error_function_complement)
{
    expect("error_function_complement", error_function_complement, erfcl, -6, 0, 3.5);
    expect("error_function_complement", error_function_complement, erfcl, 0, 1, 6);
    expect("error_function_complement", error_function_complement, erfcl, 1, LIMIT(9, 26), LIMIT(70, 530));
}

Test(math, sine)
{
    expect("sine", sine, sinl, -3, 3, 1.6);
    expect("sine", sine, sinl, -10000, 10000, 1.6);
    expect("sine", sine, sinl, -1e-5, 1e-5, 1.6);
    expect("cosine", cosine, cosl, -3, 3, 1.6);
    expect("cosine", cosine, cosl, -10000, 10000, 1.6);
}

Test(math, power)
{
    double worst = 0;
    for (int i = 0; i < 200000; i++) {
        double x = 0.01 + i % 1000 * 0.05, y = i / 1000 * 0.37 - 30;
        long double truth = powl(x, y);
        double error = (double)fabsl(power_double(x, y) / truth - 1);
        worst = fmax(worst, error / (1.6 + 0.1 * fabs(y)));
        cr_assert(error <= (1.6 + 0.1 * fabs(y)) * DBL_EPSILON, "power(%g, %g) is wrong by %g", x, y, error);
        cr_assert(ulps(power((real)x, (real)y), powl((real)x, (real)y)) <= LIMIT(0.5001, 12));
    }
    cr_log_info("power: %.2f of what is allowed\n", worst / DBL_EPSILON);
    for (int x = -9; x <= 9; x++)
        for (int n = 2; n <= 3; n++) {
            double exact = n == 2 ? x * x : x * x * x;
            cr_expect(fabs(power((real)x, (real)n) - exact) <= LIMIT(0, 4e-16) * fabs(exact), "power(%d, %d)", x, n);
        }
    for (int n = 0; n < 2000; n++)
        cr_assert(fabsl(whole_power(0.999, n) / powl(0.999, n) - 1) <= n * 1.2e-16L);
    cr_expect(power(-1, 3) == -1 && power(-1, 4) == 1 && power(-4, -1) < 0);
    cr_expect(isnan(power(-2, (real)0.5)) && power(0, 0) == 1 && power(0, 2) == 0 && power(0, -1) == INFINITY);
    cr_expect(power(5, 0) == 1 && power((real)NAN, 0) == 1 && isnan(power(NAN, 1)) && isnan(power(2, NAN)));
}

Test(math, corners)
{
    cr_expect(exponential(INFINITY) == INFINITY && exponential(-INFINITY) == 0 && exponential(0) == 1);
    cr_expect(exponential_minus_one(-INFINITY) == -1 && exponential_minus_one(0) == 0);
    cr_expect(logarithm(0) == -INFINITY && logarithm(INFINITY) == INFINITY && logarithm(1) == 0);
    cr_expect(isnan(logarithm(-1)) && isnan(logarithm(-INFINITY)));
    cr_expect(hyperbolic_tangent(INFINITY) == 1 && hyperbolic_tangent(-INFINITY) == -1);
    cr_expect(signbit(hyperbolic_tangent((real)-0.0)) != 0);
    cr_expect(sigmoid(INFINITY) == 1 && sigmoid(-INFINITY) == 0 && sigmoid(0) == (real)0.5);
    cr_expect(softplus(-INFINITY) == 0 && softplus(INFINITY) == INFINITY);
    cr_expect(error_function_complement(INFINITY) == 0 && error_function_complement(-INFINITY) == 2);
    cr_expect(isnan(sine(INFINITY)) && isnan(cosine((real)1e30)) && cosine(0) == 1 && sine(0) == 0);
    cr_expect(isnan(max(NAN, 1)) && isnan(max(1, NAN)) && isnan(min(NAN, 1)) && isnan(min(1, NAN)));
    cr_expect(quotient(0, 0) == 0 && quotient(1, 2) == (real)0.5 && quotient(1, 0) == INFINITY);
    Function *const all[] = {exponential, exponential_minus_one, logarithm, hyperbolic_tangent, sigmoid, softplus,
        error_function_complement, sine, cosine, square_root};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        cr_expect(isnan(all[k](NAN)), "function %zu makes a number of NaN", k);
}

// FNV-1a over the bytes of what is no NaN.
static uint64_t hash_of(Function *f, double a, double b, uint64_t hash)
{
    for (int i = 0; i <= 20011; i++) {
        real y = f((real)(a + (b - a) * i / 20011));
        unsigned char bytes[sizeof y];
        memcpy(bytes, &y, sizeof y);
        for (size_t k = 0; y == y && k < sizeof y; k++)
            hash = (hash ^ bytes[k]) * 1099511628211u;
    }
    return hash;
}

Test(math, same_bits_everywhere)
{
    uint64_t hash = 14695981039346656037u;
    hash = hash_of(exponential, LIMIT(-105, -750), LIMIT(89, 711), hash);
    hash = hash_of(exponential_minus_one, -9, 9, hash);
    hash = hash_of(logarithm, 0, 9, hash);
    hash = hash_of(logarithm_of_one_plus, 0, 1, hash);
    hash = hash_of(square_root, 0, 9, hash);
    hash = hash_of(hyperbolic_tangent, -9, 9, hash);
    hash = hash_of(sigmoid, -99, 99, hash);
    hash = hash_of(softplus, -99, 99, hash);
    hash = hash_of(error_function_complement, -5, LIMIT(9, 26), hash);
    hash = hash_of(sine, -999, 999, hash);
    hash = hash_of(cosine, -999, 999, hash);
    cr_expect(hash == LIMIT(UINT64_C(0x25ca8943b53960a3), UINT64_C(0x95253dfb03a7b96e)), "the hash of the bits is %016llx", (unsigned long long)hash);
}
