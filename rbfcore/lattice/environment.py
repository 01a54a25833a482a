"""The sites around a nearest-neighbour jump with their symmetry, groups and viewpoints, built from geometry."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbfcore.lattice.geometries import known_geometries
from rbfcore.lattice.geometry import Geometry
from rbfcore.lattice.groups import shell_groups
from rbfcore.lattice.symmetry import JumpSymmetry, jump_symmetry, orbits
from rbfcore.lattice.viewpoints import Viewpoint, viewpoints_of

SITES = files("rbfcore.lattice").joinpath("sites")  # JSON files named like their lattices: see `rbfcore.lattice.named`
_SHORT = {"hcp": "hcp-basal"}
_TOLERANCE = 1e-6
_SAME_SITE = 1e-3  # lattice constants, between positions as typed and those of the lattice


@dataclass(frozen=True, eq=False)
class Environment:
    """Lattice sites around one jump. Lengths in lattice constants, the migrating atom at the origin.

    Attributes:
        lattice: "fcc", "bcc", "hcp-basal", "hcp-pyramidal", or the name of a lattice of one's own.
        positions: (D, 3) site coordinates.
        target: (3,) where the atom jumps to.
        shell: (D,) neighbour shell, 1 = first: the nearer of the two ends counts.
        layer: surface label -> (D,) whole number of the layer parallel to that surface, 0 = the atom's own, > 0 above.
        geometry: what the sites were built from; None for those of one's own.
        names: (D,) "1" ... "D", as shown on screen.
    """

    lattice: str
    positions: NDArray[np.float64]
    target: NDArray[np.float64]
    shell: NDArray[np.int64]
    layer: Mapping[str, NDArray[np.int64]]
    geometry: Geometry | None = None

    @property
    def n_sites(self) -> int:
        return len(self.positions)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(str(site + 1) for site in range(self.n_sites))

    @property
    def symmetry(self) -> NDArray[np.int64]:
        """(G, D) permutations that keep the jump: x[:, symmetry[g]] is an image of x with the same barrier."""
        return self._jump_symmetry.keeping

    @property
    def reverse(self) -> NDArray[np.int64]:
        """(G, D) permutations that exchange start and target: x[:, reverse[g]] is the surroundings of the way back.

        (0, D) where the sites of the way back are others.
        """
        return self._jump_symmetry.turning

    @property
    def rotations(self) -> NDArray[np.float64]:
        """(G, 3, 3) what each element of `symmetry` does in space, about the middle of the jump."""
        return self._jump_symmetry.rotations

    @cached_property
    def orbits(self) -> list[list[int]]:
        """Sites that the symmetry of the jump makes equivalent."""
        return orbits(self.symmetry)

    @cached_property
    def groups(self) -> dict[str, NDArray[np.int64]]:
        """Group -> site numbers, 0-based: neighbour shells, and the parts of one that the geometry tells apart."""
        return shell_groups(self)

    @cached_property
    def viewpoints(self) -> tuple[Viewpoint, ...]:
        """Four directions to look from: along the jump, from above, across, and one in which few sites hide others."""
        return viewpoints_of(self.positions, self.target) if self.geometry is None else self.geometry.viewpoints

    @cached_property
    def spacing(self) -> float:
        """The smallest distance between two of the sites and the ends of the jump: how large a site may be drawn."""
        points = np.vstack([self.positions, np.zeros(3), self.target])
        apart = np.linalg.norm(points[:, None] - points, axis=2)
        np.fill_diagonal(apart, np.inf)
        return float(apart.min())

    @cached_property
    def _jump_symmetry(self) -> JumpSymmetry:
        return jump_symmetry(self.positions, self.target)


def environment(
    lattice: str = "fcc",
    shells: int = 2,
    numbering: str | Path | NDArray[np.float64] | None = None,
    *,
    c_over_a: float | None = None,
) -> Environment:
    """All sites within `shells` neighbour shells of the start or the target of a first-neighbour jump.

    Args:
        lattice: "fcc" (jump to (1/2, 1/2, 0)), "bcc" (jump to (1/2, 1/2, 1/2)), "hcp-basal" (or "hcp": jump along a,
            to (1, 0, 0)) or "hcp-pyramidal" (jump to the next layer, to (1/2, 1/(2 sqrt 3), c/2)).
        shells: number of neighbour shells, >= 1. FCC: 18, 26, 58 sites; BCC: 14, 20, 38; HCP basal: 18, 26, 30, 52;
            HCP pyramidal: 18, 26, 28, 54.
        numbering: a JSON file {"positions": [[x, y, z], ...]}, or these positions (D, 3), which fix the order of the
            sites. By default the 26 FCC sites carry the numbering of the published data, all others are sorted by shell
            and position.
        c_over_a: ratio of the axes of HCP, ideal by default. Shells are those of the ideal ratio, stretched.

    Raises:
        ValueError: unknown lattice, shells < 1, a ratio for a lattice that has none, or a numbering that does not list
            exactly these sites.
    """
    lattice = _SHORT.get(lattice, lattice)
    if lattice not in known_geometries():
        raise ValueError(f"unknown lattice {lattice!r}: expected one of {', '.join(known_geometries())}")
    if not isinstance(shells, int) or shells < 1:
        raise ValueError(f"shells must be a whole number >= 1, got {shells!r}")
    sites = _default_environment(lattice, shells)
    if c_over_a is not None:
        sites = _stretched(sites, c_over_a)
    if numbering is None:
        return sites
    return _numbered(sites, numbering if isinstance(numbering, np.ndarray) else _read_positions(Path(numbering)))


@lru_cache
def _default_environment(lattice: str, shells: int) -> Environment:
    geometry = known_geometries()[lattice]
    sites = _from_geometry(geometry, shells)
    numbering = SITES.joinpath(f"{lattice}{sites.n_sites}.json")
    if not numbering.is_file():
        return sites
    return _numbered(sites, np.array(json.loads(numbering.read_text(encoding="utf-8"))["positions"]))


def _read_positions(path: Path) -> NDArray[np.float64]:
    try:
        positions = np.asarray(json.loads(path.read_text(encoding="utf-8"))["positions"], dtype=np.float64)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f'cannot read a numbering from {path}: expected JSON {{"positions": [[x, y, z], ...]}} ({error})'
        ) from error
    return positions


def _from_geometry(geometry: Geometry, shells: int) -> Environment:
    target = np.array(geometry.jump)
    reach = range(-shells - 2, shells + 3)
    cells = np.array(list(product(reach, repeat=3)), dtype=np.float64) @ np.array(geometry.cell)
    points = (cells[:, None, :] + np.array(geometry.basis)).reshape(-1, 3)
    radii = np.unique(np.round(np.linalg.norm(points, axis=1), 9))[1 : shells + 1]

    def shell_from(centre: NDArray[np.float64]) -> NDArray[np.int64]:
        distance = np.linalg.norm(points - centre, axis=1)
        matches = np.abs(distance[:, None] - radii) < _TOLERANCE
        return np.where(matches.any(1), matches.argmax(1) + 1, shells + 1)

    shell = np.minimum(shell_from(np.zeros(3)), shell_from(target))
    is_end = (np.linalg.norm(points, axis=1) < _TOLERANCE) | (np.linalg.norm(points - target, axis=1) < _TOLERANCE)
    keep = np.flatnonzero((shell <= shells) & ~is_end)
    # Rounded, so that the last digit of a root does not decide the order.
    keys = points[keep].round(9)
    keep = keep[np.lexsort((keys[:, 0], keys[:, 1], keys[:, 2], shell[keep]))]
    layer = {surface: _layers(points, np.array(normal))[keep] for surface, normal in geometry.surfaces.items()}
    return Environment(geometry.name, points[keep], target, shell[keep], layer, geometry)


def _layers(points: NDArray[np.float64], normal: NDArray[np.float64]) -> NDArray[np.int64]:
    """Layer numbers along `normal`, counted from the plane of the origin; steps may differ, as in HCP."""
    heights = (points @ normal).round(6)
    planes, member = np.unique(heights + 0.0, return_inverse=True)
    return (member - int(np.flatnonzero(planes == 0)[0])).astype(np.int64)


def _stretched(sites: Environment, c_over_a: float) -> Environment:
    ideal = known_geometries()[sites.lattice]
    geometry = ideal.stretched(c_over_a)
    scale = np.array([1.0, 1.0, c_over_a / (ideal.c_over_a or 1)])
    return replace(sites, positions=sites.positions * scale, target=sites.target * scale, geometry=geometry)


def _numbered(sites: Environment, wanted: NDArray[np.float64]) -> Environment:
    order = site_order(sites, wanted)
    if order is None:
        if wanted.shape != sites.positions.shape:
            raise ValueError(
                f"the numbering must list the {sites.n_sites} sites of this environment as [x, y, z], "
                f"got an array of shape {wanted.shape}"
            )
        raise ValueError(
            "the numbering does not list exactly the sites of this environment: positions must be in lattice "
            f"constants with the migrating atom at the origin and the target at {sites.target.tolist()}"
        )
    layer = {surface: values[order] for surface, values in sites.layer.items()}
    return replace(sites, positions=sites.positions[order], shell=sites.shell[order], layer=layer)


def site_order(sites: Environment, wanted: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """Which site of an environment lies at each of these positions (D, 3); None when they are not exactly its sites."""
    if wanted.shape != sites.positions.shape:
        return None
    close = np.linalg.norm(wanted[:, None] - sites.positions, axis=2) < _SAME_SITE
    if not (close.sum(0) == 1).all() or not (close.sum(1) == 1).all():
        return None
    return np.asarray(close.argmax(1))
