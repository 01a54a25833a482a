"""Lattice sites around a jump, their symmetry, and where to look from."""

from rbfcore.lattice.described import described_environment
from rbfcore.lattice.environment import Environment, environment
from rbfcore.lattice.symmetry import canonical_codes
from rbfcore.lattice.viewpoints import VIEWPOINTS, Viewpoint

__all__ = ["VIEWPOINTS", "Environment", "Viewpoint", "canonical_codes", "described_environment", "environment"]
