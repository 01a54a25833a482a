"""How well and how fast networks learn the bundled barriers, beside other models and the paper's recipe.

All on one core. Seconds are processor seconds, which other programs on the machine lengthen least.
"""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from rbfcore.data.bundled import SURFACES
from rbfcore.data.dataset import DataSet
from rbfcore.data.load import load_dataset
from rbfcore.numerics.threads import one_core
from rbfcore.training.baselines import ridge, xgboost_baseline
from rbfcore.training.train import train, train_steps

RECIPES: dict[str, dict[str, Any]] = {
    "RBFN 1024, paper": {"n_centroids": 1024, "recipe": "paper"},
    "RBFN 1024, fast": {"n_centroids": 1024},
    "RBFN 1024, fast, symmetric images": {"n_centroids": 1024, "symmetric_images": True},
    "RBFN 1024, fast, tied orbits": {"n_centroids": 1024, "tied_orbits": True},
    "RBFN 4096, fast, tied orbits": {"n_centroids": 4096, "tied_orbits": True},
}
_RACE = "cu100"
_RACE_EPOCHS = (25, 28, 30, 32, 34, 36, 40, 50, 60)


def rows() -> Iterator[dict[str, Any]]:
    """Test RMSE on the family split of seed 0, one model at a time: rows as stored, and on all their images.

    A network that has seen one image of each environment only can be right on the stored rows and wrong on their
    symmetric images, whose barriers are the same: `images_rmse` tells.
    """
    with one_core():
        yield from _time_to_same_error()
        for surface in SURFACES:
            yield from _models(f"cu{surface}")


def _models(name: str) -> Iterator[dict[str, Any]]:
    data = load_dataset(name)
    train_set, validation, test = data.split(seed=0)
    images = test.with_images()
    common = {"data": name, "test_sd": float(test.y.std())}
    for fit in (ridge, xgboost_baseline):
        started = time.process_time()
        model = fit(train_set, test, validation)
        yield {
            **common,
            "model": model.name,
            "test_rmse": model.test_rmse,
            "images_rmse": _rmse(model.predict(images.x), images.y),
            "seconds": round(time.process_time() - started, 1),
        }
    for model_name, options in RECIPES.items():
        started = time.process_time()
        result = train(train_set, validation, **options)
        yield {
            **common,
            "model": model_name,
            "test_rmse": _rmse(result.network.predict(test.x), test.y),
            "images_rmse": _rmse(result.network.predict(images.x), images.y),
            "train_rmse": result.history[-1]["train_rmse"],
            "epochs": len(result.history),
            "seconds": round(time.process_time() - started, 1),
        }


def _time_to_same_error() -> Iterator[dict[str, Any]]:
    """Seconds to the validation error at which the paper's recipe ends, K = 1024, the same rows: stored orientation.

    A cosine run has its best error at its end, so the fast recipe runs anew for a growing number of epochs; the last
    run alone counts, as it does for who knows how many epochs to ask for.
    """
    train_set, validation, _ = load_dataset(_RACE).split(seed=0)
    goal, seconds, epochs = _timed(train_set, validation, recipe="paper")
    common = {"data": _RACE, "race": "to the paper recipe's last validation RMSE, K = 1024"}
    yield {**common, "recipe": "paper", "validation_rmse": goal, "epochs": epochs, "seconds": seconds}
    tried = (_timed(train_set, validation, recipe="fast", max_epochs=n) for n in _RACE_EPOCHS)
    runs = list(_through_first(tried, goal))
    validation_rmse, spent, epochs = runs[-1]
    yield {
        **common,
        "recipe": "fast",
        "validation_rmse": validation_rmse,
        "epochs": epochs,
        "seconds": spent,
        "reached": validation_rmse <= goal,
        "times_faster": seconds / spent,
    }


def _through_first(runs: Iterator[tuple[float, float, int]], goal: float) -> Iterator[tuple[float, float, int]]:
    for run in runs:
        yield run
        if run[0] <= goal:
            return


def _timed(train_set: DataSet, validation: DataSet, **options: Any) -> tuple[float, float, int]:
    """Best validation RMSE, processor seconds and epochs of a whole run."""
    started = time.process_time()
    *_, last = train_steps(train_set, validation, 1024, **options)
    return last.best_validation_rmse, time.process_time() - started, last.epoch


def _rmse(predicted: np.ndarray, y: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(predicted.astype(np.float64) - y))))
