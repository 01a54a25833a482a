"""Large networks of one and two inputs that fit toy functions closely, made at once: for teaching what pruning does."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rbfcore.data.toy import REACH, toy_function
from rbfcore.parameters import Parameters

_RIDGE = 1e-9
# Centroids per input, reach of the grid they sit on, and their width in units of the grid's step.
_GRIDS = {1: (100, 6.0, 2.0), 2: (24, 5.0, 1.25)}
_SAMPLES = {1: 2400, 2: 90}  # rows per input that the weights are fitted to


def toy_surface(x: ArrayLike) -> NDArray[np.float64]:
    """(N, 2) -> (N,): a high and a low bump on a ripple, the two-input companion of `toy_function`."""
    first, second = np.asarray(x, dtype=np.float64).T
    high = np.exp(-((first - 1.2) ** 2) - (second - 0.6) ** 2)
    low = -0.8 * np.exp(-0.7 * (first + 1.2) ** 2 - 1.4 * (second + 0.6) ** 2)
    return np.asarray(high + low + 0.12 * np.cos(2.5 * first) * np.cos(2.5 * second))


def toy_network(n_inputs: int) -> Parameters:
    """A network of 100 (one input) or 576 (two inputs) centroids on a grid, weights by least squares.

    Its error on [-4, 4] is below 0.005 everywhere: what pruning does to it is not blurred by training.

    Raises:
        ValueError: n_inputs is neither 1 nor 2.
    """
    if n_inputs not in _GRIDS:
        raise ValueError(f"toy networks have 1 or 2 inputs, got {n_inputs}")
    count, reach, width = _GRIDS[n_inputs]
    axis = np.linspace(-reach, reach, count)
    gamma = 1 / (width * (axis[1] - axis[0])) ** 2
    rows = np.linspace(-REACH - 0.5, REACH + 0.5, _SAMPLES[n_inputs])
    # Features of a grid are products of features of its axis, so the normal equations are those of one axis.
    axis_features = np.exp(-gamma * (rows[:, None] - axis) ** 2)  # (S, count)
    solver = np.linalg.solve(axis_features.T @ axis_features + _RIDGE * np.eye(count), axis_features.T)
    if n_inputs == 1:
        return Parameters.checked(0.0, solver @ toy_function(rows), gamma, axis[:, None])
    values = toy_surface(_grid(rows)).reshape(len(rows), len(rows))
    return Parameters.checked(0.0, (solver @ values @ solver.T).ravel(), gamma, _grid(axis))


def _grid(axis: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n**2, 2): all pairs, the second input running fastest."""
    return np.stack([part.ravel() for part in np.meshgrid(axis, axis, indexing="ij")], 1)
