"""Sums over the large network in float32: what is said of their error holds, and no result depends on it."""

import numpy as np
import pytest
import torch

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Bernoulli
from rbfcore.distributions.mixture import Mixture
from rbfcore.network import RBFN
from rbfcore.pruning.methods.gauss_newton import GaussNewtonSettings, gauss_newton_steps
from rbfcore.pruning.methods.slopes import SlopeProblem
from rbfcore.pruning.objective import PruningLoss
from rbfcore.pruning.prune import prune

D = 26


def problem(p: InputDistribution, gamma: float = 0.1, slope_cap: float = 0.8, unit: float = 1.0) -> SlopeProblem:
    numbers = np.random.default_rng(5)
    large = RBFN.from_parameters(0.0, unit * numbers.normal(size=300), gamma, numbers.normal(size=(300, D)))
    return SlopeProblem(PruningLoss(large.double(), p), slope_cap, 1e-3, 1e-3)


@pytest.mark.parametrize("gamma", [0.02, 0.1, 0.5])
@pytest.mark.parametrize("p", [Bernoulli(0.5), Bernoulli(0.03), Mixture([0.4, 0.6], [Bernoulli(0.2), Bernoulli(0.7)])])
def test_the_objective_moves_by_less_than_the_rounding_that_is_told(p: InputDistribution, gamma: float) -> None:
    pruning = problem(p, gamma)
    starts = pruning.starts(12, 4, seed=0)
    signs = torch.where(torch.rand(starts.shape, generator=torch.Generator().manual_seed(1)) < 0.5, -1.0, 1.0)
    for s in (starts, pruning.inside(10 * signs.double()), 0.01 * starts):
        exact, single = pruning.evaluate(s), pruning.evaluate(s, single=True)
        assert single.projection_gradient.dtype == torch.float64
        moved = (single.objective - exact.objective).abs()
        assert bool((moved <= pruning.rounding(exact)).all())
        assert float(moved.max()) > 0


def test_only_where_its_range_is_enough() -> None:
    """Not for slopes whose products vanish in float32, nor for outputs like energies in joules."""
    for pruning in (problem(Bernoulli(0.5), slope_cap=0.99), problem(Bernoulli(0.5), unit=1e-19)):
        state = pruning.evaluate(pruning.starts(4, 2, seed=0))
        assert bool(torch.isinf(pruning.rounding(state)).all())


def test_a_joule_is_as_good_as_an_electron_volt() -> None:
    """The same prototypes in units whose squares float32 cannot hold."""
    numbers = np.random.default_rng(7)
    weights, centroids = numbers.normal(size=200), numbers.normal(size=(200, 9))
    losses = []
    for unit in (1.0, 1e-19):
        large = RBFN.from_parameters(0.0, unit * weights, 0.1, centroids)
        losses.append(prune(large, Bernoulli(0.5), 6, restarts=4).loss / unit**2)
    assert losses[1] == pytest.approx(losses[0], rel=0.01)


@pytest.mark.parametrize(("ridge", "expected"), [(3e-2, True), (1e-9, False)])
def test_gives_way_to_float64_before_its_rounding_counts(ridge: float, expected: bool) -> None:
    """Hardly held, prototypes have huge opposite weights: then the last steps are exact, and so is what they report."""
    pruning = problem(Bernoulli(0.5))
    pruning.ridge = pruning.offset_penalty = ridge
    took = []
    evaluate = pruning.evaluate

    def watched(s: torch.Tensor, single: bool = False) -> object:
        took.append(single)
        return evaluate(s, single)

    pruning.evaluate = watched  # type: ignore[method-assign, assignment]
    last = list(gauss_newton_steps(pruning, pruning.starts(8, 3, seed=0), GaussNewtonSettings(ridge=ridge)))[-1]
    assert took[-1] is expected
    exact = pruning.loss(last.gamma[:, None].expand(3, 8), last.alpha, last.beta, last.theta)
    torch.testing.assert_close(last.losses, exact, rtol=1e-12, atol=0)


@pytest.mark.parametrize("slope_cap", [0.8, 0.95, 0.999, 0.99999])
@pytest.mark.parametrize(("size", "gamma"), [(1.0, 30.0), (1.0, 250.0), (1e3, 0.25)])
def test_saturated_networks_are_pruned_to_finite_ones(size: float, gamma: float, slope_cap: float) -> None:
    """|4 gamma theta| up to 1e3: every feature answers to one environment alone."""
    numbers = np.random.default_rng(0)
    centroids = size * np.sign(numbers.normal(size=(60, 12)))
    large = RBFN.from_parameters(0.3, numbers.normal(size=60), gamma, centroids)
    result = prune(large, Bernoulli(0.5), 5, restarts=3, slope_cap=slope_cap)
    assert np.isfinite(result.restarts).all()
    assert 0 <= result.loss <= result.variance * (1 + 1e-9)
    assert np.isfinite(result.network.predict(np.sign(centroids))).all()
