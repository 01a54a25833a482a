"""A process as a cluster to drag an atom in, and as a periodic slab for ASE."""

from typing import Any

import numpy as np

from rbfcore.barriers.cluster import Cluster, by_reach, fcc_points, frozen_density, lattice_around
from rbfcore.barriers.potentials.eam import Eam
from rbfcore.barriers.validation.processes import Process, strip_rows
from rbfcore.lattice import environment

_TOLERANCE = 1e-6
_LAYERS, _FIXED = 8.0, 2.0  # thickness of a slab and of its fixed bottom, in units of the (100) layer distance
_VACUUM = 12.0  # Angstrom
_COPIES = (6, 6)  # surface cells along and across the jump
_BULK = 4  # cubic cells


def process_cluster(process: Process, potential: Eam, r_mobile: float) -> Cluster:
    """The surroundings of a process within reach of the jump, without periods."""
    a = potential.lattice_constant
    target, cutoff = environment("fcc", 2).target, potential.cutoff / a
    points = lattice_around(r_mobile, cutoff)
    points = points[process.filled(points)]
    moving, frozen, far = (points[chosen] for chosen in by_reach(points, r_mobile, cutoff))
    home = np.vstack([np.zeros((1, 3)), moving, frozen]) * a
    density = np.concatenate([np.zeros(1 + len(moving)), frozen_density(frozen * a, far * a, potential)])
    outward = process.normal / max(float(np.linalg.norm(process.normal)), 1.0)
    return Cluster(home, 1 + len(moving), density, target * a, outward)


def periodic_ends(process: Process, lattice_constant: float) -> tuple[Any, Any]:
    """Unrelaxed start and end of a process as ASE structures, the migrating atom first.

    Slabs have periods along and across the jump, vacuum above and a fixed bottom; the bulk is periodic in all three
    directions.
    """
    from ase import Atoms
    from ase.constraints import FixAtoms

    target = environment("fcc", 2).target
    bulk = not process.normal.any()
    if bulk:
        vectors = _BULK * np.eye(3)
        low = 0.0
    else:
        up = process.normal / np.linalg.norm(process.normal)
        low = float(process.top * np.linalg.norm(process.normal) / (process.normal @ process.normal)) - _LAYERS / 2
        vectors = np.stack([_COPIES[0] * target, _COPIES[1] * process.across, up])
    points = fcc_points(2 * max(_BULK, *_COPIES) + 6)
    points = points[process.filled(points, strip_rows())]
    fractions = points @ np.linalg.inv(vectors)
    wide = np.ones(3, dtype=bool) if bulk else np.array([True, True, False])
    inside = np.all((fractions[:, wide] > -0.5 - _TOLERANCE) & (fractions[:, wide] < 0.5 - _TOLERANCE), axis=1)
    if not bulk:
        inside &= fractions[:, 2] > low - _TOLERANCE
    start = np.vstack([np.zeros((1, 3)), points[inside]])
    end = start.copy()
    end[0] = target
    structures = []
    for positions in (start, end):
        atoms = Atoms(f"Cu{len(positions)}", positions=positions * lattice_constant)
        cell = vectors * lattice_constant
        if not bulk:
            height = (positions @ up).max() - (positions @ up).min()
            cell = np.stack([cell[0], cell[1], up * (height * lattice_constant + 2 * _VACUUM)])
            atoms.set_constraint(FixAtoms(mask=positions @ up < low + _FIXED / 2))
        atoms.set_cell(cell)
        atoms.set_pbc([True, True, bulk])
        structures.append(atoms)
    return structures[0], structures[1]
