/* x: [B, 5, 3] | h: transpose(1, 2) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(15, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: transpose(1, 2): [B, 5, 3] is read as [B, 3, 5] */
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    transpose_axes(5, 3, v->x, v->loss__reordered);
    for (int i = 0; i < 3 * 5 * B; i++)
        v->loss__mul[i] = v->loss__reordered[i] * v->r[i];
    l.loss.sum = sum_of_examples(15, n, v->loss__mul) / 15;
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
    /* mean(h * r) */
    fill_examples(15, n, 0.06666666666666667, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 3 * 5 * B; i++)
        d->loss__reordered[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->loss__reordered[i];
    }
    transpose_axes(3, 5, d->loss__reordered, d->x); /* dx = dy, last axis outermost */

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

/* x: [B, 2, 5, 3] | h: transpose(1, 3) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(30, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: transpose(1, 3) */
    swap_axes(1, 2, 5, 3, B, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 3 * 5 * 2 * B; i++)
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
    for (int i = 0; i < 3 * 5 * 2 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: transpose(1, 3) */
    swap_axes(1, 3, 5, 2, B, d->h, d->x); /* dx = dy, swapped back */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 5 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(30, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 5 * 3; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 5, 3] | h: transpose(-1, -2) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(30, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: transpose(-1, -2) */
    swap_axes(2, 5, 1, 3, B, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 2 * 3 * 5 * B; i++)
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
    for (int i = 0; i < 2 * 3 * 5 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: transpose(-1, -2) */
    swap_axes(2, 3, 1, 5, B, d->h, d->x); /* dx = dy, swapped back */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 5 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(30, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 5 * 3; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 5, 3] | h: transpose(2, 1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(30, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: transpose(2, 1) */
    swap_axes(1, 2, 1, 5, 3 * B, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 5 * 2 * 3 * B; i++)
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
    for (int i = 0; i < 5 * 2 * 3 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 2 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: transpose(2, 1) */
    swap_axes(1, 5, 1, 2, 3 * B, d->h, d->x); /* dx = dy, swapped back */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 5 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(30, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 5 * 3; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 3, 4, 5] | h: transpose(1, 3) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 3, 4, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(120, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * 4 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: transpose(1, 3) */
    swap_axes(1, 2, 3, 4, 5 * B, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 4 * 3 * 2 * 5 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(120, n, v->loss__mul) / 120;
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
    fill_examples(120, n, 0.008333333333333333, d->loss__mul);
    for (int i = 0; i < 4 * 3 * 2 * 5 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * 3 * 2 * 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: transpose(1, 3) */
    swap_axes(1, 4, 3, 2, 5 * B, d->h, d->x); /* dx = dy, swapped back */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 4 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(120, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 3 * 4 * 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 5, 3] | h: transpose(1, 1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(15, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: transpose(1, 1): [B, 5, 3] is read as [B, 5, 3] */
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 5 * 3 * B; i++)
        v->loss__mul[i] = v->x[i] * v->r[i];
    l.loss.sum = sum_of_examples(15, n, v->loss__mul) / 15;
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
    /* mean(h * r) */
    fill_examples(15, n, 0.06666666666666667, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 5 * 3 * B; i++)
        d->x[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->x[i];
    }

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
