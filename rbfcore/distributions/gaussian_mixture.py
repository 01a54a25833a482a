"""Inputs that follow one-dimensional Gaussian mixtures (Theorem 1.1)."""

import math

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from rbfcore.distributions.arguments import broadcast, numbers, probabilities
from rbfcore.distributions.base import ProductDistribution
from rbfcore.distributions.family import Family, Field
from rbfcore.distributions.finite import Finite
from rbfcore.distributions.forms import Alphabet
from rbfcore.distributions.quadrature import normal_nodes

# The expanded square would lose the digits of centroids close together but far from the mean.
_FROM_DIFFERENCES = "donot_use_mm_for_euclid_dist"


class GaussianMixture(ProductDistribution):
    """Independent inputs, each a mixture of L normal distributions.

    Args:
        weights: (L,) for all inputs or (D, L), >= 0, summing to 1 over L.
        means: number, (L,) or (D, L).
        variances: number, (L,) or (D, L), > 0.

    Raises:
        ValueError: shapes do not fit, weights do not sum to 1, a variance is not positive, or a value is not
            finite.

    Source: Theorem 1.1, with weights, means and variances per input.
    """

    family = Family(
        name="gaussian_mixture",
        label="Gaussian mixture",
        meaning="Each input follows a mixture of normal distributions.",
        fields=(
            Field("weights", "0.5, 0.5", "Adding up to 1.", shares=True),
            Field("means", "-1, 1"),
            Field("variances", "0.25, 0.25", "Above 0."),
        ),
        cost="sums of exponentials",
        per_component=True,
        place=4,
    )

    def __init__(
        self,
        weights: ArrayLike | Tensor,
        means: ArrayLike | Tensor,
        variances: ArrayLike | Tensor,
    ) -> None:
        given = probabilities("weights", weights, 2)
        self.weights, self.means, self.variances = broadcast(
            weights=given, means=numbers("means", means, 2), variances=numbers("variances", variances, 2)
        )
        if self.n_components != given.shape[-1]:
            raise ValueError(
                f"expected one weight per component, got {given.shape[-1]} for {self.n_components} components"
            )
        if bool((self.variances <= 0).any()):
            raise ValueError(f"variances must be > 0, got {float(self.variances.min()):g}")
        self.n_inputs = self.weights.shape[0] if self.weights.ndim == 2 else None

    @property
    def n_components(self) -> int:
        """L."""
        return int(self.weights.shape[-1])

    def nodes(self, order: int = 32) -> Finite:
        """Gauss-Hermite nodes of all components as one finite alphabet: expectations by matrix products.

        Exact for polynomials of degree 2 order - 1; good while sqrt((k + r) variance) is well below order / 4.
        """
        node, weight = (torch.from_numpy(part) for part in np.polynomial.hermite_e.hermegauss(order))
        values = self.means.unsqueeze(-1) + self.variances.sqrt().unsqueeze(-1) * node
        chances = self.weights.unsqueeze(-1) * (weight / weight.sum())
        return Finite(values.flatten(-2), chances.flatten(-2))

    def stand_in(self, order: int) -> Finite | None:
        return self.nodes(order) if self.n_components > 1 else None

    def _alphabets(self, gamma: Tensor, theta: Tensor) -> list[Alphabet]:
        return [self._nodes(d, gamma, theta[:, d]) for d in range(theta.shape[1])]

    def _nodes(self, d: int, gamma: Tensor, theta: Tensor) -> Alphabet:
        """Nodes around each component of input d, for centroids theta (K,) of that input."""
        values, logs = [], []
        for weight, mean, variance in zip(*(t[d].tolist() for t in self._numbers()), strict=True):
            if weight > 0:
                std = math.sqrt(variance)
                node, log = normal_nodes(variance, gamma, theta - mean)
                values.append(mean + std * node)
                logs.append(log + math.log(weight))
        return torch.cat(values), torch.cat(logs)

    def _spread(self, n_inputs: int) -> "GaussianMixture":
        return GaussianMixture(*(t.expand(n_inputs, -1) for t in (self.weights, self.means, self.variances)))

    def _expectation(self, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        variance = float(self.variances[0, 0])
        if self.n_components > 1 or not bool((self.variances == variance).all()):
            return super()._expectation(k, u, r, v)
        # One normal, equally wide in every input: the inputs enter through three distances only.
        mean = self.means[:, 0].to(u)
        left, right = (u - mean).square().sum(-1), (v - mean).square().sum(-1)
        between = torch.cdist(u, v, compute_mode=_FROM_DIFFERENCES).square()
        alone = (k * left).unsqueeze(-1) + (r * right).unsqueeze(-2)
        k, r = k.unsqueeze(-1), r.unsqueeze(-2)
        spread = 2 * variance * (k + r)
        bent = (alone + 2 * variance * k * r * between) / (1 + spread)
        return torch.exp(-bent - torch.log1p(spread) * (u.shape[-1] / 2))

    def _log_factor(self, d: int, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        apart = k * r * (u - v).square()
        both = k + r
        terms = []
        for weight, mean, variance in zip(*(t[d].tolist() for t in self._numbers()), strict=True):
            if weight > 0:
                # Every term of the exponent has one sign, so nothing cancels.
                spread = 2 * variance * both
                bent = k * (u - mean).square() + r * (v - mean).square() + 2 * variance * apart
                terms.append(torch.log1p(spread) * -0.5 - bent / (1 + spread) + math.log(weight))
        return terms[0] if len(terms) == 1 else torch.logsumexp(torch.stack(terms), 0)

    def _log_density(self, x: Tensor) -> Tensor:
        gap = (x.unsqueeze(-1) - self.means).square() / self.variances
        parts = self.weights.log() - (gap + (2 * math.pi * self.variances).log()) / 2
        return torch.logsumexp(parts, -1).sum(-1)

    def _draw(self, n: int, generator: torch.Generator) -> Tensor:
        component = torch.multinomial(self.weights, n, replacement=True, generator=generator)  # (D, n)
        mean, variance = self.means.gather(1, component), self.variances.gather(1, component)
        noise = torch.randn(mean.shape, generator=generator, dtype=torch.float64)
        return (mean + variance.sqrt() * noise).T

    def _numbers(self) -> tuple[Tensor, Tensor, Tensor]:
        return self.weights, self.means, self.variances


class Normal(GaussianMixture):
    """Independent normal inputs.

    Args:
        mean: number or (D,).
        std: standard deviation, number or (D,), > 0.

    Raises:
        ValueError: std is not positive, the shapes do not fit, or a value is not finite.

    Source: Theorem 1.1 with one component.
    """

    family = Family(
        name="normal",
        label="Normal",
        meaning="Each input is normal.",
        fields=(Field("mean", "0"), Field("std", "1", "Above 0.")),
        cost="distances",
        place=3,
    )

    def __init__(self, mean: float | ArrayLike | Tensor = 0.0, std: float | ArrayLike | Tensor = 1.0) -> None:
        self.mean, self.std = broadcast(mean=numbers("mean", mean, 1), std=numbers("std", std, 1))
        if bool((self.std <= 0).any()):
            raise ValueError(f"std must be > 0, got {float(self.std.min()):g}")
        mean, variance = self.mean.unsqueeze(-1), self.std.square().unsqueeze(-1)
        super().__init__(torch.ones_like(mean), mean, variance)

    def _spread(self, n_inputs: int) -> "Normal":
        return Normal(self.mean.expand(n_inputs), self.std.expand(n_inputs))
