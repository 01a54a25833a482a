"""The data points themselves as the input distribution."""

from collections.abc import Iterator

import torch
from numpy.typing import ArrayLike
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from rbfcore.distributions.arguments import numbers
from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.forms import Alphabet, Points, alphabet

# Points taken at once are so many that a block of features stays at about this many numbers.
_BLOCK = 2**21


class Empirical(InputDistribution):
    """Each of N points with probability 1 / N: expectations are means over the data.

    Args:
        x: (N, D) points.

    Raises:
        ValueError: x is not a table of finite numbers.
    """

    n_inputs: int

    def __init__(self, x: ArrayLike | Tensor) -> None:
        self.x = numbers("x", x, 2)
        if self.x.ndim != 2:
            raise ValueError(f"x must be (N, D): one row per point, got shape {tuple(self.x.shape)}")
        self.n_inputs = int(self.x.shape[1])

    @property
    def binary_inputs(self) -> bool:
        return bool((self.x.abs() == 1).all())

    def factor_means_by_component(self, gamma: Tensor, theta: Tensor) -> Iterator[tuple[float, Tensor]]:
        points, counts = self.x.unique(dim=0, return_counts=True)
        for point, count in zip(points, counts.tolist(), strict=True):
            yield count / len(self.x), -gamma[:, None] * (theta - point).square()

    def marginal(self, number: int) -> "Empirical":
        return Empirical(self.x[:, number, None])

    def finite_form(self) -> Points:
        return Points(self.x.numpy())

    def _alphabets(self, gamma: Tensor, theta: Tensor) -> list[Alphabet]:
        if not self.independent_inputs:
            return super()._alphabets(gamma, theta)
        values, counts = self.x[:, 0].unique(return_counts=True)
        return [alphabet(values, counts.double() / len(self.x))]

    def _words(self) -> str:
        return f"empirical: {len(self.x)} points"

    def _expectation(self, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        rows = max(1, _BLOCK // max(u[..., 0].numel() + v[..., 0].numel(), 1))
        total = torch.zeros((), dtype=u.dtype, device=u.device)
        for block in self.x.to(u).split(rows):
            if torch.is_grad_enabled():
                total = total + checkpoint(_summed, block, k, u, r, v, use_reentrant=False, preserve_rng_state=False)
            else:
                total = total + _summed(block, k, u, r, v)
        return total / len(self.x)

    def _log_density(self, x: Tensor) -> Tensor:
        raise ValueError(
            f"an empirical distribution has no density at other points ({len(x)} given); fit a distribution to it"
        )

    def _draw(self, n: int, generator: torch.Generator) -> Tensor:
        return self.x[torch.randint(len(self.x), (n,), generator=generator)]

    def _content(self) -> tuple[Tensor, ...]:
        return (self.x,)


def _summed(x: Tensor, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
    """Sum over the rows of x of the product of both features: (..., K, M)."""
    return _features(x, k, u).transpose(-1, -2) @ _features(x, r, v)


def _features(x: Tensor, width: Tensor, centroids: Tensor) -> Tensor:
    # Distances from differences: the expanded square would lose the digits that narrow features need.
    distance = torch.cdist(x, centroids, compute_mode="donot_use_mm_for_euclid_dist")
    return torch.exp(-width.unsqueeze(-2) * distance.square())
