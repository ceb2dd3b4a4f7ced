/* x: [B, 6] | fc2: dropout(0.25) */

/* Training mode. Differs from forward_eval in dropout. Its random numbers depend on the seed, the
 * step and `first`: how many examples came in micro-batches before this one. */
static void forward_train(
    const struct Parameters *p, struct Values *v, uint64_t seed, int step, int first)
{
    /* wx = param(6, init=zeros) */

    /* x: x0 + wx */
    repeat(6, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 6 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* fc2: dropout(0.25) */
    dropout_mask(6, 0.25, seed, "fc2__dropout", step, first, v->fc2__mask);
    for (int i = 0; i < 6 * B; i++)
        v->fc2[i] = v->x[i] * v->fc2__mask[i];
}

/* Evaluation mode. Differs from forward_train in dropout. */
static void forward_eval(const struct Parameters *p, struct Values *v)
{
    /* wx = param(6, init=zeros) */

    /* x: x0 + wx */
    repeat(6, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 6 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* fc2: dropout(0.25) */
    for (int i = 0; i < 6 * B; i++)
        v->fc2[i] = v->x[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(fc2 * r)        loss = sum of x */
    for (int i = 0; i < 6 * B; i++)
        v->loss__mul[i] = v->fc2[i] * v->r[i];
    l.loss.sum = sum_of_examples(6, n, v->loss__mul) / 6;
    l.loss.denominator = n;
    return l;
}

/* loss > fc2 > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(fc2 * r) */
    fill_examples(6, n, 0.16666666666666666, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 6 * B; i++)
        d->fc2[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 6 * B; i++)
            d->r[i] = d->loss__mul[i] * v->fc2[i];
    }

    /* fc2: dropout(0.25) */
    /* dx = mask dy */
    for (int i = 0; i < 6 * B; i++)
        d->x[i] = d->fc2[i] * v->fc2__mask[i];

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 6 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(6, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 6; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3, 2] | h: dropout */

/* Training mode. Differs from forward_eval in dropout. Its random numbers depend on the seed, the
 * step and `first`: how many examples came in micro-batches before this one. */
static void forward_train(
    const struct Parameters *p, struct Values *v, uint64_t seed, int step, int first)
{
    /* wx = param(3, 2, init=zeros) */

    /* x: x0 + wx */
    repeat(6, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 2 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout */
    dropout_mask(6, 0.5, seed, "h__dropout", step, first, v->h__mask);
    for (int i = 0; i < 3 * 2 * B; i++)
        v->h[i] = v->x[i] * v->h__mask[i];
}

/* Evaluation mode. Differs from forward_train in dropout. */
static void forward_eval(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, 2, init=zeros) */

    /* x: x0 + wx */
    repeat(6, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 2 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout */
    for (int i = 0; i < 3 * 2 * B; i++)
        v->h[i] = v->x[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 3 * 2 * B; i++)
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
    for (int i = 0; i < 3 * 2 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: dropout */
    /* dx = mask dy */
    for (int i = 0; i < 3 * 2 * B; i++)
        d->x[i] = d->h[i] * v->h__mask[i];

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 2 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(6, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 2; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 7] | h: dropout(0) */

/* Training mode. Differs from forward_eval in dropout. Its random numbers depend on the seed, the
 * step and `first`: how many examples came in micro-batches before this one. */
static void forward_train(
    const struct Parameters *p, struct Values *v, uint64_t seed, int step, int first)
{
    /* wx = param(7, init=zeros) */

    /* x: x0 + wx */
    repeat(7, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 7 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout(0) */
    dropout_mask(7, 0, seed, "h__dropout", step, first, v->h__mask);
    for (int i = 0; i < 7 * B; i++)
        v->h[i] = v->x[i] * v->h__mask[i];
}

/* Evaluation mode. Differs from forward_train in dropout. */
static void forward_eval(const struct Parameters *p, struct Values *v)
{
    /* wx = param(7, init=zeros) */

    /* x: x0 + wx */
    repeat(7, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 7 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout(0) */
    for (int i = 0; i < 7 * B; i++)
        v->h[i] = v->x[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 7 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(7, n, v->loss__mul) / 7;
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
    fill_examples(7, n, 0.14285714285714285, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 7 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 7 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: dropout(0) */
    /* dx = mask dy */
    for (int i = 0; i < 7 * B; i++)
        d->x[i] = d->h[i] * v->h__mask[i];

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

/* x: [B, 1] | h: dropout(p=1) */

/* Training mode. Differs from forward_eval in dropout. Its random numbers depend on the seed, the
 * step and `first`: how many examples came in micro-batches before this one. */
static void forward_train(
    const struct Parameters *p, struct Values *v, uint64_t seed, int step, int first)
{
    /* wx = param(1, init=zeros) */

    /* x: x0 + wx */
    repeat(1, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout(p=1) */
    dropout_mask(1, 1, seed, "h__dropout", step, first, v->h__mask);
    for (int i = 0; i < 1 * B; i++)
        v->h[i] = v->x[i] * v->h__mask[i];
}

/* Evaluation mode. Differs from forward_train in dropout. */
static void forward_eval(const struct Parameters *p, struct Values *v)
{
    /* wx = param(1, init=zeros) */

    /* x: x0 + wx */
    repeat(1, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: dropout(p=1) */
    for (int i = 0; i < 1 * B; i++)
        v->h[i] = v->x[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 1 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(1, n, v->loss__mul);
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
    fill_examples(1, n, 1, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 1 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: dropout(p=1) */
    /* dx = mask dy */
    for (int i = 0; i < 1 * B; i++)
        d->x[i] = d->h[i] * v->h__mask[i];

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(1, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 1; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
