"""Nodes on which products of two Gaussian features are exact to rounding."""

import math

import numpy as np
import torch
from torch import Tensor

# Equally spaced nodes a step h apart integrate a Gaussian exp(-a x^2) up to 2 exp(-pi^2 / (h^2 a)): rounding at 6.2.
_DIGITS = 6.2
_TAIL = 9.0  # standard deviations kept around every product of two features and the density: 1e-19 is left out
_FAR = 28.0  # how far out, in standard deviations, a feature may pull that product before it is worth nothing
WHOLE_REACH = _FAR + _TAIL  # standard deviations of a normal density beyond which nothing counts
_PANEL = 64  # Gauss-Legendre nodes per panel of an interval
_MAX_NODES = 4096


def normal_nodes(variance: float, gamma: Tensor, away: Tensor) -> tuple[Tensor, Tensor]:
    """Equally spaced nodes under a normal density, out to where centroids beyond its tail pull the product.

    Args:
        variance: of the density; gamma: (K,) widths.
        away: (K,) centroids less the mean.

    Returns:
        (V,) nodes in standard deviations from the mean, and the logs of their weights, which add up to 1.

    Raises:
        ValueError: features so narrow that more than 4096 nodes would be needed.
    """
    pull = 4 * gamma * variance / (1 + 4 * gamma * variance) * away / math.sqrt(variance)
    low, high = (min(max(float(end), -_FAR), _FAR) for end in (pull.min(), pull.max()))
    low, high = min(low, 0) - _TAIL, max(high, 0) + _TAIL
    step = math.pi / (_DIGITS * math.sqrt(2 * float(gamma.max()) * variance + 0.5))
    count = math.ceil((high - low) / step) + 1
    _check(count, "standard deviations", float(gamma.max()) * variance)
    node = torch.linspace(low, high, count, dtype=torch.float64)
    log = -node.square() / 2
    return node, log - log.logsumexp(0)


def interval_nodes(low: float, high: float, bend: float) -> tuple[Tensor, Tensor]:
    """Gauss-Legendre nodes in panels.

    Args:
        low, high: the interval.
        bend: half the interval times the root of a, where exp(-a x^2) is the steepest integrand.

    Returns:
        (V,) nodes, and the logs of their weights, which add up to 1.

    Raises:
        ValueError: features so narrow that more than 4096 nodes would be needed.
    """
    panels = max(1, math.ceil(bend * 6 / (_PANEL - 16)))
    count = _PANEL if panels > 1 else math.ceil(6 * bend) + 16
    _check(panels * count, "lengths of its interval", 2 * bend**2)
    node, weight = (torch.from_numpy(part) for part in np.polynomial.legendre.leggauss(count))
    ends = torch.linspace(low, high, panels + 1, dtype=torch.float64)
    middle, half = (ends[1:] + ends[:-1]) / 2, (high - low) / (2 * panels)
    return (middle[:, None] + half * node).flatten(), (weight / (2 * panels)).log().repeat(panels)


def _check(count: int, unit: str, bend: float) -> None:
    if count > _MAX_NODES:
        raise ValueError(
            f"features are too narrow for this distribution: the narrowest is {1 / math.sqrt(2 * bend):.1e} {unit} of "
            f"an input wide, which takes {count} quadrature nodes (at most {_MAX_NODES}); use a wider gamma"
        )
