"""Lattice sites around a jump, their symmetry and groups, codes of environments, and where to look from."""

from rbfcore.lattice.codes import canonical_codes
from rbfcore.lattice.described import described_environment
from rbfcore.lattice.environment import Environment, environment
from rbfcore.lattice.named import LATTICES, lattice_environment
from rbfcore.lattice.viewpoints import Viewpoint

__all__ = [
    "LATTICES",
    "Environment",
    "Viewpoint",
    "canonical_codes",
    "described_environment",
    "environment",
    "lattice_environment",
]
