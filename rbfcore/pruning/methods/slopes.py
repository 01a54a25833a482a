"""Pruning on -1/+1 inputs as a problem in the slopes alone: weights and offset are eliminated.

For given slopes the best weights solve a small linear system (variable projection). Centring, the products minus their
means, eliminates the offset.

Source: METHODS Eq. (M8) and (M15).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from rbfcore.numerics.binary_features import coefficients, log_feature_mean, product_excess
from rbfcore.numerics.canonical import canonical, cross_hessians, products, projections
from rbfcore.pruning.methods.bernoulli_form import binary_sites
from rbfcore.pruning.methods.greedy import CANDIDATES, greedy_sets
from rbfcore.pruning.objective import PruningLoss

_TINY = 1e-300
_JITTER, _LIFT = 1e-13, 1e-8  # of the largest diagonal entry of the Gram matrix
_EXPONENT = 60.0  # gamma D of pruned networks at most: the weights of wide prototypes grow like its exponential
# For float32: three factors 1 + t s of opposite steep slopes are (1 - cap)^3, and their sum rounds at 1e-7; variances
# are squares of y, and squared again. The largest error of 60 cases, trained and random networks at q from .01 to .5,
# was 7.5e-7 of the sizes of the two functions.
_SINGLE_CAP, _SINGLE_RANGE, _SINGLE_ERROR = 0.95, (1e-12, 1e12), 8e-7


CrossHessians = Callable[[Tensor], tuple[Tensor, Tensor]]


@dataclass(frozen=True, eq=False)
class Projected:
    """R sets of features psi_j = prod_d (1 + s_jd x~_d) - m_j, of mean 0, with their best weights.

    Attributes:
        s: (R, M, D) coefficients of the standardised inputs.
        gram: (R, C, M, M) expectations of the products over each component of p, times its weight: their sum is
            <psi_j, psi_l> + m_j m_l.
        means: (R, M) m_j, and mean_slopes (R, M, D) their derivatives by s.
        weight: (R, M), in units of y.
        factor: (R, M, M) Cholesky factor of the Gram matrix with its penalties.
        projection_gradient: (R, M, D) derivatives by s of the projections c_j = <f_K, psi_j>.
        objective: (R,) loss with penalties; loss: (R,) without.
    """

    s: Tensor
    gram: Tensor
    means: Tensor
    mean_slopes: Tensor
    weight: Tensor
    factor: Tensor
    projection_gradient: Tensor
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
    """Pruning to features psi_j = prod_d a(x_d, s_jd) - m_j of mean 0, in the D numbers s_j of each."""

    loss: PruningLoss
    variance: Tensor
    ridge: float
    offset_penalty: float
    low: Tensor
    high: Tensor

    def inside(self, s: Tensor) -> Tensor: ...
    def evaluate(self, s: Tensor, single: bool = False, /) -> Projected: ...
    def rounding(self, state: Projected) -> Tensor: ...
    def slopes_of_factors(self, s: Tensor) -> tuple[Tensor, Tensor]: ...

    @property
    def cross_hessians(self) -> CrossHessians | None:
        """(R, M, D) -> (R, M, D, D) twice: second derivatives by s_jd and s_je, d != e, of <f_K, psi_j> and of m_j.

        Newton steps need them; None: there are none.
        """

    def network(self, state: Projected) -> tuple[Tensor, Tensor, Tensor, Tensor]: ...


def projected(
    problem: ProductProblem,
    s: Tensor,
    gram: Tensor,
    means: tuple[Tensor, Tensor],
    projections: tuple[Tensor, Tensor],
) -> Projected:
    """The best weights of R sets of features.

    Args:
        s: (R, M, D); gram: (R, C, M, M) and means: (R, M), (R, M, D) as in `Projected`.
        projections: (R, M) <f_K, psi_j> and (R, M, D) their derivatives by s.
    """
    c, projection_gradient = projections
    both = means[0][:, :, None] * means[0][:, None, :]
    inner = gram.sum(1) - both
    own = torch.diagonal(inner, dim1=1, dim2=2).clamp_min(_TINY)
    system = inner + problem.offset_penalty * both
    system = system + torch.diag_embed(problem.ridge * own + _JITTER * own.amax(1, keepdim=True))
    factor, failed = torch.linalg.cholesky_ex(system)
    if bool(failed.any()):  # features equal to rounding: they share their weight
        lifted = system + torch.diag_embed(_LIFT * own.amax(1, keepdim=True).expand_as(own))
        factor = torch.where((failed > 0)[:, None, None], torch.linalg.cholesky(lifted), factor)
    weight = torch.cholesky_solve(c[..., None], factor)[..., 0]
    explained = (c * weight).sum(1)
    fitted = (weight * (inner @ weight[..., None])[..., 0]).sum(1)
    loss = problem.variance - 2 * explained + fitted
    return Projected(s, gram, *means, weight, factor, projection_gradient, problem.variance - explained, loss)


class SlopeProblem:
    """Pruning of one large network under independent sites or a mixture of such, in the coefficients s.

    Args:
        loss: Eq. (5) of the large network under p.
        slope_cap: |tanh(2 gamma theta)| stays at or below it.
        ridge: penalty on the sum of the variances of the prototypes' contributions, as a share of that sum.
        offset_penalty: penalty on (alpha - E f_K)^2.

    Raises:
        ValueError: p is another distribution.
    """

    def __init__(self, loss: PruningLoss, slope_cap: float, ridge: float, offset_penalty: float) -> None:
        sites = binary_sites(loss.p)
        if sites is None:
            raise ValueError(
                "method 'gauss-newton' prunes under Bernoulli distributions, mixtures of them, or finite alphabets, "
                f"got {loss.p.describe()}: use method 'lbfgs'"
            )
        self.loss, self.ridge, self.offset_penalty = loss, ridge, offset_penalty
        self.q = q = sites.marginal
        self.large = sites.large(loss.k, loss.b, loss.Z)
        self._shares, self._means = sites.weights, sites.means
        self._deviations = sites.deviations
        self.variance = loss.variance
        self.gamma = loss.k.log().mean().exp().clamp_max(_EXPONENT / len(q))
        self.low, self.high = (coefficients(torch.full_like(q, cap), q) for cap in (-slope_cap, slope_cap))
        suits = slope_cap <= _SINGLE_CAP and _SINGLE_RANGE[0] < float(self.variance) < _SINGLE_RANGE[1]
        self._single_error = _SINGLE_ERROR * _size(self.large.t, self.large.weight) if suits else torch.inf
        self._pools: dict[int, tuple[Tensor, Tensor, Tensor]] = {}

    def cross_hessians(self, s: Tensor) -> tuple[Tensor, Tensor]:
        """Second derivatives of <f_K, psi_j> and of m_j, as in `ProductProblem`."""
        factors, share = self._means_of(s)
        ratio = (self._means[:, None, :] / factors).transpose(1, 2)  # (R, M, C, D)
        of_means = (ratio * share.mT[..., None]).mT @ ratio
        return cross_hessians(self.large, s.flatten(0, 1)).view_as(of_means), of_means

    def starts(self, n_prototypes: int, restarts: int, seed: int, kept: Tensor | None = None) -> Tensor:
        """(R, M, D) coefficients: greedy sets of the centroids that vary most in the large network.

        Args:
            kept: (m, D) coefficients that every start contains.
        """
        s, gram, target = self._pool(max(n_prototypes, min(CANDIDATES, self.loss.Z.shape[0])))
        if kept is not None:
            kept = self.inside(kept)
            across = self._inner(kept, s)
            gram = torch.cat([torch.cat([self._inner(kept, kept), across], 1), torch.cat([across.T, gram], 1)])
            target = torch.cat([projections(self.large, kept)[0], target])
            s = torch.cat([kept, s])
        return s[greedy_sets(gram, target, n_prototypes, restarts, seed, kept=0 if kept is None else len(kept))]

    def _pool(self, size: int) -> tuple[Tensor, Tensor, Tensor]:
        """Centroids to start from as (N, D) coefficients, inner products (N, N) of their features, and (N,) with f_K.

        Kept, since every restart that grows asks for them.
        """
        if size not in self._pools:
            own = canonical(self.loss.k, self.loss.b, self.loss.Z, self.q)
            norms = torch.cat([product_excess(t.square()) for t in own.t.split(256)])
            s = self.inside(own.t[(own.weight.square() * norms).topk(size).indices])
            self._pools[size] = s, self._inner(s, s), projections(self.large, s)[0]
        return self._pools[size]

    def _inner(self, s: Tensor, other: Tensor) -> Tensor:
        """<psi_i, psi_j>, (N, D), (n, D) -> (N, n)."""
        means = [self._means_of(side)[1].sum(0) for side in (s, other)]
        return self._products(s, other).sum(0) - means[0][:, None] * means[1]

    def inside(self, s: Tensor) -> Tensor:
        """Coefficients (..., D) moved under the cap."""
        return torch.minimum(torch.maximum(s, self.low), self.high)

    def evaluate(self, s: Tensor, single: bool = False) -> Projected:
        """Best weights, loss and first derivatives for R sets of coefficients (R, M, D).

        Args:
            single: take the sums over the large network in float32, twice as fast; see `rounding`.
        """
        c, projection_gradient = projections(self.large, (s.float() if single else s).flatten(0, 1))
        onto_large = c.view(s.shape[:2]), projection_gradient.view(s.shape)
        factors, share = self._means_of(s)
        means = share.sum(1), (share[..., None] * (self._means[:, None, :] / factors)).sum(1)
        return projected(self, s, self._products(s, s), means, onto_large)

    def rounding(self, state: Projected) -> Tensor:
        """(R,) how far float32 moves the objective at most, twice the sum of the weighted projections' errors; infinite
        where it does not suit."""
        return 2 * self._single_error * _size(state.s, state.weight, order=1)

    def _products(self, s: Tensor, other: Tensor) -> Tensor:
        """Expectations of prod_d (1 + s_id x~_d)(1 + s_jd x~_d) over each component, times its weight.

        Shapes (..., N, D), (..., n, D) -> (..., C, N, n).
        """
        sides = []
        for side in (s, other):
            factors, share = self._means_of(side)
            sides.append((share, self._deviations[:, None, :] * side[..., None, :, :] / factors))
        (left, t), (right, u) = sides
        return left[..., :, None] * right[..., None, :] / self._shares[:, None, None] * products(t, u)

    def _means_of(self, s: Tensor) -> tuple[Tensor, Tensor]:
        """Means of 1 + s_d x~_d over each component, and of their products over d, these times the component's weight.

        Shapes (..., N, D) -> (..., C, N, D), (..., C, N).
        """
        factors = 1 + self._means[:, None, :] * s[..., None, :, :]
        return factors, factors.prod(-1) * self._shares[:, None]

    def slopes_of_factors(self, s: Tensor) -> tuple[Tensor, Tensor]:
        """Of the factors F_d of the products over each component: derivatives by s_jd, by s_jd and s_ld, over F_d.

        Shapes (R, M, D) -> (R, C, j, l, D) twice.
        """
        left, right = s[:, None, :, None, :], s[:, None, None, :, :]
        mean = self._means[:, None, None, :]
        square = mean.square() + self._deviations.square()[:, None, None, :]
        f = 1 + mean * (left + right) + square * (left * right)
        return (mean + square * right) / f, square / f

    def network(self, state: Projected) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """gamma (R,), alpha (R,), beta (R, M), theta (R, M, D): in the large network's gamma, up to a limit."""
        spread, lean = 2 * (self.q * (1 - self.q)).sqrt(), 2 * self.q - 1
        theta = torch.atanh(state.s / (spread - lean * state.s)) / (2 * self.gamma)
        gamma = self.gamma.expand(len(theta))
        beta = state.weight * torch.exp(-log_feature_mean(gamma[:, None].expand(state.weight.shape), theta, self.q))
        return gamma, self.loss.mean - (state.weight * state.means).sum(1), beta, theta


def _size(s: Tensor, weight: Tensor, order: int = 2) -> Tensor:
    """Norm over N of weight (..., N) times the root mean squares of prod_d (1 + s_d x~_d), s (..., N, D)."""
    norm: Tensor = torch.linalg.vector_norm(weight * s.square().log1p().sum(-1).mul(0.5).exp(), order, dim=-1)
    return norm
