"""Pruning under any distribution: weights eliminated, centroids and widths by batched L-BFGS from greedy starts.

Source: METHODS section 7.4.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from rbfcore.pruning.methods.candidates import Candidates
from rbfcore.pruning.methods.nodes import NARROWEST, stand_in
from rbfcore.pruning.methods.projection import ProjectedLoss
from rbfcore.pruning.methods.quasi_newton import quasi_newton
from rbfcore.pruning.objective import PruningLoss

_WIDEST = 100.0  # gamma may go from the large network's smallest / 100 to its largest * NARROWEST
_WIDER_STARTS = 5.0  # starts after the first are wider: gamma divided by e to a random power up to this
_FIRST_STEP = 0.1  # of the spread of the large network's centroids


@dataclass(frozen=True)
class LbfgsSettings:
    """How far to go, and how readable the prototypes must stay.

    Attributes:
        per_prototype_gamma: one width per prototype. Of no use on -1/+1 inputs, where gamma is a gauge.
        slope_cap: on -1/+1 inputs, |tanh(2 gamma theta)| stays at or below it; elsewhere it does nothing.
        ridge: penalty on the sum of the variances of the prototypes' contributions, as a share of that sum.
        offset_penalty: penalty on (alpha - E f_K)^2, the part of the mean that the prototypes carry together.
        max_iterations: evaluations at most.
        tolerance: a restart stops after four steps that lower its objective by less than this share.
    """

    per_prototype_gamma: bool = False
    slope_cap: float = 0.8
    ridge: float = 1e-5
    offset_penalty: float = 1e-5
    max_iterations: int = 1000
    tolerance: float = 1e-4

    def __post_init__(self) -> None:
        if not 0 < self.slope_cap < 1:
            raise ValueError(f"slope_cap must be strictly between 0 and 1, got {self.slope_cap}")
        for name in ("ridge", "offset_penalty", "tolerance"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must be >= 0, got {getattr(self, name)}")
        if self.max_iterations < 1:
            raise ValueError(f"max_iterations must be >= 1, got {self.max_iterations}")


class _Unknowns:
    """Widths (R, M) and centroids (R, M, D) as one row per restart, and the bounds of its entries."""

    def __init__(self, loss: PruningLoss, settings: LbfgsSettings, shape: torch.Size) -> None:
        self.shape = shape  # (R, M, D)
        self.fixed = loss.k.log().mean().exp() if loss.p.binary_inputs else None
        self.widths = 0 if self.fixed is not None else shape[1] if settings.per_prototype_gamma else 1
        m, d = shape[1:]
        reach = torch.full((m * d,), torch.inf, dtype=torch.float64)
        if self.fixed is not None:
            reach = torch.full_like(reach, math.atanh(settings.slope_cap)) / (2 * self.fixed)
        widest, narrowest = (loss.k.min() / _WIDEST).log(), (loss.k.max() * NARROWEST).log()
        ones = torch.ones(self.widths, dtype=torch.float64)
        self.low, self.high = torch.cat([-reach, widest * ones]), torch.cat([reach, narrowest * ones])
        # Widths count in logarithms: an e-fold is put beside the spread of the centroids.
        self.unit = torch.cat([torch.full((m * d,), float(loss.Z.std().clamp_min(1e-3))).double(), ones])

    def pack(self, gamma: Tensor, theta: Tensor) -> Tensor:
        logs = gamma.log() if self.widths == self.shape[1] else gamma.log().mean(1, keepdim=True)
        return torch.cat([theta.flatten(1), logs[:, : self.widths]], 1) / self.unit

    def unpack(self, x: Tensor) -> tuple[Tensor, Tensor]:
        _, m, d = self.shape
        x = x * self.unit
        theta = x[:, : m * d].view(-1, m, d)
        if self.fixed is not None:
            return self.fixed.expand(len(x), m), theta
        return x[:, m * d :].exp().expand(len(x), m), theta

    @property
    def bounds(self) -> tuple[Tensor, Tensor]:
        return self.low / self.unit, self.high / self.unit


def lbfgs_steps(
    loss: PruningLoss,
    n_prototypes: int,
    restarts: int,
    seed: int,
    settings: LbfgsSettings,
    kept: tuple[Tensor, Tensor] | None = None,
    start: tuple[Tensor, Tensor] | None = None,
) -> Iterator[Candidates]:
    """Minimise the objective of all restarts at once; yields after every evaluation. Restarts stop one by one.

    Args:
        kept: widths (m,) and centroids (m, D) that half of the starts contain.
        start: widths (r, M) and centroids (r, M, D) that the first r restarts begin with.

    Losses on the way may be taken with nodes that stand for p; those of the last step are closed forms.
    """
    projected = ProjectedLoss(loss, stand_in(loss), settings.ridge, settings.offset_penalty)
    gamma, theta = projected.starts(n_prototypes, restarts, seed, kept)
    unknowns = _Unknowns(loss, settings, theta.shape)

    def function(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = x.detach().requires_grad_()
        fitted = projected(*unknowns.unpack(x))
        (gradients,) = torch.autograd.grad(fitted.objective.sum(), x)
        notes = torch.cat([fitted.loss[:, None], fitted.alpha[:, None], fitted.beta], 1)
        return fitted.objective.detach(), gradients, notes

    generator = torch.Generator().manual_seed(seed)
    wider = torch.rand(gamma.shape, generator=generator, dtype=torch.float64) * _WIDER_STARTS
    wider[0] = 0
    if start is not None:
        given = len(start[0])
        gamma[:given], theta[:given], wider[:given] = *start, 0
    if kept is not None:  # starts that grow from a network keep its widths
        wider[::2] = 0
        if not settings.per_prototype_gamma:
            gamma[::2] = kept[0].log().mean().exp()
    packed = unknowns.pack(gamma * torch.exp(-wider), theta)
    first = _FIRST_STEP * math.sqrt(n_prototypes)
    for now in quasi_newton(function, packed, unknowns.bounds, first, settings.tolerance, settings.max_iterations):
        gamma, theta = unknowns.unpack(now.x)
        losses, alpha, beta = now.notes[:, 0], now.notes[:, 1], now.notes[:, 2:]
        if not now.running:
            losses = loss(gamma, alpha, beta, theta)
        width = gamma if settings.per_prototype_gamma and unknowns.widths else gamma[:, 0]
        yield Candidates(
            losses.clamp_min(0), width.clone(), alpha, beta, theta.clone(), now.running, float(now.step.median())
        )
