// linear: every column of x times a matrix, plus a bias.
//
// Input: x with its last axis I, stored [I][N] with N = P * B columns. Output: y [O][N].
// Invariant: an element is a sum in plain order (bias first, then i; in the gradients o, and the columns), except the
// bias gradient, whose sum over the columns runs in 16 lanes: no width of a vector and no thread changes a bit.
#include "op.h"

const Op op_linear = {
    .name = "linear",
    .kind = OP_STAGE,
    .doc = "A linear map of the last axis, plus a bias.",
    .args = {
        {"out_features", ARG_SIZE, .doc = "size of the last axis of y"},
        {"bias", ARG_BOOL, "true", "whether a bias is learned", .brief = "no bias"},
    },
    .positional = 1,
    .inputs = {{"x", "[B, ..., I]", .doc = "what is mapped"}},
    .outputs = {{"y", "[B, ..., O]"}},
    .parameters = {
        {"weight", "[O, I]", "uniform(-1 / sqrt(I), 1 / sqrt(I))", .doc = "W"},
        {"bias", "[O]", "uniform(-1 / sqrt(I), 1 / sqrt(I))", .when = "bias", .doc = "b"},
    },
    .sizes = {{"O", "out_features"}},
    .order = ORDER_ANY,
    .flops = "2 * I * O * P",
    .forward = {
        {.call = {"linear($I, $O, $N, $x, $weight, $bias, $y);"}, .formula = "y = W x + b"},
    },
    .backward = {
        {"weight", .call = {"linear_backward_weight($I, $O, $N, $x, $d_y, $d_weight);"}, .formula = "dW += dy x^T"},
        {"bias", .call = {"linear_backward_bias($O, $N, $d_y, $d_bias);"}, .formula = "db += sum dy"},
        {"x", .call = {"linear_backward_input($I, $O, $N, $weight, $d_y, $d_x);"}, .formula = "dx = W^T dy"},
    },
    .pytorch = {{.value = "nn.Linear($I, $args)"}},
    .examples = {
        {"x: [B, 7]", "fc1: linear(3)", "[B, 3]"},
        {"x: [B, 5, 4]", "proj: linear(6, bias=false)", "[B, 5, 6]"},
        {"x: [B, 1]", "fc1: linear(1)", "[B, 1]"},
        {"x: [B, 300]", "fc1: linear(13)", "[B, 13]"},
        {"x: [B, 2, 3, 17]", "proj: linear(9)", "[B, 2, 3, 9]"},
        {"x: [B, 7]", "fc1: linear(0)", .error = "out_features must be at least 1"},
        {"x: [B, 7]", "fc1: linear(3, bais=false)", .error = "linear has no option `bais`"},
        {"x: [B, 7]", "fc1: linear(7, 3)", .error = "linear takes 1 positional argument, got 2"},
    },
};

#ifdef MT_KERNELS
//@ kernel linear needs product
/* y = W x + b: x [I][N], weight [O][I], bias [O] or NULL, y [O][N] */
static void linear(
    int I, int O, int N, const real *x, const real *weight, const real *bias, real *y)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)I * O * N > 1e6)
#endif
    for (int o = 0; o < O; o += 24)
        product(O - o < 24 ? O - o : 24, N, I, weight + (ptrdiff_t)o * I, I, 1, x, N,
            bias ? bias + o : NULL, 0, y + (ptrdiff_t)o * N, N);
}

//@ kernel linear_backward_input needs product
/* dx = W^T dy: weight [O][I], d_y [O][N], d_x [I][N] */
static void linear_backward_input(
    int I, int O, int N, const real *weight, const real *d_y, real *d_x)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)I * O * N > 1e6)
#endif
    for (int i = 0; i < I; i += 24)
        product(I - i < 24 ? I - i : 24, N, O, weight + i, 1, I, d_y, N, NULL, 0,
            d_x + (ptrdiff_t)i * N, N);
}

//@ kernel linear_backward_weight needs product turn
/* The last I % 16 inputs of a panel: a vector would reach into the next row of dW, so 12 rows at a
 * time take the way over a buffer. */
static void linear_backward_weight_edge(
    int I, int O, int N, int columns, int rest, const real *turned, const real *d_y, real *d_weight)
{
    real edge[12 * 16] = {0};
    for (int o = 0; o < O; o += 12) {
        int rows = O - o < 12 ? O - o : 12;
        for (int r = 0; r < rows; r++)
            for (int i = 0; i < rest; i++)
                edge[r * 16 + i] = d_weight[(ptrdiff_t)(o + r) * I + i];
        product(rows, 16, columns, d_y + (ptrdiff_t)o * N, N, 1, turned, 64, NULL, 1, edge, 16);
        for (int r = 0; r < rows; r++)
            for (int i = 0; i < rest; i++)
                d_weight[(ptrdiff_t)(o + r) * I + i] = edge[r * 16 + i];
    }
}

/* dW += dy x^T: x [I][N], d_y [O][N], d_weight [O][I]. Panels of 64 inputs by 256 columns of x are
 * turned, so that it is a product whose vectors lie along i and whose terms are the columns, one
 * after the other. */
static void linear_backward_weight(
    int I, int O, int N, const real *x, const real *d_y, real *d_weight)
{
#ifdef _OPENMP
#pragma omp parallel for if ((double)I * O * N > 1e6)
#endif
    for (int i0 = 0; i0 < I; i0 += 64)
        for (int n0 = 0; n0 < N; n0 += 256) {
            real turned[256 * 64];
            int width = I - i0 < 64 ? I - i0 : 64, columns = N - n0 < 256 ? N - n0 : 256;
            int whole = width / 16 * 16;
            const real *from = x + (ptrdiff_t)i0 * N + n0;
            for (int i = 0; i < width; i += 16)
                turn(width - i, columns, from + (ptrdiff_t)i * N, N, turned + i, 64);
            product(O, whole, columns, d_y + n0, N, 1, turned, 64, NULL, 1, d_weight + i0, I);
            if (whole < width)
                linear_backward_weight_edge(I, O, N, columns, width - whole, turned + whole,
                    d_y + n0, d_weight + i0 + whole);
        }
}

//@ kernel linear_backward_bias needs sum
/* db += sum of dy over the columns: d_y [O][N] */
static void linear_backward_bias(int O, int N, const real *d_y, real *d_bias)
{
    for (int o = 0; o < O; o++)
        d_bias[o] += sum(N, d_y + (ptrdiff_t)o * N);
}
//@ end
#endif
