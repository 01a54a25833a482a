"""The validation: every process by drag and by climbing-image NEB, and random environments in their clusters."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rbfcore.barriers import status as codes
from rbfcore.barriers.cluster import Cluster, cluster
from rbfcore.barriers.drag import Drag, drag
from rbfcore.barriers.eam_system import EamModel
from rbfcore.barriers.half_space import half_spaces
from rbfcore.barriers.validation.bands import Band, climbing_band, cluster_band
from rbfcore.barriers.validation.processes import Process, processes
from rbfcore.barriers.validation.structures import periodic_ends, process_cluster

R_MOBILE = 2.6
TOLERANCE, LITERATURE_TOLERANCE = 0.02, 0.1  # eV
QUICK = ("Cu(100) adatom hop", "Cu(110) in-channel hop")
_CONSISTENT = 1e-9  # eV


@dataclass(frozen=True)
class Row:
    """One process with one potential, eV. Deviations are from the values in `Process`."""

    process: str
    potential: str
    status: int
    drag: float
    reverse: float
    drag_deviation: float
    neb: float | None
    neb_deviation: float | None
    neb_converged: bool | None
    literature: str
    within: bool
    seconds: float


def process_rows(names: Sequence[str] | None = None, potentials: Sequence[str] = ("mishin", "emt"), *,
                 bands: bool = True) -> Iterator[Row]:  # fmt: skip
    """The table row by row.

    Args:
        names: of the processes, all by default.
        bands: compute the periodic NEB too (minutes); EMT by ASE's own calculator then.
    """
    for process in processes():
        if names is None or process.name in names:
            for potential in potentials:
                yield _row(process, potential, bands)


def _row(process: Process, potential: str, bands: bool) -> Row:
    started = time.perf_counter()
    model = EamModel.named(potential)
    dragged = drag(model.system(process_cluster(process, model.crystal, R_MOBILE), 0.0))
    band = _periodic_band(process, model) if bands else None
    deviation = dragged.forward - process.drag[potential]
    band_deviation = None if band is None else band.forward - process.neb[potential]
    within = dragged.status == codes.OK and abs(deviation) <= TOLERANCE
    within &= band_deviation is None or abs(band_deviation) <= TOLERANCE
    if process.bounds is not None:
        low, high = process.bounds
        within &= low - LITERATURE_TOLERANCE <= dragged.forward <= high + LITERATURE_TOLERANCE
    return Row(
        process.name,
        potential,
        dragged.status,
        dragged.forward,
        dragged.reverse,
        deviation,
        None if band is None else band.forward,
        band_deviation,
        None if band is None else band.converged,
        process.literature,
        bool(within),
        time.perf_counter() - started,
    )


def _periodic_band(process: Process, model: EamModel) -> Band:
    from ase.calculators.emt import EMT

    from rbfcore.barriers.ase_calculators import EamCalculator

    start, end = periodic_ends(process, model.crystal.lattice_constant)
    make = EMT if model.crystal.name == "emt" else lambda: EamCalculator(model.crystal)
    return climbing_band(start, end, make)


def orderings(rows: Sequence[Row]) -> dict[str, bool]:
    """Which of the orderings of PHYSICS section 6 hold, for each potential whose processes are all there."""
    verdicts = {}
    for potential in dict.fromkeys(row.potential for row in rows):
        value = {row.process: row.drag for row in rows if row.potential == potential}
        claims = {
            "(111) hop << (110) in-channel": ("Cu(111) fcc-hcp hop", "Cu(110) in-channel hop", 0.5),
            "(110) in-channel < (100) hop": ("Cu(110) in-channel hop", "Cu(100) adatom hop", 1.0),
            "(100) hop < bulk vacancy": ("Cu(100) adatom hop", "bulk vacancy", 1.0),
            "A step < B step": ("Cu(111) along an A step", "Cu(111) along a B step", 1.0),
        }
        for claim, (low, high, factor) in claims.items():
            if low in value and high in value:
                verdicts[f"{potential}: {claim}"] = bool(value[low] < factor * value[high])
    return verdicts


@dataclass(frozen=True)
class EnvironmentRow:
    """One environment by drag and by a band in the same cluster, eV, without a tether."""

    surface: str
    occupation: str
    drag: float
    neb: float
    deviation: float
    neb_converged: bool
    end_difference: float

    @property
    def consistent(self) -> bool:
        """Barrier >= max(0, E_final - E_initial), as it must be."""
        return self.drag >= max(0.0, self.end_difference) - _CONSISTENT


def environment_rows(
    surface: str, occupations: np.ndarray, n: int, seed: int = 0, potential: str = "mishin", r_mobile: float = 2.0
) -> Iterator[EnvironmentRow]:
    """Environments drawn at random among those whose barrier exists without a tether, until n are compared.

    Args:
        occupations: (N, 26) 0/1 to draw from.
    """
    model = EamModel.named(potential)
    done = 0
    for row in np.random.default_rng(seed).permutation(len(occupations)):
        occupied = occupations[row]
        atoms = _cluster(occupied, model, r_mobile)
        dragged: Drag = drag(model.system(atoms, 0.0))
        if dragged.status != codes.OK:
            continue
        band = cluster_band(atoms, model.crystal)
        yield EnvironmentRow(
            surface,
            "".join(map(str, occupied)),
            dragged.forward,
            band.forward,
            dragged.forward - band.forward,
            band.converged,
            dragged.forward - dragged.reverse,
        )
        done += 1
        if done == n:
            return


def _cluster(occupied: np.ndarray, model: EamModel, r_mobile: float) -> Cluster:
    place = half_spaces(occupied[None])
    return cluster(occupied, place.normal[0], int(place.top_layer[0]), model.crystal, r_mobile)


def as_json(row: Row | EnvironmentRow) -> dict[str, Any]:
    """Plain values; NaN becomes None."""
    return {k: None if isinstance(v, float) and np.isnan(v) else v for k, v in asdict(row).items()}
