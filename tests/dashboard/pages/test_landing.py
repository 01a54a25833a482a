"""The landing page: what it shows, what it does without, and bad networks."""

import subprocess
import sys

import pytest

from dashboard.shelf.shelf import Shelf
from rbfcore.lattice import lattice_environment
from rbfcore.lattice.of_network import environment_of
from rbfcore.storage.networks import read_parameters
from tests.dashboard.conftest import OpenPage
from tests.dashboard.tiny import tiny_network

_WITHOUT_HEAVY = """
import sys
from streamlit.testing.v1 import AppTest

for name in [name for name in sys.modules if name.partition(".")[0] == "plotly"]:
    del sys.modules[name]  # the test tool of Streamlit loads it; the page must not

page = AppTest.from_file({app!r}, default_timeout=30).run()
assert not page.exception, page.exception
assert page.title[0].value == "Prototypes"
assert len(page.get("bidi_component")) == 2, "the hints and the gallery"
print(",".join(name for name in ("torch", "plotly", "py3Dmol", "matplotlib") if name in sys.modules))
"""


def test_needs_neither_torch_nor_plotly() -> None:
    script = _WITHOUT_HEAVY.format(app="dashboard/page_script.py")
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == ""


def test_shows_the_prototypes_of_100_with_their_exact_gap(open_page: OpenPage) -> None:
    page = open_page("prototypes")
    card = read_parameters("assets/networks/cu100-16.safetensors").metadata
    values = {metric.label: metric.value for metric in page.metric}
    assert values["Exact RMS gap, eV"] == f"{card['rms_gap']:.4f}"
    assert (values["Prototypes M"], values["Centroids K"]) == ("16", "4096")
    assert any("Mishin" in caption.value and "bernoulli:0.5" in caption.value for caption in page.caption)
    assert len(page.get("bidi_component")) == 1


def test_results_on_the_shelf_join_the_surfaces(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("mine", tiny_network(5, rms_gap=0.125))
    page = open_page("prototypes", network="mine")
    values = {metric.label: metric.value for metric in page.metric}
    assert (values["Exact RMS gap, eV"], values["Prototypes M"], values["Centroids K"]) == ("0.1250", "5", "–")


@pytest.mark.usefixtures("no_bundled_networks")
def test_nothing_loaded_says_where_to_get_a_network(open_page: OpenPage) -> None:
    page = open_page("prototypes")
    assert "No network" in page.markdown[0].value
    assert not page.get("bidi_component")


@pytest.mark.parametrize(("lattice", "said"), [("fcc58", "58 sites"), ("hcp12", "'hcp12'")])
def test_a_wrong_lattice_is_one_line(open_page: OpenPage, shelf: Shelf, lattice: str, said: str) -> None:
    shelf.add_network("odd", tiny_network(4, 12, lattice=lattice))
    page = open_page("prototypes", network="odd")
    assert [said in error.value for error in page.error] == [True]


def test_inputs_without_a_lattice_are_drawn_as_bars(open_page: OpenPage, shelf: Shelf) -> None:
    shelf.add_network("table", tiny_network(4, 12))
    page = open_page("prototypes", network="table")
    assert not page.error
    assert len(page.get("bidi_component")) == 1


def test_a_name_that_is_gone_falls_back_to_the_first(open_page: OpenPage) -> None:
    page = open_page("prototypes", network="deleted-long-ago")
    assert {metric.label: metric.value for metric in page.metric}["Prototypes M"] == "16"


def test_twenty_six_inputs_are_a_table_until_somebody_names_their_lattice(open_page: OpenPage, shelf: Shelf) -> None:
    """Three known jumps have 26 sites, so the number says nothing."""
    shelf.add_network("unnamed", tiny_network(4, lattice=None))
    page = open_page("prototypes", network="unnamed")
    assert not page.error
    assert any("a pattern with which the network compares its inputs" in text.value for text in page.markdown)
    page = open_page("library")
    offered = page.selectbox(key="lattice_unnamed")
    assert offered.options == ["none: a table", "fcc26", "hcp-basal26", "hcp-pyramidal26"]
    offered.set_value("hcp-basal26").run()
    assert not page.exception
    assert environment_of(shelf.networks()["unnamed"]) is lattice_environment("hcp-basal26")


@pytest.mark.parametrize("lattice", ["hcp-basal26", "hcp-pyramidal28", "bcc20"])
def test_other_lattices_are_drawn_and_inspected(open_page: OpenPage, shelf: Shelf, lattice: str) -> None:
    shelf.add_network("other", tiny_network(4, lattice_environment(lattice).n_sites, lattice=lattice))
    for name in ("prototypes", "inspect"):
        page = open_page(name, network="other")
        assert not page.error
        assert not page.exception
        assert len(page.get("bidi_component")) == 1
