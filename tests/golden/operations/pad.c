/* x: [B, 2, 3, 5] | h: pad([1, 2, 3, 0]) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 3, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(30, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: pad([1, 2, 3, 0]) */
    pad(2, 3, 5, B, 1, 2, 3, 0, 0, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 2 * 6 * 8 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(96, n, v->loss__mul) / 96;
    l.loss.denominator = n;
    return l;
}

/* loss > h > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(h * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(96, n, 0.010416666666666666, d->loss__mul);
    for (int i = 0; i < 2 * 6 * 8 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 6 * 8 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: pad([1, 2, 3, 0]) */
    pad(2, 6, 8, B, -1, -2, -3, 0, 0, d->h, d->x); /* dx = dy inside */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(30, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 3 * 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 5, 3] | h: pad([0, 2], value=-1.5) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(15, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: pad([0, 2], value=-1.5) */
    pad(5, 1, 3, B, 0, 2, 0, 0, -1.5, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 5 * 5 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(25, n, v->loss__mul) / 25;
    l.loss.denominator = n;
    return l;
}

/* loss > h > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(h * r) */
    fill_examples(25, n, 0.04, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 5 * 5 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: pad([0, 2], value=-1.5) */
    pad(5, 1, 5, B, 0, -2, 0, 0, 0, d->h, d->x); /* dx = dy inside */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(15, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 5 * 3; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 4] | h: pad([3, 1], value=2) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(4, init=zeros) */

    /* x: x0 + wx */
    repeat(4, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: pad([3, 1], value=2) */
    pad(1, 1, 4, B, 3, 1, 0, 0, 2, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 8 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(8, n, v->loss__mul) / 8;
    l.loss.denominator = n;
    return l;
}

/* loss > h > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(h * r) */
    fill_examples(8, n, 0.125, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 8 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 8 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: pad([3, 1], value=2) */
    pad(1, 1, 8, B, -3, -1, 0, 0, 0, d->h, d->x); /* dx = dy inside */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(4, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 4; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 5, 3] | h: pad([0, 0, 2, 0]) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(15, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: pad([0, 0, 2, 0]) */
    pad(1, 5, 3, B, 0, 0, 2, 0, 0, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 7 * 3 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(21, n, v->loss__mul) / 21;
    l.loss.denominator = n;
    return l;
}

/* loss > h > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(h * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(21, n, 0.047619047619047616, d->loss__mul);
    for (int i = 0; i < 7 * 3 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 7 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: pad([0, 0, 2, 0]) */
    pad(1, 7, 3, B, 0, 0, -2, 0, 0, d->h, d->x); /* dx = dy inside */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(15, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 5 * 3; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 6, 5] | h: pad([-1, 2, 1, -3], value=1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 6, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(60, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 6 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: pad([-1, 2, 1, -3], value=1) */
    pad(2, 6, 5, B, -1, 2, 1, -3, 1, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 2 * 4 * 6 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(48, n, v->loss__mul) / 48;
    l.loss.denominator = n;
    return l;
}

/* loss > h > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(h * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(48, n, 0.020833333333333332, d->loss__mul);
    for (int i = 0; i < 2 * 4 * 6 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 4 * 6 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: pad([-1, 2, 1, -3], value=1) */
    pad(2, 4, 6, B, 1, -2, -1, 3, 0, d->h, d->x); /* dx = dy inside */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 6 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(60, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 6 * 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 5] | h: pad([-1, -1]) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(10, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: pad([-1, -1]) */
    pad(2, 1, 5, B, -1, -1, 0, 0, 0, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 2 * 3 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(6, n, v->loss__mul) / 6;
    l.loss.denominator = n;
    return l;
}

/* loss > h > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(h * r) */
    fill_examples(6, n, 0.16666666666666666, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 2 * 3 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: pad([-1, -1]) */
    pad(2, 1, 3, B, 1, 1, 0, 0, 0, d->h, d->x); /* dx = dy inside */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(10, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
