"""Computed barrier sets (.npz): all arrays of a computation, and the rows a network learns from."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.data.dataset import DataSet
from rbfcore.data.npz import Arrays, provenance_of
from rbfcore.lattice import environment
from rbfcore.lattice.codes import families, site_codes

TARGETS = ("tethered", "tethered_pure", "free")
DIRECTIONS = ("both", "forward")
_LATTICE = "fcc26"
TETHER_ACTS_ON = "on all mobile atoms; on the migrating one at the two ends only, and not counted"
_TETHER_SAID_BEFORE = "on all mobile atoms but the migrating one"


def is_barrier_set(names: set[str]) -> bool:
    """Whether these array names are those of a barrier set rather than of a table x, y."""
    return bool(names & {"occupations", "occupations_packed"})


def checked_barrier_arrays(arrays: Arrays, filename: str) -> Arrays:
    """The arrays of a barrier set, occupations unpacked to (N, 26) uint8 in the numbering of the 26 sites.

    Raises:
        ValueError: not 26 sites, values other than 0 and 1, or arrays that differ in their number of rows.
    """
    sites = environment("fcc", 2)
    arrays = dict(arrays)
    if "occupations_packed" in arrays:
        packed = arrays.pop("occupations_packed")
        if packed.dtype != np.uint8 or packed.ndim != 2 or packed.shape[1] != 4:
            raise ValueError(f"{filename}: occupations_packed must be (N, 4) uint8, got {packed.shape} {packed.dtype}")
        arrays["occupations"] = np.unpackbits(packed, axis=1, count=sites.n_sites)
    occupations = arrays.get("occupations")
    if occupations is None or occupations.ndim != 2 or occupations.shape[1] != sites.n_sites:
        shape = None if occupations is None else occupations.shape
        raise ValueError(f"{filename}: occupations must be (N, {sites.n_sites}), one column per site, got {shape}")
    wrong = np.argwhere((occupations != 0) & (occupations != 1))
    if len(wrong):
        row, site = wrong[0]
        raise ValueError(
            f"{filename}: occupations hold {occupations[row, site]} in row {row + 1}, site {site + 1}; expected 0 or 1"
        )
    arrays["occupations"] = occupations.astype(np.uint8)[:, _site_order(arrays, filename)]
    for name, values in arrays.items():
        per_row = name.startswith(("barrier_", "reverse_barrier_", "status"))
        if per_row and values.shape != (len(occupations),):
            raise ValueError(f"{filename}: {name} must be ({len(occupations)},), one value per row, got {values.shape}")
    return arrays


def _site_order(arrays: Arrays, filename: str) -> NDArray[np.int64]:
    """Which column of the file is site 1, 2, ...: files may list the 26 positions in another order."""
    expected = environment("fcc", 2).positions
    if "sites" not in arrays:
        return np.arange(len(expected))
    positions = arrays["sites"]
    if positions.shape == expected.shape:
        close = np.linalg.norm(expected[:, None] - positions, axis=2) < 1e-4
        if (close.sum(0) == 1).all() and (close.sum(1) == 1).all():
            return np.asarray(close.argmax(1))
    raise ValueError(
        f"{filename}: sites must list the 26 positions around a jump from (0, 0, 0) to (1/2, 1/2, 0), "
        "in lattice constants"
    )


def learning_rows(
    arrays: Arrays,
    name: str,
    filename: str,
    target: str = "tethered",
    directions: str = "both",
    limit: int | None = None,
) -> DataSet:
    """The rows of a barrier set whose barrier exists, as a data set.

    A row and its reversal belong together: the way back starts from the surroundings seen from the other end
    (`Environment.reverse`) and has the reverse barrier. All images of a row share a family, so `split` keeps
    them together.

    Args:
        arrays: from `checked_barrier_arrays`.
        name: name of the data set.
        filename: what to call the file in messages.
        target: "tethered" (tether energy included), "tethered_pure" (same path, potential energy only), both
            for status 0; "free" (no tether) for status_free 0.
        directions: "both", or "forward" for the stored direction alone, whose barriers are biased upwards.
        limit: at most this many environments.

    Raises:
        ValueError: unknown target or directions, the file has not these barriers, or no row of status 0.
    """
    if target not in TARGETS:
        raise ValueError(f"unknown target {target!r}: barrier sets hold {', '.join(TARGETS)}")
    if directions not in DIRECTIONS:
        raise ValueError(f"unknown directions {directions!r}: expected {' or '.join(DIRECTIONS)}")
    status_name = "status_free" if target == "free" else "status"
    names = [f"barrier_{target}", status_name] + [f"reverse_barrier_{target}"] * (directions == "both")
    missing = [wanted for wanted in names if wanted not in arrays]
    if missing:
        raise ValueError(f"{filename}: no {', '.join(missing)} in it; expected them for target {target!r}")
    status = arrays[status_name]
    good = np.flatnonzero(status == 0)[:limit]
    if not len(good):
        raise ValueError(f"{filename}: no row with {status_name} 0, so no barrier to learn from")
    sites = environment("fcc", 2)
    occupied, y = arrays["occupations"][good], arrays[f"barrier_{target}"][good].astype(np.float64)
    if directions == "both":
        occupied = np.concatenate([occupied, occupied[:, sites.reverse[0]]])
        y = np.concatenate([y, arrays[f"reverse_barrier_{target}"][good].astype(np.float64)])
    if not np.isfinite(y).all():
        row = good[int(np.flatnonzero(~np.isfinite(y))[0]) % len(good)]
        raise ValueError(f"{filename}: barrier_{target} of row {row + 1} is not finite although its {status_name} is 0")
    codes, counts = np.unique(status, return_counts=True)
    provenance = _corrected(provenance_of(arrays, filename)) | {
        "target": target,
        "directions": directions,
        "environments": len(status),
        "environments_used": len(good),
        f"{status_name}_counts": {str(code): int(count) for code, count in zip(codes, counts, strict=True)},
    }
    x = occupied.astype(np.float32) * 2 - 1
    family = families(site_codes(occupied), _LATTICE)
    return DataSet(name, x, y, sites.names, "occupation", "eV", family, _LATTICE, provenance)


def _corrected(provenance: dict[str, Any]) -> dict[str, Any]:
    """Provenance as it should have been written: older files leave out where the tether acts on the migrating atom.

    The barriers themselves are as `rbfcore/barriers/PHYSICS.md`, section 4.1, says; only their description was not.
    """
    said = str(provenance.get("tether", ""))
    if not said.endswith(_TETHER_SAID_BEFORE):
        return provenance
    return provenance | {"tether": said.removesuffix(_TETHER_SAID_BEFORE) + TETHER_ACTS_ON}
