"""Variance shares against sums over every input, straight from their definitions."""

import numpy as np
import pytest
import torch

import rbfcore as rc
from rbfcore.parameters import Parameters
from tests.rbfcore.explain import by_enumeration as reference
from tests.rbfcore.explain.networks import small_network

# Closed forms in float64 over at most a few thousand pairs: rounding, with room for other processors.
CLOSED_FORM = {"rtol": 1e-10, "atol": 1e-13}

Case = tuple[rc.InputDistribution, list[reference.Alphabet]]


def binary(d: int, *q: float) -> Case:
    chances = np.resize(np.array(q), d)
    return rc.Bernoulli(chances if len(q) > 1 else q[0]), [
        (np.array([-1.0, 1.0]), np.array([1 - chance, chance])) for chance in chances
    ]


def letters(d: int, n_letters: int, seed: int = 3) -> Case:
    rng = np.random.default_rng(seed)
    values, chances = rng.uniform(-2, 2, (d, n_letters)), rng.dirichlet(np.ones(n_letters), d)
    return rc.Finite(values, chances), list(zip(values, chances, strict=True))


def uniform(low: float, high: float) -> reference.Alphabet:
    node, weight = np.polynomial.legendre.leggauss(90)
    return (low + high) / 2 + (high - low) / 2 * node, weight / 2


def normal(mean: float, std: float) -> reference.Alphabet:
    # Gauss-Legendre on nine standard deviations: nodes that the package does not use.
    node, weight = np.polynomial.legendre.leggauss(120)
    weight = weight * np.exp(-((9 * node) ** 2) / 2)
    return mean + 9 * std * node, weight / weight.sum()


def mixture(*parts: tuple[float, float, float]) -> reference.Alphabet:
    nodes = [(weight, *normal(mean, std)) for weight, mean, std in parts]
    return np.concatenate([v for _, v, _ in nodes]), np.concatenate([w * c for w, _, c in nodes])


CASES: dict[str, Case] = {
    "one binary input": binary(1, 0.5),
    "two binary inputs": binary(2, 0.3),
    "binary": binary(9, 0.5),
    "binary, q per input": binary(8, 0.1, 0.97, 0.5),
    "three letters": letters(6, 3),
    "five letters": letters(4, 5),
    "one letter": (rc.Finite([0.5], [1.0]), [(np.array([0.5]), np.ones(1))] * 3),
    "a letter that never comes": (
        rc.Finite([-1.0, 0.0, 1.0], [0.4, 0.0, 0.6]),
        [(np.array([-1.0, 1.0]), np.array([0.4, 0.6]))] * 4,
    ),
    "uniform": (rc.Uniform([-4.0, -1.0, 0.0], [4.0, 1.0, 3.0]), [uniform(-4, 4), uniform(-1, 1), uniform(0, 3)]),
    "normal": (rc.Normal([0.0, 1.0, -5.0], [1.0, 0.3, 1.2]), [normal(0, 1), normal(1, 0.3), normal(-5, 1.2)]),
    "gaussian mixture": (
        rc.GaussianMixture([0.3, 0.7], [-1.0, 2.0], [0.04, 1.0]),
        [mixture((0.3, -1, 0.2), (0.7, 2, 1))] * 2,
    ),
    "families side by side": (
        rc.Product([rc.Bernoulli([0.2, 0.6]), rc.Uniform(-2.0, 1.0), rc.Finite([0.0, 1.0, 3.0], [0.2, 0.3, 0.5])]),
        [*binary(2, 0.2, 0.6)[1], uniform(-2, 1), (np.array([0.0, 1.0, 3.0]), np.array([0.2, 0.3, 0.5]))],
    ),
    "mixture and data of one input each": (
        rc.Product(
            [rc.Mixture([0.4, 0.6], [rc.Normal(0.0, 1.0), rc.Uniform(-1.0, 2.0)]), rc.Empirical([[1.0], [2.0], [1.0]])]
        ),
        [
            tuple(
                np.concatenate(pair)
                for pair in zip(
                    (normal(0, 1)[0], 0.4 * normal(0, 1)[1]), (uniform(-1, 2)[0], 0.6 * uniform(-1, 2)[1]), strict=True
                )
            ),
            (np.array([1.0, 2.0]), np.array([2 / 3, 1 / 3])),
        ],
    ),
}


@pytest.fixture(params=list(CASES), scope="module")
def case(request: pytest.FixtureRequest) -> tuple[Parameters, rc.InputDistribution, float, float, dict]:
    p, inputs = CASES[request.param]
    net = small_network(len(inputs), 7, seed=len(inputs))
    values = reference.table(net, inputs)
    everything = set(range(len(inputs)))
    mean = float(reference.averaged(values, inputs, everything).squeeze())
    variance = float(reference.averaged((values - mean) ** 2, inputs, everything).squeeze())
    return net, p, mean, variance, reference.variance_parts(values, inputs)


def test_sobol(case: tuple) -> None:
    net, p, mean, variance, parts = case
    found = rc.sobol(net, p)
    d = net.n_inputs
    assert found.mean == pytest.approx(mean, rel=1e-10)
    assert found.variance == pytest.approx(variance, rel=1e-10, abs=1e-25)
    scale = 1 / variance if variance > 1e-25 else 0.0
    np.testing.assert_allclose(found.first, [scale * parts[(i,)] for i in range(d)], **CLOSED_FORM)
    total = [scale * sum(part for chosen, part in parts.items() if i in chosen) for i in range(d)]
    np.testing.assert_allclose(found.total, total, **CLOSED_FORM)
    pairs = np.zeros((d, d))
    for i in range(d):
        for j in range(i):
            pairs[i, j] = pairs[j, i] = scale * parts[(j, i)]
    np.testing.assert_allclose(found.pairs, pairs, **CLOSED_FORM)


def test_shapley_effects(case: tuple) -> None:
    net, p, _, variance, parts = case
    d = net.n_inputs
    found = rc.shapley_effects(net, p)
    shares = [sum(part / len(chosen) for chosen, part in parts.items() if i in chosen) for i in range(d)]
    np.testing.assert_allclose(found, shares, rtol=1e-10, atol=1e-13 * variance)
    assert found.sum() == pytest.approx(rc.sobol(net, p).variance, rel=1e-10, abs=1e-25)


def test_interaction_orders(case: tuple) -> None:
    net, p, _, variance, parts = case
    d = net.n_inputs
    scale = 1 / variance if variance > 1e-25 else 0.0
    orders = [scale * sum(part for chosen, part in parts.items() if len(chosen) == k) for k in range(1, d + 1)]
    np.testing.assert_allclose(rc.interaction_orders(net, p), orders, **CLOSED_FORM)


@pytest.mark.parametrize("q", [0.5, 0.2])
def test_twelve_binary_inputs_and_hundreds_of_centroids(q: float) -> None:
    """Several tiles and groups at once: every coefficient over all 4096 environments, one input after the other."""
    net = small_network(12, 450, gamma=0.1)
    p, inputs = binary(12, q)
    coefficients = reference.table(net, inputs)
    turn = np.array([[1 - q, q], [np.sqrt(q * (1 - q)) * -1, np.sqrt(q * (1 - q))]])
    for d in range(12):
        coefficients = np.moveaxis(np.tensordot(turn, coefficients, axes=(1, d)), 0, d)
    order = np.indices(coefficients.shape).sum(0)
    squares = np.where(order > 0, coefficients**2, 0)
    variance = squares.sum()
    found = rc.sobol(net, p)
    assert found.variance == pytest.approx(variance, rel=1e-10)
    touched = [np.take(squares, 1, axis=d).sum() / variance for d in range(12)]
    np.testing.assert_allclose(found.total, touched, rtol=1e-10)
    shared = squares / np.maximum(order, 1)
    np.testing.assert_allclose(
        rc.shapley_effects(net, p), [np.take(shared, 1, axis=d).sum() for d in range(12)], rtol=1e-10
    )
    by_order = np.bincount(order.ravel(), squares.ravel())[1:] / variance
    np.testing.assert_allclose(rc.interaction_orders(net, p), by_order, rtol=1e-10, atol=1e-14)
    assert found.first.sum() == pytest.approx(by_order[0], rel=1e-10)
    assert found.pairs.sum() / 2 == pytest.approx(by_order[1], rel=1e-10)


def everything(net: Parameters, p: rc.InputDistribution) -> np.ndarray:
    found = rc.sobol(net, p)
    return np.concatenate(
        [
            found.first,
            found.total,
            found.pairs.ravel(),
            [found.variance, found.mean],
            rc.shapley_effects(net, p),
            rc.interaction_orders(net, p),
        ]
    )


@pytest.mark.parametrize("p", [rc.Bernoulli(0.3), rc.Uniform(-2, 2)], ids=["bernoulli", "uniform"])
def test_the_function_counts_and_not_how_it_is_written(p: rc.InputDistribution) -> None:
    net = small_network(5, 12)
    shuffled = np.random.default_rng(1).permutation(12)
    again = Parameters.checked(net.alpha, net.beta[shuffled], net.gamma[shuffled], net.centroids[shuffled])
    np.testing.assert_allclose(everything(again, p), everything(net, p), rtol=1e-10, atol=1e-14)
    halves = Parameters.checked(
        net.alpha, np.tile(net.beta / 2, 2), np.tile(net.gamma, 2), np.tile(net.centroids, (2, 1))
    )
    np.testing.assert_allclose(everything(halves, p), everything(net, p), rtol=1e-10, atol=1e-14)
    with_zero = Parameters.checked(
        net.alpha, np.append(net.beta, 0), np.append(net.gamma, 0.4), np.vstack([net.centroids, np.ones(5)])
    )
    np.testing.assert_allclose(everything(with_zero, p), everything(net, p), rtol=1e-10, atol=1e-14)


def test_one_centroid() -> None:
    """phi^2 and phi factorise: V = E[phi^2] - E[phi]^2 by hand."""
    net = Parameters.checked(1.0, np.array([2.0]), np.array(0.5), np.array([[0.3, -1.0]]))
    factor = np.exp(-0.5 * (np.array([[-1.0], [1.0]]) - net.centroids) ** 2)
    mean, square = factor.mean(0), (factor**2).mean(0)
    found = rc.sobol(net, rc.Bernoulli(0.5))
    assert found.variance == pytest.approx(4 * (square.prod() - mean.prod() ** 2), rel=1e-13)
    first = 4 * (square[0] - mean[0] ** 2) * mean[1] ** 2 / found.variance
    assert found.first[0] == pytest.approx(first, rel=1e-13)


def test_networks_and_plain_parameters_say_the_same() -> None:
    net = rc.RBFN(4, 6, generator=torch.Generator().manual_seed(2))
    p = rc.Normal()
    np.testing.assert_array_equal(rc.sobol(net, p).total, rc.sobol(net.plain(), p).total)


def test_a_constant_has_no_shares() -> None:
    net = Parameters.checked(1.5, np.zeros(2), np.array(0.5), np.zeros((2, 3)))
    found = rc.sobol(net, rc.Bernoulli(0.5))
    assert (found.mean, found.variance) == (1.5, 0.0)
    assert not found.first.any()
    assert not found.total.any()
    assert not rc.shapley_effects(net, rc.Bernoulli(0.5)).any()
    assert not rc.interaction_orders(net, rc.Bernoulli(0.5)).any()


@pytest.mark.parametrize("p", [rc.Bernoulli(0.5), rc.Bernoulli(1e-6), rc.Uniform(-1, 1), rc.Normal()])
@pytest.mark.parametrize("far", [1.0, 25.0, 250.0])
def test_centroids_far_outside_give_finite_shares(p: rc.InputDistribution, far: float) -> None:
    """|4 gamma theta| up to 1000."""
    rng = np.random.default_rng(0)
    net = Parameters.checked(0.0, rng.normal(size=9), np.ones(9), far * rng.choice([-1, 1], (9, 26)))
    assert np.isfinite(everything(net, p)).all()


def test_flat_features_keep_their_digits() -> None:
    """A variance of 1e-12 beside a mean of 1: differences of second moments would have lost most of it."""
    net = small_network(6, 5, gamma=1e-6)
    p = rc.Bernoulli(0.5)
    linear = (net.beta[:, None] * 2e-6 * net.centroids).sum(0) ** 2  # to first order f is a plane, up to 1e-5
    found = rc.sobol(net, p)
    np.testing.assert_allclose(found.first * found.variance, linear, rtol=1e-4)
    assert found.first.sum() == pytest.approx(1, abs=1e-5)
    assert rc.shapley_effects(net, p).sum() == pytest.approx(found.variance, rel=1e-9)


def test_narrow_features_take_the_nodes_they_need() -> None:
    """Widths of 1/100 of the interval, against the closed form of the variance."""
    net = Parameters.checked(0.0, np.array([1.0, -2.0]), np.array([400.0, 30.0]), np.array([[0.5], [-0.2]]))
    for p in (rc.Uniform(-4, 4), rc.Normal(0.0, 3.0)):
        k, u = torch.from_numpy(net.gamma), torch.from_numpy(net.centroids)
        beta = torch.from_numpy(net.beta)
        second = beta @ p.expectation(k, u, k, u) @ beta
        first = p.feature_mean(k, u) @ beta
        assert rc.sobol(net, p).variance == pytest.approx(float(second - first**2), rel=1e-10)
    with pytest.raises(ValueError, match="too narrow"):
        rc.sobol(Parameters.checked(0.0, np.ones(1), np.array(1e9), np.zeros((1, 1))), rc.Uniform(-4, 4))


@pytest.mark.parametrize(
    "p",
    [
        rc.Mixture([0.5, 0.5], [rc.Bernoulli(0.1), rc.Bernoulli(0.9)]),
        rc.Empirical([[1.0, -1.0, 1.0], [1.0, 1.0, 1.0]]),
        rc.Product([rc.Bernoulli(0.5), rc.Mixture([0.5, 0.5], [rc.Bernoulli([0.1, 0.2]), rc.Bernoulli(0.9)])]),
    ],
)
def test_dependent_inputs_are_refused(p: rc.InputDistribution) -> None:
    net = small_network(3, 4)
    for index in (rc.sobol, rc.shapley_effects, rc.interaction_orders):
        with pytest.raises(ValueError, match="independent inputs"):
            index(net, p)


def test_another_number_of_inputs_is_refused() -> None:
    with pytest.raises(ValueError, match="network has 3"):
        rc.sobol(small_network(3, 4), rc.Bernoulli([0.5, 0.5]))
