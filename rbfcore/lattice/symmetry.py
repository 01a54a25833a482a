"""Symmetries of a jump: all rotations and reflections that keep it, as permutations of the sites, and their orbits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Lattice constants. Positions are often typed with four decimals; sites that almost match may do so under some maps but
# not under their products, and are then taken more strictly.
_TOLERANCES = (1e-3, 1e-4, 1e-6, 1e-9)
_OFF_AXIS = 0.3  # of the largest distance from the axis: sites that tell well how far a map turns


@dataclass(frozen=True, eq=False)
class JumpSymmetry:
    """The symmetries of the sites around a jump. Each permutation appears once.

    Attributes:
        keeping: (G, D) permutations that fix start and target, a group with the identity first.
        turning: (G, D) or (0, D) permutations that exchange start and target.
        rotations: (G, 3, 3) orthogonal maps about the middle of the jump, which carry site d to site keeping[g, d].
    """

    keeping: NDArray[np.int64]
    turning: NDArray[np.int64]
    rotations: NDArray[np.float64]


def jump_symmetry(positions: NDArray[np.float64], target: NDArray[np.float64]) -> JumpSymmetry:
    """All orthogonal maps that keep the jump, or turn it round, and carry the sites onto themselves.

    Such a map keeps the axis of the jump, so it is a rotation about it or a reflection whose plane contains it, and
    with a reversal also a reflection at the middle. Where one site off the axis goes leaves two of them: each place of
    the same distance and height is tried, and all sites decide.

    Args:
        positions: (D, 3) sites, in any orientation; the migrating atom at the origin.
        target: (3,) end of the jump.
    """
    frame = _frame(target)
    local = (positions - target / 2) @ frame.T  # rows: two coordinates across the axis, one along it
    identity = tuple(range(len(positions)))
    for tolerance in _TOLERANCES:
        keeping, turning = _elements(local, 1.0, tolerance), _elements(local, -1.0, tolerance)
        if _closed([*keeping, *turning]):
            break
    else:
        keeping, turning = {identity: np.eye(3)}, {}
    maps = {order: frame.T @ local_map @ frame for order, local_map in keeping.items()}
    sorted_keeping = sorted(keeping, key=lambda order: (order != identity, order))
    return JumpSymmetry(
        np.array(sorted_keeping, dtype=np.int64),
        np.array(sorted(turning), dtype=np.int64).reshape(len(turning), len(positions)),
        np.stack([maps[order] for order in sorted_keeping]),
    )


def orbits(symmetry: NDArray[np.int64]) -> list[list[int]]:
    """Sets of sites that the permutations (G, D) carry into each other, each sorted, by first member."""
    sets = {tuple(sorted(set(symmetry[:, site].tolist()))) for site in range(symmetry.shape[1])}
    return [list(orbit) for orbit in sorted(sets)]


def _frame(target: NDArray[np.float64]) -> NDArray[np.float64]:
    """(3, 3) orthonormal rows, the last along the jump."""
    axis = target / np.linalg.norm(target)
    other = np.eye(3)[np.argmin(np.abs(axis))]
    first = np.cross(axis, other)
    first /= np.linalg.norm(first)
    return np.stack([first, np.cross(axis, first), axis])


def _elements(local: NDArray[np.float64], along: float, tolerance: float) -> dict[tuple[int, ...], NDArray[np.float64]]:
    """Permutation -> map in the frame of the jump, for maps that multiply the coordinate along it by `along`."""
    elements: dict[tuple[int, ...], NDArray[np.float64]] = {}
    for candidate in _candidates(local, along, tolerance):
        order = _matched(local @ candidate.T, local, tolerance)
        if order is not None:
            elements.setdefault(order, candidate)
    return elements


def _candidates(local: NDArray[np.float64], along: float, tolerance: float) -> list[NDArray[np.float64]]:
    """Maps that carry a reference site to a place like its own: all that the sites allow, proper rotations first."""
    across = local[:, :2]
    radius, height = np.linalg.norm(across, axis=1), local[:, 2]
    off_axis = np.flatnonzero((radius > _OFF_AXIS * radius.max()) & (radius > tolerance))
    if not len(off_axis):  # all sites lie on the axis
        return [np.diag([1.0, along, along]), np.diag([1.0, 1.0, along])]
    alike = (np.abs(radius[off_axis, None] - radius) < tolerance) & (
        np.abs(along * height[off_axis, None] - height) < tolerance
    )
    fewest = np.argmin(alike.sum(1))
    reference = off_axis[fewest]
    angles = np.arctan2(across[:, 1], across[:, 0])
    maps = []
    for image in np.flatnonzero(alike[fewest]):
        for handedness in (along, -along):  # the sign of the map's part across the axis; proper ones first
            turn = angles[image] - handedness * angles[reference]
            cosine, sine = np.cos(turn), np.sin(turn)
            maps.append(np.array([[cosine, -handedness * sine, 0], [sine, handedness * cosine, 0], [0, 0, along]]))
    return sorted(maps, key=lambda one: -round(float(np.linalg.det(one))))


def _matched(images: NDArray[np.float64], places: NDArray[np.float64], tolerance: float) -> tuple[int, ...] | None:
    """Which place each image falls on, when all do and each on its own."""
    order = ((places**2).sum(1) - 2 * images @ places.T).argmin(1)  # nearest, as |image| is the same for all places
    if (np.linalg.norm(images - places[order], axis=1) >= tolerance).any() or len(set(order.tolist())) < len(order):
        return None
    return tuple(order.tolist())


def _closed(orders: list[tuple[int, ...]]) -> bool:
    """Whether the permutations are a group: all products of a few that generate them are among them."""
    known, generators = set(orders), list[NDArray[np.int64]]()
    reached = {tuple(range(len(orders[0])))}
    for order in orders:
        if order not in reached:
            generators.append(np.array(order))
        frontier = list(reached) if order not in reached else []
        while frontier:
            products = {tuple(np.array(one)[other].tolist()) for one in frontier for other in generators}
            if not products <= known:
                return False
            frontier = list(products - reached)
            reached |= products
    return True
