/* x: [B, 3, 5, 7] | pool: adaptive_avg_pool2d(1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, 5, 7, init=zeros) */

    /* x: x0 + wx */
    repeat(105, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 5 * 7 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* pool: adaptive_avg_pool2d(1) */
    adaptive_avg_pool2d(3, 5, 7, 1, 1, v->x, v->pool);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(pool * r)        loss = sum of x */
    for (int i = 0; i < 3 * 1 * 1 * B; i++)
        v->loss__mul[i] = v->pool[i] * v->r[i];
    l.loss.sum = sum_of_examples(3, n, v->loss__mul) / 3;
    l.loss.denominator = n;
    return l;
}

/* loss > pool > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(pool * r) */
    fill_examples(3, n, 0.3333333333333333, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 3 * 1 * 1 * B; i++)
        d->pool[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 1 * 1 * B; i++)
            d->r[i] = d->loss__mul[i] * v->pool[i];
    }

    /* pool: adaptive_avg_pool2d(1) */
    /* dx = sum of dy / size of the bin, over the bins of x */
    adaptive_avg_pool2d_backward(3, 5, 7, 1, 1, d->pool, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * 7 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(105, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 5 * 7; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 6, 4] | pool: adaptive_avg_pool2d(2) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 6, 4, init=zeros) */

    /* x: x0 + wx */
    repeat(48, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 6 * 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* pool: adaptive_avg_pool2d(2) */
    adaptive_avg_pool2d(2, 6, 4, 2, 2, v->x, v->pool);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(pool * r)        loss = sum of x */
    for (int i = 0; i < 2 * 2 * 2 * B; i++)
        v->loss__mul[i] = v->pool[i] * v->r[i];
    l.loss.sum = sum_of_examples(8, n, v->loss__mul) / 8;
    l.loss.denominator = n;
    return l;
}

/* loss > pool > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(pool * r) */
    fill_examples(8, n, 0.125, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 2 * 2 * 2 * B; i++)
        d->pool[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 2 * 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->pool[i];
    }

    /* pool: adaptive_avg_pool2d(2) */
    /* dx = sum of dy / size of the bin, over the bins of x */
    adaptive_avg_pool2d_backward(2, 6, 4, 2, 2, d->pool, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 6 * 4 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(48, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 6 * 4; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 7, 5] | pool: adaptive_avg_pool2d([3, 2]) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 7, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(70, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 7 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* pool: adaptive_avg_pool2d([3, 2]) */
    adaptive_avg_pool2d(2, 7, 5, 3, 2, v->x, v->pool);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(pool * r)        loss = sum of x */
    for (int i = 0; i < 2 * 3 * 2 * B; i++)
        v->loss__mul[i] = v->pool[i] * v->r[i];
    l.loss.sum = sum_of_examples(12, n, v->loss__mul) / 12;
    l.loss.denominator = n;
    return l;
}

/* loss > pool > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(pool * r) */
    fill_examples(12, n, 0.08333333333333333, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 2 * 3 * 2 * B; i++)
        d->pool[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->pool[i];
    }

    /* pool: adaptive_avg_pool2d([3, 2]) */
    /* dx = sum of dy / size of the bin, over the bins of x */
    adaptive_avg_pool2d_backward(2, 7, 5, 3, 2, d->pool, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 7 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(70, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 7 * 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 1, 3, 4] | pool: adaptive_avg_pool2d(output_size=[5, 4]) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(1, 3, 4, init=zeros) */

    /* x: x0 + wx */
    repeat(12, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * 3 * 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* pool: adaptive_avg_pool2d(output_size=[5, 4]) */
    adaptive_avg_pool2d(1, 3, 4, 5, 4, v->x, v->pool);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(pool * r)        loss = sum of x */
    for (int i = 0; i < 1 * 5 * 4 * B; i++)
        v->loss__mul[i] = v->pool[i] * v->r[i];
    l.loss.sum = sum_of_examples(20, n, v->loss__mul) / 20;
    l.loss.denominator = n;
    return l;
}

/* loss > pool > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(pool * r) */
    fill_examples(20, n, 0.05, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 1 * 5 * 4 * B; i++)
        d->pool[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 5 * 4 * B; i++)
            d->r[i] = d->loss__mul[i] * v->pool[i];
    }

    /* pool: adaptive_avg_pool2d(output_size=[5, 4]) */
    /* dx = sum of dy / size of the bin, over the bins of x */
    adaptive_avg_pool2d_backward(1, 3, 4, 5, 4, d->pool, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 3 * 4 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(12, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 1 * 3 * 4; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 1, 2, 3] | pool: adaptive_avg_pool2d([7, 1]) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(1, 2, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(6, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * 2 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* pool: adaptive_avg_pool2d([7, 1]) */
    adaptive_avg_pool2d(1, 2, 3, 7, 1, v->x, v->pool);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(pool * r)        loss = sum of x */
    for (int i = 0; i < 1 * 7 * 1 * B; i++)
        v->loss__mul[i] = v->pool[i] * v->r[i];
    l.loss.sum = sum_of_examples(7, n, v->loss__mul) / 7;
    l.loss.denominator = n;
    return l;
}

/* loss > pool > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(pool * r) */
    fill_examples(7, n, 0.14285714285714285, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 1 * 7 * 1 * B; i++)
        d->pool[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 7 * 1 * B; i++)
            d->r[i] = d->loss__mul[i] * v->pool[i];
    }

    /* pool: adaptive_avg_pool2d([7, 1]) */
    /* dx = sum of dy / size of the bin, over the bins of x */
    adaptive_avg_pool2d_backward(1, 2, 3, 7, 1, d->pool, d->x);

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
