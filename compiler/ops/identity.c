// identity: does nothing, under a name of its own. No code and no memory.
#include "op.h"

const Op op_identity = {
    .name = "identity",
    .kind = OP_STAGE,
    .doc = "The same value.",
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", "[...]"}},
    .order = ORDER_ANY,
    .flops = "0",
    .forward = {{.alias = "x"}},
    .backward = {{"x", .alias = "y"}},
    .pytorch = {{.value = "nn.Identity()"}},
    .examples = {
        {"x: [B, 5]", "h: identity", "[B, 5]"},
        {"x: [B, 2, 3, 2]", "h: identity", "[B, 2, 3, 2]"},
        {"x: [B, 5]", "h: identity(1)", .error = "identity takes 0 positional arguments, got 1"},
    },
};
