// adam: a step of each parameter in units of its own noise (Kingma and Ba, 2015), as torch.optim.Adam.
//
// PyTorch divides by sqrt(v) / root2 + eps, with rate / (1 - b1^t) in front; here root2 = sqrt(1 - b2^t) is multiplied
// into the rate and into eps once, which leaves one division for each element.
#include "op.h"

const Optimizer optimizer_adam = {
    .name = "adam",
    .doc = "Adam: steps of about lr, whatever the size of the gradient.",
    .args = {
        {"lr", ARG_REAL, .doc = "learning rate"},
        {"betas", ARG_LIST, "[0.9, 0.999]", "decay of the two moments"},
        {"eps", ARG_REAL, "1e-8", "added to the root"},
        {"weight_decay", ARG_REAL, "0", "times w, added to the gradient"},
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
        {"exp_avg", .doc = "moving mean of the gradient"},
        {"exp_avg_sq", .doc = "moving mean of its square"},
        {"max_exp_avg_sq", .when = "amsgrad", .doc = "the largest of these"},
    },
    .once = {
        {"keep1", .value = "$betas[0]"},
        {"take1", .value = "1 - $betas[0]"},
        {"keep2", .value = "$betas[1]"},
        {"take2", .value = "1 - $betas[1]"},
        {"decay", .value = "$weight_decay"},
        {"root2", .value = "sqrt(1 - whole_power($betas[1], $t))"},
        {"rate", .value = "$lr / (1 - whole_power($betas[0], $t)) * $root2"},
        {"epsilon", .value = "$eps * $root2"},
    },
    .update = {
        {"gradient", .when = "!maximize", .value = "$d_w + $decay * $w"},
        {"gradient", .when = "maximize", .value = "$decay * $w - $d_w"},
        {"exp_avg", .value = "$keep1 * $exp_avg + $take1 * $gradient"},
        {"exp_avg_sq", .value = "$keep2 * $exp_avg_sq + $take2 * $gradient * $gradient"},
        {"max_exp_avg_sq", .when = "amsgrad", .value = "max($max_exp_avg_sq, $exp_avg_sq)"},
        {"w", .when = "!amsgrad", .value = "$w - $rate * $exp_avg / (square_root($exp_avg_sq) + $epsilon)"},
        {"w", .when = "amsgrad", .value = "$w - $rate * $exp_avg / (square_root($max_exp_avg_sq) + $epsilon)"},
    },
    .formula = "g = dw + weight_decay w,  m = b1 m + (1 - b1) g,  v = b2 v + (1 - b2) g^2,  "
               "w -= lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)",
    .traces = {
        {"lr=0.1", 1, {0.5, -0.25, 1},
            {0.900000002, 0.8733662987078463, 0.8075551396770898}},
        {"lr=0.1, betas=[0.5, 0.9], eps=0.1, weight_decay=0.2", 1, {0.5, -0.25, 1},
            {0.9125, 0.8802652385725491, 0.7976714435308628}},
        {"lr=0.1, betas=[0.5, 0.25], amsgrad=true", 1, {0.5, -0.25, 1},
            {0.900000002, 0.900000002, 0.8355341656052423}},
        {"lr=0.02, weight_decay=0.3, maximize=true", 1, {0.5, -0.25, 1},
            {1.019999999, 1.010528947680861, 1.0155425749575846}},
        {"lr=0.1, betas=[0, 0.5], amsgrad=true, maximize=true, weight_decay=1", 1, {0.5, -0.25, 1},
            {0.900000002, 0.7829330855054921, 0.8068003895541069}},
    },
};
