"""Jumps in explicit surroundings: which lattice sites are filled, in the frame of the 26 sites.

The migrating atom starts at the origin and jumps to (1/2, 1/2, 0). Lengths in lattice constants.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbfcore.lattice import environment

Filled = Callable[[NDArray[np.float64]], NDArray[np.bool_]]
_TOLERANCE = 1e-6
_ALONG = np.array([0.5, 0.5, 0.0])
_N100, _N110, _N111 = np.array([0.0, 0.0, 1.0]), np.array([-1.0, 1.0, 0.0]), np.array([-1.0, 1.0, 1.0])
_ACROSS_100, _ACROSS_110, _ACROSS_111 = np.array([0.5, -0.5, 0.0]), np.array([0.0, 0.0, 1.0]), np.array([-0.5, 0.5, -1])
_STRIP = 3  # rows of the upper terrace in the periodic cell, enough that its two steps do not feel each other's jump


@dataclass(frozen=True, eq=False)
class Process:
    """One jump, and the values known for it, eV.

    Attributes:
        name: as printed.
        normal: (3,) outward, of no unit length; zero in the bulk.
        across: (3,) lattice vector in the surface plane, across the jump.
        top: highest filled layer, normal . r, below or at the migrating atom.
        strip: which side of the migrating atom's own layer is filled, a step's upper terrace: -1, 1, or 0 for none.
        drag, neb: measured for "mishin" and "emt": drag with R_mob = 2.6, CI-NEB on a periodic slab.
        literature: what others found.
        bounds: (low, high) of the literature, or None.
    """

    name: str
    normal: NDArray[np.float64]
    across: NDArray[np.float64]
    top: float
    strip: int
    drag: dict[str, float]
    neb: dict[str, float]
    literature: str
    bounds: tuple[float, float] | None

    def filled(self, points: NDArray[np.float64], strip_rows: float = np.inf) -> NDArray[np.bool_]:
        """Which lattice points (n, 3) hold an atom; the two ends of the jump are left out.

        Args:
            strip_rows: width of the upper terrace, in rows; without end in a cluster.
        """
        ends = [np.zeros(3), environment("fcc", 2).target]
        taken = np.any([np.abs(points - end).max(1) < _TOLERANCE for end in ends], axis=0)
        if not self.normal.any():
            return np.asarray(~taken)
        height = points @ self.normal
        result = height <= self.top + _TOLERANCE
        if self.strip:
            row = self.strip * (points @ self.across) / (self.across @ self.across)
            own_layer = np.abs(height) < _TOLERANCE
            result |= own_layer & (row > _TOLERANCE) & (row <= strip_rows + _TOLERANCE)
        return np.asarray(result & ~taken)


def _step_is_square(strip: int) -> bool:
    """Whether the (111) step with its upper terrace on this side is an A step, with a square {100} facet.

    An atom of the edge touches one atom of the first lower row in front of it on a {100} facet, two on a {111} facet.
    """
    sites = environment("fcc", 2).positions
    points = np.vstack([sites, -sites])
    rows = strip * (points @ _ACROSS_111) / (_ACROSS_111 @ _ACROSS_111)
    lower = np.abs(points @ _N111 + 1) < _TOLERANCE
    near = np.abs(np.linalg.norm(points, axis=1) - np.sqrt(0.5)) < _TOLERANCE
    in_front = lower & near & (rows < -_TOLERANCE)
    return len(np.unique(np.round(points[in_front], 6), axis=0)) == 1


def processes() -> list[Process]:
    """The validation table of PHYSICS section 6."""
    a_side = 1 if _step_is_square(1) else -1
    return [
        Process(
            "Cu(100) adatom hop", _N100, _ACROSS_100, -0.5, 0, {"mishin": 0.507, "emt": 0.414},
            {"mishin": 0.507, "emt": 0.414}, "RGL .43, DFT-LDA .69; exp .28-.40", (0.28, 0.69),
        ),
        Process(
            "Cu(110) in-channel hop", _N110, _ACROSS_110, -0.5, 0, {"mishin": 0.244, "emt": 0.285},
            {"mishin": 0.245, "emt": 0.285}, "hopping favoured along rows", None,
        ),
        Process(
            "Cu(111) fcc-hcp hop", _N111, _ACROSS_111, -1.0, 0, {"mishin": 0.043, "emt": 0.052},
            {"mishin": 0.042, "emt": 0.052}, "exp .037-.040", (0.037, 0.040),
        ),
        Process(
            "Cu(100) along a straight step", _N100, _ACROSS_100, -0.5, 1, {"mishin": 0.274, "emt": 0.237},
            {"mishin": 0.270, "emt": 0.230}, "EAM .25, EMT .26", (0.25, 0.26),
        ),
        Process(
            "Cu(111) along an A step", _N111, _ACROSS_111, -1.0, a_side, {"mishin": 0.249, "emt": 0.215},
            {"mishin": 0.254, "emt": 0.216}, "lower than B", None,
        ),
        Process(
            "Cu(111) along a B step", _N111, _ACROSS_111, -1.0, -a_side, {"mishin": 0.307, "emt": 0.339},
            {"mishin": 0.312, "emt": 0.336}, "higher than A", None,
        ),
        Process(
            "Cu(100) surface vacancy", _N100, _ACROSS_100, 0.0, 0, {"mishin": 0.442, "emt": 0.400},
            {"mishin": 0.450, "emt": 0.408}, "lower than the adatom", None,
        ),
        Process(
            "Cu(111) surface vacancy", _N111, _ACROSS_111, 0.0, 0, {"mishin": 0.605, "emt": 0.634},
            {"mishin": 0.599, "emt": 0.628}, "", None,
        ),
        Process(
            "bulk vacancy", np.zeros(3), np.zeros(3), np.inf, 0, {"mishin": 0.696, "emt": 0.802},
            {"mishin": 0.689, "emt": 0.796}, "EAM .69, DFT .74, exp .67-.76", (0.67, 0.76),
        ),
    ]  # fmt: skip


def strip_rows() -> int:
    """Rows of the upper terrace in the periodic cell of a step."""
    return _STRIP
