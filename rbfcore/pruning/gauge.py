"""The gauge of networks on -1/+1 inputs: gamma can be chosen freely, centroids and weights follow."""

import math

import torch

from rbfcore.network import RBFN


def regauge(network: RBFN, gamma: float) -> RBFN:
    """The same function of -1/+1 inputs with another gamma.

    Args:
        network: any network; its slopes 2 gamma theta and its values on -1/+1 inputs do not change.
        gamma: new width, one for all centroids, > 0.

    Returns:
        A network in the same precision. On other inputs it is another function.

    Raises:
        ValueError: gamma is not positive, or a weight or a feature of the new network is too large or too small for
            the network's precision.

    Source: METHODS Eq. (M9), exp(-gamma |x - theta|^2) = exp(-gamma (|theta|^2 + D)) exp(2 gamma theta . x) where
    x_d^2 = 1.
    """
    if not (gamma > 0 and math.isfinite(gamma)):
        raise ValueError(f"gamma must be > 0 and finite, got {gamma}")
    dtype = network.centroids.dtype
    theta, beta = network.centroids.detach().double(), network.beta.detach().double()
    old = network.gamma.detach().double().expand(len(beta))
    moved = theta * (old / gamma)[:, None]
    d = theta.shape[1]
    change = gamma * (moved.square().sum(1) + d) - old * (theta.square().sum(1) + d)
    largest = math.log(torch.finfo(dtype).max)
    size = torch.where(beta == 0, -math.inf, beta.abs().log() + change)
    nearest = gamma * (moved.abs() - 1).square().sum(1)  # -log of the feature at the input that suits it best
    for name, value in (("weights", float(size.max())), ("features", float(nearest.max()))):
        if value > largest - 1:
            raise ValueError(
                f"gamma {gamma:g} needs {name} of e^{'-' if name == 'features' else ''}{value:.0f}, out of the range "
                f"of {str(dtype).removeprefix('torch.')}: choose gamma closer to {float(old.mean()):g}"
            )
    return RBFN.from_parameters(network.alpha.detach(), (beta * change.exp()).to(dtype), gamma, moved.to(dtype))
