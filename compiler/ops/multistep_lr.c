// multistep_lr: the rate falls by a factor at given times, as torch.optim.lr_scheduler.MultiStepLR.
#include "op.h"

const Schedule schedule_multistep_lr = {
    .name = "multistep_lr",
    .doc = "The rate times gamma at every milestone.",
    .args = {
        {"milestones", ARG_LIST, .doc = "times of the changes", .choices = "duration"},
        {"gamma", ARG_REAL, "0.1", "factor of each change"},
    },
    .value = "$lr * whole_power($gamma, milestones_passed($milestones, $t))",
    .formula = "lr gamma^(how many milestones have passed at t)",
    .traces = {
        {"milestones=[2 epochs, 5 epochs], gamma=0.5",
            {1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25}},
        {"milestones=[1 epochs, 2 epochs, 6 epochs]",
            {1.0, 0.1, 0.010000000000000002, 0.010000000000000002, 0.010000000000000002, 0.010000000000000002,
             0.0010000000000000002, 0.0010000000000000002}},
    },
};
