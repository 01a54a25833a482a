"""Figures that say how far to trust a pruned network as an explanation."""

import math

import numpy as np
import torch

from rbfcore.distributions.base import InputDistribution
from rbfcore.network import RBFN
from rbfcore.parameters import peaks
from rbfcore.tensors import network_tensors

_SAMPLES = 4096
FLOAT32_SAFE = 1e-3  # largest error of single precision, as a share of the large network's standard deviation


def sum_of_amplitudes(network: RBFN, p: InputDistribution) -> float:
    """Sum of the prototypes' largest contributions, in units of y.

    On -1/+1 inputs the contribution to the environment that suits each best, which does not depend on the gauge;
    elsewhere |beta|. A sum far above the spread of y means prototypes that cancel each other.
    """
    if p.binary_inputs:
        return float(np.abs(peaks(network)).sum())
    return float(network.beta.detach().abs().sum())


@torch.no_grad()
def by_contribution(network: RBFN, p: InputDistribution) -> RBFN:
    """The same network with its prototypes in order of Var_p[beta_i phi_i], largest first."""
    beta, theta = network.beta.detach(), network.centroids.detach()
    gamma = network.gamma.detach().expand(len(beta))
    spread = beta.square() * (p.feature_mean(2 * gamma, theta) - p.feature_mean(gamma, theta).square())
    order = torch.argsort(spread, descending=True, stable=True)
    width = gamma[order] if network.log_gamma.ndim else network.gamma.detach()
    return RBFN.from_parameters(network.alpha, beta[order], width, theta[order])


@torch.no_grad()
def condition(network: RBFN, p: InputDistribution) -> float:
    """Condition of the matrix of correlations between the prototypes' features; inf where features coincide."""
    p = p.for_inputs(network.n_inputs)
    net = network_tensors(network)
    means = p.feature_mean(net.gamma, net.theta)
    covariance = p.expectation(net.gamma, net.theta, net.gamma, net.theta) - means[:, None] * means
    scale = torch.diagonal(covariance).clamp_min(1e-300).sqrt()
    values = torch.linalg.eigvalsh(covariance / (scale[:, None] * scale))
    return float(values[-1] / values[0]) if float(values[0]) > 0 else math.inf


@torch.no_grad()
def float32_error(network: RBFN, p: InputDistribution) -> float:
    """Largest difference between single and double precision on sampled inputs, in units of y; inf if not finite."""
    x = p.for_inputs(network.n_inputs).sample(_SAMPLES, seed=0)
    exact = RBFN.from_plain(network.plain()).double().predict(x)
    single = RBFN.from_plain(network.plain()).float().predict(x).astype(np.float64)
    error = float(np.abs(single - exact).max())
    return error if math.isfinite(error) else math.inf
