/* x: [B, 5], target: [B, 5] | binary_cross_entropy_with_logits(x, target) */

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

    /* binary_cross_entropy_with_logits(x, target)        loss = sum of -t log s - (1 - t) log(1 -
     * s),  s = sigmoid(x), t = target */
    l.loss.sum = binary_cross_entropy_with_logits(5, n, v->x, v->target0) / 5;
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
    /* binary_cross_entropy_with_logits(x, target) */
    /* dx = s - t, and 0 past the n examples */
    binary_cross_entropy_with_logits_backward(5, n, v->x, v->target0, 0.2, d->x);
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        /* dtarget = -x, and 0 past the n examples */
        binary_cross_entropy_with_logits_backward_target(5, n, v->x, 0.2, d->target0);
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

/* x: [B], target: [B] | binary_cross_entropy_with_logits(x, target) */

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

    /* binary_cross_entropy_with_logits(x, target)        loss = sum of -t log s - (1 - t) log(1 -
     * s),  s = sigmoid(x), t = target */
    l.loss.sum = binary_cross_entropy_with_logits(1, n, v->x__add, v->target0);
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
    /* binary_cross_entropy_with_logits(x, target) */
    /* dx = s - t, and 0 past the n examples */
    binary_cross_entropy_with_logits_backward(1, n, v->x__add, v->target0, 1, d->x__add);
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        /* dtarget = -x, and 0 past the n examples */
        binary_cross_entropy_with_logits_backward_target(1, n, v->x__add, 1, d->target0);
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

/* x: [B, 3, 2], target: [B, 3, 2] | binary_cross_entropy_with_logits(x, target, reduction="sum") */

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

    /* binary_cross_entropy_with_logits(x, target, reduction="sum")        loss = sum of -t log s -
     * (1 - t) log(1 - s),  s = sigmoid(x), t = target */
    l.loss.sum = binary_cross_entropy_with_logits(6, n, v->x, v->target0);
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
    /* binary_cross_entropy_with_logits(x, target, reduction="sum") */
    /* dx = s - t, and 0 past the n examples */
    binary_cross_entropy_with_logits_backward(6, n, v->x, v->target0, 1, d->x);
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        /* dtarget = -x, and 0 past the n examples */
        binary_cross_entropy_with_logits_backward_target(6, n, v->x, 1, d->target0);
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

/* x: [B, 3], target: [B, 3] | binary_cross_entropy_with_logits(x, target, weight=[1, 0.5, 2]) */

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

    /* binary_cross_entropy_with_logits(x, target, weight=[1, 0.5, 2])        loss = sum of w (-p t
     * log s - (1 - t) log(1 - s)),  s = sigmoid(x), t = target */
    l.loss.sum = weighted_binary_cross_entropy_with_logits(3, B, n, v->x, v->target0, 1,
                     lists.loss__binary_cross_entropy_with_logits__weight, 0, NULL) /
        3;
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
    /* binary_cross_entropy_with_logits(x, target, weight=[1, 0.5, 2]) */
    /* dx = w ((1 - t) s - p t (1 - s)),  dtarget = w (log(1 - s) - p log s) */
    weighted_binary_cross_entropy_with_logits_backward(3, B, n, v->x, v->target0, 1,
        lists.loss__binary_cross_entropy_with_logits__weight, 0, NULL, 1 * (1.0 / 3), d->x,
        d->target0);

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

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 3], target: [B, 2, 3] | binary_cross_entropy_with_logits(x, target, pos_weight=[3, 1, 0.25], weight=[2]) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(6, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* binary_cross_entropy_with_logits(x, target, pos_weight=[3, 1, 0.25], weight=[2])        loss
     * = sum of w (-p t log s - (1 - t) log(1 - s)),  s = sigmoid(x), t = target */
    transpose_axes(2, 3, v->x, v->loss__reordered);
    transpose_axes(2, 3, v->target0, v->loss__reordered_2);
    l.loss.sum = weighted_binary_cross_entropy_with_logits(3, 2 * B, n, v->loss__reordered,
                     v->loss__reordered_2, 0, lists.loss__binary_cross_entropy_with_logits__weight,
                     1, lists.loss__binary_cross_entropy_with_logits__pos_weight) /
        3 / 2;
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
    /* binary_cross_entropy_with_logits(x, target, pos_weight=[3, 1, 0.25], weight=[2]) */
    /* dx = w ((1 - t) s - p t (1 - s)),  dtarget = w (log(1 - s) - p log s) */
    weighted_binary_cross_entropy_with_logits_backward(3, 2 * B, n, v->loss__reordered,
        v->loss__reordered_2, 0, lists.loss__binary_cross_entropy_with_logits__weight, 1,
        lists.loss__binary_cross_entropy_with_logits__pos_weight, 0.5 * (1.0 / 3),
        d->loss__reordered, d->loss__reordered_2);
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        transpose_axes(3, 2, d->loss__reordered_2, d->target0); /* dx = dy, in order */
    }
    transpose_axes(3, 2, d->loss__reordered, d->x); /* dx = dy, in order */

    /* x: x0 + wx */
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(6, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 3; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B], target: [B] | binary_cross_entropy_with_logits(x, target, pos_weight=[3]) */

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

    /* binary_cross_entropy_with_logits(x, target, pos_weight=[3])        loss = sum of w (-p t log
     * s - (1 - t) log(1 - s)),  s = sigmoid(x), t = target */
    l.loss.sum = weighted_binary_cross_entropy_with_logits(1, B, n, v->x__add, v->target0, 0, NULL,
                     0, lists.loss__binary_cross_entropy_with_logits__pos_weight) /
        1;
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
    /* binary_cross_entropy_with_logits(x, target, pos_weight=[3]) */
    /* dx = w ((1 - t) s - p t (1 - s)),  dtarget = w (log(1 - s) - p log s) */
    weighted_binary_cross_entropy_with_logits_backward(1, B, n, v->x__add, v->target0, 0, NULL, 0,
        lists.loss__binary_cross_entropy_with_logits__pos_weight, 1 * (1.0 / 1), d->x__add,
        d->target0);

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

/* x: [B, 3], target: [B, 3] | binary_cross_entropy_with_logits(x, target, weight=[1, 2, 3], pos_weight=[2, 1, 3], reduction="sum") */

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

    /* binary_cross_entropy_with_logits(x, target, weight=[1, 2, 3], pos_weight=[2, 1, 3],
     * reduction="sum")        loss = sum of w (-p t log s - (1 - t) log(1 - s)),  s = sigmoid(x), t
     * = target */
    l.loss.sum = weighted_binary_cross_entropy_with_logits(3, B, n, v->x, v->target0, 1,
                     lists.loss__binary_cross_entropy_with_logits__weight, 1,
                     lists.loss__binary_cross_entropy_with_logits__pos_weight) /
        1;
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
    /* binary_cross_entropy_with_logits(x, target, weight=[1, 2, 3], pos_weight=[2, 1, 3],
     * reduction="sum") */
    /* dx = w ((1 - t) s - p t (1 - s)),  dtarget = w (log(1 - s) - p log s) */
    weighted_binary_cross_entropy_with_logits_backward(3, B, n, v->x, v->target0, 1,
        lists.loss__binary_cross_entropy_with_logits__weight, 1,
        lists.loss__binary_cross_entropy_with_logits__pos_weight, 1 * (1.0 / 1), d->x, d->target0);

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

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 5], target: [B, 5] | binary_cross_entropy_with_logits(x, target, reduction="none") */

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

    /* out = binary_cross_entropy_with_logits(x, target, reduction="none")        loss = sum of x */
    for (int i = 0; i < 5 * B; i++)
        v->out[i] = logistic_loss(v->x[i], v->target0[i]);
    l.out.sum = sum_of_examples(5, n, v->out) / 5;
    l.out.denominator = n;

    /* mean(out * r)        loss = sum of x */
    for (int i = 0; i < 5 * B; i++)
        v->loss__mul[i] = v->out[i] * v->r[i];
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
    /* mean(out * r) */
    fill_examples(5, n, 0.2, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 5 * B; i++)
        d->out[i] = d->loss__mul[i] * v->r[i];
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->out[i];
    }

    /* out = binary_cross_entropy_with_logits(x, target, reduction="none") */
    /* dx = (s - t) dy */
    for (int i = 0; i < 5 * B; i++)
        d->x[i] = d->out[i] * logistic_loss_derivative(v->x[i], v->target0[i]);
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        /* dtarget = -x dy */
        for (int i = 0; i < 5 * B; i++)
            d->target0[i] = -d->out[i] * v->x[i];
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

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 3], target: [B, 2, 3] | binary_cross_entropy_with_logits(x, target, pos_weight=[3, 1, 2], reduction="none") */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 3, init=zeros) */

    /* x: x0 + wx */
    repeat(6, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* out = binary_cross_entropy_with_logits(x, target, pos_weight=[3, 1, 2], reduction="none")
     * loss = sum of x */
    transpose_axes(2, 3, v->x, v->out__reordered);
    transpose_axes(2, 3, v->target0, v->out__reordered_2);
    weighted_logistic_loss_each(3, 2 * B, v->out__reordered, v->out__reordered_2, 0, NULL, 1,
        lists.out__binary_cross_entropy_with_logits__pos_weight, v->out);
    l.out.sum = sum_of_examples(6, n, v->out) / 6;
    l.out.denominator = n;

    /* mean(out * r)        loss = sum of x */
    transpose_axes(3, 2, v->out, v->loss__reordered);
    for (int i = 0; i < 2 * 3 * B; i++)
        v->loss__mul[i] = v->loss__reordered[i] * v->r[i];
    l.loss.sum = sum_of_examples(6, n, v->loss__mul) / 6;
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
    fill_examples(6, n, 0.16666666666666666, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 2 * 3 * B; i++)
        d->loss__reordered[i] = d->loss__mul[i] * v->r[i];
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->loss__reordered[i];
    }
    transpose_axes(2, 3, d->loss__reordered, d->out); /* dx = dy, last axis outermost */

    /* out = binary_cross_entropy_with_logits(x, target, pos_weight=[3, 1, 2], reduction="none") */
    /* dx = w ((1 - t) s - p t (1 - s)) dy,  dtarget = w (log(1 - s) - p log s) dy */
    weighted_logistic_loss_each_backward(3, 2 * B, v->out__reordered, v->out__reordered_2, 0, NULL,
        1, lists.out__binary_cross_entropy_with_logits__pos_weight, d->out, d->out__reordered,
        d->out__reordered_2);
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        transpose_axes(3, 2, d->out__reordered_2, d->target0); /* dx = dy, in order */
    }
    transpose_axes(3, 2, d->out__reordered, d->x); /* dx = dy, in order */

    /* x: x0 + wx */
    if (d->target0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(6, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 3; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
