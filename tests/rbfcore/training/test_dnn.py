"""The deep network and its search: what they must learn, and that halving finds the settings that can."""

import sys

import numpy as np
import pytest

from rbfcore.data.dataset import DataSet
from rbfcore.data.load import load_dataset
from rbfcore.training.baselines import ridge
from rbfcore.training.baselines_dnn import Dnn, DnnSettings, dnn_baseline
from rbfcore.training.dnn_search import SearchBudget, SearchSpace, search_dnn

SMALL = DnnSettings(layers=2, width=24, learning_rate=1e-2, batch_size=32, max_epochs=40)


def parity(n: int, seed: int, d: int = 4, centre: float = 7.0) -> DataSet:
    """A product of two inputs: no line learns it, and a layer of one unit neither."""
    x = np.random.default_rng(seed).choice([-1.0, 1.0], size=(n, d)).astype(np.float32)
    return DataSet("parity", x, centre + (x[:, 0] * x[:, 1]).astype(float), tuple("abcdef"[:d]), "occupation")


def test_it_learns_what_a_line_cannot_in_units_of_y() -> None:
    train, validation, test = parity(300, 0), parity(100, 1), parity(200, 2)
    found = dnn_baseline(train, test, validation, SMALL)
    assert found.test_rmse < 0.05 < 0.9 < ridge(train, test).test_rmse
    assert found.predict(test.x).mean() == pytest.approx(7, abs=0.2)
    assert found.test_rmse == pytest.approx(np.sqrt(np.mean((found.predict(test.x) - test.y) ** 2)))
    again = dnn_baseline(train, test, validation, SMALL)
    np.testing.assert_array_equal(found.predict(test.x), again.predict(test.x))


def test_it_predicts_with_its_best_epoch_and_stops_early() -> None:
    """Noise only: the validation error is best early, and what comes later is overfitting."""
    random = np.random.default_rng(0)
    train, validation = (
        DataSet("noise", random.normal(size=(60, 4)).astype(np.float32), random.normal(size=60), tuple("abcd"), "real")
        for _ in range(2)
    )
    network = Dnn(train, validation, DnnSettings(2, 64, 1e-2, 16, 0.0, max_epochs=200, patience=5))
    steps = list(network.steps())
    assert steps[-1].done
    assert len(steps) < 200
    best = min(steps, key=lambda step: step.validation_rmse)
    assert steps[-1].epoch - best.epoch == 5
    error = np.sqrt(np.mean((network.predict(validation.x) - validation.y) ** 2))
    assert error == pytest.approx(best.validation_rmse, rel=1e-5)


def test_images_teach_the_symmetry() -> None:
    train, validation, test = load_dataset("cu100", limit=400).split(seed=0)
    images = test.with_images()

    def error(symmetric_images: bool) -> float:
        settings = DnnSettings(2, 48, 3e-3, 64, max_epochs=25, symmetric_images=symmetric_images)
        found = dnn_baseline(train, test, validation, settings)
        return float(np.sqrt(np.mean((found.predict(images.x) - images.y) ** 2)))

    assert error(True) < 0.9 * error(False)


def test_halving_finds_the_width_that_can_learn() -> None:
    pytest.importorskip("optuna")
    train, validation = parity(300, 0), parity(100, 1)
    space = SearchSpace((1,), (1, 32), (32,), (1e-2, 1.1e-2), (1e-6, 1.1e-6))
    budget = SearchBudget(trials=12, max_epochs=16, first_rung=2, reduction=2)
    found = search_dnn(train, validation, SMALL, budget, space)
    assert found.settings.width == 32
    assert found.settings.max_epochs == SMALL.max_epochs
    assert found.validation_rmse < 0.3
    assert found.halved > 0
    assert found.epochs < 0.8 * budget.trials * budget.max_epochs
    assert search_dnn(train, validation, SMALL, budget, space).settings == found.settings


@pytest.mark.parametrize(
    "changes", [{"layers": 0}, {"width": 2.5}, {"learning_rate": 0.0}, {"weight_decay": -1.0}, {"patience": 0}]
)
def test_bad_settings_are_refused(changes: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        DnnSettings(**changes)  # type: ignore[arg-type]


def test_bad_data_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in their inputs: 4 and 3 columns"):
        Dnn(parity(20, 0), parity(20, 0, d=3), SMALL)
    with pytest.raises(ValueError, match="symmetric_images needs a data set on lattice sites"):
        Dnn(parity(20, 0), parity(20, 0), DnnSettings(symmetric_images=True))
    with pytest.raises(ValueError, match=r"x must be \(N, 4\), got \(2, 3\)"):
        Dnn(parity(20, 0), parity(20, 0), SMALL).predict(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="reduction >= 2"):
        SearchBudget(reduction=1)


def test_a_missing_library_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(ValueError, match=r"needs the library optuna: install it with pip install 'rbfscope\[baselines"):
        search_dnn(parity(20, 0), parity(20, 1))
