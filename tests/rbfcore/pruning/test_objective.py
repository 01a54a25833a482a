"""Eq. (5) against sums over every input it averages over."""

from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Bernoulli, Finite
from rbfcore.distributions.gaussian_mixture import Normal
from rbfcore.distributions.uniform import Uniform
from rbfcore.network import RBFN
from rbfcore.pruning.objective import PruningLoss, pruning_loss


def network(d: int, k: int, seed: int, *, per_centroid_gamma: bool = False) -> RBFN:
    generator = torch.Generator().manual_seed(seed)
    return RBFN(d, k, per_centroid_gamma=per_centroid_gamma, dtype=torch.float64, generator=generator)


def every_input(d: int) -> torch.Tensor:
    return torch.tensor(list(product((-1.0, 1.0), repeat=d)), dtype=torch.float64)


def by_enumeration(large: RBFN, small: RBFN, q: torch.Tensor) -> torch.Tensor:
    """The sum over all 2**d inputs that Eq. (5) replaces."""
    x = every_input(large.n_inputs)
    weight = torch.where(x > 0, q, 1 - q).prod(1)
    return (weight * (large(x) - small(x)).square()).sum()


@pytest.mark.parametrize("per_centroid_gamma", [False, True])
@pytest.mark.parametrize("q", [0.5, 0.1, 0.97])
def test_loss_matches_all_4096_inputs(q: float, per_centroid_gamma: bool) -> None:
    large = network(12, 40, 1, per_centroid_gamma=per_centroid_gamma)
    small = network(12, 5, 2, per_centroid_gamma=per_centroid_gamma)
    expected = by_enumeration(large, small, torch.tensor(q, dtype=torch.float64))
    torch.testing.assert_close(pruning_loss(large, small, Bernoulli(q)), expected, rtol=1e-10, atol=0)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.02, 0.98), min_size=5, max_size=5), st.integers(0, 1000))
def test_loss_with_a_probability_per_input(q: list[float], seed: int) -> None:
    large, small = network(5, 9, seed), network(5, 3, seed + 1)
    expected = by_enumeration(large, small, torch.tensor(q, dtype=torch.float64))
    torch.testing.assert_close(pruning_loss(large, small, Bernoulli(q)), expected, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("p", [Normal(0.3, 1.4), Uniform(-3.0, 2.0)])
def test_continuous_loss_matches_quadrature(p: Normal | Uniform) -> None:
    """One input: the integral on a fine Gauss-Legendre grid."""
    import numpy as np

    large, small = network(1, 8, 3), network(1, 3, 4)
    nodes, weights = np.polynomial.legendre.leggauss(400)
    low, high = (-3.0, 2.0) if isinstance(p, Uniform) else (0.3 - 14, 0.3 + 14)
    x = torch.from_numpy(low + (high - low) * (nodes + 1) / 2)
    density = torch.full_like(x, 1 / (high - low))
    if isinstance(p, Normal):
        density = torch.exp(-0.5 * ((x - 0.3) / 1.4) ** 2) / (1.4 * (2 * torch.pi) ** 0.5)
    weight = torch.from_numpy(weights) * (high - low) / 2 * density
    expected = (weight * (large(x[:, None]) - small(x[:, None])).square()).sum()
    torch.testing.assert_close(pruning_loss(large, small, p), expected, rtol=1e-9, atol=0)


def test_a_network_has_no_gap_to_itself_in_any_order() -> None:
    large = network(8, 30, 5)
    order = torch.randperm(30, generator=torch.Generator().manual_seed(0))
    shuffled = RBFN.from_parameters(large.alpha, large.beta[order], large.gamma, large.centroids[order])
    loss = pruning_loss(large, shuffled, Bernoulli(0.3)).detach()
    variance = PruningLoss(large, Bernoulli(0.3)).variance
    assert 0 <= float(loss) <= 1e-12 * float(variance)


def test_row_blocks_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The K x K constant does not depend on how its rows are blocked, nor on K being a multiple of the block."""
    large, p = network(6, 23, 6), Bernoulli(0.4)
    whole = PruningLoss(large, p).second_moment
    for block in (1, 5, 23):
        monkeypatch.setattr("rbfcore.pruning.objective._BLOCK", block)
        torch.testing.assert_close(PruningLoss(large, p).second_moment, whole, rtol=1e-12, atol=0)


@pytest.mark.parametrize("p", [Uniform(-2, 1), Bernoulli(0.4), Finite([-1, 0, 1], [0.2, 0.3, 0.5])], ids=str)
def test_preparation_changes_no_bit_and_leaves_nothing_to_compute(
    p: InputDistribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rbfcore.pruning.objective._BLOCK", 8)
    large = network(6, 23, 6)
    for piece in (3, 8):
        monkeypatch.setattr("rbfcore.pruning.objective._PIECE", piece)
        whole, prepared = PruningLoss(large, p), PruningLoss(large, p)
        shares = list(prepared.preparation())
        assert shares == sorted(set(shares))
        assert (shares[0], len(shares)) == (0, 9 if piece == 3 and isinstance(p, Uniform) else 3)
        assert shares[-1] < 1
        known = "variance" if isinstance(p, Bernoulli) else "second_moment"
        assert known in vars(prepared)
        assert torch.equal(prepared.variance, whole.variance)
        assert torch.equal(prepared.second_moment, whole.second_moment)


def test_gradients_are_those_of_the_enumerated_loss() -> None:
    large, small = network(6, 12, 7), network(6, 4, 8)
    q = torch.tensor(0.3, dtype=torch.float64)
    parameters = list(small.parameters())
    ours = torch.autograd.grad(pruning_loss(large, small, Bernoulli(0.3)), parameters)
    theirs = torch.autograd.grad(by_enumeration(large, small, q), parameters)
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-8, atol=1e-11)


def test_different_inputs_are_refused() -> None:
    with pytest.raises(ValueError, match="same inputs, got D = 4 and 3"):
        pruning_loss(network(4, 3, 0), network(3, 3, 0), Bernoulli(0.5))
    with pytest.raises(ValueError, match="2 inputs, the network has 4"):
        pruning_loss(network(4, 3, 0), network(4, 3, 0), Bernoulli([0.5, 0.5]))
