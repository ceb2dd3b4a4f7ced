// adamw: Adam with a weight decay that does not pass through the moments (Loshchilov and Hutter, 2019, algorithm 2), as
// torch.optim.AdamW. root2 is folded into the rate and into eps, as in adam.c.
#include "op.h"

const Optimizer optimizer_adamw = {
    .name = "adamw",
    .doc = "Adam, with a weight decay that does not pass through the moments.",
    .args = {
        {"lr", ARG_REAL, .doc = "learning rate"},
        {"betas", ARG_LIST, "[0.9, 0.999]", "decay of the two moments"},
        {"eps", ARG_REAL, "1e-8", "added to the root"},
        {"weight_decay", ARG_REAL, "0.01", "times lr, taken from every parameter"},
        {"amsgrad", ARG_BOOL, "false", "whether the largest second moment so far is used"},
        {"maximize", ARG_BOOL, "false", "whether the objective should grow"},
    },
    .checks = {
        {"lr >= 0", "lr is negative", "lr"},
        {"betas == 2", "there are two betas", "betas"},
        {"eps >= 0", "eps is negative", "eps"},
        {"weight_decay >= 0", "weight_decay is negative", "weight_decay"},
    },
    .state = {
        {"exp_avg", .doc = "moving mean of dw"},
        {"exp_avg_sq", .doc = "moving mean of its square"},
        {"max_exp_avg_sq", .when = "amsgrad", .doc = "the largest of these"},
    },
    .once = {
        {"keep1", .value = "$betas[0]"},
        {"take1", .when = "!maximize", .value = "1 - $betas[0]"},
        {"take1", .when = "maximize", .value = "$betas[0] - 1"},
        {"keep2", .value = "$betas[1]"},
        {"take2", .value = "1 - $betas[1]"},
        {"shrink", .value = "1 - $lr * $weight_decay"},
        {"root2", .value = "sqrt(1 - whole_power($betas[1], $t))"},
        {"rate", .value = "$lr / (1 - whole_power($betas[0], $t)) * $root2"},
        {"epsilon", .value = "$eps * $root2"},
    },
    .update = {
        {"exp_avg", .value = "$keep1 * $exp_avg + $take1 * $d_w"},
        {"exp_avg_sq", .value = "$keep2 * $exp_avg_sq + $take2 * $d_w * $d_w"},
        {"max_exp_avg_sq", .when = "amsgrad", .value = "max($max_exp_avg_sq, $exp_avg_sq)"},
        {"w",
            .when = "!amsgrad",
            .value = "$shrink * $w - $rate * $exp_avg / (square_root($exp_avg_sq) + $epsilon)"},
        {"w",
            .when = "amsgrad",
            .value = "$shrink * $w - $rate * $exp_avg / (square_root($max_exp_avg_sq) + $epsilon)"},
    },
    .formula = "w -= lr weight_decay w,  m = b1 m + (1 - b1) dw,  v = b2 v + (1 - b2) dw^2,  "
               "w -= lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)",
    .traces = {
        {"lr=0.1", 1, {0.5, -0.25, 1},
            {0.899000002, 0.8714672987058463, 0.804784672376384}},
        {"lr=0.1, betas=[0.5, 0.9], eps=0.1, weight_decay=0.2", 1, {0.5, -0.25, 1},
            {0.8966666666666666, 0.8787333333333333, 0.7880420319610872}},
        {"lr=0.1, betas=[0.5, 0.25], amsgrad=true", 1, {0.5, -0.25, 1},
            {0.899000002, 0.8981010019979999, 0.8327370646012442}},
        {"lr=0.02, weight_decay=0.3, maximize=true", 1, {0.5, -0.25, 1},
            {1.0139999996, 1.0132427402608308, 1.0203255156254172}},
        {"lr=0.1, betas=[0, 0.5], amsgrad=true, maximize=true, weight_decay=1", 1, {0.5, -0.25, 1},
            {0.9999999980000001, 0.8387627561304206, 0.8813775853241138}},
    },
};
