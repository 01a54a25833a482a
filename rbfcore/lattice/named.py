"""Lattices by the names that data sets and networks carry, such as "fcc26" or "hcp-basal26".

A name is all that tells a lattice: 26 sites surround a jump in FCC as well as in HCP. The registry is filled from the
files in `rbfcore/lattice/geometries` (a crystal and its jumps) and `rbfcore/lattice/sites` (positions as JSON, see
`described_environment`), so that a new lattice is one such file.
"""

import json
from collections.abc import Callable
from functools import cache, partial
from importlib.resources.abc import Traversable

from rbfcore.lattice.described import described_environment
from rbfcore.lattice.environment import SITES, Environment, environment
from rbfcore.lattice.geometries import known_geometries


def lattice_environment(name: str) -> Environment:
    """The sites of a named lattice, e.g. "fcc26"; the same object every time.

    Raises:
        ValueError: the name is unknown.
    """
    if name not in LATTICES:
        raise ValueError(f"unknown lattice {name!r}: expected one of {', '.join(LATTICES)}")
    return LATTICES[name]()


def lattices_of(n_sites: int) -> list[str]:
    """Names of all lattices with so many sites: what a person may choose from, never a reason to take one."""
    return [name for name in LATTICES if lattice_environment(name).n_sites == n_sites]


def known_lattices() -> dict[str, Callable[[], Environment]]:
    """Name -> its environment, from all files of geometry and of sites."""
    known: dict[str, Callable[[], Environment]] = {}
    for geometry in known_geometries().values():
        for shells, n_sites in geometry.named.items():
            known[f"{geometry.name}{n_sites}"] = partial(environment, geometry.name, shells)
    for file in sorted(SITES.iterdir(), key=lambda file: file.name):
        name, _, ending = file.name.rpartition(".")
        if ending == "json" and name not in known:
            known[name] = cache(partial(_read, file, name))
    return known


def _read(file: Traversable, name: str) -> Environment:
    return described_environment({"name": name, **json.loads(file.read_text(encoding="utf-8"))})


LATTICES = known_lattices()
