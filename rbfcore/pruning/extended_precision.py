"""Eq. (5) in extended precision, for networks that nearly agree: where the digits of float64 end.

Source: METHODS section 7.7.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.forms import Alphabets, FiniteForm, Long, Points, Weighted
from rbfcore.network import RBFN

_BLOCK = 128  # rows of the table of products held at once


@dataclass(frozen=True, eq=False)
class _Both:
    """The two networks as one: gamma (N,), signed weights (N,), centroids (N, D), and alpha_K - alpha_M."""

    gamma: Long
    weight: Long
    theta: Long
    offset: np.longdouble


def extended_precision_loss(large: RBFN, small: RBFN, p: InputDistribution) -> float | None:
    """E_p[(f_K - f_M)^2] in the machine's longest floating-point numbers, not differentiable.

    The two networks count as one set of centroids with weights b and -beta, about the mean: over the letters x of an
    input, a feature is E[phi] (1 + u(x)) with E[u] = 0, and two of them have the covariance
    E[phi_i] E[phi_j] (prod_d (1 + E[u_id u_jd]) - 1). On x = -1/+1 u is t x~. The loss under a mixture is the mean of
    its components' losses, and that of data points needs no expectation at all.

    Args:
        large: (K, D); small: (M, D) centroids; p: over D inputs.

    Returns:
        Relative error about 1e-8 where the loss is 1e-10 of the variance (float64: 1e-5), on machines with 80-bit
        numbers. Elsewhere no better than float64. None for distributions with a density, which have no such form.
    """
    form = p.for_inputs(large.n_inputs).finite_form()
    return None if form is None else _loss(_together(large, small), form)


def _together(large: RBFN, small: RBFN) -> _Both:
    def long(part: torch.Tensor) -> Long:
        return part.detach().double().cpu().numpy().astype(np.longdouble)

    sides = (large, small)
    gamma = [np.broadcast_to(np.exp(long(side.log_gamma)), side.beta.shape) for side in sides]
    return _Both(
        np.concatenate(gamma),
        np.concatenate([long(large.beta), -long(small.beta)]),
        np.concatenate([long(side.centroids) for side in sides]),
        np.longdouble(large.alpha.item()) - np.longdouble(small.alpha.item()),
    )


def _loss(both: _Both, form: FiniteForm) -> float:
    if isinstance(form, Weighted):
        return sum((weight * _loss(both, part) for weight, part in form.parts), 0.0)
    return _over_points(both, form.x) if isinstance(form, Points) else _over_alphabets(both, form)


def _over_alphabets(both: _Both, form: Alphabets) -> float:
    weight = both.weight.copy()
    columns: list[Long] = []  # one (N, V) per input
    for d, (values, chance) in enumerate(form.inputs):
        feature = np.exp(-both.gamma[:, None] * (both.theta[:, d, None] - values) ** 2)
        mean = feature @ chance
        weight = weight * mean
        safe = np.where(mean > 0, mean, 1)[:, None]  # a feature that underflows everywhere has weight 0
        columns.append(_compact((feature - mean[:, None]) / safe, chance))
    total = np.longdouble(0)
    for start in range(0, len(weight), _BLOCK):
        rows, rest = slice(start, start + _BLOCK), slice(start, None)
        table = np.zeros((len(weight[rows]), len(weight[rest])), dtype=np.longdouble)  # products less 1
        for u in columns:
            pair = u[rows] @ u[rest].T if u.shape[1] > 1 else u[rows] * u[rest].T
            table += pair + table * pair
        inside = table[:, : len(weight[rows])]  # the diagonal block counts once, all to its right twice
        total += np.longdouble(weight[rows] @ (2 * table @ weight[rest] - inside @ weight[rows]))
    return max(0.0, float((both.offset + weight.sum()) ** 2 + total))


def _compact(u: Long, chance: Long) -> Long:
    """(N, V) whose rows have the inner products E[u_i u_j]; one column for two letters, where u = t x~."""
    if u.shape[1] != 2:
        return u * np.sqrt(chance)
    return np.asarray((u[:, 1:] - u[:, :1]) * np.sqrt(chance[0] * chance[1]))


def _over_points(both: _Both, x: NDArray[np.float64]) -> float:
    """The mean over data points of the squared difference, point by point."""
    squares = np.longdouble(0)
    for block in np.array_split(x.astype(np.longdouble), max(1, len(x) * len(both.weight) // 2**20)):
        distance = np.zeros((len(block), len(both.weight)), dtype=np.longdouble)
        for column, centres in zip(block.T, both.theta.T, strict=True):
            distance += (column[:, None] - centres) ** 2
        squares += np.square(np.exp(-both.gamma * distance) @ both.weight + both.offset).sum()
    return float(squares / len(x))
