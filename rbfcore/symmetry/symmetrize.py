"""Averaging a network over the symmetry of a jump: a network of permuted copies, exactly."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rbfcore.network import RBFN
from rbfcore.parameters import Parameters, parameters_of
from rbfcore.symmetry.group import Symmetric, centroid_images, group


def symmetrize(network: RBFN | Parameters, env: Symmetric) -> RBFN:
    """The average of f over all images of its input, as a network.

    Args:
        network: K centroids over D inputs.
        env: an environment whose symmetry (G, D) says which images there are.

    Returns:
        At most G K centroids: permuted copies with weights beta / G, equal ones merged into one with the sum of their
        weights, so that a network that is symmetric already comes back with K. Same precision, same gauge; the
        network's own centroids come first.

    Raises:
        ValueError: the environment has another number of sites, or its permutations are no group.

    Source: f_sym(x) = (1/G) sum_g f(x[:, symmetry[g]]), METHODS Eq. (M22).
    """
    plain = parameters_of(network)
    symmetry = group(env, plain.n_inputs)
    copies = sum_over_images(plain, symmetry)
    merged = merge(replace(copies, beta=copies.beta.astype(np.float64) / len(symmetry)))
    return RBFN.from_plain(merged)


def sum_over_images(plain: Parameters, symmetry: NDArray[np.int64]) -> Parameters:
    """alpha + sum_g sum_k beta_k phi_k(x[:, symmetry[g]]): G K centroids with the weights as they are."""
    images = centroid_images(plain.centroids, symmetry)
    times = len(symmetry)
    gamma = np.tile(plain.gamma, times) if plain.gamma.ndim else plain.gamma
    return Parameters(plain.alpha, np.tile(plain.beta, times), gamma, images.reshape(-1, plain.n_inputs))


def merge(plain: Parameters) -> Parameters:
    """The same function with equal centroids (of equal width) taken together, in the order they first come in."""
    gamma = np.broadcast_to(plain.gamma, plain.beta.shape)
    # + 0.0 turns -0.0 into 0.0, which is the same number in other bytes
    rows = np.column_stack([gamma, plain.centroids]).astype(np.float64) + 0.0
    _, first, member = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    beta = np.zeros(len(order))
    np.add.at(beta, place[member.ravel()], plain.beta.astype(np.float64))
    kept = first[order]
    return Parameters(plain.alpha, beta, plain.gamma[kept] if plain.gamma.ndim else plain.gamma, plain.centroids[kept])


def asymmetric_part(plain: Parameters, symmetry: NDArray[np.int64]) -> Parameters | None:
    """f - f_sym as a network without offset; None where it is zero: the network is exactly symmetric.

    Weights cancel before any feature is evaluated, so what is left is accurate however small it is.
    """
    copies = sum_over_images(plain, symmetry)
    beta = -copies.beta.astype(np.float64) / len(symmetry)
    beta[: plain.n_centroids] += plain.beta  # the first copies are the centroids themselves
    both = replace(copies, alpha=0.0, beta=beta)
    merged, size = merge(both), merge(replace(both, beta=np.abs(beta)))
    left = np.abs(merged.beta) > 4 * len(symmetry) * np.finfo(np.float64).eps * size.beta
    if not left.any():
        return None
    gamma = merged.gamma[left] if merged.gamma.ndim else merged.gamma
    return Parameters(0.0, merged.beta[left], gamma, merged.centroids[left])
