"""Inputs that are normal between two bounds."""

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
from rbfcore.distributions.quadrature import WHOLE_REACH, interval_nodes
from rbfcore.numerics.stable import FLAT_REACH, FLAT_SLOPE, log_erf_diff, log_mean_exp_flat

_FARTHEST = 30.0  # standard deviations from the mean to the interval: what lies further out is no normal density's tail
_TAIL = 9.0  # standard deviations of the density that nodes of a stand-in cover


class TruncatedNormal(ProductDistribution):
    """Independent inputs, each normal and kept between its bounds.

    Args:
        mean, std: of the normal density before it is cut, std > 0; number or (D,).
        low, high: bounds, low < high; number or (D,). They may lie to one side of the mean.

    Raises:
        ValueError: std is not positive, low >= high, an interval lies more than 30 standard deviations away from its
            mean, the shapes do not fit, or a value is not finite.

    Source: METHODS section 4: Theorem 1.2 with the normal density as a third feature, divided by its own mean. Flat
        integrands are summed at nodes and the others are subtracted as logs on the tail.
    """

    family = Family(
        name="truncated_normal",
        label="Truncated normal",
        meaning="Each input is normal and kept between two bounds.",
        fields=(Field("mean", "0"), Field("std", "1", "Above 0."), Field("low", "-2"), Field("high", "2")),
        cost="error functions",
        place=5,
    )

    def __init__(
        self,
        mean: float | ArrayLike | Tensor,
        std: float | ArrayLike | Tensor,
        low: float | ArrayLike | Tensor,
        high: float | ArrayLike | Tensor,
    ) -> None:
        self.mean, self.std, self.low, self.high = broadcast(
            mean=numbers("mean", mean, 1),
            std=numbers("std", std, 1),
            low=numbers("low", low, 1),
            high=numbers("high", high, 1),
        )
        if bool((self.std <= 0).any()):
            raise ValueError(f"std must be > 0, got {float(self.std.min()):g}")
        for middle, spread, first, last in self._rows():
            if first >= last:
                raise ValueError(f"low must be smaller than high, got low = {first:g}, high = {last:g}")
            if max(first - middle, middle - last) > _FARTHEST * spread:
                raise ValueError(
                    f"the interval must reach within {_FARTHEST:g} standard deviations of the mean, got {first:g} to "
                    f"{last:g} for mean {middle:g} and std {spread:g}"
                )
        self.n_inputs = len(self.mean) if self.mean.ndim else None

    def nodes(self, order: int = 32) -> Finite:
        """Gauss-Legendre nodes as a finite alphabet: expectations by matrix products.

        Good while sqrt(k + r + 1 / (2 std^2)) times the length of the interval, or of 18 standard deviations if that is
        shorter, is well below order.
        """
        node, weight = (torch.from_numpy(part) for part in np.polynomial.legendre.leggauss(order))
        low, high = (end.unsqueeze(-1) for end in self._reach(_TAIL))
        mean, std = self.mean.unsqueeze(-1), self.std.unsqueeze(-1)
        values = (high + low) / 2 + (high - low) / 2 * node
        log = weight.log() - ((values - mean) / std).square() / 2
        return Finite(values, log.softmax(-1))

    def stand_in(self, order: int) -> Finite:
        return self.nodes(order)

    def _alphabets(self, gamma: Tensor, theta: Tensor) -> list[Alphabet]:
        del theta
        narrowest, whole = float(gamma.max()), []
        low, high = (end.tolist() for end in self._reach(WHOLE_REACH))
        for (mean, std, _, _), first, last in zip(self._rows(), low, high, strict=True):
            half, width = (last - first) / 2, 1 / (2 * std**2)
            steep = 0.0 if first < mean < last else 2 * width * abs((first + last) / 2 - mean) * half
            bend = math.sqrt(2 * narrowest + width) * half + max(math.sqrt(steep / 2), steep / 16)
            node, log_weight = interval_nodes(first, last, bend)
            log = log_weight - width * (node - mean).square()
            whole.append((node, log - log.logsumexp(0)))
        return whole

    def _spread(self, n_inputs: int) -> "TruncatedNormal":
        return TruncatedNormal(*(part.expand(n_inputs) for part in (self.mean, self.std, self.low, self.high)))

    def _log_factor(self, d: int, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        mean, std, low, high = self._rows()[d]
        width, half, middle = 1 / (2 * std**2), (high - low) / 2, (high + low) / 2
        slope = 2 * half * (k * (middle - u) + r * (middle - v) + width * (middle - mean))
        reach = half**2 * (k + r + width).expand_as(slope)
        flat = (slope.abs() <= FLAT_SLOPE) & (reach <= FLAT_REACH)
        log_mass = _log_mean(mean, width, low, high)  # relative to the density at the middle
        none_flat = not bool(flat.any())
        if not none_flat:
            slope, reach = torch.where(flat, slope, 0.0), torch.where(flat, reach, 0.0)
            even = log_mean_exp_flat(slope, reach) - k * (middle - u).square() - r * (middle - v).square() - log_mass
            if bool(flat.all()):
                return even
        both = k + r + width
        share_k, share_r, share, root = k / both, r / both, width / both, both.sqrt()
        to_low = root * (share_k * (low - u) + share_r * (low - v) + share * (low - mean))
        to_high = to_low + root * (high - low)
        if not none_flat:
            to_low, to_high = torch.where(flat, -1.0, to_low), torch.where(flat, 1.0, to_high)
        away = share * (k * (u - mean).square() + r * (v - mean).square())
        scale = math.log(math.sqrt(math.pi) / (4 * half)) + width * (middle - mean) ** 2 - log_mass
        value = log_erf_diff(to_low, to_high) - torch.log(root) - k * share_r * (u - v).square() - away + scale
        return value if none_flat else torch.where(flat, even, value)

    def _log_density(self, x: Tensor) -> Tensor:
        inside = ((x >= self.low) & (x <= self.high)).all(-1)
        constant = 0.0
        for mean, std, low, high in self._rows():
            width = 1 / (2 * std**2)
            constant += math.log(high - low) + _log_mean(mean, width, low, high)
            constant -= width * ((high + low) / 2 - mean) ** 2
        log = -((x - self.mean) / self.std).square().sum(-1) / 2 - constant
        return torch.where(inside, log, -math.inf)

    def _draw(self, n: int, generator: torch.Generator) -> Tensor:
        share = torch.rand((n, len(self.mean)), generator=generator, dtype=torch.float64)
        first, last = (self.low - self.mean) / self.std, (self.high - self.mean) / self.std
        # The tail of small probabilities keeps its digits: intervals to the right of the mean are turned.
        turned = first + last > 0
        low, high = torch.where(turned, -last, first), torch.where(turned, -first, last)
        below, above = (torch.special.erfc(-end / math.sqrt(2)) / 2 for end in (low, high))
        away = torch.special.ndtri(below + share * (above - below)).clamp(low, high)
        drawn = self.mean + self.std * torch.where(turned, -away, away)
        return drawn.clamp(self.low, self.high)

    def _rows(self) -> list[tuple[float, float, float, float]]:
        """mean, std, low, high of every input."""
        columns = (part.reshape(-1).tolist() for part in (self.mean, self.std, self.low, self.high))
        return list(zip(*columns, strict=True))

    def _reach(self, tail: float) -> tuple[Tensor, Tensor]:
        """The part of each interval within so many standard deviations of its likeliest value."""
        likeliest = self.mean.clamp(self.low, self.high)
        low, high = likeliest - tail * self.std, likeliest + tail * self.std
        return torch.maximum(self.low, low), torch.minimum(self.high, high)


def _log_mean(mean: float, width: float, low: float, high: float) -> float:
    """log of the mean over the interval of exp(-width ((x - mean)^2 - (middle - mean)^2))."""
    half, middle = (high - low) / 2, (high + low) / 2
    slope, reach = 2 * half * width * (middle - mean), half**2 * width
    if abs(slope) <= FLAT_SLOPE and reach <= FLAT_REACH:
        return float(log_mean_exp_flat(torch.tensor(slope).double(), torch.tensor(reach).double()))
    root = math.sqrt(width)
    ends = (torch.tensor(root * (end - mean), dtype=torch.float64) for end in (low, high))
    scale = math.log(math.sqrt(math.pi) / (4 * half * root))
    return float(log_erf_diff(*ends)) + scale + width * (middle - mean) ** 2
