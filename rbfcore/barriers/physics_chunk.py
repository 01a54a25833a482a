"""One chunk of barriers with a potential, as the arrays of a barrier set."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.data.npz import Arrays

POTENTIALS = ("mishin", "emt")

# Attribute of a computation -> array of a barrier set.
_ARRAYS = {
    "barrier": "barrier_tethered",
    "reverse": "reverse_barrier_tethered",
    "barrier_pure": "barrier_tethered_pure",
    "reverse_pure": "reverse_barrier_tethered_pure",
    "status": "status",
    "mismatch": "mismatch",
    "normal": "normal",
    "top_layer": "top_layer",
    "saddle_position": "saddle_position",
}
_FREE_ARRAYS = {"barrier_free": "barrier_free", "reverse_free": "reverse_barrier_free", "status_free": "status_free"}


@dataclass(frozen=True)
class PhysicsChunk:
    """Computes barriers of a chunk; sent whole to other processes.

    Attributes:
        potential: "mishin", "emt", or a factory of ASE calculators that can be pickled.
        tether: force constant, eV/A^2.
        free: compute the barriers without a tether, too.
        r_mobile: radius around the jump within which atoms move, lattice constants.
    """

    potential: Any = "mishin"
    tether: float = 1.0
    free: bool = True
    r_mobile: float = 2.0

    def __post_init__(self) -> None:
        if not callable(self.potential) and self.potential not in POTENTIALS:
            raise ValueError(
                f"unknown potential {self.potential!r}: expected {', '.join(POTENTIALS)} "
                "or a factory of ASE calculators"
            )
        if not (math.isfinite(self.tether) and self.tether >= 0):
            raise ValueError(f"the tether must be a force constant >= 0 in eV/A^2, got {self.tether!r}")
        if not (math.isfinite(self.r_mobile) and self.r_mobile > 0):
            raise ValueError(f"the mobile radius must be > 0 lattice constants, got {self.r_mobile!r}")

    def __call__(self, occupations: NDArray[np.uint8]) -> Arrays:
        from rbfcore.barriers.computation import compute

        computed = compute(
            occupations, potential=self.potential, tether=self.tether, free=self.free, r_mobile=self.r_mobile
        )
        names = _ARRAYS | _FREE_ARRAYS if self.free else _ARRAYS
        return {array: np.asarray(getattr(computed, attribute)) for attribute, array in names.items()}

    def settings(self) -> dict[str, Any]:
        """What decides the results, as JSON values."""
        potential = self.potential
        if not isinstance(potential, str):
            potential = f"{getattr(potential, '__module__', '?')}.{getattr(potential, '__qualname__', repr(potential))}"
        return {
            "potential": potential,
            "tether_eV_per_A2": float(self.tether),
            "free": bool(self.free),
            "r_mobile": float(self.r_mobile),
        }

    @classmethod
    def of_settings(cls, settings: dict[str, Any]) -> "PhysicsChunk":
        """The inverse of `settings`, for potentials that have a name.

        Raises:
            ValueError: a setting is missing, or the potential was a calculator of the user's.
        """
        missing = [name for name in ("potential", "tether_eV_per_A2", "free", "r_mobile") if settings.get(name) is None]
        if missing:
            raise ValueError(f"the set does not say its {', '.join(missing)}: expected one made by barriers generate")
        if settings["potential"] not in POTENTIALS:
            raise ValueError(
                f"the set was computed with {settings['potential']!r}: only mishin and emt can be named again; call "
                "rbfcore.barriers.closure.closure_steps with the calculator"
            )
        return cls(
            settings["potential"], settings["tether_eV_per_A2"], bool(settings["free"]), float(settings["r_mobile"])
        )
