"""The radial basis function network, Eq. (2)."""

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from rbfcore.parameters import Parameters


class RBFN(nn.Module):
    """f(x) = alpha + sum_i beta_i exp(-gamma_i |x - theta_i|^2).

    Attributes:
        alpha: () offset, in units of y.
        beta: (K,) weights, in units of y.
        log_gamma: () shared or (K,) per centroid; gamma in units of 1/x^2.
        centroids: (K, D) theta, in units of x.

    Args:
        n_inputs: D.
        n_centroids: K.
        per_centroid_gamma: one width per centroid. On -1/+1 data this adds nothing (gamma is a gauge there).
        generator: source of the random start: alpha, beta, theta uniform in [-2, 2], log gamma uniform in
            -log D +- 0.1, as the paper's own program draws them.

    Raises:
        ValueError: n_inputs or n_centroids is not a positive whole number.

    Source: Eq. (2).
    """

    alpha: nn.Parameter
    beta: nn.Parameter
    log_gamma: nn.Parameter
    centroids: nn.Parameter

    def __init__(
        self,
        n_inputs: int,
        n_centroids: int,
        *,
        per_centroid_gamma: bool = False,
        dtype: torch.dtype = torch.float32,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        for name, value in (("n_inputs", n_inputs), ("n_centroids", n_centroids)):
            if not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} must be a whole number >= 1, got {value!r}")

        def uniform(shape: tuple[int, ...], reach: float, centre: float = 0.0) -> nn.Parameter:
            draw = torch.rand(shape, generator=generator, dtype=torch.float64)
            return nn.Parameter((centre + reach * (2 * draw - 1)).to(dtype))

        self.alpha = uniform((), 2.0)
        self.beta = uniform((n_centroids,), 2.0)
        self.log_gamma = uniform((n_centroids,) if per_centroid_gamma else (), 0.1, -math.log(n_inputs))
        self.centroids = uniform((n_centroids, n_inputs), 2.0)

    @classmethod
    def from_parameters(
        cls,
        alpha: ArrayLike | Tensor,
        beta: ArrayLike | Tensor,
        gamma: ArrayLike | Tensor,
        centroids: ArrayLike | Tensor,
    ) -> "RBFN":
        """A network with given parameters, in the precision of the centroids.

        Args:
            alpha: one number; beta: (K,); gamma: one number or (K,), > 0; centroids: (K, D).

        Raises:
            ValueError: shapes do not fit each other, a value is not finite, or gamma is not positive.
        """
        return cls.from_plain(Parameters.checked(_array(alpha), _array(beta), _array(gamma), _array(centroids)))

    @classmethod
    def from_plain(cls, parameters: Parameters) -> "RBFN":
        """A network with these parameters: float32 if the centroids are float32, else float64."""
        dtype = torch.float32 if parameters.centroids.dtype == np.float32 else torch.float64
        network = cls.__new__(cls)
        nn.Module.__init__(network)
        gamma = torch.as_tensor(np.array(parameters.gamma), dtype=torch.float64)
        network.alpha = nn.Parameter(torch.tensor(parameters.alpha, dtype=dtype))
        network.beta = nn.Parameter(torch.tensor(np.array(parameters.beta), dtype=dtype))
        network.log_gamma = nn.Parameter(gamma.log().to(dtype))
        network.centroids = nn.Parameter(torch.tensor(np.array(parameters.centroids), dtype=dtype))
        return network

    @property
    def n_centroids(self) -> int:
        return int(self.centroids.shape[0])

    @property
    def n_inputs(self) -> int:
        return int(self.centroids.shape[1])

    @property
    def gamma(self) -> Tensor:
        """() or (K,): exp(log_gamma)."""
        return self.log_gamma.exp()

    def plain(self, **metadata: Any) -> Parameters:
        """The parameters as numpy arrays, detached; the keywords become the metadata."""
        alpha, beta, centroids = (p.detach().cpu().numpy().copy() for p in (self.alpha, self.beta, self.centroids))
        gamma = self.log_gamma.detach().double().exp().cpu().numpy().copy()
        return Parameters(float(alpha), beta, gamma, centroids, metadata)

    def features(self, x: Tensor) -> Tensor:
        """(N, D) -> (N, K): phi_i(x) = exp(-gamma_i |x - theta_i|^2), each in [0, 1]."""
        # Squares are expanded about the mean centroid, so that data far from zero lose no digits.
        origin = self.centroids.detach().mean(0)
        x, theta = x - origin, self.centroids - origin
        squared = x.square().sum(1, keepdim=True) + theta.square().sum(1) - 2 * x @ theta.T
        return torch.exp(-self.gamma * squared.clamp_min(0))

    def forward(self, x: Tensor) -> Tensor:
        """(N, D) -> (N,)."""
        self._check_columns(x)
        return self.alpha + self.features(x) @ self.beta

    def _check_columns(self, x: Tensor) -> None:
        if x.ndim != 2 or x.shape[1] != self.n_inputs:
            raise ValueError(
                f"x must be (N, {self.n_inputs}), got {tuple(x.shape)}: one column per input of the network"
            )

    @torch.no_grad()
    def predict(self, x: ArrayLike | Tensor, chunk: int = 256) -> NDArray[np.floating]:
        """f(x) for many rows in bounded memory: (N, D) -> (N,), numpy out, in the network's precision.

        Args:
            x: (N, D) inputs in the network's coding (-1/+1 for occupations).
            chunk: rows evaluated at once; small blocks stay in the processor's cache.

        Raises:
            ValueError: x has another number of columns, or chunk < 1.
        """
        if chunk < 1:
            raise ValueError(f"chunk must be >= 1, got {chunk}")
        rows = torch.as_tensor(np.asarray(x) if not isinstance(x, Tensor) else x)
        rows = rows.to(device=self.beta.device, dtype=self.beta.dtype)
        self._check_columns(rows)
        # One product of [x, |x|^2, 1] with [2 gamma theta, -gamma, -gamma |theta|^2] gives all exponents.
        origin = self.centroids.mean(0)
        theta, gamma = self.centroids - origin, self.gamma.expand(self.n_centroids)
        weights = torch.cat([2 * theta.T * gamma, -gamma[None], -gamma * theta.square().sum(1)[None]])
        values = torch.empty(len(rows), dtype=rows.dtype, device=rows.device)
        for start in range(0, len(rows), chunk):
            block = rows[start : start + chunk] - origin
            squares = block.square().sum(1, keepdim=True)
            exponents = torch.cat([block, squares, torch.ones_like(squares)], 1) @ weights
            values[start : start + chunk] = self.alpha + exponents.clamp_max_(0).exp_() @ self.beta
        return values.cpu().numpy()


def _array(value: ArrayLike | Tensor) -> NDArray[np.floating]:
    return np.asarray(value.detach().cpu() if isinstance(value, Tensor) else value)


def rescaled(network: RBFN, mean: float, scale: float) -> RBFN:
    """mean + scale * f: a network fitted to standardised y made to speak in units of y (METHODS Eq. (M1))."""
    if not scale > 0:
        raise ValueError(f"scale must be > 0, got {scale}")
    return RBFN.from_parameters(
        mean + scale * network.alpha.detach(),
        scale * network.beta.detach(),
        network.gamma.detach().double(),
        network.centroids.detach(),
    )
