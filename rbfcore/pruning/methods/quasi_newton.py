"""Batched L-BFGS within bounds: many runs of one problem side by side, each with its own line search."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

_MEMORY = 12
_ARMIJO = 1e-4
_QUIET = 4  # accepted steps in a row without progress that end a run
_SHORTEST = 1e-8  # of the full step: the line search gives up below


@dataclass(frozen=True, eq=False)
class Descent:
    """After one evaluation of all runs that still go on.

    Attributes:
        x: (R, n) where each run stands; value: (R,) there; notes: (R, e) what else the function said there.
        moved: indices of the runs that just moved. step: (R,) share of the full step each run tries.
        running: how many go on.
    """

    x: Tensor
    value: Tensor
    notes: Tensor
    moved: Tensor
    step: Tensor
    running: int


def quasi_newton(
    function: Callable[[Tensor], tuple[Tensor, Tensor, Tensor]],
    x: Tensor,
    bounds: tuple[Tensor, Tensor],
    first_length: float,
    tolerance: float,
    max_iterations: int,
) -> Iterator[Descent]:
    """Minimise; yields after every evaluation.

    Args:
        function: of x (r, n), gives values (r,), gradients (r, n) and notes (r, e) to carry along.
        x: (R, n) starts.
        bounds: lowest and highest values, (n,) or (R, n).
        first_length: length of every run's first trial step.
        tolerance: a run stops after four steps that lower its value by less than this share.
        max_iterations: evaluations at most.
    """
    low, high = (side.expand_as(x) for side in bounds)
    x = torch.minimum(torch.maximum(x, low), high)
    everyone = torch.arange(len(x))
    value, gradient, notes = function(x)
    steps, changes = (x.new_zeros(len(x), _MEMORY, x.shape[1]) for _ in range(2))
    step, quiet, active = x.new_ones(len(x)), torch.zeros(len(x), dtype=torch.int64), everyone
    direction = _direction(x, gradient, steps, changes, low, high, first_length)
    for iteration in range(1, max_iterations + 1):
        trial = x[active] + step[active, None] * direction[active]
        trial = torch.minimum(torch.maximum(trial, low[active]), high[active])
        new, slope, said = function(trial)
        promised = (gradient[active] * (trial - x[active])).sum(1)
        good = torch.isfinite(new) & (new <= value[active] + _ARMIJO * promised)
        moved, bad = active[good], active[~good]
        progress = value[moved] - new[good] > tolerance * value[moved].abs()
        quiet[moved] = torch.where(progress, 0, quiet[moved] + 1)
        _remember(steps, changes, moved, trial[good] - x[moved], slope[good] - gradient[moved])
        x, value, gradient, notes = x.clone(), value.clone(), gradient.clone(), notes.clone()
        x[moved], value[moved], gradient[moved], notes[moved] = trial[good], new[good], slope[good], said[good]
        direction[moved] = _direction(
            x[moved], gradient[moved], steps[moved], changes[moved], low[moved], high[moved], first_length
        )
        # The parabola through the two values and the slope says how far to go back.
        rise = (new[~good] - value[bad] - promised[~good]).nan_to_num(torch.inf, posinf=torch.inf)
        step[bad] *= (-promised[~good] / (2 * rise).clamp_min(1e-300)).clamp(0.1, 0.5)
        step[moved] = 1.0
        active = active[(quiet[active] < _QUIET) & (step[active] > _SHORTEST)]
        running = 0 if iteration == max_iterations else len(active)
        yield Descent(x, value, notes, moved, step.clone(), running)
        if not running:
            return


def _remember(steps: Tensor, changes: Tensor, runs: Tensor, step: Tensor, change: Tensor) -> None:
    """Newest last. Pairs without positive curvature are left out."""
    convex = (step * change).sum(1) > 1e-12 * change.square().sum(1).sqrt() * step.square().sum(1).sqrt()
    runs = runs[convex]
    for memory, newest in ((steps, step[convex]), (changes, change[convex])):
        memory[runs] = torch.cat([memory[runs, 1:], newest[:, None]], 1)


def _direction(
    x: Tensor, gradient: Tensor, steps: Tensor, changes: Tensor, low: Tensor, high: Tensor, first_length: float
) -> Tensor:
    """The two-loop recursion on the coordinates that are not held at a bound."""
    free = ~(((x <= low) & (gradient > 0)) | ((x >= high) & (gradient < 0)))
    result = gradient * free
    steps, changes = steps * free[:, None], changes * free[:, None]
    products = (steps * changes).sum(2)
    scale = torch.where(products > 0, 1 / products.clamp_min(1e-300), 0.0)
    shares = []
    for number in reversed(range(_MEMORY)):
        share = scale[:, number] * (steps[:, number] * result).sum(1)
        result = result - share[:, None] * changes[:, number]
        shares.append(share)
    size = changes[:, -1].square().sum(1)
    known = products[:, -1] > 0
    first = first_length / (gradient * free).square().sum(1).sqrt().clamp_min(1e-300)
    result = result * torch.where(known, products[:, -1] / size.clamp_min(1e-300), first)[:, None]
    for number, share in enumerate(reversed(shares)):
        back = scale[:, number] * (changes[:, number] * result).sum(1)
        result = result + (share - back)[:, None] * steps[:, number]
    downhill = (result * gradient).sum(1) > 0
    return -torch.where(downhill[:, None], result * free, gradient * free * first[:, None])
