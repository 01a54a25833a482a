"""A cluster under an embedded-atom potential, relaxed by the compiled kernel.

Source: PHYSICS section 4.1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rbfcore.barriers.cluster import Cluster, ClusterSystem
from rbfcore.barriers.drag import FMAX, LEFT_SITE, Relaxed
from rbfcore.barriers.kernel import relax
from rbfcore.barriers.potentials.eam import Eam
from rbfcore.barriers.potentials.emt import emt
from rbfcore.barriers.potentials.mishin import mishin

MAX_STEPS = 600
_GIVEN_UP = 1.5 * LEFT_SITE  # farther from its site no atom comes back


@dataclass(frozen=True, eq=False)
class EamSystem(ClusterSystem):
    """See `drag.System`; tether in eV/Angstrom^2, 0 for none."""

    potential: Eam
    tether: float

    def relax(self, start: NDArray[np.float64], home: NDArray[np.float64], held: bool) -> Relaxed:
        """L-BFGS to FMAX; see `kernel.relax`."""
        atoms, eam, n = self.cluster, self.potential, self.cluster.n_moving
        x = atoms.home.copy()
        x[:n] = start
        energy, pure, along, steps = relax(
            x, n, np.ascontiguousarray(home), self.tether, self.axis, held, atoms.density_of_far,
            eam.table, eam.shortest, eam.cutoff, eam.embedding, eam.parameters, FMAX, MAX_STEPS, _GIVEN_UP,
        )  # fmt: skip
        slope = -along
        if not held:  # the tether on a free migrating atom keeps it on its site and is no part of the path's energy
            away = x[0] - home[0]
            energy -= 0.5 * self.tether * float(away @ away)
            slope -= self.tether * float(away @ self.axis)
        return Relaxed(x[:n], energy, pure, slope, steps <= MAX_STEPS)


@dataclass(frozen=True, eq=False)
class EamModel:
    """Copper by a built-in potential: what `compute` needs of one."""

    crystal: Eam

    @classmethod
    def named(cls, name: str) -> "EamModel":
        """The built-in potential "mishin" or "emt"."""
        return cls({"mishin": mishin, "emt": emt}[name]())

    def system(self, atoms: Cluster, tether: float) -> EamSystem:
        """The atoms of one environment, ready to relax."""
        return EamSystem(atoms, self.crystal, tether)
