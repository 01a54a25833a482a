"""Migration barriers of 26-site environments, computed with an interatomic potential."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.barriers import status as codes
from rbfcore.barriers.calculator_system import CalculatorError, CalculatorModel
from rbfcore.barriers.cluster import cluster
from rbfcore.barriers.drag import Drag, System, drag
from rbfcore.barriers.extra import require
from rbfcore.barriers.half_space import canonical_images, checked_occupations, half_spaces
from rbfcore.barriers.support import supported

POTENTIALS = ("mishin", "emt")
_REVERSED = 4  # images from this number on exchange start and target
MAX_RADIUS = 6.0  # lattice constants: about 5,000 moving atoms


@dataclass(frozen=True, eq=False)
class Barriers:
    """Results, one row per environment. Energies in eV, NaN where the status is not 0.

    Attributes:
        barrier, reverse: of the energy with the tether's, the default target: never negative, nearly always defined.
        barrier_pure, reverse_pure: potential energy only, at the same geometries.
        barrier_free, reverse_free: without a tether: the physical barrier, where both ends are minima.
        status, status_free: see `rbfcore.barriers.status`; -1 where the free barrier was not asked for.
        normal (N, 3), top_layer, mismatch: the half-space beyond the 26 sites, see `HalfSpaces`.
        saddle_position: of the tethered path along the jump, 0 = start, 1 = target.
    """

    barrier: NDArray[np.float64]
    reverse: NDArray[np.float64]
    barrier_pure: NDArray[np.float64]
    reverse_pure: NDArray[np.float64]
    barrier_free: NDArray[np.float64]
    reverse_free: NDArray[np.float64]
    status: NDArray[np.int8]
    status_free: NDArray[np.int8]
    normal: NDArray[np.int8]
    top_layer: NDArray[np.int8]
    mismatch: NDArray[np.int8]
    saddle_position: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.status)


def compute(
    occupations: Any,
    surface: str | None = None,
    potential: str | Callable[[], Any] = "mishin",
    tether: float = 1.0,
    free: bool = True,
    r_mobile: float = 2.0,
) -> Barriers:
    """Barriers of environments by constrained drag in clusters, 26 sites embedded in the half-space that fits best.

    Deterministic: a row's result depends on nothing but the row. All images of an environment give the same barrier,
    because its canonical representative is computed, and a reversed environment gives the same numbers exchanged.

    Args:
        occupations: (N, 26) of 0 (empty) and 1 (filled), numbering of the 26 sites.
        surface: "100", "110" or "111" to embed in half-spaces of that family only; None takes the best of all.
        potential: "mishin" (EAM1, Phys. Rev. B 63, 224106), "emt", or a function that makes an ASE calculator for Cu
            (slow: seconds per barrier).
        tether: eV/Angstrom^2, > 0, on all moving atoms; on the migrating one at the ends only, where its energy is
            not counted (PHYSICS section 4.1).
        free: compute the barriers without a tether, too.
        r_mobile: atoms within this many lattice constants of the jump move. 2.0 costs 5 meV rms, 2.6 is the reference.

    Raises:
        ValueError: other shapes or values, an unknown surface or potential, or numbers out of range.

    Source: PHYSICS section 4.
    """
    occupied = checked_occupations(occupations)
    model = _model(potential)
    if not (np.isfinite(tether) and tether > 0):
        raise ValueError(f"the tether must be a force constant > 0 in eV/Angstrom^2, got {tether!r}")
    if not 1.0 <= r_mobile <= MAX_RADIUS:
        raise ValueError(f"r_mobile must lie between 1 and {MAX_RADIUS:g} lattice constants, got {r_mobile!r}")
    embedded = half_spaces(occupied, surface)
    image, representative = canonical_images(occupied)
    which, row_of = np.unique(representative, axis=0, return_inverse=True)
    row_of = row_of.reshape(-1)
    place = half_spaces(which, surface)
    allowed = supported(which)
    runs = (("tethered", tether), ("free", 0.0)) if free else (("tethered", tether),)
    drags: dict[str, list[Drag]] = {name: [] for name, _ in runs}
    for row, occupation in enumerate(which):
        for name, k in runs:
            if not allowed[row]:
                drags[name].append(Drag(codes.UNSUPPORTED))
                continue
            atoms = cluster(occupation, place.normal[row], place.top_layer[row], model.crystal, r_mobile)
            drags[name].append(_drag(model.system(atoms, k)))
    tethered = _columns(drags["tethered"], row_of, image >= _REVERSED)
    loose = _columns(drags["free"], row_of, image >= _REVERSED) if free else None
    nothing = np.full(len(occupied), np.nan)
    return Barriers(
        barrier=tethered["forward"],
        reverse=tethered["reverse"],
        barrier_pure=tethered["forward_pure"],
        reverse_pure=tethered["reverse_pure"],
        barrier_free=nothing if loose is None else loose["forward"],
        reverse_free=nothing.copy() if loose is None else loose["reverse"],
        status=tethered["status"].astype(np.int8),
        status_free=np.full(len(occupied), -1, dtype=np.int8) if loose is None else loose["status"].astype(np.int8),
        normal=embedded.normal,
        top_layer=embedded.top_layer,
        mismatch=embedded.mismatch,
        saddle_position=tethered["saddle_position"],
    )


def _model(potential: str | Callable[[], Any]) -> Any:
    if callable(potential):
        return CalculatorModel(potential)
    if potential not in POTENTIALS:
        raise ValueError(
            f"unknown potential {potential!r}: expected {' or '.join(POTENTIALS)}, or a function that makes an ASE "
            "calculator"
        )
    require("numba")
    from rbfcore.barriers.eam_system import EamModel

    return EamModel.named(potential)


def _drag(system: System) -> Drag:
    """The barrier, or a status if the calculator fails: one bad environment does not end a run."""
    try:
        return drag(system)
    except CalculatorError:
        return Drag(codes.CALCULATOR_FAILED)


def _columns(
    drags: list[Drag], row_of: NDArray[np.int64], reversed_: NDArray[np.bool_]
) -> dict[str, NDArray[np.float64]]:
    """Results of the representatives as columns of the rows asked for; reversed rows have their ends exchanged."""
    columns = {f.name: np.array([getattr(d, f.name) for d in drags], dtype=np.float64)[row_of] for f in fields(Drag)}
    for one, other in (("forward", "reverse"), ("forward_pure", "reverse_pure")):
        columns[one], columns[other] = (
            np.where(reversed_, columns[other], columns[one]),
            np.where(reversed_, columns[one], columns[other]),
        )
    columns["saddle_position"] = np.where(reversed_, 1 - columns["saddle_position"], columns["saddle_position"])
    unstable, status = (codes.INITIAL_UNSTABLE, codes.FINAL_UNSTABLE), columns["status"]
    # 1 and 2 are the unstable start and end: each is 3 minus the other.
    columns["status"] = np.where(reversed_ & np.isin(status, unstable), sum(unstable) - status, status)
    return columns
