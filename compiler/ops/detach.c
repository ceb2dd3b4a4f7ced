// detach: a value through which no derivative passes. Its rule is the derivative 0, so that what is behind it and used
// nowhere else gets no gradient code at all. It is a copy, because the derivative of an alias would be that of x.
#include "op.h"

const Op op_detach = {
    .name = "detach",
    .kind = OP_STAGE,
    .doc = "The same value, through which no gradient passes.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .flops = "0",
    .forward = {{.value = "$x", .formula = "y = x, without gradient"}},
    .backward = {{"x", .value = "0"}},
    .pytorch = {{.value = "$x.detach()"}},
    .examples = {
        {"x: [B, 5]", "h: detach", "[B, 5]"},
        {"x: [B, 5]", "h: detach(1)", .error = "detach takes 0 positional arguments, got 1"},
    },
};
