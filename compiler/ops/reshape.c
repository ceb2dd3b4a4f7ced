// reshape: the same numbers under other axes. No code and no memory, since features lie in the same order.
#include "op.h"

// What the sizes that are written multiply to, and which one is -1; false after a message.
static bool read_sizes(Call *call, long *product, long *open)
{
    long count = call_int(call, "shape");
    *product = 1;
    *open = -1;
    for (long k = 0; k < count; k++) {
        long size = call_size(call, "shape", (int)k);
        if (size == -1 && *open < 0)
            *open = k;
        else if (size == -1)
            return call_error(call, "shape", "only one size may be -1");
        else if (size < 0 || (size == 0 && k > 0))
            return call_error(call, "shape", "a size must be at least 1, and B comes first");
        else if (size > 0 && *product > 1000000000000 / size)
            return call_error(call, "shape", "y would have too many elements");
        else if (size > 0)
            *product *= size;
    }
    return true;
}

static bool infer(Call *call)
{
    int rank = call_rank(call, "x");
    long count = call_int(call, "shape"), elements = 1, product, open;
    bool batched = rank > 0 && call_axis(call, "x", 0).value == 0;
    if (count < 1 || count > 8)
        return call_error(call, "shape", "reshape takes 1 to 8 sizes");
    if (batched != (call_size(call, "shape", 0) == 0))
        return call_error(call, "shape", batched ? "the first size must be B" : "x has no axis B");
    if (!read_sizes(call, &product, &open))
        return false;
    for (int axis = batched; axis < rank; axis++)
        elements *= call_axis(call, "x", axis).value;
    if (open < 0 ? product != elements : elements % product != 0)
        return call_error(call, "shape", "x has %ld elements%s, which do not fit into %ld", elements,
            batched ? " an example" : "", product);

    Axis y[8];
    for (int k = 0; k < (int)count; k++) {
        long size = call_size(call, "shape", k);
        if (size == 0)
            y[k] = call_axis(call, "x", 0);
        else if (size > 0)
            y[k] = call_new_axis(call, size, "%ld", size);
        else
            y[k] = call_new_axis(call, elements / product, "%ld/%ld", elements, product);
    }
    return call_output(call, "y", (int)count, y);
}

const Op op_reshape = {
    .name = "reshape",
    .kind = OP_STAGE,
    .doc = "The same elements, in the same order, under other axes; B stays the first.",
    .args = {{"shape", ARG_SIZES, .doc = "sizes of y: B and the others, one of which may be -1"}},
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y"}},
    .infer = infer,
    .order = ORDER_ANY,
    .flops = "0",
    .forward = {{.alias = "x"}},
    .backward = {{"x", .alias = "y"}},
    .pytorch = {{.value = "$x.reshape($y.shape)"}},
    .examples = {
        {"x: [B, 12]", "reshape(B, 3, 4)", "[B, 3, 4]"},
        {"x: [B, 2, 3, 5]", "reshape(B, 6, -1)", "[B, 6, 5]"},
        {"x: [B, 7]", "reshape(B, 1, 7, 1)", "[B, 1, 7, 1]"},
        {"x: [B, 1]", "reshape(B)", "[B]"},
        {"x: [B, 12]", "reshape(B, 5, 2)", .error = "x has 12 elements an example, which do not fit into 10"},
        {"x: [B, 12]", "reshape(B, 5, -1)", .error = "x has 12 elements an example, which do not fit into 5"},
        {"x: [B, 12]", "reshape(3, 4)", .error = "the first size must be B"},
        {"x: [B, 12]", "reshape(B, -1, -1)", .error = "only one size may be -1"},
    },
};
