"""Prints what PyTorch makes of a parameter in three steps, and of a rate in eight, for the `traces` of the tables.

    python3 tests/parity/make_traces.py

Needs torch; in double. The lines are pasted into compiler/ops/, where the tests compare the emitted code with them.
"""

import torch

torch.set_default_dtype(torch.float64)

GRADIENTS = [0.5, -0.25, 1.0]

OPTIMIZERS = {
    "sgd": (torch.optim.SGD, [
        {"lr": 0.1},
        {"lr": 0.1, "momentum": 0.9},
        {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.2, "nesterov": True},
        {"lr": 0.05, "momentum": 0.5, "dampening": 0.25, "weight_decay": 0.1, "maximize": True},
        {"lr": 0.3, "weight_decay": 0.5},
    ]),
    "adam": (torch.optim.Adam, [
        {"lr": 0.1},
        {"lr": 0.1, "betas": [0.5, 0.9], "eps": 0.1, "weight_decay": 0.2},
        {"lr": 0.1, "betas": [0.5, 0.25], "amsgrad": True},
        {"lr": 0.02, "weight_decay": 0.3, "maximize": True},
        {"lr": 0.1, "betas": [0.0, 0.5], "amsgrad": True, "maximize": True, "weight_decay": 1.0},
    ]),
    "adamw": (torch.optim.AdamW, [
        {"lr": 0.1},
        {"lr": 0.1, "betas": [0.5, 0.9], "eps": 0.1, "weight_decay": 0.2},
        {"lr": 0.1, "betas": [0.5, 0.25], "amsgrad": True},
        {"lr": 0.02, "weight_decay": 0.3, "maximize": True},
        {"lr": 0.1, "betas": [0.0, 0.5], "amsgrad": True, "maximize": True, "weight_decay": 1.0},
    ]),
}

# Of the cosine only the part that PyTorch and .mt have in common: up to T_max.
SCHEDULES = {
    "step_lr": (torch.optim.lr_scheduler.StepLR, [
        {"step_size": 2, "gamma": 0.5},
        {"step_size": 3},
        {"step_size": 1, "gamma": 0.9},
    ]),
    "cosine_annealing_lr": (torch.optim.lr_scheduler.CosineAnnealingLR, [
        {"T_max": 7},
        {"T_max": 10, "eta_min": 0.25},
        {"T_max": 30, "eta_min": 2.0},
    ]),
    "linear_lr": (torch.optim.lr_scheduler.LinearLR, [
        {"total_iters": 4},
        {"start_factor": 0.01, "total_iters": 6},
        {"start_factor": 1.0, "end_factor": 0.25, "total_iters": 20},
    ]),
    "multistep_lr": (torch.optim.lr_scheduler.MultiStepLR, [
        {"milestones": [2, 5], "gamma": 0.5},
        {"milestones": [1, 2, 6]},
    ]),
}
DURATIONS = ("step_size", "T_max", "total_iters", "milestones")


def text(options, durations=()):
    def word(name, value):
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, list):
            return f"[{', '.join(word(name, v) for v in value)}]"
        return f"{value:g} epochs" if name in durations else f"{value:g}"
    return ", ".join(f"{name}={word(name, value)}" for name, value in options.items())


def main():
    for name, (optimizer_class, settings) in OPTIMIZERS.items():
        print(name)
        for options in settings:
            w = torch.tensor(1.0, requires_grad=True)
            optimizer = optimizer_class([w], **{k: tuple(v) if isinstance(v, list) else v for k, v in options.items()})
            after = []
            for gradient in GRADIENTS:
                w.grad = torch.tensor(gradient)
                optimizer.step()
                after.append(repr(w.item()))
            print(f'        {{"{text(options)}", 1, {{0.5, -0.25, 1}},\n            {{{", ".join(after)}}}}},')

    for name, (schedule_class, settings) in SCHEDULES.items():
        print(name)
        for options in settings:
            optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
            schedule = schedule_class(optimizer, **options)
            rates = []
            for _ in range(8):
                rates.append(repr(float(optimizer.param_groups[0]["lr"])))
                optimizer.step()
                schedule.step()
            print(f'        {{"{text(options, DURATIONS)}",\n            {{{", ".join(rates)}}}}},')


if __name__ == "__main__":
    main()
