/* x: [B, 5], z: [B, 3] | h: concat(z, dim=1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wz = param(3, init=zeros) */

    /* z = z0 + wz */
    repeat(3, B, 1, p->wz, v->z__broadcast);
    for (int i = 0; i < 3 * B; i++)
        v->z[i] = v->z0[i] + v->z__broadcast[i];

    /* wx = param(5, init=zeros) */

    /* x: x0 + wx */
    repeat(5, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: concat(z, dim=1) */
    put_part(1, 5, 0, 8, 1 * B, v->x, v->h);
    put_part(1, 3, 5, 8, 1 * B, v->z, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 8 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(8, n, v->loss__mul) / 8;
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
    fill_examples(8, n, 0.125, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 8 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->z0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 8 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: concat(z, dim=1) */
    take_part(1, 5, 0, 8, 1 * B, d->h, d->x); /* dx = its part of dy */
    take_part(1, 3, 5, 8, 1 * B, d->h, d->z);

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
        for (int i = 0; i < 3 * B; i++)
            d->z0[i] = d->z[i];
    }
    repeat_backward_batch(3, d->z, d->wz__z); /* dx = sum dy */
    for (int i = 0; i < 3; i++)
        g->wz[i] += d->wz__z[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 4, 3], z: [B, 5, 4, 3], w: [B, 1, 4, 3] | h: concat(z, w, dim=1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* ww = param(1, 4, 3, init=zeros) */

    /* w = w0 + ww */
    repeat(12, B, 1, p->ww, v->w__broadcast);
    for (int i = 0; i < 1 * 4 * 3 * B; i++)
        v->w[i] = v->w0[i] + v->w__broadcast[i];

    /* wz = param(5, 4, 3, init=zeros) */

    /* z = z0 + wz */
    repeat(60, B, 1, p->wz, v->z__broadcast);
    for (int i = 0; i < 5 * 4 * 3 * B; i++)
        v->z[i] = v->z0[i] + v->z__broadcast[i];

    /* wx = param(2, 4, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(24, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 4 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: concat(z, w, dim=1) */
    put_part(1, 2, 0, 8, 12 * B, v->x, v->h);
    put_part(1, 5, 2, 8, 12 * B, v->z, v->h);
    put_part(1, 1, 7, 8, 12 * B, v->w, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 8 * 4 * 3 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(96, n, v->loss__mul) / 96;
    l.loss.denominator = n;
    return l;
}

/* loss > h > x > z > w
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(h * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(96, n, 0.010416666666666666, d->loss__mul);
    for (int i = 0; i < 8 * 4 * 3 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->w0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 8 * 4 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: concat(z, w, dim=1) */
    take_part(1, 2, 0, 8, 12 * B, d->h, d->x); /* dx = its part of dy */
    take_part(1, 5, 2, 8, 12 * B, d->h, d->z);
    take_part(1, 1, 7, 8, 12 * B, d->h, d->w);

    /* x: x0 + wx */
    if (d->w0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 4 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(24, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 4 * 3; i++)
        g->wx[i] += d->wx__x[i];

    /* z = z0 + wz */
    if (d->w0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 4 * 3 * B; i++)
            d->z0[i] = d->z[i];
    }
    repeat_backward_batch(60, d->z, d->wz__z); /* dx = sum dy */
    for (int i = 0; i < 5 * 4 * 3; i++)
        g->wz[i] += d->wz__z[i];

    /* w = w0 + ww */
    if (d->w0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 4 * 3 * B; i++)
            d->w0[i] = d->w[i];
    }
    repeat_backward_batch(12, d->w, d->ww__w); /* dx = sum dy */
    for (int i = 0; i < 1 * 4 * 3; i++)
        g->ww[i] += d->ww__w[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 4, 3], z: [B, 2, 4, 2] | h: concat(z, dim=-1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wz = param(2, 4, 2, init=zeros) */

    /* z = z0 + wz */
    repeat(16, B, 1, p->wz, v->z__broadcast);
    for (int i = 0; i < 2 * 4 * 2 * B; i++)
        v->z[i] = v->z0[i] + v->z__broadcast[i];

    /* wx = param(2, 4, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(24, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 4 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: concat(z, dim=-1) */
    put_part(8, 3, 0, 5, 1 * B, v->x, v->h);
    put_part(8, 2, 3, 5, 1 * B, v->z, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 2 * 4 * 5 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(40, n, v->loss__mul) / 40;
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
    fill_examples(40, n, 0.025, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 2 * 4 * 5 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->z0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 4 * 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: concat(z, dim=-1) */
    take_part(8, 3, 0, 5, 1 * B, d->h, d->x); /* dx = its part of dy */
    take_part(8, 2, 3, 5, 1 * B, d->h, d->z);

    /* x: x0 + wx */
    if (d->z0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 4 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(24, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 4 * 3; i++)
        g->wx[i] += d->wx__x[i];

    /* z = z0 + wz */
    if (d->z0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 4 * 2 * B; i++)
            d->z0[i] = d->z[i];
    }
    repeat_backward_batch(16, d->z, d->wz__z); /* dx = sum dy */
    for (int i = 0; i < 2 * 4 * 2; i++)
        g->wz[i] += d->wz__z[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 4, 3], z: [B, 2, 1, 3] | h: concat(z, x, dim=2) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wz = param(2, 1, 3, init=zeros) */

    /* z = z0 + wz */
    repeat(6, B, 1, p->wz, v->z__broadcast);
    for (int i = 0; i < 2 * 1 * 3 * B; i++)
        v->z[i] = v->z0[i] + v->z__broadcast[i];

    /* wx = param(2, 4, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(24, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 4 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: concat(z, x, dim=2) */
    put_part(2, 4, 0, 9, 3 * B, v->x, v->h);
    put_part(2, 1, 4, 9, 3 * B, v->z, v->h);
    put_part(2, 4, 5, 9, 3 * B, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 2 * 9 * 3 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(54, n, v->loss__mul) / 54;
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
    /* dx = 1, and 0 past the n examples */
    fill_examples(54, n, 0.018518518518518517, d->loss__mul);
    for (int i = 0; i < 2 * 9 * 3 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->z0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 9 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: concat(z, x, dim=2) */
    take_part(2, 4, 0, 9, 3 * B, d->h, d->x); /* dx = its part of dy */
    take_part(2, 1, 4, 9, 3 * B, d->h, d->z);
    take_part(2, 4, 5, 9, 3 * B, d->h, d->x__h);
    for (int i = 0; i < 2 * 4 * 3 * B; i++)
        d->x[i] += d->x__h[i];

    /* x: x0 + wx */
    if (d->z0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 4 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(24, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 4 * 3; i++)
        g->wx[i] += d->wx__x[i];

    /* z = z0 + wz */
    if (d->z0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 1 * 3 * B; i++)
            d->z0[i] = d->z[i];
    }
    repeat_backward_batch(6, d->z, d->wz__z); /* dx = sum dy */
    for (int i = 0; i < 2 * 1 * 3; i++)
        g->wz[i] += d->wz__z[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
