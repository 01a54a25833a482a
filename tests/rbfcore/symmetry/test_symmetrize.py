"""The symmetrised network against the average over images that defines it, and the direction in which copies move."""

import re

import numpy as np
import pytest
import torch

from rbfcore.lattice.named import LATTICES, lattice_environment
from rbfcore.network import RBFN
from rbfcore.symmetry.elements import element_names
from rbfcore.symmetry.group import centroid_images, cyclic_powers, group, is_invariant, orbit_means
from rbfcore.symmetry.symmetrize import merge, symmetrize
from tests.rbfcore.symmetry.small import MADE_UP, MadeUp, averaged, every_input, network

CLOSED_FORM = {"rtol": 1e-10, "atol": 1e-12}


@pytest.mark.parametrize("per_centroid_gamma", [False, True])
@pytest.mark.parametrize("name", MADE_UP)
def test_average_over_every_input(name: str, per_centroid_gamma: bool) -> None:
    env = MADE_UP[name]
    d = env.symmetry.shape[1]
    f, x = network(d, 7, 1, per_centroid_gamma=per_centroid_gamma), every_input(d)
    found = symmetrize(f, env)
    assert found.n_centroids == 7 * len(env.symmetry)
    np.testing.assert_allclose(found.predict(x), averaged(f, x, env), **CLOSED_FORM)


@pytest.mark.parametrize("lattice", LATTICES)
def test_average_on_every_lattice(lattice: str) -> None:
    env = lattice_environment(lattice)
    f = network(env.n_sites, 5, 2)
    x = np.where(np.random.default_rng(0).random((200, env.n_sites)) < 0.5, 1.0, -1.0)
    images = [f.predict(x[:, permutation]) for permutation in env.symmetry]
    np.testing.assert_allclose(symmetrize(f, env).predict(x), np.mean(images, axis=0), **CLOSED_FORM)


def test_copies_move_against_the_occupations() -> None:
    """Element by element, with a three-fold rotation, where moving the same way would give another function."""
    env = lattice_environment("bcc20")
    turns = [g for g, name in enumerate(element_names(env)) if "rotation" in name]
    assert len(turns) == 2
    f = network(20, 4, 3)
    x = np.where(np.random.default_rng(1).random((50, 20)) < 0.5, 1.0, -1.0)
    images = centroid_images(f.plain().centroids, env.symmetry)
    for g, permutation in enumerate(env.symmetry):
        copy = RBFN.from_parameters(f.alpha, f.beta, f.gamma, images[g])
        np.testing.assert_allclose(copy.predict(x), f.predict(x[:, permutation]), **CLOSED_FORM)
        if g in turns:
            wrong = RBFN.from_parameters(f.alpha, f.beta, f.gamma, f.plain().centroids[:, permutation])
            assert not np.allclose(wrong.predict(x), f.predict(x[:, permutation]), rtol=1e-3)


def test_symmetric_networks_come_back_as_they_are() -> None:
    env = MADE_UP["three arms"]
    once = symmetrize(network(9, 4, 4), env)
    twice = symmetrize(once, env)
    assert twice.n_centroids == once.n_centroids == 24
    torch.testing.assert_close(twice.centroids, once.centroids, rtol=0, atol=0)
    torch.testing.assert_close(twice.beta, once.beta, rtol=1e-14, atol=0)


def test_equal_centroids_are_merged_and_other_widths_are_not() -> None:
    theta = np.array([[1.0, 2.0], [1.0, 2.0], [2.0, 1.0], [1.0, 2.0], [-0.0, 0.0], [0.0, -0.0]])
    gamma = np.array([0.5, 0.5, 0.5, 0.7, 0.5, 0.5])
    f = RBFN.from_parameters(0.3, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], gamma, theta)
    found = merge(f.plain())
    np.testing.assert_array_equal(found.beta, [3, 3, 4, 11])
    np.testing.assert_array_equal(found.centroids, [[1, 2], [2, 1], [1, 2], [0, 0]])
    np.testing.assert_allclose(found.gamma, [0.5, 0.5, 0.7, 0.5])
    x = np.random.default_rng(0).normal(size=(20, 2))
    np.testing.assert_allclose(RBFN.from_plain(found).predict(x), f.predict(x), **CLOSED_FORM)


def test_single_precision_stays_single() -> None:
    f = network(9, 4, 5).float()
    found = symmetrize(f, MADE_UP["three arms"])
    assert found.beta.dtype == found.centroids.dtype == torch.float32


def test_powers_of_elements() -> None:
    """On a ring of 5 every turn generates the whole ring; among 3 arms there are elements of order 1, 2 and 3."""
    assert [sorted(p) for p in cyclic_powers(MADE_UP["ring"].symmetry)] == [[0]] + [[0, 1, 2, 3, 4]] * 4
    assert sorted(len(p) for p in cyclic_powers(MADE_UP["three arms"].symmetry)) == [1, 2, 2, 2, 3, 3]


def test_orbit_means_make_a_distribution_symmetric() -> None:
    from rbfcore.distributions.finite import Bernoulli

    env = lattice_environment("fcc26")
    q = np.random.default_rng(0).uniform(0.1, 0.9, 26)
    even = orbit_means(q, env)
    for orbit in env.orbits:
        np.testing.assert_allclose(even[orbit], q[orbit].mean())
    assert is_invariant(Bernoulli(even), env.symmetry)
    assert not is_invariant(Bernoulli(q), env.symmetry)


def test_every_family_of_distributions_is_checked_for_symmetry() -> None:
    from rbfcore.distributions.empirical import Empirical
    from rbfcore.distributions.finite import Bernoulli
    from rbfcore.distributions.gaussian_mixture import Normal
    from rbfcore.distributions.mixture import Mixture
    from rbfcore.distributions.uniform import Uniform

    env = MADE_UP["three arms"]
    x = np.random.default_rng(0).normal(size=(30, 9))
    arms = [Bernoulli(np.where(np.arange(9) // 3 == arm, 0.9, 0.2)) for arm in range(3)]
    for p in (Bernoulli(0.3), Normal(1.0, 2.0), Uniform(-3, 1), Mixture([1 / 3] * 3, arms)):
        assert is_invariant(p, env.symmetry)
    assert is_invariant(Empirical(np.concatenate([x[:, s] for s in env.symmetry])), env.symmetry)
    for p in (arms[0], Normal(np.arange(9) / 9, 1), Mixture([0.3, 0.3, 0.4], arms), Empirical(x)):
        assert not is_invariant(p, env.symmetry)


@pytest.mark.parametrize(
    ("symmetry", "message"),
    [
        ([[0, 1, 2]], "must be (G, 9), one column per input of the network, got (1, 3)"),
        ([[0] * 9], "each row of the symmetry must be a permutation of 0 ... 8"),
        ([np.roll(np.arange(9), 1)], "closed under composition"),
        ([np.arange(9)] * 2, "must be different"),
        ([[1, 0, *range(2, 9)], list(range(9))], "the identity must be the first"),
    ],
)
def test_what_is_no_group_is_refused(symmetry: list[list[int]], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        group(MadeUp(np.array(symmetry)), 9)


def test_elements_have_names() -> None:
    """Known from the geometry of the two jumps."""
    assert element_names(lattice_environment("fcc26")) == (
        "identity",
        "mirror (0 0 1)",
        "mirror (1 -1 0)",
        "rotation 180° about [1 1 0]",
    )
    bcc = element_names(lattice_environment("bcc14"))
    assert bcc[0] == "identity"
    assert sorted(bcc[1:]) == [
        "mirror (0 1 -1)",
        "mirror (1 -1 0)",
        "mirror (1 0 -1)",
        "rotation 120° about [1 1 1]",
        "rotation 240° about [1 1 1]",
    ]
    assert element_names(MADE_UP["ring"])[4] == "element 5"
