"""The contributions of prototypes, beta_i phi_i(x), as vectors of L2(p): correlations and standard deviations.

They are functions of x: rescaling gamma and theta against each other on -1/+1 inputs leaves them as they are.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rbfcore.distributions.base import InputDistribution
from rbfcore.distributions.finite import Bernoulli
from rbfcore.parameters import Parameters
from rbfcore.pruning.canonical import coefficients, log_feature_mean


def relative_covariance(k: Tensor, u: Tensor, r: Tensor, v: Tensor, p: InputDistribution) -> Tensor:
    """Cov[phi_i, phi_j] / (E[phi_i] E[phi_j]) of features that stand beside each other.

    Args:
        k, r: (...,) widths; u, v: (..., D) centroids, float64; shapes broadcast.
        p: input distribution over D inputs.

    Returns:
        (...,) >= -1. Features whose expectation underflows to 0 count as constant: 0.
    """
    k, r = (width.expand(torch.broadcast_shapes(width.shape, rows.shape[:-1])) for width, rows in ((k, u), (r, v)))
    if isinstance(p, Bernoulli):
        # canonical form: no expectation that could underflow, and no difference of nearly equal numbers
        t, s = (coefficients(torch.tanh(2 * width[..., None] * rows), p.q) for width, rows in ((k, u), (r, v)))
        return torch.expm1(torch.log1p((t * s).clamp_min(-1)).sum(-1))
    means = _means(k, u, p) * _means(r, v, p)
    both = p.expectation(k[..., None], u[..., None, :], r[..., None], v[..., None, :])[..., 0, 0]
    return torch.where(means > 0, both / torch.where(means > 0, means, 1.0) - 1, 0.0)


def correlations(
    a: Parameters, b_images: NDArray[np.floating], b: Parameters, p: InputDistribution
) -> NDArray[np.float64]:
    """Correlation under p of each contribution of a with each image of each contribution of b.

    Args:
        a: M prototypes; b: N prototypes, with the centroids of their images (G, N, D).

    Returns:
        (G, M, N) in [-1, 1]; 0 where a contribution does not vary.
    """
    k, u = _widths(a), torch.as_tensor(a.centroids, dtype=torch.float64)
    r, images = _widths(b), torch.from_numpy(np.array(b_images, dtype=np.float64))
    left = relative_covariance(k, u, k, u, p)
    result = []
    for image in images:
        right = relative_covariance(r, image, r, image, p)
        rows = [relative_covariance(k[i], u[i], r, image, p) for i in range(len(u))]
        result.append(torch.stack(rows) / _scale(left[:, None], right))
    signs = np.sign(a.beta.astype(np.float64))[:, None] * np.sign(b.beta.astype(np.float64))
    return np.clip(torch.stack(result).numpy() * signs, -1, 1)


def own_correlations(plain: Parameters, images: NDArray[np.floating], p: InputDistribution) -> NDArray[np.float64]:
    """Correlation of each contribution with its own images: centroids (G, M, D) -> (M, G); 1 for a constant."""
    k, u = _widths(plain), torch.as_tensor(plain.centroids, dtype=torch.float64)
    moved = torch.from_numpy(np.array(images, dtype=np.float64))
    own = relative_covariance(k, u, k, u, p)
    ratios = [relative_covariance(k, u, k, image, p) / torch.where(own > 0, own, 1.0) for image in moved]
    return np.clip(torch.where(own > 0, torch.stack(ratios), 1.0).numpy().T, -1, 1)


def spreads(plain: Parameters, p: InputDistribution) -> NDArray[np.float64]:
    """(M,) standard deviation of each contribution under p, in units of y."""
    k, u = _widths(plain), torch.as_tensor(plain.centroids, dtype=torch.float64)
    relative = relative_covariance(k, u, k, u, p).clamp_min(0).sqrt()
    return np.abs(plain.beta.astype(np.float64)) * (_means(k, u, p) * relative).numpy()


def _widths(plain: Parameters) -> Tensor:
    return torch.as_tensor(plain.gamma, dtype=torch.float64).expand(plain.n_centroids)


def _means(k: Tensor, u: Tensor, p: InputDistribution) -> Tensor:
    """(...,) E[phi]."""
    if isinstance(p, Bernoulli):
        return log_feature_mean(k, u, p.q).exp()
    return p.feature_mean(k[..., None], u[..., None, :])[..., 0]


def _scale(left: Tensor, right: Tensor) -> Tensor:
    """Product of standard deviations, infinite where one of them is 0."""
    product = (left.clamp_min(0) * right.clamp_min(0)).sqrt()
    return torch.where(product > 0, product, torch.inf)
