"""Measures of prototypes without torch, against enumeration and against the general forms."""

from dataclasses import replace

import numpy as np
import pytest

import rbfcore as rc
from rbfcore.explain.ranking import canonical_form, image_correlations, occupation_chances, ranking
from rbfcore.lattice import environment
from rbfcore.parameters import Parameters
from tests.test_package import loaded_after

ENUMERATED = 1e-12  # relative: both sides are sums of products in float64


def network(m: int, d: int, *, gamma: object = 0.2, seed: int = 0) -> Parameters:
    random = np.random.default_rng(seed)
    return Parameters.checked(0.3, random.normal(size=m), gamma, 1.5 * random.normal(size=(m, d)))


def table(plain: Parameters, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(2**D, M) contributions at every environment, and its chance."""
    d = plain.n_inputs
    x = 2.0 * (np.arange(2**d)[:, None] >> np.arange(d) & 1) - 1
    return rc.contributions(plain, x), np.prod(np.where(x > 0, q, 1 - q), 1)


@pytest.mark.parametrize("q", [0.5, 0.2, [0.1, 0.9, 0.5, 0.3, 0.7, 0.6]])
@pytest.mark.parametrize("gamma", [0.2, [0.1, 0.5, 1.2]])
def test_shares_and_spreads_are_those_of_all_environments(q: object, gamma: object) -> None:
    plain = network(3, 6, gamma=gamma)
    terms, chance = table(plain, np.broadcast_to(np.asarray(q), 6))
    centred = terms - chance @ terms
    covariance = (centred * chance[:, None]).T @ centred
    found = ranking(plain, q=q)
    np.testing.assert_allclose(found.spread, np.sqrt(np.diag(covariance)), rtol=ENUMERATED)
    np.testing.assert_allclose(found.share, covariance.sum(1) / covariance.sum(), rtol=1e-10)
    assert found.share.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("lattice", "shells"), [("fcc", 2), ("bcc", 2)])
def test_symmetry_agrees_with_the_general_form(lattice: str, shells: int) -> None:
    env = environment(lattice, shells)
    plain = network(5, env.n_sites, gamma=0.05)
    scores = rc.symmetry_scores(plain, env, rc.Bernoulli(0.3))
    found = ranking(plain, env.symmetry, 0.3)
    np.testing.assert_allclose(found.symmetry, scores.overall, atol=1e-12)
    np.testing.assert_allclose(found.images, scores.correlation, atol=1e-12)
    np.testing.assert_allclose(found.spread, scores.spread, rtol=1e-10)


def test_a_symmetric_prototype_scores_one() -> None:
    env = environment("fcc", 2)
    theta = np.random.default_rng(1).normal(size=(1, 26))
    even = theta[:, env.symmetry].mean(1)
    plain = Parameters.checked(0.0, [1.0], 0.1, even)
    assert ranking(plain, env.symmetry).symmetry[0] == pytest.approx(1, abs=1e-12)
    assert ranking(Parameters.checked(0.0, [1.0], 0.1, theta), env.symmetry).symmetry[0] < 0.9


def test_correlation_of_two_sets_is_that_of_all_environments() -> None:
    a, b = network(2, 6, seed=1), network(2, 6, seed=2)
    turn = np.array([np.arange(6), np.roll(np.arange(6), 1)])
    (x, chance), (_, t) = table(a, np.full(6, 0.5)), canonical_form(b)
    codes = np.arange(64)
    bits = codes[:, None] >> np.arange(6) & 1
    moved = rc.contributions(b, 2.0 * bits[:, turn[1]] - 1) / b.beta
    expected = [np.corrcoef(x[:, i] / a.beta[i], moved[:, i])[0, 1] for i in range(2)]
    found = image_correlations(canonical_form(a)[1], t, turn)[:, 1]
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert chance.sum() == pytest.approx(1)


def test_bad_requests_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        ranking(network(2, 6), q=1.5)
    with pytest.raises(ValueError, match="over 26 sites, the prototypes over 6"):
        ranking(network(2, 6), environment("fcc", 2).symmetry)


def test_no_torch() -> None:
    code = (
        "from rbfcore.explain.ranking import ranking; from rbfcore.storage.pruning_path import read_pruning_path; "
        "from rbfcore.data.bundled import assets_folder; from rbfcore.lattice import environment; "
        "curve = read_pruning_path(assets_folder() / 'paths' / 'cu100.safetensors'); "
        "ranking(curve.networks[3], environment().symmetry)"
    )
    assert "torch" not in loaded_after(code)


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("bernoulli:0.25", 0.25),
        ("bernoulli:0.1,0.2,0.3", [0.1, 0.2, 0.3]),
        ("bernoulli:0.1,0.2,…", 0.5),
        ("bernoulli:0", 1e-6),
        ("normal:0,1", 0.5),
        (None, 0.5),
    ],
)
def test_chances_are_those_of_the_run_card(text: str | None, q: object) -> None:
    card = {} if text is None else {"distribution": text}
    np.testing.assert_array_equal(occupation_chances(replace(network(2, 3), metadata=card)), q)
