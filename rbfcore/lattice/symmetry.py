"""Symmetries of a jump: permutations of the sites, their orbits, and one name for all images of an occupation."""

from itertools import permutations, product

import numpy as np
from numpy.typing import ArrayLike, NDArray

_TOLERANCE = 1e-6


def jump_symmetries(positions: NDArray[np.float64], target: NDArray[np.float64], *, reverse: bool) -> NDArray[np.int64]:
    """Permutations of the sites under the cubic symmetries that keep the jump, or that turn it round.

    Args:
        positions: (D, 3) sites; the migrating atom at the origin.
        target: (3,) end of the jump.
        reverse: False for symmetries that fix start and target, True for those that exchange them.

    Returns:
        (G, D) with x[..., result[g]] the occupation seen after symmetry g. Without `reverse` they form a group and
        the identity comes first.
    """
    middle = target / 2
    found = []
    for axes in permutations(range(3)):
        for signs in product((1.0, -1.0), repeat=3):
            rotation = np.zeros((3, 3))
            rotation[range(3), axes] = signs
            if not np.allclose(rotation @ target, -target if reverse else target):
                continue
            images = (positions - middle) @ rotation.T + middle
            distance = np.linalg.norm(images[:, None] - positions, axis=2)
            if (distance.min(1) < _TOLERANCE).all():
                found.append(distance.argmin(1))
    identity = np.arange(len(positions))
    found.sort(key=lambda p: (not np.array_equal(p, identity), p.tolist()))
    return np.array(found)


def orbits(symmetry: NDArray[np.int64]) -> list[list[int]]:
    """Sets of sites that the permutations (G, D) carry into each other, each sorted, by first member."""
    found = {tuple(sorted(set(symmetry[:, site].tolist()))) for site in range(symmetry.shape[1])}
    return [list(orbit) for orbit in sorted(found)]


def canonical_codes(occupied: ArrayLike, images: NDArray[np.int64]) -> NDArray[np.int64]:
    """The smallest integer code among the images of each row: equal for rows that are images of each other.

    Args:
        occupied: (N, D) bool or 0/1, D <= 62.
        images: (G, D) permutations closed under composition, e.g. symmetry and reverse stacked.

    Returns:
        (N,) codes; bit d (least significant first) of a code is site d.
    """
    occupied = np.asarray(occupied)
    if occupied.ndim != 2 or occupied.shape[1] != images.shape[1]:
        raise ValueError(f"occupied must be (N, {images.shape[1]}), got {occupied.shape}")
    if occupied.shape[1] > 62:
        raise ValueError(f"codes hold at most 62 sites, got {occupied.shape[1]}")
    place = 1 << np.arange(occupied.shape[1], dtype=np.int64)
    bits = occupied.astype(np.int64)
    return np.min([bits[:, image] @ place for image in images], axis=0)
