"""Stability of prototypes: known answers for sets that are the same, moved, or unrelated."""

import numpy as np
import pytest
import torch

from rbfcore.distributions.finite import Bernoulli
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters
from rbfcore.pruning.objective import pruning_loss
from rbfcore.symmetry.stability import prototype_stability, prune_runs, stability_of
from tests.rbfcore.symmetry.small import MADE_UP, network

ENV, HALF = MADE_UP["three arms"], Bernoulli(0.5)


def moved(f: RBFN, seed: int) -> RBFN:
    """The same prototypes in another order, each as another image of itself."""
    rng = np.random.default_rng(seed)
    plain, order = f.plain(), rng.permutation(f.n_centroids)
    theta = [plain.centroids[i][ENV.symmetry[rng.integers(6)]] for i in order]
    return RBFN.from_parameters(plain.alpha, plain.beta[order], plain.gamma, theta)


def test_moved_sets_are_perfectly_stable() -> None:
    f = network(9, 5, 1)
    found = stability_of(f, [moved(f, seed) for seed in range(4)], ENV, HALF)
    np.testing.assert_allclose(found.similarity, 1)
    assert found.similarity.shape == (4, 5)
    assert found.overall == pytest.approx(1)
    assert found.chance < 0.9
    np.testing.assert_array_equal(found.recovered(), 1)
    assert list(found.table().columns) == ["prototype", "mean", "min", "found", "spread"]


def test_one_prototype_that_changes_is_the_one_that_is_told() -> None:
    f = network(9, 5, 2)
    plain = f.plain()
    plain.centroids[3] = -plain.centroids[3] + 1.0
    found = stability_of(f, [RBFN.from_plain(plain), f], ENV, HALF)
    assert found.worst.argmin() == 3
    np.testing.assert_allclose(np.delete(found.worst, 3), 1)
    assert found.mean[3] < 1
    assert found.gap[0] > 0
    assert found.gap[1] == pytest.approx(0, abs=1e-7)


def test_a_run_with_fewer_prototypes_leaves_some_without_partner() -> None:
    f = network(9, 3, 3)
    plain = f.plain()
    fewer = RBFN.from_parameters(plain.alpha, plain.beta[:2], plain.gamma, plain.centroids[:2])
    found = stability_of(f, [fewer], ENV, HALF)
    np.testing.assert_allclose(found.similarity, [[1, 1, 0]], atol=1e-9)


def test_runs_are_one_per_seed_or_one_per_restart() -> None:
    """Two seeds of three restarts; the best of each is what every_restart=False keeps."""
    large = network(9, 30, 4)
    every = list(prune_runs([large], HALF, 4, (0, 1), 3, every_restart=True, max_iterations=20))
    best = list(prune_runs([large], HALF, 4, (0, 1), 3, max_iterations=20))
    assert [(run.seed, run.restart) for run in every] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    for run, part in zip(best, (every[:3], every[3:]), strict=True):
        lowest = min(part, key=lambda other: other.loss)
        assert run.loss == lowest.loss == pytest.approx(loss_of(large, run.network), rel=1e-6)
        assert run.network.fingerprint() == lowest.network.fingerprint()


def loss_of(large: RBFN, small: Parameters) -> float:
    return float(pruning_loss(large, RBFN.from_plain(small), HALF).detach())


def test_reference_is_the_best_run_or_the_given_one() -> None:
    large = network(9, 30, 4)
    found = prototype_stability(large, HALF, ENV, 4, seeds=(0, 1, 2), restarts=2, max_iterations=20)
    losses = [run.loss for run in prune_runs([large], HALF, 4, (0, 1, 2), 2, max_iterations=20)]
    assert loss_of(large, found.reference) == pytest.approx(min(losses), rel=1e-6)
    assert found.similarity.shape == (2, 4)
    again = prototype_stability(
        large, HALF, ENV, 4, seeds=(0, 1, 2), restarts=2, reference=found.reference, max_iterations=20
    )
    assert again.similarity.shape == (3, 4)
    assert again.similarity.max() == pytest.approx(1)  # the reference itself is among these runs


def test_restarts_that_end_equal_count_once() -> None:
    large = network(9, 30, 4)
    once = prototype_stability(large, HALF, ENV, 4, (0,), 3, every_restart=True, max_iterations=20)
    twice = prototype_stability(large, HALF, ENV, 4, (0, 0), 3, every_restart=True, max_iterations=20)
    np.testing.assert_array_equal(once.similarity, twice.similarity)


def test_several_networks_are_compared() -> None:
    """The second network is the first seen through another element of the group: prototypes come back moved."""
    large = network(9, 12, 5)
    theta = large.centroids.detach()[:, torch.from_numpy(ENV.symmetry[3].copy())]
    turned = RBFN.from_parameters(large.alpha, large.beta, large.gamma, theta)
    found = prototype_stability([large, turned], HALF, ENV, 3, seeds=(0,), restarts=2, max_iterations=200)
    assert found.similarity.shape == (1, 3)
    assert found.overall == pytest.approx(1, abs=1e-3)


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two runs to compare, got 1"):
        prototype_stability(network(9, 5, 0), HALF, ENV, 2, seeds=(0,), restarts=1, max_iterations=3)
    with pytest.raises(ValueError, match="at least one set"):
        stability_of(network(9, 2, 0), [], ENV, HALF)
