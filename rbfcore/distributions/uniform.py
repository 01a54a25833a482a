"""Inputs that are uniform on an interval (Theorem 1.2)."""

import math

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from rbfcore.distributions.arguments import broadcast, numbers
from rbfcore.distributions.base import ProductDistribution
from rbfcore.distributions.family import Family, Field
from rbfcore.distributions.finite import Finite
from rbfcore.distributions.forms import Alphabet
from rbfcore.distributions.quadrature import interval_nodes
from rbfcore.numerics.stable import FLAT_REACH, FLAT_SLOPE, log_erf_diff, log_mean_exp_flat


class Uniform(ProductDistribution):
    """Independent inputs, each uniform between its bounds.

    Args:
        low, high: number or (D,), low < high.

    Raises:
        ValueError: low >= high, the shapes do not fit, or a value is not finite.

    Source: Theorem 1.2, with bounds per input. The printed form is 0/0 at k = r = 0 and cancels for
    centroids outside the interval; here flat integrands are summed at nodes and the others are subtracted as
    logs on the tail.
    """

    family = Family(
        name="uniform",
        label="Uniform",
        meaning="Each input is spread evenly between two bounds.",
        fields=(Field("low", "-4"), Field("high", "4")),
        cost="error functions",
        place=2,
    )

    def __init__(self, low: float | ArrayLike | Tensor, high: float | ArrayLike | Tensor) -> None:
        self.low, self.high = broadcast(low=numbers("low", low, 1), high=numbers("high", high, 1))
        wrong = (self.low >= self.high).reshape(-1)
        if bool(wrong.any()):
            first = int(wrong.nonzero()[0, 0])
            low, high = (float(bound.reshape(-1)[first]) for bound in (self.low, self.high))
            raise ValueError(f"low must be smaller than high, got low = {low:g}, high = {high:g}")
        self.n_inputs = len(self.low) if self.low.ndim else None

    def nodes(self, order: int = 32) -> Finite:
        """Gauss-Legendre nodes as a finite alphabet: expectations by matrix products.

        Exact for polynomials of degree 2 order - 1; good while sqrt(k + r) (high - low) is well below order.
        """
        node, weight = (torch.from_numpy(part) for part in np.polynomial.legendre.leggauss(order))
        low, high = self.low.unsqueeze(-1), self.high.unsqueeze(-1)
        return Finite((high + low) / 2 + (high - low) / 2 * node, weight / 2)

    def stand_in(self, order: int) -> Finite:
        return self.nodes(order)

    def _alphabets(self, gamma: Tensor, theta: Tensor) -> list[Alphabet]:
        del theta
        both = math.sqrt(2 * float(gamma.max()))  # of two features together
        ends = zip(self.low.tolist(), self.high.tolist(), strict=True)
        return [interval_nodes(low, high, both * (high - low) / 2) for low, high in ends]

    def _spread(self, n_inputs: int) -> "Uniform":
        return Uniform(self.low.expand(n_inputs), self.high.expand(n_inputs))

    def _log_factor(self, d: int, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        low, high = float(self.low[d]), float(self.high[d])
        half, middle = (high - low) / 2, (high + low) / 2
        slope = 2 * half * (k * (middle - u) + r * (middle - v))
        reach = half**2 * (k + r).expand_as(slope)
        flat = (slope.abs() <= FLAT_SLOPE) & (reach <= FLAT_REACH)
        if bool(flat.all()):
            return log_mean_exp_flat(slope, reach) - k * (middle - u).square() - r * (middle - v).square()
        both = torch.where(flat, 1.0, k + r)
        share_k, share_r, root = k / both, r / both, both.sqrt()
        to_low = share_k * (low - u) + share_r * (low - v)
        to_high = share_k * (high - u) + share_r * (high - v)
        area = log_erf_diff(root * to_low, root * to_high) - torch.log(root)
        value = area + math.log(math.sqrt(math.pi) / (4 * half)) - k * share_r * (u - v).square()
        if not bool(flat.any()):
            return value
        slope, reach = torch.where(flat, slope, 0.0), torch.where(flat, reach, 0.0)
        even = log_mean_exp_flat(slope, reach) - k * (middle - u).square() - r * (middle - v).square()
        return torch.where(flat, even, value)

    def _log_density(self, x: Tensor) -> Tensor:
        inside = ((x >= self.low) & (x <= self.high)).all(-1)
        return torch.where(inside, -(self.high - self.low).log().sum(), -math.inf)

    def _draw(self, n: int, generator: torch.Generator) -> Tensor:
        share = torch.rand((n, len(self.low)), generator=generator, dtype=torch.float64)
        return self.low + (self.high - self.low) * share
