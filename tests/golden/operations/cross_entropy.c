/* x: [B, 4], target: class(4)[B] | cross_entropy(x, target) */

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
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* cross_entropy(x, target)        loss = sum of -log softmax(x)[target] */
    l.loss.sum = cross_entropy(4, B, n, v->x, v->target);
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
    /* cross_entropy(x, target) */
    /* dx = softmax(x) - onehot(target), and 0 past the n examples */
    cross_entropy_backward(4, B, n, v->x, v->target, 1, d->x);

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

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3, 5], target: class(3)[B, 5] | cross_entropy(x, target, weight=[1, 0.5, 2]) */

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
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* cross_entropy(x, target, weight=[1, 0.5, 2])        loss = sum of -q log softmax(x),  q = w
     * ((1 - s) onehot(target) + s / C) */
    l.loss.sum = weighted_cross_entropy(
        3, 5 * B, n, v->x, v->target, lists.loss__cross_entropy__weight, -100, 0);
    l.loss.denominator =
        cross_entropy_weight(5 * B, n, v->target, lists.loss__cross_entropy__weight, -100);
    return l;
}

/* loss > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* cross_entropy(x, target, weight=[1, 0.5, 2]) */
    /* dx = softmax(x) sum of q - q, and 0 past the n examples */
    weighted_cross_entropy_backward(
        3, 5 * B, n, v->x, v->target, lists.loss__cross_entropy__weight, -100, 0, 1, d->x);

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

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 4], target: class(4)[B, 2] | cross_entropy(x, target, dim=-1, ignore_index=1, label_smoothing=0.1) */

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

    /* cross_entropy(x, target, dim=-1, ignore_index=1, label_smoothing=0.1)        loss = sum of -q
     * log softmax(x),  q = w ((1 - s) onehot(target) + s / C) */
    transpose_axes(2, 4, v->x, v->loss__reordered);
    l.loss.sum = weighted_cross_entropy(4, 2 * B, n, v->loss__reordered, v->target, NULL, 1, 0.1);
    l.loss.denominator = cross_entropy_weight(2 * B, n, v->target, NULL, 1);
    return l;
}

/* loss > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* cross_entropy(x, target, dim=-1, ignore_index=1, label_smoothing=0.1) */
    /* dx = softmax(x) sum of q - q, and 0 past the n examples */
    weighted_cross_entropy_backward(
        4, 2 * B, n, v->loss__reordered, v->target, NULL, 1, 0.1, 1, d->loss__reordered);
    transpose_axes(4, 2, d->loss__reordered, d->x); /* dx = dy, in order */

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
}

/* x: [B, 3], target: class(3)[B] | cross_entropy(x, target, weight=[3, 1, 2], label_smoothing=0.2) */

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
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* cross_entropy(x, target, weight=[3, 1, 2], label_smoothing=0.2)        loss = sum of -q log
     * softmax(x),  q = w ((1 - s) onehot(target) + s / C) */
    l.loss.sum = weighted_cross_entropy(
        3, B, n, v->x, v->target, lists.loss__cross_entropy__weight, -100, 0.2);
    l.loss.denominator =
        cross_entropy_weight(B, n, v->target, lists.loss__cross_entropy__weight, -100);
    return l;
}

/* loss > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* cross_entropy(x, target, weight=[3, 1, 2], label_smoothing=0.2) */
    /* dx = softmax(x) sum of q - q, and 0 past the n examples */
    weighted_cross_entropy_backward(
        3, B, n, v->x, v->target, lists.loss__cross_entropy__weight, -100, 0.2, 1, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(3, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 5], target: class(4)[B] | cross_entropy(x, target, reduction="sum") */

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

    /* cross_entropy(x, target, reduction="sum")        loss = sum of -log softmax(x)[target] */
    l.loss.sum = cross_entropy(5, B, n, v->x, v->target);
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
    /* cross_entropy(x, target, reduction="sum") */
    /* dx = softmax(x) - onehot(target), and 0 past the n examples */
    cross_entropy_backward(5, B, n, v->x, v->target, 1, d->x);

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

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3], target: class(3)[B] | cross_entropy(x, target, weight=[3, 0, 2], ignore_index=2, reduction="sum") */

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
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* cross_entropy(x, target, weight=[3, 0, 2], ignore_index=2, reduction="sum")        loss = sum
     * of -q log softmax(x),  q = w ((1 - s) onehot(target) + s / C) */
    l.loss.sum =
        weighted_cross_entropy(3, B, n, v->x, v->target, lists.loss__cross_entropy__weight, 2, 0);
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
    /* cross_entropy(x, target, weight=[3, 0, 2], ignore_index=2, reduction="sum") */
    /* dx = softmax(x) sum of q - q, and 0 past the n examples */
    weighted_cross_entropy_backward(
        3, B, n, v->x, v->target, lists.loss__cross_entropy__weight, 2, 0, 1, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(3, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 4, 3], target: class(4)[B, 3] | cross_entropy(x, target, reduction="none") */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(4, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(12, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 4 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* out = cross_entropy(x, target, reduction="none")        loss = sum of x */
    cross_entropy_each(4, 3 * B, v->x, v->target, NULL, -100, 0, v->out);
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
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->out[i];
    }

    /* out = cross_entropy(x, target, reduction="none") */
    /* dx = (softmax(x) sum of q - q) dy */
    cross_entropy_each_backward(4, 3 * B, v->x, v->target, NULL, -100, 0, d->out, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(12, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 4 * 3; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3], target: class(3)[B] | cross_entropy(x, target, weight=[3, 1, 2], ignore_index=0, label_smoothing=1, reduction="none") */

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

    /* out = cross_entropy(x, target, weight=[3, 1, 2], ignore_index=0, label_smoothing=1,
     * reduction="none")        loss = sum of x */
    cross_entropy_each(3, B, v->x, v->target, lists.out__cross_entropy__weight, 0, 1, v->out);
    l.out.sum = sum_of_examples(1, n, v->out);
    l.out.denominator = n;

    /* mean(out * r)        loss = sum of x */
    for (int i = 0; i < B; i++)
        v->loss__mul[i] = v->out[i] * v->r[i];
    l.loss.sum = sum_of_examples(1, n, v->loss__mul);
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
    fill_examples(1, n, 1, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < B; i++)
        d->out[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < B; i++)
            d->r[i] = d->loss__mul[i] * v->out[i];
    }

    /* out = cross_entropy(x, target, weight=[3, 1, 2], ignore_index=0, label_smoothing=1,
     * reduction="none") */
    /* dx = (softmax(x) sum of q - q) dy */
    cross_entropy_each_backward(
        3, B, v->x, v->target, lists.out__cross_entropy__weight, 0, 1, d->out, d->x);

    /* x: x0 + wx */
    if (d->x0) {
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

/* x: [B, 7], target: class(3)[B] | cross_entropy(x, target, dim=-1) */

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

    /* cross_entropy(x, target, dim=-1)        loss = sum of -log softmax(x)[target] */
    l.loss.sum = cross_entropy(7, B, n, v->x, v->target);
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
    /* cross_entropy(x, target, dim=-1) */
    /* dx = softmax(x) - onehot(target), and 0 past the n examples */
    cross_entropy_backward(7, B, n, v->x, v->target, 1, d->x);

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

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 4], target: [B, 4] | cross_entropy(x, target) */

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
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* cross_entropy(x, target)        loss = sum of -q log softmax(x),  q = w ((1 - s) target + s /
     * C) */
    l.loss.sum = soft_cross_entropy(4, B, n, v->x, v->target0, NULL, 0);
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
    /* cross_entropy(x, target) */
    /* dx = softmax(x) sum of q - q,  dtarget = -w (1 - s) log softmax(x) */
    soft_cross_entropy_backward(4, B, n, v->x, v->target0, NULL, 0, 1, d->x, d->target0);

    /* x: x0 + wx */
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 4 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(4, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 4; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3, 5], target: [B, 3, 5] | cross_entropy(x, target, weight=[1, 0.5, 2]) */

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
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* cross_entropy(x, target, weight=[1, 0.5, 2])        loss = sum of -q log softmax(x),  q = w
     * ((1 - s) target + s / C) */
    l.loss.sum =
        soft_cross_entropy(3, 5 * B, n, v->x, v->target0, lists.loss__cross_entropy__weight, 0) / 5;
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
    /* cross_entropy(x, target, weight=[1, 0.5, 2]) */
    /* dx = softmax(x) sum of q - q,  dtarget = -w (1 - s) log softmax(x) */
    soft_cross_entropy_backward(
        3, 5 * B, n, v->x, v->target0, lists.loss__cross_entropy__weight, 0, 0.2, d->x, d->target0);

    /* x: x0 + wx */
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(15, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 5; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 4], target: [B, 2, 4] | cross_entropy(x, target, dim=-1, label_smoothing=0.1) */

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

    /* cross_entropy(x, target, dim=-1, label_smoothing=0.1)        loss = sum of -q log softmax(x),
     * q = w ((1 - s) target + s / C) */
    transpose_axes(2, 4, v->x, v->loss__reordered);
    transpose_axes(2, 4, v->target0, v->loss__reordered_2);
    l.loss.sum =
        soft_cross_entropy(4, 2 * B, n, v->loss__reordered, v->loss__reordered_2, NULL, 0.1) / 2;
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
    /* cross_entropy(x, target, dim=-1, label_smoothing=0.1) */
    /* dx = softmax(x) sum of q - q,  dtarget = -w (1 - s) log softmax(x) */
    soft_cross_entropy_backward(4, 2 * B, n, v->loss__reordered, v->loss__reordered_2, NULL, 0.1,
        0.5, d->loss__reordered, d->loss__reordered_2);
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        transpose_axes(4, 2, d->loss__reordered_2, d->target0); /* dx = dy, in order */
    }
    transpose_axes(4, 2, d->loss__reordered, d->x); /* dx = dy, in order */

    /* x: x0 + wx */
    if (d->target0) {
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
}

/* x: [B, 5], target: [B, 5] | cross_entropy(x, target, reduction="sum") */

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

    /* cross_entropy(x, target, reduction="sum")        loss = sum of -q log softmax(x),  q = w ((1
     * - s) target + s / C) */
    l.loss.sum = soft_cross_entropy(5, B, n, v->x, v->target0, NULL, 0);
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
    /* cross_entropy(x, target, reduction="sum") */
    /* dx = softmax(x) sum of q - q,  dtarget = -w (1 - s) log softmax(x) */
    soft_cross_entropy_backward(5, B, n, v->x, v->target0, NULL, 0, 1, d->x, d->target0);

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

/* x: [B, 3, 2], target: [B, 3, 2] | cross_entropy(x, target, weight=[3, 1, 2], label_smoothing=0.2, reduction="none") */

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
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* out = cross_entropy(x, target, weight=[3, 1, 2], label_smoothing=0.2, reduction="none")
     * loss = sum of x */
    soft_cross_entropy_each(
        3, 2 * B, v->x, v->target0, lists.out__cross_entropy__weight, 0.2, v->out);
    l.out.sum = sum_of_examples(2, n, v->out) / 2;
    l.out.denominator = n;

    /* mean(out * r)        loss = sum of x */
    for (int i = 0; i < 2 * B; i++)
        v->loss__mul[i] = v->out[i] * v->r[i];
    l.loss.sum = sum_of_examples(2, n, v->loss__mul) / 2;
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
    fill_examples(2, n, 0.5, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 2 * B; i++)
        d->out[i] = d->loss__mul[i] * v->r[i];
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->out[i];
    }

    /* out = cross_entropy(x, target, weight=[3, 1, 2], label_smoothing=0.2, reduction="none") */
    /* dx = (softmax(x) sum of q - q) dy,  dtarget = -w (1 - s) log softmax(x) dy */
    soft_cross_entropy_each_backward(3, 2 * B, v->x, v->target0, lists.out__cross_entropy__weight,
        0.2, d->out, d->x, d->target0);

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

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
