"""What must be said of a crystal and one of its jumps so that the sites around the jump can be built."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rbfcore.lattice.viewpoints import Viewpoint

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Split:
    """A neighbour shell told apart into the sites of a plane through the atom and the others.

    Attributes:
        normal: of the plane.
        inside, outside: names of the two groups.
    """

    normal: Vector
    inside: str
    outside: str


@dataclass(frozen=True, eq=False)
class Geometry:
    """A crystal and one of its nearest-neighbour jumps. Lengths in lattice constants, the migrating atom at the origin.

    Attributes:
        name: "fcc", "hcp-basal": the crystal and, where it has several, the jump.
        cell: three vectors that repeat the crystal.
        basis: its atoms; the origin is one of them.
        jump: where the atom at the origin jumps to.
        surfaces: label of a surface -> its outward normal.
        viewpoints: where to look from: along the jump, from above, across, and last an oblique direction in which few
            sites hide each other; four, for the pages that show a view in each corner.
        named: shells -> number of sites, for the environments that have a name of their own such as "fcc26".
        splits: shell -> how its sites are told apart in groups.
        c_over_a: ratio of the axes of a hexagonal crystal, c along z; None for cubic ones.
    """

    name: str
    cell: tuple[Vector, Vector, Vector]
    basis: tuple[Vector, ...]
    jump: Vector
    surfaces: Mapping[str, Vector]
    viewpoints: tuple[Viewpoint, ...]
    named: Mapping[int, int]
    splits: Mapping[int, Split] = field(default_factory=dict)
    c_over_a: float | None = None

    def stretched(self, c_over_a: float) -> "Geometry":
        """The same crystal with another ratio of the axes; indices keep their meaning, so directions are stretched too.

        Raises:
            ValueError: the crystal has no such ratio, or it is not between 1 and 3.
        """
        if self.c_over_a is None:
            raise ValueError(f"c_over_a is a ratio of hexagonal axes: the lattice {self.name} has none")
        if not isinstance(c_over_a, int | float) or not 1 <= c_over_a <= 3:
            raise ValueError(f"c_over_a must lie between 1 and 3 (ideal: {self.c_over_a:.4f}), got {c_over_a!r}")
        factor = c_over_a / self.c_over_a

        def moved(vector: Vector) -> Vector:
            return (vector[0], vector[1], vector[2] * factor)

        first, second, third = map(moved, self.cell)
        return replace(
            self,
            cell=(first, second, third),
            basis=tuple(map(moved, self.basis)),
            jump=moved(self.jump),
            viewpoints=tuple(Viewpoint(v.name, moved(v.direction), moved(v.up)) for v in self.viewpoints),
            c_over_a=c_over_a,
        )
