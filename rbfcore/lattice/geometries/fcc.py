"""Face-centred cubic: the jump to (1/2, 1/2, 0), seen as the paper's figures show it."""

from rbfcore.lattice.geometry import Geometry, Split
from rbfcore.lattice.viewpoints import Viewpoint

# The four directions of the paper (Sec. 3.2.2).
VIEWPOINTS = (
    Viewpoint("[1 1 0]", (1.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    Viewpoint("[0 0 1]", (0.0, 0.0, 1.0), (-1.0, 1.0, 0.0)),
    Viewpoint("[1 -1 0]", (1.0, -1.0, 0.0), (0.0, 0.0, 1.0)),
    Viewpoint("[0 3 1]", (0.0, 3.0, 1.0), (0.0, 0.0, 1.0)),
)

GEOMETRIES = (
    Geometry(
        name="fcc",
        cell=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        basis=((0.0, 0.0, 0.0), (0.5, 0.5, 0.0), (0.5, 0.0, 0.5), (0.0, 0.5, 0.5)),
        jump=(0.5, 0.5, 0.0),
        surfaces={"100": (0.0, 0.0, 1.0), "110": (-1.0, 1.0, 0.0), "111": (-1.0, 1.0, 1.0)},
        viewpoints=VIEWPOINTS,
        named={1: 18, 2: 26, 3: 58},
        splits={2: Split((0.0, 0.0, 1.0), "2nn in plane", "2nn z = ±1")},
    ),
)
