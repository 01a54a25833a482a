"""The invariance gap against sums over every input of small networks."""

import numpy as np
import pytest

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Bernoulli
from rbfcore.distributions.gaussian_mixture import Normal
from rbfcore.distributions.mixture import Mixture
from rbfcore.distributions.uniform import Uniform
from rbfcore.lattice.named import lattice_environment
from rbfcore.network import RBFN
from rbfcore.pruning.objective import pruning_loss
from rbfcore.symmetry.invariance import invariance_gap
from rbfcore.symmetry.symmetrize import symmetrize
from tests.rbfcore.symmetry.small import MADE_UP, averaged, every_input, network, weights

CLOSED_FORM = 1e-10


@pytest.mark.parametrize("per_centroid_gamma", [False, True])
@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("name", MADE_UP)
def test_gap_matches_every_input(name: str, symmetric: bool, per_centroid_gamma: bool) -> None:
    """Both for an input distribution that the group keeps, and for one that it does not."""
    env = MADE_UP[name]
    d = env.symmetry.shape[1]
    f, x = network(d, 8, 1, per_centroid_gamma=per_centroid_gamma), every_input(d)
    q = np.full(d, 0.3) if symmetric else np.random.default_rng(0).uniform(0.1, 0.9, d)
    expected = np.sqrt(weights(x, q) @ np.square(f.predict(x) - averaged(f, x, env)))
    assert invariance_gap(f, env, Bernoulli(q)) == pytest.approx(expected, rel=CLOSED_FORM)


def test_gap_on_a_bcc_lattice_matches_all_16384_occupations() -> None:
    env = lattice_environment("bcc14")
    f, x = network(14, 6, 2), every_input(14)
    apart = f.predict(x) - np.mean([f.predict(x[:, s]) for s in env.symmetry], axis=0)
    assert invariance_gap(f, env, Bernoulli(0.5)) == pytest.approx(np.sqrt(np.mean(apart**2)), rel=CLOSED_FORM)


@pytest.mark.parametrize(
    "p",
    [
        Normal(0.2, 1.3),
        Normal(np.linspace(-1, 1, 9), 1.0),
        Uniform(-2.0, 1.0),
        Mixture([0.4, 0.6], [Bernoulli(0.2), Bernoulli(0.7)]),
    ],
    ids=["normal", "other normal per site", "uniform", "mixture"],
)
def test_other_distributions_agree_with_the_pruning_loss(p: InputDistribution) -> None:
    """Eq. (5) between the network and its average over images is the square of the gap, term by term."""
    env, f = MADE_UP["three arms"], network(9, 6, 3)
    expected = float(pruning_loss(f, symmetrize(f, env), p).detach()) ** 0.5
    assert invariance_gap(f, env, p) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("lattice", ["fcc26", "fcc58", "bcc20"])
def test_larger_lattices_agree_with_the_pruning_loss(lattice: str) -> None:
    env = lattice_environment(lattice)
    f = network(env.n_sites, 20, 4)
    expected = float(pruning_loss(f, symmetrize(f, env), Bernoulli(0.5)).detach()) ** 0.5
    assert invariance_gap(f, env, Bernoulli(0.5)) == pytest.approx(expected, rel=1e-6)


def test_symmetrised_networks_have_no_gap() -> None:
    for name, env in MADE_UP.items():
        d = env.symmetry.shape[1]
        found = symmetrize(network(d, 5, 5), env)
        assert invariance_gap(found, env, Bernoulli(0.5)) == 0.0, name
        assert invariance_gap(found.float(), env, Bernoulli(0.5)) < 1e-6


def test_a_tiny_gap_keeps_its_digits() -> None:
    """One part in 10^7 off: the square is 10^-14 of the variance, and still right."""
    env = MADE_UP["three arms"]
    base = symmetrize(network(9, 5, 6), env)
    f = RBFN.from_parameters(
        base.alpha, base.beta.detach().numpy() * (1 + 1e-7 * (np.arange(30) == 3)), base.gamma, base.centroids
    )
    x = every_input(9)
    bump = RBFN.from_parameters(0.0, f.beta.detach() - base.beta.detach(), base.gamma, base.centroids)
    expected = np.sqrt(weights(x, 0.5) @ np.square(bump.predict(x) - averaged(bump, x, env)))
    assert invariance_gap(f, env, Bernoulli(0.5)) == pytest.approx(expected, rel=1e-4)


def test_gap_does_not_depend_on_row_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    env, f = MADE_UP["ring"], network(5, 11, 7)
    whole = invariance_gap(f, env, Bernoulli(0.4))
    monkeypatch.setattr("rbfcore.symmetry.invariance._BLOCK", 100)
    assert invariance_gap(f, env, Bernoulli(0.4)) == pytest.approx(whole, rel=1e-12)


def test_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"symmetry must be \(G, 5\)"):
        invariance_gap(network(5, 2, 0), MADE_UP["three arms"], Bernoulli(0.5))
    with pytest.raises(ValueError, match="the distribution is over 4 inputs"):
        invariance_gap(network(5, 2, 0), MADE_UP["ring"], Bernoulli([0.5] * 4))
