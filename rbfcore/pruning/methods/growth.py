"""Pruning on -1/+1 inputs in two stages: half of the prototypes first, the others added where they explain most.

Pruned from networks trained on barriers, those grown from half their size end lower, and closer to each other, than
those that start at full size from the large network's centroids (`rbfscope bench pruning`).

Source: METHODS section 7.2.
"""

from collections.abc import Iterator
from dataclasses import replace

import torch

from rbfcore.numerics.binary_features import feature_coefficients
from rbfcore.pruning.methods.candidates import Candidates
from rbfcore.pruning.methods.gauss_newton import GaussNewtonSettings, gauss_newton_steps
from rbfcore.pruning.methods.slopes import SlopeProblem

_SMALLEST = 8  # prototypes from which growing pays
_STEPS, _TOLERANCE = 30, 1e-3  # of the first stage


def grown_steps(
    problem: SlopeProblem, n_prototypes: int, restarts: int, seed: int, settings: GaussNewtonSettings
) -> Iterator[Candidates]:
    """Minimise from greedy starts; yields after every step, always M prototypes: those to come have weight 0."""
    half = n_prototypes // 2
    steps = min(_STEPS, settings.max_iterations // 2)
    if n_prototypes < _SMALLEST or not steps or not settings.grow_from_half:
        yield from gauss_newton_steps(problem, problem.starts(n_prototypes, restarts, seed), settings)
        return
    first = replace(settings, max_iterations=steps, tolerance=max(_TOLERANCE, settings.tolerance))
    for half_grown in gauss_newton_steps(problem, problem.starts(half, restarts, seed), first):
        yield _with_silent(half_grown, n_prototypes - half)
    s = feature_coefficients(half_grown.gamma[:, None], half_grown.theta, problem.q)
    starts = [problem.starts(n_prototypes, 1, seed, kept) for kept in s]
    rest = replace(settings, max_iterations=settings.max_iterations - steps)
    yield from gauss_newton_steps(problem, torch.cat(starts), rest)


def _with_silent(candidates: Candidates, more: int) -> Candidates:
    """The same functions with further prototypes of weight 0, all restarts going on."""
    return replace(
        candidates,
        beta=torch.nn.functional.pad(candidates.beta, (0, more)),
        theta=torch.nn.functional.pad(candidates.theta, (0, 0, 0, more)),
        running=len(candidates.losses),
    )
