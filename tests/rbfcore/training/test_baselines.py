"""Comparison models: exact where the answer is known, and the level they reach on the bundled barriers."""

import sys
from collections.abc import Callable

import numpy as np
import pytest

from rbfcore.data.dataset import DataSet
from rbfcore.data.load import load_dataset
from rbfcore.training.baselines import Baseline, ridge, xgboost_baseline

RNG = np.random.default_rng(0)


def made(n: int, noise: float = 0.0, d: int = 5) -> DataSet:
    x = RNG.choice([-1.0, 1.0], size=(n, d)).astype(np.float32)
    y = 3.0 + x @ np.arange(1.0, d + 1) + noise * RNG.normal(size=n)
    return DataSet("linear", x, y, tuple(map(str, range(d))), "occupation", "eV")


def test_ridge_finds_a_line() -> None:
    found = ridge(made(200), made(50), ridges=(1e-12,))
    assert found.test_rmse < 1e-9
    np.testing.assert_allclose(found.predict(np.eye(5)), 3 + np.arange(1.0, 6), rtol=1e-9)


def test_ridge_is_the_minimum_of_its_own_objective() -> None:
    """Against least squares with the penalty written as extra rows, the offset left free."""
    train, test, penalty = made(80, noise=1.0), made(40, noise=1.0), 0.3
    centre = train.x.astype(float).mean(0)
    rows = np.vstack([train.x - centre, np.sqrt(penalty * len(train)) * np.eye(5)])
    slope, *_ = np.linalg.lstsq(rows, np.concatenate([train.y - train.y.mean(), np.zeros(5)]), rcond=None)
    found = ridge(train, test, ridges=(penalty,))
    expected = train.y.mean() + (test.x - centre) @ slope
    np.testing.assert_allclose(found.predict(test.x), expected, rtol=1e-9)
    assert found.test_rmse == pytest.approx(np.sqrt(np.mean((expected - test.y) ** 2)))


def test_validation_chooses_the_penalty() -> None:
    """Few rows, much noise, no signal: the strongest penalty is the best one."""
    d = 30
    flat = [DataSet("flat", made(40, d=d).x, RNG.normal(size=40), tuple(map(str, range(d))), "real") for _ in range(3)]
    assert ridge(*flat[:2], flat[2], ridges=(1e-6, 1e3)).settings["ridge"] == 1e3
    assert ridge(*flat[:2], ridges=(1e-6, 1e3)).settings["ridge"] == 1e-6


def test_constant_inputs_do_not_break_ridge() -> None:
    train = made(50)
    x = train.x.copy()
    x[:, 2] = 1
    stuck = DataSet("stuck", x, train.y, train.site_names, "occupation")
    assert np.isfinite(ridge(stuck, stuck).test_rmse)


def test_ridge_on_bundled_barriers_is_far_from_the_spread_and_from_good() -> None:
    train, validation, test = load_dataset("cu100").split()
    assert ridge(train, test, validation).test_rmse == pytest.approx(0.1235, abs=0.0005)  # as the README says
    assert test.y.std() > 0.27


def test_trees_learn_what_a_line_cannot() -> None:
    def parity(n: int) -> DataSet:
        x = RNG.choice([-1.0, 1.0], size=(n, 6)).astype(np.float32)
        return DataSet("parity", x, (x[:, 0] * x[:, 1]).astype(float), tuple("abcdef"), "occupation")

    train, validation, test = parity(600), parity(200), parity(200)
    trees = xgboost_baseline(train, test, validation, n_trees=200)
    assert trees.test_rmse < 0.1 < 0.9 < ridge(train, test, validation).test_rmse
    assert trees.predict(test.x).shape == (200,)
    assert trees.test_rmse == pytest.approx(np.sqrt(np.mean((trees.predict(test.x) - test.y) ** 2)))


def test_a_missing_library_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xgboost", None)
    with pytest.raises(
        ValueError, match=r"needs the library xgboost: install it with pip install 'rbfscope\[baselines\]'"
    ):
        xgboost_baseline(made(20), made(20))


@pytest.mark.parametrize("fit", [ridge, xgboost_baseline])
def test_other_inputs_are_refused(fit: Callable[[DataSet, DataSet], Baseline]) -> None:
    with pytest.raises(ValueError, match="differ in their inputs: 5 and 4 columns"):
        fit(made(20), made(20, d=4))


def test_predicting_other_inputs_and_bad_penalties_are_refused() -> None:
    with pytest.raises(ValueError, match=r"x must be \(N, 5\), got \(3, 4\)"):
        ridge(made(20), made(20)).predict(np.zeros((3, 4)))
    with pytest.raises(ValueError, match="ridges must be positive"):
        ridge(made(20), made(20), ridges=(0.0, 1.0))
