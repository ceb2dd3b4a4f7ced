/* x: [B, 2, 3, 2] | up: upsample(2) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 3, 2, init=zeros) */

    /* x: x0 + wx */
    repeat(12, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * 2 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* up: upsample(2) */
    upsample_nearest(2, 3, 2, pair(2, 2), v->x, v->up);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(up * r)        loss = sum of x */
    for (int i = 0; i < 2 * 6 * 4 * B; i++)
        v->loss__mul[i] = v->up[i] * v->r[i];
    l.loss.sum = sum_of_examples(48, n, v->loss__mul) / 48;
    l.loss.denominator = n;
    return l;
}

/* loss > up > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(up * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(48, n, 0.020833333333333332, d->loss__mul);
    for (int i = 0; i < 2 * 6 * 4 * B; i++)
        d->up[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 6 * 4 * B; i++)
            d->r[i] = d->loss__mul[i] * v->up[i];
    }

    /* up: upsample(2) */
    upsample_nearest_backward(2, 3, 2, pair(2, 2), d->up, d->x); /* dx = sum of dy where x is */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 2 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(12, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 3 * 2; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 1, 2, 3] | up: upsample([3, 1]) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(1, 2, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(6, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * 2 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* up: upsample([3, 1]) */
    upsample_nearest(1, 2, 3, pair(3, 1), v->x, v->up);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(up * r)        loss = sum of x */
    for (int i = 0; i < 1 * 6 * 3 * B; i++)
        v->loss__mul[i] = v->up[i] * v->r[i];
    l.loss.sum = sum_of_examples(18, n, v->loss__mul) / 18;
    l.loss.denominator = n;
    return l;
}

/* loss > up > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(up * r) */
    fill_examples(18, n, 0.05555555555555555, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 1 * 6 * 3 * B; i++)
        d->up[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 6 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->up[i];
    }

    /* up: upsample([3, 1]) */
    upsample_nearest_backward(1, 2, 3, pair(3, 1), d->up, d->x); /* dx = sum of dy where x is */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 2 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(6, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 1 * 2 * 3; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 3, 4] | up: upsample(2, mode="bilinear") */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 3, 4, init=zeros) */

    /* x: x0 + wx */
    repeat(24, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* up: upsample(2, mode="bilinear") */
    upsample_bilinear(2, 3, 4, pair(2, 2), v->x, v->up);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(up * r)        loss = sum of x */
    for (int i = 0; i < 2 * 6 * 8 * B; i++)
        v->loss__mul[i] = v->up[i] * v->r[i];
    l.loss.sum = sum_of_examples(96, n, v->loss__mul) / 96;
    l.loss.denominator = n;
    return l;
}

/* loss > up > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(up * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(96, n, 0.010416666666666666, d->loss__mul);
    for (int i = 0; i < 2 * 6 * 8 * B; i++)
        d->up[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 6 * 8 * B; i++)
            d->r[i] = d->loss__mul[i] * v->up[i];
    }

    /* up: upsample(2, mode="bilinear") */
    /* dx = sum of dy by the part of x */
    upsample_bilinear_backward(2, 3, 4, pair(2, 2), d->up, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 4 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(24, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 3 * 4; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 1, 4, 1] | up: upsample([3, 2], mode="bilinear") */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(1, 4, 1, init=zeros) */

    /* x: x0 + wx */
    repeat(4, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * 4 * 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* up: upsample([3, 2], mode="bilinear") */
    upsample_bilinear(1, 4, 1, pair(3, 2), v->x, v->up);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(up * r)        loss = sum of x */
    for (int i = 0; i < 1 * 12 * 2 * B; i++)
        v->loss__mul[i] = v->up[i] * v->r[i];
    l.loss.sum = sum_of_examples(24, n, v->loss__mul) / 24;
    l.loss.denominator = n;
    return l;
}

/* loss > up > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(up * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(24, n, 0.041666666666666664, d->loss__mul);
    for (int i = 0; i < 1 * 12 * 2 * B; i++)
        d->up[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 12 * 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->up[i];
    }

    /* up: upsample([3, 2], mode="bilinear") */
    /* dx = sum of dy by the part of x */
    upsample_bilinear_backward(1, 4, 1, pair(3, 2), d->up, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 4 * 1 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(4, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 1 * 4 * 1; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 1, 3, 5] | up: upsample([1, 4], mode="bilinear") */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(1, 3, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(15, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * 3 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* up: upsample([1, 4], mode="bilinear") */
    upsample_bilinear(1, 3, 5, pair(1, 4), v->x, v->up);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(up * r)        loss = sum of x */
    for (int i = 0; i < 1 * 3 * 20 * B; i++)
        v->loss__mul[i] = v->up[i] * v->r[i];
    l.loss.sum = sum_of_examples(60, n, v->loss__mul) / 60;
    l.loss.denominator = n;
    return l;
}

/* loss > up > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(up * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(60, n, 0.016666666666666666, d->loss__mul);
    for (int i = 0; i < 1 * 3 * 20 * B; i++)
        d->up[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 3 * 20 * B; i++)
            d->r[i] = d->loss__mul[i] * v->up[i];
    }

    /* up: upsample([1, 4], mode="bilinear") */
    /* dx = sum of dy by the part of x */
    upsample_bilinear_backward(1, 3, 5, pair(1, 4), d->up, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 3 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(15, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 1 * 3 * 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
