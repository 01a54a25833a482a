"""One environment explained: prediction, the way back, symmetric images, prototypes and exact shares of the sites."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rbfcore.distributions.base import InputDistribution
from rbfcore.explain.attribution import contributions, shapley_values
from rbfcore.lattice import Environment
from rbfcore.parameters import Parameters
from rbfcore.tensors import network_tensors


@dataclass(frozen=True, eq=False)
class Case:
    """What a network says about one input, in units of y.

    Attributes:
        value: f(x).
        mean: E_p[f].
        shapley: (D,) shares of the inputs, adding up to f(x) - E_p[f].
        images: (G,) f of the symmetric images, the first that of x itself; (1,) without a lattice.
        reverse: f of the surroundings of the way back, averaged over its images; None without a lattice,
            or where start and target are not equivalent.
    """

    value: float
    mean: float
    shapley: NDArray[np.float64]
    images: NDArray[np.float64]
    reverse: float | None

    @property
    def spread(self) -> float:
        """Largest less smallest of the images: 0 for a symmetric network."""
        return float(self.images.max() - self.images.min())

    @property
    def reaction(self) -> float | None:
        """E_final - E_initial = forward less reverse barrier."""
        return None if self.reverse is None else self.value - self.reverse


def explain_case(network: Parameters, p: InputDistribution, x: ArrayLike, env: Environment | None = None) -> Case:
    """Explain one input of a network.

    Args:
        network: K centroids over D inputs.
        p: what the other inputs are drawn from, see `shapley_values`.
        x: (D,) one input, -1/+1 for occupations.
        env: the lattice, for images and the way back.

    Raises:
        ValueError: x is not (D,), or as `shapley_values`.
    """
    x = np.asarray(x, dtype=np.float64)
    if x.shape != (network.n_inputs,):
        raise ValueError(f"x must be ({network.n_inputs},): one value per input of the network, got {x.shape}")
    if env is None:
        (value,), reverse = evaluate(network, x[None]), None
        images = np.array([value])
    else:
        images = evaluate(network, x[env.symmetry])
        value = images[0]
        reverse = float(evaluate(network, x[env.reverse]).mean()) if len(env.reverse) else None
    shares = shapley_values(network, p, x[None])[0]
    return Case(float(value), mean_value(network, p), shares, images, reverse)


def evaluate(network: Parameters, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """f of a few rows (N, D) -> (N,) in double precision, whatever precision the network is stored in."""
    return np.asarray(network.alpha + contributions(network, x).sum(1))


def mean_value(network: Parameters, p: InputDistribution) -> float:
    """E_p[f] for independent inputs or anything with feature means."""
    net = network_tensors(network)
    try:
        features = p.log_factor_means(net.gamma, net.theta).sum(1).exp()
    except ValueError:  # dependent inputs
        features = p.feature_mean(net.gamma, net.theta)
    return net.alpha + float(net.beta @ features)
