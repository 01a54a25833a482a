"""The numbers of a network as plain numpy arrays, for code that must not wait for torch to load."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rbfcore.numerics.binary_features import slopes as feature_slopes
from rbfcore.run_card import RunCard


@dataclass(frozen=True, eq=False)
class Parameters:
    """Parameters of f(x) = alpha + sum_i beta_i exp(-gamma_i |x - theta_i|^2), Eq. (2).

    Attributes:
        alpha: offset, in units of y.
        beta: (K,) weights, in units of y.
        gamma: () shared or (K,) per centroid, > 0, in units of 1/x^2.
        centroids: (K, D) theta, in units of x.
        metadata: what is known about the network as it is stored, values that JSON can hold; `card` reads them.
    """

    alpha: float
    beta: NDArray[np.floating]
    gamma: NDArray[np.floating]
    centroids: NDArray[np.floating]
    metadata: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def checked(
        cls,
        alpha: ArrayLike,
        beta: ArrayLike,
        gamma: ArrayLike,
        centroids: ArrayLike,
        metadata: dict[str, Any] | None = None,
    ) -> "Parameters":
        """Parameters whose shapes and values have been checked.

        Raises:
            ValueError: shapes do not fit each other, a value is not finite, or gamma is not positive.
        """
        alpha, beta, gamma, centroids = (np.asarray(a) for a in (alpha, beta, gamma, centroids))
        if centroids.ndim != 2 or 0 in centroids.shape:
            raise ValueError(f"centroids must be (K, D) with K, D >= 1, got shape {centroids.shape}")
        n_centroids = centroids.shape[0]
        if alpha.size != 1:
            raise ValueError(f"alpha must be one number, got shape {alpha.shape}")
        if beta.shape != (n_centroids,):
            raise ValueError(f"beta must be ({n_centroids},): one weight per centroid, got shape {beta.shape}")
        if gamma.size == 1 and gamma.shape != (n_centroids,):
            gamma = gamma.reshape(())
        if gamma.shape not in ((), (n_centroids,)):
            raise ValueError(f"gamma must be one number or ({n_centroids},): one per centroid, got shape {gamma.shape}")
        named = (("alpha", alpha), ("beta", beta), ("gamma", gamma), ("centroids", centroids))
        for name, values in named:
            if not np.issubdtype(values.dtype, np.number) or not np.isfinite(values).all():
                raise ValueError(f"{name} must be finite numbers, got NaN, infinity or another type")
        if (gamma <= 0).any():
            raise ValueError(f"gamma must be > 0, got {gamma.min():g}")
        return cls(float(alpha.reshape(())), beta, gamma, centroids, dict(metadata or {}))

    @cached_property
    def card(self) -> RunCard:
        """What is known about the network, typed."""
        return RunCard.from_dict(self.metadata)

    @property
    def n_centroids(self) -> int:
        return int(self.centroids.shape[0])

    @property
    def n_inputs(self) -> int:
        return int(self.centroids.shape[1])

    def fingerprint(self) -> str:
        """16 hex digits that name the function: equal parameters in equal precision, equal fingerprint."""
        digest = hashlib.sha256()
        for values in (self.alpha, self.beta, self.gamma, self.centroids):
            array = np.ascontiguousarray(values, dtype="<f8")
            digest.update(repr(array.shape).encode() + array.tobytes())
        return digest.hexdigest()[:16]


class HasParameters(Protocol):
    """A network that can say its numbers, such as `rbfcore.RBFN`."""

    def plain(self) -> Parameters: ...


def parameters_of(network: HasParameters | Parameters) -> Parameters:
    """The numbers of a network, whichever way it is held."""
    return network if isinstance(network, Parameters) else network.plain()


def gamma_of_each(parameters: Parameters) -> NDArray[np.float64]:
    """(K,) gamma of every centroid, shared or not."""
    return np.broadcast_to(np.asarray(parameters.gamma, dtype=np.float64), (parameters.n_centroids,))


def slopes(network: HasParameters | Parameters) -> NDArray[np.float64]:
    """(K, D): 2 gamma theta, all that -1/+1 inputs can tell about a centroid besides its amplitude."""
    parameters = parameters_of(network)
    return feature_slopes(gamma_of_each(parameters), parameters.centroids.astype(np.float64))


def peaks(network: HasParameters | Parameters) -> NDArray[np.float64]:
    """(K,) the contribution of each centroid to the environment that suits it best, in units of y.

    beta exp(-gamma sum_d (|theta_d| - 1)^2), reached at x = sign(theta). Unlike beta, which is reached at x = theta
    and so at no environment, it does not change when gamma and theta are rescaled against each other.
    """
    parameters = parameters_of(network)
    distance = np.square(np.abs(parameters.centroids.astype(np.float64)) - 1).sum(1)
    height: NDArray[np.float64] = np.exp(-gamma_of_each(parameters) * distance)
    return parameters.beta.astype(np.float64) * height
