"""Growing from half the size: one run from the first step to the last, and better than starting at full size."""

import numpy as np
import pytest
import torch

from rbfcore.distributions.finite import Bernoulli
from rbfcore.network import RBFN
from rbfcore.pruning.methods.gauss_newton import GaussNewtonSettings, gauss_newton_steps
from rbfcore.pruning.methods.growth import grown_steps
from rbfcore.pruning.methods.slopes import SlopeProblem
from rbfcore.pruning.objective import PruningLoss


def problem(slope_cap: float = 0.8) -> SlopeProblem:
    large = RBFN(10, 80, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    return SlopeProblem(PruningLoss(large, Bernoulli(0.5)), slope_cap, 1e-3, 1e-3)


@pytest.mark.parametrize(("slope_cap", "on_the_way"), [(0.8, 5e-4), (0.96, 1e-7)])  # sums in float32, and without
def test_every_step_has_all_prototypes_and_an_honest_loss(slope_cap: float, on_the_way: float) -> None:
    pruning = problem(slope_cap)
    steps = list(grown_steps(pruning, 9, 3, 0, GaussNewtonSettings(max_iterations=40)))
    assert len(steps) <= 40
    assert [step.running == 0 for step in steps] == [False] * (len(steps) - 1) + [True]
    for step, digits in ((steps[0], on_the_way), (steps[len(steps) // 4], on_the_way), (steps[-1], 1e-9)):
        assert step.theta.shape == (3, 9, 10)
        exact = pruning.loss(step.gamma[:, None].expand(3, 9), step.alpha, step.beta, step.theta)
        torch.testing.assert_close(step.losses, exact, rtol=digits, atol=0)
    assert int((steps[0].beta != 0).sum(1).max()) == 4
    assert int((steps[-1].beta != 0).sum(1).min()) == 9


def test_second_stage_starts_from_the_first() -> None:
    """Prototypes added greedily to a fitted half lower its loss at once, and everything stays under the cap."""
    pruning = problem()
    losses = []
    for step in grown_steps(pruning, 8, 2, 0, GaussNewtonSettings(ridge=0.0, offset_penalty=0.0)):
        losses.append((int((step.beta != 0).sum(1).max()), float(step.losses.max())))
        slopes = torch.tanh(2 * step.gamma[:, None, None] * step.theta)
        assert float(slopes.abs().max()) <= 0.8 + 1e-9
    half = [loss for size, loss in losses if size == 4]
    whole = [loss for size, loss in losses if size == 8]
    assert whole[0] < half[-1]


def test_few_prototypes_start_at_once() -> None:
    pruning, settings = problem(), GaussNewtonSettings()
    grown = next(grown_steps(pruning, 4, 2, 0, settings))
    whole = next(gauss_newton_steps(pruning, pruning.starts(4, 2, 0), settings))
    np.testing.assert_array_equal(grown.theta.numpy(), whole.theta.numpy())
