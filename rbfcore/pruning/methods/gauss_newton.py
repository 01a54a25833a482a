"""Pruning on -1/+1 inputs by trust-region steps: Gauss-Newton far from a minimum, Newton close to it.

Gauss-Newton steps cross the first plateaus faster; Newton steps, which see negative curvature too, leave the saddles
where Gauss-Newton creeps, and end quickly.

Source: METHODS section 7.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rbfcore.pruning.methods.candidates import Candidates
from rbfcore.pruning.methods.quadratic import quadratic_model
from rbfcore.pruning.methods.slopes import CrossHessians, ProductProblem, Projected
from rbfcore.pruning.methods.trust_region import bounded_step

_FIRST_RADIUS = 0.5  # of the root of the objective
_MOVES = 6  # of a run after which its second derivatives are computed anew
_QUIET = 3  # steps in a row without progress that end a restart
_AT_ONCE = 2**21  # numbers of a (R, C, M, M, D) tensor handled at once; the restarts are taken in turns above


@dataclass(frozen=True)
class GaussNewtonSettings:
    """How far to go, and how readable the prototypes must stay.

    Attributes:
        slope_cap: |tanh(2 gamma theta)| stays at or below it, 0 < slope_cap < 1. Without a cap the best networks are
            pairs of near-equal prototypes with huge opposite weights.
        ridge: penalty on the sum of the variances of the prototypes' contributions, as a share of that sum.
        offset_penalty: penalty on (alpha - E f_K)^2, the part of the mean that the prototypes carry together.
        max_iterations: steps at most.
        tolerance: a restart stops after three steps that lower its objective by less than this share.
        newton_after: Gauss-Newton steps before Newton's begin.
        grow_from_half: fit half of the prototypes first and add the others where they explain most. With hardly any
            penalty it is better to start at full size: four to eight percent lower in three of three seeds.
        exchange_rounds: at the end, so often take some prototypes out of the best set and add others. On top of ten
            restarts, five rounds cost twice as much time again and lower the loss by 1 to 8 % (`rbfscope bench
            pruning`).
    """

    slope_cap: float = 0.8
    ridge: float = 1e-3
    offset_penalty: float = 1e-3
    max_iterations: int = 300
    tolerance: float = 1e-4
    newton_after: int = 25
    grow_from_half: bool = True
    exchange_rounds: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.slope_cap < 1:
            raise ValueError(f"slope_cap must be strictly between 0 and 1, got {self.slope_cap}")
        for name in ("ridge", "offset_penalty", "tolerance", "newton_after", "exchange_rounds"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must be >= 0, got {getattr(self, name)}")
        if self.max_iterations < 1:
            raise ValueError(f"max_iterations must be >= 1, got {self.max_iterations}")


def gauss_newton_steps(problem: ProductProblem, start: Tensor, settings: GaussNewtonSettings) -> Iterator[Candidates]:
    """Minimise the objective of all restarts at once; yields after every step. Restarts stop one by one.

    Sums over the large network are taken in float32 as long as that cannot move the objective by as much as counts as
    progress; the last losses are exact.

    Args:
        start: (R, M, D) coefficients, inside the cap.
    """
    state = problem.evaluate(start)
    single = _single_suits(problem, state, settings)
    radius = _FIRST_RADIUS * state.objective.clamp_min(0).sqrt()
    quiet = torch.zeros(len(start), dtype=torch.int64)
    curvature = None if problem.cross_hessians is None else _Curvature(problem.cross_hessians, start.shape)
    active = torch.arange(len(start))
    for iteration in range(1, settings.max_iterations + 1):
        now = state[active]
        if single and not _single_suits(problem, now, settings):
            single, state = False, problem.evaluate(state.s)
            now = state[active]
        newton = curvature if iteration > settings.newton_after else None
        cross_hessians = None if newton is None else newton.at(now.s, active)
        move, promised, length, cut = _steps(problem, now, radius[active], cross_hessians)
        trial = problem.evaluate(problem.inside(now.s + move), single)
        gain = now.objective - trial.objective
        better = gain > 0
        kept = promised * 0.25 <= gain
        trusted = (gain >= 0.7 * promised) & cut
        reach = radius[active]
        shrunk = 0.4 * torch.minimum(reach, length)
        radius[active] = torch.where(kept, torch.where(trusted, 1.5 * reach, reach), shrunk)
        state = state.replace(active[better], trial.runs_where(better))
        if newton is not None:
            newton.moved(active, better)
        # A rejected step is no sign of the end while the model promises much.
        share = settings.tolerance * now.objective.abs() + 1e-15 * problem.variance
        progress = (gain > share) | (promised > 10 * share)
        quiet[active] = torch.where(progress, 0, quiet[active] + 1)
        active = active[quiet[active] < _QUIET]
        running = 0 if iteration == settings.max_iterations else len(active)
        gamma, alpha, beta, theta = problem.network(state)
        losses = state.loss.clamp_min(0)
        if not running:  # the last word has the formula that every method answers to
            losses = problem.loss(gamma[:, None].expand(beta.shape), alpha, beta, theta)
        yield Candidates(losses, gamma, alpha, beta, theta, running, float(radius.median()))
        if not running:
            return


def _single_suits(problem: ProductProblem, state: Projected, settings: GaussNewtonSettings) -> bool:
    return bool((problem.rounding(state) <= settings.tolerance * state.objective.abs()).all())


class _Curvature:
    """Second derivatives of all runs, which change slowly and cost as much as the inner products of a step.

    Computed anew where a run has moved a few times, or did not get better with those of an earlier place.
    """

    def __init__(self, cross_hessians: CrossHessians, shape: torch.Size) -> None:
        runs, m, d = shape
        self._cross_hessians, self._age = cross_hessians, torch.full((runs,), _MOVES)
        self._known = torch.empty(2, runs, m, d, d, dtype=torch.float64)

    def at(self, s: Tensor, runs: Tensor) -> tuple[Tensor, Tensor]:
        """As `ProductProblem.cross_hessians`, of the runs with these numbers, at s (r, M, D)."""
        old = self._age[runs] >= _MOVES
        if bool(old.any()):
            self._known[:, runs[old]] = torch.stack(self._cross_hessians(s[old]))
            self._age[runs[old]] = 0
        of_projections, of_means = self._known[:, runs]
        return of_projections, of_means

    def moved(self, runs: Tensor, better: Tensor) -> None:
        """After a step, which the runs where `better` holds have taken."""
        age = self._age[runs]
        self._age[runs] = torch.where(better, age + 1, torch.where(age > 0, _MOVES, 0))


def _steps(
    problem: ProductProblem, state: Projected, radius: Tensor, cross_hessians: tuple[Tensor, Tensor] | None
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Moves (R, M, D), promised fall (R,), length (R,), cut by the radius (R,); a few runs at a time."""
    _, m, d = state.s.shape
    components = state.gram.shape[1]
    parts = []
    for runs in torch.arange(len(radius)).split(max(1, _AT_ONCE // (components * m * m * d))):
        near = None if cross_hessians is None else (cross_hessians[0][runs], cross_hessians[1][runs])
        model = quadratic_model(problem, state[runs], near)
        step = bounded_step(model, radius[runs].numpy())
        parts.append((step.x, step.promised, model.size(step.x), step.cut))
    move, promised, length, cut = (torch.from_numpy(np.concatenate(column)) for column in zip(*parts, strict=True))
    return move, promised, length, cut
