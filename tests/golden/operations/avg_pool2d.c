/* x: [B, 2, 6, 4] | pool: avg_pool2d(2) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 6, 4, init=zeros) */

    /* x: x0 + wx */
    repeat(48, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 6 * 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* pool: avg_pool2d(2) */
    avg_pool2d(2, 6, 4, 2, v->x, v->pool);
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

    /* pool: avg_pool2d(2) */
    avg_pool2d_backward(2, 6, 4, 2, d->pool, d->x); /* dx = dy / size of the window */

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

/* x: [B, 3, 7, 5] | pool: avg_pool2d(3) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, 7, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(105, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 7 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* pool: avg_pool2d(3) */
    avg_pool2d(3, 7, 5, 3, v->x, v->pool);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(pool * r)        loss = sum of x */
    for (int i = 0; i < 3 * 2 * 1 * B; i++)
        v->loss__mul[i] = v->pool[i] * v->r[i];
    l.loss.sum = sum_of_examples(6, n, v->loss__mul) / 6;
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
    fill_examples(6, n, 0.16666666666666666, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 3 * 2 * 1 * B; i++)
        d->pool[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 2 * 1 * B; i++)
            d->r[i] = d->loss__mul[i] * v->pool[i];
    }

    /* pool: avg_pool2d(3) */
    avg_pool2d_backward(3, 7, 5, 3, d->pool, d->x); /* dx = dy / size of the window */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 7 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(105, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 7 * 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 1, 7, 8] | pool: avg_pool2d([3, 2], stride=2, padding=1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(1, 7, 8, init=zeros) */

    /* x: x0 + wx */
    repeat(56, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * 7 * 8 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* pool: avg_pool2d([3, 2], stride=2, padding=1) */
    avg_pool2d_general(1, 7, 8, 4, 5, pair(3, 2), pair(2, 2), pair(1, 1), 1, 0, v->x, v->pool);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(pool * r)        loss = sum of x */
    for (int i = 0; i < 1 * 4 * 5 * B; i++)
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
    for (int i = 0; i < 1 * 4 * 5 * B; i++)
        d->pool[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 4 * 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->pool[i];
    }

    /* pool: avg_pool2d([3, 2], stride=2, padding=1) */
    /* dx = sum of dy / size of the window, over the windows of x */
    avg_pool2d_backward_general(
        1, 7, 8, 4, 5, pair(3, 2), pair(2, 2), pair(1, 1), 1, 0, d->pool, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 7 * 8 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(56, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 1 * 7 * 8; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 6, 7] | pool: avg_pool2d(3, stride=1, padding=1, count_include_pad=false) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 6, 7, init=zeros) */

    /* x: x0 + wx */
    repeat(84, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 6 * 7 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* pool: avg_pool2d(3, stride=1, padding=1, count_include_pad=false) */
    avg_pool2d_general(2, 6, 7, 6, 7, pair(3, 3), pair(1, 1), pair(1, 1), 0, 0, v->x, v->pool);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(pool * r)        loss = sum of x */
    for (int i = 0; i < 2 * 6 * 7 * B; i++)
        v->loss__mul[i] = v->pool[i] * v->r[i];
    l.loss.sum = sum_of_examples(84, n, v->loss__mul) / 84;
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
    /* dx = 1, and 0 past the n examples */
    fill_examples(84, n, 0.011904761904761904, d->loss__mul);
    for (int i = 0; i < 2 * 6 * 7 * B; i++)
        d->pool[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 6 * 7 * B; i++)
            d->r[i] = d->loss__mul[i] * v->pool[i];
    }

    /* pool: avg_pool2d(3, stride=1, padding=1, count_include_pad=false) */
    /* dx = sum of dy / size of the window, over the windows of x */
    avg_pool2d_backward_general(
        2, 6, 7, 6, 7, pair(3, 3), pair(1, 1), pair(1, 1), 0, 0, d->pool, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 6 * 7 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(84, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 6 * 7; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 6, 5] | pool: avg_pool2d(3, stride=2, padding=1, ceil_mode=true) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 6, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(60, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 6 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* pool: avg_pool2d(3, stride=2, padding=1, ceil_mode=true) */
    avg_pool2d_general(2, 6, 5, 4, 3, pair(3, 3), pair(2, 2), pair(1, 1), 1, 0, v->x, v->pool);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(pool * r)        loss = sum of x */
    for (int i = 0; i < 2 * 4 * 3 * B; i++)
        v->loss__mul[i] = v->pool[i] * v->r[i];
    l.loss.sum = sum_of_examples(24, n, v->loss__mul) / 24;
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
    /* dx = 1, and 0 past the n examples */
    fill_examples(24, n, 0.041666666666666664, d->loss__mul);
    for (int i = 0; i < 2 * 4 * 3 * B; i++)
        d->pool[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 4 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->pool[i];
    }

    /* pool: avg_pool2d(3, stride=2, padding=1, ceil_mode=true) */
    /* dx = sum of dy / size of the window, over the windows of x */
    avg_pool2d_backward_general(
        2, 6, 5, 4, 3, pair(3, 3), pair(2, 2), pair(1, 1), 1, 0, d->pool, d->x);

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

/* x: [B, 2, 6, 5] | pool: avg_pool2d([3, 2], stride=[2, 3], padding=1, ceil_mode=true, count_include_pad=false) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 6, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(60, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 6 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* pool: avg_pool2d([3, 2], stride=[2, 3], padding=1, ceil_mode=true,
     * count_include_pad=false) */
    avg_pool2d_general(2, 6, 5, 4, 2, pair(3, 2), pair(2, 3), pair(1, 1), 0, 0, v->x, v->pool);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(pool * r)        loss = sum of x */
    for (int i = 0; i < 2 * 4 * 2 * B; i++)
        v->loss__mul[i] = v->pool[i] * v->r[i];
    l.loss.sum = sum_of_examples(16, n, v->loss__mul) / 16;
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
    fill_examples(16, n, 0.0625, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 2 * 4 * 2 * B; i++)
        d->pool[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 4 * 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->pool[i];
    }

    /* pool: avg_pool2d([3, 2], stride=[2, 3], padding=1, ceil_mode=true,
     * count_include_pad=false) */
    /* dx = sum of dy / size of the window, over the windows of x */
    avg_pool2d_backward_general(
        2, 6, 5, 4, 2, pair(3, 2), pair(2, 3), pair(1, 1), 0, 0, d->pool, d->x);

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

/* x: [B, 1, 5, 5] | pool: avg_pool2d(2, stride=2, divisor_override=3) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(1, 5, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(25, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * 5 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* pool: avg_pool2d(2, stride=2, divisor_override=3) */
    avg_pool2d_general(1, 5, 5, 2, 2, pair(2, 2), pair(2, 2), pair(0, 0), 1, 3, v->x, v->pool);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(pool * r)        loss = sum of x */
    for (int i = 0; i < 1 * 2 * 2 * B; i++)
        v->loss__mul[i] = v->pool[i] * v->r[i];
    l.loss.sum = sum_of_examples(4, n, v->loss__mul) / 4;
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
    fill_examples(4, n, 0.25, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 1 * 2 * 2 * B; i++)
        d->pool[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 2 * 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->pool[i];
    }

    /* pool: avg_pool2d(2, stride=2, divisor_override=3) */
    /* dx = sum of dy / size of the window, over the windows of x */
    avg_pool2d_backward_general(
        1, 5, 5, 2, 2, pair(2, 2), pair(2, 2), pair(0, 0), 1, 3, d->pool, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 5 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(25, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 1 * 5 * 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
