// param: a parameter of its own, without a layer around it. Its path is the name of its row; `init` belongs to every
// parameter and is read by the compiler. There is no rule: y is the parameter.
#include "op.h"

static bool infer(Call *call)
{
    long count = call_int(call, "shape");
    if (count < 1 || count > 8)
        return call_error(call, "shape", "param takes 1 to 8 sizes");
    Axis y[8];
    for (int k = 0; k < (int)count; k++) {
        long size = call_size(call, "shape", k);
        if (size < 1)
            return call_error(call, "shape", size == 0 ? "a parameter has no axis B" : "a size must be at least 1");
        y[k] = call_new_axis(call, size, "%ld", size);
    }
    return call_output(call, "y", (int)count, y);
}

const Op op_param = {
    .name = "param",
    .kind = OP_SOURCE,
    .doc = "A parameter without a layer.",
    .args = {{"shape", ARG_SIZES, .doc = "its sizes"}},
    .outputs = {{"y"}},
    .infer = infer,
    .order = ORDER_ANY,
    .flops = "0",
    .pytorch = {{.value = "nn.Parameter(torch.empty($shape))"}},
    .examples = {
        {"", "w = param(3, 5, init=zeros)", "[3, 5]"},
        {"", "b = param(7, init=ones)", "[7]"},
        {"", "w = param(B, 5, init=zeros)", .error = "a parameter has no axis B"},
        {"", "w = param(-2, init=zeros)", .error = "a size must be at least 1"},
        {"", "w = param(init=zeros)", .error = "param takes 1 to 8 sizes"},
    },
};
