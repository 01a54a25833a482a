"""Networks on -1/+1 inputs in canonical form: products of 1 + t x, where only slopes and amplitudes remain.

On x = -1/+1 a Gaussian feature is exp(-gamma |x - theta|^2) = E[phi] prod_d (1 + t_d x~_d) with x~ standardised under
Bernoulli(q), and t depends on gamma and theta through the slope 2 gamma theta alone. Then
E[phi_i phi_j] = E[phi_i] E[phi_j] prod_d (1 + t_id t_jd), without a transcendental per pair.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from rbfcore.distributions.hadamard import hadamard_of_matmuls

_GROUP = 4  # inputs per matrix product: all products of their t's give an inner size of 2**4
# Pairs of a centroid of the large network and a feature handled at once, so that the intermediate values stay in cache.
_PAIRS = 2**15
_FEATURES = 4  # features whose second derivatives are taken at once, for the same reason


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
    def monomials(self) -> list[Tensor]:
        """The monomials (K, 2**g) of every group of inputs."""
        return [_monomials(self.t[:, group]) for group in _groups(self.t.shape[1])]


def coefficients(tanh: Tensor, q: Tensor) -> Tensor:
    """t of standardised inputs from tanh of the slope; equal to it at q = 1/2. Shapes (..., D) and (D,)."""
    return 2 * (q * (1 - q)).sqrt() * tanh / (1 + (2 * q - 1) * tanh)


def coefficient_slopes(tanh: Tensor, q: Tensor) -> Tensor:
    """d t / d tanh, (..., D)."""
    return 2 * (q * (1 - q)).sqrt() / (1 + (2 * q - 1) * tanh).square()


def log_feature_mean(gamma: Tensor, theta: Tensor, q: Tensor) -> Tensor:
    """log E[exp(-gamma |x - theta|^2)] under Bernoulli(q) on -1/+1: gamma (...), theta (..., D) -> (...)."""
    slope = 2 * gamma.unsqueeze(-1) * theta
    towards = torch.logaddexp(slope + q.log(), torch.log1p(-q) - slope)
    return (towards - gamma.unsqueeze(-1) * (theta.square() + 1)).sum(-1)


def canonical(gamma: Tensor, beta: Tensor, theta: Tensor, q: Tensor) -> Canonical:
    """Canonical form of a network: gamma (..., K), beta (..., K), theta (..., K, D), q (D,)."""
    tanh = torch.tanh(2 * gamma.unsqueeze(-1) * theta)
    return Canonical(coefficients(tanh, q), beta * torch.exp(log_feature_mean(gamma, theta, q)))


def _groups(d: int) -> list[slice]:
    return [slice(start, start + _GROUP) for start in range(0, d, _GROUP)]


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
        large: (K, D); s: (N, D) coefficients of N features.

    Returns:
        c (N,) = sum_i weight_i (prod_d (1 + t_id s_jd) - 1), and its derivatives by s, (N, D).
    """
    groups = _groups(s.shape[1])
    right = [_monomials(s[:, group]) for group in groups]
    pulled = [torch.zeros_like(r) for r in right]  # (N, 2**g): derivatives by the monomials
    values = torch.zeros(len(s), dtype=s.dtype)
    size = max(1, _PAIRS // len(s))
    for start in range(0, len(large.weight), size):
        rows = slice(start, start + size)
        left, weight = [monomials[rows] for monomials in large.monomials], large.weight[rows]
        factors = [a @ b.T for a, b in zip(left, right, strict=True)]
        after = [weight[:, None].expand_as(factors[0])]  # products of the factors behind, times the weight
        for factor in reversed(factors):
            after.append(after[-1] * factor)
        values += (after[-1] - weight[:, None]).sum(0)
        before = None
        for number, factor in enumerate(factors):
            rest = after[-2 - number]
            pulled[number].addmm_((rest if before is None else rest * before).T, left[number])
            before = factor if before is None else before * factor
    return values, torch.cat([_pull(p, s[:, g]) for p, g in zip(pulled, groups, strict=True)], 1)


def _pull(pulled: Tensor, s: Tensor) -> Tensor:
    """Derivatives by the columns s (N, g) from those by their monomials (N, 2**g)."""
    width = s.shape[1]
    derivatives = []
    for column in range(width):
        others = _monomials(torch.cat([s[:, :column], s[:, column + 1 :]], 1))  # (N, 2**(g - 1))
        with_column = [place for place in range(2**width) if place >> column & 1]
        derivatives.append((pulled[:, with_column] * others).sum(1))
    return torch.stack(derivatives, 1)


def bends(large: Canonical, s: Tensor) -> Tensor:
    """Second derivatives of the projections c_j by s_jd and s_je for d != e, (N, D, D), to single precision.

    They only shape a step, so float32 is enough. The diagonal is not meaningful: c is linear in every s_jd.
    """
    features, one = s.float(), torch.ones(())
    result = torch.zeros(*s.shape, s.shape[1])
    size = _PAIRS // _FEATURES
    for t, weight in zip(large.t.float().split(size), large.weight.float().split(size), strict=True):
        weighted = (products(t, features) * weight[:, None]).T.contiguous()  # (N, k)
        for start in range(0, len(s), _FEATURES):
            rows = slice(start, start + _FEATURES)
            factor = t / torch.addcmul(one, features[rows, None, :], t)  # (n, k, D): t_id / (1 + t_id s_jd)
            result[rows] += factor.mT @ factor.mul(weighted[rows, :, None])
    return result.to(s.dtype)
