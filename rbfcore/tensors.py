"""The numbers of a network as torch tensors in float64, as exact sums over its centroids take them."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rbfcore.parameters import HasParameters, Parameters, parameters_of


@dataclass(frozen=True, eq=False)
class NetworkTensors:
    """f(x) = alpha + sum_i beta_i exp(-gamma_i |x - theta_i|^2), detached.

    Attributes:
        alpha: offset, in units of y.
        beta: (K,), in units of y; gamma: (K,) one for every centroid; theta: (K, D).
    """

    alpha: float
    beta: Tensor
    gamma: Tensor
    theta: Tensor


def network_tensors(network: HasParameters | Parameters) -> NetworkTensors:
    """The network's numbers as float64 tensors of their own."""
    parameters = parameters_of(network)
    beta, gamma, theta = (
        torch.as_tensor(part).double().clone() for part in (parameters.beta, parameters.gamma, parameters.centroids)
    )
    return NetworkTensors(float(parameters.alpha), beta, gamma.expand(len(beta)), theta)
