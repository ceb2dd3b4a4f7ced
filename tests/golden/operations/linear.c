/* x: [B, 7] | fc1: linear(3) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(7, init=zeros) */

    /* x: x0 + wx */
    repeat(7, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 7 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* fc1: linear(3) */
    linear(7, 3, B, v->x, p->fc1.weight, p->fc1.bias, v->fc1);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(fc1 * r)        loss = sum of x */
    for (int i = 0; i < 3 * B; i++)
        v->loss__mul[i] = v->fc1[i] * v->r[i];
    l.loss.sum = sum_of_examples(3, n, v->loss__mul) / 3;
    l.loss.denominator = n;
    return l;
}

/* loss > fc1 > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(fc1 * r) */
    fill_examples(3, n, 0.3333333333333333, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 3 * B; i++)
        d->fc1[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->fc1[i];
    }

    /* fc1: linear(3) */
    linear_backward_weight(7, 3, B, v->x, d->fc1, g->fc1.weight); /* dW += dy x^T */
    linear_backward_bias(3, B, d->fc1, g->fc1.bias); /* db += sum dy */
    linear_backward_input(7, 3, B, p->fc1.weight, d->fc1, d->x); /* dx = W^T dy */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 7 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(7, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 7; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 5, 4] | proj: linear(6, bias=false) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, 4, init=zeros) */

    /* x: x0 + wx */
    repeat(20, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 4 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* proj: linear(6, bias=false) */
    transpose_axes(5, 4, v->x, v->proj__reordered);
    linear(4, 6, 5 * B, v->proj__reordered, p->proj.weight, NULL, v->proj);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(proj * r)        loss = sum of x */
    transpose_axes(6, 5, v->proj, v->loss__reordered);
    for (int i = 0; i < 5 * 6 * B; i++)
        v->loss__mul[i] = v->loss__reordered[i] * v->r[i];
    l.loss.sum = sum_of_examples(30, n, v->loss__mul) / 30;
    l.loss.denominator = n;
    return l;
}

/* loss > proj > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(proj * r) */
    fill_examples(30, n, 0.03333333333333333, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 5 * 6 * B; i++)
        d->loss__reordered[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 6 * B; i++)
            d->r[i] = d->loss__mul[i] * v->loss__reordered[i];
    }
    transpose_axes(5, 6, d->loss__reordered, d->proj); /* dx = dy, last axis outermost */

    /* proj: linear(6, bias=false) */
    /* dW += dy x^T */
    linear_backward_weight(4, 6, 5 * B, v->proj__reordered, d->proj, g->proj.weight);
    /* dx = W^T dy */
    linear_backward_input(4, 6, 5 * B, p->proj.weight, d->proj, d->proj__reordered);
    transpose_axes(4, 5, d->proj__reordered, d->x); /* dx = dy, in order */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 4 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(20, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 5 * 4; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 1] | fc1: linear(1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(1, init=zeros) */

    /* x: x0 + wx */
    repeat(1, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 1 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* fc1: linear(1) */
    linear(1, 1, B, v->x, p->fc1.weight, p->fc1.bias, v->fc1);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(fc1 * r)        loss = sum of x */
    for (int i = 0; i < 1 * B; i++)
        v->loss__mul[i] = v->fc1[i] * v->r[i];
    l.loss.sum = sum_of_examples(1, n, v->loss__mul);
    l.loss.denominator = n;
    return l;
}

/* loss > fc1 > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(fc1 * r) */
    fill_examples(1, n, 1, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 1 * B; i++)
        d->fc1[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * B; i++)
            d->r[i] = d->loss__mul[i] * v->fc1[i];
    }

    /* fc1: linear(1) */
    linear_backward_weight(1, 1, B, v->x, d->fc1, g->fc1.weight); /* dW += dy x^T */
    linear_backward_bias(1, B, d->fc1, g->fc1.bias); /* db += sum dy */
    linear_backward_input(1, 1, B, p->fc1.weight, d->fc1, d->x); /* dx = W^T dy */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 1 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(1, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 1; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 300] | fc1: linear(13) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(300, init=zeros) */

    /* x: x0 + wx */
    repeat(300, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 300 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* fc1: linear(13) */
    linear(300, 13, B, v->x, p->fc1.weight, p->fc1.bias, v->fc1);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(fc1 * r)        loss = sum of x */
    for (int i = 0; i < 13 * B; i++)
        v->loss__mul[i] = v->fc1[i] * v->r[i];
    l.loss.sum = sum_of_examples(13, n, v->loss__mul) / 13;
    l.loss.denominator = n;
    return l;
}

/* loss > fc1 > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(fc1 * r) */
    fill_examples(13, n, 0.07692307692307693, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 13 * B; i++)
        d->fc1[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 13 * B; i++)
            d->r[i] = d->loss__mul[i] * v->fc1[i];
    }

    /* fc1: linear(13) */
    linear_backward_weight(300, 13, B, v->x, d->fc1, g->fc1.weight); /* dW += dy x^T */
    linear_backward_bias(13, B, d->fc1, g->fc1.bias); /* db += sum dy */
    linear_backward_input(300, 13, B, p->fc1.weight, d->fc1, d->x); /* dx = W^T dy */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 300 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(300, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 300; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 3, 17] | proj: linear(9) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 3, 17, init=zeros) */

    /* x: x0 + wx */
    repeat(102, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * 17 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* proj: linear(9) */
    transpose_axes(6, 17, v->x, v->proj__reordered);
    linear(17, 9, 6 * B, v->proj__reordered, p->proj.weight, p->proj.bias, v->proj);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(proj * r)        loss = sum of x */
    transpose_axes(9, 6, v->proj, v->loss__reordered);
    for (int i = 0; i < 2 * 3 * 9 * B; i++)
        v->loss__mul[i] = v->loss__reordered[i] * v->r[i];
    l.loss.sum = sum_of_examples(54, n, v->loss__mul) / 54;
    l.loss.denominator = n;
    return l;
}

/* loss > proj > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(proj * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(54, n, 0.018518518518518517, d->loss__mul);
    for (int i = 0; i < 2 * 3 * 9 * B; i++)
        d->loss__reordered[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 9 * B; i++)
            d->r[i] = d->loss__mul[i] * v->loss__reordered[i];
    }
    transpose_axes(6, 9, d->loss__reordered, d->proj); /* dx = dy, last axis outermost */

    /* proj: linear(9) */
    /* dW += dy x^T */
    linear_backward_weight(17, 9, 6 * B, v->proj__reordered, d->proj, g->proj.weight);
    linear_backward_bias(9, 6 * B, d->proj, g->proj.bias); /* db += sum dy */
    /* dx = W^T dy */
    linear_backward_input(17, 9, 6 * B, p->proj.weight, d->proj, d->proj__reordered);
    transpose_axes(17, 6, d->proj__reordered, d->x); /* dx = dy, in order */

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 17 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(102, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 2 * 3 * 17; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
