"""The four directions from which the paper looks at a prototype (Sec. 3.2.2), as rotations of the camera."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Viewpoint:
    """A camera looking at the origin.

    Attributes:
        name: Miller indices of the direction from the lattice to the eye.
        direction: the same as numbers.
        up: which lattice direction points up on the screen (made perpendicular to `direction`).
    """

    name: str
    direction: tuple[float, float, float]
    up: tuple[float, float, float]

    def rotation(self) -> NDArray[np.float64]:
        """(3, 3) with rows right, up, towards the eye: screen = rotation @ position."""
        towards = np.array(self.direction) / np.linalg.norm(self.direction)
        up = np.array(self.up) - (np.array(self.up) @ towards) * towards
        up /= np.linalg.norm(up)
        return np.stack([np.cross(up, towards), up, towards])


VIEWPOINTS = (
    Viewpoint("[1 1 0]", (1.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    Viewpoint("[0 0 1]", (0.0, 0.0, 1.0), (-1.0, 1.0, 0.0)),
    Viewpoint("[1 -1 0]", (1.0, -1.0, 0.0), (0.0, 0.0, 1.0)),
    Viewpoint("[0 3 1]", (0.0, 3.0, 1.0), (0.0, 0.0, 1.0)),
)
