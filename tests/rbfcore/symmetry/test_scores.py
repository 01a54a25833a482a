"""Symmetry scores and matching against correlations taken over every input."""

import numpy as np
import pytest
from numpy.typing import NDArray

from rbfcore.distributions.finite import Bernoulli
from rbfcore.distributions.gaussian_mixture import Normal
from rbfcore.distributions.uniform import Uniform
from rbfcore.lattice import environment
from rbfcore.network import RBFN
from rbfcore.symmetry.matching import match_prototypes
from rbfcore.symmetry.scores import symmetry_scores
from tests.rbfcore.symmetry.small import MADE_UP, every_input, network, weights

CLOSED_FORM = 1e-10


def contribution(f: RBFN, i: int, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """beta_i phi_i(x), from its definition."""
    plain = f.plain()
    gamma = np.broadcast_to(plain.gamma, plain.beta.shape)[i]
    values: NDArray[np.float64] = plain.beta[i] * np.exp(-gamma * np.square(x - plain.centroids[i]).sum(1))
    return values


def correlation(a: NDArray[np.float64], b: NDArray[np.float64], w: NDArray[np.float64]) -> float:
    a, b = a - w @ a, b - w @ b
    return float(w @ (a * b) / np.sqrt((w @ a**2) * (w @ b**2)))


@pytest.mark.parametrize("q", [0.5, 0.15])
@pytest.mark.parametrize("name", MADE_UP)
def test_scores_match_every_input(name: str, q: float) -> None:
    env = MADE_UP[name]
    d = env.symmetry.shape[1]
    f, x = network(d, 4, 1, per_centroid_gamma=True), every_input(d)
    w = weights(x, q)
    scores = symmetry_scores(f, env, Bernoulli(q))
    for i in range(4):
        c = contribution(f, i, x)
        images = [contribution(f, i, x[:, s]) for s in env.symmetry]
        variance = w @ np.square(c - w @ c)
        average = np.mean(images, axis=0)
        assert scores.overall[i] == pytest.approx(w @ np.square(average - w @ c) / variance, rel=CLOSED_FORM)
        assert scores.spread[i] == pytest.approx(np.sqrt(variance), rel=CLOSED_FORM)
        for g, s in enumerate(env.symmetry):
            assert scores.correlation[i, g] == pytest.approx(correlation(c, images[g], w), rel=CLOSED_FORM)
            moved, members = x[:, s], [x]
            while not np.array_equal(moved, x):
                members.append(moved)
                moved = moved[:, s]
            average = np.mean([contribution(f, i, member) for member in members], axis=0)
            share = w @ np.square(average - w @ c) / variance
            assert scores.by_element[i, g] == pytest.approx(share, rel=CLOSED_FORM)


def gauge(f: RBFN, scale: float) -> RBFN:
    """The same function on -1/+1 inputs with gamma * scale, theta / scale."""
    plain = f.plain()
    theta, gamma = plain.centroids / scale, plain.gamma * scale
    taken = plain.gamma * (np.square(plain.centroids) + 1).sum(1) - gamma * (np.square(theta) + 1).sum(1)
    return RBFN.from_parameters(plain.alpha, plain.beta * np.exp(-taken), gamma, theta)


def test_scores_and_similarities_are_free_of_the_gauge() -> None:
    env, f, x = MADE_UP["three arms"], network(9, 5, 2), every_input(9)
    same = gauge(f, 0.37)
    np.testing.assert_allclose(same.predict(x), f.predict(x), rtol=1e-9)
    one, other = symmetry_scores(f, env), symmetry_scores(same, env)
    np.testing.assert_allclose(
        one.table().drop(columns="prototype"), other.table().drop(columns="prototype"), rtol=1e-9
    )
    matching = match_prototypes(f, same, env)
    np.testing.assert_array_equal(matching.pairs[:, 0], matching.pairs[:, 1])
    np.testing.assert_allclose(matching.similarity, 1, rtol=1e-9)
    np.testing.assert_allclose(matching.weight_ratio, 1, rtol=1e-9)


def test_a_symmetric_prototype_scores_one_and_an_antisymmetric_pair_finds_its_partner() -> None:
    env = environment()
    mirror = env.symmetry[1]  # (001)
    rng = np.random.default_rng(0)
    even = rng.normal(size=26)[env.symmetry].mean(0)
    lopsided = rng.normal(size=26)
    theta = np.stack([even, lopsided, lopsided[mirror]])
    scores = symmetry_scores(RBFN.from_parameters(0.0, [1.0, -2.0, -2.0], 0.05, theta), env)
    assert scores.overall[0] == pytest.approx(1)
    assert scores.overall[1] < 0.8
    np.testing.assert_allclose(scores.by_element[:, 0], 1)
    np.testing.assert_allclose(scores.partner[:, 1], 1)
    assert (scores.partner[1:, 2] < 0.9).all()
    np.testing.assert_allclose(scores.paired, scores.partner[:, 1:].mean(1))
    assert list(scores.table().columns) == ["prototype", "overall", *scores.elements[1:], "paired", "spread"]


@pytest.mark.parametrize("p", [Normal(0.1, 0.8), Uniform(-2, 2)])
def test_real_inputs_have_scores_too(p: Normal | Uniform) -> None:
    """One site turned into another: a plane, integrated on a grid of Gauss-Legendre nodes."""
    from tests.rbfcore.symmetry.small import MadeUp

    env = MadeUp(np.array([[0, 1], [1, 0]]))
    f = network(2, 3, 3)
    reach = 2.0 if isinstance(p, Uniform) else 8.0
    node, weight = np.polynomial.legendre.leggauss(120)
    node, weight = node * reach, weight * reach
    density = np.full(120, 0.25) if isinstance(p, Uniform) else np.exp(-0.5 * ((node - 0.1) / 0.8) ** 2)
    one = weight * density / (weight @ density)
    x = np.stack(np.meshgrid(node, node, indexing="ij"), -1).reshape(-1, 2)
    w = np.outer(one, one).ravel()
    scores = symmetry_scores(f, env, p)
    for i in range(3):
        expected = correlation(contribution(f, i, x), contribution(f, i, x[:, ::-1]), w)
        assert scores.correlation[i, 1] == pytest.approx(expected, rel=1e-7)
        assert scores.overall[i] == pytest.approx((1 + expected) / 2, rel=1e-7)


def test_unsymmetric_distributions_are_refused_with_advice() -> None:
    q = np.linspace(0.1, 0.9, 9)
    with pytest.raises(ValueError, match=r"Bernoulli\(orbit_means\(p.q, env\)\)"):
        symmetry_scores(network(9, 2, 0), MADE_UP["three arms"], Bernoulli(q))


@pytest.mark.parametrize("q", [0.5, None])
def test_similarities_match_every_input(q: float | None) -> None:
    """All pairs at their best element, under symmetric and unsymmetric Bernoulli inputs, and the best assignment."""
    from itertools import permutations

    env, x = MADE_UP["three arms"], every_input(9)
    chances = np.random.default_rng(1).uniform(0.2, 0.8, 9) if q is None else np.full(9, q)
    w = weights(x, chances)
    a, b = network(9, 3, 4), network(9, 4, 5)
    matching = match_prototypes(a, b, env, Bernoulli(chances))
    table = np.array(
        [
            [
                max(correlation(contribution(a, i, x), contribution(b, j, x[:, s]), w) for s in env.symmetry)
                for j in range(4)
            ]
            for i in range(3)
        ]
    )
    np.testing.assert_allclose(matching.table_of_similarities, table, rtol=1e-9, atol=1e-12)
    best = max(permutations(range(4), 3), key=lambda columns: table[range(3), columns].sum())
    assert matching.pairs[:, 1].tolist() == list(best)
    for (i, j), g, similarity, ratio in zip(
        matching.pairs, matching.element, matching.similarity, matching.weight_ratio, strict=True
    ):
        ours, theirs = contribution(a, i, x), contribution(b, j, x[:, env.symmetry[g]])
        assert similarity == pytest.approx(correlation(ours, theirs, w), rel=1e-9)
        spread = [np.sqrt(w @ np.square(c - w @ c)) for c in (theirs, ours)]
        assert ratio == pytest.approx(spread[0] / spread[1], rel=1e-9)


def test_shuffled_and_turned_prototypes_are_recognised() -> None:
    """Each prototype moved by another element, in another order, weights scaled: all found again."""
    env = environment("bcc", 2)
    rng = np.random.default_rng(2)
    a = network(20, 6, 6).plain()
    order, turns = rng.permutation(6), rng.integers(6, size=6)
    theta = np.stack([a.centroids[i][env.symmetry[g]] for i, g in zip(order, turns, strict=True)])
    b = RBFN.from_parameters(0.0, 2.5 * a.beta[order], a.gamma, theta)
    matching = match_prototypes(a, b, env)
    np.testing.assert_array_equal(order[matching.pairs[:, 1]], matching.pairs[:, 0])
    np.testing.assert_allclose(matching.similarity, 1)
    np.testing.assert_allclose(matching.weight_ratio, 2.5)
    assert matching.mean == pytest.approx(1)
    for j, g in zip(matching.pairs[:, 1], matching.element, strict=True):
        # x[:, g] undoes what moved the centroid: theta[s] sees x as theta sees x[inverse of s], and g is s
        np.testing.assert_array_equal(env.symmetry[g], env.symmetry[turns[j]])


def test_opposite_signs_do_not_match() -> None:
    env = MADE_UP["ring"]
    f = network(5, 1, 7)
    opposite = RBFN.from_parameters(f.alpha, -f.beta.detach(), f.gamma, f.centroids)
    assert match_prototypes(f, opposite, env).table_of_similarities[0, 0] < 1
    assert match_prototypes(f, f, env).table()["similarity"].tolist() == pytest.approx([1.0])


def test_extreme_and_flat_prototypes_give_no_nan() -> None:
    """Centroids a thousand units out, weights of zero, and a prototype that does not vary at all."""
    env = MADE_UP["three arms"]
    theta = np.stack([np.linspace(-1000, 1000, 9), np.zeros(9), np.ones(9)])
    f = RBFN.from_parameters(0.0, [1.0, 3.0, 0.0], 0.25, theta)
    for p in (Bernoulli(0.5), Bernoulli(0.1), Uniform(-1, 1)):
        scores, matching = symmetry_scores(f, env, p), match_prototypes(f, f, env, p)
        assert np.isfinite(scores.table().drop(columns="prototype").to_numpy(dtype=float)).all()
        assert np.isfinite(matching.similarity).all()
    assert symmetry_scores(f, env).overall[1] == 1.0
    assert match_prototypes(f, f, env).weight_ratio[0] in (1.0, np.inf)


def test_networks_over_other_inputs_are_refused() -> None:
    with pytest.raises(ValueError, match="same inputs, got D = 9 and 5"):
        match_prototypes(network(9, 2, 0), network(5, 2, 0), MADE_UP["three arms"])
