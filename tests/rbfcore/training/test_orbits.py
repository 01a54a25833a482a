"""Tied orbits: the gradient against autograd on the written-out network, and exact symmetry of what comes out."""

import numpy as np
import pytest
import torch

from rbfcore.data.dataset import DataSet
from rbfcore.distributions.finite import Bernoulli
from rbfcore.lattice.named import lattice_environment
from rbfcore.network import RBFN
from rbfcore.symmetry.invariance import invariance_gap
from rbfcore.training.gradient import FlatNetwork, accumulate_gradient
from rbfcore.training.orbits import Orbits
from rbfcore.training.train import train, train_steps


def pairs(n: int, lattice: str, seed: int = 0) -> DataSet:
    """A symmetric response: sums over the orbits of sites, multiplied."""
    env = lattice_environment(lattice)
    x = np.where(np.random.default_rng(seed).random((n, env.n_sites)) < 0.5, 1.0, -1.0).astype(np.float32)
    first, second = (x[:, env.orbits[number]].mean(1).astype(np.float64) for number in (0, 1))
    return DataSet("pairs", x, 2.0 + first * second + first, env.names, "occupation", lattice=lattice)


@pytest.mark.parametrize("per_centroid_gamma", [False, True])
@pytest.mark.parametrize("lattice", ["bcc14", "fcc26"])
def test_gradient_matches_autograd_through_written_out_copies(lattice: str, per_centroid_gamma: bool) -> None:
    """A plain sum over elements and centroids of the definition, differentiated by autograd."""
    env = lattice_environment(lattice)
    generator = torch.Generator().manual_seed(1)
    network = RBFN(env.n_sites, 7, per_centroid_gamma=per_centroid_gamma, dtype=torch.float64, generator=generator)
    x = torch.randn(30, env.n_sites, generator=generator, dtype=torch.float64)
    y = torch.randn(30, generator=generator, dtype=torch.float64)
    orbits, flat = Orbits(env.symmetry), FlatNetwork.of(network)
    loss = accumulate_gradient(flat, orbits.images(x), y, orbits.size)
    total = network.alpha
    for permutation in env.symmetry:
        distance = torch.cdist(x[:, permutation], network.centroids).square()
        total = total + torch.exp(-network.gamma * distance) @ network.beta
    expected = (total - y).square().sum()
    torch.testing.assert_close(loss, expected.detach(), rtol=1e-12, atol=0)
    parameters = (network.alpha, network.log_gamma, network.beta, network.centroids)
    for ours, theirs in zip(flat.gradient, torch.autograd.grad(expected, parameters), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("lattice", ["bcc20", "fcc26"])
def test_written_out_network_is_what_was_trained(lattice: str) -> None:
    env = lattice_environment(lattice)
    network = RBFN(env.n_sites, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    orbits, flat = Orbits(env.symmetry), FlatNetwork.of(network)
    x = torch.randn(41, env.n_sites, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    whole = orbits.network(flat.network())
    assert whole.n_centroids == 5 * orbits.size
    torch.testing.assert_close(orbits.predict(flat, x, chunk=17), whole(x).detach(), rtol=1e-11, atol=1e-12)
    for permutation in env.symmetry:
        torch.testing.assert_close(whole(x[:, permutation]), whole(x), rtol=1e-11, atol=1e-12)


def test_a_group_of_one_changes_nothing() -> None:
    network = RBFN(4, 3, generator=torch.Generator().manual_seed(0))
    orbits, x = Orbits.untied(4), torch.randn(9, 4, generator=torch.Generator().manual_seed(1))
    assert orbits.images(x) is x
    assert orbits.network(network).plain().fingerprint() == network.plain().fingerprint()
    torch.testing.assert_close(orbits.predict(FlatNetwork.of(network), x), network(x).detach())


@pytest.mark.parametrize("lattice", ["bcc14", "fcc26"])
def test_training_gives_an_exactly_symmetric_network_that_learns(lattice: str) -> None:
    data, validation = pairs(3000, lattice), pairs(300, lattice, seed=1)
    env = lattice_environment(lattice)
    k = 16 * len(env.symmetry)
    result = train(data, validation, k, "fast", max_epochs=40, tied_orbits=True)
    network = result.network
    assert network.n_centroids == k
    assert invariance_gap(network, env, Bernoulli(0.5)) < 1e-6
    error = network.predict(validation.x).astype(np.float64) - validation.y
    assert float(np.sqrt(np.mean(error**2))) == pytest.approx(result.rmse, rel=1e-3)
    assert result.rmse < 0.3 * validation.y.std()


def test_what_cannot_be_tied_is_refused() -> None:
    data = pairs(50, "fcc26")
    with pytest.raises(ValueError, match="multiple of 4, got 10"):
        train_steps(data, data, 10, tied_orbits=True)
    with pytest.raises(ValueError, match="switch symmetric_images off"):
        train_steps(data, data, 12, tied_orbits=True, symmetric_images=True)
    plain = DataSet("plain", data.x, data.y, data.site_names, "occupation")
    with pytest.raises(ValueError, match="tied_orbits needs a data set on lattice sites"):
        train_steps(plain, plain, 12, tied_orbits=True)
