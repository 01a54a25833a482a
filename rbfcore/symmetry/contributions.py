"""The contributions of prototypes, beta_i phi_i(x), as vectors of L2(p): correlations and standard deviations.

They are functions of x: rescaling gamma and theta against each other on -1/+1 inputs leaves them as they are.
Everything is taken relative to the features' expectations, Cov[phi_i, phi_j] / (E[phi_i] E[phi_j]), which under
Bernoulli inputs is prod_d (1 + t_id t_jd) - 1: nothing in it can underflow, whatever the gauge.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rbfcore.distributions.base import InputDistribution
from rbfcore.numerics.binary_features import feature_coefficients, log_feature_mean, product_excess
from rbfcore.numerics.canonical import products
from rbfcore.parameters import Parameters
from rbfcore.tensors import network_tensors


@torch.no_grad()
def correlations(a: Parameters, b: Parameters, p: InputDistribution) -> NDArray[np.float64]:
    """(M, N) correlation under p of each contribution of a with each of b; 0 where one of them does not vary."""
    spread = (_relative_variances(a, p)[:, None] * _relative_variances(b, p)).sqrt()
    table = _relative_covariances(a, b, p) / torch.where(spread > 0, spread, torch.inf)
    signs = np.sign(a.beta.astype(np.float64))[:, None] * np.sign(b.beta.astype(np.float64))
    return np.asarray(np.clip(table.numpy(), -1, 1) * signs)


@torch.no_grad()
def paired_correlations(a: Parameters, b: Parameters, p: InputDistribution) -> NDArray[np.float64]:
    """(M,) correlation of feature i of a with feature i of b, two networks of M; 1 where one of them is constant."""
    spread = (_relative_variances(a, p) * _relative_variances(b, p)).sqrt()
    return np.asarray(np.clip(torch.where(spread > 0, _paired_covariances(a, b, p) / spread, 1.0).numpy(), -1, 1))


@torch.no_grad()
def standard_deviations(plain: Parameters, p: InputDistribution) -> NDArray[np.float64]:
    """(M,) standard deviation of each contribution under p, in units of y."""
    return np.asarray(
        np.abs(plain.beta.astype(np.float64)) * (_means(plain, p) * _relative_variances(plain, p).sqrt()).numpy()
    )


def _relative_variances(plain: Parameters, p: InputDistribution) -> Tensor:
    """(M,) relative variances >= 0."""
    return _paired_covariances(plain, plain, p).clamp_min(0)


def _relative_covariances(a: Parameters, b: Parameters, p: InputDistribution) -> Tensor:
    """(M, N) relative covariances of all pairs; features whose expectation underflows count as constant."""
    q = p.independent_sites()
    if q is not None:
        return products(_coefficients(a, q), _coefficients(b, q)) - 1
    one, other = network_tensors(a), network_tensors(b)
    return _less_product_of_means(
        p.expectation(one.gamma, one.theta, other.gamma, other.theta), _means(a, p)[:, None] * _means(b, p)
    )


def _paired_covariances(a: Parameters, b: Parameters, p: InputDistribution) -> Tensor:
    """(M,) relative covariances of feature i with feature i."""
    q = p.independent_sites()
    if q is not None:
        return product_excess(_coefficients(a, q) * _coefficients(b, q))
    one, other = network_tensors(a), network_tensors(b)
    pairs = (one.gamma[:, None], one.theta[:, None], other.gamma[:, None], other.theta[:, None])
    both = p.expectation(*pairs)[:, 0, 0]
    return _less_product_of_means(both, _means(a, p) * _means(b, p))


def _less_product_of_means(both: Tensor, means: Tensor) -> Tensor:
    return torch.where(means > 0, both / torch.where(means > 0, means, 1.0) - 1, 0.0)


def _coefficients(plain: Parameters, q: Tensor) -> Tensor:
    """(M, D) t of the standardised inputs."""
    net = network_tensors(plain)
    return feature_coefficients(net.gamma, net.theta, q)


def _means(plain: Parameters, p: InputDistribution) -> Tensor:
    """(M,) E[phi]."""
    net, q = network_tensors(plain), p.independent_sites()
    if q is not None:
        return log_feature_mean(net.gamma, net.theta, q).exp()
    return p.feature_mean(net.gamma, net.theta)
