"""A family that the package does not know: what a user would write."""

import numpy as np
import torch
from torch import Tensor

from rbfcore.distributions.arguments import broadcast, numbers
from rbfcore.distributions.base import ProductDistribution
from rbfcore.distributions.family import Family, Field
from rbfcore.distributions.forms import Alphabet

_NODE, _WEIGHT = (torch.from_numpy(part) for part in np.polynomial.legendre.leggauss(60))


class Triangular(ProductDistribution):
    """Independent inputs whose density falls evenly from the centre to nothing at centre -/+ width."""

    family = Family(
        name="triangular",
        label="Triangular",
        meaning="Each input lies around a centre, the less often the farther away.",
        fields=(Field("centre", "0"), Field("width", "1", "Above 0.")),
    )

    def __init__(self, centre: object, width: object) -> None:
        self.centre, self.width = broadcast(centre=numbers("centre", centre, 1), width=numbers("width", width, 1))
        if bool((self.width <= 0).any()):
            raise ValueError(f"width must be > 0, got {float(self.width.min()):g}")
        self.n_inputs = len(self.centre) if self.centre.ndim else None

    def _spread(self, n_inputs: int) -> "Triangular":
        return Triangular(self.centre.expand(n_inputs), self.width.expand(n_inputs))

    def _points(self, d: int) -> Alphabet:
        """Gauss-Legendre nodes of both halves."""
        share = (1 + _NODE) / 2
        log = (_WEIGHT / 2 * (1 - share)).log()
        values = torch.cat([self.centre[d] + self.width[d] * sign * share for sign in (-1, 1)])
        return values, torch.cat([log, log])

    def _log_factor(self, d: int, k: Tensor, u: Tensor, r: Tensor, v: Tensor) -> Tensor:
        values, logs = (part.to(u) for part in self._points(d))
        x = values.reshape(-1, *(1,) * (u - v).ndim)
        return torch.logsumexp(logs.reshape(x.shape) - k * (x - u).square() - r * (x - v).square(), 0)

    def _alphabets(self, gamma: Tensor, theta: Tensor) -> list[Alphabet]:
        del gamma
        return [self._points(d) for d in range(theta.shape[1])]

    def _log_density(self, x: Tensor) -> Tensor:
        return ((1 - ((x - self.centre) / self.width).abs()).clamp_min(0) / self.width).log().sum(-1)

    def _draw(self, n: int, generator: torch.Generator) -> Tensor:
        first, second = (torch.rand((n, len(self.centre)), generator=generator, dtype=torch.float64) for _ in range(2))
        return self.centre + self.width * (first - second)
