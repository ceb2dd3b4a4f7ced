// math.c: exp, log, sqrt, sin, cos, tanh, pow and what is made of them, for everything that reaches a parameter.
//
// Input and output are `real`: float, double under -DMT_DOUBLE. The functions ..._double are always double, for rates
// and initial values. They are our own because no libm is the same on two machines: with -ffp-contract=off these give
// the same bits everywhere. They have no branches (a choice between two values that are both computed is none), so
// that gcc and clang vectorise the loops that they are called in. NaN in, NaN out. Each comment states the largest
// error against the true value, in ulp of float and of double, as tests/unit/test_math.c measures it over dense
// samples.
//
// Each function of a real has the double form under MT_DOUBLE; the `(void)` tells the compiler of the float build that
// it is not forgotten.
#ifndef MT_MATH_C
#define MT_MATH_C
#include "kernels.h"

//@ piece either_double
/* condition ? a : b, where both are computed: of ?: gcc may make a branch, and then vectorises
 * nothing. The condition is 0 or 1. */
static inline double either_double(int condition, double a, double b)
{
    uint64_t x, y, ones = -(uint64_t)condition;
    memcpy(&x, &a, sizeof x);
    memcpy(&y, &b, sizeof y);
    x = (x & ones) | (y & ~ones);
    memcpy(&a, &x, sizeof a);
    return a;
}

//@ piece either needs either_double
/* condition ? a : b, where both are computed: of ?: gcc may make a branch, and then vectorises
 * nothing. The condition is 0 or 1. */
static inline real either(int condition, real a, real b)
{
#ifdef MT_DOUBLE
    return either_double(condition, a, b);
#else
    (void)either_double;
    uint32_t x, y, ones = -(uint32_t)condition;
    memcpy(&x, &a, sizeof x);
    memcpy(&y, &b, sizeof y);
    x = (x & ones) | (y & ~ones);
    memcpy(&a, &x, sizeof a);
    return a;
#endif
}

//@ piece max
/* The larger one; NaN if one is. */
static inline real max(real a, real b) { return a < b || b != b ? b : a; }

//@ piece min
/* The smaller one; NaN if one is. */
static inline real min(real a, real b) { return b < a || b != b ? b : a; }

//@ piece absolute
static inline real absolute(real x) { return (real)fabs((double)x); }

//@ piece square_root
/* Exactly rounded, by the processor. Told that it never sets errno, the compiler vectorises it. */
#ifdef __GNUC__
double sqrt(double) __attribute__((const));
float sqrtf(float) __attribute__((const));
#endif
static inline real square_root(real x)
{
#ifdef MT_DOUBLE
    return sqrt(x);
#else
    return sqrtf(x);
#endif
}

//@ piece exponential_double needs either_double
/* exp(x) = 2^k exp(r), |r| <= log(2) / 2, exp(r) by its series; k is added to the exponent in two
 * halves, so that the smallest and largest results come out as well. Error: 1.2 ulp. */
static inline double exponential_double(double x)
{
    const double shift = 6755399441055744; /* 1.5 * 2^52: adding it rounds to a whole number */
    double c = either_double(x < -746, -746, either_double(x > 710, 710, x));
    double shifted = c * 1.4426950408889634 + shift, k = shifted - shift;
    double r = (c - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
    double e = 1.0 / 6227020800;
    e = e * r + 1.0 / 479001600;
    e = e * r + 1.0 / 39916800;
    e = e * r + 1.0 / 3628800;
    e = e * r + 1.0 / 362880;
    e = e * r + 1.0 / 40320;
    e = e * r + 1.0 / 5040;
    e = e * r + 1.0 / 720;
    e = e * r + 1.0 / 120;
    e = e * r + 1.0 / 24;
    e = e * r + 1.0 / 6;
    e = e * r + 0.5;
    e = e * r + 1;
    e = e * r + 1;
    uint64_t n, low, high;
    double a, b;
    memcpy(&n, &shifted, sizeof n);
    n = n - 0x4338000000000000 + 2048; /* k + 2048 */
    low = (n / 2 - 1) << 52;
    high = (n - n / 2 - 1) << 52;
    memcpy(&a, &low, sizeof a);
    memcpy(&b, &high, sizeof b);
    return e * a * b;
}

//@ piece exponential needs exponential_double either
/* exp(x) = 2^k exp(r), |r| <= log(2) / 2, exp(r) by its series; k is added to the exponent in two
 * halves, so that the smallest and largest results come out as well. Error: 1.2 ulp. */
static inline real exponential(real x)
{
#ifdef MT_DOUBLE
    return exponential_double(x);
#else
    (void)exponential_double;
    const float shift = 12582912; /* 1.5 * 2^23: adding it rounds to a whole number */
    float c = either(x < -104, -104, either(x > 89, 89, x));
    float shifted = c * 1.44269504f + shift, k = shifted - shift;
    float r = (c - k * 0.693359375f) + k * 2.12194440e-4f;
    float e = 1.0f / 5040;
    e = e * r + 1.0f / 720;
    e = e * r + 1.0f / 120;
    e = e * r + 1.0f / 24;
    e = e * r + 1.0f / 6;
    e = e * r + 0.5f;
    e = e * r + 1;
    e = e * r + 1;
    uint32_t n, low, high;
    float a, b;
    memcpy(&n, &shifted, sizeof n);
    n = n - 0x4b400000 + 256; /* k + 256 */
    low = (n / 2 - 1) << 23;
    high = (n - n / 2 - 1) << 23;
    memcpy(&a, &low, sizeof a);
    memcpy(&b, &high, sizeof b);
    return e * a * b;
#endif
}

//@ piece exponential_minus_one needs either
/* exp(x) - 1 without loss near 0: 2^k (exp(r) - 1) + (2^k - 1), with r and k as in exponential.
 * Infinite where 2^k is. Error: 2.0 ulp. */
static inline real exponential_minus_one(real x)
{
#ifdef MT_DOUBLE
    const double shift = 6755399441055744;
    double c = either(x < -60, -60, either(x > 710, 710, x));
    double shifted = c * 1.4426950408889634 + shift, k = shifted - shift;
    double r = (c - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
    double e = 1.0 / 6227020800;
    e = e * r + 1.0 / 479001600;
    e = e * r + 1.0 / 39916800;
    e = e * r + 1.0 / 3628800;
    e = e * r + 1.0 / 362880;
    e = e * r + 1.0 / 40320;
    e = e * r + 1.0 / 5040;
    e = e * r + 1.0 / 720;
    e = e * r + 1.0 / 120;
    e = e * r + 1.0 / 24;
    e = e * r + 1.0 / 6;
    e = e * r + 0.5;
    e = r + r * r * e;
    uint64_t n;
    double scale;
    memcpy(&n, &shifted, sizeof n);
    n = (n - 0x4338000000000000 + 1023) << 52;
    memcpy(&scale, &n, sizeof scale);
    return scale * e + (scale - 1);
#else
    const float shift = 12582912;
    float c = either(x < -60, -60, either(x > 89, 89, x));
    float shifted = c * 1.44269504f + shift, k = shifted - shift;
    float r = (c - k * 0.693359375f) + k * 2.12194440e-4f;
    float e = 1.0f / 5040;
    e = e * r + 1.0f / 720;
    e = e * r + 1.0f / 120;
    e = e * r + 1.0f / 24;
    e = e * r + 1.0f / 6;
    e = e * r + 0.5f;
    e = r + r * r * e;
    uint32_t n;
    float scale;
    memcpy(&n, &shifted, sizeof n);
    n = (n - 0x4b400000 + 127) << 23;
    memcpy(&scale, &n, sizeof scale);
    return scale * e + (scale - 1);
#endif
}

//@ piece logarithm_in_two_double needs either_double
/* log(x) for x > 0 as high + low: with x = 2^k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2), and
 * s = f / (2 + f),
 * log(1 + f) = 2 (s + s^3/3 + s^5/5 + ...) = f - s (f - 2 s^2 (1/3 + s^2/5 + ...)):
 * f is exact, and what is taken from it is small. */
static inline double logarithm_in_two_double(double x, double *low)
{
    const uint64_t one = (uint64_t)1023 << 52, root_half = 0x3fe6a09e667f3bcd;
    int subnormal = x < 2.2250738585072014e-308;
    double m = either_double(subnormal, x * 4503599627370496, x);
    uint64_t bits;
    memcpy(&bits, &m, sizeof bits);
    uint64_t n = (bits - root_half + one) >> 52; /* k + 1023 */
    bits -= (n - 1023) << 52;
    memcpy(&m, &bits, sizeof m);
    double k = (double)((int)n - 1023 - 52 * subnormal);
    double f = m - 1, s = f / (2 + f), q = s * s;
    double e = 2.0 / 23;
    e = e * q + 2.0 / 21;
    e = e * q + 2.0 / 19;
    e = e * q + 2.0 / 17;
    e = e * q + 2.0 / 15;
    e = e * q + 2.0 / 13;
    e = e * q + 2.0 / 11;
    e = e * q + 2.0 / 9;
    e = e * q + 2.0 / 7;
    e = e * q + 2.0 / 5;
    e = e * q + 2.0 / 3;
    double whole = k * 0.693147180369123816490, high = whole + f;
    *low = (f - (high - whole)) - (s * (f - q * e) - k * 1.90821492927058770002e-10);
    return high;
}

//@ piece logarithm_double needs logarithm_in_two_double
/* Error: 1.0 ulp. */
static inline double logarithm_double(double x)
{
    double low, high = logarithm_in_two_double(x, &low), y = high + low;
    y = either_double(x < INFINITY, y, x);
    y = either_double(x > 0, y, x - INFINITY);
    return either_double(x < 0, NAN, y);
}

//@ piece logarithm needs logarithm_double either
/* log(x): with x = 2^k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2), and s = f / (2 + f),
 * log(1 + f) = 2 (s + s^3/3 + s^5/5 + ...) = f - s (f - 2 s^2 (1/3 + s^2/5 + ...)): f is exact, and
 * what is taken from it is small. Error: 1.0 ulp. */
static inline real logarithm(real x)
{
#ifdef MT_DOUBLE
    return logarithm_double(x);
#else
    (void)logarithm_double;
    const uint32_t one = (uint32_t)127 << 23, root_half = 0x3f3504f3;
    int subnormal = x < 1.17549435e-38f;
    float m = either(subnormal, x * 8388608, x);
    uint32_t bits;
    memcpy(&bits, &m, sizeof bits);
    uint32_t n = (bits - root_half + one) >> 23; /* k + 127 */
    bits -= (n - 127) << 23;
    memcpy(&m, &bits, sizeof m);
    float k = (float)((int)n - 127 - 23 * subnormal);
    float f = m - 1, s = f / (2 + f), q = s * s;
    float e = 2.0f / 9;
    e = e * q + 2.0f / 7;
    e = e * q + 2.0f / 5;
    e = e * q + 2.0f / 3;
    float y = f - (s * (f - q * e) + k * 2.12194440e-4f);
    y = k * 0.693359375f + y;
    y = either(x < INFINITY, y, x);
    y = either(x > 0, y, x - INFINITY);
    return either(x < 0, NAN, y);
#endif
}

//@ piece logarithm_of_one_plus needs logarithm
/* log(1 + x) for 0 <= x <= 1 without loss near 0: what 1 + x drops of x is added again.
 * Error: 1.4 ulp. */
static inline real logarithm_of_one_plus(real x)
{
    real sum = 1 + x, dropped = x - (sum - 1);
    return logarithm(sum) + dropped / sum;
}

//@ piece hyperbolic_tangent needs exponential_minus_one absolute either
/* tanh |x| = e / (e + 2), e = exp(2 |x|) - 1. Error: 2.5 ulp. */
static inline real hyperbolic_tangent(real x)
{
    real size = absolute(x);
    real e = exponential_minus_one(either(size > 20, 40, 2 * size)), t = e / (e + 2);
    return either(x < 0, -t, either(x > 0, t, x));
}

//@ piece sigmoid needs exponential absolute either
/* 1 / (1 + exp(-x)), from exp(-|x|), which does not overflow. Error: 2.5 ulp. */
static inline real sigmoid(real x)
{
    real e = exponential(-absolute(x));
    return either(x < 0, e, 1) / (1 + e);
}

//@ piece softplus needs exponential logarithm_of_one_plus absolute max
/* log(1 + exp(x)). Error: 2.1 ulp. */
static inline real softplus(real x)
{
    return max(x, 0) + logarithm_of_one_plus(exponential(-absolute(x)));
}
//@ piece error_function_complement needs exponential absolute either
/* erfc(x) = 1 - erf(x), also where it is small: for x >= 0, exp(-x^2) (1 + 2 x) and a polynomial in
 * s = (x - c) / (x + c) over it, fitted at Chebyshev's points; for x < 0, 2 - erfc(-x).
 * Error: 6 ulp for x <= 1; then it grows with x^2, to 70 ulp of float and 530 of double. */
static inline real error_function_complement(real x)
{
    real a = absolute(x);
#ifdef MT_DOUBLE
    double s = (a - 4) / (a + 4);
    s = either(a < INFINITY, s, 1);
    double e = -1.94560649724341744e-9;
    e = e * s - 1.40786434759724772e-8;
    e = e * s - 7.83786591630631519e-9;
    e = e * s + 1.16247720964948924e-7;
    e = e * s + 6.3519065355476413e-8;
    e = e * s - 8.35907208325165362e-7;
    e = e * s + 3.00272477443958246e-7;
    e = e * s + 5.71813233232624318e-6;
    e = e * s - 0.0000112240767318178578;
    e = e * s - 0.0000244031494820772038;
    e = e * s + 0.000150621970066747888;
    e = e * s - 0.000199255548821976119;
    e = e * s - 0.000757773277416025968;
    e = e * s + 0.00503196976942706082;
    e = e * s - 0.0161977340681373352;
    e = e * s + 0.0371675155603936109;
    e = e * s - 0.0663303658108007322;
    e = e * s + 0.0937328349969556128;
    e = e * s - 0.101039066036382122;
    e = e * s + 0.0680970542547319442;
    e = e * s + 0.0153796521026212252;
    e = e * s - 0.139621116840562843;
    e = e * s + 1.23299511862555251;
#else
    float s = (a - 3) / (a + 3);
    s = either(a < INFINITY, s, 1);
    float e = -0.0002773269222f;
    e = e * s - 0.0007983391415f;
    e = e * s + 0.001994474591f;
    e = e * s + 0.002579434685f;
    e = e * s - 0.02379023418f;
    e = e * s + 0.06829350976f;
    e = e * s - 0.1192726527f;
    e = e * s + 0.1296465756f;
    e = e * s - 0.04756228054f;
    e = e * s - 0.1356211434f;
    e = e * s + 1.253008058f;
#endif
    real y = exponential(-a * a) * (e / (1 + 2 * a));
    return either(x < 0, 2 - y, y);
}

//@ piece turned_sine_double needs either_double
/* sin(x + quarters pi / 2) = +-sin(r) or +-cos(r), |r| <= pi / 4, by their series. For sizes up to
 * 1e9, NaN beyond. Error: 1.6 ulp for sizes up to 10000. */
static inline double turned_sine_double(double x, unsigned quarters)
{
    const double shift = 6755399441055744; /* 1.5 * 2^52: adding it rounds to a whole number */
    double shifted = x * 0.63661977236758134 + shift, k = shifted - shift;
    double r = x - k * 1.570796326734125614166; /* pi / 2 in three parts */
    double part = k * 6.0771005063039659766e-11, r0 = r - part;
    r = r0 + (((r - r0) - part) - k * 2.0222662487959507324e-21);
    double q = r * r, half = 0.5 * q, w = 1 - half;
    double s = 1.0 / 355687428096000;
    s = s * q - 1.0 / 1307674368000;
    s = s * q + 1.0 / 6227020800;
    s = s * q - 1.0 / 39916800;
    s = s * q + 1.0 / 362880;
    s = s * q - 1.0 / 5040;
    s = s * q + 1.0 / 120;
    s = s * q - 1.0 / 6;
    s = r + r * q * s;
    double c = 1.0 / 20922789888000;
    c = c * q - 1.0 / 87178291200;
    c = c * q + 1.0 / 479001600;
    c = c * q - 1.0 / 3628800;
    c = c * q + 1.0 / 40320;
    c = c * q - 1.0 / 720;
    c = c * q + 1.0 / 24;
    c = w + (((1 - w) - half) + q * q * c);
    uint64_t n;
    memcpy(&n, &shifted, sizeof n);
    n += quarters;
    double y = either_double(n & 1, c, s);
    y = either_double(n >> 1 & 1, -y, y);
    return either_double(fabs(x) < 1e9, y, NAN);
}

//@ piece sine_double needs turned_sine_double
static inline double sine_double(double x) { return turned_sine_double(x, 0); }

//@ piece cosine_double needs turned_sine_double
static inline double cosine_double(double x) { return turned_sine_double(x, 1); }

//@ piece turned_sine needs turned_sine_double absolute either
/* sin(x + quarters pi / 2) = +-sin(r) or +-cos(r), |r| <= pi / 4, by their series. For sizes up to
 * 1e9, NaN beyond. Error: 1.6 ulp for sizes up to 10000. */
static inline real turned_sine(real x, unsigned quarters)
{
#ifdef MT_DOUBLE
    return turned_sine_double(x, quarters);
#else
    (void)turned_sine_double;
    const double shift = 6755399441055744;
    double shifted = x * 0.63661977236758134 + shift, k = shifted - shift;
    float r = (float)((x - k * 1.570796326734125614166) - k * 6.0771005063039659766e-11);
    float q = r * r;
    float s = 1.0f / 362880;
    s = s * q - 1.0f / 5040;
    s = s * q + 1.0f / 120;
    s = s * q - 1.0f / 6;
    s = r + r * q * s;
    float c = -1.0f / 3628800;
    c = c * q + 1.0f / 40320;
    c = c * q - 1.0f / 720;
    c = c * q + 1.0f / 24;
    c = (1 - 0.5f * q) + q * q * c;
    uint64_t n;
    memcpy(&n, &shifted, sizeof n);
    n += quarters;
    float y = either(n & 1, c, s);
    y = either(n >> 1 & 1, -y, y);
    return either(absolute(x) < 1e9f, y, NAN);
#endif
}

//@ piece sine needs turned_sine
static inline real sine(real x) { return turned_sine(x, 0); }

//@ piece cosine needs turned_sine
static inline real cosine(real x) { return turned_sine(x, 1); }

//@ piece power_double needs exponential_double logarithm_double either_double
/* x^y = exp(y log |x|), with the sign of x if y is odd; NaN if x < 0 and y is not whole. What
 * y log |x| drops when it is rounded (Dekker, 1971: factors in halves) multiplies in the end.
 * Error: 1.6 ulp and 0.1 |y| ulp. */
static inline double power_double(double x, double y)
{
    const double shift = 6755399441055744, half = 134217729; /* 2^27 + 1 */
    double shifted = y + shift, rest, high = logarithm_in_two_double(fabs(x), &rest);
    uint64_t n;
    memcpy(&n, &shifted, sizeof n);
    double sum = high + rest, dropped = rest - (sum - high), product = y * sum;
    double y1 = half * y - (half * y - y), y2 = y - y1;
    double sum1 = half * sum - (half * sum - sum), sum2 = sum - sum1;
    double error = ((y1 * sum1 - product) + y1 * sum2 + y2 * sum1) + y2 * sum2 + y * dropped;
    int inside = (fabs(product) < 1000) & (x != 0) & (fabs(x) < INFINITY);
    double far = y * logarithm_double(fabs(x));
    double size = exponential_double(either_double(inside, product, far));
    size = either_double(inside, size * (1 + error), size);
    double turned = either_double(n & 1, -size, size);
    turned = either_double(shifted - shift == y, turned, NAN);
    return either_double(y == 0, 1, either_double(x < 0, turned, size));
}

//@ piece power needs power_double
/* In float exactly rounded but for one case in 10^7 or so: it is formed in double. */
static inline real power(real x, real y) { return (real)power_double(x, y); }

//@ piece whole_power
/* x^n, n >= 0, by squaring. Relative error: 1.2e-16 n. */
static inline double whole_power(double x, int n)
{
    double y = 1;
    for (; n > 0; n /= 2, x *= x)
        y *= n % 2 == 1 ? x : 1;
    return y;
}

//@ piece quotient needs either
/* a / b, but 0 where a is 0: where no gradient comes, none goes on, whatever b is */
static inline real quotient(real a, real b) { return either(a != 0, a / b, 0); }

//@ piece chain needs either
/* The chain rule, where a derivative b may be infinite: a * b, but 0 where a is 0 */
static inline real chain(real a, real b) { return either(a != 0, a * b, 0); }
//@ end
#endif
