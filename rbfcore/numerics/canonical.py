"""Networks on -1/+1 inputs in canonical form: products of 1 + t x, where only slopes and amplitudes remain.

With features E[phi] prod_d (1 + t_d x~_d) as in `binary_features`, E[phi_i phi_j] is
E[phi_i] E[phi_j] prod_d (1 + t_id t_jd), without a transcendental per pair.

Source: METHODS Eq. (M10) to (M12), and Eq. (M15) for projections.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from rbfcore.numerics.binary_features import feature_coefficients, log_feature_mean
from rbfcore.numerics.hadamard import hadamard_of_matmuls

_GROUP = 3  # inputs per matrix product: all products of their t's give an inner size of 2**3
# Bytes for pairs of a centroid of the large network and a feature at once: intermediate values of all stay in cache.
_PAIRS = 2**18
_SMALLEST = 1e-6  # of 1 + t s, where float32 would round to 0
_FEATURES, _ROWS = 4, 2**11  # features whose second derivatives are taken at once, and centroids, for the same reason


@dataclass(frozen=True, eq=False)
class Canonical:
    """sum_i weight_i (prod_d (1 + t_id x~_d) - 1): a network less its mean.

    Attributes:
        t: (..., K, D) coefficients of the standardised inputs.
        weight: (..., K) beta_i E[phi_i], in units of y.
    """

    t: Tensor
    weight: Tensor

    @cached_property
    def monomials(self) -> Tensor:
        """The monomials (G, K, 2**g) of every group of inputs, of t (K, D)."""
        return _stacked(self.t[None])[:, 0]

    @cached_property
    def in_float32(self) -> "Canonical":
        """The same in float32."""
        return Canonical(self.t.float(), self.weight.float())


def canonical(gamma: Tensor, beta: Tensor, theta: Tensor, q: Tensor) -> Canonical:
    """Canonical form of a network: gamma (..., K), beta (..., K), theta (..., K, D), q (D,)."""
    return Canonical(feature_coefficients(gamma, theta, q), beta * torch.exp(log_feature_mean(gamma, theta, q)))


def _monomials(t: Tensor) -> Tensor:
    """All products of distinct columns: (N, g) -> (N, 2**g); bit i of the place says whether column i takes part."""
    products = t.new_ones(len(t), 1)
    for column in t.unbind(1):
        products = torch.cat([products, products * column[:, None]], 1)
    return products


def products(t: Tensor, s: Tensor) -> Tensor:
    """prod_d (1 + t_id s_jd): (..., K, D), (..., N, D) -> (..., K, N), as few matrix products; differentiable."""
    batch = t.shape[:-2]
    left, right = (_stacked(side.reshape(math.prod(batch), *side.shape[-2:])) for side in (t, s))
    return hadamard_of_matmuls(left, right.mT).view(*batch, t.shape[-2], s.shape[-2])


def _stacked(t: Tensor) -> Tensor:
    """Monomials of all groups, (B, K, D) -> (G, B, K, 2**g); the last group is filled up with zeros."""
    batch, rows, d = t.shape
    filled = torch.cat([t, t.new_zeros(batch, rows, -d % _GROUP)], 2)
    groups = filled.view(batch * rows, -1, _GROUP).transpose(0, 1)
    return _monomials(groups.reshape(-1, _GROUP)).view(len(groups), batch, rows, -1)


def projections(large: Canonical, s: Tensor) -> tuple[Tensor, Tensor]:
    """Inner products of the large network with features, and their derivatives.

    Args:
        large: (K, D); s: (N, D) coefficients of N features, in the precision to compute with.

    Returns:
        c (N,) = sum_i weight_i (prod_d (1 + t_id s_jd) - 1), and its derivatives by s, (N, D), both float64.
    """
    large = large if s.dtype == torch.float64 else large.in_float32
    right = _stacked(s[None])[:, 0].mT.contiguous()  # (G, 2**g, N)
    values, by_monomial = _projections(large, right)
    if not bool(by_monomial.isfinite().all()):  # a factor that is 0 but for rounding: no derivative there
        values, by_monomial = _projections(large, right, finite=True)
    return values, _by_coefficient(by_monomial, right)[: s.shape[1]].T.double()


def _projections(large: Canonical, right: Tensor, finite: bool = False) -> tuple[Tensor, Tensor]:
    """Inner products and their derivatives by the monomials (G, 2**g, N) of N features."""
    k, n = len(large.weight), right.shape[-1]
    by_monomial = torch.zeros_like(right)
    values = torch.zeros(n, dtype=torch.float64)
    size = max(1, _PAIRS // (n * right.element_size()))
    # The same memory for all rows, so that it is near.
    buffers = right.new_empty(len(right) * size * n), right.new_empty(size * n)
    for start in range(0, k, size):
        end = min(start + size, k)
        left, weight = large.monomials[:, start:end], large.weight[start:end, None]
        factors = torch.bmm(left, right, out=buffers[0][: len(right) * (end - start) * n].view(-1, end - start, n))
        whole = torch.mul(factors[0], weight, out=buffers[1][: (end - start) * n].view(-1, n))
        for factor in factors[1:]:
            whole.mul_(factor)
        # Each factor is positive: the mean of a product of two positive functions, in units of their own means.
        ratios = torch.div(whole, factors, out=factors)
        by_monomial.baddbmm_(left.mT, ratios.nan_to_num_(0, 0, 0) if finite else ratios)
        values += whole.sub_(weight).sum(0)
    return values, by_monomial


def _by_coefficient(by_monomial: Tensor, monomials: Tensor) -> Tensor:
    """Derivatives by s (G g, N) from those by their monomials (G, 2**g, N); both are multilinear in the columns."""
    derivatives = []
    for column in range(_GROUP):
        holding = [place for place in range(2**_GROUP) if place >> column & 1]
        without = [place - 2**column for place in holding]
        derivatives.append((by_monomial[:, holding] * monomials[:, without]).sum(1))
    return torch.stack(derivatives, 1).flatten(0, 1)


def cross_hessians(large: Canonical, s: Tensor) -> Tensor:
    """Second derivatives of the projections c_j by s_jd and s_je for d != e, (N, D, D), to single precision.

    They only shape a step, so float32 is enough. The diagonal is not meaningful: c is linear in every s_jd.
    """
    features, d = s.float(), s.shape[1]
    right = _stacked(features[None]).mT  # (G, 1, 2**g, N)
    result = torch.zeros(*s.shape, d)
    buffers = result.new_empty(_FEATURES * _ROWS * d), result.new_empty(_FEATURES * _ROWS * d)
    for first in range(0, len(large.weight), _ROWS):
        part = slice(first, first + _ROWS)
        t, weight = large.in_float32.t[part], large.in_float32.weight[part, None]
        means = hadamard_of_matmuls(large.in_float32.monomials[:, None, part], right)[0]
        weighted = (means * weight).T.contiguous()  # (N, k)
        for start in range(0, len(s), _FEATURES):
            rows = slice(start, start + _FEATURES)
            some = features[rows, None, :]
            factor, times = (r[: len(some) * t.numel()].view(len(some), *t.shape) for r in buffers)
            torch.mul(some, t, out=factor).add_(1).clamp_min_(_SMALLEST)
            torch.div(t, factor, out=factor)  # t_id / (1 + t_id s_jd)
            result[rows].baddbmm_(factor.mT, torch.mul(factor, weighted[rows, :, None], out=times))
    return result.to(s.dtype)
