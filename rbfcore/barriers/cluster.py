"""The atoms around a jump: those that move, and the frozen crystal around them.

Source: PHYSICS section 3.3.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rbfcore.barriers.half_space import layer_step
from rbfcore.lattice import environment

_TOLERANCE = 1e-6


class Crystal(Protocol):
    """What a cluster needs of a potential. Angstrom; hashable."""

    @property
    def lattice_constant(self) -> float: ...
    @property
    def cutoff(self) -> float: ...
    def __hash__(self) -> int: ...
    def density(self, r: NDArray[np.float64]) -> NDArray[np.float64]:
        """What an atom adds to the density at distances r below the cutoff."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """The half-space beyond the 26 sites, the same for all environments embedded in it. Lengths in lattice constants.

    Attributes:
        moving: (n, 3) filled sites within the mobile radius, the 26 and the two ends of the jump left out.
        frozen: (m, 3) filled sites farther out that a moving atom can feel.
        far: (l, 3) filled sites beyond, which add to the density at the frozen ones.
        normal: (3,) outward unit vector of the half-space.
    """

    moving: NDArray[np.float64]
    frozen: NDArray[np.float64]
    far: NDArray[np.float64]
    normal: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cluster:
    """One environment ready to relax. Lengths in Angstrom.

    Attributes:
        home: (n, 3) lattice sites of all atoms, the migrating one at its start in row 0, moving atoms first.
        n_moving: how many move.
        density_of_far: (n,) density from frozen atoms at frozen atoms, of the potential's own unit.
        target: (3,) where the migrating atom goes.
        normal: (3,) outward unit vector of the surface.
    """

    home: NDArray[np.float64]
    n_moving: int
    density_of_far: NDArray[np.float64]
    target: NDArray[np.float64]
    normal: NDArray[np.float64]

    @property
    def axis(self) -> NDArray[np.float64]:
        """(3,) unit vector along the jump."""
        return np.asarray((self.target - self.home[0]) / np.linalg.norm(self.target - self.home[0]))


@dataclass(frozen=True, eq=False)
class ClusterSystem:
    """What a drag asks of a cluster, whatever relaxes it; see `drag.System`."""

    cluster: Cluster

    @property
    def home(self) -> NDArray[np.float64]:
        return self.cluster.home[: self.cluster.n_moving]

    @property
    def target(self) -> NDArray[np.float64]:
        return self.cluster.target

    @property
    def axis(self) -> NDArray[np.float64]:
        return self.cluster.axis

    @property
    def normal(self) -> NDArray[np.float64]:
        return self.cluster.normal


def fcc_points(reach: int) -> NDArray[np.float64]:
    """(n, 3) FCC lattice points within `reach` half lattice constants of the origin along each axis."""
    steps = np.arange(-reach, reach + 1)
    points = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3)
    return np.asarray(points[points.sum(1) % 2 == 0] / 2.0)


def lattice_around(r_mobile: float, cutoff: float) -> NDArray[np.float64]:
    """(n, 3) all lattice points that `by_reach` can tell apart; lengths in lattice constants."""
    return fcc_points(int(np.ceil(2 * (r_mobile + 2 * cutoff + 1))))


def by_reach(
    points: NDArray[np.float64], r_mobile: float, cutoff: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which points (n, 3) move, are felt by those that move, and are felt by these in turn, by distance to the jump."""
    target = environment("fcc", 2).target
    share = np.clip(points @ target / (target @ target), 0, 1)
    distance = np.linalg.norm(points - share[:, None] * target, axis=1)
    rings = [r_mobile + n * cutoff + _TOLERANCE for n in range(3)]
    return (
        distance <= rings[0],
        (distance > rings[0]) & (distance <= rings[1]),
        (distance > rings[1]) & (distance <= rings[2]),
    )


@lru_cache(maxsize=256)
def surroundings(normal: tuple[int, int, int], top_layer: int, r_mobile: float, cutoff: float) -> Surroundings:
    """The lattice filled up to `top_layer` along `normal` (see `HalfSpaces`), sorted by what its atoms do.

    Args:
        r_mobile, cutoff: in lattice constants.
    """
    ends = environment("fcc", 2)
    points = lattice_around(r_mobile, cutoff)
    points = points[points @ np.array(normal) <= top_layer * layer_step(np.array(normal)) + _TOLERANCE]
    listed = np.vstack([ends.positions, np.zeros(3), ends.target])
    known = (np.abs(points[:, None] - listed).max(2) < _TOLERANCE).any(1)
    moves, felt, far = by_reach(points, r_mobile, cutoff)
    outward = np.array(normal) / np.linalg.norm(normal)
    return Surroundings(points[moves & ~known], points[felt & ~known], points[far], outward)


def cluster(
    occupied: NDArray[np.uint8], normal: NDArray[np.int8], top_layer: int, potential: Crystal, r_mobile: float
) -> Cluster:
    """The atoms of one environment (26,) embedded in a half-space, for a potential's lattice constant."""
    n0, n1, n2 = (int(v) for v in normal)
    parts, frozen_density = _with_densities((n0, n1, n2), int(top_layer), potential, r_mobile)
    sites = environment("fcc", 2)
    a = potential.lattice_constant
    home = np.vstack([np.zeros((1, 3)), sites.positions[occupied.astype(bool)], parts.moving, parts.frozen]) * a
    n_moving = len(home) - len(parts.frozen)
    density = np.concatenate([np.zeros(n_moving), frozen_density])
    return Cluster(home, n_moving, density, sites.target * a, parts.normal)


@lru_cache(maxsize=256)
def _with_densities(
    normal: tuple[int, int, int], top_layer: int, potential: Crystal, r_mobile: float
) -> tuple[Surroundings, NDArray[np.float64]]:
    a = potential.lattice_constant
    parts = surroundings(normal, top_layer, r_mobile, potential.cutoff / a)
    return parts, frozen_density(parts.frozen * a, parts.far * a, potential)


def frozen_density(frozen: NDArray[np.float64], far: NDArray[np.float64], potential: Crystal) -> NDArray[np.float64]:
    """(m,) density at each frozen atom from the other frozen ones and those beyond; positions in Angstrom."""
    others = np.vstack([frozen, far])
    density = np.zeros(len(frozen))
    for i, here in enumerate(frozen):
        r = np.linalg.norm(others - here, axis=1)
        density[i] = potential.density(r[(r > _TOLERANCE) & (r < potential.cutoff)]).sum()
    return density
