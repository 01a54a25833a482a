"""Exchanging prototypes: leave a minimum by taking some out of the best set and adding others greedily.

Source: METHODS section 7.2.
"""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from rbfcore.numerics.binary_features import feature_coefficients
from rbfcore.pruning.methods.candidates import Candidates
from rbfcore.pruning.methods.gauss_newton import GaussNewtonSettings, gauss_newton_steps
from rbfcore.pruning.methods.slopes import SlopeProblem

_TAKEN = (3, 5)  # of 16 prototypes taken out, in turn over the restarts; other sizes in proportion
_STEPS, _TOLERANCE = 60, 1e-3  # of each round; the last minimisation has the settings' own


def exchanged_steps(
    problem: SlopeProblem, first: Iterator[Candidates], seed: int, settings: GaussNewtonSettings
) -> Iterator[Candidates]:
    """Follow `first` to its end, exchange for `settings.exchange_rounds` rounds, and minimise once more.

    In a round every restart starts from the best set of all, less some random prototypes of it. It keeps the outcome
    where that is better than what it had, so no restart ever ends higher by its objective, and restarts are no longer
    independent of each other.
    """
    if not settings.exchange_rounds:
        yield from first
        return
    for candidates in first:
        yield replace(candidates, running=len(candidates.losses))
    held = _coefficients(problem, candidates)
    objective = problem.evaluate(held).objective
    generator = torch.Generator().manual_seed(seed)
    quick = replace(settings, max_iterations=_STEPS, tolerance=max(_TOLERANCE, settings.tolerance))
    for number in range(settings.exchange_rounds):
        starts = _starts(problem, held[objective.argmin()], len(held), seed + 1000 * (number + 1), generator)
        for now in gauss_newton_steps(problem, starts, quick):
            yield replace(candidates, step_size=now.step_size, running=len(held))
        s = _coefficients(problem, now)
        reached = problem.evaluate(s).objective
        better = reached < objective
        held = torch.where(better[:, None, None], s, held)
        objective = torch.where(better, reached, objective)
        gamma, alpha, beta, theta = problem.network(problem.evaluate(held))
        losses = problem.loss(gamma[:, None].expand(beta.shape), alpha, beta, theta)
        candidates = Candidates(losses, gamma, alpha, beta, theta, len(held), now.step_size)
    yield from gauss_newton_steps(problem, held, settings)


def _starts(problem: SlopeProblem, best: Tensor, restarts: int, seed: int, generator: torch.Generator) -> Tensor:
    """(R, M, D) coefficients: the best set with some prototypes replaced greedily, from random halves of the pool."""
    m = len(best)
    starts = []
    for restart in range(restarts):
        taken = min(m, max(1, round(_TAKEN[restart % 2] * m / 16)))
        kept = best[torch.randperm(m, generator=generator)[taken:]]
        # The third of three greedy sets holds what is kept and chooses from a random half of the others.
        starts.append(problem.starts(m, 3, seed + restart, kept)[2])
    return torch.stack(starts)


def _coefficients(problem: SlopeProblem, candidates: Candidates) -> Tensor:
    return problem.inside(feature_coefficients(candidates.gamma[:, None], candidates.theta, problem.q))
