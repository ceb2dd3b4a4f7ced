/* x: [B, 7] | ln: layer_norm */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(7, init=zeros) */

    /* x: x0 + wx */
    repeat(7, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 7 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* ln: layer_norm */
    layer_norm(1, 7, B, 1e-05, v->x, p->ln.weight, p->ln.bias, v->ln, v->ln__mean, v->ln__rstd);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(ln * r)        loss = sum of x */
    for (int i = 0; i < 7 * B; i++)
        v->loss__mul[i] = v->ln[i] * v->r[i];
    l.loss.sum = sum_of_examples(7, n, v->loss__mul) / 7;
    l.loss.denominator = n;
    return l;
}

/* loss > ln > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(ln * r) */
    fill_examples(7, n, 0.14285714285714285, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 7 * B; i++)
        d->ln[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 7 * B; i++)
            d->r[i] = d->loss__mul[i] * v->ln[i];
    }

    /* ln: layer_norm */
    /* dw += sum z dy,  db += sum dy */
    layer_norm_backward_parameters(
        1, 7, B, v->x, v->ln__mean, v->ln__rstd, d->ln, g->ln.weight, g->ln.bias);
    /* dx = rstd (w dy - mean(w dy) - z mean(w dy z)) */
    layer_norm_backward_input(1, 7, B, v->x, v->ln__mean, v->ln__rstd, p->ln.weight, d->ln, d->x);

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

/* x: [B, 5, 12] | ln: layer_norm(eps=0.1) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(5, 12, init=zeros) */

    /* x: x0 + wx */
    repeat(60, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 5 * 12 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* ln: layer_norm(eps=0.1) */
    layer_norm(5, 12, B, 0.1, v->x, p->ln.weight, p->ln.bias, v->ln, v->ln__mean, v->ln__rstd);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(ln * r)        loss = sum of x */
    for (int i = 0; i < 5 * 12 * B; i++)
        v->loss__mul[i] = v->ln[i] * v->r[i];
    l.loss.sum = sum_of_examples(60, n, v->loss__mul) / 60;
    l.loss.denominator = n;
    return l;
}

/* loss > ln > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(ln * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(60, n, 0.016666666666666666, d->loss__mul);
    for (int i = 0; i < 5 * 12 * B; i++)
        d->ln[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 12 * B; i++)
            d->r[i] = d->loss__mul[i] * v->ln[i];
    }

    /* ln: layer_norm(eps=0.1) */
    /* dw += sum z dy,  db += sum dy */
    layer_norm_backward_parameters(
        5, 12, B, v->x, v->ln__mean, v->ln__rstd, d->ln, g->ln.weight, g->ln.bias);
    /* dx = rstd (w dy - mean(w dy) - z mean(w dy z)) */
    layer_norm_backward_input(5, 12, B, v->x, v->ln__mean, v->ln__rstd, p->ln.weight, d->ln, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 5 * 12 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(60, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 5 * 12; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 2, 3, 17] | ln: layer_norm(bias=false) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(2, 3, 17, init=zeros) */

    /* x: x0 + wx */
    repeat(102, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 2 * 3 * 17 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* ln: layer_norm(bias=false) */
    layer_norm(6, 17, B, 1e-05, v->x, p->ln.weight, NULL, v->ln, v->ln__mean, v->ln__rstd);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(ln * r)        loss = sum of x */
    for (int i = 0; i < 2 * 3 * 17 * B; i++)
        v->loss__mul[i] = v->ln[i] * v->r[i];
    l.loss.sum = sum_of_examples(102, n, v->loss__mul) / 102;
    l.loss.denominator = n;
    return l;
}

/* loss > ln > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(ln * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(102, n, 0.00980392156862745, d->loss__mul);
    for (int i = 0; i < 2 * 3 * 17 * B; i++)
        d->ln[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 2 * 3 * 17 * B; i++)
            d->r[i] = d->loss__mul[i] * v->ln[i];
    }

    /* ln: layer_norm(bias=false) */
    /* dw += sum z dy,  db += sum dy */
    layer_norm_backward_parameters(
        6, 17, B, v->x, v->ln__mean, v->ln__rstd, d->ln, g->ln.weight, NULL);
    /* dx = rstd (w dy - mean(w dy) - z mean(w dy z)) */
    layer_norm_backward_input(6, 17, B, v->x, v->ln__mean, v->ln__rstd, p->ln.weight, d->ln, d->x);

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

/* x: [B, 9] | ln: layer_norm(elementwise_affine=false) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(9, init=zeros) */

    /* x: x0 + wx */
    repeat(9, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 9 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* ln: layer_norm(elementwise_affine=false) */
    layer_norm(1, 9, B, 1e-05, v->x, NULL, NULL, v->ln, v->ln__mean, v->ln__rstd);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(ln * r)        loss = sum of x */
    for (int i = 0; i < 9 * B; i++)
        v->loss__mul[i] = v->ln[i] * v->r[i];
    l.loss.sum = sum_of_examples(9, n, v->loss__mul) / 9;
    l.loss.denominator = n;
    return l;
}

/* loss > ln > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(ln * r) */
    fill_examples(9, n, 0.1111111111111111, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 9 * B; i++)
        d->ln[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 9 * B; i++)
            d->r[i] = d->loss__mul[i] * v->ln[i];
    }

    /* ln: layer_norm(elementwise_affine=false) */
    /* dx = rstd (w dy - mean(w dy) - z mean(w dy z)) */
    layer_norm_backward_input(1, 9, B, v->x, v->ln__mean, v->ln__rstd, NULL, d->ln, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 9 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(9, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 9; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3, 8] | ln: layer_norm(elementwise_affine=false, eps=1e-3) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, 8, init=zeros) */

    /* x: x0 + wx */
    repeat(24, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * 8 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* ln: layer_norm(elementwise_affine=false, eps=1e-3) */
    layer_norm(3, 8, B, 0.001, v->x, NULL, NULL, v->ln, v->ln__mean, v->ln__rstd);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(ln * r)        loss = sum of x */
    for (int i = 0; i < 3 * 8 * B; i++)
        v->loss__mul[i] = v->ln[i] * v->r[i];
    l.loss.sum = sum_of_examples(24, n, v->loss__mul) / 24;
    l.loss.denominator = n;
    return l;
}

/* loss > ln > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(ln * r) */
    /* dx = 1, and 0 past the n examples */
    fill_examples(24, n, 0.041666666666666664, d->loss__mul);
    for (int i = 0; i < 3 * 8 * B; i++)
        d->ln[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 8 * B; i++)
            d->r[i] = d->loss__mul[i] * v->ln[i];
    }

    /* ln: layer_norm(elementwise_affine=false, eps=1e-3) */
    /* dx = rstd (w dy - mean(w dy) - z mean(w dy z)) */
    layer_norm_backward_input(3, 8, B, v->x, v->ln__mean, v->ln__rstd, NULL, d->ln, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 8 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(24, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3 * 8; i++)
        g->wx[i] += d->wx__x[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3] | ln: layer_norm */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(3, init=zeros) */

    /* x: x0 + wx */
    repeat(3, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 3 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* ln: layer_norm */
    layer_norm(1, 3, B, 1e-05, v->x, p->ln.weight, p->ln.bias, v->ln, v->ln__mean, v->ln__rstd);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(ln * r)        loss = sum of x */
    for (int i = 0; i < 3 * B; i++)
        v->loss__mul[i] = v->ln[i] * v->r[i];
    l.loss.sum = sum_of_examples(3, n, v->loss__mul) / 3;
    l.loss.denominator = n;
    return l;
}

/* loss > ln > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(ln * r) */
    fill_examples(3, n, 0.3333333333333333, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 3 * B; i++)
        d->ln[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * B; i++)
            d->r[i] = d->loss__mul[i] * v->ln[i];
    }

    /* ln: layer_norm */
    /* dw += sum z dy,  db += sum dy */
    layer_norm_backward_parameters(
        1, 3, B, v->x, v->ln__mean, v->ln__rstd, d->ln, g->ln.weight, g->ln.bias);
    /* dx = rstd (w dy - mean(w dy) - z mean(w dy z)) */
    layer_norm_backward_input(1, 3, B, v->x, v->ln__mean, v->ln__rstd, p->ln.weight, d->ln, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(3, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 3; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 200] | ln: layer_norm */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(200, init=zeros) */

    /* x: x0 + wx */
    repeat(200, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 200 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* ln: layer_norm */
    layer_norm(1, 200, B, 1e-05, v->x, p->ln.weight, p->ln.bias, v->ln, v->ln__mean, v->ln__rstd);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(ln * r)        loss = sum of x */
    for (int i = 0; i < 200 * B; i++)
        v->loss__mul[i] = v->ln[i] * v->r[i];
    l.loss.sum = sum_of_examples(200, n, v->loss__mul) / 200;
    l.loss.denominator = n;
    return l;
}

/* loss > ln > x
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(ln * r) */
    fill_examples(200, n, 0.005, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 200 * B; i++)
        d->ln[i] = d->loss__mul[i] * v->r[i];
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 200 * B; i++)
            d->r[i] = d->loss__mul[i] * v->ln[i];
    }

    /* ln: layer_norm */
    /* dw += sum z dy,  db += sum dy */
    layer_norm_backward_parameters(
        1, 200, B, v->x, v->ln__mean, v->ln__rstd, d->ln, g->ln.weight, g->ln.bias);
    /* dx = rstd (w dy - mean(w dy) - z mean(w dy z)) */
    layer_norm_backward_input(1, 200, B, v->x, v->ln__mean, v->ln__rstd, p->ln.weight, d->ln, d->x);

    /* x: x0 + wx */
    if (d->x0) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 200 * B; i++)
            d->x0[i] = d->x[i];
    }
    repeat_backward_batch(200, d->x, d->wx__x); /* dx = sum dy */
    for (int i = 0; i < 200; i++)
        g->wx[i] += d->wx__x[i];
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
