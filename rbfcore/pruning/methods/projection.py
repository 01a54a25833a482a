"""Pruning under any distribution with the weights and the offset eliminated (variable projection).

Source: METHODS Eq. (M8).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from rbfcore.distributions.base import InputDistribution
from rbfcore.pruning.methods.greedy import CANDIDATES, greedy_sets
from rbfcore.pruning.objective import PruningLoss

_TINY = 1e-300
_JITTER = 1e-12  # on the correlation matrix of the features


@dataclass(frozen=True, eq=False)
class Fitted:
    """R networks whose weights are the best for their centroids.

    Attributes:
        objective: (R,) loss with penalties, differentiable in the centroids and widths.
        loss: (R,) without penalties.
        alpha: (R,); beta: (R, M).
    """

    objective: Tensor
    loss: Tensor
    alpha: Tensor
    beta: Tensor


class ProjectedLoss:
    """Eq. (5) as a function of centroids and widths alone.

    Args:
        loss: Eq. (5) of the large network under p.
        p: what expectations are taken with; p itself, or nodes that stand for it.
        ridge: penalty on the sum of the variances of the prototypes' contributions, as a share of that sum.
        offset_penalty: penalty on (alpha - E f_K)^2.
    """

    def __init__(self, loss: PruningLoss, p: InputDistribution, ridge: float, offset_penalty: float) -> None:
        self.loss, self.p, self.ridge, self.offset_penalty = loss, p, ridge, offset_penalty

    def __call__(self, gamma: Tensor, theta: Tensor) -> Fitted:
        """R sets of M centroids: gamma (R, M), theta (R, M, D)."""
        large = self.loss
        runs, m, d = theta.shape
        rows = theta.reshape(-1, d)
        means = self.p.feature_mean(gamma.reshape(-1), rows).view(runs, m)
        cross = (large.b @ self.p.expectation(large.k, large.Z, gamma.reshape(-1), rows)).view(runs, m)
        c = cross - large.weight_on_means * means
        gram = self.p.expectation(gamma, theta, gamma, theta) - means[:, :, None] * means[:, None, :]
        own = torch.diagonal(gram, dim1=1, dim2=2)
        system = gram + self.offset_penalty * means[:, :, None] * means[:, None, :]
        system = system + torch.diag_embed(self.ridge * own)
        beta = _solved(system.detach(), c.detach())
        # At the best weights the objective does not change with them: they count as constants.
        objective = large.variance - 2 * (c * beta).sum(1) + _square(system, beta)
        loss = large.variance - 2 * (c * beta).sum(1) + _square(gram, beta)
        alpha = large.mean - (means * beta).sum(1)
        return Fitted(objective, loss.detach(), alpha.detach(), beta)

    def starts(
        self, n_prototypes: int, restarts: int, seed: int, kept: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, Tensor]:
        """Greedy sets of the centroids that vary most in the large network.

        Args:
            kept: widths (m,) and centroids (m, D) that every start contains.

        Returns:
            gamma (R, M), theta (R, M, D).
        """
        large = self.loss
        variance = self.p.feature_mean(2 * large.k, large.Z) - self.p.feature_mean(large.k, large.Z).square()
        size = max(n_prototypes, min(CANDIDATES, len(variance)))
        pool = (large.b.square() * variance).topk(size).indices
        gamma, theta, known = large.k[pool], large.Z[pool], 0
        if kept is not None:
            gamma, theta, known = torch.cat([kept[0], gamma]), torch.cat([kept[1], theta]), len(kept[0])
        means = self.p.feature_mean(gamma, theta)
        gram = self.p.expectation(gamma, theta, gamma, theta) - means[:, None] * means
        target = large.b @ self.p.expectation(large.k, large.Z, gamma, theta) - large.weight_on_means * means
        chosen = greedy_sets(gram, target, n_prototypes, restarts, seed, known)
        return gamma[chosen], theta[chosen]


def _square(matrix: Tensor, vector: Tensor) -> Tensor:
    return (vector * (matrix @ vector[..., None])[..., 0]).sum(1)


def _solved(system: Tensor, c: Tensor) -> Tensor:
    """system^-1 c for (R, M, M) and (R, M), with features scaled to unit size first."""
    scale = torch.diagonal(system, dim1=1, dim2=2).clamp_min(_TINY).sqrt()
    scaled = system / (scale[:, :, None] * scale[:, None, :])
    eye = torch.eye(c.shape[1], dtype=c.dtype)
    factor, info = torch.linalg.cholesky_ex(scaled + _JITTER * eye)
    if bool((info > 0).any()):  # features equal to rounding: the weights are shared among them
        factor = torch.where((info > 0)[:, None, None], torch.linalg.cholesky(scaled + 1e-8 * eye), factor)
    return torch.cholesky_solve((c / scale)[..., None], factor)[..., 0] / scale
