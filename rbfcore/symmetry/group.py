"""The group of site permutations that keep a jump, and how it acts on centroids and input distributions.

Occupations move as x -> x[:, s] (an image of x with the same barrier). A network sees the image through a centroid that
moves the other way: |x[:, s] - theta| = |x - theta[inverse of s]|, because site d of the image is site s[d] of x.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from rbfcore.distributions.base import InputDistribution

_PROBES = 6
_TOLERANCE = 1e-9  # relative change of an expectation that counts as a change


class Symmetric(Protocol):
    """Anything with permutations (G, D) that form a group: an `rbfcore.lattice.Environment`, or one made up."""

    @property
    def symmetry(self) -> NDArray[np.int64]: ...


@dataclass(frozen=True)
class NoSymmetry:
    """Inputs that nothing exchanges: a group of the identity alone."""

    n_inputs: int

    @property
    def symmetry(self) -> NDArray[np.int64]:
        return np.arange(self.n_inputs)[None]


def group(env: Symmetric, n_inputs: int) -> NDArray[np.int64]:
    """The permutations (G, D) of an environment, checked against the inputs of a network.

    Raises:
        ValueError: they are over another number of sites, are no permutations, or do not form a group that begins with
            the identity.
    """
    symmetry = np.asarray(env.symmetry)
    if symmetry.ndim != 2 or symmetry.shape[1] != n_inputs:
        raise ValueError(
            f"the environment's symmetry must be (G, {n_inputs}), one column per input of the network, "
            f"got {symmetry.shape}: use the environment the network was trained on"
        )
    if not np.array_equal(np.sort(symmetry, axis=1), np.broadcast_to(np.arange(n_inputs), symmetry.shape)):
        raise ValueError(f"each row of the symmetry must be a permutation of 0 ... {n_inputs - 1}")
    rows = {tuple(row) for row in symmetry.tolist()}
    if len(rows) < len(symmetry) or any(tuple(a[b].tolist()) not in rows for a in symmetry for b in symmetry):
        raise ValueError(
            f"the {len(symmetry)} permutations must be different and closed under composition to be a group"
        )
    if not np.array_equal(symmetry[0], np.arange(n_inputs)):
        raise ValueError("the identity must be the first of the permutations")
    return symmetry.astype(np.int64)


def inverses(symmetry: NDArray[np.int64]) -> NDArray[np.int64]:
    """(G, D): the inverse of each permutation."""
    return np.argsort(symmetry, axis=1)


def centroid_images(centroids: NDArray[np.floating], symmetry: NDArray[np.int64]) -> NDArray[np.floating]:
    """(K, D) -> (G, K, D): a feature with centroid result[g, k] sees x as feature k sees x[:, symmetry[g]]."""
    return np.moveaxis(centroids[:, inverses(symmetry)], 1, 0)


def cyclic_powers(symmetry: NDArray[np.int64]) -> list[list[int]]:
    """For each element the places of its powers: the subgroup it generates, identity first."""
    place = {tuple(row): number for number, row in enumerate(symmetry.tolist())}
    powers = []
    for element in symmetry:
        power = np.arange(symmetry.shape[1])
        places: list[int] = []
        while not places or place[tuple(power.tolist())] != places[0]:
            places.append(place[tuple(power.tolist())])
            power = power[element]
        powers.append(places)
    return powers


def orbit_means(values: ArrayLike, env: Symmetric) -> NDArray[np.float64]:
    """Values per site, averaged over the sites that the symmetry makes equivalent: (..., D) -> (..., D).

    Makes a Bernoulli(q) fitted to unevenly stored images symmetric: Bernoulli(orbit_means(p.q, env)).

    Raises:
        ValueError: the last axis is not the environment's number of sites.
    """
    values = np.asarray(values, dtype=np.float64)
    if not values.ndim:
        raise ValueError("orbit_means needs one value per site, got a single number")
    return np.asarray(values[..., group(env, values.shape[-1])].mean(-2))


def is_invariant(p: "InputDistribution", symmetry: NDArray[np.int64]) -> bool:
    """Whether p is the same after every permutation.

    Gaussian features tell any two distributions apart, so their expectations are compared with those of their images,
    for a few random features: any family of distributions is checked in the same way.
    """
    import torch  # here, so that naming the elements of a group does not load it

    d = symmetry.shape[1]
    points = p.sample(256, seed=0, n_inputs=d)
    spread = points.var(0, correction=0).mean().clamp_min(1e-12)
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(_PROBES, d, generator=generator, dtype=torch.float64)
    probes = points[:_PROBES] + 0.5 * spread.sqrt() * noise
    width = (0.3 + torch.rand(_PROBES, generator=generator, dtype=torch.float64)) / (d * spread)
    images = torch.from_numpy(centroid_images(probes.numpy(), symmetry).copy())
    means = torch.stack([p.feature_mean(width, image) for image in images])
    return bool(((means - means[0]).abs() <= _TOLERANCE * means[0].abs()).all())
