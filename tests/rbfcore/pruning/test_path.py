"""The pruning path, growing from a network, and the figures that say how far to trust a result."""

from collections.abc import Generator
from itertools import pairwise

import pytest
import torch

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Bernoulli
from rbfcore.distributions.gaussian_mixture import Normal
from rbfcore.network import RBFN
from rbfcore.numerics.canonical import Canonical
from rbfcore.pruning.objective import PruningLoss, pruning_loss
from rbfcore.pruning.path import prune_path
from rbfcore.pruning.prune import prune, prune_steps
from rbfcore.pruning.quality import condition, float32_error, sum_of_amplitudes


def network(d: int, k: int, seed: int = 0) -> RBFN:
    return RBFN(d, k, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("p", [Bernoulli(0.4), Normal()])
def test_losses_fall_along_a_path(p: InputDistribution) -> None:
    large = network(5, 30)
    path = prune_path(large, p, sizes=[4, 1, 2, 8], restarts=2)
    assert [point.n_prototypes for point in path] == [1, 2, 4, 8]
    assert all(later.loss <= earlier.loss for earlier, later in pairwise(path))
    for point in path:
        assert point.network.n_centroids == point.n_prototypes
        assert point.loss == pytest.approx(float(pruning_loss(large, point.network, p).detach()), rel=1e-7)
        assert point.rms_gap == pytest.approx(point.loss**0.5)


@pytest.mark.parametrize("p", [Bernoulli(0.4), Normal()])
def test_the_constant_of_the_loss_is_computed_once_for_all_sizes(
    p: InputDistribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "_variance" if isinstance(p, Bernoulli) else "_second_moment"
    calls, compute = [], getattr(PruningLoss, name)

    def counted(self: PruningLoss, *arguments: Canonical) -> Generator[float, None, torch.Tensor]:
        calls.append(self)
        return compute(self, *arguments)

    monkeypatch.setattr(PruningLoss, name, counted)
    prune_path(network(5, 30), p, sizes=[1, 2, 4], restarts=2)
    assert len(calls) == 1


def test_more_prototypes_than_are_needed_stay_silent() -> None:
    """Penalties so strong that more prototypes gain nothing must not make a larger network worse."""
    three = network(4, 3, seed=4)
    copies = RBFN.from_parameters(
        three.alpha, three.beta.repeat(6) / 6, three.gamma, three.centroids.detach().repeat(6, 1)
    )
    path = prune_path(copies, Bernoulli(0.5), sizes=[3, 4, 6], restarts=4, slope_cap=0.99)
    assert all(later.loss <= earlier.loss for earlier, later in pairwise(path))
    assert [point.network.n_centroids for point in path] == [3, 4, 6]


def test_growing_starts_from_the_given_prototypes() -> None:
    """The first snapshot of a start that contains a fitted network is no worse than that network."""
    large, p = network(8, 40), Bernoulli(0.5)
    options = {"ridge": 0.0, "offset_penalty": 0.0}
    small = prune(large, p, 3, restarts=3, **options)
    first = next(prune_steps(large, p, 5, restarts=1, grow_from=small.network, **options))
    assert first.loss <= small.loss * (1 + 1e-9)


def test_growing_is_refused_where_it_makes_no_sense() -> None:
    large, p = network(5, 30), Bernoulli(0.5)
    with pytest.raises(ValueError, match="at most 2 prototypes, got 5 and 3"):
        prune_steps(large, p, 2, grow_from=network(5, 3))
    with pytest.raises(ValueError, match="cannot grow"):
        prune_steps(large, p, 4, method="adam", grow_from=network(5, 3))
    with pytest.raises(ValueError, match="at least one number"):
        prune_path(large, p, sizes=[])
    with pytest.raises(ValueError, match="adam"):
        prune_path(large, p, sizes=[1], method="adam")


def test_quality_figures() -> None:
    """Near-copies with opposite weights: badly conditioned, large amplitudes, beyond single precision."""
    theta = torch.tensor([[0.5, -0.5, 1.0], [0.5, -0.5, 1.0 + 1e-7]], dtype=torch.float64)
    bad = RBFN.from_parameters(0.0, torch.tensor([1e7, -1e7]).double(), 0.3, theta)
    good = RBFN.from_parameters(0.0, torch.tensor([1.0, -1.0]).double(), 0.3, [[0.5, -0.5, 1.0], [-1.0, 0.2, 0.3]])
    p = Bernoulli(0.5)
    assert condition(bad, p) > 1e8
    assert condition(good, p) < 100
    assert float32_error(bad, p) > 1e-2
    assert float32_error(good, p) < 1e-6
    x = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0], dtype=torch.float64)] * 3)
    peaks = (good.features(x) * good.beta).detach().abs().amax(0).sum()
    assert sum_of_amplitudes(good, p) == pytest.approx(float(peaks))
    assert sum_of_amplitudes(good, Normal()) == pytest.approx(2.0)


def test_a_result_that_single_precision_cannot_hold_says_so() -> None:
    large = network(6, 40)
    result = prune(large, Bernoulli(0.5), 4, restarts=3)
    assert result.float32_safe
    assert result.outcome()["float32_safe"] is True
    assert result.outcome()["condition"] == pytest.approx(condition(result.network, Bernoulli(0.5)))
