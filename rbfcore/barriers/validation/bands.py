"""Climbing-image nudged elastic bands by ASE: what every drag barrier is checked against."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rbfcore.barriers.cluster import Cluster
from rbfcore.barriers.potentials.eam import Eam

IMAGES, FMAX = 7, 0.01  # images between the ends; eV/Angstrom
_MAX_STEPS = 1000


@dataclass(frozen=True)
class Band:
    """Barriers of a converged band, eV.

    Attributes:
        forward, reverse: highest image less each end.
        converged: whether the forces fell below FMAX.
    """

    forward: float
    reverse: float
    converged: bool


def climbing_band(start: Any, end: Any, calculator: Callable[[], Any], fmax: float = FMAX) -> Band:
    """Relax both ends and the band between them.

    Args:
        start, end: ASE structures with the same atoms.
        calculator: makes a calculator; each image gets its own.
    """
    from ase.mep import NEB
    from ase.optimize import FIRE, LBFGS

    ends = []
    for atoms in (start, end):
        relaxed = atoms.copy()
        relaxed.calc = calculator()
        LBFGS(relaxed, logfile=None).run(fmax=fmax, steps=_MAX_STEPS)
        ends.append(relaxed)
    images = [ends[0], *(ends[0].copy() for _ in range(IMAGES)), ends[1]]
    for image in images[1:-1]:
        image.calc = calculator()
    band = NEB(images, climb=False, method="improvedtangent")
    band.interpolate(mic=bool(np.any(start.get_pbc())))
    for image in images[1:-1]:  # off symmetric ridges
        image.positions[0] += np.array([0.01, -0.01, 0.02])
    FIRE(band, logfile=None).run(fmax=5 * fmax, steps=_MAX_STEPS)
    band.climb = True
    converged = FIRE(band, logfile=None).run(fmax=fmax, steps=_MAX_STEPS)
    energies = [float(image.get_potential_energy()) for image in images]
    return Band(max(energies) - energies[0], max(energies) - energies[-1], bool(converged))


def cluster_band(cluster: Cluster, potential: Eam, fmax: float = FMAX) -> Band:
    """The band of one cluster: the same moving and frozen atoms that the drag has."""
    from ase import Atoms

    from rbfcore.barriers.ase_calculators import ClusterCalculator

    n = cluster.n_moving
    ends = [cluster.home[:n].copy() for _ in range(2)]
    ends[1][0] = cluster.target
    start, end = (Atoms(f"Cu{n}", positions=positions) for positions in ends)
    return climbing_band(start, end, lambda: ClusterCalculator(cluster, potential), fmax)
