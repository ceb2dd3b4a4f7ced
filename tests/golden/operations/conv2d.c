/* x: [B, 3, 7, 6] | conv: conv2d(5, 3, padding=1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, 7, 6, init=zeros) */

    /* x: x0 + wx */
    repeat(126, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 7 * 6 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* conv: conv2d(5, 3, padding=1) */
    conv2d(3, 7, 6, 5, 3, 1, v->x, p->conv.weight, p->conv.bias, v->conv);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(conv * r)        loss = sum of x */
    for (int i = 0; i < 5 * 7 * 6 * B; i++)
        v->loss__mul[i] = v->conv[i] * v->r[i];
    l.loss.sum = sum_of_examples(210, n, v->loss__mul) / 210;
    l.loss.denominator = n;
    return l;
}

/* loss > conv > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(conv * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(210, n, 0.004761904761904762, d->loss__mul);
    for (int i = 0; i < 5 * 7 * 6 * B; i++)
        d->conv[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 7 * 6 * B; i++)
            d->r[i] = d->loss__mul[i] * v->conv[i];
    }

    /* conv: conv2d(5, 3, padding=1) */
    conv2d_backward_weight(3, 7, 6, 5, 3, 1, v->x, d->conv, g->conv.weight); /* dW += dy * x */
    conv2d_backward_bias(5, 7, 6, d->conv, g->conv.bias); /* db += sum dy */
    /* dx = dy * W reversed */
    conv2d_backward_input(3, 7, 6, 5, 3, 1, p->conv.weight, d->conv, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 7 * 6 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(126, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 7 * 6; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 1, 9, 11] | conv: conv2d(7, 5, bias=false) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(1, 9, 11, init=zeros) */

    /* x: x0 + wx */
    repeat(99, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * 9 * 11 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* conv: conv2d(7, 5, bias=false) */
    conv2d(1, 9, 11, 7, 5, 0, v->x, p->conv.weight, NULL, v->conv);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(conv * r)        loss = sum of x */
    for (int i = 0; i < 7 * 5 * 7 * B; i++)
        v->loss__mul[i] = v->conv[i] * v->r[i];
    l.loss.sum = sum_of_examples(245, n, v->loss__mul) / 245;
    l.loss.denominator = n;
    return l;
}

/* loss > conv > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(conv * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(245, n, 0.004081632653061225, d->loss__mul);
    for (int i = 0; i < 7 * 5 * 7 * B; i++)
        d->conv[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 7 * 5 * 7 * B; i++)
            d->r[i] = d->loss__mul[i] * v->conv[i];
    }

    /* conv: conv2d(7, 5, bias=false) */
    conv2d_backward_weight(1, 9, 11, 7, 5, 0, v->x, d->conv, g->conv.weight); /* dW += dy * x */
    /* dx = dy * W reversed */
    conv2d_backward_input(1, 9, 11, 7, 5, 0, p->conv.weight, d->conv, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 9 * 11 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(99, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 1 * 9 * 11; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 7, 8] | conv: conv2d(3, [3, 2], stride=[2, 3], padding=[1, 0]) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 7, 8, init=zeros) */

    /* x: x0 + wx */
    repeat(112, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 7 * 8 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* conv: conv2d(3, [3, 2], stride=[2, 3], padding=[1, 0]) */
    conv2d_general(2, 7, 8, 3, 4, 3, pair(3, 2), pair(2, 3), pair(1, 0), pair(1, 1), 1, v->x,
        p->conv.weight, p->conv.bias, v->conv);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(conv * r)        loss = sum of x */
    for (int i = 0; i < 3 * 4 * 3 * B; i++)
        v->loss__mul[i] = v->conv[i] * v->r[i];
    l.loss.sum = sum_of_examples(36, n, v->loss__mul) / 36;
    l.loss.denominator = n;
    return l;
}

/* loss > conv > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(conv * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(36, n, 0.027777777777777776, d->loss__mul);
    for (int i = 0; i < 3 * 4 * 3 * B; i++)
        d->conv[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 4 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->conv[i];
    }

    /* conv: conv2d(3, [3, 2], stride=[2, 3], padding=[1, 0]) */
    /* dW += dy * x */
    conv2d_backward_weight_general(2, 7, 8, 3, 4, 3, pair(3, 2), pair(2, 3), pair(1, 0), pair(1, 1),
        1, v->x, d->conv, g->conv.weight);
    conv2d_backward_bias(3, 4, 3, d->conv, g->conv.bias); /* db += sum dy */
    /* dx = dy * W reversed */
    conv2d_backward_input_general(2, 7, 8, 3, 4, 3, pair(3, 2), pair(2, 3), pair(1, 0), pair(1, 1),
        1, p->conv.weight, d->conv, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 7 * 8 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(112, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 7 * 8; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 4, 5, 6] | conv: conv2d(6, [2, 4], padding="same", dilation=[3, 1]) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(4, 5, 6, init=zeros) */

    /* x: x0 + wx */
    repeat(120, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 4 * 5 * 6 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* conv: conv2d(6, [2, 4], padding="same", dilation=[3, 1]) */
    conv2d_general(4, 5, 6, 6, 5, 6, pair(2, 4), pair(1, 1), pair(1, 1), pair(3, 1), 1, v->x,
        p->conv.weight, p->conv.bias, v->conv);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(conv * r)        loss = sum of x */
    for (int i = 0; i < 6 * 5 * 6 * B; i++)
        v->loss__mul[i] = v->conv[i] * v->r[i];
    l.loss.sum = sum_of_examples(180, n, v->loss__mul) / 180;
    l.loss.denominator = n;
    return l;
}

/* loss > conv > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(conv * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(180, n, 0.005555555555555556, d->loss__mul);
    for (int i = 0; i < 6 * 5 * 6 * B; i++)
        d->conv[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 6 * 5 * 6 * B; i++)
            d->r[i] = d->loss__mul[i] * v->conv[i];
    }

    /* conv: conv2d(6, [2, 4], padding="same", dilation=[3, 1]) */
    /* dW += dy * x */
    conv2d_backward_weight_general(4, 5, 6, 6, 5, 6, pair(2, 4), pair(1, 1), pair(1, 1), pair(3, 1),
        1, v->x, d->conv, g->conv.weight);
    conv2d_backward_bias(6, 5, 6, d->conv, g->conv.bias); /* db += sum dy */
    /* dx = dy * W reversed */
    conv2d_backward_input_general(4, 5, 6, 6, 5, 6, pair(2, 4), pair(1, 1), pair(1, 1), pair(3, 1),
        1, p->conv.weight, d->conv, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * 5 * 6 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(120, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 4 * 5 * 6; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 4, 9, 8] | conv: conv2d(6, 3, stride=2, padding=2, dilation=2, groups=2) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(4, 9, 8, init=zeros) */

    /* x: x0 + wx */
    repeat(288, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 4 * 9 * 8 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* conv: conv2d(6, 3, stride=2, padding=2, dilation=2, groups=2) */
    conv2d_general(4, 9, 8, 6, 5, 4, pair(3, 3), pair(2, 2), pair(2, 2), pair(2, 2), 2, v->x,
        p->conv.weight, p->conv.bias, v->conv);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(conv * r)        loss = sum of x */
    for (int i = 0; i < 6 * 5 * 4 * B; i++)
        v->loss__mul[i] = v->conv[i] * v->r[i];
    l.loss.sum = sum_of_examples(120, n, v->loss__mul) / 120;
    l.loss.denominator = n;
    return l;
}

/* loss > conv > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(conv * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(120, n, 0.008333333333333333, d->loss__mul);
    for (int i = 0; i < 6 * 5 * 4 * B; i++)
        d->conv[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 6 * 5 * 4 * B; i++)
            d->r[i] = d->loss__mul[i] * v->conv[i];
    }

    /* conv: conv2d(6, 3, stride=2, padding=2, dilation=2, groups=2) */
    /* dW += dy * x */
    conv2d_backward_weight_general(4, 9, 8, 6, 5, 4, pair(3, 3), pair(2, 2), pair(2, 2), pair(2, 2),
        2, v->x, d->conv, g->conv.weight);
    conv2d_backward_bias(6, 5, 4, d->conv, g->conv.bias); /* db += sum dy */
    /* dx = dy * W reversed */
    conv2d_backward_input_general(4, 9, 8, 6, 5, 4, pair(3, 3), pair(2, 2), pair(2, 2), pair(2, 2),
        2, p->conv.weight, d->conv, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * 9 * 8 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(288, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 4 * 9 * 8; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3, 5, 5] | conv: conv2d(3, 3, padding=1, groups=3) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, 5, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(75, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 5 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* conv: conv2d(3, 3, padding=1, groups=3) */
    conv2d_general(3, 5, 5, 3, 5, 5, pair(3, 3), pair(1, 1), pair(1, 1), pair(1, 1), 3, v->x,
        p->conv.weight, p->conv.bias, v->conv);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(conv * r)        loss = sum of x */
    for (int i = 0; i < 3 * 5 * 5 * B; i++)
        v->loss__mul[i] = v->conv[i] * v->r[i];
    l.loss.sum = sum_of_examples(75, n, v->loss__mul) / 75;
    l.loss.denominator = n;
    return l;
}

/* loss > conv > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(conv * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(75, n, 0.013333333333333334, d->loss__mul);
    for (int i = 0; i < 3 * 5 * 5 * B; i++)
        d->conv[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->conv[i];
    }

    /* conv: conv2d(3, 3, padding=1, groups=3) */
    /* dW += dy * x */
    conv2d_backward_weight_general(3, 5, 5, 3, 5, 5, pair(3, 3), pair(1, 1), pair(1, 1), pair(1, 1),
        3, v->x, d->conv, g->conv.weight);
    conv2d_backward_bias(3, 5, 5, d->conv, g->conv.bias); /* db += sum dy */
    /* dx = dy * W reversed */
    conv2d_backward_input_general(3, 5, 5, 3, 5, 5, pair(3, 3), pair(1, 1), pair(1, 1), pair(1, 1),
        3, p->conv.weight, d->conv, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(75, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 5 * 5; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 5, 4, 3] | conv: conv2d(13, 1, padding="valid") */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, 4, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(60, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 4 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* conv: conv2d(13, 1, padding="valid") */
    conv2d(5, 4, 3, 13, 1, 0, v->x, p->conv.weight, p->conv.bias, v->conv);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(conv * r)        loss = sum of x */
    for (int i = 0; i < 13 * 4 * 3 * B; i++)
        v->loss__mul[i] = v->conv[i] * v->r[i];
    l.loss.sum = sum_of_examples(156, n, v->loss__mul) / 156;
    l.loss.denominator = n;
    return l;
}

/* loss > conv > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(conv * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(156, n, 0.00641025641025641, d->loss__mul);
    for (int i = 0; i < 13 * 4 * 3 * B; i++)
        d->conv[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 13 * 4 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->conv[i];
    }

    /* conv: conv2d(13, 1, padding="valid") */
    conv2d_backward_weight(5, 4, 3, 13, 1, 0, v->x, d->conv, g->conv.weight); /* dW += dy * x */
    conv2d_backward_bias(13, 4, 3, d->conv, g->conv.bias); /* db += sum dy */
    /* dx = dy * W reversed */
    conv2d_backward_input(5, 4, 3, 13, 1, 0, p->conv.weight, d->conv, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 4 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(60, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 5 * 4 * 3; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 6, 6] | conv: conv2d(2, 1, stride=3, padding=2) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 6, 6, init=zeros) */

    /* x: x0 + wx */
    repeat(72, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 6 * 6 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* conv: conv2d(2, 1, stride=3, padding=2) */
    conv2d_general(2, 6, 6, 2, 4, 4, pair(1, 1), pair(3, 3), pair(2, 2), pair(1, 1), 1, v->x,
        p->conv.weight, p->conv.bias, v->conv);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(conv * r)        loss = sum of x */
    for (int i = 0; i < 2 * 4 * 4 * B; i++)
        v->loss__mul[i] = v->conv[i] * v->r[i];
    l.loss.sum = sum_of_examples(32, n, v->loss__mul) / 32;
    l.loss.denominator = n;
    return l;
}

/* loss > conv > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(conv * r) */
    fill_examples(32, n, 0.03125, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 2 * 4 * 4 * B; i++)
        d->conv[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 4 * 4 * B; i++)
            d->r[i] = d->loss__mul[i] * v->conv[i];
    }

    /* conv: conv2d(2, 1, stride=3, padding=2) */
    /* dW += dy * x */
    conv2d_backward_weight_general(2, 6, 6, 2, 4, 4, pair(1, 1), pair(3, 3), pair(2, 2), pair(1, 1),
        1, v->x, d->conv, g->conv.weight);
    conv2d_backward_bias(2, 4, 4, d->conv, g->conv.bias); /* db += sum dy */
    /* dx = dy * W reversed */
    conv2d_backward_input_general(2, 6, 6, 2, 4, 4, pair(1, 1), pair(3, 3), pair(2, 2), pair(1, 1),
        1, p->conv.weight, d->conv, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 6 * 6 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(72, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 6 * 6; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
