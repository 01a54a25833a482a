"""The toy problem of Section 3.1: one input, a bump with ripples."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rbfcore.data.dataset import DataSet

REACH = 4.0  # inputs lie in [-4, 4]


def toy_function(x: ArrayLike) -> NDArray[np.float64]:
    """exp(-x^2) + 0.2 cos(4 x), any shape. Source: Sec. 3.1."""
    x = np.asarray(x, dtype=np.float64)
    return np.asarray(np.exp(-(x**2)) + 0.2 * np.cos(4 * x))


def toy_dataset(n_samples: int = 1000, seed: int = 0) -> DataSet:
    """Samples of `toy_function` at uniform random x in [-4, 4], without noise.

    Raises:
        ValueError: fewer than one sample.
    """
    if n_samples < 1:
        raise ValueError(f"n_samples must be >= 1, got {n_samples}")
    x = np.random.default_rng(seed).uniform(-REACH, REACH, (n_samples, 1)).astype(np.float32)
    return DataSet(
        name="toy",
        x=x,
        y=toy_function(x[:, 0]),
        site_names=("x",),
        coding="real",
        provenance={
            "title": "exp(-x^2) + 0.2 cos(4 x), x uniform in [-4, 4]",
            "seed": seed,
            "source": "Sec. 3.1",
        },
    )
