/* x: [B, 3, 4, 5] | bn: batch_norm2d */

/* Training mode. Differs from forward_eval in batch_norm2d. */
static void forward_train(const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* wx = param(3, 4, 5, init=ones) */

    /* x: x0 + wx * u */
    repeat(60, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 4 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm2d */
    batch_norm(3, 20, n, 1e-05, 0.1, v->x, p->bn.weight, p->bn.bias, s->bn.running_mean,
        s->bn.running_var, v->bn__mean, v->bn__inv_std, v->bn);
}

/* Evaluation mode. Differs from forward_train in batch_norm2d. */
static void forward_eval(const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* wx = param(3, 4, 5, init=ones) */

    /* x: x0 + wx * u */
    repeat(60, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 4 * 5 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm2d */
    batch_norm_running(
        3, 20, 1e-05, s->bn.running_mean, s->bn.running_var, v->x, p->bn.weight, p->bn.bias, v->bn);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(bn * r)        loss = sum of x */
    for (int i = 0; i < 3 * 4 * 5 * B; i++)
        v->loss__mul[i] = v->bn[i] * v->r[i];
    l.loss.sum = sum_of_examples(60, n, v->loss__mul) / 60;
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
    /* dx = 1, and 0 past the n examples */
    fill_examples(60, n, 0.016666666666666666, d->loss__mul);
    for (int i = 0; i < 3 * 4 * 5 * B; i++)
        d->bn[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 4 * 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->bn[i];
    }

    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(3, 20, n, v->x, v->bn__mean, v->bn__inv_std, p->bn.weight, d->bn,
        g->bn.weight, g->bn.bias, d->x);

    /* x: x0 + wx * u */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 4 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    for (int i = 0; i < 3 * 4 * 5 * B; i++)
        d->x__broadcast[i] = d->x[i] * v->u[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 4 * 5 * B; i++)
            d->u[i] = d->x[i] * v->x__broadcast[i];
    }
    repeat_backward_batch(60, d->x__broadcast, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 4 * 5; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 3, 3] | bn: batch_norm2d(eps=0.01, momentum=0.3) */

/* Training mode. Differs from forward_eval in batch_norm2d. */
static void forward_train(const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* wx = param(2, 3, 3, init=ones) */

    /* x: x0 + wx * u */
    repeat(18, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm2d(eps=0.01, momentum=0.3) */
    batch_norm(2, 9, n, 0.01, 0.3, v->x, p->bn.weight, p->bn.bias, s->bn.running_mean,
        s->bn.running_var, v->bn__mean, v->bn__inv_std, v->bn);
}

/* Evaluation mode. Differs from forward_train in batch_norm2d. */
static void forward_eval(const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* wx = param(2, 3, 3, init=ones) */

    /* x: x0 + wx * u */
    repeat(18, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm2d(eps=0.01, momentum=0.3) */
    batch_norm_running(
        2, 9, 0.01, s->bn.running_mean, s->bn.running_var, v->x, p->bn.weight, p->bn.bias, v->bn);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(bn * r)        loss = sum of x */
    for (int i = 0; i < 2 * 3 * 3 * B; i++)
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
    for (int i = 0; i < 2 * 3 * 3 * B; i++)
        d->bn[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->bn[i];
    }

    /* bn: batch_norm2d(eps=0.01, momentum=0.3) */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(2, 9, n, v->x, v->bn__mean, v->bn__inv_std, p->bn.weight, d->bn,
        g->bn.weight, g->bn.bias, d->x);

    /* x: x0 + wx * u */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    for (int i = 0; i < 2 * 3 * 3 * B; i++)
        d->x__broadcast[i] = d->x[i] * v->u[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 3 * B; i++)
            d->u[i] = d->x[i] * v->x__broadcast[i];
    }
    repeat_backward_batch(18, d->x__broadcast, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 3 * 3; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 4, 2, 1] | bn: batch_norm2d(affine=false) */

/* Training mode. Differs from forward_eval in batch_norm2d. */
static void forward_train(const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* wx = param(4, 2, 1, init=ones) */

    /* x: x0 + wx * u */
    repeat(8, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 4 * 2 * 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm2d(affine=false) */
    batch_norm(4, 2, n, 1e-05, 0.1, v->x, NULL, NULL, s->bn.running_mean, s->bn.running_var,
        v->bn__mean, v->bn__inv_std, v->bn);
}

/* Evaluation mode. Differs from forward_train in batch_norm2d. */
static void forward_eval(const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* wx = param(4, 2, 1, init=ones) */

    /* x: x0 + wx * u */
    repeat(8, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 4 * 2 * 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm2d(affine=false) */
    batch_norm_running(4, 2, 1e-05, s->bn.running_mean, s->bn.running_var, v->x, NULL, NULL, v->bn);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(bn * r)        loss = sum of x */
    for (int i = 0; i < 4 * 2 * 1 * B; i++)
        v->loss__mul[i] = v->bn[i] * v->r[i];
    l.loss.sum = sum_of_examples(8, n, v->loss__mul) / 8;
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
    fill_examples(8, n, 0.125, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 4 * 2 * 1 * B; i++)
        d->bn[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * 2 * 1 * B; i++)
            d->r[i] = d->loss__mul[i] * v->bn[i];
    }

    /* bn: batch_norm2d(affine=false) */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(4, 2, n, v->x, v->bn__mean, v->bn__inv_std, NULL, d->bn, NULL, NULL, d->x);

    /* x: x0 + wx * u */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * 2 * 1 * B; i++)
            d->x0[i] = d->x[i];
    }
    for (int i = 0; i < 4 * 2 * 1 * B; i++)
        d->x__broadcast[i] = d->x[i] * v->u[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * 2 * 1 * B; i++)
            d->u[i] = d->x[i] * v->x__broadcast[i];
    }
    repeat_backward_batch(8, d->x__broadcast, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 4 * 2 * 1; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3, 5, 2] | bn: batch_norm2d(track_running_stats=false) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v, int n)
{
    /* wx = param(3, 5, 2, init=ones) */

    /* x: x0 + wx * u */
    repeat(30, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 5 * 2 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm2d(track_running_stats=false) */
    batch_norm(3, 10, n, 1e-05, 0.1, v->x, p->bn.weight, p->bn.bias, NULL, NULL, v->bn__mean,
        v->bn__inv_std, v->bn);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(bn * r)        loss = sum of x */
    for (int i = 0; i < 3 * 5 * 2 * B; i++)
        v->loss__mul[i] = v->bn[i] * v->r[i];
    l.loss.sum = sum_of_examples(30, n, v->loss__mul) / 30;
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
    fill_examples(30, n, 0.03333333333333333, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 3 * 5 * 2 * B; i++)
        d->bn[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->bn[i];
    }

    /* bn: batch_norm2d(track_running_stats=false) */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(3, 10, n, v->x, v->bn__mean, v->bn__inv_std, p->bn.weight, d->bn,
        g->bn.weight, g->bn.bias, d->x);

    /* x: x0 + wx * u */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * 2 * B; i++)
            d->x0[i] = d->x[i];
    }
    for (int i = 0; i < 3 * 5 * 2 * B; i++)
        d->x__broadcast[i] = d->x[i] * v->u[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * 2 * B; i++)
            d->u[i] = d->x[i] * v->x__broadcast[i];
    }
    repeat_backward_batch(30, d->x__broadcast, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 5 * 2; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 5, 1, 1] | bn: batch_norm2d(affine=false, track_running_stats=false) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v, int n)
{
    /* wx = param(5, 1, 1, init=ones) */

    /* x: x0 + wx * u */
    repeat(5, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 1 * 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm2d(affine=false, track_running_stats=false) */
    batch_norm(
        5, 1, n, 1e-05, 0.1, v->x, NULL, NULL, NULL, NULL, v->bn__mean, v->bn__inv_std, v->bn);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(bn * r)        loss = sum of x */
    for (int i = 0; i < 5 * 1 * 1 * B; i++)
        v->loss__mul[i] = v->bn[i] * v->r[i];
    l.loss.sum = sum_of_examples(5, n, v->loss__mul) / 5;
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
    fill_examples(5, n, 0.2, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 5 * 1 * 1 * B; i++)
        d->bn[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 1 * 1 * B; i++)
            d->r[i] = d->loss__mul[i] * v->bn[i];
    }

    /* bn: batch_norm2d(affine=false, track_running_stats=false) */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(5, 1, n, v->x, v->bn__mean, v->bn__inv_std, NULL, d->bn, NULL, NULL, d->x);

    /* x: x0 + wx * u */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 1 * 1 * B; i++)
            d->x0[i] = d->x[i];
    }
    for (int i = 0; i < 5 * 1 * 1 * B; i++)
        d->x__broadcast[i] = d->x[i] * v->u[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 1 * 1 * B; i++)
            d->u[i] = d->x[i] * v->x__broadcast[i];
    }
    repeat_backward_batch(5, d->x__broadcast, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 5 * 1 * 1; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 17, 9] | bn: batch_norm2d */

/* Training mode. Differs from forward_eval in batch_norm2d. */
static void forward_train(const struct Parameters *p, struct Buffers *s, struct Values *v, int n)
{
    /* wx = param(2, 17, 9, init=ones) */

    /* x: x0 + wx * u */
    repeat(306, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 17 * 9 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm2d */
    batch_norm(2, 153, n, 1e-05, 0.1, v->x, p->bn.weight, p->bn.bias, s->bn.running_mean,
        s->bn.running_var, v->bn__mean, v->bn__inv_std, v->bn);
}

/* Evaluation mode. Differs from forward_train in batch_norm2d. */
static void forward_eval(const struct Parameters *p, const struct Buffers *s, struct Values *v)
{
    /* wx = param(2, 17, 9, init=ones) */

    /* x: x0 + wx * u */
    repeat(306, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 17 * 9 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i] * v->u[i];

    /* bn: batch_norm2d */
    batch_norm_running(2, 153, 1e-05, s->bn.running_mean, s->bn.running_var, v->x, p->bn.weight,
        p->bn.bias, v->bn);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(bn * r)        loss = sum of x */
    for (int i = 0; i < 2 * 17 * 9 * B; i++)
        v->loss__mul[i] = v->bn[i] * v->r[i];
    l.loss.sum = sum_of_examples(306, n, v->loss__mul) / 306;
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
    /* dx = 1, and 0 past the n examples */
    fill_examples(306, n, 0.0032679738562091504, d->loss__mul);
    for (int i = 0; i < 2 * 17 * 9 * B; i++)
        d->bn[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 17 * 9 * B; i++)
            d->r[i] = d->loss__mul[i] * v->bn[i];
    }

    /* bn: batch_norm2d */
    /* dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy)) */
    batch_norm_backward(2, 153, n, v->x, v->bn__mean, v->bn__inv_std, p->bn.weight, d->bn,
        g->bn.weight, g->bn.bias, d->x);

    /* x: x0 + wx * u */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 17 * 9 * B; i++)
            d->x0[i] = d->x[i];
    }
    for (int i = 0; i < 2 * 17 * 9 * B; i++)
        d->x__broadcast[i] = d->x[i] * v->u[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 17 * 9 * B; i++)
            d->u[i] = d->x[i] * v->x__broadcast[i];
    }
    repeat_backward_batch(306, d->x__broadcast, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 17 * 9; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
