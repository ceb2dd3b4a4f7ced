"""Writes training.json: what PyTorch makes of chains of schedules, clipped gradients and groups of parameters.

    python3 tests/parity/make_training.py

Needs torch; in double. tests/run/test_training.py compares trainers with it.
"""

import json
import pathlib
import warnings

import torch
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


written = {
    "chains": [{"text": text, "rates": chain_rates(stages, count)} for text, stages, count in CHAINS],
}
path = pathlib.Path(__file__).with_name("training.json")
path.write_text(json.dumps(written, indent=1) + "\n")
