"""The finished file of a run: rows sorted by code, barriers rounded, everything needed to read it beside them."""

import json
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.barriers.candidates import occupations_of
from rbfcore.data.npz import Arrays, write_arrays
from rbfcore.lattice import environment

# Barriers are stored as float32 multiples of this (0.06 meV, well below every numerical error of the method): the low
# bytes are zero and compress away.
RESOLUTION_EV = 2.0**-14
_ROUNDED = ("barrier_", "reverse_barrier_", "saddle_position")
ROW_ARRAYS = (
    "barrier_tethered",
    "reverse_barrier_tethered",
    "barrier_tethered_pure",
    "reverse_barrier_tethered_pure",
    "status",
    "barrier_free",
    "reverse_barrier_free",
    "status_free",
    "source",
    "mismatch",
    "normal",
    "top_layer",
    "saddle_position",
)


def write_barrier_set(path: str | Path, codes: NDArray[np.int64], rows: Arrays, facts: dict[str, Any]) -> None:
    """Write a barrier set that `load_dataset` reads.

    Args:
        path: ends in .npz.
        codes: (N,) canonical codes, each once.
        rows: arrays of N rows, named as in the file.
        facts: what is to be known about the set: settings, method, seed, title; JSON values.

    Raises:
        ValueError: the name does not end in .npz, the folder does not exist.
        OSError: it cannot be written.
    """
    path = Path(path)
    if path.suffix != ".npz":
        raise ValueError(f"barrier sets are .npz files, got {path.name!r}; rename the output")
    order = np.argsort(codes, kind="stable")
    sites = environment("fcc", 2)
    arrays: Arrays = {
        "occupations_packed": np.packbits(occupations_of(codes[order]), axis=1),
        "sites": sites.positions,
        "target": sites.target,
    }
    names = [name for name in ROW_ARRAYS if name in rows] + sorted(set(rows) - set(ROW_ARRAYS))
    for name in names:
        values = rows[name][order]
        arrays[name] = rounded(values) if name.startswith(_ROUNDED) else values
    facts = {"version": _version(), "resolution_eV": RESOLUTION_EV, **facts}
    arrays["provenance"] = np.array(json.dumps(facts, sort_keys=True, ensure_ascii=False))
    write_arrays(path, arrays)


def rounded(values: NDArray[Any]) -> NDArray[np.float32]:
    """Values to the nearest multiple of `RESOLUTION_EV`, as float32; NaN stays NaN."""
    steps = np.rint(np.asarray(values, dtype=np.float64) / RESOLUTION_EV)
    return ((steps + 0.0) * RESOLUTION_EV).astype(np.float32)  # + 0.0 turns -0 into 0


def _version() -> str:
    try:
        return metadata.version("rbfscope")
    except metadata.PackageNotFoundError:  # a checkout on the path without an install
        return "not installed"
