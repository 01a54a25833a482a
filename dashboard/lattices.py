"""Which lattice a network's inputs live on, from what its run card says or from their number."""

import re

from rbfcore.lattice import Environment, environment
from rbfcore.parameters import Parameters

_NAME = re.compile(r"(fcc|bcc)(\d+)")
_MOST_SHELLS = 3


def environment_of(network: Parameters) -> Environment | None:
    """The environment named in the metadata, the 26 FCC sites for an unnamed network of 26 inputs, else None.

    Raises:
        ValueError: the network says it lives on a lattice that is unknown or has another number of sites.
    """
    name = network.metadata.get("lattice")
    if name is None:
        return environment("fcc", 2) if network.n_inputs == 26 else None
    match = _NAME.fullmatch(str(name))
    if match is not None and int(match[2]) == network.n_inputs:
        for shells in range(1, _MOST_SHELLS + 1):
            found = environment(match[1], shells)
            if found.n_sites == network.n_inputs:
                return found
    raise ValueError(
        f"the network says its {network.n_inputs} inputs are sites of the lattice {str(name)!r}, expected fcc18, fcc26, "
        f"fcc58, bcc14, bcc20 or bcc38 with as many sites: it can be used, but not drawn on a lattice"
    )
