/* x: [B, 4], target: class(4)[B] | accuracy(x, target) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(4, init=zeros) */

    /* x: x0 + wx */
    repeat(4, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(x * r)        loss = sum of x */
    for (int i = 0; i < 4 * B; i++)
        v->loss__mul[i] = v->x[i] * v->r[i];
    l.loss.sum = sum_of_examples(4, n, v->loss__mul) / 4;
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
    /* mean(x * r) */
    fill_examples(4, n, 0.25, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 4 * B; i++)
        d->x[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * B; i++)
            d->r[i] = d->loss__mul[i] * v->x[i];
    }

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

    /* value = accuracy(x, target) */
    m->value.sum += accuracy(4, B, n, v->x, v->target, -100);
    m->value.denominator += n;
}

/* x: [B, 5], target: class(3)[B] | accuracy(x, target, ignore_index=1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, init=zeros) */

    /* x: x0 + wx */
    repeat(5, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(x * r)        loss = sum of x */
    for (int i = 0; i < 5 * B; i++)
        v->loss__mul[i] = v->x[i] * v->r[i];
    l.loss.sum = sum_of_examples(5, n, v->loss__mul) / 5;
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
    /* mean(x * r) */
    fill_examples(5, n, 0.2, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 5 * B; i++)
        d->x[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->x[i];
    }

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(5, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);

    /* value = accuracy(x, target, ignore_index=1) */
    m->value.sum += accuracy(5, B, n, v->x, v->target, 1);
    m->value.denominator += targets_that_count(B, n, v->target, 1);
}

/* x: [B, 3, 5], target: class(3)[B, 5] | accuracy(x, target) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(15, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(x * r)        loss = sum of x */
    for (int i = 0; i < 3 * 5 * B; i++)
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
    /* mean(x * r) */
    fill_examples(15, n, 0.06666666666666667, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 3 * 5 * B; i++)
        d->x[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->x[i];
    }

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(15, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);

    /* value = accuracy(x, target) */
    m->value.sum += accuracy(3, 5 * B, n, v->x, v->target, -100);
    m->value.denominator += 5 * n;
}

/* x: [B, 2, 4], target: class(4)[B, 2] | accuracy(x, target, dim=-1, ignore_index=0) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 4, init=zeros) */

    /* x: x0 + wx */
    repeat(8, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(x * r)        loss = sum of x */
    for (int i = 0; i < 2 * 4 * B; i++)
        v->loss__mul[i] = v->x[i] * v->r[i];
    l.loss.sum = sum_of_examples(8, n, v->loss__mul) / 8;
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
    /* mean(x * r) */
    fill_examples(8, n, 0.125, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 2 * 4 * B; i++)
        d->x[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 4 * B; i++)
            d->r[i] = d->loss__mul[i] * v->x[i];
    }

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 4 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(8, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 4; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);

    /* value = accuracy(x, target, dim=-1, ignore_index=0) */
    transpose_axes(2, 4, v->x, v->value__reordered);
    m->value.sum += accuracy(4, 2 * B, n, v->value__reordered, v->target, 0);
    m->value.denominator += targets_that_count(2 * B, n, v->target, 0);
}
