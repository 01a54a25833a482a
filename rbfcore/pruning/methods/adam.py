"""The paper's pruning schedule: Adam from random centroids of the large network, all restarts as one batch.

Source: Sec. 3 of the paper, METHODS section 7.5.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from rbfcore.numerics.schedule import Plateau
from rbfcore.pruning.methods.candidates import Candidates
from rbfcore.pruning.objective import PruningLoss

_BETAS, _EPSILON = (0.9, 0.999), 1e-8  # Adam's usual constants
# The paper's program runs in single precision, where smaller changes of the loss are noise and end a run. In double
# precision tiny improvements would keep it going for hundreds of thousands of steps.
_FLOAT32_EPSILON = 2.0**-23


@dataclass(frozen=True)
class AdamSettings:
    """The schedule of Sec. 3: rate 1e-3, times 0.1 after ten steps without a better loss, ten steps of rest, stop
    below 1e-5. All steps see the exact loss, so a step is what an epoch is in training."""

    learning_rate: float = 1e-3
    factor: float = 0.1
    patience: int = 10
    cooldown: int = 10
    stop_below: float = 1e-5
    max_iterations: int | None = None

    def __post_init__(self) -> None:
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate must be > 0, got {self.learning_rate}")
        if self.max_iterations is not None and self.max_iterations < 1:
            raise ValueError(f"max_iterations must be >= 1, got {self.max_iterations}")


def random_subsets(loss: PruningLoss, n_prototypes: int, restarts: int, seed: int) -> list[Tensor]:
    """Starts: R random sets of M of the large network's centroids, with their weights, its alpha and its gamma.

    Returns:
        log_gamma (R,), alpha (R,), beta (R, M), theta (R, M, D). A per-centroid gamma is averaged in the logarithm:
        the schedule of the paper has one gamma per network.
    """
    generator = torch.Generator().manual_seed(seed)
    picks = torch.stack([torch.randperm(len(loss.b), generator=generator)[:n_prototypes] for _ in range(restarts)])
    log_gamma = loss.k.log().mean().expand(restarts).clone()
    return [log_gamma, loss.a.expand(restarts).clone(), loss.b[picks], loss.Z[picks]]


def adam_steps(loss: PruningLoss, start: list[Tensor], settings: AdamSettings) -> Iterator[Candidates]:
    """Minimise the loss of all restarts at once; yields after every step. Restarts stop one by one.

    Args:
        start: log_gamma (R,), alpha (R,), beta (R, M), theta (R, M, D), float64; not changed.
    """
    best = [p.clone() for p in start]
    plateau = Plateau(
        settings.learning_rate,
        factor=settings.factor,
        patience=settings.patience,
        cooldown=settings.cooldown,
        stop_below=settings.stop_below,
        threshold=_FLOAT32_EPSILON * float(loss.second_moment),
        runs=len(start[0]),
    )
    active = torch.arange(len(start[0]))
    now = [p.clone().requires_grad_() for p in start]
    first, second = ([torch.zeros_like(p) for p in now] for _ in range(2))
    iteration = 0
    while len(active):
        log_gamma, alpha, beta, theta = now
        values = loss(log_gamma.exp()[:, None].expand(beta.shape), alpha, beta, theta)
        gradients = torch.autograd.grad(values.sum(), now)
        seen = plateau.best.clone()
        seen[active] = values.detach()
        improved = plateau.step(seen)[active]
        for kept, parameter in zip(best, now, strict=True):
            kept[active[improved]] = parameter.detach()[improved]
        iteration += 1
        _adam_update(now, gradients, first, second, plateau.rate[active], iteration)
        rate = float(plateau.rate[active].max())
        if iteration == settings.max_iterations:
            plateau.rate.zero_()
        staying = plateau.running[active]
        if not bool(staying.all()):
            active = active[staying]
            now = [p.detach()[staying].requires_grad_() for p in now]
            first, second = ([m[staying] for m in moments] for moments in (first, second))
        gammas, (alphas, betas, thetas) = best[0].exp(), (p.clone() for p in best[1:])
        yield Candidates(plateau.best.clone(), gammas, alphas, betas, thetas, len(active), rate)


@torch.no_grad()
def _adam_update(
    parameters: list[Tensor],
    gradients: tuple[Tensor, ...],
    first: list[Tensor],
    second: list[Tensor],
    rate: Tensor,
    iteration: int,
) -> None:
    """One step of Adam with a rate per restart (R,), as the library's optimiser with one rate does it."""
    for parameter, gradient, mean, square in zip(parameters, gradients, first, second, strict=True):
        mean.lerp_(gradient, 1 - _BETAS[0])
        square.lerp_(gradient.square(), 1 - _BETAS[1])
        scale = (square / (1 - _BETAS[1] ** iteration)).sqrt_().add_(_EPSILON)
        step = mean / (1 - _BETAS[0] ** iteration) / scale
        parameter -= rate.view(-1, *[1] * (parameter.ndim - 1)) * step
