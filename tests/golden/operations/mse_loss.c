/* x: [B, 5], target: [B, 5] | mse_loss(x, target) */

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

    /* mse_loss(x, target)        loss = sum of (x - target)^2 */
    l.loss.sum = mse_loss(5, n, v->x, v->target0) / 5;
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
    /* mse_loss(x, target) */
    /* dx = 2 (x - target), and 0 past the n examples */
    mse_loss_backward(5, n, v->x, v->target0, 0.2, d->x);
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        /* dtarget = 2 (target - x), and 0 past the n examples */
        mse_loss_backward(5, n, v->target0, v->x, 0.2, d->target0);
    }

    /* x: x0 + wx */
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(5, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3, 2], target: [B, 3, 2] | mse_loss(x, target) */

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

    /* mse_loss(x, target)        loss = sum of (x - target)^2 */
    l.loss.sum = mse_loss(6, n, v->x, v->target0) / 6;
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
    /* mse_loss(x, target) */
    /* dx = 2 (x - target), and 0 past the n examples */
    mse_loss_backward(6, n, v->x, v->target0, 0.16666666666666666, d->x);
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        /* dtarget = 2 (target - x), and 0 past the n examples */
        mse_loss_backward(6, n, v->target0, v->x, 0.16666666666666666, d->target0);
    }

    /* x: x0 + wx */
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 2 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(6, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 2; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B], target: [B] | mse_loss(x, target) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* target = target0 -> reshape(B): [B, 1] is read as [B] */

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

    /* mse_loss(x, target)        loss = sum of (x - target)^2 */
    l.loss.sum = mse_loss(1, n, v->x__add, v->target0);
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
    /* mse_loss(x, target) */
    /* dx = 2 (x - target), and 0 past the n examples */
    mse_loss_backward(1, n, v->x__add, v->target0, 1, d->x__add);
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        /* dtarget = 2 (target - x), and 0 past the n examples */
        mse_loss_backward(1, n, v->target0, v->x__add, 1, d->target0);
    }

    /* x: x0 + wx -> reshape(B) */
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * B; i++)
            d->x0[i] = d->x__add[i];
    }
    repeat_backward_batch(1, d->x__add, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 1; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 7], target: [B, 7] | mse_loss(x, target, reduction="sum") */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(7, init=zeros) */

    /* x: x0 + wx */
    repeat(7, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 7 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* mse_loss(x, target, reduction="sum")        loss = sum of (x - target)^2 */
    l.loss.sum = mse_loss(7, n, v->x, v->target0);
    l.loss.denominator = 1;
    return l;
}

/* loss > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mse_loss(x, target, reduction="sum") */
    /* dx = 2 (x - target), and 0 past the n examples */
    mse_loss_backward(7, n, v->x, v->target0, 1, d->x);
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        /* dtarget = 2 (target - x), and 0 past the n examples */
        mse_loss_backward(7, n, v->target0, v->x, 1, d->target0);
    }

    /* x: x0 + wx */
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 7 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(7, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 7; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3], target: [B, 3] | mse_loss(x, target, reduction="none") */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, init=zeros) */

    /* x: x0 + wx */
    repeat(3, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* out = mse_loss(x, target, reduction="none")        loss = sum of x */
    for (int i = 0; i < 3 * B; i++)
        v->out[i] = (v->x[i] - v->target0[i]) * (v->x[i] - v->target0[i]);
    l.out.sum = sum_of_examples(3, n, v->out) / 3;
    l.out.denominator = n;

    /* mean(out * r)        loss = sum of x */
    for (int i = 0; i < 3 * B; i++)
        v->loss__mul[i] = v->out[i] * v->r[i];
    l.loss.sum = sum_of_examples(3, n, v->loss__mul) / 3;
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
    /* mean(out * r) */
    fill_examples(3, n, 0.3333333333333333, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 3 * B; i++)
        d->out[i] = d->loss__mul[i] * v->r[i];
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->out[i];
    }

    /* out = mse_loss(x, target, reduction="none") */
    /* dx = 2 (x - target) dy */
    for (int i = 0; i < 3 * B; i++)
        d->x[i] = 2 * d->out[i] * (v->x[i] - v->target0[i]);
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        /* dtarget = 2 (target - x) dy */
        for (int i = 0; i < 3 * B; i++)
            d->target0[i] = 2 * d->out[i] * (v->target0[i] - v->x[i]);
    }

    /* x: x0 + wx */
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(3, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
