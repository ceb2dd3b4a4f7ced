/* dump_batches.c: what the loader of a trainer hands out in an epoch, for test_random.py.
 *
 *     cc -DMT_NO_MAIN -DTRAINER='"m.c"' dump_batches.c -lm -o dump
 *     EPOCH=0 ./dump [flags of the trainer] > file      as in training
 *     EPOCH=-1 ./dump > file                            as in an evaluation
 *
 * Output: for each example its place in the files as an int, then all columns of the program as doubles. */
#include TRAINER

static void dump_example(const struct Trainer *t, int example, int b)
{
    fwrite(&example, sizeof example, 1, stdout);
    for (const struct ValueEntry *value = values; value < values + VALUES; value++) {
        const char *target = NULL;
        for (int k = 0; target_columns[k]; k++)
            if (strcmp(target_columns[k], value->path) == 0)
                target = target_columns[k];
        for (size_t i = 0; (value->is_input || target) && i < value_count(value); i++) {
            size_t at = value_feature(value, i) * B + (size_t)b;
            double x = value->kind == 'r' ? (double)((const real *)value_pointer(value, &t->v))[at]
                                          : (double)((const int *)value_pointer(value, &t->v))[at];
            fwrite(&x, sizeof x, 1, stdout);
        }
    }
}

int main(int argc, char **argv)
{
    static struct Trainer t;
    struct Dataloader loader = {0};
    int epoch = atoi(getenv("EPOCH"));
    if (read_command_line(argc, argv, &t.options, &t.arguments) >= 0)
        return 2;
    open_loader(&t.memory, &loader, open_split(&t, "train", OPEN_TARGETS, NULL), t.options.data.batch,
        t.options.data.shuffle, t.options.data.drop_last);
    t.memory.keep_all = 1;
    plan(&t.memory, &t.v, &t.d);
    open_memory(&t.memory);
    if (epoch < 0)
        loader_rewind(&loader);
    else
        loader_shuffle(&loader, (uint64_t)t.options.train.seed, epoch);
    for (int n; (n = loader_next(&loader, &t.v)) > 0;)
        for (int b = 0; b < n; b++)
            dump_example(&t, loader.order[loader.next - n + b], b);
    (void)mt_main;
    return 0;
}
