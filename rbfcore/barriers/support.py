"""The support rule: which occupations can be a piece of crystal surface at all."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.barriers.half_space import HalfSpaces, checked_occupations, half_space_candidates, half_spaces, layer_step
from rbfcore.lattice import environment

MINIMUM_NEIGHBOURS = 3
_BLOCK = 1 << 16
_NEIGHBOUR_DISTANCE = np.sqrt(0.5)  # in lattice constants
_TOLERANCE = 1e-6


def supported(occupations: NDArray[Any], spaces: HalfSpaces | None = None) -> NDArray[np.bool_]:
    """Whether the migrating atom has at least 3 filled neighbours at both ends, and every other atom at both times.

    Neighbours among the 26 sites count as they are, those outside as the embedding half-space has them. 18.6 % of
    random occupations pass, 12.5 million of all 2^26.

    Args:
        occupations: (N, 26) 0/1.
        spaces: their half-spaces, when already known.

    Returns:
        (N,) bool.

    Raises:
        ValueError: occupations of another shape or with other values.

    Source: PHYSICS section 3.2.
    """
    occupied = checked_occupations(occupations)
    chosen = (half_spaces(occupied) if spaces is None else spaces).candidate
    between, at_start, at_end, outside = _neighbours()
    result = np.empty(len(occupied), dtype=bool)
    for start in range(0, len(occupied), _BLOCK):
        ones = occupied[start : start + _BLOCK].astype(np.float32)  # a float product is the fast one, and exact here
        count = ones @ between + outside[chosen[start : start + _BLOCK]]
        atom = ones @ np.stack([at_start, at_end], axis=1)
        # The migrating atom supports its neighbours, at the start some and at the end others.
        held = np.minimum(count + at_start, count + at_end) >= MINIMUM_NEIGHBOURS
        result[start : start + _BLOCK] = (atom >= MINIMUM_NEIGHBOURS).all(1) & (held | (ones == 0)).all(1)
    return result


@lru_cache
def _neighbours() -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Which of the 26 sites neighbour each other (26, 26), the start (26,) and the end (26,) of the jump, and how many
    filled neighbours outside each site has in every candidate half-space (116, 26)."""
    sites = environment("fcc", 2)
    ends = np.array([np.zeros(3), sites.target])

    def near(points: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.bool_]:
        distance = np.linalg.norm(points[:, None] - others, axis=2)
        return np.asarray(np.abs(distance - _NEIGHBOUR_DISTANCE) < _TOLERANCE)

    steps = np.array([(x, y, z) for x in (-0.5, 0, 0.5) for y in (-0.5, 0, 0.5) for z in (-0.5, 0, 0.5)])
    steps = steps[near(steps, np.zeros((1, 3)))[:, 0]]
    around = sites.positions[:, None] + steps  # (26, 12, 3)
    known = np.concatenate([sites.positions, ends])
    beyond = (np.linalg.norm(around[:, :, None] - known, axis=3) > _TOLERANCE).all(2)
    normals, tops, _ = half_space_candidates()
    limits = tops * np.array([layer_step(normal) for normal in normals])
    filled = around @ normals.T.astype(np.float64) <= limits + _TOLERANCE  # (26, 12, 116)
    outside = (filled & beyond[:, :, None]).sum(1).T
    between = near(sites.positions, sites.positions)
    start, end = near(sites.positions, ends).T
    return between.astype(np.float32), start.astype(np.float32), end.astype(np.float32), outside.astype(np.float32)
