"""The model file in kMCpy itself: each rule, and a run of two vacancies in a crystal. Skipped without kMCpy 0.3."""

import warnings
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from rbfcore.export.kmc import TESTED_KMCPY, as_kmcpy, kmc_events
from rbfcore.lattice import environment
from rbfcore.network import RBFN
from rbfcore.parameters import Parameters
from rbfcore.rates import rate

# Not ours to keep quiet: whatever kMCpy and pymatgen warn of on import.
pytestmark = pytest.mark.filterwarnings("ignore")

ENV = environment("fcc", 2)
TEMPERATURE, PREFACTOR = 700.0, 2e12
WRITTEN = 1e-6  # relative, of a rate: barriers are written to 1e-6 meV
CELLS = 3  # unit cells along each edge; 26 sites around a jump do not meet their own images


@pytest.fixture(scope="module")
def kmcpy() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("kmcpy.simulator.kmc", reason=f"kMCpy {TESTED_KMCPY} is not installed")
        found = pytest.importorskip("kmcpy")
    if found.__version__ != TESTED_KMCPY:
        pytest.skip(f"the form is that of kMCpy {TESTED_KMCPY}, found {found.__version__}")
    return found


def network() -> Parameters:
    """Symmetric under the jump's symmetry, so that it does not matter how an environment is turned onto a jump."""
    rng = np.random.default_rng(3)
    theta = rng.normal(size=(5, 26))
    images = np.concatenate([theta[:, image] for image in ENV.symmetry])
    return Parameters.checked(0.5, np.tile(rng.uniform(0, 0.3, 5), 4), 1 / 26, images, {"unit": "eV"})


def barriers(x: np.ndarray) -> np.ndarray:
    return RBFN.from_plain(network()).predict(x).astype(float)


def written(path: Path, x: np.ndarray) -> Path:
    path.write_text(as_kmcpy(kmc_events(network(), ENV, x, TEMPERATURE, PREFACTOR), network(), ENV))
    return path


def test_each_rule_gives_our_barrier_and_rate(kmcpy: Any, tmp_path: Path) -> None:
    x = np.random.default_rng(0).choice([-1, 1], size=(40, 26))
    file = written(tmp_path / "model.json", x)
    model = kmcpy.models.BaseModel.from_config(SimpleNamespace(model_file=str(file)))
    event = kmcpy.event.Event((0, 1), tuple(range(2, 28)))
    runtime = kmcpy.simulator.config.RuntimeConfig(temperature=TEMPERATURE, attempt_frequency=PREFACTOR)

    def asked(start: int, target: int, row: np.ndarray) -> tuple[float, float]:
        state = kmcpy.simulator.state.State([start, target, *((1 - row) // 2).tolist()])
        return model.compute(state, event), model.compute_probability(event, runtime, state)

    for ends, seen in (((0, 1), x), ((1, 0), x[:, ENV.reverse[0]])):
        meV, hertz = np.array([asked(*ends, row) for row in x]).T
        np.testing.assert_allclose(meV, 1000 * barriers(seen), atol=1e-3)
        np.testing.assert_allclose(hertz, rate(meV / 1000, TEMPERATURE, PREFACTOR), rtol=WRITTEN)
    assert asked(0, 0, x[0])[1] == asked(1, 1, x[0])[1] == 0
    with pytest.raises(KeyError, match="No local barrier rule"):
        asked(0, 1, -x[0])  # not in the table


def turned(direction: np.ndarray) -> np.ndarray:
    """(26, 3) places of the environment's sites around a jump in this direction."""
    axes = np.eye(3)
    for order in ([0, 1, 2], [0, 2, 1], [1, 2, 0]):
        for signs in product((1, -1), repeat=3):
            rotation = axes[order].T * np.array(signs)[:, None]
            if np.allclose(rotation @ ENV.target, direction):
                return ENV.positions @ rotation.T
    raise AssertionError(direction)


@pytest.mark.usefixtures("kmcpy")
def test_a_run_of_two_vacancies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All rates of the crystal before and after a hundred jumps, from the network and the occupation alone."""
    from kmcpy.event import Event, EventLib
    from kmcpy.io.cif import load_labeled_structure_from_cif
    from kmcpy.simulator.config import Configuration
    from kmcpy.simulator.kmc import KMC
    from kmcpy.structure.active_site_order import ActiveSiteOrder
    from pymatgen.core import Lattice, Structure

    monkeypatch.chdir(tmp_path)  # kMCpy writes its results beside
    cell = Structure(Lattice.cubic(3.6), ["Cu"] * 4, [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    cell.to(filename="cu.cif")
    mapping = {"Cu": ["Cu", "X"]}
    order = ActiveSiteOrder.from_structure_and_mapping(
        load_labeled_structure_from_cif("cu.cif"), mapping, supercell_shape=(CELLS,) * 3
    )
    places = order.active_structure().frac_coords * CELLS
    number = {tuple(np.rint(2 * place).astype(int) % (2 * CELLS)): i for i, place in enumerate(places)}

    def site(place: np.ndarray) -> int:
        return number[tuple(np.rint(2 * place).astype(int) % (2 * CELLS))]

    library = EventLib()
    directions = [np.array(d) / 2 for d in ((1, 1, 0), (1, -1, 0), (1, 0, 1), (1, 0, -1), (0, 1, 1), (0, 1, -1))]
    for start, direction in product(places, directions):  # each pair once
        around = tuple(site(start + away) for away in turned(direction))
        assert len({*around, site(start), site(start + direction)}) == 28
        library.add_event(Event((site(start), site(start + direction)), around))
    library.set_index_metadata(order)
    library.generate_event_dependencies()
    library.to("events.json")

    all_but_one = np.vstack([np.ones((1, 26), dtype=int), 1 - 2 * np.eye(26, dtype=int)])  # two vacancies meet no more
    occupied = [0] * len(places)
    occupied[5] = occupied[40] = 1
    run = KMC.from_config(
        Configuration(
            structure_file="cu.cif",
            supercell_shape=(CELLS,) * 3,
            mobile_ion_specie="Cu",
            model_file=str(written(Path("model.json"), all_but_one)),
            event_file="events.json",
            site_mapping=mapping,
            initial_occupations=occupied,
            temperature=TEMPERATURE,
            attempt_frequency=PREFACTOR,
            equilibration_passes=0,
            kmc_passes=1,
            random_seed=1,
            name="run",
        )
    )

    def by_hand() -> np.ndarray:
        state = 1 - 2 * np.array(run.simulation_state.occupations)
        ends = np.array([state[list(event.mobile_ion_indices)] for event in library.events])
        x = np.array([state[list(event.local_env_indices)] for event in library.events])
        seen = np.where(ends[:, :1] > 0, x, x[:, ENV.reverse[0]])
        return np.where(ends[:, 0] != ends[:, 1], rate(barriers(seen), TEMPERATURE, PREFACTOR), 0.0)

    assert np.count_nonzero(run.prob_list) == 24  # two vacancies, twelve neighbours each
    np.testing.assert_allclose(run.prob_list, by_hand(), rtol=1e-5)
    run.run()
    assert run.simulation_state.step == len(places)
    assert sum(run.simulation_state.occupations) == 2
    assert run.simulation_state.occupations != occupied
    np.testing.assert_allclose(run.prob_list, by_hand(), rtol=1e-5)
