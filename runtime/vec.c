/* vec.c: vectors, sums in lanes, and register tiles: what the kernels of layers are made of.
 *
 * Every sum has one shape, whatever a vector is: within an element one term after the other, a sum
 * along the columns in 16 logical lanes that `fold` adds up as a tree. So the bits are the same on
 * every machine (with -ffp-contract=off). */
#include "kernels.h"

//@ piece vec
/* vec: as many reals as a register holds, LANES of them; one without vector instructions. It is
 * used with load, store, all, arithmetic and comparisons, which mean the same for a plain real.
 * Columns come in groups of 16, so that vectors divide them. */
#if defined __GNUC__ && !defined __TINYC__
#if defined __AVX512F__
#define MT_VEC_BYTES 64
#elif defined __AVX__
#define MT_VEC_BYTES 32
#else
#define MT_VEC_BYTES 16
#endif
typedef real vec __attribute__((vector_size(MT_VEC_BYTES), aligned(sizeof(real)), may_alias));
enum { LANES = MT_VEC_BYTES / sizeof(real) };
static inline vec load(const real *x) { return *(const vec *)x; }
static inline void store(real *x, vec a) { *(vec *)x = a; }
static inline vec all(real a) { return a - (vec){0}; }
#else
typedef real vec;
enum { LANES = 1 };
static inline vec load(const real *x) { return *x; }
static inline void store(real *x, vec a) { *x = a; }
static inline vec all(real a) { return a; }
#endif

//@ piece choose needs vec
/* vec_mask: what a comparison of two vec gives, all bits or none in each lane; choose: a where they
 * are set, else b */
#if defined __GNUC__ && !defined __TINYC__
typedef __typeof__((vec){0} < (vec){0}) vec_mask;
static inline vec choose(vec_mask m, vec a, vec b)
{
    return (vec)((m & (vec_mask)a) | (~m & (vec_mask)b));
}
#else
typedef int vec_mask;
static inline vec choose(vec_mask m, vec a, vec b) { return m ? a : b; }
#endif

//@ piece fold
/* The sum of 16 lanes, as a tree: l + (l + 8), then l + (l + 4), ... */
static inline real fold(const real *lanes)
{
    real s[8];
    for (int l = 0; l < 8; l++)
        s[l] = lanes[l] + lanes[l + 8];
    for (int l = 0; l < 4; l++)
        s[l] += s[l + 4];
    return (s[0] + s[2]) + (s[1] + s[3]);
}

//@ piece sum needs vec fold
/* The sum of x[0 .. count), a multiple of 16, element k in lane k % 16. */
static real sum(ptrdiff_t count, const real *x)
{
    real lanes[16];
    for (int l = 0; l < 16; l += LANES) {
        vec s = all(0);
        for (ptrdiff_t k = l; k < count; k += 16)
            s += load(x + k);
        store(lanes + l, s);
    }
    return fold(lanes);
}

//@ piece dot needs vec fold
/* The sum of x[k] y[k], likewise. */
static real dot(ptrdiff_t count, const real *x, const real *y)
{
    real lanes[16];
    for (int l = 0; l < 16; l += LANES) {
        vec s = all(0);
        for (ptrdiff_t k = l; k < count; k += 16)
            s += load(x + k) * load(y + k);
        store(lanes + l, s);
    }
    return fold(lanes);
}

//@ piece tile needs vec
/* A tile is a block of sums s<row>_<column> in named variables, because compilers keep those in
 * registers, and arrays not always: MT_ROWS_6(MT_COLUMNS_4, X) writes X(0, 0) X(0, 1) ... X(5, 3),
 * MT_ROWS_6(MT_ONE, X) writes X(0) ... X(5). 6 rows by MT_WIDE vectors fill the registers. */
#if defined __AVX512F__ || defined __aarch64__
#define MT_WIDE 4
#else
#define MT_WIDE 2
#endif
#define MT_ROWS_1(EACH, X) EACH(X, 0)
#define MT_ROWS_2(EACH, X) EACH(X, 0) EACH(X, 1)
#define MT_ROWS_6(EACH, X) MT_ROWS_2(EACH, X) EACH(X, 2) EACH(X, 3) EACH(X, 4) EACH(X, 5)
#define MT_ROWS_12(EACH, X) \
    MT_ROWS_6(EACH, X) EACH(X, 6) EACH(X, 7) EACH(X, 8) EACH(X, 9) EACH(X, 10) EACH(X, 11)
#define MT_COLUMNS_1(X, r) X(r, 0)
#define MT_COLUMNS_2(X, r) X(r, 0) X(r, 1)
#define MT_COLUMNS_4(X, r) X(r, 0) X(r, 1) X(r, 2) X(r, 3)
#define MT_ONE(X, r) X(r)

//@ piece product needs tile
/* y[r][n] = start + sum over k < K of w[r w_row + k w_step] x[k x_row + n], one term after the
 * other. It starts from y itself if `more`, else from bias[r], or from 0 without bias.
 * product_6x4 does it for 6 rows r and 4 vectors of columns n. */
#define MT_START(r, c) \
    vec s##r##_##c = more ? load(y + r * y_row + c * LANES) : all(bias ? bias[r] : 0);
#define MT_COLUMN(r, c) vec x##c = load(x + c * LANES);
#define MT_TERM(r, c) s##r##_##c += w[r * w_row] * x##c;
#define MT_STORE(r, c) store(y + r * y_row + c * LANES, s##r##_##c);
#define MT_PRODUCT(R, V) \
    static inline void product_##R##x##V(int K, const real *w, ptrdiff_t w_row, ptrdiff_t w_step, \
        const real *x, ptrdiff_t x_row, const real *bias, int more, real *y, ptrdiff_t y_row) \
    { \
        MT_ROWS_##R(MT_COLUMNS_##V, MT_START); \
        for (int k = 0; k < K; k++, w += w_step, x += x_row) { \
            MT_COLUMNS_##V(MT_COLUMN, 0); \
            MT_ROWS_##R(MT_COLUMNS_##V, MT_TERM); \
        } \
        MT_ROWS_##R(MT_COLUMNS_##V, MT_STORE); \
    }
MT_PRODUCT(6, 4)
MT_PRODUCT(2, 4)
MT_PRODUCT(1, 4)
MT_PRODUCT(12, 2)
MT_PRODUCT(6, 2)
MT_PRODUCT(2, 2)
MT_PRODUCT(1, 2)
MT_PRODUCT(12, 1)
MT_PRODUCT(6, 1)
MT_PRODUCT(2, 1)
MT_PRODUCT(1, 1)

/* The same for all R rows and N columns, a multiple of LANES, and any K. Blocks of 256 terms keep
 * what a tile reads in the cache; columns go outermost, so that all rows share it. */
#define MT_TILES(R, V) \
    for (; r + R <= rows; r += R) \
        product_##R##x##V(k1 - k0, w + r * w_row + k0 * w_step, w_row, w_step, x + k0 * x_row + n, \
            x_row, bias ? bias + r : NULL, more || k0, y + r * y_row + n, y_row);
static void product(int rows, int N, int K, const real *w, ptrdiff_t w_row, ptrdiff_t w_step,
    const real *x, ptrdiff_t x_row, const real *bias, int more, real *y, ptrdiff_t y_row)
{
    for (int k0 = 0; k0 < K; k0 += 256) {
        int k1 = K - k0 < 256 ? K : k0 + 256, n = 0, r;
        for (; MT_WIDE == 4 && n + 4 * LANES <= N; n += 4 * LANES) {
            r = 0;
            MT_TILES(6, 4);
            MT_TILES(2, 4);
            MT_TILES(1, 4);
        }
        for (; n + 2 * LANES <= N; n += 2 * LANES) {
            r = 0;
            if (MT_WIDE == 4)
                MT_TILES(12, 2);
            MT_TILES(6, 2);
            MT_TILES(2, 2);
            MT_TILES(1, 2);
        }
        for (; n < N; n += LANES) {
            r = 0;
            MT_TILES(12, 1);
            MT_TILES(6, 1);
            MT_TILES(2, 1);
            MT_TILES(1, 1);
        }
    }
}

//@ piece turn
/* to[n][r] = x[r][n] for n < columns and 16 rows r, of which those from `rows` on are zeros. Rows
 * of x are x_row apart, those of `to` to_row. Four at a time write a line of `to` together. */
static void turn(int rows, int columns, const real *x, ptrdiff_t x_row, real *to, ptrdiff_t to_row)
{
    int r = 0;
    for (; r + 4 <= rows && r < 16; r += 4) {
        const real *x0 = x + r * x_row, *x1 = x0 + x_row, *x2 = x1 + x_row, *x3 = x2 + x_row;
        for (int n = 0; n < columns; n++) {
            real *t = to + n * to_row + r;
            t[0] = x0[n];
            t[1] = x1[n];
            t[2] = x2[n];
            t[3] = x3[n];
        }
    }
    for (; r < 16; r++)
        for (int n = 0; n < columns; n++)
            to[n * to_row + r] = r < rows ? x[r * x_row + n] : 0;
}

//@ declare pair
/* Height and width. */
struct Pair {
    int h, w;
};
//@ end

//@ piece pair
static inline struct Pair pair(int h, int w)
{
    struct Pair both = {h, w};
    return both;
}
//@ end
