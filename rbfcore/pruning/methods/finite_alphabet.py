"""Pruning on inputs of a few values each, such as sites that hold one of several elements, in the centroids alone.

A feature prod_d exp(-gamma (x_d - theta_d)^2), divided by its mean, is a product of factors a(x_d, theta_d) of mean 1,
and <psi_j, psi_l> + 1 = prod_d E[a_jd a_ld] a product of sums over the letters: all V^D inputs in closed form.

Source: METHODS section 7.3.
"""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from rbfcore.distributions.finite import Finite
from rbfcore.pruning.methods.candidates import Candidates
from rbfcore.pruning.methods.gauss_newton import GaussNewtonSettings, gauss_newton_steps
from rbfcore.pruning.methods.lbfgs import LbfgsSettings, lbfgs_steps
from rbfcore.pruning.methods.projection import ProjectedLoss
from rbfcore.pruning.methods.slopes import Projected, projected
from rbfcore.pruning.objective import PruningLoss

_BEYOND = 4.0  # centroids stay within this many spreads of the letters, or widths of a feature, from their middle
_WIDE = 0.02  # gamma of the first stage, for letters that lie between -1 and 1
_POLISH = 1e-3  # tolerance of the second stage
_BLOCK = 2**21  # numbers of a (rows, features, D) tensor held at once


class AlphabetProblem:
    """Pruning of one large network under a finite alphabet for each input, with one gamma that stays as it is.

    Args:
        loss: Eq. (5) of the large network under p.
        p: the alphabets, over the same D inputs.
        gamma: width of all prototypes.
        ridge, offset_penalty: as `SlopeProblem`.
    """

    cross_hessians = None  # only Gauss-Newton steps are taken

    def __init__(self, loss: PruningLoss, p: Finite, gamma: Tensor, ridge: float, offset_penalty: float) -> None:
        self.loss, self.gamma, self.ridge, self.offset_penalty = loss, gamma, ridge, offset_penalty
        self.variance = loss.variance
        d = loss.Z.shape[1]
        self._values = p.values.expand(d, -1)  # (D, V)
        self._chances = p.probabilities.expand(d, -1)
        weight = loss.b * p.feature_mean(loss.k, loss.Z)
        kept = weight != 0
        self._weight, self._large = weight[kept], self._factors(loss.Z[kept], loss.k[kept, None, None])[0]
        middle = (self._values.amax(1) + self._values.amin(1)) / 2
        reach = _BEYOND * torch.maximum((self._values.amax(1) - self._values.amin(1)) / 2, (2 * gamma) ** -0.5)
        self.low, self.high = middle - reach, middle + reach

    def inside(self, s: Tensor) -> Tensor:
        """Centroids (..., D) moved within reach of the letters."""
        return torch.minimum(torch.maximum(s, self.low), self.high)

    def _factors(self, theta: Tensor, gamma: Tensor) -> tuple[Tensor, Tensor]:
        """a times the root of the letters' probabilities, and its derivative by theta: (..., D) -> (..., D, V)."""
        away = self._values - theta[..., None]
        exponent = -gamma * away.square()
        raw = torch.exp(exponent - exponent.amax(-1, keepdim=True))
        a = raw / (raw * self._chances).sum(-1, keepdim=True)
        steep = 2 * gamma * away
        slope = a * (steep - (a * steep * self._chances).sum(-1, keepdim=True))
        root = self._chances.sqrt()
        return a * root, slope * root

    def evaluate(self, s: Tensor, _single: bool = False, /) -> Projected:
        """Best weights, loss and first derivatives for R sets of centroids (R, M, D)."""
        runs, m, d = s.shape
        a, slope = self._factors(s, self.gamma)
        gram = torch.ones(runs, m, m, dtype=s.dtype)
        for factor in a.unbind(-2):  # (R, M, V)
            gram = gram.mul_(factor @ factor.mT)
        c, projection_gradient = self._projections(a.flatten(0, 1), slope.flatten(0, 1))
        means = torch.ones_like(s[..., 0]), torch.zeros_like(s)
        return projected(self, s, gram[:, None], means, (c.view(runs, m), projection_gradient.view(runs, m, d)))

    def _projections(self, a: Tensor, slope: Tensor) -> tuple[Tensor, Tensor]:
        """<f_K, psi_j> (N,) and its derivatives by the centroids (N, D) of N features (N, D, V)."""
        n, d, _ = a.shape
        c, projection_gradient = a.new_zeros(n), a.new_zeros(n, d)
        size = max(1, _BLOCK // (n * d))
        for large, weight in zip(self._large.split(size), self._weight.split(size), strict=True):
            factors = torch.einsum("kdv,ndv->dkn", large, a)  # all positive
            both = factors.prod(0) * weight[:, None]
            c += (both - weight[:, None]).sum(0)
            moved = torch.einsum("kdv,ndv->dkn", large, slope)
            projection_gradient += torch.einsum("dkn,kn->nd", moved / factors, both)
        return c, projection_gradient

    def rounding(self, state: Projected) -> Tensor:
        """Float32 is not taken here."""
        return torch.full_like(state.loss, torch.inf)

    def slopes_of_factors(self, s: Tensor) -> tuple[Tensor, Tensor]:
        """Of the factors F_d = E[a_jd a_ld]: derivatives by s_jd, by s_jd and s_ld, over F_d, (R, 1, j, l, D)."""
        a, slope = self._factors(s, self.gamma)
        f = torch.einsum("rjdv,rldv->rjld", a, a)
        by_one, by_both = (torch.einsum("rjdv,rldv->rjld", slope, other) / f for other in (a, slope))
        return by_one[:, None], by_both[:, None]

    def network(self, state: Projected) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """gamma (R,), alpha (R,), beta (R, M), theta (R, M, D)."""
        gamma = self.gamma.expand(len(state.s))
        flat = state.s.flatten(0, 1)
        means = self.loss.p.feature_mean(self.gamma.expand(len(flat)), flat).view_as(state.weight)
        return gamma, self.loss.mean - state.weight.sum(1), state.weight / means, state.s


def alphabet_steps(
    loss: PruningLoss, p: Finite, n_prototypes: int, restarts: int, seed: int, settings: GaussNewtonSettings
) -> Iterator[Candidates]:
    """Gauss-Newton steps in the centroids at one wide gamma, then L-BFGS with gamma free; yields after every step.

    From wide features, which are near-exponentials, the descent ended 7 to 40 % below L-BFGS from the large network's
    own gamma on trained networks, at equal penalties; on rough ones it can be the other way round. So the better half
    of the restarts goes on from where Gauss-Newton led, and the other half begins anew. `settings.slope_cap`, growing
    and exchanges have no part in it.

    Args:
        p: the alphabets of `loss`.
    """
    half = (p.values.amax() - p.values.amin()) / 2
    gamma = torch.minimum(loss.k.log().mean().exp(), _WIDE / half.square())
    problem = AlphabetProblem(loss, p, gamma, settings.ridge, settings.offset_penalty)
    _, theta = ProjectedLoss(loss, p, settings.ridge, settings.offset_penalty).starts(n_prototypes, restarts, seed)
    for candidates in gauss_newton_steps(problem, problem.inside(theta), settings):
        yield replace(candidates, running=restarts)
    rest = LbfgsSettings(
        ridge=settings.ridge,
        offset_penalty=settings.offset_penalty,
        tolerance=max(_POLISH, settings.tolerance),
        max_iterations=settings.max_iterations,
    )
    best = candidates.losses.argsort()[: -(-restarts // 2)]
    start = (candidates.gamma[best, None].expand(-1, n_prototypes), candidates.theta[best])
    yield from lbfgs_steps(loss, n_prototypes, restarts, seed, rest, start=start)
