"""Names of symmetry elements for people: "mirror (0 0 1)", "rotation 120° about [1 1 1]"."""

import math

import numpy as np
from numpy.typing import NDArray

from rbfcore.lattice.environment import Environment
from rbfcore.symmetry.group import Symmetric

_WHOLE = 0.01  # how far from whole numbers indices may be


def element_names(env: Symmetric) -> tuple[str, ...]:
    """(G,) what each permutation does in space; "element 1" ... where the sites have no positions."""
    if not isinstance(env, Environment):
        return tuple(f"element {number}" for number in range(1, len(env.symmetry) + 1))
    return tuple(_name(rotation, env.target) for rotation in env.rotations)


def _name(rotation: NDArray[np.floating], axis: NDArray[np.float64]) -> str:
    """Symmetries of a jump are the identity, mirrors that contain it, and rotations about it."""
    if np.linalg.det(rotation) < 0:
        values, vectors = np.linalg.eig(rotation)
        return f"mirror ({_indices(np.real(vectors[:, np.argmin(np.real(values))]))})"
    if np.allclose(rotation, np.eye(3)):
        return "identity"
    sine = np.array([rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]])
    angle = math.degrees(math.atan2(sine @ axis / np.linalg.norm(axis) / 2, (np.trace(rotation) - 1) / 2))
    return f"rotation {round(angle) % 360}° about [{_indices(axis)}]"


def _indices(vector: NDArray[np.floating]) -> str:
    """Smallest whole numbers along a direction of the cubic lattice, the first of them positive.

    Two decimals of a unit vector where no whole numbers up to 9 lie along it, as in a turned or a hexagonal lattice.
    """
    scaled = vector / np.abs(vector[np.abs(vector) > 1e-6]).min()
    whole = np.rint(scaled).astype(int)
    forwards = 1 if vector[np.abs(vector) > 1e-6][0] > 0 else -1
    if np.abs(scaled - whole).max() > _WHOLE or np.abs(whole).max() > 9:
        unit = (forwards * vector / np.linalg.norm(vector)).round(2) + 0.0
        return " ".join(f"{component:.2f}" for component in unit)
    return " ".join(str(index) for index in forwards * whole)
