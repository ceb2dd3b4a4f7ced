/* x: [B, 6] | h: chunk(2, dim=1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(6, init=zeros) */

    /* x: x0 + wx */
    repeat(6, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 6 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* part0, h = x -> chunk(2, dim=1) */
    take_part(1, 3, 0, 6, 1 * B, v->x, v->part0);
    take_part(1, 3, 3, 6, 1 * B, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 3 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(3, n, v->loss__mul) / 3;
    l.loss.denominator = n;
    return l;
}

/* loss > part0 > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(h * r) */
    fill_examples(3, n, 0.3333333333333333, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 3 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* part0, h = x -> chunk(2, dim=1) */
    put_part(1, 3, 0, 6, 1 * B, NULL, d->x); /* the part of dx = dy */
    put_part(1, 3, 3, 6, 1 * B, d->h, d->x);

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

/* x: [B, 3, 5, 4] | h: chunk(3, dim=-3) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, 5, 4, init=zeros) */

    /* x: x0 + wx */
    repeat(60, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 5 * 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* part0, part1, h = x -> chunk(3, dim=-3) */
    take_part(1, 1, 0, 3, 20 * B, v->x, v->part0);
    take_part(1, 1, 1, 3, 20 * B, v->x, v->part1);
    take_part(1, 1, 2, 3, 20 * B, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 1 * 5 * 4 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(20, n, v->loss__mul) / 20;
    l.loss.denominator = n;
    return l;
}

/* loss > part0 > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(h * r) */
    fill_examples(20, n, 0.05, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 1 * 5 * 4 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 5 * 4 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* part0, part1, h = x -> chunk(3, dim=-3) */
    put_part(1, 1, 0, 3, 20 * B, NULL, d->x); /* the part of dx = dy */
    put_part(1, 1, 1, 3, 20 * B, NULL, d->x);
    put_part(1, 1, 2, 3, 20 * B, d->h, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * 4 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(60, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 5 * 4; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3, 6, 4] | h: chunk(2, dim=2) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, 6, 4, init=zeros) */

    /* x: x0 + wx */
    repeat(72, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 6 * 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* part0, h = x -> chunk(2, dim=2) */
    take_part(3, 3, 0, 6, 4 * B, v->x, v->part0);
    take_part(3, 3, 3, 6, 4 * B, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 3 * 3 * 4 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(36, n, v->loss__mul) / 36;
    l.loss.denominator = n;
    return l;
}

/* loss > part0 > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(h * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(36, n, 0.027777777777777776, d->loss__mul);
    for (int i = 0; i < 3 * 3 * 4 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 3 * 4 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* part0, h = x -> chunk(2, dim=2) */
    put_part(3, 3, 0, 6, 4 * B, NULL, d->x); /* the part of dx = dy */
    put_part(3, 3, 3, 6, 4 * B, d->h, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 6 * 4 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(72, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 6 * 4; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3, 8] | h: chunk(chunks=4, dim=-1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, 8, init=zeros) */

    /* x: x0 + wx */
    repeat(24, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 8 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* part0, part1, part2, h = x -> chunk(chunks=4, dim=-1) */
    take_part(3, 2, 0, 8, 1 * B, v->x, v->part0);
    take_part(3, 2, 2, 8, 1 * B, v->x, v->part1);
    take_part(3, 2, 4, 8, 1 * B, v->x, v->part2);
    take_part(3, 2, 6, 8, 1 * B, v->x, v->h);
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

/* loss > part0 > x
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

    /* part0, part1, part2, h = x -> chunk(chunks=4, dim=-1) */
    put_part(3, 2, 0, 8, 1 * B, NULL, d->x); /* the part of dx = dy */
    put_part(3, 2, 2, 8, 1 * B, NULL, d->x);
    put_part(3, 2, 4, 8, 1 * B, NULL, d->x);
    put_part(3, 2, 6, 8, 1 * B, d->h, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 8 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(24, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 8; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
