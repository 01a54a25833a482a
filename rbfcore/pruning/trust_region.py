"""The step that lowers a quadratic model most within a radius and within bounds, many runs side by side."""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

_CG_STEPS = 15
_FORCING = 0.2  # conjugate gradients stop when the residual has fallen by this factor
_ROUNDS = 2  # how often coordinates that ran into a bound are held there and the others solved for again


class Model(Protocol):
    """Half an objective to second order: gradient (R, M, D), moves allowed between low and high, and products."""

    gradient: Tensor
    low: Tensor
    high: Tensor
    free: Tensor

    def matrix(self, x: Tensor) -> Tensor: ...
    def precondition(self, x: Tensor) -> Tensor: ...


@dataclass(frozen=True, eq=False)
class Step:
    """Moves x (R, M, D), the fall of the objective that the model promises (R,), and whether the radius cut it (R,)."""

    x: Tensor
    promised: Tensor
    cut: Tensor


def bounded_step(model: Model, radius: Tensor) -> Step:
    """Truncated conjugate gradients, with coordinates that run into a bound held there.

    Args:
        radius: (R,) in the preconditioner's measure; holds for every round.
    """
    x, image = torch.zeros_like(model.gradient), torch.zeros_like(model.gradient)
    free, cut = model.free, torch.zeros(len(radius), dtype=torch.bool)
    again = torch.ones_like(radius)  # 1 for the runs that still need a round
    for _ in range(_ROUNDS):
        move, hit = _conjugate_gradients(model, -(model.gradient + image) * free * again[:, None, None], free, radius)
        x, cut = x + move, cut | hit
        beyond = ((x < model.low) | (x > model.high)) & (free > 0)
        x = torch.minimum(torch.maximum(x, model.low), model.high)
        image = model.matrix(x)
        again = beyond.any(2).any(1).to(radius.dtype)
        if not bool(again.any()):
            break
        free = free * ~beyond
    return Step(x, -2 * ((model.gradient + image / 2) * x).sum((1, 2)), cut)


def _conjugate_gradients(model: Model, residual: Tensor, free: Tensor, radius: Tensor) -> tuple[Tensor, Tensor]:
    """Steihaug's method: stops at the radius, or runs to it along a direction of negative curvature."""
    x = torch.zeros_like(residual)
    z = model.precondition(residual) * free
    direction, rho = z, (residual * z).sum((1, 2))
    enough = _FORCING**2 * rho
    # Squared length of x, its product with the direction, and that of the direction, in the preconditioner's measure.
    xx, xd, dd = torch.zeros_like(rho), torch.zeros_like(rho), rho
    going, hit = rho > 0, torch.zeros_like(rho, dtype=torch.bool)
    for _ in range(_CG_STEPS):
        image = model.matrix(direction) * free
        curvature = (direction * image).sum((1, 2))
        rate = torch.where(curvature > 0, rho / curvature.clamp_min(1e-300), torch.inf)
        to_radius = ((xd.square() + dd * (radius.square() - xx)).clamp_min(0).sqrt() - xd) / dd.clamp_min(1e-300)
        stopped = going & (rate >= to_radius)
        hit = hit | stopped
        rate = torch.where(going, torch.where(stopped, to_radius, rate), 0.0)
        x = x + rate[:, None, None] * direction
        residual = residual - rate[:, None, None] * image
        xx = xx + rate * (2 * xd + rate * dd)
        z = model.precondition(residual) * free
        new = (residual * z).sum((1, 2))
        turn = torch.where(going, new / rho.clamp_min(1e-300), 0.0)
        xd, dd = turn * (xd + rate * dd), new + turn.square() * dd
        direction = z + turn[:, None, None] * direction
        rho, going = new, going & ~stopped & (new > enough)
        if not bool(going.any()):
            break
    return x, hit
