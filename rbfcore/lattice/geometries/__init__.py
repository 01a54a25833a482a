"""Crystals that are known: every file here declares one in `GEOMETRIES`, and is found by being here."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from rbfcore.lattice.geometry import Geometry

_FIRST = ("fcc", "bcc")  # the crystals of the published data come first wherever lattices are listed


@cache
def known_geometries() -> dict[str, Geometry]:
    """All geometries by name."""
    files = sorted(module.name for module in iter_modules(__path__))
    files.sort(key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    declared = (import_module(f"{__name__}.{name}").GEOMETRIES for name in files)
    return {geometry.name: geometry for geometries in declared for geometry in geometries}
