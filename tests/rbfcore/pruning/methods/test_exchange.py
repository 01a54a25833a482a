"""Rounds of exchange: one run from first step to last, deterministic, and never worse than without."""

import numpy as np
import pytest
import torch

import rbfcore as rc
from rbfcore.pruning.methods.gauss_newton import GaussNewtonSettings


def large() -> rc.RBFN:
    return rc.RBFN(10, 80, dtype=torch.float64, generator=torch.Generator().manual_seed(3))


def test_exchange_lowers_the_loss_of_every_restart_or_leaves_it() -> None:
    """Without penalties objective and loss are one, so each restart can only gain."""
    half, options = rc.Bernoulli(0.5), {"ridge": 0.0, "offset_penalty": 0.0}
    plain = rc.prune(large(), half, 8, restarts=3, **options)
    steps = list(rc.prune_steps(large(), half, 8, restarts=3, exchange_rounds=2, **options))
    assert [step.done for step in steps] == [False] * (len(steps) - 1) + [True]
    assert (steps[-1].losses <= plain.restarts * (1 + 1e-6)).all()
    assert steps[-1].loss < plain.loss
    exact = rc.pruning_loss(large(), rc.RBFN.from_plain(steps[-1].network), half)
    assert steps[-1].loss == pytest.approx(float(exact.detach()), rel=1e-9)


def test_same_seed_same_result_and_the_cap_holds() -> None:
    first, again = (rc.prune(large(), rc.Bernoulli(0.3), 3, restarts=2, seed=4, exchange_rounds=1) for _ in range(2))
    np.testing.assert_array_equal(first.restarts, again.restarts)
    slopes = torch.tanh(2 * first.network.gamma.detach() * first.network.centroids.detach())
    assert float(slopes.abs().max()) <= 0.8 + 1e-9


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="exchange_rounds must be >= 0"):
        GaussNewtonSettings(exchange_rounds=-1)
