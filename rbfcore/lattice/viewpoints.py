"""Directions from which an environment is looked at, as rotations of the camera."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

_ALIKE = 1e-6
_STEPS = range(4)  # of the oblique direction: so much across, above and along the jump
_COVERED, _CLEAR = 0.27, 0.54  # gaps on the screen, in distances of neighbours: half of a site hidden, nothing hidden


@dataclass(frozen=True)
class Viewpoint:
    """A camera looking at the middle of the jump.

    Attributes:
        name: Miller indices of the direction from the lattice to the eye, or a word.
        direction: the same in Cartesian coordinates, of any length.
        up: which lattice direction points up on the screen (made perpendicular to `direction`).
    """

    name: str
    direction: tuple[float, float, float]
    up: tuple[float, float, float]

    def rotation(self) -> NDArray[np.float64]:
        """(3, 3) with rows right, up, towards the eye: screen = rotation @ position."""
        towards = np.array(self.direction) / np.linalg.norm(self.direction)
        up = np.array(self.up) - (np.array(self.up) @ towards) * towards
        up /= np.linalg.norm(up)
        return np.stack([np.cross(up, towards), up, towards])


def viewpoints_of(positions: NDArray[np.float64], target: NDArray[np.float64]) -> tuple[Viewpoint, ...]:
    """Four directions for sites of which nothing else is known.

    Args:
        positions: (D, 3) sites; the migrating atom at the origin.
        target: (3,) end of the jump.

    Returns:
        "along" the jump; from "above", where the sites extend least, so that a planar set is seen from its face, with
        the jump to the right; "across" both; and "oblique", where few sites hide each other.
    """
    along = target / np.linalg.norm(target)
    above = _thinnest(positions - target / 2, along)
    across = np.cross(along, above)
    return (
        _viewpoint("along", along, above),
        _viewpoint("above", above, -across),
        _viewpoint("across", across, above),
        _viewpoint("oblique", oblique(positions, target, np.stack([across, above, along])), above),
    )


def oblique(
    positions: NDArray[np.float64], target: NDArray[np.float64], axes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(3,) the direction that keeps most sites apart on the screen, among small whole steps along the axes.

    Args:
        axes: (3, 3) rows across, above and along the jump.
    """
    points = np.vstack([positions, np.zeros(3), target])
    apart = np.linalg.norm(points[:, None] - points, axis=2)
    np.fill_diagonal(apart, np.inf)
    neighbours = float(apart.min())
    best, direction = (-1, 0.0), axes[1]
    for steps in product(_STEPS[1:], _STEPS[1:], _STEPS):
        towards = np.array(steps) @ axes
        towards /= np.linalg.norm(towards)
        screen = points - np.outer(points @ towards, towards)
        gaps = np.linalg.norm(screen[:, None] - screen, axis=2)
        np.fill_diagonal(gaps, np.inf)
        nearest = gaps.min(1) / neighbours
        score = (int((nearest > _COVERED).sum()), round(float(np.minimum(nearest, _CLEAR).sum()), 6))
        if score > best:
            best, direction = score, towards
    return np.asarray(direction)


def _thinnest(centred: NDArray[np.float64], along: NDArray[np.float64]) -> NDArray[np.float64]:
    """The unit vector perpendicular to the jump along which the sites extend least; nearest to z where none does."""
    across = centred - np.outer(centred @ along, along)
    spread, axes = np.linalg.eigh(across.T @ across + len(across) * 1e6 * np.outer(along, along))
    if spread[1] - spread[0] > _ALIKE * max(spread[1], 1.0):
        chosen: NDArray[np.float64] = axes[:, 0]
    else:
        z = np.array([0.0, 0.0, 1.0]) if abs(along[2]) < 0.9 else np.array([0.0, 1.0, 0.0])
        chosen = z - (z @ along) * along
    chosen = chosen / np.linalg.norm(chosen)
    leading = chosen[np.flatnonzero(np.abs(chosen) > _ALIKE)[-1]]
    return chosen if leading > 0 else -chosen


def _viewpoint(name: str, direction: NDArray[np.float64], up: NDArray[np.float64]) -> Viewpoint:
    toward_x, toward_y, toward_z = direction.tolist()
    up_x, up_y, up_z = up.tolist()
    return Viewpoint(name, (toward_x, toward_y, toward_z), (up_x, up_y, up_z))
