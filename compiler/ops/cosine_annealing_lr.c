// cosine_annealing_lr: half a wave down to eta_min (Loshchilov and Hutter, 2017, without restarts), as the closed
// form of torch.optim.lr_scheduler.CosineAnnealingLR. After T_max, where PyTorch's would climb again, the
// rate stays.
#include "op.h"

const Schedule schedule_cosine_annealing_lr = {
    .name = "cosine_annealing_lr",
    .doc = "The rate falls from lr to eta_min along half a cosine wave, and stays there.",
    .args = {
        {"T_max", ARG_INT, .doc = "time until eta_min", .choices = "duration"},
        {"eta_min", ARG_REAL, "0", "the lowest rate"},
    },
    .value = "$eta_min + ($lr - $eta_min) * (1 + cosine_double(3.141592653589793 * $t / $T_max)) / 2",
    .length = "T_max",
    .formula = "eta_min + (lr - eta_min) (1 + cos(pi t / T_max)) / 2, eta_min from T_max on",
    .traces = {
        {"T_max=7 epochs",
            {1.0, 0.9504844339512095, 0.8117449009293668, 0.6112604669781572, 0.38873953302184283,
             0.18825509907063326, 0.04951556604879048, 0.0}},
        {"T_max=10 epochs, eta_min=0.25",
            {1.0, 0.9816461936106826, 0.9283813728906053, 0.8454194696096774, 0.7408813728906052, 0.625,
             0.5091186271093948, 0.40458053039032266}},
        {"T_max=30 epochs, eta_min=2",
            {1.0, 1.0027390523158632, 1.0109261996330972, 1.0244717418524232, 1.0432272711786996,
             1.0669872981077806, 1.0954915028125263, 1.128427587261303}},
    },
};
