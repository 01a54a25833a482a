"""The what-if view without a browser: numbers against the library, bad requests, strange barriers."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ase.io import read as ase_read

import rbfcore as rc
from dashboard.app_pages.inspect.nearest_table import nearest_table
from dashboard.app_pages.inspect.what_if_forms import extended_xyz, script, site_shares
from dashboard.drawing.words import scientific
from dashboard.shelf.shelf import Shelf
from rbfcore.data.nearest import Neighbours
from rbfcore.explain.what_if import ask
from rbfcore.lattice import environment
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import address, button, tiny_data, tiny_network, widget

ENV = environment("fcc", 2)
CODE = 24859902
_PATH = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


def figures(page: object) -> dict[str, str]:
    return {metric.label: metric.value.replace("−", "-") for metric in page.metric}  # type: ignore[attr-defined]


def predicted(code: int) -> float:
    """The bundled network's own prediction, in double precision."""
    plain = rc.read_parameters("assets/networks/cu100.safetensors")
    x = np.where(np.array([code >> d & 1 for d in range(26)]), 1.0, -1.0)
    double = rc.RBFN.from_parameters(
        plain.alpha, *(a.astype(np.float64) for a in (plain.beta, plain.gamma, plain.centroids))
    )
    return float(double.predict(x[None])[0])


def test_figures_are_those_of_the_library(open_page: OpenPage) -> None:
    page = open_page("inspect", view="what-if", env=str(CODE), T="600", nu0="2e12")
    shown, barrier = figures(page), predicted(CODE)
    assert float(shown["Barrier E, eV"]) == pytest.approx(barrier, abs=6e-5)
    assert shown["Rate at 600 K, Hz"] == scientific(float(rc.rate(barrier, 600.0, 2e12)))
    back = sum(1 << d for d in range(26) if CODE >> int(ENV.reverse[0][d]) & 1)
    assert float(shown["Way back, eV"]) == pytest.approx(predicted(back), abs=6e-5)
    assert float(shown["E_final − E_initial, eV"]) == pytest.approx(barrier - predicted(back), abs=6e-5)
    button(page, "Way back").click().run()
    assert address(page, "env") == str(back)
    assert float(figures(page)["Barrier E, eV"]) == pytest.approx(predicted(back), abs=6e-5)


def test_typed_environments_undo_and_redo(open_page: OpenPage) -> None:
    page = open_page("inspect", view="what-if", env=str(CODE))
    widget(page, "text_input", "Environment").set_value("0" * 26).run()
    assert address(page, "env") == "0"
    button(page, "Undo").click().run()
    assert address(page, "env") == str(CODE)
    assert button(page, "Undo").disabled
    button(page, "Redo").click().run()
    assert address(page, "env") == "0"
    assert button(page, "Redo").disabled
    widget(page, "text_input", "Environment").set_value("not one").run()
    assert ["26 zeros and ones" in error.value for error in page.error] == [True]
    assert address(page, "env") == "0"
    assert len(page.get("bidi_component")) == 1


def test_an_address_without_sense_is_said_and_the_page_goes_on(open_page: OpenPage) -> None:
    page = open_page("inspect", view="what-if", env="99999999999")
    assert any("from 0 to 67108863" in warning.value for warning in page.warning)
    assert len(page.get("bidi_component")) == 1
    assert not page.error


def test_starts_from_a_prototype_and_from_the_data(open_page: OpenPage) -> None:
    page = open_page("inspect", view="what-if", prototype="2")
    assert any("A training environment" in caption.value for caption in page.caption)
    page.button(key="start_pattern").click().run()
    theta = rc.read_parameters("assets/networks/cu100-16.safetensors").centroids[1]
    assert address(page, "env") == str(sum(1 << d for d in range(26) if theta[d] > 0))
    page.button(key="start_row").click().run()
    data = rc.load_dataset("cu100")
    first = data.split(61806, 7724, 0)[0].x[0]
    assert address(page, "env") == str(sum(1 << d for d in range(26) if first[d] > 0))


def test_strange_environments_are_warned_about(open_page: OpenPage) -> None:
    page = open_page("inspect", view="what-if", env="0")
    assert any(warning.value.startswith("Far from the data") for warning in page.warning)


def test_a_network_of_ones_own_without_data_says_so(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("mine", tiny_network(5))
    page = open_page("inspect", network="mine", view="what-if")
    assert len(page.get("bidi_component")) == 1
    assert any("its data set is not at hand" in caption.value for caption in page.caption)


def test_real_inputs_are_told_what_is_there_instead(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("table", tiny_network(4, 12))
    page = open_page("inspect", network="table", view="what-if")
    assert "−1 or +1" in page.info[0].value
    assert not page.exception


def test_occupations_without_a_lattice_work(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("bits", tiny_network(4, 12, distribution="bernoulli:0.3"))
    page = open_page("inspect", network="bits", view="what-if", env="7")
    assert len(page.get("bidi_component")) == 1
    assert "Way back, eV" not in figures(page)
    assert not page.error


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.07e11, "3.07 × 10¹¹"), (0.00012, "1.20 × 10⁻⁴"), (0.0, "0"), (float("inf"), "∞"), (1.0, "1.00 × 10⁰")],
)
def test_rates_are_said_with_powers_of_ten(value: float, text: str) -> None:
    assert scientific(value) == text


def test_nearest_table_is_sorted_and_says_what_differs() -> None:
    neighbours, small = Neighbours(tiny_data(400)), tiny_network(3)
    table = nearest_table(neighbours, small, 1)
    assert list(table["sites that differ"]) == sorted(table["sites that differ"])
    pattern = small.centroids[1] > 0
    for _, row in table.iterrows():
        code = int(row["environment"])
        seen = np.array([bool(code >> d & 1) for d in range(26)])
        differing = {str(d + 1) for d in np.flatnonzero(seen != pattern)}
        assert set(row["which, firmest first"].split(", ")) == differing
        x = np.where(seen, 1.0, -1.0)
        adds = small.beta[1] * np.exp(-small.gamma * ((x - small.centroids[1]) ** 2).sum())
        assert row["prototype adds, eV"] == pytest.approx(adds)


def test_what_is_taken_away_holds_the_same_numbers(tmp_path: Path) -> None:
    """The csv adds up, ASE reads the lattice, and the script prints the prediction when it is run by itself."""
    large, p = tiny_network(30), rc.Bernoulli(0.4)
    filled = np.random.default_rng(0).random(26) < 0.5
    answer = ask(large, large, p, filled, ENV)
    table = site_shares(ENV.names, filled, answer)
    assert table["shapley"].sum() == pytest.approx(answer.case.value - answer.case.mean)
    (tmp_path / "environment.xyz").write_text(extended_xyz(ENV, filled, answer), encoding="utf-8")
    atoms = ase_read(tmp_path / "environment.xyz")
    np.testing.assert_allclose(atoms.positions[1:], ENV.positions, atol=1e-6)
    np.testing.assert_array_equal(atoms.arrays["filled"][1:], filled)
    np.testing.assert_allclose(atoms.arrays["shapley"][1:], answer.case.shapley, atol=1e-7)
    assert atoms.info["barrier"] == pytest.approx(answer.case.value, abs=1e-7)
    rc.save_network(rc.RBFN.from_plain(large), tmp_path / "mine.safetensors")
    stored = rc.read_parameters(tmp_path / "mine.safetensors")
    lines = script("mine", stored, sum(1 << int(d) for d in np.flatnonzero(filled)), p.describe())
    run = subprocess.run(
        [sys.executable, "-c", lines], cwd=tmp_path, env=_PATH, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    first, *sites = run.stdout.splitlines()
    assert float(first.split()[1]) == pytest.approx(answer.case.value, abs=1e-9)
    np.testing.assert_allclose([float(line.split()[2]) for line in sites], answer.case.shapley, atol=1e-9)
