"""Small networks for the tests of explanations."""

import numpy as np

from rbfcore.parameters import Parameters


def small_network(d: int, k: int, seed: int = 0, gamma: float | None = None) -> Parameters:
    """Random centroids in [-2, 2], weights of both signs, a gamma per centroid unless one is given."""
    rng = np.random.default_rng(seed)
    widths = rng.uniform(0.3, 3, k) / d if gamma is None else np.array(gamma)
    return Parameters.checked(0.7, rng.uniform(-2, 2, k), widths, rng.uniform(-2, 2, (k, d)))
