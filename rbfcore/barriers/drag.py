"""One barrier by constrained drag: relaxed images along the jump, and a cubic through energies and exact slopes.

At an image with the migrating atom held in a plane and all else relaxed, the slope of the energy along the path is
the force that holds it. So a piecewise cubic Hermite curve needs few images, and one more at its maximum settles the
barrier.

Source: PHYSICS section 4.2.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rbfcore.barriers import status as codes

FMAX = 0.01  # eV/Angstrom
LEFT_SITE = 1.0  # Angstrom: displacements have a clear gap here, PHYSICS section 4.3
SETTLED, BROKEN = 0.02, 0.1  # eV/Angstrom: slope at the highest image that ends the search, and that no path has
_IMAGES, _REFINEMENTS = 3, 6
_OUTWARD, _SIDEWAYS = 0.05, 0.02  # Angstrom, off a symmetric ridge


@dataclass(frozen=True, eq=False)
class Relaxed:
    """A relaxed arrangement.

    Attributes:
        positions: (n_moving, 3), Angstrom, the migrating atom in row 0.
        energy: eV, with the tether's; pure: without.
        slope: dE/ds along the jump at the migrating atom, eV/Angstrom, of the energy without a tether on it.
        converged: whether the forces are small.
    """

    positions: NDArray[np.float64]
    energy: float
    pure: float
    slope: float
    converged: bool


class System(Protocol):
    """Atoms that can be relaxed with the migrating atom free, or held in a plane across the jump.

    Attributes:
        home: (n_moving, 3) lattice sites, the migrating atom's start in row 0.
        target: (3,); axis: (3,) unit vector along the jump; normal: (3,) outward unit vector.
    """

    @property
    def home(self) -> NDArray[np.float64]: ...
    @property
    def target(self) -> NDArray[np.float64]: ...
    @property
    def axis(self) -> NDArray[np.float64]: ...
    @property
    def normal(self) -> NDArray[np.float64]: ...

    def relax(self, start: NDArray[np.float64], home: NDArray[np.float64], held: bool) -> Relaxed:
        """Relax from `start` with tethers to `home`, on the migrating atom only if it is free: PHYSICS section 4.1."""


@dataclass(frozen=True)
class Drag:
    """Energies of one jump, eV; NaN where the status is not OK. Pure energies leave the tether out.

    Attributes:
        saddle_position: along the jump, 0 = start, 1 = target.
    """

    status: int
    forward: float = np.nan
    reverse: float = np.nan
    forward_pure: float = np.nan
    reverse_pure: float = np.nan
    saddle_position: float = np.nan


def drag(system: System) -> Drag:
    """Both barriers of a jump, or the status that says why there are none."""
    home = system.home
    final_home = home.copy()
    final_home[0] = system.target
    ends = []
    for sites, unstable in ((home, codes.INITIAL_UNSTABLE), (final_home, codes.FINAL_UNSTABLE)):
        end = system.relax(sites, sites, held=False)
        if _displacement(end.positions - sites) > LEFT_SITE:
            return Drag(unstable)
        if not end.converged:
            return Drag(codes.NOT_CONVERGED)
        ends.append(end)
    first, last = ends
    knots = [_Knot.of_end(first, system), _Knot.of_end(last, system)]
    begin, width = knots[0].s, knots[1].s - knots[0].s
    if width <= 0:
        return Drag(codes.NO_MAXIMUM)
    for number in range(1, _IMAGES + 1):
        s = begin + width * number / (_IMAGES + 1)
        lift = np.zeros(3)
        if number == 1:
            across = system.normal - (system.normal @ system.axis) * system.axis
            size = float(np.linalg.norm(across))
            if size > 1e-9:
                across = across / size
                lift = _OUTWARD * across + _SIDEWAYS * np.cross(system.axis, across)
        knot = _image(system, knots, s, lift)
        if (failure := _failure(knot, home)) is not None:
            return failure
        knots.insert(-1, knot)
    for _ in range(_REFINEMENTS):
        place = _highest(knots)
        if place is None:
            return Drag(codes.NO_MAXIMUM)
        knot = _image(system, knots, place, np.zeros(3))
        if (failure := _failure(knot, home)) is not None:
            return failure
        knots.append(knot)
        knots.sort(key=lambda k: k.s)
        if abs(knot.slope) < SETTLED:
            break
    if abs(knot.slope) > BROKEN:
        return Drag(codes.DISCONTINUOUS)
    top = knot.state
    if top.energy <= max(first.energy, last.energy):
        return Drag(codes.NO_MAXIMUM)  # the cubic overshot: the image itself lies below an end
    return Drag(
        codes.OK,
        top.energy - first.energy,
        top.energy - last.energy,
        top.pure - first.pure,
        top.pure - last.pure,
        knot.s / float(np.linalg.norm(system.target - home[0])),
    )


@dataclass(frozen=True, eq=False)
class _Knot:
    """A relaxed image at position s (Angstrom) with the energy and slope of the path there."""

    s: float
    energy: float
    slope: float
    state: Relaxed

    @classmethod
    def of_end(cls, state: Relaxed, system: System) -> "_Knot":
        return cls(float((state.positions[0] - system.home[0]) @ system.axis), state.energy, state.slope, state)


def _failure(knot: _Knot, home: NDArray[np.float64]) -> Drag | None:
    """The status of an image that is no part of a path."""
    if not knot.state.converged:
        return Drag(codes.NOT_CONVERGED)
    if _displacement(knot.state.positions[1:] - home[1:]) > LEFT_SITE:
        return Drag(codes.CONCERTED)
    return None


def _image(system: System, knots: list[_Knot], s: float, lift: NDArray[np.float64]) -> _Knot:
    """The image at s, started from a line between its neighbours."""
    left = max((k for k in knots if k.s <= s), key=lambda k: k.s)
    right = min((k for k in knots if k.s > s), key=lambda k: k.s)
    share = (s - left.s) / (right.s - left.s)
    start = left.state.positions + share * (right.state.positions - left.state.positions)
    start[0] += lift
    state = system.relax(start, system.home, held=True)
    return _Knot(s, state.energy, state.slope, state)


def _highest(knots: list[_Knot]) -> float | None:
    """Where the piecewise cubic through all knots is highest, or None if that is at an end."""
    best, place = max(knots[0].energy, knots[-1].energy), None
    for left, right in pairwise(knots):
        h = right.s - left.s
        b, rise = left.slope * h, right.energy - left.energy
        c, d = 3 * rise - 2 * b - right.slope * h, b + right.slope * h - 2 * rise
        for t in np.roots([3 * d, 2 * c, b]):
            if abs(t.imag) < 1e-12 and 0 < t.real < 1:
                t = float(t.real)
                value = left.energy + t * (b + t * (c + t * d))
                if value > best:
                    best, place = value, left.s + t * h
    return place


def _displacement(moved: NDArray[np.float64]) -> float:
    return float(np.sqrt((moved**2).sum(1).max())) if len(moved) else 0.0
