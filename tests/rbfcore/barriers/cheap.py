"""A stand-in for the physics in tests of the machinery: deterministic numbers at once, or as slowly as asked."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.barriers.half_space import half_spaces
from rbfcore.lattice.codes import families, site_codes


@dataclass(frozen=True)
class CheapBarriers:
    """Barriers that count atoms: every third environment or so fails, so that cutting at the n-th success shows."""

    seconds: float = 0.0

    def __call__(self, occupations: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
        time.sleep(self.seconds)
        weights = np.linspace(0.1, 1.0, 26)
        barrier = occupations @ weights / 20
        status = np.where(occupations.sum(1) % 3 == 0, 5, 0).astype(np.uint8)
        free = np.where(occupations.sum(1) % 7 == 0, 0, 1).astype(np.uint8)
        missing, not_free = status != 0, free != 0
        return {
            "barrier_tethered": np.where(missing, np.nan, barrier).astype(np.float32),
            "reverse_barrier_tethered": np.where(missing, np.nan, barrier / 2).astype(np.float32),
            "status": status,
            "barrier_free": np.where(not_free, np.nan, barrier).astype(np.float32),
            "reverse_barrier_free": np.where(not_free, np.nan, barrier / 2).astype(np.float32),
            "status_free": free,
        }

    def settings(self) -> dict[str, Any]:
        return {"potential": "cheap"}


@dataclass(frozen=True)
class StableNearHalfSpaces:
    """Environments are stable without a tether when they are nearly a half-space, three in five."""

    def __call__(self, occupations: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
        stable = (half_spaces(occupations).mismatch <= 1) & (families(site_codes(occupations), "fcc26") % 5 < 3)
        arrays = CheapBarriers()(occupations)
        arrays["status_free"] = np.where(stable, 0, 2).astype(np.uint8)
        for name in ("barrier_free", "reverse_barrier_free"):
            arrays[name] = np.where(stable, 0.5, np.nan).astype(np.float32)
        return arrays

    def settings(self) -> dict[str, Any]:
        return {"potential": "cheap", "tether_eV_per_A2": 1.0, "free": True, "r_mobile": 2.0}
