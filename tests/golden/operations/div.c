/* x: [B, 5], z: [B, 5] | h: x / z */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wz = param(5, init=zeros) */

    /* z = z0 + wz */
    repeat(5, B, 1, p->wz, v->z__broadcast);
    for (int i = 0; i < 5 * B; i++)
        v->z[i] = v->z0[i] + v->z__broadcast[i];

    /* wx = param(5, init=zeros) */

    /* x: x0 + wx */
    repeat(5, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: x / z */
    for (int i = 0; i < 5 * B; i++)
        v->h[i] = v->x[i] / v->z[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 5 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(5, n, v->loss__mul) / 5;
    l.loss.denominator = n;
    return l;
}

/* loss > h > x > z
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(h * r) */
    fill_examples(5, n, 0.2, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 5 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->z0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: x / z */
    for (int i = 0; i < 5 * B; i++) {
        d->x[i] = quotient(d->h[i], v->z[i]);
        d->z[i] = -quotient(d->h[i] * v->h[i], v->z[i]);
    }

    /* x: x0 + wx */
    if (d->z0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(5, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 5; i++)
        g->wx[i] += d->wx__x[i];

    /* z = z0 + wz */
    if (d->z0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * B; i++)
            d->z0[i] = d->z[i];
    }
    repeat_backward_batch(5, d->z, d->wz__z); /* dx = sum dy */
    for (int i = 0; i < 5; i++)
        g->wz[i] += d->wz__z[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3, 2], z: [B, 3, 2] | h: x / z */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wz = param(3, 2, init=zeros) */

    /* z = z0 + wz */
    repeat(6, B, 1, p->wz, v->z__broadcast);
    for (int i = 0; i < 3 * 2 * B; i++)
        v->z[i] = v->z0[i] + v->z__broadcast[i];

    /* wx = param(3, 2, init=zeros) */

    /* x: x0 + wx */
    repeat(6, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 2 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: x / z */
    for (int i = 0; i < 3 * 2 * B; i++)
        v->h[i] = v->x[i] / v->z[i];
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

/* loss > h > x > z
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
    if (d->z0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: x / z */
    for (int i = 0; i < 3 * 2 * B; i++) {
        d->x[i] = quotient(d->h[i], v->z[i]);
        d->z[i] = -quotient(d->h[i] * v->h[i], v->z[i]);
    }

    /* x: x0 + wx */
    if (d->z0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 2 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(6, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 2; i++)
        g->wx[i] += d->wx__x[i];

    /* z = z0 + wz */
    if (d->z0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 2 * B; i++)
            d->z0[i] = d->z[i];
    }
    repeat_backward_batch(6, d->z, d->wz__z); /* dx = sum dy */
    for (int i = 0; i < 3 * 2; i++)
        g->wz[i] += d->wz__z[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
