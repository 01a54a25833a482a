"""The embedded-atom form that every built-in potential takes: a table of pair terms and an embedding function."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Function = Callable[[NDArray[np.float64]], NDArray[np.float64]]

MISHIN, EMT = 0, 1  # which embedding function the kernel takes
_INTERVALS = 3000
_DIFFERENCE = 1e-5  # Angstrom, of the derivatives at the table's knots


@dataclass(frozen=True, eq=False)
class Eam:
    """E = sum_i F(rho_i) + sum_{i<j} phi(r_ij) with rho_i = sum_j rho(r_ij). Energies in eV, lengths in Angstrom.

    Attributes:
        name: what files and figures call it.
        lattice_constant: of the perfect FCC crystal.
        cutoff: pairs farther apart do not interact.
        shortest: pairs closer than this are taken at this distance; no relaxed structure comes near it.
        table: (n, 8) per interval of r: four coefficients of phi and four of rho, cubic in its fraction.
        embedding: MISHIN or EMT.
        parameters: of the embedding function.
    """

    name: str
    lattice_constant: float
    cutoff: float
    shortest: float
    table: NDArray[np.float64]
    embedding: int
    parameters: NDArray[np.float64]

    @property
    def intervals_per_angstrom(self) -> float:
        return len(self.table) / (self.cutoff - self.shortest)

    def density(self, r: NDArray[np.float64]) -> NDArray[np.float64]:
        """rho(r) from the table, for r below the cutoff."""
        place = (np.maximum(r, self.shortest) - self.shortest) * self.intervals_per_angstrom
        cell = np.minimum(place.astype(np.int64), len(self.table) - 1)
        t, c = place - cell, self.table[cell]
        return c[:, 4] + t * (c[:, 5] + t * (c[:, 6] + t * c[:, 7]))


def pair_table(pair: Function, density: Function, shortest: float, cutoff: float) -> NDArray[np.float64]:
    """(n, 8) cubic Hermite pieces of two functions of the distance; off by less than 1e-8 eV for smooth potentials."""
    knots = np.linspace(shortest, cutoff, _INTERVALS + 1)
    width = knots[1] - knots[0]
    pieces = []
    for function in (pair, density):
        inside = knots.copy()
        inside[-1] -= 2 * _DIFFERENCE  # one-sided at the cutoff, beyond which the function is cut
        slope = (function(inside + _DIFFERENCE) - function(inside - _DIFFERENCE)) / (2 * _DIFFERENCE)
        value = function(knots)
        value[-1] = function(inside[-1:])[0]
        left, right, rise_left, rise_right = value[:-1], value[1:], slope[:-1] * width, slope[1:] * width
        pieces += [left, rise_left, 3 * (right - left) - 2 * rise_left - rise_right, 2 * (left - right) + rise_left]
        pieces[-1] = pieces[-1] + rise_right
    return np.ascontiguousarray(np.stack(pieces, axis=1))
