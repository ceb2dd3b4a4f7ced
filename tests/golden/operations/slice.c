/* x: [B, 7] | h: slice(1, 2, 5) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(7, init=zeros) */

    /* x: x0 + wx */
    repeat(7, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 7 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: slice(1, 2, 5) */
    slice(1, 7, B, 2, 3, v->x, v->h);
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

/* loss > h > x
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

    /* h: slice(1, 2, 5) */
    slice_backward(1, 7, B, 2, 3, d->h, d->x); /* dx = dy there, else 0 */

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

/* x: [B, 5, 3] | h: slice(1, 0, 4) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(15, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: slice(1, 0, 4) */
    slice(1, 5, 3 * B, 0, 4, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 4 * 3 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(12, n, v->loss__mul) / 12;
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
    fill_examples(12, n, 0.08333333333333333, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 4 * 3 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: slice(1, 0, 4) */
    slice_backward(1, 5, 3 * B, 0, 4, d->h, d->x); /* dx = dy there, else 0 */

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

/* x: [B, 5, 3] | h: slice(dim=-1, from=-2, to=3) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(15, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: slice(dim=-1, from=-2, to=3) */
    slice(5, 3, B, 1, 2, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 5 * 2 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(10, n, v->loss__mul) / 10;
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
    fill_examples(10, n, 0.1, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 5 * 2 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: slice(dim=-1, from=-2, to=3) */
    slice_backward(5, 3, B, 1, 2, d->h, d->x); /* dx = dy there, else 0 */

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

/* x: [B, 2, 5, 3] | h: slice(2, 1, -1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(30, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: slice(2, 1, -1) */
    slice(2, 5, 3 * B, 1, 3, v->x, v->h);
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

    /* h: slice(2, 1, -1) */
    slice_backward(2, 5, 3 * B, 1, 3, d->h, d->x); /* dx = dy there, else 0 */

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

/* x: [B, 2, 5, 3] | h: slice(3, 0, 3) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(30, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: slice(3, 0, 3) */
    slice(10, 3, B, 0, 3, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 2 * 5 * 3 * B; i++)
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
    for (int i = 0; i < 2 * 5 * 3 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 5 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: slice(3, 0, 3) */
    slice_backward(10, 3, B, 0, 3, d->h, d->x); /* dx = dy there, else 0 */

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
