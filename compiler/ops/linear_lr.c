// linear_lr: the rate grows or falls along a line, as torch.optim.lr_scheduler.LinearLR: warm-up.
#include "op.h"

const Schedule schedule_linear_lr = {
    .name = "linear_lr",
    .doc = "The rate goes from start_factor to end_factor of lr along a line, and stays there.",
    .args = {
        {"start_factor", ARG_REAL, "1/3", "factor of the first rate"},
        {"end_factor", ARG_REAL, "1.0", "factor of the last rate"},
        {"total_iters", ARG_INT, .doc = "time until end_factor", .choices = "duration"},
    },
    .checks = {
        {"start_factor > 0 && start_factor <= 1", "start_factor is not above 0 and at most 1", "start_factor"},
        {"end_factor >= 0 && end_factor <= 1", "end_factor is not from 0 to 1", "end_factor"},
    },
    .value = "$lr * ($start_factor + ($end_factor - $start_factor) * $t / $total_iters)",
    .length = "total_iters",
    .formula = "lr (start_factor + (end_factor - start_factor) min(t, total_iters) / total_iters)",
    .traces = {
        {"total_iters=4 epochs",
            {0.3333333333333333, 0.5, 0.6666666666666667, 0.8333333333333335, 1.0000000000000002,
             1.0000000000000002, 1.0000000000000002, 1.0000000000000002}},
        {"start_factor=0.01, total_iters=6 epochs",
            {0.01, 0.17500000000000002, 0.34, 0.505, 0.67, 0.835, 1.0, 1.0}},
        {"start_factor=1, end_factor=0.25, total_iters=20 epochs",
            {1.0, 0.9625, 0.925, 0.8875000000000001, 0.8500000000000001, 0.8125000000000001, 0.775, 0.7375}},
    },
};
