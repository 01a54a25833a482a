"""Which lattice a network's inputs live on, from what its run card says or from their number."""

import json
from functools import lru_cache
from typing import Any

from rbfcore.lattice import Environment, described_environment, environment
from rbfcore.lattice.codes import LATTICES, lattice_environment
from rbfcore.parameters import Parameters


def environment_of(network: Parameters) -> Environment | None:
    """The environment that the metadata describes or names, the 26 FCC sites for an unnamed network of 26, or None.

    Raises:
        ValueError: the network says it lives on a lattice that is unknown or has another number of sites.
    """
    name = network.card.lattice
    if name is None:
        return environment("fcc", 2) if network.n_inputs == 26 else None
    if network.card.numbering is not None:
        found = _described(json.dumps(network.card.numbering, sort_keys=True))
    elif name in LATTICES:
        found = lattice_environment(name)
    else:
        raise ValueError(
            f"the network names the lattice {name!r}, expected one of {', '.join(LATTICES)}; "
            "upload its positions as JSON in the Library"
        )
    if found.n_sites != network.n_inputs:
        raise ValueError(
            f"the network names the lattice {name} of {found.n_sites} sites, but has {network.n_inputs} inputs: "
            "train it on occupations of exactly these sites, or store it without a lattice"
        )
    return found


def own_lattice(content: bytes, filename: str) -> dict[str, Any]:
    """The description in an uploaded JSON file, checked.

    Raises:
        ValueError: it is not JSON, or describes no lattice; see `described_environment`.
    """
    try:
        description = json.loads(content)
    except ValueError as error:
        raise ValueError(f"{filename} is not JSON: {error}") from error
    if not isinstance(description, dict):
        raise ValueError(f"{filename} holds a {type(description).__name__}, expected an object with positions")
    try:
        described_environment(description)
    except ValueError as error:
        raise ValueError(f"{filename} describes no lattice: {error}") from error
    return description


@lru_cache(maxsize=32)
def _described(text: str) -> Environment:
    """One environment per description, so that its symmetry is worked out once."""
    return described_environment(json.loads(text))
