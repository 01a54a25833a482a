"""Which lattice a network's inputs live on, from what its run card says."""

import json
from functools import lru_cache
from typing import Any

from rbfcore.lattice.described import described_environment
from rbfcore.lattice.environment import Environment
from rbfcore.lattice.named import LATTICES, lattice_environment, lattices_of
from rbfcore.parameters import Parameters


def environment_of(network: Parameters, lattice: str | None = None) -> Environment | None:
    """The environment that the run card describes or names; None for a table of inputs, whatever their number.

    Args:
        lattice: a name of `LATTICES` that a person gives, whatever the card says.

    Raises:
        ValueError: the lattice is unknown or has another number of sites.
    """
    if lattice is not None:
        return named_environment(network, lattice)
    name = network.card.lattice
    if name is None:
        return None
    if network.card.numbering is not None:
        sites = _described(json.dumps(network.card.numbering, sort_keys=True))
    elif name in LATTICES:
        sites = lattice_environment(name)
    else:
        raise ValueError(
            f"the network names the lattice {name!r}, expected one of {', '.join(LATTICES)}; "
            "upload its positions as JSON in the Library"
        )
    if sites.n_sites != network.n_inputs:
        raise ValueError(
            f"the network names the lattice {name} of {sites.n_sites} sites, but has {network.n_inputs} inputs: "
            "train it on occupations of exactly these sites, or store it without a lattice"
        )
    return sites


def needed_environment(network: Parameters, lattice: str | None = None) -> Environment:
    """As `environment_of`, for work that cannot do without a lattice.

    Raises:
        ValueError: nobody names one; the message lists those that fit.
    """
    sites = environment_of(network, lattice)
    if sites is None:
        fitting = lattices_of(network.n_inputs)
        raise ValueError(
            f"the network's run card names no lattice: give --lattice, one of {', '.join(fitting or LATTICES)}"
            + ("" if fitting else f" (none of them has the network's {network.n_inputs} inputs)")
        )
    return sites


def is_on(network: Parameters, lattice: str) -> bool:
    """Whether the inputs are the sites of this named lattice, in its own order."""
    return network.card.lattice == lattice and network.card.numbering is None


def comparable(a: Parameters, b: Parameters) -> bool:
    """Whether two networks can take the same inputs: as many, and not the sites of differently named lattices."""
    lattices = [(one.card.lattice, one.card.numbering) for one in (a, b) if one.card.lattice is not None]
    return a.n_inputs == b.n_inputs and (len(lattices) < 2 or lattices[0] == lattices[1])


def named_environment(network: Parameters, lattice: str) -> Environment:
    """The sites of a lattice that a person names for a network.

    Raises:
        ValueError: the lattice is unknown or has another number of sites.
    """
    sites = lattice_environment(lattice)
    if sites.n_sites != network.n_inputs:
        raise ValueError(
            f"{lattice} has {sites.n_sites} sites, but the network has {network.n_inputs} inputs: "
            f"lattices of so many are {', '.join(lattices_of(network.n_inputs)) or 'not known'}"
        )
    return sites


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
