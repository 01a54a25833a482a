"""The step that lowers a quadratic model most within a radius and within bounds, many runs side by side."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_CG_STEPS = 15
_FORCING = 0.2  # conjugate gradients stop when the residual has fallen by this factor
_ROUNDS = 2  # how often coordinates that ran into a bound are held there and the others solved for again
_TINY = 1e-300

Numbers = NDArray[np.float64]
Yes = NDArray[np.bool_]


class Model(Protocol):
    """Half an objective to second order: gradient (R, M, D), moves allowed between low and high, and products."""

    @property
    def gradient(self) -> Numbers: ...
    @property
    def low(self) -> Numbers: ...
    @property
    def high(self) -> Numbers: ...
    @property
    def free(self) -> Numbers: ...
    def matrix(self, x: Numbers) -> Numbers: ...
    def precondition(self, x: Numbers) -> Numbers: ...


@dataclass(frozen=True, eq=False)
class Step:
    """Moves x (R, M, D), the fall of the objective that the model promises (R,), and whether the radius cut it (R,)."""

    x: Numbers
    promised: Numbers
    cut: Yes


def bounded_step(model: Model, radius: Numbers) -> Step:
    """Truncated conjugate gradients, with coordinates that run into a bound held there.

    Args:
        radius: (R,) in the preconditioner's measure; holds for every round.
    """
    x, image = np.zeros_like(model.gradient), np.zeros_like(model.gradient)
    free, cut = model.free, np.zeros(len(radius), dtype=bool)
    again = np.ones(len(radius))  # 1 for the runs that still need a round
    for _ in range(_ROUNDS):
        move, hit = _conjugate_gradients(model, -(model.gradient + image) * free * again[:, None, None], free, radius)
        x += move
        cut |= hit
        beyond = ((x < model.low) | (x > model.high)) & (free > 0)
        x = np.clip(x, model.low, model.high)
        image = model.matrix(x)
        again = beyond.any((1, 2)).astype(float)
        if not again.any():
            break
        free = free * ~beyond
    return Step(x, -2 * _dot(model.gradient + image / 2, x), cut)


def _conjugate_gradients(model: Model, residual: Numbers, free: Numbers, radius: Numbers) -> tuple[Numbers, Yes]:
    """Steihaug's method: stops at the radius, or runs to it along a direction of negative curvature."""
    x = np.zeros_like(residual)
    z = model.precondition(residual) * free
    direction, rho = z, _dot(residual, z)
    enough = _FORCING**2 * rho
    # Squared length of x, its product with the direction, and that of the direction, in the preconditioner's measure.
    xx, xd, dd = np.zeros_like(rho), np.zeros_like(rho), rho
    going, hit = rho > 0, np.zeros_like(rho, dtype=bool)
    for _ in range(_CG_STEPS):
        image = model.matrix(direction) * free
        curvature = _dot(direction, image)
        rate = np.where(curvature > 0, rho / np.maximum(curvature, _TINY), np.inf)
        to_radius = (np.sqrt(np.maximum(xd * xd + dd * (radius * radius - xx), 0)) - xd) / np.maximum(dd, _TINY)
        stopped = going & (rate >= to_radius)
        hit |= stopped
        rate = np.where(going, np.where(stopped, to_radius, rate), 0)
        x += rate[:, None, None] * direction
        residual = residual - rate[:, None, None] * image
        xx = xx + rate * (2 * xd + rate * dd)
        z = model.precondition(residual) * free
        new = _dot(residual, z)
        turn = np.where(going, new / np.maximum(rho, _TINY), 0)
        xd, dd = turn * (xd + rate * dd), new + turn * turn * dd
        direction = z + turn[:, None, None] * direction
        rho, going = new, going & ~stopped & (new > enough)
        if not going.any():
            break
    return x, hit


def _dot(a: Numbers, b: Numbers) -> Numbers:
    """(R, M, D) twice -> (R,)."""
    product: Numbers = (a.reshape(len(a), 1, -1) @ b.reshape(len(b), -1, 1))[:, 0, 0]
    return product
