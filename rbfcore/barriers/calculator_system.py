"""A cluster under any ASE calculator: the same algorithm as the built-in potentials, at the calculator's speed.

Source: PHYSICS section 4.1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rbfcore.barriers.cluster import Cluster, ClusterSystem
from rbfcore.barriers.drag import FMAX, LEFT_SITE, Relaxed

MAX_STEPS = 300
_CUTOFF = 6.0  # Angstrom: thickness of the frozen crystal beyond the moving atoms
_BRACKET = (3.3, 4.0)  # Angstrom, where the lattice constant of copper is looked for
_TOO_CLOSE = 0.5  # Angstrom
_MEMORY, _LONGEST_STEP, _STIFFNESS, _SHRINK = 8, 0.15, 60.0, 0.3  # as the compiled kernel


class CalculatorError(RuntimeError):
    """A calculator raised an error, returned values that are not finite, or was asked about overlapping atoms."""


@dataclass(frozen=True, eq=False)
class Crystal:
    """What `cluster` asks of a potential: Angstrom, and no density where the calculator does the sums."""

    name: str
    lattice_constant: float
    cutoff: float

    def density(self, r: NDArray[np.float64]) -> NDArray[np.float64]:
        """Zero: a calculator sees the frozen atoms themselves."""
        return np.zeros_like(r)


@dataclass(frozen=True, eq=False)
class CalculatorModel:
    """Copper by ASE calculators that `make` makes.

    Raises:
        ValueError: ASE is not installed, or the calculator cannot do a copper crystal.
    """

    make: Callable[[], Any]

    @cached_property
    def _calculator(self) -> Any:
        return self.make()

    @cached_property
    def crystal(self) -> Crystal:
        """The lattice constant is where the calculator's own crystal has its lowest energy."""
        try:
            from ase.build import bulk
        except ImportError as error:
            raise ValueError(
                "ASE calculators need the library ase: install it with pip install 'rbfscope[barriers]'"
            ) from error
        from scipy.optimize import minimize_scalar

        def energy(a: float) -> float:
            atoms = bulk("Cu", "fcc", a=a, cubic=True).repeat(3)
            atoms.calc = self._calculator
            return float(atoms.get_potential_energy())

        try:
            minimum = minimize_scalar(energy, bounds=_BRACKET, method="bounded", options={"xatol": 1e-5})
        except Exception as error:
            raise ValueError(
                f"the calculator fails on a copper crystal ({type(error).__name__}: {error}): expected a function that "
                "makes an ASE calculator for periodic Cu"
            ) from error
        if not np.isfinite(minimum.fun):
            raise ValueError(f"the calculator gives an energy of {minimum.fun} for a copper crystal")
        return Crystal("calculator", float(minimum.x), _CUTOFF)

    def system(self, atoms: Cluster, tether: float) -> "CalculatorSystem":
        """The atoms of one environment, ready to relax."""
        return CalculatorSystem(atoms, self._calculator, tether)


@dataclass(frozen=True, eq=False)
class CalculatorSystem(ClusterSystem):
    """See `drag.System`; tether in eV/Angstrom^2, 0 for none."""

    calculator: Any
    tether: float

    @cached_property
    def _atoms(self) -> Any:
        from ase import Atoms

        atoms = Atoms("Cu" * len(self.cluster.home), positions=self.cluster.home)
        atoms.calc = self.calculator
        return atoms

    def _evaluate(self, x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        n = self.cluster.n_moving
        everything = np.vstack([x, self.cluster.home[n:]])
        for i in range(n):
            apart = np.linalg.norm(everything[i + 1 :] - everything[i], axis=1)
            if len(apart) and apart.min() < _TOO_CLOSE:
                raise CalculatorError(f"two atoms are {apart.min():.2f} Angstrom apart")
        try:
            self._atoms.set_positions(everything)
            energy, forces = float(self._atoms.get_potential_energy()), np.array(self._atoms.get_forces())[:n]
        except Exception as error:
            raise CalculatorError(f"{type(error).__name__}: {error}") from error
        if not (np.isfinite(energy) and np.isfinite(forces).all()):
            raise CalculatorError("the calculator returned values that are not finite")
        return energy, forces

    def relax(self, start: NDArray[np.float64], home: NDArray[np.float64], held: bool) -> Relaxed:
        """L-BFGS to FMAX with the rules of `kernel.relax`."""
        first = 1 if held else 0
        x, before = start.copy(), start.copy()
        moves: list[NDArray[np.float64]] = []
        changes: list[NDArray[np.float64]] = []
        forces_before, energy_before, step = None, np.inf, np.zeros_like(x)
        pure = along = 0.0
        for _ in range(MAX_STEPS + 1):
            pure, forces = self._evaluate(x)
            away = x - home
            away[:first] = 0.0
            energy = pure + 0.5 * self.tether * float((away**2).sum())
            forces = forces - self.tether * away
            along = float(forces[0] @ self.axis)
            if held:
                forces[0] -= along * self.axis
            small = float(np.linalg.norm(forces, axis=1).max()) < FMAX
            if small or float(np.linalg.norm(away, axis=1).max()) > 1.5 * LEFT_SITE:
                return self._relaxed(x, home, held, energy, pure, along, True)
            if energy > energy_before + 1e-7 and np.abs(step).max() > 1e-7:
                moves, changes, step = [], [], step * _SHRINK
                x = before + step
                continue
            if forces_before is not None:
                move, change = x - before, forces_before - forces
                if float((move * change).sum()) > 1e-3 * float((move**2).sum()):
                    moves, changes = [*moves, move][-_MEMORY:], [*changes, change][-_MEMORY:]
                else:
                    moves, changes = [], []
            step = _direction(forces, moves, changes)
            if float((step * forces).sum()) <= 0:
                moves, changes, step = [], [], forces / _STIFFNESS
            step *= min(1.0, _LONGEST_STEP / max(float(np.linalg.norm(step, axis=1).max()), 1e-12))
            before, forces_before, energy_before = x, forces, energy
            x = before + step
        return self._relaxed(x, home, held, energy, pure, along, False)

    def _relaxed(
        self,
        x: NDArray[np.float64],
        home: NDArray[np.float64],
        held: bool,
        energy: float,
        pure: float,
        along: float,
        converged: bool,
    ) -> Relaxed:
        slope = -along
        if not held:
            away = x[0] - home[0]
            energy -= 0.5 * self.tether * float(away @ away)
            slope -= self.tether * float(away @ self.axis)
        return Relaxed(x, energy, pure, slope, converged)


def _direction(
    forces: NDArray[np.float64], moves: list[NDArray[np.float64]], changes: list[NDArray[np.float64]]
) -> NDArray[np.float64]:
    result, shares = forces.copy(), []
    for move, change in zip(reversed(moves), reversed(changes), strict=True):
        share = float((move * result).sum()) / float((move * change).sum())
        shares.append(share)
        result = result - share * change
    result = result / _STIFFNESS
    if moves:
        result = result * _STIFFNESS * float((moves[-1] * changes[-1]).sum()) / float((changes[-1] ** 2).sum())
    for move, change, share in zip(moves, changes, reversed(shares), strict=True):
        result = result + (share - float((change * result).sum()) / float((move * change).sum())) * move
    return result
