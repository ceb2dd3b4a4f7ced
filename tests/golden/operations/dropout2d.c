/* x: [B, 3, 2, 5] | h: dropout2d(0.25) */

/* Training mode. Differs from forward_eval in dropout2d. Its random numbers depend on the seed, the
 * step and `first`: how many examples came in micro-batches before this one. */
static void forward_train(
    const struct Parameters *p, struct Values *v, uint64_t seed, int step, int first)
{
    /* wx = param(3, 2, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(30, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 2 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout2d(0.25) */
    dropout_mask(3, 0.25, seed, "h__dropout2d", step, first, v->h__mask);
    multiply_channels(3, 10, v->h__mask, v->x, v->h);
}

/* Evaluation mode. Differs from forward_train in dropout2d. */
static void forward_eval(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, 2, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(30, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 2 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout2d(0.25) */
    for (int i = 0; i < 3 * 2 * 5 * B; i++)
        v->h[i] = v->x[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 3 * 2 * 5 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(30, n, v->loss__mul) / 30;
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
    fill_examples(30, n, 0.03333333333333333, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 3 * 2 * 5 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 2 * 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: dropout2d(0.25) */
    multiply_channels(3, 10, v->h__mask, d->h, d->x); /* dx = mask dy */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 2 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(30, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 2 * 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 5, 1, 1] | h: dropout2d */

/* Training mode. Differs from forward_eval in dropout2d. Its random numbers depend on the seed, the
 * step and `first`: how many examples came in micro-batches before this one. */
static void forward_train(
    const struct Parameters *p, struct Values *v, uint64_t seed, int step, int first)
{
    /* wx = param(5, 1, 1, init=zeros) */

    /* x: x0 + wx */
    repeat(5, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 1 * 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout2d */
    dropout_mask(5, 0.5, seed, "h__dropout2d", step, first, v->h__mask);
    multiply_channels(5, 1, v->h__mask, v->x, v->h);
}

/* Evaluation mode. Differs from forward_train in dropout2d. */
static void forward_eval(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, 1, 1, init=zeros) */

    /* x: x0 + wx */
    repeat(5, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 1 * 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout2d */
    for (int i = 0; i < 5 * 1 * 1 * B; i++)
        v->h[i] = v->x[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 5 * 1 * 1 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(5, n, v->loss__mul) / 5;
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
    fill_examples(5, n, 0.2, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 5 * 1 * 1 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 1 * 1 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: dropout2d */
    multiply_channels(5, 1, v->h__mask, d->h, d->x); /* dx = mask dy */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 1 * 1 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(5, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 5 * 1 * 1; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 3, 3] | h: dropout2d(p=0) */

/* Training mode. Differs from forward_eval in dropout2d. Its random numbers depend on the seed, the
 * step and `first`: how many examples came in micro-batches before this one. */
static void forward_train(
    const struct Parameters *p, struct Values *v, uint64_t seed, int step, int first)
{
    /* wx = param(2, 3, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(18, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout2d(p=0) */
    dropout_mask(2, 0, seed, "h__dropout2d", step, first, v->h__mask);
    multiply_channels(2, 9, v->h__mask, v->x, v->h);
}

/* Evaluation mode. Differs from forward_train in dropout2d. */
static void forward_eval(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 3, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(18, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout2d(p=0) */
    for (int i = 0; i < 2 * 3 * 3 * B; i++)
        v->h[i] = v->x[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 2 * 3 * 3 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(18, n, v->loss__mul) / 18;
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
    fill_examples(18, n, 0.05555555555555555, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 2 * 3 * 3 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: dropout2d(p=0) */
    multiply_channels(2, 9, v->h__mask, d->h, d->x); /* dx = mask dy */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(18, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 3 * 3; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 1, 2, 2] | h: dropout2d(1) */

/* Training mode. Differs from forward_eval in dropout2d. Its random numbers depend on the seed, the
 * step and `first`: how many examples came in micro-batches before this one. */
static void forward_train(
    const struct Parameters *p, struct Values *v, uint64_t seed, int step, int first)
{
    /* wx = param(1, 2, 2, init=zeros) */

    /* x: x0 + wx */
    repeat(4, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * 2 * 2 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout2d(1) */
    dropout_mask(1, 1, seed, "h__dropout2d", step, first, v->h__mask);
    multiply_channels(1, 4, v->h__mask, v->x, v->h);
}

/* Evaluation mode. Differs from forward_train in dropout2d. */
static void forward_eval(const struct Parameters *p, struct Values *v)
{
    /* wx = param(1, 2, 2, init=zeros) */

    /* x: x0 + wx */
    repeat(4, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * 2 * 2 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout2d(1) */
    for (int i = 0; i < 1 * 2 * 2 * B; i++)
        v->h[i] = v->x[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 1 * 2 * 2 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(4, n, v->loss__mul) / 4;
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
    fill_examples(4, n, 0.25, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 1 * 2 * 2 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 2 * 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: dropout2d(1) */
    multiply_channels(1, 4, v->h__mask, d->h, d->x); /* dx = mask dy */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 2 * 2 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(4, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 1 * 2 * 2; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
