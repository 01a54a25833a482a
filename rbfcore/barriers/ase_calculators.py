"""The built-in potentials as ASE calculators: for periodic structures, and for the moving atoms of a cluster."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from ase.calculators.calculator import Calculator, all_changes
from ase.neighborlist import neighbor_list
from numpy.typing import NDArray

from rbfcore.barriers.cluster import Cluster
from rbfcore.barriers.kernel import energy_and_forces, list_pairs
from rbfcore.barriers.potentials.eam import Eam
from rbfcore.barriers.potentials.embedding import embeddings

_MARGIN = 0.5  # Angstrom


class EamCalculator(Calculator):
    """An `Eam` potential for any structure of one element, periodic or not. Energies in eV, lengths in Angstrom."""

    implemented_properties = ["energy", "forces"]  # noqa: RUF012 - ASE reads it from the class

    def __init__(self, potential: Eam) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.potential = potential
        self._pairs: _Pairs | None = None

    def calculate(
        self, atoms: Any = None, properties: Any = ("energy",), system_changes: Any = tuple(all_changes)
    ) -> None:
        """Fill `results` with energy and forces."""
        super().calculate(atoms, properties, system_changes)  # type: ignore[no-untyped-call]
        atoms = self.atoms  # a copy of the argument, or the last call's
        eam, n = self.potential, len(atoms)
        if self._pairs is None or not self._pairs.hold_for(atoms):
            self._pairs = _Pairs.of(atoms, eam.cutoff)
        i, j, vectors = self._pairs.vectors(atoms)
        r = np.sqrt((vectors * vectors).sum(1))
        near = r < eam.cutoff
        i, j, vectors, r = i[near], j[near], vectors[near], r[near]
        place = (np.maximum(r, eam.shortest) - eam.shortest) * eam.intervals_per_angstrom
        cell = np.minimum(place.astype(np.int64), len(eam.table) - 1)
        t, c = place - cell, eam.table[cell].T
        pair, density = (c[k] + t * (c[k + 1] + t * (c[k + 2] + t * c[k + 3])) for k in (0, 4))
        pair_slope, density_slope = (
            (c[k + 1] + t * (2 * c[k + 2] + t * 3 * c[k + 3])) * eam.intervals_per_angstrom for k in (0, 4)
        )
        value, slope = embeddings(eam.embedding, eam.parameters, np.bincount(i, density, n).astype(np.float64))
        force_over_r = (pair_slope + (slope[i] + slope[j]) * density_slope) / r
        self.results["energy"] = float(value.sum() + 0.5 * pair.sum())
        self.results["forces"] = np.stack([np.bincount(i, force_over_r * vectors[:, c], n) for c in range(3)], axis=1)


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Both-way pairs within the cutoff and a margin, good until an atom has moved half the margin."""

    i: NDArray[np.int64]
    j: NDArray[np.int64]
    shift: NDArray[np.float64]
    positions: NDArray[np.float64]
    cell: NDArray[np.float64]

    @classmethod
    def of(cls, atoms: Any, cutoff: float) -> "_Pairs":
        i, j, cells = neighbor_list("ijS", atoms, cutoff + _MARGIN)
        return cls(i, j, cells @ atoms.cell.array, atoms.get_positions(), atoms.cell.array.copy())

    def hold_for(self, atoms: Any) -> bool:
        if len(atoms) != len(self.positions) or not np.array_equal(atoms.cell.array, self.cell):
            return False
        moved = atoms.positions - self.positions
        return float((moved * moved).sum(1).max()) < (0.5 * _MARGIN) ** 2

    def vectors(self, atoms: Any) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        return self.i, self.j, atoms.positions[self.j] + self.shift - atoms.positions[self.i]


class ClusterCalculator(Calculator):
    """The moving atoms of a `Cluster`; the frozen ones are felt and not listed."""

    implemented_properties = ["energy", "forces"]  # noqa: RUF012 - ASE reads it from the class

    def __init__(self, cluster: Cluster, potential: Eam) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.cluster, self.potential = cluster, potential

    def calculate(
        self, atoms: Any = None, properties: Any = ("energy",), system_changes: Any = tuple(all_changes)
    ) -> None:
        """Fill `results` with energy and forces."""
        super().calculate(atoms, properties, system_changes)  # type: ignore[no-untyped-call]
        atoms = self.atoms  # a copy of the argument, or the last call's
        energy, forces = cluster_energy(self.cluster, self.potential, atoms.get_positions())
        self.results["energy"], self.results["forces"] = energy, forces


def cluster_energy(
    cluster: Cluster, potential: Eam, positions: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Energy (eV, up to a constant) and forces (n_moving, 3) of a cluster with its moving atoms at `positions`."""
    n = cluster.n_moving
    x = cluster.home.copy()
    x[:n] = positions
    pairs = np.empty((128 * n, 2), dtype=np.int32)
    n_pairs = list_pairs(x, n, potential.cutoff, pairs)
    if n_pairs > len(pairs):
        pairs = np.empty((n_pairs, 2), dtype=np.int32)
        list_pairs(x, n, potential.cutoff, pairs)
    forces = np.empty((n, 3))
    energy = energy_and_forces(
        x, n, pairs, n_pairs, cluster.density_of_far, potential.table, potential.shortest, potential.cutoff,
        potential.embedding, potential.parameters, forces, np.empty((n_pairs, 5)), np.empty(len(x)),
    )  # fmt: skip
    return float(energy), forces
