/* resnet20: the whole trainer, made by mtc from model.mt (edition 1).
 *
 *     cc -O3 -march=native FILE.c -lm -o train && ./train --help
 *
 * First the model, the optimizer and the training loop, then the operations that they call, then
 * the runtime. -fopenmp: threads; -DMT_DOUBLE: double instead of float; -ffp-contract=off: the same
 * bits on every machine. */

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef MT_DOUBLE
typedef double real;
#else
typedef float real;
#endif

#ifndef MT_BATCH
#define MT_BATCH 128
#endif

/* A value of shape [B, d1, d2] is stored as v[d1][d2][B]: feature by feature, the batch innermost.
 * B is the batch, rounded up to whole groups of 16 lanes. Lanes without an example of their own
 * repeat the last one, and count nowhere: not in the loss, not in a gradient, not in a metric. */
enum { BATCH = MT_BATCH, B = (BATCH + 15) / 16 * 16 };

/* ------------------------------------------------------------------------------------------------
 * model resnet20(x: [B, 3, 32, 32])
 * --------------------------------------------------------------------------------------------- */

/* A mean over examples, as its two sums: so a short batch weighs what it should. */
struct Mean {
    double sum, denominator;
};
/* A number that is reported: the loss, a named row of it, a metric. */
struct Report {
    const char *name;
    int is_sum; /* nothing divides it */
};

/* Height and width. */
struct Pair {
    int h, w;
};

static double accuracy(int C, int N, int n, const real *x, const int *target, int ignore_index);
static void adaptive_avg_pool2d(int C, int H, int W, int OH, int OW, const real *x, real *y);
static void adaptive_avg_pool2d_backward(
    int C, int H, int W, int OH, int OW, const real *d_y, real *d_x);
static void batch_norm(int C, int P, int n, double eps, double momentum, const real *x,
    const real *weight, const real *bias, real *running_mean, real *running_var, real *mean,
    real *inv_std, real *y);
static void batch_norm_running(int C, int P, double eps, const real *running_mean,
    const real *running_var, const real *x, const real *weight, const real *bias, real *y);
static void batch_norm_backward(int C, int P, int n, const real *x, const real *mean,
    const real *inv_std, const real *weight, const real *d_y, real *d_weight, real *d_bias,
    real *d_x);
static void conv2d_general(int C, int H, int W, int O, int OH, int OW, struct Pair kernel,
    struct Pair stride, struct Pair padding, struct Pair dilation, int groups, const real *x,
    const real *weight, const real *bias, real *y);
static void conv2d(int C, int H, int W, int O, int K, int padding, const real *x,
    const real *weight, const real *bias, real *y);
static void conv2d_backward_input_general(int C, int H, int W, int O, int OH, int OW,
    struct Pair kernel, struct Pair stride, struct Pair padding, struct Pair dilation, int groups,
    const real *weight, const real *d_y, real *d_x);
static void conv2d_backward_input(
    int C, int H, int W, int O, int K, int padding, const real *weight, const real *d_y, real *d_x);
static void conv2d_backward_weight_general(int C, int H, int W, int O, int OH, int OW,
    struct Pair kernel, struct Pair stride, struct Pair padding, struct Pair dilation, int groups,
    const real *x, const real *d_y, real *d_weight);
static void conv2d_backward_weight(
    int C, int H, int W, int O, int K, int padding, const real *x, const real *d_y, real *d_weight);
static double cross_entropy(int C, int N, int n, const real *x, const int *target);
static void cross_entropy_backward(
    int C, int N, int n, const real *x, const int *target, double d_loss, real *d_x);
static void linear(
    int I, int O, int N, const real *x, const real *weight, const real *bias, real *y);
static void linear_backward_input(
    int I, int O, int N, const real *weight, const real *d_y, real *d_x);
static void linear_backward_weight(
    int I, int O, int N, const real *x, const real *d_y, real *d_weight);
static void linear_backward_bias(int O, int N, const real *d_y, real *d_bias);
static inline real max(real a, real b);
static void mean_add(struct Mean *to, struct Mean more);
static inline struct Pair pair(int h, int w);

/* p: the parameters, by PyTorch's paths; g: the gradient of the loss by the parameter of the same
 * name. */
struct Parameters {
    struct {
        struct {
            real weight[16 * 3 * 3 * 3];
        } conv;
        struct {
            real weight[16];
            real bias[16];
        } bn;
    } stem;
    struct {
        struct {
            struct {
                struct {
                    real weight[16 * 16 * 3 * 3];
                } conv;
                struct {
                    real weight[16];
                    real bias[16];
                } bn;
            } a;
            struct {
                struct {
                    real weight[16 * 16 * 3 * 3];
                } conv;
                struct {
                    real weight[16];
                    real bias[16];
                } bn;
            } b;
        } _0;
        struct {
            struct {
                struct {
                    real weight[16 * 16 * 3 * 3];
                } conv;
                struct {
                    real weight[16];
                    real bias[16];
                } bn;
            } a;
            struct {
                struct {
                    real weight[16 * 16 * 3 * 3];
                } conv;
                struct {
                    real weight[16];
                    real bias[16];
                } bn;
            } b;
        } _1;
        struct {
            struct {
                struct {
                    real weight[16 * 16 * 3 * 3];
                } conv;
                struct {
                    real weight[16];
                    real bias[16];
                } bn;
            } a;
            struct {
                struct {
                    real weight[16 * 16 * 3 * 3];
                } conv;
                struct {
                    real weight[16];
                    real bias[16];
                } bn;
            } b;
        } _2;
    } s1;
    struct {
        struct {
            struct {
                struct {
                    real weight[32 * 16 * 1 * 1];
                } conv;
                struct {
                    real weight[32];
                    real bias[32];
                } bn;
            } skip;
            struct {
                struct {
                    real weight[32 * 16 * 3 * 3];
                } conv;
                struct {
                    real weight[32];
                    real bias[32];
                } bn;
            } a;
            struct {
                struct {
                    real weight[32 * 32 * 3 * 3];
                } conv;
                struct {
                    real weight[32];
                    real bias[32];
                } bn;
            } b;
        } _0;
        struct {
            struct {
                struct {
                    real weight[32 * 32 * 3 * 3];
                } conv;
                struct {
                    real weight[32];
                    real bias[32];
                } bn;
            } a;
            struct {
                struct {
                    real weight[32 * 32 * 3 * 3];
                } conv;
                struct {
                    real weight[32];
                    real bias[32];
                } bn;
            } b;
        } _1;
        struct {
            struct {
                struct {
                    real weight[32 * 32 * 3 * 3];
                } conv;
                struct {
                    real weight[32];
                    real bias[32];
                } bn;
            } a;
            struct {
                struct {
                    real weight[32 * 32 * 3 * 3];
                } conv;
                struct {
                    real weight[32];
                    real bias[32];
                } bn;
            } b;
        } _2;
    } s2;
    struct {
        struct {
            struct {
                struct {
                    real weight[64 * 32 * 1 * 1];
                } conv;
                struct {
                    real weight[64];
                    real bias[64];
                } bn;
            } skip;
            struct {
                struct {
                    real weight[64 * 32 * 3 * 3];
                } conv;
                struct {
                    real weight[64];
                    real bias[64];
                } bn;
            } a;
            struct {
                struct {
                    real weight[64 * 64 * 3 * 3];
                } conv;
                struct {
                    real weight[64];
                    real bias[64];
                } bn;
            } b;
        } _0;
        struct {
            struct {
                struct {
                    real weight[64 * 64 * 3 * 3];
                } conv;
                struct {
                    real weight[64];
                    real bias[64];
                } bn;
            } a;
            struct {
                struct {
                    real weight[64 * 64 * 3 * 3];
                } conv;
                struct {
                    real weight[64];
                    real bias[64];
                } bn;
            } b;
        } _1;
        struct {
            struct {
                struct {
                    real weight[64 * 64 * 3 * 3];
                } conv;
                struct {
                    real weight[64];
                    real bias[64];
                } bn;
            } a;
            struct {
                struct {
                    real weight[64 * 64 * 3 * 3];
                } conv;
                struct {
                    real weight[64];
                    real bias[64];
                } bn;
            } b;
        } _2;
    } s3;
    struct {
        real weight[10 * 64];
        real bias[10];
    } logits;
};

/* s: what forward_train keeps from step to step beside the parameters, by PyTorch's paths. */
struct Buffers {
    struct {
        struct {
            real running_mean[16];
            real running_var[16];
        } bn;
    } stem;
    struct {
        struct {
            struct {
                struct {
                    real running_mean[16];
                    real running_var[16];
                } bn;
            } a;
            struct {
                struct {
                    real running_mean[16];
                    real running_var[16];
                } bn;
            } b;
        } _0;
        struct {
            struct {
                struct {
                    real running_mean[16];
                    real running_var[16];
                } bn;
            } a;
            struct {
                struct {
                    real running_mean[16];
                    real running_var[16];
                } bn;
            } b;
        } _1;
        struct {
            struct {
                struct {
                    real running_mean[16];
                    real running_var[16];
                } bn;
            } a;
            struct {
                struct {
                    real running_mean[16];
                    real running_var[16];
                } bn;
            } b;
        } _2;
    } s1;
    struct {
        struct {
            struct {
                struct {
                    real running_mean[32];
                    real running_var[32];
                } bn;
            } skip;
            struct {
                struct {
                    real running_mean[32];
                    real running_var[32];
                } bn;
            } a;
            struct {
                struct {
                    real running_mean[32];
                    real running_var[32];
                } bn;
            } b;
        } _0;
        struct {
            struct {
                struct {
                    real running_mean[32];
                    real running_var[32];
                } bn;
            } a;
            struct {
                struct {
                    real running_mean[32];
                    real running_var[32];
                } bn;
            } b;
        } _1;
        struct {
            struct {
                struct {
                    real running_mean[32];
                    real running_var[32];
                } bn;
            } a;
            struct {
                struct {
                    real running_mean[32];
                    real running_var[32];
                } bn;
            } b;
        } _2;
    } s2;
    struct {
        struct {
            struct {
                struct {
                    real running_mean[64];
                    real running_var[64];
                } bn;
            } skip;
            struct {
                struct {
                    real running_mean[64];
                    real running_var[64];
                } bn;
            } a;
            struct {
                struct {
                    real running_mean[64];
                    real running_var[64];
                } bn;
            } b;
        } _0;
        struct {
            struct {
                struct {
                    real running_mean[64];
                    real running_var[64];
                } bn;
            } a;
            struct {
                struct {
                    real running_mean[64];
                    real running_var[64];
                } bn;
            } b;
        } _1;
        struct {
            struct {
                struct {
                    real running_mean[64];
                    real running_var[64];
                } bn;
            } a;
            struct {
                struct {
                    real running_mean[64];
                    real running_var[64];
                } bn;
            } b;
        } _2;
    } s3;
};

/* v: the values of a forward pass, by the rows that make them (row__stage inside a row); d: the
 * gradient of the loss by the value of the same name. */
struct Values {
    real *x; /* [B, 3, 32, 32] */
    struct {
        real *x; /* [B, 3, 32, 32]: what goes in, `x` */
        real *conv; /* [B, 16, 32, 32] */
        real *bn; /* [B, 16, 32, 32] */
        real *bn__mean; /* [16] */
        real *bn__inv_std; /* [16] */
    } stem;
    real *stem__relu; /* [B, 16, 32, 32] */
    struct {
        struct {
            real *x; /* [B, 16, 32, 32]: what goes in, `stem` */
            struct {
                real *x; /* [B, 16, 32, 32]: what goes in, `s1.0.x` */
                real *conv; /* [B, 16, 32, 32] */
                real *bn; /* [B, 16, 32, 32] */
                real *bn__mean; /* [16] */
                real *bn__inv_std; /* [16] */
                real *x__conv2d; /* [B, 16, 32, 32] */
            } a;
            real *a__relu; /* [B, 16, 32, 32] */
            struct {
                real *x; /* [B, 16, 32, 32]: what goes in, `s1.0.a` */
                real *conv; /* [B, 16, 32, 32] */
                real *bn; /* [B, 16, 32, 32] */
                real *bn__mean; /* [16] */
                real *bn__inv_std; /* [16] */
            } b;
            real *b__add; /* [B, 16, 32, 32] */
            real *b__relu; /* [B, 16, 32, 32] */
        } _0;
        struct {
            real *x; /* [B, 16, 32, 32]: what goes in, `s1.0` */
            struct {
                real *x; /* [B, 16, 32, 32]: what goes in, `s1.1.x` */
                real *conv; /* [B, 16, 32, 32] */
                real *bn; /* [B, 16, 32, 32] */
                real *bn__mean; /* [16] */
                real *bn__inv_std; /* [16] */
                real *x__conv2d; /* [B, 16, 32, 32] */
            } a;
            real *a__relu; /* [B, 16, 32, 32] */
            struct {
                real *x; /* [B, 16, 32, 32]: what goes in, `s1.1.a` */
                real *conv; /* [B, 16, 32, 32] */
                real *bn; /* [B, 16, 32, 32] */
                real *bn__mean; /* [16] */
                real *bn__inv_std; /* [16] */
            } b;
            real *b__add; /* [B, 16, 32, 32] */
            real *b__relu; /* [B, 16, 32, 32] */
        } _1;
        struct {
            real *x; /* [B, 16, 32, 32]: what goes in, `s1.1` */
            struct {
                real *x; /* [B, 16, 32, 32]: what goes in, `s1.2.x` */
                real *conv; /* [B, 16, 32, 32] */
                real *bn; /* [B, 16, 32, 32] */
                real *bn__mean; /* [16] */
                real *bn__inv_std; /* [16] */
                real *x__conv2d; /* [B, 16, 32, 32] */
            } a;
            real *a__relu; /* [B, 16, 32, 32] */
            struct {
                real *x; /* [B, 16, 32, 32]: what goes in, `s1.2.a` */
                real *conv; /* [B, 16, 32, 32] */
                real *bn; /* [B, 16, 32, 32] */
                real *bn__mean; /* [16] */
                real *bn__inv_std; /* [16] */
            } b;
            real *b__add; /* [B, 16, 32, 32] */
            real *b__relu; /* [B, 16, 32, 32] */
        } _2;
        real *out; /* [B, 16, 32, 32]: what the rounds hand on */
    } s1;
    struct {
        struct {
            real *x; /* [B, 16, 32, 32]: what goes in, `s1` */
            struct {
                real *x; /* [B, 16, 32, 32]: what goes in, `s2.0.x` */
                real *conv; /* [B, 32, 16, 16] */
                real *bn; /* [B, 32, 16, 16] */
                real *bn__mean; /* [32] */
                real *bn__inv_std; /* [32] */
                real *x__conv2d; /* [B, 16, 32, 32] */
            } skip;
            struct {
                real *x; /* [B, 16, 32, 32]: what goes in, `s2.0.x` */
                real *conv; /* [B, 32, 16, 16] */
                real *bn; /* [B, 32, 16, 16] */
                real *bn__mean; /* [32] */
                real *bn__inv_std; /* [32] */
            } a;
            real *a__relu; /* [B, 32, 16, 16] */
            struct {
                real *x; /* [B, 32, 16, 16]: what goes in, `s2.0.a` */
                real *conv; /* [B, 32, 16, 16] */
                real *bn; /* [B, 32, 16, 16] */
                real *bn__mean; /* [32] */
                real *bn__inv_std; /* [32] */
            } b;
            real *b__add; /* [B, 32, 16, 16] */
            real *b__relu; /* [B, 32, 16, 16] */
        } _0;
        struct {
            real *x; /* [B, 32, 16, 16]: what goes in, `s2.0` */
            struct {
                real *x; /* [B, 32, 16, 16]: what goes in, `s2.1.x` */
                real *conv; /* [B, 32, 16, 16] */
                real *bn; /* [B, 32, 16, 16] */
                real *bn__mean; /* [32] */
                real *bn__inv_std; /* [32] */
                real *x__conv2d; /* [B, 32, 16, 16] */
            } a;
            real *a__relu; /* [B, 32, 16, 16] */
            struct {
                real *x; /* [B, 32, 16, 16]: what goes in, `s2.1.a` */
                real *conv; /* [B, 32, 16, 16] */
                real *bn; /* [B, 32, 16, 16] */
                real *bn__mean; /* [32] */
                real *bn__inv_std; /* [32] */
            } b;
            real *b__add; /* [B, 32, 16, 16] */
            real *b__relu; /* [B, 32, 16, 16] */
        } _1;
        struct {
            real *x; /* [B, 32, 16, 16]: what goes in, `s2.1` */
            struct {
                real *x; /* [B, 32, 16, 16]: what goes in, `s2.2.x` */
                real *conv; /* [B, 32, 16, 16] */
                real *bn; /* [B, 32, 16, 16] */
                real *bn__mean; /* [32] */
                real *bn__inv_std; /* [32] */
                real *x__conv2d; /* [B, 32, 16, 16] */
            } a;
            real *a__relu; /* [B, 32, 16, 16] */
            struct {
                real *x; /* [B, 32, 16, 16]: what goes in, `s2.2.a` */
                real *conv; /* [B, 32, 16, 16] */
                real *bn; /* [B, 32, 16, 16] */
                real *bn__mean; /* [32] */
                real *bn__inv_std; /* [32] */
            } b;
            real *b__add; /* [B, 32, 16, 16] */
            real *b__relu; /* [B, 32, 16, 16] */
        } _2;
        real *out; /* [B, 32, 16, 16]: what the rounds hand on */
    } s2;
    struct {
        struct {
            real *x; /* [B, 32, 16, 16]: what goes in, `s2` */
            struct {
                real *x; /* [B, 32, 16, 16]: what goes in, `s3.0.x` */
                real *conv; /* [B, 64, 8, 8] */
                real *bn; /* [B, 64, 8, 8] */
                real *bn__mean; /* [64] */
                real *bn__inv_std; /* [64] */
                real *x__conv2d; /* [B, 32, 16, 16] */
            } skip;
            struct {
                real *x; /* [B, 32, 16, 16]: what goes in, `s3.0.x` */
                real *conv; /* [B, 64, 8, 8] */
                real *bn; /* [B, 64, 8, 8] */
                real *bn__mean; /* [64] */
                real *bn__inv_std; /* [64] */
            } a;
            real *a__relu; /* [B, 64, 8, 8] */
            struct {
                real *x; /* [B, 64, 8, 8]: what goes in, `s3.0.a` */
                real *conv; /* [B, 64, 8, 8] */
                real *bn; /* [B, 64, 8, 8] */
                real *bn__mean; /* [64] */
                real *bn__inv_std; /* [64] */
            } b;
            real *b__add; /* [B, 64, 8, 8] */
            real *b__relu; /* [B, 64, 8, 8] */
        } _0;
        struct {
            real *x; /* [B, 64, 8, 8]: what goes in, `s3.0` */
            struct {
                real *x; /* [B, 64, 8, 8]: what goes in, `s3.1.x` */
                real *conv; /* [B, 64, 8, 8] */
                real *bn; /* [B, 64, 8, 8] */
                real *bn__mean; /* [64] */
                real *bn__inv_std; /* [64] */
                real *x__conv2d; /* [B, 64, 8, 8] */
            } a;
            real *a__relu; /* [B, 64, 8, 8] */
            struct {
                real *x; /* [B, 64, 8, 8]: what goes in, `s3.1.a` */
                real *conv; /* [B, 64, 8, 8] */
                real *bn; /* [B, 64, 8, 8] */
                real *bn__mean; /* [64] */
                real *bn__inv_std; /* [64] */
            } b;
            real *b__add; /* [B, 64, 8, 8] */
            real *b__relu; /* [B, 64, 8, 8] */
        } _1;
        struct {
            real *x; /* [B, 64, 8, 8]: what goes in, `s3.1` */
            struct {
                real *x; /* [B, 64, 8, 8]: what goes in, `s3.2.x` */
                real *conv; /* [B, 64, 8, 8] */
                real *bn; /* [B, 64, 8, 8] */
                real *bn__mean; /* [64] */
                real *bn__inv_std; /* [64] */
                real *x__conv2d; /* [B, 64, 8, 8] */
            } a;
            real *a__relu; /* [B, 64, 8, 8] */
            struct {
                real *x; /* [B, 64, 8, 8]: what goes in, `s3.2.a` */
                real *conv; /* [B, 64, 8, 8] */
                real *bn; /* [B, 64, 8, 8] */
                real *bn__mean; /* [64] */
                real *bn__inv_std; /* [64] */
            } b;
            real *b__add; /* [B, 64, 8, 8] */
            real *b__relu; /* [B, 64, 8, 8] */
        } _2;
        real *out; /* [B, 64, 8, 8]: what the rounds hand on */
    } s3;
    real *s3__adaptive_avg_pool2d; /* [B, 64, 1, 1] */
    real *logits; /* [B, 10] */
    int *y; /* class(10)[B] */
};

/* stem: conv_bn(16), with ch = 16, k = 3, stride = 1 */
static void forward_train__stem(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(3, 32, 32, 16, 3, 1, v->stem.x, p->stem.conv.weight, NULL, v->stem.conv);

    /* bn: batch_norm2d */
    batch_norm(16, 1024, n, 1e-05, 0.1, v->stem.conv, p->stem.bn.weight, p->stem.bn.bias,
        s->stem.bn.running_mean, s->stem.bn.running_var, v->stem.bn__mean, v->stem.bn__inv_std,
        v->stem.bn);
}

/* s1.0.a: conv_bn(ch, 3, stride), with ch = 16, k = 3, stride = 1 */
static void forward_train__s1__0__a(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(16, 32, 32, 16, 3, 1, v->s1._0.a.x, p->s1._0.a.conv.weight, NULL, v->s1._0.a.conv);

    /* bn: batch_norm2d */
    batch_norm(16, 1024, n, 1e-05, 0.1, v->s1._0.a.conv, p->s1._0.a.bn.weight, p->s1._0.a.bn.bias,
        s->s1._0.a.bn.running_mean, s->s1._0.a.bn.running_var, v->s1._0.a.bn__mean,
        v->s1._0.a.bn__inv_std, v->s1._0.a.bn);
}

/* s1.0.b: conv_bn(ch), with ch = 16, k = 3, stride = 1 */
static void forward_train__s1__0__b(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(16, 32, 32, 16, 3, 1, v->s1._0.b.x, p->s1._0.b.conv.weight, NULL, v->s1._0.b.conv);

    /* bn: batch_norm2d */
    batch_norm(16, 1024, n, 1e-05, 0.1, v->s1._0.b.conv, p->s1._0.b.bn.weight, p->s1._0.b.bn.bias,
        s->s1._0.b.bn.running_mean, s->s1._0.b.bn.running_var, v->s1._0.b.bn__mean,
        v->s1._0.b.bn__inv_std, v->s1._0.b.bn);
}

/* s1.0: basic(16), with ch = 16, C = 16, H = 32, W = 32, stride = 1 */
static void forward_train__s1__0(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_train__s1__0__a(p, s, v, n);
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->s1._0.a__relu[i] = max(v->s1._0.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_train__s1__0__b(p, s, v, n);

    /* add(skip) -> relu */
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->s1._0.b__relu[i] = max(v->s1._0.b.bn[i] + v->s1._0.x[i], 0);
}

/* s1.1.a: conv_bn(ch, 3, stride), with ch = 16, k = 3, stride = 1 */
static void forward_train__s1__1__a(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(16, 32, 32, 16, 3, 1, v->s1._1.a.x, p->s1._1.a.conv.weight, NULL, v->s1._1.a.conv);

    /* bn: batch_norm2d */
    batch_norm(16, 1024, n, 1e-05, 0.1, v->s1._1.a.conv, p->s1._1.a.bn.weight, p->s1._1.a.bn.bias,
        s->s1._1.a.bn.running_mean, s->s1._1.a.bn.running_var, v->s1._1.a.bn__mean,
        v->s1._1.a.bn__inv_std, v->s1._1.a.bn);
}

/* s1.1.b: conv_bn(ch), with ch = 16, k = 3, stride = 1 */
static void forward_train__s1__1__b(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(16, 32, 32, 16, 3, 1, v->s1._1.b.x, p->s1._1.b.conv.weight, NULL, v->s1._1.b.conv);

    /* bn: batch_norm2d */
    batch_norm(16, 1024, n, 1e-05, 0.1, v->s1._1.b.conv, p->s1._1.b.bn.weight, p->s1._1.b.bn.bias,
        s->s1._1.b.bn.running_mean, s->s1._1.b.bn.running_var, v->s1._1.b.bn__mean,
        v->s1._1.b.bn__inv_std, v->s1._1.b.bn);
}

/* s1.1: basic(16), with ch = 16, C = 16, H = 32, W = 32, stride = 1 */
static void forward_train__s1__1(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_train__s1__1__a(p, s, v, n);
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->s1._1.a__relu[i] = max(v->s1._1.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_train__s1__1__b(p, s, v, n);

    /* add(skip) -> relu */
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->s1._1.b__relu[i] = max(v->s1._1.b.bn[i] + v->s1._1.x[i], 0);
}

/* s1.2.a: conv_bn(ch, 3, stride), with ch = 16, k = 3, stride = 1 */
static void forward_train__s1__2__a(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(16, 32, 32, 16, 3, 1, v->s1._2.a.x, p->s1._2.a.conv.weight, NULL, v->s1._2.a.conv);

    /* bn: batch_norm2d */
    batch_norm(16, 1024, n, 1e-05, 0.1, v->s1._2.a.conv, p->s1._2.a.bn.weight, p->s1._2.a.bn.bias,
        s->s1._2.a.bn.running_mean, s->s1._2.a.bn.running_var, v->s1._2.a.bn__mean,
        v->s1._2.a.bn__inv_std, v->s1._2.a.bn);
}

/* s1.2.b: conv_bn(ch), with ch = 16, k = 3, stride = 1 */
static void forward_train__s1__2__b(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(16, 32, 32, 16, 3, 1, v->s1._2.b.x, p->s1._2.b.conv.weight, NULL, v->s1._2.b.conv);

    /* bn: batch_norm2d */
    batch_norm(16, 1024, n, 1e-05, 0.1, v->s1._2.b.conv, p->s1._2.b.bn.weight, p->s1._2.b.bn.bias,
        s->s1._2.b.bn.running_mean, s->s1._2.b.bn.running_var, v->s1._2.b.bn__mean,
        v->s1._2.b.bn__inv_std, v->s1._2.b.bn);
}

/* s1.2: basic(16), with ch = 16, C = 16, H = 32, W = 32, stride = 1 */
static void forward_train__s1__2(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_train__s1__2__a(p, s, v, n);
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->s1._2.a__relu[i] = max(v->s1._2.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_train__s1__2__b(p, s, v, n);

    /* add(skip) -> relu */
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->s1._2.b__relu[i] = max(v->s1._2.b.bn[i] + v->s1._2.x[i], 0);
}

/* s2.0.skip: conv_bn(ch, 1, stride), with ch = 32, k = 1, stride = 2 */
static void forward_train__s2__0__skip(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d_general(16, 32, 32, 32, 16, 16, pair(1, 1), pair(2, 2), pair(0, 0), pair(1, 1), 1,
        v->s2._0.skip.x, p->s2._0.skip.conv.weight, NULL, v->s2._0.skip.conv);

    /* bn: batch_norm2d */
    batch_norm(32, 256, n, 1e-05, 0.1, v->s2._0.skip.conv, p->s2._0.skip.bn.weight,
        p->s2._0.skip.bn.bias, s->s2._0.skip.bn.running_mean, s->s2._0.skip.bn.running_var,
        v->s2._0.skip.bn__mean, v->s2._0.skip.bn__inv_std, v->s2._0.skip.bn);
}

/* s2.0.a: conv_bn(ch, 3, stride), with ch = 32, k = 3, stride = 2 */
static void forward_train__s2__0__a(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d_general(16, 32, 32, 32, 16, 16, pair(3, 3), pair(2, 2), pair(1, 1), pair(1, 1), 1,
        v->s2._0.a.x, p->s2._0.a.conv.weight, NULL, v->s2._0.a.conv);

    /* bn: batch_norm2d */
    batch_norm(32, 256, n, 1e-05, 0.1, v->s2._0.a.conv, p->s2._0.a.bn.weight, p->s2._0.a.bn.bias,
        s->s2._0.a.bn.running_mean, s->s2._0.a.bn.running_var, v->s2._0.a.bn__mean,
        v->s2._0.a.bn__inv_std, v->s2._0.a.bn);
}

/* s2.0.b: conv_bn(ch), with ch = 32, k = 3, stride = 1 */
static void forward_train__s2__0__b(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(32, 16, 16, 32, 3, 1, v->s2._0.b.x, p->s2._0.b.conv.weight, NULL, v->s2._0.b.conv);

    /* bn: batch_norm2d */
    batch_norm(32, 256, n, 1e-05, 0.1, v->s2._0.b.conv, p->s2._0.b.bn.weight, p->s2._0.b.bn.bias,
        s->s2._0.b.bn.running_mean, s->s2._0.b.bn.running_var, v->s2._0.b.bn__mean,
        v->s2._0.b.bn__inv_std, v->s2._0.b.bn);
}

/* s2.0: basic(32, stride=where(i == 0, 2, 1)), with ch = 32, stride = 2, C = 16, H = 32, W = 32 */
static void forward_train__s2__0(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* skip = x -> conv_bn(ch, 1, stride) when stride != 1 || C != ch */
    forward_train__s2__0__skip(p, s, v, n);

    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_train__s2__0__a(p, s, v, n);
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        v->s2._0.a__relu[i] = max(v->s2._0.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_train__s2__0__b(p, s, v, n);

    /* add(skip) -> relu */
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        v->s2._0.b__relu[i] = max(v->s2._0.b.bn[i] + v->s2._0.skip.bn[i], 0);
}

/* s2.1.a: conv_bn(ch, 3, stride), with ch = 32, k = 3, stride = 1 */
static void forward_train__s2__1__a(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(32, 16, 16, 32, 3, 1, v->s2._1.a.x, p->s2._1.a.conv.weight, NULL, v->s2._1.a.conv);

    /* bn: batch_norm2d */
    batch_norm(32, 256, n, 1e-05, 0.1, v->s2._1.a.conv, p->s2._1.a.bn.weight, p->s2._1.a.bn.bias,
        s->s2._1.a.bn.running_mean, s->s2._1.a.bn.running_var, v->s2._1.a.bn__mean,
        v->s2._1.a.bn__inv_std, v->s2._1.a.bn);
}

/* s2.1.b: conv_bn(ch), with ch = 32, k = 3, stride = 1 */
static void forward_train__s2__1__b(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(32, 16, 16, 32, 3, 1, v->s2._1.b.x, p->s2._1.b.conv.weight, NULL, v->s2._1.b.conv);

    /* bn: batch_norm2d */
    batch_norm(32, 256, n, 1e-05, 0.1, v->s2._1.b.conv, p->s2._1.b.bn.weight, p->s2._1.b.bn.bias,
        s->s2._1.b.bn.running_mean, s->s2._1.b.bn.running_var, v->s2._1.b.bn__mean,
        v->s2._1.b.bn__inv_std, v->s2._1.b.bn);
}

/* s2.1: basic(32, stride=where(i == 0, 2, 1)), with ch = 32, stride = 1, C = 32, H = 16, W = 16 */
static void forward_train__s2__1(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_train__s2__1__a(p, s, v, n);
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        v->s2._1.a__relu[i] = max(v->s2._1.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_train__s2__1__b(p, s, v, n);

    /* add(skip) -> relu */
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        v->s2._1.b__relu[i] = max(v->s2._1.b.bn[i] + v->s2._1.x[i], 0);
}

/* s2.2.a: conv_bn(ch, 3, stride), with ch = 32, k = 3, stride = 1 */
static void forward_train__s2__2__a(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(32, 16, 16, 32, 3, 1, v->s2._2.a.x, p->s2._2.a.conv.weight, NULL, v->s2._2.a.conv);

    /* bn: batch_norm2d */
    batch_norm(32, 256, n, 1e-05, 0.1, v->s2._2.a.conv, p->s2._2.a.bn.weight, p->s2._2.a.bn.bias,
        s->s2._2.a.bn.running_mean, s->s2._2.a.bn.running_var, v->s2._2.a.bn__mean,
        v->s2._2.a.bn__inv_std, v->s2._2.a.bn);
}

/* s2.2.b: conv_bn(ch), with ch = 32, k = 3, stride = 1 */
static void forward_train__s2__2__b(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(32, 16, 16, 32, 3, 1, v->s2._2.b.x, p->s2._2.b.conv.weight, NULL, v->s2._2.b.conv);

    /* bn: batch_norm2d */
    batch_norm(32, 256, n, 1e-05, 0.1, v->s2._2.b.conv, p->s2._2.b.bn.weight, p->s2._2.b.bn.bias,
        s->s2._2.b.bn.running_mean, s->s2._2.b.bn.running_var, v->s2._2.b.bn__mean,
        v->s2._2.b.bn__inv_std, v->s2._2.b.bn);
}

/* s2.2: basic(32, stride=where(i == 0, 2, 1)), with ch = 32, stride = 1, C = 32, H = 16, W = 16 */
static void forward_train__s2__2(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_train__s2__2__a(p, s, v, n);
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        v->s2._2.a__relu[i] = max(v->s2._2.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_train__s2__2__b(p, s, v, n);

    /* add(skip) -> relu */
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        v->s2._2.b__relu[i] = max(v->s2._2.b.bn[i] + v->s2._2.x[i], 0);
}

/* s3.0.skip: conv_bn(ch, 1, stride), with ch = 64, k = 1, stride = 2 */
static void forward_train__s3__0__skip(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d_general(32, 16, 16, 64, 8, 8, pair(1, 1), pair(2, 2), pair(0, 0), pair(1, 1), 1,
        v->s3._0.skip.x, p->s3._0.skip.conv.weight, NULL, v->s3._0.skip.conv);

    /* bn: batch_norm2d */
    batch_norm(64, 64, n, 1e-05, 0.1, v->s3._0.skip.conv, p->s3._0.skip.bn.weight,
        p->s3._0.skip.bn.bias, s->s3._0.skip.bn.running_mean, s->s3._0.skip.bn.running_var,
        v->s3._0.skip.bn__mean, v->s3._0.skip.bn__inv_std, v->s3._0.skip.bn);
}

/* s3.0.a: conv_bn(ch, 3, stride), with ch = 64, k = 3, stride = 2 */
static void forward_train__s3__0__a(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d_general(32, 16, 16, 64, 8, 8, pair(3, 3), pair(2, 2), pair(1, 1), pair(1, 1), 1,
        v->s3._0.a.x, p->s3._0.a.conv.weight, NULL, v->s3._0.a.conv);

    /* bn: batch_norm2d */
    batch_norm(64, 64, n, 1e-05, 0.1, v->s3._0.a.conv, p->s3._0.a.bn.weight, p->s3._0.a.bn.bias,
        s->s3._0.a.bn.running_mean, s->s3._0.a.bn.running_var, v->s3._0.a.bn__mean,
        v->s3._0.a.bn__inv_std, v->s3._0.a.bn);
}

/* s3.0.b: conv_bn(ch), with ch = 64, k = 3, stride = 1 */
static void forward_train__s3__0__b(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(64, 8, 8, 64, 3, 1, v->s3._0.b.x, p->s3._0.b.conv.weight, NULL, v->s3._0.b.conv);

    /* bn: batch_norm2d */
    batch_norm(64, 64, n, 1e-05, 0.1, v->s3._0.b.conv, p->s3._0.b.bn.weight, p->s3._0.b.bn.bias,
        s->s3._0.b.bn.running_mean, s->s3._0.b.bn.running_var, v->s3._0.b.bn__mean,
        v->s3._0.b.bn__inv_std, v->s3._0.b.bn);
}

/* s3.0: basic(64, stride=where(i == 0, 2, 1)), with ch = 64, stride = 2, C = 32, H = 16, W = 16 */
static void forward_train__s3__0(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* skip = x -> conv_bn(ch, 1, stride) when stride != 1 || C != ch */
    forward_train__s3__0__skip(p, s, v, n);

    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_train__s3__0__a(p, s, v, n);
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        v->s3._0.a__relu[i] = max(v->s3._0.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_train__s3__0__b(p, s, v, n);

    /* add(skip) -> relu */
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        v->s3._0.b__relu[i] = max(v->s3._0.b.bn[i] + v->s3._0.skip.bn[i], 0);
}

/* s3.1.a: conv_bn(ch, 3, stride), with ch = 64, k = 3, stride = 1 */
static void forward_train__s3__1__a(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(64, 8, 8, 64, 3, 1, v->s3._1.a.x, p->s3._1.a.conv.weight, NULL, v->s3._1.a.conv);

    /* bn: batch_norm2d */
    batch_norm(64, 64, n, 1e-05, 0.1, v->s3._1.a.conv, p->s3._1.a.bn.weight, p->s3._1.a.bn.bias,
        s->s3._1.a.bn.running_mean, s->s3._1.a.bn.running_var, v->s3._1.a.bn__mean,
        v->s3._1.a.bn__inv_std, v->s3._1.a.bn);
}

/* s3.1.b: conv_bn(ch), with ch = 64, k = 3, stride = 1 */
static void forward_train__s3__1__b(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(64, 8, 8, 64, 3, 1, v->s3._1.b.x, p->s3._1.b.conv.weight, NULL, v->s3._1.b.conv);

    /* bn: batch_norm2d */
    batch_norm(64, 64, n, 1e-05, 0.1, v->s3._1.b.conv, p->s3._1.b.bn.weight, p->s3._1.b.bn.bias,
        s->s3._1.b.bn.running_mean, s->s3._1.b.bn.running_var, v->s3._1.b.bn__mean,
        v->s3._1.b.bn__inv_std, v->s3._1.b.bn);
}

/* s3.1: basic(64, stride=where(i == 0, 2, 1)), with ch = 64, stride = 1, C = 64, H = 8, W = 8 */
static void forward_train__s3__1(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_train__s3__1__a(p, s, v, n);
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        v->s3._1.a__relu[i] = max(v->s3._1.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_train__s3__1__b(p, s, v, n);

    /* add(skip) -> relu */
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        v->s3._1.b__relu[i] = max(v->s3._1.b.bn[i] + v->s3._1.x[i], 0);
}

/* s3.2.a: conv_bn(ch, 3, stride), with ch = 64, k = 3, stride = 1 */
static void forward_train__s3__2__a(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(64, 8, 8, 64, 3, 1, v->s3._2.a.x, p->s3._2.a.conv.weight, NULL, v->s3._2.a.conv);

    /* bn: batch_norm2d */
    batch_norm(64, 64, n, 1e-05, 0.1, v->s3._2.a.conv, p->s3._2.a.bn.weight, p->s3._2.a.bn.bias,
        s->s3._2.a.bn.running_mean, s->s3._2.a.bn.running_var, v->s3._2.a.bn__mean,
        v->s3._2.a.bn__inv_std, v->s3._2.a.bn);
}

/* s3.2.b: conv_bn(ch), with ch = 64, k = 3, stride = 1 */
static void forward_train__s3__2__b(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(64, 8, 8, 64, 3, 1, v->s3._2.b.x, p->s3._2.b.conv.weight, NULL, v->s3._2.b.conv);

    /* bn: batch_norm2d */
    batch_norm(64, 64, n, 1e-05, 0.1, v->s3._2.b.conv, p->s3._2.b.bn.weight, p->s3._2.b.bn.bias,
        s->s3._2.b.bn.running_mean, s->s3._2.b.bn.running_var, v->s3._2.b.bn__mean,
        v->s3._2.b.bn__inv_std, v->s3._2.b.bn);
}

/* s3.2: basic(64, stride=where(i == 0, 2, 1)), with ch = 64, stride = 1, C = 64, H = 8, W = 8 */
static void forward_train__s3__2(
    const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_train__s3__2__a(p, s, v, n);
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        v->s3._2.a__relu[i] = max(v->s3._2.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_train__s3__2__b(p, s, v, n);

    /* add(skip) -> relu */
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        v->s3._2.b__relu[i] = max(v->s3._2.b.bn[i] + v->s3._2.x[i], 0);
}

/* Training mode. Differs from forward_eval in batch_norm2d. */
static void forward_train(const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* stem: conv_bn(16) -> relu */
    forward_train__stem(p, s, v, n);
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->stem__relu[i] = max(v->stem.bn[i], 0);

    /* s1.0: basic(16) */
    forward_train__s1__0(p, s, v, n);

    /* s1.1: basic(16) */
    forward_train__s1__1(p, s, v, n);

    /* s1.2: basic(16) */
    forward_train__s1__2(p, s, v, n);

    /* s2.0: basic(32, stride=where(i == 0, 2, 1)) */
    forward_train__s2__0(p, s, v, n);

    /* s2.1: basic(32, stride=where(i == 0, 2, 1)) */
    forward_train__s2__1(p, s, v, n);

    /* s2.2: basic(32, stride=where(i == 0, 2, 1)) */
    forward_train__s2__2(p, s, v, n);

    /* s3.0: basic(64, stride=where(i == 0, 2, 1)) */
    forward_train__s3__0(p, s, v, n);

    /* s3.1: basic(64, stride=where(i == 0, 2, 1)) */
    forward_train__s3__1(p, s, v, n);

    /* s3.2: basic(64, stride=where(i == 0, 2, 1)) */
    forward_train__s3__2(p, s, v, n);

    /* adaptive_avg_pool2d(1) -> flatten */
    adaptive_avg_pool2d(64, 8, 8, 1, 1, v->s3.out, v->s3__adaptive_avg_pool2d);

    /* logits: linear(10) */
    linear(64, 10, B, v->s3__adaptive_avg_pool2d, p->logits.weight, p->logits.bias, v->logits);
}

/* stem: conv_bn(16), with ch = 16, k = 3, stride = 1 */
static void forward_eval__stem(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(3, 32, 32, 16, 3, 1, v->stem.x, p->stem.conv.weight, NULL, v->stem.conv);

    /* bn: batch_norm2d */
    batch_norm_running(16, 1024, 1e-05, s->stem.bn.running_mean, s->stem.bn.running_var,
        v->stem.conv, p->stem.bn.weight, p->stem.bn.bias, v->stem.bn);
}

/* s1.0.a: conv_bn(ch, 3, stride), with ch = 16, k = 3, stride = 1 */
static void forward_eval__s1__0__a(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(16, 32, 32, 16, 3, 1, v->s1._0.a.x, p->s1._0.a.conv.weight, NULL, v->s1._0.a.conv);

    /* bn: batch_norm2d */
    batch_norm_running(16, 1024, 1e-05, s->s1._0.a.bn.running_mean, s->s1._0.a.bn.running_var,
        v->s1._0.a.conv, p->s1._0.a.bn.weight, p->s1._0.a.bn.bias, v->s1._0.a.bn);
}

/* s1.0.b: conv_bn(ch), with ch = 16, k = 3, stride = 1 */
static void forward_eval__s1__0__b(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(16, 32, 32, 16, 3, 1, v->s1._0.b.x, p->s1._0.b.conv.weight, NULL, v->s1._0.b.conv);

    /* bn: batch_norm2d */
    batch_norm_running(16, 1024, 1e-05, s->s1._0.b.bn.running_mean, s->s1._0.b.bn.running_var,
        v->s1._0.b.conv, p->s1._0.b.bn.weight, p->s1._0.b.bn.bias, v->s1._0.b.bn);
}

/* s1.0: basic(16), with ch = 16, C = 16, H = 32, W = 32, stride = 1 */
static void forward_eval__s1__0(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_eval__s1__0__a(p, s, v);
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->s1._0.a__relu[i] = max(v->s1._0.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_eval__s1__0__b(p, s, v);

    /* add(skip) -> relu */
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->s1._0.b__relu[i] = max(v->s1._0.b.bn[i] + v->s1._0.x[i], 0);
}

/* s1.1.a: conv_bn(ch, 3, stride), with ch = 16, k = 3, stride = 1 */
static void forward_eval__s1__1__a(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(16, 32, 32, 16, 3, 1, v->s1._1.a.x, p->s1._1.a.conv.weight, NULL, v->s1._1.a.conv);

    /* bn: batch_norm2d */
    batch_norm_running(16, 1024, 1e-05, s->s1._1.a.bn.running_mean, s->s1._1.a.bn.running_var,
        v->s1._1.a.conv, p->s1._1.a.bn.weight, p->s1._1.a.bn.bias, v->s1._1.a.bn);
}

/* s1.1.b: conv_bn(ch), with ch = 16, k = 3, stride = 1 */
static void forward_eval__s1__1__b(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(16, 32, 32, 16, 3, 1, v->s1._1.b.x, p->s1._1.b.conv.weight, NULL, v->s1._1.b.conv);

    /* bn: batch_norm2d */
    batch_norm_running(16, 1024, 1e-05, s->s1._1.b.bn.running_mean, s->s1._1.b.bn.running_var,
        v->s1._1.b.conv, p->s1._1.b.bn.weight, p->s1._1.b.bn.bias, v->s1._1.b.bn);
}

/* s1.1: basic(16), with ch = 16, C = 16, H = 32, W = 32, stride = 1 */
static void forward_eval__s1__1(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_eval__s1__1__a(p, s, v);
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->s1._1.a__relu[i] = max(v->s1._1.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_eval__s1__1__b(p, s, v);

    /* add(skip) -> relu */
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->s1._1.b__relu[i] = max(v->s1._1.b.bn[i] + v->s1._1.x[i], 0);
}

/* s1.2.a: conv_bn(ch, 3, stride), with ch = 16, k = 3, stride = 1 */
static void forward_eval__s1__2__a(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(16, 32, 32, 16, 3, 1, v->s1._2.a.x, p->s1._2.a.conv.weight, NULL, v->s1._2.a.conv);

    /* bn: batch_norm2d */
    batch_norm_running(16, 1024, 1e-05, s->s1._2.a.bn.running_mean, s->s1._2.a.bn.running_var,
        v->s1._2.a.conv, p->s1._2.a.bn.weight, p->s1._2.a.bn.bias, v->s1._2.a.bn);
}

/* s1.2.b: conv_bn(ch), with ch = 16, k = 3, stride = 1 */
static void forward_eval__s1__2__b(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(16, 32, 32, 16, 3, 1, v->s1._2.b.x, p->s1._2.b.conv.weight, NULL, v->s1._2.b.conv);

    /* bn: batch_norm2d */
    batch_norm_running(16, 1024, 1e-05, s->s1._2.b.bn.running_mean, s->s1._2.b.bn.running_var,
        v->s1._2.b.conv, p->s1._2.b.bn.weight, p->s1._2.b.bn.bias, v->s1._2.b.bn);
}

/* s1.2: basic(16), with ch = 16, C = 16, H = 32, W = 32, stride = 1 */
static void forward_eval__s1__2(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_eval__s1__2__a(p, s, v);
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->s1._2.a__relu[i] = max(v->s1._2.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_eval__s1__2__b(p, s, v);

    /* add(skip) -> relu */
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->s1._2.b__relu[i] = max(v->s1._2.b.bn[i] + v->s1._2.x[i], 0);
}

/* s2.0.skip: conv_bn(ch, 1, stride), with ch = 32, k = 1, stride = 2 */
static void forward_eval__s2__0__skip(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d_general(16, 32, 32, 32, 16, 16, pair(1, 1), pair(2, 2), pair(0, 0), pair(1, 1), 1,
        v->s2._0.skip.x, p->s2._0.skip.conv.weight, NULL, v->s2._0.skip.conv);

    /* bn: batch_norm2d */
    batch_norm_running(32, 256, 1e-05, s->s2._0.skip.bn.running_mean, s->s2._0.skip.bn.running_var,
        v->s2._0.skip.conv, p->s2._0.skip.bn.weight, p->s2._0.skip.bn.bias, v->s2._0.skip.bn);
}

/* s2.0.a: conv_bn(ch, 3, stride), with ch = 32, k = 3, stride = 2 */
static void forward_eval__s2__0__a(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d_general(16, 32, 32, 32, 16, 16, pair(3, 3), pair(2, 2), pair(1, 1), pair(1, 1), 1,
        v->s2._0.a.x, p->s2._0.a.conv.weight, NULL, v->s2._0.a.conv);

    /* bn: batch_norm2d */
    batch_norm_running(32, 256, 1e-05, s->s2._0.a.bn.running_mean, s->s2._0.a.bn.running_var,
        v->s2._0.a.conv, p->s2._0.a.bn.weight, p->s2._0.a.bn.bias, v->s2._0.a.bn);
}

/* s2.0.b: conv_bn(ch), with ch = 32, k = 3, stride = 1 */
static void forward_eval__s2__0__b(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(32, 16, 16, 32, 3, 1, v->s2._0.b.x, p->s2._0.b.conv.weight, NULL, v->s2._0.b.conv);

    /* bn: batch_norm2d */
    batch_norm_running(32, 256, 1e-05, s->s2._0.b.bn.running_mean, s->s2._0.b.bn.running_var,
        v->s2._0.b.conv, p->s2._0.b.bn.weight, p->s2._0.b.bn.bias, v->s2._0.b.bn);
}

/* s2.0: basic(32, stride=where(i == 0, 2, 1)), with ch = 32, stride = 2, C = 16, H = 32, W = 32 */
static void forward_eval__s2__0(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* skip = x -> conv_bn(ch, 1, stride) when stride != 1 || C != ch */
    forward_eval__s2__0__skip(p, s, v);

    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_eval__s2__0__a(p, s, v);
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        v->s2._0.a__relu[i] = max(v->s2._0.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_eval__s2__0__b(p, s, v);

    /* add(skip) -> relu */
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        v->s2._0.b__relu[i] = max(v->s2._0.b.bn[i] + v->s2._0.skip.bn[i], 0);
}

/* s2.1.a: conv_bn(ch, 3, stride), with ch = 32, k = 3, stride = 1 */
static void forward_eval__s2__1__a(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(32, 16, 16, 32, 3, 1, v->s2._1.a.x, p->s2._1.a.conv.weight, NULL, v->s2._1.a.conv);

    /* bn: batch_norm2d */
    batch_norm_running(32, 256, 1e-05, s->s2._1.a.bn.running_mean, s->s2._1.a.bn.running_var,
        v->s2._1.a.conv, p->s2._1.a.bn.weight, p->s2._1.a.bn.bias, v->s2._1.a.bn);
}

/* s2.1.b: conv_bn(ch), with ch = 32, k = 3, stride = 1 */
static void forward_eval__s2__1__b(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(32, 16, 16, 32, 3, 1, v->s2._1.b.x, p->s2._1.b.conv.weight, NULL, v->s2._1.b.conv);

    /* bn: batch_norm2d */
    batch_norm_running(32, 256, 1e-05, s->s2._1.b.bn.running_mean, s->s2._1.b.bn.running_var,
        v->s2._1.b.conv, p->s2._1.b.bn.weight, p->s2._1.b.bn.bias, v->s2._1.b.bn);
}

/* s2.1: basic(32, stride=where(i == 0, 2, 1)), with ch = 32, stride = 1, C = 32, H = 16, W = 16 */
static void forward_eval__s2__1(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_eval__s2__1__a(p, s, v);
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        v->s2._1.a__relu[i] = max(v->s2._1.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_eval__s2__1__b(p, s, v);

    /* add(skip) -> relu */
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        v->s2._1.b__relu[i] = max(v->s2._1.b.bn[i] + v->s2._1.x[i], 0);
}

/* s2.2.a: conv_bn(ch, 3, stride), with ch = 32, k = 3, stride = 1 */
static void forward_eval__s2__2__a(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(32, 16, 16, 32, 3, 1, v->s2._2.a.x, p->s2._2.a.conv.weight, NULL, v->s2._2.a.conv);

    /* bn: batch_norm2d */
    batch_norm_running(32, 256, 1e-05, s->s2._2.a.bn.running_mean, s->s2._2.a.bn.running_var,
        v->s2._2.a.conv, p->s2._2.a.bn.weight, p->s2._2.a.bn.bias, v->s2._2.a.bn);
}

/* s2.2.b: conv_bn(ch), with ch = 32, k = 3, stride = 1 */
static void forward_eval__s2__2__b(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(32, 16, 16, 32, 3, 1, v->s2._2.b.x, p->s2._2.b.conv.weight, NULL, v->s2._2.b.conv);

    /* bn: batch_norm2d */
    batch_norm_running(32, 256, 1e-05, s->s2._2.b.bn.running_mean, s->s2._2.b.bn.running_var,
        v->s2._2.b.conv, p->s2._2.b.bn.weight, p->s2._2.b.bn.bias, v->s2._2.b.bn);
}

/* s2.2: basic(32, stride=where(i == 0, 2, 1)), with ch = 32, stride = 1, C = 32, H = 16, W = 16 */
static void forward_eval__s2__2(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_eval__s2__2__a(p, s, v);
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        v->s2._2.a__relu[i] = max(v->s2._2.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_eval__s2__2__b(p, s, v);

    /* add(skip) -> relu */
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        v->s2._2.b__relu[i] = max(v->s2._2.b.bn[i] + v->s2._2.x[i], 0);
}

/* s3.0.skip: conv_bn(ch, 1, stride), with ch = 64, k = 1, stride = 2 */
static void forward_eval__s3__0__skip(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d_general(32, 16, 16, 64, 8, 8, pair(1, 1), pair(2, 2), pair(0, 0), pair(1, 1), 1,
        v->s3._0.skip.x, p->s3._0.skip.conv.weight, NULL, v->s3._0.skip.conv);

    /* bn: batch_norm2d */
    batch_norm_running(64, 64, 1e-05, s->s3._0.skip.bn.running_mean, s->s3._0.skip.bn.running_var,
        v->s3._0.skip.conv, p->s3._0.skip.bn.weight, p->s3._0.skip.bn.bias, v->s3._0.skip.bn);
}

/* s3.0.a: conv_bn(ch, 3, stride), with ch = 64, k = 3, stride = 2 */
static void forward_eval__s3__0__a(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d_general(32, 16, 16, 64, 8, 8, pair(3, 3), pair(2, 2), pair(1, 1), pair(1, 1), 1,
        v->s3._0.a.x, p->s3._0.a.conv.weight, NULL, v->s3._0.a.conv);

    /* bn: batch_norm2d */
    batch_norm_running(64, 64, 1e-05, s->s3._0.a.bn.running_mean, s->s3._0.a.bn.running_var,
        v->s3._0.a.conv, p->s3._0.a.bn.weight, p->s3._0.a.bn.bias, v->s3._0.a.bn);
}

/* s3.0.b: conv_bn(ch), with ch = 64, k = 3, stride = 1 */
static void forward_eval__s3__0__b(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(64, 8, 8, 64, 3, 1, v->s3._0.b.x, p->s3._0.b.conv.weight, NULL, v->s3._0.b.conv);

    /* bn: batch_norm2d */
    batch_norm_running(64, 64, 1e-05, s->s3._0.b.bn.running_mean, s->s3._0.b.bn.running_var,
        v->s3._0.b.conv, p->s3._0.b.bn.weight, p->s3._0.b.bn.bias, v->s3._0.b.bn);
}

/* s3.0: basic(64, stride=where(i == 0, 2, 1)), with ch = 64, stride = 2, C = 32, H = 16, W = 16 */
static void forward_eval__s3__0(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* skip = x -> conv_bn(ch, 1, stride) when stride != 1 || C != ch */
    forward_eval__s3__0__skip(p, s, v);

    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_eval__s3__0__a(p, s, v);
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        v->s3._0.a__relu[i] = max(v->s3._0.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_eval__s3__0__b(p, s, v);

    /* add(skip) -> relu */
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        v->s3._0.b__relu[i] = max(v->s3._0.b.bn[i] + v->s3._0.skip.bn[i], 0);
}

/* s3.1.a: conv_bn(ch, 3, stride), with ch = 64, k = 3, stride = 1 */
static void forward_eval__s3__1__a(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(64, 8, 8, 64, 3, 1, v->s3._1.a.x, p->s3._1.a.conv.weight, NULL, v->s3._1.a.conv);

    /* bn: batch_norm2d */
    batch_norm_running(64, 64, 1e-05, s->s3._1.a.bn.running_mean, s->s3._1.a.bn.running_var,
        v->s3._1.a.conv, p->s3._1.a.bn.weight, p->s3._1.a.bn.bias, v->s3._1.a.bn);
}

/* s3.1.b: conv_bn(ch), with ch = 64, k = 3, stride = 1 */
static void forward_eval__s3__1__b(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(64, 8, 8, 64, 3, 1, v->s3._1.b.x, p->s3._1.b.conv.weight, NULL, v->s3._1.b.conv);

    /* bn: batch_norm2d */
    batch_norm_running(64, 64, 1e-05, s->s3._1.b.bn.running_mean, s->s3._1.b.bn.running_var,
        v->s3._1.b.conv, p->s3._1.b.bn.weight, p->s3._1.b.bn.bias, v->s3._1.b.bn);
}

/* s3.1: basic(64, stride=where(i == 0, 2, 1)), with ch = 64, stride = 1, C = 64, H = 8, W = 8 */
static void forward_eval__s3__1(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_eval__s3__1__a(p, s, v);
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        v->s3._1.a__relu[i] = max(v->s3._1.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_eval__s3__1__b(p, s, v);

    /* add(skip) -> relu */
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        v->s3._1.b__relu[i] = max(v->s3._1.b.bn[i] + v->s3._1.x[i], 0);
}

/* s3.2.a: conv_bn(ch, 3, stride), with ch = 64, k = 3, stride = 1 */
static void forward_eval__s3__2__a(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(64, 8, 8, 64, 3, 1, v->s3._2.a.x, p->s3._2.a.conv.weight, NULL, v->s3._2.a.conv);

    /* bn: batch_norm2d */
    batch_norm_running(64, 64, 1e-05, s->s3._2.a.bn.running_mean, s->s3._2.a.bn.running_var,
        v->s3._2.a.conv, p->s3._2.a.bn.weight, p->s3._2.a.bn.bias, v->s3._2.a.bn);
}

/* s3.2.b: conv_bn(ch), with ch = 64, k = 3, stride = 1 */
static void forward_eval__s3__2__b(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    conv2d(64, 8, 8, 64, 3, 1, v->s3._2.b.x, p->s3._2.b.conv.weight, NULL, v->s3._2.b.conv);

    /* bn: batch_norm2d */
    batch_norm_running(64, 64, 1e-05, s->s3._2.b.bn.running_mean, s->s3._2.b.bn.running_var,
        v->s3._2.b.conv, p->s3._2.b.bn.weight, p->s3._2.b.bn.bias, v->s3._2.b.bn);
}

/* s3.2: basic(64, stride=where(i == 0, 2, 1)), with ch = 64, stride = 1, C = 64, H = 8, W = 8 */
static void forward_eval__s3__2(
    const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* a: conv_bn(ch, 3, stride) -> relu */
    forward_eval__s3__2__a(p, s, v);
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        v->s3._2.a__relu[i] = max(v->s3._2.a.bn[i], 0);

    /* b: conv_bn(ch) */
    forward_eval__s3__2__b(p, s, v);

    /* add(skip) -> relu */
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        v->s3._2.b__relu[i] = max(v->s3._2.b.bn[i] + v->s3._2.x[i], 0);
}

/* Evaluation mode. Differs from forward_train in batch_norm2d. */
static void forward_eval(const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* stem: conv_bn(16) -> relu */
    forward_eval__stem(p, s, v);
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        v->stem__relu[i] = max(v->stem.bn[i], 0);

    /* s1.0: basic(16) */
    forward_eval__s1__0(p, s, v);

    /* s1.1: basic(16) */
    forward_eval__s1__1(p, s, v);

    /* s1.2: basic(16) */
    forward_eval__s1__2(p, s, v);

    /* s2.0: basic(32, stride=where(i == 0, 2, 1)) */
    forward_eval__s2__0(p, s, v);

    /* s2.1: basic(32, stride=where(i == 0, 2, 1)) */
    forward_eval__s2__1(p, s, v);

    /* s2.2: basic(32, stride=where(i == 0, 2, 1)) */
    forward_eval__s2__2(p, s, v);

    /* s3.0: basic(64, stride=where(i == 0, 2, 1)) */
    forward_eval__s3__0(p, s, v);

    /* s3.1: basic(64, stride=where(i == 0, 2, 1)) */
    forward_eval__s3__1(p, s, v);

    /* s3.2: basic(64, stride=where(i == 0, 2, 1)) */
    forward_eval__s3__2(p, s, v);

    /* adaptive_avg_pool2d(1) -> flatten */
    adaptive_avg_pool2d(64, 8, 8, 1, 1, v->s3.out, v->s3__adaptive_avg_pool2d);

    /* logits: linear(10) */
    linear(64, 10, B, v->s3__adaptive_avg_pool2d, p->logits.weight, p->logits.bias, v->logits);
}

/* The criterion over some examples, and the values of named rows. */
struct Loss {
    struct Mean loss;
};

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* cross_entropy(logits, y)        loss = sum of -log softmax(x)[target] */
    l.loss.sum = cross_entropy(10, B, n, v->logits, v->y);
    l.loss.denominator = n;
    return l;
}

/* s3.2.b: conv_bn(ch), with ch = 64, k = 3, stride = 1, backwards */
static void backward__s3__2__b(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(64, 64, n, v->s3._2.b.conv, v->s3._2.b.bn__mean, v->s3._2.b.bn__inv_std,
        p->s3._2.b.bn.weight, d->s3._2.b__add, g->s3._2.b.bn.weight, g->s3._2.b.bn.bias,
        d->s3._2.b.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        64, 8, 8, 64, 3, 1, v->s3._2.b.x, d->s3._2.b.conv, g->s3._2.b.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        64, 8, 8, 64, 3, 1, p->s3._2.b.conv.weight, d->s3._2.b.conv, d->s3._2.b.x);
}

/* s3.2.a: conv_bn(ch, 3, stride), with ch = 64, k = 3, stride = 1, backwards */
static void backward__s3__2__a(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(64, 64, n, v->s3._2.a.conv, v->s3._2.a.bn__mean, v->s3._2.a.bn__inv_std,
        p->s3._2.a.bn.weight, d->s3._2.a.bn, g->s3._2.a.bn.weight, g->s3._2.a.bn.bias,
        d->s3._2.a.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        64, 8, 8, 64, 3, 1, v->s3._2.a.x, d->s3._2.a.conv, g->s3._2.a.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        64, 8, 8, 64, 3, 1, p->s3._2.a.conv.weight, d->s3._2.a.conv, d->s3._2.a.x__conv2d);
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        d->s3._2.a.x[i] += d->s3._2.a.x__conv2d[i];
}

/* s3.2: basic(64, stride=where(i == 0, 2, 1)), with ch = 64, stride = 1, C = 64, H = 8, W = 8,
 * backwards */
static void backward__s3__2(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* add(skip) -> relu */
    for (int i = 0; i < 64 * 8 * 8 * B; i++) {
        /* dx = dy where y > 0, else 0 */
        d->s3._2.b__add[i] = v->s3._2.b__relu[i] > 0 ? d->s3._2.b__relu[i] : 0;
        d->s3._2.x[i] = d->s3._2.b__add[i];
    }

    /* b: conv_bn(ch) */
    backward__s3__2__b(p, v, d, g, n);

    /* a: conv_bn(ch, 3, stride) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        d->s3._2.a.bn[i] = v->s3._2.a__relu[i] > 0 ? d->s3._2.a__relu[i] : 0;
    backward__s3__2__a(p, v, d, g, n);
}

/* s3.1.b: conv_bn(ch), with ch = 64, k = 3, stride = 1, backwards */
static void backward__s3__1__b(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(64, 64, n, v->s3._1.b.conv, v->s3._1.b.bn__mean, v->s3._1.b.bn__inv_std,
        p->s3._1.b.bn.weight, d->s3._1.b__add, g->s3._1.b.bn.weight, g->s3._1.b.bn.bias,
        d->s3._1.b.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        64, 8, 8, 64, 3, 1, v->s3._1.b.x, d->s3._1.b.conv, g->s3._1.b.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        64, 8, 8, 64, 3, 1, p->s3._1.b.conv.weight, d->s3._1.b.conv, d->s3._1.b.x);
}

/* s3.1.a: conv_bn(ch, 3, stride), with ch = 64, k = 3, stride = 1, backwards */
static void backward__s3__1__a(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(64, 64, n, v->s3._1.a.conv, v->s3._1.a.bn__mean, v->s3._1.a.bn__inv_std,
        p->s3._1.a.bn.weight, d->s3._1.a.bn, g->s3._1.a.bn.weight, g->s3._1.a.bn.bias,
        d->s3._1.a.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        64, 8, 8, 64, 3, 1, v->s3._1.a.x, d->s3._1.a.conv, g->s3._1.a.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        64, 8, 8, 64, 3, 1, p->s3._1.a.conv.weight, d->s3._1.a.conv, d->s3._1.a.x__conv2d);
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        d->s3._1.a.x[i] += d->s3._1.a.x__conv2d[i];
}

/* s3.1: basic(64, stride=where(i == 0, 2, 1)), with ch = 64, stride = 1, C = 64, H = 8, W = 8,
 * backwards */
static void backward__s3__1(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* add(skip) -> relu */
    for (int i = 0; i < 64 * 8 * 8 * B; i++) {
        /* dx = dy where y > 0, else 0 */
        d->s3._1.b__add[i] = v->s3._1.b__relu[i] > 0 ? d->s3._1.b__relu[i] : 0;
        d->s3._1.x[i] = d->s3._1.b__add[i];
    }

    /* b: conv_bn(ch) */
    backward__s3__1__b(p, v, d, g, n);

    /* a: conv_bn(ch, 3, stride) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        d->s3._1.a.bn[i] = v->s3._1.a__relu[i] > 0 ? d->s3._1.a__relu[i] : 0;
    backward__s3__1__a(p, v, d, g, n);
}

/* s3.0.b: conv_bn(ch), with ch = 64, k = 3, stride = 1, backwards */
static void backward__s3__0__b(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(64, 64, n, v->s3._0.b.conv, v->s3._0.b.bn__mean, v->s3._0.b.bn__inv_std,
        p->s3._0.b.bn.weight, d->s3._0.b__add, g->s3._0.b.bn.weight, g->s3._0.b.bn.bias,
        d->s3._0.b.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        64, 8, 8, 64, 3, 1, v->s3._0.b.x, d->s3._0.b.conv, g->s3._0.b.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        64, 8, 8, 64, 3, 1, p->s3._0.b.conv.weight, d->s3._0.b.conv, d->s3._0.b.x);
}

/* s3.0.a: conv_bn(ch, 3, stride), with ch = 64, k = 3, stride = 2, backwards */
static void backward__s3__0__a(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(64, 64, n, v->s3._0.a.conv, v->s3._0.a.bn__mean, v->s3._0.a.bn__inv_std,
        p->s3._0.a.bn.weight, d->s3._0.a.bn, g->s3._0.a.bn.weight, g->s3._0.a.bn.bias,
        d->s3._0.a.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight_general(32, 16, 16, 64, 8, 8, pair(3, 3), pair(2, 2), pair(1, 1),
        pair(1, 1), 1, v->s3._0.a.x, d->s3._0.a.conv, g->s3._0.a.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input_general(32, 16, 16, 64, 8, 8, pair(3, 3), pair(2, 2), pair(1, 1),
        pair(1, 1), 1, p->s3._0.a.conv.weight, d->s3._0.a.conv, d->s3._0.a.x);
}

/* s3.0.skip: conv_bn(ch, 1, stride), with ch = 64, k = 1, stride = 2, backwards */
static void backward__s3__0__skip(const struct Parameters *p, const struct Values *v,
    struct Values *d, struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(64, 64, n, v->s3._0.skip.conv, v->s3._0.skip.bn__mean,
        v->s3._0.skip.bn__inv_std, p->s3._0.skip.bn.weight, d->s3._0.b__add,
        g->s3._0.skip.bn.weight, g->s3._0.skip.bn.bias, d->s3._0.skip.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight_general(32, 16, 16, 64, 8, 8, pair(1, 1), pair(2, 2), pair(0, 0),
        pair(1, 1), 1, v->s3._0.skip.x, d->s3._0.skip.conv, g->s3._0.skip.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input_general(32, 16, 16, 64, 8, 8, pair(1, 1), pair(2, 2), pair(0, 0),
        pair(1, 1), 1, p->s3._0.skip.conv.weight, d->s3._0.skip.conv, d->s3._0.skip.x__conv2d);
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        d->s3._0.skip.x[i] += d->s3._0.skip.x__conv2d[i];
}

/* s3.0: basic(64, stride=where(i == 0, 2, 1)), with ch = 64, stride = 2, C = 32, H = 16, W = 16,
 * backwards */
static void backward__s3__0(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* add(skip) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        d->s3._0.b__add[i] = v->s3._0.b__relu[i] > 0 ? d->s3._0.b__relu[i] : 0;

    /* b: conv_bn(ch) */
    backward__s3__0__b(p, v, d, g, n);

    /* a: conv_bn(ch, 3, stride) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 64 * 8 * 8 * B; i++)
        d->s3._0.a.bn[i] = v->s3._0.a__relu[i] > 0 ? d->s3._0.a__relu[i] : 0;
    backward__s3__0__a(p, v, d, g, n);

    /* skip = x -> conv_bn(ch, 1, stride) when stride != 1 || C != ch */
    backward__s3__0__skip(p, v, d, g, n);
}

/* s2.2.b: conv_bn(ch), with ch = 32, k = 3, stride = 1, backwards */
static void backward__s2__2__b(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(32, 256, n, v->s2._2.b.conv, v->s2._2.b.bn__mean, v->s2._2.b.bn__inv_std,
        p->s2._2.b.bn.weight, d->s2._2.b__add, g->s2._2.b.bn.weight, g->s2._2.b.bn.bias,
        d->s2._2.b.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        32, 16, 16, 32, 3, 1, v->s2._2.b.x, d->s2._2.b.conv, g->s2._2.b.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        32, 16, 16, 32, 3, 1, p->s2._2.b.conv.weight, d->s2._2.b.conv, d->s2._2.b.x);
}

/* s2.2.a: conv_bn(ch, 3, stride), with ch = 32, k = 3, stride = 1, backwards */
static void backward__s2__2__a(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(32, 256, n, v->s2._2.a.conv, v->s2._2.a.bn__mean, v->s2._2.a.bn__inv_std,
        p->s2._2.a.bn.weight, d->s2._2.a.bn, g->s2._2.a.bn.weight, g->s2._2.a.bn.bias,
        d->s2._2.a.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        32, 16, 16, 32, 3, 1, v->s2._2.a.x, d->s2._2.a.conv, g->s2._2.a.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        32, 16, 16, 32, 3, 1, p->s2._2.a.conv.weight, d->s2._2.a.conv, d->s2._2.a.x__conv2d);
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        d->s2._2.a.x[i] += d->s2._2.a.x__conv2d[i];
}

/* s2.2: basic(32, stride=where(i == 0, 2, 1)), with ch = 32, stride = 1, C = 32, H = 16, W = 16,
 * backwards */
static void backward__s2__2(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* add(skip) -> relu */
    for (int i = 0; i < 32 * 16 * 16 * B; i++) {
        /* dx = dy where y > 0, else 0 */
        d->s2._2.b__add[i] = v->s2._2.b__relu[i] > 0 ? d->s2._2.b__relu[i] : 0;
        d->s2._2.x[i] = d->s2._2.b__add[i];
    }

    /* b: conv_bn(ch) */
    backward__s2__2__b(p, v, d, g, n);

    /* a: conv_bn(ch, 3, stride) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        d->s2._2.a.bn[i] = v->s2._2.a__relu[i] > 0 ? d->s2._2.a__relu[i] : 0;
    backward__s2__2__a(p, v, d, g, n);
}

/* s2.1.b: conv_bn(ch), with ch = 32, k = 3, stride = 1, backwards */
static void backward__s2__1__b(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(32, 256, n, v->s2._1.b.conv, v->s2._1.b.bn__mean, v->s2._1.b.bn__inv_std,
        p->s2._1.b.bn.weight, d->s2._1.b__add, g->s2._1.b.bn.weight, g->s2._1.b.bn.bias,
        d->s2._1.b.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        32, 16, 16, 32, 3, 1, v->s2._1.b.x, d->s2._1.b.conv, g->s2._1.b.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        32, 16, 16, 32, 3, 1, p->s2._1.b.conv.weight, d->s2._1.b.conv, d->s2._1.b.x);
}

/* s2.1.a: conv_bn(ch, 3, stride), with ch = 32, k = 3, stride = 1, backwards */
static void backward__s2__1__a(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(32, 256, n, v->s2._1.a.conv, v->s2._1.a.bn__mean, v->s2._1.a.bn__inv_std,
        p->s2._1.a.bn.weight, d->s2._1.a.bn, g->s2._1.a.bn.weight, g->s2._1.a.bn.bias,
        d->s2._1.a.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        32, 16, 16, 32, 3, 1, v->s2._1.a.x, d->s2._1.a.conv, g->s2._1.a.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        32, 16, 16, 32, 3, 1, p->s2._1.a.conv.weight, d->s2._1.a.conv, d->s2._1.a.x__conv2d);
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        d->s2._1.a.x[i] += d->s2._1.a.x__conv2d[i];
}

/* s2.1: basic(32, stride=where(i == 0, 2, 1)), with ch = 32, stride = 1, C = 32, H = 16, W = 16,
 * backwards */
static void backward__s2__1(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* add(skip) -> relu */
    for (int i = 0; i < 32 * 16 * 16 * B; i++) {
        /* dx = dy where y > 0, else 0 */
        d->s2._1.b__add[i] = v->s2._1.b__relu[i] > 0 ? d->s2._1.b__relu[i] : 0;
        d->s2._1.x[i] = d->s2._1.b__add[i];
    }

    /* b: conv_bn(ch) */
    backward__s2__1__b(p, v, d, g, n);

    /* a: conv_bn(ch, 3, stride) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        d->s2._1.a.bn[i] = v->s2._1.a__relu[i] > 0 ? d->s2._1.a__relu[i] : 0;
    backward__s2__1__a(p, v, d, g, n);
}

/* s2.0.b: conv_bn(ch), with ch = 32, k = 3, stride = 1, backwards */
static void backward__s2__0__b(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(32, 256, n, v->s2._0.b.conv, v->s2._0.b.bn__mean, v->s2._0.b.bn__inv_std,
        p->s2._0.b.bn.weight, d->s2._0.b__add, g->s2._0.b.bn.weight, g->s2._0.b.bn.bias,
        d->s2._0.b.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        32, 16, 16, 32, 3, 1, v->s2._0.b.x, d->s2._0.b.conv, g->s2._0.b.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        32, 16, 16, 32, 3, 1, p->s2._0.b.conv.weight, d->s2._0.b.conv, d->s2._0.b.x);
}

/* s2.0.a: conv_bn(ch, 3, stride), with ch = 32, k = 3, stride = 2, backwards */
static void backward__s2__0__a(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(32, 256, n, v->s2._0.a.conv, v->s2._0.a.bn__mean, v->s2._0.a.bn__inv_std,
        p->s2._0.a.bn.weight, d->s2._0.a.bn, g->s2._0.a.bn.weight, g->s2._0.a.bn.bias,
        d->s2._0.a.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight_general(16, 32, 32, 32, 16, 16, pair(3, 3), pair(2, 2), pair(1, 1),
        pair(1, 1), 1, v->s2._0.a.x, d->s2._0.a.conv, g->s2._0.a.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input_general(16, 32, 32, 32, 16, 16, pair(3, 3), pair(2, 2), pair(1, 1),
        pair(1, 1), 1, p->s2._0.a.conv.weight, d->s2._0.a.conv, d->s2._0.a.x);
}

/* s2.0.skip: conv_bn(ch, 1, stride), with ch = 32, k = 1, stride = 2, backwards */
static void backward__s2__0__skip(const struct Parameters *p, const struct Values *v,
    struct Values *d, struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(32, 256, n, v->s2._0.skip.conv, v->s2._0.skip.bn__mean,
        v->s2._0.skip.bn__inv_std, p->s2._0.skip.bn.weight, d->s2._0.b__add,
        g->s2._0.skip.bn.weight, g->s2._0.skip.bn.bias, d->s2._0.skip.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight_general(16, 32, 32, 32, 16, 16, pair(1, 1), pair(2, 2), pair(0, 0),
        pair(1, 1), 1, v->s2._0.skip.x, d->s2._0.skip.conv, g->s2._0.skip.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input_general(16, 32, 32, 32, 16, 16, pair(1, 1), pair(2, 2), pair(0, 0),
        pair(1, 1), 1, p->s2._0.skip.conv.weight, d->s2._0.skip.conv, d->s2._0.skip.x__conv2d);
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        d->s2._0.skip.x[i] += d->s2._0.skip.x__conv2d[i];
}

/* s2.0: basic(32, stride=where(i == 0, 2, 1)), with ch = 32, stride = 2, C = 16, H = 32, W = 32,
 * backwards */
static void backward__s2__0(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* add(skip) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        d->s2._0.b__add[i] = v->s2._0.b__relu[i] > 0 ? d->s2._0.b__relu[i] : 0;

    /* b: conv_bn(ch) */
    backward__s2__0__b(p, v, d, g, n);

    /* a: conv_bn(ch, 3, stride) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 32 * 16 * 16 * B; i++)
        d->s2._0.a.bn[i] = v->s2._0.a__relu[i] > 0 ? d->s2._0.a__relu[i] : 0;
    backward__s2__0__a(p, v, d, g, n);

    /* skip = x -> conv_bn(ch, 1, stride) when stride != 1 || C != ch */
    backward__s2__0__skip(p, v, d, g, n);
}

/* s1.2.b: conv_bn(ch), with ch = 16, k = 3, stride = 1, backwards */
static void backward__s1__2__b(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(16, 1024, n, v->s1._2.b.conv, v->s1._2.b.bn__mean, v->s1._2.b.bn__inv_std,
        p->s1._2.b.bn.weight, d->s1._2.b__add, g->s1._2.b.bn.weight, g->s1._2.b.bn.bias,
        d->s1._2.b.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        16, 32, 32, 16, 3, 1, v->s1._2.b.x, d->s1._2.b.conv, g->s1._2.b.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        16, 32, 32, 16, 3, 1, p->s1._2.b.conv.weight, d->s1._2.b.conv, d->s1._2.b.x);
}

/* s1.2.a: conv_bn(ch, 3, stride), with ch = 16, k = 3, stride = 1, backwards */
static void backward__s1__2__a(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(16, 1024, n, v->s1._2.a.conv, v->s1._2.a.bn__mean, v->s1._2.a.bn__inv_std,
        p->s1._2.a.bn.weight, d->s1._2.a.bn, g->s1._2.a.bn.weight, g->s1._2.a.bn.bias,
        d->s1._2.a.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        16, 32, 32, 16, 3, 1, v->s1._2.a.x, d->s1._2.a.conv, g->s1._2.a.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        16, 32, 32, 16, 3, 1, p->s1._2.a.conv.weight, d->s1._2.a.conv, d->s1._2.a.x__conv2d);
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        d->s1._2.a.x[i] += d->s1._2.a.x__conv2d[i];
}

/* s1.2: basic(16), with ch = 16, C = 16, H = 32, W = 32, stride = 1, backwards */
static void backward__s1__2(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* add(skip) -> relu */
    for (int i = 0; i < 16 * 32 * 32 * B; i++) {
        /* dx = dy where y > 0, else 0 */
        d->s1._2.b__add[i] = v->s1._2.b__relu[i] > 0 ? d->s1._2.b__relu[i] : 0;
        d->s1._2.x[i] = d->s1._2.b__add[i];
    }

    /* b: conv_bn(ch) */
    backward__s1__2__b(p, v, d, g, n);

    /* a: conv_bn(ch, 3, stride) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        d->s1._2.a.bn[i] = v->s1._2.a__relu[i] > 0 ? d->s1._2.a__relu[i] : 0;
    backward__s1__2__a(p, v, d, g, n);
}

/* s1.1.b: conv_bn(ch), with ch = 16, k = 3, stride = 1, backwards */
static void backward__s1__1__b(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(16, 1024, n, v->s1._1.b.conv, v->s1._1.b.bn__mean, v->s1._1.b.bn__inv_std,
        p->s1._1.b.bn.weight, d->s1._1.b__add, g->s1._1.b.bn.weight, g->s1._1.b.bn.bias,
        d->s1._1.b.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        16, 32, 32, 16, 3, 1, v->s1._1.b.x, d->s1._1.b.conv, g->s1._1.b.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        16, 32, 32, 16, 3, 1, p->s1._1.b.conv.weight, d->s1._1.b.conv, d->s1._1.b.x);
}

/* s1.1.a: conv_bn(ch, 3, stride), with ch = 16, k = 3, stride = 1, backwards */
static void backward__s1__1__a(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(16, 1024, n, v->s1._1.a.conv, v->s1._1.a.bn__mean, v->s1._1.a.bn__inv_std,
        p->s1._1.a.bn.weight, d->s1._1.a.bn, g->s1._1.a.bn.weight, g->s1._1.a.bn.bias,
        d->s1._1.a.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        16, 32, 32, 16, 3, 1, v->s1._1.a.x, d->s1._1.a.conv, g->s1._1.a.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        16, 32, 32, 16, 3, 1, p->s1._1.a.conv.weight, d->s1._1.a.conv, d->s1._1.a.x__conv2d);
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        d->s1._1.a.x[i] += d->s1._1.a.x__conv2d[i];
}

/* s1.1: basic(16), with ch = 16, C = 16, H = 32, W = 32, stride = 1, backwards */
static void backward__s1__1(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* add(skip) -> relu */
    for (int i = 0; i < 16 * 32 * 32 * B; i++) {
        /* dx = dy where y > 0, else 0 */
        d->s1._1.b__add[i] = v->s1._1.b__relu[i] > 0 ? d->s1._1.b__relu[i] : 0;
        d->s1._1.x[i] = d->s1._1.b__add[i];
    }

    /* b: conv_bn(ch) */
    backward__s1__1__b(p, v, d, g, n);

    /* a: conv_bn(ch, 3, stride) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        d->s1._1.a.bn[i] = v->s1._1.a__relu[i] > 0 ? d->s1._1.a__relu[i] : 0;
    backward__s1__1__a(p, v, d, g, n);
}

/* s1.0.b: conv_bn(ch), with ch = 16, k = 3, stride = 1, backwards */
static void backward__s1__0__b(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(16, 1024, n, v->s1._0.b.conv, v->s1._0.b.bn__mean, v->s1._0.b.bn__inv_std,
        p->s1._0.b.bn.weight, d->s1._0.b__add, g->s1._0.b.bn.weight, g->s1._0.b.bn.bias,
        d->s1._0.b.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        16, 32, 32, 16, 3, 1, v->s1._0.b.x, d->s1._0.b.conv, g->s1._0.b.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        16, 32, 32, 16, 3, 1, p->s1._0.b.conv.weight, d->s1._0.b.conv, d->s1._0.b.x);
}

/* s1.0.a: conv_bn(ch, 3, stride), with ch = 16, k = 3, stride = 1, backwards */
static void backward__s1__0__a(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(16, 1024, n, v->s1._0.a.conv, v->s1._0.a.bn__mean, v->s1._0.a.bn__inv_std,
        p->s1._0.a.bn.weight, d->s1._0.a.bn, g->s1._0.a.bn.weight, g->s1._0.a.bn.bias,
        d->s1._0.a.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(
        16, 32, 32, 16, 3, 1, v->s1._0.a.x, d->s1._0.a.conv, g->s1._0.a.conv.weight);
    /* dx = dy * W reversed */
    conv2d_backward_input(
        16, 32, 32, 16, 3, 1, p->s1._0.a.conv.weight, d->s1._0.a.conv, d->s1._0.a.x__conv2d);
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        d->s1._0.a.x[i] += d->s1._0.a.x__conv2d[i];
}

/* s1.0: basic(16), with ch = 16, C = 16, H = 32, W = 32, stride = 1, backwards */
static void backward__s1__0(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* add(skip) -> relu */
    for (int i = 0; i < 16 * 32 * 32 * B; i++) {
        /* dx = dy where y > 0, else 0 */
        d->s1._0.b__add[i] = v->s1._0.b__relu[i] > 0 ? d->s1._0.b__relu[i] : 0;
        d->s1._0.x[i] = d->s1._0.b__add[i];
    }

    /* b: conv_bn(ch) */
    backward__s1__0__b(p, v, d, g, n);

    /* a: conv_bn(ch, 3, stride) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        d->s1._0.a.bn[i] = v->s1._0.a__relu[i] > 0 ? d->s1._0.a__relu[i] : 0;
    backward__s1__0__a(p, v, d, g, n);
}

/* stem: conv_bn(16), with ch = 16, k = 3, stride = 1, backwards */
static void backward__stem(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(16, 1024, n, v->stem.conv, v->stem.bn__mean, v->stem.bn__inv_std,
        p->stem.bn.weight, d->stem.bn, g->stem.bn.weight, g->stem.bn.bias, d->stem.conv);

    /* conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false) */
    /* dW += dy * x */
    conv2d_backward_weight(3, 32, 32, 16, 3, 1, v->stem.x, d->stem.conv, g->stem.conv.weight);
    if (d->x) {
        /* only gradcheck asks for the derivative by an input */
        /* dx = dy * W reversed */
        conv2d_backward_input(3, 32, 32, 16, 3, 1, p->stem.conv.weight, d->stem.conv, d->stem.x);
    }
}

/* loss > logits > s3 > s2 > s1 > stem
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* cross_entropy(logits, y) */
    /* dx = softmax(x) - onehot(target), and 0 past the n examples */
    cross_entropy_backward(10, B, n, v->logits, v->y, 1, d->logits);

    /* logits: linear(10) */
    /* dW += dy x^T */
    linear_backward_weight(64, 10, B, v->s3__adaptive_avg_pool2d, d->logits, g->logits.weight);
    linear_backward_bias(10, B, d->logits, g->logits.bias); /* db += sum dy */
    /* dx = W^T dy */
    linear_backward_input(64, 10, B, p->logits.weight, d->logits, d->s3__adaptive_avg_pool2d);

    /* adaptive_avg_pool2d(1) -> flatten */
    /* dx = sum of dy / size of the bin, over the bins of x */
    adaptive_avg_pool2d_backward(64, 8, 8, 1, 1, d->s3__adaptive_avg_pool2d, d->s3.out);

    /* s3.2: basic(64, stride=where(i == 0, 2, 1)) */
    backward__s3__2(p, v, d, g, n);

    /* s3.1: basic(64, stride=where(i == 0, 2, 1)) */
    backward__s3__1(p, v, d, g, n);

    /* s3.0: basic(64, stride=where(i == 0, 2, 1)) */
    backward__s3__0(p, v, d, g, n);

    /* s2.2: basic(32, stride=where(i == 0, 2, 1)) */
    backward__s2__2(p, v, d, g, n);

    /* s2.1: basic(32, stride=where(i == 0, 2, 1)) */
    backward__s2__1(p, v, d, g, n);

    /* s2.0: basic(32, stride=where(i == 0, 2, 1)) */
    backward__s2__0(p, v, d, g, n);

    /* s1.2: basic(16) */
    backward__s1__2(p, v, d, g, n);

    /* s1.1: basic(16) */
    backward__s1__1(p, v, d, g, n);

    /* s1.0: basic(16) */
    backward__s1__0(p, v, d, g, n);

    /* stem: conv_bn(16) -> relu */
    /* dx = dy where y > 0, else 0 */
    for (int i = 0; i < 16 * 32 * 32 * B; i++)
        d->stem.bn[i] = v->stem__relu[i] > 0 ? d->stem__relu[i] : 0;
    backward__stem(p, v, d, g, n);
}

/* What an evaluation adds up. */
struct Metrics {
    struct Mean loss;
    struct Mean acc;
};

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    mean_add(&m->loss, l.loss);

    /* acc = accuracy(logits, y) */
    m->acc.sum += accuracy(10, B, n, v->logits, v->y, -100);
    m->acc.denominator += n;
}

/* One number for each: means over all examples, and what is computed from them. */
static void metrics_result(const struct Metrics *m, double *result)
{
    result[0] = m->loss.sum / m->loss.denominator;
    result[1] = m->acc.sum / m->acc.denominator;
}

/* ------------------------------------------------------------------------------------------------
 * settings
 * --------------------------------------------------------------------------------------------- */

/* A setting that the command line may change: `place` is its offset in struct Options. */
enum FlagKind {
    FLAG_INT,
    FLAG_LONG,
    FLAG_REAL,
    FLAG_PAIR,
    FLAG_BOOL,
    FLAG_PATH,
    FLAG_DURATION,
    FLAG_DURATIONS
};
struct Duration {
    double count;
    int epochs; /* in epochs, else in steps of the optimizer */
};
struct Durations {
    double at[32]; /* each longer than the one before */
    int count, epochs;
};
struct Flag {
    const char *key;
    size_t place;
    enum FlagKind kind;
    const char *value; /* of the file */
    double least, most; /* both included */
    const char *doc;
};
/* No bound. Not INFINITY, which some compilers do not take for a constant. */
#define MT_ANY 1.7976931348623157e308
/* A macro's value as a string. */
#define MT_TEXT(macro) MT_TEXT_OF(macro)
#define MT_TEXT_OF(text) #text
/* What a command is told besides. */
struct Arguments {
    const char *command;
    const char *init, *init_missing, *save, *log, *split, *value, *out, *elements, *dropout;
    int json, step;
};

static inline double whole_power(double x, int n);
static double uniform(uint64_t seed, const char *path, size_t element);
static int milestones_passed(const struct Durations *milestones, double t);

#define MT_PROGRAM "resnet20"

/* What the command line may change, --optimizer.lr=0.1 or --lr=0.1. The values of model.mt are in
 * the table flags[]. */
struct Options {
    struct {
        const char *train;
        const char *test;
        int batch;
        int shuffle;
        int drop_last;
    } data;
    struct {
        double lr;
        double momentum;
        double weight_decay;
    } optimizer;
    struct {
        struct Durations milestones;
        double gamma;
    } schedule;
    struct {
        struct Duration run;
        int accumulate;
        int64_t seed;
        struct Duration log_every;
        struct Duration eval_every;
    } train;
};

/* ------------------------------------------------------------------------------------------------
 * optimizer sgd(lr=0.1, momentum=0.9, weight_decay=1e-4)
 * --------------------------------------------------------------------------------------------- */

/* What the optimizer is given: every parameter, where it is in struct Parameters, how it starts,
 * and the options of its group. A weight_decay below 0 is the optimizer's. Behind them stand the
 * buffers, for files: they are in struct Buffers, and never stepped. */
#define REALS_BEFORE(path) (offsetof(struct Parameters, path) / sizeof(real))
#define REALS_IN(path) (sizeof((struct Parameters *)0)->path / sizeof(real))
#define PLACE(path) REALS_BEFORE(path), REALS_IN(path)
#define PARAMETER(path) #path, PLACE(path)
#define BUFFER_PLACE(path) offsetof(struct Buffers, path) / sizeof(real)
#define BUFFER(path) #path, BUFFER_PLACE(path)
static const struct Parameter {
    const char *path;
    size_t offset, count; /* in struct Parameters, in reals */
    int shape[8]; /* ends in 0 */
    enum Init { CONSTANT, UNIFORM, NORMAL } init;
    double center, spread; /* half the width, or the standard deviation */
    double lr_scale, weight_decay; /* both 0 where the loss does not reach it */
    int frozen;
} parameters[] = {
    /* path, shape, start, lr_scale, weight_decay, frozen */
    {PARAMETER(stem.conv.weight), {16, 3, 3, 3}, UNIFORM, 0, 0.19245008972987526, 1, -1, 0},
    {PARAMETER(stem.bn.weight), {16}, CONSTANT, 1, 0, 1, -1, 0},
    {PARAMETER(stem.bn.bias), {16}, CONSTANT, 0, 0, 1, -1, 0},
    {"s1.0.a.conv.weight", PLACE(s1._0.a.conv.weight), {16, 16, 3, 3}, UNIFORM, 0,
        0.08333333333333333, 1, -1, 0},
    {"s1.0.a.bn.weight", PLACE(s1._0.a.bn.weight), {16}, CONSTANT, 1, 0, 1, -1, 0},
    {"s1.0.a.bn.bias", PLACE(s1._0.a.bn.bias), {16}, CONSTANT, 0, 0, 1, -1, 0},
    {"s1.0.b.conv.weight", PLACE(s1._0.b.conv.weight), {16, 16, 3, 3}, UNIFORM, 0,
        0.08333333333333333, 1, -1, 0},
    {"s1.0.b.bn.weight", PLACE(s1._0.b.bn.weight), {16}, CONSTANT, 1, 0, 1, -1, 0},
    {"s1.0.b.bn.bias", PLACE(s1._0.b.bn.bias), {16}, CONSTANT, 0, 0, 1, -1, 0},
    {"s1.1.a.conv.weight", PLACE(s1._1.a.conv.weight), {16, 16, 3, 3}, UNIFORM, 0,
        0.08333333333333333, 1, -1, 0},
    {"s1.1.a.bn.weight", PLACE(s1._1.a.bn.weight), {16}, CONSTANT, 1, 0, 1, -1, 0},
    {"s1.1.a.bn.bias", PLACE(s1._1.a.bn.bias), {16}, CONSTANT, 0, 0, 1, -1, 0},
    {"s1.1.b.conv.weight", PLACE(s1._1.b.conv.weight), {16, 16, 3, 3}, UNIFORM, 0,
        0.08333333333333333, 1, -1, 0},
    {"s1.1.b.bn.weight", PLACE(s1._1.b.bn.weight), {16}, CONSTANT, 1, 0, 1, -1, 0},
    {"s1.1.b.bn.bias", PLACE(s1._1.b.bn.bias), {16}, CONSTANT, 0, 0, 1, -1, 0},
    {"s1.2.a.conv.weight", PLACE(s1._2.a.conv.weight), {16, 16, 3, 3}, UNIFORM, 0,
        0.08333333333333333, 1, -1, 0},
    {"s1.2.a.bn.weight", PLACE(s1._2.a.bn.weight), {16}, CONSTANT, 1, 0, 1, -1, 0},
    {"s1.2.a.bn.bias", PLACE(s1._2.a.bn.bias), {16}, CONSTANT, 0, 0, 1, -1, 0},
    {"s1.2.b.conv.weight", PLACE(s1._2.b.conv.weight), {16, 16, 3, 3}, UNIFORM, 0,
        0.08333333333333333, 1, -1, 0},
    {"s1.2.b.bn.weight", PLACE(s1._2.b.bn.weight), {16}, CONSTANT, 1, 0, 1, -1, 0},
    {"s1.2.b.bn.bias", PLACE(s1._2.b.bn.bias), {16}, CONSTANT, 0, 0, 1, -1, 0},
    {"s2.0.skip.conv.weight", PLACE(s2._0.skip.conv.weight), {32, 16, 1, 1}, UNIFORM, 0, 0.25, 1,
        -1, 0},
    {"s2.0.skip.bn.weight", PLACE(s2._0.skip.bn.weight), {32}, CONSTANT, 1, 0, 1, -1, 0},
    {"s2.0.skip.bn.bias", PLACE(s2._0.skip.bn.bias), {32}, CONSTANT, 0, 0, 1, -1, 0},
    {"s2.0.a.conv.weight", PLACE(s2._0.a.conv.weight), {32, 16, 3, 3}, UNIFORM, 0,
        0.08333333333333333, 1, -1, 0},
    {"s2.0.a.bn.weight", PLACE(s2._0.a.bn.weight), {32}, CONSTANT, 1, 0, 1, -1, 0},
    {"s2.0.a.bn.bias", PLACE(s2._0.a.bn.bias), {32}, CONSTANT, 0, 0, 1, -1, 0},
    {"s2.0.b.conv.weight", PLACE(s2._0.b.conv.weight), {32, 32, 3, 3}, UNIFORM, 0,
        0.05892556509887897, 1, -1, 0},
    {"s2.0.b.bn.weight", PLACE(s2._0.b.bn.weight), {32}, CONSTANT, 1, 0, 1, -1, 0},
    {"s2.0.b.bn.bias", PLACE(s2._0.b.bn.bias), {32}, CONSTANT, 0, 0, 1, -1, 0},
    {"s2.1.a.conv.weight", PLACE(s2._1.a.conv.weight), {32, 32, 3, 3}, UNIFORM, 0,
        0.05892556509887897, 1, -1, 0},
    {"s2.1.a.bn.weight", PLACE(s2._1.a.bn.weight), {32}, CONSTANT, 1, 0, 1, -1, 0},
    {"s2.1.a.bn.bias", PLACE(s2._1.a.bn.bias), {32}, CONSTANT, 0, 0, 1, -1, 0},
    {"s2.1.b.conv.weight", PLACE(s2._1.b.conv.weight), {32, 32, 3, 3}, UNIFORM, 0,
        0.05892556509887897, 1, -1, 0},
    {"s2.1.b.bn.weight", PLACE(s2._1.b.bn.weight), {32}, CONSTANT, 1, 0, 1, -1, 0},
    {"s2.1.b.bn.bias", PLACE(s2._1.b.bn.bias), {32}, CONSTANT, 0, 0, 1, -1, 0},
    {"s2.2.a.conv.weight", PLACE(s2._2.a.conv.weight), {32, 32, 3, 3}, UNIFORM, 0,
        0.05892556509887897, 1, -1, 0},
    {"s2.2.a.bn.weight", PLACE(s2._2.a.bn.weight), {32}, CONSTANT, 1, 0, 1, -1, 0},
    {"s2.2.a.bn.bias", PLACE(s2._2.a.bn.bias), {32}, CONSTANT, 0, 0, 1, -1, 0},
    {"s2.2.b.conv.weight", PLACE(s2._2.b.conv.weight), {32, 32, 3, 3}, UNIFORM, 0,
        0.05892556509887897, 1, -1, 0},
    {"s2.2.b.bn.weight", PLACE(s2._2.b.bn.weight), {32}, CONSTANT, 1, 0, 1, -1, 0},
    {"s2.2.b.bn.bias", PLACE(s2._2.b.bn.bias), {32}, CONSTANT, 0, 0, 1, -1, 0},
    {"s3.0.skip.conv.weight", PLACE(s3._0.skip.conv.weight), {64, 32, 1, 1}, UNIFORM, 0,
        0.17677669529663687, 1, -1, 0},
    {"s3.0.skip.bn.weight", PLACE(s3._0.skip.bn.weight), {64}, CONSTANT, 1, 0, 1, -1, 0},
    {"s3.0.skip.bn.bias", PLACE(s3._0.skip.bn.bias), {64}, CONSTANT, 0, 0, 1, -1, 0},
    {"s3.0.a.conv.weight", PLACE(s3._0.a.conv.weight), {64, 32, 3, 3}, UNIFORM, 0,
        0.05892556509887897, 1, -1, 0},
    {"s3.0.a.bn.weight", PLACE(s3._0.a.bn.weight), {64}, CONSTANT, 1, 0, 1, -1, 0},
    {"s3.0.a.bn.bias", PLACE(s3._0.a.bn.bias), {64}, CONSTANT, 0, 0, 1, -1, 0},
    {"s3.0.b.conv.weight", PLACE(s3._0.b.conv.weight), {64, 64, 3, 3}, UNIFORM, 0,
        0.041666666666666664, 1, -1, 0},
    {"s3.0.b.bn.weight", PLACE(s3._0.b.bn.weight), {64}, CONSTANT, 1, 0, 1, -1, 0},
    {"s3.0.b.bn.bias", PLACE(s3._0.b.bn.bias), {64}, CONSTANT, 0, 0, 1, -1, 0},
    {"s3.1.a.conv.weight", PLACE(s3._1.a.conv.weight), {64, 64, 3, 3}, UNIFORM, 0,
        0.041666666666666664, 1, -1, 0},
    {"s3.1.a.bn.weight", PLACE(s3._1.a.bn.weight), {64}, CONSTANT, 1, 0, 1, -1, 0},
    {"s3.1.a.bn.bias", PLACE(s3._1.a.bn.bias), {64}, CONSTANT, 0, 0, 1, -1, 0},
    {"s3.1.b.conv.weight", PLACE(s3._1.b.conv.weight), {64, 64, 3, 3}, UNIFORM, 0,
        0.041666666666666664, 1, -1, 0},
    {"s3.1.b.bn.weight", PLACE(s3._1.b.bn.weight), {64}, CONSTANT, 1, 0, 1, -1, 0},
    {"s3.1.b.bn.bias", PLACE(s3._1.b.bn.bias), {64}, CONSTANT, 0, 0, 1, -1, 0},
    {"s3.2.a.conv.weight", PLACE(s3._2.a.conv.weight), {64, 64, 3, 3}, UNIFORM, 0,
        0.041666666666666664, 1, -1, 0},
    {"s3.2.a.bn.weight", PLACE(s3._2.a.bn.weight), {64}, CONSTANT, 1, 0, 1, -1, 0},
    {"s3.2.a.bn.bias", PLACE(s3._2.a.bn.bias), {64}, CONSTANT, 0, 0, 1, -1, 0},
    {"s3.2.b.conv.weight", PLACE(s3._2.b.conv.weight), {64, 64, 3, 3}, UNIFORM, 0,
        0.041666666666666664, 1, -1, 0},
    {"s3.2.b.bn.weight", PLACE(s3._2.b.bn.weight), {64}, CONSTANT, 1, 0, 1, -1, 0},
    {"s3.2.b.bn.bias", PLACE(s3._2.b.bn.bias), {64}, CONSTANT, 0, 0, 1, -1, 0},
    {PARAMETER(logits.weight), {10, 64}, UNIFORM, 0, 0.125, 1, -1, 0},
    {PARAMETER(logits.bias), {10}, UNIFORM, 0, 0.125, 1, -1, 0},
    {BUFFER(stem.bn.running_mean), 16, {16}, CONSTANT, 0, 0, 0, 0, 1},
    {BUFFER(stem.bn.running_var), 16, {16}, CONSTANT, 1, 0, 0, 0, 1},
    {"s1.0.a.bn.running_mean", BUFFER_PLACE(s1._0.a.bn.running_mean), 16, {16}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s1.0.a.bn.running_var", BUFFER_PLACE(s1._0.a.bn.running_var), 16, {16}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s1.0.b.bn.running_mean", BUFFER_PLACE(s1._0.b.bn.running_mean), 16, {16}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s1.0.b.bn.running_var", BUFFER_PLACE(s1._0.b.bn.running_var), 16, {16}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s1.1.a.bn.running_mean", BUFFER_PLACE(s1._1.a.bn.running_mean), 16, {16}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s1.1.a.bn.running_var", BUFFER_PLACE(s1._1.a.bn.running_var), 16, {16}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s1.1.b.bn.running_mean", BUFFER_PLACE(s1._1.b.bn.running_mean), 16, {16}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s1.1.b.bn.running_var", BUFFER_PLACE(s1._1.b.bn.running_var), 16, {16}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s1.2.a.bn.running_mean", BUFFER_PLACE(s1._2.a.bn.running_mean), 16, {16}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s1.2.a.bn.running_var", BUFFER_PLACE(s1._2.a.bn.running_var), 16, {16}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s1.2.b.bn.running_mean", BUFFER_PLACE(s1._2.b.bn.running_mean), 16, {16}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s1.2.b.bn.running_var", BUFFER_PLACE(s1._2.b.bn.running_var), 16, {16}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s2.0.skip.bn.running_mean", BUFFER_PLACE(s2._0.skip.bn.running_mean), 32, {32}, CONSTANT, 0,
        0, 0, 0, 1},
    {"s2.0.skip.bn.running_var", BUFFER_PLACE(s2._0.skip.bn.running_var), 32, {32}, CONSTANT, 1, 0,
        0, 0, 1},
    {"s2.0.a.bn.running_mean", BUFFER_PLACE(s2._0.a.bn.running_mean), 32, {32}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s2.0.a.bn.running_var", BUFFER_PLACE(s2._0.a.bn.running_var), 32, {32}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s2.0.b.bn.running_mean", BUFFER_PLACE(s2._0.b.bn.running_mean), 32, {32}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s2.0.b.bn.running_var", BUFFER_PLACE(s2._0.b.bn.running_var), 32, {32}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s2.1.a.bn.running_mean", BUFFER_PLACE(s2._1.a.bn.running_mean), 32, {32}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s2.1.a.bn.running_var", BUFFER_PLACE(s2._1.a.bn.running_var), 32, {32}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s2.1.b.bn.running_mean", BUFFER_PLACE(s2._1.b.bn.running_mean), 32, {32}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s2.1.b.bn.running_var", BUFFER_PLACE(s2._1.b.bn.running_var), 32, {32}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s2.2.a.bn.running_mean", BUFFER_PLACE(s2._2.a.bn.running_mean), 32, {32}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s2.2.a.bn.running_var", BUFFER_PLACE(s2._2.a.bn.running_var), 32, {32}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s2.2.b.bn.running_mean", BUFFER_PLACE(s2._2.b.bn.running_mean), 32, {32}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s2.2.b.bn.running_var", BUFFER_PLACE(s2._2.b.bn.running_var), 32, {32}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s3.0.skip.bn.running_mean", BUFFER_PLACE(s3._0.skip.bn.running_mean), 64, {64}, CONSTANT, 0,
        0, 0, 0, 1},
    {"s3.0.skip.bn.running_var", BUFFER_PLACE(s3._0.skip.bn.running_var), 64, {64}, CONSTANT, 1, 0,
        0, 0, 1},
    {"s3.0.a.bn.running_mean", BUFFER_PLACE(s3._0.a.bn.running_mean), 64, {64}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s3.0.a.bn.running_var", BUFFER_PLACE(s3._0.a.bn.running_var), 64, {64}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s3.0.b.bn.running_mean", BUFFER_PLACE(s3._0.b.bn.running_mean), 64, {64}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s3.0.b.bn.running_var", BUFFER_PLACE(s3._0.b.bn.running_var), 64, {64}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s3.1.a.bn.running_mean", BUFFER_PLACE(s3._1.a.bn.running_mean), 64, {64}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s3.1.a.bn.running_var", BUFFER_PLACE(s3._1.a.bn.running_var), 64, {64}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s3.1.b.bn.running_mean", BUFFER_PLACE(s3._1.b.bn.running_mean), 64, {64}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s3.1.b.bn.running_var", BUFFER_PLACE(s3._1.b.bn.running_var), 64, {64}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s3.2.a.bn.running_mean", BUFFER_PLACE(s3._2.a.bn.running_mean), 64, {64}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s3.2.a.bn.running_var", BUFFER_PLACE(s3._2.a.bn.running_var), 64, {64}, CONSTANT, 1, 0, 0, 0,
        1},
    {"s3.2.b.bn.running_mean", BUFFER_PLACE(s3._2.b.bn.running_mean), 64, {64}, CONSTANT, 0, 0, 0,
        0, 1},
    {"s3.2.b.bn.running_var", BUFFER_PLACE(s3._2.b.bn.running_var), 64, {64}, CONSTANT, 1, 0, 0, 0,
        1},
};
enum { BUFFERS = 42, PARAMETERS = sizeof parameters / sizeof *parameters - BUFFERS };

/* What sgd remembers from step to step. */
struct Optimizer {
    int t; /* steps taken */
    struct Parameters momentum_buffer; /* moving sum of the gradients */
};

/* Every number is drawn by itself, from the seed, the path and its place, so that a row more or
 * less leaves the others as they are. */
static void init_parameters(struct Parameters *p, uint64_t seed)
{
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++) {
        real *w = (real *)p + k->offset;
        for (size_t i = 0; i < k->count; i++)
            w[i] = (real)(k->center + k->spread * (2 * uniform(seed, k->path, i) - 1));
    }
}

/* Running statistics start as those of numbers that need no norm: mean 0, variance 1. */
static void init_buffers(struct Buffers *s)
{
    for (int k = PARAMETERS; k < PARAMETERS + BUFFERS; k++) {
        for (size_t i = 0; i < parameters[k].count; i++)
            ((real *)s)[parameters[k].offset + i] = (real)parameters[k].center;
    }
}

/* backward only ever adds to g: without this, a step would follow old gradients as well. */
static void zero_grad(struct Parameters *g)
{
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++)
        memset((real *)g + k->offset, 0, k->count * sizeof(real));
}

/* Makes a mean of the sum: the denominator is that of all examples of a step. */
static void divide(struct Parameters *g, double denominator)
{
    real share = (real)(1 / denominator);
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++) {
        real *d_w = (real *)g + k->offset;
        for (size_t i = 0; i < k->count; i++)
            d_w[i] *= share;
    }
}

/* schedule multistep_lr(milestones=[82 epochs, 123 epochs], gamma=0.1)        lr gamma^(how many
 * milestones have passed at t) */
static double learning_rate(const struct Options *options, int step, int steps_per_epoch)
{
    double lr = options->optimizer.lr;
    const struct Durations *milestones = &options->schedule.milestones;
    double t = milestones->epochs ? step / steps_per_epoch : step;
    return lr * whole_power(options->schedule.gamma, milestones_passed(milestones, t));
}

/* Only here do parameters change:   g = dw + weight_decay w,  m = momentum m + g,  w -= lr m */
static void step(struct Parameters *p, const struct Parameters *g, struct Optimizer *optimizer,
    const struct Options *options, double lr)
{
    optimizer->t++;
    for (const struct Parameter *k = parameters; k < parameters + PARAMETERS; k++) {
        if (k->frozen)
            continue;
        real *w = (real *)p + k->offset;
        const real *d_w = (const real *)g + k->offset;
        real *momentum_buffer = (real *)&optimizer->momentum_buffer + k->offset;
        double weight_decay = k->weight_decay;
        if (weight_decay < 0)
            weight_decay = options->optimizer.weight_decay;
        real rate = (real)(lr * k->lr_scale);
        real decay = (real)weight_decay;
        real momentum = (real)options->optimizer.momentum;
        for (size_t i = 0; i < k->count; i++) {
            real gradient = d_w[i] + decay * w[i];
            momentum_buffer[i] = momentum * momentum_buffer[i] + gradient;
            w[i] = w[i] - rate * momentum_buffer[i];
        }
    }
}

/* ------------------------------------------------------------------------------------------------
 * data
 * --------------------------------------------------------------------------------------------- */

/* A column of a split: one entry of `count` numbers for every example, as the files have them. */
struct Array {
    const unsigned char *data; /* of example 0; NULL: not opened, as targets when predicting */
    size_t stride; /* bytes from an entry to the next one of the file */
    int type, examples;
    size_t count;
    const char *name, *path; /* for messages: "image", "train-images-idx3-ubyte" */
    const struct ArrayFile *file; /* of several files; NULL: all entries stand behind data */
    int files;
    size_t offset; /* of the column in what a file has for an example */
};

/* All memory of the run: one piece, as large as the lives in it need. */
struct Memory {
    struct Life *life;
    size_t lives, bytes;
    int keep_all; /* give does nothing: after a step every value can still be looked at */
};
#define TAKE(memory, pointer, count) take(memory, &(pointer), count, sizeof *(pointer))
#define GIVE(memory, pointer) give(memory, &(pointer))

/* The files of a split of records. */
struct Records {
    const char *pattern;
    struct ArrayFile *file;
    int files, examples;
    size_t size; /* bytes of a record */
};

/* The part of an example that is read: place [y][x] of it is [top + y][left + step * x] of the
 * file's, or 0 where that is outside. */
struct Window {
    int top, left, step, height, width;
};

static void data_error(const char *format, ...);
static void read_ints(const struct Array *a, const int *example, int *x);
static void check_whole(const struct Array *a, int classes, int ignored, const char *declared);
static void take(struct Memory *memory, void *pointer, size_t count, size_t size);
static void give(struct Memory *memory, void *pointer);
static void shuffle(int count, int *order, uint64_t seed, int epoch);
static struct Records open_records(const char *pattern, size_t size, const char *fields);
static struct Array record_column(
    const struct Records *records, const char *name, const char *type, size_t count, size_t offset);
static void whole_windows(struct Window *window, int height, int width);
static void random_crop(struct Window *window, int height, int width, int padding, uint64_t seed,
    int epoch, const int *example);
static void random_hflip(
    struct Window *window, double p, uint64_t seed, int epoch, const int *example);
static void read_windows(const struct Array *a, const int *example, const struct Window *window,
    int channels, int height, int width, real *x);

/* A split of the data: a column of every source that is used, with an entry for each example. */
struct Dataset {
    const char *split; /* "train" */
    struct Array image; /* [3, 32, 32] */
    struct Array label; /* [] */
    int examples;
    int *rows; /* which entries of the columns they are, in order; NULL: all */
};

struct Data {
    struct Dataset train, test;
};

/* train = records("cifar/data_batch_*.bin", label=u8, image=u8[3, 32, 32]) */
static void open_train(const struct Options *options, struct Dataset *s, int targets)
{
    struct Records records =
        open_records(options->data.train, 3073, "label=u8, image=u8[3, 32, 32]");
    s->split = "train";
    s->image = record_column(&records, "image", "u8", 3 * 32 * 32, 1);
    if (targets) {
        s->label = record_column(&records, "label", "u8", 1, 0);
        check_whole(&s->label, 10, 0, "model.mt: y: label -> class(10)");
    }
    s->examples = s->image.examples;
}

/* test = records("cifar/test_batch.bin", label=u8, image=u8[3, 32, 32]) */
static void open_test(const struct Options *options, struct Dataset *s, int targets)
{
    struct Records records =
        open_records(options->data.test, 3073, "label=u8, image=u8[3, 32, 32]");
    s->split = "test";
    s->image = record_column(&records, "image", "u8", 3 * 32 * 32, 1);
    if (targets) {
        s->label = record_column(&records, "label", "u8", 1, 0);
        check_whole(&s->label, 10, 0, "model.mt: y: label -> class(10)");
    }
    s->examples = s->image.examples;
}

/* What open_data opens: splits, and (to predict takes none) the columns of targets. */
enum { OPEN_TRAIN = 1, OPEN_VALID = 2, OPEN_TEST = 4, OPEN_TARGETS = 8 };

/* Faults of the files end the program here, before the first step. */
static void open_data(const struct Options *options, struct Data *data, int open)
{
    int targets = open & OPEN_TARGETS;
    if (open & OPEN_TRAIN)
        open_train(options, &data->train, targets);
    if (open & OPEN_TEST)
        open_test(options, &data->test, targets);
}

/* Hands out a dataset in batches; `order[next]` is the example to come. */
struct Dataloader {
    const struct Dataset *dataset;
    int *order; /* [examples] */
    int next, batch, shuffle, drop_last;
    int random; /* whether the random transforms are done: in training */
    uint64_t seed; /* of what they draw */
    int epoch;
};

static void open_loader(struct Memory *memory, struct Dataloader *loader,
    const struct Dataset *dataset, int batch, int shuffle, int drop_last)
{
    if (drop_last && dataset->examples < batch)
        data_error("%s has %d examples, less than one batch of %d: drop_last leaves none",
            dataset->split, dataset->examples, batch);
    loader->dataset = dataset;
    loader->batch = batch;
    loader->shuffle = shuffle;
    loader->drop_last = drop_last;
    TAKE(memory, loader->order, (size_t)dataset->examples);
}

/* From the first example on, in the order of the files. */
static void loader_rewind(struct Dataloader *loader)
{
    const struct Dataset *s = loader->dataset;
    for (int i = 0; i < s->examples; i++)
        loader->order[i] = s->rows ? s->rows[i] : i;
    loader->next = 0;
    loader->random = 0;
}

/* From the first example on; with `shuffle` in an order that depends on the seed and the epoch
 * alone, as what random transforms draw for an example. */
static void loader_shuffle(struct Dataloader *loader, uint64_t seed, int epoch)
{
    loader_rewind(loader);
    loader->random = 1;
    loader->seed = seed;
    loader->epoch = epoch;
    if (loader->shuffle)
        shuffle(loader->dataset->examples, loader->order, seed, epoch);
}

/* The batches of an epoch; the last one may be short, or (drop_last) left out. */
static int loader_batches(const struct Dataloader *loader)
{
    int n = loader->dataset->examples;
    return n / loader->batch + (n % loader->batch > 0 && !loader->drop_last);
}

static int loader_at_end(const struct Dataloader *loader)
{
    int left = loader->dataset->examples - loader->next;
    return left < (loader->drop_last ? loader->batch : 1);
}

/* The next batch into v: how many examples it has, 0 after the last. Lanes past them repeat the
 * last one. */
static int loader_next(struct Dataloader *loader, struct Values *v)
{
    const struct Dataset *s = loader->dataset;
    int left = s->examples - loader->next, n = left < loader->batch ? left : loader->batch;
    int example[B];
    struct Window window[B];
    if (loader_at_end(loader))
        return 0;
    for (int b = 0; b < B; b++)
        example[b] = loader->order[loader->next + (b < n ? b : n - 1)];
    loader->next += n;

    /* x: image -> scale(1 / 255) -> random_crop(32, padding=4) -> random_hflip(0.5) ->
     * normalize(mean=[0.4914, 0.4822, 0.4465], std=[0.2470, 0.2435, 0.2616]) */
    whole_windows(window, 32, 32);
    if (loader->random) {
        random_crop(window, 32, 32, 4, loader->seed, loader->epoch, example);
        random_hflip(window, 0.5, loader->seed, loader->epoch, example);
    }
    read_windows(&s->image, example, window, 3, 32, 32, v->x);
    {
        static const real mean[] = {(real)0.4914, (real)0.4822, (real)0.4465};
        static const real deviation[] = {(real)0.247, (real)0.2435, (real)0.2616};
        for (int c = 0; c < 3; c++)
            for (int i = c * (32 * 32 * B); i < (c + 1) * (32 * 32 * B); i++) {
                v->x[i] *= (real)(1.0 / 255);
                v->x[i] = (v->x[i] - mean[c]) / deviation[c];
            }
    }

    /* y: label -> class(10) */
    read_ints(&s->label, example, v->y);

    return n;
}

/* ------------------------------------------------------------------------------------------------
 * train
 * --------------------------------------------------------------------------------------------- */

struct Log {
    FILE *json; /* --log=FILE, or NULL */
    const char *path;
    int terminal; /* standard output is one: a line of progress is drawn over and over */
    int drawn; /* it stands there now */
    int failed; /* a line could not be written */
    int steps_per_epoch, steps; /* of the run */
    int done; /* steps so far */
    double began, line_at, step_at, drawn_at; /* in seconds */
    double examples; /* since line_at */
};

/* A value of the model: where struct Values points to it, and what it is. It is stored feature by
 * feature, the examples innermost: [features][B]. */
struct ValueEntry {
    const char *path;
    size_t place; /* of the pointer, in struct Values */
    char kind; /* 'r': real, 'i': int, 'b': unsigned char */
    int axes, shape[7]; /* of an example, in PyTorch's order */
    long classes; /* whole numbers below it; 0: any */
    int last_outermost; /* how it is stored: the last axis first */
    int is_input; /* of the model */
};

static void log_run(struct Log *log, const struct Options *options, int steps, int steps_per_epoch);
static void log_step(struct Log *log, int epoch, int steps, double lr, const struct Loss *running);
static void log_eval(
    struct Log *log, int epoch, int steps, const char *split, const double *result);
static void show_progress(
    struct Log *log, int epoch, int steps, int examples, const struct Loss *running);
static int in_steps(struct Duration duration, int steps_per_epoch);
static int steps_in_epoch(const struct Dataloader *loader, int accumulate);
static int is_due(struct Duration every, int steps, int steps_per_epoch);
static int diverged(struct Log *log, const struct Parameters *p, struct Buffers *s,
    struct Dataloader *loader, uint64_t seed, int epoch, int i, int steps, int examples);
static int diverged_at_end(struct Log *log, const struct Parameters *p, struct Buffers *s,
    struct Dataloader *loader, uint64_t seed, int steps, double result);
static int stop_requested(const struct Log *log);
static int stopped(struct Log *log, int steps);

/* What is reported: the loss and its named rows while training, all of it by an evaluation. */
static const struct Report reports[] = {{"loss", 0}, {"acc", 0}};
enum { LOSS_REPORTS = 1, REPORTS = 2 };
#define EVALUATED "test"

/* Loss and metrics over a whole split: sums, divided at the end. */
static void evaluate(const struct Parameters *p, const struct Buffers *s, struct Values *v,
    struct Dataloader *loader, double *result)
{
    struct Metrics metrics;
    memset(&metrics, 0, sizeof metrics);
    loader_rewind(loader);
    for (int n; (n = loader_next(loader, v)) > 0;) {
        forward_eval(p, s, v);
        metrics_add(&metrics, v, n);
    }
    metrics_result(&metrics, result);
}

/* Returns the exit code: 0, or that of a run that was stopped or diverged. */
static int train(const struct Options *options, struct Parameters *p, struct Parameters *g,
    struct Buffers *s, struct Optimizer *optimizer, struct Values *v, struct Values *d,
    struct Dataloader *trainloader, struct Dataloader *evalloader, struct Log *log)
{
    uint64_t seed = (uint64_t)options->train.seed;
    int steps_per_epoch = steps_in_epoch(trainloader, options->train.accumulate);
    int run = in_steps(options->train.run, steps_per_epoch), steps = 0;
    const struct Loss nothing = {{0, 0}};
    struct Loss running = nothing; /* of the examples since the last line of the log */
    double result[REPORTS];

    log_run(log, options, run, steps_per_epoch);
    zero_grad(g);
    for (int epoch = 0; steps < run; epoch++) {
        /* over the dataset multiple times */
        int examples = 0; /* of the micro-batches since the last step */
        double denominator = 0; /* of the mean over them */
        loader_shuffle(trainloader, seed, epoch);
        for (int i = 0, n; steps < run && (n = loader_next(trainloader, v)) > 0; i++) {
            /* forward + backward */
            forward_train(p, s, v, n);
            struct Loss batch = loss(v, n);
            if (!isfinite(batch.loss.sum))
                return diverged(log, p, s, trainloader, seed, epoch, i, steps, examples);
            backward(p, v, d, g, n);
            mean_add(&running.loss, batch.loss);
            denominator += batch.loss.denominator;
            examples += n;

            /* optimize. i + 1, because i % accumulate == 0 holds after the very first micro-batch;
             * the end, because a short last group would leak into the next epoch. */
            if ((i + 1) % options->train.accumulate == 0 || loader_at_end(trainloader)) {
                double lr = learning_rate(options, steps, steps_per_epoch);
                divide(g, denominator); /* once a step: the loss is a mean over all its examples */
                step(p, g, optimizer, options, lr);
                zero_grad(g);
                steps++;
                show_progress(log, epoch, steps, examples, &running);
                examples = 0;
                denominator = 0;

                /* print statistics */
                if (is_due(options->train.log_every, steps, steps_per_epoch) || steps == run) {
                    log_step(log, epoch, steps, lr, &running);
                    running = nothing;
                }
                if (is_due(options->train.eval_every, steps, steps_per_epoch) || steps == run) {
                    evaluate(p, s, v, evalloader, result);
                    log_eval(log, epoch, steps, EVALUATED, result);
                    if (steps == run && !isfinite(result[0]))
                        return diverged_at_end(log, p, s, evalloader, seed, steps, result[0]);
                }
                if (stop_requested(log))
                    return stopped(log, steps);
            }
        }
    }
    return 0;
}

/* ------------------------------------------------------------------------------------------------
 * memory
 * --------------------------------------------------------------------------------------------- */

/* What goes into a block is `of`. */
#define SAME(memory, pointer, of) same(memory, &(pointer), &(of))

static void same(struct Memory *memory, void *pointer, const void *of);

/* The life of every value through one step, in the order of forward, loss and backward. Values that
 * never meet share their storage. */
static void plan(struct Memory *memory, struct Values *v, struct Values *d)
{
    TAKE(memory, v->x, 3 * 32 * 32 * B);
    TAKE(memory, v->y, B);
    TAKE(memory, v->stem.conv, 16 * 32 * 32 * B);
    TAKE(memory, v->stem.bn__mean, 16);
    TAKE(memory, v->stem.bn__inv_std, 16);
    TAKE(memory, v->stem.bn, 16 * 32 * 32 * B);
    TAKE(memory, v->stem__relu, 16 * 32 * 32 * B);
    GIVE(memory, v->stem.bn);
    TAKE(memory, v->s1._0.a.conv, 16 * 32 * 32 * B);
    TAKE(memory, v->s1._0.a.bn__mean, 16);
    TAKE(memory, v->s1._0.a.bn__inv_std, 16);
    TAKE(memory, v->s1._0.a.bn, 16 * 32 * 32 * B);
    TAKE(memory, v->s1._0.a__relu, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._0.a.bn);
    TAKE(memory, v->s1._0.b.conv, 16 * 32 * 32 * B);
    TAKE(memory, v->s1._0.b.bn__mean, 16);
    TAKE(memory, v->s1._0.b.bn__inv_std, 16);
    TAKE(memory, v->s1._0.b.bn, 16 * 32 * 32 * B);
    TAKE(memory, v->s1._0.b__relu, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._0.b.bn);
    TAKE(memory, v->s1._1.a.conv, 16 * 32 * 32 * B);
    TAKE(memory, v->s1._1.a.bn__mean, 16);
    TAKE(memory, v->s1._1.a.bn__inv_std, 16);
    TAKE(memory, v->s1._1.a.bn, 16 * 32 * 32 * B);
    TAKE(memory, v->s1._1.a__relu, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._1.a.bn);
    TAKE(memory, v->s1._1.b.conv, 16 * 32 * 32 * B);
    TAKE(memory, v->s1._1.b.bn__mean, 16);
    TAKE(memory, v->s1._1.b.bn__inv_std, 16);
    TAKE(memory, v->s1._1.b.bn, 16 * 32 * 32 * B);
    TAKE(memory, v->s1._1.b__relu, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._1.b.bn);
    TAKE(memory, v->s1._2.a.conv, 16 * 32 * 32 * B);
    TAKE(memory, v->s1._2.a.bn__mean, 16);
    TAKE(memory, v->s1._2.a.bn__inv_std, 16);
    TAKE(memory, v->s1._2.a.bn, 16 * 32 * 32 * B);
    TAKE(memory, v->s1._2.a__relu, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._2.a.bn);
    TAKE(memory, v->s1._2.b.conv, 16 * 32 * 32 * B);
    TAKE(memory, v->s1._2.b.bn__mean, 16);
    TAKE(memory, v->s1._2.b.bn__inv_std, 16);
    TAKE(memory, v->s1._2.b.bn, 16 * 32 * 32 * B);
    TAKE(memory, v->s1._2.b__relu, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._2.b.bn);
    TAKE(memory, v->s2._0.skip.conv, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._0.skip.bn__mean, 32);
    TAKE(memory, v->s2._0.skip.bn__inv_std, 32);
    TAKE(memory, v->s2._0.skip.bn, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._0.a.conv, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._0.a.bn__mean, 32);
    TAKE(memory, v->s2._0.a.bn__inv_std, 32);
    TAKE(memory, v->s2._0.a.bn, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._0.a__relu, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._0.a.bn);
    TAKE(memory, v->s2._0.b.conv, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._0.b.bn__mean, 32);
    TAKE(memory, v->s2._0.b.bn__inv_std, 32);
    TAKE(memory, v->s2._0.b.bn, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._0.b__relu, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._0.skip.bn);
    GIVE(memory, v->s2._0.b.bn);
    TAKE(memory, v->s2._1.a.conv, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._1.a.bn__mean, 32);
    TAKE(memory, v->s2._1.a.bn__inv_std, 32);
    TAKE(memory, v->s2._1.a.bn, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._1.a__relu, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._1.a.bn);
    TAKE(memory, v->s2._1.b.conv, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._1.b.bn__mean, 32);
    TAKE(memory, v->s2._1.b.bn__inv_std, 32);
    TAKE(memory, v->s2._1.b.bn, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._1.b__relu, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._1.b.bn);
    TAKE(memory, v->s2._2.a.conv, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._2.a.bn__mean, 32);
    TAKE(memory, v->s2._2.a.bn__inv_std, 32);
    TAKE(memory, v->s2._2.a.bn, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._2.a__relu, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._2.a.bn);
    TAKE(memory, v->s2._2.b.conv, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._2.b.bn__mean, 32);
    TAKE(memory, v->s2._2.b.bn__inv_std, 32);
    TAKE(memory, v->s2._2.b.bn, 32 * 16 * 16 * B);
    TAKE(memory, v->s2._2.b__relu, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._2.b.bn);
    TAKE(memory, v->s3._0.skip.conv, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._0.skip.bn__mean, 64);
    TAKE(memory, v->s3._0.skip.bn__inv_std, 64);
    TAKE(memory, v->s3._0.skip.bn, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._0.a.conv, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._0.a.bn__mean, 64);
    TAKE(memory, v->s3._0.a.bn__inv_std, 64);
    TAKE(memory, v->s3._0.a.bn, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._0.a__relu, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._0.a.bn);
    TAKE(memory, v->s3._0.b.conv, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._0.b.bn__mean, 64);
    TAKE(memory, v->s3._0.b.bn__inv_std, 64);
    TAKE(memory, v->s3._0.b.bn, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._0.b__relu, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._0.skip.bn);
    GIVE(memory, v->s3._0.b.bn);
    TAKE(memory, v->s3._1.a.conv, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._1.a.bn__mean, 64);
    TAKE(memory, v->s3._1.a.bn__inv_std, 64);
    TAKE(memory, v->s3._1.a.bn, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._1.a__relu, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._1.a.bn);
    TAKE(memory, v->s3._1.b.conv, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._1.b.bn__mean, 64);
    TAKE(memory, v->s3._1.b.bn__inv_std, 64);
    TAKE(memory, v->s3._1.b.bn, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._1.b__relu, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._1.b.bn);
    TAKE(memory, v->s3._2.a.conv, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._2.a.bn__mean, 64);
    TAKE(memory, v->s3._2.a.bn__inv_std, 64);
    TAKE(memory, v->s3._2.a.bn, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._2.a__relu, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._2.a.bn);
    TAKE(memory, v->s3._2.b.conv, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._2.b.bn__mean, 64);
    TAKE(memory, v->s3._2.b.bn__inv_std, 64);
    TAKE(memory, v->s3._2.b.bn, 64 * 8 * 8 * B);
    TAKE(memory, v->s3._2.b__relu, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._2.b.bn);
    TAKE(memory, v->s3__adaptive_avg_pool2d, 64 * 1 * 1 * B);
    TAKE(memory, v->logits, 10 * B);

    TAKE(memory, d->logits, 10 * B);
    GIVE(memory, v->logits);
    GIVE(memory, v->s3__adaptive_avg_pool2d);
    TAKE(memory, d->s3__adaptive_avg_pool2d, 64 * 1 * 1 * B);
    GIVE(memory, d->logits);
    TAKE(memory, d->s3._2.b__relu, 64 * 8 * 8 * B);
    GIVE(memory, d->s3__adaptive_avg_pool2d);
    TAKE(memory, d->s3._2.b__add, 64 * 8 * 8 * B);
    TAKE(memory, d->s3._1.b__relu, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._2.b__relu);
    GIVE(memory, d->s3._2.b__relu);
    TAKE(memory, d->s3._2.b.conv, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._2.b.conv);
    GIVE(memory, v->s3._2.b.bn__mean);
    GIVE(memory, v->s3._2.b.bn__inv_std);
    GIVE(memory, d->s3._2.b__add);
    TAKE(memory, d->s3._2.a__relu, 64 * 8 * 8 * B);
    GIVE(memory, d->s3._2.b.conv);
    TAKE(memory, d->s3._2.a.bn, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._2.a__relu);
    GIVE(memory, d->s3._2.a__relu);
    TAKE(memory, d->s3._2.a.conv, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._2.a.conv);
    GIVE(memory, v->s3._2.a.bn__mean);
    GIVE(memory, v->s3._2.a.bn__inv_std);
    GIVE(memory, d->s3._2.a.bn);
    TAKE(memory, d->s3._2.a.x__conv2d, 64 * 8 * 8 * B);
    GIVE(memory, d->s3._2.a.conv);
    GIVE(memory, d->s3._2.a.x__conv2d);
    TAKE(memory, d->s3._1.b__add, 64 * 8 * 8 * B);
    TAKE(memory, d->s3._0.b__relu, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._1.b__relu);
    GIVE(memory, d->s3._1.b__relu);
    TAKE(memory, d->s3._1.b.conv, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._1.b.conv);
    GIVE(memory, v->s3._1.b.bn__mean);
    GIVE(memory, v->s3._1.b.bn__inv_std);
    GIVE(memory, d->s3._1.b__add);
    TAKE(memory, d->s3._1.a__relu, 64 * 8 * 8 * B);
    GIVE(memory, d->s3._1.b.conv);
    TAKE(memory, d->s3._1.a.bn, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._1.a__relu);
    GIVE(memory, d->s3._1.a__relu);
    TAKE(memory, d->s3._1.a.conv, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._1.a.conv);
    GIVE(memory, v->s3._1.a.bn__mean);
    GIVE(memory, v->s3._1.a.bn__inv_std);
    GIVE(memory, d->s3._1.a.bn);
    TAKE(memory, d->s3._1.a.x__conv2d, 64 * 8 * 8 * B);
    GIVE(memory, d->s3._1.a.conv);
    GIVE(memory, d->s3._1.a.x__conv2d);
    TAKE(memory, d->s3._0.b__add, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._0.b__relu);
    GIVE(memory, d->s3._0.b__relu);
    TAKE(memory, d->s3._0.b.conv, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._0.b.conv);
    GIVE(memory, v->s3._0.b.bn__mean);
    GIVE(memory, v->s3._0.b.bn__inv_std);
    TAKE(memory, d->s3._0.a__relu, 64 * 8 * 8 * B);
    GIVE(memory, d->s3._0.b.conv);
    TAKE(memory, d->s3._0.a.bn, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._0.a__relu);
    GIVE(memory, d->s3._0.a__relu);
    TAKE(memory, d->s3._0.a.conv, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._0.a.conv);
    GIVE(memory, v->s3._0.a.bn__mean);
    GIVE(memory, v->s3._0.a.bn__inv_std);
    GIVE(memory, d->s3._0.a.bn);
    TAKE(memory, d->s2._2.b__relu, 32 * 16 * 16 * B);
    GIVE(memory, d->s3._0.a.conv);
    TAKE(memory, d->s3._0.skip.conv, 64 * 8 * 8 * B);
    GIVE(memory, v->s3._0.skip.conv);
    GIVE(memory, v->s3._0.skip.bn__mean);
    GIVE(memory, v->s3._0.skip.bn__inv_std);
    GIVE(memory, d->s3._0.b__add);
    TAKE(memory, d->s3._0.skip.x__conv2d, 32 * 16 * 16 * B);
    GIVE(memory, d->s3._0.skip.conv);
    GIVE(memory, d->s3._0.skip.x__conv2d);
    TAKE(memory, d->s2._2.b__add, 32 * 16 * 16 * B);
    TAKE(memory, d->s2._1.b__relu, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._2.b__relu);
    GIVE(memory, d->s2._2.b__relu);
    TAKE(memory, d->s2._2.b.conv, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._2.b.conv);
    GIVE(memory, v->s2._2.b.bn__mean);
    GIVE(memory, v->s2._2.b.bn__inv_std);
    GIVE(memory, d->s2._2.b__add);
    TAKE(memory, d->s2._2.a__relu, 32 * 16 * 16 * B);
    GIVE(memory, d->s2._2.b.conv);
    TAKE(memory, d->s2._2.a.bn, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._2.a__relu);
    GIVE(memory, d->s2._2.a__relu);
    TAKE(memory, d->s2._2.a.conv, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._2.a.conv);
    GIVE(memory, v->s2._2.a.bn__mean);
    GIVE(memory, v->s2._2.a.bn__inv_std);
    GIVE(memory, d->s2._2.a.bn);
    TAKE(memory, d->s2._2.a.x__conv2d, 32 * 16 * 16 * B);
    GIVE(memory, d->s2._2.a.conv);
    GIVE(memory, d->s2._2.a.x__conv2d);
    TAKE(memory, d->s2._1.b__add, 32 * 16 * 16 * B);
    TAKE(memory, d->s2._0.b__relu, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._1.b__relu);
    GIVE(memory, d->s2._1.b__relu);
    TAKE(memory, d->s2._1.b.conv, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._1.b.conv);
    GIVE(memory, v->s2._1.b.bn__mean);
    GIVE(memory, v->s2._1.b.bn__inv_std);
    GIVE(memory, d->s2._1.b__add);
    TAKE(memory, d->s2._1.a__relu, 32 * 16 * 16 * B);
    GIVE(memory, d->s2._1.b.conv);
    TAKE(memory, d->s2._1.a.bn, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._1.a__relu);
    GIVE(memory, d->s2._1.a__relu);
    TAKE(memory, d->s2._1.a.conv, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._1.a.conv);
    GIVE(memory, v->s2._1.a.bn__mean);
    GIVE(memory, v->s2._1.a.bn__inv_std);
    GIVE(memory, d->s2._1.a.bn);
    TAKE(memory, d->s2._1.a.x__conv2d, 32 * 16 * 16 * B);
    GIVE(memory, d->s2._1.a.conv);
    GIVE(memory, d->s2._1.a.x__conv2d);
    TAKE(memory, d->s2._0.b__add, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._0.b__relu);
    GIVE(memory, d->s2._0.b__relu);
    TAKE(memory, d->s2._0.b.conv, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._0.b.conv);
    GIVE(memory, v->s2._0.b.bn__mean);
    GIVE(memory, v->s2._0.b.bn__inv_std);
    TAKE(memory, d->s2._0.a__relu, 32 * 16 * 16 * B);
    GIVE(memory, d->s2._0.b.conv);
    TAKE(memory, d->s2._0.a.bn, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._0.a__relu);
    GIVE(memory, d->s2._0.a__relu);
    TAKE(memory, d->s2._0.a.conv, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._0.a.conv);
    GIVE(memory, v->s2._0.a.bn__mean);
    GIVE(memory, v->s2._0.a.bn__inv_std);
    GIVE(memory, d->s2._0.a.bn);
    TAKE(memory, d->s1._2.b__relu, 16 * 32 * 32 * B);
    GIVE(memory, d->s2._0.a.conv);
    TAKE(memory, d->s2._0.skip.conv, 32 * 16 * 16 * B);
    GIVE(memory, v->s2._0.skip.conv);
    GIVE(memory, v->s2._0.skip.bn__mean);
    GIVE(memory, v->s2._0.skip.bn__inv_std);
    GIVE(memory, d->s2._0.b__add);
    TAKE(memory, d->s2._0.skip.x__conv2d, 16 * 32 * 32 * B);
    GIVE(memory, d->s2._0.skip.conv);
    GIVE(memory, d->s2._0.skip.x__conv2d);
    TAKE(memory, d->s1._2.b__add, 16 * 32 * 32 * B);
    TAKE(memory, d->s1._1.b__relu, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._2.b__relu);
    GIVE(memory, d->s1._2.b__relu);
    TAKE(memory, d->s1._2.b.conv, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._2.b.conv);
    GIVE(memory, v->s1._2.b.bn__mean);
    GIVE(memory, v->s1._2.b.bn__inv_std);
    GIVE(memory, d->s1._2.b__add);
    TAKE(memory, d->s1._2.a__relu, 16 * 32 * 32 * B);
    GIVE(memory, d->s1._2.b.conv);
    TAKE(memory, d->s1._2.a.bn, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._2.a__relu);
    GIVE(memory, d->s1._2.a__relu);
    TAKE(memory, d->s1._2.a.conv, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._2.a.conv);
    GIVE(memory, v->s1._2.a.bn__mean);
    GIVE(memory, v->s1._2.a.bn__inv_std);
    GIVE(memory, d->s1._2.a.bn);
    TAKE(memory, d->s1._2.a.x__conv2d, 16 * 32 * 32 * B);
    GIVE(memory, d->s1._2.a.conv);
    GIVE(memory, d->s1._2.a.x__conv2d);
    TAKE(memory, d->s1._1.b__add, 16 * 32 * 32 * B);
    TAKE(memory, d->s1._0.b__relu, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._1.b__relu);
    GIVE(memory, d->s1._1.b__relu);
    TAKE(memory, d->s1._1.b.conv, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._1.b.conv);
    GIVE(memory, v->s1._1.b.bn__mean);
    GIVE(memory, v->s1._1.b.bn__inv_std);
    GIVE(memory, d->s1._1.b__add);
    TAKE(memory, d->s1._1.a__relu, 16 * 32 * 32 * B);
    GIVE(memory, d->s1._1.b.conv);
    TAKE(memory, d->s1._1.a.bn, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._1.a__relu);
    GIVE(memory, d->s1._1.a__relu);
    TAKE(memory, d->s1._1.a.conv, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._1.a.conv);
    GIVE(memory, v->s1._1.a.bn__mean);
    GIVE(memory, v->s1._1.a.bn__inv_std);
    GIVE(memory, d->s1._1.a.bn);
    TAKE(memory, d->s1._1.a.x__conv2d, 16 * 32 * 32 * B);
    GIVE(memory, d->s1._1.a.conv);
    GIVE(memory, d->s1._1.a.x__conv2d);
    TAKE(memory, d->s1._0.b__add, 16 * 32 * 32 * B);
    TAKE(memory, d->stem__relu, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._0.b__relu);
    GIVE(memory, d->s1._0.b__relu);
    TAKE(memory, d->s1._0.b.conv, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._0.b.conv);
    GIVE(memory, v->s1._0.b.bn__mean);
    GIVE(memory, v->s1._0.b.bn__inv_std);
    GIVE(memory, d->s1._0.b__add);
    TAKE(memory, d->s1._0.a__relu, 16 * 32 * 32 * B);
    GIVE(memory, d->s1._0.b.conv);
    TAKE(memory, d->s1._0.a.bn, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._0.a__relu);
    GIVE(memory, d->s1._0.a__relu);
    TAKE(memory, d->s1._0.a.conv, 16 * 32 * 32 * B);
    GIVE(memory, v->s1._0.a.conv);
    GIVE(memory, v->s1._0.a.bn__mean);
    GIVE(memory, v->s1._0.a.bn__inv_std);
    GIVE(memory, d->s1._0.a.bn);
    TAKE(memory, d->s1._0.a.x__conv2d, 16 * 32 * 32 * B);
    GIVE(memory, d->s1._0.a.conv);
    GIVE(memory, d->s1._0.a.x__conv2d);
    TAKE(memory, d->stem.bn, 16 * 32 * 32 * B);
    GIVE(memory, v->stem__relu);
    GIVE(memory, d->stem__relu);
    TAKE(memory, d->stem.conv, 16 * 32 * 32 * B);
    GIVE(memory, v->stem.conv);
    GIVE(memory, v->stem.bn__mean);
    GIVE(memory, v->stem.bn__inv_std);
    GIVE(memory, d->stem.bn);
    if (memory->keep_all) /* gradcheck asks for it; training never does */
        TAKE(memory, d->x, 3 * 32 * 32 * B);
    GIVE(memory, d->stem.conv);
    GIVE(memory, v->x);
    GIVE(memory, v->y);

    /* What goes into blocks and what repeats hand on, under names of their own. */
    SAME(memory, v->stem.x, v->x);
    SAME(memory, v->s1._0.x, v->stem__relu);
    SAME(memory, v->s1._0.a.x, v->s1._0.x);
    SAME(memory, v->s1._0.b.x, v->s1._0.a__relu);
    SAME(memory, v->s1.out, v->s1._0.b__relu);
    SAME(memory, v->s1._1.x, v->s1.out);
    SAME(memory, v->s1._1.a.x, v->s1._1.x);
    SAME(memory, v->s1._1.b.x, v->s1._1.a__relu);
    SAME(memory, v->s1.out, v->s1._1.b__relu);
    SAME(memory, v->s1._2.x, v->s1.out);
    SAME(memory, v->s1._2.a.x, v->s1._2.x);
    SAME(memory, v->s1._2.b.x, v->s1._2.a__relu);
    SAME(memory, v->s1.out, v->s1._2.b__relu);
    SAME(memory, v->s2._0.x, v->s1.out);
    SAME(memory, v->s2._0.skip.x, v->s2._0.x);
    SAME(memory, v->s2._0.a.x, v->s2._0.x);
    SAME(memory, v->s2._0.b.x, v->s2._0.a__relu);
    SAME(memory, v->s2.out, v->s2._0.b__relu);
    SAME(memory, v->s2._1.x, v->s2.out);
    SAME(memory, v->s2._1.a.x, v->s2._1.x);
    SAME(memory, v->s2._1.b.x, v->s2._1.a__relu);
    SAME(memory, v->s2.out, v->s2._1.b__relu);
    SAME(memory, v->s2._2.x, v->s2.out);
    SAME(memory, v->s2._2.a.x, v->s2._2.x);
    SAME(memory, v->s2._2.b.x, v->s2._2.a__relu);
    SAME(memory, v->s2.out, v->s2._2.b__relu);
    SAME(memory, v->s3._0.x, v->s2.out);
    SAME(memory, v->s3._0.skip.x, v->s3._0.x);
    SAME(memory, v->s3._0.a.x, v->s3._0.x);
    SAME(memory, v->s3._0.b.x, v->s3._0.a__relu);
    SAME(memory, v->s3.out, v->s3._0.b__relu);
    SAME(memory, v->s3._1.x, v->s3.out);
    SAME(memory, v->s3._1.a.x, v->s3._1.x);
    SAME(memory, v->s3._1.b.x, v->s3._1.a__relu);
    SAME(memory, v->s3.out, v->s3._1.b__relu);
    SAME(memory, v->s3._2.x, v->s3.out);
    SAME(memory, v->s3._2.a.x, v->s3._2.x);
    SAME(memory, v->s3._2.b.x, v->s3._2.a__relu);
    SAME(memory, v->s3.out, v->s3._2.b__relu);

    SAME(memory, d->stem.x, d->x);
    SAME(memory, d->s1._0.x, d->stem__relu);
    SAME(memory, d->s1._0.a.x, d->s1._0.x);
    SAME(memory, d->s1._0.b.x, d->s1._0.a__relu);
    SAME(memory, d->s1.out, d->s1._0.b__relu);
    SAME(memory, d->s1._1.x, d->s1.out);
    SAME(memory, d->s1._1.a.x, d->s1._1.x);
    SAME(memory, d->s1._1.b.x, d->s1._1.a__relu);
    SAME(memory, d->s1.out, d->s1._1.b__relu);
    SAME(memory, d->s1._2.x, d->s1.out);
    SAME(memory, d->s1._2.a.x, d->s1._2.x);
    SAME(memory, d->s1._2.b.x, d->s1._2.a__relu);
    SAME(memory, d->s1.out, d->s1._2.b__relu);
    SAME(memory, d->s2._0.x, d->s1.out);
    SAME(memory, d->s2._0.skip.x, d->s2._0.x);
    SAME(memory, d->s2._0.a.x, d->s2._0.x);
    SAME(memory, d->s2._0.b.x, d->s2._0.a__relu);
    SAME(memory, d->s2.out, d->s2._0.b__relu);
    SAME(memory, d->s2._1.x, d->s2.out);
    SAME(memory, d->s2._1.a.x, d->s2._1.x);
    SAME(memory, d->s2._1.b.x, d->s2._1.a__relu);
    SAME(memory, d->s2.out, d->s2._1.b__relu);
    SAME(memory, d->s2._2.x, d->s2.out);
    SAME(memory, d->s2._2.a.x, d->s2._2.x);
    SAME(memory, d->s2._2.b.x, d->s2._2.a__relu);
    SAME(memory, d->s2.out, d->s2._2.b__relu);
    SAME(memory, d->s3._0.x, d->s2.out);
    SAME(memory, d->s3._0.skip.x, d->s3._0.x);
    SAME(memory, d->s3._0.a.x, d->s3._0.x);
    SAME(memory, d->s3._0.b.x, d->s3._0.a__relu);
    SAME(memory, d->s3.out, d->s3._0.b__relu);
    SAME(memory, d->s3._1.x, d->s3.out);
    SAME(memory, d->s3._1.a.x, d->s3._1.x);
    SAME(memory, d->s3._1.b.x, d->s3._1.a__relu);
    SAME(memory, d->s3.out, d->s3._1.b__relu);
    SAME(memory, d->s3._2.x, d->s3.out);
    SAME(memory, d->s3._2.a.x, d->s3._2.x);
    SAME(memory, d->s3._2.b.x, d->s3._2.a__relu);
    SAME(memory, d->s3.out, d->s3._2.b__relu);
}

/* Every value that can be looked at, in the order in which they are made. */
static const struct ValueEntry values[] = {
    /* path, place, kind, axes behind B, their sizes, classes, last axis outermost, input of the
     * model */
    {"x", offsetof(struct Values, x), 'r', 3, {3, 32, 32}, 0, 0, 1},
    {"stem.conv", offsetof(struct Values, stem.conv), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"stem.bn", offsetof(struct Values, stem.bn), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"stem", offsetof(struct Values, stem__relu), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.0.skip", offsetof(struct Values, stem__relu), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.0.a.conv", offsetof(struct Values, s1._0.a.conv), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.0.a.bn", offsetof(struct Values, s1._0.a.bn), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.0.a", offsetof(struct Values, s1._0.a__relu), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.0.b.conv", offsetof(struct Values, s1._0.b.conv), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.0.b.bn", offsetof(struct Values, s1._0.b.bn), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.0.b", offsetof(struct Values, s1._0.b.bn), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.0.b__relu", offsetof(struct Values, s1._0.b__relu), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.0", offsetof(struct Values, s1._0.b__relu), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.1.skip", offsetof(struct Values, s1._0.b__relu), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.1.a.conv", offsetof(struct Values, s1._1.a.conv), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.1.a.bn", offsetof(struct Values, s1._1.a.bn), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.1.a", offsetof(struct Values, s1._1.a__relu), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.1.b.conv", offsetof(struct Values, s1._1.b.conv), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.1.b.bn", offsetof(struct Values, s1._1.b.bn), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.1.b", offsetof(struct Values, s1._1.b.bn), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.1.b__relu", offsetof(struct Values, s1._1.b__relu), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.1", offsetof(struct Values, s1._1.b__relu), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.2.skip", offsetof(struct Values, s1._1.b__relu), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.2.a.conv", offsetof(struct Values, s1._2.a.conv), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.2.a.bn", offsetof(struct Values, s1._2.a.bn), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.2.a", offsetof(struct Values, s1._2.a__relu), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.2.b.conv", offsetof(struct Values, s1._2.b.conv), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.2.b.bn", offsetof(struct Values, s1._2.b.bn), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.2.b", offsetof(struct Values, s1._2.b.bn), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.2.b__relu", offsetof(struct Values, s1._2.b__relu), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1.2", offsetof(struct Values, s1._2.b__relu), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s1", offsetof(struct Values, s1.out), 'r', 3, {16, 32, 32}, 0, 0, 0},
    {"s2.0.skip.conv", offsetof(struct Values, s2._0.skip.conv), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.0.skip.bn", offsetof(struct Values, s2._0.skip.bn), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.0.skip", offsetof(struct Values, s2._0.skip.bn), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.0.a.conv", offsetof(struct Values, s2._0.a.conv), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.0.a.bn", offsetof(struct Values, s2._0.a.bn), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.0.a", offsetof(struct Values, s2._0.a__relu), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.0.b.conv", offsetof(struct Values, s2._0.b.conv), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.0.b.bn", offsetof(struct Values, s2._0.b.bn), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.0.b", offsetof(struct Values, s2._0.b.bn), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.0.b__relu", offsetof(struct Values, s2._0.b__relu), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.0", offsetof(struct Values, s2._0.b__relu), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.1.skip", offsetof(struct Values, s2._0.b__relu), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.1.a.conv", offsetof(struct Values, s2._1.a.conv), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.1.a.bn", offsetof(struct Values, s2._1.a.bn), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.1.a", offsetof(struct Values, s2._1.a__relu), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.1.b.conv", offsetof(struct Values, s2._1.b.conv), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.1.b.bn", offsetof(struct Values, s2._1.b.bn), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.1.b", offsetof(struct Values, s2._1.b.bn), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.1.b__relu", offsetof(struct Values, s2._1.b__relu), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.1", offsetof(struct Values, s2._1.b__relu), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.2.skip", offsetof(struct Values, s2._1.b__relu), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.2.a.conv", offsetof(struct Values, s2._2.a.conv), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.2.a.bn", offsetof(struct Values, s2._2.a.bn), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.2.a", offsetof(struct Values, s2._2.a__relu), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.2.b.conv", offsetof(struct Values, s2._2.b.conv), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.2.b.bn", offsetof(struct Values, s2._2.b.bn), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.2.b", offsetof(struct Values, s2._2.b.bn), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.2.b__relu", offsetof(struct Values, s2._2.b__relu), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2.2", offsetof(struct Values, s2._2.b__relu), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s2", offsetof(struct Values, s2.out), 'r', 3, {32, 16, 16}, 0, 0, 0},
    {"s3.0.skip.conv", offsetof(struct Values, s3._0.skip.conv), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.0.skip.bn", offsetof(struct Values, s3._0.skip.bn), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.0.skip", offsetof(struct Values, s3._0.skip.bn), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.0.a.conv", offsetof(struct Values, s3._0.a.conv), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.0.a.bn", offsetof(struct Values, s3._0.a.bn), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.0.a", offsetof(struct Values, s3._0.a__relu), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.0.b.conv", offsetof(struct Values, s3._0.b.conv), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.0.b.bn", offsetof(struct Values, s3._0.b.bn), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.0.b", offsetof(struct Values, s3._0.b.bn), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.0.b__relu", offsetof(struct Values, s3._0.b__relu), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.0", offsetof(struct Values, s3._0.b__relu), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.1.skip", offsetof(struct Values, s3._0.b__relu), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.1.a.conv", offsetof(struct Values, s3._1.a.conv), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.1.a.bn", offsetof(struct Values, s3._1.a.bn), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.1.a", offsetof(struct Values, s3._1.a__relu), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.1.b.conv", offsetof(struct Values, s3._1.b.conv), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.1.b.bn", offsetof(struct Values, s3._1.b.bn), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.1.b", offsetof(struct Values, s3._1.b.bn), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.1.b__relu", offsetof(struct Values, s3._1.b__relu), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.1", offsetof(struct Values, s3._1.b__relu), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.2.skip", offsetof(struct Values, s3._1.b__relu), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.2.a.conv", offsetof(struct Values, s3._2.a.conv), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.2.a.bn", offsetof(struct Values, s3._2.a.bn), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.2.a", offsetof(struct Values, s3._2.a__relu), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.2.b.conv", offsetof(struct Values, s3._2.b.conv), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.2.b.bn", offsetof(struct Values, s3._2.b.bn), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.2.b", offsetof(struct Values, s3._2.b.bn), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.2.b__relu", offsetof(struct Values, s3._2.b__relu), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3.2", offsetof(struct Values, s3._2.b__relu), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3", offsetof(struct Values, s3.out), 'r', 3, {64, 8, 8}, 0, 0, 0},
    {"s3__adaptive_avg_pool2d", offsetof(struct Values, s3__adaptive_avg_pool2d), 'r', 3,
        {64, 1, 1}, 0, 0, 0},
    {"s3__flatten", offsetof(struct Values, s3__adaptive_avg_pool2d), 'r', 1, {64}, 0, 0, 0},
    {"logits", offsetof(struct Values, logits), 'r', 1, {10}, 0, 0, 0},
    {"y", offsetof(struct Values, y), 'i', 0, {0}, 10, 0, 0},
};
enum { VALUES = sizeof values / sizeof *values };

/* ------------------------------------------------------------------------------------------------
 * main
 * --------------------------------------------------------------------------------------------- */

struct TensorEntry {
    char *name;
    char dtype[8];
    int rank;
    uint64_t shape[8], begin, end; /* begin, end: in bytes, behind the header */
};
struct TensorFile {
    const char *path;
    const unsigned char *numbers; /* what stands behind the header */
    uint64_t bytes; /* of them */
    struct TensorEntry *entries;
    int count;
    char **metadata; /* key, value, key, value ... */
    int pairs;
    unsigned char *all;
    const char *fault; /* what is wrong with it */
};

struct Trainer;
static int read_command_line(
    int argc, char **argv, struct Options *options, struct Arguments *given);
static void open_memory(struct Memory *memory);
static int command_eval(struct Trainer *t);
static int command_gradcheck(struct Trainer *t);
static int command_grads(struct Trainer *t);
static int command_info(struct Trainer *t);
static void warn_batch_statistics(
    int accumulate, int in_program, int batch, const char *row, const char *norm);
static int command_predict(struct Trainer *t);
static int start_training(struct Trainer *t, struct Log *log);
static int end_training(struct Trainer *t, struct Log *log, int status, char *more);

#define OPTION(path) #path, offsetof(struct Options, path)
static const struct Flag flags[] = {
    /* key, kind, value in model.mt, least, most, what it is */
    {OPTION(data.train), FLAG_PATH, "cifar/data_batch_*.bin", -MT_ANY, MT_ANY,
        "files, as a pattern"},
    {OPTION(data.test), FLAG_PATH, "cifar/test_batch.bin", -MT_ANY, MT_ANY, "files, as a pattern"},
    {OPTION(data.batch), FLAG_INT, MT_TEXT(MT_BATCH), 1, BATCH, "examples of a micro-batch"},
    {OPTION(data.shuffle), FLAG_BOOL, "true", -MT_ANY, MT_ANY, "train in another order each epoch"},
    {OPTION(data.drop_last), FLAG_BOOL, "false", -MT_ANY, MT_ANY, "leave out a short last batch"},
    {OPTION(optimizer.lr), FLAG_REAL, "0.1", 0, MT_ANY, "learning rate"},
    {OPTION(optimizer.momentum), FLAG_REAL, "0.9", 0, MT_ANY,
        "part of the last step that is taken again"},
    {OPTION(optimizer.weight_decay), FLAG_REAL, "0.0001", 0, MT_ANY,
        "times w, added to the gradient"},
    {OPTION(schedule.milestones), FLAG_DURATIONS, "[82 epochs, 123 epochs]", -MT_ANY, MT_ANY,
        "times of the changes"},
    {OPTION(schedule.gamma), FLAG_REAL, "0.1", -MT_ANY, MT_ANY, "factor of each change"},
    {OPTION(train.run), FLAG_DURATION, "164 epochs", -MT_ANY, MT_ANY, "length of the run"},
    {OPTION(train.accumulate), FLAG_INT, "1", 1, MT_ANY,
        "micro-batches in a step of the optimizer"},
    {OPTION(train.seed), FLAG_LONG, "0", -MT_ANY, MT_ANY, "of initial weights, order and dropout"},
    {OPTION(train.log_every), FLAG_DURATION, "100 steps", -MT_ANY, MT_ANY,
        "how often the running loss is printed"},
    {OPTION(train.eval_every), FLAG_DURATION, "1 epoch", -MT_ANY, MT_ANY,
        "how often the model is evaluated"},
};
enum { FLAGS = sizeof flags / sizeof *flags };
/* No flags: they decide which code there is. */
static const char *const compiled[] = {"optimizer.dampening", "optimizer.nesterov",
    "optimizer.maximize", "train.clip_grad_norm", "train.clip_grad_value", NULL};

#define EDITION "1"
#define SPLITS "train, test"
#define OUTPUT "logits" /* the row that predict prints */
static const char *const target_columns[] = {"y", NULL};

/* All that a command works with. */
struct Trainer {
    struct Options options;
    struct Arguments arguments;
    struct Data data;
    struct Memory memory;
    struct Parameters *p, *g;
    struct Buffers *s;
    struct Optimizer *optimizer;
    struct Values v, d;
};

/* The forward pass as in training, and as in evaluation, for commands. */
static void forward_in_training(const struct Parameters *p, struct Buffers *s, struct Values *v,
    int n, uint64_t seed, int step, int first)
{
    forward_train(p, s, v, n);
    (void)seed;
    (void)step;
    (void)first;
}

static void forward_in_evaluation(const struct Parameters *p, struct Buffers *s, struct Values *v,
    int n, uint64_t seed, int step, int first)
{
    forward_eval(p, s, v);
    (void)n;
    (void)seed;
    (void)step;
    (void)first;
}

static void evaluate_split(struct Trainer *t, struct Dataloader *loader, double *result)
{
    evaluate(t->p, t->s, &t->v, loader, result);
}

/* The split of this name, opened; NULL if there is none. */
static const struct Dataset *open_split(
    struct Trainer *t, const char *name, int columns, const struct TensorFile *file)
{
    const struct Dataset *dataset = NULL;
    int open = columns;
    if (strcmp(name, "train") == 0) {
        dataset = &t->data.train;
        open |= OPEN_TRAIN;
    }
    if (strcmp(name, "test") == 0) {
        dataset = &t->data.test;
        open |= OPEN_TEST;
    }
    if (!dataset)
        return NULL;
    (void)file;
    open_data(&t->options, &t->data, open);
    return dataset;
}

/* ./train [train] */
static int command_train(struct Trainer *t)
{
    const struct Options *options = &t->options;
    struct Dataloader loader = {0}, evalloader = {0};
    struct Log log = {0};
    int status;

    open_data(options, &t->data, OPEN_TRAIN | OPEN_TEST | OPEN_TARGETS);
    open_loader(&t->memory, &loader, &t->data.train, options->data.batch, options->data.shuffle,
        options->data.drop_last);
    open_loader(&t->memory, &evalloader, &t->data.test, options->data.batch, 0, 0);
    warn_batch_statistics(
        options->train.accumulate, 1, options->data.batch, "stem.bn", "batch_norm2d");
    TAKE(&t->memory, t->p, 1);
    TAKE(&t->memory, t->s, 1);
    TAKE(&t->memory, t->g, 1);
    TAKE(&t->memory, t->optimizer, 1);
    plan(&t->memory, &t->v, &t->d);
    open_memory(&t->memory);

    init_buffers(t->s);
    if (!start_training(t, &log))
        return 1;
    status =
        train(options, t->p, t->g, t->s, t->optimizer, &t->v, &t->d, &loader, &evalloader, &log);
    return end_training(t, &log, status, NULL);
}

#ifdef MT_NO_MAIN
int mt_main(int argc, char **argv);
int mt_main(int argc, char **argv)
#else
int main(int argc, char **argv)
#endif
{
    static struct Trainer t;
    memset(&t, 0, sizeof t);
    int status = read_command_line(argc, argv, &t.options, &t.arguments);
    if (status >= 0) /* --help, or wrong use */
        return status;
    if (strcmp(t.arguments.command, "eval") == 0)
        return command_eval(&t);
    if (strcmp(t.arguments.command, "predict") == 0)
        return command_predict(&t);
    if (strcmp(t.arguments.command, "gradcheck") == 0)
        return command_gradcheck(&t);
    if (strcmp(t.arguments.command, "grads") == 0)
        return command_grads(&t);
    if (strcmp(t.arguments.command, "info") == 0)
        return command_info(&t);
    return command_train(&t);
}

