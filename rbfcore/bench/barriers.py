"""How many barriers one core computes in a second, and how far they are from the rows of the bundled sets."""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from rbfcore.data.bundled import bundled_path

_ENVIRONMENTS = 200


def rows() -> Iterator[dict[str, Any]]:
    """Environments per second (processor time), tethered only and both variants; deviations in eV."""
    try:
        import numba  # noqa: F401
    except ImportError:
        yield {"skipped": "numba is not installed: pip install 'rbfscope[barriers]'"}
        return
    from rbfcore.barriers.computation import compute

    for surface in ("100", "110", "111"):
        with np.load(bundled_path(f"cu{surface}"), allow_pickle=False) as arrays:
            chosen = np.sort(np.random.default_rng(0).choice(len(arrays["status"]), size=_ENVIRONMENTS, replace=False))
            occupied = np.unpackbits(arrays["occupations_packed"][chosen], axis=1)[:, :26]
            stored, status = arrays["barrier_tethered"][chosen], arrays["status"][chosen]
        compute(occupied, surface)  # compiles, and fills the table of half-spaces
        started = time.process_time()
        compute(occupied, surface, free=False)
        tethered = time.process_time() - started
        started = time.process_time()
        computed = compute(occupied, surface)
        both = time.process_time() - started
        good = (computed.status == 0) & (status == 0)
        gap = computed.barrier[good] - stored[good]
        yield {
            "data": f"cu{surface}",
            "environments": len(occupied),
            "per_second_tethered": round(len(occupied) / tethered, 1),
            "per_second_both": round(len(occupied) / both, 1),
            "same_status": float((computed.status == status).mean()),
            "median_to_stored": float(np.median(np.abs(gap))),
            "within_3_meV": float((np.abs(gap) <= 0.003).mean()),
            "rms_to_stored": float(np.sqrt(np.mean(gap**2))),
            "largest_to_stored": float(np.abs(gap).max()),
        }
