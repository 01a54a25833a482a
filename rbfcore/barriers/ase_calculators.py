"""The built-in potentials as ASE calculators: for periodic structures, and for the moving atoms of a cluster."""

from typing import Any, ClassVar

import numpy as np
from ase.calculators.calculator import Calculator, all_changes
from ase.neighborlist import neighbor_list
from numpy.typing import NDArray

from rbfcore.barriers.cluster import Cluster
from rbfcore.barriers.kernel import energy_and_forces, list_pairs
from rbfcore.barriers.potentials.eam import Eam
from rbfcore.barriers.potentials.embedding import embeddings


class EamCalculator(Calculator):  # type: ignore[misc]
    """An `Eam` potential for any structure of one element, periodic or not. Energies in eV, lengths in Angstrom."""

    implemented_properties: ClassVar[list[str]] = ["energy", "forces"]

    def __init__(self, potential: Eam) -> None:
        super().__init__()
        self.potential = potential

    def calculate(
        self, atoms: Any = None, properties: Any = ("energy",), system_changes: Any = tuple(all_changes)
    ) -> None:
        """Fill `results` with energy and forces."""
        super().calculate(atoms, properties, system_changes)
        eam, n = self.potential, len(self.atoms)
        i, r, vectors = neighbor_list("idD", self.atoms, eam.cutoff)
        j = neighbor_list("j", self.atoms, eam.cutoff)
        place = (np.maximum(r, eam.shortest) - eam.shortest) * eam.intervals_per_angstrom
        cell = np.minimum(place.astype(np.int64), len(eam.table) - 1)
        t, c = place - cell, eam.table[cell].T
        pair, density = (c[k] + t * (c[k + 1] + t * (c[k + 2] + t * c[k + 3])) for k in (0, 4))
        pair_slope, density_slope = (
            (c[k + 1] + t * (2 * c[k + 2] + t * 3 * c[k + 3])) * eam.intervals_per_angstrom for k in (0, 4)
        )
        value, slope = embeddings(eam.embedding, eam.parameters, np.bincount(i, density, n))
        pull = (pair_slope + (slope[i] + slope[j]) * density_slope) / r
        self.results["energy"] = float(value.sum() + 0.5 * pair.sum())
        self.results["forces"] = np.stack([np.bincount(i, pull * vectors[:, c], n) for c in range(3)], axis=1)


class ClusterCalculator(Calculator):  # type: ignore[misc]
    """The moving atoms of a `Cluster`; the frozen ones are felt and not listed."""

    implemented_properties: ClassVar[list[str]] = ["energy", "forces"]

    def __init__(self, cluster: Cluster, potential: Eam) -> None:
        super().__init__()
        self.cluster, self.potential = cluster, potential

    def calculate(
        self, atoms: Any = None, properties: Any = ("energy",), system_changes: Any = tuple(all_changes)
    ) -> None:
        """Fill `results` with energy and forces."""
        super().calculate(atoms, properties, system_changes)
        energy, forces = cluster_energy(self.cluster, self.potential, self.atoms.get_positions())
        self.results["energy"], self.results["forces"] = energy, forces


def cluster_energy(
    cluster: Cluster, potential: Eam, positions: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Energy (eV, up to a constant) and forces (n_moving, 3) of a cluster with its moving atoms at `positions`."""
    n = cluster.n_moving
    x = cluster.home.copy()
    x[:n] = positions
    pairs = np.empty((128 * n, 2), dtype=np.int32)
    found = list_pairs(x, n, potential.cutoff, pairs)
    if found > len(pairs):
        pairs = np.empty((found, 2), dtype=np.int32)
        list_pairs(x, n, potential.cutoff, pairs)
    forces = np.empty((n, 3))
    energy = energy_and_forces(
        x, n, pairs, found, cluster.density_of_far, potential.table, potential.shortest, potential.cutoff,
        potential.embedding, potential.parameters, forces, np.empty((found, 5)), np.empty(len(x)),
    )  # fmt: skip
    return float(energy), forces
