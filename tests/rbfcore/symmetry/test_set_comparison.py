"""Two sets of prototypes beside each other: a set against its own image, and the gap against enumeration."""

from dataclasses import replace

import numpy as np
import pytest

import rbfcore as rc
from rbfcore.lattice import environment
from rbfcore.symmetry.set_comparison import exact_gap, set_comparison
from tests.rbfcore.explain.networks import small_network

ENV = environment("fcc", 2)


def test_a_turned_and_shuffled_set_is_recognised() -> None:
    first = small_network(26, 4, gamma=0.05)
    order = [2, 0, 3, 1]
    turned = first.centroids[order][:, ENV.symmetry[1]]
    second = replace(first, beta=first.beta[order], centroids=turned)
    compared = set_comparison(first, second, ENV, rc.Bernoulli(0.5))
    assert [tuple(pair) for pair in compared.matching.pairs] == [(0, 1), (1, 3), (2, 0), (3, 2)]
    np.testing.assert_allclose(compared.matching.similarity, 1, atol=1e-12)
    np.testing.assert_allclose(compared.second.centroids, compared.first.centroids, atol=1e-12)
    assert compared.alone_first == compared.alone_second == []
    assert compared.chance < 0.9


def test_a_smaller_set_leaves_some_alone() -> None:
    first = small_network(26, 4, gamma=0.05)
    second = replace(first, beta=first.beta[1:3], centroids=first.centroids[1:3])
    compared = set_comparison(first, second, ENV, rc.Bernoulli(0.5))
    assert (compared.alone_first, compared.alone_second) == ([0, 3], [])


@pytest.mark.parametrize("q", [0.5, 0.2])
def test_the_gap_is_that_of_all_environments(q: float) -> None:
    a, b = small_network(6, 3), small_network(6, 5, seed=1)
    x = 2.0 * (np.arange(64)[:, None] >> np.arange(6) & 1) - 1
    gap = [net.alpha + rc.contributions(net, x).sum(1) for net in (a, b)]
    chance = np.where(x > 0, q, 1 - q).prod(1)
    expected = np.sqrt(chance @ np.square(gap[0] - gap[1]))
    assert exact_gap(a, b, rc.Bernoulli(q)) == pytest.approx(expected, rel=1e-10)


def test_sets_of_different_kinds_are_refused() -> None:
    a = small_network(26, 2)
    with pytest.raises(ValueError, match="26 inputs and the second 6"):
        set_comparison(a, small_network(6, 2), None, rc.Bernoulli(0.5))
    with pytest.raises(ValueError, match="answers in eV, the second in meV"):
        set_comparison(
            replace(a, metadata={"unit": "eV"}), replace(a, metadata={"unit": "meV"}), ENV, rc.Bernoulli(0.5)
        )
