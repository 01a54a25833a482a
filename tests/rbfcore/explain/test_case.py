"""One environment explained, against plain sums."""

import numpy as np
import pytest

import rbfcore as rc
from rbfcore.explain.case import evaluate, explain_case, mean_value
from rbfcore.lattice import Environment, environment
from rbfcore.parameters import Parameters

ENV = environment("fcc", 2)


def network(k: int = 40, d: int = 26) -> Parameters:
    random = np.random.default_rng(0)
    return Parameters.checked(0.4, 0.1 * random.normal(size=k), 0.1, random.normal(size=(k, d)))


def direct(plain: Parameters, x: np.ndarray) -> np.ndarray:
    """f by the formula, row by row."""
    return np.array(
        [plain.alpha + plain.beta @ np.exp(-plain.gamma * ((plain.centroids - row) ** 2).sum(1)) for row in x]
    )


def test_value_images_and_way_back_are_the_networks() -> None:
    plain = network()
    x = np.sign(np.random.default_rng(1).normal(size=26))
    found = explain_case(plain, rc.Bernoulli(0.5), x, ENV)
    assert found.value == pytest.approx(direct(plain, x[None])[0], abs=1e-12)
    np.testing.assert_allclose(found.images, direct(plain, x[ENV.symmetry]), atol=1e-12)
    assert found.reverse == pytest.approx(direct(plain, x[ENV.reverse]).mean(), abs=1e-12)
    assert found.reaction == pytest.approx(found.value - found.reverse)
    assert found.spread == pytest.approx(np.ptp(found.images))


def test_shares_add_up_to_the_prediction_less_its_mean() -> None:
    plain, p = network(), rc.Bernoulli(0.3)
    x = np.sign(np.random.default_rng(2).normal(size=26))
    found = explain_case(plain, p, x, ENV)
    assert found.shapley.sum() == pytest.approx(found.value - found.mean, abs=1e-12)


@pytest.mark.parametrize("q", [0.5, 0.3])
def test_mean_is_that_of_all_environments(q: float) -> None:
    plain = network(6, 8)
    x = 2.0 * (np.arange(256)[:, None] >> np.arange(8) & 1) - 1
    chance = np.prod(np.where(x > 0, q, 1 - q), 1)
    assert mean_value(plain, rc.Bernoulli(q)) == pytest.approx(float(chance @ direct(plain, x)), abs=1e-12)


def test_mean_of_dependent_inputs() -> None:
    plain = network(6, 8)
    rows = np.sign(np.random.default_rng(3).normal(size=(50, 8)))
    assert mean_value(plain, rc.Empirical(rows)) == pytest.approx(direct(plain, rows).mean(), abs=1e-12)


def test_a_symmetric_network_has_no_spread() -> None:
    even = rc.symmetrize(rc.RBFN.from_plain(network()), ENV)
    plain = even if isinstance(even, Parameters) else even.plain()
    x = np.sign(np.random.default_rng(4).normal(size=26))
    assert explain_case(plain, rc.Bernoulli(0.5), x, ENV).spread < 1e-12


def test_without_a_lattice_there_is_no_way_back() -> None:
    found = explain_case(network(5, 7), rc.Bernoulli(0.5), np.ones(7))
    assert (found.reverse, found.reaction, found.spread) == (None, None, 0.0)


def test_wrong_inputs_are_one_clear_line() -> None:
    with pytest.raises(ValueError, match="x must be \\(26,\\)"):
        explain_case(network(), rc.Bernoulli(0.5), np.ones(25))
    assert evaluate(network(), np.ones((2, 26))).shape == (2,)


def test_ends_that_are_not_equivalent_have_no_way_back() -> None:
    places = np.array([[0.5, 0.0, 0.0], [0.0, 0.7, 0.0], [0.0, 0.0, 0.9], [1.0, 1.0, 0.2]])
    lopsided = Environment("own", places, np.array([0.5, 0.5, 0.0]), np.ones(4, dtype=np.int64), {})
    found = explain_case(network(5, 4), rc.Bernoulli(0.5), np.ones(4), lopsided)
    assert (found.reverse, found.reaction, len(found.images)) == (None, None, 1)
