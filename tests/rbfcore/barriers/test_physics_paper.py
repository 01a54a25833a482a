"""PHYSICS.md followed word by word with ASE's potential and SciPy's optimiser: paper and program give one barrier.

Nothing here comes from the package but the numbers it is compared with.
"""

import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar, root_scalar

import rbfcore.barriers

pytest.importorskip("ase")

PAPER = Path(rbfcore.barriers.__file__).parent / "PHYSICS.md"
MEV = 1e-3
ALIKE = 0.3 * MEV  # what forces of 0.01 eV/Angstrom leave, PHYSICS section 4.2
TETHER, R_MOBILE, CUTOFF = 1.0, 1.0, 5.9  # eV/Angstrom^2, lattice constants, Angstrom (ASE's EMT ends at 5.88)
START, TARGET = np.zeros(3), np.array([0.5, 0.5, 0.0])
AXIS = TARGET / np.linalg.norm(TARGET)

Points = NDArray[np.float64]


def sites() -> Points:
    """(26, 3) as the table of section 1 lists them."""
    numbers = {"½": 0.5, "3/2": 1.5, "0": 0.0, "1": 1.0}
    rows = re.findall(r"\| (\d+) \| \((\S+), (\S+), (\S+)\) ", PAPER.read_text(encoding="utf-8"))
    assert sorted(int(number) for number, *_ in rows) == list(range(1, 27))
    place = {int(n): [(-1 if c[0] == "−" else 1) * numbers[c.lstrip("−")] for c in xyz] for n, *xyz in rows}
    return np.array([place[n] for n in range(1, 27)])


def half_space(filled: NDArray[np.bool_]) -> tuple[Points, float]:
    """Normal and limit of r . n of the half-space with the fewest mismatches, section 3.1; there must be one best."""
    candidates = []
    for normal in (np.array(n, dtype=float) for n in product((-1, 0, 1), repeat=3) if any(n)):
        step = 1.0 if np.abs(normal).sum() == 3 else 0.5
        layer = np.rint(sites() @ normal / step)
        for top in np.arange(min(0, round(TARGET @ normal / step)) - 1, layer.max() + 1):
            candidates.append((int((filled != (layer <= top)).sum()), normal, top * step))
    assert len(candidates) == 116
    candidates.sort(key=lambda candidate: candidate[0])
    assert candidates[0][0] < candidates[1][0]
    return candidates[0][1:]


@dataclass
class Around:
    """Mobile atoms, the migrating one first, and all others, in Angstrom, with ASE's EMT."""

    mobile: Points
    others: Points
    atoms: Any

    @classmethod
    def of(cls, filled: NDArray[np.bool_], a: float) -> "Around":
        from ase import Atoms
        from ase.calculators.emt import EMT

        normal, limit = half_space(filled)
        steps = np.array(list(product(range(-10, 11), repeat=3)))
        lattice = steps[steps.sum(1) % 2 == 0] / 2
        listed = np.vstack([sites(), START, TARGET])
        beyond = np.abs(lattice[:, None] - listed).max(2).min(1) > 1e-6
        lattice = lattice[beyond & (lattice @ normal <= limit + 1e-6)]
        along = np.clip(lattice @ TARGET / (TARGET @ TARGET), 0, 1)
        distance = np.linalg.norm(lattice - along[:, None] * TARGET, axis=1)
        mobile = np.vstack([START, sites()[filled], lattice[distance <= R_MOBILE + 1e-6]]) * a
        others = lattice[(distance > R_MOBILE + 1e-6) & (distance <= R_MOBILE + 2 * CUTOFF / a)] * a
        atoms = Atoms(f"Cu{len(mobile) + len(others)}", positions=np.vstack([mobile, others]), calculator=EMT())
        return cls(mobile, others, atoms)

    def potential(self, x: Points) -> tuple[float, Points]:
        """U and the forces on the mobile atoms."""
        self.atoms.set_positions(np.vstack([x, self.others]))
        return self.atoms.get_potential_energy(), self.atoms.get_forces()[: len(x)]

    def relaxed(self, x: Points, home: Points, springs_from: int, s: float | None = None) -> Points:
        """Relaxed under the springs of atoms from `springs_from` on; with s the migrating atom stays in that plane."""
        free = np.eye(3) if s is None else np.eye(3) - np.outer(AXIS, AXIS)
        x = x.copy()
        if s is not None:
            x[0] += (s - x[0] @ AXIS) * AXIS

        def function(flat: Points) -> tuple[float, Points]:
            here = flat.reshape(-1, 3)
            energy, forces = self.potential(here)
            away = here - home
            away[:springs_from] = 0
            gradient = TETHER * away - forces
            gradient[0] = free @ gradient[0]
            return energy + TETHER / 2 * float((away**2).sum()), gradient.ravel()

        options = {"gtol": 2e-3, "ftol": 1e-14, "maxcor": 15}
        return np.asarray(minimize(function, x.ravel(), jac=True, method="L-BFGS-B", options=options).x.reshape(-1, 3))

    def tethered(self, x: Points) -> float:
        """Eq. (P1)."""
        return self.potential(x)[0] + TETHER / 2 * float(((x[1:] - self.mobile[1:]) ** 2).sum())

    def top(self, first: Points, last: Points) -> Points:
        """The relaxed image where the slope along the jump is zero."""
        begin, end = (state[0] @ AXIS for state in (first, last))
        image = (first + last) / 2
        image[0] += 0.05 * np.array([0, 0, 1]) + 0.02 * np.cross(AXIS, [0, 0, 1])

        def slope(s: float) -> float:
            nonlocal image
            image = self.relaxed(image, self.mobile, springs_from=1, s=s)
            return -float(self.potential(image)[1][0] @ AXIS)

        quarter = (end - begin) / 4
        slope(root_scalar(slope, bracket=(begin + quarter, end - quarter), xtol=2e-3).root)
        return image


def lattice_constant() -> float:
    from ase.build import bulk
    from ase.calculators.emt import EMT

    def energy(a: float) -> float:
        crystal = bulk("Cu", "fcc", a=a)
        crystal.calc = EMT()
        return float(crystal.get_potential_energy())

    return float(minimize_scalar(energy, bounds=(3.4, 3.8), method="bounded", options={"xatol": 1e-7}).x)


def test_an_independent_engine_that_follows_the_paper_agrees() -> None:
    """One atom more on a flat terrace, site 4: its barrier, and what two misreadings of the tether would make of it."""
    filled = sites()[:, 2] <= -0.5
    filled[4 - 1] = True
    around = Around.of(filled, lattice_constant())
    arrived = around.mobile.copy()
    arrived[0] = TARGET * np.linalg.norm(around.mobile[1]) / np.linalg.norm(sites()[filled][0])
    homes = (around.mobile, arrived)
    ends = [around.relaxed(home, home, springs_from=0) for home in homes]
    top = around.tethered(around.top(*ends))
    barriers = top - np.array([around.tethered(end) for end in ends])

    result = rbfcore.barriers.compute(filled[None].astype(int), potential="emt", free=False, r_mobile=R_MOBILE)
    program = np.array([result.barrier[0], result.reverse[0]])
    np.testing.assert_allclose(barriers, program, atol=ALIKE)

    counted = [TETHER / 2 * float(((end[0] - home[0]) ** 2).sum()) for end, home in zip(ends, homes, strict=True)]
    assert max(counted) > 4 * MEV
    loose = around.tethered(around.relaxed(ends[0], around.mobile, springs_from=1))
    assert top - loose - program[0] > 1 * MEV
