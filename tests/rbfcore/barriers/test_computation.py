"""Barriers against converged bands, the bundled sets, the symmetry of the jump, and calculators that fail."""

import subprocess
import sys

import numpy as np
import pytest
from ase import Atoms
from ase.calculators.emt import EMT
from ase.optimize import LBFGS

from rbfcore.barriers import compute, half_spaces, supported
from rbfcore.barriers import status as codes
from rbfcore.barriers.ase_calculators import ClusterCalculator
from rbfcore.barriers.calculator_system import CalculatorModel
from rbfcore.barriers.cluster import cluster
from rbfcore.barriers.drag import FMAX, drag
from rbfcore.barriers.eam_system import EamModel
from rbfcore.barriers.validation.bands import cluster_band
from rbfcore.barriers.validation.processes import processes
from rbfcore.barriers.validation.structures import process_cluster
from rbfcore.barriers.validation.table import environment_rows, orderings, process_rows
from rbfcore.data.bundled import bundled_path
from rbfcore.data.load import load_dataset
from rbfcore.lattice import environment

STORED = 0.003  # eV: rows of a set computed before, by another program at first
BAND = 0.002  # eV, drag against a converged band in the same cluster


def occupations(name: str, **options: str) -> tuple[np.ndarray, np.ndarray]:
    """Forward rows of a bundled set and their barriers."""
    data = load_dataset(str(bundled_path(name)), directions="forward", **options)
    return (data.x > 0).astype(np.uint8), data.y


@pytest.mark.parametrize("name", ["cu100", "cu110", "cu111"])
def test_stored_rows_come_out_again(name: str) -> None:
    occupied, y = occupations(name)
    rows = np.random.default_rng(0).choice(len(y), 8, replace=False)
    found = compute(occupied[rows], free=False)
    good = found.status == codes.OK
    assert good.sum() >= 7
    np.testing.assert_allclose(found.barrier[good], y[rows][good], atol=STORED)


def test_drag_finds_the_saddle_of_a_climbing_band() -> None:
    occupied, _ = occupations("cu100", target="free")
    rows = list(environment_rows("100", occupied, 2, seed=3))
    assert all(row.neb_converged for row in rows)
    assert max(abs(row.deviation) for row in rows) < BAND
    assert all(row.consistent for row in rows)


def test_known_processes_by_drag() -> None:
    """The whole table without its bands: within 20 meV of the documented values, 0.1 eV of the literature, in order."""
    rows = list(process_rows(potentials=("mishin",), bands=False))
    assert [row.process for row in rows if not row.within] == []
    claims = orderings(rows)
    assert len(claims) == 4
    assert all(claims.values())


def test_a_process_agrees_with_its_band() -> None:
    """The adatom hop in the cluster of the drag, against ASE's climbing band."""
    model = EamModel.named("mishin")
    atoms = process_cluster(processes()[0], model.crystal, 1.5)
    found, band = drag(model.system(atoms, 0.0)), cluster_band(atoms, model.crystal)
    assert band.converged
    assert found.forward == pytest.approx(band.forward, abs=BAND)
    assert found.forward == pytest.approx(found.reverse, abs=1e-4)


def test_relaxation_ends_where_ases_does() -> None:
    occupied, _ = occupations("cu110", target="free")
    place = half_spaces(occupied[:1])
    model = EamModel.named("mishin")
    atoms = cluster(occupied[0], place.normal[0], int(place.top_layer[0]), model.crystal, 1.5)
    home = atoms.home[: atoms.n_moving]
    ours = model.system(atoms, 0.0).relax(home, home, held=False)
    theirs = Atoms(f"Cu{len(home)}", positions=home, calculator=ClusterCalculator(atoms, model.crystal))
    LBFGS(theirs, logfile=None).run(fmax=FMAX)
    assert ours.pure == pytest.approx(theirs.get_potential_energy(), abs=1e-3)


def test_images_have_one_barrier_and_reversed_environments_exchange_theirs() -> None:
    occupied, _ = occupations("cu111")
    env, few = environment("fcc", 2), occupied[:4]
    first = compute(few, free=False)
    for images, forward, reverse in (
        (env.symmetry, first.barrier, first.reverse),
        (env.reverse, first.reverse, first.barrier),
    ):
        for image in images:
            found = compute(few[:, image], free=False)
            np.testing.assert_array_equal(found.barrier, forward)
            np.testing.assert_array_equal(found.reverse, reverse)


def test_rows_do_not_depend_on_each_other() -> None:
    occupied, _ = occupations("cu100")
    together = compute(occupied[:5], free=False)
    alone = np.concatenate([compute(occupied[i : i + 1], free=False).barrier for i in range(5)])
    np.testing.assert_array_equal(together.barrier, alone)


def test_forward_less_reverse_is_the_difference_of_the_ends() -> None:
    occupied, _ = occupations("cu100", target="free")
    found = compute(occupied[:20])
    good = found.status_free == codes.OK
    assert good.sum() > 10
    barrier, difference = found.barrier_free[good], (found.barrier_free - found.reverse_free)[good]
    assert (barrier >= np.maximum(0, difference)).all()


def test_unsupported_environments_have_a_status() -> None:
    lonely = np.zeros((1, 26), dtype=np.uint8)
    lonely[0, 22] = 1  # an atom in the air
    occupied, _ = occupations("cu100")
    found = compute(np.concatenate([lonely, occupied[:1]]), surface="100", free=False)
    assert found.status[0] == codes.UNSUPPORTED
    assert np.isnan(found.barrier[0])
    assert found.status[1] == codes.OK


class FailingSometimes(EMT):
    """ASE's EMT until an environment with an odd number of atoms comes."""

    how = "raise"

    def calculate(self, atoms=None, properties=("energy",), system_changes=()):  # type: ignore[no-untyped-def]
        super().calculate(atoms, list(properties), list(system_changes))
        if len(self.atoms) % 2:
            if self.how == "raise":
                raise RuntimeError("out of licences")
            self.results["energy"] = np.nan


@pytest.mark.parametrize("how", ["raise", "nan"])
def test_a_failing_calculator_spoils_its_own_environment_only(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FailingSometimes, "how", how)
    monkeypatch.setattr("rbfcore.barriers.calculator_system._CUTOFF", 3.0)
    monkeypatch.setattr("rbfcore.barriers.calculator_system.MAX_STEPS", 2)  # enough to fail, or not to converge
    occupied, _ = occupations("cu100")
    other = occupied.copy()
    other[:, 18] ^= 1  # one atom more or less
    both = np.flatnonzero(supported(occupied[:500]) & supported(other[:500]))[0]
    pair = np.stack([occupied[both], other[both]])
    found = compute(pair, potential=FailingSometimes, free=False, r_mobile=1.0)
    assert (found.status == codes.CALCULATOR_FAILED).sum() == 1
    assert (found.status == codes.NOT_CONVERGED).sum() == 1


def test_overlapping_atoms_are_a_failure_of_the_calculation() -> None:
    model = CalculatorModel(EMT)
    occupied, _ = occupations("cu100")
    place = half_spaces(occupied[:1])
    atoms = cluster(occupied[0], place.normal[0], int(place.top_layer[0]), EamModel.named("emt").crystal, 1.0)
    system = model.system(atoms, 1.0)
    on_top = system.home.copy()
    on_top[1] = on_top[0]
    with pytest.raises(RuntimeError, match="Angstrom apart"):
        system.relax(on_top, system.home, held=False)


def test_the_calculators_path_is_the_kernels() -> None:
    """ASE's EMT through the general path against the compiled one, in one small cluster."""
    occupied, _ = occupations("cu100")
    place = half_spaces(occupied[:1])
    model = EamModel.named("emt")
    atoms = cluster(occupied[0], place.normal[0], int(place.top_layer[0]), model.crystal, 1.0)
    n = atoms.n_moving

    # A calculator sees no atoms beyond the frozen ones, so the kernel leaves their density out here.
    bare = type(atoms)(atoms.home, n, np.zeros(len(atoms.home)), atoms.target, atoms.normal)
    ours = drag(model.system(_with_frozen_density(bare, model), 1.0))
    theirs = drag(CalculatorModel(EMT).system(bare, 1.0))
    assert theirs.status == ours.status == codes.OK
    assert theirs.forward == pytest.approx(ours.forward, abs=1e-3)
    assert theirs.reverse == pytest.approx(ours.reverse, abs=1e-3)


def _with_frozen_density(bare, model):  # type: ignore[no-untyped-def]
    """The density that frozen atoms give each other, which a calculator sums by itself."""
    frozen = bare.home[bare.n_moving :]
    distance = np.linalg.norm(frozen[:, None] - frozen, axis=2)
    near = (distance > 1e-6) & (distance < model.crystal.cutoff)
    density = np.zeros(len(bare.home))
    for i, row in enumerate(near):
        density[bare.n_moving + i] = model.crystal.density(distance[i][row]).sum()
    return type(bare)(bare.home, bare.n_moving, density, bare.target, bare.normal)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"occupations": np.zeros((2, 25))}, r"\(N, 26\)"),
        ({"occupations": np.full((1, 26), 2)}, "must be 0 .* or 1"),
        ({"potential": "lennard-jones"}, "unknown potential 'lennard-jones'"),
        ({"surface": "210"}, "unknown surface '210'"),
        ({"tether": 0.0}, "tether must be a force constant > 0"),
        ({"r_mobile": 0.5}, "r_mobile must lie between"),
    ],
)
def test_bad_input_is_refused(change: dict, message: str) -> None:
    arguments = {"occupations": np.ones((1, 26))} | change
    with pytest.raises(ValueError, match=message):
        compute(**arguments)


def test_without_numba_the_error_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['numba'] = None\n"
        "import numpy as np, rbfcore as rc\n"
        "try: rc.barriers.compute(np.ones((1, 26)))\n"
        "except ValueError as error: print(error)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "pip install 'rbfscope[barriers]'" in printed
