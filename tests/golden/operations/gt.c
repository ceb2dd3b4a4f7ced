/* x: [B, 5], z: [B, 5] | h: x > z */

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

    /* h: x > z */
    for (int i = 0; i < 5 * B; i++)
        v->h[i] = (real)(v->x[i] > v->z[i]);
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

/* loss
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(h * r) */
    if (d->r) {
        /* only gradcheck asks for the derivative by an input */
        fill_examples(5, n, 0.2, d->loss__mul); /* dx = 1, and 0 past the n examples */
        for (int i = 0; i < 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }
    (void)p;
    (void)g;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 3, 2], z: [B, 3, 2] | h: x > z */

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

    /* h: x > z */
    for (int i = 0; i < 3 * 2 * B; i++)
        v->h[i] = (real)(v->x[i] > v->z[i]);
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

/* loss
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(h * r) */
    if (d->r) {
        /* only gradcheck asks for the derivative by an input */
        /* dx = 1, and 0 past the n examples */
        fill_examples(6, n, 0.16666666666666666, d->loss__mul);
        for (int i = 0; i < 3 * 2 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }
    (void)p;
    (void)g;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* x: [B, 7] | h: x > 1 */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* wx = param(7, init=zeros) */

    /* x: x0 + wx */
    repeat(7, B, 1, p->wx, v->x__broadcast);
    for (int i = 0; i < 7 * B; i++)
        v->x[i] = v->x0[i] + v->x__broadcast[i];

    /* h: x > 1 */
    for (int i = 0; i < 7 * B; i++)
        v->h[i] = (real)(v->x[i] > 1);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(h * r)        loss = sum of x */
    for (int i = 0; i < 7 * B; i++)
        v->loss__mul[i] = v->h[i] * v->r[i];
    l.loss.sum = sum_of_examples(7, n, v->loss__mul) / 7;
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
    /* mean(h * r) */
    if (d->r) {
        /* only gradcheck asks for the derivative by an input */
        /* dx = 1, and 0 past the n examples */
        fill_examples(7, n, 0.14285714285714285, d->loss__mul);
        for (int i = 0; i < 7 * B; i++)
            d->r[i] = d->loss__mul[i] * v->h[i];
    }
    (void)p;
    (void)g;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
