"""A network under independent inputs as inner products: all that exact indices need.

Every feature is a product over inputs, and under p(x) every factor is a vector: its values at the letters (or nodes) of
the input, times the roots of their probabilities. Turned so that the first coordinate is along the constant function,
the factor phi_id / |phi_id| becomes (m_id, T_id) with m its mean and T all that varies: E[phi_id phi_jd] is
m_id m_jd + T_id . T_jd, without a transcendental per pair and without cancellation. Unit length keeps every product in
[0, 1], however far out centroids are.

Source: METHODS Eq. (M16).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from rbfcore.distributions.base import InputDistribution
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters
from rbfcore.tensors import network_tensors

_COMPRESS_ABOVE = 8  # coordinates of an input beyond which directions that no feature uses are dropped
_NEGLIGIBLE = 1e-10  # relative size of such a direction; covariances see its square


@dataclass(frozen=True, eq=False)
class Factors:
    """f(x) = alpha + sum_i sign_i exp(log_weight_i) prod_d (m_id + T_id . e_d(x_d)), e_d orthonormal with mean 0.

    Attributes:
        alpha: offset.
        sign: (K,) -1, 0 or 1; log_weight: (K,).
        log_means: (K, D) log m, at most 0.
        varying: D tensors T (K, R_d).
    """

    alpha: float
    sign: Tensor
    log_weight: Tensor
    log_means: Tensor
    varying: tuple[Tensor, ...]

    @property
    def weight(self) -> Tensor:
        """(K,)"""
        return self.sign * self.log_weight.exp()

    @property
    def mean(self) -> float:
        """E[f]."""
        return self.alpha + float((self.sign * (self.log_weight + self.log_means.sum(1)).exp()).sum())


def factors(network: RBFN | Parameters, p: InputDistribution) -> Factors:
    """The network as inner products under independent inputs.

    Raises:
        ValueError: inputs of p are not independent, or p is over another number of inputs.
    """
    net = network_tensors(network)
    means, varying = [], []
    log_weight = net.beta.abs().log()
    for d, (values, log_chances) in enumerate(p.alphabets(net.gamma, net.theta)):
        logs = log_chances / 2 - net.gamma[:, None] * (net.theta[:, d, None] - values).square()  # (K, V)
        norm = (2 * logs).logsumexp(1, keepdim=True) / 2
        log_weight = log_weight + norm[:, 0]
        means.append((logs - norm + log_chances / 2).logsumexp(1).clamp_max(0))
        varying.append(_varying((logs - norm).exp(), (log_chances / 2).exp()))
    return Factors(net.alpha, net.beta.sign(), log_weight, torch.stack(means, 1), tuple(varying))


def _varying(vectors: Tensor, constant: Tensor) -> Tensor:
    """Coordinates (K, R) of unit vectors (K, V) orthogonal to the unit vector `constant` (V,)."""
    mirror = constant.clone()
    mirror[0] += 1  # the reflection that takes `constant` to minus the first axis
    turned = (vectors - (vectors @ mirror)[:, None] * (2 / mirror.square().sum()) * mirror)[:, 1:]
    if turned.shape[1] <= _COMPRESS_ABOVE:
        return turned
    _, size, directions = torch.linalg.svd(torch.linalg.qr(turned, mode="r").R)
    used = max(1, int((size > _NEGLIGIBLE * size[0]).sum()))
    coordinates: Tensor = turned @ directions[:used].T
    return coordinates
