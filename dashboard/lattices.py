"""Which lattice a network's inputs live on, from what its run card says or from their number."""

from rbfcore.data.families import LATTICES, lattice_environment
from rbfcore.lattice import Environment, environment
from rbfcore.parameters import Parameters


def environment_of(network: Parameters) -> Environment | None:
    """The environment named in the metadata, the 26 FCC sites for an unnamed network of 26 inputs, else None.

    Raises:
        ValueError: the network says it lives on a lattice that is unknown or has another number of sites.
    """
    name = network.metadata.get("lattice")
    if name is None:
        return environment("fcc", 2) if network.n_inputs == 26 else None
    if name not in LATTICES:
        raise ValueError(f"the network names the lattice {name!r}, expected one of {', '.join(LATTICES)}")
    found = lattice_environment(name)
    if found.n_sites != network.n_inputs:
        raise ValueError(
            f"the network names the lattice {name} of {found.n_sites} sites, but has {network.n_inputs} inputs: "
            "train it on occupations of exactly these sites, or store it without a lattice"
        )
    return found
