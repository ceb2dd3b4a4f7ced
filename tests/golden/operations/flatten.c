/* x: [B, 16, 5, 5] | flatten */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(16, 5, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(400, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 16 * 5 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* out: flatten: [B, 16, 5, 5] is read as [B, 400] */
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(out * r)        loss = sum of x */
    for (int i = 0; i < 400 * B; i++)
        v->loss__mul[i] = v->x[i] * v->r[i];
    l.loss.sum = sum_of_examples(400, n, v->loss__mul) / 400;
    l.loss.denominator = n;
    return l;
}

/* loss > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(out * r) */
    fill_examples(400, n, 0.0025, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 400 * B; i++)
        d->x[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 400 * B; i++)
            d->r[i] = d->loss__mul[i] * v->x[i];
    }

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 16 * 5 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(400, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 16 * 5 * 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 3, 4] | flatten(2) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 3, 4, init=zeros) */

    /* x: x0 + wx */
    repeat(24, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* out: flatten(2): [B, 2, 3, 4] is read as [B, 2, 12] */
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(out * r)        loss = sum of x */
    for (int i = 0; i < 2 * 12 * B; i++)
        v->loss__mul[i] = v->x[i] * v->r[i];
    l.loss.sum = sum_of_examples(24, n, v->loss__mul) / 24;
    l.loss.denominator = n;
    return l;
}

/* loss > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(out * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(24, n, 0.041666666666666664, d->loss__mul);
    for (int i = 0; i < 2 * 12 * B; i++)
        d->x[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 12 * B; i++)
            d->r[i] = d->loss__mul[i] * v->x[i];
    }

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

/* x: [B, 2, 3, 4] | flatten(1, 2) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 3, 4, init=zeros) */

    /* x: x0 + wx */
    repeat(24, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* out: flatten(1, 2): [B, 2, 3, 4] is read as [B, 6, 4] */
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(out * r)        loss = sum of x */
    for (int i = 0; i < 6 * 4 * B; i++)
        v->loss__mul[i] = v->x[i] * v->r[i];
    l.loss.sum = sum_of_examples(24, n, v->loss__mul) / 24;
    l.loss.denominator = n;
    return l;
}

/* loss > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(out * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(24, n, 0.041666666666666664, d->loss__mul);
    for (int i = 0; i < 6 * 4 * B; i++)
        d->x[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 6 * 4 * B; i++)
            d->r[i] = d->loss__mul[i] * v->x[i];
    }

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

/* x: [B, 7] | flatten */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(7, init=zeros) */

    /* x: x0 + wx */
    repeat(7, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 7 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* out: flatten: [B, 7] is read as [B, 7] */
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(out * r)        loss = sum of x */
    for (int i = 0; i < 7 * B; i++)
        v->loss__mul[i] = v->x[i] * v->r[i];
    l.loss.sum = sum_of_examples(7, n, v->loss__mul) / 7;
    l.loss.denominator = n;
    return l;
}

/* loss > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(out * r) */
    fill_examples(7, n, 0.14285714285714285, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 7 * B; i++)
        d->x[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 7 * B; i++)
            d->r[i] = d->loss__mul[i] * v->x[i];
    }

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 7 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(7, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 7; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
