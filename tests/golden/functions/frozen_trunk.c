/* The same in training and in evaluation: no row of this model differs. */
static void forward(const struct Parameters *p, struct Values *v)
{
    /* conv1: conv2d(8, 3, padding=1) -> relu -> max_pool2d(2) */
    conv2d(1, 8, 8, 8, 3, 1, v->x, p->conv1.weight, p->conv1.bias, v->conv1__conv2d);
    max_pool2d(8, 8, 8, 2, v->conv1__conv2d, v->conv1__max_pool2d, v->conv1__argmax);
    for (int i = 0; i < 8 * 4 * 4 * B; i++)
        v->conv1[i] = max(v->conv1__max_pool2d[i], 0);

    /* conv2: conv2d(16, 3, padding=1) -> relu -> max_pool2d(2) */
    conv2d(8, 4, 4, 16, 3, 1, v->conv1, p->conv2.weight, p->conv2.bias, v->conv2__conv2d);
    max_pool2d(16, 4, 4, 2, v->conv2__conv2d, v->conv2__max_pool2d, v->conv2__argmax);
    for (int i = 0; i < 16 * 2 * 2 * B; i++)
        v->conv2[i] = max(v->conv2__max_pool2d[i], 0);

    /* flatten: [B, 16, 2, 2] is read as [B, 64] */

    /* head: linear(2) */
    linear(64, 2, B, v->conv2, p->head.weight, p->head.bias, v->head);
}

/* Of the n examples of a batch: a sum, and what it is divided by to make PyTorch's mean. That is
 * done where all examples are together: for a step in train(), for an evaluation at its end. */
static struct Loss loss(const struct Values *v, int n)
{
    struct Loss l;

    /* cross_entropy(head, y)        loss = sum of -log softmax(x)[target] */
    l.loss.sum = cross_entropy(2, B, n, v->head, v->y);
    l.loss.denominator = n;
    return l;
}

/* loss > head
 *
 * The chain rule, row by row from the last to the first: adds the gradient of the sum over the n
 * examples to g. */
static void backward(const struct Parameters *p, const struct Values *v, struct Values *d,
    struct Parameters *g, int n)
{
    /* cross_entropy(head, y) */
    /* dx = softmax(x) - onehot(target), and 0 past the n examples */
    cross_entropy_backward(2, B, n, v->head, v->y, 1, d->head);

    /* head: linear(2) */
    linear_backward_weight(64, 2, B, v->conv2, d->head, g->head.weight); /* dW += dy x^T */
    linear_backward_bias(2, B, d->head, g->head.bias); /* db += sum dy */
    (void)p;
}

static void metrics_add(struct Metrics *m, const struct Values *v, int n)
{
    struct Loss l = loss(v, n);
    loss_add(&m->l, &l);

    /* acc = accuracy(head, y) */
    m->acc.sum += accuracy(2, B, n, v->head, v->y, -100);
    m->acc.denominator += n;
}
