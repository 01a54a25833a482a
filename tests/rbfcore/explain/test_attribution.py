"""Shares of a prediction against the definition: every subset of inputs, every order in which they join."""

import numpy as np
import pytest
import torch

import rbfcore as rc
from rbfcore.parameters import Parameters
from tests.rbfcore.explain import by_enumeration as reference
from tests.rbfcore.explain.networks import small_network

CLOSED_FORM = {"rtol": 1e-10, "atol": 1e-13}


def binary_points(q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return reference.all_points([(np.array([-1.0, 1.0]), np.array([1 - chance, chance])) for chance in q])


def by_definition(net: Parameters, x: np.ndarray, points: np.ndarray, chances: np.ndarray) -> np.ndarray:
    return reference.shapley_by_definition(reference.subset_values(net, x, points, chances), x.shape[1])


@pytest.mark.parametrize("d", [1, 2, 3, 8])
@pytest.mark.parametrize("q", [0.5, 0.1])
def test_binary_inputs(d: int, q: float) -> None:
    net = small_network(d, 6, seed=d)
    points, chances = binary_points(np.full(d, q))
    x = points[:: max(1, len(points) // 5)]
    np.testing.assert_allclose(
        rc.shapley_values(net, rc.Bernoulli(q), x), by_definition(net, x, points, chances), **CLOSED_FORM
    )


def test_ten_binary_inputs_with_a_probability_each() -> None:
    net = small_network(10, 5, seed=4)
    q = np.linspace(0.05, 0.95, 10)
    points, chances = binary_points(q)
    x = points[[0, 700]]
    np.testing.assert_allclose(
        rc.shapley_values(net, rc.Bernoulli(q), x), by_definition(net, x, points, chances), **CLOSED_FORM
    )


def test_continuous_inputs_row_by_row() -> None:
    net = small_network(3, 6)
    node, weight = np.polynomial.legendre.leggauss(26)
    points, chances = reference.all_points([(2 * node, weight / 2)] * 3)
    x = np.random.default_rng(5).uniform(-3, 3, (6, 3))
    expected = by_definition(net, x, points, chances)
    np.testing.assert_allclose(rc.shapley_values(net, rc.Uniform(-2, 2), x), expected, **CLOSED_FORM)


def test_data_points_and_mixtures_are_drawn_together() -> None:
    """The others are drawn jointly: correlated inputs stay correlated among themselves."""
    net = small_network(4, 6)
    rng = np.random.default_rng(6)
    points = np.where(rng.random((9, 4)) < 0.4, 1.0, -1.0)
    x = np.where(rng.random((5, 4)) < 0.5, 1.0, -1.0)
    expected = by_definition(net, x, points, np.full(9, 1 / 9))
    np.testing.assert_allclose(rc.shapley_values(net, rc.Empirical(points), x), expected, **CLOSED_FORM)

    mixture = rc.Mixture([0.3, 0.7], [rc.Bernoulli(0.1), rc.Bernoulli([0.9, 0.5, 0.2, 0.7])])
    every, low = binary_points(np.full(4, 0.1))
    _, high = binary_points(np.array([0.9, 0.5, 0.2, 0.7]))
    expected = by_definition(net, x, every, 0.3 * low + 0.7 * high)
    np.testing.assert_allclose(rc.shapley_values(net, mixture, x), expected, **CLOSED_FORM)


@pytest.mark.parametrize("p", [rc.Bernoulli(0.3), rc.Normal(0.5, 2.0)], ids=["bernoulli", "normal"])
def test_rows_add_up_to_prediction_less_mean(p: rc.InputDistribution) -> None:
    net = small_network(26, 300, gamma=1 / 26)
    x = np.where(np.random.default_rng(7).random((40, 26)) < 0.5, 1.0, -1.0)
    found = rc.shapley_values(net, p, torch.from_numpy(x))
    np.testing.assert_allclose(found.sum(1), reference.response(net, x) - rc.sobol(net, p).mean, rtol=1e-10)


def test_an_input_that_no_centroid_tells_apart_gets_nothing() -> None:
    net = small_network(4, 6)
    net.centroids[:, 2] = 0  # -1 and +1 are equally far
    values = rc.shapley_values(net, rc.Bernoulli(0.2), np.array([[1.0, -1.0, 1.0, -1.0]]))
    assert abs(values[0, 2]) < 1e-15


def test_far_centroids_stay_finite() -> None:
    rng = np.random.default_rng(0)
    net = Parameters.checked(0.0, rng.normal(size=9), np.ones(9), 250.0 * rng.choice([-1, 1], (9, 26)))
    x = rng.choice([-1.0, 1.0], (3, 26))
    for p in (rc.Bernoulli(0.5), rc.Uniform(-1, 1)):
        assert np.isfinite(rc.shapley_values(net, p, x)).all()
    assert np.isfinite(rc.contributions(net, x)).all()


def test_contributions_add_up() -> None:
    net = small_network(5, 30)
    x = np.random.default_rng(8).normal(size=(50, 5))
    terms = rc.contributions(net, x)
    assert terms.shape == (50, 30)
    np.testing.assert_allclose(net.alpha + terms.sum(1), reference.response(net, x), rtol=1e-12)
    np.testing.assert_allclose(
        terms[3, 4], net.beta[4] * np.exp(-net.gamma[4] * np.square(x[3] - net.centroids[4]).sum()), rtol=1e-12
    )
    assert rc.contributions(net, np.empty((0, 5))).shape == (0, 30)


@pytest.mark.parametrize("x", [np.zeros(5), np.zeros((2, 4)), np.full((2, 5), np.nan)])
def test_bad_rows_are_refused(x: np.ndarray) -> None:
    net = small_network(5, 3)
    with pytest.raises(ValueError, match="x must be"):
        rc.contributions(net, x)
    with pytest.raises(ValueError, match="x must be"):
        rc.shapley_values(net, rc.Bernoulli(0.5), x)
