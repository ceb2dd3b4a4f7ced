// sgd: stochastic gradient descent, with or without momentum, as torch.optim.SGD: the rate stands outside of the
// momentum buffer, the first gradient enters it whole.
#include "op.h"

const Optimizer optimizer_sgd = {
    .name = "sgd",
    .doc = "Stochastic gradient descent.",
    .args = {
        {"lr", ARG_REAL, .doc = "learning rate"},
        {"momentum", ARG_REAL, "0", "part of the last step that is taken again"},
        {"dampening", ARG_REAL, "0", "part of the gradient that does not enter the momentum"},
        {"weight_decay", ARG_REAL, "0", "times w, added to the gradient"},
        {"nesterov", ARG_BOOL, "false", "whether the gradient is taken as if the momentum had been followed already"},
        {"maximize", ARG_BOOL, "false", "whether the objective should grow"},
    },
    .checks = {
        {"lr >= 0", "lr is negative", "lr"},
        {"momentum >= 0", "momentum is negative", "momentum"},
        {"weight_decay >= 0", "weight_decay is negative", "weight_decay"},
        {"!nesterov || (momentum > 0 && dampening == 0)", "nesterov needs a momentum and no dampening", "nesterov"},
    },
    .state = {{"momentum_buffer", .when = "momentum != 0", .doc = "moving sum of the gradients"}},
    .once = {
        {"rate", .value = "$lr"},
        {"decay", .value = "$weight_decay"},
        {"momentum", .when = "momentum != 0", .value = "$momentum"},
        {"take", .when = "momentum != 0 && dampening != 0", .value = "$t == 1 ? 1 : 1 - $dampening"},
    },
    .update = {
        {"gradient", .when = "!maximize", .value = "$d_w + $decay * $w"},
        {"gradient", .when = "maximize", .value = "$decay * $w - $d_w"},
        {"momentum_buffer",
            .when = "momentum != 0 && dampening == 0",
            .value = "$momentum * $momentum_buffer + $gradient"},
        {"momentum_buffer",
            .when = "momentum != 0 && dampening != 0",
            .value = "$momentum * $momentum_buffer + $take * $gradient"},
        {"w", .when = "momentum == 0", .value = "$w - $rate * $gradient"},
        {"w", .when = "momentum != 0 && !nesterov", .value = "$w - $rate * $momentum_buffer"},
        {"w",
            .when = "momentum != 0 && nesterov",
            .value = "$w - $rate * ($gradient + $momentum * $momentum_buffer)"},
    },
    .formula = "g = dw + weight_decay w,  m = momentum m + g,  w -= lr m",
    .traces = {
        {"lr=0.1", 1, {0.5, -0.25, 1},
            {0.95, 0.975, 0.875}},
        {"lr=0.1, momentum=0.9", 1, {0.5, -0.25, 1},
            {0.95, 0.9299999999999999, 0.8119999999999999}},
        {"lr=0.1, momentum=0.9, weight_decay=0.2, nesterov=true", 1, {0.5, -0.25, 1},
            {0.867, 0.824854, 0.5586841479999999}},
        {"lr=0.05, momentum=0.5, dampening=0.25, weight_decay=0.1, maximize=true", 1, {0.5, -0.25, 1},
            {1.02, 1.0168, 1.048887}},
        {"lr=0.3, weight_decay=0.5", 1, {0.5, -0.25, 1},
            {0.7, 0.6699999999999999, 0.26949999999999996}},
    },
};
