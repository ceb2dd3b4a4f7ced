/* w = param(3, 5, init=zeros) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* w = param(3, 5, init=zeros) */

    /* out: x + w */
    repeat(15, B, 1, p->w, v->out__broadcast);
    for (int i = 0; i < 3 * 5 * B; i++)
        v->out[i] = v->x[i] + v->out__broadcast[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(out * r)        loss = sum of x */
    for (int i = 0; i < 3 * 5 * B; i++)
        v->loss__mul[i] = v->out[i] * v->r[i];
    l.loss.sum = sum_of_examples(15, n, v->loss__mul) / 15;
    l.loss.denominator = n;
    return l;
}

/* loss > out
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(out * r) */
    fill_examples(15, n, 0.06666666666666667, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 3 * 5 * B; i++)
        d->out[i] = d->loss__mul[i] * v->r[i];
    if (d->x) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * B; i++)
            d->r[i] = d->loss__mul[i] * v->out[i];
    }

    /* out: x + w */
    if (d->x) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 3 * 5 * B; i++)
            d->x[i] = d->out[i];
    }
    repeat_backward_batch(15, d->out, d->w__out); /* dx = sum dy */
    for (int i = 0; i < 3 * 5; i++)
        g->w[i] += d->w__out[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}

/* b = param(7, init=ones) */

/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* w = param(7, init=ones) */

    /* out: x + w */
    repeat(7, B, 1, p->w, v->out__broadcast);
    for (int i = 0; i < 7 * B; i++)
        v->out[i] = v->x[i] + v->out__broadcast[i];
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(struct Values *v, int n)
{
    struct Loss l;

    /* mean(out * r)        loss = sum of x */
    for (int i = 0; i < 7 * B; i++)
        v->loss__mul[i] = v->out[i] * v->r[i];
    l.loss.sum = sum_of_examples(7, n, v->loss__mul) / 7;
    l.loss.denominator = n;
    return l;
}

/* loss > out
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* mean(out * r) */
    fill_examples(7, n, 0.14285714285714285, d->loss__mul); /* dx = 1, and 0 past the n examples */
    for (int i = 0; i < 7 * B; i++)
        d->out[i] = d->loss__mul[i] * v->r[i];
    if (d->x) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 7 * B; i++)
            d->r[i] = d->loss__mul[i] * v->out[i];
    }

    /* out: x + w */
    if (d->x) {
        /* only gradcheck asks for the derivative by an input */
        for (int i = 0; i < 7 * B; i++)
            d->x[i] = d->out[i];
    }
    repeat_backward_batch(7, d->out, d->w__out); /* dx = sum dy */
    for (int i = 0; i < 7; i++)
        g->w[i] += d->w__out[i];
    (void)p;
}

static void metrics_add(struct Metrics *m, struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);
}
