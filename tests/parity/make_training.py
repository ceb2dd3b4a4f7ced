"""Writes training.json: what PyTorch makes of chains of schedules, clipped gradients and groups of parameters.

    python3 tests/parity/make_training.py

Needs torch; in double. tests/run/test_training.py compares trainers with it.
"""

import json
import pathlib
import warnings

import torch
from make_traces import OPTIMIZERS, text
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, MultiStepLR, SequentialLR, StepLR

torch.set_default_dtype(torch.float64)
warnings.simplefilter("ignore")

# Each chain as in .mt, %s being a unit; the stages with their lengths in PyTorch; how many rates both have in common:
# past its T_max PyTorch's cosine climbs again.
CHAINS = [
    ("linear_lr(start_factor=0.1, total_iters=3 %s) -> cosine_annealing_lr(T_max=6 %s)",
     [(LinearLR, {"start_factor": 0.1, "total_iters": 3}, 3), (CosineAnnealingLR, {"T_max": 6}, None)], 10),
    ("linear_lr(total_iters=2 %s) -> step_lr(step_size=2 %s, gamma=0.5)",
     [(LinearLR, {"total_iters": 2}, 2), (StepLR, {"step_size": 2, "gamma": 0.5}, None)], 10),
    ("linear_lr(start_factor=0.5, end_factor=0.75, total_iters=2 %s) -> cosine_annealing_lr(T_max=3 %s, eta_min=0.25)"
     " -> multistep_lr(milestones=[2 %s, 4 %s], gamma=0.5)",
     [(LinearLR, {"start_factor": 0.5, "end_factor": 0.75, "total_iters": 2}, 2),
      (CosineAnnealingLR, {"T_max": 3, "eta_min": 0.25}, 3), (MultiStepLR, {"milestones": [2, 4], "gamma": 0.5}, None)], 12),
    ("linear_lr(total_iters=2 %s) -> linear_lr(start_factor=1, end_factor=0, total_iters=4 %s)",
     [(LinearLR, {"total_iters": 2}, 2), (LinearLR, {"start_factor": 1, "end_factor": 0, "total_iters": 4}, None)], 8),
]


def chain_rates(stages, count):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    ends, at = [], 0
    for _, _, length in stages[:-1]:
        at += length
        ends.append(at)
    schedule = SequentialLR(optimizer, [kind(optimizer, **options) for kind, options, _ in stages], ends)
    rates = []
    for _ in range(count):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        schedule.step()
    return rates


# ------------------------------------------------------------------------- bounds of the gradient, groups of parameters

# 5 examples in steps of 4 and 1: the program has batch = 2 and accumulate = 2.
EXAMPLES, STEPS = 5, [slice(0, 4), slice(4, 5)] * 4
GROUPS = {"fc1.weight": {"lr_scale": 0.5}, "fc1.bias": {"weight_decay": 0.0},
          "fc2.weight": {"lr_scale": 2.0, "weight_decay": 0.3}, "fc2.bias": {"frozen": True}}
BOUNDS = [{"clip_grad_norm": 0.05}, {"clip_grad_norm": 0.5}, {"clip_grad_value": 0.02},
          {"clip_grad_norm": 0.3, "clip_grad_value": 0.1}]


def net():
    """2 - 3 - 1 with a tanh, its parameters by path, and examples; all of them floats."""
    torch.manual_seed(5)
    model = torch.nn.Sequential()
    model.add_module("fc1", torch.nn.Linear(2, 3))
    model.add_module("tanh", torch.nn.Tanh())
    model.add_module("fc2", torch.nn.Linear(3, 1))
    for parameter in model.parameters():
        parameter.data = parameter.data.float().double()
    x, t = (torch.randn(EXAMPLES, n).float().double() for n in (2, 1))
    return model, x, t


def numbers(model):
    return {path: parameter.tolist() for path, parameter in model.named_parameters()}


def train(optimizer_class, options, groups, bounds):
    """The parameters after the steps, and how often the norm was past its bound."""
    model, x, t = net()
    arguments, clipped = [], 0
    for path, parameter in model.named_parameters():
        group = groups.get(path, {})
        parameter.requires_grad = not group.get("frozen", False)
        own = {"params": [parameter], "lr": options["lr"] * group.get("lr_scale", 1.0)}
        if "weight_decay" in group:
            own["weight_decay"] = group["weight_decay"]
        if parameter.requires_grad:
            arguments.append(own)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = optimizer_class(arguments, **{k: tuple(v) if isinstance(v, list) else v for k, v in options.items()})
    for part in STEPS:
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x[part]), t[part]).backward()
        if "clip_grad_norm" in bounds:
            clipped += int(torch.nn.utils.clip_grad_norm_(trained, bounds["clip_grad_norm"]) > bounds["clip_grad_norm"])
        if "clip_grad_value" in bounds:
            torch.nn.utils.clip_grad_value_(trained, bounds["clip_grad_value"])
        optimizer.step()
    return numbers(model), clipped


def bounded(bounds, groups):
    after, clipped = train(torch.optim.SGD, {"lr": 0.5, "momentum": 0.9}, groups, bounds)
    return {"bounds": bounds, "frozen": bool(groups), "clipped": clipped, "after": after}


def written():
    model, x, t = net()
    return {
        "chains": [{"text": text, "rates": chain_rates(stages, count)} for text, stages, count in CHAINS],
        "x": x.tolist(), "t": t.tolist(), "init": numbers(model), "groups": GROUPS,
        "bounds": [bounded(bounds, {}) for bounds in BOUNDS] + [bounded(BOUNDS[1], {"fc2.bias": {"frozen": True}})],
        "optimizers": [{"text": f"{name}({text(options)})", "after": train(kind, options, GROUPS, {})[0]}
                       for name, (kind, settings) in OPTIMIZERS.items() for options in settings],
    }


if __name__ == "__main__":
    path = pathlib.Path(__file__).with_name("training.json")
    path.write_text(json.dumps(written(), indent=1) + "\n")
