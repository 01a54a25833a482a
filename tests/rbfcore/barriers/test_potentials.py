"""Potentials against what is known about copper, ASE's EMT, and finite differences."""

import json
from importlib.resources import files

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT as ASE_EMT

from rbfcore.barriers.ase_calculators import EamCalculator
from rbfcore.barriers.kernel import energy_and_forces, list_pairs
from rbfcore.barriers.potentials.eam import Eam
from rbfcore.barriers.potentials.embedding import embedding
from rbfcore.barriers.potentials.emt import emt
from rbfcore.barriers.potentials.mishin import mishin

TABLE = 1e-7  # eV: cubic pieces against the closed form


def rattled(seed: int, spacing: float = 2.45) -> np.ndarray:
    """27 atoms on a distorted cube, Angstrom."""
    rng = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(*[np.arange(3)] * 3), -1).reshape(-1, 3) * spacing
    return grid + rng.normal(0, 0.2, grid.shape)


def energy_of(x: np.ndarray, potential: Eam) -> tuple[float, np.ndarray]:
    """Energy and forces of free atoms by the kernel."""
    n = len(x)
    pairs = np.empty((n * n, 2), dtype=np.int32)
    found = list_pairs(x, n, potential.cutoff, pairs)
    forces = np.empty((n, 3))
    energy = energy_and_forces(
        x, n, pairs, found, np.zeros(n), potential.table, potential.shortest, potential.cutoff,
        potential.embedding, potential.parameters, forces, np.empty((n * n, 5)), np.empty(n),
    )  # fmt: skip
    return energy, forces


def test_mishin_crystal_has_the_published_constant_and_cohesion() -> None:
    checks = json.loads(files("rbfcore.barriers.potentials").joinpath("mishin_eam1.json").read_text())["checks"]
    energies = {}
    for a in np.array([-0.01, -0.001, 0.0, 0.001, 0.01]) + checks["lattice_constant_A"]:
        crystal = bulk("Cu", "fcc", a=a, cubic=True).repeat(3)
        crystal.calc = EamCalculator(mishin())
        energies[float(a)] = crystal.get_potential_energy() / len(crystal)
    assert min(energies, key=energies.__getitem__) == pytest.approx(checks["lattice_constant_A"])
    assert min(energies.values()) == pytest.approx(checks["cohesive_energy_eV"], abs=2e-5)


def test_emt_crystal_constant_is_where_ase_has_its_minimum() -> None:
    def energy(a: float) -> float:
        crystal = bulk("Cu", "fcc", a=a, cubic=True).repeat(4)
        crystal.calc = ASE_EMT()
        return float(crystal.get_potential_energy())

    best = emt().lattice_constant
    assert energy(best) < min(energy(best - 2e-3), energy(best + 2e-3))


@pytest.mark.parametrize("seed", range(3))
def test_emt_is_ases(seed: int) -> None:
    x = rattled(seed)
    energy, forces = energy_of(x, emt())
    atoms = Atoms(f"Cu{len(x)}", positions=x, calculator=ASE_EMT())
    assert energy == pytest.approx(atoms.get_potential_energy(), abs=5e-8)
    np.testing.assert_allclose(forces, atoms.get_forces(), atol=1e-6)


@pytest.mark.parametrize("potential", [mishin, emt])
def test_forces_are_the_slopes_of_the_energy(potential: object) -> None:
    eam, x, h = potential(), rattled(7), 1e-4
    _, forces = energy_of(x, eam)
    for atom, axis in ((0, 0), (13, 1), (26, 2)):
        values = []
        for sign in (1, -1):
            moved = x.copy()
            moved[atom, axis] += sign * h
            values.append(energy_of(moved, eam)[0])
        assert forces[atom, axis] == pytest.approx(-(values[0] - values[1]) / (2 * h), abs=1e-5)


def test_mishin_table_is_its_closed_form() -> None:
    """Two atoms: phi(r) + 2 F(rho(r)) written out as in Phys. Rev. B 63, 224106."""
    p = json.loads(files("rbfcore.barriers.potentials").joinpath("mishin_eam1.json").read_text())["parameters"]

    def morse(r: float, centre: float, steepness: float) -> float:
        return np.exp(-2 * steepness * (r - centre)) - 2 * np.exp(-steepness * (r - centre))

    def embedded(rho: float) -> float:
        d = rho - 1
        return p["F0"] + 0.5 * p["F2"] * d**2 + sum(q * d ** (n + 3) for n, q in enumerate(p["q"]))

    for r in np.linspace(1.7, 5.4, 40):
        x = (r - p["rc"]) / p["h"]
        fade = x**4 / (1 + x**4)
        pair = (p["E1"] * morse(r, p["r01"], p["a1"]) + p["E2"] * morse(r, p["r02"], p["a2"]) + p["delta"]) * fade
        pair -= sum(s * (end - r) ** 4 for s, end in zip(p["S"], p["rs"], strict=True) if r < end)
        rho = (p["a"] * np.exp(-p["b1"] * (r - p["r03"]) ** 2) + np.exp(-p["b2"] * (r - p["r04"]))) * fade
        energy, _ = energy_of(np.array([[0.0, 0, 0], [r, 0, 0]]), mishin())
        assert energy == pytest.approx(pair + 2 * embedded(rho), abs=TABLE)


def test_periodic_calculator_is_the_kernel_on_free_atoms() -> None:
    x = rattled(3)
    atoms = Atoms(f"Cu{len(x)}", positions=x, calculator=EamCalculator(mishin()))
    energy, forces = energy_of(x, mishin())
    assert atoms.get_potential_energy() == pytest.approx(energy, abs=1e-9)
    np.testing.assert_allclose(atoms.get_forces(), forces, atol=1e-9)


@pytest.mark.parametrize("potential", [mishin, emt])
@pytest.mark.parametrize("rho", [0.05, 0.3, 0.999, 1.0, 1.001, 1.7, 12.0])
def test_embedding_slope(potential: object, rho: float) -> None:
    eam, h = potential(), 1e-6 * rho
    high, low = (embedding(eam.embedding, eam.parameters, rho + sign * h)[0] for sign in (1, -1))
    assert embedding(eam.embedding, eam.parameters, rho)[1] == pytest.approx((high - low) / (2 * h), rel=1e-6, abs=1e-7)
