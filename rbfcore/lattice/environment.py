"""The sites around a nearest-neighbour jump, built from geometry, and their fixed numbering."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rbfcore.lattice.symmetry import jump_symmetries, orbits

# Jump vectors and the surfaces whose planes contain the jump, with a normal of each, in lattice constants.
_LATTICES: dict[
    str,
    tuple[tuple[tuple[float, float, float], ...], tuple[float, float, float], dict[str, tuple[int, int, int]]],
] = {
    "fcc": (
        ((0.0, 0.0, 0.0), (0.5, 0.5, 0.0), (0.5, 0.0, 0.5), (0.0, 0.5, 0.5)),
        (0.5, 0.5, 0.0),
        {"100": (0, 0, 1), "110": (-1, 1, 0), "111": (-1, 1, 1)},
    ),
    "bcc": (
        ((0.0, 0.0, 0.0), (0.5, 0.5, 0.5)),
        (0.5, 0.5, 0.5),
        {"110": (-1, 1, 0), "112": (1, 1, -2)},
    ),
}
_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class Environment:
    """Lattice sites around one jump. Lengths in lattice constants, the migrating atom at the origin.

    Attributes:
        lattice: "fcc" or "bcc".
        positions: (D, 3) site coordinates.
        target: (3,) where the atom jumps to.
        shell: (D,) neighbour shell, 1 = first: the nearer of the two ends counts.
        layer: surface label -> (D,) whole number of the layer parallel to that surface, 0 = the atom's own, > 0 above.
        names: (D,) "1" ... "D", as shown on screen.
    """

    lattice: str
    positions: NDArray[np.float64]
    target: NDArray[np.float64]
    shell: NDArray[np.int64]
    layer: Mapping[str, NDArray[np.int64]]

    @property
    def n_sites(self) -> int:
        return len(self.positions)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(str(site + 1) for site in range(self.n_sites))

    @cached_property
    def symmetry(self) -> NDArray[np.int64]:
        """(G, D) permutations that keep the jump: x[:, symmetry[g]] is an image of x with the same barrier."""
        return jump_symmetries(self.positions, self.target, reverse=False)

    @cached_property
    def reverse(self) -> NDArray[np.int64]:
        """(G, D) permutations that exchange start and target: x[:, reverse[g]] is the surroundings of the way back."""
        return jump_symmetries(self.positions, self.target, reverse=True)

    @cached_property
    def orbits(self) -> list[list[int]]:
        """Sites that the symmetry of the jump makes equivalent."""
        return orbits(self.symmetry)


def environment(
    lattice: str = "fcc", shells: int = 2, numbering: str | Path | NDArray[np.float64] | None = None
) -> Environment:
    """All sites within `shells` neighbour shells of the start or the target of a first-neighbour jump.

    Args:
        lattice: "fcc" (jump to (1/2, 1/2, 0)) or "bcc" (jump to (1/2, 1/2, 1/2)).
        shells: number of neighbour shells, >= 1. FCC: 18, 26, 58 sites; BCC: 14, 20, 38.
        numbering: a JSON file {"positions": [[x, y, z], ...]}, or these positions (D, 3), which fix the order of the
            sites. By default the 26 FCC sites carry the numbering of the published data, all others are sorted by shell
            and position.

    Raises:
        ValueError: unknown lattice, shells < 1, or a numbering that does not list exactly these sites.
    """
    if lattice not in _LATTICES:
        raise ValueError(f"unknown lattice {lattice!r}: expected one of {', '.join(_LATTICES)}")
    if not isinstance(shells, int) or shells < 1:
        raise ValueError(f"shells must be a whole number >= 1, got {shells!r}")
    if numbering is None:
        return _default_environment(lattice, shells)
    positions = numbering if isinstance(numbering, np.ndarray) else _read_positions(Path(numbering))
    return _numbered(_from_geometry(lattice, shells), positions)


@lru_cache
def _default_environment(lattice: str, shells: int) -> Environment:
    found = _from_geometry(lattice, shells)
    if (lattice, shells) != ("fcc", 2):
        return found
    text = files("rbfcore.lattice").joinpath("numbering/fcc26.json").read_text(encoding="utf-8")
    return _numbered(found, np.array(json.loads(text)["positions"]))


def _read_positions(path: Path) -> NDArray[np.float64]:
    try:
        positions = np.asarray(json.loads(path.read_text(encoding="utf-8"))["positions"], dtype=np.float64)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f'cannot read a numbering from {path}: expected JSON {{"positions": [[x, y, z], ...]}} ({error})'
        ) from error
    return positions


def _from_geometry(lattice: str, shells: int) -> Environment:
    basis, jump, normals = _LATTICES[lattice]
    target = np.array(jump)
    reach = range(-shells - 2, shells + 3)
    cells = np.array(list(product(reach, repeat=3)), dtype=np.float64)
    points = (cells[:, None, :] + np.array(basis)).reshape(-1, 3)
    radii = np.unique(np.round(np.linalg.norm(points, axis=1), 9))[1 : shells + 1]

    def shell_from(centre: NDArray[np.float64]) -> NDArray[np.int64]:
        distance = np.linalg.norm(points - centre, axis=1)
        matches = np.abs(distance[:, None] - radii) < _TOLERANCE
        return np.where(matches.any(1), matches.argmax(1) + 1, shells + 1)

    shell = np.minimum(shell_from(np.zeros(3)), shell_from(target))
    is_end = (np.linalg.norm(points, axis=1) < _TOLERANCE) | (np.linalg.norm(points - target, axis=1) < _TOLERANCE)
    keep = (shell <= shells) & ~is_end
    points, shell = points[keep], shell[keep]
    order = np.lexsort((points[:, 0], points[:, 1], points[:, 2], shell))
    points, shell = points[order], shell[order]
    layer = {surface: _layers(points, np.array(normal, dtype=np.float64)) for surface, normal in normals.items()}
    return Environment(lattice, points, target, shell, layer)


def _layers(points: NDArray[np.float64], normal: NDArray[np.float64]) -> NDArray[np.int64]:
    """Layer numbers along `normal`: heights divided by the smallest step between layers of the lattice."""
    heights = points @ normal
    steps = np.abs(heights[np.abs(heights) > _TOLERANCE])
    return np.rint(heights / steps.min()).astype(np.int64)


def _numbered(found: Environment, wanted: NDArray[np.float64]) -> Environment:
    if wanted.shape != found.positions.shape:
        raise ValueError(
            f"the numbering must list the {found.n_sites} sites of this environment as [x, y, z], "
            f"got an array of shape {wanted.shape}"
        )
    close = np.linalg.norm(wanted[:, None] - found.positions, axis=2) < _TOLERANCE
    if not (close.sum(0) == 1).all() or not (close.sum(1) == 1).all():
        raise ValueError(
            "the numbering does not list exactly the sites of this environment: positions must be in lattice "
            f"constants with the migrating atom at the origin and the target at {found.target.tolist()}"
        )
    order = close.argmax(1)
    layer = {surface: values[order] for surface, values in found.layer.items()}
    return Environment(found.lattice, found.positions[order], found.target, found.shell[order], layer)
