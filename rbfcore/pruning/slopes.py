"""Pruning on -1/+1 inputs as a problem in the slopes alone: weights and offset are eliminated.

For given slopes the best weights solve a small linear system (variable projection). Centring, the products minus 1,
eliminates the offset.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from rbfcore.pruning.canonical import bends, canonical, coefficients, log_feature_mean, products, projections
from rbfcore.pruning.greedy import CANDIDATES, greedy_sets
from rbfcore.pruning.objective import PruningLoss

_TINY = 1e-300
_JITTER, _LIFT = 1e-13, 1e-8  # of the largest diagonal entry of the Gram matrix


@dataclass(frozen=True, eq=False)
class Projected:
    """R sets of features psi_j = prod_d (1 + s_jd x~_d) - 1 with their best weights.

    Attributes:
        s: (R, M, D) coefficients of the standardised inputs.
        gram: (R, M, M) prod_d (1 + s_jd s_ld) = <psi_j, psi_l> + 1.
        weight: (R, M), in units of y.
        factor: (R, M, M) Cholesky factor of the Gram matrix with its penalties.
        pull: (R, M, D) derivatives by s of the projections c_j = <f_K, psi_j>.
        objective: (R,) loss with penalties; loss: (R,) without.
    """

    s: Tensor
    gram: Tensor
    weight: Tensor
    factor: Tensor
    pull: Tensor
    objective: Tensor
    loss: Tensor

    def __getitem__(self, runs: Tensor | slice) -> "Projected":
        """Some of the runs."""
        return Projected(*(getattr(self, name)[runs] for name in self.__dataclass_fields__))

    def replace(self, runs: Tensor, other: "Projected") -> "Projected":
        """These runs with the runs of the index replaced by another's."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__)
        return Projected(*(mine.index_copy(0, runs, theirs) for mine, theirs in pairs))

    def runs_where(self, keep: Tensor) -> "Projected":
        """The runs where `keep` (R,) holds."""
        return self[keep.nonzero()[:, 0]]


class ProductProblem(Protocol):
    """Pruning to features psi_j = prod_d a(x_d, s_jd) - 1 of mean 0, in the D numbers s_j of each."""

    loss: PruningLoss
    variance: Tensor
    ridge: float
    offset_penalty: float
    low: Tensor
    high: Tensor

    def inside(self, s: Tensor) -> Tensor: ...
    def evaluate(self, s: Tensor) -> Projected: ...
    def slopes_of_factors(self, s: Tensor) -> tuple[Tensor, Tensor]: ...

    @property
    def bends(self) -> Callable[[Tensor], Tensor] | None:
        """(N, D) -> (N, D, D): second derivatives of <f_K, psi_j>, which Newton steps need; None: there are none."""

    def network(self, state: Projected) -> tuple[Tensor, Tensor, Tensor, Tensor]: ...


def projected(problem: ProductProblem, s: Tensor, gram: Tensor, c: Tensor, pull: Tensor) -> Projected:
    """The best weights of R sets of features.

    Args:
        s: (R, M, D); gram: (R, M, M) <psi_j, psi_l> + 1; c: (R, M) <f_K, psi_j>, pull: (R, M, D) its derivatives by s.
    """
    inner = gram - 1
    own = torch.diagonal(inner, dim1=1, dim2=2).clamp_min(_TINY)
    system = inner + problem.offset_penalty
    system = system + torch.diag_embed(problem.ridge * own + _JITTER * own.amax(1, keepdim=True))
    factor, failed = torch.linalg.cholesky_ex(system)
    if bool(failed.any()):  # features equal to rounding: they share their weight
        lifted = system + torch.diag_embed(_LIFT * own.amax(1, keepdim=True).expand_as(own))
        factor = torch.where((failed > 0)[:, None, None], torch.linalg.cholesky(lifted), factor)
    weight = torch.cholesky_solve(c[..., None], factor)[..., 0]
    explained = (c * weight).sum(1)
    fitted = (weight * (inner @ weight[..., None])[..., 0]).sum(1)
    loss = problem.variance - 2 * explained + fitted
    return Projected(s, gram, weight, factor, pull, problem.variance - explained, loss)


class SlopeProblem:
    """Pruning of one large network under Bernoulli(q), in the coefficients s.

    Args:
        loss: Eq. (5) of the large network under p.
        q: (D,) probabilities of +1.
        slope_cap: |tanh(2 gamma theta)| stays at or below it.
        ridge: penalty on the sum of the variances of the prototypes' contributions, as a share of that sum.
        offset_penalty: penalty on (alpha - E f_K)^2.
    """

    def __init__(self, loss: PruningLoss, q: Tensor, slope_cap: float, ridge: float, offset_penalty: float) -> None:
        self.loss, self.q, self.ridge, self.offset_penalty = loss, q, ridge, offset_penalty
        self.large = canonical(loss.k, loss.b, loss.Z, q)
        self.variance = loss.variance
        self.gamma = loss.k.log().mean().exp()
        self.low, self.high = (coefficients(torch.full_like(q, cap), q) for cap in (-slope_cap, slope_cap))
        self._pools: dict[int, tuple[Tensor, Tensor, Tensor]] = {}

    def bends(self, s: Tensor) -> Tensor:
        """Second derivatives of <f_K, psi_j> by s_jd and s_je, (N, D, D)."""
        return bends(self.large, s)

    def starts(self, n_prototypes: int, restarts: int, seed: int, kept: Tensor | None = None) -> Tensor:
        """(R, M, D) coefficients: greedy sets of the centroids that vary most in the large network.

        Args:
            kept: (m, D) coefficients that every start contains.
        """
        s, gram, target = self._pool(max(n_prototypes, min(CANDIDATES, len(self.large.weight))))
        if kept is not None:
            kept = self.inside(kept)
            across = products(kept, s) - 1
            gram = torch.cat([torch.cat([products(kept, kept) - 1, across], 1), torch.cat([across.T, gram], 1)])
            target = torch.cat([projections(self.large, kept)[0], target])
            s = torch.cat([kept, s])
        return s[greedy_sets(gram, target, n_prototypes, restarts, seed, kept=0 if kept is None else len(kept))]

    def _pool(self, size: int) -> tuple[Tensor, Tensor, Tensor]:
        """Centroids to start from as (N, D) coefficients, inner products (N, N) of their features, and (N,) with f_K.

        Kept, since every restart that grows asks for them.
        """
        if size not in self._pools:
            norms = torch.cat([torch.expm1(t.square().log1p().sum(-1)) for t in self.large.t.split(256)])
            s = self.inside(self.large.t[(self.large.weight.square() * norms).topk(size).indices])
            self._pools[size] = s, products(s, s) - 1, projections(self.large, s)[0]
        return self._pools[size]

    def inside(self, s: Tensor) -> Tensor:
        """Coefficients (..., D) moved under the cap."""
        return torch.minimum(torch.maximum(s, self.low), self.high)

    def evaluate(self, s: Tensor) -> Projected:
        """Best weights, loss and first derivatives for R sets of coefficients (R, M, D)."""
        runs, m, d = s.shape
        c, pull = projections(self.large, s.reshape(-1, d))
        gram = torch.ones(runs, m, m, dtype=s.dtype)
        for column in s.unbind(-1):
            gram = gram.mul_(1 + column[:, :, None] * column[:, None, :])
        return projected(self, s, gram, c.view(runs, m), pull.view(runs, m, d))

    def slopes_of_factors(self, s: Tensor) -> tuple[Tensor, Tensor]:
        """Of the factors F_d = 1 + s_jd s_ld of <psi_j, psi_l> + 1: derivatives by s_jd, by s_jd and s_ld, over F_d.

        Shapes (R, M, D) -> (R, j, l, D) twice.
        """
        f = 1 + s[:, :, None, :] * s[:, None, :, :]
        return s[:, None, :, :] / f, 1 / f

    def network(self, state: Projected) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """gamma (R,), alpha (R,), beta (R, M), theta (R, M, D), with the large network's gamma as gauge."""
        spread, lean = 2 * (self.q * (1 - self.q)).sqrt(), 2 * self.q - 1
        theta = torch.atanh(state.s / (spread - lean * state.s)) / (2 * self.gamma)
        gamma = self.gamma.expand(len(theta))
        beta = state.weight * torch.exp(-log_feature_mean(gamma[:, None].expand(state.weight.shape), theta, self.q))
        return gamma, self.loss.mean - state.weight.sum(1), beta, theta
