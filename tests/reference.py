"""Slow, exact answers that share no code with the package: enumeration, quadrature in long double, plain sums.

An input is described by its density as plain numbers, a list of pieces:
    ("normal", weight, mean, variance), ("uniform", weight, low, high), ("atoms", values, probabilities) or
    ("truncated", weight, mean, variance, low, high).
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

Piece = tuple
Input = list[Piece]

_NODES, _WEIGHTS = (part.astype(np.longdouble) for part in np.polynomial.legendre.leggauss(32))
# Panel ends around the peak of an integrand, in its own widths: fine where it is large, out to where it is
# nothing (exp(-45)).
_PANELS = np.array([0, 0.5, 1, 2, 3, 4, 6, 8, 11, 15, 20, 30, 45], dtype=np.longdouble)
_PANELS = np.concatenate([-_PANELS[:0:-1], _PANELS])


def log_expectation_1d(density: Input, k: float, u: float, r: float, v: float) -> float:
    """log E[exp(-k (x - u)^2 - r (x - v)^2)] for one input, by quadrature piece by piece."""
    logs = []
    for kind, *numbers in density:
        if kind == "atoms":
            values, chances = (np.asarray(part, dtype=np.longdouble) for part in numbers)
            with np.errstate(divide="ignore"):
                logs.append(_log_sum(np.log(chances) - k * (values - u) ** 2 - r * (values - v) ** 2))
        elif kind == "uniform":
            weight, low, high = (np.longdouble(number) for number in numbers)
            logs.append(np.log(weight / (high - low)) + _log_integral(k, u, r, v, None, low, high))
        elif kind == "truncated":
            weight, mean, variance, low, high = (np.longdouble(number) for number in numbers)
            of_both, mass = (
                _log_integral(one, u, other, v, (mean, variance), low, high) for one, other in ((k, r), (0, 0))
            )
            logs.append(np.log(weight) + of_both - mass)
        else:
            weight, mean, variance = (np.longdouble(number) for number in numbers)
            scale = np.log(weight) - np.log(2 * np.pi * variance) / 2
            logs.append(scale + _log_integral(k, u, r, v, (mean, variance), -np.inf, np.inf))
    return _log_sum(np.array(logs))


def log_expectation(inputs: list[Input], k: NDArray, u: NDArray, r: NDArray, v: NDArray) -> NDArray[np.longdouble]:
    """log E[exp(-k |x - u|^2 - r |x - v|^2)] for independent inputs: sum over inputs of one-dimensional logs.

    Args:
        inputs: D densities. k: () or (K,). u: (K, D). r: () or (M,). v: (M, D).

    Returns:
        (K, M).
    """
    k, r = np.broadcast_to(k, len(u)), np.broadcast_to(r, len(v))
    result = np.zeros((len(u), len(v)), dtype=np.longdouble)
    for i, j in np.ndindex(result.shape):
        result[i, j] = sum(
            log_expectation_1d(density, k[i], u[i, d], r[j], v[j, d]) for d, density in enumerate(inputs)
        )
    return result


def log_expectation_enumerated(
    inputs: list[Input], k: NDArray, u: NDArray, r: NDArray, v: NDArray
) -> NDArray[np.longdouble]:
    """The same for inputs of atoms only, as one sum over all V^D inputs x: it does not even use independence."""
    atoms = [[(kind, *rest) for kind, *rest in density] for density in inputs]
    points = np.array(list(product(*(density[0][1] for density in atoms))), dtype=np.longdouble)
    chances = np.array(list(product(*(density[0][2] for density in atoms))), dtype=np.longdouble).prod(1)
    return log_mean_over_points(points, chances, k, u, r, v)


def log_mean_over_points(
    points: NDArray, chances: NDArray, k: NDArray, u: NDArray, r: NDArray, v: NDArray
) -> NDArray[np.longdouble]:
    """log of the sum over points of chance times both features, (K, M)."""
    k, r = np.broadcast_to(k, len(u)), np.broadcast_to(r, len(v))
    left = -k * ((points[:, None] - u.astype(np.longdouble)) ** 2).sum(2)
    right = -r * ((points[:, None] - v.astype(np.longdouble)) ** 2).sum(2)
    with np.errstate(divide="ignore"):
        log_chances = np.log(np.asarray(chances, dtype=np.longdouble))
    return _log_sum(log_chances[:, None, None] + left[:, :, None] + right[:, None])


def _log_sum(logs: NDArray) -> NDArray:
    largest = logs.max(0)
    return largest + np.log(np.exp(logs - largest).sum(0))


def _log_integral(
    k: float, u: float, r: float, v: float, normal: tuple | None, low: float, high: float
) -> np.longdouble:
    """log of the integral from low to high of exp(-k (x-u)^2 - r (x-v)^2 - (x-mean)^2 / 2 variance)."""
    k, u, r, v = (np.longdouble(number) for number in (k, u, r, v))
    terms = [(k, u), (r, v)] + ([(1 / (2 * normal[1]), normal[0])] if normal else [])
    bend = sum(width for width, _ in terms)
    centre = sum(width * place for width, place in terms) / bend if bend > 0 else low
    peak = min(max(centre, low), high)
    slope = abs(sum(2 * width * (peak - place) for width, place in terms))
    reach = high - low if bend <= 0 else min(1 / np.sqrt(2 * bend), high - low)
    reach = min(reach, 1 / slope) if slope > 0 else reach
    ends = np.unique(np.clip(peak + reach * _PANELS, low, high))
    middle, half = (ends[1:] + ends[:-1]) / 2, (ends[1:] - ends[:-1]) / 2
    x = middle[:, None] + half[:, None] * _NODES
    logs = -sum(width * (x - place) ** 2 for width, place in terms) + np.log(_WEIGHTS * half[:, None])
    return _log_sum(logs.ravel())
