// step_lr: the rate falls by a factor at regular times, as torch.optim.lr_scheduler.StepLR.
#include "op.h"

const Schedule schedule_step_lr = {
    .name = "step_lr",
    .doc = "The rate times gamma after every step_size.",
    .args = {
        {"step_size", ARG_INT, .doc = "time between two changes", .choices = "duration"},
        {"gamma", ARG_REAL, "0.1", "factor of each change"},
    },
    .value = "$lr * whole_power($gamma, (int)($t / $step_size))",
    .formula = "lr gamma^floor(t / step_size)",
    .traces = {
        {"step_size=2 epochs, gamma=0.5",
            {1.0, 1.0, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125}},
        {"step_size=3 epochs",
            {1.0, 1.0, 1.0, 0.1, 0.1, 0.1, 0.010000000000000002, 0.010000000000000002}},
        {"step_size=1 epochs, gamma=0.9",
            {1.0, 0.9, 0.81, 0.7290000000000001, 0.6561000000000001, 0.5904900000000002, 0.5314410000000002,
             0.47829690000000014}},
    },
};
