/* x: [B, 5] | mean(x) */

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
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* mean(x)        loss = sum of x */
    l.loss.sum = sum_of_examples(5, n, v->x) / 5;
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
    /* mean(x) */
    fill_examples(5, n, 0.2, d->x); /* dx = 1, and 0 past the n examples */

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
    (void)v;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3, 2] | mean(x) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, 2, init=zeros) */

    /* x: x0 + wx */
    repeat(6, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 2 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* mean(x)        loss = sum of x */
    l.loss.sum = sum_of_examples(6, n, v->x) / 6;
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
    /* mean(x) */
    fill_examples(6, n, 0.16666666666666666, d->x); /* dx = 1, and 0 past the n examples */

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
    (void)v;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B] | mean(x) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(1, init=zeros) */

    /* x: x0 + wx -> reshape(B) */
    repeat(1, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * B; i++)
        v->x__add[i] = v->x0[i] + v->x__broadcast[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* mean(x)        loss = sum of x */
    l.loss.sum = sum_of_examples(1, n, v->x__add);
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
    /* mean(x) */
    fill_examples(1, n, 1, d->x__add); /* dx = 1, and 0 past the n examples */

    /* x: x0 + wx -> reshape(B) */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * B; i++)
            d->x0[i] = d->x__add[i];
    }
    repeat_backward_batch(1, d->x__add, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 1; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
    (void)v;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 1], z: [5] | mean(z) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* z = param(5, init=zeros) */

    /* wx = param(1, init=zeros) */

    /* x: x0 + wx */
    repeat(1, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* mean(z) */
    for (int i = 0; i < 5; i++)
        v->loss__mul[i] = 1 * p->z[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* mean(z)        loss = mean of x */
    l.loss.sum = n * sum_of_elements(5, v->loss__mul) / 5;
    l.loss.denominator = n;
    return l;
}

/* loss
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(z) */
    fill_elements(5, n * (1.0 / 5), d->loss__mul); /* dx = 1 / P */
    for (int i = 0; i < 5; i++)
        g->z[i] += d->loss__mul[i] * 1;
    (void)p;
    (void)v;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 1], z: [3, 2] | mean(z) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* z = param(3, 2, init=zeros) */

    /* wx = param(1, init=zeros) */

    /* x: x0 + wx */
    repeat(1, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* mean(z) */
    for (int i = 0; i < 3 * 2; i++)
        v->loss__mul[i] = 1 * p->z[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* mean(z)        loss = mean of x */
    l.loss.sum = n * sum_of_elements(6, v->loss__mul) / 6;
    l.loss.denominator = n;
    return l;
}

/* loss
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(z) */
    fill_elements(6, n * (1.0 / 6), d->loss__mul); /* dx = 1 / P */
    for (int i = 0; i < 3 * 2; i++)
        g->z[i] += d->loss__mul[i] * 1;
    (void)p;
    (void)v;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 1], z: [17] | mean(z) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* z = param(17, init=zeros) */

    /* wx = param(1, init=zeros) */

    /* x: x0 + wx */
    repeat(1, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* mean(z) */
    for (int i = 0; i < 17; i++)
        v->loss__mul[i] = 1 * p->z[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* mean(z)        loss = mean of x */
    l.loss.sum = n * sum_of_elements(17, v->loss__mul) / 17;
    l.loss.denominator = n;
    return l;
}

/* loss
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(z) */
    fill_elements(17, n * (1.0 / 17), d->loss__mul); /* dx = 1 / P */
    for (int i = 0; i < 17; i++)
        g->z[i] += d->loss__mul[i] * 1;
    (void)p;
    (void)v;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 7] | h: mean(1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(7, init=zeros) */

    /* x: x0 + wx */
    repeat(7, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 7 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: mean(1) */
    sum_axis(1, 7, B, 7, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < B; i++)
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
    for (int i = 0; i < B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: mean(1) */
    sum_axis_backward(1, 7, B, 7, d->h, d->x); /* dx = dy / terms, all along the axis */

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

/* x: [B, 5, 3] | h: mean(-1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(15, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: mean(-1) */
    sum_axis(5, 3, B, 3, v->x, v->h);
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

/* loss > h > x
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
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: mean(-1) */
    sum_axis_backward(5, 3, B, 3, d->h, d->x); /* dx = dy / terms, all along the axis */

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

/* x: [B, 5, 3] | h: mean(1, keepdim=true) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(15, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: mean(1, keepdim=true) */
    sum_axis(1, 5, 3 * B, 5, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 1 * 3 * B; i++)
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
    for (int i = 0; i < 1 * 3 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: mean(1, keepdim=true) */
    sum_axis_backward(1, 5, 3 * B, 5, d->h, d->x); /* dx = dy / terms, all along the axis */

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

/* x: [B, 2, 5, 3] | h: mean([2, 3]) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(30, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: mean([2, 3]) */
    sum_axis(2, 15, B, 15, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 2 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(2, n, v->loss__mul) / 2;
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
    fill_examples(2, n, 0.5, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 2 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: mean([2, 3]) */
    sum_axis_backward(2, 15, B, 15, d->h, d->x); /* dx = dy / terms, all along the axis */

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

/* x: [B, 2, 5, 3] | h: mean(dim=[1, -1]) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(30, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: mean(dim=[1, -1]) */
    sum_axes(1, 2, 5, 3, B, 6, v->x, v->h);
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

/* loss > h > x
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
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: mean(dim=[1, -1]) */
    sum_axes_backward(1, 2, 5, 3, B, 6, d->h, d->x); /* dx = dy / terms, all along the axes */

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

/* x: [B, 2, 3, 2, 5] | h: mean([3, 1], keepdim=true) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 3, 2, 5, init=zeros) */

    /* x: x0 + wx */
    repeat(60, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * 2 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: mean([3, 1], keepdim=true) */
    sum_axes(1, 2, 3, 2, 5 * B, 4, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 1 * 3 * 1 * 5 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(15, n, v->loss__mul) / 15;
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
    fill_examples(15, n, 0.06666666666666667, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 1 * 3 * 1 * 5 * B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * 3 * 1 * 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: mean([3, 1], keepdim=true) */
    sum_axes_backward(1, 2, 3, 2, 5 * B, 4, d->h, d->x); /* dx = dy / terms, all along the axes */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 2 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(60, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 3 * 2 * 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 5, 3] | h: mean([1, 2]) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(15, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: mean([1, 2]) */
    sum_axis(1, 15, B, 15, v->x, v->h);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < B; i++)
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
    for (int i = 0; i < B; i++)
        d->h[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }

    /* h: mean([1, 2]) */
    sum_axis_backward(1, 15, B, 15, d->h, d->x); /* dx = dy / terms, all along the axis */

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
