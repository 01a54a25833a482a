"""Body-centred cubic: the jump to (1/2, 1/2, 1/2)."""

from rbfcore.lattice.geometry import Geometry
from rbfcore.lattice.viewpoints import Viewpoint

GEOMETRIES = (
    Geometry(
        name="bcc",
        cell=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        basis=((0.0, 0.0, 0.0), (0.5, 0.5, 0.5)),
        jump=(0.5, 0.5, 0.5),
        surfaces={"110": (-1.0, 1.0, 0.0), "112": (1.0, 1.0, -2.0)},
        viewpoints=(
            Viewpoint("[1 1 1]", (1.0, 1.0, 1.0), (-1.0, -1.0, 2.0)),
            Viewpoint("[-1 1 0]", (-1.0, 1.0, 0.0), (1.0, 1.0, -2.0)),
            Viewpoint("[1 1 -2]", (1.0, 1.0, -2.0), (1.0, -1.0, 0.0)),
            Viewpoint("[1 -3 2]", (1.0, -3.0, 2.0), (0.0, 0.0, 1.0)),
        ),
        named={1: 14, 2: 20, 3: 38},
    ),
)
