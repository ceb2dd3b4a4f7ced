/* x: [B, 7] | bn: batch_norm1d */

/* Training mode. Differs from forward_eval in batch_norm1d. */
static void forward_train(const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* wx = param(7, init=ones) */

    /* x: x0 + wx * u */
    repeat(7, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 7 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm1d */
    batch_norm(7, 1, n, 1e-05, 0.1, v->x, p->bn.weight, p->bn.bias, s->bn.running_mean,
        s->bn.running_var, v->bn__mean, v->bn__inv_std, v->bn);
}

/* Evaluation mode. Differs from forward_train in batch_norm1d. */
static void forward_eval(const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* wx = param(7, init=ones) */

    /* x: x0 + wx * u */
    repeat(7, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 7 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm1d */
    batch_norm_running(
        7, 1, 1e-05, s->bn.running_mean, s->bn.running_var, v->x, p->bn.weight, p->bn.bias, v->bn);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(bn * r)        loss = sum of x */
    for (int i = 0; i < 7 * B; i++)
        v->loss__mul[i] = v->bn[i] * v->r[i];
    l.loss.sum = sum_of_examples(7, n, v->loss__mul) / 7;
    l.loss.denominator = n;
    return l;
}

/* loss > bn > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(bn * r) */
    fill_examples(7, n, 0.14285714285714285, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 7 * B; i++)
        d->bn[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 7 * B; i++)
            d->r[i] = d->loss__mul[i] * v->bn[i];
    }

    /* bn: batch_norm1d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(7, 1, n, v->x, v->bn__mean, v->bn__inv_std, p->bn.weight, d->bn,
        g->bn.weight, g->bn.bias, d->x);

    /* x: x0 + wx * u */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 7 * B; i++)
            d->x0[i] = d->x[i];
    }
    for (int i = 0; i < 7 * B; i++)
        d->x__broadcast[i] = d->x[i] * v->u[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 7 * B; i++)
            d->u[i] = d->x[i] * v->x__broadcast[i];
    }
    repeat_backward_batch(7, d->x__broadcast, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 7; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3, 5] | bn: batch_norm1d */

/* Training mode. Differs from forward_eval in batch_norm1d. */
static void forward_train(const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* wx = param(3, 5, init=ones) */

    /* x: x0 + wx * u */
    repeat(15, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm1d */
    batch_norm(3, 5, n, 1e-05, 0.1, v->x, p->bn.weight, p->bn.bias, s->bn.running_mean,
        s->bn.running_var, v->bn__mean, v->bn__inv_std, v->bn);
}

/* Evaluation mode. Differs from forward_train in batch_norm1d. */
static void forward_eval(const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* wx = param(3, 5, init=ones) */

    /* x: x0 + wx * u */
    repeat(15, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm1d */
    batch_norm_running(
        3, 5, 1e-05, s->bn.running_mean, s->bn.running_var, v->x, p->bn.weight, p->bn.bias, v->bn);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(bn * r)        loss = sum of x */
    for (int i = 0; i < 3 * 5 * B; i++)
        v->loss__mul[i] = v->bn[i] * v->r[i];
    l.loss.sum = sum_of_examples(15, n, v->loss__mul) / 15;
    l.loss.denominator = n;
    return l;
}

/* loss > bn > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(bn * r) */
    fill_examples(15, n, 0.06666666666666667, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 3 * 5 * B; i++)
        d->bn[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->bn[i];
    }

    /* bn: batch_norm1d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(3, 5, n, v->x, v->bn__mean, v->bn__inv_std, p->bn.weight, d->bn,
        g->bn.weight, g->bn.bias, d->x);

    /* x: x0 + wx * u */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    for (int i = 0; i < 3 * 5 * B; i++)
        d->x__broadcast[i] = d->x[i] * v->u[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * B; i++)
            d->u[i] = d->x[i] * v->x__broadcast[i];
    }
    repeat_backward_batch(15, d->x__broadcast, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 5; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 1] | bn: batch_norm1d(momentum=0.3, eps=0.001) */

/* Training mode. Differs from forward_eval in batch_norm1d. */
static void forward_train(const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* wx = param(1, init=ones) */

    /* x: x0 + wx * u */
    repeat(1, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm1d(momentum=0.3, eps=0.001) */
    batch_norm(1, 1, n, 0.001, 0.3, v->x, p->bn.weight, p->bn.bias, s->bn.running_mean,
        s->bn.running_var, v->bn__mean, v->bn__inv_std, v->bn);
}

/* Evaluation mode. Differs from forward_train in batch_norm1d. */
static void forward_eval(const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* wx = param(1, init=ones) */

    /* x: x0 + wx * u */
    repeat(1, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm1d(momentum=0.3, eps=0.001) */
    batch_norm_running(
        1, 1, 0.001, s->bn.running_mean, s->bn.running_var, v->x, p->bn.weight, p->bn.bias, v->bn);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(bn * r)        loss = sum of x */
    for (int i = 0; i < 1 * B; i++)
        v->loss__mul[i] = v->bn[i] * v->r[i];
    l.loss.sum = sum_of_examples(1, n, v->loss__mul);
    l.loss.denominator = n;
    return l;
}

/* loss > bn > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(bn * r) */
    fill_examples(1, n, 1, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 1 * B; i++)
        d->bn[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * B; i++)
            d->r[i] = d->loss__mul[i] * v->bn[i];
    }

    /* bn: batch_norm1d(momentum=0.3, eps=0.001) */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(1, 1, n, v->x, v->bn__mean, v->bn__inv_std, p->bn.weight, d->bn,
        g->bn.weight, g->bn.bias, d->x);

    /* x: x0 + wx * u */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * B; i++)
            d->x0[i] = d->x[i];
    }
    for (int i = 0; i < 1 * B; i++)
        d->x__broadcast[i] = d->x[i] * v->u[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * B; i++)
            d->u[i] = d->x[i] * v->x__broadcast[i];
    }
    repeat_backward_batch(1, d->x__broadcast, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 1; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 4] | bn: batch_norm1d(affine=false) */

/* Training mode. Differs from forward_eval in batch_norm1d. */
static void forward_train(const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* wx = param(4, init=ones) */

    /* x: x0 + wx * u */
    repeat(4, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm1d(affine=false) */
    batch_norm(4, 1, n, 1e-05, 0.1, v->x, NULL, NULL, s->bn.running_mean, s->bn.running_var,
        v->bn__mean, v->bn__inv_std, v->bn);
}

/* Evaluation mode. Differs from forward_train in batch_norm1d. */
static void forward_eval(const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* wx = param(4, init=ones) */

    /* x: x0 + wx * u */
    repeat(4, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm1d(affine=false) */
    batch_norm_running(4, 1, 1e-05, s->bn.running_mean, s->bn.running_var, v->x, NULL, NULL, v->bn);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(bn * r)        loss = sum of x */
    for (int i = 0; i < 4 * B; i++)
        v->loss__mul[i] = v->bn[i] * v->r[i];
    l.loss.sum = sum_of_examples(4, n, v->loss__mul) / 4;
    l.loss.denominator = n;
    return l;
}

/* loss > bn > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(bn * r) */
    fill_examples(4, n, 0.25, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 4 * B; i++)
        d->bn[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * B; i++)
            d->r[i] = d->loss__mul[i] * v->bn[i];
    }

    /* bn: batch_norm1d(affine=false) */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(4, 1, n, v->x, v->bn__mean, v->bn__inv_std, NULL, d->bn, NULL, NULL, d->x);

    /* x: x0 + wx * u */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * B; i++)
            d->x0[i] = d->x[i];
    }
    for (int i = 0; i < 4 * B; i++)
        d->x__broadcast[i] = d->x[i] * v->u[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * B; i++)
            d->u[i] = d->x[i] * v->x__broadcast[i];
    }
    repeat_backward_batch(4, d->x__broadcast, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 4; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 9] | bn: batch_norm1d(track_running_stats=false) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v, int n)
{
    /* wx = param(2, 9, init=ones) */

    /* x: x0 + wx * u */
    repeat(18, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 9 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm1d(track_running_stats=false) */
    batch_norm(2, 9, n, 1e-05, 0.1, v->x, p->bn.weight, p->bn.bias, NULL, NULL, v->bn__mean,
        v->bn__inv_std, v->bn);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(bn * r)        loss = sum of x */
    for (int i = 0; i < 2 * 9 * B; i++)
        v->loss__mul[i] = v->bn[i] * v->r[i];
    l.loss.sum = sum_of_examples(18, n, v->loss__mul) / 18;
    l.loss.denominator = n;
    return l;
}

/* loss > bn > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(bn * r) */
    fill_examples(18, n, 0.05555555555555555, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 2 * 9 * B; i++)
        d->bn[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 9 * B; i++)
            d->r[i] = d->loss__mul[i] * v->bn[i];
    }

    /* bn: batch_norm1d(track_running_stats=false) */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(2, 9, n, v->x, v->bn__mean, v->bn__inv_std, p->bn.weight, d->bn,
        g->bn.weight, g->bn.bias, d->x);

    /* x: x0 + wx * u */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 9 * B; i++)
            d->x0[i] = d->x[i];
    }
    for (int i = 0; i < 2 * 9 * B; i++)
        d->x__broadcast[i] = d->x[i] * v->u[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 9 * B; i++)
            d->u[i] = d->x[i] * v->x__broadcast[i];
    }
    repeat_backward_batch(18, d->x__broadcast, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 9; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
