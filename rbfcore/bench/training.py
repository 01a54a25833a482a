"""How well networks learn the bundled barriers, beside the spread of the data and a line through the sites."""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from rbfcore.data.bundled import bundled_names
from rbfcore.data.load import load_dataset
from rbfcore.training.baselines import ridge
from rbfcore.training.train import train

SIZES = (128, 1024)
RECIPES: dict[str, dict[str, Any]] = {
    "paper": {"recipe": "paper"},
    "fast": {"recipe": "fast"},
    "fast, symmetric images": {"recipe": "fast", "symmetric_images": True},
    "fast, tied orbits": {"recipe": "fast", "tied_orbits": True},
}


def rows() -> Iterator[dict[str, Any]]:
    """Test RMSE on the family split of seed 0, one model at a time: rows as stored, and on all their images.

    A network that has seen one image of each environment only can be right on the stored rows and wrong on their
    symmetric images, whose barriers are the same: `images_rmse` tells.
    """
    for name in bundled_names():
        data = load_dataset(name)
        train_set, validation, test = data.split(seed=0)
        images = test.with_images()
        common = {"data": name, "test_sd": float(test.y.std())}
        line = ridge(train_set, test, validation)
        yield {
            **common,
            "model": "ridge",
            "test_rmse": line.test_rmse,
            "images_rmse": _rmse(line.predict(images.x), images.y),
        }
        for recipe, options in RECIPES.items():
            for size in SIZES:
                started = time.perf_counter()
                result = train(train_set, validation, size, **options)
                network = result.network
                yield {
                    **common,
                    "model": f"RBFN {size}, {recipe}",
                    "test_rmse": _rmse(network.predict(test.x), test.y),
                    "images_rmse": _rmse(network.predict(images.x), images.y),
                    "epochs": len(result.history),
                    "batch": result.settings.batch_size,
                    "seconds": round(time.perf_counter() - started, 1),
                }


def _rmse(predicted: np.ndarray, y: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(predicted.astype(np.float64) - y))))
