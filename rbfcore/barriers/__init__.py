"""Migration barriers computed with interatomic potentials, and the sampling of environments to compute."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rbfcore.barriers.extra import require

if TYPE_CHECKING:
    from rbfcore.barriers.computation import Barriers as Barriers
    from rbfcore.barriers.computation import compute as compute
    from rbfcore.barriers.generation import generate as generate
    from rbfcore.barriers.half_space import half_spaces as half_spaces
    from rbfcore.barriers.support import supported as supported

# Loaded on first use: numba takes a second to import and is an extra.
_HOMES = {
    "Barriers": "computation",
    "compute": "computation",
    "generate": "generation",
    "half_spaces": "half_space",
    "supported": "support",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'rbfcore.barriers' has no attribute {name!r}")
    if name == "generate":  # its candidates are made by compiled code
        require("numba")
    value = getattr(import_module(f"rbfcore.barriers.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
