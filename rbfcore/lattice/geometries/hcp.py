"""Hexagonal close-packed: jumps to a nearest neighbour in the basal plane, and out of it along the pyramidal edge.

The a axis lies along x and the c axis along z, lengths in a. Directions carry Miller-Bravais indices [u v t w].
"""

from math import sqrt

from rbfcore.lattice.geometry import Geometry, Vector
from rbfcore.lattice.viewpoints import Viewpoint

IDEAL = sqrt(8 / 3)  # c/a of touching spheres: all twelve neighbours are equally far
_CELL = ((1.0, 0.0, 0.0), (-0.5, sqrt(3) / 2, 0.0), (0.0, 0.0, IDEAL))
_SECOND = (0.5, sqrt(1 / 12), IDEAL / 2)  # the atom of the other layers


def bravais(u: int, v: int, t: int, w: int) -> Vector:
    """The direction u a1 + v a2 + t a3 + w c in Cartesian coordinates, a3 = -(a1 + a2)."""
    return (u - (v + t) / 2, (v - t) * sqrt(3) / 2, w * IDEAL)


def _viewpoint(direction: tuple[int, int, int, int], up: tuple[int, int, int, int]) -> Viewpoint:
    return Viewpoint(f"[{' '.join(map(str, direction))}]", bravais(*direction), bravais(*up))


GEOMETRIES = (
    Geometry(
        name="hcp-basal",
        cell=_CELL,
        basis=((0.0, 0.0, 0.0), _SECOND),
        jump=(1.0, 0.0, 0.0),
        surfaces={"0001": bravais(0, 0, 0, 1), "01-10": bravais(0, 1, -1, 0)},
        viewpoints=(
            _viewpoint((2, -1, -1, 0), (0, 0, 0, 1)),
            _viewpoint((0, 0, 0, 1), (0, 1, -1, 0)),
            _viewpoint((0, -1, 1, 0), (0, 0, 0, 1)),
            _viewpoint((1, -2, 1, 2), (0, 0, 0, 1)),
        ),
        named={1: 18, 2: 26, 3: 30, 4: 52},
        c_over_a=IDEAL,
    ),
    Geometry(
        name="hcp-pyramidal",
        cell=_CELL,
        basis=((0.0, 0.0, 0.0), _SECOND),
        jump=_SECOND,
        surfaces={"0001": bravais(0, 0, 0, 1), "-12-10": bravais(-1, 2, -1, 0)},
        viewpoints=(
            _viewpoint((2, 0, -2, 3), (0, 0, 0, 1)),
            _viewpoint((0, 0, 0, 1), (-1, 2, -1, 0)),
            _viewpoint((1, -2, 1, 0), (0, 0, 0, 1)),
            _viewpoint((1, -2, 1, 2), (0, 0, 0, 1)),
        ),
        named={1: 18, 2: 26, 3: 28, 4: 54},
        c_over_a=IDEAL,
    ),
)
